package workflow_test

import (
	"fmt"
	"os"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A pipeline runs every morning for the time of its schedule, and once more for
// a day that went wrong.
func ExampleCron() {
	pipeline := &workflow.Template{
		Name: "backups", Namespace: "data-platform", ServiceAccount: "backup-workflow",
		Tasks: []*workflow.Task{{Name: "orders", Run: backup{"orders", workflow.ScheduledTime.Ref()}}},
	}
	daily := &workflow.Cron{
		Name: "backups-daily", Template: pipeline,
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
	//   name: backups-daily
	//   namespace: data-platform
	// spec:
	//   workflowSpec:
	//     workflowTemplateRef:
	//       name: backups
	//   concurrencyPolicy: Forbid
	//   startingDeadlineSeconds: 3600
	//   successfulJobsHistoryLimit: 3
	//   failedJobsHistoryLimit: 7
	//   timezone: Europe/Berlin
	//   workflowMetadata:
	//     labels:
	//       workflows.argoproj.io/workflow-template: backups
	//   schedules:
	//   - 30 6 * * 1-5
}

// The run of a missed day stands for the time of its schedule.
func ExampleRun_scheduled() {
	missed := &workflow.Run{
		Name: "backups-of-friday",
		From: workflow.TemplateRef{Name: "backups"}, Namespace: "data-platform",
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
	//   name: backups-of-friday
	//   namespace: data-platform
	//   labels:
	//     workflows.argoproj.io/workflow-template: backups
	//   annotations:
	//     workflows.argoproj.io/scheduled-time: "2026-01-30T05:30:00Z"
	// spec:
	//   workflowTemplateRef:
	//     name: backups
}
