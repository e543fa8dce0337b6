package picture

import (
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// The bounds of a picture. Templates may call each other so that a short
// workflow would fill every disk; what lies beyond is drawn as one node.
const (
	// mostNodes is where groups are no longer opened: nobody reads a picture
	// of more.
	mostNodes = 2000
	// mostDepth is how deep groups stand in groups.
	mostDepth = 16
)

// drawing is a graph that is being made.
type drawing struct {
	g      *Graph
	ids    ids
	spec   *wfv1.WorkflowSpec
	byName map[string]*wfv1.Template
	made   map[*wfv1.Template]string // what resource templates do

	nodes
}

// place is where something is drawn, and which node of Argo's it is.
type place struct {
	group string // the ID of the group
	scope string // whose templates are meant, as in status.storedTemplates; empty for the workflow's own
	node  string // the name of Argo's node
	above *above
	depth int
}

// above are the templates of the groups around a place.
type above struct {
	*wfv1.Template
	next *above
}

// under is the inside of a group that a template makes.
func (p place) under(t *wfv1.Template, group, scope, node string) place {
	return place{group: group, scope: scope, node: node, above: &above{t, p.above}, depth: p.depth + 1}
}

func (p place) comesAgain(t *wfv1.Template) bool {
	for a := p.above; a != nil; a = a.next {
		if a.Template == t {
			return true
		}
	}
	return false
}

// composite reports whether a template runs others.
func composite(t *wfv1.Template) bool {
	return t.DAG != nil && len(t.DAG.Tasks) > 0 || len(t.Steps) > 0 || t.ContainerSet != nil && len(t.ContainerSet.Containers) > 1
}

func (d *drawing) node(n Node) string {
	n.ID = d.ids.next("n", n.Name)
	n.Name = oneLine(n.Name, mostName)
	d.g.Nodes = append(d.g.Nodes, n)
	return n.ID
}

func (d *drawing) group(g Group) string {
	g.ID = d.ids.next("g", g.Name)
	g.Name = oneLine(g.Name, mostName)
	d.g.Groups = append(d.g.Groups, g)
	return g.ID
}

func (d *drawing) edge(e Edge) { d.g.Edges = append(d.g.Edges, e) }

// call draws a task or a step, and returns its ID.
func (d *drawing) call(c call, p place) string {
	if items := d.items[p.node]; c.loop != "" && len(items) > 0 {
		return d.loop(c, p, items)
	}
	id := d.one(c, p)
	for _, hook := range hookCalls(c.name, c.onExit, c.hooks) {
		at := p
		at.node += hook.suffix
		d.edge(Edge{From: id, To: d.one(hook, at), Dashed: true})
	}
	return id
}

// one draws what runs once.
func (d *drawing) one(c call, p place) string {
	t, scope := d.template(c, p.scope)
	state := d.byNode[p.node]
	tries := d.retries[p.node]
	text := d.text(c, t)
	text.is(state, tries)
	inner, last := p.node, state
	if len(tries) > 0 {
		last = tries[len(tries)-1]
		inner = last.Name
	}
	switch {
	case t != nil && composite(t) && !ended(state) && state == nil && p.comesAgain(t):
		text.Kind = "↺ " + text.Kind
	case t != nil && composite(t) && !ended(state):
		if len(d.g.Nodes) >= mostNodes || p.depth >= mostDepth {
			text.Details = append(text.Details, "…")
			break
		}
		text.Message = "" // that a child has failed
		id := d.group(Group{Group: p.group, Name: c.name, Text: text})
		d.inside(t, p.under(t, id, scope, inner))
		return id
	case t == nil && d.opens(last) && len(d.g.Nodes) < mostNodes && p.depth < mostDepth:
		text.Message = ""
		id := d.group(Group{Group: p.group, Name: c.name, Text: text})
		d.tree(last, place{group: id, depth: p.depth + 1})
		return id
	}
	return d.node(Node{Group: p.group, Name: c.name, Text: text})
}

// template finds what a call runs, and in whose name that calls others.
func (d *drawing) template(c call, scope string) (*wfv1.Template, string) {
	switch {
	case c.inline != nil:
		return c.inline, scope
	case c.ref != nil:
		scope = "namespaced/" + c.ref.Name
		if c.ref.ClusterScope {
			scope = "cluster/" + c.ref.Name
		}
		return d.stored(scope + "/" + c.ref.Template), scope
	case scope != "":
		return d.stored(scope + "/" + c.template), scope
	}
	return d.byName[c.template], scope
}

// inside draws what a template runs.
func (d *drawing) inside(t *wfv1.Template, p place) {
	if len(t.Steps) > 0 {
		d.steps(t, p)
		return
	}
	tasks := calls(t)
	byName := make(map[string]int, len(tasks))
	for i, c := range tasks {
		byName[c.name] = i
	}
	for _, c := range tasks {
		for _, w := range c.waits {
			if _, ok := byName[w.task]; !ok {
				d.note(fmt.Sprintf("%s waits for %s, which is no task beside it", c.name, w.task))
			}
		}
	}
	d.tasks(tasks, byName, frames(tasks, byName), p)
}

// tasks draws the tasks of a DAG, those of a frame in a group that has their
// edges to others.
func (d *drawing) tasks(tasks []call, byName map[string]int, frames []int, p place) {
	groups := make(map[int]string)
	own, outer := make([]string, len(tasks)), make([]string, len(tasks))
	for i, c := range tasks {
		at := p
		at.node += "." + c.name
		if f := frames[i]; f >= 0 {
			if groups[f] == "" {
				groups[f] = d.group(Group{Group: p.group, Parallel: true})
			}
			at.group = groups[f]
		}
		own[i] = d.call(c, at)
		outer[i] = own[i]
		if at.group != p.group {
			outer[i] = at.group
		}
	}
	seen := make(map[Edge]bool)
	for i, c := range tasks {
		for _, w := range c.waits {
			j, ok := byName[w.task]
			if !ok {
				continue
			}
			e := Edge{From: outer[j], To: outer[i], Label: w.label, Dashed: w.dashed}
			if e.From == e.To {
				e.From, e.To = own[j], own[i]
			}
			if !seen[e] {
				seen[e] = true
				d.edge(e)
			}
		}
	}
}

// steps draws steps one after the other, those of one list side by side.
func (d *drawing) steps(t *wfv1.Template, p place) {
	var before []string
	for i := range t.Steps {
		list := t.Steps[i].Steps
		if len(list) == 0 {
			continue
		}
		next := 0
		if i+1 < len(t.Steps) {
			next = len(t.Steps[i+1].Steps)
		}
		at := p
		framed := worthAFrame(len(list), len(before)+next)
		if framed {
			at.group = d.group(Group{Group: p.group, Parallel: true})
		}
		var now []string
		for j := range list {
			c := stepCall(&list[j])
			at.node = fmt.Sprintf("%s[%d].%s", p.node, i, c.name)
			now = append(now, d.call(c, at))
		}
		if framed {
			now = []string{at.group}
		}
		for _, from := range before {
			for _, to := range now {
				d.edge(Edge{From: from, To: to})
			}
		}
		before = now
	}
}
