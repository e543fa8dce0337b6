package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// Ref is how a job takes the value of a parameter.
func ExampleParameter() {
	date := workflow.Parameter{Name: "date", Default: new("today"), Description: "The day to load"}
	fmt.Println("--date=" + date.Ref())
	fmt.Println(date.Variable().StartsWith("2026-").Ref())
	// Output:
	// --date={{workflow.parameters.date}}
	// {{=workflow.parameters.date startsWith "2026-"}}
}
