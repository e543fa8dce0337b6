package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// In short: all that one pipeline needs, beside it.
func ExampleTemplate_RBAC() {
	pipeline := &workflow.Template{
		Name: "orders", Namespace: "data-platform", ServiceAccount: "etl",
		Tasks: []*workflow.Task{{Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}}}},
	}
	bundle, err := millrace.Build(pipeline, pipeline.RBAC())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range bundle.Objects() {
		fmt.Println(millrace.RefOf(o))
	}
	// Output:
	// WorkflowTemplate data-platform/orders
	// ServiceAccount data-platform/etl
	// Role data-platform/etl
	// RoleBinding data-platform/etl
}
