package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// A program in a language whose strings are those of JSON may hold a value.
func ExampleVariable_JSON() {
	day := workflow.Parameter{Name: "day"}
	count := workflow.Script{
		Image: "company-registry/tools:1.4.0", Command: []string{"python"},
		Source: "print(rows(" + day.Variable().JSON() + "))\n",
	}
	fmt.Print(count.Source)
	// Output:
	// print(rows({{=replace(toJson(workflow.parameters.day), "{", "\\u007b")}}))
}
