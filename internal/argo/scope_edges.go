package argo

import (
	"cmp"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// reservedWords have a meaning in the expressions that Argo makes of depends
// and dependencies.
var reservedWords = []string{"in", "not", "and", "or", "let", "if", "else", "nil", "true", "false", "matches", "contains", "startsWith", "endsWith"}

// Reserved reports whether a word is one of these.
func Reserved(word string) bool { return slices.Contains(reservedWords, word) }

// edges reads what the tasks of a DAG wait for.
func (r *resolver) edges(at *place, t *wfv1.Template, g *graph, tasks []*task) {
	d := t.DAG
	if len(d.Tasks) == 0 {
		r.report(RuleTemplate, at.field("dag").field("tasks").String(), "add a task", "a DAG without tasks")
	}
	depends := slices.ContainsFunc(d.Tasks, func(t wfv1.DAGTask) bool { return t.Depends != "" })
	awaited := make([]bool, len(tasks))
	for i, s := range tasks {
		if depends {
			r.mixed(s)
		}
		if s.dag.Depends != "" {
			r.depends(s.at.field("depends"), g, i, s.dag.Depends)
		} else {
			r.dependencies(s.at.field("dependencies"), g, i, s.dag.Dependencies)
		}
		for _, e := range g.nodes[i].deps {
			awaited[e] = true
		}
	}
	for i, s := range tasks {
		r.awaitable(s, depends || len(s.dag.Dependencies) > 0, awaited[i])
	}
	for _, cycle := range g.sort() {
		r.report(RuleGraph, tasks[cycle[0]].at.String(), "take out one of the edges", "the tasks wait for each other: %s", g.writeCycle(cycle))
	}
	r.targets(at.field("dag").field("target"), t, g)
}

// mixed: the two ways to write edges exclude each other, in the whole DAG.
func (r *resolver) mixed(s *task) {
	if len(s.dag.Dependencies) > 0 {
		r.report(RuleGraph, s.at.field("dependencies").String(), "write all edges with depends", "a DAG has depends or dependencies, not both")
	}
	if s.dag.ContinueOn != nil {
		r.report(RuleGraph, s.at.field("continueOn").String(), "write task.Failed or task.Errored into depends", "continueOn doesn't work in a DAG with depends")
	}
}

// awaitable: the name of a task that others wait for is part of an expression.
func (r *resolver) awaitable(s *task, edged, awaited bool) {
	switch {
	case s.Name == "":
	case (edged || awaited) && s.Name[0] >= '0' && s.Name[0] <= '9':
		r.report(RuleName, s.at.field("name").String(), "begin it with a letter", "%s begins with a digit, which depends can't take", quoted(s.Name))
	case awaited && Reserved(s.Name):
		r.report(RuleName, s.at.field("name").String(), "rename the task", "%s is a word of the expressions that depends is made into", quoted(s.Name))
	}
}

func (r *resolver) dependencies(at *place, g *graph, i int, names []string) {
	for j, name := range names {
		r.edge(at.item(j), g, i, edge{task: name})
	}
	r.exprSize(at, len(names)*(bareNodes+1))
}

func (r *resolver) depends(at *place, g *graph, i int, text string) {
	size, readable := 0, true
	for _, e := range edges(text) {
		if r.edge(at, g, i, e); e.result == "" {
			size += bareNodes + 1
		} else {
			size += resultNodes + 1
		}
		if e.task[0] <= '9' || Reserved(e.task) {
			readable = false // its name is the problem
		}
	}
	if readable {
		if bad := r.dependsSyntax(text); bad != "" {
			r.report(RuleExpression, at.String(), "join tasks with && and ||", "%s %s", quoted(text), bad)
		}
	}
	r.exprSize(at, size)
}

func (r *resolver) exprSize(at *place, nodes int) {
	if nodes-1 > exprNodes {
		r.report(RuleExpression, at.String(), "put a task between that waits for a part of them", "more tasks than one expression of Argo's can hold")
	}
}

// operators are what words in a depends were meant to be.
var operators = map[string]string{"and": "&&", "or": "||", "not": "!"}

// edge checks one task that another waits for, and keeps it.
func (r *resolver) edge(at *place, g *graph, i int, e edge) {
	to, ok := g.index[e.task]
	if !ok {
		fix := "write " + operators[e.task]
		if operators[e.task] == "" {
			fix = g.like(e.task)
		}
		r.report(RuleGraph, at.String(), fix, "there is no task %s", quoted(e.task))
		return
	}
	if to == i {
		r.report(RuleGraph, at.String(), "take it out", "the task waits for itself")
		return
	}
	if e.result != "" && !slices.Contains(taskResults, e.result) {
		fix := cmp.Or(like(e.result, taskResults), "one of "+strings.Join(taskResults, ", "))
		r.report(RuleGraph, at.String(), fix, "a task has no result %s", e.result)
	}
	if perItem(e.result) && !g.nodes[to].loop {
		r.report(RuleGraph, at.String(), "use Succeeded or Failed", "%s has no loop, and so no %s", e.task, e.result)
	}
	if n := &g.nodes[i]; len(n.deps) > 64 || !slices.Contains(n.deps, int32(to)) {
		n.deps = append(n.deps, int32(to))
	}
}

// targets are the tasks that a DAG is to reach. Argo's validation fills in tags
// with what it knows, and refuses what is then no task.
func (r *resolver) targets(at *place, t *wfv1.Template, g *graph) {
	target := t.DAG.Target
	if target == "" {
		return
	}
	if !r.library && r.byName[r.entrypoint()] == t {
		target = r.filledInputs(target, t)
	}
	target = r.filled(target)
	for _, name := range strings.Split(target, " ") {
		switch {
		case g.has(name):
		case hasTag(name) && substituted(name):
			r.report(RuleGraph, at.String(), "use a parameter of the workflow that has a value", "Argo's validation does not know %s, and takes it for no task", name)
		case !hasTag(name):
			r.report(RuleGraph, at.String(), g.like(name), "there is no task %s", quoted(name))
		}
	}
}

// filledInputs puts the values that the first template gets from the workflow
// in place of its inputs.
func (r *resolver) filledInputs(text string, t *wfv1.Template) string {
	out, _ := replaceTags(text, func(_ int, tag tag) string {
		name, ok := strings.CutPrefix(strings.TrimSpace(tag.text), "inputs.parameters.")
		in := t.Inputs.GetParameterByName(name)
		if !ok || in == nil {
			return "{{" + tag.text + "}}"
		}
		for _, p := range []*wfv1.Parameter{r.Spec.Arguments.GetParameterByName(name), in} {
			if p != nil && p.Value != nil {
				return p.Value.String()
			}
		}
		if in.Default != nil {
			return in.Default.String()
		}
		return "{{" + tag.text + "}}"
	})
	return out
}

// filled puts the workflow's own values in place of its parameters, as Argo's
// validation does.
func (r *resolver) filled(text string) string {
	if !hasTag(text) {
		return text
	}
	out, _ := replaceTags(text, func(_ int, t tag) string {
		if name, ok := strings.CutPrefix(strings.TrimSpace(t.text), "workflow.parameters."); ok {
			if p := r.Spec.Arguments.GetParameterByName(name); p != nil && p.Value != nil {
				return p.Value.String()
			}
		}
		return "{{" + t.text + "}}"
	})
	return out
}
