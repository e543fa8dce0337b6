// Package rbac tells what the roles of a bundle allow its service accounts.
package rbac

import (
	"cmp"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
)

// Right is what a service account must be allowed to do with one resource.
type Right struct {
	// Account is the service account.
	Account string
	// Namespace is where the right is needed; ClusterWide rights are for
	// resources without a namespace, or for those of all namespaces.
	Namespace   string
	ClusterWide bool
	// Group and Resource name the resource as a Role does; Names are the only
	// objects that are meant, where there are any.
	Group, Resource string
	Names           []string
	Verbs           []string
}

var (
	roleBinding        = schema.GroupKind{Group: rbacv1.GroupName, Kind: "RoleBinding"}
	clusterRoleBinding = schema.GroupKind{Group: rbacv1.GroupName, Kind: "ClusterRoleBinding"}
)

// Told reports whether the bundle says of anybody what he may do.
func Told(bundle *millrace.Bundle) bool {
	return bundle != nil && len(bundle.OfKind(roleBinding))+len(bundle.OfKind(clusterRoleBinding)) > 0
}

// Missing returns the verbs of the right that the bundle's roles don't allow
// an account of the namespace home. It returns none of an account of which the
// bundle doesn't say what it may do: one that no role is bound to, or a role
// that is elsewhere or that the cluster puts together.
func Missing(bundle *millrace.Bundle, home string, r Right) []string {
	rules, known := rulesFor(bundle, r, home)
	if !known {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.Verbs), func(verb string) bool {
		return slices.ContainsFunc(rules, func(rule rbacv1.PolicyRule) bool { return grants(rule, r, verb) })
	})
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
