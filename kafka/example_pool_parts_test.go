package kafka_test

import (
	"fmt"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// printPool prints what a pool asks of its nodes.
func printPool(pool *kafka.BrokerPool) {
	bundle, err := millrace.Build(pool)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
}

// Several disks, of which one holds the metadata, on nodes whose numbers tell
// them from those of other pools, with a heap and a collector of one's own. A
// secret and a variable are for a plugin.
func ExampleBrokerPool_parts() {
	printPool(&kafka.BrokerPool{
		Name: "nvme", Namespace: "kafka", Cluster: "events",
		NextIDs: []kafka.NodeIDs{{First: 100, Last: 199}}, RemoveIDs: []kafka.NodeIDs{{First: 199, Last: 100}},
		Volumes: []kafka.Volume{
			{ID: 0, Size: 2 * millrace.TiB, Class: "nvme", Metadata: true},
			{ID: 1, Size: 2 * millrace.TiB, Class: "nvme"},
		},
		Resources: kafka.Resources{Memory: 64 * millrace.GiB, CPU: 8},
		Heap:      8 * millrace.GiB,
		JVM: kafka.JVM{
			Options:    map[string]string{"UseZGC": "true"},
			Properties: map[string]string{"com.company.plugin": "on"},
			GCLogging:  true,
		},
		Pod: kafka.PodTemplate{
			PriorityClass: "kafka",
			GracePeriod:   new(5 * time.Minute),
			TmpSize:       20 * millrace.MiB,
			Env: []corev1.EnvVar{{Name: "PLUGIN_TOKEN", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: "plugin"}, Key: "token"}}}},
			Mounts: []kafka.Mount{{Name: "plugin", Path: "/mnt/plugin", ReadOnly: true,
				Source: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "plugin"}}}},
		},
		Spread: kafka.Spread{OneZone: true, SharedHosts: true},
	})
	// Output:
	// apiVersion: kafka.strimzi.io/v1
	// kind: KafkaNodePool
	// metadata:
	//   name: nvme
	//   namespace: kafka
	//   labels:
	//     strimzi.io/cluster: events
	//   annotations:
	//     strimzi.io/next-node-ids: "[100-199]"
	//     strimzi.io/remove-node-ids: "[199-100]"
	// spec:
	//   replicas: 3
	//   storage:
	//     type: jbod
	//     volumes:
	//     - id: 0
	//       type: persistent-claim
	//       class: nvme
	//       deleteClaim: false
	//       kraftMetadata: shared
	//       size: 2Ti
	//     - id: 1
	//       type: persistent-claim
	//       class: nvme
	//       deleteClaim: false
	//       size: 2Ti
	//   roles:
	//   - broker
	//   resources:
	//     limits:
	//       memory: 64Gi
	//     requests:
	//       cpu: "8"
	//       memory: 64Gi
	//   jvmOptions:
	//     -XX:
	//       UseZGC: "true"
	//     -Xmx: 8g
	//     -Xms: 8g
	//     gcLoggingEnabled: true
	//     javaSystemProperties:
	//     - name: com.company.plugin
	//       value: "on"
	//   template:
	//     pod:
	//       terminationGracePeriodSeconds: 300
	//       priorityClassName: kafka
	//       tmpDirSizeLimit: 20Mi
	//       volumes:
	//       - name: plugin
	//         secret:
	//           secretName: plugin
	//     kafkaContainer:
	//       env:
	//       - name: PLUGIN_TOKEN
	//         valueFrom:
	//           secretKeyRef:
	//             name: plugin
	//             key: token
	//       volumeMounts:
	//       - name: plugin
	//         readOnly: true
	//         mountPath: /mnt/plugin
}

// What the operator would refuse is said by Build, all of it at once, in
// the words of the fields.
func ExampleBrokerPool_mistakes() {
	_, err := millrace.Build(&kafka.BrokerPool{
		Name: "brokers", Cluster: "events",
		Volumes:   []kafka.Volume{{Size: 100 * millrace.GiB}, {Class: "fast"}},
		Resources: kafka.Resources{Memory: 4 * millrace.GiB},
		Heap:      4 * millrace.GiB,
		Pod: kafka.PodTemplate{Mounts: []kafka.Mount{{Name: "ca", Path: "/etc/ca",
			Source: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "ca"}}}}},
	})
	fmt.Println(err)
	// Output:
	// build: 4 mistakes:
	//   kafka.BrokerPool brokers: Volumes[1].Size: is required; say how large the disk is [build/required]
	//   kafka.BrokerPool brokers: Volumes[1].ID: disk 0 of the list has the number 0 too; give each disk of a node a number of its own, for ever [build/duplicate]
	//   kafka.BrokerPool brokers: Heap: 4g of heap in a container with 4Gi of memory, which needs some of it for more than the heap; use about half of the memory [build/invalid]
	//   kafka.BrokerPool brokers: Pod.Mounts[0].Path: "/etc/ca": Strimzi mounts nothing there; mount it below /mnt [build/invalid]
}

// A cluster with tiered storage: the remote storage manager is in the image,
// its settings are here, and topics take part by remote.storage.enable.
func ExampleTieredStorage() {
	cluster := &kafka.Cluster{
		Name: "events", Namespace: "kafka", Version: "4.3.1", Image: "registry.company.com/kafka:4.3.1-tiered",
		TieredStorage: kafka.TieredStorage{
			Class: "io.aiven.kafka.tieredstorage.RemoteStorageManager", ClassPath: "/opt/kafka/plugins/tiered-storage/*",
			Config: map[string]string{"storage.s3.bucket.name": "events", "storage.s3.region": "eu-central-1"},
		},
		MaxUnavailable: new(1),
		Probes:         kafka.Probes{Liveness: kafka.Probe{Delay: new(time.Duration(0)), Failures: 10}},
		Pools: []kafka.BrokerPool{
			{Volumes: []kafka.Volume{{Size: 100 * millrace.GiB, Class: "fast"}}},
			{Roles: []kafka.Role{kafka.Controller}, Volumes: []kafka.Volume{{Size: 20 * millrace.GiB, Class: "fast"}}},
		},
	}
	k, err := cluster.Kafka()
	if err != nil {
		fmt.Println(err)
		return
	}
	tiers := k.Spec.Kafka.TieredStorage
	fmt.Println(tiers.Type, *tiers.RemoteStorageManager.ClassName)
	fmt.Println("replicas of its metadata:", k.Spec.Kafka.Config["rlmm.config.remote.log.metadata.topic.replication.factor"])
	fmt.Println("asked whether it is well after", *k.Spec.Kafka.LivenessProbe.InitialDelaySeconds, "seconds")
	fmt.Println("down at once for maintenance:", *k.Spec.Kafka.Template.PodDisruptionBudget.MaxUnavailable)
	// Output:
	// custom io.aiven.kafka.tieredstorage.RemoteStorageManager
	// replicas of its metadata: 3
	// asked whether it is well after 0 seconds
	// down at once for maintenance: 1
}
