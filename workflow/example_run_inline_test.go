package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A run that holds all of its template itself needs nothing in the cluster.
func ExampleRun_inline() {
	day := workflow.Parameter{Name: "day", Default: new("today")}
	run := &workflow.Run{
		Name: "orders-drill", Inline: true, Arguments: map[string]string{"day": "2026-01-31"},
		Template: &workflow.Template{
			Name: "orders", ServiceAccount: "etl", Plain: true, Parameters: []workflow.Parameter{day},
			Tasks: []*workflow.Task{{Name: "load", Step: workflow.Container{
				Image: "company-registry/etl:2.4.0", Command: []string{"load"}, Args: []string{"--day=" + day.Ref()},
			}}},
		},
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
	//   name: orders-drill
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
	//       args:
	//       - "--day={{workflow.parameters.day}}"
	//   entrypoint: main
	//   arguments:
	//     parameters:
	//     - name: day
	//       value: "2026-01-31"
	//   serviceAccountName: etl
}
