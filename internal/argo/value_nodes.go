package argo

import (
	"encoding/json"
	"strconv"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// total is a number of nodes, which stops at the most.
type total int

const mostNodes total = 1 << 40

func (t total) plus(more total) total  { return min(t+more, mostNodes) }
func (t total) times(more total) total { return min(t*min(more, 1<<20), mostNodes) }

func (t total) String() string {
	if t == mostNodes {
		return "a million million"
	}
	return strconv.Itoa(int(t))
}

// nodes counts what Argo notes at the least about a run: a node for each pod,
// task group, step group, DAG and try. Loops over what only the run knows,
// tasks with a condition and templates that aren't known count as little as
// they may.
type nodes struct {
	*checker
	// counted is what each template makes.
	counted map[*wfv1.Template]total
}

func newNodes(c *checker) *nodes {
	return &nodes{checker: c, counted: make(map[*wfv1.Template]total)}
}

// run counts the nodes of the whole workflow.
func (n *nodes) run() total { return n.template(n.entrypoint()) }

// located is a template, and the spec in which it looks for others.
type located struct {
	spec *wfv1.WorkflowSpec
	t    *wfv1.Template
}

func (n *nodes) entrypoint() located {
	spec := n.Spec
	if ref := spec.WorkflowTemplateRef; ref != nil {
		if spec, _ = n.lookup(ref.ClusterScope, ref.Name); spec == nil {
			return located{}
		}
	}
	name := n.Spec.Entrypoint
	if name == "" {
		name = spec.Entrypoint
	}
	return n.find(spec, name)
}

func (n *nodes) find(spec *wfv1.WorkflowSpec, name string) located {
	if spec == nil {
		return located{}
	}
	return located{spec, n.templatesOf(spec)[name]}
}

// called returns what a task or step runs.
func (n *nodes) called(in *wfv1.WorkflowSpec, name string, ref *wfv1.TemplateRef, inline *wfv1.Template) located {
	switch {
	case inline != nil:
		return located{in, inline}
	case ref != nil:
		spec, _ := n.lookup(ref.ClusterScope, ref.Name)
		return n.find(spec, ref.Template)
	}
	return n.find(in, name)
}

// template counts the nodes of one run of a template. One that calls itself
// ends somewhere.
func (n *nodes) template(p located) total {
	if p.t == nil {
		return 1
	}
	if counted, ok := n.counted[p.t]; ok {
		return counted
	}
	n.counted[p.t] = 1
	sum := total(1)
	if p.t.RetryStrategy != nil {
		sum = 2
	}
	if p.t.ContainerSet != nil {
		sum = sum.plus(total(len(p.t.ContainerSet.Containers)))
	}
	n.calls(p, func(_ string, _ int, c call) { sum = sum.plus(c.nodes) })
	sum = sum.plus(total(len(p.t.Steps)))
	n.counted[p.t] = sum
	return sum
}

// call is what one task or step makes.
type call struct {
	of    located
	nodes total
	// loop is the field of the loop; empty if there is none.
	loop string
}

// calls visits the tasks or steps of a template, with the list they stand in.
func (n *nodes) calls(p located, visit func(list string, i int, c call)) {
	if p.t.DAG != nil {
		for i := range p.t.DAG.Tasks {
			t := &p.t.DAG.Tasks[i]
			of := n.called(p.spec, t.Template, t.TemplateRef, t.Inline)
			c := n.call(of, t.When, items{t.WithItems, t.WithParam, t.WithSequence})
			if c.loop != "" {
				c.nodes = c.nodes.plus(1) // that of the group
			}
			visit(".dag.tasks", i, c)
		}
	}
	for i := range p.t.Steps {
		for j := range p.t.Steps[i].Steps {
			s := &p.t.Steps[i].Steps[j]
			of := n.called(p.spec, s.Template, s.TemplateRef, s.Inline)
			visit(at(".steps", i), j, n.call(of, s.When, items{s.WithItems, s.WithParam, s.WithSequence}))
		}
	}
}

func (n *nodes) call(of located, when string, over items) call {
	each := total(1)
	if when == "" {
		each = n.template(of)
	}
	times, loop := over.count()
	return call{of: of, nodes: each.times(times), loop: loop}
}

// items is what a task or step loops over.
type items struct {
	list     []wfv1.Item
	param    string
	sequence *wfv1.Sequence
}

// count returns how many items there are at the least, and the field that
// says so.
func (l items) count() (n total, field string) {
	switch {
	case len(l.list) > 0:
		return total(len(l.list)), "withItems"
	case l.sequence != nil:
		return sequence(l.sequence), "withSequence"
	case l.param != "":
		var list []json.RawMessage
		if hasTag(l.param) || json.Unmarshal([]byte(l.param), &list) != nil {
			return 0, "withParam"
		}
		return total(len(list)), "withParam"
	}
	return 1, ""
}

// sequence counts its numbers.
func sequence(s *wfv1.Sequence) total {
	number := func(v *intstr.IntOrString) (int, bool) {
		if v == nil {
			return 0, true
		}
		n, err := strconv.Atoi(v.String())
		return n, err == nil
	}
	if s.Count != nil {
		n, _ := number(s.Count)
		return total(max(n, 0))
	}
	start, ok := number(s.Start)
	end, known := number(s.End)
	if !ok || !known || s.End == nil {
		return 0
	}
	return total(max(start, end) - min(start, end) + 1)
}

// heaviest returns the path of the loop that makes the most nodes, the first
// on the way from the entrypoint.
func (n *nodes) heaviest() string {
	p := n.entrypoint()
	path := n.Path + ".entrypoint"
	if n.Spec.WorkflowTemplateRef != nil {
		path = n.Path + ".workflowTemplateRef"
	}
	seen := make(map[*wfv1.Template]bool)
	for p.t != nil && !seen[p.t] {
		seen[p.t] = true
		base, own := n.pathOf(p, path)
		if !own {
			return path
		}
		var most call
		n.calls(p, func(list string, i int, c call) {
			if c.nodes > most.nodes {
				most, path = c, at(base+list, i)
			}
		})
		if most.loop != "" && most.nodes > 1 {
			return path + "." + most.loop
		}
		p = most.of
	}
	return path
}

// pathOf returns where a template of the object itself stands.
func (n *nodes) pathOf(p located, caller string) (path string, own bool) {
	if p.spec != n.Spec {
		return "", false
	}
	for i := range n.Spec.Templates {
		if &n.Spec.Templates[i] == p.t {
			return at(n.Path+".templates", i), true
		}
	}
	return caller + ".inline", true
}
