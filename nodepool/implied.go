package nodepool

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

// knownValues are the labels of which Karpenter's providers make no other
// values.
// Source: Karpenter 1.14.1, pkg/apis/v1/labels.go.
var knownValues = map[string][]string{
	corev1.LabelArchStable: {string(AMD64), string(ARM64)},
	corev1.LabelOSStable:   {string(corev1.Linux), string(corev1.Windows)},
	capacityLabel:          {spot, onDemand, "reserved"},
}

// awsDomains are the domains of the labels that tell what a machine of EC2 is:
// those of Karpenter's provider, and of EKS Auto Mode.
var awsDomains = []string{awsGroup, "eks.amazonaws.com"}

// awsFamily reads families of EC2 as Karpenter does: category and generation.
// Source: karpenter-provider-aws 1.14.1, pkg/providers/instancetype/types.go, instanceTypeScheme.
var awsFamily = regexp.MustCompile(`^([a-z]+)(-[0-9]+tb)?([0-9]+)`)

// A label is a key with its value.
type label struct{ key, value string }

// asked is the requirement that a node has the label.
func (l label) asked() corev1.NodeSelectorRequirement {
	return corev1.NodeSelectorRequirement{Key: l.key, Operator: corev1.NodeSelectorOpIn, Values: []string{l.value}}
}

// implied returns the labels that a machine has besides, if it has this one:
// an r5 is of generation 5.
func implied(pool *karpenterv1.NodePool, key, value string) []label {
	if ref := pool.Spec.Template.Spec.NodeClassRef.Group; !slices.Contains(awsDomains, ref) {
		return nil
	}
	switch domain, name, _ := strings.Cut(key, "/"); {
	case key == corev1.LabelInstanceTypeStable, key == corev1.LabelInstanceType:
		family, size, ok := strings.Cut(value, ".")
		if !ok {
			return nil
		}
		var out []label
		for _, domain := range awsDomains {
			out = append(out, label{domain + "/instance-family", family}, label{domain + "/instance-size", size})
			out = append(out, ofFamily(domain, family)...)
			out = append(out, ofMachine(domain, value)...)
		}
		return out
	case name == "instance-family" && slices.Contains(awsDomains, domain):
		return ofFamily(domain, value)
	}
	return nil
}

// ofFamily returns what all machines of a family are.
func ofFamily(domain, family string) []label {
	m := awsFamily.FindStringSubmatch(family)
	if m == nil {
		return nil
	}
	out := []label{{domain + "/instance-category", m[1]}, {domain + "/instance-generation", m[3]}}
	if arch := awsArch(family + ".large"); arch != "" {
		out = append(out, label{corev1.LabelArchStable, string(arch)})
	}
	return out
}

// ofMachine returns what a machine type has, if it is known.
func ofMachine(domain, name string) []label {
	m, ok := machine.AWS(name)
	if !ok {
		return nil
	}
	return []label{{domain + "/instance-cpu", strconv.FormatInt(m.CPUs, 10)}, {domain + "/instance-memory", strconv.FormatInt(int64(m.Memory/millrace.MiB), 10)}}
}

// left returns those of the machine types that all of a pool's requirements
// leave.
func (a audit) left(types []string) []string {
	return slices.DeleteFunc(types, func(name string) bool {
		is := append(implied(a.pool, corev1.LabelInstanceTypeStable, name), label{corev1.LabelInstanceTypeStable, name})
		return slices.ContainsFunc(is, a.excludes)
	})
}

// noneLeft reports whether all machine types of a family or a size are known,
// and the pool's requirements leave none of them.
func (a audit) noneLeft(key, value string) bool {
	domain, name, _ := strings.Cut(key, "/")
	if !slices.Contains(awsDomains, domain) || !slices.Contains(awsDomains, a.pool.Spec.Template.Spec.NodeClassRef.Group) {
		return false
	}
	switch name {
	case "instance-family":
		types := machine.AWSFamily(value)
		return len(types) > 0 && len(a.left(types)) == 0
	case "instance-size":
		i, ok := values(a.pool, domain+"/instance-family")
		if !ok {
			return false
		}
		var types []string
		for _, family := range a.pool.Spec.Template.Spec.Requirements[i].Values {
			of := machine.AWSFamily(family)
			if len(of) == 0 {
				return false
			}
			types = append(types, slices.DeleteFunc(of, func(t string) bool { return t != family+"."+value })...)
		}
		return len(a.left(types)) == 0
	}
	return false
}

// archOf returns the architectures of the machine types or families that a pool
// lists, if it says nothing else of them and all of their names tell it.
func archOf(pool *karpenterv1.NodePool) (corev1.NodeSelectorRequirement, bool) {
	var out []string
	if m := pool.Spec.Template.Metadata; m != nil && m.Labels[corev1.LabelArchStable] != "" {
		return corev1.NodeSelectorRequirement{}, false
	}
	for _, r := range pool.Spec.Template.Spec.Requirements {
		if r.Key == corev1.LabelArchStable || r.Key == "beta.kubernetes.io/arch" {
			return corev1.NodeSelectorRequirement{}, false
		}
		if archs, ok := archsOf(pool, r); ok && out == nil {
			out = archs
		}
	}
	return corev1.NodeSelectorRequirement{Key: corev1.LabelArchStable, Operator: corev1.NodeSelectorOpIn, Values: out}, out != nil
}

// archsOf returns the architectures of the values of a requirement, sorted;
// false if not every value tells one.
func archsOf(pool *karpenterv1.NodePool, r karpenterv1.NodeSelectorRequirementWithMinValues) ([]string, bool) {
	if r.Operator != karpenterv1.NodeSelectorOperatorIn {
		return nil, false
	}
	var out []string
	for _, v := range r.Values {
		labels := implied(pool, r.Key, v)
		i := slices.IndexFunc(labels, func(l label) bool { return l.key == corev1.LabelArchStable })
		if i < 0 {
			return nil, false
		}
		out = append(out, labels[i].value)
	}
	slices.Sort(out)
	return slices.Compact(out), len(out) > 0
}
