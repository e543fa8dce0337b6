package picture

import (
	"math"
)

// The measures of an SVG, in pixels.
const (
	nameSize  = 13.0
	lineSize  = 11.0
	nameStep  = 17.0
	lineStep  = 15.0
	padding   = 10.0 // around the text of a node
	inset     = 16.0 // around the members of a group
	boxGap    = 22.0 // between boxes side by side
	laneGap   = 12.0 // beside an edge that passes boxes
	blockGap  = 32.0 // between parts that have no edges to each other
	layerGap  = 34.0 // between layers, where edges bend
	leastNode = 84.0
)

// box is a node or a group that has a size and a place. Until everything is
// placed, x and y are within the group.
type box struct {
	object
	x, y, w, h float64
	head       float64 // the height of a group's heading
}

type point struct{ x, y float64 }

// route is the line of an edge: alternately straight to the next point, and in
// a curve to the one after.
type route struct {
	Edge
	points []point
	label  point // the middle of the label
}

// layout is where everything is.
type layout struct {
	t           *nested
	leftToRight bool
	boxes       map[string]*box
	order       []*box // groups before what they hold
	routes      map[string][]*route
	edges       map[string][]Edge // by group
}

func (g *Graph) layout() (*layout, float64, float64) {
	l := &layout{t: g.nest(), leftToRight: g.Direction == LeftToRight, boxes: make(map[string]*box),
		routes: make(map[string][]*route), edges: make(map[string][]Edge)}
	for _, e := range l.t.edges {
		in := l.t.within[e.From]
		l.edges[in] = append(l.edges[in], e)
	}
	w, h := l.group("")
	l.settle("", 0, 0)
	return l, w, h
}

// group lays out what a group holds and returns the size of it.
func (l *layout) group(id string) (w, h float64) {
	members := make([]*box, 0, len(l.t.inside[id]))
	for _, o := range l.t.inside[id] {
		b := &box{object: o}
		if o.group {
			b.head = heading(o)
			w, h := l.group(o.id)
			b.w = max(w+2*inset, headingWidth(o)+2*inset)
			b.h = h + 2*inset + b.head
		} else {
			b.w, b.h = nodeSize(o)
		}
		l.boxes[o.id] = b
		members = append(members, b)
	}
	return l.arrange(id, members)
}

// nodeSize is the room of a node's text.
func nodeSize(o object) (w, h float64) {
	lines := o.lines()
	w = max(leastNode, textWidth(o.name, nameSize, true)+2*padding)
	for _, line := range lines {
		w = max(w, textWidth(line, lineSize, false)+2*padding)
	}
	return math.Ceil(w), 1.4*padding + nameStep + lineStep*float64(len(lines))
}

// heading is the height of a group's text.
func heading(o object) float64 {
	lines := len(headingLines(o))
	if lines == 0 {
		return 0
	}
	return nameStep + lineStep*float64(lines-1) - inset/4
}

// headingLines are the name with the first line of the text, and the others.
func headingLines(o object) []string {
	lines := o.lines()
	if o.name == "" && len(lines) == 0 {
		return nil
	}
	if len(lines) == 0 {
		return []string{""}
	}
	return lines
}

func headingWidth(o object) float64 {
	w := 0.0
	for i, line := range headingLines(o) {
		here := textWidth(line, lineSize, false)
		if i == 0 {
			here += textWidth(o.name, nameSize, true) + lineSize
		}
		w = max(w, here)
	}
	return w
}

// settle moves what a group holds to where the group is.
func (l *layout) settle(id string, dx, dy float64) {
	for _, o := range l.t.inside[id] {
		b := l.boxes[o.id]
		b.x += dx
		b.y += dy
		l.order = append(l.order, b)
		if o.group {
			l.settle(o.id, b.x+inset, b.y+inset+b.head)
		}
	}
	for _, r := range l.routes[id] {
		for i := range r.points {
			r.points[i].x += dx
			r.points[i].y += dy
		}
		r.label.x += dx
		r.label.y += dy
	}
}

// block is a part of a group that has no edges to the other parts.
type block struct {
	boxes  []*box
	routes []*route
	w, h   float64
}

// arrange places the members of a group.
func (l *layout) arrange(id string, members []*box) (w, h float64) {
	var blocks []*block
	for _, part := range parts(members, l.edges[id]) {
		if len(part.edges) > 0 {
			blocks = append(blocks, l.layered(part))
		} else {
			blocks = append(blocks, l.grid(part.boxes))
		}
	}
	w, h = shelve(blocks, l.leftToRight)
	for _, b := range blocks {
		l.routes[id] = append(l.routes[id], b.routes...)
	}
	return w, h
}

// wide is how much wider than high a picture is to be.
const wide = 1.7

// shelve puts blocks beside each other, in rows where they are many.
func shelve(blocks []*block, leftToRight bool) (w, h float64) {
	area, most := 0.0, 0.0
	for _, b := range blocks {
		area += (b.w + blockGap) * (b.h + blockGap)
		most = max(most, b.w)
	}
	most = max(most, math.Sqrt(area*wide))
	if leftToRight && len(blocks) <= 3 {
		most = 0 // below each other
	}
	x, y, row := 0.0, 0.0, 0.0
	for _, b := range blocks {
		if x > 0 && x+b.w > most {
			x, y, row = 0, y+row+blockGap, 0
		}
		b.move(x, y)
		w, h = max(w, x+b.w), max(h, y+b.h)
		x, row = x+b.w+blockGap, max(row, b.h)
	}
	return w, h
}

func (b *block) move(dx, dy float64) {
	for _, m := range b.boxes {
		m.x += dx
		m.y += dy
	}
	for _, r := range b.routes {
		for i := range r.points {
			r.points[i].x += dx
			r.points[i].y += dy
		}
		r.label.x += dx
		r.label.y += dy
	}
}

// grid places boxes without edges in rows and columns of the same width.
func (l *layout) grid(boxes []*box) *block {
	cellW, cellH := 0.0, 0.0
	for _, b := range boxes {
		cellW, cellH = max(cellW, b.w), max(cellH, b.h)
	}
	n := float64(len(boxes))
	columns := math.Round(math.Sqrt(n * wide * (cellH + boxGap) / (cellW + boxGap)))
	switch {
	case len(boxes) <= 4 && l.leftToRight:
		columns = 1
	case len(boxes) <= 4:
		columns = n
	}
	columns = min(max(columns, 1), n)
	out := &block{boxes: boxes}
	x, y, row := 0.0, 0.0, 0.0
	for i, b := range boxes {
		if i > 0 && i%int(columns) == 0 {
			x, y, row = 0, y+row+boxGap, 0
		}
		if !b.group {
			b.w = cellW
		}
		b.x, b.y = x, y
		out.w, out.h = max(out.w, x+b.w), max(out.h, y+b.h)
		x, row = x+cellW+boxGap, max(row, b.h)
	}
	return out
}

// part is what hangs together by edges, or all that has none.
type part struct {
	boxes []*box
	edges []Edge
}

// parts divides the members of a group. Boxes of very different sizes, which
// groups are, don't go into one grid.
func parts(members []*box, edges []Edge) []*part {
	at := make(map[string]int, len(members))
	root := make([]int, len(members))
	for i, b := range members {
		at[b.id], root[i] = i, i
	}
	find := func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	joined := make([]bool, len(members))
	for _, e := range edges {
		a, b := find(at[e.From]), find(at[e.To])
		root[max(a, b)] = min(a, b)
		joined[at[e.From]], joined[at[e.To]] = true, true
	}
	byRoot := make(map[int]*part)
	var out []*part
	for i, b := range members {
		key := find(i)
		if !joined[i] && !b.group {
			key = -1
		}
		if byRoot[key] == nil {
			byRoot[key] = &part{}
			out = append(out, byRoot[key])
		}
		byRoot[key].boxes = append(byRoot[key].boxes, b)
	}
	for _, e := range edges {
		p := byRoot[find(at[e.From])]
		p.edges = append(p.edges, e)
	}
	return out
}
