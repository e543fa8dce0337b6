package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A fan-out over a list that a task puts out: each of its items is a map.
func ExampleOver() {
	list := &workflow.Task{Name: "list", Step: workflow.Container{
		Image: "company-registry/copy:2.4.0", Command: []string{"copy", "list", "--json"},
	}}
	each := &workflow.Task{
		Name: "each", Loop: workflow.Over(list.Result().Ref()),
		Step: workflow.Container{
			Image: "company-registry/copy:2.4.0", Command: []string{"copy", "table"},
			Args: []string{"--name=" + workflow.Item.Field("name").Ref()},
		},
	}
	bundle, err := millrace.Build(&workflow.Template{
		Name: "copies", ServiceAccount: "copies", Plain: true, Tasks: []*workflow.Task{list, each},
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
	//   name: copies
	// spec:
	//   templates:
	//   - name: main
	//     dag:
	//       tasks:
	//       - name: list
	//         template: list
	//       - name: each
	//         template: each
	//         arguments:
	//           parameters:
	//           - name: item-name
	//             value: "{{item.name}}"
	//         withParam: "{{tasks.list.outputs.result}}"
	//         depends: list.Succeeded
	//   - name: list
	//     container:
	//       name: ""
	//       image: company-registry/copy:2.4.0
	//       command:
	//       - copy
	//       - list
	//       - --json
	//   - name: each
	//     inputs:
	//       parameters:
	//       - name: item-name
	//     container:
	//       name: ""
	//       image: company-registry/copy:2.4.0
	//       command:
	//       - copy
	//       - table
	//       args:
	//       - "--name={{inputs.parameters.item-name}}"
	//   entrypoint: main
	//   serviceAccountName: copies
}
