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
	a, seen := auditOf(pool), map[string]bool{}
	for i, r := range pool.Spec.Template.Spec.Requirements {
		at := fmt.Sprintf("%s[%d]", requirementsField, i)
		switch {
		case seen[r.Key]:
			continue
		case r.Operator == karpenterv1.NodeSelectorOperatorDoesNotExist && slices.Contains(onEveryNode, r.Key):
			report(at, "every node has a label "+r.Key)
		case a.contradictory(r):
			report(at, fmt.Sprintf("nothing is %s", asked(pool, r.Key)))
		default:
			a.checkValuesLeft(i, at, report)
			continue
		}
		seen[r.Key] = true
	}
}

// checkValuesLeft reports a list of values of which the other requirements
// leave none, or fewer than minValues.
func (a audit) checkValuesLeft(i int, at string, report func(field, detail string)) {
	r := a.pool.Spec.Template.Spec.Requirements[i]
	if r.Operator != karpenterv1.NodeSelectorOperatorIn {
		return
	}
	dead := a.deadValues(r)
	left := len(r.Values) - len(dead)
	switch {
	case left == 0 && len(dead) > 0:
		report(at+".values", "no value is left: "+excluded(a.pool, dead))
	case r.MinValues != nil && int64(left) < *r.MinValues && len(dead) > 0:
		report(at+".minValues", fmt.Sprintf("%d values must be left, and %d are: %s", *r.MinValues, left, excluded(a.pool, dead)))
	}
}

func checkDeadValues(pool *karpenterv1.NodePool, report func(field, detail string)) {
	a := auditOf(pool)
	for i, r := range pool.Spec.Template.Spec.Requirements {
		if r.Operator != karpenterv1.NodeSelectorOperatorIn || a.contradictory(r) {
			continue
		}
		if dead := a.deadValues(r); len(dead) > 0 && len(dead) < len(r.Values) {
			report(fmt.Sprintf("%s[%d].values", requirementsField, i), excluded(a.pool, dead))
		}
	}
}

// An audit is a look at all that a pool asks of its nodes.
type audit struct {
	pool  *karpenterv1.NodePool
	nodes millrace.NodeShape
	told  map[string]bool // the keys of the labels that the pool tells of
	known map[label]bool  // what has been found out: whether nodes can have a label
}

func auditOf(pool *karpenterv1.NodePool) audit {
	a := audit{pool: pool, nodes: NodesOf(pool), told: map[string]bool{}, known: map[label]bool{}}
	for key := range a.nodes.Labels {
		a.told[key] = true
	}
	for _, r := range a.nodes.Requirements {
		a.told[r.Key] = true
	}
	return a
}

// excludes reports whether the pool asks for something else than the label.
func (a audit) excludes(l label) bool {
	if !a.told[l.key] {
		return false
	}
	if _, ok := a.known[l]; !ok {
		a.known[l] = takes(a.nodes, l.asked())
	}
	return !a.known[l]
}

// contradictory reports whether no value of a label meets all that the pool
// asks of it.
func (a audit) contradictory(r karpenterv1.NodeSelectorRequirementWithMinValues) bool {
	return !takes(a.nodes, nodeRequirement(r))
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
type deadValue struct{ value, key string }

// deadValues returns those of the values of a requirement that no node has.
func (a audit) deadValues(r karpenterv1.NodeSelectorRequirementWithMinValues) []deadValue {
	var out []deadValue
	for _, v := range r.Values {
		if values, ok := knownValues[r.Key]; ok && !slices.Contains(values, v) {
			out = append(out, deadValue{value: v})
			continue
		}
		is := append([]label{{r.Key, v}}, implied(a.pool, r.Key, v)...)
		if i := slices.IndexFunc(is, a.excludes); i >= 0 {
			out = append(out, deadValue{v, is[i].key})
		} else if a.noneLeft(r.Key, v) {
			out = append(out, deadValue{v, everyOther})
		}
	}
	return out
}

// everyOther stands for all requirements together.
const everyOther = "*"

// excluded says why values are dead, those of one reason together.
func excluded(pool *karpenterv1.NodePool, dead []deadValue) string {
	var reasons []string
	values := map[string][]string{}
	for _, d := range dead {
		if values[d.key] == nil {
			reasons = append(reasons, d.key)
		}
		values[d.key] = append(values[d.key], d.value)
	}
	for i, key := range reasons {
		its := strings.Join(values[key], ", ")
		switch key {
		case "":
			reasons[i] = "no machine has " + its
		case everyOther:
			reasons[i] = "all requirements together leave no machine of " + its
		default:
			reasons[i] = fmt.Sprintf("the pool asks for %s, which excludes %s", asked(pool, key), its)
		}
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
