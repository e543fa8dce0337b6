package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A pipeline runs every morning, for the time of its schedule.
func ExampleCron() {
	pipeline := &workflow.Template{
		Name: "orders", Namespace: "data-platform", ServiceAccount: "etl",
		Tasks: []*workflow.Task{{Name: "load", Step: workflow.Container{
			Image: "company-registry/etl:2.4.0", Command: []string{"load"},
			Args: []string{"--time=" + workflow.ScheduledTime.Ref()},
		}}},
	}
	daily := &workflow.Cron{
		Name: "orders-daily", Template: pipeline,
		Schedules: []string{"30 6 * * MON-FRI"}, TimeZone: "Europe/Berlin",
	}
	bundle, err := millrace.Build(daily)
	if err == nil {
		err = millrace.Render(os.Stdout, bundle)
	}
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: argoproj.io/v1alpha1
	// kind: CronWorkflow
	// metadata:
	//   name: orders-daily
	//   namespace: data-platform
	// spec:
	//   workflowSpec:
	//     workflowTemplateRef:
	//       name: orders
	//   concurrencyPolicy: Forbid
	//   startingDeadlineSeconds: 3600
	//   successfulJobsHistoryLimit: 3
	//   failedJobsHistoryLimit: 7
	//   timezone: Europe/Berlin
	//   workflowMetadata:
	//     labels:
	//       workflows.argoproj.io/workflow-template: orders
	//   schedules:
	//   - 30 6 * * 1-5
}
