package kafka_test

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// A pool on its own adds brokers to a cluster that is defined elsewhere, here
// on nodes that are kept for Kafka. nodepool.Pool makes such a placement.
func ExampleBrokerPool() {
	pool := &kafka.BrokerPool{
		Name: "nvme", Namespace: "kafka", Cluster: "data-platform-kafka",
		Replicas:  new(6),
		Volumes:   []kafka.Volume{{Size: 2 * millrace.TiB, Class: "local-nvme"}},
		Resources: kafka.Resources{Memory: 32 * millrace.GiB, CPU: 8},
		Heap:      6 * millrace.GiB,
		Placement: millrace.Placement{
			NodeSelector: map[string]string{"workload": "kafka"},
			Tolerations:  []corev1.Toleration{{Key: "workload", Operator: corev1.TolerationOpEqual, Value: "kafka", Effect: corev1.TaintEffectNoSchedule}},
		},
	}
	printPool(pool)
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaNodePool
	// metadata:
	//   name: nvme
	//   namespace: kafka
	//   labels:
	//     strimzi.io/cluster: data-platform-kafka
	// spec:
	//   replicas: 6
	//   storage:
	//     type: jbod
	//     volumes:
	//     - id: 0
	//       type: persistent-claim
	//       class: local-nvme
	//       deleteClaim: false
	//       size: 2Ti
	//   roles:
	//   - broker
	//   resources:
	//     limits:
	//       memory: 32Gi
	//     requests:
	//       cpu: "8"
	//       memory: 32Gi
	//   jvmOptions:
	//     -Xmx: 6g
	//     -Xms: 6g
	//   template:
	//     pod:
	//       affinity:
	//         nodeAffinity:
	//           requiredDuringSchedulingIgnoredDuringExecution:
	//             nodeSelectorTerms:
	//             - matchExpressions:
	//               - key: workload
	//                 operator: In
	//                 values:
	//                 - kafka
	//         podAntiAffinity:
	//           requiredDuringSchedulingIgnoredDuringExecution:
	//           - labelSelector:
	//               matchLabels:
	//                 strimzi.io/broker-role: "true"
	//                 strimzi.io/cluster: data-platform-kafka
	//             topologyKey: kubernetes.io/hostname
	//       tolerations:
	//       - key: workload
	//         operator: Equal
	//         value: kafka
	//         effect: NoSchedule
	//       topologySpreadConstraints:
	//       - maxSkew: 1
	//         topologyKey: topology.kubernetes.io/zone
	//         whenUnsatisfiable: DoNotSchedule
	//         labelSelector:
	//           matchLabels:
	//             strimzi.io/broker-role: "true"
	//             strimzi.io/cluster: data-platform-kafka
}
