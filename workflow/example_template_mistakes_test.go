package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// Every mistake is reported at once, also those that Argo finds only when the
// task starts.
func ExampleTemplate_mistakes() {
	tool := workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"etl", "--day={{workflow.parameters.day}}"}}
	first := &workflow.Task{Name: "first", Step: tool}
	second := &workflow.Task{Name: "in", Step: tool, After: []*workflow.Task{first}}
	first.After = []*workflow.Task{second}

	_, err := millrace.Build(&workflow.Template{Name: "orders", Tasks: []*workflow.Task{first, second}})
	fmt.Println(err)
	// Output:
	// build: 5 mistakes:
	//   workflow.Template orders: ServiceAccount: is required; name the service account that may create what the tasks create [build/required]
	//   workflow.Template orders: Tasks[1].Name: "in": it is a word of the expressions with which Argo decides what starts next; use a longer name [build/invalid]
	//   workflow.Template orders: Tasks[0].Step.Command[1]: it refers to the parameter "day", which the template does not declare; add it to Parameters, or correct the name [build/unknown]
	//   workflow.Template orders: Tasks[1].Step.Command[1]: it refers to the parameter "day", which the template does not declare; add it to Parameters, or correct the name [build/unknown]
	//   workflow.Template orders: Tasks[1].After[0]: the tasks wait for each other: first after in after first; remove one of the edges [build/cycle]
}
