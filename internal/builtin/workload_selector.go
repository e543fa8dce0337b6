package builtin

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// labelSelector holds a selector to its form, and returns whether it has it.
func (c *checker) labelSelector(field string, s *metav1.LabelSelector) bool {
	if s == nil {
		return true
	}
	if field != "" {
		c.enter(field)
		defer c.leave()
	}
	ok := c.labelled("matchLabels", s.MatchLabels)
	each(c, "matchExpressions", s.MatchExpressions, func(r *metav1.LabelSelectorRequirement) { ok = c.labelRequirement(r) && ok })
	return ok
}

func (c *checker) labelRequirement(r *metav1.LabelSelectorRequirement) bool {
	var ok bool
	switch r.Operator {
	case metav1.LabelSelectorOpIn, metav1.LabelSelectorOpNotIn:
		if ok = len(r.Values) > 0; !ok {
			c.required("values", "add a value, or use Exists or DoesNotExist")
		}
	case metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist:
		if ok = len(r.Values) == 0; !ok {
			c.forbidden("values", "is set, and the operator is "+string(r.Operator), "take the values out, or use In or NotIn")
		}
	default:
		c.invalid("operator", string(r.Operator), labelOperators, "use one of them")
	}
	ok = c.labelKey("key", r.Key) && ok
	each(c, "values", r.Values, func(v *string) { ok = c.labelValue("", *v) && ok })
	return ok
}

// selects reports whether a selector that has its form picks an object with
// these labels. One that is nil picks nothing, an empty one everything.
func selects(s *metav1.LabelSelector, labels map[string]string) bool {
	if s == nil {
		return false
	}
	for k, v := range s.MatchLabels {
		if have, ok := labels[k]; !ok || have != v {
			return false
		}
	}
	for i := range s.MatchExpressions {
		r := &s.MatchExpressions[i]
		have, ok := labels[r.Key]
		switch r.Operator {
		case metav1.LabelSelectorOpIn:
			ok = ok && slices.Contains(r.Values, have)
		case metav1.LabelSelectorOpNotIn:
			ok = !ok || !slices.Contains(r.Values, have)
		case metav1.LabelSelectorOpDoesNotExist:
			ok = !ok
		}
		if !ok {
			return false
		}
	}
	return true
}
