import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.utils.Time;

/** One node that is broker and controller, with the authorizer that Strimzi sets. */
final class Broker {
    private static final String PASSWORD = "not-a-secret";

    final String address;
    final Admin admin;

    private Broker(String address) {
        this.address = address;
        this.admin = Admin.create(client("admin"));
    }

    static Broker start(Path dir) throws Exception {
        int[] ports = freePorts();
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", "1");
        p.put("controller.quorum.bootstrap.servers", "127.0.0.1:" + ports[0]);
        p.put("listeners", "CONTROLLER://127.0.0.1:" + ports[0] + ",CLIENTS://127.0.0.1:" + ports[1]);
        p.put("advertised.listeners", "CLIENTS://127.0.0.1:" + ports[1]);
        p.put("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,CLIENTS:SASL_PLAINTEXT");
        p.put("controller.listener.names", "CONTROLLER");
        p.put("inter.broker.listener.name", "CLIENTS");
        p.put("sasl.enabled.mechanisms", "SCRAM-SHA-512");
        p.put("sasl.mechanism.inter.broker.protocol", "SCRAM-SHA-512");
        p.put("listener.name.clients.scram-sha-512.sasl.jaas.config", login("admin"));
        p.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        // Who speaks to the controller's own port is the broker.
        p.put("super.users", "User:admin;User:ANONYMOUS");
        p.put("log.dirs", dir.resolve("log").toString());
        p.put("auto.create.topics.enable", "false");
        p.put("group.initial.rebalance.delay.ms", "0");
        for (String internal : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            p.put(internal + ".replication.factor", "1");
            p.put(internal + ".num.partitions", "1");
        }
        p.put("transaction.state.log.min.isr", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        p.put("transaction.partition.verification.enable", "true");
        Path file = dir.resolve("server.properties");
        Files.createDirectories(dir);
        try (var out = Files.newOutputStream(file)) {
            p.store(out, null);
        }
        kafka.tools.StorageTool.execute(new String[] {"format", "-c", file.toString(), "-t", org.apache.kafka.common.Uuid.randomUuid().toString(),
            "--standalone", "--add-scram", "SCRAM-SHA-512=[name=admin,password=" + PASSWORD + "]"}, System.err);
        var server = new kafka.server.KafkaRaftServer(kafka.server.KafkaConfig.fromProps(p), Time.SYSTEM);
        server.startup();
        return new Broker("127.0.0.1:" + ports[1]);
    }

    /** What a client of a user's needs to know. */
    Map<String, Object> client(String user) {
        Map<String, Object> p = new HashMap<>();
        p.put("bootstrap.servers", address);
        p.put("security.protocol", "SASL_PLAINTEXT");
        p.put("sasl.mechanism", "SCRAM-SHA-512");
        p.put("sasl.jaas.config", login(user));
        p.put("request.timeout.ms", "30000");
        return p;
    }

    static byte[] password() {
        return PASSWORD.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String login(String user) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\"" + PASSWORD + "\";";
    }

    /** Makes topics that are there before a case begins: names, and their configuration. */
    void makeTopics(JsonNode topics) throws Exception {
        List<NewTopic> all = new ArrayList<>();
        for (var it = topics.fields(); it.hasNext();) {
            var one = it.next();
            Map<String, String> config = new HashMap<>();
            one.getValue().fields().forEachRemaining(f -> config.put(f.getKey(), f.getValue().asText()));
            all.add(new NewTopic(one.getKey(), 1, (short) 1).configs(config));
        }
        admin.createTopics(all).all().get(Clients.PATIENCE, TimeUnit.MILLISECONDS);
    }

    private static int[] freePorts() throws Exception {
        try (var a = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()); var b = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new int[] {a.getLocalPort(), b.getLocalPort()};
        }
    }
}
