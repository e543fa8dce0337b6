package workflow_test

import (
	"errors"
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A program can read what Build finds: the object, the field, the rule, what is
// wrong and what to do.
func ExampleTemplate_findings() {
	_, err := millrace.Build(&workflow.Template{Name: "orders", ServiceAccount: "default"})
	var mistakes *millrace.BuildError
	if errors.As(err, &mistakes) {
		for _, f := range mistakes.Findings {
			fmt.Println(f.Rule, "at", f.Field)
			fmt.Println("  wrong:", f.Detail)
			fmt.Println("  do:", f.Fix)
		}
	}
	// Output:
	// build/invalid at ServiceAccount
	//   wrong: "default": every pod of the namespace shares its rights
	//   do: make one for the pipeline
	// build/required at Tasks
	//   wrong: is required
	//   do: add a task
}
