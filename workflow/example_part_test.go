package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// One file of a directory that another task put out, and the artifact of
// whichever of two tasks has one.
func ExamplePart() {
	tool := workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"etl"}}
	out := workflow.Outputs{Artifacts: []workflow.Artifact{{Name: "files", Path: "/out"}}}
	first := &workflow.Task{Name: "first", Step: tool, Outputs: out}
	second := &workflow.Task{Name: "second", Step: tool, Outputs: out}
	load := &workflow.Task{Name: "load", Step: tool, Inputs: []workflow.Artifact{
		{Name: "head", Path: "/in/head", From: workflow.Part{Of: first.Artifact("files"), Path: "head.csv"}},
		{Name: "rest", Path: "/in/rest", From: workflow.FromExpression(workflow.If(
			second.Succeeded(), workflow.Variable(second.Artifact("files")), workflow.Variable(first.Artifact("files")),
		))},
	}}
	object, err := (&workflow.Template{Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{first, second, load}}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range object.GetTemplateByName("main").DAG.Tasks[2].Arguments.Artifacts {
		fmt.Println(a.Name, a.From, a.SubPath, a.FromExpression)
	}
	// Output:
	// build: workflow.Template orders: Tasks[2].Inputs: the expression tasks.second.status == "Succeeded" ?  :  can't be read: unexpected token EOF (1:40)
	//  | tasks.second.status == "Succeeded" ?  :
	//  | .......................................^; correct it [build/invalid]
}
