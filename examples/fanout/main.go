// Command fanout composes a pipeline whose shape only the run knows: it lists
// tables, copies each, and reports if something was copied. It prints the
// manifests, with the account that the runs need.
package main

import (
	"fmt"
	"io"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "fanout:", err)
		os.Exit(1)
	}
}

func run(out io.Writer) error {
	pipeline := compose()
	nightly := &workflow.Cron{
		Name: "copy-tables-nightly", Template: pipeline, Schedules: []string{"30 2 * * *"}, TimeZone: "Europe/Berlin",
		Arguments: map[string]string{"schema": "sales"},
	}
	bundle, err := millrace.Build(pipeline, pipeline.RBAC(), nightly)
	if err != nil {
		return err
	}
	return millrace.Render(out, bundle)
}

func compose() *workflow.Template {
	schema := workflow.Parameter{Name: "schema"}
	tool := func(args ...string) workflow.Container {
		return workflow.Container{Image: "company-registry/copy-tool:2.4.0", Command: []string{"copy-tool"}, Args: args}
	}
	list := &workflow.Task{Name: "list", Step: tool("list", "--json", "--schema="+schema.Ref())}
	each := &workflow.Task{
		Name: "copy", Loop: workflow.Over(list.Result().Ref()),
		Step:  tool("copy", "--schema="+schema.Ref(), "--table="+workflow.Item.Field("name").Ref()),
		Retry: &workflow.Retry{Limit: new(3), When: workflow.LastRetryExitCode.Equal("75")},
	}
	count := &workflow.Task{
		Name: "count", After: []*workflow.Task{each}, Step: tool("count", "--out=/tmp/rows"),
		Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "rows", Path: "/tmp/rows"}}},
	}
	report := &workflow.Task{
		Name: "report", When: count.Output("rows").Greater(0),
		Step: tool("report", "--rows="+count.Output("rows").Ref()),
	}
	status := corev1.EnvVar{Name: "STATUS", Value: workflow.RunStatus.Ref()}
	farewell := tool("notify")
	farewell.Env = []corev1.EnvVar{status}
	return &workflow.Template{
		Name: "copy-tables", Namespace: "data-platform", ServiceAccount: "copy-tables",
		Parameters: []workflow.Parameter{schema}, Tasks: []*workflow.Task{list, each, count, report},
		OnExit: farewell, Parallelism: 8, Deadline: 4 * time.Hour,
	}
}
