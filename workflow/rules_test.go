package workflow_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	sigsyaml "sigs.k8s.io/yaml"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// broken returns what the rules about practice say of an object: "id field",
// sorted.
func broken(o millrace.Object) []string {
	out := []string{}
	for _, r := range workflow.Practices() {
		r.Check(&millrace.Pass{Object: o, Bundle: &millrace.Bundle{}, Report: func(field, detail string) {
			if detail == "" {
				field += " without a detail"
			}
			out = append(out, strings.TrimPrefix(r.ID, "workflow/")+" "+field)
		}})
	}
	slices.Sort(out)
	return out
}

// article is the article's own manifest.
const article = `
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata:
  name: daily-etl-pipeline
  namespace: data-platform
spec:
  entrypoint: etl-dag
  serviceAccountName: argo-workflow-sa
  parallelism: 5
  templates:
  - name: etl-dag
    dag:
      tasks:
      - name: extract-orders
        template: spark-job
        arguments:
          parameters:
          - {name: job-class, value: com.company.etl.ExtractOrders}
          - {name: date, value: "{{workflow.parameters.date}}"}
      - name: transform-and-load
        dependencies: [extract-orders]
        template: spark-job
        arguments:
          parameters:
          - {name: job-class, value: com.company.etl.TransformAndLoad}
          - {name: date, value: "{{workflow.parameters.date}}"}
  - name: spark-job
    inputs:
      parameters:
      - name: job-class
      - name: date
    resource:
      action: create
      successCondition: status.applicationState.state == COMPLETED
      failureCondition: status.applicationState.state == FAILED
      manifest: |
        apiVersion: sparkoperator.k8s.io/v1beta2
        kind: SparkApplication
        metadata:
          generateName: etl-job-
          namespace: data-platform
        spec:
          mainClass: "{{inputs.parameters.job-class}}"
          arguments:
          - "--date={{inputs.parameters.date}}"
`

func load(t *testing.T, text string) *wfv1.WorkflowTemplate {
	t.Helper()
	var w wfv1.WorkflowTemplate
	if err := sigsyaml.UnmarshalStrict([]byte(text), &w); err != nil {
		t.Fatal(err)
	}
	return &w
}

func TestRulesOnTheArticle(t *testing.T) {
	want := []string{
		"deadline spec.activeDeadlineSeconds",
		"depends spec.templates[0].dag.tasks[1].dependencies",
		"resource-name spec.templates[1].resource.manifest",
		"resource-owner spec.templates[1].resource.setOwnerReference",
		"ttl spec.ttlStrategy",
	}
	if diff := cmp.Diff(want, broken(load(t, article))); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestOwnOutputPasses: what Template and Run make breaks no rule.
func TestOwnOutputPasses(t *testing.T) {
	for _, b := range []millrace.Builder{daily(), everything(), daily31()} {
		parts, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		if got := broken(parts.Objects[0]); len(got) > 0 {
			t.Errorf("%s breaks %v", millrace.RefOf(parts.Objects[0]), got)
		}
	}
}

// TestRules breaks one rule at a time in a template that passes them all.
func TestRules(t *testing.T) {
	resource := func(w *wfv1.WorkflowTemplate) *wfv1.ResourceTemplate { return w.Spec.Templates[1].Resource }
	manifest := func(text string) func(*wfv1.WorkflowTemplate) {
		return func(w *wfv1.WorkflowTemplate) {
			resource(w).Manifest, resource(w).SetOwnerReference = text, true
		}
	}
	const job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: '{{workflow.name}}-a'}\n"
	for name, tc := range map[string]struct {
		make func(*wfv1.WorkflowTemplate)
		want []string
	}{
		"no service account":      {func(w *wfv1.WorkflowTemplate) { w.Spec.ServiceAccountName = "" }, []string{"service-account spec.serviceAccountName"}},
		"default service account": {func(w *wfv1.WorkflowTemplate) { w.Spec.ServiceAccountName = "default" }, []string{"service-account spec.serviceAccountName"}},
		"a template's is default": {func(w *wfv1.WorkflowTemplate) { w.Spec.Templates[1].ServiceAccountName = "default" }, []string{"service-account spec.templates[1].serviceAccountName"}},
		"every template has its own": {func(w *wfv1.WorkflowTemplate) {
			w.Spec.ServiceAccountName = ""
			w.Spec.TemplateDefaults = &wfv1.Template{ServiceAccountName: "etl"}
		}, nil},
		"a library of templates": {func(w *wfv1.WorkflowTemplate) {
			w.Spec.Entrypoint, w.Spec.ServiceAccountName, w.Spec.TTLStrategy, w.Spec.ActiveDeadlineSeconds = "", "", nil, nil
		}, nil},
		"no ttl":                {func(w *wfv1.WorkflowTemplate) { w.Spec.TTLStrategy = nil }, []string{"ttl spec.ttlStrategy"}},
		"no ttl for errors":     {func(w *wfv1.WorkflowTemplate) { w.Spec.TTLStrategy.SecondsAfterCompletion = nil }, []string{"ttl spec.ttlStrategy.secondsAfterCompletion"}},
		"no deadline":           {func(w *wfv1.WorkflowTemplate) { w.Spec.ActiveDeadlineSeconds = nil }, []string{"deadline spec.activeDeadlineSeconds"}},
		"unreadable manifest":   {manifest("a: [b"), []string{"resource-manifest spec.templates[1].resource.manifest"}},
		"two manifests":         {manifest(job + "---\n" + job), []string{"resource-manifest spec.templates[1].resource.manifest"}},
		"duplicate key":         {manifest(job + "kind: Job\n"), []string{"resource-manifest spec.templates[1].resource.manifest"}},
		"no kind":               {manifest("metadata: {name: '{{workflow.name}}'}"), []string{"resource-manifest spec.templates[1].resource.manifest"}},
		"known at run time":     {manifest("{{inputs.parameters.manifest}}"), nil},
		"a good manifest":       {manifest(job), nil},
		"documents but one":     {manifest("# comment\n---\n" + job), nil},
		"no owner":              {func(w *wfv1.WorkflowTemplate) { manifest(job)(w); resource(w).SetOwnerReference = false }, []string{"resource-owner spec.templates[1].resource.setOwnerReference"}},
		"owner elsewhere":       {manifest("apiVersion: batch/v1\nkind: Job\nmetadata: {name: '{{workflow.name}}-a', namespace: other}\n"), []string{"resource-owner spec.templates[1].resource.manifest"}},
		"generated name":        {manifest("apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: a-}\n"), []string{"resource-name spec.templates[1].resource.manifest"}},
		"no name":               {manifest("apiVersion: batch/v1\nkind: Job\n"), []string{"resource-name spec.templates[1].resource.manifest"}},
		"one name for all runs": {manifest("apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\n"), []string{"resource-name spec.templates[1].resource.manifest"}},
		"a config has one name": {func(w *wfv1.WorkflowTemplate) {
			manifest("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")(w)
			resource(w).SuccessCondition, resource(w).FailureCondition = "", ""
		}, nil},
		"no failure":    {func(w *wfv1.WorkflowTemplate) { resource(w).FailureCondition = "" }, []string{"resource-conditions spec.templates[1].resource.failureCondition"}},
		"no success":    {func(w *wfv1.WorkflowTemplate) { resource(w).SuccessCondition = "" }, []string{"resource-conditions spec.templates[1].resource.successCondition"}},
		"no conditions": {func(w *wfv1.WorkflowTemplate) { resource(w).SuccessCondition, resource(w).FailureCondition = "", "" }, []string{"resource-conditions spec.templates[1].resource.successCondition"}},
		"deletes need no conditions": {func(w *wfv1.WorkflowTemplate) {
			manifest(job)(w)
			resource(w).Action, resource(w).SuccessCondition, resource(w).FailureCondition = "delete", "", ""
		}, nil},
		"retry of a template": {func(w *wfv1.WorkflowTemplate) { w.Spec.Templates[1].RetryStrategy.Limit = nil }, []string{"retry-limit spec.templates[1].retryStrategy.limit"}},
		"retry of a workflow": {func(w *wfv1.WorkflowTemplate) { w.Spec.RetryStrategy = &wfv1.RetryStrategy{} }, []string{"retry-limit spec.retryStrategy.limit"}},
		"retry of the default": {func(w *wfv1.WorkflowTemplate) {
			w.Spec.TemplateDefaults = &wfv1.Template{RetryStrategy: &wfv1.RetryStrategy{}}
		}, []string{"retry-limit spec.templateDefaults.retryStrategy.limit"}},
		"images": {func(w *wfv1.WorkflowTemplate) {
			ctr := func(image string) corev1.Container { return corev1.Container{Name: "a", Image: image} }
			w.Spec.Templates = append(w.Spec.Templates, wfv1.Template{
				Container:      new(ctr("a:latest")),
				Script:         &wfv1.ScriptTemplate{Container: ctr("registry:5000/a")},
				ContainerSet:   &wfv1.ContainerSetTemplate{Containers: []wfv1.ContainerNode{{Container: ctr("a")}}},
				InitContainers: []wfv1.UserContainer{{Container: ctr("a@sha256:00")}, {Container: ctr("a:1")}},
				Sidecars:       []wfv1.UserContainer{{Container: ctr("{{inputs.parameters.image}}")}, {Container: ctr("a/b:latest")}},
			})
		}, []string{
			"latest-tag spec.templates[6].container.image", "latest-tag spec.templates[6].containerSet.containers[0].image",
			"latest-tag spec.templates[6].script.image", "latest-tag spec.templates[6].sidecars[1].image",
		}},
		"an inline image": {func(w *wfv1.WorkflowTemplate) {
			w.Spec.Templates[0].DAG.Tasks[0].Inline = &wfv1.Template{Container: &corev1.Container{Image: "a"}}
		}, []string{"latest-tag spec.templates[0].dag.tasks[0].inline.container.image"}},
		"an inline step": {func(w *wfv1.WorkflowTemplate) {
			w.Spec.Templates[2].Steps = []wfv1.ParallelSteps{{Steps: []wfv1.WorkflowStep{{}, {Inline: &wfv1.Template{Container: &corev1.Container{Image: "a"}}}}}}
		}, []string{"latest-tag spec.templates[2].steps[0][1].inline.container.image"}},
		"bare edge": {func(w *wfv1.WorkflowTemplate) {
			w.Spec.Templates[0].DAG.Tasks[2].Depends = "extract-orders && extract-customers.Succeeded"
		}, []string{"depends spec.templates[0].dag.tasks[2].depends"}},
		"exit handler with a DAG": {func(w *wfv1.WorkflowTemplate) { w.Spec.OnExit = "main" }, []string{"exit-handler spec.onExit"}},
		"exit hook with a DAG": {func(w *wfv1.WorkflowTemplate) {
			w.Spec.OnExit, w.Spec.Hooks = "", wfv1.LifecycleHooks{"exit": {Template: "main"}}
		}, []string{"exit-handler spec.hooks.exit.template"}},
		"exit hook with steps": {func(w *wfv1.WorkflowTemplate) {
			w.Spec.OnExit, w.Spec.Hooks = "", wfv1.LifecycleHooks{"exit": {Template: "clean-up"}}
		}, nil},
		"too many parameters": {func(w *wfv1.WorkflowTemplate) {
			w.Spec.Arguments.Parameters = make([]wfv1.Parameter, 501)
			w.Spec.Templates[1].Inputs.Parameters = make([]wfv1.Parameter, 501)
		}, []string{"argo-4-limits spec.arguments.parameters", "argo-4-limits spec.templates[1].inputs.parameters"}},
		"as many as may be": {func(w *wfv1.WorkflowTemplate) {
			w.Spec.Arguments.Parameters = make([]wfv1.Parameter, 500)
			w.Spec.Templates = append(w.Spec.Templates, make([]wfv1.Template, 200-len(w.Spec.Templates))...)
		}, nil},
		"too many templates and tasks": {func(w *wfv1.WorkflowTemplate) {
			w.Spec.Templates = append(w.Spec.Templates, make([]wfv1.Template, 201-len(w.Spec.Templates))...)
			w.Spec.Templates[0].DAG.Tasks = make([]wfv1.DAGTask, 201)
		}, []string{"argo-4-limits spec.templates", "argo-4-limits spec.templates[0].dag.tasks"}},
		"old locks": {func(w *wfv1.WorkflowTemplate) {
			w.Spec.Synchronization = &wfv1.Synchronization{Mutex: &wfv1.Mutex{}}
			w.Spec.Templates[1].Synchronization = &wfv1.Synchronization{Semaphore: &wfv1.SemaphoreRef{}}
		}, []string{"removed-fields spec.synchronization.mutex", "removed-fields spec.templates[1].synchronization.semaphore"}},
	} {
		t.Run(name, func(t *testing.T) {
			w, err := daily().WorkflowTemplate()
			if err != nil {
				t.Fatal(err)
			}
			tc.make(w)
			if diff := cmp.Diff(append([]string{}, tc.want...), broken(w)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestRulesOfOtherKinds: a spec is looked at wherever it stands, and nothing
// else is.
func TestRulesOfOtherKinds(t *testing.T) {
	w := load(t, article)
	for prefix, o := range map[string]millrace.Object{
		"spec":              &wfv1.Workflow{Spec: w.Spec},
		"spec.workflowSpec": &wfv1.CronWorkflow{Spec: wfv1.CronWorkflowSpec{WorkflowSpec: w.Spec, Schedules: []string{"@daily"}}},
	} {
		if got := broken(o); !slices.Contains(got, "ttl "+prefix+".ttlStrategy") || len(got) != 5 {
			t.Errorf("%T: %v", o, got)
		}
	}
	if got := broken(&wfv1.ClusterWorkflowTemplate{Spec: w.Spec}); len(got) != 5 {
		t.Errorf("%v", got)
	}
	if got := broken(&wfv1.CronWorkflow{Spec: wfv1.CronWorkflowSpec{Schedule: "@daily"}}); !slices.Equal(got, []string{"removed-fields spec.schedule"}) {
		t.Errorf("%v", got)
	}
	for _, o := range []millrace.Object{nil, (*wfv1.Workflow)(nil), &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "a"}}, &wfv1.Workflow{}} {
		if got := broken(o); len(got) > 0 {
			t.Errorf("%T: %v", o, got)
		}
	}
}

func TestRulesAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range workflow.Rules() {
		if r.Summary == "" || r.Reason == "" || r.Fix == "" || r.Source == "" || r.Check == nil || seen[r.ID] || !strings.HasPrefix(r.ID, "workflow/") {
			t.Errorf("incomplete: %+v", r)
		}
		seen[r.ID] = true
	}
}
