package kafka_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// A consumer has as many pods as its lag asks for, and never more than its
// topic has partitions. Here is what it makes for KEDA; its Deployment has no
// CPU limit.
func ExampleConsumer() {
	orders := &kafka.Topic{Name: "orders", Namespace: "kafka", Cluster: "events", Partitions: 24}
	parts, err := (&kafka.Consumer{
		Name: "projector", Namespace: "kafka", Image: "registry.company.com/projector:1.4.2",
		Topics: []*kafka.Topic{orders},
		Kafka:  kafka.Connection{User: "projector"},
		Scaler: kafka.Scaler{Lag: 5000},
	}).Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	bundle, err := millrace.Build(millrace.Parts{Objects: parts.Objects[2:]})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: keda.sh/v1alpha1
	// kind: ScaledObject
	// metadata:
	//   name: projector
	//   namespace: kafka
	// spec:
	//   scaleTargetRef:
	//     name: projector
	//     apiVersion: apps/v1
	//     kind: Deployment
	//   triggers:
	//   - metadata:
	//       bootstrapServers: events-kafka-bootstrap.kafka.svc:9093
	//       consumerGroup: projector
	//       lagThreshold: "5000"
	//       tls: enable
	//       topic: orders
	//     type: kafka
	//     authenticationRef:
	//       name: projector
	//   maxReplicaCount: 24
	//   minReplicaCount: 2
	// ---
	// apiVersion: keda.sh/v1alpha1
	// kind: TriggerAuthentication
	// metadata:
	//   name: projector
	//   namespace: kafka
	// spec:
	//   secretTargetRef:
	//   - key: ca.crt
	//     name: events-cluster-ca-cert
	//     parameter: ca
	//   - key: user.crt
	//     name: projector
	//     parameter: cert
	//   - key: user.key
	//     name: projector
	//     parameter: key
}

// With Replicas the number of pods is fixed. The names of the variables are
// those that the program reads; the password never stands in the manifest.
func ExampleVariables() {
	deployment, err := (&kafka.Consumer{
		Name: "auditor", Namespace: "audit", Image: "registry.company.com/auditor:7", Replicas: new(1),
		Topics: []*kafka.Topic{{Name: "payments", Partitions: 12}},
		Kafka: kafka.Connection{Servers: []string{"broker.company.com:9094"},
			Login: kafka.ClientPassword{Username: "auditor"}},
		Variables: kafka.Variables{Servers: "SPRING_KAFKA_BOOTSTRAP_SERVERS", Group: "SPRING_KAFKA_CONSUMER_GROUP_ID"},
	}).Deployment()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range deployment.Spec.Template.Spec.Containers[0].Env {
		fmt.Printf("%s=%s", e.Name, e.Value)
		if e.ValueFrom != nil {
			fmt.Printf("(%s of the secret %s)", e.ValueFrom.SecretKeyRef.Key, e.ValueFrom.SecretKeyRef.Name)
		}
		fmt.Println()
	}
	// Output:
	// SPRING_KAFKA_BOOTSTRAP_SERVERS=broker.company.com:9094
	// SPRING_KAFKA_CONSUMER_GROUP_ID=auditor
	// KAFKA_TOPICS=payments
	// KAFKA_SECURITY_PROTOCOL=SASL_SSL
	// KAFKA_SASL_MECHANISM=SCRAM-SHA-512
	// KAFKA_SASL_USERNAME=auditor
	// KAFKA_SASL_PASSWORD=(password of the secret auditor)
}

// A consumer that sleeps while there is nothing to read, and wakes with four
// pods.
func ExampleScaler() {
	scaler := kafka.Scaler{Min: new(4), Idle: true, Lag: 20_000, Reset: kafka.Earliest}
	_, err := (&kafka.Consumer{
		Name: "nightly", Namespace: "kafka", Image: "registry.company.com/nightly:3",
		Topics: []*kafka.Topic{{Name: "orders", Cluster: "events", Partitions: 3}},
		Scaler: scaler,
	}).Build()
	fmt.Println(err)
	// Output:
	// build: kafka.Consumer kafka/nightly: Scaler.Min: 4: there are 3 at the most; lower it [build/invalid]
}
