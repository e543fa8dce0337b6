package argo_test

import (
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/millrace/millrace/internal/argo"
)

// quote writes a text as YAML.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func TestWhen(t *testing.T) {
	for text, ok := range map[string]bool{
		"{{tasks.a.status}} == Succeeded":                                true,
		"{{tasks.a.outputs.result}} > 3 && {{tasks.a.status}} != Failed": true,
		"{{tasks.a.outputs.result}} =~ hea":                              true,
		"'{{tasks.a.status}}' == 'two words'":                            true,
		"{{tasks.a.outputs.result}}":                                     true,
		"{{tasks.a.status}} in ('a', 'b')":                               true,
		"a in {{tasks.a.outputs.result}}":                                true,
		"'my-name' == '{{tasks.a.outputs.result}}'":                      true,
		"true":                            true,
		"1 - 1 == 0":                      true,
		"!({{tasks.a.status}} == Failed)": true,
		"{{=tasks.a.status == 'Failed'}}": true,
		"{{tasks.a.status}} == two words": false,
		"{{tasks.a.status}} == my-name":   false,
		"{{tasks.a.status}} == x || {{tasks.a.outputs.result}} == my-name": false,
		"{{tasks.a.status}} == ":           false,
		"({{tasks.a.status}} == x":         false,
		"{{tasks.a.status}}x":              false,
		"Succeeded":                        false,
		"{{tasks.a.status}} = x":           false,
		"{{tasks.a.status}} == x and true": false,
		"1 + 1":                            false,
		"{{tasks.a.id}}{{tasks.a.id}}{{tasks.a.id}}{{tasks.a.id}}{{tasks.a.id}}": true,
	} {
		c := testCase{name: text, spec: dag("{name: a, template: work}", "{name: b, template: work, depends: a, when: "+quote(text)+"}")}
		if !ok {
			c.want = []string{"expression templates[0].dag.tasks[1].when"}
		}
		run(t, []testCase{c})
	}
}

func TestExpression(t *testing.T) {
	for text, want := range map[string]string{
		"inputs.parameters.p + 'x'":                             "",
		"inputs.parameters['p']":                                "",
		"toJson(inputs.parameters)":                             "",
		"toJson(inputs)":                                        "",
		"asInt(inputs.parameters.p) + asFloat(workflow.status)": "",
		"sprig.trim(inputs.parameters.p)":                       "",
		"jsonpath(workflow.parameters.json, '$[0]')":            "",
		"filter([1, 2], {# > 1})":                               "",
		"let x = 1; x + 1":                                      "",
		"inputs.parameters['p'].x":                              "reference",
		"inputs.parameters.q":                                   "reference",
		"inputs.parameters['p-q']":                              "reference",
		"inputs.parameters.my-p":                                "reference",
		"input.parameters.p":                                    "reference",
		"foo":                                                   "reference",
		"asint(inputs.parameters.p)":                            "reference",
		"workflow.nmae":                                         "reference",
		"tasks.a.status":                                        "reference",
		"inputs?.parameters?.p":                                 "",
		"inputs?.parameters?.q":                                 "reference",
		"workflow.creationTimestamp":                            "",
		"1 +":                                                   "expression",
		"(1":                                                    "expression",
		"now().Year()":                                          "",
		"":                                                      "expression",
	} {
		c := testCase{name: text, spec: one("x", "inputs: {parameters: [{name: p, value: v}]}", "metadata: {labels: {a: "+quote("{{="+text+"}}")+"}}")}
		if want != "" {
			c.want = []string{want + " templates[0].metadata.labels[a]"}
		}
		if text == "inputs.parameters.my-p" { // my minus p
			c.want = append(c.want, c.want...)
		}
		run(t, []testCase{c})
	}
	run(t, []testCase{
		{"space before =", "", one("{{ =1 }}"), []string{"expression templates[0].container.args[0]"}},
		{"braces end it", "", one("{{=toJson({\"a\": {\"b\": 1}})}}"), []string{"expression templates[0].container.args[0]"}},
	})
}

func TestExpressionFields(t *testing.T) {
	hook := func(expression string) string {
		return dag("{name: a-b, template: work, hooks: {h: {template: work, expression: " + quote(expression) + "}}}")
	}
	retry := func(expression string) string {
		return one("x", "inputs: {parameters: [{name: p, value: v}]}", "retryStrategy: {limit: 1, expression: "+quote(expression)+"}")
	}
	http := func(condition string) string {
		return "entrypoint: a\ntemplates: [{name: a, http: {url: 'https://a', successCondition: " + quote(condition) + "}}]"
	}
	const at, ofRetry = "templates[0].dag.tasks[0].hooks[h].expression", "templates[0].retryStrategy.expression"
	run(t, []testCase{
		{"hook", "", hook("tasks['a-b'].status == 'Running'"), nil},
		{"hook of no task", "", hook("tasks['b'].status == 'Running'"), []string{"reference " + at}},
		{"hook with a dash", "", hook("tasks.a-b.status == 'Running'"), []string{"reference " + at, "reference " + at}},
		{"hook without condition", "", dag("{name: a, template: work, hooks: {h: {template: work}}}"), []string{"expression templates[0].dag.tasks[0].hooks[h].expression"}},
		{"hook of text", "", hook("'Running'"), []string{"expression " + at}},
		{"broken hook", "", hook("tasks['a-b'].status =="), []string{"expression " + at}},
		{"step's hook without condition", "", steps("{name: a, template: work, hooks: {h: {template: work}}}"), []string{"expression templates[0].steps[0][0].hooks[h].expression"}},
		{"workflow's hook without condition", "", one("x") + "hooks: {h: {template: main}, exit: {template: main}}", []string{"expression hooks[h].expression"}},
		{"retry", "", retry("asInt(lastRetry.exitCode) > 1 && retries != '3'"), nil},
		{"retry with tags", "", retry("{{inputs.parameters.p}} == true || '{{retries}}' == 'x'"), nil},
		{"retry of a tag alone", "", retry("{{=asInt(lastRetry.exitCode) > 1}}"), nil},
		{"retry knows only the last", "", retry("inputs.parameters.p == 'v'"), []string{"reference " + ofRetry}},
		{"retry of no field", "", retry("lastRetry.code == '1'"), []string{"reference " + ofRetry}},
		{"broken retry", "", retry("asInt(lastRetry.exitCode >"), []string{"expression " + ofRetry}},
		{"success", "", http("response.statusCode == 200 && request.method == \"GET\""), nil},
		{"success of nothing", "", http("reply.statusCode == 200"), []string{"reference templates[0].http.successCondition"}},
		{"data", "", "entrypoint: a\ntemplates: [{name: a, data: {source: {artifactPaths: {name: x, path: /x}}, transformation: [{expression: 'filter(data, {# endsWith \".log\"})'}, {expression: 'filter(date, {# > 1})'}]}}]", []string{"reference templates[0].data.transformation[1].expression"}},
		{"label", "", one("x") + "workflowMetadata: {labelsFrom: {a: {expression: workflow.parameters.b}, c: {expression: workflow.name}}}", []string{"reference workflowMetadata.labelsFrom[a].expression"}},
		{"list", "", dag("{name: a, template: work, withParam: '[1, {\"a\": \"{{workflow.name}}\"}, {{workflow.name}}]'}"), nil},
		{"no list", "", dag("{name: a, template: work, withParam: 'a, b'}"), []string{"expression templates[0].dag.tasks[0].withParam"}},
		{"tag in no list", "", dag("{name: a, template: work, withParam: 'x {{workflow.name}}'}"), []string{"expression templates[0].dag.tasks[0].withParam"}},
		{"artifact by expression", "", strings.Replace(dag("{name: a, template: work}"), "dag:", "outputs: {artifacts: [{name: o, fromExpression: 'tasks.a.status == \"x\" ? tasks.a.outputs.artifacts.file : tasks.a.outputs.artifacts.nope'}]}\n  dag:", 1), []string{"reference templates[0].outputs.artifacts[0].fromExpression"}},
	})
}

func TestCron(t *testing.T) {
	for _, c := range []struct {
		when, stop string
		want       []string
	}{
		{"", "cronworkflow.failed >= 3", nil},
		{"", "cronworkflow.labels.x == 'y' && cronworkflow.name == 'z'", nil},
		{"", "cronworkflow.failures > 3", []string{"reference spec.stopStrategy.expression"}},
		{"", "failed > 3", []string{"reference spec.stopStrategy.expression"}},
		{"", "cronworkflow.failed >", []string{"expression spec.stopStrategy.expression"}},
		{"{{= cronworkflow.lastScheduledTime == nil || (now() - cronworkflow.lastScheduledTime).Seconds() > 360 }}", "true", nil},
		{"'{{cronworkflow.name}}' == 'x'", "true", nil},
		{"{{cronworkflow.failed}} > 1", "true", []string{"expression spec.when"}},
		{"{{=cronworkflow.failed}} > 1", "true", nil},
		{`{{= cronworkflow.name == \"x\" }}`, "true", nil},
		{`{{= cronworkflow.nome == \"x\" }}`, "true", []string{"reference spec.when"}},
		{`{{= cronworkflow.name == \"x" }}`, "true", []string{"expression spec.when"}},
		{"{{cronworkflow.name}} == x", "true", []string{"expression spec.when"}},
		{"{{=cronworkflow.name == \"x\"}}", "true", []string{"expression spec.when"}},
		{"{{workflow.name}} == 'x'", "true", []string{"reference spec.when"}},
		{"{{user.name}} == 'x'", "true", []string{"reference spec.when"}},
		{"'a' ==", "true", []string{"expression spec.when"}},
	} {
		s := &wfv1.CronWorkflowSpec{Schedules: []string{"@daily"}, When: c.when, StopStrategy: &wfv1.StopStrategy{Expression: c.stop}, WorkflowSpec: *spec(t, one("x"))}
		var got []string
		found := argo.Check(argo.Workflow{Kind: "CronWorkflow", Path: "spec.workflowSpec", Spec: &s.WorkflowSpec, Cron: s})
		for _, p := range found {
			got = append(got, strings.TrimPrefix(p.Rule, "workflow/")+" "+p.Path)
		}
		if diff := cmp.Diff(c.want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("when %s, stop %s: (-want +got):\n%s\n%+v", c.when, c.stop, diff, found)
		}
	}
}
