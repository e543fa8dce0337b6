package workflow_test

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// launchSamples are valid values for the fields of Run and Cron.
var launchSamples = map[reflect.Type]any{
	reflect.TypeFor[*int32]():                       new(int32(7)),
	reflect.TypeFor[workflow.Concurrency]():         workflow.AllowConcurrent,
	reflect.TypeFor[workflow.Expression]():          workflow.Expr("cronworkflow.failed < 3"),
	reflect.TypeFor[map[string]workflow.Location](): map[string]workflow.Location{"other": workflow.From("tasks.a.outputs.artifacts.b")},
}

// launchFields are valid values for fields whose type doesn't say one.
var launchFields = map[string]any{
	"Namespace": "other", "TimeZone": "Europe/Berlin", "From.Name": "another", "KeepFailed": new(5),
	"Schedules": []string{"0 6 * * *"}, "Arguments": map[string]string{"date": "2026-02-01"},
}

// TestEveryFieldOfARunCounts sets each exported field alone: the output must
// change, or an error must name the field.
func TestEveryFieldOfARunCounts(t *testing.T) {
	all := maps.Clone(samples)
	maps.Copy(all, launchSamples)
	for name, build := range map[string]func(from bool) (millrace.Builder, reflect.Value){
		"Run": func(from bool) (millrace.Builder, reflect.Value) {
			r := &workflow.Run{Template: daily(), Arguments: map[string]string{"date": "x"}}
			if from {
				r = &workflow.Run{From: workflow.TemplateRef{Name: "shared"}}
			}
			return r, reflect.ValueOf(r).Elem()
		},
		"Cron": func(from bool) (millrace.Builder, reflect.Value) {
			r := &workflow.Cron{Name: "daily", Schedules: []string{"@daily"}, Template: daily(), Arguments: map[string]string{"date": "x"}}
			if from {
				r.From, r.Template, r.Arguments = workflow.TemplateRef{Name: "shared"}, nil, nil
			}
			return r, reflect.ValueOf(r).Elem()
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, v := build(false)
			for _, path := range paths(v.Type(), nil) {
				from := strings.HasPrefix(path.name, "From")
				before, _ := build(from)
				after, v := build(from)
				field := v.FieldByIndex(path.index)
				sample, ok := launchFields[path.name]
				if !ok {
					sample, ok = all[field.Type()]
				}
				if !ok {
					t.Fatalf("%s.%s: add a sample of %v", name, path.name, field.Type())
				}
				field.Set(reflect.ValueOf(sample))
				parts, err := after.Build()
				if err != nil {
					if !names(findings(t, err), path.name) {
						t.Errorf("no finding names %s: %v", path.name, err)
					}
					continue
				}
				if write(t, parts) == text(t, before) {
					t.Errorf("%s.%s changes nothing", name, path.name)
				}
			}
		})
	}
}

func names(found []millrace.Finding, field string) bool {
	for _, f := range found {
		if strings.HasPrefix(f.Field, field) {
			return true
		}
	}
	return false
}

// TestRunsShareNoMemory changes what a run and a Cron consist of after they
// were built, and what was built after that.
func TestRunsShareNoMemory(t *testing.T) {
	for name, full := range map[string]func() millrace.Builder{
		"Run": func() millrace.Builder {
			return &workflow.Run{Template: daily(), Arguments: map[string]string{"date": "x"}, Priority: new(int32(1)),
				Labels: map[string]string{"a": "b"}, Annotations: map[string]string{"a": "b"},
				Base: wfv1.WorkflowSpec{Metrics: &wfv1.Metrics{Prometheus: []*wfv1.Prometheus{{Name: "a", Help: "b", Counter: &wfv1.Counter{Value: "1"}}}}}}
		},
		"inline": func() millrace.Builder {
			p := daily()
			p.Labels, p.Annotations, p.Parameters[0].Enum = map[string]string{"a": "b"}, map[string]string{"a": "b"}, []string{"x"}
			return &workflow.Run{Template: p, Inline: true, Arguments: map[string]string{"date": "x"}}
		},
		"Cron": func() millrace.Builder {
			p := daily()
			p.Annotations = map[string]string{"a": "b"}
			return &workflow.Cron{Name: "daily", Template: p, Inline: true, Arguments: map[string]string{"date": "x"},
				Schedules: []string{"@daily"}, KeepFailed: new(1), KeepSucceeded: new(1),
				Labels: map[string]string{"a": "b"}, Annotations: map[string]string{"a": "b"},
				RunLabels: map[string]string{"a": "b"}, RunAnnotations: map[string]string{"c": "d"}}
		},
	} {
		t.Run(name, func(t *testing.T) { sharesNothing(t, full) })
	}
}
