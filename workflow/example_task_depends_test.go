package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// A task that starts where others fail, and one that does unless they do.
func ExampleTask_depends() {
	tool := workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"etl"}}
	primary := &workflow.Task{Name: "primary", Step: tool}
	fallback := &workflow.Task{Name: "fallback", Step: tool, Depends: workflow.Or(primary.Failed(), primary.Errored())}
	load := &workflow.Task{Name: "load", Step: tool, Depends: workflow.Or(
		primary.Succeeded(),
		workflow.And(fallback.Succeeded(), workflow.Not(fallback.Omitted())),
	)}
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{primary, fallback, load},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, task := range object.GetTemplateByName("main").DAG.Tasks {
		fmt.Printf("%s: %s\n", task.Name, task.Depends)
	}
	// Output:
	// primary:
	// fallback: primary.Failed || primary.Errored
	// load: primary.Succeeded || fallback.Succeeded && !fallback.Omitted
}
