package kafka_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// Brokers that are to go are emptied first; nobody has to be awake for it.
func ExampleRebalance() {
	bundle, err := millrace.Build(&kafka.Rebalance{
		Name: "empty-the-old-ones", Namespace: "kafka", Cluster: "data-platform-kafka",
		Mode: kafka.RemoveBrokers, Brokers: []int{3, 4},
		Pace:        kafka.Pace{Partitions: 2, Throttle: 50 * millrace.MiB},
		AutoApprove: true,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaRebalance
	// metadata:
	//   name: empty-the-old-ones
	//   namespace: kafka
	//   labels:
	//     strimzi.io/cluster: data-platform-kafka
	//   annotations:
	//     strimzi.io/rebalance-auto-approval: "true"
	// spec:
	//   mode: remove-brokers
	//   brokers:
	//   - 3
	//   - 4
	//   concurrentPartitionMovementsPerBroker: 2
	//   replicationThrottle: 52428800
}

// What the operator would only say in a status, Build says before.
func ExampleRebalance_mistakes() {
	_, err := (&kafka.Rebalance{
		Name: "fill", Cluster: "data-platform-kafka", Mode: kafka.AddBrokers,
		Goals: []kafka.Goal{"RackAwarGoal"}, WithinBrokers: true,
	}).Build()
	fmt.Println(err)
	// Output:
	// build: 3 mistakes:
	//   kafka.Rebalance fill: Brokers: the mode add-brokers needs it; name the brokers [build/required]
	//   kafka.Rebalance fill: WithinBrokers: in mode add-brokers it does nothing; leave it out, or use another mode [build/conflict]
	//   kafka.Rebalance fill: Goals[0]: Cruise Control has no goal RackAwarGoal; did you mean RackAwareGoal? [build/invalid]
}

// events is a cluster to which the examples add.
func events() *kafka.Cluster {
	return &kafka.Cluster{
		Name: "events",
		Pools: []kafka.BrokerPool{
			{Volumes: []kafka.Volume{{Size: 500 * millrace.GiB, Class: "premium-ssd"}}},
			{Roles: []kafka.Role{kafka.Controller}, Volumes: []kafka.Volume{{Size: 50 * millrace.GiB, Class: "premium-ssd"}}},
		},
	}
}

// Goals about the network need to know what it can do. New brokers are filled
// gently, by a template.
func ExampleCruiseControl() {
	cluster := events()
	cluster.CruiseControl = kafka.CruiseControl{
		Capacity:      kafka.Capacity{Inbound: 125 * millrace.MiB, Outbound: 125 * millrace.MiB},
		HardGoals:     []kafka.Goal{kafka.RackAwareGoal, kafka.DiskCapacityGoal, kafka.NetworkInboundCapacityGoal},
		AutoRebalance: kafka.AutoRebalance{AddTemplate: "gently"},
	}
	gently := &kafka.Rebalance{Name: "gently", Template: true, Pace: kafka.Pace{Throttle: 20 * millrace.MiB}}

	bundle, err := millrace.Build(cluster, gently)
	if err != nil {
		fmt.Println(err)
		return
	}
	k, err := cluster.Kafka()
	if err != nil {
		fmt.Println(err)
		return
	}
	made := k.Spec.CruiseControl
	fmt.Println(*made.BrokerCapacity.InboundNetwork, made.Config["hard.goals"])
	for _, auto := range made.AutoRebalance {
		fmt.Println(auto.Mode, auto.Template)
	}
	fmt.Println(len(bundle.Objects()), "objects")
	// Output:
	// 125MiB/s com.linkedin.kafka.cruisecontrol.analyzer.goals.RackAwareGoal,com.linkedin.kafka.cruisecontrol.analyzer.goals.DiskCapacityGoal,com.linkedin.kafka.cruisecontrol.analyzer.goals.NetworkInboundCapacityGoal
	// add-brokers &LocalObjectReference{Name:gently,}
	// remove-brokers nil
	// 4 objects
}

// The JMX exporter gets its rules in a ConfigMap beside the cluster; these are
// of one's own.
func ExampleJMX() {
	cluster := events()
	cluster.Metrics = kafka.JMX{Rules: []kafka.JMXRule{{
		Pattern: `kafka\.server<type=ReplicaManager, name=UnderReplicatedPartitions><>Value`,
		Name:    "kafka_under_replicated_partitions", Type: kafka.Gauge,
	}}}
	parts, err := cluster.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	bundle, err := millrace.Build(millrace.Parts{Objects: parts.Objects[len(parts.Objects)-1:]})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: v1
	// kind: ConfigMap
	// metadata:
	//   name: events-kafka-metrics
	// data:
	//   metrics-config.yml: |
	//     lowercaseOutputName: true
	//     rules:
	//     - pattern: kafka\.server<type=ReplicaManager, name=UnderReplicatedPartitions><>Value
	//       name: kafka_under_replicated_partitions
	//       type: GAUGE
}

// A topic operator for another namespace, and an exporter for the groups that
// matter.
func ExampleEntityOperator() {
	cluster := events()
	cluster.EntityOperator = kafka.EntityOperator{
		Topics:  kafka.TopicOperator{Namespace: "data-platform", Resources: kafka.Resources{Memory: 512 * millrace.MiB}},
		NoUsers: true,
	}
	cluster.Exporter = kafka.Exporter{Groups: "^etl-", ExcludeTopics: "^__"}
	cluster.Metrics = kafka.Reporter{AllowList: []string{"kafka_server_.*", "kafka_controller_.*"}}
	k, err := cluster.Kafka()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*k.Spec.EntityOperator.TopicOperator.WatchedNamespace, k.Spec.EntityOperator.UserOperator == nil)
	fmt.Println(*k.Spec.KafkaExporter.GroupRegex, *k.Spec.KafkaExporter.TopicExcludeRegex)
	fmt.Println(k.Spec.Kafka.MetricsConfig.Values.AllowList)
	// Output:
	// data-platform true
	// ^etl- ^__
	// [kafka_server_.* kafka_controller_.*]
}
