import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The clients that do what an intent promises. Each ends, with an exception where it was refused. */
final class Clients {
    /** For clients that are allowed to, on a busy machine. Whoever is refused mostly hears of it at once. */
    static final int PATIENCE = 90_000;

    static JsonNode run(Broker broker, String what, JsonNode with, String user) throws Exception {
        switch (what) {
            case "produce" -> produce(broker, with, user);
            case "consume" -> consume(broker, with, user);
            case "share" -> share(broker, with, user);
            case "transact" -> transact(broker, with, user);
            case "copy" -> copy(broker, with, user);
            case "create" -> {
                try (Admin admin = Admin.create(broker.client(user))) {
                    admin.createTopics(List.of(new NewTopic(with.path("topic").asText(), 1, (short) 1))).all().get(PATIENCE, TimeUnit.MILLISECONDS);
                }
            }
            case "stream" -> Streams.run(broker, with, user);
            case "connect" -> Worker.run(broker, with, user);
            default -> throw new IllegalArgumentException(what);
        }
        return NullNode.getInstance();
    }

    /** Waits, and no longer than it has to. */
    static void until(String what, long patience, BooleanSupplier done) throws InterruptedException {
        until(what, patience, () -> false, done);
    }

    /** Waits, and gives up where it is known to be in vain. */
    static void until(String what, long patience, BooleanSupplier vain, BooleanSupplier done) throws InterruptedException {
        for (long end = System.currentTimeMillis() + patience; !done.getAsBoolean(); Thread.sleep(100)) {
            if (System.currentTimeMillis() > end || vain.getAsBoolean()) {
                throw new IllegalStateException("not in time: " + what);
            }
        }
    }

    /** Writes a record with the producer's defaults, which are idempotent. */
    static void produce(Broker broker, JsonNode with, String user) throws Exception {
        try (var producer = producer(broker, user, null)) {
            producer.send(new ProducerRecord<>(with.path("topic").asText(), "key", "value")).get(PATIENCE, TimeUnit.MILLISECONDS);
        }
    }

    /** Reads a record that somebody else has written, and commits. */
    private static void consume(Broker broker, JsonNode with, String user) throws Exception {
        String topic = with.path("topic").asText();
        produce(broker, with, "admin");
        var p = consumerProps(broker, user);
        p.put("group.id", with.path("group").asText());
        p.put("group.protocol", with.path("protocol").asText("classic"));
        if (p.get("group.protocol").equals("classic")) {
            p.put("session.timeout.ms", "10000");
        }
        try (var consumer = new KafkaConsumer<String, String>(p)) {
            consumer.subscribe(List.of(topic));
            until("a record", PATIENCE, () -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
            consumer.commitSync(Duration.ofMillis(PATIENCE));
            var partition = new TopicPartition(topic, 0);
            if (consumer.committed(Set.of(partition), Duration.ofMillis(PATIENCE)).get(partition) == null) {
                throw new IllegalStateException("nothing is committed");
            }
        }
    }

    /** Takes a record as a member of a share group, and acknowledges it. */
    private static void share(Broker broker, JsonNode with, String user) throws Exception {
        String group = with.path("group").asText();
        var resource = new org.apache.kafka.common.config.ConfigResource(org.apache.kafka.common.config.ConfigResource.Type.GROUP, group);
        var earliest = new org.apache.kafka.clients.admin.AlterConfigOp(
            new org.apache.kafka.clients.admin.ConfigEntry("share.auto.offset.reset", "earliest"), org.apache.kafka.clients.admin.AlterConfigOp.OpType.SET);
        broker.admin.incrementalAlterConfigs(Map.of(resource, List.of(earliest))).all().get(PATIENCE, TimeUnit.MILLISECONDS);
        produce(broker, with, "admin");
        var p = consumerProps(broker, user);
        p.put("group.id", group);
        p.remove("auto.offset.reset");
        try (var consumer = new KafkaShareConsumer<String, String>(p)) {
            consumer.subscribe(List.of(with.path("topic").asText()));
            until("a record", PATIENCE, () -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
            consumer.commitSync(Duration.ofMillis(PATIENCE)).values().forEach(failure -> failure.ifPresent(e -> {
                throw e;
            }));
        }
    }

    /** Writes in a transaction. */
    private static void transact(Broker broker, JsonNode with, String user) throws Exception {
        try (var producer = producer(broker, user, with.path("transactionalId").asText())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(with.path("topic").asText(), "key", "value")).get(PATIENCE, TimeUnit.MILLISECONDS);
            producer.commitTransaction();
        }
        seen(broker, with.path("topic").asText());
    }

    /** Copies a record in a transaction that has the offset of its reading in it. */
    private static void copy(Broker broker, JsonNode with, String user) throws Exception {
        String from = with.path("topic").asText();
        String to = with.path("to").asText();
        produce(broker, with, "admin");
        var p = consumerProps(broker, user);
        p.put("group.id", with.path("group").asText());
        p.put("enable.auto.commit", "false");
        try (var consumer = new KafkaConsumer<String, String>(p); var producer = producer(broker, user, with.path("transactionalId").asText())) {
            producer.initTransactions();
            consumer.subscribe(List.of(from));
            until("a record", PATIENCE, () -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(to, "key", "value"));
            producer.sendOffsetsToTransaction(Map.of(new TopicPartition(from, 0), new OffsetAndMetadata(1)), consumer.groupMetadata());
            producer.commitTransaction();
        }
        seen(broker, to);
    }

    /** Waits for a committed record. */
    static void seen(Broker broker, String topic) throws Exception {
        seen(broker, topic, () -> false);
    }

    static void seen(Broker broker, String topic, BooleanSupplier vain) throws Exception {
        var p = consumerProps(broker, "admin");
        p.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<String, String>(p)) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            until("a committed record in " + topic, PATIENCE, vain, () -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
        }
    }

    private static KafkaProducer<String, String> producer(Broker broker, String user, String transactionalId) {
        var p = broker.client(user);
        p.put("key.serializer", StringSerializer.class.getName());
        p.put("value.serializer", StringSerializer.class.getName());
        p.put("max.block.ms", PATIENCE);
        p.put("delivery.timeout.ms", PATIENCE);
        if (transactionalId != null) {
            p.put("transactional.id", transactionalId);
        }
        return new KafkaProducer<>(p);
    }

    private static Map<String, Object> consumerProps(Broker broker, String user) {
        var p = broker.client(user);
        p.put("key.deserializer", StringDeserializer.class.getName());
        p.put("value.deserializer", StringDeserializer.class.getName());
        p.put("auto.offset.reset", "earliest");
        return p;
    }

    private Clients() { }
}
