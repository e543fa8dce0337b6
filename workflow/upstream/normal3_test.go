package upstream_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// dig goes down a tree of maps.
func dig(v any, path ...string) any {
	for _, key := range path {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	return v
}

// undeclared removes from the calls in a spec the parameters that the called
// template has no input for.
func undeclared(spec map[string]any) {
	templates, _ := spec["templates"].([]any)
	inputs := map[string][]string{}
	for _, t := range templates {
		var names []string
		list, _ := dig(t, "inputs", "parameters").([]any)
		for _, p := range list {
			names = append(names, nameOf(p))
		}
		inputs[nameOf(t)] = names
	}
	for _, t := range templates {
		tasks, _ := dig(t, "dag", "tasks").([]any)
		steps, _ := dig(t, "steps").([]any)
		for _, group := range steps {
			group, _ := group.([]any)
			tasks = append(tasks, group...)
		}
		for _, task := range tasks {
			names, here := inputs[fmt.Sprint(dig(task, "template"))]
			arguments, _ := dig(task, "arguments").(map[string]any)
			list, _ := arguments["parameters"].([]any)
			if here && list != nil {
				arguments["parameters"] = slices.DeleteFunc(list, func(p any) bool { return !slices.Contains(names, nameOf(p)) })
			}
		}
	}
}

// given removes the parameters that each run has to give.
func given(spec map[string]any) {
	arguments, _ := spec["arguments"].(map[string]any)
	if list, ok := arguments["parameters"].([]any); ok {
		arguments["parameters"] = slices.DeleteFunc(list, func(p any) bool {
			of, _ := p.(map[string]any)
			return len(of) == 1
		})
	}
}

func TestUndeclared(t *testing.T) {
	named := func(names ...string) (out []any) {
		for _, name := range names {
			out = append(out, map[string]any{"name": name})
		}
		return out
	}
	spec := func(of string, arguments ...string) map[string]any {
		step := map[string]any{"template": of, "arguments": map[string]any{"parameters": named(arguments...)}}
		return map[string]any{"templates": []any{
			map[string]any{"name": "main", "steps": []any{[]any{step}}},
			map[string]any{"name": "print", "inputs": map[string]any{"parameters": named("message")}},
		}}
	}
	for _, tc := range []struct{ in, want map[string]any }{
		{spec("print", "message", "more"), spec("print", "message")},
		{spec("elsewhere", "more"), spec("elsewhere", "more")},
	} {
		if undeclared(tc.in); !cmp.Equal(tc.in, tc.want) {
			t.Error(cmp.Diff(tc.want, tc.in))
		}
	}
}

// TestNormal: forms that mean the same are equal, and others that look like them
// are not.
func TestNormal(t *testing.T) {
	template := func(spec string) string { return `{"kind":"WorkflowTemplate","spec":` + spec + `}` }
	container := func(of string) string { return template(`{"templates":[{"name":"a","container":` + of + `}]}`) }
	manifest := func(of string) string {
		return template(`{"templates":[{"name":"a","resource":{"manifest":"` + of + `"}}]}`)
	}
	for _, tc := range []struct {
		name, a, b string
		same       bool
	}{
		{"units", container(`{"resources":{"limits":{"memory":"1Gi","cpu":"1"}}}`), container(`{"resources":{"limits":{"memory":"1024Mi","cpu":"1000m"}}}`), true},
		{"amounts", container(`{"resources":{"limits":{"memory":"1Gi"}}}`), container(`{"resources":{"limits":{"memory":"1G"}}}`), false},
		{"empty environment", container(`{"env":[{"name":"a","value":""}]}`), container(`{"env":[{"name":"a"}]}`), true},
		{"environment", container(`{"env":[{"name":"a","value":"0"}]}`), container(`{"env":[{"name":"a"}]}`), false},
		{"no port", manifest("targetPort: 0"), manifest("{}"), true},
		{"port", manifest("targetPort: 80"), manifest("{}"), false},
		{"parameter with a name only", template(`{"arguments":{"parameters":[{"name":"a"}]}}`), template(`{}`), true},
		{"parameter with a value", template(`{"arguments":{"parameters":[{"name":"a","value":""}]}}`), template(`{}`), false},
		{"parameter of a run", `{"kind":"Workflow","spec":{"arguments":{"parameters":[{"name":"a"}]}}}`, `{"kind":"Workflow","spec":{}}`, false},
		{"endless retry", template(`{"templates":[{"name":"a","retryStrategy":{}}]}`), template(`{"templates":[{"name":"a"}]}`), false},
		{"spellings", container(`{"args":["{{=a['b'].c == 'd'}}"]}`), container(`{"args":["{{= a.b.c == \"d\" }}"]}`), true},
		{"names", container(`{"args":["{{=a.b}}"]}`), container(`{"args":["{{=a.c}}"]}`), false},
	} {
		a, b := normal(t, parsed(t, tc.a)), normal(t, parsed(t, tc.b))
		if cmp.Equal(a, b) != tc.same {
			t.Errorf("%s: %v and %v", tc.name, a, b)
		}
	}
}

func parsed(t *testing.T, text string) map[string]any {
	t.Helper()
	var out map[string]any
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	return out
}
