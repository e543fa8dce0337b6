package kafka_test

import (
	"fmt"
	"os"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// One Bridge for programs that write, in two pods, and one for those that read:
// a consumer lives in the pod that made it.
func ExampleBridge() {
	events := kafka.Connection{Cluster: "events", User: "web"}
	bundle, err := millrace.Build(
		&kafka.Bridge{Name: "write", Namespace: "kafka", Kafka: events,
			Consumer: kafka.BridgeConsumer{Disabled: true},
			Producer: kafka.BridgeProducer{Config: map[string]string{"acks": "all"}}},
		&kafka.Bridge{Name: "read", Namespace: "kafka", Kafka: events,
			HTTP:     kafka.BridgeHTTP{CORS: kafka.BridgeCORS{Origins: []string{"https://company.com"}}},
			Consumer: kafka.BridgeConsumer{Timeout: time.Hour},
			Producer: kafka.BridgeProducer{Disabled: true}},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range bundle.Objects() {
		for _, rule := range kafka.Rules() {
			rule.Check(&millrace.Pass{Object: o, Bundle: bundle, Report: func(field, detail string) { fmt.Println(rule.ID, field, detail) }})
		}
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaBridge
	// metadata:
	//   name: write
	//   namespace: kafka
	// spec:
	//   replicas: 2
	//   bootstrapServers: events-kafka-bootstrap.kafka.svc:9093
	//   tls:
	//     trustedCertificates:
	//     - secretName: events-cluster-ca-cert
	//       pattern: "*.crt"
	//   authentication:
	//     type: tls
	//     certificateAndKey:
	//       secretName: web
	//       certificate: user.crt
	//       key: user.key
	//   http:
	//     port: 8080
	//   consumer:
	//     enabled: false
	//   producer:
	//     config:
	//       acks: all
	//   resources:
	//     limits:
	//       memory: 1Gi
	//     requests:
	//       cpu: 500m
	//       memory: 1Gi
	//   metricsConfig:
	//     type: strimziMetricsReporter
	//   template:
	//     pod:
	//       topologySpreadConstraints:
	//       - maxSkew: 1
	//         topologyKey: topology.kubernetes.io/zone
	//         whenUnsatisfiable: ScheduleAnyway
	//         labelSelector:
	//           matchLabels:
	//             strimzi.io/cluster: write
	//             strimzi.io/name: write-bridge
	//       - maxSkew: 1
	//         topologyKey: kubernetes.io/hostname
	//         whenUnsatisfiable: ScheduleAnyway
	//         labelSelector:
	//           matchLabels:
	//             strimzi.io/cluster: write
	//             strimzi.io/name: write-bridge
	// ---
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaBridge
	// metadata:
	//   name: read
	//   namespace: kafka
	// spec:
	//   replicas: 1
	//   bootstrapServers: events-kafka-bootstrap.kafka.svc:9093
	//   tls:
	//     trustedCertificates:
	//     - secretName: events-cluster-ca-cert
	//       pattern: "*.crt"
	//   authentication:
	//     type: tls
	//     certificateAndKey:
	//       secretName: web
	//       certificate: user.crt
	//       key: user.key
	//   http:
	//     port: 8080
	//     cors:
	//       allowedOrigins:
	//       - https://company.com
	//       allowedMethods:
	//       - GET
	//       - POST
	//       - PUT
	//       - DELETE
	//       - OPTIONS
	//       - PATCH
	//   consumer:
	//     timeoutSeconds: 3600
	//   producer:
	//     enabled: false
	//   resources:
	//     limits:
	//       memory: 1Gi
	//     requests:
	//       cpu: 500m
	//       memory: 1Gi
	//   metricsConfig:
	//     type: strimziMetricsReporter
	//   template:
	//     pod:
	//       topologySpreadConstraints:
	//       - maxSkew: 1
	//         topologyKey: topology.kubernetes.io/zone
	//         whenUnsatisfiable: ScheduleAnyway
	//         labelSelector:
	//           matchLabels:
	//             strimzi.io/cluster: read
	//             strimzi.io/name: read-bridge
	//       - maxSkew: 1
	//         topologyKey: kubernetes.io/hostname
	//         whenUnsatisfiable: ScheduleAnyway
	//         labelSelector:
	//           matchLabels:
	//             strimzi.io/cluster: read
	//             strimzi.io/name: read-bridge
}
