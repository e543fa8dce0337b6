package rbac_test

import (
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/rbac"
)

// TestMissing asks for a right of the account etl of the namespace sales.
func TestMissing(t *testing.T) {
	can := func(verbs, resource string, names ...string) []rbacv1.PolicyRule {
		return []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{resource}, Verbs: strings.Fields(verbs), ResourceNames: names}}
	}
	meta := func(namespace, name string) metav1.ObjectMeta {
		return metav1.ObjectMeta{Namespace: namespace, Name: name}
	}
	role := func(namespace string, rules []rbacv1.PolicyRule) millrace.Object {
		if namespace == "" {
			return &rbacv1.ClusterRole{ObjectMeta: meta("", "r"), Rules: rules}
		}
		return &rbacv1.Role{ObjectMeta: meta(namespace, "r"), Rules: rules}
	}
	bind := func(namespace, kind string, subjects ...rbacv1.Subject) millrace.Object {
		ref := rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: kind, Name: "r"}
		if namespace == "" {
			return &rbacv1.ClusterRoleBinding{ObjectMeta: meta("", "b"), RoleRef: ref, Subjects: subjects}
		}
		return &rbacv1.RoleBinding{ObjectMeta: meta(namespace, "b"), RoleRef: ref, Subjects: subjects}
	}
	etl := rbacv1.Subject{Kind: "ServiceAccount", Namespace: "sales", Name: "etl"}
	as := func(kind, name string) rbacv1.Subject { return rbacv1.Subject{Kind: kind, Name: name} }
	pods := rbac.Right{Account: "etl", Namespace: "sales", Resource: "pods", Verbs: []string{"get", "create"}}
	change := func(f func(*rbac.Right)) rbac.Right {
		out := pods
		f(&out)
		return out
	}
	everywhere := change(func(r *rbac.Right) { r.Namespace, r.ClusterWide = "", true })
	named := change(func(r *rbac.Right) { r.Names = []string{"a", "b"} })
	log := change(func(r *rbac.Right) { r.Resource = "pods/log" })
	aggregated := &rbacv1.ClusterRole{ObjectMeta: meta("", "r"), AggregationRule: &rbacv1.AggregationRule{}}
	const nothing, all = "", "get create"
	for name, tc := range map[string]struct {
		right   rbac.Right
		want    string
		objects []millrace.Object
	}{
		"all of it":                {pods, nothing, []millrace.Object{role("sales", can("get create", "pods")), bind("sales", "Role", etl)}},
		"half of it":               {pods, "create", []millrace.Object{role("sales", can("get", "pods")), bind("sales", "Role", etl)}},
		"something else":           {pods, all, []millrace.Object{role("sales", can("get create", "services")), bind("sales", "Role", etl)}},
		"everything":               {pods, nothing, []millrace.Object{role("sales", can("*", "*")), bind("sales", "Role", etl)}},
		"by two bindings":          {pods, nothing, []millrace.Object{role("sales", can("get", "pods")), bind("sales", "Role", etl), role("", can("create", "pods")), bind("", "ClusterRole", etl)}},
		"nobody says":              {pods, nothing, []millrace.Object{role("sales", nil), bind("sales", "Role", as("User", "eva"))}},
		"elsewhere":                {pods, nothing, []millrace.Object{role("other", nil), bind("other", "Role", etl)}},
		"of another namespace":     {pods, nothing, []millrace.Object{role("sales", nil), bind("sales", "Role", rbacv1.Subject{Kind: "ServiceAccount", Namespace: "other", Name: "etl"})}},
		"a role that isn't there":  {pods, nothing, []millrace.Object{bind("sales", "Role", etl)}},
		"one that is put together": {pods, nothing, []millrace.Object{aggregated, bind("", "ClusterRole", etl)}},
		"cluster role, bound here": {pods, "create", []millrace.Object{role("", can("get", "pods")), bind("sales", "ClusterRole", etl)}},
		"cluster role, everywhere": {pods, "create", []millrace.Object{role("", can("get", "pods")), bind("", "ClusterRole", etl)}},
		"as a user":                {pods, "create", []millrace.Object{role("sales", can("get", "pods")), bind("sales", "Role", as("User", "system:serviceaccount:sales:etl"))}},
		"as one of its namespace":  {pods, "create", []millrace.Object{role("sales", can("get", "pods")), bind("sales", "Role", as("Group", "system:serviceaccounts:sales"))}},
		"as an account":            {pods, "create", []millrace.Object{role("sales", can("get", "pods")), bind("sales", "Role", as("Group", "system:serviceaccounts"))}},
		"as anybody":               {pods, "create", []millrace.Object{role("sales", can("get", "pods")), bind("sales", "Role", as("Group", "system:authenticated"))}},
		"as one of another":        {pods, nothing, []millrace.Object{role("sales", nil), bind("sales", "Role", as("Group", "system:serviceaccounts:other"))}},
		"a group of that name":     {pods, nothing, []millrace.Object{role("sales", nil), bind("sales", "Role", as("Group", "etl"), as("User", "etl"), as("Robot", ""))}},
		"in all namespaces":        {everywhere, "create", []millrace.Object{role("", can("get", "pods")), bind("", "ClusterRole", etl)}},
		"in all but here alone":    {everywhere, nothing, []millrace.Object{role("", can("get", "pods")), bind("sales", "ClusterRole", etl)}},
		"by name":                  {named, nothing, []millrace.Object{role("sales", can("get create", "pods", "a", "b", "c")), bind("sales", "Role", etl)}},
		"by one of the names":      {named, all, []millrace.Object{role("sales", can("get create", "pods", "a")), bind("sales", "Role", etl)}},
		"some, where all are":      {pods, all, []millrace.Object{role("sales", can("get create", "pods", "a")), bind("sales", "Role", etl)}},
		"a subresource":            {log, nothing, []millrace.Object{role("sales", can("get create", "*/log")), bind("sales", "Role", etl)}},
		"no subresource":           {log, all, []millrace.Object{role("sales", can("get create", "pods")), bind("sales", "Role", etl)}},
	} {
		b, err := millrace.Build(millrace.Parts{Objects: tc.objects})
		if err != nil {
			t.Fatal(err)
		}
		s := rbac.In(&millrace.Pass{Bundle: b})
		if s == nil {
			t.Fatalf("%s: no scene", name)
		}
		if got := strings.Join(s.Missing("sales", tc.right), " "); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

// TestNobody: a bundle without bindings says nothing, and neither does none.
func TestNobody(t *testing.T) {
	b, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{&rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Namespace: "sales", Name: "r"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, bundle := range []*millrace.Bundle{nil, new(millrace.Bundle), b} {
		if rbac.In(&millrace.Pass{Bundle: bundle}) != nil {
			t.Error("a scene where nobody is told of")
		}
	}
}
