package nodepool_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// The shape of a pool that somebody else wrote tells whether pods fit it.
func ExampleShape() {
	pool := &karpenterv1.NodePool{}
	pool.Name = "general"
	pool.Spec.Template.Spec.Taints = []corev1.Taint{{Key: "team", Value: "search", Effect: corev1.TaintEffectNoSchedule}}

	shape := nodepool.Shape(pool)
	fmt.Println(shape.Labels)
	fmt.Println(len(shape.Untolerated(nil)))
	// Output:
	// map[karpenter.sh/nodepool:general]
	// 1
}
