import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.utils.Exit;

/**
 * Runs a broker and, on it, the cases of a plan: the users, topics and clients that
 * the test wants. Arguments are a directory for state, the plan, and where the
 * results go. It ends with its standard input, whatever it is at.
 */
public final class Lab {
    static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] args) throws Exception {
        endWithInput();
        Said.listen();
        // A worker of Connect that gives up would end everything.
        Exit.setExitProcedure((status, message) -> {
            throw new IllegalStateException("it gave up");
        });
        JsonNode plan = JSON.readTree(new File(args[1]));
        Broker broker = Broker.start(Path.of(args[0]));
        ArrayNode results = JSON.createArrayNode();
        broker.makeTopics(plan.path("make"));
        // Nearly all they do is wait.
        ExecutorService pool = Executors.newFixedThreadPool(12);
        List<Future<ObjectNode>> cases = new ArrayList<>();
        for (JsonNode one : plan.path("cases")) {
            cases.add(pool.submit(() -> result(one, () -> run(broker, one))));
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(plan.path("seconds").asLong(400));
        for (int i = 0; i < cases.size(); i++) {
            try {
                results.add(cases.get(i).get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS));
            } catch (TimeoutException e) {
                results.add(JSON.createObjectNode().put("id", plan.path("cases").get(i).path("id").asText()).put("ok", false).put("error", "it never ended"));
            }
        }
        pool.shutdownNow();
        JSON.writeValue(new File(args[2]), results);
        // Clients that were refused, and the broker, take their time to end.
        Runtime.getRuntime().halt(0);
    }

    private static JsonNode run(Broker broker, JsonNode one) throws Exception {
        String what = one.path("do").asText();
        switch (what) {
            case "topic":
                return Operator.topic(broker, one.path("manifest"));
            case "quotas":
                Operator.user(broker, one.path("manifest"));
                return Operator.quotas(broker, one.path("manifest"));
            case "address":
                return Lab.JSON.getNodeFactory().textNode(InetAddress.getByName(one.path("with").path("host").asText()).getHostAddress());
            default:
                Operator.user(broker, one.path("manifest"));
                return Clients.run(broker, what, one.path("with"), one.path("manifest").path("metadata").path("name").asText());
        }
    }

    /** Says how a case went: what it returned, or how it failed. */
    private static ObjectNode result(JsonNode one, Callable<JsonNode> run) {
        ObjectNode out = JSON.createObjectNode().put("id", one.path("id").asText());
        long began = System.nanoTime();
        try {
            JsonNode got = run.call();
            out.put("ok", true).set("got", got);
        } catch (Throwable e) {
            StringBuilder causes = new StringBuilder();
            for (Throwable cause = e; cause != null && causes.length() < 2000; cause = cause.getCause()) {
                causes.append(cause.getClass().getSimpleName()).append(": ").append(cause.getMessage()).append("; ");
            }
            out.put("ok", false).put("error", causes.toString());
        }
        return out.put("millis", (System.nanoTime() - began) / 1_000_000);
    }

    private static void endWithInput() {
        Thread watch = new Thread(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Nobody writes.
                }
            } catch (java.io.IOException e) {
                // It is gone, too.
            }
            Runtime.getRuntime().halt(1);
        });
        watch.setDaemon(true);
        watch.start();
    }

    private Lab() { }
}
