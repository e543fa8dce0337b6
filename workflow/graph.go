package workflow

import (
	"fmt"
	"slices"
	"strings"

	"github.com/millrace/millrace"
)

// graph checks names and edges, in time linear in both.
func (c *check) graph() {
	tasks := c.template.Tasks
	if len(tasks) == 0 {
		c.Required("Tasks", "add a task")
	}
	index := make(map[*Task]int, len(tasks))
	names := make(map[string]int, len(tasks))
	for i, t := range tasks {
		field := at("Tasks", i)
		if t == nil {
			c.Required(field, "it is nil: leave it out")
			continue
		}
		if first, ok := index[t]; ok {
			c.Add(millrace.RuleDuplicate, field, fmt.Sprintf("it is the same task as Tasks[%d]", first), "list every task once")
			continue
		}
		index[t] = i
		c.taskName(field+".Name", t.Name)
		// Argo writes '_' for '-' when it evaluates what a task waits for.
		key := strings.ReplaceAll(t.Name, "-", "_")
		if first, ok := names[key]; ok && t.Name != "" {
			c.Add(millrace.RuleDuplicate, field+".Name", fmt.Sprintf("to Argo it is the name of Tasks[%d] too", first), "rename one of them")
			continue
		}
		names[key] = i
	}
	edges := make([][]edge, len(tasks))
	for i, t := range tasks {
		if t == nil || index[t] != i {
			continue
		}
		edges[i] = c.edges(i, t, index)
	}
	c.cycles(edges)
}

// taskName checks the name of a task, which is also the name of its template
// and goes into the names of pods and objects.
func (c *check) taskName(field, name string) {
	switch {
	case exprWords[name]:
		c.Invalid(field, name, "it is a word of the expressions with which Argo decides what starts next", "use a longer name")
	case name != "" && name[0] >= '0' && name[0] <= '9':
		c.Invalid(field, name, "the expressions with which Argo decides what starts next can't begin a name with a digit", "begin it with a letter")
	default:
		c.LabelName(field, name)
	}
}

// edge is one entry of a task's After.
type edge struct {
	to, entry int
}

// edges checks the After of one task and returns what of it leads to others.
func (c *check) edges(i int, t *Task, index map[*Task]int) []edge {
	out := make([]edge, 0, len(t.After))
	seen := make(map[*Task]bool, len(t.After))
	for j, before := range t.After {
		field := fmt.Sprintf("Tasks[%d].After[%d]", i, j)
		if before == nil {
			c.Required(field, "it is nil: leave it out")
			continue
		}
		to, listed := index[before]
		switch {
		case before == t:
			c.Add(millrace.RuleCycle, field, fmt.Sprintf("%s waits for itself", t.Name), "leave it out")
		case !listed:
			c.Add(ruleUnknown, field, fmt.Sprintf("the task %q is not in Tasks", before.Name), "add it there")
		case seen[before]:
			c.Add(millrace.RuleDuplicate, field, fmt.Sprintf("%s is in the list already", before.Name), "leave it out")
		default:
			out = append(out, edge{to, j})
		}
		seen[before] = true
	}
	return out
}

// cycles reports every edge that closes a cycle. It keeps its own stack: a
// chain of tasks may be longer than a program wants to recurse.
func (c *check) cycles(edges [][]edge) {
	const (
		untouched = iota
		open
		done
	)
	state := make([]uint8, len(edges))
	next := make([]int, len(edges))
	var path []int
	for start := range edges {
		if state[start] != untouched {
			continue
		}
		path, state[start] = append(path[:0], start), open
		for len(path) > 0 {
			at := path[len(path)-1]
			if next[at] == len(edges[at]) {
				state[at], path = done, path[:len(path)-1]
				continue
			}
			e := edges[at][next[at]]
			next[at]++
			switch state[e.to] {
			case untouched:
				state[e.to], path = open, append(path, e.to)
			case open:
				c.Add(millrace.RuleCycle, fmt.Sprintf("Tasks[%d].After[%d]", at, e.entry),
					"the tasks wait for each other: "+c.circle(path, e.to), "remove one of the edges")
			}
		}
	}
}

// circle names the tasks of a cycle that ends the path and closes at first,
// and leaves out the middle of long ones.
func (c *check) circle(path []int, first int) string {
	const most = 8
	var names []string
	for i := len(path) - 1; i >= 0; i-- {
		if len(names) == most {
			names = append(names, "…")
			break
		}
		names = append(names, c.template.Tasks[path[i]].Name)
		if path[i] == first {
			break
		}
	}
	slices.Reverse(names)
	names = append(names, c.template.Tasks[first].Name)
	return strings.Join(names, " after ")
}
