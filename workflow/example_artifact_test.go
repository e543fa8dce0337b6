package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A file goes from one task to the next: the first leaves it in the artifact
// repository, the second has it laid into its container.
func ExampleArtifact() {
	extract := &workflow.Task{
		Name: "extract",
		Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"extract", "--output=/out/orders.csv"}},
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{{
			Name: "orders", Path: "/out/orders.csv", Archive: workflow.NoArchive{}, Delete: workflow.DeleteOnCompletion,
		}}},
	}
	load := &workflow.Task{
		Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load", "/in/orders.csv"}},
		Inputs: []workflow.Artifact{
			{Name: "orders", Path: "/in/orders.csv", From: extract.Artifact("orders")},
			{Name: "rates", Path: "/in/rates.csv", From: workflow.GCS{Bucket: "company-reference", Key: "rates.csv"}, Optional: true},
		},
	}
	bundle, err := millrace.Build(&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Plain: true, Tasks: []*workflow.Task{extract, load},
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
	//       - name: extract
	//         template: extract
	//       - name: load
	//         template: load
	//         arguments:
	//           artifacts:
	//           - name: orders
	//             from: "{{tasks.extract.outputs.artifacts.orders}}"
	//         depends: extract.Succeeded
	//   - name: extract
	//     outputs:
	//       artifacts:
	//       - name: orders
	//         path: /out/orders.csv
	//         archive:
	//           none: {}
	//         artifactGC:
	//           strategy: OnWorkflowCompletion
	//     container:
	//       name: ""
	//       image: company-registry/etl:2.4.0
	//       command:
	//       - extract
	//       - --output=/out/orders.csv
	//   - name: load
	//     inputs:
	//       artifacts:
	//       - name: orders
	//         path: /in/orders.csv
	//       - name: rates
	//         path: /in/rates.csv
	//         gcs:
	//           bucket: company-reference
	//           key: rates.csv
	//         optional: true
	//     container:
	//       name: ""
	//       image: company-registry/etl:2.4.0
	//       command:
	//       - load
	//       - /in/orders.csv
	//   entrypoint: main
	//   serviceAccountName: etl
}
