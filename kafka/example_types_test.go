package kafka_test

import (
	"errors"
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// Every noun returns Strimzi's own type as well, for programs that go on with
// it: a client, a controller, a test.
func Example_upstreamTypes() {
	at := kafka.Connection{Cluster: "events", User: "app"}
	pool, err1 := (&kafka.BrokerPool{Name: "brokers", Cluster: "events", Volumes: []kafka.Volume{{Size: millrace.TiB}}}).KafkaNodePool()
	topic, err2 := (&kafka.Topic{Name: "orders", Cluster: "events", Partitions: 24}).KafkaTopic()
	connect, err3 := (&kafka.Connect{Name: "etl", Kafka: at}).KafkaConnect()
	connector, err4 := (&kafka.Connector{Name: "sink", Cluster: "etl", Class: "com.company.Sink", Config: map[string]string{"topics": "orders"}}).KafkaConnector()
	mirror, err5 := (&kafka.MirrorMaker{Name: "from-west", Target: kafka.MirrorTarget{Kafka: at},
		Mirrors: []kafka.Mirror{{Source: kafka.MirrorSource{Kafka: kafka.Connection{Servers: []string{"west.company.com:9094"}}, Alias: "west"}, Topics: []string{"orders"}}}}).KafkaMirrorMaker2()
	bridge, err6 := (&kafka.Bridge{Name: "web", Kafka: at}).KafkaBridge()
	rebalance, err7 := (&kafka.Rebalance{Name: "even", Cluster: "events"}).KafkaRebalance()
	if err := errors.Join(err1, err2, err3, err4, err5, err6, err7); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(pool.Kind, pool.Spec.Replicas, pool.Spec.Roles)
	fmt.Println(topic.Kind, *topic.Spec.Partitions)
	fmt.Println(connect.Kind, connect.Spec.Replicas, connect.Spec.GroupID)
	fmt.Println(connector.Kind, *connector.Spec.Class)
	fmt.Println(mirror.Kind, mirror.Spec.Mirrors[0].Source.Alias)
	fmt.Println(bridge.Kind, bridge.Spec.Replicas)
	fmt.Println(rebalance.Kind, rebalance.Labels)
	// Output:
	// KafkaNodePool 3 [broker]
	// KafkaTopic 24
	// KafkaConnect 3 etl
	// KafkaConnector com.company.Sink
	// KafkaMirrorMaker2 west
	// KafkaBridge 1
	// KafkaRebalance map[strimzi.io/cluster:events]
}
