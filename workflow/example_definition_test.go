package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// Two tasks share a step, each with arguments of its own.
func ExampleDefinition() {
	table := workflow.Input{Name: "table"}
	partitions := workflow.Input{Name: "partitions", Default: new("8")}
	load := &workflow.Definition{
		Name:   "load",
		Inputs: workflow.Inputs{Parameters: []workflow.Input{table, partitions}},
		Step: workflow.Container{Image: "company-registry/load:2.4.0", Command: []string{"load"},
			Args: []string{table.Ref(), partitions.Ref()}},
	}
	orders := &workflow.Task{Name: "orders", Step: load, Arguments: map[string]string{"table": "orders", "partitions": "24"}}
	customers := &workflow.Task{Name: "customers", Step: load, Arguments: map[string]string{"table": "customers"}}
	bundle, err := millrace.Build(&workflow.Template{
		Name: "loads", ServiceAccount: "etl", Plain: true, Tasks: []*workflow.Task{orders, customers},
	})
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
	//   name: loads
	// spec:
	//   templates:
	//   - name: main
	//     dag:
	//       tasks:
	//       - name: orders
	//         template: load
	//         arguments:
	//           parameters:
	//           - name: partitions
	//             value: "24"
	//           - name: table
	//             value: orders
	//       - name: customers
	//         template: load
	//         arguments:
	//           parameters:
	//           - name: table
	//             value: customers
	//   - name: load
	//     inputs:
	//       parameters:
	//       - name: table
	//       - name: partitions
	//         default: "8"
	//     container:
	//       name: ""
	//       image: company-registry/load:2.4.0
	//       command:
	//       - load
	//       args:
	//       - "{{inputs.parameters.table}}"
	//       - "{{inputs.parameters.partitions}}"
	//   entrypoint: main
	//   serviceAccountName: etl
}
