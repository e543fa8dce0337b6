package workflow_test

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A whole template of Argo's, as the step of a task.
func ExampleRaw() {
	legacy := workflow.Raw{
		Container: &corev1.Container{Image: "company-registry/legacy:0.9.1", Command: []string{"legacy"}, TTY: true},
	}
	bundle, err := millrace.Build(&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Plain: true, Tasks: []*workflow.Task{{Name: "legacy", Step: legacy}},
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
	//       - name: legacy
	//         template: legacy
	//   - name: legacy
	//     container:
	//       name: ""
	//       image: company-registry/legacy:0.9.1
	//       command:
	//       - legacy
	//       tty: true
	//   entrypoint: main
	//   serviceAccountName: etl
}
