package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// A task that starts where another fails, and one that waits for either of them
// unless a third says no.
func ExampleTask_depends() {
	tool := workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"etl"}}
	primary := &workflow.Task{Name: "primary", Step: tool}
	audit := &workflow.Task{Name: "audit", Step: tool}
	fallback := &workflow.Task{Name: "fallback", Step: tool, Depends: workflow.Or(primary.Failed(), primary.Errored())}
	load := &workflow.Task{Name: "load", Step: tool, Depends: workflow.And(
		workflow.Or(primary.Succeeded(), fallback.Succeeded()),
		workflow.Not(audit.Failed()),
	)}
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{primary, audit, fallback, load},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, task := range object.GetTemplateByName("main").DAG.Tasks[2:] {
		fmt.Printf("%s: %s\n", task.Name, task.Depends)
	}
	// Output:
	// fallback: primary.Failed || primary.Errored
	// load: (primary.Succeeded || fallback.Succeeded) && !audit.Failed
}
