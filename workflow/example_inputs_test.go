package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A definition names what it takes in; each task that uses it says where that
// comes from.
func ExampleInputs() {
	table := workflow.Input{Name: "table", From: workflow.ConfigMapKey{Name: "tables", Key: "default"}}
	rows := workflow.Artifact{Name: "rows", Path: "/in/rows.csv", Optional: true}
	load := &workflow.Definition{
		Name:   "load",
		Inputs: workflow.Inputs{Parameters: []workflow.Input{table}, Artifacts: []workflow.Artifact{rows}},
		Step: workflow.Container{Image: "company-registry/load:2.4.0", Command: []string{"load"},
			Args: []string{table.Ref(), rows.Variable().Field("path").Ref()}},
	}
	bundle, err := millrace.Build(&workflow.Template{Name: "orders", ServiceAccount: "etl", Plain: true, Tasks: []*workflow.Task{{
		Name: "load-orders", Step: load,
		Arguments: map[string]string{"table": "orders"},
		Artifacts: map[string]workflow.Location{"rows": workflow.RepositoryKey("exports/orders.csv")},
	}}})
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
	//       - name: load-orders
	//         template: load
	//         arguments:
	//           parameters:
	//           - name: table
	//             value: orders
	//           artifacts:
	//           - name: rows
	//             s3:
	//               key: exports/orders.csv
	//             optional: true
	//   - name: load
	//     inputs:
	//       parameters:
	//       - name: table
	//         valueFrom:
	//           configMapKeyRef:
	//             name: tables
	//             key: default
	//       artifacts:
	//       - name: rows
	//         path: /in/rows.csv
	//         optional: true
	//     container:
	//       name: ""
	//       image: company-registry/load:2.4.0
	//       command:
	//       - load
	//       args:
	//       - "{{inputs.parameters.table}}"
	//       - "{{inputs.artifacts.rows.path}}"
	//   entrypoint: main
	//   serviceAccountName: etl
}
