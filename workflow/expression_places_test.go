package workflow_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// TestMistakesInEveryPlace: a mistake that was made when an expression was
// built is reported by whatever the expression is put into.
func TestMistakesInEveryPlace(t *testing.T) {
	mistake := workflow.Variable("workflow.name").Matches("(")
	data := workflow.Data{Source: workflow.Artifact{Name: "files", From: workflow.S3{Endpoint: "e", Bucket: "b", Key: "k"}}, Transform: []workflow.Expression{mistake}}
	settings := workflow.Settings{Metrics: []workflow.Metric{{Name: "m", Help: "h", When: mistake, Type: workflow.Counter{Value: "1"}}}}
	dag := workflow.DAG{Tasks: []*workflow.Task{{Name: "inner", Step: workflow.Suspend{}}}}
	of := func(d workflow.Definition) workflow.Template {
		d.Name = "entry"
		return workflow.Template{Entrypoint: &d}
	}
	for field, tmpl := range map[string]workflow.Template{
		"Entrypoint.Outputs.Parameters[0].Expression": of(workflow.Definition{Step: dag, Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "o", Expression: mistake}}}}),
		"Entrypoint.Outputs.Artifacts[0].Expression":  of(workflow.Definition{Step: dag, Outputs: output(workflow.Artifact{Name: "o", Expression: mistake})}),
		"Entrypoint.Outputs.Artifacts[0].From":        of(workflow.Definition{Step: dag, Outputs: output(workflow.Artifact{Name: "o", From: workflow.FromExpression(mistake)})}),
		"Entrypoint.Step.Transform[0]":                of(workflow.Definition{Step: data}),
		"Entrypoint.Step.Success":                     of(workflow.Definition{Step: workflow.HTTP{URL: "https://example.com", Success: mistake}}),
		"Entrypoint.Settings.Metrics[0].When":         of(workflow.Definition{Step: workflow.Suspend{}, Settings: settings}),
		"Settings.LabelsFrom[l]":                      {Settings: workflow.RunSettings{LabelsFrom: map[string]workflow.Expression{"l": mistake}}, Entrypoint: &workflow.Definition{Name: "entry", Step: workflow.Suspend{}}},
	} {
		tmpl.Name, tmpl.ServiceAccount = "places", "argo-workflow-sa"
		onlyMistake(t, field, &tmpl)
	}
	calm := of(workflow.Definition{Step: workflow.Suspend{}})
	calm.Name, calm.ServiceAccount = "places", "argo-workflow-sa"
	onlyMistake(t, "When", &workflow.Cron{Name: "places", Template: &calm, Schedules: []string{"@daily"}, When: mistake})
	onlyMistake(t, "Stop", &workflow.Cron{Name: "places", Template: &calm, Schedules: []string{"@daily"}, Stop: mistake})
}

func onlyMistake(t *testing.T, field string, b millrace.Builder) {
	t.Helper()
	_, err := b.Build()
	var failed *millrace.BuildError
	if !errors.As(err, &failed) || len(failed.Findings) != 1 || failed.Findings[0].Field != field || !strings.Contains(failed.Findings[0].Detail, "missing closing") {
		t.Errorf("%s: %v", field, err)
	}
}
