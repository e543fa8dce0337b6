package workflow_test

import (
	"fmt"
	"time"

	"github.com/millrace/millrace/workflow"
)

// Finished runs of a busy pipeline are gone within hours.
func ExampleTTL() {
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl",
		TTL:   workflow.TTL{Success: time.Hour, Failure: 12 * time.Hour},
		Tasks: []*workflow.Task{{Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}}}},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	ttl := object.Spec.TTLStrategy
	fmt.Println(*ttl.SecondsAfterSuccess, *ttl.SecondsAfterFailure, *ttl.SecondsAfterCompletion)
	// Output:
	// 3600 43200 43200
}
