package argo_test

import (
	"strings"
	"testing"
)

// Tags of a template that runs something.
func TestReferenceOfTemplate(t *testing.T) {
	const at = "reference templates[0].container.args[0]"
	leaf := "inputs: {parameters: [{name: p, value: v}], artifacts: [{name: a, path: /a, optional: true}]}"
	out := "outputs: {parameters: [{name: o, valueFrom: {path: /o}}], artifacts: [{name: f, path: /f}]}"
	for tag, want := range map[string]bool{
		"inputs.parameters.p": true, " inputs.parameters.p ": true, "inputs.parameters": true, "inputs.artifacts.a.path": true, "inputs.artifacts.a": true,
		"inputs.parameters.q": false, "inputs.parameter.p": false, "inputs.artifacts.b.path": false, "inputs.parameters.p.q": false,
		"outputs.parameters.o.path": true, "outputs.artifacts.f.path": true, "outputs.parameters.x.path": false, "outputs.parameters.o": false, "outputs.result": false,
		"workflow.name": true, "workflow.namespace": true, "workflow.uid": true, "workflow.mainEntrypoint": true, "workflow.serviceAccountName": true,
		"workflow.status": true, "workflow.duration": true, "workflow.creationTimestamp": true, "workflow.creationTimestamp.Y": true, "workflow.creationTimestamp.RFC3339": true,
		"workflow.creationTimestamp.year": false, "workflow.scheduledTime": true, "workflow.labels.a/b": true, "workflow.annotations.json": true,
		"workflow.parameters.day": true, "workflow.parameters.json": true, "workflow.parameters": true, "workflow.parameters.month": false,
		"workflow.priority": false, "workflow.failures": false, "workflow.nmae": false, "workflow.name.x": false,
		"workflow.outputs.parameters.x": false, "workflow.outputs.artifacts.x": false,
		"pod.name": true, "pod.ip": false, "node.name": true, "node.ip": false,
		"item": false, "item.x": false, "retries": false, "lastRetry.exitCode": false,
		"tasks.a.status": false, "steps.a.status": false, "tasks.name": true, "steps.name": true,
		"cronworkflow.name": false,
		// Nearly Argo's.
		"input.parameters.p": false, "Inputs.parameters.p": false, "worklow.name": false, "task.a.status": false, "lastretry.status": false,
		// Others' languages.
		" .Name ": true, " user.name ": true, "foo.bar": true, "name": true, "mode.x": true, "task.task_id": true, "input.x": true, "status": true,
	} {
		c := testCase{name: tag, spec: one("a {{"+tag+"}} b", leaf, out) + "arguments: {parameters: [{name: day, value: d}]}"}
		if !want {
			c.want = []string{at}
		}
		run(t, []testCase{c})
	}
}

func TestReferenceOfTask(t *testing.T) {
	const daemon = "\n- name: daemon\n  daemon: true\n  container: {image: a, command: [b]}\n- name: wait\n  suspend: {}"
	text := func(tag, more string) string {
		return dag(
			"{name: a, template: work}", "{name: b, template: work, depends: a}",
			"{name: c, template: work, depends: b, arguments: {parameters: [{name: x, value: 'v-{{"+tag+"}}'}]}"+more+"}",
			"{name: list, template: work, withItems: [1, 2]}", "{name: d, template: daemon}", "{name: w, template: wait}",
			"{name: z, template: work, depends: c}", "{name: seq, template: work, withSequence: {count: 2}}") + daemon
	}
	const at = "reference templates[0].dag.tasks[2].arguments.parameters[0].value"
	for tag, want := range map[string]bool{
		"tasks.b.status": true, "tasks.a.outputs.parameters.rows": true, "tasks.a.outputs.artifacts.file": true, "tasks.a.outputs.result": true,
		"tasks.a.id": true, "tasks.a.startedAt": true, "tasks.a.finishedAt": true, "tasks.a.hostNodeName": true, "tasks.a.exitCode": true,
		"tasks.a.outputs.parameters.row": false, "tasks.a.outputs.artifacts.x": false, "tasks.a.state": false, "tasks.a.ip": false, "tasks.a": false,
		"tasks.a.outputs.result.x": false, "tasks.a.outputs.parameters.rows.x": false, "tasks.a.outputs.parameters": false, "tasks.a.outputs": false, "tasks.a.outputs.x": false, "tasks.a.status.x": false,
		"tasks.z.status": false, "tasks.c.status": false, "tasks.list.status": false, "tasks.nope.status": false, "steps.a.status": false,
		"item": false, "pod.name": false,
	} {
		c := testCase{name: tag, spec: text(tag, "")}
		if !want {
			c.want = []string{at}
		}
		run(t, []testCase{c})
	}
	after := func(tag string) string {
		return strings.Replace(text(tag, ""), "name: c, template: work, depends: b,", "name: c, template: work, depends: b && list && d && w && seq,", 1)
	}
	for tag, want := range map[string]bool{
		"tasks.list.outputs.parameters": true, "tasks.list.outputs.parameters.rows": true, "tasks.d.ip": true,
		"tasks.w.outputs.result": false, "tasks.w.exitCode": false, "tasks.seq.outputs.parameters": false,
	} {
		c := testCase{name: tag + " of an ancestor", spec: after(tag)}
		if !want {
			c.want = []string{at}
		}
		run(t, []testCase{c})
	}
	run(t, []testCase{
		{"when", "", text("tasks.a.status", ", when: '{{tasks.z.status}} == x'"), []string{"reference templates[0].dag.tasks[2].when"}},
		{"withParam", "", text("item", ", withParam: '{{tasks.z.outputs.result}}'"), []string{"reference templates[0].dag.tasks[2].withParam"}},
		{"item of a parameter", "", text("item.anything", ", withParam: '{{tasks.a.outputs.result}}'"), nil},
		{"item of items", "", text("item.k", ", withItems: [{k: 1}]"), nil},
		{"no such item", "", text("item.l", ", withItems: [{k: 1}]"), []string{at}},
		{"item of a sequence", "", text("item", ", withSequence: {count: 2}"), nil},
		{"foreign tag in a loop", "", text("user.name", ", withItems: [a]"), []string{at}},
		{"item in items", "", text("item", ", withItems: ['{{workflow.parameters.x}}']"), []string{"reference templates[0].dag.tasks[2].withItems[0]"}},
		{"hook of the task itself", "", text("tasks.a.status", ", hooks: {exit: {template: work, arguments: {parameters: [{name: x, value: '{{tasks.c.outputs.parameters.rows}}'}]}}}"), nil},
		{"hook of a later task", "", text("tasks.a.status", ", hooks: {exit: {template: work, arguments: {parameters: [{name: x, value: '{{tasks.z.status}}'}]}}}"), []string{"reference templates[0].dag.tasks[2].hooks[exit].arguments.parameters[0].value"}},
		{"artifact", "", strings.Replace(text("tasks.a.status", ""), "arguments: {", "arguments: {artifacts: [{name: in, from: '{{tasks.z.outputs.artifacts.file}}'}], ", 1), []string{"reference templates[0].dag.tasks[2].arguments.artifacts[0].from"}},
	})
}

func TestReferenceOfStep(t *testing.T) {
	text := func(tag string) string {
		return steps("{name: a, template: work}\n    - {name: b, template: work, arguments: {parameters: [{name: x, value: 'v {{" + tag + "}}'}]}}")
	}
	run(t, []testCase{
		{"same group", "", text("steps.a.status"), []string{"reference templates[0].steps[0][1].arguments.parameters[0].value"}},
		{"itself", "", text("steps.b.status"), []string{"reference templates[0].steps[0][1].arguments.parameters[0].value"}},
		{"earlier group", "", steps("{name: a, template: work}", "{name: b, template: work, when: '{{steps.a.outputs.result}} == x'}"), nil},
		{"later group", "", steps("{name: a, template: work, when: '{{steps.b.status}} == x'}", "{name: b, template: work}"), []string{"reference templates[0].steps[0][0].when"}},
		{"outputs", "", strings.Replace(steps("{name: a, template: work}"), "steps:", "outputs: {parameters: [{name: o, valueFrom: {parameter: '{{steps.a.outputs.parameters.rows}}'}}, {name: q, valueFrom: {parameter: '{{steps.a.outputs.parameters.row}}'}}]}\n  steps:", 1), []string{"reference templates[0].outputs.parameters[1].valueFrom.parameter"}},
		{"outputs without braces", "", strings.Replace(steps("{name: a, template: work}"), "steps:", "outputs: {parameters: [{name: o, valueFrom: {parameter: steps.a.outputs.parameters.rows}}, {name: q, valueFrom: {parameter: steps.b.status}}]}\n  steps:", 1), []string{"reference templates[0].outputs.parameters[1].valueFrom.parameter"}},
	})
}

func TestReferenceElsewhere(t *testing.T) {
	global := "outputs: {parameters: [{name: o, valueFrom: {path: /o}, globalName: g}]}"
	inline := func(tag string) string {
		return strings.Replace(dag("{name: a, inline: {inputs: {parameters: [{name: own, value: v}]}, container: {image: a, command: [b], args: ['{{"+tag+"}}']}}}"), "dag:", "inputs: {parameters: [{name: outer, value: v}]}\n  dag:", 1)
	}
	const inner = "reference templates[0].dag.tasks[0].inline.container.args[0]"
	run(t, []testCase{
		{"global output", "", one("{{workflow.outputs.parameters.g}}", global), nil},
		{"global output of nothing that runs", "", one("{{workflow.outputs.parameters.g}}") + "- name: idle\n  container: {image: a, command: [b]}\n  " + global, []string{"reference templates[0].container.args[0]"}},
		{"global output of another object", "", dag("{name: a, templateRef: {name: shared, template: load}, arguments: {parameters: [{name: table, value: t}]}}", "{name: b, template: work, depends: a, arguments: {parameters: [{name: x, value: '{{workflow.outputs.parameters.total}}'}]}}"), nil},
		{"retries", "", one("{{retries}} {{lastRetry.exitCode}}", "retryStrategy: {limit: 2}"), nil},
		{"field of a number", "", one("{{retries.x}}", "retryStrategy: {limit: 2}"), []string{"reference templates[0].container.args[0]"}},
		{"all inputs of a template without", "", one("{{inputs.parameters}}"), []string{"reference templates[0].container.args[0]"}},
		{"path of a DAG's artifact", "", strings.Replace(dag("{name: a, template: work, arguments: {parameters: [{name: x, value: '{{inputs.artifacts.i.path}}'}]}}"), "dag:", "inputs: {artifacts: [{name: i, optional: true}]}\n  dag:", 1), []string{"reference templates[0].dag.tasks[0].arguments.parameters[0].value"}},
		{"all parameters of a workflow without", "", one("{{workflow.parameters}} {{workflow.parameters.json}}"), []string{"reference templates[0].container.args[0]", "reference templates[0].container.args[0]"}},
		{"tag without an end", "", one("{{inputs.parameters.x} {{workflow.name}}"), []string{"reference templates[0].container.args[0]"}},
		{"tag in a tag", "", steps("{name: a, template: work, withItems: [x], arguments: {parameters: [{name: x, value: '{{workflow.{{item}}}}'}]}}"), nil},
		{"item without an end", "", steps("{name: a, template: work, withItems: [x], arguments: {parameters: [{name: x, value: '{{item}'}]}}"), []string{"reference templates[0].steps[0][0].arguments.parameters[0].value"}},
		{"other tag without an end", "", one("{{ .Name"), nil},
		{"other tag without an end in the workflow", "", "arguments: {parameters: [{name: p, value: '{{'}]}\n" + one("x"), []string{"reference arguments.parameters[0].value"}},
		{"names that are given", "", one("x", "inputs: {parameters: [{name: p, value: v}]}", "outputs: {parameters: [{name: 'o-{{inputs.parameters.p}}', valueFrom: {path: /o}, globalName: '{{workflow.name}}'}]}"), nil},
		{"names that are not known in time", "", one("x", "outputs: {parameters: [{name: 'o-{{workflow.duration}}', valueFrom: {path: /o}, globalName: '{{workflow.parameters}}'}]}"), []string{"name templates[0].outputs.parameters[0].name", "name templates[0].outputs.parameters[0].globalName", "reference templates[0].outputs.parameters[0].globalName"}},
		{"other tag without an end in a step", "", steps("{name: a, template: work, arguments: {parameters: [{name: x, value: '{{ .Name'}]}}"), []string{"reference templates[0].steps[0][0].arguments.parameters[0].value"}},
		{"below a global output", "", dag("{name: a, template: out}", "{name: b, template: work, depends: a, arguments: {parameters: [{name: x, value: '{{workflow.outputs.parameters.g.more}}'}]}}") + "- name: out\n  container: {image: a, command: [b]}\n  outputs: {parameters: [{name: o, valueFrom: {path: /o}, globalName: g}]}\n", []string{"reference templates[0].dag.tasks[1].arguments.parameters[0].value"}},
		{"below a field of an item", "", steps("{name: a, template: work, withItems: [{k: v}], arguments: {parameters: [{name: x, value: '{{item.k}} {{item.k.more}}'}]}}"), []string{"reference templates[0].steps[0][0].arguments.parameters[0].value"}},
		{"words alone", "", one("{{inputs}} {{workflow}} {{tasks}} {{=toJson(workflow)}} {{=toJson(inputs)}}"), nil},
		{"no such of the last", "", one("{{lastRetry.code}}", "retryStrategy: {limit: 2}"), []string{"reference templates[0].container.args[0]"}},
		{"priority of a library", "WorkflowTemplate", one("{{workflow.priority}} {{=workflow.priority}}"), []string{"reference templates[0].container.args[0]"}},
		{"priority", "", one("{{workflow.priority}}") + "priority: 1", nil},
		{"parameters of a library", "WorkflowTemplate", one("{{workflow.parameters.any}}"), nil},
		{"metrics", "", one("x", "outputs: {parameters: [{name: o, valueFrom: {path: /o}}]}", "metrics: {prometheus: [{name: a, help: b, when: '{{status}} == Failed', counter: {value: '{{duration}} {{outputs.parameters.o}} {{outputs.result}} {{retries}}'}}]}"), nil},
		{"metric of no output", "", one("x", "metrics: {prometheus: [{name: a, help: b, counter: {value: '{{outputs.parameters.o}}'}}]}"), []string{"reference templates[0].metrics.prometheus[0].counter.value"}},
		{"unclosed", "", one("{{inputs.parameters.x"), []string{"reference templates[0].container.args[0]"}},
		{"unclosed expression", "", one("{{= 1"), []string{"reference templates[0].container.args[0]"}},
		{"unclosed of another language", "", one("[]T{{1, 2}, {3, 4"), nil},
		{"tag in a tag", "", one("{{workflow.parameters.{{inputs.parameters.x}}}}", "inputs: {parameters: [{name: x, value: v}]}"), nil},
		{"bad tag in a tag", "", one("{{workflow.parameters.{{inputs.parameters.y}}}}", "inputs: {parameters: [{name: x, value: v}]}"), []string{"reference templates[0].container.args[0]"}},
		{"failures at the end", "", "onExit: bye\n" + one("x") + "- name: bye\n  container: {image: a, command: [b], args: ['{{workflow.failures}}']}", nil},
		{"failures before the end", "", "onExit: main\n" + one("{{workflow.failures}}"), []string{"reference templates[0].container.args[0]"}},
		{"failures in a hook", "", one("x") + "hooks: {h: {template: main, expression: 'workflow.failures != \"\"'}}", nil},
		{"another object's want", "", dag("{name: a, templateRef: {name: wanting, template: outer}}"), []string{"reference templates[0].dag.tasks[0].templateRef"}},
		{"another object's want that is there", "", dag("{name: a, templateRef: {name: wanting, template: outer}}") + "arguments: {parameters: [{name: month, value: m}]}", nil},
		{"another object's want of a library", "WorkflowTemplate", dag("{name: a, templateRef: {name: wanting, template: outer}}"), nil},
		{"own input of an inline one", "", inline("inputs.parameters.own"), nil},
		{"input around an inline one", "", inline("inputs.parameters.outer"), nil},
		{"neither", "", inline("inputs.parameters.x"), []string{inner}},
		{"pod of an inline one", "", inline("pod.name"), []string{inner}},
		{"workflow's texts", "", one("x") + "arguments: {parameters: [{name: a, value: '{{workflow.nmae}}'}, {name: b, value: '{{tasks.x.status}}'}]}\npodMetadata: {labels: {a: '{{workflow.parameters.c}}'}}", []string{
			"reference arguments.parameters[0].value", "reference arguments.parameters[1].value", "reference podMetadata.labels[a]"}},
		{"key of a map", "", one("x", "metadata: {labels: {'{{inputs.parameters.x}}': a}}"), []string{"reference templates[0].metadata.labels[{{inputs.parameters.x}}]"}},
		{"defaults", "", one("x") + "templateDefaults: {container: {args: ['{{inputs.parameters.x}} {{workflow.nmae}}']}}", []string{"reference templateDefaults.container.args[0]", "reference templateDefaults.container.args[0]"}},
		{"workflow's hook", "", one("x") + "hooks: {running: {template: main, expression: 'workflow.status == \"Running\" && inputs.parameters.x == \"\"'}}", []string{"reference hooks[running].expression"}},
	})
}
