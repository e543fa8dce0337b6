package picture

import (
	"cmp"
	"slices"
)

// sweeps is how often the order in the layers is made anew, each time from the
// other end. More change little.
const sweeps = 10

// sort orders the layers by the middle of their neighbours, and keeps the best
// order that it comes across.
func (s *layers) sort() {
	position := make([]int, len(s.vertices))
	number := func() {
		for _, row := range s.rows {
			for i, v := range row {
				position[v] = i
			}
		}
	}
	number()
	s.first(position)
	number()
	best, fewest := s.copyRows(), s.crossings(position)
	for i := 0; i < sweeps && fewest > 0; i++ {
		down := i%2 == 0
		for j := range s.rows {
			row := s.rows[j]
			if !down {
				row = s.rows[len(s.rows)-1-j]
			}
			s.sortRow(row, position, down)
		}
		if n := s.crossings(position); n < fewest {
			best, fewest = s.copyRows(), n
		}
	}
	s.rows = best
}

// first orders the layers by a walk from the first vertices, which leaves a
// tree without crossings.
func (s *layers) first(position []int) {
	seen := make([]bool, len(s.vertices))
	rows := make([][]int, len(s.rows))
	for _, row := range s.rows {
		for _, start := range row {
			for stack := []int{start}; len(stack) > 0; {
				v := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				if seen[v] {
					continue
				}
				seen[v] = true
				layer := s.vertices[v].layer
				rows[layer] = append(rows[layer], v)
				next := slices.Clone(s.vertices[v].down)
				slices.SortStableFunc(next, func(a, b int) int { return cmp.Compare(position[b], position[a]) })
				stack = append(stack, next...)
			}
		}
	}
	s.rows = rows
}

func (s *layers) copyRows() [][]int {
	out := make([][]int, len(s.rows))
	for i, row := range s.rows {
		out[i] = slices.Clone(row)
	}
	return out
}

// sortRow sorts one layer. What has no neighbours keeps its position.
func (s *layers) sortRow(row []int, position []int, down bool) {
	want := make(map[int]float64, len(row))
	for i, v := range row {
		neighbours := s.vertices[v].up
		if !down {
			neighbours = s.vertices[v].down
		}
		want[v] = float64(i)
		if len(neighbours) == 0 {
			continue
		}
		sum := 0
		for _, n := range neighbours {
			sum += position[n]
		}
		want[v] = float64(sum) / float64(len(neighbours))
	}
	slices.SortStableFunc(row, func(a, b int) int { return cmp.Compare(want[a], want[b]) })
	for i, v := range row {
		position[v] = i
	}
}

// crossings counts the pairs of edges between neighbouring layers that cross.
func (s *layers) crossings(position []int) int {
	total := 0
	for i := 1; i < len(s.rows); i++ {
		var ends []int
		for _, v := range s.rows[i-1] {
			from := len(ends)
			for _, to := range s.vertices[v].down {
				ends = append(ends, position[to])
			}
			slices.Sort(ends[from:])
		}
		total += inversions(ends, len(s.rows[i]))
	}
	return total
}

// inversions counts pairs in the wrong order, with a tree of sums.
func inversions(list []int, size int) int {
	sums := make([]int, size+1)
	total := 0
	for seen, v := range list {
		smaller := 0
		for i := v + 1; i > 0; i -= i & -i {
			smaller += sums[i]
		}
		total += seen - smaller
		for i := v + 1; i <= size; i += i & -i {
			sums[i]++
		}
	}
	return total
}
