package spark

import (
	"github.com/millrace/millrace"
)

// checkExecutorPool asks for a dedicated pool for the executors. Whether the
// pools of the composition take them is what the rules placement/… look at.
func checkExecutorPool(pass *millrace.Pass) {
	app, ok := applicationIn(pass.Object)
	if !ok {
		return
	}
	selector, at := app.nodeSelector(executorRole)
	if len(selector) == 0 && !app.bindsNodes(executorRole) {
		pass.Report(at, "executors run on any node, beside every other workload")
	}
	if tolerations, at := app.tolerations(executorRole); len(tolerations) == 0 && !keptOff(pass) {
		pass.Report(at, "executors tolerate no taint, so that no pool can be kept for them")
	}
}

// keptOff reports whether the executors ask for a pool of the composition that
// has a taint, so that placement/no-pool names it already.
func keptOff(pass *millrace.Pass) bool {
	if pass.Bundle == nil {
		return false
	}
	for _, pod := range pass.Pods {
		placement := pod.Placement()
		if pod.Role != string(executorRole) || !placement.Tied() {
			continue
		}
		asked := false
		for _, pool := range pass.Bundle.Nodes() {
			refusal := pool.Refuses(placement)
			if refusal.Empty() {
				return false
			}
			asked = asked || len(refusal.Labels) == 0
		}
		return asked
	}
	return false
}
