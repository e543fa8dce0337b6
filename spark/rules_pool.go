package spark

import (
	"github.com/millrace/millrace"
)

// computeClass is the label of the nodes of GKE's ComputeClasses, and their
// taint, which GKE lets pods tolerate that select it.
// Source: https://cloud.google.com/kubernetes-engine/docs/concepts/about-custom-compute-classes.
const computeClass = "cloud.google.com/compute-class"

// checkExecutorPool asks for a dedicated pool for the executors. Whether the
// pools of the composition take them is what the rules placement/… look at.
func checkExecutorPool(pass *millrace.Pass) {
	podRule(func(pod millrace.Pod, _ string, report func(field, detail string)) {
		placement := pod.Placement()
		untied := len(placement.NodeSelector) == 0 && placement.RequiredNodes() == nil
		_, byClass := placement.NodeSelector[computeClass]
		intolerant := len(placement.Tolerations) == 0 && !byClass && !keptOff(pass.Bundle, placement)
		switch {
		case untied && intolerant:
			report(pod.Field("spec.nodeSelector"), "executors run on any node, beside every other workload, and tolerate no taint that would keep one for them")
		case untied:
			report(pod.Field("spec.nodeSelector"), "executors run on any node, beside every other workload")
		case intolerant:
			report(pod.Field("spec.tolerations"), "executors tolerate no taint, so that no pool can be kept for them")
		}
	}, executorRole)(pass)
}

// keptOff reports whether pods that tolerate nothing ask for a pool of the
// composition that has a taint: placement/no-pool names it already.
func keptOff(b *millrace.Bundle, placement millrace.Placement) bool {
	if b == nil || !placement.Tied() {
		return false
	}
	asked := false
	for _, pool := range b.Nodes() {
		refusal := pool.Refuses(placement)
		if refusal.Empty() {
			return false
		}
		asked = asked || len(refusal.Labels) == 0
	}
	return asked
}
