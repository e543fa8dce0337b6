package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// Items that are maps have fields.
func ExampleItems() {
	var tables workflow.Loop = workflow.Items{
		map[string]any{"name": "orders", "partitions": 24},
		map[string]any{"name": "customers", "partitions": 6},
	}
	each := &workflow.Task{Name: "copy", Loop: tables, Step: workflow.Container{
		Image: "company-registry/copy:2.4.0", Command: []string{"copy"},
		Args: []string{workflow.Item.Field("name").Ref(), workflow.Item.Field("partitions").Ref()},
	}}
	object, err := (&workflow.Template{Name: "copies", ServiceAccount: "copies", Tasks: []*workflow.Task{each}}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	task := object.GetTemplateByName("main").DAG.Tasks[0]
	for _, item := range task.WithItems {
		fmt.Println(string(item.Value))
	}
	for _, p := range task.Arguments.Parameters {
		fmt.Println(p.Name, "=", p.Value)
	}
	fmt.Println(object.GetTemplateByName("copy").Container.Args)
	// Output:
	// {"name":"orders","partitions":24}
	// {"name":"customers","partitions":6}
	// item-name = {{item.name}}
	// item-partitions = {{item.partitions}}
	// [{{inputs.parameters.item-name}} {{inputs.parameters.item-partitions}}]
}
