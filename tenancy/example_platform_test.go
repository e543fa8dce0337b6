package tenancy_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	schedulingv1 "k8s.io/api/scheduling/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/tenancy"
)

// quantity reads a quantity.
func quantity(text string) *resource.Quantity { q := resource.MustParse(text); return &q }

// The zero platform has the priorities of drivers and executors. Further ones
// need a value.
func ExamplePlatform() {
	platform := &tenancy.Platform{
		Priorities: []tenancy.Priority{{Name: "brokers", Value: new(int32(1000)), Preempts: new(true), Description: "Kafka's brokers."}},
	}
	fmt.Println(platform.DriverPriority(), platform.ExecutorPriority())
	show(platform, "PriorityClass")
	// Output:
	// data-driver data-executor
	// apiVersion: scheduling.k8s.io/v1
	// kind: PriorityClass
	// metadata:
	//   name: data-driver
	// value: 0
	// description: Drivers of Spark jobs. They push executors aside.
	// preemptionPolicy: PreemptLowerPriority
	// ---
	// apiVersion: scheduling.k8s.io/v1
	// kind: PriorityClass
	// metadata:
	//   name: data-executor
	// value: -5
	// description: Executors of Spark jobs. They wait for room.
	// preemptionPolicy: Never
	// ---
	// apiVersion: scheduling.k8s.io/v1
	// kind: PriorityClass
	// metadata:
	//   name: brokers
	// value: 1000
	// description: Kafka's brokers.
	// preemptionPolicy: PreemptLowerPriority
}

// Build reports what would go wrong later.
func ExamplePlatform_Build() {
	_, err := (&tenancy.Platform{
		Executors: tenancy.Priority{Value: new(int32(-100))},
		Storage:   []tenancy.StorageClass{{Name: "local", Disks: tenancy.LocalDisk{}, FixedSize: true}},
	}).Build()
	fmt.Println(err)
	// Output:
	// build: 2 mistakes:
	//   tenancy.Platform (no name): Executors.Value: -100: Cluster Autoscaler makes no nodes for pods below -10; use -10 or more [build/invalid]
	//   tenancy.Platform (no name): Storage[0].FixedSize: local disks never grow; leave it out [build/conflict]
}

// Disks are made where their pods go, and grow.
func ExampleStorageClass() {
	show(&tenancy.Platform{Storage: []tenancy.StorageClass{
		{Name: "scratch", Disks: tenancy.EBS{}},
		{Name: "brokers", Disks: tenancy.EBS{IOPS: 6000, Throughput: 500}, Retain: true, FileSystem: "xfs"},
	}}, "StorageClass")
	// Output:
	// apiVersion: storage.k8s.io/v1
	// kind: StorageClass
	// metadata:
	//   name: scratch
	// provisioner: ebs.csi.aws.com
	// parameters:
	//   encrypted: "true"
	//   type: gp3
	// reclaimPolicy: Delete
	// allowVolumeExpansion: true
	// volumeBindingMode: WaitForFirstConsumer
	// ---
	// apiVersion: storage.k8s.io/v1
	// kind: StorageClass
	// metadata:
	//   name: brokers
	// provisioner: ebs.csi.aws.com
	// parameters:
	//   csi.storage.k8s.io/fstype: xfs
	//   encrypted: "true"
	//   iops: "6000"
	//   throughput: "500"
	//   type: gp3
	// reclaimPolicy: Retain
	// allowVolumeExpansion: true
	// volumeBindingMode: WaitForFirstConsumer
}

// Each cloud has disks of its own.
func ExampleDisks() {
	for _, disks := range []tenancy.Disks{
		tenancy.GCEDisk{Type: "pd-ssd"}, tenancy.EBS{AutoMode: true}, tenancy.AzureDisk{}, tenancy.LocalDisk{}, tenancy.Provisioner{Name: "rook-ceph.rbd.csi.ceph.com"},
	} {
		platform := &tenancy.Platform{NoPriorities: true, Storage: []tenancy.StorageClass{{Name: "fast", Disks: disks}}}
		parts, err := platform.Build()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(provisionerOf(parts.Objects[0]))
	}
	// Output:
	// pd.csi.storage.gke.io
	// ebs.csi.eks.amazonaws.com
	// disk.csi.azure.com
	// kubernetes.io/no-provisioner
	// rook-ceph.rbd.csi.ceph.com
}

// A share of the cluster in Kueue, on the nodes of a pool: its Placement
// becomes the flavor's labels and tolerations.
func ExampleClusterQueue() {
	placement := millrace.Placement{ // of a nodepool.Pool
		NodeSelector: map[string]string{"workload": "spark-executor"},
		Tolerations:  []corev1.Toleration{{Key: "workload", Operator: "Equal", Value: "spark-executor", Effect: "NoSchedule"}},
	}
	platform := &tenancy.Platform{NoPriorities: true, Queues: []tenancy.ClusterQueue{{
		Name: "data", Flavors: []tenancy.Flavor{{Name: "spark-executor", Placement: placement, Cores: 400, Memory: 3200 * millrace.GiB}},
	}}}
	sales := &tenancy.Tenant{Name: "sales", Quota: tenancy.Quota{Unlimited: true}, Queue: tenancy.Kueue{ClusterQueue: "data"}, Platform: platform}
	show(platform, "ResourceFlavor", "ClusterQueue")
	show(sales, "LocalQueue")
	fmt.Println(sales.QueueName(), sales.QueueLabels())
	// Output:
	// apiVersion: kueue.x-k8s.io/v1beta2
	// kind: ResourceFlavor
	// metadata:
	//   name: spark-executor
	// spec:
	//   nodeLabels:
	//     workload: spark-executor
	//   tolerations:
	//   - effect: NoSchedule
	//     key: workload
	//     operator: Equal
	//     value: spark-executor
	// ---
	// apiVersion: kueue.x-k8s.io/v1beta2
	// kind: ClusterQueue
	// metadata:
	//   name: data
	// spec:
	//   namespaceSelector:
	//     matchLabels:
	//       tenancy.millrace.github.io/cluster-queue: data
	//   resourceGroups:
	//   - coveredResources:
	//     - cpu
	//     - memory
	//     flavors:
	//     - name: spark-executor
	//       resources:
	//       - name: cpu
	//         nominalQuota: "400"
	//       - name: memory
	//         nominalQuota: 3200Gi
	// apiVersion: kueue.x-k8s.io/v1beta2
	// kind: LocalQueue
	// metadata:
	//   name: sales
	//   namespace: sales
	// spec:
	//   clusterQueue: data
	// sales map[kueue.x-k8s.io/queue-name:sales]
}

// YuniKorn makes the queue by itself, from what the Namespace says.
func ExampleYuniKorn() {
	sales := &tenancy.Tenant{Name: "sales", Quota: tenancy.Quota{Unlimited: true}, Queue: tenancy.YuniKorn{Parent: "root.data", Cores: 200, Memory: 1600 * millrace.GiB}}
	show(sales, "Namespace")
	fmt.Println(sales.QueueName(), sales.QueueLabels())
	// Output:
	// apiVersion: v1
	// kind: Namespace
	// metadata:
	//   name: sales
	//   labels:
	//     pod-security.kubernetes.io/audit: restricted
	//     pod-security.kubernetes.io/audit-version: latest
	//     pod-security.kubernetes.io/enforce: restricted
	//     pod-security.kubernetes.io/enforce-version: latest
	//     pod-security.kubernetes.io/warn: restricted
	//     pod-security.kubernetes.io/warn-version: latest
	//   annotations:
	//     yunikorn.apache.org/namespace.quota: '{"cpu":"200","memory":"1600Gi"}'
	//     yunikorn.apache.org/parentqueue: root.data
	// root.data.sales map[queue:root.data.sales]
}

// Volcano's queue has the tenant's name and its quota.
func ExampleVolcano() {
	var queue tenancy.Queue = tenancy.Volcano{Weight: 2}
	sales := &tenancy.Tenant{Name: "sales", Quota: tenancy.Quota{Cores: 200, Memory: 1600 * millrace.GiB}, Queue: queue}
	show(sales, "Queue")
	fmt.Println(sales.QueueName())
	// Output:
	// apiVersion: scheduling.volcano.sh/v1beta1
	// kind: Queue
	// metadata:
	//   name: sales
	// spec:
	//   capability:
	//     cpu: "200"
	//     memory: 1600Gi
	//   reclaimable: true
	//   weight: 2
	// sales
}

// The rules read what others wrote.
func ExampleRules() {
	class := &schedulingv1.PriorityClass{ObjectMeta: metav1.ObjectMeta{Name: "important"}, Value: 100000, GlobalDefault: true}
	for _, rule := range tenancy.Rules() {
		rule.Check(&millrace.Pass{Object: class, Bundle: new(millrace.Bundle), Report: func(_, detail string) {
			fmt.Printf("%s %s: %s\n", rule.Severity, rule.ID, detail)
		}})
	}
	// Output:
	// warning tenancy/priority-default: new pods have 100000 and preempt, and those that are there have 0
}
