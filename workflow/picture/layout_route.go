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
	begin, thick := s.depth()
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
// gap before a layer is wider where edges go far aside.
func (s *layers) depth() (begin, thick []float64) {
	n := len(s.rows)
	begin, thick = make([]float64, n), make([]float64, n)
	aside := make([]float64, n)
	for _, v := range s.vertices {
		thick[v.layer] = max(thick[v.layer], v.along)
		for _, up := range v.up {
			aside[v.layer] = max(aside[v.layer], math.Abs(v.at-s.vertices[up].at))
		}
	}
	for i := 1; i < n; i++ {
		gap := layerGap
		if s.labelled[i] || s.labelled[i-1] {
			gap = layerGap / 2
		}
		begin[i] = begin[i-1] + thick[i-1] + gap + min(60, aside[i]*0.08)
	}
	return begin, thick
}

// route is the line of an edge: straight where it passes a layer, a curve
// between layers.
func (s *layers) route(e *link, begin, thick []float64, to func(along, across float64) point) *route {
	r := &route{Edge: e.Edge}
	for i, c := range e.chain {
		v := s.vertices[c]
		if s.labelled[v.layer] && v.across == 0 {
			continue // there is no box to go around
		}
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
	// A label stands on the lane before the end, or in the middle of an edge
	// that has no lanes.
	n := len(r.points)
	a, b := r.points[n-4], r.points[n-3]
	if n == 4 {
		a, b = r.points[1], r.points[2]
	}
	r.label = point{(a.x + b.x) / 2, (a.y + b.y) / 2}
	if e.back {
		slices.Reverse(r.points)
	}
	return r
}
