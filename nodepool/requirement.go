package nodepool

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// requirements returns those that the pool's fields and the provider's make.
func (k Karpenter) requirements(p *Pool) []karpenterv1.NodeSelectorRequirementWithMinValues {
	var out []karpenterv1.NodeSelectorRequirementWithMinValues
	in := func(key string, values ...string) {
		out = append(out, karpenterv1.NodeSelectorRequirementWithMinValues{Key: key, Operator: karpenterv1.NodeSelectorOperatorIn, Values: values})
	}
	if p.Machine != "" {
		in(corev1.LabelInstanceTypeStable, append([]string{p.Machine}, p.OtherMachines...)...)
	}
	if p.Arch != "" {
		in(corev1.LabelArchStable, string(p.Arch))
	}
	switch p.Capacity {
	case OnDemand:
		in(capacityLabel, onDemand)
	case Spot:
		in(capacityLabel, spot)
	case SpotFirst:
		in(capacityLabel, spot, onDemand)
	}
	if len(p.Zones) > 0 {
		in(corev1.LabelTopologyZone, slices.Clone(p.Zones)...)
	}
	for _, r := range k.Requirements {
		out = append(out, *r.DeepCopy())
	}
	return out
}

// joinRequirements puts the pool's requirements before those of Base, and adds
// the defaults whose keys nobody named.
func (k Karpenter) joinRequirements(p *Pool, base []karpenterv1.NodeSelectorRequirementWithMinValues, problems *millrace.Problems) []karpenterv1.NodeSelectorRequirementWithMinValues {
	out := k.requirements(p)
	keys := map[string]bool{}
	for _, r := range out {
		keys[stableKey(r.Key)] = true
	}
	for i, r := range base {
		if keys[stableKey(r.Key)] {
			problems.Conflict(fmt.Sprintf("Provider.Base.Template.Spec.Requirements[%d]", i), "the pool has a requirement on "+r.Key+" too", "set it in one place")
		}
	}
	for _, r := range base {
		keys[stableKey(r.Key)] = true
		out = append(out, r)
	}
	for _, r := range k.defaultRequirements(p) {
		if !keys[r.Key] {
			out = append(out, r)
		}
	}
	return out
}

// defaultRequirements are those that hold where nobody says otherwise.
func (k Karpenter) defaultRequirements(p *Pool) []karpenterv1.NodeSelectorRequirementWithMinValues {
	in, gt := karpenterv1.NodeSelectorOperatorIn, karpenterv1.NodeSelectorOperatorGt
	out := []karpenterv1.NodeSelectorRequirementWithMinValues{{Key: corev1.LabelArchStable, Operator: in, Values: []string{string(defaultArch)}}}
	if k.reference(p).Group != autoGroup { // EKS Auto Mode has Linux only, and doesn't know the label.
		out = append(out, karpenterv1.NodeSelectorRequirementWithMinValues{Key: corev1.LabelOSStable, Operator: in, Values: []string{string(corev1.Linux)}})
	}
	out = append(out, karpenterv1.NodeSelectorRequirementWithMinValues{Key: capacityLabel, Operator: in, Values: []string{onDemand}})
	if k.EC2 != nil && p.Disk.LocalNVMe {
		out = append(out, karpenterv1.NodeSelectorRequirementWithMinValues{Key: localNVMeLabel, Operator: gt, Values: []string{"0"}})
	}
	return out
}

// operators are those of the NodePool CRD of Karpenter 1.14.
var operators = []karpenterv1.NodeSelectorOperator{
	karpenterv1.NodeSelectorOperatorIn, karpenterv1.NodeSelectorOperatorNotIn,
	karpenterv1.NodeSelectorOperatorExists, karpenterv1.NodeSelectorOperatorDoesNotExist,
	karpenterv1.NodeSelectorOperatorGt, karpenterv1.NodeSelectorOperatorLt,
	karpenterv1.NodeSelectorOperatorGte, karpenterv1.NodeSelectorOperatorLte,
}

// checkRequirements holds the rules of the CRD and those that Karpenter itself
// checks later, when all that shows is Ready=False.
// Source: Karpenter 1.14.1, pkg/apis/v1/nodeclaim_validation.go.
func checkRequirements(problems *millrace.Problems, field string, requirements []karpenterv1.NodeSelectorRequirementWithMinValues, group string) {
	for i, r := range requirements {
		at := fmt.Sprintf("%s[%d]", field, i)
		if r.Key == "" {
			problems.Required(at+".Key", "name the node label")
		} else {
			checkKey(problems, at+".Key", r.Key)
		}
		if why, fix := restricted(r.Key, group); why != "" {
			problems.Invalid(at+".Key", r.Key, why, orDefault(fix, "use another label"))
		}
		for j, value := range r.Values {
			checkValue(problems, fmt.Sprintf("%s.Values[%d]", at, j), value)
		}
		if known := providerValues(r.Key, group); known != nil && r.Operator == karpenterv1.NodeSelectorOperatorIn {
			for j, value := range r.Values {
				if !slices.Contains(known, value) {
					problems.Invalid(fmt.Sprintf("%s.Values[%d]", at, j), value, "unknown value of "+r.Key, "use one of "+strings.Join(known, ", "))
				}
			}
		}
		checkValues(problems, at, r)
	}
}

func checkValues(problems *millrace.Problems, at string, r karpenterv1.NodeSelectorRequirementWithMinValues) {
	switch r.Operator {
	case karpenterv1.NodeSelectorOperatorIn, karpenterv1.NodeSelectorOperatorNotIn:
		if len(r.Values) == 0 {
			problems.Required(at+".Values", "name the values")
		}
	case karpenterv1.NodeSelectorOperatorExists, karpenterv1.NodeSelectorOperatorDoesNotExist:
		if len(r.Values) > 0 {
			problems.Invalid(at+".Values", strings.Join(r.Values, ", "), fmt.Sprintf("operator %s takes none", r.Operator), "leave them out, or use In")
		}
	case karpenterv1.NodeSelectorOperatorGt, karpenterv1.NodeSelectorOperatorLt, karpenterv1.NodeSelectorOperatorGte, karpenterv1.NodeSelectorOperatorLte:
		if len(r.Values) != 1 {
			problems.Invalid(at+".Values", strings.Join(r.Values, ", "), fmt.Sprintf("operator %s takes one", r.Operator), "give it one number")
		} else if n, err := strconv.Atoi(r.Values[0]); err != nil || n < 0 {
			problems.Invalid(at+".Values[0]", r.Values[0], "is no whole number", "use 0 or more")
		}
	case "":
		problems.Required(at+".Operator", "use In, NotIn, Exists, DoesNotExist, Gt, Lt, Gte or Lte")
	default:
		problems.Invalid(at+".Operator", string(r.Operator), "unknown operator", fmt.Sprintf("use one of %v", operators))
	}
	if r.MinValues == nil {
		return
	}
	switch n := *r.MinValues; {
	case n < 1 || n > 50:
		problems.Invalid(at+".MinValues", n, "is out of range", "use 1 to 50")
	case r.Operator == karpenterv1.NodeSelectorOperatorIn && int(n) > len(r.Values):
		problems.Invalid(at+".MinValues", n, fmt.Sprintf("there are only %d values", len(r.Values)), "give more values")
	}
}
