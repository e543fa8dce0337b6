package nodepool

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// checkPoolSpot counts the machine types that a spot pool may choose from, at
// the most, where its requirements name them.
func checkPoolSpot(pool *karpenterv1.NodePool, report func(field, detail string)) {
	if !maySpot(pool) {
		return
	}
	who := "the spot pool"
	if _, said := NodesOf(pool).Labels[capacityLabel]; !said && !slices.ContainsFunc(pool.Spec.Template.Spec.Requirements, func(r karpenterv1.NodeSelectorRequirementWithMinValues) bool { return r.Key == capacityLabel }) {
		who = "the pool, which has no requirement on " + capacityLabel + " and so gets spot machines too,"
	}
	if i, ok := values(pool, corev1.LabelInstanceTypeStable, corev1.LabelInstanceType); ok {
		if n := alive(pool, i); n < spotDiversity {
			report(fmt.Sprintf("%s[%d].values", requirementsField, i), fmt.Sprintf("%s has %d of the %d machine types that it needs", who, n, spotDiversity))
		}
		return
	}
	for _, domain := range awsDomains {
		i, ok := values(pool, domain+"/instance-family")
		if !ok {
			continue
		}
		families, sizes := alive(pool, i), 0
		if j, ok := values(pool, domain+"/instance-size"); ok {
			sizes = alive(pool, j)
		} else {
			sizes = sizesLeft(pool, domain)
		}
		if n := families * sizes; n < spotDiversity {
			report(fmt.Sprintf("%s[%d].values", requirementsField, i),
				fmt.Sprintf("%s has at the most %d of the %d machine types that it needs: %d families of %d sizes", who, n, spotDiversity, families, sizes))
		}
		return
	}
}

// maySpot reports whether Karpenter may buy spot machines for a pool. It does
// where the pool says nothing of the capacity.
// Source: karpenter-provider-aws 1.14.1, pkg/providers/instance/instance.go, getCapacityType.
func maySpot(pool *karpenterv1.NodePool) bool {
	return takes(NodesOf(pool), corev1.NodeSelectorRequirement{Key: capacityLabel, Operator: corev1.NodeSelectorOpIn, Values: []string{spot}})
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
func alive(pool *karpenterv1.NodePool, i int) int {
	r := pool.Spec.Template.Spec.Requirements[i]
	return len(r.Values) - len(deadValues(pool, r))
}

// awsSizes are the sizes of EC2's machines whose number of CPUs is told by the
// name. No family has all of them.
const awsSizes = "large xlarge 2xlarge 3xlarge 4xlarge 6xlarge 8xlarge 9xlarge 10xlarge 12xlarge 16xlarge 18xlarge 24xlarge 32xlarge 48xlarge 56xlarge 96xlarge 112xlarge 224xlarge"

// sizesLeft counts the sizes that a pool without a list of them takes, at the
// most: more than there can be, where it asks for no number of CPUs.
func sizesLeft(pool *karpenterv1.NodePool, domain string) int {
	nodes, bounded := NodesOf(pool), false
	for _, r := range nodes.Requirements {
		bounded = bounded || r.Key == domain+"/instance-cpu" || r.Key == domain+"/instance-size"
	}
	if _, one := nodes.Labels[domain+"/instance-cpu"]; !one && !bounded {
		return spotDiversity
	}
	n := 1 // Bare metal has as many CPUs as some other size.
	for size := range strings.FieldsSeq(awsSizes) {
		fits := takes(nodes, corev1.NodeSelectorRequirement{Key: domain + "/instance-size", Operator: corev1.NodeSelectorOpIn, Values: []string{size}})
		for _, l := range ofSize(domain, "m5", size) {
			fits = fits && takes(nodes, corev1.NodeSelectorRequirement{Key: l.key, Operator: corev1.NodeSelectorOpIn, Values: []string{l.value}})
		}
		if fits {
			n++
		}
	}
	return n
}
