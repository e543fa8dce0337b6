package picture

import (
	"math"
	"slices"
)

// A part with edges is drawn in layers, as Sugiyama, Tagawa and Toda do it:
// every edge leads from a layer to a later one; what is longer passes the
// layers between on lanes of its own, so that no line crosses a box; the order
// in the layers is the one with fewest crossings that a few sweeps find.

// vertex is a box in its layer, or a lane for an edge that passes it. Along is
// the way of the edges, across the way of the layer.
type vertex struct {
	box           *box // nil for a lane
	layer         int
	along, across float64 // sizes
	at            float64 // the middle, across
	up, down      []int   // neighbours in the layers before and after
}

// link is an edge as the layers have it.
type link struct {
	Edge
	from, to int
	back     bool  // it closes a circle, and leads to an earlier layer
	chain    []int // from, the lanes, to; in the order of the layers
	// Where it leaves the middle of the first and the last of the chain.
	first, last float64
}

type layers struct {
	vertices []vertex
	links    []link
	rows     [][]int      // the vertices of each layer, in their order
	labelled map[int]bool // layers that only hold labels
}

// layered draws a part with edges.
func (l *layout) layered(p *part) *block {
	s := newLayers(p, l.leftToRight)
	s.rank()
	s.narrow()
	s.labels()
	s.lanes(l.leftToRight)
	s.sort()
	s.place()
	return s.block(p, l.leftToRight)
}

func newLayers(p *part, leftToRight bool) *layers {
	s := &layers{labelled: make(map[int]bool)}
	at := make(map[string]int, len(p.boxes))
	for i, b := range p.boxes {
		at[b.id] = i
		v := vertex{box: b, along: b.h, across: b.w}
		if leftToRight {
			v.along, v.across = b.w, b.h
		}
		s.vertices = append(s.vertices, v)
	}
	for _, e := range p.edges {
		s.links = append(s.links, link{Edge: e, from: at[e.From], to: at[e.To]})
	}
	return s
}

// rank puts every vertex behind all that lead to it. Where they lead in a
// circle, the one that the workflow names first begins it.
func (s *layers) rank() {
	n := len(s.vertices)
	out, missing := make([][]int, n), make([]int, n)
	for i, e := range s.links {
		out[e.from] = append(out[e.from], i)
		missing[e.to]++
	}
	done := make([]bool, n)
	var order, ready []int
	for i, m := range missing {
		if m == 0 {
			ready = append(ready, i)
		}
	}
	for first := 0; len(order) < n; {
		if len(ready) == 0 {
			for done[first] {
				first++
			}
			ready = append(ready, first)
		}
		v := ready[0]
		ready = ready[1:]
		if done[v] {
			continue
		}
		done[v] = true
		order = append(order, v)
		for _, i := range out[v] {
			e := &s.links[i]
			if done[e.to] {
				e.back = true
				e.from, e.to = e.to, e.from
				continue
			}
			s.vertices[e.to].layer = max(s.vertices[e.to].layer, s.vertices[v].layer+1)
			if missing[e.to]--; missing[e.to] == 0 {
				ready = append(ready, e.to)
			}
		}
	}
	s.pull(order)
}

// pull moves what has more edges forward than back next to what follows.
func (s *layers) pull(order []int) {
	slack := make([]int, len(s.vertices))
	forward := make([]int, len(s.vertices))
	out := make([][]int, len(s.vertices))
	for i := range slack {
		slack[i] = math.MaxInt
	}
	for _, e := range s.links {
		forward[e.from]++
		forward[e.to]--
		out[e.from] = append(out[e.from], e.to)
	}
	for _, v := range slices.Backward(order) {
		if forward[v] <= 0 {
			continue
		}
		next := math.MaxInt
		for _, to := range out[v] {
			next = min(next, s.vertices[to].layer)
		}
		s.vertices[v].layer = max(s.vertices[v].layer, next-1)
	}
}

// narrow breaks layers up that would make the picture much wider than high.
func (s *layers) narrow() {
	s.collect()
	area, across := 0.0, 0.0
	for _, v := range s.vertices {
		area += (v.across + boxGap) * (v.along + layerGap)
		across = max(across, v.across)
	}
	most := max(math.Sqrt(area)*2.2, 6*across)
	shift := 0
	for _, row := range s.rows {
		width := 0.0
		for i, v := range row {
			width += s.vertices[v].across + boxGap
			if i > 0 && width > most {
				width = s.vertices[v].across
				shift++
			}
			s.vertices[v].layer += shift
		}
	}
	s.collect()
}

// collect fills the rows by layer.
func (s *layers) collect() {
	s.rows = nil
	for i, v := range s.vertices {
		for len(s.rows) <= v.layer {
			s.rows = append(s.rows, nil)
		}
		s.rows[v.layer] = append(s.rows[v.layer], i)
	}
}

// mostLanes bounds the work for graphs with many long edges. The longest of
// them go straight then, whatever they cross.
const mostLanes = 6000

// labels puts a layer for labels before each that edges with labels end at.
func (s *layers) labels() {
	needed := make([]bool, len(s.rows))
	for _, e := range s.links {
		if e.Label != "" {
			needed[s.vertices[e.to].layer] = true
		}
	}
	later := make([]int, len(s.rows))
	for i, n := 0, 0; i < len(later); i++ {
		if needed[i] {
			s.labelled[i+n] = true
			n++
		}
		later[i] = i + n
	}
	for i := range s.vertices {
		s.vertices[i].layer = later[s.vertices[i].layer]
	}
	s.collect()
}

// lanes divides edges into pieces that lead from one layer to the next.
func (s *layers) lanes(leftToRight bool) {
	var spans []int
	for _, e := range s.links {
		spans = append(spans, s.vertices[e.to].layer-s.vertices[e.from].layer-1)
	}
	slices.Sort(spans)
	longest, sum := math.MaxInt, 0
	for _, span := range spans {
		if sum += span; sum > mostLanes {
			longest = span - 1
			break
		}
	}
	for i := range s.links {
		e := &s.links[i]
		e.chain = append(e.chain, e.from)
		from, to := s.vertices[e.from].layer, s.vertices[e.to].layer
		if to-from-1 <= longest {
			for layer := from + 1; layer < to; layer++ {
				s.rows[layer] = append(s.rows[layer], len(s.vertices))
				e.chain = append(e.chain, len(s.vertices))
				s.vertices = append(s.vertices, vertex{layer: layer})
			}
		}
		if last := e.chain[len(e.chain)-1]; e.Label != "" && last != e.from {
			v := &s.vertices[last]
			v.along, v.across = labelStep, textWidth(e.Label, labelSize, false)+8
			if leftToRight {
				v.along, v.across = v.across, v.along
			}
		}
		e.chain = append(e.chain, e.to)
		if len(e.chain) != to-from+1 {
			continue // straight, and without a say in the order
		}
		for j := 1; j < len(e.chain); j++ {
			a, b := e.chain[j-1], e.chain[j]
			s.vertices[a].down = append(s.vertices[a].down, b)
			s.vertices[b].up = append(s.vertices[b].up, a)
		}
	}
}
