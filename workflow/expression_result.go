package workflow

import (
	"fmt"
	"slices"
)

// resultPhases are how the results of tasks read in a task's status. The other
// results are none that a status tells.
var resultPhases = map[string]string{"Succeeded": "Succeeded", "Failed": "Failed", "Errored": "Error", "Skipped": "Skipped", "Omitted": "Omitted"}

// Succeeded is whether the task has ended well. Argo asks again before every
// task that could start; see the other results for what it is not.
func (t *Task) Succeeded() Expression { return t.result("Succeeded") }

// Failed is whether the task has failed by itself: a container that ended with an
// error, a condition for failure that was met.
func (t *Task) Failed() Expression { return t.result("Failed") }

// Errored is whether something else ended the task: its pod was lost or could
// not be made.
func (t *Task) Errored() Expression { return t.result("Errored") }

// Skipped is whether the task did not run because of its When.
func (t *Task) Skipped() Expression { return t.result("Skipped") }

// Omitted is whether the task did not run because what it waits for ended in
// another way.
func (t *Task) Omitted() Expression { return t.result("Omitted") }

// Daemoned is whether the task has become a daemon that is ready. Only Depends
// knows it.
func (t *Task) Daemoned() Expression { return t.result("Daemoned") }

// AnySucceeded is whether at least one item of the task's Loop ended well. Only
// Depends knows it.
func (t *Task) AnySucceeded() Expression { return t.result("AnySucceeded") }

// AllFailed is whether all items of the task's Loop failed. Only Depends knows
// it.
func (t *Task) AllFailed() Expression { return t.result("AllFailed") }

func (t *Task) result(name string) Expression {
	if t == nil {
		return mistake(fmt.Sprintf("it asks whether a task that is nil is %s", name), "leave it out")
	}
	return Expression{&exprNode{op: opResult, kind: kindTruth, text: name, task: t}}
}

// tasks are the tasks whose results it asks for, in the order of the text. Raw
// texts tell none.
func (e Expression) tasks() []*Task {
	var out []*Task
	e.root.walk(func(n *exprNode) {
		if n.op == opResult && !slices.Contains(out, n.task) {
			out = append(out, n.task)
		}
	})
	return out
}

// variables are all variables that it mentions, in the order of the text. A
// result of a task is the task's status. Of a raw text they are those of
// expr-lang, or none if it is in another language.
func (e Expression) variables() []Variable {
	var out []Variable
	add := func(v Variable) {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	e.root.walk(func(n *exprNode) {
		switch n.op {
		case opVariable:
			add(n.variable)
		case opResult:
			if resultPhases[n.text] != "" {
				add(n.task.Status())
			}
		case opRaw:
			found, _ := mentions(n.text)
			for _, m := range found {
				add(m.variable)
			}
		}
	})
	return out
}
