package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// A pipeline is written once, and run with other parameters each time. What is
// not said has its production default.
func ExampleTemplate() {
	day := workflow.Parameter{Name: "day"}
	extract := &workflow.Task{Name: "extract", Step: workflow.Container{
		Image: "company-registry/etl:2.4.0", Command: []string{"etl", "extract"}, Args: []string{"--day=" + day.Ref()},
	}}
	load := &workflow.Task{Name: "load", After: []*workflow.Task{extract}, Step: workflow.Container{
		Image: "company-registry/etl:2.4.0", Command: []string{"etl", "load"},
	}}
	pipeline := &workflow.Template{
		Name: "orders", Namespace: "data-platform", ServiceAccount: "orders-workflow",
		Parameters: []workflow.Parameter{day}, Tasks: []*workflow.Task{extract, load},
	}
	object, err := pipeline.WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, task := range object.Spec.Templates[0].DAG.Tasks {
		fmt.Printf("%s after %q\n", task.Name, task.Depends)
	}
	step := object.GetTemplateByName("extract")
	fmt.Println("args:", step.Container.Args)
	fmt.Println("memory limit:", step.Container.Resources.Limits.Memory())
	fmt.Println("new pods for lost ones:", step.RetryStrategy.Limit)
	fmt.Println("root allowed:", !*object.Spec.SecurityContext.RunAsNonRoot)
	fmt.Println("seconds a run may take:", *object.Spec.ActiveDeadlineSeconds)
	fmt.Println("seconds a failed run is kept:", *object.Spec.TTLStrategy.SecondsAfterFailure)
	// Output:
	// extract after ""
	// load after "extract.Succeeded"
	// args: [--day={{workflow.parameters.day}}]
	// memory limit: 1Gi
	// new pods for lost ones: 2
	// root allowed: false
	// seconds a run may take: 86400
	// seconds a failed run is kept: 604800
}
