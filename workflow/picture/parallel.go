package picture

import (
	"slices"
	"strings"
)

// worthAFrame reports whether n tasks with the same neighbours are easier to
// read in a frame that has their edges. It is for what saves ten edges or
// more: a diamond stays one, sixty tasks between two others become a grid.
func worthAFrame(n, neighbours int) bool { return (n-1)*neighbours >= 10 }

// twins finds tasks that wait for the same, and that the same wait for. It
// returns for each task the number of its frame, or -1.
func twins(tasks []call, byName map[string]int) []int {
	after := make([][]string, len(tasks))
	for _, c := range tasks {
		for _, w := range c.waits {
			if j, ok := byName[w.task]; ok {
				after[j] = append(after[j], c.name+"\x00"+w.label)
			}
		}
	}
	alike := make(map[string][]int)
	var order []string
	for i, c := range tasks {
		if c.onExit != "" || len(c.hooks) > 0 {
			continue // its hooks are drawn beside it
		}
		var key []string
		for _, w := range c.waits {
			key = append(key, w.task+"\x00"+w.label)
		}
		slices.Sort(key)
		neighbours := strings.Join(key, "\x01") + "\x02" + strings.Join(after[i], "\x01")
		if _, ok := alike[neighbours]; !ok {
			order = append(order, neighbours)
		}
		alike[neighbours] = append(alike[neighbours], i)
	}
	frames := make([]int, len(tasks))
	for i := range frames {
		frames[i] = -1
	}
	for number, neighbours := range order {
		members := alike[neighbours]
		first := members[0]
		if !worthAFrame(len(members), len(tasks[first].waits)+len(after[first])) {
			continue
		}
		for _, i := range members {
			frames[i] = number
		}
	}
	return frames
}
