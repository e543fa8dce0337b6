package main

import (
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/policy"
)

// kafkaCluster is the article's cluster, which still had ZooKeeper, and its
// topic.
func kafkaCluster() []millrace.Builder {
	cluster := &kafka.Cluster{
		Name:      "data-platform-kafka",
		Namespace: "kafka",
		// An error wherever the manifest is checked, and so accepted in itself.
		Annotations: map[string]string{policy.WaiveAnnotation + "kafka.open-listener": "the article's clients outside have no credentials"},
		Listeners: []kafka.Listener{
			{Name: "plain", Port: 9092, Plaintext: true},
			{Name: "tls", Port: 9093, Auth: kafka.MutualTLS},
			{Name: "external", Port: 9094, Type: kafka.LoadBalancer},
		},
		Authorization: kafka.Authorization{Open: true},
		Replication:   kafka.Replication{Factor: 3, MinInSync: 2},
		Log: kafka.Log{
			Retention:      168 * time.Hour,
			SegmentBytes:   1 * millrace.GiB,
			RetentionCheck: 5 * time.Minute,
		},
		Pools: []kafka.BrokerPool{{
			Roles:     []kafka.Role{kafka.Broker},
			Replicas:  new(3),
			Volumes:   []kafka.Volume{{Size: 500 * millrace.GiB, Class: premiumSSD}},
			Resources: kafka.Resources{Memory: 16 * millrace.GiB, CPU: 4, CPULimit: 8},
		}, {
			Roles:    []kafka.Role{kafka.Controller},
			Replicas: new(3),
			Volumes:  []kafka.Volume{{Size: 50 * millrace.GiB, Class: premiumSSD}},
		}},
	}
	topic := &kafka.Topic{
		Name:          "orders-events-v2",
		Namespace:     "kafka",
		Cluster:       cluster.Name,
		Partitions:    24,
		Replicas:      3,
		MinInSync:     2,
		Retention:     7 * 24 * time.Hour,
		Cleanup:       kafka.Delete,
		Compression:   kafka.LZ4,
		TimestampType: kafka.LogAppendTime,
	}
	return []millrace.Builder{cluster, topic}
}
