package policy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// auditRules hold pods against what their node pools are and do: spot machines,
// architectures, consolidation, lifetimes. They say nothing where the bundle
// has no pools.
func auditRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "placement/on-spot",
			Severity: millrace.Warning,
			Summary:  "What can't be repeated doesn't run on spot nodes: drivers, brokers, controllers, pods with disks, steps of a workflow that wait for a job.",
			Reason:   "The cloud takes spot nodes back within seconds or minutes, whatever guards their pods, and several at a time. A job whose driver goes starts over; brokers that go together take their partitions with them.",
			Fix:      "place them on a pool of nodes on demand, or select karpenter.sh/capacity-type=on-demand",
			Source:   "AWS data-on-eks, best practices for Spark; Karpenter, concepts/disruption, interruption; karpenter-provider-aws 1.14.1, getCapacityType",
			Check:    checkOnSpot,
		},
		{
			ID:       "placement/architecture",
			Severity: millrace.Warning,
			Summary:  "Pods that name no architecture land on nodes of one that is known.",
			Reason:   "Karpenter buys arm64 machines too where a pool has no requirement on kubernetes.io/arch, if they are cheaper. An image that isn't built for them ends with \"exec format error\".",
			Fix:      "give the pool a requirement on kubernetes.io/arch, or the pods a node selector; waive it if the image is built for both",
			Source:   "aws/karpenter-provider-aws#5158, #8696; Karpenter, concepts/nodepools, kubernetes.io/arch",
			Check:    checkArchitecture,
		},
		{
			ID:       "placement/eviction-guard",
			Severity: millrace.Warning,
			Summary:  "Guards against eviction are ones that the autoscaler of the pods' pools knows, and work that ends is guarded where Karpenter evicts to save money.",
			Reason:   "Karpenter and Cluster Autoscaler each ignore the other's annotation, and silently any value that they don't expect. Work that is evicted starts over.",
			Fix:      `set cluster-autoscaler.kubernetes.io/safe-to-evict: "false" and karpenter.sh/do-not-disrupt: "true", as a pool's Placement() does; "true" for the former where an eviction costs nothing`,
			Source:   "Karpenter 1.14.1, pkg/utils/pod/scheduling.go, IsDoNotDisruptActive; Cluster Autoscaler FAQ; aws/karpenter-provider-aws#6394; kubernetes-sigs/karpenter#701; argoproj/argo-workflows#13152",
			Check:    checkGuards,
		},
		{
			ID:       "placement/grace",
			Severity: millrace.Warning,
			Summary:  "A node that must go waits as long as its pods need to end.",
			Reason:   "When a node expires or drifts, its terminationGracePeriod bounds everything: guarded pods are killed when it is over, and pods that take longer to stop are told to stop at once and killed before they have.",
			Fix:      "set the pool's Disruption.Grace (in a manifest, terminationGracePeriod) longer than the longest job and the longest grace period of a pod, or the job's deadline shorter",
			Source:   "Karpenter, concepts/disruption, terminationGracePeriod; Karpenter 1.14.1, pkg/controllers/node/termination/terminator/terminator.go; kubernetes-sigs/karpenter#1789",
			Check:    checkGrace,
		},
		{
			ID:       "placement/consolidation",
			Severity: millrace.Warning,
			Summary:  "A pool whose nodes go when they are little used waits longer than its executors do.",
			Reason:   "Executors that have nothing to do stay for spark.dynamicAllocation.executorIdleTimeout. A pool that consolidates sooner evicts them and the others of the node, Spark asks for new ones, and nodes and executors come and go in step.",
			Fix:      "raise consolidateAfter (Disruption.After) above the idle timeout, use WhenEmpty, or lower the timeout",
			Source:   "AWS data-on-eks, best practices for Spark; Spark configuration, spark.dynamicAllocation.executorIdleTimeout",
			Check:    checkIdleTimeout,
		},
		{
			ID:       "placement/exclusive",
			Severity: millrace.Warning,
			Summary:  "Of the NodePools that take the same pods one has the greatest weight.",
			Reason:   "Among pools of one weight Karpenter tries the one first whose name is last in the alphabet: whether pods run on spot machines or not is then decided by a name.",
			Fix:      "set Priority (in a manifest, spec.weight) of one of them, or give them different taints or labels",
			Source:   "Karpenter, concepts/nodepools (NodePools should be mutually exclusive); Karpenter 1.14.1, pkg/utils/nodepool/nodepool.go, OrderByWeight",
			Check:    checkExclusive,
		},
	}
}

// free reports whether it can be said where a pod lands, and it may be told
// where to: not so the pods of a DaemonSet.
func free(pod millrace.Pod) bool { return pod.Owner.Kind != "DaemonSet" && !undecided(pod) }

// poolNames writes the names of pools as people do: "pool a", "pools a, b".
func poolNames(pools []millrace.NodeShape) string {
	var names []string
	for _, p := range pools {
		names = append(names, p.Pool)
	}
	if len(names) == 1 {
		return "pool " + names[0]
	}
	return "pools " + strings.Join(names, ", ")
}

// placedAt is the field that says where a pod runs, or is to say it.
func placedAt(pod millrace.Pod) string {
	if len(pod.Template.Spec.NodeSelector) == 0 && len(requiredTerms(pod)) == 0 {
		if strings.HasPrefix(pod.Owner.Kind, "Kafka") {
			return pod.Field("spec.affinity") // Strimzi's pods have no selector.
		}
		return pod.Field("spec.nodeSelector")
	}
	return askedAt(pod, millrace.PoolLabel)
}

// nodePools returns the NodePools of the bundle by their names.
func nodePools(pass *millrace.Pass) map[string]*karpenterv1.NodePool {
	type key struct{}
	return once(pass, key{}, func() map[string]*karpenterv1.NodePool {
		out := map[string]*karpenterv1.NodePool{}
		for _, o := range pass.Bundle.OfKind(schema.GroupKind{Group: "karpenter.sh", Kind: "NodePool"}) {
			if pool, ok := o.(*karpenterv1.NodePool); ok && pool != nil {
				out[pool.Name] = pool
			}
		}
		return out
	})
}

// checkExclusive reports the pools that Karpenter passes over for another one
// of their weight.
func checkExclusive(pass *millrace.Pass) {
	pool, ok := pass.Object.(*karpenterv1.NodePool)
	if !ok || pool == nil || pool.Spec.Replicas != nil {
		return // A static pool is made, whoever needs it.
	}
	rivals := map[string]*texts{}
	all := podsByNodePool(pass)
	for _, pod := range podsOn(pass, pool) {
		for _, i := range all.on(pod.Pod) {
			other := all.made[i]
			if other.Name <= pool.Name || other.Spec.Replicas != nil || weight(other) != weight(pool) ||
				spreadOver(pod.Pod, pool, other) {
				continue
			}
			if rivals[other.Name] == nil {
				rivals[other.Name] = new(texts)
			}
			rivals[other.Name].add(pod.Owner.String())
		}
	}
	for _, rival := range slices.Sorted(maps.Keys(rivals)) {
		pass.Report("spec.weight", fmt.Sprintf("NodePool %s has the same weight, %d, and takes pods of %s too: it is tried first, as its name comes later in the alphabet", rival, weight(pool), few(rivals[rival].list)))
	}
}

// spreadOver reports whether a pod must be spread over a label in which the
// pools have no value in common: the spread chooses the pool then, and both are
// wanted.
func spreadOver(pod millrace.Pod, one, other *karpenterv1.NodePool) bool {
	if len(pod.Template.Spec.TopologySpreadConstraints) == 0 {
		return false
	}
	a, b := nodepool.NodesOf(one), nodepool.NodesOf(other)
	return slices.ContainsFunc(pod.Template.Spec.TopologySpreadConstraints, func(c corev1.TopologySpreadConstraint) bool {
		of, others := told(a, c.TopologyKey), told(b, c.TopologyKey)
		return c.WhenUnsatisfiable == corev1.DoNotSchedule && len(of) > 0 && len(others) > 0 &&
			!slices.ContainsFunc(of, func(value string) bool { return slices.Contains(others, value) })
	})
}

// told returns the values of a label that nodes may have, as far as they are
// listed.
func told(nodes millrace.NodeShape, key string) []string {
	if value, ok := nodes.Labels[key]; ok {
		return []string{value}
	}
	for _, r := range nodes.Requirements {
		if r.Key == key && r.Operator == corev1.NodeSelectorOpIn {
			return r.Values
		}
	}
	return nil
}

func weight(pool *karpenterv1.NodePool) int32 {
	if pool.Spec.Weight == nil {
		return 0
	}
	return *pool.Spec.Weight
}

// few writes the first names of a list, and how many more there are.
func few(names []string) string {
	const most = 3
	if n := len(names); n > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), n-most)
	}
	return strings.Join(names, ", ")
}
