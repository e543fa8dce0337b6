package picture

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Mermaid returns the picture as a Mermaid flowchart, without the fence that
// Markdown puts around it. GitHub draws up to 500 edges.
func (g *Graph) Mermaid() string {
	var b strings.Builder
	if title := strings.Join(g.heading(), " · "); title != "" {
		// JSON's strings are YAML's.
		text, err := json.Marshal(title)
		if err == nil {
			fmt.Fprintf(&b, "---\ntitle: %s\n---\n", text)
		}
	}
	m := mermaid{out: &b, used: make(map[Phase]bool), direction: "TB"}
	if g.Direction == LeftToRight {
		m.direction = "LR"
	}
	fmt.Fprintf(&b, "flowchart %s\n", m.direction)
	t := g.nest()
	m.members(t, "", "  ")
	for _, e := range t.edges {
		arrow := "-->"
		if e.Dashed {
			arrow = "-.->"
		}
		if e.Label != "" {
			arrow += `|"` + mermaidText(e.Label) + `"|`
		}
		fmt.Fprintf(&b, "  %s %s %s\n", e.From, arrow, e.To)
	}
	m.classes(g)
	return b.String()
}

// heading is the title and the notes.
func (g *Graph) heading() []string {
	var out []string
	if g.Title != "" {
		out = append(out, g.Title)
	}
	return append(out, g.Notes...)
}

type mermaid struct {
	out       *strings.Builder
	direction string
	used      map[Phase]bool
}

// members writes what a group holds.
func (m *mermaid) members(t *nested, group, indent string) {
	for _, o := range t.inside[group] {
		text := o.mermaidLabel()
		if !o.group {
			m.used[o.Phase] = true
			fmt.Fprintf(m.out, "%s%s[\"%s\"]%s\n", indent, o.id, text, class(o.Phase))
			continue
		}
		if text == "" {
			text = " "
		}
		fmt.Fprintf(m.out, "%ssubgraph %s [\"%s\"]\n", indent, o.id, text)
		// Mermaid lays groups without a direction out across the picture. What
		// is many beside each other goes down the page, which is narrow.
		direction, rows := m.direction, t.grid(o.id)
		if o.parallel && len(t.inside[o.id]) >= leastGrid {
			direction = "LR"
		}
		fmt.Fprintf(m.out, "%s  direction %s\n", indent, direction)
		m.members(t, o.id, indent+"  ")
		for _, row := range rows {
			fmt.Fprintf(m.out, "%s  %s\n", indent, strings.Join(row, " ~~~ "))
		}
		fmt.Fprintf(m.out, "%send\n", indent)
	}
}

func class(p Phase) string {
	if !slices.Contains(phases[:], p) {
		return ""
	}
	return ":::" + strings.ToLower(string(p))
}

// classes writes the colours that are used.
func (m *mermaid) classes(g *Graph) {
	for _, p := range phases {
		if c := p.colours(); m.used[p] {
			fmt.Fprintf(m.out, "  classDef %s fill:%s,stroke:%s,color:%s\n", strings.ToLower(string(p)), c.fill, c.line, c.text)
		}
	}
	for _, p := range phases {
		var list []string
		for _, o := range g.Groups {
			if o.Phase == p {
				list = append(list, o.ID)
			}
		}
		if len(list) > 0 {
			name := strings.ToLower(string(p)) + "Group"
			fmt.Fprintf(m.out, "  classDef %s fill:none,stroke:%s,stroke-width:2px\n  class %s %s\n", name, p.colours().line, strings.Join(list, ","), name)
		}
	}
}

func (o object) mermaidLabel() string {
	var lines []string
	if o.name != "" {
		lines = append(lines, mermaidText(o.name))
	}
	for _, line := range o.lines() {
		lines = append(lines, mermaidText(line))
	}
	if o.group {
		return strings.Join(lines, " · ")
	}
	return strings.Join(lines, "<br/>")
}

// mermaidText writes text that Mermaid shows as it is: neither its own syntax,
// nor HTML, nor Markdown, which older ones look for in every label.
func mermaidText(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == ' ', r == ',', r == '/', r == '=':
			b.WriteRune(r)
		case (r == '-' || r == '.') && i > 0 && i+1 < len(runes) && runes[i+1] != ' ' && runes[i+1] != r:
			b.WriteRune(r) // else it may begin a list, or an arrow
		case unicode.IsControl(r), unicode.IsSpace(r):
			b.WriteByte(' ')
		case r > 0x7f && r != '\uFFFD':
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}
