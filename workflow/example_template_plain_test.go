package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A plain template says what is said, and nothing else.
func ExampleTemplate_plain() {
	bundle, err := millrace.Build(&workflow.Template{
		Name: "hello", Plain: true, ServiceAccount: "greeter",
		Tasks: []*workflow.Task{{Name: "greet", Step: workflow.Container{
			Image: "busybox:1.37", Command: []string{"echo", "hello"},
		}}},
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
	//   name: hello
	// spec:
	//   templates:
	//   - name: main
	//     dag:
	//       tasks:
	//       - name: greet
	//         template: greet
	//   - name: greet
	//     container:
	//       name: ""
	//       image: busybox:1.37
	//       command:
	//       - echo
	//       - hello
	//   entrypoint: main
	//   serviceAccountName: greeter
}
