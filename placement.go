package millrace

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// The annotations by which a pod asks the two node autoscalers not to take
// its node away. Each autoscaler ignores the other's, so both are needed.
const (
	// SafeToEvict "false" keeps Cluster Autoscaler from draining the pod's node.
	// Source: Cluster Autoscaler FAQ.
	SafeToEvict = "cluster-autoscaler.kubernetes.io/safe-to-evict"
	// DoNotDisrupt "true" keeps Karpenter from disrupting the pod's node of its
	// own accord: consolidation, drift.
	// Source: Karpenter, concepts/disruption.
	DoNotDisrupt = "karpenter.sh/do-not-disrupt"
)

// EvictionGuards returns the annotations that keep both autoscalers from
// evicting a pod in the middle of its work. The map is the caller's own.
func EvictionGuards() map[string]string {
	return map[string]string{SafeToEvict: "false", DoNotDisrupt: "true"}
}

// Placement says where pods run: which nodes attract them, which taints they
// tolerate, and what keeps them there. nodepool.Pool makes one with its
// Placement method, so that the labels and taints of a pool are written once.
//
// The zero Placement leaves it to the scheduler.
type Placement struct {
	// NodeSelector holds the labels that a node must have.
	NodeSelector map[string]string
	// Tolerations lets the pods onto nodes with these taints.
	Tolerations []corev1.Toleration
	// Affinity is for what a selector can't say.
	Affinity *corev1.Affinity
	// Annotations go to the pods; a pool puts the eviction guards here.
	Annotations map[string]string

	// Nodes are the pools that the placement leads to, for those who ask how
	// pods fit, or whether the nodes are spot machines. A builder hands them on
	// with its Parts (PlacedOn).
	//
	// Nil means that none is known. Rendered nowhere.
	Nodes []NodeShape
}

// Empty reports whether the placement says nothing.
func (p Placement) Empty() bool {
	return len(p.NodeSelector) == 0 && len(p.Tolerations) == 0 && p.Affinity == nil && len(p.Annotations) == 0 && len(p.Nodes) == 0
}

// PlacedOn returns the pools of the placements, each of them once, for Parts. It
// shares no memory with them.
func PlacedOn(placements ...Placement) []NodeShape {
	var out []NodeShape
	for _, p := range placements {
		for _, n := range p.Nodes {
			if !slices.ContainsFunc(out, n.samePool) {
				out = append(out, n.Clone())
			}
		}
	}
	return out
}

// Spot reports whether the placement leads to spot machines, or may, and how
// long their pods have from the notice until they are killed: the shortest time
// that is known, zero if none is.
func (p Placement) Spot() (notice time.Duration, spot bool) {
	for _, n := range p.Nodes {
		if n.Spot && n.Notice > 0 && (notice == 0 || n.Notice < notice) {
			notice = n.Notice
		}
		spot = spot || n.Spot
	}
	return notice, spot
}

// Tied reports whether the node selector, or every term of the required node
// affinity, asks for a PoolLabel: whether the pods want certain pools, and
// aren't content with any node of a zone or an architecture.
func (p Placement) Tied() bool {
	for key := range p.NodeSelector {
		if PoolLabel(key) {
			return true
		}
	}
	required := p.RequiredNodes()
	return required != nil && !slices.ContainsFunc(required.NodeSelectorTerms, func(t corev1.NodeSelectorTerm) bool {
		return len(t.MatchExpressions)+len(t.MatchFields) > 0 && !slices.ContainsFunc(t.MatchExpressions, func(r corev1.NodeSelectorRequirement) bool {
			return PoolLabel(r.Key) && r.Operator != corev1.NodeSelectorOpNotIn && r.Operator != corev1.NodeSelectorOpDoesNotExist
		})
	})
}

// RequiredNodes returns the required node affinity, or nil.
func (p Placement) RequiredNodes() *corev1.NodeSelector {
	if p.Affinity == nil || p.Affinity.NodeAffinity == nil {
		return nil
	}
	return p.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution
}

// Clone returns a deep copy.
func (p Placement) Clone() Placement {
	out := Placement{
		NodeSelector: maps.Clone(p.NodeSelector),
		Tolerations:  slices.Clone(p.Tolerations),
		Affinity:     p.Affinity.DeepCopy(),
		Annotations:  maps.Clone(p.Annotations),
		Nodes:        cloneShapes(p.Nodes),
	}
	for i, t := range out.Tolerations {
		out.Tolerations[i] = *t.DeepCopy()
	}
	return out
}

// Check reports selector labels, tolerations and annotations that the API
// server would refuse, under the builder's field that holds the placement.
func (p Placement) Check(problems *Problems, field string) {
	problems.Labels(joinField(field, "NodeSelector"), p.NodeSelector)
	problems.Annotations(joinField(field, "Annotations"), p.Annotations)
	for i, t := range p.Tolerations {
		checkToleration(problems, joinField(field, "Tolerations")+fmt.Sprintf("[%d]", i), t)
	}
}

// checkToleration holds the API server's rules for one toleration.
func checkToleration(p *Problems, field string, t corev1.Toleration) {
	switch t.Operator {
	case "", corev1.TolerationOpEqual:
		if t.Key == "" {
			p.Invalid(field+".Operator", string(t.Operator), "without a key the operator must be Exists", "name the taint's key")
		}
		p.LabelValue(field+".Value", t.Value)
	case corev1.TolerationOpExists:
		if t.Value != "" {
			p.Invalid(field+".Value", t.Value, "operator Exists takes no value", "leave the value out, or use operator Equal")
		}
	default:
		p.Invalid(field+".Operator", string(t.Operator), "unknown operator", "use Equal or Exists")
	}
	if t.Key != "" {
		p.LabelKey(field+".Key", t.Key)
	}
	p.TaintEffect(field+".Effect", t.Effect)
	if t.TolerationSeconds != nil && t.Effect != corev1.TaintEffectNoExecute {
		p.Invalid(field+".TolerationSeconds", *t.TolerationSeconds, "it goes with effect NoExecute only", "leave it out")
	}
}

// TaintEffect reports an effect that Kubernetes doesn't know, such as the
// NO_SCHEDULE of Google's and Amazon's Terraform providers. An empty effect is
// allowed, as it is in a toleration.
func (p *Problems) TaintEffect(field string, effect corev1.TaintEffect) {
	known := []corev1.TaintEffect{"", corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute}
	if slices.Contains(known, effect) {
		return
	}
	fix := "use NoSchedule, PreferNoSchedule or NoExecute"
	letters := strings.NewReplacer("_", "", "-", "", " ", "").Replace(string(effect))
	for _, k := range known[1:] {
		if strings.EqualFold(letters, string(k)) {
			fix = fmt.Sprintf("use %s, as Kubernetes spells it", k)
		}
	}
	p.Invalid(field, string(effect), "unknown taint effect", fix)
}
