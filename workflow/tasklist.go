package workflow

import (
	"fmt"
	"strings"

	"github.com/millrace/millrace"
)

// taskList is the tasks of a DAG, or of steps.
type taskList struct {
	list []*Task
	// fields say where each stands in the builder.
	fields []string
	// groups are the steps' groups that they belong to; nil for a DAG.
	groups []int
	byName map[string]int
	index  map[*Task]int
	// edges lead from each task to those that it waits for.
	edges [][]edge
	// waited tells for each task the last one that was seen to wait for it,
	// counted from one.
	waited []int
	// followed are the tasks after which others start by After, or by what they
	// use: those that ask whether they may go on after a failure.
	followed map[int]bool
}

// edge is a task that another one waits for, and where that is said.
type edge struct {
	to    int
	field string
}

func newTaskList(groups []int) *taskList {
	return &taskList{groups: groups, byName: make(map[string]int), index: make(map[*Task]int), followed: make(map[int]bool)}
}

// variable names a variable of one of the tasks as Argo has it there.
func (l *taskList) variable(rest string) Variable {
	if l.groups != nil {
		return Variable("steps." + rest)
	}
	return Variable("tasks." + rest)
}

// take takes a task in and reports whether it is one.
func (l *taskList) take(c *check, field string, group int, t *Task) bool {
	if t == nil {
		c.Required(field, "it is nil: leave it out")
		return false
	}
	if first, ok := l.index[t]; ok {
		c.Add(millrace.RuleDuplicate, field, fmt.Sprintf("it is the same task as %s", l.fields[first]), "list every task once")
		return false
	}
	if first, ok := c.listed[t]; ok {
		c.Add(millrace.RuleDuplicate, field, fmt.Sprintf("it is the same task as %s", first), "list every task once, or share a Definition")
		return false
	}
	c.listed[t] = field
	c.taskName(field+".Name", t)
	i := len(l.list)
	l.index[t] = i
	l.list, l.fields, l.edges, l.waited = append(l.list, t), append(l.fields, field), append(l.edges, nil), append(l.waited, 0)
	if l.groups != nil {
		l.groups = append(l.groups, group)
	}
	// Argo writes '_' for '-' when it evaluates what a task waits for.
	key := t.Name
	if l.groups == nil {
		key = strings.ReplaceAll(t.Name, "-", "_")
	}
	if first, ok := l.byName[key]; ok && t.Name != "" {
		c.Add(millrace.RuleDuplicate, field+".Name", fmt.Sprintf("to Argo it is the name of %s too", l.fields[first]), "rename one of them")
		c.twice[field+".Name"] = true
		return false
	}
	l.byName[key], l.byName[t.Name] = i, i
	return true
}

// before adds an edge from a task, unless it is there. The edges of one task
// are added before those of the next.
func (l *taskList) before(i int, e edge) (added bool) {
	if l.waited[e.to] == i+1 {
		return false
	}
	l.waited[e.to] = i + 1
	l.edges[i] = append(l.edges[i], e)
	return true
}
