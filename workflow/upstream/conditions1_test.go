package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

// flipCoin is a step whose result is "heads" or "tails".
func flipCoin() *workflow.Task {
	return &workflow.Task{Name: "flip-coin", Step: define("flip-coin", python(`import random
result = "heads" if random.randint(0,1) == 0 else "tails"
print(result)
`))}
}

// coinflip goes on until it was heads: a template that calls itself.
func coinflip() *workflow.Definition {
	out := &workflow.Definition{Name: "coinflip"}
	flip := flipCoin()
	heads := define("heads", shell("alpine:3.6", `echo "it was heads"`))
	out.Step = workflow.Steps{
		{flip},
		{
			{Name: "heads", Step: heads, When: flip.Result().Equal("heads")},
			{Name: "tails", Step: out, When: flip.Result().Equal("tails")},
		},
	}
	return out
}

func TestRecursion(t *testing.T) {
	same(t, "coinflip-recursive.yaml", running(coinflip()))
}

// The example says the same in both of Argo's languages; a typed condition is
// always one of expr-lang.
func TestConditions(t *testing.T) {
	wanted := workflow.Input{Name: "should-print"}
	say := define("argosay", shell("argoproj/argosay:v1", "cowsay hello"))
	run := running(&workflow.Definition{Name: "conditional-example", Inputs: taking(wanted), Step: workflow.Steps{{
		{Name: "print-hello-govaluate", Step: say, When: wanted.Variable().Equal(true)},
		{Name: "print-hello-expr", Step: say, When: wanted.Variable().Equal("true")},
		{Name: "print-hello-expr-json", Step: say, When: workflow.RunParameters.JSONPath("$[0].value").Equal("true")},
	}}})
	run.Template.Parameters = []workflow.Parameter{{Name: "should-print", Default: new("true")}}
	same(t, "conditionals.yaml", run)
}

// A DAG of tasks that are steps themselves.
func TestRecursionInDAG(t *testing.T) {
	flip := coinflip()
	a, b := &workflow.Task{Name: "A", Step: flip}, &workflow.Task{Name: "B", Step: flip}
	c, d := &workflow.Task{Name: "C", Step: flip}, &workflow.Task{Name: "D", Step: flip}
	b.Depends, c.Depends, d.Depends = bare(a), bare(a), workflow.And(bare(b), bare(c))
	same(t, "dag-coinflip.yaml", running(define("diamond", workflow.DAG{Tasks: []*workflow.Task{a, b, c, d}})))
}

// What is read from a JSON document, with the filters of JSONPath.
func TestJSONPath(t *testing.T) {
	config := workflow.Parameter{Name: "config", Default: new(`{"employees": [{"name": "Baris", "age":43},{"name": "Mo", "age": 42}, {"name": "Jai", "age" :44}]}`)}
	of := func(name, path string) workflow.Input {
		return workflow.Input{Name: name, Default: new(config.Variable().JSONPath(path).Ref())}
	}
	a, b := of("a", `$.employees[?(@.name=="Baris")].age`), of("b", `$.employees[?(@.age>42 && @.age<44)].age`)
	c, d := of("c", `$.employees[0:1]`), of("d", `$.employees[*].name`)
	run := running(&workflow.Definition{Name: "main", Inputs: taking(a, b, c, d), Step: workflow.Script{
		Image: "debian:9.4", Command: []string{"bash"}, Source: "echo \"$A$B$C$D\"\n",
		Env: environment("A", a.Ref(), "B", b.Ref(), "C", c.Ref(), "D", d.Ref()),
	}})
	run.Template.Parameters = []workflow.Parameter{config}
	same(t, "expression-destructure-json-complex.yaml", run)
}
