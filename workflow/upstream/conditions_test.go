package upstream_test

import (
	"testing"
	"time"

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

func TestCoinflip(t *testing.T) {
	coin := &workflow.Definition{Name: "flip-coin",
		Step: python("import random\nresult = \"heads\" if random.randint(0,1) == 0 else \"tails\"\nprint(result)\n")}
	tell := func(name, text string) *workflow.Definition {
		return &workflow.Definition{Name: name, Step: shell("alpine:3.6", `echo "`+text+`"`)}
	}
	heads, tails := tell("heads", "it was heads"), tell("tails", "it was tails")
	twice := tell("heads-tails-or-twice-tails", "it was heads the first flip and tails the second. Or it was two times tails.")

	flip := &workflow.Task{Name: "flip-coin", Step: coin}
	again := &workflow.Task{Name: "flip-again", Step: coin}
	first, second := flip.Result(), again.Result()
	same(t, "conditionals-complex.yaml", running(&workflow.Definition{Name: "coinflip", Step: workflow.Steps{
		{flip},
		{
			{Name: "heads", Step: heads, When: first.Equal("heads")},
			{Name: "tails", Step: tails, When: first.Equal("tails")},
		},
		{again},
		{
			{Name: "complex-condition", Step: twice, When: workflow.Or(
				workflow.And(first.Equal("heads"), second.Equal("tails")),
				workflow.And(first.Equal("tails"), second.Equal("tails")),
			)},
			{Name: "heads-regex", Step: heads, When: second.Matches("hea")},
			{Name: "tails-regex", Step: tails, When: second.Matches("tai")},
		},
	}}))
}

// TestAfterFailure goes on after a failed task, and asks how it ended.
func TestAfterFailure(t *testing.T) {
	flakey := &workflow.Task{Name: "flakey-container", ContinueOn: workflow.ContinueOn{Failed: true},
		Step: &workflow.Definition{Name: "flakey-container", Step: shell("alpine:3.6", "exit 1")}}
	tell := func(name, status, text string) *workflow.Task {
		return &workflow.Task{Name: name, When: flakey.Status().Equal(status),
			Step: &workflow.Definition{Name: name, Step: shell("alpine:3.6", `echo "`+text+`"`)}}
	}
	same(t, "status-reference.yaml", running(&workflow.Definition{Name: "status-reference", Step: workflow.Steps{
		{flakey},
		{tell("failed", "Failed", "the flakey container failed"), tell("succeeded", "Succeeded", "the flakey container passed")},
	}}))
}

func TestExitCode(t *testing.T) {
	failing := &workflow.Task{Name: "failing-container", ContinueOn: workflow.ContinueOn{Failed: true},
		Step: &workflow.Definition{Name: "failing-container", Step: shell("alpine:3.6", "exit 123")}}
	code := workflow.Input{Name: "exitCode"}
	echo := &workflow.Task{Name: "echo-container", Arguments: args{code.Name: failing.ExitCode().Ref()},
		Step: &workflow.Definition{Name: "echo-container", Inputs: taking(code),
			Step: shell("alpine:3.6", `echo "Exit code was: `+code.Ref()+`"`)}}
	same(t, "exit-code-output-variable.yaml", running(&workflow.Definition{
		Name: "exit-code-output-variable", Step: workflow.Steps{{failing}, {echo}},
	}))
}

// TestApproval waits for somebody who chooses one of two args. With Default
// and Enum in the output, which is shorter, nobody has to.
func TestApproval(t *testing.T) {
	deploy := &workflow.Definition{Name: "deploy", Step: workflow.Container{
		Image: "argoproj/argosay:v2", Command: []string{"/argosay"}, Args: []string{"echo", "deploying"}}}
	approval := &workflow.Task{Name: "approval", Step: &workflow.Definition{
		Name: "approval", Step: workflow.Suspend{},
		Inputs: workflow.Inputs{Parameters: []workflow.Input{{
			Name: "approve", Default: new("NO"), Enum: []string{"YES", "NO"},
			Description: "Choose YES to continue workflow and deploy to production",
		}}},
		Outputs: putting(workflow.Output{Name: "approve", Supplied: true}),
	}}
	same(t, "intermediate-parameters.yaml", running(&workflow.Definition{Name: "cicd-pipeline", Step: workflow.Steps{
		{{Name: "deploy-pre-prod", Step: deploy}},
		{approval},
		{{Name: "deploy-prod", Step: deploy, When: approval.Output("approve").Equal("YES")}},
	}}))
}

func TestSuspend(t *testing.T) {
	hello := &workflow.Definition{Name: "hello-world", Step: says("hello world")}
	same(t, "suspend-template.yaml", running(&workflow.Definition{Name: "suspend", Step: workflow.Steps{
		{{Name: "build", Step: hello}},
		{{Name: "approve", Step: &workflow.Definition{Name: "approve", Step: workflow.Suspend{}}}},
		{{Name: "delay", Step: &workflow.Definition{Name: "delay", Step: workflow.Suspend{Duration: 20 * time.Second}}}},
		{{Name: "release", Step: hello}},
	}}))
}
