package kafka_test

import (
	"fmt"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// A topic is to become smaller and shorter-lived. The API server would take
// both; Kafka refuses the one, and the other deletes records.
func ExamplePlan() {
	topic := kafka.Topic{Name: "orders", Namespace: "kafka", Cluster: "events", Partitions: 24, Retention: 7 * 24 * time.Hour}
	before, err := millrace.Build(&topic)
	if err != nil {
		fmt.Println(err)
		return
	}
	topic.Partitions, topic.Retention, topic.MaxMessage = 12, 24*time.Hour, 2*millrace.MiB
	after, err := millrace.Build(&topic)
	if err != nil {
		fmt.Println(err)
		return
	}
	changes, err := kafka.Plan(before, after)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range changes {
		fmt.Println(c.Effect, c.Field)
	}
	fmt.Println("brokers restart:", changes.RollsBrokers())
	fmt.Println(changes.Err() != nil)
	// Output:
	// applied spec.config[max.message.bytes]
	// destroys spec.config[retention.ms]
	// refused spec.partitions
	// brokers restart: false
	// true
}
