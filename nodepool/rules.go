package nodepool

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// idleTimeout is the default of spark.dynamicAllocation.executorIdleTimeout.
const idleTimeout = 60 * time.Second

// Rules returns what must hold for Karpenter's NodePools and EC2NodeClasses,
// whoever wrote them. The slice is the caller's own.
func Rules() []millrace.Rule {
	return slices.Concat(poolRules(), requirementRules(), karpenterRules(), classRules())
}

func poolRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "nodepool/limits",
			Severity: millrace.Warning,
			Summary:  "A node pool has limits.",
			Reason:   "Without limits nothing but the cloud's quota stops a loop of failing pods, or one wrong replica count, from buying machines.",
			Fix:      "set Pool.Max or Karpenter.Limits; in a manifest, spec.limits",
			Source:   "Karpenter, concepts/nodepools, spec.limits",
			Check:    rule(checkPoolLimits),
		},
		{
			ID:       "nodepool/budgets",
			Severity: millrace.Warning,
			Summary:  "At every time of the week, some disruption budget limits each kind of disruption.",
			Reason:   "Budgets only ever restrict. A list of one's own replaces the default of 10%, and when none of its schedules is open, every node may go at once.",
			Fix:      `add a budget without schedule and reasons, such as nodes: "10%"`,
			Source:   "aws/karpenter-provider-aws#7026; Karpenter 1.14.1, pkg/apis/v1/nodepool.go, GetAllowedDisruptionsByReason",
			Check:    rule(checkPoolBudgets),
		},
		{
			ID:       "nodepool/termination-grace",
			Severity: millrace.Warning,
			Summary:  "Nodes that expire have a termination grace period.",
			Reason:   "An expired node takes no new pods and waits for those with karpenter.sh/do-not-disrupt or a blocked disruption budget, without end, while it costs money and its replacement is bought.",
			Fix:      "set Disruption.Grace longer than the longest job, or Lifetime to Forever; in a manifest, spec.template.spec.terminationGracePeriod, or expireAfter: Never. On EKS Auto Mode only the first helps",
			Source:   "kubernetes-sigs/karpenter#1789; Karpenter, concepts/disruption, TerminationGracePeriod",
			Check:    rule(checkPoolGrace),
		},
		{
			ID:       "nodepool/consolidation",
			Severity: millrace.Warning,
			Summary:  "Pods aren't evicted from nodes that were little used for less than a minute.",
			Reason:   "Executors come and go with each stage. Karpenter, left to its defaults, evicts what runs on a node as soon as that is cheaper, and batch work starts over.",
			Fix:      "use WhenEmpty, or a consolidateAfter longer than spark.dynamicAllocation.executorIdleTimeout (60s)",
			Source:   "kubernetes-sigs/karpenter#701; AWS data-on-eks, best practices for Spark",
			Check:    rule(checkPoolConsolidation),
		},
		{
			ID:       "nodepool/dedicated",
			Severity: millrace.Info,
			Summary:  "A pool for data workloads has a taint.",
			Reason:   "Pods that ask for no pool land on any that has no taint: API servers beside executors, on nodes that come and go.",
			Fix:      "leave Pool.Shared unset; in a manifest, add a taint to spec.template.spec.taints. Waive it for the cluster's general pool",
			Source:   "Kubernetes, concepts/scheduling-eviction/taint-and-toleration, dedicated nodes",
			Check:    rule(checkPoolDedicated),
		},
		{
			ID:       "nodepool/spot-diversity",
			Severity: millrace.Warning,
			Summary:  "A spot pool has at least 15 machine types to choose from.",
			Reason:   "Few types mean frequent interruptions, and below 15 Karpenter never replaces one spot node with another.",
			Fix:      "add OtherMachines, or replace the list of types with requirements on family, generation and size",
			Source:   "Karpenter, concepts/disruption, spot consolidation",
			Check:    rule(checkPoolSpot),
		},
	}
}

// rule passes over everything that is no NodePool.
func rule(check func(*karpenterv1.NodePool, func(field, detail string))) func(*millrace.Pass) {
	return func(pass *millrace.Pass) {
		if pool, ok := pass.Object.(*karpenterv1.NodePool); ok && pool != nil {
			check(pool, pass.Report)
		}
	}
}

func checkPoolLimits(pool *karpenterv1.NodePool, report func(field, detail string)) {
	if len(pool.Spec.Limits) == 0 && pool.Spec.Replicas == nil {
		report("spec.limits", "the pool has no limits")
	}
}

// reasons are why Karpenter disrupts nodes, as budgets name them.
var reasons = []karpenterv1.DisruptionReason{
	karpenterv1.DisruptionReasonUnderutilized, karpenterv1.DisruptionReasonEmpty, karpenterv1.DisruptionReasonDrifted,
}

func checkPoolBudgets(pool *karpenterv1.NodePool, report func(field, detail string)) {
	const field = "spec.disruption.budgets"
	if pool.Spec.Disruption == nil || pool.Spec.Disruption.Budgets == nil {
		return // The CRD's default is one budget of 10%.
	}
	budgets := pool.Spec.Disruption.Budgets
	windows := make([]window, len(budgets))
	for i, b := range budgets {
		w, err := windowOf(b)
		if err != nil {
			report(fmt.Sprintf("%s[%d].schedule", field, i),
				fmt.Sprintf("Karpenter can't read %q (%v), and then disrupts no node at any time", orEmpty(b.Schedule), err))
			return
		}
		windows[i] = w
	}
	gaps := map[string][]string{}
	var order []string
	for _, reason := range reasonsOf(pool) {
		var its []window
		for i, b := range budgets {
			if b.Reasons == nil || slices.Contains(b.Reasons, reason) {
				its = append(its, windows[i])
			}
		}
		if gap, ok := gap(its); ok {
			if gaps[gap] == nil {
				order = append(order, gap)
			}
			gaps[gap] = append(gaps[gap], string(reason))
		}
	}
	for _, gap := range order {
		report(field, fmt.Sprintf("no budget limits the disruption of %s nodes %s", strings.Join(gaps[gap], ", "), gap))
	}
}

// reasonsOf returns those of the reasons for which Karpenter disrupts nodes of a
// pool: what its consolidation never does needs no budget.
func reasonsOf(pool *karpenterv1.NodePool) []karpenterv1.DisruptionReason {
	d := pool.Spec.Disruption
	switch {
	case pool.Spec.Replicas != nil, d.ConsolidateAfter == "Never":
		return []karpenterv1.DisruptionReason{karpenterv1.DisruptionReasonDrifted}
	case d.ConsolidationPolicy == karpenterv1.ConsolidationPolicyWhenEmpty:
		return slices.DeleteFunc(slices.Clone(reasons), func(r karpenterv1.DisruptionReason) bool { return r == karpenterv1.DisruptionReasonUnderutilized })
	}
	return reasons
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

// karpenterDuration reads a duration; what is none, or Never, is zero.
func karpenterDuration(text *string) time.Duration {
	if text == nil {
		return 0
	}
	d, err := time.ParseDuration(*text)
	if err != nil {
		return 0
	}
	return d
}

func checkPoolGrace(pool *karpenterv1.NodePool, report func(field, detail string)) {
	spec := &pool.Spec.Template.Spec
	if spec.TerminationGracePeriod != nil || spec.ExpireAfter != nil && *spec.ExpireAfter == "Never" {
		return
	}
	expires := durationOrNever(defaultLifetime)
	if spec.NodeClassRef.Group == autoGroup {
		expires = durationOrNever(autoLifetime)
	}
	if spec.ExpireAfter != nil {
		expires = *spec.ExpireAfter
	}
	report("spec.template.spec.terminationGracePeriod", fmt.Sprintf("nodes expire after %s and then wait without end for pods that are guarded", expires))
}

func checkPoolConsolidation(pool *karpenterv1.NodePool, report func(field, detail string)) {
	if pool.Spec.Replicas != nil {
		return // A static pool isn't consolidated.
	}
	policy, after := karpenterv1.ConsolidationPolicyWhenEmptyOrUnderutilized, "0s"
	if d := pool.Spec.Disruption; d != nil {
		policy, after = orDefault(d.ConsolidationPolicy, policy), orDefault(d.ConsolidateAfter, after)
	}
	if policy == karpenterv1.ConsolidationPolicyWhenEmpty || after == "Never" || karpenterDuration(&after) >= idleTimeout {
		return
	}
	report("spec.disruption", fmt.Sprintf("with %s and consolidateAfter %s, running pods are evicted from nodes as soon as they are little used", policy, after))
}

func checkPoolDedicated(pool *karpenterv1.NodePool, report func(field, detail string)) {
	if len(NodesOf(pool).Untolerated(nil)) == 0 {
		report("spec.template.spec.taints", "no taint keeps other pods off the pool's nodes")
	}
}
