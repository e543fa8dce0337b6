package workflow

import (
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// DAG is a step made of tasks, each of which starts when those have ended that
// it waits for.
//
// Rendered as a template with dag.
type DAG struct {
	// Tasks are the tasks, 1 to 200. Required.
	//
	// Rendered as dag.tasks.
	Tasks []*Task
	// Target are the tasks that have to succeed. Empty means those that no
	// other task waits for.
	//
	// Rendered as dag.target.
	Target []*Task
	// FailFast is whether no task starts any more after one has failed. Nil
	// means true.
	//
	// Rendered as dag.failFast.
	// Source: Argo Workflows, walk-through/dag.
	FailFast *bool
}

// Steps is a step made of groups of tasks, which run one group after the
// other; the tasks of a group run at the same time. A task may refer to tasks
// of the groups before its own.
//
// Rendered as a template with steps.
type Steps [][]*Task

// template implements Step.
func (d DAG) template(c *check, field string, t *wfv1.Template) {
	s := c.inside
	l := newTaskList(nil)
	s.tasks = l
	if len(d.Tasks) == 0 {
		c.Required(dot(field, "Tasks"), "add a task")
	}
	for i, task := range d.Tasks {
		l.take(c, at(dot(field, "Tasks"), i), 0, task)
	}
	dag := &wfv1.DAGTemplate{Target: d.target(c, field, l), Tasks: make([]wfv1.DAGTask, 0, len(l.list))}
	if d.FailFast != nil {
		dag.FailFast = new(*d.FailFast)
	}
	for i, task := range l.list {
		terms := c.waits(l, i)
		said := len(l.edges[i])
		inv := s.invoke(i)
		dag.Tasks = append(dag.Tasks, wfv1.DAGTask{
			Name: task.Name, Template: inv.template, TemplateRef: inv.templateRef, Inline: inv.inline,
			Arguments: inv.arguments, Depends: c.depends(l, i, said, terms), When: inv.when,
			WithItems: inv.withItems, WithParam: inv.withParam, WithSequence: inv.withSequence,
			Hooks: inv.hooks,
		})
	}
	c.continued(l)
	c.cycles(l)
	t.DAG = dag
}

func (d DAG) target(c *check, field string, l *taskList) string {
	var names []string
	for i, task := range d.Target {
		if _, ok := l.index[task]; !ok {
			c.Add(ruleUnknown, at(dot(field, "Target"), i), "the task is not in Tasks", "add it there")
			continue
		}
		names = append(names, task.Name)
	}
	return strings.Join(names, " ")
}

// template implements Step.
func (g Steps) template(c *check, field string, t *wfv1.Template) {
	s := c.inside
	l := newTaskList([]int{})
	s.tasks = l
	if len(g) == 0 {
		c.Required(field, "add a group of tasks")
	}
	for i, group := range g {
		if len(group) == 0 {
			c.Required(at(field, i), "add a task to the group, or leave it out")
		}
		for j, task := range group {
			if l.take(c, at(at(field, i), j), i, task) {
				c.inSteps(at(at(field, i), j), task)
			}
		}
	}
	steps := make([]wfv1.ParallelSteps, len(g))
	for i, task := range l.list {
		inv := s.invoke(i)
		step := wfv1.WorkflowStep{
			Name: task.Name, Template: inv.template, TemplateRef: inv.templateRef, Inline: inv.inline,
			Arguments: inv.arguments, When: inv.when,
			WithItems: inv.withItems, WithParam: inv.withParam, WithSequence: inv.withSequence,
			Hooks: inv.hooks,
		}
		if task.ContinueOn != (ContinueOn{}) {
			step.ContinueOn = &wfv1.ContinueOn{Failed: task.ContinueOn.Failed, Error: task.ContinueOn.Error}
		}
		to := &steps[l.groups[i]]
		to.Steps = append(to.Steps, step)
	}
	t.Steps = steps
}

// inSteps reports what steps say by their order.
func (c *check) inSteps(field string, t *Task) {
	if len(t.After) > 0 {
		c.Unsupported(field+".After", "steps wait for the whole group before them", "put the task into a later group, or use a DAG")
	}
	if !t.Depends.none() {
		c.Unsupported(field+".Depends", "steps wait for the whole group before them", "use When, or a DAG")
	}
}

// dot joins the parts of a field's path.
func dot(outer, inner string) string {
	return strings.TrimPrefix(outer+"."+inner, ".")
}

// TemplateRef is a step that is a template of another WorkflowTemplate or
// ClusterWorkflowTemplate, in the cluster or in the same bundle.
//
// Rendered as templateRef of the task.
type TemplateRef struct {
	// Name is that of the WorkflowTemplate. Required.
	//
	// Rendered as templateRef.name.
	Name string
	// Template is the one of its templates. Required.
	//
	// Rendered as templateRef.template.
	Template string
	// ClusterWide says that it is a ClusterWorkflowTemplate. False means a
	// WorkflowTemplate.
	//
	// Rendered as templateRef.clusterScope.
	ClusterWide bool
}

// Ref returns the step that is a definition of this template, for the tasks of
// others. The template renders it when it is listed in Definitions, or one of
// its own tasks uses it.
func (t *Template) Ref(d *Definition) TemplateRef {
	if t == nil || d == nil {
		return TemplateRef{}
	}
	return TemplateRef{Name: t.Name, Template: d.Name, ClusterWide: t.ClusterWide}
}

func (r TemplateRef) render(c *check, field string) *wfv1.TemplateRef {
	c.Name(field+".Name", r.Name)
	if r.Template == "" {
		c.Required(field+".Template", "name the template")
	}
	return &wfv1.TemplateRef{Name: r.Name, Template: r.Template, ClusterScope: r.ClusterWide}
}

// plainStep is the step, which may be given as a pointer, for a switch on those
// that tasks refer to.
func plainStep(s Step) Step {
	if r, _ := s.(*TemplateRef); r != nil {
		return *r
	}
	return s
}

// template implements Step. Tasks refer to it without a template of their own.
func (r TemplateRef) template(c *check, field string, _ *wfv1.Template) {
	c.Unsupported(field, "a template of another object can't be a template here", "use it as the step of a task or a hook")
}
