package argo_test

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/Knetic/govaluate"
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/util/expr/argoexpr"
	"github.com/argoproj/argo-workflows/v3/util/expr/env"
	"github.com/argoproj/argo-workflows/v3/util/template"
	"github.com/argoproj/argo-workflows/v3/workflow/common"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// job is a resource whose arguments are the given texts.
type job []string

func (j job) Runnable(namespace string) (millrace.Runnable, error) {
	args := []any{}
	for _, a := range j {
		args = append(args, a)
	}
	return millrace.Runnable{
		Object: &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication",
			"metadata": map[string]any{"namespace": namespace},
			"spec":     map[string]any{"arguments": args},
		}},
		Succeeded: "status.applicationState.state == COMPLETED",
		Failed:    "status.applicationState.state == FAILED",
	}, nil
}

// The names of the parameters: plain, with a dash, a word of the expression
// language, and the two for which Argo searches expressions.
var names = []string{"date", "job-class", "in", "item", "retries", "2nd", "secret"}

func ref(name string) string { return workflow.Parameter{Name: name}.Ref() }

// built returns a template with one task, whose resource has the arguments.
func built(t *testing.T, args ...string) *wfv1.WorkflowTemplate {
	t.Helper()
	pipeline := &workflow.Template{Name: "daily", Namespace: "data-platform", ServiceAccount: "etl",
		Tasks: []*workflow.Task{{Name: "extract", Run: job(args)}}}
	for _, name := range names {
		pipeline.Parameters = append(pipeline.Parameters, workflow.Parameter{Name: name})
	}
	w, err := pipeline.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func find(t *testing.T, w *wfv1.WorkflowTemplate, name string) *wfv1.Template {
	t.Helper()
	out := w.GetTemplateByName(name)
	if out == nil {
		t.Fatalf("no template %q", name)
	}
	return out
}

// globals are the variables of a run whose parameters all have one value.
func globals(value string) common.Parameters {
	out := common.Parameters{
		"workflow.name": "daily-0a1b2c3d", "workflow.uid": "6b7e-11", "workflow.namespace": "data-platform",
		"workflow.parameters": `[{"name":"date"}]`, "workflow.parameters.json": `[{"name":"date"}]`,
		"workflow.creationTimestamp":   "2026-01-31T00:00:00Z",
		"workflow.creationTimestamp.Y": "2026",
		"workflow.status":              "Running",
	}
	for _, name := range names {
		out["workflow.parameters."+name] = value
	}
	out["workflow.parameters.secret"] = "S3CRET"
	return out
}

// executed takes a template through every pass that the controller makes until
// its pod exists, and returns it as the executor reads it.
// Source: workflow/controller/operator.go executeTemplate (two passes, and two
// more for a retried one), workflowpod.go substitutePodParams (the last).
func executed(t *testing.T, tmpl *wfv1.Template, params common.Parameters) *wfv1.Template {
	t.Helper()
	local := common.Parameters{"pod.name": "pod", "node.name": "node", "tasks.name": "extract"}
	processed, err := common.ProcessArgs(tmpl, &wfv1.Arguments{}, params, local, false, "data-platform", nil)
	if err != nil {
		t.Fatal(err)
	}
	retried := common.Parameters{"pod.name": "pod", "retries": "0", "lastRetry.exitCode": "0", "lastRetry.status": "", "lastRetry.duration": "0", "lastRetry.message": ""}
	if processed, err = common.SubstituteParams(processed, params, retried); err != nil {
		t.Fatal(err)
	}
	if processed.Resource != nil && processed.Resource.SetOwnerReference {
		t.Fatal("the controller would write the manifest anew")
	}
	inner, err := json.Marshal(processed)
	if err != nil {
		t.Fatal(err)
	}
	outer, err := json.Marshal(corev1.EnvVar{Name: common.EnvVarTemplate, Value: string(inner)})
	if err != nil {
		t.Fatal(err)
	}
	replaced, err := template.Replace(string(outer), params, true)
	if err != nil {
		t.Fatal(err)
	}
	var variable corev1.EnvVar
	if err := json.Unmarshal([]byte(replaced), &variable); err != nil {
		t.Fatal(err)
	}
	var out wfv1.Template
	if err := json.Unmarshal([]byte(variable.Value), &out); err != nil {
		t.Fatal(err)
	}
	return &out
}

// object parses a manifest with the decoder of kubectl.
func object(t *testing.T, manifest string) *unstructured.Unstructured {
	t.Helper()
	var out unstructured.Unstructured
	decoder := utilyaml.NewYAMLOrJSONDecoder(strings.NewReader(manifest), 4096)
	if err := decoder.Decode(&out.Object); err != nil {
		t.Fatalf("%v in\n%s", err, manifest)
	}
	if err := decoder.Decode(&struct{}{}); !errors.Is(err, io.EOF) {
		t.Fatalf("more than one object in\n%s", manifest)
	}
	return &out
}

// nasty are values that break manifests, or that Argo would evaluate.
var nasty = []string{
	"2026-01-31", "", " ", "null", "true", "1e3", `a"b`, `a'b`, `a\b`, `a\\b`, `\`, `\{`, "a\nb", "a\r\n\tb",
	"good\n  namespace: kube-system", `", "namespace": "kube-system`, `"}}`, `}}`, `{`, `{{`, `{{{`, `{{{{`, `{}}`,
	"{{workflow.parameters.secret}}", "{{=workflow.parameters.secret}}", "{{=1+1}}", "{{ workflow.name }}", "{{{workflow.name}}}",
	"{{=toJson(workflow)}}", "{{inputs.parameters.x}}", "{{item}}", "{{ user.name }}", "{{unclosed", "closed}}",
	"${HOME}", "$(date)", "`id`", "<a href=\"x\">&amp;</a>", `\u003c`, `\\u003c`, `\u007b\u007bworkflow.name}}`,
	"\a\v\x7f\x00", "\u2028\u2029\u0085\ufeff", "Grüße 日本 🚀 \U000e0001", "---\nkind: Secret", "# comment", "%s%d", "__argo__internal__placeholder-1",
}

// TestValuesArrive is the proof that no value of a parameter does anything but
// arrive: whatever it holds, however the text around it looks, after every
// pass of Argo's the argument of the job is the text with the value in it.
func TestValuesArrive(t *testing.T) {
	texts := []string{
		"%s", "--date=%s", "%s/%s", `"%s"`, `\%s\`, "{%s}", "{{%s}}", "<%s>&", `\u003c%s`, "line\n%s\n", "日本%s", "}}%s{{",
	}
	for _, name := range names {
		var args []string
		for _, text := range texts {
			args = append(args, fill(text, ref(name)))
		}
		tmpl := find(t, built(t, args...), "extract")
		for _, value := range nasty {
			params := globals(value)
			got := object(t, executed(t, tmpl, params).Resource.Manifest)
			var want []any
			for _, text := range texts {
				want = append(want, fill(text, params["workflow.parameters."+name]))
			}
			if diff := cmp.Diff(want, got.Object["spec"].(map[string]any)["arguments"]); diff != "" {
				t.Errorf("parameter %q is %q (-want +got):\n%s", name, value, diff)
			}
			if got.GetNamespace() != "data-platform" || got.GetKind() != "SparkApplication" {
				t.Errorf("parameter %q is %q: it became the %s of %s", name, value, got.GetKind(), got.GetNamespace())
			}
		}
	}
}

func fill(text, value string) string { return strings.ReplaceAll(text, "%s", value) }

// TestLiteralsArrive: texts that only look like references reach the job.
func TestLiteralsArrive(t *testing.T) {
	args := []string{"{{ user.name }}", "{{.Name}}", "{{- range . }}", "{{unclosed", "}}", "{{{x}}}", "{{}}", "{%{{y}}%}", "{{ user.{{z}} }}",
		"{{ds}} on {{workflow.name}} in {{workflow.creationTimestamp.Y}}", "{{{workflow.name}}}", "{{ workflow.name }}"}
	want := append([]string(nil), args...)
	want[9] = "{{ds}} on daily-0a1b2c3d in 2026"
	want[10] = "{daily-0a1b2c3d}"
	want[11] = "daily-0a1b2c3d"
	got := object(t, executed(t, find(t, built(t, args...), "extract"), globals("x")).Resource.Manifest)
	arrived, _, _ := unstructured.NestedStringSlice(got.Object, "spec", "arguments")
	if diff := cmp.Diff(want, arrived); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got.GetName() != "daily-0a1b2c3d-extract" || got.GetLabels()["workflows.argoproj.io/workflow"] != "daily-0a1b2c3d" {
		t.Errorf("it is %q with labels %v", got.GetName(), got.GetLabels())
	}
	owner := got.GetOwnerReferences()[0]
	if owner.Name != "daily-0a1b2c3d" || owner.UID != "6b7e-11" || owner.Kind != "Workflow" {
		t.Errorf("its owner is %v", owner)
	}
}

// TestWhyNotAsText shows the two attacks that the rendering is there for, so
// that it is known when Argo no longer needs it.
func TestWhyNotAsText(t *testing.T) {
	naive := func(manifest string) *wfv1.Template {
		return &wfv1.Template{Resource: &wfv1.ResourceTemplate{Action: "apply", Manifest: manifest}}
	}
	got := executed(t, naive(`{"kind": "A", "x": "{{workflow.parameters.date}}"}`), globals(`", "kind": "B`)).Resource.Manifest
	if want := `{"kind": "A", "x": "", "kind": "B"}`; got != want {
		t.Errorf("a quoted reference gives %s", got)
	}
	got = executed(t, naive(`{"x": {{=toJson(workflow.parameters.date)}}}`), globals("{{workflow.parameters.secret}}")).Resource.Manifest
	if want := `{"x": "S3CRET"}`; got != want {
		t.Errorf("an expression without the escaping gives %s", got)
	}
}

// TestCleanUp: the exit handler runs for every status but the good one.
func TestCleanUp(t *testing.T) {
	got := executed(t, find(t, built(t), "delete-sparkapplication"), globals("x")).Resource
	want := []string{"SparkApplication.v1beta2.sparkoperator.k8s.io", "--selector=workflows.argoproj.io/workflow=daily-0a1b2c3d", "--namespace=data-platform", "--wait=false"}
	if diff := cmp.Diff(want, got.Flags); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestRetryExpressions: a pod is replaced when it was lost, and left alone when
// the job has spoken or the task's time is over.
func TestRetryExpressions(t *testing.T) {
	w := built(t)
	tool := &workflow.Template{Name: "a", ServiceAccount: "b", Tasks: []*workflow.Task{{Name: "tool", Step: workflow.Container{Image: "a:1", Command: []string{"a"}}}}}
	strict, err := tool.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	tool.Retry.Failures = true
	loose, err := tool.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	const deadline = "Pod was active on the node longer than the specified deadline"
	for _, tc := range []struct {
		tmpl                  *wfv1.Template
		status, code, message string
		want                  bool
	}{
		{find(t, w, "extract"), "Error", "-1", "pod deleted", true},
		{find(t, w, "extract"), "Failed", "-1", "The node was low on resource: memory.", true},
		{find(t, w, "extract"), "Failed", "-1", "Pod was terminated in response to imminent node shutdown.", true},
		{find(t, w, "extract"), "Failed", "64", "main: Error (exit code 64): context canceled", true},
		{find(t, w, "extract"), "Failed", "64", "main: Error (exit code 64): failure condition '{status.applicationState.state == [FAILED]}' evaluated true", false},
		{find(t, w, "extract"), "Failed", "64", "main: Error (exit code 64): The resource has been deleted while its status was still being checked.", false},
		{find(t, w, "extract"), "Failed", "-1", deadline, false},
		{find(t, strict, "tool"), "Error", "-1", "pod deleted", true},
		{find(t, strict, "tool"), "Failed", "-1", "The node was low on resource: memory.", true},
		{find(t, strict, "tool"), "Failed", "143", "main: Error (exit code 143)", true},
		{find(t, strict, "tool"), "Failed", "1", "main: Error (exit code 1)", false},
		{find(t, strict, "tool"), "Failed", "137", "main: OOMKilled (exit code 137)", false},
		{find(t, strict, "tool"), "Failed", "137", deadline, false},
		{find(t, loose, "tool"), "Failed", "1", "main: Error (exit code 1)", true},
		{find(t, loose, "tool"), "Failed", "137", "main: OOMKilled (exit code 137)", true},
		{find(t, loose, "tool"), "Failed", "137", deadline, false},
	} {
		scope := env.GetFuncMap(map[string]any{"retries": "0", "lastRetry.exitCode": tc.code, "lastRetry.status": tc.status, "lastRetry.duration": "1", "lastRetry.message": tc.message})
		got, err := argoexpr.EvalBool(tc.tmpl.RetryStrategy.Expression, scope)
		if err != nil || got != tc.want {
			t.Errorf("%s: %q is retried: %v, %v", tc.tmpl.Name, tc.message, got, err)
		}
	}
}

// TestCleanUpCondition evaluates "when" with the controller's library.
func TestCleanUpCondition(t *testing.T) {
	when := find(t, built(t), "clean-up").Steps[0].Steps[0].When
	for status, want := range map[string]bool{"Succeeded": false, "Failed": true, "Error": true} {
		expression, err := govaluate.NewEvaluableExpression(strings.ReplaceAll(when, "{{workflow.status}}", status))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := expression.Evaluate(nil); err != nil || got != want {
			t.Errorf("after %s: %v, %v", status, got, err)
		}
	}
}
