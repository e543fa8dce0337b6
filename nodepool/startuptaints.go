package nodepool

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// startupTaintPrefix begins the keys of taints that Cluster Autoscaler knows
// to go away, so that it makes nodes for pods which don't tolerate them.
// Source: kubernetes/autoscaler, cluster-autoscaler/FAQ.md, startup taints.
const startupTaintPrefix = "startup-taint.cluster-autoscaler.kubernetes.io/"

// checkStartupTaints checks the start-up taints of a pool whose nodes Cluster
// Autoscaler makes. They go to the nodes among all others, so taken is that of
// Taints, with those in it.
func (p *Pool) checkStartupTaints(problems *millrace.Problems, taken map[corev1.Taint]string) {
	checkTaints(problems, "StartupTaints", p.StartupTaints, taken)
	for i, t := range p.StartupTaints {
		if t.Key != "" && !strings.HasPrefix(t.Key, startupTaintPrefix) {
			problems.Invalid(fmt.Sprintf("StartupTaints[%d].Key", i), t.Key,
				"Cluster Autoscaler would believe that the taint stays, and make no node",
				"use the prefix "+startupTaintPrefix+", and let whatever removes the taint know it by that name")
		}
	}
}
