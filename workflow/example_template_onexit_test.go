package workflow_test

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// What happens at the end of a run, however it ended.
func ExampleTemplate_onExit() {
	bundle, err := millrace.Build(&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Plain: true,
		Tasks: []*workflow.Task{{Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}}}},
		OnExit: workflow.Container{
			Image: "company-registry/notify:1.2.0", Command: []string{"notify"},
			Env: []corev1.EnvVar{{Name: "STATUS", Value: workflow.RunStatus.Ref()}},
		},
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
	//       - name: load
	//         template: load
	//   - name: load
	//     container:
	//       name: ""
	//       image: company-registry/etl:2.4.0
	//       command:
	//       - load
	//   - name: exit
	//     container:
	//       name: ""
	//       image: company-registry/notify:1.2.0
	//       command:
	//       - notify
	//       env:
	//       - name: STATUS
	//         value: "{{workflow.status}}"
	//   entrypoint: main
	//   serviceAccountName: etl
	//   onExit: exit
}
