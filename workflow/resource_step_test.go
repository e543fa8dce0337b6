package workflow_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace/workflow"
)

// TestPatchesWork: the strategy is one that the API server takes.
func TestPatchesWork(t *testing.T) {
	for name, tc := range map[string]struct {
		step workflow.Resource
		want string
	}{
		"object of Kubernetes":   {patched(configMap("a"), ""), "strategic"},
		"custom resource":        {patched(custom(), ""), "merge"},
		"as it is said":          {patched(configMap("a"), workflow.Merge), "merge"},
		"as Base says":           {workflow.Resource{Action: workflow.Patch, Object: configMap("a"), Base: wfv1.ResourceTemplate{MergeStrategy: "merge"}}, "merge"},
		"text of Kubernetes":     {workflow.Resource{Action: workflow.Patch, Manifest: "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}}"}, "strategic"},
		"text without a kind":    {workflow.Resource{Action: workflow.Patch, Manifest: "{spec: {a: b}}", Flags: []string{"pod", "a"}}, "merge"},
		"list of operations":     {workflow.Resource{Action: workflow.Patch, Manifest: "[{op: remove, path: /a}]", Flags: []string{"pod", "a"}}, "json"},
		"artifact":               {workflow.Resource{Action: workflow.Patch, From: "a"}, "merge"},
		"known at run time only": {workflow.Resource{Action: workflow.Patch, Manifest: " {{inputs.parameters.patch}} "}, "merge"},
	} {
		t.Run(name, func(t *testing.T) {
			p := taking(tc.step, "patch")
			p.Entrypoint.Inputs.Artifacts = []workflow.Artifact{{Name: "a", Path: "/a"}}
			w, err := p.WorkflowTemplate()
			if err != nil {
				t.Fatal(err)
			}
			if got := w.GetTemplateByName("step").Resource.MergeStrategy; got != tc.want {
				t.Errorf("%q, not %q", got, tc.want)
			}
		})
	}
}

// TestGroupsOfKubernetes: every group of k8s.io/api can be patched
// strategically.
func TestGroupsOfKubernetes(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "k8s.io/api").Output()
	if err != nil {
		t.Fatalf("the module isn't available: %v", err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "*", "v*", "register.go"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d groups: %v", len(files), err)
	}
	name := regexp.MustCompile(`const GroupName = "([^"]*)"`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		group := name.FindSubmatch(text)
		if group == nil {
			continue
		}
		apiVersion := strings.TrimPrefix(string(group[1])+"/v1", "/")
		tmpl, err := stepped(patched(&unstructured.Unstructured{Object: map[string]any{
			"apiVersion": apiVersion, "kind": "A", "metadata": map[string]any{"name": "a"}}}, ""))
		if err != nil {
			t.Fatal(err)
		}
		if got := tmpl.Resource.MergeStrategy; got != "strategic" {
			t.Errorf("%s: %q", apiVersion, got)
		}
	}
}

// TestOwnedResources: an object has its owner written out, and a text is left
// to Argo.
func TestOwnedResources(t *testing.T) {
	tmpl, err := stepped(workflow.Resource{Action: workflow.Apply, Object: configMap("a"), Owned: true})
	if err != nil {
		t.Fatal(err)
	}
	w := &wfv1.Workflow{Spec: wfv1.WorkflowSpec{Templates: []wfv1.Template{*tmpl}}}
	const want = `{"apiVersion":"v1","data":{"count":"{{=replace(toJson(workflow.parameters.count), \"{\", \"\\\\u007b\")}}"},"kind":"ConfigMap",` +
		`"metadata":{"name":"a","ownerReferences":[{"apiVersion":"argoproj.io/v1alpha1","controller":true,"kind":"Workflow","name":"{{workflow.name}}","uid":"{{workflow.uid}}"}]}}`
	if diff := cmp.Diff(want, string(workflow.Embedded(w)[0].JSON)); diff != "" || tmpl.Resource.SetOwnerReference {
		t.Errorf("setOwnerReference %t, -want +got:\n%s", tmpl.Resource.SetOwnerReference, diff)
	}
	tmpl, err = stepped(workflow.Resource{Action: workflow.Create, Manifest: "kind: A\nmetadata: {name: a}", Owned: true})
	if err != nil {
		t.Fatal(err)
	}
	if !tmpl.Resource.SetOwnerReference {
		t.Error("nobody owns the object of a text")
	}
}

// TestResourcesThatWork: what looks like a mistake and is none.
func TestResourcesThatWork(t *testing.T) {
	for name, step := range map[string]workflow.Resource{
		"reference in a condition":  {Action: workflow.Get, Object: configMap("a"), Succeeded: "status.phase == {{inputs.parameters.phase}}", Failed: "status.{{ inputs.parameters.phase }} in (a, {{=upper(inputs.parameters.phase)}})"},
		"created in another room":   {Action: workflow.Create, Object: elsewhere()},
		"generated name":            {Action: workflow.Create, Object: generated()},
		"large object":              {Action: workflow.Create, Object: configMap(strings.Repeat("x", 300<<10))},
		"manifest of one reference": {Action: workflow.Create, Manifest: "{{inputs.parameters.manifest}}"},
		"selected by flags":         {Action: workflow.Get, Flags: []string{"pods", "--selector=a=b"}},
		"action of Base":            {Object: configMap("a"), Base: wfv1.ResourceTemplate{Action: "create"}},
		"manifest of Base":          {Action: workflow.Create, Base: wfv1.ResourceTemplate{Manifest: "kind: A\nmetadata: {name: a}"}},
	} {
		if _, err := taking(step, "phase", "manifest").WorkflowTemplate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
