package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// What Prometheus is told about a step: a number that grows, how long it took,
// and where that lies among others.
func ExampleMetric() {
	rows := workflow.Counter{Value: workflow.MetricOutput("rows").Ref()}
	seconds := workflow.Gauge{Value: workflow.MetricDuration.Ref(), Realtime: true}
	spread := workflow.Histogram{Value: workflow.MetricDuration.Ref(), Buckets: []float64{60, 600, 3600}}
	load := &workflow.Task{
		Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}},
		Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "rows", Path: "/tmp/rows"}}},
		Settings: workflow.Settings{Metrics: []workflow.Metric{
			{Name: "etl_rows", Help: "Rows that were loaded", Type: rows, When: workflow.MetricStatus.Equal("Succeeded")},
			{Name: "etl_seconds", Help: "How long loading takes", Type: seconds},
			{Name: "etl_spread", Help: "How long loads take", Type: spread, Labels: map[string]string{"table": "orders"}},
		}},
	}
	object, err := (&workflow.Template{Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{load}}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range object.GetTemplateByName("load").Metrics.Prometheus {
		fmt.Printf("%s: %s of %s when %q\n", m.Name, m.GetMetricType(), m.GetValueString(), m.When)
	}
	// Output:
	// etl_rows: Counter of {{outputs.parameters.rows}} when "{{=status == \"Succeeded\"}}"
	// etl_seconds: Gauge of {{duration}} when ""
	// etl_spread: Histogram of {{duration}} when ""
}
