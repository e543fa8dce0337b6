import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import kafka.server.KafkaConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.storage.internals.log.LogConfig;

/**
 * Answers a question a line: "ok" where Kafka takes something, and "no" with
 * the reason where it doesn't. Texts are in Base64.
 *
 * <pre>
 * keys SCOPE                   the names of its settings
 * value SCOPE KEY VALUE        a setting alone
 * topic SETTINGS BROKERS       a topic, by the settings of the brokers
 * broker SETTINGS              a broker that starts
 * </pre>
 */
public class Judge {
    static final Map<String, ConfigDef> DEFS = new HashMap<>();
    /** Connect checks connectors before it makes their configurations, by other code than Kafka's own. */
    static final Set<String> CONNECTORS = Set.of("source", "sink", "mirror-source", "mirror-checkpoint", "mirror-heartbeat");

    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        System.setOut(System.err); // Kafka is not to answer itself.
        define();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String answer;
            try {
                answer = answer(line.split(" ", -1));
            } catch (Throwable t) {
                Throwable cause = t instanceof InvocationTargetException ? t.getCause() : t;
                answer = "no " + encode(cause.toString());
            }
            out.println(answer);
            if (!in.ready()) {
                out.flush();
            }
        }
        out.flush();
    }

    static String answer(String[] q) throws Exception {
        switch (q[0]) {
            case "keys":
                return "ok " + encode(String.join("\n", new TreeMap<>(DEFS.get(q[1]).configKeys()).keySet()));
            case "value":
                value(q[1], decode(q[2]), decode(q[3]));
                return "ok";
            case "topic":
                topic(settings(q[1]), settings(q[2]));
                return "ok";
            case "broker":
                broker(settings(q[1]));
                return "ok";
            default:
                throw new IllegalArgumentException("no question: " + q[0]);
        }
    }

    static void define() throws Exception {
        DEFS.put("broker", KafkaConfig.configDef());
        DEFS.put("topic", (ConfigDef) field("org.apache.kafka.storage.internals.log.LogConfig", "CONFIG"));
        Class<?> crypto = Class.forName("org.apache.kafka.connect.runtime.distributed.Crypto");
        Method worker = Class.forName("org.apache.kafka.connect.runtime.distributed.DistributedConfig").getDeclaredMethod("config", crypto);
        worker.setAccessible(true);
        DEFS.put("connect", (ConfigDef) worker.invoke(null, field(crypto.getName(), "SYSTEM")));
        DEFS.put("source", org.apache.kafka.connect.runtime.SourceConnectorConfig.configDef());
        DEFS.put("sink", org.apache.kafka.connect.runtime.SinkConnectorConfig.configDef());
        for (String name : List.of("Source", "Checkpoint", "Heartbeat")) {
            DEFS.put("mirror-" + name.toLowerCase(), (ConfigDef) field("org.apache.kafka.connect.mirror.Mirror" + name + "Config", "CONNECTOR_CONFIG_DEF"));
        }
        DEFS.put("producer", org.apache.kafka.clients.producer.ProducerConfig.configDef());
        DEFS.put("consumer", org.apache.kafka.clients.consumer.ConsumerConfig.configDef());
        DEFS.put("admin", org.apache.kafka.clients.admin.AdminClientConfig.configDef());
    }

    static Object field(String type, String name) throws Exception {
        Field f = Class.forName(type).getDeclaredField(name);
        f.setAccessible(true);
        return f.get(null);
    }

    static void value(String scope, String key, String value) throws Exception {
        ConfigDef.ConfigKey k = DEFS.get(scope).configKeys().get(key);
        if (k == null) {
            throw new IllegalArgumentException("no setting");
        }
        if (CONNECTORS.contains(scope)) {
            Object parsed = ConfigDef.parseType(key, value, k.type);
            if (k.validator != null) {
                k.validator.ensureValid(key, parsed);
            }
            return;
        }
        Method parse = ConfigDef.class.getDeclaredMethod("parseValue", ConfigDef.ConfigKey.class, Object.class, boolean.class);
        parse.setAccessible(true);
        parse.invoke(DEFS.get(scope), k, value, true);
    }

    /** As the controller does it: ControllerConfigurationValidator. */
    static void topic(Map<String, String> topic, Map<String, String> brokers) throws Exception {
        KafkaConfig config = start(brokers);
        for (Method m : LogConfig.class.getDeclaredMethods()) {
            if (m.getName().equals("validate") && m.getParameterCount() == 4) {
                Object settings = topic;
                if (m.getParameterTypes()[1] == Properties.class) { // before Kafka 4.3
                    Properties p = new Properties();
                    p.putAll(topic);
                    settings = p;
                }
                m.invoke(null, Map.of(), settings, config.extractLogConfigMap(), config.remoteLogManagerConfig().isRemoteStorageSystemEnabled());
                return;
            }
        }
        throw new NoSuchMethodException("LogConfig.validate");
    }

    /** As BrokerServer and LogManager do it. */
    static void broker(Map<String, String> brokers) {
        KafkaConfig config = start(brokers);
        LogConfig.validateBrokerLogConfigValues(config.extractLogConfigMap(), config.remoteLogManagerConfig().isRemoteStorageSystemEnabled());
        new LogConfig(config.extractLogConfigMap());
    }

    static KafkaConfig start(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("process.roles", "broker");
        all.put("node.id", "1");
        all.put("controller.quorum.voters", "2@controller:9090");
        all.put("controller.listener.names", "CONTROLLER");
        all.put("listeners", "PLAINTEXT://:9092");
        return new KafkaConfig(all, false);
    }

    /** Names and values, with NUL between all of them. */
    static Map<String, String> settings(String text) {
        Map<String, String> out = new HashMap<>();
        String all = decode(text);
        if (all.isEmpty()) {
            return out;
        }
        String[] parts = all.split("\0", -1);
        for (int i = 0; i + 1 < parts.length; i += 2) {
            out.put(parts[i], parts[i + 1]);
        }
        return out;
    }

    static String decode(String text) {
        return new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
    }

    static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
