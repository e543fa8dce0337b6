package nodepool

import (
	"reflect"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// Placement sends pods to the pool: it selects the workload's label, tolerates
// every taint of the pool, and guards the pods against both autoscalers. It
// knows the shape of the nodes, and whether they may be spot machines. It
// names no label that a provider makes, so it stays valid when the pool moves
// to another one.
//
// Placement doesn't check the pool; Build does. A nil pool gives an empty
// placement. Each call returns memory of its own.
func (p *Pool) Placement() millrace.Placement {
	if p == nil {
		return millrace.Placement{}
	}
	var selector map[string]string
	if s := p.selecting(); s != nil {
		selector = s.selector(p)
	} else if word := p.workload(); word != "" {
		selector = map[string]string{WorkloadLabel: word}
	}
	var nodes []millrace.NodeShape
	if p.hasProvider() {
		nodes = append(nodes, p.Provider.nodes(p))
		nodes[0].Agents = p.Agents.DeepCopy()
	}
	return placementOn(selector, p.taints(), nodes...)
}

// placementOn sends pods to nodes with these labels and taints.
func placementOn(selector map[string]string, taints []corev1.Taint, nodes ...millrace.NodeShape) millrace.Placement {
	placement := millrace.Placement{NodeSelector: selector, Annotations: millrace.EvictionGuards(), Nodes: nodes}
	for _, taint := range taints {
		placement.Tolerations = append(placement.Tolerations, corev1.Toleration{
			Key: taint.Key, Operator: corev1.TolerationOpEqual, Value: taint.Value, Effect: taint.Effect,
		})
	}
	return placement
}

// selecting is a provider whose nodes have a label and a taint of its own, by
// which it knows the pods that they are for. They take the place of the
// workload's.
type selecting interface {
	selector(*Pool) map[string]string
}

// selecting returns the provider, if it is one of these.
func (p *Pool) selecting() selecting {
	if !p.hasProvider() {
		return nil
	}
	s, _ := p.Provider.(selecting)
	return s
}

// workload returns the word that the nodes are labelled with.
func (p *Pool) workload() string {
	if p.Workload != "" {
		return p.Workload
	}
	return p.Name
}

// taints returns every taint that the pool's nodes have: the workload's, the
// user's, the provider's.
func (p *Pool) taints() []corev1.Taint {
	taints := p.ownTaints()
	if p.hasProvider() {
		taints = append(taints, p.Provider.taints(p)...)
	}
	var once []corev1.Taint
	for _, t := range taints {
		if !slices.ContainsFunc(once, func(have corev1.Taint) bool { return have.MatchTaint(&t) }) {
			once = append(once, t)
		}
	}
	return once
}

// ownTaints returns the taints that don't depend on the provider.
func (p *Pool) ownTaints() []corev1.Taint {
	var taints []corev1.Taint
	if word := p.workload(); word != "" && !p.Shared && p.selecting() == nil {
		taints = append(taints, corev1.Taint{Key: WorkloadLabel, Value: word, Effect: corev1.TaintEffectNoSchedule})
	}
	for _, t := range p.Taints {
		taints = append(taints, *t.DeepCopy())
	}
	return taints
}

// labels returns the labels that the pool writes on its nodes.
func (p *Pool) labels() map[string]string {
	labels := make(map[string]string, len(p.Labels)+1)
	for key, value := range p.Labels {
		labels[key] = value
	}
	labels[WorkloadLabel] = p.workload()
	return labels
}

// arch returns the architecture of the nodes.
func (p *Pool) arch() Arch {
	if p.Arch == "" {
		return defaultArch
	}
	return p.Arch
}

// hasProvider tells a provider from none, and from a nil pointer to one.
func (p *Pool) hasProvider() bool {
	v := reflect.ValueOf(p.Provider)
	return v.IsValid() && (v.Kind() != reflect.Pointer || !v.IsNil())
}

// spot reports whether nodes of the pool may be spot machines.
func (p *Pool) spot() bool { return p.Capacity == Spot || p.Capacity == SpotFirst }
