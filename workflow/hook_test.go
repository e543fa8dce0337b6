package workflow_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// hooked is a task that puts a report out, and its hook.
func hooked(h workflow.Hook) (*workflow.Task, workflow.From) {
	task := &workflow.Task{Name: "load", Step: tool(), Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{{Name: "report", Path: "/report"}}}}
	task.Hooks = map[string]workflow.Hook{workflow.Exit: h}
	return task, task.Artifact("report")
}

// TestHookArtifacts: a hook that is a definition, or a template of others, takes
// files.
func TestHookArtifacts(t *testing.T) {
	send := &workflow.Definition{Name: "send", Step: tool(), Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{{Name: "file", Path: "/file"}}}}
	for _, step := range []workflow.Step{send, workflow.TemplateRef{Name: "shared", Template: "send"}} {
		task, report := hooked(workflow.Hook{Step: step})
		task.Hooks[workflow.Exit] = workflow.Hook{Step: step, Artifacts: map[string]workflow.Location{"file": report}}
		hook := built(t, pipeline(task)).GetTemplateByName("main").DAG.Tasks[0].Hooks["exit"]
		want := wfv1.Artifacts{{Name: "file", From: "{{tasks.load.outputs.artifacts.report}}"}}
		if diff := cmp.Diff(want, hook.Arguments.Artifacts); diff != "" {
			t.Errorf("%T: -want +got:\n%s", step, diff)
		}
	}
	for name, tc := range map[string]struct {
		hook        workflow.Hook
		field, rule string
	}{
		"missing":        {workflow.Hook{Step: send}, "Artifacts[file]", millrace.RuleRequired},
		"not declared":   {workflow.Hook{Step: send, Artifacts: map[string]workflow.Location{"fiel": workflow.Content("x")}}, "Artifacts[fiel]", millrace.RuleUnknown},
		"nil":            {workflow.Hook{Step: send, Artifacts: map[string]workflow.Location{"file": nil}}, "Artifacts[file]", millrace.RuleRequired},
		"no such output": {workflow.Hook{Step: send, Artifacts: map[string]workflow.Location{"file": workflow.From("tasks.load.outputs.artifacts.x")}}, "Artifacts[file].From", millrace.RuleUnknown},
		"of its own":     {workflow.Hook{Step: tool(), Artifacts: map[string]workflow.Location{"file": workflow.Content("x")}}, "Artifacts", millrace.RuleConflict},
	} {
		task, _ := hooked(tc.hook)
		_, err := pipeline(task).WorkflowTemplate()
		if field := "Tasks[0].Hooks[exit]." + tc.field; !has(findings(t, err), field, tc.rule) {
			t.Errorf("%s: no %s at %s, but: %v", name, tc.rule, field, err)
		}
	}
}
