package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/nodefit"
)

// placementSizeRules hold the sizes of pods of every kind against those of the
// nodes that take them. They say nothing of pods that are tied to no pool, or to
// one whose nodes nobody knows the size of.
func placementSizeRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "placement/too-large",
			Severity: millrace.Error,
			Summary:  "Pods fit on a node of the pools that they ask for.",
			Reason:   "A pod that is larger than every node stays Pending for ever, and no autoscaler makes a node for it. A machine of 64 GiB has less than that for pods: the system, the kubelet and the cluster's agents keep a part.",
			Fix:      "lower what the pod requests, or ask for a pool of larger machines",
			Source:   "Kubernetes, reserve compute resources for system daemons; karpenter-provider-aws issues 6611, 6652",
			Check:    checkTooLarge,
		},
		{
			ID:       "placement/waste",
			Severity: millrace.Info,
			Summary:  "A node of a dedicated pool that is full of pods has no more than a fifth of its CPU or memory left over.",
			Reason:   "Nobody else may use what is left on a dedicated pool, and it is paid for: pods of 4 cores fit three times on a node of 16, as a little of it is never for pods.",
			Fix:      "make the pods a little smaller so that one more fits, or larger so that they use what is left",
			Source:   "GKE, plan node sizes; EMR on EKS best practices, bin packing",
			Check:    checkWaste,
		},
		{
			ID:       "placement/pool-size",
			Severity: millrace.Warning,
			Summary:  "The pools may have as many nodes as an object's pods need when there are the most of them.",
			Reason:   "The rest of the pods stays Pending, and a job takes longer than anyone planned, or waits for ever where it asks for all of them.",
			Fix:      "raise the pool's largest number of nodes (Pool.Max), or lower the number of pods",
			Source:   "Cluster Autoscaler FAQ; Karpenter, concepts/nodepools, spec.limits; spark-operator issues 1863, 2114",
			Check:    checkPoolSize,
		},
	}
}

// sizedNodes are the nodes of a pool, and what each has for pods beside the
// agents.
type sizedNodes struct {
	millrace.NodeShape
	room nodefit.Room
	at   int // its place among the pools of the bundle
}

// takers returns the pools that take a pod, and false if there are none, if the
// size of one isn't known, or if the pod may land elsewhere.
func takers(pass *millrace.Pass, pod millrace.Pod) ([]sizedNodes, bool) {
	pools := landingsOf(pass)
	if len(pools.pools) == 0 || !pod.Placement().Tied() || undecided(pod) {
		return nil, false
	}
	var out []sizedNodes
	for _, i := range pools.on(pod) {
		if !pools.known[i] {
			return nil, false
		}
		out = append(out, pools.rooms[i])
	}
	return out, len(out) > 0
}

// checkTooLarge reports pods for which every node is too small.
func checkTooLarge(pass *millrace.Pass) {
	var found complaints
	for _, pod := range pass.Pods {
		pools, known := takers(pass, pod)
		if !known {
			continue
		}
		requests := nodefit.Requests(&pod.Template)
		needs := nodefit.Needs(requests)
		if slices.ContainsFunc(pools, func(p sizedNodes) bool { n, _ := p.room.Holds(needs); return n > 0 }) {
			continue
		}
		// The pool that comes nearest, and what its nodes lack.
		nearest := slices.MinFunc(pools, func(a, b sizedNodes) int { return cmp.Compare(a.room.Excess(needs), b.room.Excess(needs)) })
		_, by := nearest.room.Holds(needs)
		if by == corev1.ResourcePods {
			before := fmt.Sprintf("the agents take all %s pods that a node of %s may have, and leave none for ", nearest.Allocatable.Pods(), nearest.Pool)
			found.add(pod, pod.Field("spec"), before, "")
			continue
		}
		found.add(pod, requestedAt(pod, by), "", fmt.Sprintf(" requests %s, and a node of %s has %s, of which the cluster's agents take %s",
			nodefit.Amounts(requests), nearest.Pool, nodefit.Amounts(nearest.Allocatable), nodefit.Amounts(nodefit.Agents(nearest.NodeShape))))
	}
	found.report(pass)
}

// requestedAt is where a pod requests the most of a resource.
func requestedAt(pod millrace.Pod, name corev1.ResourceName) string {
	at, most := "spec.containers[0].resources.requests["+string(name)+"]", int64(0)
	look := func(list string, containers []corev1.Container) {
		for i := range containers {
			for _, from := range []struct {
				field string
				corev1.ResourceList
			}{{"requests", containers[i].Resources.Requests}, {"limits", containers[i].Resources.Limits}} {
				if q, ok := from.ResourceList[name]; ok && q.MilliValue() > most {
					at, most = fmt.Sprintf("spec.%s[%d].resources.%s[%s]", list, i, from.field, name), q.MilliValue()
					break // A limit counts where there is no request.
				}
			}
		}
	}
	look("containers", pod.Template.Spec.Containers)
	look("initContainers", pod.Template.Spec.InitContainers)
	return pod.Field(at)
}

// checkWaste reports pods that leave much of a dedicated node to nobody. Those
// of Spark's executors are spark/node-waste's, which knows what to set.
func checkWaste(pass *millrace.Pass) {
	var found complaints
	for _, pod := range pass.Pods {
		pools, known := takers(pass, pod)
		if !known || pod.Max == 0 || isSpark(pod) {
			continue
		}
		needs := nodefit.Needs(nodefit.Requests(&pod.Template))
		for _, pool := range pools {
			full := pool.room.Fill(needs)
			dedicated := len(pool.Untolerated(nil)) > 0
			// Pods that don't fill a node leave room for others.
			if !dedicated || full.PerNode == 0 || pod.Max < full.PerNode || !full.Much() || shares(pass, pod, pool) {
				continue
			}
			by := corev1.ResourceMemory
			if full.CPUUnused > full.MemoryUnused {
				by = corev1.ResourceCPU
			}
			found.add(pod, requestedAt(pod, by), nodefit.Times(full.PerNode)+" ", fmt.Sprintf(" fits on a node of %s, and leaves %s of its CPU and %s of its memory unused",
				pool.Pool, nodefit.Percent(full.CPUUnused), nodefit.Percent(full.MemoryUnused)))
		}
	}
	found.report(pass)
}

// isSpark reports whether the pod is one of which Spark's own rule says what
// would waste less.
func isSpark(pod millrace.Pod) bool {
	return strings.HasPrefix(pod.Owner.Kind, "Spark") || pod.Owner.Kind == "ScheduledSparkApplication"
}

// shares reports whether other pods of the bundle run on the pool too, and may
// use what one leaves.
func shares(pass *millrace.Pass, pod millrace.Pod, pool sizedNodes) bool {
	return slices.ContainsFunc(sortsOn(pass)[pool.at], func(s podSort) bool { return s != podSort{pod.Owner, pod.Role} })
}

// podSort are the pods of one role of an object.
type podSort struct {
	owner millrace.Ref
	role  string
}

// sortsOn returns two sorts of the pods that run on each pool, or as many as
// there are: who asks for others needs no more.
func sortsOn(pass *millrace.Pass) map[int][]podSort {
	type key struct{}
	return once(pass, key{}, func() map[int][]podSort {
		out := map[int][]podSort{}
		for _, pod := range pass.BundlePods {
			if pod.Owner.Kind == "DaemonSet" {
				continue
			}
			of := podSort{pod.Owner, pod.Role}
			for _, i := range landingsOf(pass).on(pod) {
				if len(out[i]) < 2 && !slices.Contains(out[i], of) {
					out[i] = append(out[i], of)
				}
			}
		}
		return out
	})
}

// crowd are the pods of an object that the same pools take.
type crowd struct {
	pools   []sizedNodes
	nodes   []int // of each pool, at the most
	batches []nodefit.Batch
	// most is the sort of which there are the most.
	most millrace.Pod
	pods int
}

// checkPoolSize reports more pods than the pools can have nodes for.
func checkPoolSize(pass *millrace.Pass) {
	var crowds []crowd
	for _, pod := range pass.Pods {
		pools, known := takers(pass, pod)
		if !known || pod.Max == 0 {
			continue
		}
		nodes, known := mostNodes(pools, pod)
		needs := nodefit.Needs(nodefit.Requests(&pod.Template))
		fits := slices.ContainsFunc(pools, func(p sizedNodes) bool { n, _ := p.room.Holds(needs); return n > 0 })
		if !known || !fits {
			continue // placement/too-large says so.
		}
		i := slices.IndexFunc(crowds, func(c crowd) bool {
			return slices.Equal(c.nodes, nodes) && slices.EqualFunc(c.pools, pools, func(a, b sizedNodes) bool { return a.Pool == b.Pool })
		})
		if i < 0 {
			i = len(crowds)
			crowds = append(crowds, crowd{pools: pools, nodes: nodes})
		}
		c := &crowds[i]
		c.batches = append(c.batches, nodefit.Batch{Pod: needs, Count: pod.Max})
		if c.pods += pod.Max; pod.Max > c.most.Max {
			c.most = pod
		}
	}
	for _, c := range crowds {
		c.report(pass)
	}
}

// mostNodes returns how many nodes each pool may have for a pod, and false where
// one isn't known.
func mostNodes(pools []sizedNodes, pod millrace.Pod) ([]int, bool) {
	out := make([]int, len(pools))
	_, zone := pod.Template.Spec.NodeSelector[corev1.LabelTopologyZone]
	for i, p := range pools {
		if out[i] = p.Max; zone && p.MaxPerZone > 0 {
			out[i] = p.MaxPerZone
		}
		if out[i] == 0 {
			return nil, false
		}
	}
	return out, true
}

func (c crowd) report(pass *millrace.Pass) {
	left, nodes := c.batches, 0
	var names []string
	for i, pool := range c.pools {
		left = nodefit.Left(pool.room, c.nodes[i], left...)
		nodes += c.nodes[i]
		names = append(names, pool.Pool)
	}
	short := 0
	for _, b := range left {
		short += b.Count
	}
	if short == 0 {
		return
	}
	at := c.most.Count
	if at == "" {
		at = c.most.Field("spec")
	}
	pass.Report(at, fmt.Sprintf("%s are there at the most, and the %s that %s may have hold %d of them",
		nodefit.Plural(c.pods, "pod"), nodefit.Plural(nodes, "node"), strings.Join(names, " and "), c.pods-short))
}
