import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourcePatternFilter;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Does to the broker what Strimzi's operators do with a KafkaUser or KafkaTopic, whose
 * defaults are those of Strimzi's AclRule: allow, every host, literal.
 * Source: Strimzi, SimpleAclRule, SimpleAclRuleResource, QuotaUtils, TopicOperatorUtil.
 */
final class Operator {
    private static final int ITERATIONS = 4096;

    /** Makes a user with a password, and their rules and quotas. */
    static void user(Broker broker, JsonNode manifest) throws Exception {
        String name = manifest.path("metadata").path("name").asText();
        broker.admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(name,
            new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), Broker.password()))).all().get(Clients.PATIENCE, TimeUnit.MILLISECONDS);
        List<AclBinding> rules = new ArrayList<>();
        for (JsonNode rule : manifest.path("spec").path("authorization").path("acls")) {
            for (JsonNode operation : rule.path("operations")) {
                rules.add(new AclBinding(pattern(rule.path("resource")), new AccessControlEntry("User:" + name, rule.path("host").asText("*"),
                    AclOperation.fromString(snake(operation.asText())), AclPermissionType.fromString(rule.path("type").asText("allow")))));
            }
        }
        broker.admin.createAcls(rules).all().get(Clients.PATIENCE, TimeUnit.MILLISECONDS);
        // The controller has it all; the broker comes after.
        var own = new AclBindingFilter(ResourcePatternFilter.ANY, new AccessControlEntryFilter("User:" + name, null, AclOperation.ANY, AclPermissionType.ANY));
        Clients.until("the user " + name, Clients.PATIENCE, () -> {
            try {
                return broker.admin.describeAcls(own).values().get(Clients.PATIENCE, TimeUnit.MILLISECONDS).size() == rules.size();
            } catch (Exception e) {
                return false;
            }
        });
        Clients.until("a login of " + name, Clients.PATIENCE, () -> {
            try (Admin login = Admin.create(broker.client(name))) {
                return login.describeCluster().nodes().get(Clients.PATIENCE, TimeUnit.MILLISECONDS) != null;
            } catch (Exception e) {
                return false;
            }
        });
        JsonNode quotas = manifest.path("spec").path("quotas");
        if (!quotas.isMissingNode()) {
            List<ClientQuotaAlteration.Op> ops = new ArrayList<>();
            for (String field : List.of("producerByteRate", "consumerByteRate", "requestPercentage", "controllerMutationRate")) {
                JsonNode value = quotas.path(field);
                ops.add(new ClientQuotaAlteration.Op(snake(field).toLowerCase(Locale.ROOT), value.isMissingNode() ? null : value.asDouble()));
            }
            broker.admin.alterClientQuotas(List.of(new ClientQuotaAlteration(entity(name), ops))).all().get(Clients.PATIENCE, TimeUnit.MILLISECONDS);
        }
    }

    /** Returns the quotas that the broker has for a user, once it has heard of them. */
    static JsonNode quotas(Broker broker, JsonNode manifest) throws Exception {
        String name = manifest.path("metadata").path("name").asText();
        var filter = ClientQuotaFilter.contains(List.of(ClientQuotaFilterComponent.ofEntity(ClientQuotaEntity.USER, name)));
        ObjectNode out = Lab.JSON.createObjectNode();
        Clients.until("the quotas of " + name, Clients.PATIENCE, () -> {
            try {
                var all = broker.admin.describeClientQuotas(filter).entities().get(Clients.PATIENCE, TimeUnit.MILLISECONDS);
                all.getOrDefault(entity(name), Map.of()).forEach(out::put);
                return !out.isEmpty();
            } catch (Exception e) {
                return false;
            }
        });
        return out;
    }

    /** Makes a topic, and returns what is set on it, with its partitions. */
    static JsonNode topic(Broker broker, JsonNode manifest) throws Exception {
        JsonNode spec = manifest.path("spec");
        String name = spec.path("topicName").asText(manifest.path("metadata").path("name").asText());
        Map<String, String> config = new HashMap<>();
        spec.path("config").fields().forEachRemaining(entry -> config.put(entry.getKey(), text(entry.getValue())));
        broker.admin.createTopics(List.of(new NewTopic(name, spec.path("partitions").asInt(), (short) spec.path("replicas").asInt()).configs(config)))
            .all().get(Clients.PATIENCE, TimeUnit.MILLISECONDS);
        Clients.until("the topic " + name, Clients.PATIENCE, () -> {
            try {
                return broker.admin.describeTopics(List.of(name)).allTopicNames().get(Clients.PATIENCE, TimeUnit.MILLISECONDS) != null;
            } catch (Exception e) {
                return false;
            }
        });
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        Map<String, String> got = new TreeMap<>();
        for (ConfigEntry entry : broker.admin.describeConfigs(List.of(resource)).all().get(Clients.PATIENCE, TimeUnit.MILLISECONDS).get(resource).entries()) {
            if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
                got.put(entry.name(), entry.value());
            }
        }
        var described = broker.admin.describeTopics(List.of(name)).allTopicNames().get(Clients.PATIENCE, TimeUnit.MILLISECONDS).get(name);
        return Lab.JSON.createObjectNode().put("partitions", described.partitions().size()).put("replicas", described.partitions().get(0).replicas().size())
            .set("config", Lab.JSON.valueToTree(got));
    }

    private static String text(JsonNode value) {
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false).map(Operator::text).collect(Collectors.joining(","));
        }
        if (value.isValueNode()) {
            return value.asText();
        }
        throw new IllegalArgumentException("no value of a setting: " + value);
    }

    private static ClientQuotaEntity entity(String user) {
        return new ClientQuotaEntity(Map.of(ClientQuotaEntity.USER, user));
    }

    private static ResourcePattern pattern(JsonNode resource) {
        if (resource.path("type").asText().equals("cluster")) {
            return new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL);
        }
        return new ResourcePattern(ResourceType.fromString(snake(resource.path("type").asText())), resource.path("name").asText(),
            resource.path("patternType").asText("literal").equals("prefix") ? PatternType.PREFIXED : PatternType.LITERAL);
    }

    /** DescribeConfigs is DESCRIBE_CONFIGS to Kafka. */
    private static String snake(String operation) {
        return operation.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    private Operator() { }
}
