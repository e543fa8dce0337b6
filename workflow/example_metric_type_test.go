package workflow_test

import (
	"fmt"
	"maps"
	"slices"

	"github.com/millrace/millrace/workflow"
)

// A table of what is measured, by the type of metric.
func ExampleMetricType() {
	measured := map[string]workflow.MetricType{
		"etl_runs":    workflow.Counter{Value: "1"},
		"etl_seconds": workflow.Gauge{Value: workflow.RunDuration.Ref(), Operation: workflow.GaugeSet},
	}
	var settings workflow.RunSettings
	for _, name := range slices.Sorted(maps.Keys(measured)) {
		settings.Metrics = append(settings.Metrics, workflow.Metric{Name: name, Help: "Of the nightly load", Type: measured[name]})
	}
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Settings: settings,
		Tasks: []*workflow.Task{{Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}}}},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range object.Spec.Metrics.Prometheus {
		fmt.Println(m.Name, m.GetMetricType(), m.GetValueString())
	}
	// Output:
	// etl_runs Counter 1
	// etl_seconds Gauge {{workflow.duration}}
}
