package builtin

import (
	corev1 "k8s.io/api/core/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/internal/schema"
)

const (
	requiredTerms  = "requiredDuringSchedulingIgnoredDuringExecution"
	preferredTerms = "preferredDuringSchedulingIgnoredDuringExecution"
)

// affinity checks where the pod wants to run, and beside which pods.
func (p *podCheck) affinity(a *corev1.Affinity) {
	if a == nil {
		return
	}
	p.enter("affinity")
	if n := a.NodeAffinity; n != nil {
		p.enter("nodeAffinity")
		p.nodeAffinity(n)
		p.leave()
	}
	if a := a.PodAffinity; a != nil {
		p.enter("podAffinity")
		p.podAffinity(a.RequiredDuringSchedulingIgnoredDuringExecution, a.PreferredDuringSchedulingIgnoredDuringExecution)
		p.leave()
	}
	if a := a.PodAntiAffinity; a != nil {
		p.enter("podAntiAffinity")
		p.podAffinity(a.RequiredDuringSchedulingIgnoredDuringExecution, a.PreferredDuringSchedulingIgnoredDuringExecution)
		p.leave()
	}
	p.leave()
}

func (p *podCheck) nodeAffinity(a *corev1.NodeAffinity) {
	if required := a.RequiredDuringSchedulingIgnoredDuringExecution; required != nil {
		p.enter(requiredTerms)
		if len(required.NodeSelectorTerms) == 0 {
			p.required("nodeSelectorTerms", "add a term, or take the whole out")
		}
		each(p.checker, "nodeSelectorTerms", required.NodeSelectorTerms, func(t *corev1.NodeSelectorTerm) { p.nodeSelectorTerm(t, true) })
		p.leave()
	}
	each(p.checker, preferredTerms, a.PreferredDuringSchedulingIgnoredDuringExecution, func(t *corev1.PreferredSchedulingTerm) {
		p.weight(t.Weight)
		p.enter("preference")
		p.nodeSelectorTerm(&t.Preference, false)
		p.leave()
	})
}

func (c *checker) weight(w int32) {
	if (w < 1 || w > 100) && !(c.partial && w == 0) {
		c.bounds("weight", w, "from 1 to 100")
	}
}

// nodeSelectorTerm checks a term; where it is only preferred, the server lets
// every value pass.
func (c *checker) nodeSelectorTerm(t *corev1.NodeSelectorTerm, required bool) {
	each(c, "matchExpressions", t.MatchExpressions, func(r *corev1.NodeSelectorRequirement) { c.nodeRequirement(r, required) })
	each(c, "matchFields", t.MatchFields, c.nodeField)
}

const labelOperators = "be one of In, NotIn, Exists, DoesNotExist"

func (c *checker) nodeRequirement(r *corev1.NodeSelectorRequirement, required bool) {
	switch r.Operator {
	case corev1.NodeSelectorOpIn, corev1.NodeSelectorOpNotIn:
		if len(r.Values) == 0 {
			c.required("values", "add a value, or use Exists or DoesNotExist")
		}
	case corev1.NodeSelectorOpExists, corev1.NodeSelectorOpDoesNotExist:
		if len(r.Values) > 0 {
			c.forbidden("values", "is set, and the operator is "+string(r.Operator), "take the values out, or use In or NotIn")
		}
	case corev1.NodeSelectorOpGt, corev1.NodeSelectorOpLt:
		if len(r.Values) != 1 {
			c.problem("values", schema.RuleRequired, "is not one value, and the operator is "+string(r.Operator), "write one number")
		}
	default:
		c.invalid("operator", string(r.Operator), labelOperators+", Gt, Lt", "use one of them")
	}
	c.labelKey("key", r.Key)
	if required {
		c.labelValues(r.Values)
	}
}

func (c *checker) labelValues(values []string) {
	c.enter("values")
	for i, v := range values {
		c.item(i)
		c.labelValue("", v)
		c.leave()
	}
	c.leave()
}

func (c *checker) nodeField(r *corev1.NodeSelectorRequirement) {
	switch r.Operator {
	case corev1.NodeSelectorOpIn, corev1.NodeSelectorOpNotIn:
		if len(r.Values) != 1 {
			c.problem("values", schema.RuleRequired, "is not one value", "write one: fields take In and NotIn with a single value")
		}
	default:
		c.invalid("operator", string(r.Operator), "be In or NotIn, the others don't work with fields", "use one of the two")
	}
	if r.Key != metav1.ObjectNameField {
		c.invalid("key", r.Key, "be "+metav1.ObjectNameField+", the only field of nodes to select by", "use it, or select by a label")
		return
	}
	c.enter("values")
	for i, v := range r.Values {
		c.item(i)
		c.dnsName("", v)
		c.leave()
	}
	c.leave()
}

func (p *podCheck) podAffinity(required []corev1.PodAffinityTerm, preferred []corev1.WeightedPodAffinityTerm) {
	each(p.checker, requiredTerms, required, p.podAffinityTerm)
	each(p.checker, preferredTerms, preferred, func(t *corev1.WeightedPodAffinityTerm) {
		p.weight(t.Weight)
		p.enter("podAffinityTerm")
		p.podAffinityTerm(&t.PodAffinityTerm)
		p.leave()
	})
}

func (p *podCheck) podAffinityTerm(t *corev1.PodAffinityTerm) {
	p.labelSelector("labelSelector", t.LabelSelector)
	p.labelSelector("namespaceSelector", t.NamespaceSelector)
	p.enter("namespaces")
	for i, name := range t.Namespaces {
		p.item(i)
		p.held("", name, apivalidation.ValidateNamespaceName(name, false), aLabel)
		p.leave()
	}
	p.leave()
	p.matchLabelKeys(t.MatchLabelKeys, t.MismatchLabelKeys, t.LabelSelector)
	if t.TopologyKey == "" {
		p.required("topologyKey", "name the nodes' label that makes two nodes one place, such as kubernetes.io/hostname")
	} else {
		p.labelKey("topologyKey", t.TopologyKey)
	}
}
