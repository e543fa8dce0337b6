import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/** A Kafka Streams application with a store and a repartition topic: it counts words. */
final class Streams {
    static void run(Broker broker, JsonNode with, String user) throws Exception {
        String application = with.path("application").asText();
        String out = with.path("to").asText();
        StreamsBuilder builder = new StreamsBuilder();
        builder.<String, String>stream(with.path("topic").asText())
            .map((key, value) -> new KeyValue<>(value, value))
            .groupByKey().count().mapValues(String::valueOf).toStream().to(out);
        Properties p = new Properties();
        p.putAll(broker.client(user));
        p.put("application.id", application);
        p.put("processing.guarantee", with.path("guarantee").asText());
        p.put("group.protocol", with.path("protocol").asText("classic"));
        p.put("default.key.serde", Serdes.StringSerde.class.getName());
        p.put("default.value.serde", Serdes.StringSerde.class.getName());
        p.put("state.dir", Files.createTempDirectory(application).toString());
        p.put("commit.interval.ms", "200");
        p.put("repartition.purge.interval.ms", "500");
        p.put("replication.factor", "1");
        p.put("producer.max.block.ms", Clients.PATIENCE);
        p.put("num.stream.threads", "1");
        AtomicReference<Throwable> failed = new AtomicReference<>();
        var streams = new KafkaStreams(builder.build(), p);
        try {
            streams.setUncaughtExceptionHandler(e -> {
                failed.compareAndSet(null, e); // What comes of the end is not the cause of it.
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            });
            Clients.produce(broker, with, "admin");
            streams.start();
            TopicPartition counted = new TopicPartition(out, 0);
            Clients.until("a count", with.path("count").asLong(Clients.PATIENCE), () -> failed.get() != null || end(broker, counted, OffsetSpec.latest()) > 0);
            // What has been counted isn't kept.
            var first = new TopicPartition(application + "-KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition", 0);
            Clients.until("an empty repartition topic", with.path("purge").asLong(Clients.PATIENCE), () -> failed.get() != null || end(broker, first, OffsetSpec.earliest()) > 0);
            if (failed.get() != null) {
                throw new IllegalStateException("the application failed", failed.get());
            }
        } catch (IllegalStateException e) {
            boolean own = broker.admin.listTopics().names().get(Clients.PATIENCE, TimeUnit.MILLISECONDS).stream().anyMatch(t -> t.startsWith(application + "-"));
            throw own ? e : new IllegalStateException("it has no topics of its own", e);
        } finally {
            streams.close(Duration.ofSeconds(3));
        }
        Clients.seen(broker, out);
    }

    private static long end(Broker broker, TopicPartition partition, OffsetSpec spec) {
        try {
            return broker.admin.listOffsets(java.util.Map.of(partition, spec)).partitionResult(partition).get(10, TimeUnit.SECONDS).offset();
        } catch (Exception e) {
            return -1;
        }
    }

    private Streams() { }
}
