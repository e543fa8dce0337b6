package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// The tasks of a nested DAG take what a task around it put out: it becomes an
// input of theirs and of the DAG's own template.
func ExampleDAG() {
	tool := func(args ...string) workflow.Container {
		return workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"etl"}, Args: args}
	}
	count := &workflow.Task{
		Name: "count", Step: tool("count"),
		Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "rows", Path: "/tmp/rows"}}},
	}
	check := &workflow.Task{Name: "check", Step: tool("check", "--rows="+count.Output("rows").Ref())}
	publish := &workflow.Task{Name: "publish", Step: workflow.DAG{Tasks: []*workflow.Task{check}}}
	bundle, err := millrace.Build(&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Plain: true, Tasks: []*workflow.Task{count, publish},
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
	//   name: orders
	// spec:
	//   templates:
	//   - name: main
	//     dag:
	//       tasks:
	//       - name: count
	//         template: count
	//       - name: publish
	//         template: publish
	//         arguments:
	//           parameters:
	//           - name: count-rows
	//             value: "{{tasks.count.outputs.parameters.rows}}"
	//         depends: count.Succeeded
	//   - name: count
	//     outputs:
	//       parameters:
	//       - name: rows
	//         valueFrom:
	//           path: /tmp/rows
	//     container:
	//       name: ""
	//       image: company-registry/etl:2.4.0
	//       command:
	//       - etl
	//       args:
	//       - count
	//   - name: publish
	//     inputs:
	//       parameters:
	//       - name: count-rows
	//     dag:
	//       tasks:
	//       - name: check
	//         template: publish-check
	//         arguments:
	//           parameters:
	//           - name: count-rows
	//             value: "{{inputs.parameters.count-rows}}"
	//   - name: publish-check
	//     inputs:
	//       parameters:
	//       - name: count-rows
	//     container:
	//       name: ""
	//       image: company-registry/etl:2.4.0
	//       command:
	//       - etl
	//       args:
	//       - check
	//       - "--rows={{inputs.parameters.count-rows}}"
	//   entrypoint: main
	//   serviceAccountName: etl
}
