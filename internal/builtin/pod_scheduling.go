package builtin

import (
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

// tolerations checks which taints the pod puts up with.
func (c *checker) tolerations(field string, tolerations []corev1.Toleration) {
	if field != "" {
		c.enter(field)
		defer c.leave()
	}
	for i := range tolerations {
		c.item(i)
		c.toleration(&tolerations[i])
		c.leave()
	}
}

func (c *checker) toleration(t *corev1.Toleration) {
	if t.Key != "" {
		c.labelKey("key", t.Key)
	} else if t.Operator != corev1.TolerationOpExists {
		c.problem("operator", schema.RuleInvalid, "is not Exists, and there is no key", "set the key, or the operator Exists to tolerate all taints")
	}
	if t.TolerationSeconds != nil && t.Effect != corev1.TaintEffectNoExecute {
		c.problem("effect", schema.RuleInvalid, "is not NoExecute, and tolerationSeconds is set", "use NoExecute, or take tolerationSeconds out")
	}
	switch t.Operator {
	case corev1.TolerationOpEqual, "":
		if len(validation.IsValidLabelValue(t.Value)) > 0 {
			c.problem("operator", schema.RuleInvalid, "compares with "+show(t.Value)+", which is no label value", "write a value of letters, digits, '-', '_' and '.', at most 63")
		}
	case corev1.TolerationOpExists:
		if t.Value != "" {
			c.problem("operator", schema.RuleInvalid, "is Exists, and a value is set", "take the value out, or use Equal")
		}
	default: // Lt and Gt have to be switched on in the server.
		c.enum("operator", string(t.Operator), string(corev1.TolerationOpEqual), string(corev1.TolerationOpExists))
	}
	amongOrEmpty(c, "effect", t.Effect, corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute)
}

// topologySpread checks how the pods are spread.
func (p *podCheck) topologySpread() {
	p.enter("topologySpreadConstraints")
	for i := range p.spec.TopologySpreadConstraints {
		t := &p.spec.TopologySpreadConstraints[i]
		p.item(i)
		if t.MaxSkew < 0 || t.MaxSkew == 0 && !p.partial {
			p.bounds("maxSkew", t.MaxSkew, "at least 1")
		}
		if t.TopologyKey == "" {
			p.required("topologyKey", "name the nodes' label by which to spread")
		}
		among(p.checker, "whenUnsatisfiable", t.WhenUnsatisfiable, corev1.DoNotSchedule, corev1.ScheduleAnyway)
		if !p.left(t.TopologyKey) && slices.ContainsFunc(p.spec.TopologySpreadConstraints[i+1:], func(o corev1.TopologySpreadConstraint) bool {
			return o.TopologyKey == t.TopologyKey && o.WhenUnsatisfiable == t.WhenUnsatisfiable
		}) {
			p.problem("", schema.RuleDuplicate, "has the topologyKey and whenUnsatisfiable of a constraint below", "keep one of them")
		}
		if t.MinDomains != nil {
			if *t.MinDomains <= 0 {
				p.bounds("minDomains", *t.MinDomains, "at least 1")
			}
			if t.WhenUnsatisfiable != corev1.DoNotSchedule {
				p.problem("minDomains", schema.RuleInvalid, "is set, and whenUnsatisfiable is not DoNotSchedule", "use DoNotSchedule, or take minDomains out")
			}
		}
		amongIfSet(p.checker, "nodeAffinityPolicy", t.NodeAffinityPolicy, corev1.NodeInclusionPolicyIgnore, corev1.NodeInclusionPolicyHonor)
		amongIfSet(p.checker, "nodeTaintsPolicy", t.NodeTaintsPolicy, corev1.NodeInclusionPolicyIgnore, corev1.NodeInclusionPolicyHonor)
		p.matchLabelKeys(t.MatchLabelKeys, nil, t.LabelSelector)
		p.labelSelector("labelSelector", t.LabelSelector)
		p.leave()
	}
	p.leave()
}

// matchLabelKeys checks labels whose value the server takes from the pod
// itself.
func (p *podCheck) matchLabelKeys(match, mismatch []string, s *metav1.LabelSelector) {
	p.labelKeys("matchLabelKeys", match, s)
	p.labelKeys("mismatchLabelKeys", mismatch, s)
	if s != nil && len(match) > 0 {
		p.keysInSelector(match, mismatch, s)
	}
	for i, k := range match {
		if slices.Contains(mismatch, k) {
			p.enter("matchLabelKeys")
			p.item(i)
			p.problem("", schema.RuleInvalid, "is in mismatchLabelKeys as well", "keep one of the two")
			p.leave()
			p.leave()
		}
	}
}

func (p *podCheck) labelKeys(field string, keys []string, s *metav1.LabelSelector) {
	if len(keys) == 0 {
		return
	}
	if s == nil {
		p.forbidden(field, "is set without a labelSelector", "set the labelSelector, or take it out")
		return
	}
	each(p.checker, field, keys, func(key *string) { p.labelKey("", *key) })
}

// keysInSelector reports keys that the selector names as well. In a Pod the
// server has added its own requirements to the selector by then.
func (p *podCheck) keysInSelector(match, mismatch []string, s *metav1.LabelSelector) {
	var seen set[string]
	for k := range s.MatchLabels {
		seen.addNew(k)
	}
	require := func(k string) {
		if i := lastIndex(match, k); i >= 0 && seen.has(k) {
			p.enter("matchLabelKeys")
			p.item(i)
			p.problem("", schema.RuleInvalid, "is "+show(k)+", by which the labelSelector selects as well", "keep one of the two")
			p.leave()
			p.leave()
		}
		seen.addNew(k)
	}
	for i := range s.MatchExpressions {
		require(s.MatchExpressions[i].Key)
	}
	if !p.opts.pod {
		return
	}
	for _, keys := range [...][]string{match, mismatch} {
		for _, k := range keys {
			if _, ok := p.meta.Labels[k]; ok {
				require(k)
			}
		}
	}
}

func lastIndex(list []string, s string) int {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i] == s {
			return i
		}
	}
	return -1
}
