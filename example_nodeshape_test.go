package millrace_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// A shape says what keeps pods off a pool, in words for whoever placed them.
func ExampleNodeShape_Refuses() {
	pool := millrace.NodeShape{
		Pool:         "spark",
		Labels:       map[string]string{"workload": "spark"},
		Requirements: []corev1.NodeSelectorRequirement{{Key: "topology.kubernetes.io/zone", Operator: corev1.NodeSelectorOpIn, Values: []string{"a", "b"}}},
		Taints:       []corev1.Taint{{Key: "workload", Value: "spark", Effect: corev1.TaintEffectNoSchedule}},
	}
	refusal := pool.Refuses(millrace.Placement{NodeSelector: map[string]string{"workload": "sparc", "topology.kubernetes.io/zone": "c"}})
	for _, m := range refusal.Labels {
		fmt.Println("pool", pool.Pool, m)
	}
	for _, t := range refusal.Taints {
		fmt.Println("not tolerated:", t.ToString())
	}
	// Output:
	// pool spark has topology.kubernetes.io/zone one of a, b, where the pod asks for topology.kubernetes.io/zone=c
	// pool spark has workload=spark, not sparc
	// not tolerated: workload=spark:NoSchedule
}
