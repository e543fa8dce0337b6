package argo

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// task is what tasks of a DAG and steps have in common.
type task struct {
	at   *place
	node any // the *wfv1.DAGTask or *wfv1.WorkflowStep
	dag  *wfv1.DAGTask

	Name, Template string
	TemplateRef    *wfv1.TemplateRef
	Inline         *wfv1.Template
	Arguments      *wfv1.Arguments
	Hooks          wfv1.LifecycleHooks
	OnExit         string
	WithItems      []wfv1.Item
	WithParam      string
	WithSequence   *wfv1.Sequence
	group          int
}

// eachTask visits the tasks or steps of a template.
func eachTask(t *wfv1.Template, at *place, visit func(*task)) {
	if t.DAG != nil {
		list := at.field("dag").field("tasks")
		for i := range t.DAG.Tasks {
			d := &t.DAG.Tasks[i]
			visit(&task{
				at: list.item(i), node: d, dag: d,
				Name: d.Name, Template: d.Template, TemplateRef: d.TemplateRef, Inline: d.Inline, Arguments: &d.Arguments,
				Hooks: d.Hooks, OnExit: d.OnExit, WithItems: d.WithItems, WithParam: d.WithParam, WithSequence: d.WithSequence,
			})
		}
	}
	for i := range t.Steps {
		for j := range t.Steps[i].Steps {
			s := &t.Steps[i].Steps[j]
			visit(&task{
				at: at.field("steps").item(i).item(j), node: s, group: i,
				Name: s.Name, Template: s.Template, TemplateRef: s.TemplateRef, Inline: s.Inline, Arguments: &s.Arguments,
				Hooks: s.Hooks, OnExit: s.OnExit, WithItems: s.WithItems, WithParam: s.WithParam, WithSequence: s.WithSequence,
			})
		}
	}
}

func (t *task) lists() bool { return len(t.WithItems) > 0 || t.WithParam != "" }
func (t *task) loops() bool { return t.lists() || t.WithSequence != nil }

// graphOf reads the tasks of a template, and reports what is wrong with their
// names and edges.
func (r *resolver) graphOf(at *place, t *wfv1.Template) (*graph, []*task) {
	tasks := make([]*task, 0, size(t))
	eachTask(t, at, func(s *task) {
		if t.DAG == nil || s.dag != nil { // both would be two kinds of work
			tasks = append(tasks, s)
		}
	})
	g := &graph{word: "steps", index: make(map[string]int, len(tasks)), nodes: make([]node, 0, len(tasks))}
	if t.DAG != nil {
		g.word = "tasks"
	}
	for i, s := range tasks {
		r.fieldName(s.at, s.Name)
		if first, twice := g.index[s.Name]; !twice {
			g.index[s.Name] = i
		} else if s.Name != "" {
			r.report(RuleName, s.at.field("name").String(), "rename one of the two", "%s has the name %s too", tasks[first].at, quoted(s.Name))
		}
		g.nodes = append(g.nodes, node{name: s.Name, list: s.lists(), loop: s.loops(), group: s.group, tmpl: r.runs(s)})
	}
	if t.DAG != nil {
		r.edges(at, t, g, tasks)
	}
	return g, tasks
}

func size(t *wfv1.Template) int {
	n := 0
	if t.DAG != nil {
		n = len(t.DAG.Tasks)
	}
	for i := range t.Steps {
		n += len(t.Steps[i].Steps)
	}
	return n
}

// runs reports a task whose template is not there, and returns what it runs,
// nil if that is not known.
func (r *resolver) runs(s *task) *wfv1.Template {
	given := 0
	for _, is := range []bool{s.Template != "", s.TemplateRef != nil, s.Inline != nil} {
		if is {
			given++
		}
	}
	if given > 1 {
		r.report(RuleTemplate, s.at.String(), "keep one of them", "template, templateRef and inline exclude each other")
	}
	switch {
	case s.Inline != nil:
		return s.Inline
	case s.TemplateRef != nil:
		return r.byRef(s.at.field("templateRef"), s.TemplateRef)
	case s.Template != "":
		if t, ok := r.byName[s.Template]; ok {
			return t
		}
		return r.named(s.at.field("template"), s.Template)
	}
	r.report(RuleUnknownTemplate, s.at.String(), "set template, templateRef or inline", "nothing to run")
	return nil
}

// named finds a template of this workflow.
func (r *resolver) named(at *place, name string) *wfv1.Template {
	if t, ok := r.byName[name]; ok || r.open {
		return t
	}
	fix := "only templateRef takes tags"
	if !hasTag(name) {
		fix = propose(r, name, r.byName)
	}
	r.report(RuleUnknownTemplate, at.String(), fix, "there is no template %s", quoted(name))
	return nil
}

// maxProposals bounds the time that looking for likely names takes.
const maxProposals = 50

// propose finds the likely one among many names.
func propose[V any](r *resolver, name string, among map[string]V) string {
	if r.proposed++; r.proposed > maxProposals {
		return ""
	}
	return like(name, sortedNames(among))
}

// byRef finds a template of another object.
func (r *resolver) byRef(at *place, ref *wfv1.TemplateRef) *wfv1.Template {
	if ref.Name == "" {
		r.report(RuleUnknownTemplate, at.field("name").String(), "name the WorkflowTemplate", "it is required")
	}
	if ref.Template == "" {
		r.report(RuleUnknownTemplate, at.field("template").String(), "name the template", "it is required")
		return nil
	}
	spec, known := r.lookup(ref.ClusterScope, ref.Name)
	if !known || hasTag(ref.Template) || spec.WorkflowTemplateRef != nil {
		return nil
	}
	templates := r.templatesOf(spec)
	if t := templates[ref.Template]; t != nil {
		r.foreign(at, spec, t)
		return t
	}
	fix := propose(r, ref.Template, templates)
	r.report(RuleUnknownTemplate, at.field("template").String(), fix, "%s has no template %s", ref.Name, quoted(ref.Template))
	return nil
}

// task checks one task: its loop, its arguments, and what its texts refer to.
func (r *resolver) task(s *task, i int, around *scope) {
	r.loop(s)
	tmpl := around.graph.nodes[i].tmpl
	arguments := s.at.field("arguments")
	r.arguments(arguments, s.Arguments, false, false)
	r.bind(arguments, s.Arguments, tmpl)
	r.timeout(arguments, s.Arguments, tmpl)
	own := *around
	own.asker = i
	if s.loops() {
		own.loop = s
	}
	r.strings(s.at, &own, s.node)
	own.own = true
	if len(s.Hooks) > 0 {
		r.hooks(s.at.field("hooks"), s.Hooks, &own)
	}
	if s.OnExit != "" {
		// A handler of this form gets the arguments of the workflow.
		r.bindWorkflow(s.at.field("onExit"), r.named(s.at.field("onExit"), s.OnExit))
	}
}

// hooks checks what runs when something happens.
func (r *resolver) hooks(at *place, hooks wfv1.LifecycleHooks, s *scope) {
	for _, event := range sortedNames(hooks) {
		hook, at := hooks[event], at.entry(string(event))
		if event != wfv1.ExitLifecycleEvent && hook.Expression == "" {
			r.report(RuleExpression, at.field("expression").String(), "say when it runs; only the hook called exit needs no expression", "it is required")
		}
		var tmpl *wfv1.Template
		if hook.TemplateRef != nil {
			tmpl = r.byRef(at.field("templateRef"), hook.TemplateRef)
		} else {
			tmpl = r.named(at.field("template"), hook.Template)
		}
		r.arguments(at.field("arguments"), &hook.Arguments, false, false)
		if event == wfv1.ExitLifecycleEvent && hook.Arguments.IsEmpty() {
			r.bindWorkflow(at, tmpl)
		} else {
			r.bind(at.field("arguments"), &hook.Arguments, tmpl)
		}
		r.strings(at, s, &hook)
	}
}

// loop checks what a task runs over.
func (r *resolver) loop(s *task) {
	var given []string
	if len(s.WithItems) > 0 {
		given = append(given, "withItems")
	}
	if s.WithParam != "" {
		given = append(given, "withParam")
	}
	if s.WithSequence != nil {
		given = append(given, "withSequence")
	}
	if len(given) > 1 {
		r.report(RuleLoop, s.at.field(given[len(given)-1]).String(), "keep one of them", "%s exclude each other", strings.Join(given, ", "))
	}
	for i := range s.WithItems {
		if v := s.WithItems[i].Value; len(v) == 0 || string(v) == "null" || !json.Valid(v) {
			r.report(RuleLoop, s.at.field("withItems").item(i).String(), "a text, number, truth value, list or map", "the item is nothing")
		}
	}
	if q := s.WithSequence; q != nil {
		r.sequence(s.at.field("withSequence"), q)
	}
}

func (r *resolver) sequence(at *place, q *wfv1.Sequence) {
	switch {
	case q.Count == nil && q.End == nil:
		r.report(RuleLoop, at.String(), "set count or end", "a sequence without end")
	case q.Count != nil && q.End != nil:
		r.report(RuleLoop, at.field("end").String(), "keep one of them", "count and end exclude each other")
	}
	for _, n := range []struct {
		field string
		value interface{ String() string }
		set   bool
	}{{"count", q.Count, q.Count != nil}, {"start", q.Start, q.Start != nil}, {"end", q.End, q.End != nil}} {
		if !n.set || hasTag(n.value.String()) {
			continue
		}
		if _, err := strconv.Atoi(n.value.String()); err != nil {
			r.report(RuleLoop, at.field(n.field).String(), "a whole number", "%s is no number", quoted(n.value.String()))
		}
	}
}

func sortedNames[K ~string, V any](m map[K]V) []K {
	names := make([]K, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
