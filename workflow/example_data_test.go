package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// The files of a bucket, each for a task of its own.
func ExampleData() {
	list := &workflow.Task{Name: "list", Step: workflow.Data{
		Source: workflow.Artifact{Name: "landing", From: workflow.S3{
			Endpoint: "s3.amazonaws.com", Bucket: "company-landing", Key: "orders/", SDKCredentials: true,
		}},
		Transform: []workflow.Expression{workflow.Expr(`filter(data, {# endsWith ".csv"})`)},
	}}
	each := &workflow.Task{
		Name: "load", Loop: workflow.Over(list.Result().Ref()),
		Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}, Args: []string{workflow.Item.Ref()}},
	}
	bundle, err := millrace.Build(&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Plain: true, Tasks: []*workflow.Task{list, each},
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
	//       - name: list
	//         template: list
	//       - name: load
	//         template: load
	//         arguments:
	//           parameters:
	//           - name: item
	//             value: "{{item}}"
	//         withParam: "{{tasks.list.outputs.result}}"
	//         depends: list.Succeeded
	//   - name: list
	//     data:
	//       source:
	//         artifactPaths:
	//           name: landing
	//           s3:
	//             endpoint: s3.amazonaws.com
	//             bucket: company-landing
	//             useSDKCreds: true
	//             key: orders/
	//       transformation:
	//       - expression: filter(data, {# endsWith ".csv"})
	//   - name: load
	//     inputs:
	//       parameters:
	//       - name: item
	//     container:
	//       name: ""
	//       image: company-registry/etl:2.4.0
	//       command:
	//       - load
	//       args:
	//       - "{{inputs.parameters.item}}"
	//   entrypoint: main
	//   serviceAccountName: etl
}
