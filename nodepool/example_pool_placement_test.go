package nodepool_test

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// What a pool is labelled and tainted with is written once: its placement
// follows.
func ExamplePool_Placement() {
	pool := &nodepool.Pool{
		Name:     "spark-executor-pool",
		Workload: "spark-executor",
		Machine:  "n2-highmem-16",
		Max:      50,
		Provider: nodepool.GKE{Cluster: "main", Location: "europe-west1"},
	}
	placement := pool.Placement()
	fmt.Println(placement.NodeSelector)
	for _, t := range placement.Tolerations {
		fmt.Println(t.Key, t.Operator, t.Value, t.Effect)
	}
	fmt.Println(placement.Annotations)

	bundle, err := millrace.Build(pool)
	if err != nil {
		fmt.Println(err)
		return
	}
	nodes := bundle.Nodes()[0]
	fmt.Println(nodes.Refuses(placement).Empty())
	// Output:
	// map[workload:spark-executor]
	// workload Equal spark-executor NoSchedule
	// map[cluster-autoscaler.kubernetes.io/safe-to-evict:false karpenter.sh/do-not-disrupt:true]
	// true
}
