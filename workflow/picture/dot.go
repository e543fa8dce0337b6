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
		b.WriteString("  " + t.dotEdge(e) + "\n")
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
		for _, pair := range t.grid(o.id) {
			fmt.Fprintf(b, "%s  %s -> %s [style=invis]\n", indent, pair[0], pair[1])
		}
		fmt.Fprintf(b, "%s}\n", indent)
	}
}

// dotEdge writes an edge. Graphviz draws edges between nodes only, and cuts
// them off at the cluster that is named.
func (t *nested) dotEdge(e Edge) string {
	var attributes []string
	from, to := e.From, e.To
	if last := t.leaf(from, true); last != from {
		attributes = append(attributes, "ltail=cluster_"+from)
		from = last
	}
	if first := t.leaf(to, false); first != to {
		attributes = append(attributes, "lhead=cluster_"+to)
		to = first
	}
	if e.Label != "" {
		attributes = append(attributes, "label="+dotText(e.Label))
	}
	if e.Dashed {
		attributes = append(attributes, "style=dashed")
	}
	out := from + " -> " + to
	if len(attributes) > 0 {
		out += " [" + strings.Join(attributes, ", ") + "]"
	}
	return out
}

// leaf is the first or last node in a group.
func (t *nested) leaf(id string, last bool) string {
	for {
		members := t.inside[id]
		if len(members) == 0 {
			return id
		}
		id = members[0].id
		if last {
			id = members[len(members)-1].id
		}
	}
}

// dotText quotes text: backslashes would begin one of Graphviz's own escapes,
// and it reads HTML's entities.
func dotText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "\n", `\n`, "\r", " ", "\x00", " ").Replace(s) + `"`
}
