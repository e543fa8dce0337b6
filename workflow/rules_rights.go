package workflow

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
)

// rightsRule compares what a workflow needs with the roles of the bundle.
func rightsRule() millrace.Rule {
	return millrace.Rule{
		ID: "workflow/rights", Severity: millrace.Error,
		Summary: "A workflow's service account has the rights that its tasks need, where the bundle says what it may do.",
		Reason:  "The task fails at its first call, or, without the right to report results, the run never ends.",
		Fix:     "add the right to the role, or let Template.RBAC make it",
		Source:  "Argo Workflows, workflow-rbac and service-accounts; argo-workflows#13496, #12783",
		Check:   checkRights,
	}
}

var (
	roleBinding        = schema.GroupKind{Group: rbacv1.GroupName, Kind: "RoleBinding"}
	clusterRoleBinding = schema.GroupKind{Group: rbacv1.GroupName, Kind: "ClusterRoleBinding"}
)

func checkRights(p *millrace.Pass) {
	s, ok := specOf(p.Object)
	bindings := len(p.Bundle.OfKind(roleBinding)) + len(p.Bundle.OfKind(clusterRoleBinding))
	if !ok || s.namespace == "" || s.Entrypoint == "" || bindings == 0 {
		return
	}
	var templates []millrace.Object
	for _, kind := range []string{"WorkflowTemplate", "ClusterWorkflowTemplate"} {
		templates = append(templates, p.Bundle.OfKind(schema.GroupKind{Group: argoGroup, Kind: kind})...)
	}
	rights, _ := Rights(p.Object, templates...)
	for _, r := range rights {
		if r.Enforced {
			continue
		}
		rules, known := rulesFor(p.Bundle, r, s.namespace)
		if !known {
			continue
		}
		missing := slices.DeleteFunc(slices.Clone(r.Verbs), func(verb string) bool {
			return slices.ContainsFunc(rules, func(rule rbacv1.PolicyRule) bool { return grants(rule, r, verb) })
		})
		if len(missing) > 0 {
			where := "in " + r.Namespace
			if r.ClusterWide {
				where = "in the cluster"
			}
			p.Report(r.Field, fmt.Sprintf("the account %s may not %s %s %s", r.Account, strings.Join(missing, ", "), strings.Trim(r.Resource+"."+r.Group, "."), where))
		}
	}
}

// rulesFor returns what the bundle allows the account where the right is
// needed, and whether it says so at all: all roles that the account is bound
// to there are in it.
func rulesFor(bundle *millrace.Bundle, r Right, home string) (rules []rbacv1.PolicyRule, known bool) {
	var refs []rbacv1.RoleRef
	for _, o := range bundle.OfKind(roleBinding) {
		if b, ok := o.(*rbacv1.RoleBinding); ok && b.Namespace == r.Namespace && !r.ClusterWide && binds(b.Subjects, r.Account, home) {
			refs = append(refs, b.RoleRef)
		}
	}
	for _, o := range bundle.OfKind(clusterRoleBinding) {
		if b, ok := o.(*rbacv1.ClusterRoleBinding); ok && binds(b.Subjects, r.Account, home) {
			refs = append(refs, b.RoleRef)
		}
	}
	for _, ref := range refs {
		namespace := r.Namespace
		if ref.Kind == "ClusterRole" {
			namespace = ""
		}
		o, _ := bundle.Find(schema.GroupKind{Group: rbacv1.GroupName, Kind: ref.Kind}, namespace, ref.Name)
		switch role := o.(type) {
		case *rbacv1.Role:
			rules = append(rules, role.Rules...)
		case *rbacv1.ClusterRole:
			if role.AggregationRule != nil {
				return nil, false // the cluster puts it together
			}
			rules = append(rules, role.Rules...)
		default:
			return nil, false
		}
	}
	return rules, len(refs) > 0
}

// binds reports whether an account is one of the subjects, alone or in a group.
func binds(subjects []rbacv1.Subject, account, namespace string) bool {
	return slices.ContainsFunc(subjects, func(s rbacv1.Subject) bool {
		switch s.Kind {
		case rbacv1.ServiceAccountKind:
			return s.Name == account && s.Namespace == namespace
		case rbacv1.UserKind:
			return s.Name == "system:serviceaccount:"+namespace+":"+account
		case rbacv1.GroupKind:
			return s.Name == "system:serviceaccounts" || s.Name == "system:serviceaccounts:"+namespace || s.Name == "system:authenticated"
		}
		return false
	})
}

// grants reports whether a rule allows one verb of a right.
func grants(rule rbacv1.PolicyRule, r Right, verb string) bool {
	has := func(list []string, of ...string) bool {
		return slices.Contains(list, rbacv1.VerbAll) || slices.ContainsFunc(of, func(s string) bool { return slices.Contains(list, s) })
	}
	_, sub, _ := strings.Cut(r.Resource, "/")
	return has(rule.Verbs, verb) && has(rule.APIGroups, r.Group) && has(rule.Resources, r.Resource, "*/"+cmp.Or(sub, "?")) &&
		(len(rule.ResourceNames) == 0 || len(r.Names) > 0 && !slices.ContainsFunc(r.Names, func(n string) bool { return !slices.Contains(rule.ResourceNames, n) }))
}
