package argo

import (
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Group is the API group of Argo's kinds.
const Group = "argoproj.io"

// Workflow is what is checked: the spec of a Workflow, WorkflowTemplate,
// ClusterWorkflowTemplate or CronWorkflow.
type Workflow struct {
	// Kind is the kind of the object.
	Kind string
	// Name is the object's name, Namespace where it lives; empty if unknown.
	Name, Namespace string
	// Spec is the workflow. Path is where it stands in the object: "spec", or
	// "spec.workflowSpec".
	Spec *wfv1.WorkflowSpec
	Path string
	// Cron is the whole spec of a CronWorkflow, otherwise nil.
	Cron *wfv1.CronWorkflowSpec
	// Templates returns the spec of another WorkflowTemplate or
	// ClusterWorkflowTemplate. What it doesn't know is not judged. Nil knows
	// none.
	Templates func(kind schema.GroupKind, namespace, name string) (*wfv1.WorkflowSpec, bool)
}

// Problem is one thing that is wrong with a workflow.
type Problem struct {
	// Rule is one of the Rule… constants.
	Rule string
	// Path is where it stands in the object: "spec.templates[2].dag.tasks[0].depends".
	Path string
	// Detail says what is wrong; Fix what to do, where the rule's own fix
	// doesn't say it.
	Detail, Fix string
}

// Check returns everything that is wrong with a workflow, in the order of its
// fields. It changes nothing, and may be called concurrently.
func Check(w Workflow) []Problem {
	c := &checker{Workflow: w, indexes: make(map[*wfv1.WorkflowSpec]map[string]*wfv1.Template)}
	c.names()  // scope*.go
	c.values() // value*.go
	return c.found
}

// checker is one call of Check.
type checker struct {
	Workflow
	found []Problem
	// indexes are the templates of each spec by name, as far as they were asked
	// for.
	indexes map[*wfv1.WorkflowSpec]map[string]*wfv1.Template
}

// report adds a problem.
func (c *checker) report(rule, path, fix, format string, args ...any) {
	c.found = append(c.found, Problem{Rule: rule, Path: path, Detail: fmt.Sprintf(format, args...), Fix: fix})
}

// at writes the index of a list's item.
func at(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }

// templates calls visit for every template with its path: listed, inline in
// tasks and steps, and the defaults, which are one too.
func (c *checker) templates(visit func(path string, t *wfv1.Template)) {
	Templates(c.Spec, c.Path, visit)
}

// maxInline: Argo allows one level of inline templates.
const maxInline = 2

// Templates calls visit for every template of a spec with its path: listed,
// inline in tasks and steps, and the defaults, which are one too.
func Templates(s *wfv1.WorkflowSpec, path string, visit func(path string, t *wfv1.Template)) {
	for i := range s.Templates {
		Template(at(path+".templates", i), &s.Templates[i], visit)
	}
	if s.TemplateDefaults != nil {
		visit(path+".templateDefaults", s.TemplateDefaults)
	}
}

// Template calls visit for a template, and for those inline in its tasks and
// steps.
func Template(path string, t *wfv1.Template, visit func(path string, t *wfv1.Template)) {
	template(path, t, 0, visit)
}

func template(path string, t *wfv1.Template, depth int, visit func(string, *wfv1.Template)) {
	visit(path, t)
	if depth == maxInline {
		return
	}
	if t.DAG != nil {
		for i := range t.DAG.Tasks {
			if inline := t.DAG.Tasks[i].Inline; inline != nil {
				template(at(path+".dag.tasks", i)+".inline", inline, depth+1, visit)
			}
		}
	}
	for i := range t.Steps {
		for j := range t.Steps[i].Steps {
			if inline := t.Steps[i].Steps[j].Inline; inline != nil {
				template(at(at(path+".steps", i), j)+".inline", inline, depth+1, visit)
			}
		}
	}
}
