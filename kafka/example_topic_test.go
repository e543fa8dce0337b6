package kafka_test

import (
	"fmt"
	"os"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// A topic has a cluster and partitions, of which there can be more later and
// never fewer. What it leaves out is the brokers' default.
func ExampleTopic() {
	topic := &kafka.Topic{Name: "orders-events-v2", Namespace: "kafka", Cluster: "data-platform-kafka",
		Partitions: 24, Retention: 7 * 24 * time.Hour, Compression: kafka.LZ4}
	bundle, err := millrace.Build(topic)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaTopic
	// metadata:
	//   name: orders-events-v2
	//   namespace: kafka
	//   labels:
	//     strimzi.io/cluster: data-platform-kafka
	// spec:
	//   partitions: 24
	//   replicas: 3
	//   config:
	//     compression.type: lz4
	//     min.insync.replicas: "2"
	//     retention.ms: "604800000"
}

// A compacted topic keeps the last record of each key. Its name is none that
// Kubernetes takes, so that the object gets another one.
func ExampleTopic_compacted() {
	topic := &kafka.Topic{Name: "Customers_Latest", Namespace: "kafka", Cluster: "data-platform-kafka",
		Partitions: 12, Cleanup: kafka.Compact,
		Compaction: kafka.Compaction{MaxLag: 24 * time.Hour},
		Segment:    kafka.Segment{Age: 6 * time.Hour}}
	bundle, err := millrace.Build(topic)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaTopic
	// metadata:
	//   name: customers-latest-d465b9c3
	//   namespace: kafka
	//   labels:
	//     strimzi.io/cluster: data-platform-kafka
	// spec:
	//   topicName: Customers_Latest
	//   partitions: 12
	//   replicas: 3
	//   config:
	//     cleanup.policy: compact
	//     max.compaction.lag.ms: "86400000"
	//     min.insync.replicas: "2"
	//     segment.ms: "21600000"
}

// Settings without a field go into Config, by Kafka's own names, and are
// checked as Kafka checks them.
func ExampleTopic_config() {
	topic := &kafka.Topic{Name: "orders", Cluster: "data-platform-kafka", Partitions: 6,
		Config: map[string]string{
			"retention.mss":          "86400000",
			"message.format.version": "2.8",
			"segment.bytes":          "512",
		}}
	_, err := millrace.Build(topic)
	fmt.Println(err)
	// Output:
	// build: 3 mistakes:
	//   kafka.Topic orders: Config[message.format.version]: it is gone since Kafka 4.0; leave it out: Kafka 4 has one format [build/unknown]
	//   kafka.Topic orders: Config[retention.mss]: Kafka 4.3 has no such setting for topics; did you mean retention.ms? [build/unknown]
	//   kafka.Topic orders: Config[segment.bytes]: "512": it is out of range; use 1048576 to 2147483647 [build/invalid]
}

// A topic in tiered storage keeps three months, of which one day is on the
// brokers' disks.
func ExampleTopic_tiered() {
	topic := &kafka.Topic{Name: "clicks", Cluster: "data-platform-kafka", Partitions: 48, Retention: 90 * 24 * time.Hour,
		Compression: kafka.ZSTD, CompressionLevel: new(6),
		Tiered: kafka.Tiered{On: true, LocalRetention: 24 * time.Hour}}
	bundle, err := millrace.Build(topic)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaTopic
	// metadata:
	//   name: clicks
	//   labels:
	//     strimzi.io/cluster: data-platform-kafka
	// spec:
	//   partitions: 48
	//   replicas: 3
	//   config:
	//     compression.type: zstd
	//     compression.zstd.level: "6"
	//     local.retention.ms: "86400000"
	//     min.insync.replicas: "2"
	//     remote.storage.enable: "true"
	//     retention.ms: "7776000000"
}
