package kafka_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// Manifests are loaded as they are, upgraded together, and rendered. What
// nobody can derive from them is a decision.
func ExampleUpgrade() {
	const old = `apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaConnector
metadata:
  name: orders
  namespace: kafka
  labels: {strimzi.io/cluster: connect}
spec:
  class: org.apache.kafka.connect.file.FileStreamSinkConnector
  pause: true
---
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaNodePool
metadata:
  name: broker
  namespace: kafka
  labels: {strimzi.io/cluster: events}
spec:
  replicas: 3
  roles: [broker]
  storage:
    type: persistent-claim
    size: 500Gi
    overrides: [{broker: 0, class: slow}]
`
	bundle, err := millrace.LoadReader("old.yaml", strings.NewReader(old))
	if err != nil {
		fmt.Println(err)
		return
	}
	upgraded, err := kafka.Upgrade(bundle.Objects()...)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, change := range upgraded.Changes {
		fmt.Println(change)
	}
	for _, decision := range upgraded.Decisions {
		fmt.Println(decision)
	}
	fmt.Println("---")
	today, err := millrace.Build(upgraded)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, today); err != nil {
		fmt.Println(err)
	}
	// Output:
	// KafkaConnector kafka/orders: rewritten spec.pause -> spec.state: there are three states now
	// KafkaConnector kafka/orders: rewritten apiVersion: Strimzi 1.0 and later serve kafka.strimzi.io/v1 only
	// KafkaNodePool kafka/broker: dropped spec.storage.overrides: a pool has one class for each of its disks
	// KafkaNodePool kafka/broker: rewritten apiVersion: Strimzi 1.0 and later serve kafka.strimzi.io/v1 only
	// KafkaNodePool kafka/broker: spec.storage.overrides: some nodes had disks of another storage class; until then: all of the pool's new disks are of the class of its storage; disks that exist stay as they are
	// ---
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaConnector
	// metadata:
	//   name: orders
	//   namespace: kafka
	//   labels:
	//     strimzi.io/cluster: connect
	// spec:
	//   class: org.apache.kafka.connect.file.FileStreamSinkConnector
	//   state: paused
	// ---
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaNodePool
	// metadata:
	//   name: broker
	//   namespace: kafka
	//   labels:
	//     strimzi.io/cluster: events
	// spec:
	//   replicas: 3
	//   storage:
	//     type: persistent-claim
	//     size: 500Gi
	//   roles:
	//   - broker
}
