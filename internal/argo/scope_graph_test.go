package argo_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/millrace/millrace/internal/argo"
)

// target is a DAG of one task, a, with an input t.
func target(target, t string) string {
	return strings.Replace(dag("{name: a, template: work}"), "dag:", "inputs: {parameters: [{name: t, value: "+t+"}]}\n  dag:\n    target: '"+target+"'", 1)
}

func TestGraph(t *testing.T) {
	const depends, dependencies = "graph templates[0].dag.tasks[1].depends", "graph templates[0].dag.tasks[1].dependencies[0]"
	after := func(text string) string {
		return dag("{name: a, template: work}", "{name: b, template: work, depends: '"+text+"'}", "{name: c-d, template: work}",
			"{name: l, template: work, withItems: [1]}")
	}
	run(t, []testCase{
		{"all that depends can say", "", after("(a && !c-d.Failed) || a.Succeeded || c-d.Skipped && l.AnySucceeded || l.AllFailed || a.Omitted || a.Errored || a.Daemoned"), nil},
		{"unknown task", "", after("a && x"), []string{depends}},
		{"unknown result", "", after("a.Succeede"), []string{depends}},
		{"small result", "", after("a.succeeded"), []string{depends}},
		{"word as operator", "", after("a and c-d"), []string{depends}},
		{"itself", "", after("b"), []string{depends}},
		{"no loop", "", after("a.AnySucceeded"), []string{depends}},
		{"dependencies", "", dag("{name: a, template: work, continueOn: {failed: true}}", "{name: b, template: work, dependencies: [a]}"), nil},
		{"unknown in dependencies", "", dag("{name: a, template: work}", "{name: b, template: work, dependencies: [x]}"), []string{dependencies}},
		{"depends and dependencies", "", dag("{name: a, template: work}", "{name: b, template: work, dependencies: [a]}", "{name: c, template: work, depends: a}"), []string{"graph templates[0].dag.tasks[1].dependencies"}},
		{"depends and continueOn", "", dag("{name: a, template: work, continueOn: {failed: true}}", "{name: b, template: work, depends: a}"), []string{"graph templates[0].dag.tasks[0].continueOn"}},
		{"cycle", "", dag("{name: z, template: work, depends: b}", "{name: a, template: work, depends: c}", "{name: b, template: work, depends: a}", "{name: c, template: work, depends: b}"), []string{"graph templates[0].dag.tasks[2]"}},
		{"two cycles", "", dag("{name: a, template: work, depends: b}", "{name: b, template: work, depends: a}", "{name: c, template: work, depends: d}", "{name: d, template: work, depends: c}"), []string{"graph templates[0].dag.tasks[0]", "graph templates[0].dag.tasks[2]"}},
		{"target", "", strings.Replace(dag("{name: a, template: work}", "{name: b, template: work}"), "dag:", "dag:\n    target: a b", 1), nil},
		{"unknown target", "", strings.Replace(dag("{name: a, template: work}", "{name: b, template: work}"), "dag:", "dag:\n    target: a c", 1), []string{"graph templates[0].dag.target"}},
		{"target by a parameter", "", "arguments: {parameters: [{name: t, value: c}]}\n" + strings.Replace(dag("{name: a, template: work}"), "dag:", "dag:\n    target: '{{workflow.parameters.t}}'", 1), []string{"graph templates[0].dag.target"}},
		{"target by an input", "", target("{{inputs.parameters.t}}", "a"), nil},
		{"target by an input that names no task", "", target("{{inputs.parameters.t}}", "c"), []string{"graph templates[0].dag.target"}},
		{"target by what is not known before", "", target("{{workflow.name}}", "a"), []string{"graph templates[0].dag.target"}},
		{"target by an expression", "", target("{{=inputs.parameters.t}}", "a"), []string{"graph templates[0].dag.target"}},
	})
}

func TestDependsSyntax(t *testing.T) {
	const at = "expression templates[0].dag.tasks[1].depends"
	for text, want := range map[string]bool{
		"a": true, "a&&c-d": true, "!(a.Failed)": true, "a.Failed ? c-d : a": true, "a.Succeeded == c-d.Succeeded": true,
		"a &&": false, "(a": false, "a)": false, "a c-d": false, "a.Failed.": false, "a & c-d": false, "a || || a": false,
		"a + c-d": false, "a.Succeeded c-d.Failed": false, "[a]": false,
		strings.Repeat("(", 80) + "a" + strings.Repeat(")", 80): true,
		strings.Repeat("(", 80) + "a" + strings.Repeat(")", 79): false,
	} {
		c := testCase{name: text, spec: dag("{name: a, template: work}", "{name: b, template: work, depends: '"+text+"'}", "{name: c-d, template: work}")}
		if !want {
			c.want = []string{at}
		}
		run(t, []testCase{c})
	}
}

// A condition of Argo's is at most as large as expr-lang's default.
func TestDependsSize(t *testing.T) {
	for n, want := range map[int]int{2_500: 0, 2_501: 1} {
		var tasks, names []string
		for i := range n {
			tasks = append(tasks, fmt.Sprintf("{name: a%d, template: work}", i))
			names = append(names, fmt.Sprintf("a%d.Succeeded", i))
		}
		tasks = append(tasks, "{name: b, template: work, depends: '"+strings.Join(names, " && ")+"'}")
		found := argo.Check(argo.Workflow{Kind: "Workflow", Path: "spec", Spec: spec(t, dag(tasks...))})
		if len(found) != want {
			t.Errorf("%d tasks: %v", n, found)
		}
	}
}

// Ten thousand tasks in a circle, or each referring to the first, are no more
// work than others, and nothing recurses over them.
func TestLargeGraphs(t *testing.T) {
	const n = 10_000
	w := large(n, func(i int) []int { return []int{(i + n - 1) % n} })
	if found := names(argo.Check(w)); len(found) != 1 || found[0].Rule != argo.RuleGraph || !strings.Contains(found[0].Detail, "…") {
		t.Errorf("a circle: %d problems: %.3v", len(found), found)
	}
	w = large(n, shapes["chain"])
	for i := range w.Spec.Templates[0].DAG.Tasks[2:] {
		task := &w.Spec.Templates[0].DAG.Tasks[i+2]
		task.When = "{{tasks.extract-0.status}} == Succeeded"
	}
	if found := names(argo.Check(w)); len(found) != 0 {
		t.Errorf("references to the first: %d problems: %.3v", len(found), found)
	}
	w.Spec.Templates[0].DAG.Tasks[5].When = "{{tasks.extract-6.status}} == Succeeded"
	if found := names(argo.Check(w)); len(found) != 1 {
		t.Errorf("reference to the next: %d problems: %.3v", len(found), found)
	}
}

// names are the problems with names.
func names(found []argo.Problem) []argo.Problem {
	return slices.DeleteFunc(found, func(p argo.Problem) bool { return valueRules[p.Rule] })
}
