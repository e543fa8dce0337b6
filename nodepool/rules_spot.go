package nodepool

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/machine"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// checkPoolSpot counts the machine types that a spot pool may choose from, where
// its requirements list them or their families. A pool that says nothing of its
// capacity gets spot machines too.
// Source: karpenter-provider-aws 1.14.1, pkg/providers/instance/instance.go, getCapacityType.
func checkPoolSpot(pool *karpenterv1.NodePool, report func(field, detail string)) {
	a := auditOf(pool)
	if a.excludes(label{capacityLabel, spot}) {
		return
	}
	who := "the spot pool"
	if !a.told[capacityLabel] {
		who = "the pool, which has no requirement on " + capacityLabel + " and so gets spot machines too,"
	}
	if i, ok := values(pool, corev1.LabelInstanceTypeStable, corev1.LabelInstanceType); ok {
		if n := a.alive(i); n < spotDiversity {
			report(fmt.Sprintf("%s[%d].values", requirementsField, i), fmt.Sprintf("%s has %d of the %d machine types that it needs", who, n, spotDiversity))
		}
		return
	}
	for _, domain := range awsDomains {
		i, ok := values(pool, domain+"/instance-family")
		if !ok {
			continue
		}
		var types []string
		for _, family := range pool.Spec.Template.Spec.Requirements[i].Values {
			of := machine.AWSFamily(family)
			if len(of) == 0 {
				return // Nobody knows how many these are.
			}
			types = append(types, of...)
		}
		if n := len(a.left(types)); n < spotDiversity {
			report(fmt.Sprintf("%s[%d].values", requirementsField, i), fmt.Sprintf("%s has %d of the %d machine types that it needs", who, n, spotDiversity))
		}
		return
	}
}

// values returns the index of the first requirement that lists values of one of
// the labels.
func values(pool *karpenterv1.NodePool, keys ...string) (int, bool) {
	i := slices.IndexFunc(pool.Spec.Template.Spec.Requirements, func(r karpenterv1.NodeSelectorRequirementWithMinValues) bool {
		return r.Operator == karpenterv1.NodeSelectorOperatorIn && slices.Contains(keys, r.Key)
	})
	return i, i >= 0
}

// alive counts the values of a requirement that the others leave.
func (a audit) alive(i int) int {
	r := a.pool.Spec.Template.Spec.Requirements[i]
	return len(r.Values) - len(a.deadValues(r))
}
