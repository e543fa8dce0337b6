package kafka_test

import (
	"errors"
	"fmt"
	"slices"
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

// A change that costs records, and is meant to, is taken out first; the rest is
// an error still.
func ExamplePlanError() {
	before, err1 := millrace.Build(&kafka.Topic{Name: "orders", Cluster: "events", Partitions: 24, Retention: 7 * 24 * time.Hour})
	after, err2 := millrace.Build(&kafka.Topic{Name: "orders", Cluster: "events", Partitions: 12, Retention: 24 * time.Hour})
	changes, err3 := kafka.Plan(before, after)
	if err := errors.Join(err1, err2, err3); err != nil {
		fmt.Println(err)
		return
	}
	changes = slices.DeleteFunc(changes, func(c kafka.Change) bool { return c.Field == "spec.config[retention.ms]" })
	var refused *kafka.PlanError
	if errors.As(changes.Err(), &refused) {
		fmt.Println(len(refused.Changes), "change")
		fmt.Println(refused.Error())
	}
	// Output:
	// 1 change
	// plan: KafkaTopic orders: spec.partitions: 24 -> 12: refused: partitions can't become fewer: the topic turns NotSupported; keep them, or make a new topic
}
