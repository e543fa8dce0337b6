package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A run refers to its template and gives it arguments. Without a Name it is
// called after both, so that the same run is submitted once.
func ExampleRun() {
	day := workflow.Parameter{Name: "day"}
	pipeline := &workflow.Template{
		Name: "orders", Namespace: "data-platform", ServiceAccount: "etl", Parameters: []workflow.Parameter{day},
		Tasks: []*workflow.Task{{Name: "load", Step: workflow.Container{
			Image: "company-registry/etl:2.4.0", Command: []string{"load", day.Ref()},
		}}},
	}
	run := &workflow.Run{Name: "orders-drill", Template: pipeline, Arguments: map[string]string{"day": "2026-01-31"}}
	bundle, err := millrace.Build(run)
	if err == nil {
		err = millrace.Render(os.Stdout, bundle)
	}
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: argoproj.io/v1alpha1
	// kind: Workflow
	// metadata:
	//   name: orders-drill
	//   namespace: data-platform
	//   labels:
	//     workflows.argoproj.io/workflow-template: orders
	// spec:
	//   arguments:
	//     parameters:
	//     - name: day
	//       value: "2026-01-31"
	//   workflowTemplateRef:
	//     name: orders
}
