package millrace_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// What keeps pods off a pool: a label that is misspelt, and a taint that
// nobody tolerates. Pools of package nodepool bring their shapes along.
func ExampleNodeShape_Refuses() {
	pool := millrace.NodeShape{
		Pool:         "spark-executor-pool",
		Labels:       map[string]string{"workload": "spark-executor"},
		Requirements: []corev1.NodeSelectorRequirement{{Key: corev1.LabelTopologyZone, Operator: corev1.NodeSelectorOpIn, Values: []string{"europe-west1-b", "europe-west1-c"}}},
		Taints:       []corev1.Taint{{Key: "workload", Value: "spark-executor", Effect: corev1.TaintEffectNoSchedule}},
	}
	placement := millrace.Placement{NodeSelector: map[string]string{"workload": "spark-exec", corev1.LabelTopologyZone: "europe-west1-b"}}

	refusal := pool.Refuses(placement)
	for _, m := range refusal.Labels {
		fmt.Println("the pool", m)
	}
	for _, t := range refusal.Taints {
		fmt.Println("the pods don't tolerate", t.ToString())
	}
	fmt.Println(refusal.Empty(), placement.Tied())
	// Output:
	// the pool has workload=spark-executor, not spark-exec
	// the pods don't tolerate workload=spark-executor:NoSchedule
	// false true
}
