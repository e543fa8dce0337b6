package argo_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"

	"github.com/millrace/millrace/internal/argo"
)

// examples returns the workflows among the examples of Argo's own module, by
// file and number of the document.
func examples(t *testing.T) map[string]argo.Workflow {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-workflows/v3").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(strings.TrimSpace(string(dir)), "examples")
	out := make(map[string]argo.Workflow)
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(root, path)
		docs := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
		for {
			var raw json.RawMessage
			if err := docs.Decode(&raw); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			if w, ok := workflowOf(t, raw); ok {
				out[name+"#"+w.Kind+"/"+w.Name] = w
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// workflowOf decodes an object of Argo's.
func workflowOf(t *testing.T, text []byte) (argo.Workflow, bool) {
	t.Helper()
	var head metav1.PartialObjectMetadata
	if err := json.Unmarshal(text, &head); err != nil {
		return argo.Workflow{}, false
	}
	w := argo.Workflow{Kind: head.Kind, Name: head.Name + head.GenerateName, Namespace: head.Namespace, Path: "spec"}
	var into any
	switch w.Kind {
	case "Workflow":
		o := new(wfv1.Workflow)
		into, w.Spec = o, &o.Spec
	case "WorkflowTemplate":
		o := new(wfv1.WorkflowTemplate)
		into, w.Spec = o, &o.Spec
	case "ClusterWorkflowTemplate":
		o := new(wfv1.ClusterWorkflowTemplate)
		into, w.Spec = o, &o.Spec
	case "CronWorkflow":
		o := new(wfv1.CronWorkflow)
		into, w.Spec, w.Cron, w.Path = o, &o.Spec.WorkflowSpec, &o.Spec, "spec.workflowSpec"
	default:
		return w, false
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s %s: %v", w.Kind, w.Name, err)
	}
	return w, true
}

// slips are what is wrong with Argo's examples: steps hand in an argument that
// their template doesn't declare, and that so goes nowhere.
var slips = map[string]int{
	"cluster-workflow-template/mixed-cluster-namespaced-wftmpl-steps.yaml": 1,
	"workflow-template/steps.yaml":                                         1,
	"synchronization-db-mutex-tmpl-level.yaml":                             2,
	"synchronization-db-tmpl-level.yaml":                                   1,
	"synchronization-mutex-tmpl-level-legacy.yaml":                         2,
	"synchronization-mutex-tmpl-level.yaml":                                2,
	"synchronization-tmpl-level-legacy.yaml":                               1,
	"synchronization-tmpl-level.yaml":                                      1,
}

// TestExamples: what Argo runs has no problems, but for those that it really has.
func TestExamples(t *testing.T) {
	const bucket = "it is not set: Argo then takes the place of the artifact repository, not \"my-bucket\""
	want := map[string][]string{
		// The bucket has no effect. In Argo's own tests it is the repository's too.
		"data-transformations.yaml": {argo.RuleVolume + " spec.templates[1].data.source.artifactPaths.s3.endpoint: " + bucket},
	}
	all := examples(t)
	if len(all) != 216 {
		t.Fatalf("%d examples", len(all))
	}
	templates := func(kind schema.GroupKind, _, name string) (*wfv1.WorkflowSpec, bool) {
		for _, w := range all {
			if w.Kind == kind.Kind && w.Name == name {
				return w.Spec, true
			}
		}
		return nil, false
	}
	got, slipped := make(map[string][]string), make(map[string]int)
	for name, w := range all {
		file, _, _ := strings.Cut(name, "#")
		w.Templates = templates
		for _, p := range argo.Check(w) {
			if slips[file] > 0 && p.Rule == argo.RuleArguments && strings.Contains(p.Detail, "has no input parameter") {
				slipped[file]++
				continue
			}
			got[file] = append(got[file], p.Rule+" "+p.Path+": "+p.Detail)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if diff := cmp.Diff(slips, slipped); diff != "" {
		t.Errorf("arguments that are not declared: -want +got:\n%s", diff)
	}
}
