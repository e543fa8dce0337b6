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

// TestOnExitInputs: a definition at the end of a run is given its parameters, by
// Argo itself or by the exit handler that also deletes.
func TestOnExitInputs(t *testing.T) {
	day := workflow.Input{Name: date.Name}
	tell := &workflow.Definition{Name: "tell", Step: tool(day.Ref()), Inputs: workflow.Inputs{Parameters: []workflow.Input{day}}}
	p := pipeline(&workflow.Task{Name: "use", Step: tool()})
	p.OnExit = tell
	if got := built(t, p).Spec.OnExit; got != "tell" {
		t.Errorf("onExit is %q", got)
	}
	p.Tasks = []*workflow.Task{{Name: "load", Run: &job{}}}
	step := built(t, p).GetTemplateByName("clean-up").Steps[0].Steps[0]
	if got := step.Arguments.GetParameterByName(date.Name); step.Template != "tell" || got == nil || got.GetValue() != date.Ref() {
		t.Errorf("the exit handler has %+v", step)
	}
	tell.Inputs.Parameters = append(tell.Inputs.Parameters, workflow.Input{Name: "other"})
	_, err := p.WorkflowTemplate()
	if !has(findings(t, err), "OnExit.Arguments[other]", millrace.RuleRequired) {
		t.Errorf("no finding, but: %v", err)
	}
}
