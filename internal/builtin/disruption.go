package builtin

import (
	"strconv"
	"strings"

	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

func (c *checker) podDisruptionBudget(o *policyv1.PodDisruptionBudget) {
	c.enter("spec")
	defer c.leave()
	s := &o.Spec
	if s.MinAvailable != nil && s.MaxUnavailable != nil {
		c.problem("", schema.RuleInvalid, "has both minAvailable and maxUnavailable", "keep one of them")
	}
	c.shareOfPods("minAvailable", s.MinAvailable)
	c.shareOfPods("maxUnavailable", s.MaxUnavailable)
	c.labelSelector("selector", withoutMarker(s.Selector))
	if p := s.UnhealthyPodEvictionPolicy; p != nil {
		among(c, "unhealthyPodEvictionPolicy", *p, policyv1.IfHealthyBudget, policyv1.AlwaysAllow)
	}
}

// shareOfPods holds a value to a number of pods, or a part of them.
func (c *checker) shareOfPods(field string, v *intstr.IntOrString) {
	switch {
	case v == nil:
	case v.Type == intstr.Int:
		if v.IntVal < 0 {
			c.bounds(field, v.IntVal, "at least 0")
		}
	case c.held(field, v.StrVal, validation.IsValidPercent(v.StrVal), "be a number or a percentage, such as 25%"):
		if n, err := strconv.Atoi(strings.TrimSuffix(v.StrVal, "%")); err != nil || n > 100 {
			c.bounds(field, v.StrVal, "at most 100%")
		}
	}
}

// withoutMarker is a selector without the label that the server keeps for
// itself. It drops that from what users send.
func withoutMarker(s *metav1.LabelSelector) *metav1.LabelSelector {
	const marker = "pdb.kubernetes.io/deprecated-v1beta1-empty-selector-match"
	if s == nil {
		return nil
	}
	out := &metav1.LabelSelector{MatchLabels: s.MatchLabels}
	for _, r := range s.MatchExpressions {
		if r.Key != marker {
			out.MatchExpressions = append(out.MatchExpressions, r)
		}
	}
	return out
}
