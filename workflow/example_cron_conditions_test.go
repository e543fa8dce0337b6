package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// No run starts within an hour of the last one, and none at all after three
// that failed.
func ExampleCron_conditions() {
	hourly := &workflow.Cron{
		Name: "orders-hourly", Namespace: "data-platform", From: workflow.TemplateRef{Name: "orders"},
		Schedules: []string{"@hourly"}, Concurrency: workflow.ReplaceConcurrent,
		When: workflow.Expr("cronworkflow.lastScheduledTime == nil || (now() - cronworkflow.lastScheduledTime).Hours() >= 1"),
		Stop: workflow.CronFailed.GreaterOrEqual(3),
	}
	object, err := hourly.CronWorkflow()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(object.Spec.ConcurrencyPolicy)
	fmt.Println(object.Spec.When)
	fmt.Println(object.Spec.StopStrategy.Expression)
	// Output:
	// Replace
	// {{= cronworkflow.lastScheduledTime == nil || (now() - cronworkflow.lastScheduledTime).Hours() >= 1 }}
	// cronworkflow.failed >= 3
}
