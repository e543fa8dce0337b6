package workflow_test

import (
	"fmt"
	"time"

	"github.com/millrace/millrace/workflow"
)

// The same pipeline runs a container, or waits: a step is a value.
func ExampleStep() {
	steps := map[string]workflow.Step{
		"load": workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}},
		"wait": workflow.Suspend{Duration: time.Minute},
	}
	for _, name := range []string{"load", "wait"} {
		object, err := (&workflow.Template{
			Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{{Name: name, Step: steps[name]}},
		}).WorkflowTemplate()
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(name, object.GetTemplateByName(name).GetType())
	}
	// Output:
	// load Container
	// wait Suspend
}
