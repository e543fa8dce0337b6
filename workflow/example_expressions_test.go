package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// A value of a task as a text with a reference, in JSON, and in a condition.
func ExampleTask_Output() {
	count := &workflow.Task{Name: "count-rows"}
	rows := count.Output("rows")
	fmt.Println("--rows=" + rows.Ref())
	fmt.Println(`{"rows": ` + rows.JSON() + `}`)
	fmt.Println(rows.Greater(0).Ref())
	// Output:
	// --rows={{tasks.count-rows.outputs.parameters.rows}}
	// {"rows": {{=replace(toJson(tasks['count-rows'].outputs.parameters.rows), "{", "\\u007b")}}}
	// {{=asInt(tasks['count-rows'].outputs.parameters.rows) > 0}}
}

// The condition of a task: what it compares is a value, whatever it holds, and
// never a part of the condition.
func ExampleAnd() {
	count := &workflow.Task{Name: "count"}
	mode := workflow.Parameter{Name: "mode"}
	publish := &workflow.Task{
		Name: "publish",
		When: workflow.And(
			count.Succeeded(),
			count.Output("rows").GreaterOrEqual(1000),
			mode.Variable().In("full", "backfill"),
		),
	}
	fmt.Println(publish.When.Ref())
	// Output:
	// {{=tasks.count.status == "Succeeded" && asInt(tasks.count.outputs.parameters.rows) >= 1000 && workflow.parameters.mode in ["full", "backfill"]}}
}

// A task that waits for a failure: see Task.Depends.
func ExampleOr() {
	extract := &workflow.Task{Name: "extract"}
	alert := &workflow.Task{Name: "alert", Depends: workflow.Or(extract.Failed(), extract.Errored())}
	fmt.Println(alert.Depends.Ref())
	// Output:
	// {{=tasks.extract.status == "Failed" || tasks.extract.status == "Error"}}
}

// Pods that ran out of memory are tried again, but not for ever.
func ExampleNot() {
	again := workflow.And(
		workflow.LastRetryExitCode.In(137, 143),
		workflow.Not(workflow.LastRetryMessage.Contains("deadline")),
		workflow.Retries.Less(3),
	)
	fmt.Println(again.Ref())
	// Output:
	// {{=asInt(lastRetry.exitCode) in [137, 143] && !(lastRetry.message contains "deadline") && asInt(retries) < 3}}
}

// A path that is put together when the run starts.
func ExampleText() {
	date := workflow.Parameter{Name: "date"}
	path := workflow.Text("s3://lake/orders/", date, "/", workflow.Item, ".parquet")
	fmt.Println(path.Ref())
	// Output:
	// {{="s3://lake/orders/" + workflow.parameters.date + "/" + item + ".parquet"}}
}

// As many partitions as there are millions of rows, but at least one.
func ExampleIf() {
	rows := (&workflow.Task{Name: "count"}).Output("rows")
	partitions := workflow.If(rows.Less(1_000_000), 1, rows.Int().DividedBy(1_000_000).Int())
	fmt.Println(partitions.Ref())
	// Output:
	// {{=asInt(tasks.count.outputs.parameters.rows) < 1000000 ? 1 : asInt(asInt(tasks.count.outputs.parameters.rows) / 1000000)}}
}

// What lies in a JSON document that a task wrote.
func ExampleVariable_JSONPath() {
	check := &workflow.Task{Name: "check"}
	fmt.Println(check.Result().JSONPath("$.quality.score").Less(0.9).Ref())
	// Output:
	// {{=jsonpath(tasks.check.outputs.result, "$.quality.score") < 0.9}}
}

// Functions that have no name here.
func ExampleCall() {
	date := workflow.Parameter{Name: "date"}
	fmt.Println(workflow.Call("sprig.trunc", 7, date).Equal("2026-01").Ref())
	// Output:
	// {{=sprig.trunc(7, workflow.parameters.date) == "2026-01"}}
}

// Texts of Argo's own, beside typed ones.
func ExampleExpr() {
	fmt.Println(workflow.Expr("len(inputs.parameters.names)").Greater(3).Ref())
	// Output:
	// {{=(len(inputs.parameters.names)) > 3}}
}
