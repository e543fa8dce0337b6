package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// One file of a directory that another task put out.
func ExamplePart() {
	tool := workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"etl"}}
	split := &workflow.Task{
		Name: "split", Step: tool,
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{{Name: "files", Path: "/out"}}},
	}
	load := &workflow.Task{Name: "load", Step: tool, Inputs: []workflow.Artifact{
		{Name: "head", Path: "/in/head", From: workflow.Part{Of: split.Artifact("files"), Path: "head.csv"}},
	}}
	object, err := (&workflow.Template{Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{split, load}}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	from := object.GetTemplateByName("main").DAG.Tasks[1].Arguments.Artifacts[0]
	fmt.Println(from.Name, "is", from.SubPath, "of", from.From)
	// Output:
	// head is head.csv of {{tasks.split.outputs.artifacts.files}}
}
