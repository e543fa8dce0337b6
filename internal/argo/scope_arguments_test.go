package argo_test

import (
	"strings"
	"testing"
)

func TestArguments(t *testing.T) {
	needs := "\n- name: needs\n  inputs: {parameters: [{name: p}, {name: q, default: d}, {name: r, value: v}, {name: s, valueFrom: {configMapKeyRef: {name: c, key: k}}}], artifacts: [{name: f, path: /f}, {name: g, path: /g, optional: true}, {name: h, path: /h, raw: {data: x}}]}\n  container: {image: a, command: [b]}"
	with := func(arguments string) string {
		return dag("{name: a, template: work}", "{name: b, template: needs, depends: a, arguments: {"+arguments+"}}") + needs
	}
	const at = "arguments templates[0].dag.tasks[1].arguments"
	const extra = "extra-argument templates[0].dag.tasks[1].arguments"
	full := "artifacts: [{name: f, from: '{{tasks.a.outputs.artifacts.file}}'}], parameters: [{name: p, value: v}]"
	run(t, []testCase{
		{"all that is needed", "", with(full), nil},
		{"missing", "", with(""), []string{at, at}},
		{"values of a run", "", "workflowTemplateRef: {name: elsewhere}\narguments: {parameters: [{name: p, value: '{{'}, {name: q, value: '{{inputs.parameters.x}} {{=1 +}}'}]}", nil},
		{"not declared", "", with("parameters: [{name: p, value: v}, {name: z, value: z}], artifacts: [{name: f, raw: {data: x}}, {name: z, raw: {data: x}}]"), []string{extra + ".parameters[1].name", extra + ".artifacts[1].name"}},
		{"without value", "", with("artifacts: [{name: f}], parameters: [{name: p}]"), []string{at + ".parameters[0].value", at + ".artifacts[0]"}},
		{"valueFrom", "", with("artifacts: [{name: f, raw: {data: x}}], parameters: [{name: p, valueFrom: {path: /x}}, {name: q, valueFrom: {supplied: {}}}, {name: r, valueFrom: {configMapKeyRef: {name: c, key: k}}}]"), []string{at + ".parameters[0].valueFrom", at}},
		{"two origins", "", with("artifacts: [{name: f, from: '{{tasks.a.outputs.artifacts.file}}', fromExpression: tasks.a.outputs.artifacts.file}], parameters: [{name: p, value: v}]"), []string{at + ".artifacts[0].fromExpression"}},
		{"enum", "", with(strings.Replace(full, "value: v", "value: v, enum: [v, w]", 1)), nil},
		{"not of the enum", "", with(strings.Replace(full, "value: v", "value: x, enum: [v, w]", 1)), []string{at + ".parameters[0].value"}},
		{"tag instead of the enum", "", with(strings.Replace(full, "value: v", "value: '{{tasks.a.outputs.result}}', enum: [v, w]", 1)), []string{at + ".parameters[0].value"}},
		{"parameter of the workflow that is in the enum", "", "arguments: {parameters: [{name: day, value: w}]}\n" + with(strings.Replace(full, "value: v", "value: '{{workflow.parameters.day}}', enum: [v, w]", 1)), nil},
		{"onExit of a library", "WorkflowTemplate", "onExit: needs\n" + with(full), []string{"arguments onExit", "arguments onExit"}},
		{"enum without value", "", with(strings.Replace(full, "value: v", "valueFrom: {configMapKeyRef: {name: c, key: k}}, enum: [v]", 1)), []string{at + ".parameters[0].value"}},
		{"empty enum", "", with(strings.Replace(full, "value: v", "value: x, enum: []", 1)), []string{at + ".parameters[0].enum"}},
		{"of another object", "", dag("{name: a, templateRef: {name: shared, template: load}, arguments: {parameters: [{name: tabel, value: v}]}}"), []string{
			"arguments templates[0].dag.tasks[0].arguments", "extra-argument templates[0].dag.tasks[0].arguments.parameters[0].name"}},
		{"of an object that is not known", "", dag("{name: a, templateRef: {name: other, template: load}, arguments: {parameters: [{name: tabel, value: v}]}}"), nil},
		{"hook", "", dag("{name: a, template: work, hooks: {exit: {template: needs, arguments: {parameters: [{name: p, value: v}]}}}}") + needs, []string{"arguments templates[0].dag.tasks[0].hooks[exit].arguments"}},
		{"exit handlers get the workflow's", "", "arguments: {parameters: [{name: p, value: v}], artifacts: [{name: f, raw: {data: x}}]}\nonExit: needs\nhooks: {exit: {template: needs}}\n" + dag("{name: a, template: work, onExit: needs}") + needs, nil},
		{"exit handlers without", "", "onExit: needs\n" + dag("{name: a, template: work, onExit: needs, hooks: {exit: {template: needs}}}") + needs, []string{
			"arguments onExit", "arguments onExit",
			"arguments templates[0].dag.tasks[0].hooks[exit]", "arguments templates[0].dag.tasks[0].hooks[exit]",
			"arguments templates[0].dag.tasks[0].onExit", "arguments templates[0].dag.tasks[0].onExit"}},
		{"entrypoint", "", "entrypoint: needs\ntemplates:" + needs, []string{"arguments arguments", "arguments arguments"}},
		{"entrypoint of a library", "WorkflowTemplate", "entrypoint: needs\ntemplates:" + needs, nil},
		{"workflow's without value", "", one("x") + "arguments: {parameters: [{name: p}]}", []string{"arguments arguments.parameters[0].value"}},
		{"library's without value", "ClusterWorkflowTemplate", one("x") + "arguments: {parameters: [{name: p}, {name: q, enum: [a]}]}", nil},
		{"merged without value", "", "workflowTemplateRef: {name: shared}\narguments: {parameters: [{name: table, value: t}]}", []string{"arguments arguments.parameters"}},
		{"input with from", "", one("x", "inputs: {artifacts: [{name: a, path: /a, from: '{{workflow.outputs.artifacts.a}}'}]}"), []string{"arguments arguments", "arguments templates[0].inputs.artifacts[0].from", "reference templates[0].inputs.artifacts[0].from"}},
	})
}

func TestOutputs(t *testing.T) {
	const at = "arguments templates[0].outputs.parameters[0]"
	of := func(kind, output string) string {
		return "entrypoint: main\ntemplates:\n- name: main\n  outputs: {parameters: [{name: o, " + output + "}]}\n  " + kind
	}
	run(t, []testCase{
		{"path", "", of("container: {image: a}", "valueFrom: {path: /a}"), nil},
		{"value", "", of("container: {image: a}", "value: v"), nil},
		{"nothing", "", of("container: {image: a}", ""), []string{at}},
		{"both", "", of("container: {image: a}", "value: v, valueFrom: {path: /a}"), []string{at}},
		{"two places", "", of("container: {image: a}", "valueFrom: {path: /a, jsonPath: b}"), []string{at + ".valueFrom"}},
		{"no place", "", of("container: {image: a}", "valueFrom: {default: d}"), []string{at + ".valueFrom"}},
		{"place of another kind", "", of("script: {image: a, source: b}", "valueFrom: {parameter: x}"), []string{at + ".valueFrom"}},
		{"of a resource", "", of("resource: {action: get, flags: [pod, a]}", "valueFrom: {jsonPath: x}"), nil},
		{"path of a resource", "", of("resource: {action: get, flags: [pod, a]}", "valueFrom: {path: /x}"), []string{at + ".valueFrom"}},
		{"of a DAG", "", of("dag: {tasks: [{name: a, template: work}]}", "valueFrom: {expression: tasks.a.outputs.result}") + work, nil},
		{"path of a DAG", "", of("dag: {tasks: [{name: a, template: work}]}", "valueFrom: {path: /x}") + work, []string{at + ".valueFrom"}},
		{"of a suspend", "", of("suspend: {}", "valueFrom: {supplied: {}}"), nil},
	})
}

func TestLoop(t *testing.T) {
	const at = "loop templates[0].dag.tasks[0]"
	with := func(loop string) string { return dag("{name: a, template: work, " + loop + "}") }
	run(t, []testCase{
		{"items", "", with("withItems: [1, a, {k: v}, [1], true]"), nil},
		{"item that is nothing", "", with("withItems: [1, null]"), []string{at + ".withItems[1]"}},
		{"two loops", "", with("withItems: [1], withParam: '[1]'"), []string{at + ".withParam"}},
		{"sequence", "", with("withSequence: {start: 1, end: '{{workflow.parameters.end}}'}") + "arguments: {parameters: [{name: end, value: '3'}]}", nil},
		{"sequence without end", "", with("withSequence: {start: 1}"), []string{at + ".withSequence"}},
		{"sequence with two ends", "", with("withSequence: {count: 1, end: 2}"), []string{at + ".withSequence.end"}},
		{"sequence of no number", "", with("withSequence: {count: many}"), []string{at + ".withSequence.count"}},
		{"items and sequence of a step", "", steps("{name: a, template: work, withItems: [1], withSequence: {count: 1}}"), []string{"loop templates[0].steps[0][0].withSequence"}},
	})
}
