package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

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
