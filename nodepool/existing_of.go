package nodepool

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// ExistingOf reads a pool from nodes of it, as they are in a cluster: its name
// and cloud from the labels by which nodes name their pool, the labels and
// taints that all of them have, and the least that any of them has for pods.
// How many there may be isn't in a node: set Max.
//
// Nodes of several pools have no name in common, which Build reports; so it
// does if there are no nodes. The result shares no memory with them.
func ExistingOf(nodes ...*corev1.Node) *Existing {
	out := &Existing{}
	nodes = slices.DeleteFunc(slices.Clone(nodes), func(n *corev1.Node) bool { return n == nil })
	if len(nodes) == 0 {
		return out
	}
	common := sharedLabels(nodes)
	for _, of := range [...]Cloud{OnKarpenter, OnGKE, OnEKS, OnAKS} {
		c, _ := clouds(of)
		if name := common[c.name]; name != "" {
			out.Cloud, out.Name = of, name
			break
		}
	}
	for key, value := range common {
		c, _ := clouds(out.Cloud)
		if millrace.PoolLabel(key) && key != c.name {
			if out.Labels == nil {
				out.Labels = map[string]string{}
			}
			out.Labels[key] = value
		}
	}
	out.Machine, out.Arch = common[corev1.LabelInstanceTypeStable], Arch(common[corev1.LabelArchStable])
	out.Taints = sharedTaints(nodes)
	for _, n := range nodes {
		if zone := n.Labels[corev1.LabelTopologyZone]; zone != "" && !slices.Contains(out.Zones, zone) {
			out.Zones = append(out.Zones, zone)
		}
		if boughtSpot(n) {
			out.Capacity = Spot
		}
	}
	slices.Sort(out.Zones)
	out.Allocatable = leastOf(nodes)
	return out
}

// sharedLabels returns the labels that all nodes have.
func sharedLabels(nodes []*corev1.Node) map[string]string {
	out := map[string]string{}
	for key, value := range nodes[0].Labels {
		if !slices.ContainsFunc(nodes, func(n *corev1.Node) bool { return n.Labels[key] != value }) {
			out[key] = value
		}
	}
	return out
}

// passing are the beginnings of the keys of taints that come and go with the
// state of a node.
// Source: Kubernetes, taint-and-toleration, taint based evictions; Cluster
// Autoscaler, utils/taints; Karpenter, pkg/apis/v1/taints.go.
var passing = []string{
	"node.kubernetes.io/", "node.cloudprovider.kubernetes.io/", "ToBeDeletedByClusterAutoscaler", "DeletionCandidateOfClusterAutoscaler",
	"startup-taint.cluster-autoscaler.kubernetes.io/", "karpenter.sh/unregistered", "karpenter.sh/disrupted", "karpenter.sh/rebooting",
}

// sharedTaints returns the taints that all nodes have and keep.
func sharedTaints(nodes []*corev1.Node) []corev1.Taint {
	var out []corev1.Taint
	for _, t := range nodes[0].Spec.Taints {
		t.TimeAdded = nil
		has := func(n *corev1.Node) bool {
			return slices.ContainsFunc(n.Spec.Taints, func(have corev1.Taint) bool { return have.MatchTaint(&t) && have.Value == t.Value })
		}
		comes := slices.ContainsFunc(passing, func(prefix string) bool { return strings.HasPrefix(t.Key, prefix) })
		if !comes && !slices.ContainsFunc(nodes, func(n *corev1.Node) bool { return !has(n) }) {
			out = append(out, t)
		}
	}
	return out
}

// boughtSpot reports whether a node is a spot machine.
func boughtSpot(n *corev1.Node) bool {
	for key, value := range map[string]string{capacityLabel: spot, gkeSpotLabel: "true", eksCapacityLabel: eksSpot, aksSpotLabel: spot} {
		if n.Labels[key] == value {
			return true
		}
	}
	return false
}

// leastOf returns the least of each resource that any of the nodes has; what
// one of them doesn't have, or has nothing of, is not in it.
func leastOf(nodes []*corev1.Node) corev1.ResourceList {
	out := corev1.ResourceList{}
	for name, q := range nodes[0].Status.Allocatable {
		least := q.DeepCopy()
		for _, n := range nodes[1:] {
			has, ok := n.Status.Allocatable[name]
			if !ok {
				has = resource.Quantity{}
			}
			if has.Cmp(least) < 0 {
				least = has.DeepCopy()
			}
		}
		if least.Sign() > 0 {
			out[name] = least
		}
	}
	if len(out) == 0 {
		return nil
	}
	return out
}
