package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
	"github.com/millrace/millrace/spark/apachev1"
)

// placementRules hold pods of every kind against the node pools of the bundle:
// a workload lands on its pool and nowhere else. They say nothing where the
// bundle has no pools.
func placementRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "placement/no-pool",
			Severity: millrace.Error,
			Summary:  "Pods that ask for a node pool are taken by one.",
			Reason:   "Pods whose node selector, required node affinity and tolerations fit no pool stay Pending for ever, and no autoscaler makes a node for them.",
			Fix:      "use the pool's Placement(), or correct the selector and the tolerations; compose or load the pool too if it is elsewhere",
			Source:   "Kubernetes, concepts/scheduling-eviction/assign-pod-node; Karpenter, concepts/scheduling",
			Check:    checkNoPool,
		},
		{
			ID:       "placement/leak",
			Severity: millrace.Warning,
			Summary:  "Pods for a dedicated node pool run there and nowhere else.",
			Reason:   "A toleration lets pods onto the pool and doesn't send them there: they land on other nodes, beside what they were to be kept away from.",
			Fix:      "select a label that only the dedicated pool has, as its Placement() does",
			Source:   "Kubernetes, concepts/scheduling-eviction/taint-and-toleration, dedicated nodes",
			Check:    checkLeak,
		},
		{
			ID:       "placement/expiry",
			Severity: millrace.Warning,
			Summary:  "Stateful pods that are guarded from eviction run on nodes that don't expire.",
			Reason:   "Nodes that were made together expire together, whatever the pool's disruption budgets say. Guarded pods stay on them until the grace period is over, and are then killed all at once, whatever their own budgets say.",
			Fix:      "set the pool's Lifetime to nodepool.Forever (in a manifest, expireAfter: Never), or leave the guard karpenter.sh/do-not-disrupt out, so that the pods move one by one as their disruption budget has it",
			Source:   "Karpenter, concepts/disruption, automated forceful methods; Karpenter 1.14.1, nodeclaim/expiration/controller.go and node/termination/terminator/terminator.go",
			Check:    checkExpiry,
		},
	}
}

// checkNoPool reports pods that ask for a pool and are taken by none, with
// what keeps them off the nearest one.
func checkNoPool(pass *millrace.Pass) {
	if len(pass.Bundle.OwnNodes()) == 0 {
		return // What is known from placements only isn't all that there is.
	}
	pools := landingsOf(pass)
	var found complaints
	for _, pod := range pass.Pods {
		if !pod.Placement().Tied() || undecided(pod) || len(pools.on(pod)) > 0 {
			continue
		}
		near := pools.misfit(pod)
		field := pod.Field("spec.tolerations")
		var causes, taints []string
		for _, m := range near.refusal.Labels {
			causes = append(causes, m.String())
		}
		for _, t := range near.refusal.Taints {
			taints = append(taints, t.ToString())
		}
		if len(taints) > 0 {
			causes = append(causes, fmt.Sprintf("has the taint %s, which isn't tolerated", strings.Join(taints, ", ")))
		}
		if labels := near.refusal.Labels; len(labels) > 0 {
			field = askedAt(pod, func(key string) bool { return key == labels[0].Key })
		}
		found.add(pod, field, "no pool takes ", fmt.Sprintf(": pool %s %s", near.pool.Pool, strings.Join(causes, ", and ")))
	}
	found.report(pass)
}

// checkLeak reports pods that are meant for a dedicated pool, as they tolerate
// its taint, and that other nodes take too.
func checkLeak(pass *millrace.Pass) {
	pools := landingsOf(pass)
	if len(pools.pools) == 0 {
		return
	}
	var found complaints
	for _, pod := range pass.Pods {
		tolerations := dedicated(pod)
		// The pods of a DaemonSet are to run wherever they are let.
		if len(tolerations) == 0 || pod.Owner.Kind == "DaemonSet" || undecided(pod) {
			continue
		}
		var its, others []string
		var by corev1.Toleration // By which the pod is meant for its pools.
		for _, pool := range pools.shapes(pod) {
			if t := lets(pool, tolerations); t != nil {
				its, by = append(its, pool.Pool), *t
			} else {
				others = append(others, pool.Pool)
			}
		}
		tied := pod.Placement().Tied()
		if len(its) == 0 || tied && len(others) == 0 || !tied && untiedExecutor(pass, pod) {
			continue
		}
		to, also := "pool "+strings.Join(its, ", "), "pool "+strings.Join(others, ", ")
		switch {
		case tied:
			found.add(pod, askedAt(pod, millrace.PoolLabel), to+" is meant for ", fmt.Sprintf(", and %s, which has no such taint, is as open", also))
			continue
		case len(others) == 0:
			also = "any node without a taint"
		}
		at := slices.Index(pod.Template.Spec.Tolerations, by)
		found.add(pod, pod.Field(fmt.Sprintf("spec.tolerations[%d]", at)), "nothing ties ", fmt.Sprintf(" to %s, whose taint is tolerated: %s is as open", to, also))
	}
	found.report(pass)
}

// untiedExecutor reports whether spark/executor-pool says already that the pod
// selects no nodes.
func untiedExecutor(pass *millrace.Pass, pod millrace.Pod) bool {
	switch pass.Object.(type) {
	case *v1beta2.SparkApplication, *v1beta2.ScheduledSparkApplication, *apachev1.SparkApplication:
		return pod.Role == "executor" && len(pod.Template.Spec.NodeSelector) == 0 && pod.Placement().RequiredNodes() == nil
	}
	return false
}

// checkExpiry looks at a pool, as it is there that the lifetime stands.
func checkExpiry(pass *millrace.Pass) {
	pool, ok := pass.Object.(*karpenterv1.NodePool)
	if !ok || pool == nil {
		return
	}
	spec := &pool.Spec.Template.Spec
	expires := lifetime(pool)
	if expires == "Never" || spec.TerminationGracePeriod == nil {
		return // Without a grace period budgets hold without end: nodepool/termination-grace.
	}
	nodes := nodepool.NodesOf(pool)
	var owners []string
	for _, pod := range pass.BundlePods {
		if pod.Ends || pod.Max < 2 || len(pod.Claims) == 0 || pod.Template.Annotations[millrace.DoNotDisrupt] != "true" || undecided(pod) {
			continue
		}
		if owner := pod.Owner.String(); !slices.Contains(owners, owner) && refuses(nodes, admitted(pod)).Empty() {
			owners = append(owners, owner)
		}
	}
	if len(owners) > 0 {
		pass.Report("spec.template.spec.expireAfter", fmt.Sprintf("nodes that came together expire together, after %s; the guarded pods of %s stay on them for the grace period of %s and are then killed all at once",
			expires, strings.Join(owners, ", "), *spec.TerminationGracePeriod))
	}
}
