package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A template that is in the cluster already is named.
func ExampleTemplateRef() {
	bundle, err := millrace.Build(&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Plain: true,
		Tasks: []*workflow.Task{{
			Name:      "notify",
			Step:      workflow.TemplateRef{Name: "platform", Template: "notify", ClusterWide: true},
			Arguments: map[string]string{"text": "run " + workflow.RunName.Ref()},
		}},
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
	//       - name: notify
	//         arguments:
	//           parameters:
	//           - name: text
	//             value: "run {{workflow.name}}"
	//         templateRef:
	//           name: platform
	//           template: notify
	//           clusterScope: true
	//   entrypoint: main
	//   serviceAccountName: etl
}
