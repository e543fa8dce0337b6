import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.connect.cli.ConnectDistributed;

/** A worker of Kafka Connect with one connector, which writes the lines of a file. */
final class Worker {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    static void run(Broker broker, JsonNode with, String user) throws Exception {
        String group = with.path("group").asText();
        Map<String, String> p = new HashMap<>();
        broker.client(user).forEach((key, value) -> {
            p.put(key, value.toString());
            if (!key.equals("bootstrap.servers")) {
                for (String client : new String[] {"producer.", "consumer.", "admin."}) {
                    p.put(client + key, value.toString());
                }
            }
        });
        p.put("group.id", group);
        for (String topic : new String[] {"config", "offset", "status"}) {
            p.put(topic + ".storage.topic", with.path(topic).asText());
            p.put(topic + ".storage.replication.factor", "1");
        }
        p.put("offset.storage.partitions", "1");
        p.put("status.storage.partitions", "1");
        p.put("offset.flush.interval.ms", "500");
        p.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        p.put("value.converter", "org.apache.kafka.connect.storage.StringConverter");
        p.put("exactly.once.source.support", with.path("exactlyOnce").asBoolean() ? "enabled" : "disabled");
        p.put("plugin.discovery", "service_load");
        String url = "http://127.0.0.1:" + freePort();
        p.put("listeners", url);
        p.put("rest.advertised.host.name", "127.0.0.1");
        Path file = Files.writeString(Files.createTempFile(group, ".txt"), "a line\n");
        if (with.has("filled")) {
            // A worker that comes back reads what it knew.
            Clients.produce(broker, Lab.JSON.createObjectNode().put("topic", with.path("filled").asText()), "admin");
        }
        Said said = with.has("why") ? Said.wanted(with.path("name").asText(), with.path("why").asText()) : null;
        BooleanSupplier refused = () -> said != null && said.believed();
        var connect = new ConnectDistributed().startConnect(p);
        try {
            until("a worker", refused, () -> connect.herderTask().isDone() || get(url + "/connectors").startsWith("200"));
            if (connect.herderTask().isDone()) {
                connect.herderTask().get();
                throw new IllegalStateException("the worker has ended");
            }
            String connector = Lab.JSON.createObjectNode().put("connector.class", "org.apache.kafka.connect.file.FileStreamSourceConnector")
                .put("tasks.max", "1").put("file", file.toString()).put("topic", with.path("topic").asText()).toString();
            until("a connector", refused, () -> send(HttpRequest.newBuilder(URI.create(url + "/connectors/lines/config"))
                .header("Content-Type", "application/json").PUT(HttpRequest.BodyPublishers.ofString(connector))).startsWith("20"));
            until("a running task", refused,
                () -> get(url + "/connectors/lines/status").contains("\"tasks\":[{\"id\":0,\"state\":\"RUNNING\""));
            Clients.seen(broker, with.path("topic").asText(), refused);
            Clients.seen(broker, with.path("offset").asText(), refused);
        } finally {
            // A worker that may not leave its group takes its time.
            Thread stop = new Thread(connect::stop);
            stop.setDaemon(true);
            stop.start();
        }
    }

    private static void until(String what, BooleanSupplier refused, BooleanSupplier done) throws InterruptedException {
        Clients.until(what, Clients.PATIENCE, refused, done);
    }

    private static String get(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).GET());
    }

    /** Returns the code and the body of an answer, or why there is none yet. */
    private static String send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = HTTP.send(request.timeout(Duration.ofSeconds(5)).build(), HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static int freePort() throws Exception {
        try (var a = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return a.getLocalPort();
        }
    }

    private Worker() { }
}
