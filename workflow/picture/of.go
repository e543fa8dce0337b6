package picture

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
)

// Of returns the picture of a Workflow, WorkflowTemplate,
// ClusterWorkflowTemplate or CronWorkflow of argoproj.io, typed or
// unstructured. It keeps nothing of the object, and changes nothing in it.
//
// It fails for objects of other kinds, for ones that can't be read as what
// they say they are, without a template to begin with, and where the status
// holds compressed nodes that can't be read. What a template refers to and
// isn't there is drawn, with a note.
func Of(o millrace.Object) (*Graph, error) {
	if o == nil || reflect.ValueOf(o).Kind() == reflect.Pointer && reflect.ValueOf(o).IsNil() {
		return nil, errors.New("picture: the object is nil")
	}
	o, err := typed(o)
	if err != nil {
		return nil, fmt.Errorf("picture %s: %w", millrace.RefOf(o), err)
	}
	g, err := draw(o)
	if err != nil {
		return nil, fmt.Errorf("picture %s: %w", millrace.RefOf(o), err)
	}
	return g, nil
}

// typed returns the object as Argo's struct of its kind.
func typed(o millrace.Object) (millrace.Object, error) {
	u, ok := o.(*unstructured.Unstructured)
	if !ok {
		return o, nil
	}
	var out millrace.Object
	gvk := u.GroupVersionKind()
	switch gvk.Kind + "." + gvk.Group {
	case "Workflow.argoproj.io":
		out = new(wfv1.Workflow)
	case "WorkflowTemplate.argoproj.io":
		out = new(wfv1.WorkflowTemplate)
	case "ClusterWorkflowTemplate.argoproj.io":
		out = new(wfv1.ClusterWorkflowTemplate)
	case "CronWorkflow.argoproj.io":
		out = new(wfv1.CronWorkflow)
	default:
		return o, nil
	}
	data, err := u.MarshalJSON()
	if err != nil {
		return o, err
	}
	if err := json.Unmarshal(data, out); err != nil {
		return o, fmt.Errorf("as %s: %w", gvk.GroupVersion(), err)
	}
	return out, nil
}

// draw draws a typed object.
func draw(o millrace.Object) (*Graph, error) {
	d := &drawing{g: &Graph{Title: oneLine(title(o), mostName)}, ids: ids{}, made: make(map[*wfv1.Template]string)}
	switch o := o.(type) {
	case *wfv1.Workflow:
		return d.run(o)
	case *wfv1.WorkflowTemplate:
		d.use(&o.Spec)
	case *wfv1.ClusterWorkflowTemplate:
		d.use(&o.Spec)
	case *wfv1.CronWorkflow:
		for _, s := range append(o.Spec.Schedules, o.Spec.Schedule) {
			if s != "" {
				d.note("schedule " + s)
			}
		}
		if o.Spec.Suspend {
			d.note("suspended")
		}
		d.use(&o.Spec.WorkflowSpec)
	default:
		return nil, errors.New("it is no workflow: use a Workflow, WorkflowTemplate, ClusterWorkflowTemplate or CronWorkflow of argoproj.io")
	}
	return d.g, d.whole()
}

func title(o millrace.Object) string {
	if o.GetName() == "" && o.GetGenerateName() != "" {
		return o.GetGenerateName() + "*"
	}
	return o.GetName()
}

// run draws a workflow, with its status if there is one.
func (d *drawing) run(w *wfv1.Workflow) (*Graph, error) {
	d.use(&w.Spec)
	if stored := w.Status.StoredWorkflowSpec; stored != nil && w.Spec.WorkflowTemplateRef != nil {
		d.use(stored)
		d.spec.WorkflowTemplateRef = nil
		if w.Spec.Entrypoint != "" {
			d.spec.Entrypoint = w.Spec.Entrypoint
		}
	}
	if err := d.status(w); err != nil {
		return nil, err
	}
	return d.g, d.whole()
}

// use takes the templates of a spec.
func (d *drawing) use(s *wfv1.WorkflowSpec) {
	shallow := *s
	d.spec = &shallow
	d.byName = make(map[string]*wfv1.Template, len(s.Templates))
	for i := range s.Templates {
		if t := &s.Templates[i]; d.byName[t.Name] == nil {
			d.byName[t.Name] = t
		}
	}
}

func (d *drawing) note(s string) {
	d.g.Notes = append(d.g.Notes, clip(s, 2*mostMessage))
}

// whole draws everything that the workflow runs.
func (d *drawing) whole() error {
	s := d.spec
	root := call{name: s.Entrypoint, template: s.Entrypoint}
	switch ref := s.WorkflowTemplateRef; {
	case ref != nil:
		root.ref = &wfv1.TemplateRef{Name: ref.Name, Template: s.Entrypoint, ClusterScope: ref.ClusterScope}
		if root.name == "" {
			root.name = ref.Name
		}
	case s.Entrypoint == "":
		return d.collection()
	case d.byName[s.Entrypoint] == nil:
		return fmt.Errorf("spec.entrypoint: there is no template %q: name one of spec.templates", s.Entrypoint)
	}
	at := place{node: d.name}
	after := d.afterAll()
	if t := d.byName[s.Entrypoint]; len(after) == 0 && t != nil && composite(t) && len(d.retries[d.name]) == 0 {
		d.inside(t, at.under(t, "", "", d.name))
		return nil
	}
	main := d.one(root, at)
	for _, c := range after {
		d.edge(Edge{From: main, To: d.one(c, place{node: d.name + c.suffix}), Dashed: true})
	}
	return nil
}

// afterAll are the exit handler and the hooks of the workflow itself.
func (d *drawing) afterAll() []call {
	var out []call
	hooks := d.spec.Hooks
	for _, c := range hookCalls("", d.spec.OnExit, hooks) {
		if c.suffix == exitSuffix {
			c.name = "exit handler"
		}
		out = append(out, c)
	}
	return out
}

// collection draws templates that others use: each that no other one calls.
func (d *drawing) collection() error {
	called := make(map[string]bool)
	for _, t := range d.spec.Templates {
		for _, c := range calls(&t) {
			if c.ref == nil && c.template != t.Name {
				called[c.template] = true
			}
		}
	}
	drawn := false
	for pass := 0; pass < 2 && !drawn; pass++ {
		for i := range d.spec.Templates {
			// In the second pass they all call each other.
			if t := &d.spec.Templates[i]; pass > 0 || !called[t.Name] {
				d.one(call{name: t.Name, template: t.Name}, place{})
				drawn = true
			}
		}
	}
	if !drawn {
		return errors.New("spec.templates: there is nothing to draw: add a template, or a workflowTemplateRef")
	}
	if strings.TrimSpace(d.g.Title) == "" {
		d.g.Title = "templates"
	}
	return nil
}
