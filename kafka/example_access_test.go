package kafka_test

import (
	"fmt"

	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// showAccess prints what a user may do, one rule a line.
func showAccess(access ...kafka.Access) {
	user, err := (&kafka.User{Name: "app", Cluster: "events", Access: access}).KafkaUser()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, rule := range user.Spec.Authorization.ACLs {
		pattern := ""
		if rule.Resource.PatternType == strimziv1.ACLPatternTypePrefix {
			pattern = "*"
		}
		fmt.Printf("%s %s%s: %s\n", rule.Resource.Type, *rule.Resource.Name, pattern, rule.Operations)
	}
}

// A producer whose instances each have a transactional id. To commit offsets
// in its transactions it consumes, too.
func ExampleTransact() {
	showAccess(
		kafka.Transact{TransactionalID: "billing-*", Topics: []string{"invoices"}},
		kafka.Consume{Topics: []string{"orders"}, Group: "billing"},
	)
	// Output:
	// topic invoices: [Write]
	// topic orders: [Read]
	// group billing: [Read]
	// transactionalId billing-*: [Write]
}

// The workers of a Connect that somebody else has composed, for a source that
// writes each record exactly once. For one of this composition, Access says the
// same.
func ExampleRunConnect() {
	showAccess(kafka.RunConnect{
		Group: "etl", ConfigTopic: "etl-configs", OffsetTopic: "etl-offsets", StatusTopic: "etl-status",
		ExactlyOnce: true,
	})
	// Output:
	// topic etl-configs: [Read Write Create DescribeConfigs]
	// topic etl-offsets: [Read Write Create DescribeConfigs]
	// topic etl-status: [Read Write Create DescribeConfigs]
	// group etl: [Read]
	// transactionalId connect-cluster-etl: [Write]
	// transactionalId etl-*: [Write]
}

// A password that exists already stays: the operator reads it from its secret.
func ExampleSecretKey() {
	show(&kafka.User{Name: "legacy", Cluster: "events", Auth: kafka.SCRAM,
		Password: kafka.SecretKey{Name: "legacy-login", Key: "password"}})
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaUser
	// metadata:
	//   name: legacy
	//   labels:
	//     strimzi.io/cluster: events
	// spec:
	//   authentication:
	//     type: scram-sha-512
	//     password:
	//       valueFrom:
	//         secretKeyRef:
	//           name: legacy-login
	//           key: password
}
