package workflow_test

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// library is hand-written, with what needs rights in many places.
func library(t *testing.T) *wfv1.Workflow {
	t.Helper()
	w := hand(t, `
- {http: {url: x}}
- {container: {image: x}, executor: {serviceAccountName: b}}
- {resource: {action: create, manifest: '{apiVersion: karpenter.sh/v1, kind: NodePool}'}}
- {resource: {action: get, flags: [-n, other, cm, x]}}
- {resource: {action: create, manifest: '{{inputs.parameters.m}}'}}
`)
	return w
}

// manifestFile renders what a builder makes as one file.
func manifestFile(t *testing.T, b millrace.Builder) string {
	t.Helper()
	bundle, err := millrace.Build(b)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := millrace.Render(&out, bundle); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestRBAC(t *testing.T) {
	golden(t, "rbac/daily-etl-pipeline.yaml", manifestFile(t, daily().RBAC()))
	golden(t, "rbac/library.yaml", manifestFile(t, &workflow.RBAC{
		Templates: []*workflow.Template{daily()}, Objects: []millrace.Object{library(t)},
		Labels: map[string]string{"team": "data-platform"}, Annotations: map[string]string{"why": "drill"},
		AccountAnnotations: map[string]string{"iam.gke.io/gcp-service-account": "etl"},
		Extra:              map[string][]rbacv1.PolicyRule{"a": {{APIGroups: []string{"batch"}, Resources: []string{"jobs"}, Verbs: []string{"create", "get"}}}},
	}))
}

// TestRBACOfTheCluster: the runs of a template without a namespace live in the
// one of the RBAC.
func TestRBACOfTheCluster(t *testing.T) {
	everywhere := daily()
	everywhere.ClusterWide, everywhere.Namespace = true, ""
	r := everywhere.RBAC()
	_, err := r.Build()
	if found := findings(t, err); len(found) != 1 || !has(found, "Namespace", millrace.RuleRequired) {
		t.Errorf("without a namespace: %v", err)
	}
	r.Namespace = "etl"
	parts, err := r.Build()
	if err != nil {
		t.Fatal(err)
	}
	b, ok := parts.Objects[2].(*rbacv1.RoleBinding)
	if !ok || len(parts.Objects) != 3 || b.Namespace != "etl" || b.Subjects[0].Namespace != "etl" {
		t.Errorf("%v", parts.Objects)
	}
}

// TestRBACShared: one role for the pipelines of one account, with the verbs of
// both, and nothing for a template that others refer to.
func TestRBACShared(t *testing.T) {
	first, second := hand(t, "[{resource: {action: get, flags: [po, x]}}]"), hand(t, "[{resource: {action: delete, flags: [po, x, --wait=false]}}]")
	shared := &wfv1.WorkflowTemplate{Spec: hand(t, "[{container: {image: x}}]").Spec}
	shared.Name, shared.Namespace, shared.Spec.Entrypoint, shared.Spec.ServiceAccountName = "shared", "ns", "", ""
	second.Spec.Templates = append(second.Spec.Templates, wfv1.Template{Name: "y", Steps: []wfv1.ParallelSteps{{Steps: []wfv1.WorkflowStep{{Name: "z", TemplateRef: &wfv1.TemplateRef{Name: "shared", Template: "t0"}}}}}})
	parts, err := (&workflow.RBAC{Objects: []millrace.Object{first, second, shared}, AccountsExist: true}).Build()
	if err != nil {
		t.Fatal(err)
	}
	role, ok := parts.Objects[0].(*rbacv1.Role)
	if !ok || len(parts.Objects) != 2 || len(role.Rules) != 2 || strings.Join(role.Rules[0].Verbs, " ") != "delete get" {
		t.Errorf("%+v", parts.Objects[0])
	}
}

// TestRBACCovers: what RBAC grants is what the rule asks for, in the bundle of both.
func TestRBACCovers(t *testing.T) {
	for name, builders := range map[string][]millrace.Builder{
		"pipeline": {daily(), daily().RBAC()},
		"library": {millrace.Parts{Objects: []millrace.Object{library(t)}}, &workflow.RBAC{Objects: []millrace.Object{library(t)},
			Extra: map[string][]rbacv1.PolicyRule{"a": {{APIGroups: []string{"batch"}, Resources: []string{"jobs"}, Verbs: []string{"create"}}}}}},
	} {
		bundle, err := millrace.Build(builders...)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := lacking(bundle.Objects()[0], bundle); len(got) > 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestBadRBAC(t *testing.T) {
	const path = "Objects[0].spec.templates[0]"
	object := func(templates string) func(*workflow.RBAC) {
		return func(r *workflow.RBAC) { r.Objects = []millrace.Object{hand(t, templates)} }
	}
	for name, tc := range map[string]struct {
		make  func(*workflow.RBAC)
		field string
		rule  string
	}{
		"nothing":         {func(r *workflow.RBAC) { r.Templates = nil }, "Templates", millrace.RuleRequired},
		"no template":     {func(r *workflow.RBAC) { r.Templates[0] = nil }, "Templates[0]", millrace.RuleRequired},
		"bad template":    {func(r *workflow.RBAC) { r.Templates[0].ServiceAccount = "" }, "Templates[0].ServiceAccount", millrace.RuleRequired},
		"another kind":    {func(r *workflow.RBAC) { r.Objects = []millrace.Object{&corev1.Pod{}} }, "Objects[0]", millrace.RuleInvalid},
		"no object":       {func(r *workflow.RBAC) { r.Objects = []millrace.Object{nil} }, "Objects[0]", millrace.RuleInvalid},
		"elsewhere":       {func(r *workflow.RBAC) { r.Namespace = "other" }, "Namespace", millrace.RuleConflict},
		"bad namespace":   {func(r *workflow.RBAC) { r.Namespace, r.Templates[0].Namespace = "A", "" }, "Namespace", millrace.RuleInvalid},
		"bad labels":      {func(r *workflow.RBAC) { r.Labels = map[string]string{"a": "?"} }, "Labels[a]", millrace.RuleInvalid},
		"bad annotations": {func(r *workflow.RBAC) { r.Annotations = map[string]string{"": "x"} }, "Annotations[]", millrace.RuleInvalid},
		"bad identity":    {func(r *workflow.RBAC) { r.AccountAnnotations = map[string]string{"": "x"} }, "AccountAnnotations[]", millrace.RuleInvalid},
		"two annotations": {func(r *workflow.RBAC) {
			r.AccountAnnotations, r.Annotations = map[string]string{"a": "x"}, map[string]string{"a": "x"}
		}, "AccountAnnotations[a]", millrace.RuleConflict},
		"identity of another's": {func(r *workflow.RBAC) {
			r.AccountAnnotations, r.AccountsExist = map[string]string{"a": "x"}, true
		}, "AccountAnnotations", millrace.RuleConflict},
		"extra for nobody": {func(r *workflow.RBAC) { r.Extra = map[string][]rbacv1.PolicyRule{"x": {{}}} }, "Extra[x]", millrace.RuleUnknown},
		"unknown kind":     {object("[{resource: {action: create, manifest: '{{x}}'}}]"), path + ".resource", millrace.RuleUnsupported},
		"unknown template": {object("[{steps: [[{name: a, templateRef: {name: b, template: c}}]]}]"), path + ".steps[0][0].templateRef", millrace.RuleUnsupported},
		"the default account": {func(r *workflow.RBAC) {
			object("[{container: {image: x}, serviceAccountName: default}]")(r)
		}, path, millrace.RuleInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			r := daily().RBAC()
			tc.make(r)
			_, err := r.Build()
			if found := findings(t, err); !has(found, tc.field, tc.rule) || len(found) != 1 {
				t.Errorf("want %s at %s alone, but: %v", tc.rule, tc.field, err)
			}
		})
	}
	for _, r := range []*workflow.RBAC{nil, (*workflow.Template)(nil).RBAC()} {
		if _, err := r.Build(); len(findings(t, err)) != 1 {
			t.Errorf("a nil one: %v", err)
		}
	}
}

// TestEveryFieldOfRBACCounts sets each field alone.
func TestEveryFieldOfRBACCounts(t *testing.T) {
	another := nightly()
	another.ServiceAccount = "another"
	all := maps.Clone(samples)
	all[reflect.TypeFor[[]*workflow.Template]()] = []*workflow.Template{another}
	all[reflect.TypeFor[[]millrace.Object]()] = []millrace.Object{hand(t, "[{container: {image: x}}]")}
	all[reflect.TypeFor[map[string][]rbacv1.PolicyRule]()] = map[string][]rbacv1.PolicyRule{"argo-workflow-sa": {{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"get"}}}}
	for _, path := range paths(reflect.TypeFor[workflow.RBAC](), nil) {
		r := daily().RBAC()
		field := reflect.ValueOf(r).Elem().FieldByIndex(path.index)
		field.Set(reflect.ValueOf(all[field.Type()]))
		parts, err := r.Build()
		if err == nil && write(t, parts) == text(t, daily().RBAC()) || err != nil && !names(findings(t, err), path.name) {
			t.Errorf("%s changes nothing, or what it does is not at it: %v", path.name, err)
		}
	}
}

// TestRBACSharesNoMemory changes what was built, and builds again.
func TestRBACSharesNoMemory(t *testing.T) {
	r := daily().RBAC()
	r.Labels, r.Annotations, r.AccountAnnotations = map[string]string{"a": "b"}, map[string]string{"a": "b"}, map[string]string{"c": "d"}
	r.Extra = map[string][]rbacv1.PolicyRule{"argo-workflow-sa": {{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"get"}}}}
	parts, err := r.Build()
	if err != nil {
		t.Fatal(err)
	}
	want := write(t, parts)
	for _, o := range parts.Objects {
		scramble(reflect.ValueOf(o), map[uintptr]bool{})
	}
	if got := text(t, r); got != want {
		t.Errorf("changing what was built changed the builder:\n%s", got)
	}
}

// lacking is what the rule about rights says of an object in a bundle.
func lacking(o millrace.Object, bundle *millrace.Bundle) []string {
	out := []string{}
	for _, r := range workflow.Rules() {
		if r.ID == "workflow/rights" {
			r.Check(&millrace.Pass{Object: o, Bundle: bundle, Report: func(field, detail string) { out = append(out, field+": "+detail) }})
		}
	}
	return out
}
