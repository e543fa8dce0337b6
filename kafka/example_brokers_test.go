package kafka_test

import (
	"fmt"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// What topics get that don't say it themselves: three days, at most 100 GiB of
// each partition, stored as ZSTD.
func ExampleLog() {
	cluster := events()
	cluster.Log = kafka.Log{Retention: 3 * 24 * time.Hour, RetentionBytes: 100 * millrace.GiB, Compression: kafka.ZSTD, MaxMessage: 4 * millrace.MiB}
	showSpec(cluster, func(spec *strimziv1.KafkaSpec) any {
		return []any{spec.Kafka.Config["log.retention.ms"], spec.Kafka.Config["log.retention.bytes"],
			spec.Kafka.Config["compression.type"], spec.Kafka.Config["message.max.bytes"]}
	})
	// Output:
	// - 259200000
	// - 107374182400
	// - zstd
	// - 4194304
}

// A small cluster for tests leaves out what a production cluster has beside
// its brokers.
func ExampleNoMetrics() {
	cluster := events()
	cluster.Metrics, cluster.Exporter.Off, cluster.CruiseControl.Off = kafka.NoMetrics{}, true, true
	showSpec(cluster, func(spec *strimziv1.KafkaSpec) any {
		return map[string]bool{"metrics": spec.Kafka.MetricsConfig != nil, "exporter": spec.KafkaExporter != nil, "cruiseControl": spec.CruiseControl != nil}
	})
	// Output:
	// cruiseControl: false
	// exporter: false
	// metrics: false
}

// Three new brokers have faster network cards than the rest, and Cruise
// Control remembers a shorter time.
func ExampleCapacityOverride() {
	cluster := events()
	cluster.CruiseControl = kafka.CruiseControl{
		Capacity: kafka.Capacity{Inbound: 125 * millrace.MiB, Outbound: 125 * millrace.MiB,
			Overrides: []kafka.CapacityOverride{{Brokers: []int{6, 7, 8}, Inbound: millrace.GiB, Outbound: millrace.GiB}}},
		MetricsTopic: kafka.MetricsTopic{Partitions: 3, Retention: time.Hour},
	}
	showSpec(cluster, func(spec *strimziv1.KafkaSpec) any {
		return []any{spec.CruiseControl.BrokerCapacity, spec.Kafka.Config["cruise.control.metrics.topic.retention.ms"]}
	})
	// Output:
	// - inboundNetwork: 125MiB/s
	//   outboundNetwork: 125MiB/s
	//   overrides:
	//   - brokers:
	//     - 6
	//     - 7
	//     - 8
	//     inboundNetwork: 1GiB/s
	//     outboundNetwork: 1GiB/s
	// - 3600000
}

// Users live in the namespaces of their teams' manifests: their secrets are
// named so that nothing else is called the same.
func ExampleUserOperator() {
	cluster := events()
	cluster.EntityOperator.Users = kafka.UserOperator{Namespace: "kafka-users", SecretPrefix: "kafka-"}
	showSpec(cluster, func(spec *strimziv1.KafkaSpec) any {
		operator := spec.EntityOperator.UserOperator
		return []any{operator.WatchedNamespace, operator.SecretPrefix}
	})
	// Output:
	// - kafka-users
	// - kafka-
}

// One broker is behind another address than the template says.
func ExampleBrokerAccess() {
	cluster := events()
	cluster.Listeners = []kafka.Listener{{
		Name: "external", Port: 9094, Type: kafka.NodePort, Auth: kafka.MutualTLS,
		Advertise: kafka.Advertise{Host: "kafka-{nodeId}.company.com"},
		Brokers:   []kafka.BrokerAccess{{ID: 2, NodePort: 32102, AdvertisedHost: "kafka-lab.company.com", AdvertisedPort: 9094}},
	}}
	showSpec(cluster, func(spec *strimziv1.KafkaSpec) any { return spec.Kafka.Listeners[0].Configuration })
	// Output:
	// advertisedHostTemplate: kafka-{nodeId}.company.com
	// brokers:
	// - advertisedHost: kafka-lab.company.com
	//   advertisedPort: 9094
	//   broker: 2
	//   nodePort: 32102
}

// Two disks of broker 1 are to be taken out: first they are emptied.
func ExampleBrokerDisks() {
	rebalance, err := (&kafka.Rebalance{Name: "empty-disks", Cluster: "events", Mode: kafka.RemoveDisks,
		Disks: []kafka.BrokerDisks{{Broker: 1, Disks: []int{2, 3}}}}).KafkaRebalance()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, move := range rebalance.Spec.MoveReplicasOffVolumes {
		fmt.Println(rebalance.Spec.Mode, *move.BrokerID, move.VolumeIDs)
	}
	// Output:
	// remove-disks 1 [2 3]
}
