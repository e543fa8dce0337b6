package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// A definition puts out the file of whichever of its tasks has made one.
func ExampleFromExpression() {
	tool := workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"etl"}}
	file := workflow.Outputs{Artifacts: []workflow.Artifact{{Name: "file", Path: "/out/file"}}}
	full := workflow.Parameter{Name: "full", Default: new("no")}
	all := &workflow.Task{Name: "all", Step: tool, Outputs: file, When: full.Variable().Equal("yes")}
	some := &workflow.Task{Name: "some", Step: tool, Outputs: file, When: full.Variable().NotEqual("yes")}
	export := &workflow.Definition{
		Name: "export", Step: workflow.DAG{Tasks: []*workflow.Task{all, some}},
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{{Name: "file", From: workflow.FromExpression(workflow.Expr(
			`tasks.all.status == "Succeeded" ? tasks.all.outputs.artifacts.file : tasks.some.outputs.artifacts.file`,
		))}}},
	}
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Parameters: []workflow.Parameter{full},
		Tasks: []*workflow.Task{{Name: "export", Step: export}},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(object.GetTemplateByName("export").Outputs.Artifacts[0].FromExpression)
	// Output:
	// tasks.all.status == "Succeeded" ? tasks.all.outputs.artifacts.file : tasks.some.outputs.artifacts.file
}
