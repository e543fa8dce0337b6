package argo_test

import (
	"strings"
	"testing"
)

func TestTemplate(t *testing.T) {
	run(t, []testCase{
		{"one kind", "", one("x"), nil},
		{"capitals that pods have, too", "", "entrypoint: m\ntemplates: [{name: m, steps: [[{name: S, template: A}]]}, {name: A, container: {image: a}}]", []string{"name templates[1].name"}},
		{"capitals of the start alone, and of a DAG", "", "entrypoint: A\ntemplates: [{name: A, container: {image: a}}, {name: B, steps: [[{name: S, template: C}]]}, {name: C, suspend: {}}]", nil},
		{"no kind", "", "entrypoint: a\ntemplates: [{name: a}]", []string{"template templates[0]"}},
		{"steps without a step", "", "entrypoint: a\ntemplates: [{name: a, steps: []}]", []string{"template templates[0]"}},
		{"two kinds", "", one("x", "suspend: {}"), []string{"template templates[0]"}},
		{"three kinds", "", strings.Replace(dag("{name: a, template: work}", "{name: b, template: work, depends: a}"), "dag:", "container: {image: a}\n  steps: [[{name: c, template: work, when: '{{steps.c.id}} == x'}]]\n  dag:", 1), []string{"template templates[0]"}},
		{"no image", "", "entrypoint: a\ntemplates: [{name: a, container: {command: [b]}}]", []string{"template templates[0].container.image"}},
		{"image of the defaults", "", "entrypoint: a\ntemplateDefaults: {container: {image: c}}\ntemplates: [{name: a, container: {command: [b]}}]", nil},
		{"defaults of a cluster's", "ClusterWorkflowTemplate", "entrypoint: a\ntemplateDefaults: {container: {image: c}}\ntemplates: [{name: a, container: {command: [b]}}]", []string{"template templates[0].container.image"}},
		{"no image of a script", "", "entrypoint: a\ntemplates: [{name: a, script: {image: '', source: b}}]", []string{"template templates[0].script.image"}},
		{"parallelism of a leaf", "", one("x", "parallelism: 2"), []string{"template templates[0].parallelism"}},
		{"parallelism of a DAG", "", strings.Replace(dag("{name: a, template: work}"), "dag:", "parallelism: 2\n  dag:", 1), nil},
		{"deadline of a DAG", "", strings.Replace(dag("{name: a, template: work}"), "dag:", "timeout: 1h\n  activeDeadlineSeconds: 5\n  dag:", 1), []string{"template templates[0].activeDeadlineSeconds", "template templates[0].timeout"}},
		{"deadline of a leaf", "", one("x", "timeout: 1h", "activeDeadlineSeconds: 5"), nil},
		{"timeout of a suspend", "", "entrypoint: a\ntemplates: [{name: a, timeout: 1h, suspend: {}}]", []string{"template templates[0].timeout"}},
		{"init container without name", "", one("x", "initContainers: [{image: a}]"), []string{"name templates[0].initContainers[0].name"}},
		{"no tasks", "", "entrypoint: a\ntemplates: [{name: a, dag: {tasks: []}}]", []string{"template templates[0].dag.tasks"}},
		{"path of a DAG's artifacts", "", strings.Replace(dag("{name: a, template: work}"), "dag:", "inputs: {artifacts: [{name: i, path: /i, optional: true}]}\n  outputs: {artifacts: [{name: o, path: /o}]}\n  dag:", 1), []string{"template templates[0].inputs.artifacts[0].path", "template templates[0].outputs.artifacts[0].path"}},
		{"template and templateRef", "", dag("{name: a, template: work, templateRef: {name: shared, template: load}, arguments: {parameters: [{name: table, value: t}]}}"), []string{"template templates[0].dag.tasks[0]"}},
		{"templates beside workflowTemplateRef", "", "workflowTemplateRef: {name: other}\ntemplates: [{name: a, suspend: {}}]", []string{"template templates"}},
		{"set of containers", "", "entrypoint: a\ntemplates: [{name: a, containerSet: {containers: [{name: a, image: a}, {name: main, image: a, dependencies: [a]}]}, outputs: {parameters: [{name: x, valueFrom: {path: /x}}]}}]", nil},
		{"set without main", "", "entrypoint: a\ntemplates: [{name: a, containerSet: {containers: [{name: a, image: a}]}, outputs: {parameters: [{name: x, valueFrom: {path: /x}}]}}]", []string{"template templates[0].containerSet.containers"}},
		{"set without containers", "", "entrypoint: a\ntemplates: [{name: a, containerSet: {containers: []}}]", []string{"template templates[0].containerSet.containers"}},
		{"edges of a set", "", "entrypoint: a\ntemplates: [{name: a, containerSet: {containers: [{name: a, image: a, dependencies: [b]}, {name: b, image: a, dependencies: [a, c]}, {name: b, dependencies: [d]}]}}]", []string{
			"template templates[0].containerSet.containers[2].image", "name templates[0].containerSet.containers[2].name",
			"graph templates[0].containerSet.containers[1].dependencies[1]", "graph templates[0].containerSet.containers[2].dependencies[0]",
			"graph templates[0].containerSet.containers[0].dependencies",
		}},
	})
}

func TestUnknownTemplate(t *testing.T) {
	run(t, []testCase{
		{"entrypoint", "", strings.Replace(one("x"), "entrypoint: main", "entrypoint: mian", 1), []string{"unknown-template entrypoint"}},
		{"no entrypoint", "", "templates: [{name: a, suspend: {}}]", []string{"unknown-template entrypoint"}},
		{"no entrypoint in a library", "WorkflowTemplate", "templates: [{name: a, suspend: {}}]", nil},
		{"onExit", "", one("x") + "onExit: bye", []string{"unknown-template onExit"}},
		{"workflow's hook", "", one("x") + "hooks: {running: {template: nope, expression: 'workflow.status == \"Running\"'}}", []string{"unknown-template hooks[running].template"}},
		{"task", "", dag("{name: a, template: wor}"), []string{"unknown-template templates[0].dag.tasks[0].template"}},
		{"step", "", steps("{name: a, template: wor}"), []string{"unknown-template templates[0].steps[0][0].template"}},
		{"tag", "", dag("{name: a, template: '{{workflow.name}}'}"), []string{"unknown-template templates[0].dag.tasks[0].template"}},
		{"nothing to run", "", dag("{name: a}"), []string{"unknown-template templates[0].dag.tasks[0]"}},
		{"task's hooks", "", dag("{name: a, template: work, hooks: {exit: {template: bye}}, onExit: bye}"), []string{"unknown-template templates[0].dag.tasks[0].hooks[exit].template", "unknown-template templates[0].dag.tasks[0].onExit"}},
		{"of another object", "", dag("{name: a, templateRef: {name: shared, template: lod}}"), []string{"unknown-template templates[0].dag.tasks[0].templateRef.template"}},
		{"of an object that is not known", "", dag("{name: a, templateRef: {name: other, template: any}}"), nil},
		{"of a cluster's that is not known", "", dag("{name: a, templateRef: {name: shared, template: any, clusterScope: true}}"), nil},
		{"templateRef without names", "", dag("{name: a, templateRef: {}}"), []string{"unknown-template templates[0].dag.tasks[0].templateRef.name", "unknown-template templates[0].dag.tasks[0].templateRef.template"}},
		{"inline", "", dag("{name: a, inline: {container: {image: a, command: [b]}}}"), nil},
		{"in an inline one", "", dag("{name: a, inline: {dag: {tasks: [{name: b, template: nope}]}}}"), []string{"unknown-template templates[0].dag.tasks[0].inline.dag.tasks[0].template"}},
		{"itself", "", dag("{name: a, template: main}"), nil},
		{"workflowTemplateRef", "", "workflowTemplateRef: {name: shared}\narguments: {parameters: [{name: day, value: d}, {name: table, value: t}]}", nil},
		{"workflowTemplateRef that is not known", "", "workflowTemplateRef: {name: other}\nentrypoint: any\nonExit: any", nil},
		{"names of workflowTemplateRef", "", "workflowTemplateRef: {name: shared}\nentrypoint: any\narguments: {parameters: [{name: day, value: d}]}", []string{"unknown-template entrypoint"}},
		{"workflowTemplateRef without name", "", "workflowTemplateRef: {}", []string{"unknown-template workflowTemplateRef.name"}},
	})
}

func TestName(t *testing.T) {
	long := strings.Repeat("a", 129)
	run(t, []testCase{
		{"template", "", "entrypoint: a\ntemplates: [{name: a, suspend: {}}, {name: a_b, suspend: {}}, {name: -a, suspend: {}}, {suspend: {}}, {name: a, suspend: {}}, {name: " + long + ", suspend: {}}]", []string{
			"name templates[1].name", "name templates[2].name", "name templates[3].name", "name templates[5].name", "name templates[4].name"}},
		{"task", "", dag("{name: a, template: work}", "{name: a.b, template: work}", "{name: a, template: work}"), []string{"name templates[0].dag.tasks[1].name", "name templates[0].dag.tasks[2].name"}},
		{"step", "", steps("{name: a, template: work}", "{name: a, template: work}", "{template: work}"), []string{"name templates[0].steps[1][0].name", "name templates[0].steps[2][0].name"}},
		{"digit", "", dag("{name: 1a, template: work}", "{name: b, template: work}"), nil},
		{"digit with depends", "", dag("{name: 1a, template: work}", "{name: b, template: work, depends: c}", "{name: c, template: work}"), []string{"name templates[0].dag.tasks[0].name"}},
		{"digit that is awaited", "", dag("{name: 1a, template: work}", "{name: b, template: work, dependencies: [1a]}"), []string{"name templates[0].dag.tasks[0].name"}},
		{"reserved word", "", dag("{name: matches, template: work}", "{name: b, template: work, depends: matches.Succeeded}"), []string{"name templates[0].dag.tasks[0].name"}},
		{"reserved word that nobody awaits", "", dag("{name: matches, template: work}", "{name: b, template: work}"), nil},
		{"inputs", "", one("x", "inputs: {parameters: [{name: a b, value: v}, {name: a, value: v}, {name: a, value: v}], artifacts: [{name: '', path: /a, optional: true}]}"), []string{
			"name templates[0].inputs.parameters[0].name", "name templates[0].inputs.parameters[2].name", "name templates[0].inputs.artifacts[0].name"}},
		{"outputs", "", one("x", "outputs: {parameters: [{name: a, valueFrom: {path: /a}, globalName: 'a.b'}, {name: a, valueFrom: {path: /a}}], artifacts: [{name: a, path: /a, globalName: '{{workflow.name}}'}]}"), []string{
			"name templates[0].outputs.parameters[1].name", "name templates[0].outputs.parameters[0].globalName"}},
		{"arguments", "", one("x") + "arguments: {parameters: [{name: 'a b', value: v}, {name: a, value: v}, {name: a, value: v}]}", []string{"name arguments.parameters[0].name", "name arguments.parameters[2].name"}},
		{"many arguments", "", one("x") + "arguments: {parameters: [{name: a, value: v}, {name: b, value: v}, {name: c, value: v}, {name: d, value: v}, {name: e, value: v}, {name: f, value: v}, {name: g, value: v}, {name: h, value: v}, {name: a, value: v}]}", []string{"name arguments.parameters[8].name"}},
	})
}
