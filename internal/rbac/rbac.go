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

// told reports whether the bundle says of anybody what he may do.
func told(bundle *millrace.Bundle) bool {
	return bundle != nil && len(bundle.OfKind(roleBinding))+len(bundle.OfKind(clusterRoleBinding)) > 0
}

// Scene is the bindings of a bundle.
type Scene struct {
	bundle *millrace.Bundle
	// bindings are the roles that a subject is bound to, in one namespace, or in
	// all of them where it is empty.
	bindings map[bound][]rbacv1.RoleRef
}

type bound struct{ subject, namespace string }

type sceneKey struct{}

// In returns the scene of a check, which is made once; nil where the bundle says
// of nobody what he may do.
func In(pass *millrace.Pass) *Scene {
	if !told(pass.Bundle) {
		return nil
	}
	s, _ := pass.Once(sceneKey{}, func() any { return newScene(pass.Bundle) }).(*Scene)
	return s
}

func newScene(bundle *millrace.Bundle) *Scene {
	s := &Scene{bundle, make(map[bound][]rbacv1.RoleRef)}
	add := func(namespace string, ref rbacv1.RoleRef, subjects []rbacv1.Subject) {
		var seen []string
		for _, subject := range subjects {
			if name := subjectName(subject); !slices.Contains(seen, name) {
				seen = append(seen, name)
				s.bindings[bound{name, namespace}] = append(s.bindings[bound{name, namespace}], ref)
			}
		}
	}
	for _, o := range bundle.OfKind(roleBinding) {
		if b, ok := o.(*rbacv1.RoleBinding); ok && b.Namespace != "" {
			add(b.Namespace, b.RoleRef, b.Subjects)
		}
	}
	for _, o := range bundle.OfKind(clusterRoleBinding) {
		if b, ok := o.(*rbacv1.ClusterRoleBinding); ok {
			add("", b.RoleRef, b.Subjects)
		}
	}
	return s
}

// Missing returns the verbs of the right that the bundle's roles don't allow
// an account of the namespace home. It returns none of an account of which the
// bundle doesn't say what it may do: one that no role is bound to, or a role
// that is elsewhere or that the cluster puts together.
func (s *Scene) Missing(home string, r Right) []string {
	rules, known := s.rulesFor(r, home)
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
func (s *Scene) rulesFor(r Right, home string) (rules []rbacv1.PolicyRule, known bool) {
	var refs []rbacv1.RoleRef
	for _, name := range namesOf(r.Account, home) {
		if !r.ClusterWide && r.Namespace != "" {
			refs = append(refs, s.bindings[bound{name, r.Namespace}]...)
		}
		refs = append(refs, s.bindings[bound{name, ""}]...)
	}
	for _, ref := range refs {
		namespace := r.Namespace
		if ref.Kind == "ClusterRole" {
			namespace = ""
		}
		o, _ := s.bundle.Find(schema.GroupKind{Group: rbacv1.GroupName, Kind: ref.Kind}, namespace, ref.Name)
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

// subjectName is one name for a subject, however it is written: that of a
// service account's user for the account. What is no account, user or group has
// none that an account could have.
func subjectName(s rbacv1.Subject) string {
	switch s.Kind {
	case rbacv1.ServiceAccountKind:
		return "user " + userName(s.Name, s.Namespace)
	case rbacv1.UserKind:
		return "user " + s.Name
	case rbacv1.GroupKind:
		return "group " + s.Name
	}
	return ""
}

func userName(account, namespace string) string {
	return "system:serviceaccount:" + namespace + ":" + account
}

// namesOf are the names of the subjects that an account is: itself, and its
// groups.
// Source: Kubernetes, reference/access-authn-authz/rbac, referring to subjects.
func namesOf(account, namespace string) []string {
	return []string{"user " + userName(account, namespace), "group system:serviceaccounts", "group system:serviceaccounts:" + namespace, "group system:authenticated"}
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
