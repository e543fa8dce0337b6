package upstream_test

import (
	"testing"
	"time"

	"github.com/millrace/millrace/workflow"
)

// pythonTask is a task that runs a program of Python.
func pythonTask(name, source string) *workflow.Task {
	return &workflow.Task{Name: name, Step: define(name, python(source))}
}

// Of two steps the one that a third one chooses.
func TestCoinFlip(t *testing.T) {
	flip := pythonTask("flip-coin", "import random\nresult = \"heads\" if random.randint(0,1) == 0 else \"tails\"\nprint(result)\n")
	side := func(name string) *workflow.Task {
		return &workflow.Task{Name: name, When: flip.Result().Equal(name),
			Step: &workflow.Definition{Name: name, Step: shell("alpine:3.6", `echo "it was `+name+`"`)}}
	}
	same(t, "coinflip.yaml", running(&workflow.Definition{Name: "coinflip", Step: workflow.Steps{{flip}, {side("heads"), side("tails")}}}))
}

// What steps put out is the result of the one of them that has run.
func TestConditionalParameter(t *testing.T) {
	flip := pythonTask("flip-coin", "import random\nprint(\"heads\" if random.randint(0,1) == 0 else \"tails\")\n")
	heads, tails := pythonTask("heads", "print(\"heads\")\n"), pythonTask("tails", "print(\"tails\")\n")
	heads.When = flip.Result().Equal("heads")
	tails.When = flip.Result().Equal("tails")
	run := running(&workflow.Definition{
		Name: "main", Step: workflow.Steps{{flip}, {heads, tails}},
		Outputs: workflow.Outputs{Parameters: []workflow.Output{{
			Name: "stepresult", Expression: workflow.If(flip.Result().Equal("heads"), heads.Result(), tails.Result()),
		}}},
	})
	run.Labels = tested
	same(t, "conditional-parameters.yaml", run)
}

// A definition that comes back to itself, until a condition ends it; what it
// has computed once is kept.
func TestRecursionThatIsKept(t *testing.T) {
	num, less := workflow.Input{Name: "num"}, workflow.Input{Name: "num-1"}
	a, op, b := workflow.Input{Name: "a"}, workflow.Input{Name: "op"}, workflow.Input{Name: "b"}
	script := workflow.Script{Image: "python:alpine3.6", Command: []string{"python"}}
	script.Base.Source = "print(" + a.Ref() + " " + op.Ref() + " " + b.Ref() + ")\n"
	math := &workflow.Definition{Name: "do-math", Inputs: taking(a, op, b), Step: script}

	fibonacci := &workflow.Definition{
		Name: "fibonacci", Inputs: taking(num),
		Settings: workflow.Settings{Memoize: &workflow.Memoize{Key: num.Ref(), ConfigMap: "fibonacci-m", MaxAge: 2 * time.Minute}},
	}
	neither := func(in workflow.Input) workflow.Expression {
		return workflow.And(in.Variable().NotEqual(1), in.Variable().NotEqual(2))
	}
	compute := func(name string, x string, sign string, y string) *workflow.Task {
		return &workflow.Task{Name: name, Step: math, Arguments: args{"a": x, "op": sign, "b": y}}
	}
	first, second := compute("sub-1", less.Ref(), "-", "1"), compute("sub-2", less.Ref(), "-", "2")
	second.When = neither(less)
	again := func(name string, of *workflow.Task) *workflow.Task {
		return &workflow.Task{Name: name, Step: fibonacci, Arguments: args{"num": of.Result().Ref()}}
	}
	third, fourth := again("fib-sub-1", first), again("fib-sub-2", second)
	sum := compute("add", third.Output("fib").Ref(), "+", fourth.Output("fib").Ref())
	helper := &workflow.Task{
		Name: "fibonacci-helper", When: neither(num), Arguments: args{"num-1": num.Ref()},
		Step: &workflow.Definition{
			Name: "fibonaccihelper", Inputs: taking(less),
			Step:    workflow.Steps{{first}, {second}, {third}, {fourth}, {sum}},
			Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "result", From: sum.Result()}}},
		},
	}
	fibonacci.Step = workflow.Steps{{helper}}
	fibonacci.Outputs.Parameters = []workflow.Output{{Name: "fib", Expression: workflow.If(num.Variable().Equal(1), 1,
		workflow.If(num.Variable().Equal(2), 1, helper.Output("result")))}}

	count, result := workflow.Parameter{Name: "num", Default: new("5")}, workflow.Input{Name: "result"}
	main := &workflow.Task{Name: "fibonaccimain", Step: fibonacci, Arguments: args{"num": count.Ref()}}
	show := &workflow.Task{Name: "printresult", Arguments: args{"result": main.Output("fib").Ref()}, Step: &workflow.Definition{
		Name: "printresult", Inputs: taking(result), Step: shell("alpine:latest", "echo "+result.Ref()),
	}}
	same(t, "fibonacci-seq-conditional-param.yaml", runWith(workflow.Template{
		Parameters: []workflow.Parameter{count},
		Entrypoint: &workflow.Definition{Name: "main", Step: workflow.Steps{{main}, {show}}},
		// Nothing uses it.
		Definitions: []*workflow.Definition{define("return-1", python("print(1)"))},
	}))
}

// Tried again on conditions that look at the last try.
func TestRetryOnCondition(t *testing.T) {
	safe := workflow.Input{Name: "safe-to-retry"}
	ask := pythonTask("safe-to-retry", "print(\"true\")\n")
	retry := &workflow.Task{Name: "retry", Arguments: args{"safe-to-retry": ask.Result().Ref()}, Step: &workflow.Definition{
		Name: "retry-script", Inputs: taking(safe),
		Retry: &workflow.Retry{Limit: new(10), When: workflow.And(
			workflow.LastRetryExitCode.Greater(1),
			workflow.LastRetryStatus.NotEqual("Error"),
			workflow.LastRetryDuration.Less(120),
			workflow.Or(
				workflow.Expr(safe.Ref()+" == true"),
				workflow.LastRetryMessage.Matches("imminent node shutdown|pod deleted"),
			),
		)},
		Step: python("import random;\nimport sys;\nexit_code = random.choice([1, 2]);\nsys.exit(exit_code)\n"),
	}}
	same(t, "retry-conditional.yaml", running(&workflow.Definition{Name: "main", Step: workflow.Steps{{ask}, {retry}}}))
}

func TestRetryOnError(t *testing.T) {
	same(t, "retry-on-error.yaml", running(&workflow.Definition{
		Name: "error-container", Retry: &workflow.Retry{Limit: new(2), Policy: workflow.RetryAlways},
		Step: workflow.Container{Image: "python", Command: []string{"python", "-c"},
			Args: []string{"import random; import sys; exit_code = random.choice(range(0, 5)); sys.exit(exit_code)"}},
	}))
}
