// Package builtintest reads tables of objects that the API server refuses, and
// of their good twins, for the tests of internal/builtin and its oracle.
package builtintest

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"

	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"
)

// Case is an object, what is wrong with it, and its twin with nothing wrong.
type Case struct {
	// Name is the object's kind and what the case lays over the base.
	Name string

	// Object is the object, Good its twin.
	Object, Good map[string]any

	// Want are the problems: a path, a space and a rule.
	Want []string

	// Panics is set where the server's own code doesn't come back.
	Panics bool
}

// layer is what a case lays over the base of its kind.
type layer struct {
	// Pod lies over the spec of the pod, Container over its first container,
	// Volume over a volume called data, and Object over the whole.
	Pod       map[string]any `json:"pod,omitempty"`
	Container map[string]any `json:"container,omitempty"`
	Volume    map[string]any `json:"volume,omitempty"`
	Object    map[string]any `json:"object,omitempty"`
}

type table struct {
	Bases map[string]map[string]any
	Cases []struct {
		layer
		Kind   string
		Good   *layer
		Want   []string
		Panics bool
	}
}

// Read reads a table. Whatever a layer says null for is taken out of the base.
func Read(file string) ([]Case, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var t table
	if err := yaml.UnmarshalStrict(text, &t); err != nil {
		return nil, err
	}
	var out []Case
	for _, c := range t.Cases {
		base, ok := t.Bases[c.Kind]
		if !ok {
			return nil, fmt.Errorf("%s: no base of the kind %q", file, c.Kind)
		}
		text, err := json.Marshal(c.layer)
		if err != nil {
			return nil, err
		}
		if c.Good == nil { // It is the base itself.
			c.Good = &layer{}
		}
		out = append(out, Case{Name: fmt.Sprintf("%s %s", c.Kind, text), Object: c.over(base), Good: c.Good.over(base), Want: c.Want, Panics: c.Panics})
	}
	return out, nil
}

// over returns the base with the layer over it. Numbers are as the server
// decodes them.
func (l *layer) over(base map[string]any) map[string]any {
	out := integers(base).(map[string]any)
	spec := at(out, "spec")
	for _, name := range []string{"jobTemplate", "template"} {
		if next, ok := spec[name].(map[string]any); ok {
			spec = at(next, "spec")
		}
	}
	if next, ok := spec["template"].(map[string]any); ok { // of the Job in a CronJob
		spec = at(next, "spec")
	}
	lay(spec, l.Pod)
	if l.Container != nil {
		lay(spec["containers"].([]any)[0].(map[string]any), l.Container)
	}
	if l.Volume != nil {
		volume := map[string]any{"name": "data"}
		lay(volume, l.Volume)
		spec["volumes"] = []any{volume}
	}
	lay(out, l.Object)
	return out
}

func at(m map[string]any, name string) map[string]any {
	next, ok := m[name].(map[string]any)
	if !ok {
		next = map[string]any{}
		m[name] = next
	}
	return next
}

// lay lays objects over objects; of everything else, what is on top stays.
func lay(under, over map[string]any) {
	for _, k := range slices.Sorted(maps.Keys(over)) {
		v := integers(over[k])
		upper, ok := v.(map[string]any)
		lower, both := under[k].(map[string]any)
		switch {
		case v == nil:
			delete(under, k)
		case ok && both:
			lay(lower, upper)
		default:
			under[k] = v
		}
	}
}

// integers returns a copy in which whole numbers are integers.
func integers(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, value := range v {
			out[k] = integers(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = integers(value)
		}
		return out
	case float64:
		if n := int64(v); float64(n) == v {
			return n
		}
	}
	return runtime.DeepCopyJSONValue(v)
}
