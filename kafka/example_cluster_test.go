package kafka_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// A cluster says what it has to: listeners, disks, and where they are. The
// rest are production defaults.
func ExampleCluster() {
	cluster := &kafka.Cluster{
		Name: "data-platform-kafka", Namespace: "kafka",
		Listeners: []kafka.Listener{{Name: "tls", Port: 9093, Auth: kafka.MutualTLS}},
		Pools: []kafka.BrokerPool{
			{Volumes: []kafka.Volume{{Size: 500 * millrace.GiB, Class: "premium-ssd"}}},
			{Roles: []kafka.Role{kafka.Controller}, Volumes: []kafka.Volume{{Size: 50 * millrace.GiB, Class: "premium-ssd"}}},
		},
	}
	bundle, err := millrace.Build(cluster)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: Kafka
	// metadata:
	//   name: data-platform-kafka
	//   namespace: kafka
	// spec:
	//   kafka:
	//     listeners:
	//     - name: tls
	//       port: 9093
	//       type: internal
	//       tls: true
	//       authentication:
	//         type: tls
	//     config:
	//       auto.create.topics.enable: false
	//       default.replication.factor: 3
	//       min.insync.replicas: 2
	//       offsets.topic.replication.factor: 3
	//       transaction.state.log.min.isr: 2
	//       transaction.state.log.replication.factor: 3
	//     authorization:
	//       type: simple
	//     rack:
	//       topologyKey: topology.kubernetes.io/zone
	//     metricsConfig:
	//       type: strimziMetricsReporter
	//   entityOperator:
	//     topicOperator:
	//       resources:
	//         limits:
	//           memory: 256Mi
	//         requests:
	//           cpu: 100m
	//           memory: 256Mi
	//     userOperator:
	//       resources:
	//         limits:
	//           memory: 256Mi
	//         requests:
	//           cpu: 100m
	//           memory: 256Mi
	//   cruiseControl:
	//     resources:
	//       limits:
	//         memory: 2Gi
	//       requests:
	//         cpu: 500m
	//         memory: 2Gi
	//     autoRebalance:
	//     - mode: add-brokers
	//     - mode: remove-brokers
	//   kafkaExporter:
	//     resources:
	//       limits:
	//         memory: 128Mi
	//       requests:
	//         cpu: 200m
	//         memory: 128Mi
	// ---
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaNodePool
	// metadata:
	//   name: broker
	//   namespace: kafka
	//   labels:
	//     strimzi.io/cluster: data-platform-kafka
	// spec:
	//   replicas: 3
	//   storage:
	//     type: jbod
	//     volumes:
	//     - id: 0
	//       type: persistent-claim
	//       class: premium-ssd
	//       deleteClaim: false
	//       size: 500Gi
	//   roles:
	//   - broker
	//   resources:
	//     limits:
	//       memory: 8Gi
	//     requests:
	//       cpu: "2"
	//       memory: 8Gi
	//   template:
	//     pod:
	//       affinity:
	//         podAntiAffinity:
	//           requiredDuringSchedulingIgnoredDuringExecution:
	//           - labelSelector:
	//               matchLabels:
	//                 strimzi.io/broker-role: "true"
	//                 strimzi.io/cluster: data-platform-kafka
	//             topologyKey: kubernetes.io/hostname
	//       topologySpreadConstraints:
	//       - maxSkew: 1
	//         topologyKey: topology.kubernetes.io/zone
	//         whenUnsatisfiable: DoNotSchedule
	//         labelSelector:
	//           matchLabels:
	//             strimzi.io/broker-role: "true"
	//             strimzi.io/cluster: data-platform-kafka
	// ---
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaNodePool
	// metadata:
	//   name: controller
	//   namespace: kafka
	//   labels:
	//     strimzi.io/cluster: data-platform-kafka
	// spec:
	//   replicas: 3
	//   storage:
	//     type: jbod
	//     volumes:
	//     - id: 0
	//       type: persistent-claim
	//       class: premium-ssd
	//       deleteClaim: false
	//       size: 50Gi
	//   roles:
	//   - controller
	//   resources:
	//     limits:
	//       memory: 4Gi
	//     requests:
	//       cpu: "1"
	//       memory: 4Gi
	//   template:
	//     pod:
	//       affinity:
	//         podAntiAffinity:
	//           requiredDuringSchedulingIgnoredDuringExecution:
	//           - labelSelector:
	//               matchLabels:
	//                 strimzi.io/cluster: data-platform-kafka
	//                 strimzi.io/controller-role: "true"
	//             topologyKey: kubernetes.io/hostname
	//       topologySpreadConstraints:
	//       - maxSkew: 1
	//         topologyKey: topology.kubernetes.io/zone
	//         whenUnsatisfiable: DoNotSchedule
	//         labelSelector:
	//           matchLabels:
	//             strimzi.io/cluster: data-platform-kafka
	//             strimzi.io/controller-role: "true"
}

// Kafka and NodePools return Strimzi's own types, for programs that go on
// with them.
func ExampleCluster_Kafka() {
	cluster := &kafka.Cluster{Name: "events", Pools: []kafka.BrokerPool{
		{Volumes: []kafka.Volume{{Size: 500 * millrace.GiB, Class: "premium-ssd"}}},
		{Roles: []kafka.Role{kafka.Controller}, Volumes: []kafka.Volume{{Size: 50 * millrace.GiB, Class: "premium-ssd"}}},
	}}
	k, err := cluster.Kafka()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(k.APIVersion, k.Kind, k.Name, k.Spec.Kafka.Config["min.insync.replicas"])
	pools, err := cluster.NodePools()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, pool := range pools {
		fmt.Println(pool.Kind, pool.Name, pool.Spec.Replicas, pool.Spec.Roles)
	}
	// Output:
	// kafka.strimzi.io/v1 Kafka events 2
	// KafkaNodePool broker 3 [broker]
	// KafkaNodePool controller 3 [controller]
}

// Build reports every mistake at once, also what Strimzi would drop without a
// word.
func ExampleCluster_mistakes() {
	cluster := &kafka.Cluster{
		Name: "events",
		Listeners: []kafka.Listener{
			{Name: "plain", Port: 9092, Plaintext: true, Auth: kafka.MutualTLS},
			{Name: "metrics", Port: 9404},
		},
		Replication: kafka.Replication{Factor: 5},
		Config:      map[string]string{"log.dirs": "/data", "inter.broker.protocol.version": "3.7"},
		Pools: []kafka.BrokerPool{
			{Volumes: []kafka.Volume{{Size: 500 * millrace.GiB}, {Size: 500 * millrace.GiB}}},
			{Roles: []kafka.Role{kafka.Controller}, Volumes: []kafka.Volume{{Class: "premium-ssd"}}},
		},
	}
	_, err := millrace.Build(cluster)
	fmt.Println(err)
	// Output:
	// build: 7 mistakes:
	//   kafka.Cluster events: Config[inter.broker.protocol.version]: it has no meaning without ZooKeeper; use spec.kafka.metadataVersion (the field MetadataVersion) [build/unsupported]
	//   kafka.Cluster events: Config[log.dirs]: Strimzi manages the settings log.dir* itself, and drops this one without a word; use the field of the cluster that is for it, or leave it out [build/unsupported]
	//   kafka.Cluster events: Listeners[0].Auth: client certificates need TLS; turn TLS on, or use SCRAM [build/conflict]
	//   kafka.Cluster events: Listeners[1].Port: 9404: it is taken, for metrics; use another one [build/invalid]
	//   kafka.Cluster events: Replication.Factor: 5: the cluster has 3 brokers, and default.replication.factor can't be more; add brokers, or lower it [build/invalid]
	//   kafka.Cluster events: Pools[0].Volumes[1].ID: disk 0 of the list has the number 0 too; give each disk of a node a number of its own, for ever [build/duplicate]
	//   kafka.Cluster events: Pools[1].Volumes[0].Size: is required; say how large the disk is [build/required]
}
