package argo_test

import (
	"bufio"
	"bytes"
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
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/argo"
)

// document is one object of Argo's examples.
type document struct {
	file string
	argo.Workflow
}

// read decodes one YAML document as the kind that it says it is. Objects of
// other groups are none.
func read(data []byte) (*argo.Workflow, error) {
	var head struct {
		metav1.TypeMeta   `json:",inline"`
		metav1.ObjectMeta `json:"metadata"`
	}
	if err := yaml.Unmarshal(data, &head); err != nil || !strings.HasPrefix(head.APIVersion, argo.Group+"/") {
		return nil, err
	}
	w := &argo.Workflow{Kind: head.Kind, Name: head.Name, Namespace: head.Namespace, Path: "spec"}
	switch head.Kind {
	case "Workflow":
		var o wfv1.Workflow
		w.Spec = &o.Spec
		return w, yaml.UnmarshalStrict(data, &o)
	case "WorkflowTemplate":
		var o wfv1.WorkflowTemplate
		w.Spec = &o.Spec
		return w, yaml.UnmarshalStrict(data, &o)
	case "ClusterWorkflowTemplate":
		var o wfv1.ClusterWorkflowTemplate
		w.Spec = &o.Spec
		return w, yaml.UnmarshalStrict(data, &o)
	case "CronWorkflow":
		var o wfv1.CronWorkflow
		w.Spec, w.Cron, w.Path = &o.Spec.WorkflowSpec, &o.Spec, "spec.workflowSpec"
		return w, yaml.UnmarshalStrict(data, &o)
	}
	return nil, nil
}

// examples reads Argo's own examples from the module cache.
func examples(t *testing.T) []document {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-workflows/v3").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "examples")
	var all []document
	err = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".yaml") {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, _ := filepath.Rel(dir, path)
		docs := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
		for {
			doc, err := docs.Read()
			if errors.Is(err, io.EOF) {
				return nil
			}
			if err != nil {
				return err
			}
			w, err := read(doc)
			if err != nil {
				t.Errorf("%s: %v", file, err)
			} else if w != nil {
				all = append(all, document{file, *w})
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// slips are what is wrong with Argo's examples, by file: steps hand in an
// argument that their template doesn't declare, and that so goes nowhere; a
// bucket has no endpoint, and so no effect; a template has a capital in its
// name, from the time when pods did not have it in theirs.
var slips = map[string]map[string]int{
	"cluster-workflow-template/mixed-cluster-namespaced-wftmpl-steps.yaml": {argo.RuleExtraArgument: 1},
	"workflow-template/steps.yaml":                                         {argo.RuleExtraArgument: 1},
	"synchronization-db-mutex-tmpl-level.yaml":                             {argo.RuleExtraArgument: 2},
	"synchronization-db-tmpl-level.yaml":                                   {argo.RuleExtraArgument: 1},
	"synchronization-mutex-tmpl-level-legacy.yaml":                         {argo.RuleExtraArgument: 2},
	"synchronization-mutex-tmpl-level.yaml":                                {argo.RuleExtraArgument: 2},
	"synchronization-tmpl-level-legacy.yaml":                               {argo.RuleExtraArgument: 1},
	"synchronization-tmpl-level.yaml":                                      {argo.RuleExtraArgument: 1},
	"template-on-exit.yaml":                                                {argo.RuleName: 1},
	"data-transformations.yaml":                                            {argo.RulePlace: 1},
}

// Argo takes and runs all of its examples, so there is nothing to find but slips.
func TestExamplesOfArgo(t *testing.T) {
	all := examples(t)
	templates := func(kind schema.GroupKind, _, name string) (*wfv1.WorkflowSpec, bool) {
		for _, d := range all {
			if d.Kind == kind.Kind && d.Name == name {
				return d.Spec, true
			}
		}
		return nil, false
	}
	got := map[string]map[string]int{}
	for _, d := range all {
		d.Templates = templates
		for _, p := range argo.Check(d.Workflow) {
			t.Logf("%s: %s %s: %s (%s)", d.file, p.Rule, p.Path, p.Detail, p.Fix)
			if got[d.file] == nil {
				got[d.file] = map[string]int{}
			}
			got[d.file][p.Rule]++
		}
	}
	if diff := cmp.Diff(slips, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if len(all) != 216 {
		t.Errorf("%d documents, want 216", len(all))
	}
}
