package workflow_test

import (
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/workflow"
)

// A message as soon as a task has been running, and another when it has ended.
func ExampleHook() {
	text := workflow.Input{Name: "text"}
	notify := &workflow.Definition{
		Name: "notify", Inputs: workflow.Inputs{Parameters: []workflow.Input{text}},
		Step: workflow.Container{Image: "company-registry/notify:1.2.0", Command: []string{"notify", text.Ref()}},
	}
	load := &workflow.Task{Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}}}
	load.Hooks = map[string]workflow.Hook{
		"running":     {When: load.Status().Equal("Running"), Step: notify, Arguments: map[string]string{"text": "it runs"}},
		workflow.Exit: {Step: notify, Arguments: map[string]string{"text": "it is " + load.Status().Ref()}},
	}
	pipeline := &workflow.Template{Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{load}}
	object, err := pipeline.WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	hooks := object.GetTemplateByName("main").DAG.Tasks[0].Hooks
	for _, name := range []wfv1.LifecycleEvent{"running", workflow.Exit} {
		fmt.Printf("%s: %s(%s) if %q\n", name, hooks[name].Template, hooks[name].Arguments.Parameters[0].Value, hooks[name].Expression)
	}
	// Output:
	// running: notify(it runs) if "tasks.load.status == \"Running\""
	// exit: notify(it is {{tasks.load.status}}) if ""
}
