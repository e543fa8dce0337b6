package kafka_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// An application that reads one topic and writes others. It gets a client
// certificate, in a Secret that is called as it is, and the rights for just
// that.
func ExampleUser() {
	user := &kafka.User{Name: "orders-etl", Namespace: "kafka", Cluster: "data-platform-kafka",
		Access: []kafka.Access{
			kafka.Consume{Topics: []string{"orders-events-v2"}, Group: "orders-etl"},
			kafka.Produce{Topics: []string{"orders-clean", "orders-failed-*"}},
		},
		Quotas: kafka.ClientQuotas{Produce: 20 * millrace.MiB, Consume: 50 * millrace.MiB}}
	show(user)
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaUser
	// metadata:
	//   name: orders-etl
	//   namespace: kafka
	//   labels:
	//     strimzi.io/cluster: data-platform-kafka
	// spec:
	//   authentication:
	//     type: tls
	//   authorization:
	//     type: simple
	//     acls:
	//     - resource:
	//         type: topic
	//         name: orders-clean
	//       operations:
	//       - Write
	//     - resource:
	//         type: topic
	//         name: orders-events-v2
	//       operations:
	//       - Read
	//     - resource:
	//         type: topic
	//         name: orders-failed-
	//         patternType: prefix
	//       operations:
	//       - Write
	//     - resource:
	//         type: group
	//         name: orders-etl
	//       operations:
	//       - Read
	//   quotas:
	//     producerByteRate: 20971520
	//     consumerByteRate: 52428800
}

// A Kafka Streams application with exactly-once, which makes its own topics
// below its application.id. Its user has a password.
func ExampleStream() {
	show(&kafka.User{Name: "totals", Cluster: "data-platform-kafka", Auth: kafka.SCRAM,
		Access: []kafka.Access{kafka.Stream{Application: "totals", Inputs: []string{"orders"}, Outputs: []string{"totals-by-day"}, ExactlyOnce: true}}})
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaUser
	// metadata:
	//   name: totals
	//   labels:
	//     strimzi.io/cluster: data-platform-kafka
	// spec:
	//   authentication:
	//     type: scram-sha-512
	//   authorization:
	//     type: simple
	//     acls:
	//     - resource:
	//         type: topic
	//         name: orders
	//       operations:
	//       - Read
	//     - resource:
	//         type: topic
	//         name: totals-
	//         patternType: prefix
	//       operations:
	//       - Read
	//       - Write
	//       - Create
	//       - Delete
	//     - resource:
	//         type: group
	//         name: totals
	//       operations:
	//       - Read
	//     - resource:
	//         type: transactionalId
	//         name: totals-
	//         patternType: prefix
	//       operations:
	//       - Write
}

// What Kafka would take, and what then does nothing.
func ExampleACL() {
	_, err := millrace.Build(&kafka.User{Name: "orders-etl", Cluster: "data-platform-kafka",
		Access: []kafka.Access{
			kafka.Consume{Topics: []string{"orders"}, Group: "orders-etl", Hosts: []string{"etl.company.com"}},
			kafka.ACL{Group: "orders-etl", Operations: []kafka.Operation{kafka.OpWrite}},
		}})
	fmt.Println(err)
	// Output:
	// build: 2 mistakes:
	//   kafka.User orders-etl: Access[0].Hosts[0]: "etl.company.com": Kafka compares it with the client's address, and knows neither names nor networks; use addresses, or leave it out [build/invalid]
	//   kafka.User orders-etl: Access[1].Operations[0]: "Write": Kafka never asks for it on a group; use Read, Delete, Describe, AlterConfigs, DescribeConfigs or All [build/invalid]
}

// An administrator is a super user of the cluster, and needs no rules.
func ExampleUser_Principal() {
	admin := &kafka.User{Name: "admin", Cluster: "events"}
	cluster := &kafka.Cluster{Name: "events", Authorization: kafka.Authorization{SuperUsers: []string{admin.Principal()}}}
	fmt.Println(cluster.Authorization.SuperUsers)
	// Output:
	// [CN=admin]
}

// show prints what a builder makes.
func show(b millrace.Builder) {
	bundle, err := millrace.Build(b)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
}
