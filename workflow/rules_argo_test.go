package workflow_test

import (
	"slices"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/workflow"
)

// TestRefusals: every rule about what Argo would refuse finds its mistake in a
// loaded workflow, and nothing in one without.
func TestRefusals(t *testing.T) {
	main := func(w *wfv1.WorkflowTemplate) *wfv1.Template { return &w.Spec.Templates[0] }
	task := func(w *wfv1.WorkflowTemplate) *wfv1.DAGTask { return &main(w).DAG.Tasks[2] }
	extract := func(w *wfv1.WorkflowTemplate) *wfv1.Template { return &w.Spec.Templates[1] }
	for id, tc := range map[string]struct {
		break_ func(*wfv1.WorkflowTemplate)
		field  string
	}{
		"name": {func(w *wfv1.WorkflowTemplate) {
			main(w).DAG.Tasks[0].Name, task(w).Depends = "in", "in.Succeeded"
		}, "spec.templates[0].dag.tasks[0].name"},
		"template":         {func(w *wfv1.WorkflowTemplate) { extract(w).Suspend = &wfv1.SuspendTemplate{} }, "spec.templates[1]"},
		"unknown-template": {func(w *wfv1.WorkflowTemplate) { task(w).Template = "nobody" }, "spec.templates[0].dag.tasks[2].template"},
		"graph":            {func(w *wfv1.WorkflowTemplate) { task(w).Depends = "nobody.Succeeded" }, "spec.templates[0].dag.tasks[2].depends"},
		"reference":        {func(w *wfv1.WorkflowTemplate) { extract(w).Resource.Manifest += "# {{inputs.parameters.none}}" }, "spec.templates[1].resource.manifest"},
		"arguments": {func(w *wfv1.WorkflowTemplate) {
			extract(w).Inputs.Parameters = []wfv1.Parameter{{Name: "table"}}
		}, "spec.templates[0].dag.tasks[0].arguments"},
		"extra-argument": {func(w *wfv1.WorkflowTemplate) {
			task(w).Arguments.Parameters = []wfv1.Parameter{{Name: "more", Value: new(wfv1.AnyString("x"))}}
		}, "spec.templates[0].dag.tasks[2].arguments.parameters[0].name"},
		"expression": {func(w *wfv1.WorkflowTemplate) { task(w).When = "a b" }, "spec.templates[0].dag.tasks[2].when"},
		"loop": {func(w *wfv1.WorkflowTemplate) {
			task(w).WithSequence = &wfv1.Sequence{Start: new(intstr.FromInt32(1))}
		}, "spec.templates[0].dag.tasks[2].withSequence"},
		"retry":    {func(w *wfv1.WorkflowTemplate) { extract(w).RetryStrategy.Backoff.Duration = "soon" }, "spec.templates[1].retryStrategy.backoff.duration"},
		"resource": {func(w *wfv1.WorkflowTemplate) { extract(w).Resource.Action = "make" }, "spec.templates[1].resource.action"},
		"value":    {func(w *wfv1.WorkflowTemplate) { w.Spec.Parallelism = new(int64(0)) }, "spec.parallelism"},
		"volume": {func(w *wfv1.WorkflowTemplate) {
			extract(w).Inputs.Artifacts = []wfv1.Artifact{{Name: "in", ArtifactLocation: wfv1.ArtifactLocation{Raw: &wfv1.RawArtifact{Data: "x"}}}}
		}, "spec.templates[1].inputs.artifacts[0].path"},
		"artifact-place": {func(w *wfv1.WorkflowTemplate) {
			extract(w).Inputs.Artifacts = []wfv1.Artifact{{Name: "in", Path: "/in", ArtifactLocation: wfv1.ArtifactLocation{
				S3: &wfv1.S3Artifact{S3Bucket: wfv1.S3Bucket{Bucket: "b"}, Key: "k"}}}}
		}, "spec.templates[1].inputs.artifacts[0].s3.endpoint"},
		"lock": {func(w *wfv1.WorkflowTemplate) {
			w.Spec.Synchronization = &wfv1.Synchronization{Semaphores: []*wfv1.SemaphoreRef{{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{Key: "k"}}}}
		}, "spec.synchronization.semaphores[0].configMapKeyRef.name"},
		"size": {func(w *wfv1.WorkflowTemplate) {
			extract(w).Resource.Manifest += "# " + strings.Repeat("x", 2<<20)
		}, "spec"},
	} {
		t.Run(id, func(t *testing.T) {
			w := built(t, daily())
			if got := refusals(t, w); len(got) > 0 {
				t.Fatalf("before: %v", got)
			}
			tc.break_(w)
			if got := refusals(t, w); !slices.Contains(got, "workflow/"+id+" "+tc.field) {
				t.Errorf("no %s at %s, but %v", id, tc.field, got)
			}
		})
	}
	cron := &wfv1.CronWorkflow{Spec: wfv1.CronWorkflowSpec{WorkflowSpec: built(t, daily()).Spec, Schedules: []string{"61 * * * *"}}}
	cron.APIVersion, cron.Kind, cron.Name = "argoproj.io/v1alpha1", "CronWorkflow", "daily"
	if got, want := refusals(t, cron), []string{"workflow/arguments spec.workflowSpec.arguments.parameters[0].value", "workflow/schedule spec.schedules[0]"}; !cmp.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// refusals checks an object by these rules alone.
func refusals(t *testing.T, o millrace.Object) (found []string) {
	t.Helper()
	var ids []string
	for _, r := range workflow.Rules() {
		if !slices.ContainsFunc(workflow.Practices(), func(p millrace.Rule) bool { return p.ID == r.ID }) {
			ids = append(ids, r.ID)
		}
	}
	bundle, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{o}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range policy.Production().Only(ids...).Check(bundle).Findings {
		found = append(found, f.Rule+" "+f.Field)
	}
	slices.Sort(found)
	return found
}
