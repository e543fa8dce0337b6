package nodepool_test

import (
	"fmt"
	"time"

	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// A pool of spot machines for executors, which Karpenter buys as they are
// needed, and which keeps its nodes during office hours.
func ExamplePool_NodePool() {
	pool := &nodepool.Pool{
		Name:     "spark-executor-spot",
		Workload: "spark-executor",
		Capacity: nodepool.SpotFirst,
		Zones:    []string{"eu-west-1a"},
		Max:      50,
		Disruption: nodepool.Disruption{
			Quiet: []nodepool.Window{{Schedule: "0 8 * * mon-fri", Duration: 10 * time.Hour}},
		},
		Provider: nodepool.Karpenter{
			NodeClass: nodepool.NodeClass{Name: "data"},
			Requirements: []karpenterv1.NodeSelectorRequirementWithMinValues{
				{Key: "karpenter.k8s.aws/instance-category", Operator: karpenterv1.NodeSelectorOperatorIn, Values: []string{"r", "m"}},
				{Key: "karpenter.k8s.aws/instance-generation", Operator: karpenterv1.NodeSelectorOperatorGt, Values: []string{"5"}},
			},
		},
	}
	np, err := pool.NodePool()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range np.Spec.Template.Spec.Requirements {
		fmt.Println(r.Key, r.Operator, r.Values)
	}
	for _, b := range np.Spec.Disruption.Budgets {
		if b.Schedule == nil {
			fmt.Println("at most", b.Nodes, "at any time")
		} else {
			fmt.Println("at most", b.Nodes, "for", *b.Duration, "from", *b.Schedule)
		}
	}
	// Output:
	// karpenter.sh/capacity-type In [spot on-demand]
	// topology.kubernetes.io/zone In [eu-west-1a]
	// karpenter.k8s.aws/instance-category In [r m]
	// karpenter.k8s.aws/instance-generation Gt [5]
	// kubernetes.io/arch In [amd64]
	// kubernetes.io/os In [linux]
	// at most 10% at any time
	// at most 0 for 10h from 0 8 * * mon-fri
}
