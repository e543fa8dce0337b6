package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// A definition of several tasks puts out what one of them did, and what it
// computes from them.
func ExampleOutputs() {
	count := &workflow.Task{
		Name: "count", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"count"}},
		Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "rows", Path: "/tmp/rows", Default: new("0")}}},
	}
	measure := &workflow.Definition{
		Name: "measure", Step: workflow.DAG{Tasks: []*workflow.Task{count}},
		Outputs: workflow.Outputs{Parameters: []workflow.Output{
			{Name: "rows", From: count.Output("rows"), Global: "orders-rows"},
			{Name: "size", Expression: workflow.If(count.Output("rows").Less(1000), "small", "large")},
		}},
	}
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{{Name: "measure", Step: measure}},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range object.Spec.Templates {
		for _, p := range t.Outputs.Parameters {
			fmt.Println(t.Name, p.Name, "=", p.ValueFrom.Path+p.ValueFrom.Parameter+p.ValueFrom.Expression)
		}
	}
	fmt.Println(workflow.RunOutput("orders-rows").Ref())
	// Output:
	// measure rows = {{tasks.count.outputs.parameters.rows}}
	// measure size = asInt(tasks.count.outputs.parameters.rows) < 1000 ? "small" : "large"
	// measure-count rows = /tmp/rows
	// {{workflow.outputs.parameters.orders-rows}}
}
