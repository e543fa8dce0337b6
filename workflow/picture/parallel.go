package picture

import (
	"fmt"
	"slices"
	"strings"
)

// worthAFrame reports whether n tasks with the same neighbours are easier to
// read in a frame that has their edges. It is for what saves ten edges or
// more: a diamond stays one, sixty tasks between two others become a grid.
func worthAFrame(n, neighbours int) bool { return (n-1)*neighbours >= 10 }

// hubEdges is how many edges on one side make a task one that many others
// meet at.
const hubEdges = 8

// frames finds tasks that wait for the same, and that the same wait for, and
// then chains of tasks of which that is true. It returns for each task the
// number of its frame, or -1.
func frames(tasks []call, byName map[string]int) []int {
	f := &framing{of: make([]int, len(tasks)), before: make([][]neighbour, len(tasks)), after: make([][]neighbour, len(tasks))}
	for i, c := range tasks {
		f.of[i] = -1
		for _, w := range c.waits {
			if j, ok := byName[w.task]; ok && j != i {
				f.before[i] = append(f.before[i], neighbour{j, w.label})
				f.after[j] = append(f.after[j], neighbour{i, w.label})
			}
		}
	}
	single := make([][]int, len(tasks))
	for i := range tasks {
		single[i] = []int{i}
	}
	f.frame(single)
	f.frame(f.chains())
	return f.of
}

type framing struct {
	of            []int
	before, after [][]neighbour
	made          int
}

// neighbour is a task at the other end of an edge, and the edge's label.
type neighbour struct {
	task  int
	label string
}

// frame puts those parts into frames that have the same neighbours.
func (f *framing) frame(parts [][]int) {
	alike := make(map[string][][]int)
	edges := make(map[string]int)
	var order []string
	for _, part := range parts {
		in, okIn := f.common(part, f.before)
		out, okOut := f.common(part, f.after)
		if !okIn || !okOut {
			continue
		}
		key := strings.Join(in, " ") + " | " + strings.Join(out, " ")
		if alike[key] == nil {
			order = append(order, key)
		}
		alike[key] = append(alike[key], part)
		edges[key] = len(in) + len(out)
	}
	for _, key := range order {
		if !worthAFrame(len(alike[key]), edges[key]) {
			continue
		}
		for _, part := range alike[key] {
			for _, i := range part {
				f.of[i] = f.made
			}
		}
		f.made++
	}
}

// common returns the neighbours that a part has outside of it on one side. It
// has some in common only if each of its tasks either has exactly these, or
// neighbours inside alone: a frame would say something else of the others.
func (f *framing) common(part []int, side [][]neighbour) (keys []string, ok bool) {
	first := true
	for _, i := range part {
		var here []string
		inside := 0
		for _, n := range side[i] {
			if slices.Contains(part, n.task) {
				inside++
				continue
			}
			here = append(here, fmt.Sprintf("%d %q", n.task, n.label))
		}
		switch {
		case inside > 0 && len(here) > 0:
			return nil, false
		case inside > 0:
			continue
		}
		slices.Sort(here)
		if !first && !slices.Equal(keys, here) {
			return nil, false
		}
		keys, first = here, false
	}
	return keys, true
}

// mostChain is how many tasks a chain has that may repeat: the search for its
// neighbours grows with the square of it.
const mostChain = 50

// chains are what is left in one piece without the hubs and what has a frame
// already.
func (f *framing) chains() [][]int {
	apart := func(i int) bool { return f.of[i] >= 0 || len(f.before[i]) >= hubEdges || len(f.after[i]) >= hubEdges }
	seen := make([]bool, len(f.of))
	var out [][]int
	for start := range f.of {
		if seen[start] || apart(start) {
			continue
		}
		seen[start] = true
		part := []int{start}
		for k := 0; k < len(part); k++ {
			for _, n := range slices.Concat(f.before[part[k]], f.after[part[k]]) {
				if !seen[n.task] && !apart(n.task) {
					seen[n.task] = true
					part = append(part, n.task)
				}
			}
		}
		if len(part) <= mostChain {
			out = append(out, part)
		}
	}
	return out
}
