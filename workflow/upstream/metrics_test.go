package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

// TestMetrics tells how long the run and its steps take, what one of them puts
// out, and how another one ends.
func TestMetrics(t *testing.T) {
	took := func(name string, duration workflow.Variable) workflow.Metric {
		return workflow.Metric{
			Name: "duration_gauge", Help: "Duration gauge by name", Labels: args{"name": name},
			Type: workflow.Gauge{Realtime: true, Value: duration.Ref()},
		}
	}
	random := &workflow.Definition{
		Name:    "random-int",
		Step:    shell("alpine:latest", "RAND_INT=$((1 + RANDOM % 10)); echo $RAND_INT; echo $RAND_INT > /tmp/rand_int.txt"),
		Outputs: putting(workflow.Output{Name: "rand-int-value", Path: "/tmp/rand_int.txt", Global: "rand-int-value"}),
		Settings: workflow.Settings{Metrics: []workflow.Metric{
			{
				Name: "random_int_step_histogram", Help: "Value of the int emitted by random-int at step level",
				When: workflow.MetricStatus.Equal("Succeeded"),
				Type: workflow.Histogram{Value: workflow.MetricOutput("rand-int-value").Ref(), Buckets: []float64{2.01, 4.01, 6.01, 8.01, 10.01}},
			},
			took("random-int", workflow.MetricDuration),
		}},
	}
	flakey := &workflow.Definition{
		Name: "flakey",
		Step: workflow.Container{Image: "python:alpine3.6", Command: []string{"python", "-c"}, Args: []string{randomFail}},
		Settings: workflow.Settings{Metrics: []workflow.Metric{{
			Name: "result_counter", Help: "Count of step execution by result status",
			Labels: args{"name": "flakey", "status": workflow.MetricStatus.Ref()}, Type: workflow.Counter{Value: "1"},
		}}},
	}
	run := running(&workflow.Definition{
		Name:     "steps",
		Settings: workflow.Settings{Metrics: []workflow.Metric{took("steps", workflow.MetricDuration)}},
		Step:     workflow.Steps{{{Name: "random-int", Step: random}}, {{Name: "flakey", Step: flakey}}},
	})
	run.Template.Settings.Metrics = []workflow.Metric{took("workflow", workflow.RunDuration)}
	same(t, "custom-metrics.yaml", run)
}
