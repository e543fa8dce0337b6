import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Prints what one version of Kafka says about its settings, a line each:
 * scope, key, type, default, check, update mode and flags, with tabs between.
 * Settings of topics have the brokers' setting that they come from instead of
 * the mode.
 *
 * <p>The definitions are read by reflection, as some are not public. What a
 * validator doesn't tell by its class is printed as class:NAME, and confgen
 * says what becomes of it.
 */
public class Dump {
    public static void main(String[] args) throws Exception {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        Map<String, String> modes = updateModes();
        print(out, "broker", (ConfigDef) call("kafka.server.KafkaConfig", "configDef"), modes);
        print(out, "topic", (ConfigDef) field("org.apache.kafka.storage.internals.log.LogConfig", "CONFIG"), brokerKeys());
        Class<?> crypto = Class.forName("org.apache.kafka.connect.runtime.distributed.Crypto");
        Method worker = Class.forName("org.apache.kafka.connect.runtime.distributed.DistributedConfig")
            .getDeclaredMethod("config", crypto);
        worker.setAccessible(true);
        print(out, "connect", (ConfigDef) worker.invoke(null, field(crypto.getName(), "SYSTEM")), Map.of());
        print(out, "source", (ConfigDef) call("org.apache.kafka.connect.runtime.SourceConnectorConfig", "configDef"), Map.of());
        print(out, "sink", (ConfigDef) call("org.apache.kafka.connect.runtime.SinkConnectorConfig", "configDef"), Map.of());
        for (String name : List.of("Source", "Checkpoint", "Heartbeat")) {
            print(out, "mirror-" + name.toLowerCase(), (ConfigDef) field(
                "org.apache.kafka.connect.mirror.Mirror" + name + "Config", "CONNECTOR_CONFIG_DEF"), Map.of());
        }
        print(out, "producer", (ConfigDef) call("org.apache.kafka.clients.producer.ProducerConfig", "configDef"), Map.of());
        print(out, "consumer", (ConfigDef) call("org.apache.kafka.clients.consumer.ConsumerConfig", "configDef"), Map.of());
        print(out, "admin", (ConfigDef) call("org.apache.kafka.clients.admin.AdminClientConfig", "configDef"), Map.of());
        out.flush();
    }

    /** Which settings change without a restart. Since Kafka 4.3 the class is a Java one, before it was Scala's. */
    @SuppressWarnings("unchecked")
    static Map<String, String> updateModes() throws Exception {
        try {
            return (Map<String, String>) call("org.apache.kafka.server.config.DynamicBrokerConfig", "dynamicConfigUpdateModes");
        } catch (ClassNotFoundException before) {
            Object scala = field("kafka.server.DynamicBrokerConfig$", "MODULE$");
            return (Map<String, String>) scala.getClass().getDeclaredMethod("dynamicConfigUpdateModes").invoke(scala);
        }
    }

    /** The settings of brokers that hold for topics which don't say anything themselves. */
    @SuppressWarnings("unchecked")
    static Map<String, String> brokerKeys() throws Exception {
        Map<String, String> keys = new TreeMap<>();
        Map<String, List<?>> all = (Map<String, List<?>>) field(
            "org.apache.kafka.server.config.ServerTopicConfigSynonyms", "ALL_TOPIC_CONFIG_SYNONYMS");
        for (Map.Entry<String, List<?>> e : all.entrySet()) {
            Object first = e.getValue().get(0);
            keys.put(e.getKey(), "broker=" + get(first.getClass(), "name", first));
        }
        return keys;
    }

    static Object call(String type, String method) throws Exception {
        Method m = Class.forName(type).getDeclaredMethod(method);
        m.setAccessible(true);
        return m.invoke(null);
    }

    static Object field(String type, String name) throws Exception {
        return get(Class.forName(type), name, null);
    }

    static Object get(Class<?> type, String name, Object of) throws Exception {
        Field f = type.getDeclaredField(name);
        f.setAccessible(true);
        return f.get(of);
    }

    static void print(PrintStream out, String scope, ConfigDef def, Map<String, String> modes) throws Exception {
        for (ConfigDef.ConfigKey k : new TreeMap<>(def.configKeys()).values()) {
            String mode = modes.getOrDefault(k.name, scope.equals("broker") ? "read-only" : "");
            out.println(String.join("\t", scope, k.name, k.type.name().toLowerCase(), value(k), check(k.name, k.validator), mode,
                k.internalConfig ? "internal" : ""));
        }
    }

    /** A default: =VALUE, null, or required where there is none. */
    static String value(ConfigDef.ConfigKey k) {
        if (!k.hasDefault()) {
            return "required";
        }
        if (k.defaultValue == null) {
            return "null";
        }
        return "=" + escape(ConfigDef.convertToString(k.defaultValue, k.type));
    }

    static String escape(String s) {
        return s.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
    }

    static String check(String key, ConfigDef.Validator v) throws Exception {
        if (v == null) {
            return "";
        }
        if (v instanceof ConfigDef.Range) {
            return "range " + bound(get(ConfigDef.Range.class, "min", v)) + " " + bound(get(ConfigDef.Range.class, "max", v));
        }
        if (v instanceof ConfigDef.ValidString) {
            return "in " + words((Collection<?>) get(ConfigDef.ValidString.class, "validStrings", v));
        }
        if (v instanceof ConfigDef.CaseInsensitiveValidString) {
            return "fold " + words(new TreeSet<>((Collection<?>) get(ConfigDef.CaseInsensitiveValidString.class, "validStrings", v)));
        }
        if (v instanceof ConfigDef.ValidList) {
            return list(v);
        }
        if (v instanceof ConfigDef.CompositeValidator) {
            List<String> all = new ArrayList<>();
            for (Object one : (Collection<?>) get(ConfigDef.CompositeValidator.class, "validators", v)) {
                all.add(check(key, (ConfigDef.Validator) one));
            }
            return String.join(" & ", all);
        }
        if (v instanceof ConfigDef.ListSize) {
            return "size " + get(ConfigDef.ListSize.class, "maxSize", v);
        }
        if (v instanceof ConfigDef.NonNullValidator) {
            return "nonnull";
        }
        if (v instanceof ConfigDef.NonEmptyString) {
            return "nonempty";
        }
        if (v instanceof ConfigDef.NonEmptyStringWithoutControlChars) {
            return "nocontrol";
        }
        return "class:" + v.getClass().getName().replaceAll("/0x.*|\\$\\$Lambda.*", "") + " " + escape(String.valueOf(v).replaceAll("@[0-9a-f]+$", ""));
    }

    /** Kafka before 4.2 takes duplicates and empty lists of any kind. */
    static String list(ConfigDef.Validator v) throws Exception {
        ConfigDef.ValidString items = (ConfigDef.ValidString) get(ConfigDef.ValidList.class, "validString", v);
        String of = words((Collection<?>) get(ConfigDef.ValidString.class, "validStrings", items));
        try {
            boolean empty = (boolean) get(ConfigDef.ValidList.class, "isEmptyAllowed", v);
            boolean none = (boolean) get(ConfigDef.ValidList.class, "isNullAllowed", v);
            return "list " + (empty ? "empty" : "some") + " " + (none ? "null" : "nonnull") + " " + of;
        } catch (NoSuchFieldException old) {
            return "oldlist " + of;
        }
    }

    static String words(Collection<?> words) {
        StringBuilder b = new StringBuilder();
        for (Object w : words) {
            b.append(b.length() == 0 ? "" : "|").append(escape(String.valueOf(w)));
        }
        return b.toString();
    }

    static String bound(Object n) {
        return n == null ? "_" : n.toString();
    }
}
