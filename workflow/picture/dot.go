package picture

import (
	"fmt"
	"strings"
)

// DOT returns the picture in the language of Graphviz, with groups as
// clusters.
func (g *Graph) DOT() string {
	var b strings.Builder
	direction := "TB"
	if g.Direction == LeftToRight {
		direction = "LR"
	}
	fmt.Fprintf(&b, "digraph workflow {\n  graph [rankdir=%s, compound=true, newrank=true, bgcolor=%q, fontname=\"Helvetica\", labelloc=t, label=%s]\n",
		direction, paper, dotText(strings.Join(g.heading(), "\n")))
	plain := Phase("").colours()
	fmt.Fprintf(&b, "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fillcolor=%q, color=%q, fontcolor=%q]\n  edge [fontname=\"Helvetica\", fontsize=10, color=%q]\n",
		plain.fill, plain.line, plain.text, faint)
	t := g.nest()
	dotMembers(&b, t, "", "  ")
	for _, e := range t.edges {
		b.WriteString(t.dotEdge(e))
	}
	b.WriteString("}\n")
	return b.String()
}

func dotMembers(b *strings.Builder, t *nested, group, indent string) {
	for _, o := range t.inside[group] {
		c := o.Phase.colours()
		lines := o.lines()
		if o.name != "" {
			lines = append([]string{o.name}, lines...)
		}
		if !o.group {
			fmt.Fprintf(b, "%s%s [label=%s", indent, o.id, dotText(strings.Join(lines, "\n")))
			if o.Phase != "" {
				fmt.Fprintf(b, ", fillcolor=%q, color=%q, fontcolor=%q", c.fill, c.line, c.text)
			}
			b.WriteString("]\n")
			continue
		}
		style := "rounded"
		if o.parallel {
			style = "rounded,dashed"
		}
		fmt.Fprintf(b, "%ssubgraph cluster_%s {\n%s  label=%s\n%s  style=%q\n%s  color=%q\n", indent, o.id, indent, dotText(strings.Join(lines, " · ")), indent, style, indent, c.line)
		dotMembers(b, t, o.id, indent+"  ")
		rows := t.grid(o.id)
		for i := 1; i < len(rows); i++ {
			for j, id := range rows[i] {
				fmt.Fprintf(b, "%s  %s -> %s [style=invis]\n", indent, rows[i-1][j], id)
			}
		}
		fmt.Fprintf(b, "%s}\n", indent)
	}
}

// dotEdge writes an edge. Graphviz draws edges between nodes only, and cuts
// them off at the cluster that is named. Invisible ones beside it keep all of
// the cluster on the right side.
func (t *nested) dotEdge(e Edge) string {
	from, to := t.outermost(e.From, true), t.outermost(e.To, false)
	tail, head := from[len(from)/2], to[len(to)/2]
	var attributes []string
	if tail != e.From {
		attributes = append(attributes, "ltail=cluster_"+e.From)
	}
	if head != e.To {
		attributes = append(attributes, "lhead=cluster_"+e.To)
	}
	if e.Label != "" {
		attributes = append(attributes, "label="+dotText(e.Label))
	}
	if e.Dashed {
		attributes = append(attributes, "style=dashed")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "  %s -> %s", tail, head)
	if len(attributes) > 0 {
		fmt.Fprintf(&b, " [%s]", strings.Join(attributes, ", "))
	}
	b.WriteByte('\n')
	for _, other := range from {
		if other != tail {
			fmt.Fprintf(&b, "  %s -> %s [style=invis]\n", other, head)
		}
	}
	for _, other := range to {
		if other != head {
			fmt.Fprintf(&b, "  %s -> %s [style=invis]\n", tail, other)
		}
	}
	return b.String()
}

// outermost are the nodes of a group with which it ends, or begins. Of a node
// it is the node itself.
func (t *nested) outermost(id string, last bool) []string {
	if len(t.inside[id]) == 0 {
		return []string{id}
	}
	inner := make(map[string]bool)
	join := func(from, to string) {
		if last {
			to = from
		}
		inner[to] = true
	}
	for _, e := range t.edges {
		if t.within[e.From] == id {
			join(e.From, e.To)
		}
	}
	rows := t.grid(id)
	for i := 1; i < len(rows); i++ {
		for j := range rows[i] {
			join(rows[i-1][j], rows[i][j])
		}
	}
	var out []string
	for _, o := range t.inside[id] {
		if !inner[o.id] {
			out = append(out, t.outermost(o.id, last)...)
		}
	}
	if len(out) == 0 { // they go in a circle
		return t.outermost(t.inside[id][0].id, last)
	}
	return out
}

// dotText quotes text: backslashes would begin one of Graphviz's own escapes,
// and it reads HTML's entities.
func dotText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "\n", `\n`, "\r", " ", "\x00", " ").Replace(strings.ToValidUTF8(s, "\uFFFD")) + `"`
}
