package nodepool_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/computeclassv1"
)

// Spot machines for Spark executors on GKE, of two types, and on demand when
// there are none.
func ExampleGKEComputeClass() {
	pool := &nodepool.Pool{
		Name:          "spark-executor",
		Machine:       "n2-highmem-16",
		OtherMachines: []string{"n2d-highmem-16"},
		Capacity:      nodepool.SpotFirst,
		Disk:          nodepool.Disk{Size: 200 * millrace.GiB},
		Provider:      nodepool.GKEComputeClass{},
	}
	bundle, err := millrace.Build(pool)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	fmt.Println("---", pool.Placement().NodeSelector)
	// Output:
	// apiVersion: cloud.google.com/v1
	// kind: ComputeClass
	// metadata:
	//   name: spark-executor
	// spec:
	//   whenUnsatisfiable: DoNotScaleUp
	//   autoscalingPolicy:
	//     consolidationDelayMinutes: 5
	//   nodePoolAutoCreation:
	//     enabled: true
	//   nodePoolConfig:
	//     nodeLabels:
	//       workload: spark-executor
	//   priorities:
	//   - location:
	//       locationPolicy: ANY
	//     machineType: n2-highmem-16
	//     spot: true
	//     storage:
	//       bootDiskSize: 200
	//       bootDiskType: pd-balanced
	//   - location:
	//       locationPolicy: ANY
	//     machineType: n2d-highmem-16
	//     spot: true
	//     storage:
	//       bootDiskSize: 200
	//       bootDiskType: pd-balanced
	//   - location:
	//       locationPolicy: BALANCED
	//     machineType: n2-highmem-16
	//     storage:
	//       bootDiskSize: 200
	//       bootDiskType: pd-balanced
	//   - location:
	//       locationPolicy: BALANCED
	//     machineType: n2d-highmem-16
	//     storage:
	//       bootDiskSize: 200
	//       bootDiskType: pd-balanced
	// --- map[cloud.google.com/compute-class:spark-executor]
}

// The nodes of a class that somebody else wrote.
func ExampleNodesOfComputeClass() {
	class := &computeclassv1.ComputeClass{}
	class.Name = "spark"
	class.Spec.Priorities = []computeclassv1.Priority{{MachineType: new("n2-highmem-16"), Spot: new(true)}}
	nodes := nodepool.NodesOfComputeClass(class)
	fmt.Println(nodes.Labels["node.kubernetes.io/instance-type"], nodes.Spot)
	for _, taint := range nodes.Taints {
		fmt.Println(taint.ToString())
	}
	// Output:
	// n2-highmem-16 true
	// cloud.google.com/compute-class=spark:NoSchedule
	// cloud.google.com/gke-spot=true:NoSchedule
}

// The typed object, for programs that go on with it.
func ExamplePool_ComputeClass() {
	pool := &nodepool.Pool{Name: "spark", Provider: nodepool.GKEComputeClass{Families: []string{"n4", "c4"}, MinCPUs: 16}}
	class, err := pool.ComputeClass()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range class.Spec.Priorities {
		fmt.Println(*p.MachineFamily, *p.MinCores, p.Storage.BootDiskType)
	}
	// Output:
	// n4 16 hyperdisk-balanced
	// c4 16 hyperdisk-balanced
}
