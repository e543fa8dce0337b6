package kafka

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// check reports what the spread can't mean.
func (s Spread) check(p *millrace.Problems, at string) {
	if s.Zone != "" {
		p.Labels(at+".Zone", map[string]string{s.Zone: ""})
		if s.OneZone {
			p.Conflict(at+".Zone", "OneZone says that there is nothing to spread over", "leave one of the two out")
		}
	}
	if s.Variable != "" {
		if len(validation.IsEnvVarName(s.Variable)) > 0 {
			p.Invalid(at+".Variable", s.Variable, "it is no name of an environment variable", "use letters, digits, '_', '-' and '.'")
		}
		if s.OneZone {
			p.Conflict(at+".Variable", "OneZone says that there is nothing to tell apart", "leave one of the two out")
		}
	}
}

// noVariable reports a variable where nobody reads it.
func (s Spread) noVariable(p *millrace.Problems, at string) {
	if s.Variable != "" {
		p.Conflict(at+".Variable", "only a cluster reads the zone of its brokers from a variable, the same one in all pools", "set it in Cluster.Spread, or leave it out")
	}
}

// zone returns the label that tells zones apart, and false where there are
// none.
func (s Spread) zone() (string, bool) {
	if s.Zone != "" {
		return s.Zone, true
	}
	return defaultZoneLabel, !s.OneZone
}

// pod returns what keeps pods of these roles apart from their like, nil for
// nothing. The nodes of one role count together, whatever pool they are in.
func (s Spread) pod(cluster string, roles []strimziv1.ProcessRole) *strimziv1.StatefulPodTemplate {
	zone, zones := s.zone()
	if !zones && s.SharedHosts {
		return nil
	}
	out := &strimziv1.StatefulPodTemplate{}
	var apart []corev1.PodAffinityTerm
	for _, role := range roles {
		label := brokerRoleLabel
		if role == strimziv1.ProcessRoleController {
			label = controllerRoleLabel
		}
		like := func() *metav1.LabelSelector {
			return &metav1.LabelSelector{MatchLabels: map[string]string{clusterLabel: cluster, label: "true"}}
		}
		if zones {
			// The API server refuses two constraints of one kind on one label.
			// Of nodes with both roles the brokers count, which hold the data;
			// the controllers are as a rule the same nodes.
			otherwise := corev1.DoNotSchedule
			if role == strimziv1.ProcessRoleController && slices.Contains(roles, strimziv1.ProcessRoleBroker) {
				otherwise = corev1.ScheduleAnyway
			}
			out.TopologySpreadConstraints = append(out.TopologySpreadConstraints, corev1.TopologySpreadConstraint{
				MaxSkew: 1, TopologyKey: zone, WhenUnsatisfiable: otherwise, LabelSelector: like(),
			})
		}
		if !s.SharedHosts {
			apart = append(apart, corev1.PodAffinityTerm{LabelSelector: like(), TopologyKey: hostLabel})
		}
	}
	if apart != nil {
		out.Affinity = &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{RequiredDuringSchedulingIgnoredDuringExecution: apart}}
	}
	return out
}

// withNodeSelector says by node affinity what a node selector says. The terms
// of an affinity are alternatives, so each of them gets all of the selector;
// a term that is empty matches no node, and stays so.
func withNodeSelector(affinity *corev1.Affinity, selector map[string]string) *corev1.Affinity {
	if len(selector) == 0 {
		return affinity
	}
	var want []corev1.NodeSelectorRequirement
	for _, key := range slices.Sorted(maps.Keys(selector)) {
		want = append(want, corev1.NodeSelectorRequirement{Key: key, Operator: corev1.NodeSelectorOpIn, Values: []string{selector[key]}})
	}
	if affinity == nil {
		affinity = &corev1.Affinity{}
	}
	if affinity.NodeAffinity == nil {
		affinity.NodeAffinity = &corev1.NodeAffinity{}
	}
	required := &affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution
	if *required == nil {
		*required = &corev1.NodeSelector{}
	}
	terms := &(*required).NodeSelectorTerms
	if len(*terms) == 0 {
		*terms = []corev1.NodeSelectorTerm{{MatchExpressions: want}}
		return affinity
	}
	for i := range *terms {
		if term := &(*terms)[i]; len(term.MatchExpressions)+len(term.MatchFields) > 0 {
			term.MatchExpressions = append(term.MatchExpressions, slices.Clone(want)...)
		}
	}
	return affinity
}
