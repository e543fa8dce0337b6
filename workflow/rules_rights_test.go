package workflow_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
)

// TestRightsRule changes one role that is just enough.
func TestRightsRule(t *testing.T) {
	type scene struct {
		w       *wfv1.Workflow
		role    *rbacv1.Role
		binding *rbacv1.RoleBinding
		more    []millrace.Object
	}
	cluster := func(s *scene, role *rbacv1.ClusterRole) {
		role.Name = "all"
		role.Rules = append(role.Rules, s.role.Rules...)
		s.more = append(s.more, role, &rbacv1.ClusterRoleBinding{ObjectMeta: metav1.ObjectMeta{Name: "all"}, Subjects: s.binding.Subjects, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "all"}})
	}
	const (
		task = "spec.templates[0].resource: the account a may not "
		secr = "spec.templates[1].http.headers[0].valueFrom.secretKeyRef: the account a may not get secrets in ns"
	)
	for name, tc := range map[string]struct {
		make func(*scene)
		want []string
	}{
		"enough":           {func(*scene) {}, nil},
		"a verb":           {func(s *scene) { s.role.Rules[1].Verbs = []string{"create"} }, []string{task + "get, patch pods in ns"}},
		"another group":    {func(s *scene) { s.role.Rules[1].APIGroups = []string{"apps"} }, []string{task + "create, get, patch pods in ns"}},
		"another resource": {func(s *scene) { s.role.Rules[1].Resources = []string{"services"} }, []string{task + "create, get, patch pods in ns"}},
		"only some":        {func(s *scene) { s.role.Rules[1].ResourceNames = []string{"p"} }, []string{task + "create, get, patch pods in ns"}},
		"another secret":   {func(s *scene) { s.role.Rules[2].ResourceNames = []string{"t"} }, []string{secr}},
		"every secret":     {func(s *scene) { s.role.Rules[2].ResourceNames = nil }, nil},
		"the status":       {func(s *scene) { s.role.Rules[0].Resources = []string{"workflowtaskresults", "workflowtasksets"} }, []string{"spec.templates[1]: the account a may not patch workflowtasksets/status.argoproj.io in ns"}},
		"any status": {func(s *scene) {
			s.role.Rules[0].Resources = []string{"workflowtaskresults", "workflowtasksets", "*/status"}
		}, nil},
		"everything": {func(s *scene) {
			s.role.Rules = []rbacv1.PolicyRule{{APIGroups: []string{"*"}, Resources: []string{"*"}, Verbs: []string{"*"}}}
		}, nil},
		"rules that add up": {func(s *scene) {
			s.role.Rules[1].Verbs = []string{"create"}
			s.role.Rules = append(s.role.Rules, rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"patch", "get"}})
		}, nil},
		"a role of the cluster": {func(s *scene) { cluster(s, &rbacv1.ClusterRole{}); s.role.Rules = nil }, nil},
		"one that it puts together": {func(s *scene) {
			s.role.Rules = nil
			cluster(s, &rbacv1.ClusterRole{AggregationRule: &rbacv1.AggregationRule{}})
		}, nil},
		"bound to one of the cluster": {func(s *scene) {
			s.more = append(s.more, &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "r"}})
			s.binding.RoleRef = rbacv1.RoleRef{Kind: "ClusterRole", Name: "r"}
			s.w.Spec.Templates = s.w.Spec.Templates[:1]
		}, []string{task + "create, get, patch pods in ns", "spec.templates[0]: the account a may not create, patch workflowtaskresults.argoproj.io in ns"}},
		"bound as a user": {func(s *scene) {
			s.binding.Subjects = []rbacv1.Subject{{Kind: "User", Name: "system:serviceaccount:ns:a"}}
			s.role.Rules[1].Verbs = []string{"create", "patch"}
		}, []string{task + "get pods in ns"}},
		"bound as a group": {func(s *scene) {
			s.binding.Subjects = []rbacv1.Subject{{Kind: "Group", Name: "system:serviceaccounts:ns"}}
			s.role.Rules[1].Verbs = []string{"create", "patch"}
		}, []string{task + "get pods in ns"}},
		// What the bundle doesn't say may be in the cluster.
		"no such role":        {func(s *scene) { s.role.Name = "other"; s.role.Rules = nil }, nil},
		"another account":     {func(s *scene) { s.binding.Subjects[0].Name = "b"; s.role.Rules = nil }, nil},
		"another's account":   {func(s *scene) { s.binding.Subjects[0].Namespace = "other"; s.role.Rules = nil }, nil},
		"a binding elsewhere": {func(s *scene) { s.binding.Namespace = "other"; s.role.Rules = nil }, nil},
		"no namespace":        {func(s *scene) { s.w.Namespace = ""; s.role.Rules = nil }, nil},
		"a collection":        {func(s *scene) { s.w.Spec.Entrypoint = ""; s.role.Rules = nil }, nil},
		"only where enforced": {func(s *scene) { s.w.Spec.Templates[0].Resource.SetOwnerReference = true }, nil},
		"a template of the bundle": {func(s *scene) {
			shared := &wfv1.WorkflowTemplate{TypeMeta: metav1.TypeMeta{APIVersion: "argoproj.io/v1alpha1", Kind: "WorkflowTemplate"}, ObjectMeta: metav1.ObjectMeta{Name: "shared", Namespace: "ns"}, Spec: hand(t, "[{resource: {action: get, flags: [cm, x]}}]").Spec}
			s.more = append(s.more, shared)
			s.w.Spec.Templates = append(s.w.Spec.Templates, hand(t, "[{steps: [[{name: a, templateRef: {name: shared, template: t0}}]]}]").Spec.Templates...)
		}, []string{"spec.templates[2].steps[0][0].templateRef.resource: the account a may not get configmaps in ns"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := &scene{
				w: hand(t, `
- {resource: {action: apply, manifest: '{apiVersion: v1, kind: Pod}'}}
- {http: {url: x, headers: [{name: h, valueFrom: {secretKeyRef: {name: s, key: k}}}]}}
`),
				role: &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "r"}, Rules: []rbacv1.PolicyRule{
					{APIGroups: []string{"argoproj.io"}, Resources: []string{"workflowtaskresults", "workflowtasksets", "workflowtasksets/status"}, Verbs: []string{"create", "patch", "list", "watch"}},
					{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"create", "get", "patch"}},
					{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"get"}, ResourceNames: []string{"s"}},
				}},
				binding: &rbacv1.RoleBinding{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "r"},
					Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: "a", Namespace: "ns"}}, RoleRef: rbacv1.RoleRef{Kind: "Role", Name: "r"}},
			}
			tc.make(s)
			bundle, err := millrace.Build(millrace.Parts{Objects: append([]millrace.Object{s.role, s.binding}, s.more...)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(append([]string{}, tc.want...), lacking(s.w, bundle)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}
