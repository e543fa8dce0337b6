package workflow_test

import (
	"fmt"
	"os"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// The run of a missed day stands for the time of its schedule.
func ExampleRun_scheduled() {
	missed := &workflow.Run{
		Name: "orders-of-friday",
		From: workflow.TemplateRef{Name: "orders"}, Namespace: "data-platform",
		Scheduled: time.Date(2026, 1, 30, 5, 30, 0, 0, time.UTC),
	}
	bundle, err := millrace.Build(missed)
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
	//   name: orders-of-friday
	//   namespace: data-platform
	//   labels:
	//     workflows.argoproj.io/workflow-template: orders
	//   annotations:
	//     workflows.argoproj.io/scheduled-time: "2026-01-30T05:30:00Z"
	// spec:
	//   workflowTemplateRef:
	//     name: orders
}
