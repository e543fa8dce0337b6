package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A run of a template that others keep in the cluster. It starts in one of its
// templates, and is given a file.
func ExampleRun_from() {
	run := &workflow.Run{
		Name: "orders-again", Namespace: "data-platform",
		From:      workflow.TemplateRef{Name: "orders", Template: "load"},
		Arguments: map[string]string{"table": "orders"},
		Artifacts: map[string]workflow.Location{"rows": workflow.RepositoryKey("exports/orders.csv")},
	}
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
	//   name: orders-again
	//   namespace: data-platform
	//   labels:
	//     workflows.argoproj.io/workflow-template: orders
	// spec:
	//   entrypoint: load
	//   arguments:
	//     parameters:
	//     - name: table
	//       value: orders
	//     artifacts:
	//     - name: rows
	//       s3:
	//         key: exports/orders.csv
	//   workflowTemplateRef:
	//     name: orders
}
