package nodepool_test

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// The rules read NodePools that others wrote. Here a budget was meant to allow
// disruption at night, and instead leaves the day without any limit.
func ExampleRules() {
	pool := &karpenterv1.NodePool{Spec: karpenterv1.NodePoolSpec{
		Disruption: &karpenterv1.Disruption{
			ConsolidationPolicy: karpenterv1.ConsolidationPolicyWhenEmpty,
			ConsolidateAfter:    "5m",
			Budgets:             []karpenterv1.Budget{{Nodes: "50%", Schedule: new("0 22 * * *"), Duration: new("8h")}},
		},
	}}
	for _, rule := range nodepool.Rules() {
		rule.Check(&millrace.Pass{Object: pool, Bundle: new(millrace.Bundle), Report: func(field, detail string) {
			fmt.Printf("%s %s: %s\n", rule.Severity, rule.ID, detail)
		}})
	}
	// Output:
	// warning nodepool/limits: the pool has no limits
	// warning nodepool/budgets: no budget limits the disruption of Empty, Drifted nodes from Sunday 06:00 to Sunday 22:00 UTC
	// warning nodepool/termination-grace: nodes expire after 720h and then wait without end for pods that are guarded
	// info nodepool/dedicated: no taint keeps other pods off the pool's nodes
}
