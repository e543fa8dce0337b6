package picture_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow/picture"
)

// examples returns the workflows of Argo's own examples, by file and name.
func examples(t testing.TB) map[string]millrace.Object {
	t.Helper()
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-workflows/v3").Output()
	if err != nil {
		t.Fatal(err)
	}
	out := make(map[string]millrace.Object)
	for _, pattern := range []string{"*.yaml", "*/*.yaml"} {
		files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), "examples", pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			bundle, err := millrace.Load(file)
			if bundle == nil {
				t.Errorf("%s: %v", file, err)
				continue
			}
			for i, o := range bundle.Objects() {
				gvk := o.GetObjectKind().GroupVersionKind()
				if gvk.Group == "argoproj.io" && strings.Contains(gvk.Kind, "Workflow") && !strings.Contains(gvk.Kind, "Binding") {
					out[fmt.Sprintf("%s#%d", filepath.Base(file), i)] = o
				}
			}
		}
	}
	return out
}

// spec reads the spec of a workflow a second way.
func spec(t *testing.T, o millrace.Object) *wfv1.WorkflowSpec {
	t.Helper()
	u, ok := o.(*unstructured.Unstructured)
	if !ok {
		t.Fatalf("%T", o)
	}
	tree, _, _ := unstructured.NestedMap(u.Object, "spec")
	if u.GetKind() == "CronWorkflow" {
		tree, _, _ = unstructured.NestedMap(u.Object, "spec", "workflowSpec")
	}
	var out wfv1.WorkflowSpec
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(tree, &out); err != nil {
		t.Fatal(err)
	}
	return &out
}

// expected counts the names that a picture shows: of every task and step that
// is reached, once for each way to it.
type expected struct {
	templates map[string]*wfv1.Template
	names     map[string]int
	open      []string
}

func (e *expected) run(name string, inline *wfv1.Template) {
	t := inline
	if t == nil {
		t = e.templates[name]
	}
	if t == nil || slices.Contains(e.open, name) {
		return
	}
	if inline == nil {
		e.open = append(e.open, name)
		defer func() { e.open = e.open[:len(e.open)-1] }()
	}
	hooks := func(hooks wfv1.LifecycleHooks, onExit string) {
		for key, hook := range hooks {
			if key != "exit" || onExit == "" {
				e.run(hook.Template, nil)
			}
		}
		e.run(onExit, nil)
	}
	if t.DAG != nil {
		for _, task := range t.DAG.Tasks {
			e.names[task.Name]++
			if task.TemplateRef == nil {
				e.run(task.Template, task.Inline)
			}
			hooks(task.Hooks, task.OnExit)
		}
	}
	for _, group := range t.Steps {
		for _, step := range group.Steps {
			e.names[step.Name]++
			if step.TemplateRef == nil {
				e.run(step.Template, step.Inline)
			}
			hooks(step.Hooks, step.OnExit)
		}
	}
}

// TestUpstream: every task of every upstream example is in its picture, once
// for each way to it, in all three formats.
func TestUpstream(t *testing.T) {
	all := examples(t)
	if len(all) < 200 {
		t.Fatalf("there are only %d examples", len(all))
	}
	for name, o := range all {
		g, err := picture.Of(o)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		s := spec(t, o)
		e := &expected{templates: make(map[string]*wfv1.Template), names: make(map[string]int)}
		for i := range s.Templates {
			e.templates[s.Templates[i].Name] = &s.Templates[i]
		}
		if s.Entrypoint == "" {
			continue // other objects use its templates
		}
		e.run(s.Entrypoint, nil)
		e.run(s.OnExit, nil)
		for key, hook := range s.Hooks {
			if key != "exit" || s.OnExit == "" {
				e.run(hook.Template, nil)
			}
		}
		got := make(map[string]int)
		for _, n := range g.Nodes {
			got[n.Name]++
		}
		for _, o := range g.Groups {
			got[o.Name]++
		}
		for task, n := range e.names {
			if got[task] != n && task != s.Entrypoint { // which may be the name of the whole
				t.Errorf("%s: %s is drawn %d times, want %d", name, task, got[task], n)
			}
		}
		once(t, name, g)
		t.Run(name, func(t *testing.T) { wellDrawn(t, g) })
	}
}

// once: each format declares each node and group of the graph once.
func once(t *testing.T, name string, g *picture.Graph) {
	t.Helper()
	text := formats(g)
	for _, n := range g.Nodes {
		for format, declared := range map[string]string{"mmd": n.ID + `["`, "dot": "  " + n.ID + " [label", "svg": `<g id="` + n.ID + `">`} {
			if bytes.Count(text[format], []byte(declared)) != 1 {
				t.Errorf("%s: %s doesn't hold %s once", name, format, declared)
			}
		}
	}
	for _, o := range g.Groups {
		for format, declared := range map[string]string{"mmd": "subgraph " + o.ID + ` ["`, "dot": "subgraph cluster_" + o.ID + " {", "svg": `<g id="` + o.ID + `">`} {
			if bytes.Count(text[format], []byte(declared)) != 1 {
				t.Errorf("%s: %s doesn't hold %s once", name, format, declared)
			}
		}
	}
}
