package millracetest

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// dagBody runs the tasks of a DAG as their depends clauses allow.
type dagBody struct {
	nodes map[string]*node
	waits map[string][]string // by task: the tasks that it waits for
}

func (b *dagBody) advance(n *node) {
	tasks := n.template.DAG.Tasks
	if n.template.DAG.Target != "" {
		n.finish(errored, "millracetest does not simulate dag.target")
		return
	}
	if b.waits == nil {
		b.waits = make(map[string][]string)
		for _, t := range tasks {
			names, _, err := t.mentioned(tasks)
			if err != nil {
				n.finish(errored, err.Error())
				return
			}
			b.waits[t.Name] = names
		}
	}
	open := false
	for _, t := range tasks {
		if child := b.nodes[t.Name]; child != nil {
			child.advance()
		} else {
			b.begin(n, t)
		}
		if child := b.nodes[t.Name]; child == nil || !child.done() {
			open = true
		}
	}
	if n.done() {
		return
	}
	if n.run.shutdown != "" && !n.exit {
		n.finish(failed, "")
		return
	}
	if !open {
		n.finish(b.verdict(tasks), "")
	}
}

// begin starts a task, if what it waits for has ended.
func (b *dagBody) begin(n *node, t *argoTask) {
	phases := make(map[string]string)
	s := n.scope.with(nil)
	for _, name := range b.waits[t.Name] {
		before := b.nodes[name]
		if before == nil || !before.done() {
			return
		}
		phases[name] = before.phase
	}
	for _, name := range b.before(t.Name) {
		b.nodes[name].results("tasks", s)
	}
	parents := []*node{n}
	if len(phases) > 0 {
		parents = nil
		for _, name := range slices.Sorted(maps.Keys(phases)) {
			parents = append(parents, b.nodes[name].outbound()...)
		}
		_, clause, _ := t.mentioned(n.template.DAG.Tasks) // checked at the start
		ok, err := satisfied(clause, phases)
		if err != nil {
			n.finish(errored, fmt.Sprintf("depends of task %s: %v", t.Name, err))
			return
		}
		if !ok {
			b.nodes[t.Name] = n.run.skip(n, t, n.name+"."+t.Name, omitted, "omitted: depends condition not met")
			adopt(parents, b.nodes[t.Name])
			return
		}
	}
	if child := n.run.task(n, t, n.name+"."+t.Name, s); child != nil {
		b.nodes[t.Name] = child
		adopt(parents, child)
	}
}

// before returns all tasks that must have ended before this one begins.
func (b *dagBody) before(task string) []string {
	var out []string
	var visit func(string)
	visit = func(name string) {
		for _, w := range b.waits[name] {
			if !slices.Contains(out, w) && b.nodes[w] != nil {
				out = append(out, w)
				visit(w)
			}
		}
	}
	visit(task)
	return out
}

func adopt(parents []*node, child *node) {
	for _, p := range parents {
		p.children = append(p.children, child.id)
	}
}

// outbound returns the nodes that what follows a task is a child of.
func (n *node) outbound() []*node {
	var inner []*node
	switch b := n.body.(type) {
	case *retryBody:
		inner = b.attempts[max(0, len(b.attempts)-1):]
	case *groupBody:
		inner = b.nodes
	}
	var out []*node
	for _, i := range inner {
		out = append(out, i.outbound()...)
	}
	if len(out) == 0 {
		out = []*node{n}
	}
	return out
}

// verdict is the phase of the whole: that of the tasks nobody waits for, where
// one that did not run has the worst of those before it.
func (b *dagBody) verdict(tasks []*argoTask) string {
	waitedFor := make(map[string]bool)
	for _, names := range b.waits {
		for _, name := range names {
			waitedFor[name] = true
		}
	}
	out := succeeded
	for _, t := range tasks {
		if !waitedFor[t.Name] {
			out = worse(out, b.outcome(t.Name))
		}
	}
	return out
}

func (b *dagBody) outcome(task string) string {
	phase := b.nodes[task].phase
	if phase != skipped && phase != omitted {
		return phase
	}
	out := succeeded
	for _, name := range b.waits[task] {
		out = worse(out, b.outcome(name))
	}
	return out
}

func worse(a, b string) string {
	for _, phase := range []string{errored, failed} {
		if a == phase || b == phase {
			return phase
		}
	}
	return succeeded
}

// stepsBody runs groups of steps one after the other.
type stepsBody struct {
	group *node
	nodes []*node
	index int
}

func (b *stepsBody) advance(n *node) {
	for !n.done() {
		if b.index == len(n.template.Steps) {
			n.finish(succeeded, "")
			return
		}
		if b.group == nil {
			b.begin(n)
		}
		steps := n.template.Steps[b.index]
		open := false
		for i, t := range steps {
			if b.nodes[i] == nil {
				b.nodes[i] = n.run.task(n, t, fmt.Sprintf("%s.%s", b.group.name, t.Name), n.scope)
				if b.nodes[i] != nil {
					adopt([]*node{b.group}, b.nodes[i])
				}
			} else {
				b.nodes[i].advance()
			}
			open = open || b.nodes[i] == nil || !b.nodes[i].done()
		}
		if open {
			return
		}
		phase, message := succeeded, ""
		for _, child := range b.nodes {
			child.results("steps", n.scope)
			if child.phase == failed || child.phase == errored {
				phase, message = worse(phase, child.phase), fmt.Sprintf("child '%s' failed", child.id)
			}
		}
		b.group.finish(phase, message)
		if phase != succeeded {
			n.finish(phase, message)
			return
		}
		b.group = nil
		b.index++
	}
}

func (b *stepsBody) begin(n *node) {
	name := fmt.Sprintf("[%d]", b.index)
	b.group = n.run.plain(nodeSpec{name: n.name + name, display: name, template: n.template, boundary: n.id, exit: n.exit}, "StepGroup")
	b.nodes = make([]*node, len(n.template.Steps[b.index]))
	n.children = append(n.children, b.group.id)
}

// groupBody is a task that runs once for each of its items.
type groupBody struct {
	items []item
	nodes []*node
	task  *argoTask
	tmpl  *argoTemplate
	scope scope
	inner scope
}

type item struct {
	label string
	scope scope
}

func (b *groupBody) advance(n *node) {
	open := false
	for i, it := range b.items {
		if b.nodes[i] == nil {
			if n.run.room() {
				label := fmt.Sprintf("(%d:%s)", i, it.label)
				s := b.scope.with(it.scope)
				b.nodes[i] = n.run.node(nodeSpec{name: n.name + label, display: n.display + label, task: n.task, template: b.tmpl,
					arguments: b.task.Arguments, outer: s, scope: b.inner.with(it.scope), boundary: n.boundary, exit: n.exit})
				n.children = append(n.children, b.nodes[i].id)
			}
		} else {
			b.nodes[i].advance()
		}
		open = open || b.nodes[i] == nil || !b.nodes[i].done()
	}
	if open {
		return
	}
	phase := succeeded
	for _, child := range b.nodes {
		phase = worse(phase, child.phase)
	}
	n.finish(phase, "")
}

// task starts a task or a step; nil says that there is no room yet.
func (r *run) task(parent *node, t *argoTask, name string, s scope) *node {
	spec := nodeSpec{name: name, display: t.Name, boundary: parent.id, arguments: t.Arguments, outer: s, scope: r.global(parent), exit: parent.exit}
	fail := func(err error) *node {
		spec.template = &argoTemplate{Name: t.Template}
		n := r.plain(spec, "Skipped")
		n.finish(errored, err.Error())
		return n
	}
	if t.When != "" {
		clause, err := s.substitute(t.When)
		if err != nil {
			return fail(err)
		}
		ok, err := when(clause)
		if err != nil {
			return fail(err)
		}
		if !ok {
			return r.skip(parent, t, name, skipped, fmt.Sprintf("when '%s' evaluated false", clause))
		}
	}
	tmpl, err := r.find(t.Template, t.TemplateRef, t.Inline)
	if err != nil {
		return fail(err)
	}
	spec.template = tmpl
	if len(t.WithItems) > 0 || t.WithParam != "" {
		items, err := t.items(s)
		if err != nil {
			return fail(err)
		}
		n := r.plain(spec, "TaskGroup")
		n.body = &groupBody{items: items, nodes: make([]*node, len(items)), task: t, tmpl: tmpl, scope: s, inner: spec.scope}
		return n
	}
	if tmpl.nodeType() == "Pod" && tmpl.RetryStrategy == nil && !r.room() {
		return nil
	}
	return r.node(spec)
}

// global is what every template sees: the workflow's variables, and in an
// exit handler how it went.
func (r *run) global(parent *node) scope {
	out := r.globals.with(nil)
	for _, name := range []string{"workflow.status", "workflow.failures", "workflow.duration"} {
		if v, ok := parent.scope[name]; ok {
			out[name] = v
		}
	}
	return out
}

// plain makes a node that runs nothing by itself.
func (r *run) plain(s nodeSpec, typ string) *node {
	n := &node{run: r, id: r.id(s.name), name: s.name, display: s.display, task: s.display, typ: typ, template: s.template, boundary: s.boundary,
		phase: running, started: r.stamp(), exit: s.exit, outputs: make(map[string]string), scope: s.scope}
	r.nodes = append(r.nodes, n)
	return n
}

func (r *run) skip(parent *node, t *argoTask, name, phase, message string) *node {
	n := r.plain(nodeSpec{name: name, display: t.Name, template: &argoTemplate{Name: t.Template}, boundary: parent.id, exit: parent.exit}, "Skipped")
	n.finish(phase, message)
	return n
}

// items returns what a task loops over.
func (t *argoTask) items(s scope) ([]item, error) {
	raw := t.WithItems
	if t.WithParam != "" {
		text, err := s.substitute(t.WithParam)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(text), &raw); err != nil {
			return nil, fmt.Errorf("withParam is no JSON list: %w", err)
		}
	}
	var out []item
	for _, r := range raw {
		var fields map[string]any
		if json.Unmarshal(r, &fields) == nil {
			it := item{scope: scope{"item": string(r)}}
			var labels []string
			for _, key := range slices.Sorted(maps.Keys(fields)) {
				value, err := asText(fields[key])
				if err != nil {
					return nil, err
				}
				it.scope["item."+key] = value
				labels = append(labels, key+":"+value)
			}
			it.label = strings.Join(labels, ",")
			out = append(out, it)
			continue
		}
		var value anyText
		if err := json.Unmarshal(r, &value); err != nil {
			return nil, err
		}
		out = append(out, item{label: string(value), scope: scope{"item": string(value)}})
	}
	return out, nil
}
