package argo_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/workflow/validate"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// templates are the WorkflowTemplates that the validation finds.
type templates map[string]*wfv1.WorkflowTemplate

func (t templates) Get(name string) (*wfv1.WorkflowTemplate, error) {
	if out, ok := t[name]; ok {
		return out, nil
	}
	return nil, fmt.Errorf("no WorkflowTemplate %q", name)
}

// clusterTemplates are the ClusterWorkflowTemplates that it finds.
type clusterTemplates map[string]*wfv1.ClusterWorkflowTemplate

func (t clusterTemplates) Get(name string) (*wfv1.ClusterWorkflowTemplate, error) {
	if out, ok := t[name]; ok {
		return out, nil
	}
	return nil, fmt.Errorf("no ClusterWorkflowTemplate %q", name)
}

// TestGoldens has Argo validate everything that package workflow keeps as an
// example of its output.
func TestGoldens(t *testing.T) {
	const dir = "../../../workflow/testdata"
	paths, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files in %s: %v", dir, err)
	}
	// What some of them refer to and no file has.
	shared := wfv1.WorkflowSpec{Templates: []wfv1.Template{{Name: "x", Container: &corev1.Container{Image: "x", Command: []string{"x"}}}}}
	known := templates{"shared": {ObjectMeta: metav1.ObjectMeta{Name: "shared"}, Spec: shared}}
	everywhere := clusterTemplates{"shared-everywhere": {ObjectMeta: metav1.ObjectMeta{Name: "shared-everywhere"}, Spec: shared}}
	var all []any
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for document := range strings.SplitSeq(string(text), "\n---\n") {
			o := read(t, path, document)
			all = append(all, o)
			switch o := o.(type) {
			case *wfv1.WorkflowTemplate:
				known[o.Name] = o
			case *wfv1.ClusterWorkflowTemplate:
				everywhere[o.Name] = o
			}
		}
	}
	seen := map[string]int{}
	for _, o := range all {
		seen[fmt.Sprintf("%T", o)]++
		var err error
		switch o := o.(type) {
		case *wfv1.WorkflowTemplate:
			err = validate.ValidateWorkflowTemplate(known, everywhere, o, nil, validate.ValidateOpts{Lint: true})
		case *wfv1.ClusterWorkflowTemplate:
			err = validate.ValidateClusterWorkflowTemplate(known, everywhere, o, nil, validate.ValidateOpts{Lint: true})
		case *wfv1.Workflow:
			err = validate.ValidateWorkflow(known, everywhere, o, nil, validate.ValidateOpts{Submit: true})
		case *wfv1.CronWorkflow:
			err = validate.ValidateCronWorkflow(t.Context(), known, everywhere, o, nil)
		}
		if err != nil {
			t.Errorf("%s: %v", o.(metav1.Object).GetName(), err)
		}
	}
	for _, kind := range []string{"WorkflowTemplate", "Workflow", "CronWorkflow"} {
		if seen["*v1alpha1."+kind] == 0 {
			t.Errorf("no %s among %v", kind, seen)
		}
	}
}

// read returns the object of a document.
func read(t *testing.T, path, document string) any {
	t.Helper()
	var head metav1.TypeMeta
	if err := yaml.Unmarshal([]byte(document), &head); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	into, ok := map[string]any{
		"Workflow": new(wfv1.Workflow), "WorkflowTemplate": new(wfv1.WorkflowTemplate),
		"ClusterWorkflowTemplate": new(wfv1.ClusterWorkflowTemplate), "CronWorkflow": new(wfv1.CronWorkflow),
	}[head.Kind]
	if !ok {
		t.Fatalf("%s: what is a %q?", path, head.Kind)
	}
	if err := yaml.UnmarshalStrict([]byte(document), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return into
}

// TestValidationRefuses makes sure that the validation above looks.
func TestValidationRefuses(t *testing.T) {
	w := built(t, "x")
	w.Spec.Templates[0].DAG.Tasks[0].Depends = "nobody.Succeeded"
	if err := validate.ValidateWorkflowTemplate(templates{}, clusterTemplates{}, w, nil, validate.ValidateOpts{Lint: true}); err == nil {
		t.Error("an edge to no task is valid")
	}
}
