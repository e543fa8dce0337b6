package workflow

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/millrace/millrace"
)

// stepName is what Argo takes for the name of a task.
var stepName = regexp.MustCompile(`^[a-zA-Z0-9][-a-zA-Z0-9]*$`)

// maxStepName: the CRDs of Argo 4 take no longer names.
const maxStepName = 128

// taskName checks the name of a task. Those that create an object give it
// their name.
func (c *check) taskName(field string, t *Task) {
	name := t.Name
	switch {
	case exprWord(name):
		c.Invalid(field, name, "it is a word of the expressions with which Argo decides what starts next", "use a longer name")
	case name != "" && name[0] >= '0' && name[0] <= '9':
		c.Invalid(field, name, "the expressions with which Argo decides what starts next can't begin a name with a digit", "begin it with a letter")
	case !isNil(t.Run):
		c.LabelName(field, name)
	case name == "":
		c.Required(field, "give it a name")
	case !stepName.MatchString(name) || len(name) > maxStepName:
		c.Invalid(field, name, "Argo does not take it for a name", fmt.Sprintf("use at most %d letters, digits and '-'", maxStepName))
	}
}

// waits checks what a task waits for by After and Depends, notes the edges, and
// returns the terms for them.
func (c *check) waits(l *taskList, i int) []string {
	t := l.list[i]
	var terms []string
	for j, before := range t.After {
		field := fmt.Sprintf("%s.After[%d]", l.fields[i], j)
		if before == nil {
			c.Required(field, "it is nil: leave it out")
			continue
		}
		to, ok := c.other(l, t, before, field)
		switch {
		case !ok:
		case !l.before(i, edge{to, field}):
			c.Add(millrace.RuleDuplicate, field, fmt.Sprintf("%s is in the list already", before.Name), "leave it out")
		default:
			l.followed[to] = true
			terms = append(terms, before.done(before.mayBeEmpty()))
		}
	}
	if t.Depends.none() {
		return terms
	}
	field := l.fields[i] + ".Depends"
	for _, before := range t.Depends.tasks() {
		if to, ok := c.other(l, t, before, field); ok {
			l.before(i, edge{to, field})
		}
	}
	return append(terms, t.Depends.depends(c, field))
}

// continued reports what nothing renders: a ContinueOn is part of what others
// wait for, and those that have a Depends say that themselves.
func (c *check) continued(l *taskList) {
	for i, t := range l.list {
		if t.ContinueOn != (ContinueOn{}) && !l.followed[i] {
			c.Unsupported(l.fields[i]+".ContinueOn", "no task comes after it by After or by what it uses, and so nothing goes on",
				"put what goes on After it, or ask for Failed and Errored in its Depends")
		}
	}
}

// other finds a task that another one waits for, and reports what is none.
func (c *check) other(l *taskList, t, before *Task, field string) (i int, ok bool) {
	i, ok = l.index[before]
	switch {
	case before == t:
		c.Add(millrace.RuleCycle, field, fmt.Sprintf("%s waits for itself", t.Name), "leave it out")
		return 0, false
	case !ok:
		c.Add(ruleUnknown, field, fmt.Sprintf("the task %q is not in Tasks", before.Name), "add it there")
	}
	return i, ok
}

// mayBeEmpty reports whether the task has a loop that may have no items. Argo
// then calls it skipped, though nothing was passed over.
func (t *Task) mayBeEmpty() bool {
	if !t.When.none() {
		return false
	}
	if !t.loops() {
		return false
	}
	switch l := t.Loop.(type) {
	case Over, *Over:
		return true
	case Sequence:
		return l.mayBeEmpty()
	case *Sequence:
		return l.mayBeEmpty()
	}
	return false
}

// loops reports whether the task is repeated.
func (t *Task) loops() bool { return !isNil(t.Loop) }

func (l Sequence) mayBeEmpty() bool { return strings.Contains(l.Count, "{{") || l.Count == "0" }

// done is the term that waits for a task as After does. If the task may have
// nothing to do, that is enough.
func (t *Task) done(empty bool) string {
	ends := []string{t.Name + ".Succeeded"}
	if empty {
		ends = append(ends, t.Name+".Skipped")
	}
	if t.daemon() {
		ends = append(ends, t.Name+".Daemoned")
	}
	if t.ContinueOn.Failed {
		ends = append(ends, t.Name+".Failed")
	}
	if t.ContinueOn.Error {
		ends = append(ends, t.Name+".Errored")
	}
	return strings.Join(ends, " || ")
}

// comesAfter reports whether After and Depends of the task, or of those that it
// waits for, name the other one.
func (t *Task) comesAfter(other *Task) bool {
	seen := map[*Task]bool{t: true}
	for open := []*Task{t}; len(open) > 0; {
		last := len(open) - 1
		before := slices.Concat(open[last].After, open[last].Depends.tasks())
		open = open[:last]
		for _, b := range before {
			if b == other {
				return true
			}
			if b != nil && !seen[b] {
				seen[b] = true
				open = append(open, b)
			}
		}
	}
	return false
}

// daemon reports whether the task goes on while what comes after it runs.
func (t *Task) daemon() bool {
	if d, _ := t.Step.(*Definition); d != nil {
		return d.Settings.Daemon || d.Base.Daemon != nil && *d.Base.Daemon
	}
	return t.Settings.Daemon
}

// depends renders what a task waits for: by After and Depends, whose terms are
// given and whose edges are the first ones, and by what it uses of other tasks.
func (c *check) depends(l *taskList, i, said int, terms []string) string {
	for _, e := range l.edges[i][said:] {
		// Plain templates leave out what is said already by way of others.
		if c.template.Plain && l.list[i].comesAfter(l.list[e.to]) {
			continue
		}
		l.followed[e.to] = true
		terms = append(terms, l.list[e.to].done(false)) // without it there is no output
	}
	if len(terms) > 1 {
		for j, term := range terms {
			if strings.Contains(term, "||") {
				terms[j] = "(" + term + ")"
			}
		}
	}
	return strings.Join(terms, " && ")
}

// cycles reports every edge that closes a cycle. It keeps its own stack: a
// chain of tasks may be longer than a program wants to recurse.
func (c *check) cycles(l *taskList) {
	const (
		untouched = iota
		open
		done
	)
	state := make([]uint8, len(l.edges))
	next := make([]int, len(l.edges))
	var path []int
	for start := range l.edges {
		if state[start] != untouched {
			continue
		}
		path, state[start] = append(path[:0], start), open
		for len(path) > 0 {
			at := path[len(path)-1]
			if next[at] == len(l.edges[at]) {
				state[at], path = done, path[:len(path)-1]
				continue
			}
			e := l.edges[at][next[at]]
			next[at]++
			switch state[e.to] {
			case untouched:
				state[e.to], path = open, append(path, e.to)
			case open:
				c.Add(millrace.RuleCycle, e.field, "the tasks wait for each other: "+l.circle(path, e.to), "remove one of the edges")
			}
		}
	}
}

// circle names the tasks of a cycle that ends the path and closes at first,
// and leaves out the middle of long ones.
func (l *taskList) circle(path []int, first int) string {
	const most = 8
	var names []string
	for i := len(path) - 1; i >= 0; i-- {
		if len(names) == most {
			names = append(names, "…")
			break
		}
		names = append(names, l.list[path[i]].Name)
		if path[i] == first {
			break
		}
	}
	slices.Reverse(names)
	names = append(names, l.list[first].Name)
	return strings.Join(names, " after ")
}
