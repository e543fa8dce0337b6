package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// A file that is known in the whole run under a name of its own. It is no edge of
// the DAG: After says who waits for it.
func ExampleRunArtifact() {
	tool := workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"etl"}}
	extract := &workflow.Task{
		Name: "extract", Step: tool,
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{{Name: "orders", Path: "/out/orders.csv", Global: "all-orders"}}},
	}
	load := &workflow.Task{
		Name: "load", Step: tool, After: []*workflow.Task{extract},
		Inputs: []workflow.Artifact{{Name: "orders", Path: "/in/orders.csv", From: workflow.RunArtifact("all-orders")}},
	}
	object, err := (&workflow.Template{Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{extract, load}}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(object.GetTemplateByName("extract").Outputs.Artifacts[0].GlobalName)
	fmt.Println(object.GetTemplateByName("main").DAG.Tasks[1].Arguments.Artifacts[0].From)
	// Output:
	// all-orders
	// {{workflow.outputs.artifacts.all-orders}}
}
