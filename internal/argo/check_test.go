package argo_test

import (
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/argo"
)

// work is a template that most cases run: with one input that has a default,
// an optional artifact, and one output of each kind.
const work = `
- name: work
  inputs:
    parameters: [{name: x, default: ""}]
    artifacts: [{name: in, path: /in, optional: true}]
  container: {image: a, command: [b]}
  outputs:
    parameters: [{name: rows, valueFrom: {path: /rows}}]
    artifacts: [{name: file, path: /file}]
`

// dag is a workflow of tasks in flow style: "{name: a, template: work}".
func dag(tasks ...string) string {
	return "entrypoint: main\ntemplates:\n- name: main\n  dag:\n    tasks:\n    - " + strings.Join(tasks, "\n    - ") + work
}

// steps is a workflow of steps, each a group of its own.
func steps(steps ...string) string {
	return "entrypoint: main\ntemplates:\n- name: main\n  steps:\n  - - " + strings.Join(steps, "\n  - - ") + work
}

// one is a workflow of one container, whose template has further fields.
func one(args string, fields ...string) string {
	return "entrypoint: main\ntemplates:\n- name: main\n  container: {image: a, command: [b], args: ['" + args + "']}\n  " + strings.Join(fields, "\n  ") + "\n"
}

// shared is the WorkflowTemplate that is known beside the one that is checked.
const shared = `
arguments: {parameters: [{name: day}]}
entrypoint: load
templates:
- name: load
  inputs: {parameters: [{name: table}]}
  container: {image: a, command: [b]}
  outputs: {parameters: [{name: rows, valueFrom: {path: /rows}, globalName: total}]}
`

// wanting is another, whose template takes a parameter of the workflow.
const wanting = `
templates:
- name: outer
  steps: [[{name: a, template: inner}]]
- name: inner
  container: {image: a, command: [b], args: ["{{workflow.parameters.month}} {{workflow.parameters.json}}"]}
`

func spec(t testing.TB, text string) *wfv1.WorkflowSpec {
	t.Helper()
	var s wfv1.WorkflowSpec
	if err := yaml.UnmarshalStrict([]byte(text), &s); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return &s
}

func known(t testing.TB) func(schema.GroupKind, string, string) (*wfv1.WorkflowSpec, bool) {
	all := map[string]*wfv1.WorkflowSpec{"shared": spec(t, shared), "wanting": spec(t, wanting)}
	return func(kind schema.GroupKind, namespace, name string) (*wfv1.WorkflowSpec, bool) {
		s, ok := all[name]
		return s, ok && namespace == "etl" && kind == schema.GroupKind{Group: argo.Group, Kind: "WorkflowTemplate"}
	}
}

// testCase is a spec, and the rules and paths of what is wrong with it.
type testCase struct {
	name, kind, spec string
	want             []string
}

func run(t *testing.T, cases []testCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.kind == "" {
				c.kind = "Workflow"
			}
			var got []string
			found := argo.Check(argo.Workflow{Kind: c.kind, Namespace: "etl", Path: "spec", Spec: spec(t, c.spec), Templates: known(t)})
			for _, p := range found {
				if valueRules[p.Rule] {
					continue // the pieces of workflows here lack much
				}
				got = append(got, strings.TrimPrefix(p.Rule, "workflow/")+" "+strings.TrimPrefix(p.Path, "spec."))
			}
			if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("(-want +got):\n%s\n%+v\n%s", diff, found, c.spec)
			}
		})
	}
}

// The texts say what is wrong and what to do.
func TestTexts(t *testing.T) {
	found := argo.Check(argo.Workflow{Kind: "Workflow", Path: "spec", Spec: spec(t, dag(
		"{name: extract, template: wor}",
		"{name: load, template: work, depends: extract.Succeede, arguments: {parameters: [{name: x, value: 'a {{tasks.extrct.status}}'}]}}"))})
	want := []argo.Problem{
		{Rule: argo.RuleUnknownTemplate, Path: "spec.templates[0].dag.tasks[0].template", Detail: `there is no template "wor"`, Fix: "did you mean work?"},
		{Rule: argo.RuleGraph, Path: "spec.templates[0].dag.tasks[1].depends", Detail: "a task has no result Succeede", Fix: "did you mean Succeeded?"},
		{Rule: argo.RuleReference, Path: "spec.templates[0].dag.tasks[1].arguments.parameters[0].value", Detail: "{{tasks.extrct.status}} resolves to nothing: there is no task extrct", Fix: "did you mean extract?"},
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Check changes nothing of what it is given.
func TestCheckChangesNothing(t *testing.T) {
	text := dag("{name: a, template: work}", "{name: b, template: work, depends: a}")
	s := spec(t, text)
	argo.Check(argo.Workflow{Kind: "Workflow", Path: "spec", Spec: s})
	if diff := cmp.Diff(spec(t, text), s); diff != "" {
		t.Error(diff)
	}
}
