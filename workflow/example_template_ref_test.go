package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// One pipeline lends a step to another, which refers to it where it is.
func ExampleTemplate_Ref() {
	table := workflow.Input{Name: "table"}
	load := &workflow.Definition{
		Name: "load", Inputs: workflow.Inputs{Parameters: []workflow.Input{table}},
		Step: workflow.Container{Image: "company-registry/load:2.4.0", Command: []string{"load", table.Ref()}},
	}
	library := &workflow.Template{Name: "library", ServiceAccount: "etl", Plain: true, Definitions: []*workflow.Definition{load}}
	pipeline := &workflow.Template{
		Name: "orders", ServiceAccount: "etl", Plain: true,
		Tasks: []*workflow.Task{{Name: "load", Step: library.Ref(load), Arguments: map[string]string{"table": "orders"}}},
	}
	bundle, err := millrace.Build(pipeline)
	if err == nil {
		err = millrace.Render(os.Stdout, bundle)
	}
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: argoproj.io/v1alpha1
	// kind: WorkflowTemplate
	// metadata:
	//   name: orders
	// spec:
	//   templates:
	//   - name: main
	//     dag:
	//       tasks:
	//       - name: load
	//         arguments:
	//           parameters:
	//           - name: table
	//             value: orders
	//         templateRef:
	//           name: library
	//           template: load
	//   entrypoint: main
	//   serviceAccountName: etl
}
