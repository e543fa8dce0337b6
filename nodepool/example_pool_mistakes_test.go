package nodepool_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/nodepool"
)

// Build reports every mistake at once, and what the provider can't express.
func ExamplePool_Build() {
	pool := &nodepool.Pool{
		Name:     "kafka-brokers",
		Machine:  "c4a-highmem-8",
		Lifetime: nodepool.Forever,
		Taints:   []corev1.Taint{{Key: "brokers", Value: "true", Effect: "NO_SCHEDULE"}},
		Provider: nodepool.GKE{Cluster: "main", Location: "${var.region}"},
	}
	_, err := pool.Build()
	fmt.Println(err)
	// Output:
	// build: 5 mistakes:
	//   nodepool.Pool kafka-brokers: Machine: "c4a-highmem-8": is an arm64 machine and the pool is amd64; use another machine, or set Arch to nodepool.ARM64 and build the images for it [build/invalid]
	//   nodepool.Pool kafka-brokers: Max: is required; say how many nodes the pool may have [build/required]
	//   nodepool.Pool kafka-brokers: Taints[0].Effect: "NO_SCHEDULE": unknown taint effect; use NoSchedule, as Kubernetes spells it [build/invalid]
	//   nodepool.Pool kafka-brokers: Provider.Location: "${var.region}": it is a template; write the bare reference, such as var.region; put any other expression into a local [build/invalid]
	//   nodepool.Pool kafka-brokers: Lifetime: a GKE node pool doesn't expire its nodes; leave it out: auto_upgrade replaces them [build/unsupported]
}
