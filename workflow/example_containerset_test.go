package workflow_test

import (
	"fmt"
	"time"

	"github.com/millrace/millrace/workflow"
)

// Containers of a set are linked by pointer, as tasks are.
func ExampleContainerSet() {
	program := func(name string) workflow.Container {
		return workflow.Container{Image: "company-registry/tools:1.4.0", Command: []string{name}}
	}
	fetch := &workflow.SetContainer{Name: "fetch", Container: program("fetch")}
	main := &workflow.SetContainer{Name: "main", Container: program("load"), After: []*workflow.SetContainer{fetch}}
	object, err := (&workflow.Template{
		Name: "report", ServiceAccount: "report-workflow",
		Tasks: []*workflow.Task{{Name: "load", Step: workflow.ContainerSet{
			Containers: []*workflow.SetContainer{fetch, main},
			Retry:      workflow.SetRetry{Attempts: 3, Backoff: 10 * time.Second},
		}}},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	set := object.GetTemplateByName("load").ContainerSet
	for _, c := range set.Containers {
		fmt.Println(c.Name, "after", c.Dependencies)
	}
	fmt.Println(set.RetryStrategy.Retries, "attempts,", set.RetryStrategy.Duration, "between them")
	// Output:
	// fetch after []
	// main after [fetch]
	// 3 attempts, 10s between them
}
