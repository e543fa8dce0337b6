package millrace

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/component-helpers/scheduling/corev1/nodeaffinity"
)

// wellKnownDomains are those of labels that nodes have of themselves: from
// Kubernetes, the clouds, Karpenter, drivers of disks and GPUs.
var wellKnownDomains = []string{
	"kubernetes.io", "k8s.io",
	"karpenter.sh", "karpenter.azure.com", "karpenter.k8s.gcp",
	"cloud.google.com", "gke.io",
	"k8s.aws", "amazonaws.com", "eksctl.io", "csi.aws.com",
	"kubernetes.azure.com", "csi.azure.com",
	"nvidia.com",
}

// computeClass is the label, and the taint, of the nodes of GKE's ComputeClasses.
const computeClass = "cloud.google.com/compute-class"

// wellKnownLabel reports whether nodes have labels of that key of themselves:
// zone, architecture, machine type. What a pool doesn't tell of these is open.
func wellKnownLabel(key string) bool {
	if key == computeClass {
		return false // Nodes of no class haven't got it.
	}
	domain, _, ok := strings.Cut(key, "/")
	return ok && slices.ContainsFunc(wellKnownDomains, func(d string) bool {
		return domain == d || strings.HasSuffix(domain, "."+d)
	})
}

// PoolLabel reports whether a label or taint of that key says which pool a
// node belongs to, or whom it is for. It doesn't if nodes have it of
// themselves, put there by Kubernetes, the cloud or Karpenter (zone,
// architecture, machine type), unless it is the pool's name.
func PoolLabel(key string) bool {
	return slices.Contains(poolNames[:], key) || !wellKnownLabel(key)
}

// poolNames are the labels in which the clouds, and Karpenter, write the name of
// a node's pool.
var poolNames = [...]string{"karpenter.sh/nodepool", "cloud.google.com/gke-nodepool", "eks.amazonaws.com/nodegroup", "kubernetes.azure.com/agentpool"}

// renamed are labels that have taken the place of older ones. Nodes have both,
// with the same value.
var renamed = [...]struct{ older, key string }{
	{"beta.kubernetes.io/arch", corev1.LabelArchStable},
	{"beta.kubernetes.io/os", corev1.LabelOSStable},
	{corev1.LabelInstanceType, corev1.LabelInstanceTypeStable},
	{corev1.LabelFailureDomainBetaZone, corev1.LabelTopologyZone},
	{corev1.LabelFailureDomainBetaRegion, corev1.LabelTopologyRegion},
}

// stableLabel returns the key that a label has today.
func stableLabel(key string) string {
	for _, r := range renamed {
		if r.older == key {
			return r.key
		}
	}
	return key
}

// mismatches returns the labels that keep the placement off all nodes of the
// pool. The terms of an affinity are alternatives: the nearest one counts.
func (n NodeShape) mismatches(p Placement) []Mismatch {
	selected := make([]corev1.NodeSelectorRequirement, 0, len(p.NodeSelector))
	for _, key := range slices.Sorted(maps.Keys(p.NodeSelector)) {
		selected = append(selected, corev1.NodeSelectorRequirement{Key: key, Operator: corev1.NodeSelectorOpIn, Values: []string{p.NodeSelector[key]}})
	}
	required := p.RequiredNodes()
	if required == nil {
		return n.missed(selected)
	}
	nearest, some := []Mismatch{{}}, false
	for _, term := range required.NodeSelectorTerms {
		if len(term.MatchExpressions)+len(term.MatchFields) == 0 {
			continue // The scheduler takes it for one that no node meets.
		}
		// Fields are names of nodes, of which a pool tells nothing.
		missed := n.missed(append(slices.Clip(selected), term.MatchExpressions...))
		if len(missed) == 0 {
			return nil
		}
		if !some || len(missed) < len(nearest) {
			nearest, some = missed, true
		}
	}
	return nearest
}

// missed returns the labels of which no node of the pool meets all that is
// asked. Requirements on different labels don't depend on each other, so that
// there is a node for all of them if there is one for each.
func (n NodeShape) missed(asked []corev1.NodeSelectorRequirement) []Mismatch {
	asked = slices.Clone(asked)
	for i, r := range asked {
		asked[i].Key = stableLabel(r.Key)
	}
	slices.SortStableFunc(asked, func(a, b corev1.NodeSelectorRequirement) int { return cmp.Compare(a.Key, b.Key) })
	var out []Mismatch
	for len(asked) > 0 {
		key, of := asked[0].Key, 1
		for of < len(asked) && asked[of].Key == key {
			of++
		}
		if told := n.told(key); !possible(key, told, asked[:of:of]) {
			out = append(out, Mismatch{Key: key, Asked: asked[:of:of], Told: told})
		}
		asked = asked[of:]
	}
	return out
}

// told returns what is known of a label on the pool's nodes.
func (n NodeShape) told(key string) []corev1.NodeSelectorRequirement {
	var out []corev1.NodeSelectorRequirement
	label := func(name string) {
		if value, ok := n.Labels[name]; ok {
			out = append(out, corev1.NodeSelectorRequirement{Key: key, Operator: corev1.NodeSelectorOpIn, Values: []string{value}})
		}
	}
	label(key)
	for _, r := range renamed {
		if r.key == key {
			label(r.older)
		}
	}
	for _, r := range n.Requirements {
		if r.Key = stableLabel(r.Key); r.Key == key {
			out = append(out, r)
		}
	}
	if len(out) == 0 && !wellKnownLabel(key) {
		out = append(out, corev1.NodeSelectorRequirement{Key: key, Operator: corev1.NodeSelectorOpDoesNotExist})
	}
	return out
}

// possible reports whether a node can be as told and as asked in one label. It
// makes nodes that could, and lets the scheduler's own code judge.
func possible(key string, told, asked []corev1.NodeSelectorRequirement) bool {
	if t, a := single(told), single(asked); t != nil && a != nil {
		return *t == *a // Nearly always it is this, and a selector costs 20 times as much.
	}
	all := append(slices.Clip(told), asked...)
	selector, err := nodeaffinity.NewNodeSelector(&corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{MatchExpressions: all}}})
	if err != nil {
		return false // So does the scheduler decide.
	}
	var node corev1.Node
	if selector.Match(&node) {
		return true
	}
	return slices.ContainsFunc(candidates(all), func(value string) bool {
		node.Labels = map[string]string{key: value}
		return selector.Match(&node)
	})
}

// candidates returns values of a label, among them one that meets all of the
// requirements if any value does.
func candidates(requirements []corev1.NodeSelectorRequirement) []string {
	var above, below *int64
	excluded, longest := 0, 0
	for _, r := range requirements {
		switch r.Operator {
		case corev1.NodeSelectorOpIn:
			return r.Values
		case corev1.NodeSelectorOpNotIn:
			excluded += len(r.Values)
			for _, v := range r.Values {
				longest = max(longest, len(v))
			}
		case corev1.NodeSelectorOpGt:
			if n, err := strconv.ParseInt(r.Values[0], 10, 64); err == nil && (above == nil || n > *above) {
				above = &n
			}
		case corev1.NodeSelectorOpLt:
			if n, err := strconv.ParseInt(r.Values[0], 10, 64); err == nil && (below == nil || n < *below) {
				below = &n
			}
		}
	}
	// One more number than are excluded: one of them isn't.
	var out []string
	switch {
	case above != nil:
		for i := range int64(excluded) + 1 {
			out = append(out, strconv.FormatInt(*above+1+i, 10))
		}
	case below != nil:
		// Labels hold no negative numbers.
		for n := *below - 1; n >= max(*below-1-int64(excluded), 0); n-- {
			out = append(out, strconv.FormatInt(n, 10))
		}
	default:
		out = []string{strings.Repeat("x", longest+1)}
	}
	return out
}
