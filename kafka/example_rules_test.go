package kafka_test

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// Package policy applies the rules; this is what it does with them. Rules look
// across objects: here at a topic and the brokers of its cluster.
func ExampleRules() {
	bundle, err := millrace.Build(
		&kafka.Cluster{
			Name:      "events",
			Listeners: []kafka.Listener{{Name: "plain", Port: 9092, Plaintext: true}},
			Pools: []kafka.BrokerPool{
				{Volumes: []kafka.Volume{{Size: 500 * millrace.GiB, Class: "premium-ssd"}}},
				{Roles: []kafka.Role{kafka.Controller}, Replicas: new(4), Volumes: []kafka.Volume{{Size: 50 * millrace.GiB}}},
			},
		},
		&kafka.Topic{Name: "orders", Cluster: "events", Partitions: 6, Replicas: 5},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range bundle.Objects() {
		for _, rule := range kafka.Rules() {
			rule.Check(&millrace.Pass{Object: o, Bundle: bundle, Report: func(field, detail string) {
				fmt.Printf("%s %s\n  %s: %s\n", rule.ID, millrace.RefOf(o), field, detail)
			}})
		}
	}
	// Output:
	// kafka/plain-listener Kafka events
	//   spec.kafka.listeners[0].tls: the listener "plain" is not encrypted
	// kafka/listener-auth Kafka events
	//   spec.kafka.listeners[0].authentication: the listener "plain" doesn't ask its clients who they are
	// kafka/controllers KafkaNodePool controller
	//   spec.replicas: the cluster has 4 controllers in all, an even number
	// kafka/storage-class KafkaNodePool controller
	//   spec.storage.volumes[0].class: the disk is of whatever class is the default
	// kafka/topic-replicas KafkaTopic orders
	//   spec.replicas: the topic has 5 replicas, and the cluster events has 3 brokers
}
