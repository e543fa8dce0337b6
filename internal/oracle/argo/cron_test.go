package argo_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/Knetic/govaluate"
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/util/expr/argoexpr"
	"github.com/argoproj/argo-workflows/v3/util/template"
	"github.com/argoproj/argo-workflows/v3/workflow/common"
	"github.com/robfig/cron/v3"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace/workflow"
)

// cronWorkflow returns what a Cron of a foreign template makes.
func cronWorkflow(t *testing.T, n workflow.Cron) *wfv1.CronWorkflow {
	t.Helper()
	n.Name, n.From = "daily", workflow.TemplateRef{Name: "shared"}
	if n.Schedules == nil {
		n.Schedules = []string{"@daily"}
	}
	out, err := n.CronWorkflow()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestCronWhen evaluates conditions as the controller does: expressions first,
// then what they have become.
// Source: workflow/cron/operator.go evalWhen, expressionEnv.
func TestCronWhen(t *testing.T) {
	last := time.Now().Add(-2 * time.Hour)
	env := map[string]any{
		"cronworkflow.name": "daily", "cronworkflow.labels": map[string]string{"a": "b"},
		"cronworkflow.failed": int64(2), "cronworkflow.succeeded": int64(5), "cronworkflow.lastScheduledTime": &last,
	}
	for text, want := range map[string]bool{
		string(workflow.CronFailed) + " < 3":                                       true,
		string(workflow.CronSucceeded) + " == 0":                                   false,
		`cronworkflow.name == "daily" && cronworkflow.labels["a"] matches "^\\w$"`: true,
		string(workflow.CronLast) + " == nil":                                      false,
		"(now() - " + string(workflow.CronLast) + ").Hours() > 1":                  true,
		`{{= cronworkflow.failed > 1 }} && {{= cronworkflow.name == 'daily' }}`:    true,
	} {
		when := cronWorkflow(t, workflow.Cron{When: workflow.Expr(text)}).Spec.When
		tmpl, err := template.NewTemplate(when)
		if err != nil {
			t.Fatal(err)
		}
		replaced, err := tmpl.Replace(env, false)
		if err != nil {
			t.Errorf("%s: %v", when, err)
			continue
		}
		e, err := govaluate.NewEvaluableExpression(replaced)
		if err != nil {
			t.Errorf("%s: %v", replaced, err)
			continue
		}
		if got, err := e.Evaluate(nil); got != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

// TestCronStop evaluates conditions to stop, which have no functions of Argo's.
func TestCronStop(t *testing.T) {
	env := map[string]any{"cronworkflow": map[string]any{"failed": int64(3), "succeeded": int64(0)}}
	for text, want := range map[string]bool{string(workflow.CronFailed) + " >= 3": true, string(workflow.CronSucceeded) + " > 0": false} {
		stop := cronWorkflow(t, workflow.Cron{Stop: workflow.Expr(text)}).Spec.StopStrategy.Expression
		if got, err := argoexpr.EvalBool(stop, env); got != want || err != nil {
			t.Errorf("%s: %v, %v", stop, got, err)
		}
	}
}

// TestScheduledTime reaches a job as its value, whatever the annotation says;
// where a run has none, the job is not made.
func TestScheduledTime(t *testing.T) {
	w := built(t, "--at="+workflow.ScheduledTime.Ref())
	for _, value := range append([]string{"2026-01-31T06:00:00+01:00"}, nasty...) {
		params := globals("x")
		params[string(workflow.ScheduledTime)] = value
		manifest := executed(t, find(t, w, "extract"), params).Resource.Manifest
		if got := arguments(t, manifest)[0]; got != "--at="+value {
			t.Errorf("got %q, not %q", got, value)
		}
	}
	// Without the time the expression stays, and the last pass, into the pod,
	// is an error.
	left, err := common.ProcessArgs(find(t, w, "extract"), &wfv1.Arguments{}, globals("x"), common.Parameters{}, false, "data-platform", nil)
	if err != nil {
		t.Fatal(err)
	}
	inner, _ := json.Marshal(left)
	outer, _ := json.Marshal(string(inner))
	if out, err := template.Replace(string(outer), globals("x"), true); err == nil {
		t.Errorf("a run without the time makes a pod for\n%s", out)
	}
}

// arguments are those of the job in a manifest.
func arguments(t *testing.T, manifest string) []string {
	t.Helper()
	out, ok, err := unstructured.NestedStringSlice(object(t, manifest).Object, "spec", "arguments")
	if !ok || err != nil || len(out) == 0 {
		t.Fatalf("no arguments in %s: %v", manifest, err)
	}
	return out
}

// TestNoReferenceInArguments is why a Cron refuses them: the job gets the text.
func TestNoReferenceInArguments(t *testing.T) {
	w := built(t, ref("date"))
	params := globals(workflow.ScheduledTime.Ref())
	params[string(workflow.ScheduledTime)] = "2026-01-31T06:00:00Z"
	if got := arguments(t, executed(t, find(t, w, "extract"), params).Resource.Manifest)[0]; got != "{{workflow.scheduledTime}}" {
		t.Errorf("got %q", got)
	}
}

// TestSchedulesMeanTheSame compares schedules with names and what is rendered
// for them, over two years.
func TestSchedulesMeanTheSame(t *testing.T) {
	for _, text := range []string{"0  6 * jan-MAR,dec mon,Wed-FRI", "30 2 31 * SUN", "*/7 3 ? FEB/3 sat", "@weekly", "@every 90m"} {
		plain := cronWorkflow(t, workflow.Cron{Schedules: []string{text}}).Spec.Schedules[0]
		want, err := cron.ParseStandard(text)
		if err != nil {
			t.Fatal(err)
		}
		got, err := cron.ParseStandard(plain)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for range 200 {
			next := want.Next(at)
			if other := got.Next(at); !other.Equal(next) {
				t.Fatal(fmt.Sprint(text, " is ", plain, ": ", other, " not ", next))
			}
			at = next
		}
	}
}
