package argo_test

import (
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/argo"
)

// FuzzCheck: whatever decodes is checked without a panic, each time with the
// same result, and each problem has a rule, a place and a text.
func FuzzCheck(f *testing.F) {
	for _, text := range []string{
		dag("{name: a, template: work, withItems: [1, {k: v}]}", "{name: b, template: work, depends: a.Succeeded && !a, when: '{{tasks.a.status}} == x'}"),
		steps("{name: a, template: work, withParam: '[1]'}", "{name: b, inline: {suspend: {}}, hooks: {exit: {template: work}}}"),
		one("{{=sprig.trim(inputs.parameters['p'])}} {{workflow.name", "retryStrategy: {expression: 'lastRetry.status == \"x\"'}"),
		"workflowTemplateRef: {name: shared}\nonExit: load",
		"templates: [{name: a, containerSet: {containers: [{name: a, dependencies: [b]}, {name: b, dependencies: [a]}]}}]",
		"templates: [{dag: {tasks: [{depends: a}, {name: a, depends: ' a'}]}}, {steps: [[]]}, {}]",
		"templates: [{name: a, plugin: {x: {y: '{{item}}'}}, metrics: {prometheus: [{when: 'a-b == c'}]}}]\ntemplateDefaults: {dag: {tasks: [{}]}}",
		"arguments: {parameters: [{name: a, enum: []}, {valueFrom: {}}], artifacts: [{}]}\nhooks: {a: {}}",
		"templates: [{name: a, container: {}, steps: [[{name: c, template: a}]], dag: {tasks: [{name: b, template: a, depends: c}]}}]",
		shared,
	} {
		f.Add(text, "{{= cronworkflow.failed > 1 }}")
	}
	f.Add("{}", "{{cronworkflow.name}} == (")
	templates := known(f)
	f.Fuzz(func(t *testing.T, text, condition string) {
		var s wfv1.WorkflowSpec
		if len(text) > 1<<12 || yaml.Unmarshal([]byte(text), &s) != nil {
			return
		}
		for _, kind := range []string{"Workflow", "WorkflowTemplate", "CronWorkflow"} {
			w := argo.Workflow{Kind: kind, Namespace: "etl", Path: "spec", Spec: &s, Templates: templates}
			if kind == "CronWorkflow" {
				w.Cron = &wfv1.CronWorkflowSpec{When: condition, StopStrategy: &wfv1.StopStrategy{Expression: condition}}
			}
			found := argo.Check(w)
			again := argo.Check(w)
			if len(found) != len(again) {
				t.Fatalf("%d problems, then %d", len(found), len(again))
			}
			for i, p := range found {
				if p != again[i] {
					t.Errorf("%v, then %v", p, again[i])
				}
				if !strings.HasPrefix(p.Rule, "workflow/") || p.Path == "" || p.Detail == "" {
					t.Errorf("incomplete: %+v", p)
				}
			}
		}
	})
}
