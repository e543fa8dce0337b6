package builtin

import (
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/internal/schema"
)

func (c *checker) role(o *rbacv1.Role) { c.policyRules(o.Rules, true) }

func (c *checker) clusterRole(o *rbacv1.ClusterRole) {
	c.policyRules(o.Rules, false)
	a := o.AggregationRule
	if a == nil {
		return
	}
	if len(a.ClusterRoleSelectors) == 0 {
		c.required("aggregationRule.clusterRoleSelectors", "say which roles to aggregate")
	}
	c.enter("aggregationRule")
	c.enter("clusterRoleSelectors")
	for i := range a.ClusterRoleSelectors {
		c.item(i)
		s := &a.ClusterRoleSelectors[i]
		c.labelSelector("", s)
		if _, err := metav1.LabelSelectorAsSelector(s); err != nil {
			c.problem("", schema.RuleInvalid, "is no selector", "correct its parts")
		}
		c.leave()
	}
	c.leave()
	c.leave()
}

func (c *checker) policyRules(rules []rbacv1.PolicyRule, namespaced bool) {
	c.enter("rules")
	defer c.leave()
	for i := range rules {
		c.item(i)
		c.policyRule(&rules[i], namespaced)
		c.leave()
	}
}

func (c *checker) policyRule(r *rbacv1.PolicyRule, namespaced bool) {
	if len(r.Verbs) == 0 {
		c.required("verbs", `name a verb, such as "get"`)
	}
	if len(r.NonResourceURLs) > 0 {
		urls := strings.Join(r.NonResourceURLs, ", ")
		if namespaced {
			c.invalid("nonResourceURLs", urls, "be in a ClusterRole", "make it a ClusterRole")
		}
		if len(r.APIGroups)+len(r.Resources)+len(r.ResourceNames) > 0 {
			c.invalid("nonResourceURLs", urls, "be in a rule without resources", "split the rule")
		}
		return
	}
	if len(r.APIGroups) == 0 {
		c.required("apiGroups", `name a group; "" is that of pods and services`)
	}
	if len(r.Resources) == 0 {
		c.required("resources", `name a resource, such as "pods"`)
	}
}

func (c *checker) roleBinding(o *rbacv1.RoleBinding) {
	c.roleRef(&o.RoleRef, "Role", "ClusterRole")
	c.subjects(o.Subjects, true)
}

func (c *checker) clusterRoleBinding(o *rbacv1.ClusterRoleBinding) {
	c.roleRef(&o.RoleRef, "ClusterRole")
	c.subjects(o.Subjects, false)
}

func (c *checker) roleRef(r *rbacv1.RoleRef, kinds ...string) {
	c.enter("roleRef")
	defer c.leave()
	if r.APIGroup != "" {
		among(c, "apiGroup", r.APIGroup, rbacv1.GroupName)
	}
	among(c, "kind", r.Kind, kinds...)
	c.segment("name", r.Name, "name the role")
}

func (c *checker) subjects(subjects []rbacv1.Subject, namespaced bool) {
	c.enter("subjects")
	defer c.leave()
	for i := range subjects {
		c.item(i)
		c.subject(&subjects[i], namespaced)
		c.leave()
	}
}

func (c *checker) subject(s *rbacv1.Subject, namespaced bool) {
	named := c.present("name", s.Name, "say whom")
	switch s.Kind {
	case rbacv1.ServiceAccountKind:
		if named {
			c.held("name", s.Name, apivalidation.ValidateServiceAccountName(s.Name, false), aName)
		}
		if s.APIGroup != "" {
			c.invalid("apiGroup", s.APIGroup, "be empty for a ServiceAccount", "take it out")
		}
		if !namespaced && s.Namespace == "" {
			c.required("namespace", "say where the service account is")
		}
	case rbacv1.UserKind, rbacv1.GroupKind:
		if s.APIGroup != "" {
			among(c, "apiGroup", s.APIGroup, rbacv1.GroupName)
		}
	default:
		among(c, "kind", s.Kind, rbacv1.ServiceAccountKind, rbacv1.UserKind, rbacv1.GroupKind)
	}
}
