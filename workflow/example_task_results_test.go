package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// What else can be asked of the end of a task; of one with a Loop, also how
// many of its items ended well.
func ExampleTask_results() {
	tool := workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"etl"}}
	server := &workflow.Task{Name: "server", Step: tool, Settings: workflow.Settings{Daemon: true}}
	each := &workflow.Task{Name: "each", Step: tool, Loop: workflow.Items{"orders", "customers"}, Depends: server.Daemoned()}
	report := &workflow.Task{Name: "report", Step: tool, Depends: workflow.Or(each.AnySucceeded(), each.Skipped())}
	alert := &workflow.Task{Name: "alert", Step: tool, Depends: workflow.Or(each.AllFailed(), each.Omitted())}
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{server, each, report, alert},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, task := range object.GetTemplateByName("main").DAG.Tasks[1:] {
		fmt.Printf("%s: %s\n", task.Name, task.Depends)
	}
	// Output:
	// each: server.Daemoned
	// report: each.AnySucceeded || each.Skipped
	// alert: each.AllFailed || each.Omitted
}
