package picture

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

const (
	margin    = 20.0
	titleSize = 17.0
	titleStep = 24.0
	fonts     = `system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif`
)

// SVG returns the picture as a file of its own: it needs no font, style sheet
// or script, and has a white ground, so that it can be read on a dark page.
func (g *Graph) SVG() []byte {
	l, w, h := g.layout()
	heading := g.heading()
	top := margin
	for i, line := range heading {
		size, step := lineSize, lineStep
		if i == 0 {
			size, step = titleSize, titleStep
		}
		w = max(w, textWidth(line, size, i == 0))
		top += step
	}
	if len(heading) > 0 {
		top += 8
	}
	b := &svg{}
	width, height := num(w+2*margin), num(h+top+margin)
	b.print(`<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img" font-family="%s">`, width, height, width, height, fonts)
	name := "workflow"
	if len(heading) > 0 {
		name = heading[0]
	}
	b.print(`<title>%s</title>`, escape(name))
	b.print(`<defs><marker id="arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0.5L8,4L0,7.5z" fill="%s"/></marker></defs>`, faint)
	b.print(`<rect width="%s" height="%s" rx="8" fill="%s"/>`, width, height, paper)
	y := margin
	for i, line := range heading {
		if i == 0 {
			y += titleStep
			b.text(margin, y-6, titleSize, ink, true, line)
			continue
		}
		y += lineStep
		b.text(margin, y-4, lineSize, faint, false, line)
	}
	b.print(`<g transform="translate(%s %s)">`, num(margin), num(top))
	for _, o := range l.order {
		if o.group {
			b.group(o)
		}
	}
	b.routes(l)
	for _, o := range l.order {
		if !o.group {
			b.node(o)
		}
	}
	b.print(`</g>`)
	b.print(`</svg>`)
	return b.out.Bytes()
}

type svg struct{ out bytes.Buffer }

func (b *svg) print(format string, args ...any) {
	fmt.Fprintf(&b.out, format, args...)
	b.out.WriteByte('\n')
}

func (b *svg) text(x, y, size float64, fill string, bold bool, s string) {
	weight := ""
	if bold {
		weight = ` font-weight="bold"`
	}
	b.print(`<text x="%s" y="%s" font-size="%s" fill="%s"%s>%s</text>`, num(x), num(y), num(size), fill, weight, escape(s))
}

func (b *svg) group(o *box) {
	c := o.Phase.colours()
	line, dash, fill := frame, "", "#fbfcfd"
	if o.Phase != "" {
		line = c.line
	}
	if o.parallel {
		dash = ` stroke-dasharray="5 4"`
	}
	if o.name == "" {
		fill = "none"
	}
	b.print(`<g id="%s">`, escape(o.id))
	b.print(`<title>%s</title>`, escape(strings.Join(append([]string{o.name}, o.lines()...), "\n")))
	b.print(`<rect x="%s" y="%s" width="%s" height="%s" rx="8" fill="%s" stroke="%s"%s/>`, num(o.x), num(o.y), num(o.w), num(o.h), fill, line, dash)
	x, y := o.x+inset-4, o.y+nameStep+2
	for i, s := range headingLines(o.object) {
		if i > 0 {
			y += lineStep
			b.text(x, y, lineSize, faint, false, s)
			continue
		}
		b.print(`<text x="%s" y="%s" fill="%s" font-size="%s"><tspan font-weight="bold">%s</tspan> <tspan dx="3" font-size="%s" fill="%s">%s</tspan></text>`,
			num(x), num(y), ink, num(nameSize), escape(o.name), num(lineSize), faint, escape(s))
	}
	b.print(`</g>`)
}

func (b *svg) node(o *box) {
	c := o.Phase.colours()
	dash := ""
	if o.Phase == Omitted || o.Phase == Skipped {
		dash = ` stroke-dasharray="3 3"`
	}
	b.print(`<g id="%s">`, escape(o.id))
	b.print(`<title>%s</title>`, escape(strings.Join(append([]string{o.name}, o.lines()...), "\n")))
	b.print(`<rect x="%s" y="%s" width="%s" height="%s" rx="6" fill="%s" stroke="%s"%s/>`, num(o.x), num(o.y), num(o.w), num(o.h), c.fill, c.line, dash)
	y := o.y + padding/2 + nameStep - 2
	b.text(o.x+padding, y, nameSize, c.text, true, o.name)
	for _, s := range o.lines() {
		y += lineStep
		fill := faint
		if o.Phase != "" && strings.HasPrefix(s, o.Phase.glyph()+" ") {
			fill = c.text
		}
		b.text(o.x+padding, y, lineSize, fill, false, s)
	}
	b.print(`</g>`)
}

// routes draws the edges of each group, and their labels above all of them.
func (b *svg) routes(l *layout) {
	ids := []string{""}
	for _, o := range l.order {
		if o.group {
			ids = append(ids, o.id)
		}
	}
	for _, id := range ids {
		for _, r := range l.routes[id] {
			dash := ""
			if r.Dashed {
				dash = ` stroke-dasharray="4 3"`
			}
			b.print(`<path data-from="%s" data-to="%s" d="%s" fill="none" stroke="%s" stroke-width="1.3" marker-end="url(#arrow)"%s/>`,
				escape(r.From), escape(r.To), r.path(l.leftToRight), faint, dash)
		}
	}
	for _, id := range ids {
		for _, r := range l.routes[id] {
			if r.Label == "" {
				continue
			}
			w := textWidth(r.Label, labelSize, false) + 6
			b.print(`<rect x="%s" y="%s" width="%s" height="13" rx="3" fill="%s" fill-opacity="0.9"/>`, num(r.label.x-w/2), num(r.label.y-7), num(w), paper)
			b.print(`<text x="%s" y="%s" font-size="%s" fill="%s" text-anchor="middle">%s</text>`, num(r.label.x), num(r.label.y+3.5), num(labelSize), ink, escape(r.Label))
		}
	}
}

// path writes a route: straight pieces, and curves that begin and end along
// the edges' way.
func (r *route) path(leftToRight bool) string {
	var b strings.Builder
	for i, p := range r.points {
		switch {
		case i == 0:
			b.WriteString("M" + num(p.x) + "," + num(p.y))
		case i%2 == 1:
			if p != r.points[i-1] {
				b.WriteString("L" + num(p.x) + "," + num(p.y))
			}
		case leftToRight:
			middle := num((r.points[i-1].x + p.x) / 2)
			b.WriteString("C" + middle + "," + num(r.points[i-1].y) + " " + middle + "," + num(p.y) + " " + num(p.x) + "," + num(p.y))
		default:
			middle := num((r.points[i-1].y + p.y) / 2)
			b.WriteString("C" + num(r.points[i-1].x) + "," + middle + " " + num(p.x) + "," + middle + " " + num(p.x) + "," + num(p.y))
		}
	}
	return b.String()
}

// num writes a number with at most one digit behind the point.
func num(f float64) string {
	s := strconv.FormatFloat(f, 'f', 1, 64)
	s = strings.TrimSuffix(s, ".0")
	if s == "-0" {
		return "0"
	}
	return s
}

func escape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(s)) //nolint:errcheck // a builder takes everything
	return b.String()
}
