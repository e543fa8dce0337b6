package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// A task that runs only if there is something to do. What the condition
// compares is a value, whatever it holds, and never a part of the condition.
func ExampleTask_when() {
	mode := workflow.Parameter{Name: "mode", Default: new("daily"), Enum: []string{"daily", "full"}}
	count := &workflow.Task{Name: "count", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"count"}}}
	load := &workflow.Task{
		Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}},
		When: workflow.Or(count.Result().Int().Greater(0), mode.Variable().Equal("full")),
	}
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Parameters: []workflow.Parameter{mode}, Tasks: []*workflow.Task{count, load},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	task := object.GetTemplateByName("main").DAG.Tasks[1]
	fmt.Println("when:", task.When)
	fmt.Println("depends:", task.Depends)
	// Output:
	// when: {{=asInt(tasks.count.outputs.result) > 0 || workflow.parameters.mode == "full"}}
	// depends: count.Succeeded
}
