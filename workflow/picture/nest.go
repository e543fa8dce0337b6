package picture

import (
	"math"
	"slices"
)

// object is a node or a group.
type object struct {
	id, name string
	group    bool
	parallel bool
	Text
}

// nested is a graph by its groups, as far as it holds together: groups that
// aren't there are taken for the outside, and edges whose ends aren't there
// are left out.
type nested struct {
	inside map[string][]object // by the ID of the group, in the order of the graph
	within map[string]string   // the group of each
	edges  []Edge
	ends   map[string]bool // what has edges
}

func (g *Graph) nest() *nested {
	t := &nested{inside: make(map[string][]object), within: make(map[string]string), ends: make(map[string]bool)}
	// What stands first in a group is what its first node stands in, which
	// keeps the order of the workflow between nodes and groups.
	position := make(map[string]int, len(g.Groups))
	for i, o := range g.Groups {
		position[o.ID] = i
	}
	added := make(map[string]bool)
	var add func(i int)
	add = func(i int) {
		o := g.Groups[i]
		if added[o.ID] {
			return
		}
		added[o.ID] = true
		in := ""
		if outer, ok := position[o.Group]; ok && outer < i {
			add(outer)
			in = o.Group
		}
		t.within[o.ID] = in
		t.inside[in] = append(t.inside[in], object{o.ID, o.Name, true, o.Parallel, o.Text})
	}
	for _, n := range g.Nodes {
		in := ""
		if i, ok := position[n.Group]; ok {
			add(i)
			in = n.Group
		}
		if _, ok := t.within[n.ID]; ok {
			continue
		}
		t.within[n.ID] = in
		t.inside[in] = append(t.inside[in], object{n.ID, n.Name, false, false, n.Text})
	}
	for _, e := range g.Edges {
		from, okFrom := t.within[e.From]
		to, okTo := t.within[e.To]
		if okFrom && okTo && from == to && e.From != e.To {
			t.edges = append(t.edges, e)
			t.ends[e.From], t.ends[e.To] = true, true
		}
	}
	return t
}

// leastGrid is how many nodes are drawn in rows where nothing orders them.
const leastGrid = 5

// grid returns rows for a group's members that have no edges, where they are
// many.
func (t *nested) grid(group string) [][]string {
	var loose []string
	for _, o := range t.inside[group] {
		if !t.ends[o.id] && !o.group {
			loose = append(loose, o.id)
		}
	}
	if len(loose) < leastGrid {
		return nil
	}
	columns := int(math.Ceil(math.Sqrt(float64(len(loose)))))
	return slices.Collect(slices.Chunk(loose, columns))
}
