package upstream_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

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
