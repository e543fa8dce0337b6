package picture

import (
	"cmp"
	"math"
	"slices"
)

const (
	labelSize = 10.0
	labelStep = 15.0
	portStep  = 14.0 // between the ends of edges at one side of a box
)

// block turns layers into places and lines.
func (s *layers) block(p *part, leftToRight bool) *block {
	low, high := s.bounds()
	for i := range s.vertices {
		s.vertices[i].at -= low
	}
	s.ports()
	begin, thick := s.depth(leftToRight)
	out := &block{boxes: p.boxes, w: high - low, h: begin[len(begin)-1] + thick[len(thick)-1]}
	to := func(along, across float64) point {
		if leftToRight {
			return point{along, across}
		}
		return point{across, along}
	}
	for _, v := range s.vertices {
		if v.box == nil {
			continue
		}
		corner := to(begin[v.layer]+(thick[v.layer]-v.along)/2, v.at-v.across/2)
		v.box.x, v.box.y = corner.x, corner.y
	}
	for i := range s.links {
		out.routes = append(out.routes, s.route(&s.links[i], begin, thick, to))
	}
	if leftToRight {
		out.w, out.h = out.h, out.w
		s.labelsBeside(out.routes)
	} else {
		s.labelsAbove(out.routes, begin)
	}
	for _, r := range out.routes { // labels may stand out
		if r.Label != "" {
			half := textWidth(r.Label, labelSize, false)/2 + 4
			out.w, out.h = max(out.w, r.label.x+half), max(out.h, r.label.y+labelStep/2)
		}
	}
	return out
}

// ports spreads the ends of edges over the sides of their boxes, in the order
// of what they lead to.
func (s *layers) ports() {
	type end struct {
		offset *float64
		to     float64
	}
	sides := make(map[[2]int][]end)
	for i := range s.links {
		e := &s.links[i]
		c := e.chain
		sides[[2]int{e.from, 0}] = append(sides[[2]int{e.from, 0}], end{&e.first, s.vertices[c[1]].at})
		sides[[2]int{e.to, 1}] = append(sides[[2]int{e.to, 1}], end{&e.last, s.vertices[c[len(c)-2]].at})
	}
	for key, ends := range sides {
		slices.SortStableFunc(ends, func(a, b end) int { return cmp.Compare(a.to, b.to) })
		n := float64(len(ends))
		step := min(portStep, s.vertices[key[0]].across*0.7/n)
		for i, e := range ends {
			*e.offset = (float64(i) - (n-1)/2) * step
		}
	}
}

// depth is where each layer begins along the edges, and how thick it is. The
// gap before a layer is wider where edges go far aside, or have labels.
func (s *layers) depth(leftToRight bool) (begin, thick []float64) {
	n := len(s.rows)
	begin, thick = make([]float64, n), make([]float64, n)
	aside, labels := make([]float64, n), make([]float64, n)
	for _, v := range s.vertices {
		thick[v.layer] = max(thick[v.layer], v.along)
		for _, up := range v.up {
			aside[v.layer] = max(aside[v.layer], math.Abs(v.at-s.vertices[up].at))
		}
	}
	rows := s.labelRows()
	for i, e := range s.links {
		if e.Label == "" {
			continue
		}
		room := float64(rows[i]+1) * labelStep
		if leftToRight {
			room = textWidth(e.Label, labelSize, false) + 8
		}
		layer := s.vertices[e.to].layer
		labels[layer] = max(labels[layer], room)
	}
	for i := 1; i < n; i++ {
		begin[i] = begin[i-1] + thick[i-1] + layerGap + min(60, aside[i]*0.08) + labels[i]
	}
	return begin, thick
}

// labelRows stacks labels before a layer that would stand over each other.
func (s *layers) labelRows() []int {
	rows := make([]int, len(s.links))
	byLayer := make(map[int][]int)
	for i, e := range s.links {
		if e.Label != "" {
			layer := s.vertices[e.to].layer
			byLayer[layer] = append(byLayer[layer], i)
		}
	}
	at := func(i int) float64 { return s.vertices[s.links[i].to].at + s.links[i].last }
	for _, list := range byLayer {
		slices.SortStableFunc(list, func(a, b int) int { return cmp.Compare(at(a), at(b)) })
		var ends []float64
		for _, i := range list {
			half := textWidth(s.links[i].Label, labelSize, false)/2 + 6
			row := slices.IndexFunc(ends, func(end float64) bool { return end <= at(i)-half })
			if row < 0 {
				row = len(ends)
				ends = append(ends, 0)
			}
			ends[row], rows[i] = at(i)+half, row
		}
	}
	return rows
}

// route is the line of an edge: straight where it passes a layer, a curve
// between layers.
func (s *layers) route(e *link, begin, thick []float64, to func(along, across float64) point) *route {
	r := &route{Edge: e.Edge}
	for i, c := range e.chain {
		v := s.vertices[c]
		top, bottom := begin[v.layer], begin[v.layer]+thick[v.layer]
		switch i {
		case 0:
			r.points = append(r.points, to((top+bottom+v.along)/2, v.at+e.first), to(bottom, v.at+e.first))
		case len(e.chain) - 1:
			r.points = append(r.points, to(top, v.at+e.last), to((top+bottom-v.along)/2, v.at+e.last))
		default:
			r.points = append(r.points, to(top, v.at), to(bottom, v.at))
		}
	}
	if e.back {
		slices.Reverse(r.points)
	}
	return r
}

// last is the curve before the end of an edge.
func (r *route) last() (from, to point) {
	n := len(r.points)
	return r.points[n-3], r.points[n-2]
}

// labelsAbove puts labels where edges from above end.
func (s *layers) labelsAbove(routes []*route, begin []float64) {
	rows := s.labelRows()
	for i, r := range routes {
		if r.Label == "" {
			continue
		}
		from, to := r.last()
		if s.links[i].back {
			r.label = point{(from.x + to.x) / 2, (from.y + to.y) / 2}
			continue
		}
		y := begin[s.vertices[s.links[i].to].layer] - 16 - float64(rows[i])*labelStep
		y = max(y, from.y)
		r.label = point{onCurve(from.y, to.y, from.x, to.x, y), y}
	}
}

// labelsBeside puts labels where edges from the left end.
func (s *layers) labelsBeside(routes []*route) {
	for i, r := range routes {
		if r.Label == "" {
			continue
		}
		from, to := r.last()
		if s.links[i].back {
			r.label = point{(from.x + to.x) / 2, (from.y + to.y) / 2}
			continue
		}
		x := max(to.x-16-textWidth(r.Label, labelSize, false)/2, from.x)
		r.label = point{x, onCurve(from.x, to.x, from.y, to.y, x)}
	}
}

// onCurve is how far aside a curve is that leads from a0 to a1 along, and from
// b0 to b1 aside, at a place between.
func onCurve(a0, a1, b0, b1, at float64) float64 {
	middle := (a0 + a1) / 2
	cubic := func(t, p0, p1, p2, p3 float64) float64 {
		u := 1 - t
		return u*u*u*p0 + 3*u*u*t*p1 + 3*u*t*t*p2 + t*t*t*p3
	}
	low, high := 0.0, 1.0
	for range 20 {
		t := (low + high) / 2
		if cubic(t, a0, middle, middle, a1) < at {
			low = t
		} else {
			high = t
		}
	}
	return cubic(low, b0, b0, b1, b1)
}
