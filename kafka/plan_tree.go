package kafka

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/millrace/millrace/kafka/strimziv1"
)

// tree is an object as JSON has it.
type tree map[string]any

// at returns the object below the path, nil if there is none.
func (t tree) at(path ...string) tree {
	m := map[string]any(t)
	for _, key := range path {
		m, _ = m[key].(map[string]any)
	}
	return m
}

func (t tree) text(key string) string {
	s, _ := t[key].(string)
	return s
}

func (t tree) number(key string) (int64, bool) { return configInt(strimziv1.JSONMap(t), key) }

// roles returns those of a pool.
func (t tree) roles() []string { return texts(t["roles"]) }

// difference is a field that two trees don't have in common.
type difference struct {
	path     string
	was, now any
}

// listKeys are the fields by which the items of lists are told apart; items of
// other lists have their places.
var listKeys = map[string]string{
	"spec.kafka.listeners": "name", "spec.storage.volumes": "id", "spec.mirrors": "source", "spec.build.plugins": "name",
	"spec.cruiseControl.autoRebalance": "mode",
}

// differences returns where two trees differ, at the leaves, in order.
func differences(path string, was, now any) []difference {
	if sameValue(was, now) {
		return nil
	}
	a, isA := was.(map[string]any)
	b, isB := now.(map[string]any)
	if (isA || was == nil) && (isB || now == nil) {
		var out []difference
		for _, key := range slices.Sorted(maps.Keys(union(a, b))) {
			out = append(out, differences(joinPath(path, key), a[key], b[key])...)
		}
		if out == nil && (was == nil || now == nil) {
			out = []difference{{path, was, now}} // the other one is {}
		}
		return out
	}
	if key, ok := listKeys[path]; ok {
		return keyedDifferences(path, key, was, now)
	}
	x, isX := was.([]any)
	y, isY := now.([]any)
	isMap := func(item any) bool { _, ok := item.(map[string]any); return ok }
	if !isX || !isY || len(x) != len(y) || !slices.ContainsFunc(x, isMap) {
		return []difference{{path, was, now}}
	}
	var out []difference
	for i := range x {
		out = append(out, differences(fmt.Sprintf("%s[%d]", path, i), x[i], y[i])...)
	}
	return out
}

// keyedDifferences compares lists whose items have names.
func keyedDifferences(path, key string, was, now any) []difference {
	a, b := byKey(was, key), byKey(now, key)
	var out []difference
	for _, name := range slices.Sorted(maps.Keys(union(a, b))) {
		at := path + "[" + name + "]"
		switch x, y := a[name], b[name]; {
		case x == nil || y == nil:
			out = append(out, difference{at, x, y}) // it comes or goes as a whole
		default:
			out = append(out, differences(at, x, y)...)
		}
	}
	return out
}

// byKey returns the items of a list by what tells them apart.
func byKey(list any, key string) map[string]any {
	items, _ := list.([]any)
	out := make(map[string]any, len(items))
	for i, item := range items {
		m, _ := item.(map[string]any)
		name := m[key]
		if inner, ok := name.(map[string]any); ok {
			name = inner["alias"]
		}
		if name == nil {
			name = i
		}
		out[fmt.Sprint(name)] = item
	}
	return out
}

func union[V any](a, b map[string]V) map[string]V {
	out := maps.Clone(a)
	if out == nil {
		out = map[string]V{}
	}
	maps.Copy(out, b)
	return out
}

// sameValue compares numbers and texts as the operators write them into
// settings: 2 is "2".
func sameValue(a, b any) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	x, okX := configText(a)
	y, okY := configText(b)
	return okX && okY && a != nil && b != nil && x == y
}

// short writes a value in one line.
func short(v any) string {
	if v == nil {
		return ""
	}
	if s, ok := configText(v); ok {
		return cmp.Or(s, `""`)
	}
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	const most = 80
	if len(data) > most {
		return string(data[:most]) + "…"
	}
	return string(data)
}
