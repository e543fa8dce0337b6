package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// A step changes an object that others made, and waits for what comes of it.
func ExampleMergeStrategy() {
	pause := workflow.Resource{
		Action:        workflow.Patch,
		MergeStrategy: workflow.Merge,
		Manifest:      "apiVersion: example.com/v1\nkind: Stream\nmetadata:\n  name: orders\nspec:\n  paused: true\n",
		Succeeded:     "status.phase == Paused",
	}
	object, err := (&workflow.Template{
		Name: "pause", ServiceAccount: "streams", Tasks: []*workflow.Task{{Name: "pause", Step: pause}},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	r := object.GetTemplateByName("pause").Resource
	fmt.Println(r.Action, r.MergeStrategy, "until", r.SuccessCondition)
	// Output:
	// patch merge until status.phase == Paused
}
