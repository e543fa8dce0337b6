package picture

import "math"

// passes is how often every layer is moved towards its neighbours.
const passes = 14

// place finds the places across, in the order that the layers have.
func (s *layers) place() {
	for _, row := range s.rows {
		x := 0.0
		for i, v := range row {
			if i > 0 {
				x += s.apart(row[i-1], v)
			}
			s.vertices[v].at = x
		}
		for _, v := range row {
			s.vertices[v].at -= x / 2
		}
	}
	for i := range passes {
		last := i >= passes-2
		for j := range s.rows {
			if i%2 == 0 {
				s.settle(s.rows[j], true, last)
			} else {
				s.settle(s.rows[len(s.rows)-1-j], last, true)
			}
		}
	}
}

// apart is how far the middles of two neighbours are apart at least.
func (s *layers) apart(a, b int) float64 {
	gap := boxGap
	if s.vertices[a].box == nil || s.vertices[b].box == nil {
		gap = laneGap
	}
	return (s.vertices[a].across+s.vertices[b].across)/2 + gap
}

// run is a piece of a layer whose vertices stand as close as they may.
type run struct {
	sum, weight float64
	size        int
}

// settle moves the vertices of a layer as close to the middle of their
// neighbours as their order and sizes let them: the sum of the squares of
// what is missing is the least that there is. Lanes have more weight, so that
// long edges become straight.
func (s *layers) settle(row []int, up, down bool) {
	var runs []run
	offset := 0.0
	for i, v := range row {
		if i > 0 {
			offset += s.apart(row[i-1], v)
		}
		want, weight := s.wanted(v, up, down)
		r := run{(want - offset) * weight, weight, 1}
		for len(runs) > 0 {
			before := runs[len(runs)-1]
			if before.sum/before.weight < r.sum/r.weight {
				break
			}
			r.sum, r.weight, r.size = r.sum+before.sum, r.weight+before.weight, r.size+before.size
			runs = runs[:len(runs)-1]
		}
		runs = append(runs, r)
	}
	i, offset := 0, 0.0
	for _, r := range runs {
		for range r.size {
			if i > 0 {
				offset += s.apart(row[i-1], row[i])
			}
			s.vertices[row[i]].at = r.sum/r.weight + offset
			i++
		}
	}
}

// wanted is where the neighbours of a vertex would have it.
func (s *layers) wanted(v int, up, down bool) (at, weight float64) {
	me := &s.vertices[v]
	const still = 0.01
	sum, weight := me.at*still, still
	add := func(neighbours []int) {
		for _, n := range neighbours {
			w := 1.0
			if me.box == nil {
				w *= 4
			}
			if s.vertices[n].box == nil {
				w *= 4
			}
			sum += s.vertices[n].at * w
			weight += w
		}
	}
	if up {
		add(me.up)
	}
	if down {
		add(me.down)
	}
	if weight == still {
		return me.at, still
	}
	return sum / weight, weight
}

// bounds are the outermost places across.
func (s *layers) bounds() (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range s.vertices {
		low, high = min(low, v.at-v.across/2), max(high, v.at+v.across/2)
	}
	return low, high
}
