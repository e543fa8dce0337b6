package nodepool

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// requirementRules hold a pool's requirements against each other and against
// the labels of its template, which Karpenter takes for requirements too.
func requirementRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID:       "nodepool/requirements",
			Severity: millrace.Error,
			Summary:  "There are nodes that meet all requirements of a pool.",
			Reason:   "A pool that no machine fits is Ready, and makes no node: its pods stay Pending for ever.",
			Fix:      "take out the requirement that is wrong, or give it values that the others leave",
			Source:   "Karpenter 1.14.1, pkg/scheduling/requirements.go; karpenter-provider-aws 1.14.1, pkg/providers/instancetype/types.go",
			Check:    rule(checkContradictions),
		},
		{
			ID:       "nodepool/dead-values",
			Severity: millrace.Warning,
			Summary:  "Each value of a requirement is one that the other requirements leave.",
			Reason:   "Karpenter never buys what another requirement excludes. Whoever reads the list believes in machines, and in a diversity for spot, that aren't there.",
			Fix:      "take the values out, or widen the requirement that excludes them: Gt 4, and not Gt 5, is generation 5 and later",
			Source:   "AWS data-on-eks, nodepool-memory-optimized.yaml (families of generation 5 beside a generation above 5); Karpenter 1.14.1, pkg/scheduling/requirements.go",
			Check:    rule(checkDeadValues),
		},
	}
}

const requirementsField = "spec.template.spec.requirements"

// onEveryNode are labels that no node is without.
var onEveryNode = []string{corev1.LabelArchStable, corev1.LabelOSStable, corev1.LabelInstanceTypeStable, corev1.LabelTopologyZone, capacityLabel}

func checkContradictions(pool *karpenterv1.NodePool, report func(field, detail string)) {
	seen := map[string]bool{}
	for i, r := range pool.Spec.Template.Spec.Requirements {
		at := fmt.Sprintf("%s[%d]", requirementsField, i)
		switch {
		case seen[r.Key]:
			continue
		case r.Operator == karpenterv1.NodeSelectorOperatorDoesNotExist && slices.Contains(onEveryNode, r.Key):
			report(at, "every node has a label "+r.Key)
		case contradictory(pool, r):
			report(at, fmt.Sprintf("nothing is %s", asked(pool, r.Key)))
		default:
			checkValuesLeft(pool, i, at, report)
			continue
		}
		seen[r.Key] = true
	}
}

// checkValuesLeft reports a list of values of which the other requirements
// leave none, or fewer than minValues.
func checkValuesLeft(pool *karpenterv1.NodePool, i int, at string, report func(field, detail string)) {
	r := pool.Spec.Template.Spec.Requirements[i]
	if r.Operator != karpenterv1.NodeSelectorOperatorIn {
		return
	}
	dead := deadValues(pool, r)
	left := len(r.Values) - len(dead)
	switch {
	case left == 0 && len(dead) > 0:
		report(at+".values", "no value is left: "+excluded(pool, dead))
	case r.MinValues != nil && int64(left) < *r.MinValues && len(dead) > 0:
		report(at+".minValues", fmt.Sprintf("%d values must be left, and %d are: %s", *r.MinValues, left, excluded(pool, dead)))
	}
}

func checkDeadValues(pool *karpenterv1.NodePool, report func(field, detail string)) {
	for i, r := range pool.Spec.Template.Spec.Requirements {
		if r.Operator != karpenterv1.NodeSelectorOperatorIn || contradictory(pool, r) {
			continue
		}
		if dead := deadValues(pool, r); len(dead) > 0 && len(dead) < len(r.Values) {
			report(fmt.Sprintf("%s[%d].values", requirementsField, i), excluded(pool, dead))
		}
	}
}

// contradictory reports whether no value of a label meets all that the pool
// asks of it.
func contradictory(pool *karpenterv1.NodePool, r karpenterv1.NodeSelectorRequirementWithMinValues) bool {
	return !takes(NodesOf(pool), nodeRequirement(r))
}

// takes reports whether some node of the shape meets the requirement.
func takes(nodes millrace.NodeShape, r corev1.NodeSelectorRequirement) bool {
	return len(nodes.Refuses(millrace.Placement{Affinity: &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{
		RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{
			{MatchExpressions: []corev1.NodeSelectorRequirement{r}},
		}}}}}).Labels) == 0
}

// A deadValue is a value that a requirement on a label excludes: its own, or
// one that the value implies.
type deadValue struct{ value, key, implied string }

// deadValues returns those of the values of a requirement that no node has.
func deadValues(pool *karpenterv1.NodePool, r karpenterv1.NodeSelectorRequirementWithMinValues) []deadValue {
	nodes := NodesOf(pool)
	told := map[string]bool{}
	for key := range nodes.Labels {
		told[key] = true
	}
	for _, other := range nodes.Requirements {
		told[other.Key] = true
	}
	var out []deadValue
	for _, v := range r.Values {
		if values, ok := knownValues[r.Key]; ok && !slices.Contains(values, v) {
			out = append(out, deadValue{value: v})
			continue
		}
		for _, is := range append([]label{{r.Key, v}}, implied(pool, r.Key, v)...) {
			if told[is.key] && !takes(nodes, corev1.NodeSelectorRequirement{Key: is.key, Operator: corev1.NodeSelectorOpIn, Values: []string{is.value}}) {
				out = append(out, deadValue{v, is.key, is.value})
				break
			}
		}
	}
	return out
}

// excluded says why values are dead, those of one reason together.
func excluded(pool *karpenterv1.NodePool, dead []deadValue) string {
	var reasons []string
	values := map[string][]string{}
	for _, d := range dead {
		why := "no machine has"
		if d.key != "" {
			why = "the pool asks for " + asked(pool, d.key)
		}
		if values[why] == nil {
			reasons = append(reasons, why)
		}
		values[why] = append(values[why], d.value)
	}
	for i, why := range reasons {
		its := strings.Join(values[why], ", ")
		if why == "no machine has" {
			reasons[i] = why + " " + its
			continue
		}
		reasons[i] = why + ", which excludes " + its
	}
	return strings.Join(reasons, "; ")
}

// asked writes all that a pool asks of a label.
func asked(pool *karpenterv1.NodePool, key string) string {
	var out []string
	if m := pool.Spec.Template.Metadata; m != nil {
		if value, ok := m.Labels[key]; ok {
			out = append(out, "In "+value)
		}
	}
	for _, r := range pool.Spec.Template.Spec.Requirements {
		if r.Key == key {
			out = append(out, strings.TrimSpace(string(r.Operator)+" "+strings.Join(r.Values, ", ")))
		}
	}
	return key + " " + strings.Join(out, " and ")
}
