package workflow_test

import (
	"fmt"
	"time"

	"github.com/millrace/millrace/workflow"
)

// The tool exits with 75 where a later try may do better. Lost pods are
// replaced, too.
func ExampleRetry() {
	load := &workflow.Task{
		Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}},
		Retry: &workflow.Retry{
			Limit: new(5), Backoff: time.Minute, MaxBackoff: 10 * time.Minute, OtherNode: true,
			When: workflow.Or(workflow.LastRetryExitCode.Equal("75"), workflow.LastRetryStatus.Equal("Error")),
		},
	}
	object, err := (&workflow.Template{Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{load}}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	retry := object.GetTemplateByName("load").RetryStrategy
	fmt.Println(retry.Limit, "times, after", retry.Backoff.Duration, "×", retry.Backoff.Factor, "up to", retry.Backoff.Cap)
	fmt.Println(retry.RetryPolicy, "if", retry.Expression)
	// Output:
	// 5 times, after 1m × 2 up to 10m
	// Always if lastRetry.exitCode == "75" || lastRetry.status == "Error"
}
