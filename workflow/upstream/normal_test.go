package upstream_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	sigsyaml "sigs.k8s.io/yaml"
)

// TestNormal holds what the examples are compared by to what Argo does.
func TestNormal(t *testing.T) {
	const template = "templates: [{name: a, inputs: {parameters: [{name: p}]}}, {name: b, steps: [[{name: s, template: "
	protected := `'{"apiVersion": "v1", "data": {"a": {{=replace(toJson("x-" + inputs.parameters["a-b"]), "{", "\\u007b")}}}}'`
	for name, tc := range map[string]struct {
		a, b string
		same bool
	}{
		"a time in seconds":             {"{timeout: 90s}", "{timeout: 1m30s}", true},
		"a time without a unit":         {"{suspend: {duration: '20'}}", "{suspend: {duration: 20s}}", true},
		"another time":                  {"{timeout: 10s}", "{timeout: 10m}", false},
		"a dropped argument":            {template + "a, arguments: {parameters: [{name: q, value: v}]}}]]}]", template + "a}]]}]", true},
		"an argument":                   {template + "a, arguments: {parameters: [{name: p, value: v}]}}]]}]", template + "a}]]}]", false},
		"an argument of another object": {template + "z, arguments: {parameters: [{name: q, value: v}]}}]]}]", template + "z}]]}]", false},
		"the value of an input":         {"{inputs: {parameters: [{name: a, value: b}]}}", "{inputs: {parameters: [{name: a, default: b}]}}", true},
		"the value of an argument":      {"{arguments: {parameters: [{name: a, value: b}]}}", "{arguments: {parameters: [{name: a, default: b}]}}", false},
		"a list as a value":             {"{parameters: [{name: a, value: []}]}", "{parameters: [{name: a, value: '[]'}]}", true},
		"no value":                      {"{parameters: [{name: a, value: []}]}", "{parameters: [{name: a}]}", false},
		"a reference in an expression":  {`{expression: "({{a.b}} == 'c')"}`, `{expression: '{{a.b}} == "c"'}`, true},
		"another reference":             {`{expression: "{{a.b}} == 'c'"}`, `{expression: "{{a.d}} == 'c'"}`, false},
		"not in real time":              {"{gauge: {value: a, realtime: false}}", "{gauge: {value: a}}", true},
		"in real time":                  {"{gauge: {value: a, realtime: true}}", "{gauge: {value: a}}", false},
		"the key of a cache":            {"{memoize: {key: k, cache: {configMap: {name: a, key: b}}}}", "{memoize: {key: k, cache: {configMap: {name: a}}}}", true},
		"another cache":                 {"{memoize: {cache: {configMap: {name: a}}}}", "{memoize: {cache: {configMap: {name: b}}}}", false},
		"the key of a repository":       {"{artifactRepositoryRef: {configMap: a, key: b}}", "{artifactRepositoryRef: {configMap: a}}", false},
		"not suspended":                 {"{suspend: false}", "{}", true},
		"suspended":                     {"{suspend: true}", "{}", false},
		"the exit of a run":             {"{entrypoint: a, hooks: {exit: {template: b}}}", "{entrypoint: a, onExit: b}", true},
		"the exit with arguments":       {"{hooks: {exit: {template: b, arguments: {parameters: [{name: p}]}}}}", "{onExit: b}", false},
		"another hook":                  {"{hooks: {late: {template: b}}}", "{onExit: b}", false},
		"quotes in an expression":       {`{expression: "a['b'] == 'c'"}`, `{expression: 'a.b == "c"'}`, true},
		"another expression":            {`{expression: a.b == 1}`, `{expression: a.b != 1}`, false},
		"an encoded text":               {"{manifest: " + protected + "}", `{manifest: "{apiVersion: v1, data: {a: 'x-{{inputs.parameters.a-b}}'}}"}`, true},
		"another encoded text":          {"{manifest: " + protected + "}", `{manifest: "{apiVersion: v1, data: {a: 'x-{{inputs.parameters.a}}'}}"}`, false},
		"an empty map in a manifest":    {"{manifest: '{apiVersion: v1, spec: {}}'}", "{manifest: '{apiVersion: v1}'}", false},
		"units":                         {"{resources: {memory: 1Gi, cpu: 1000m}}", "{resources: {memory: 1024Mi, cpu: '1'}}", true},
		"another amount":                {"{resources: {memory: 1Gi}}", "{resources: {memory: 1G}}", false},
		"an empty environment":          {"{env: [{name: a, value: ''}]}", "{env: [{name: a}]}", true},
		"an environment":                {"{env: [{name: a, value: b}]}", "{env: [{name: a}]}", false},
		"no target port":                {"{manifest: '{a: {targetPort: 0}}'}", "{manifest: '{a: {}}'}", true},
		"a target port":                 {"{manifest: '{a: {targetPort: 80}}'}", "{manifest: '{a: {}}'}", false},
		"an endless retry":              {"{retryStrategy: {}}", "{}", false},
		"a nested workflow":             {"{manifest: '{apiVersion: argoproj.io/v1alpha1, spec: {}}'}", "{manifest: '{apiVersion: argoproj.io/v1alpha1}'}", true},
	} {
		var trees [2]map[string]any
		for i, text := range []string{tc.a, tc.b} {
			var spec map[string]any
			if err := sigsyaml.Unmarshal([]byte(text), &spec); err != nil {
				t.Fatal(err)
			}
			trees[i] = normal(t, map[string]any{"spec": spec})
		}
		if diff := cmp.Diff(trees[0], trees[1]); (diff == "") != tc.same {
			t.Errorf("%s: same %t, but -a +b:\n%s", name, tc.same, diff)
		}
	}
}

// given removes the parameters of a template that each run has to give.
func given(o map[string]any) {
	spec, _ := o["spec"].(map[string]any)
	arguments, _ := spec["arguments"].(map[string]any)
	if list, ok := arguments["parameters"].([]any); ok {
		arguments["parameters"] = slices.DeleteFunc(list, func(p any) bool {
			of, _ := p.(map[string]any)
			return len(of) == 1
		})
	}
}

func TestGiven(t *testing.T) {
	object := func(kind string, parameters ...any) map[string]any {
		return map[string]any{"kind": kind, "spec": map[string]any{"arguments": map[string]any{"parameters": parameters}}}
	}
	name, valued := map[string]any{"name": "a"}, map[string]any{"name": "a", "value": ""}
	for _, tc := range []struct {
		a, b map[string]any
		same bool
	}{
		{object("WorkflowTemplate", name), object("WorkflowTemplate"), true},
		{object("WorkflowTemplate", valued), object("WorkflowTemplate"), false},
		{object("Workflow", name), object("Workflow"), false},
	} {
		if cmp.Equal(normal(t, tc.a), normal(t, tc.b)) != tc.same {
			t.Errorf("%v and %v", tc.a, tc.b)
		}
	}
}
