package kafka_test

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// The pods of a cluster: those of its pools, and those beside them.
func ExamplePods() {
	bundle, err := millrace.Build(&kafka.Cluster{
		Name: "data-platform-kafka", Namespace: "kafka",
		Listeners: []kafka.Listener{{Name: "tls", Port: 9093, Auth: kafka.MutualTLS}},
		Pools: []kafka.BrokerPool{
			{Volumes: []kafka.Volume{{Size: 500 * millrace.GiB, Class: "premium-ssd"}}},
			{Roles: []kafka.Role{kafka.Controller}, Volumes: []kafka.Volume{{Size: 50 * millrace.GiB, Class: "premium-ssd"}}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range bundle.Objects() {
		for _, p := range kafka.Pods(bundle, o) {
			fmt.Println(p.Owner, p.Role, p.Max)
			for _, c := range p.Claims {
				fmt.Println(" ", c.Name, c.Spec.Resources.Requests.Storage(), p.Field("claims[0].spec.storageClassName"))
			}
		}
	}
	// Output:
	// Kafka kafka/data-platform-kafka entity-operator 1
	// Kafka kafka/data-platform-kafka cruise-control 1
	// Kafka kafka/data-platform-kafka kafka-exporter 1
	// KafkaNodePool kafka/broker  3
	//   data-0 500Gi spec.storage.volumes[0].class
	// KafkaNodePool kafka/controller  3
	//   data-0 50Gi spec.storage.volumes[0].class
}

// What an object of Strimzi's needs by name beside its pods.
func ExampleReferences() {
	user := &strimziv1.KafkaUser{Spec: strimziv1.KafkaUserSpec{Authentication: &strimziv1.KafkaUserAuthentication{
		Type: strimziv1.KafkaUserAuthenticationTypeSCRAMSHA512,
	}}}
	user.Spec.Authentication.Password = new(strimziv1.Password)
	user.Spec.Authentication.Password.ValueFrom.SecretKeyRef = secretKey("etl-password", "password")
	for _, r := range kafka.References(user) {
		fmt.Println(r.Kind, r.Name, r.Key, r.Field)
	}
	// Output:
	// Secret etl-password password spec.authentication.password.valueFrom.secretKeyRef.name
}
