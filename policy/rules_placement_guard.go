package policy

import (
	"fmt"
	"strings"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterv1"
	"github.com/millrace/millrace/spark/apachev1"
)

// checkGuards looks at the annotations by which pods ask not to be evicted.
// Those of Spark's pods are spark/eviction-guard's.
func checkGuards(pass *millrace.Pass) {
	pools := landingsOf(pass)
	if _, cluster := pass.Object.(*apachev1.SparkCluster); cluster || isSparkJob(pass.Object) || len(pools.pools) == 0 {
		return
	}
	var found complaints
	for _, pod := range pass.Pods {
		if ignoredGuards(pod, &found) || !free(pod) {
			continue
		}
		var karpenter, others, evicting []millrace.NodeShape
		for _, pool := range pools.shapes(pod) {
			name, ok := pool.Labels["karpenter.sh/nodepool"]
			if !ok {
				others = append(others, pool)
				continue
			}
			karpenter = append(karpenter, pool)
			if evicts(nodePools(pass)[name]) {
				evicting = append(evicting, pool)
			}
		}
		safe, dnd := pod.Template.Annotations[millrace.SafeToEvict], pod.Template.Annotations[millrace.DoNotDisrupt]
		guarded := dnd != "" && dnd != "false"
		at := func(key string) string { return pod.Field("metadata.annotations[" + key + "]") }
		switch {
		case safe == "false" && !guarded && len(karpenter) > 0:
			found.add(pod, at(millrace.DoNotDisrupt), "", fmt.Sprintf(" is guarded by %s alone, which Karpenter ignores: it makes the nodes of %s", millrace.SafeToEvict, poolNames(karpenter)))
		case guarded && safe == "" && len(others) > 0:
			found.add(pod, at(millrace.SafeToEvict), "", fmt.Sprintf(" is guarded by %s alone, which Cluster Autoscaler ignores: it makes the nodes of %s", millrace.DoNotDisrupt, poolNames(others)))
		case pod.Ends && safe == "" && !guarded && len(evicting) > 0:
			found.add(pod, at(millrace.DoNotDisrupt), "", fmt.Sprintf(" has no guard, and Karpenter evicts pods of %s to save nodes", poolNames(evicting)))
		}
	}
	found.report(pass)
}

// ignoredGuards reports annotations whose values mean nothing, and whether
// there are any.
func ignoredGuards(pod millrace.Pod, found *complaints) bool {
	some := false
	complain := func(key, value, after string) {
		some = true
		found.add(pod, pod.Field("metadata.annotations["+key+"]"), fmt.Sprintf("%q of ", value), after)
	}
	if v, ok := pod.Template.Annotations[millrace.DoNotDisrupt]; ok && v != "true" && v != "false" && !strings.Contains(v, "{{") {
		if d, err := time.ParseDuration(v); err != nil || d <= 0 {
			complain(millrace.DoNotDisrupt, v, ` is no guard: Karpenter knows "true" and durations such as "30m", and ignores all else`)
		}
	}
	if v, ok := pod.Template.Annotations[millrace.SafeToEvict]; ok && v != "true" && v != "false" && !strings.Contains(v, "{{") {
		complain(millrace.SafeToEvict, v, ` is no guard: Cluster Autoscaler knows "true" and "false", and ignores all else`)
	}
	return some
}

// evicts reports whether Karpenter evicts running pods from nodes of a pool to
// save money. Of a pool that isn't in the bundle it isn't known.
func evicts(pool *karpenterv1.NodePool) bool {
	if pool == nil || pool.Spec.Replicas != nil {
		return false
	}
	d := pool.Spec.Disruption
	return d == nil || d.ConsolidationPolicy != karpenterv1.ConsolidationPolicyWhenEmpty && d.ConsolidateAfter != "Never"
}
