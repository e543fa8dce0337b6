package workflow_test

import (
	"fmt"
	"os"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// Somebody approves before the table is replaced: the run waits until it is
// resumed, and takes what was chosen.
func ExampleSuspend() {
	approve := &workflow.Task{
		Name: "approve", Step: workflow.Suspend{Duration: 8 * time.Hour},
		Outputs: workflow.Outputs{Parameters: []workflow.Output{{
			Name: "answer", Supplied: true, Default: new("no"), Enum: []string{"no", "yes"},
		}}},
	}
	replace := &workflow.Task{
		Name: "replace", When: approve.Output("answer").Equal("yes"),
		Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"replace"}},
	}
	bundle, err := millrace.Build(&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Plain: true, Tasks: []*workflow.Task{approve, replace},
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
	//       - name: approve
	//         template: approve
	//       - name: replace
	//         template: replace
	//         when: '{{=tasks.approve.outputs.parameters.answer == "yes"}}'
	//         depends: approve.Succeeded
	//   - name: approve
	//     inputs:
	//       parameters:
	//       - name: answer
	//         default: "no"
	//         enum:
	//         - "no"
	//         - "yes"
	//     outputs:
	//       parameters:
	//       - name: answer
	//         valueFrom:
	//           supplied: {}
	//           default: "no"
	//     suspend:
	//       duration: 8h
	//   - name: replace
	//     container:
	//       name: ""
	//       image: company-registry/etl:2.4.0
	//       command:
	//       - replace
	//   entrypoint: main
	//   serviceAccountName: etl
}
