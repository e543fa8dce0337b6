package workflow_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/workflow"
)

func manifests(texts ...string) *wfv1.WorkflowTemplate {
	w := &wfv1.WorkflowTemplate{}
	for _, text := range texts {
		w.Spec.Templates = append(w.Spec.Templates, wfv1.Template{Resource: &wfv1.ResourceTemplate{Action: "create", Manifest: text}})
	}
	return w
}

func TestEmbedded(t *testing.T) {
	for name, tc := range map[string]struct{ manifest, want string }{
		"quoted":       {"a: \"x{{inputs.parameters.b}}y\"", `{"a":"x{{inputs.parameters.b}}y"}`},
		"bare":         {"a: {{inputs.parameters.b}}", `{"a":"{{inputs.parameters.b}}"}`},
		"as a key":     {"{{inputs.parameters.b}}: 1", `{"{{inputs.parameters.b}}":1}`},
		"expression":   {`{"a": {{=toJson("x")}}}`, `{"a":"{{=toJson(\"x\")}}"}`},
		"in a block":   {"a: |\n  x {{b}}\n  y\n", `{"a":"x {{b}}\ny\n"}`},
		"unclosed":     {`{"a": "{{b"}`, `{"a":"{{b"}`},
		"word of ours": {"a: MILLRACE0Z {{b}}", `{"a":"MILLRACE0Z {{b}}"}`},
		"eleven":       {"a: '" + strings.Repeat("{{b}}", 11) + "'", `{"a":"` + strings.Repeat("{{b}}", 11) + `"}`},
		"large number": {"a: 9007199254740993", `{"a":9007199254740993}`},
	} {
		t.Run(name, func(t *testing.T) {
			got := workflow.Embedded(manifests(tc.manifest))
			if len(got) != 1 || got[0].Err != nil || got[0].Path != "spec.templates[0].resource.manifest" || got[0].Action != "create" {
				t.Fatalf("%+v", got)
			}
			if diff := cmp.Diff(tc.want, string(got[0].JSON)); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
	for name, manifest := range map[string]string{
		"not YAML": "a: [", "a key twice": "a: 1\na: 2", "two documents": "a: 1\n---\nb: 1", "empty": "# nothing\n", "a tab": "a:\n\t- b", "NUL": "a: \"\x00\"",
	} {
		if got := workflow.Embedded(manifests(manifest)); len(got) != 1 || got[0].Err == nil || got[0].JSON != nil {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestEmbeddedOfOurOwn: the object of a job can be decoded from the template.
func TestEmbeddedOfOurOwn(t *testing.T) {
	w, err := everything().WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	got := workflow.Embedded(w)
	if len(got) != 2 || got[0].Err != nil || got[1].Err != nil {
		t.Fatalf("%+v", got)
	}
	var o struct {
		Kind     string
		Metadata struct{ Name string }
		Spec     struct{ MainClass string }
	}
	if err := json.Unmarshal(got[0].JSON, &o); err != nil {
		t.Fatal(err)
	}
	if o.Kind != "SparkApplication" || o.Metadata.Name != "{{workflow.name}}-compact" || !strings.HasPrefix(o.Spec.MainClass, "{{=") {
		t.Errorf("%+v", o)
	}
}

// TestEmbeddedEverywhere: inline templates and schedules hold manifests too.
func TestEmbeddedEverywhere(t *testing.T) {
	inline := &wfv1.Template{Resource: &wfv1.ResourceTemplate{Manifest: "a: 1"}}
	spec := wfv1.WorkflowSpec{Templates: []wfv1.Template{
		{DAG: &wfv1.DAGTemplate{Tasks: []wfv1.DAGTask{{Inline: inline}}}},
		{Steps: []wfv1.ParallelSteps{{Steps: []wfv1.WorkflowStep{{Inline: inline}}}}},
		{Resource: &wfv1.ResourceTemplate{Action: "delete"}},
	}}
	var got []string
	for _, m := range workflow.Embedded(&wfv1.CronWorkflow{Spec: wfv1.CronWorkflowSpec{WorkflowSpec: spec}}) {
		got = append(got, m.Path)
	}
	want := []string{"spec.workflowSpec.templates[0].dag.tasks[0].inline.resource.manifest", "spec.workflowSpec.templates[1].steps[0][0].inline.resource.manifest"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := workflow.Embedded(&corev1.ConfigMap{}); got != nil {
		t.Errorf("of a ConfigMap: %v", got)
	}
}
