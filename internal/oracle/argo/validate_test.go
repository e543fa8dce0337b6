package argo_test

import (
	"errors"
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

type clusterTemplates struct{}

func (clusterTemplates) Get(string) (*wfv1.ClusterWorkflowTemplate, error) {
	return nil, errors.New("no ClusterWorkflowTemplate")
}

// TestGoldens has Argo validate everything that package workflow keeps as an
// example of its output.
func TestGoldens(t *testing.T) {
	const dir = "../../../workflow/testdata"
	paths, err := filepath.Glob(filepath.Join(dir, "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no golden files in %s: %v", dir, err)
	}
	// What one of them refers to and no file has.
	shared := &wfv1.WorkflowTemplate{ObjectMeta: metav1.ObjectMeta{Name: "shared"}, Spec: wfv1.WorkflowSpec{
		Templates: []wfv1.Template{{Name: "x", Container: &corev1.Container{Image: "x", Command: []string{"x"}}}}}}
	known := templates{shared.Name: shared}
	var runs []*wfv1.Workflow
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for document := range strings.SplitSeq(string(text), "\n---\n") {
			if strings.Contains(document, "\nkind: WorkflowTemplate\n") {
				var w wfv1.WorkflowTemplate
				decode(t, path, document, &w)
				known[w.Name] = &w
				if err := validate.ValidateWorkflowTemplate(known, clusterTemplates{}, &w, nil, validate.ValidateOpts{Lint: true}); err != nil {
					t.Errorf("%s: %v", path, err)
				}
				continue
			}
			var w wfv1.Workflow
			decode(t, path, document, &w)
			runs = append(runs, &w)
		}
	}
	for _, w := range runs {
		if err := validate.ValidateWorkflow(known, clusterTemplates{}, w, nil, validate.ValidateOpts{Submit: true}); err != nil {
			t.Errorf("%s: %v", w.Name, err)
		}
	}
	if len(known) == 1 || len(runs) == 0 {
		t.Errorf("validated %d templates and %d runs", len(known), len(runs))
	}
}

// TestValidationRefuses makes sure that the validation above looks.
func TestValidationRefuses(t *testing.T) {
	w := built(t, "x")
	w.Spec.Templates[0].DAG.Tasks[0].Depends = "nobody.Succeeded"
	if err := validate.ValidateWorkflowTemplate(templates{}, clusterTemplates{}, w, nil, validate.ValidateOpts{Lint: true}); err == nil {
		t.Error("an edge to no task is valid")
	}
}

func decode(t *testing.T, path, document string, into any) {
	t.Helper()
	if err := yaml.UnmarshalStrict([]byte(document), into); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}
