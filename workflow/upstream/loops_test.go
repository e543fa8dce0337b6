package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

// Items that are maps.
func TestLoopsOverMaps(t *testing.T) {
	image, tag := workflow.Input{Name: "image"}, workflow.Input{Name: "tag"}
	cat := &workflow.Definition{Name: "cat-os-release", Inputs: taking(image, tag), Step: workflow.Container{
		Image: image.Ref() + ":" + tag.Ref(), Command: []string{"cat"}, Args: []string{"/etc/os-release"},
	}}
	system := func(image, tag string) map[string]string { return map[string]string{"image": image, "tag": tag} }
	same(t, "loops-maps.yaml", running(define("loop-map-example", workflow.Steps{{{
		Name: "test-linux", Step: cat,
		Arguments: map[string]string{"image": workflow.Item.Field("image").Ref(), "tag": workflow.Item.Field("tag").Ref()},
		Loop:      workflow.Items{system("debian", "9.1"), system("debian", "8.9"), system("alpine", "3.6"), system("ubuntu", "17.10")},
	}}})))
}

func TestSequences(t *testing.T) {
	msg := workflow.Input{Name: "msg"}
	say := &workflow.Definition{Name: "echo", Inputs: taking(msg), Step: workflow.Container{Image: "alpine:latest", Command: []string{"echo", msg.Ref()}}}
	count := workflow.Parameter{Name: "count", Default: new("3")}
	each := func(name string, over workflow.Sequence) *workflow.Task {
		out := call(name, say, "msg", workflow.Item.Ref())
		out.Loop = over
		return out
	}
	run := running(define("loops-sequence", workflow.Steps{{
		each("sequence-count", workflow.Sequence{Count: "5"}),
		each("sequence-start-end", workflow.Sequence{Start: "100", End: "105"}),
		each("sequence-param", workflow.Sequence{Start: "200", Count: count.Ref()}),
		each("sequence-negative", workflow.Sequence{Start: "5", End: "0"}),
		each("sequence-format", workflow.Sequence{Count: "5", Format: "testuser%02X"}),
	}}))
	run.Template.Parameters = []workflow.Parameter{count}
	same(t, "loops-sequence.yaml", run)
}

// The end of a sequence is the result of a step.
func TestSequenceOfResult(t *testing.T) {
	hello := define("hello", python("import random\nresult = random.randint(0,5)\nprint(result)\n"))
	b := &workflow.Task{Name: "hello-b", Step: hello}
	inner := define("hello-hello", workflow.Steps{
		{b}, {{Name: "hello-c", Step: hello, Loop: workflow.Sequence{Start: "1", End: b.Result().Ref()}}},
	})
	a := &workflow.Task{Name: "hello-a", Step: hello}
	same(t, "withsequence-nested-result.yaml", running(define("hello-entrypoint", workflow.Steps{
		{a}, {{Name: "hello-b", Step: inner, Loop: workflow.Sequence{Start: "1", End: a.Result().Ref()}}},
	})))
}

// Loops in loops, over lists that are parameters; one item at a time.
func TestNestedLoops(t *testing.T) {
	id, list := workflow.Input{Name: "seq-id"}, workflow.Input{Name: "seq-list"}
	job := &workflow.Definition{Name: "one-job", Inputs: taking(id), Step: workflow.Container{
		Image: "alpine", Command: []string{"/bin/sh", "-c"}, Args: []string{"echo " + id.Ref() + "; sleep 30"},
	}}
	jobs := call("jobs", job, "seq-id", id.Ref())
	jobs.Loop = workflow.Over("[1, 2]")
	b := &workflow.Definition{Name: "B", Inputs: taking(id), Step: workflow.Steps{{jobs}}}
	each := call("seq-step", b, "seq-id", workflow.Item.Ref())
	each.Loop = workflow.Over(list.Ref())
	run := running(&workflow.Definition{
		Name: "A", Inputs: taking(list), Step: workflow.Steps{{each}}, Settings: workflow.Settings{Parallelism: 1},
	})
	run.Template.Parameters = []workflow.Parameter{{Name: "seq-list", Default: new("[\"a\",\"b\",\"c\",\"d\"]\n")}}
	same(t, "parallelism-nested-workflow.yaml", run)
}

// What the items of a loop put out is a list, over which others go.
func TestAggregation(t *testing.T) {
	num := workflow.Input{Name: "num"}
	oddOrEven := &workflow.Definition{Name: "odd-or-even", Inputs: taking(num),
		Step: shell("alpine:latest", "sleep 1 &&\necho "+num.Ref()+" > /tmp/num &&\nif [ $(("+num.Ref()+`%2)) -eq 0 ]; then
  echo "even" > /tmp/even;
else
  echo "odd" > /tmp/even;
fi
`),
		Outputs: putting(workflow.Output{Name: "num", Path: "/tmp/num"}, workflow.Output{Name: "evenness", Path: "/tmp/even"}),
	}
	half := &workflow.Definition{Name: "divide-by-2", Inputs: taking(num), Step: shell("alpine:latest", "echo $(("+num.Ref()+"/2))")}
	say := printMessage()

	odd := call("odd-or-even", oddOrEven, "num", workflow.Item.Ref())
	odd.Loop = workflow.Items{1, 2, 3, 4}
	nums := call("print-nums", say, "message", odd.Output("num").Ref())
	evenness := call("print-evenness", say, "message", odd.Output("evenness").Ref())
	divide := call("divide-by-2", half, "num", workflow.Item.Field("num").Ref())
	divide.Loop = workflow.Over(odd.OutputList().Ref())
	divide.When = workflow.Item.Field("evenness").Equal("even")
	each := call("print", say, "message", workflow.Item.Ref())
	each.Loop = workflow.Over(divide.Result().Ref())
	nums.Depends, evenness.Depends, divide.Depends, each.Depends = bare(odd), bare(odd), bare(odd), bare(divide)
	same(t, "parameter-aggregation-dag.yaml", running(define("parameter-aggregation",
		workflow.DAG{Tasks: []*workflow.Task{odd, nums, evenness, divide, each}})))
}

// A list that is computed, and computed texts. The year of the example is that
// of now, whatever it seems to say: Argo's expressions know creationTimestamp
// by its parts only, and sprig.date of anything else is a date of now. The year
// of the run is CreationTime("Y").
func TestComputed(t *testing.T) {
	foo, year := workflow.Input{Name: "foo"}, workflow.Expr("sprig.date('2006', workflow.creationTimestamp)")
	pod := &workflow.Definition{Name: "pod-0", Inputs: taking(foo),
		Step: workflow.Container{Image: "argoproj/argosay:v2", Args: []string{"echo",
			"hello " + foo.Variable().Int().Times(10).Ref() + " @ " + year.Ref() + "\n", "/output"}},
		Outputs: putting(workflow.Output{Name: "output", Path: "/output"}),
	}
	same(t, "expression-tag-template-workflow.yaml", labelled(running(define("main", workflow.DAG{Tasks: []*workflow.Task{{
		Name: "task-0", Step: pod, Arguments: map[string]string{"foo": workflow.Item.Expression().Ref()},
		Loop: workflow.Over(workflow.Call("toJson", workflow.Expr("filter([1, 3], {# > 1})")).Ref()),
	}}}))))
}

// labelled has the label of the examples that Argo's own tests run.
func labelled(run *workflow.Run) *workflow.Run {
	run.Labels = map[string]string{"workflows.argoproj.io/test": "true"}
	return run
}

// Items of a build are its systems.
func TestCI(t *testing.T) {
	revision, system := workflow.Input{Name: "revision"}, workflow.Input{Name: "os-image"}
	work := workdir()
	build := &workflow.Definition{Name: "build-golang-example",
		Inputs: workflow.Inputs{Parameters: []workflow.Input{revision}, Artifacts: []workflow.Artifact{{
			Name: "code", Path: "/go/src/github.com/golang/example",
			From: workflow.Git{Repo: "https://github.com/golang/example.git", Revision: revision.Ref()},
		}}},
		Step: mounting(shell("golang:1.8", " cd /go/src/github.com/golang/example/hello && git status && go build -v . "), work, "/go"),
	}
	hello := &workflow.Definition{Name: "run-hello", Inputs: taking(system),
		Step: mounting(shell(system.Ref(), " uname -a ; cat /etc/os-release ; /go/src/github.com/golang/example/hello/hello "), work, "/go"),
	}
	test := call("test", hello, "os-image", workflow.Item.Field("image").Ref()+":"+workflow.Item.Field("tag").Ref())
	test.Loop = workflow.Items{
		map[string]string{"image": "debian", "tag": "9.1"},
		map[string]string{"image": "alpine", "tag": "3.6"},
		map[string]string{"image": "ubuntu", "tag": "17.10"},
	}
	run := running(&workflow.Definition{Name: "ci-example", Inputs: taking(revision), Step: workflow.Steps{
		{call("build", build, "revision", revision.Ref())}, {test},
	}})
	run.Template.Parameters = []workflow.Parameter{{Name: "revision", Default: new("cfe12d6")}}
	run.Template.Pods.Claims = []workflow.Claim{work}
	same(t, "ci.yaml", run)
}

// field is a value of an item that is a map.
func field(name string) string { return workflow.Item.Field(name).Ref() }

func TestLoops(t *testing.T) {
	message := workflow.Input{Name: "message"}
	same(t, "loops.yaml", running(&workflow.Definition{Name: "loop-example", Step: workflow.Steps{{{
		Name: "print-message-loop",
		Step: &workflow.Definition{Name: "print-message", Inputs: taking(message),
			Step: workflow.Container{Image: "busybox", Command: []string{"echo"}, Args: []string{message.Ref()}}},
		Arguments: args{"message": workflow.Item.Ref()},
		Loop:      workflow.Items{"hello world", "goodbye world"},
	}}}}))
}

// A loop over a list that is a parameter of the run. Where a run starts, Argo
// gives the inputs the parameters of the same names.
func TestLoopOverParameter(t *testing.T) {
	const systems = `[
  { "image": "debian", "tag": "9.1" },
  { "image": "debian", "tag": "8.9" },
  { "image": "alpine", "tag": "3.6" },
  { "image": "ubuntu", "tag": "17.10" }
]
`
	list, image, version := workflow.Input{Name: "os-list"}, workflow.Input{Name: "image"}, workflow.Input{Name: "tag"}
	same(t, "loops-param-argument.yaml", runWith(workflow.Template{
		Parameters: []workflow.Parameter{{Name: "os-list", Default: new(systems)}},
		Entrypoint: &workflow.Definition{Name: "loop-param-arg-example", Inputs: taking(list), Step: workflow.Steps{{{
			Name: "test-linux",
			Step: &workflow.Definition{
				Name: "cat-os-release", Inputs: taking(image, version),
				Step: workflow.Container{Image: image.Ref() + ":" + version.Ref(), Command: []string{"cat"}, Args: []string{"/etc/os-release"}},
				Settings: workflow.Settings{Annotations: map[string]string{
					"workflows.argoproj.io/display-name": "os-" + image.Ref() + "-" + version.Ref(),
				}},
			},
			Arguments: args{"image": field("image"), "tag": field("tag")},
			Loop:      workflow.Over(list.Ref()),
		}}}},
	}))
}

// One item after the other, up to the first that fails.
func TestLoopInSequence(t *testing.T) {
	const steps = `[
  { "exit_code": 0, "message": "succeeds 1" },
  { "exit_code": 0, "message": "succeeds 2" },
  { "exit_code": 0, "message": "succeeds 3" },
  { "exit_code": 1, "message": "will fail and stop here" },
  { "exit_code": 0, "message": "will not run" },
  { "exit_code": 0, "message": "will not run" }
]
`
	list, code, message := workflow.Input{Name: "step_params"}, workflow.Input{Name: "exit_code"}, workflow.Input{Name: "message"}
	same(t, "loops-arbitrary-sequential-steps.yaml", runWith(workflow.Template{
		Parameters: []workflow.Parameter{{Name: "step_params", Default: new(steps)}},
		Entrypoint: &workflow.Definition{
			Name: "loop-arbitrary-sequential-steps-example", Inputs: taking(list),
			Settings: workflow.Settings{Parallelism: 1, FailFast: true},
			Step: workflow.Steps{{{
				Name: "unit-step",
				Step: &workflow.Definition{Name: "unit-step-template", Inputs: taking(code, message), Step: workflow.Container{
					Image: "alpine", Command: []string{"/bin/sh", "-c"}, Args: []string{"echo " + message.Ref() + "; exit " + code.Ref()},
				}},
				Arguments: args{"exit_code": field("exit_code"), "message": field("message")},
				Loop:      workflow.Over(list.Ref()),
			}}},
		},
	}))
}

// Of all pods of a run only two at a time.
func TestParallelism(t *testing.T) {
	same(t, "parallelism-limit.yaml", runWith(workflow.Template{
		Parallelism: 2,
		Entrypoint: &workflow.Definition{Name: "parallelism-limit", Step: workflow.Steps{{{
			Name: "sleep",
			Step: &workflow.Definition{Name: "sleep", Step: workflow.Container{Image: "alpine:latest", Command: []string{"sh", "-c", "sleep 10"}}},
			Loop: workflow.Items{"this", "workflow", "should", "take", "at", "least", 60, "seconds", "to", "complete"},
		}}}},
	}))
}

// Rows side by side, each of which runs its steps one after the other.
func TestParallelismOfRows(t *testing.T) {
	sequence, rows := workflow.Input{Name: "seq-list"}, workflow.Input{Name: "parallel-list"}
	row, item := workflow.Input{Name: "parallel-id"}, workflow.Input{Name: "seq-id"}
	job := &workflow.Definition{Name: "one-job", Inputs: taking(item, row), Step: workflow.Container{
		Image: "alpine", Command: []string{"/bin/sh", "-c"}, Args: []string{"echo " + row.Ref() + " " + item.Ref() + "; sleep 10"},
	}}
	worker := &workflow.Definition{
		Name: "seq-worker", Inputs: taking(sequence, row), Settings: workflow.Settings{Parallelism: 1},
		Step: workflow.Steps{{{Name: "seq-step", Step: job, Loop: workflow.Over(sequence.Ref()),
			Arguments: args{"parallel-id": row.Ref(), "seq-id": workflow.Item.Ref()}}}},
	}
	same(t, "parallelism-nested.yaml", runWith(workflow.Template{
		Parameters: []workflow.Parameter{
			{Name: "seq-list", Default: new("[\"a\",\"b\",\"c\",\"d\"]\n")},
			{Name: "parallel-list", Default: new("[1,2,3,4]\n")},
		},
		Entrypoint: &workflow.Definition{Name: "parallel-worker", Inputs: taking(sequence, rows), Step: workflow.Steps{{{
			Name: "parallel-worker", Step: worker, Loop: workflow.Over(rows.Ref()),
			Arguments: args{"seq-list": sequence.Ref(), "parallel-id": workflow.Item.Ref()},
		}}}},
	}))
}

// What the items of a loop put out is a list, for the next loop to go over.
func TestLoopOverResults(t *testing.T) {
	num := workflow.Input{Name: "num"}
	sort := workflow.Script{Image: "python:alpine3.6", Command: []string{"python"}}
	sort.Base.Source = `import json
i = ` + num.Ref() + `
res = {
  "num": i,
  "evenness": "even" if i % 2 == 0 else "odd"
}
print(json.dumps(res))
`
	divide := workflow.Script{Image: "alpine:latest", Command: []string{"sh", "-x"}}
	divide.Base.Source = "echo $((" + num.Ref() + "/2))\n"
	first := &workflow.Task{
		Name: "odd-or-even", Loop: workflow.Items{1, 2, 3, 4}, Arguments: args{"num": workflow.Item.Ref()},
		Step: &workflow.Definition{Name: "odd-or-even", Inputs: taking(num), Step: sort},
	}
	second := &workflow.Task{
		Name: "divide-by-2", Loop: workflow.Over(first.Result().Ref()), Arguments: args{"num": field("num")},
		When: workflow.Item.Field("evenness").Equal("even"),
		Step: &workflow.Definition{Name: "divide-by-2", Inputs: taking(num), Step: divide},
	}
	same(t, "parameter-aggregation-script.yaml", running(&workflow.Definition{Name: "parameter-aggregation", Step: workflow.Steps{{first}, {second}}}))
}

// A loop inside of what the tasks of a DAG share.
func TestDiamondOfLoops(t *testing.T) {
	inner, message := echo("echo")
	thrice := &workflow.Definition{Name: "echo-thrice", Inputs: taking(message), Step: workflow.Steps{{{
		Name: "echo", Step: inner, Loop: workflow.Items{1, 2, 3},
		Arguments: args{"message": message.Ref() + workflow.Item.Ref()},
	}}}}
	task := func(name string, after workflow.Expression) *workflow.Task {
		return &workflow.Task{Name: name, Step: thrice, Depends: after, Arguments: args{"message": name}}
	}
	a := task("A", workflow.Expression{})
	b, c := task("B", bare(a)), task("C", bare(a))
	d := task("D", workflow.And(bare(b), bare(c)))
	same(t, "dag-diamond-steps.yaml", running(&workflow.Definition{Name: "diamond", Step: workflow.DAG{Tasks: []*workflow.Task{a, b, c, d}}}))
}

// Numbers about each item and about the run, for Prometheus.
func TestMetricsOfLoop(t *testing.T) {
	message, name := workflow.Input{Name: "message"}, workflow.Input{Name: "tag"}
	duration := func(metric, help, label, of string, status, value workflow.Variable) workflow.Metric {
		return workflow.Metric{Name: metric, Help: help, Labels: map[string]string{label: of, "status": status.Ref()},
			Type: workflow.Gauge{Value: value.Ref()}}
	}
	count := func(metric, help, label, of string, status workflow.Variable) workflow.Metric {
		return workflow.Metric{Name: metric, Help: help, Labels: map[string]string{label: of, "status": status.Ref()},
			Type: workflow.Counter{Value: "1"}}
	}
	echo := &workflow.Definition{
		Name: "echo", Inputs: taking(message, name),
		Step: workflow.Container{Image: "alpine:3.7", Command: []string{"echo", message.Ref()}},
		Settings: workflow.Settings{Metrics: []workflow.Metric{
			duration("playground_workflow_duration_task_seconds", "Duration gauge by task name in seconds - task level",
				"playground_task_name", name.Ref(), workflow.MetricStatus, workflow.MetricDuration),
			count("playground_workflow_result_task_counter", "Count of task execution by result status  - task level",
				"playground_task_name_counter", name.Ref(), workflow.MetricStatus),
		}},
	}
	task := func(name string) *workflow.Task {
		return &workflow.Task{
			Name: name, Step: echo, Arguments: args{"message": "console output-->TEST-" + field("command"), "tag": field("tag")},
			Loop: workflow.Items{
				map[string]any{"tag": name + "-A", "command": name[len("TEST-"):] + "-A"},
				map[string]any{"tag": name + "-B", "command": name[len("TEST-"):] + "-B"},
			},
		}
	}
	same(t, "dag-custom-metrics.yaml", runWith(workflow.Template{
		Settings: workflow.RunSettings{Metrics: []workflow.Metric{
			duration("playground_workflow_duration", "Duration gauge by workflow level",
				"playground_id_workflow", "test", workflow.RunStatus, workflow.RunDuration),
			count("playground_workflow_result_counter", "Count of workflow execution by result status  - workflow level",
				"playground_id_workflow_counter", "test", workflow.RunStatus),
		}},
		Entrypoint: &workflow.Definition{Name: "dag-task", Step: workflow.DAG{Tasks: []*workflow.Task{task("TEST-ONE"), task("TEST-TWO")}}},
	}))
}

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
