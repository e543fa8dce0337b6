package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// Groups of tasks run one after the other, the tasks of a group side by side.
func ExampleSteps() {
	tool := func(args ...string) workflow.Container {
		return workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"etl"}, Args: args}
	}
	orders := &workflow.Task{Name: "orders", Step: tool("extract", "orders")}
	customers := &workflow.Task{Name: "customers", Step: tool("extract", "customers")}
	load := &workflow.Task{Name: "load", Step: tool("load", "--rows="+orders.Result().Ref())}
	pipeline := &workflow.Template{
		Name: "orders", ServiceAccount: "etl",
		Entrypoint: &workflow.Definition{Name: "all", Step: workflow.Steps{{orders, customers}, {load}}},
	}
	object, err := pipeline.WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, group := range object.GetTemplateByName("all").Steps {
		fmt.Print(i, ":")
		for _, step := range group.Steps {
			fmt.Print(" ", step.Name)
			for _, p := range step.Arguments.Parameters {
				fmt.Print(" with ", p.Value)
			}
		}
		fmt.Println()
	}
	// Output:
	// 0: orders customers
	// 1: load with {{steps.orders.outputs.result}}
}
