package argo

import (
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// graph is the tasks of a DAG, or the steps of a steps template.
type graph struct {
	word  string // "tasks" or "steps"
	nodes []node
	index map[string]int
	// ancestors are bit sets, made when the first task refers to one that it
	// has no direct edge to.
	ancestors [][]uint64
	order     []int32 // dependencies first; without the tasks in cycles
	proposed  int
}

type node struct {
	name string
	// tmpl is what runs, nil if that is not known.
	tmpl *wfv1.Template
	// list: its outputs are lists. loop: it runs once for each of something.
	list, loop bool
	deps       []int32
	group      int
	cyclic     bool
}

func (g *graph) has(name string) bool {
	if g == nil {
		return false
	}
	_, ok := g.index[name]
	return ok
}

// like proposes the task that a misspelt name was probably meant to be.
func (g *graph) like(name string) string {
	if g.proposed++; g.proposed > maxProposals {
		return ""
	}
	names := make([]string, len(g.nodes))
	for i := range g.nodes {
		names[i] = g.nodes[i].name
	}
	return like(name, names)
}

// precedes reports whether a has surely ended when b starts.
func (g *graph) precedes(a, b int) bool {
	if g.word == "steps" {
		return g.nodes[a].group < g.nodes[b].group
	}
	for _, d := range g.nodes[b].deps {
		if int(d) == a {
			return true
		}
	}
	if len(g.nodes[b].deps) == 0 {
		return false
	}
	if g.nodes[b].cyclic || g.nodes[a].cyclic {
		return true // the cycle is the problem
	}
	if len(g.nodes) > maxBitsets {
		return g.walkTo(a, b)
	}
	if g.ancestors == nil {
		g.collectAncestors()
	}
	return g.ancestors[b][a/64]&(1<<(a%64)) != 0
}

// maxBitsets bounds the memory of the sets: 16,384 tasks are 32 MiB.
const maxBitsets = 1 << 14

func (g *graph) collectAncestors() {
	words := (len(g.nodes) + 63) / 64
	all := make([]uint64, words*len(g.nodes))
	g.ancestors = make([][]uint64, len(g.nodes))
	for i := range g.nodes {
		g.ancestors[i] = all[i*words : (i+1)*words]
	}
	for _, i := range g.order {
		set := g.ancestors[i]
		for _, d := range g.nodes[i].deps {
			set[d/64] |= 1 << (d % 64)
			for w, bits := range g.ancestors[d] {
				set[w] |= bits
			}
		}
	}
}

// walkTo looks for a among the ancestors of b.
func (g *graph) walkTo(a, b int) bool {
	seen := make([]bool, len(g.nodes))
	for todo := []int32{int32(b)}; len(todo) > 0; {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, d := range g.nodes[i].deps {
			if int(d) == a {
				return true
			}
			if !seen[d] {
				seen[d] = true
				todo = append(todo, d)
			}
		}
	}
	return false
}

// sort puts the tasks in an order where dependencies come first, and returns
// the cycles that it can't, each from its first task.
func (g *graph) sort() [][]int32 {
	waits := make([]int, len(g.nodes))
	heads, start := g.reversed()
	for i := range g.nodes {
		waits[i] = len(g.nodes[i].deps)
	}
	g.order = make([]int32, 0, len(g.nodes))
	for i, n := range waits {
		if n == 0 {
			g.order = append(g.order, int32(i))
		}
	}
	for at := 0; at < len(g.order); at++ {
		for _, h := range heads[start[g.order[at]]:start[g.order[at]+1]] {
			if waits[h]--; waits[h] == 0 {
				g.order = append(g.order, h)
			}
		}
	}
	return g.cycles(waits)
}

// reversed lists who waits for each task: those of task i are
// heads[start[i]:start[i+1]].
func (g *graph) reversed() (heads, start []int32) {
	start = make([]int32, len(g.nodes)+2)
	for i := range g.nodes {
		for _, d := range g.nodes[i].deps {
			start[d+2]++
		}
	}
	for i := 1; i < len(start); i++ {
		start[i] += start[i-1]
	}
	heads = make([]int32, start[len(start)-1])
	for i := range g.nodes {
		for _, d := range g.nodes[i].deps {
			heads[start[d+1]] = int32(i)
			start[d+1]++
		}
	}
	return heads, start
}

// cycles follows, from each task that still waits, the first that it waits for.
func (g *graph) cycles(waits []int) [][]int32 {
	var found [][]int32
	walk := make([]int, len(g.nodes)) // the walk that came by, from 1
	for i := range g.nodes {
		if waits[i] == 0 {
			continue
		}
		g.nodes[i].cyclic = true
		var path []int32
		at := int32(i)
		for walk[at] == 0 {
			walk[at] = i + 1
			path = append(path, at)
			for _, d := range g.nodes[at].deps {
				if waits[d] > 0 {
					at = d
					break
				}
			}
		}
		if walk[at] != i+1 {
			continue
		}
		for path[0] != at {
			path = path[1:]
		}
		found = append(found, path)
	}
	return found
}

// writeCycle names the tasks of a cycle, the first again at the end. Long ones
// are cut.
func (g *graph) writeCycle(cycle []int32) string {
	names := make([]string, 0, 9)
	for i, t := range cycle {
		if i == 8 {
			names = append(names, "…")
			break
		}
		names = append(names, g.nodes[t].name)
	}
	return strings.Join(append(names, g.nodes[cycle[0]].name), " → ")
}
