package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

func TestLoopInDAG(t *testing.T) {
	printer := printMessage()
	a := &workflow.Task{Name: "A", Step: printer, Arguments: args{"message": "A"}}
	b := &workflow.Task{Name: "B", Step: printer, Arguments: args{"message": workflow.Item.Ref()}, Depends: bare(a),
		Loop: workflow.Items{"foo", "bar", "baz"}}
	c := &workflow.Task{Name: "C", Step: printer, Arguments: args{"message": "C"}, Depends: bare(b)}
	same(t, "loops-dag.yaml", running(&workflow.Definition{Name: "loops-dag", Step: workflow.DAG{Tasks: []*workflow.Task{a, b, c}}}))
}

// TestLoopOverResult repeats a task over the list that a program printed.
func TestLoopOverResult(t *testing.T) {
	generate := &workflow.Task{Name: "generate", Step: &workflow.Definition{
		Name: "gen-number-list",
		Step: python("import json\nimport sys\njson.dump([i for i in range(20, 31)], sys.stdout)\n"),
	}}
	seconds := workflow.Input{Name: "seconds"}
	sleep := &workflow.Task{
		Name: "sleep", Loop: workflow.Over(generate.Result().Ref()), Arguments: args{"seconds": workflow.Item.Ref()},
		Step: &workflow.Definition{Name: "sleep-n-sec", Inputs: taking(seconds),
			Step: shell("alpine:latest", "echo sleeping for "+seconds.Ref()+" seconds; sleep "+seconds.Ref()+"; echo done")},
	}
	same(t, "loops-param-result.yaml", running(&workflow.Definition{
		Name: "loop-param-result-example", Step: workflow.Steps{{generate}, {sleep}},
	}))
}

// TestOutputsOfLoop collects what the repetitions of a task put out: one output of
// each, all outputs of each, and their results.
func TestOutputsOfLoop(t *testing.T) {
	num, printer := workflow.Input{Name: "num"}, printMessage()
	oddOrEven := &workflow.Task{
		Name: "odd-or-even", Loop: workflow.Items{1, 2, 3, 4}, Arguments: args{"num": workflow.Item.Ref()},
		Step: &workflow.Definition{
			Name: "odd-or-even", Inputs: taking(num),
			Step: workflow.Container{Image: "alpine:latest", Command: []string{"sh", "-xc"}, Args: []string{
				"sleep 1 &&\necho " + num.Ref() + " > /tmp/num &&\nif [ $((" + num.Ref() + "%2)) -eq 0 ]; then\n" +
					"  echo \"even\" > /tmp/even;\nelse\n  echo \"odd\" > /tmp/even;\nfi\n"}},
			Outputs: workflow.Outputs{Parameters: []workflow.Output{
				{Name: "num", Path: "/tmp/num"}, {Name: "evenness", Path: "/tmp/even"},
			}},
		},
	}
	nums := &workflow.Task{Name: "print-nums", Step: printer, Arguments: args{"message": oddOrEven.Output("num").Ref()}}
	evenness := &workflow.Task{Name: "print-evenness", Step: printer, Arguments: args{"message": oddOrEven.Output("evenness").Ref()}}
	divide := &workflow.Task{
		Name: "divide-by-2", Arguments: args{"num": workflow.Item.Field("num").Ref()},
		Loop: workflow.Over(oddOrEven.OutputList().Ref()),
		When: workflow.Item.Field("evenness").Equal("even"),
		Step: &workflow.Definition{Name: "divide-by-2", Inputs: taking(num), Step: workflow.Script{
			Image: "alpine:latest", Command: []string{"sh", "-x"}, Base: programText("#!/bin/sh\necho $((" + num.Ref() + "/2))\n"),
		}},
	}
	results := &workflow.Task{Name: "print", Step: printer, Loop: workflow.Over(divide.Result().Ref()),
		Arguments: args{"message": workflow.Item.Ref()}}
	same(t, "parameter-aggregation.yaml", running(&workflow.Definition{
		Name: "parameter-aggregation", Step: workflow.Steps{{oddOrEven}, {nums}, {evenness}, {divide}, {results}},
	}))
}

// TestLoopUntil repeats a template that comes to itself until a number is
// reached.
func TestLoopUntil(t *testing.T) {
	counter, limit := workflow.Input{Name: "counter"}, workflow.Input{Name: "limit"}
	loop := &workflow.Definition{Name: "loop", Inputs: taking(counter, limit)}
	iterate := &workflow.Task{
		Name: "iterate-counter", Arguments: args{"counter": counter.Ref()},
		Step: &workflow.Definition{Name: "counter-iteration", Inputs: taking(counter), Step: workflow.Script{
			Image: "python:alpine3.6", Command: []string{"python"}, Base: programText("print(" + counter.Ref() + " + 1)\n"),
		}},
	}
	again := &workflow.Task{
		Name: "continue", Step: loop, When: iterate.Result().Int().Less(limit.Variable().Int()),
		Arguments: args{"counter": iterate.Result().Ref(), "limit": limit.Ref()},
	}
	loop.Step = workflow.Steps{{iterate}, {again}}
	same(t, "recursive-for-loop.yaml", running(&workflow.Definition{Name: "plan", Step: workflow.Steps{{
		{Name: "recurse", Step: loop, Arguments: args{"counter": "0", "limit": "10"}},
	}}}))
}

// TestLimitedLoop bounds how many repetitions run at a time.
func TestLimitedLoop(t *testing.T) {
	sleep := &workflow.Task{
		Name: "sleep", Loop: workflow.Items{"this", "workflow", "should", "take", "at", "least", 60, "seconds", "to", "complete"},
		Step: &workflow.Definition{Name: "sleep", Step: workflow.Container{Image: "alpine:latest", Command: []string{"sh", "-c", "sleep 10"}}},
	}
	same(t, "parallelism-template-limit.yaml", running(&workflow.Definition{
		Name: "parallelism-template-limit", Settings: workflow.Settings{Parallelism: 2}, Step: workflow.Steps{{sleep}},
	}))
}
