package nodepool_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// The shape of a pool that somebody else wrote tells whether pods land there,
// and what keeps them off.
func ExampleShape() {
	pool := &karpenterv1.NodePool{}
	pool.Name = "general"
	pool.Spec.Template.Spec.Taints = []corev1.Taint{{Key: "team", Value: "search", Effect: corev1.TaintEffectNoSchedule}}
	pool.Spec.Template.Spec.Requirements = []karpenterv1.NodeSelectorRequirementWithMinValues{
		{Key: corev1.LabelTopologyZone, Operator: karpenterv1.NodeSelectorOperatorIn, Values: []string{"eu-west-1a", "eu-west-1b"}},
	}

	shape := nodepool.NodesOf(pool)
	fmt.Println(shape.Labels)
	refusal := shape.Refuses(millrace.Placement{NodeSelector: map[string]string{corev1.LabelTopologyZone: "eu-west-1c"}})
	fmt.Println(refusal.Labels[0])
	fmt.Println(len(refusal.Taints))
	// Output:
	// map[karpenter.sh/nodepool:general]
	// has topology.kubernetes.io/zone one of eu-west-1a, eu-west-1b, where the pod asks for topology.kubernetes.io/zone=eu-west-1c
	// 1
}
