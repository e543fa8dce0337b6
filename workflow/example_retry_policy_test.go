package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A step that may run twice is tried again whatever its end was.
func ExampleRetryPolicy() {
	load := &workflow.Task{
		Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}},
		Retry: &workflow.Retry{Limit: new(3), Policy: workflow.RetryAlways},
	}
	bundle, err := millrace.Build(&workflow.Template{Name: "orders", ServiceAccount: "etl", Plain: true, Tasks: []*workflow.Task{load}})
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
	//         template: load
	//   - name: load
	//     container:
	//       name: ""
	//       image: company-registry/etl:2.4.0
	//       command:
	//       - load
	//     retryStrategy:
	//       limit: 3
	//       retryPolicy: Always
	//   entrypoint: main
	//   serviceAccountName: etl
}
