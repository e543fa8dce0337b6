package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// A template for the whole cluster has no namespace; its runs say where they
// live.
func ExampleTemplate_ClusterWorkflowTemplate() {
	shared := &workflow.Template{
		Name: "clean-up", ClusterWide: true, ServiceAccount: "clean-up",
		Tasks: []*workflow.Task{{Name: "vacuum", Step: workflow.Container{
			Image: "company-registry/tools:1.4.0", Command: []string{"vacuum"},
		}}},
	}
	object, err := shared.ClusterWorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	run, err := (&workflow.Run{Name: "clean-up-orders", Namespace: "orders", Template: shared}).Workflow()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(object.Kind, object.Name)
	fmt.Println("run in", run.Namespace, "of", run.Spec.WorkflowTemplateRef.Name, run.Spec.WorkflowTemplateRef.ClusterScope)
	// Output:
	// ClusterWorkflowTemplate clean-up
	// run in orders of clean-up true
}
