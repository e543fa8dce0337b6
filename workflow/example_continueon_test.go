package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// The report is made of what there is, also where an extract has failed.
func ExampleContinueOn() {
	tool := workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"etl"}}
	extract := &workflow.Task{Name: "extract", Step: tool, ContinueOn: workflow.ContinueOn{Failed: true, Error: true}}
	report := &workflow.Task{Name: "report", Step: tool, After: []*workflow.Task{extract}}
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{extract, report},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(object.GetTemplateByName("main").DAG.Tasks[1].Depends)
	// Output:
	// extract.Succeeded || extract.Failed || extract.Errored
}
