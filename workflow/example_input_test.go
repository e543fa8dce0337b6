package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// The value of an input stands in the texts of the definition.
func ExampleInput_Ref() {
	day := workflow.Input{Name: "day", Default: new("today")}
	fmt.Println("--day=" + day.Ref())
	fmt.Println(day.Variable().NotEqual("today").Ref())
	// Output:
	// --day={{inputs.parameters.day}}
	// {{=inputs.parameters.day != "today"}}
}
