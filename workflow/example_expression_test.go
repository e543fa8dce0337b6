package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// Values that are computed while a run is under way.
func ExampleExpression() {
	count := &workflow.Task{Name: "count"}
	rows, mib := count.Output("rows").Int(), count.Output("mib").Float()
	for _, e := range []workflow.Expression{
		rows.Plus(1), rows.Minus(1), rows.Times(2), rows.DividedBy(3), rows.Modulo(10),
		mib.LessOrEqual(1.5),
		workflow.Value("v").Plus(workflow.RunName),
		count.Output("table").Trim().Lower().EndsWith("_v2"),
		count.Output("table").Upper().Matches("^[A-Z_]+$"),
	} {
		fmt.Println(e.Ref())
	}
	// Output:
	// {{=asInt(tasks.count.outputs.parameters.rows) + 1}}
	// {{=asInt(tasks.count.outputs.parameters.rows) - 1}}
	// {{=asInt(tasks.count.outputs.parameters.rows) * 2}}
	// {{=asInt(tasks.count.outputs.parameters.rows) / 3}}
	// {{=asInt(tasks.count.outputs.parameters.rows) % 10}}
	// {{=asFloat(tasks.count.outputs.parameters.mib) <= 1.5}}
	// {{="v" + workflow.name}}
	// {{=lower(trim(tasks.count.outputs.parameters.table)) endsWith "_v2"}}
	// {{=upper(tasks.count.outputs.parameters.table) matches "^[A-Z_]+$"}}
}
