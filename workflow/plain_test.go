package workflow_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// TestPlainEdges: an edge that follows from a reference is left out only where a
// plain template says it by way of others already.
func TestPlainEdges(t *testing.T) {
	for name, tc := range map[string]struct {
		plain bool
		// way leads from the last task to the first.
		way  func(count, check, use *workflow.Task)
		want string
	}{
		"by Depends": {true, func(count, check, use *workflow.Task) {
			check.Depends, use.Depends = count.Succeeded(), workflow.Or(check.Succeeded(), check.Failed())
		}, "check.Succeeded || check.Failed"},
		"by After": {true, func(count, check, use *workflow.Task) {
			check.After, use.After = []*workflow.Task{count}, []*workflow.Task{check}
		}, "check.Succeeded"},
		"no way": {true, func(_, check, use *workflow.Task) { use.After = []*workflow.Task{check} }, "check.Succeeded && count.Succeeded"},
		"not plain": {false, func(count, check, use *workflow.Task) {
			check.After, use.After = []*workflow.Task{count}, []*workflow.Task{check}
		}, "check.Succeeded && count.Succeeded"},
	} {
		t.Run(name, func(t *testing.T) {
			count, check := &workflow.Task{Name: "count", Step: tool()}, &workflow.Task{Name: "check", Step: tool()}
			use := &workflow.Task{Name: "use", Step: tool(count.Result().Ref())}
			tc.way(count, check, use)
			// The order of the list means nothing.
			p := pipeline(use, check, count)
			p.Plain = tc.plain
			if got := built(t, p).GetTemplateByName("main").DAG.Tasks[0].Depends; got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// TestParameterFromConfigMap: the value of a key, and what counts without it.
func TestParameterFromConfigMap(t *testing.T) {
	key := workflow.ConfigMapKey{Name: "settings", Key: "zone"}
	p := pipeline(&workflow.Task{Name: "use", Step: tool()})
	p.Parameters = []workflow.Parameter{{Name: "zone", From: key}, {Name: "other", From: key, Default: new("a")}}
	ref := &corev1.ConfigMapKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: "settings"}, Key: "zone"}
	want := []wfv1.Parameter{
		{Name: "zone", ValueFrom: &wfv1.ValueFrom{ConfigMapKeyRef: ref}},
		{Name: "other", ValueFrom: &wfv1.ValueFrom{ConfigMapKeyRef: ref, Default: new(wfv1.AnyString("a"))}},
	}
	w := built(t, p)
	if diff := cmp.Diff(want, w.Spec.Arguments.Parameters); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if found := workflow.References(w); len(found) != 2 || found[0].Name != "settings" {
		t.Errorf("it refers to %v", found)
	}
	// A run need not give a value then.
	if _, err := (&workflow.Run{Template: p}).Workflow(); err != nil {
		t.Error(err)
	}
	p.Parameters = []workflow.Parameter{{Name: "zone", From: workflow.ConfigMapKey{Name: "Settings"}}}
	_, err := p.WorkflowTemplate()
	for field, rule := range map[string]string{"Parameters[0].From.Name": millrace.RuleInvalid, "Parameters[0].From.Key": millrace.RuleRequired} {
		if !has(findings(t, err), field, rule) {
			t.Errorf("no %s at %s, but: %v", rule, field, err)
		}
	}
}
