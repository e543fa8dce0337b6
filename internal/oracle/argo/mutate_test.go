package argo_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"
)

// mutant is an object that is to be changed, as a tree.
type mutant struct {
	r    *rand.Rand
	root map[string]any
}

func newMutant(r *rand.Rand, data []byte) (*mutant, error) {
	m := &mutant{r: r}
	return m, json.Unmarshal(data, &m.root)
}

// spec returns the workflow, wherever it is.
func (m *mutant) spec() map[string]any {
	spec, _ := m.root["spec"].(map[string]any)
	if w, ok := spec["workflowSpec"].(map[string]any); ok {
		return w
	}
	return spec
}

// slot is a place in a tree that holds a value.
type slot struct {
	value any
	set   func(any)
}

// find returns the slots at a pattern, such as "templates[].steps[][].name",
// from the spec on, or from the root with a leading dot; "spec" is the spec.
// "?x" takes only objects with a field x, "!x" those without; "a|b" is both.
func (m *mutant) find(pattern string) []slot {
	var all []slot
	for p := range strings.SplitSeq(pattern, "|") {
		from, rest := any(m.spec()), strings.TrimPrefix(p, "spec")
		if after, ok := strings.CutPrefix(p, "."); ok {
			from, rest = m.root, after
		}
		all = append(all, below(slot{from, nil}, tokens(rest))...)
	}
	return all
}

// tokens splits a pattern into fields, "[]", "?x" and "!x".
func tokens(pattern string) []string {
	for _, mark := range []string{"[]", "?", "!"} {
		pattern = strings.ReplaceAll(pattern, mark, "."+mark)
	}
	return strings.FieldsFunc(pattern, func(r rune) bool { return r == '.' })
}

func below(s slot, path []string) []slot {
	if len(path) == 0 {
		return []slot{s}
	}
	token, rest := path[0], path[1:]
	if token == "[]" {
		list, _ := s.value.([]any)
		var all []slot
		for i := range list {
			all = append(all, below(slot{list[i], func(v any) { list[i] = v }}, rest)...)
		}
		return all
	}
	object, ok := s.value.(map[string]any)
	if !ok {
		return nil
	}
	switch token[0] {
	case '?', '!':
		if _, ok := object[token[1:]]; ok != (token[0] == '?') {
			return nil
		}
		return below(s, rest)
	}
	value, ok := object[token]
	if !ok {
		return nil
	}
	return below(slot{value, func(v any) { object[token] = v }}, rest)
}

// pick returns one of the slots at a pattern.
func (m *mutant) pick(pattern string) (slot, bool) {
	all := m.find(pattern)
	if len(all) == 0 {
		return slot{}, false
	}
	return all[m.r.IntN(len(all))], true
}

// set writes a value to a field of an object; objects on the way are made.
func (m *mutant) set(pattern, field string, value any) bool {
	s, ok := m.pick(pattern)
	object, isObject := s.value.(map[string]any)
	if !ok || !isObject {
		return false
	}
	path := strings.Split(field, ".")
	for _, name := range path[:len(path)-1] {
		next, ok := object[name].(map[string]any)
		if !ok {
			next = map[string]any{}
			object[name] = next
		}
		object = next
	}
	object[path[len(path)-1]] = runtime.DeepCopyJSONValue(value)
	return true
}

// drop removes a field of an object that has it.
func (m *mutant) drop(pattern, field string) bool {
	s, ok := m.pick(pattern + "?" + field)
	if ok {
		delete(s.value.(map[string]any), field)
	}
	return ok
}

// list changes a list that has items, to what edit returns.
func (m *mutant) list(pattern string, edit func(list []any) []any) bool {
	all := slices.DeleteFunc(m.find(pattern), func(s slot) bool {
		list, ok := s.value.([]any)
		return !ok || len(list) == 0
	})
	if len(all) == 0 {
		return false
	}
	s := all[m.r.IntN(len(all))]
	s.set(edit(slices.Clone(s.value.([]any))))
	return true
}

// dropItem removes an item of a list, twice adds one again, swap exchanges two.
func (m *mutant) dropItem(pattern string) bool {
	return m.list(pattern, func(list []any) []any {
		i := m.r.IntN(len(list))
		return slices.Delete(list, i, i+1)
	})
}

func (m *mutant) twice(pattern string) bool {
	return m.list(pattern, func(list []any) []any {
		return append(list, runtime.DeepCopyJSONValue(list[m.r.IntN(len(list))]))
	})
}

func (m *mutant) swap(pattern string) bool {
	return m.list(pattern, func(list []any) []any {
		i, j := m.r.IntN(len(list)), m.r.IntN(len(list))
		list[i], list[j] = list[j], list[i]
		return list
	})
}

// text changes a text at a pattern.
func (m *mutant) text(pattern string, edit func(string) string) bool {
	s, ok := m.pick(pattern)
	text, isText := s.value.(string)
	if !ok || !isText {
		return false
	}
	s.set(edit(text))
	return true
}

// misspelt changes a letter of a name.
func (m *mutant) misspelt(name string) string {
	if name == "" {
		return "x"
	}
	i := m.r.IntN(len(name))
	switch m.r.IntN(4) {
	case 0:
		return name[:i] + name[i+1:]
	case 1:
		return name + "s"
	case 2:
		return strings.ToUpper(name[:1]) + name[1:]
	}
	return name[:i] + "q" + name[i:]
}

// texts returns all texts of a tree in a fixed order.
func texts(x any, set func(any)) []slot {
	var all []slot
	switch x := x.(type) {
	case string:
		all = append(all, slot{x, set})
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(x)) {
			all = append(all, texts(x[k], func(v any) { x[k] = v })...)
		}
	case []any:
		for i := range x {
			all = append(all, texts(x[i], func(v any) { x[i] = v })...)
		}
	}
	return all
}

// anyText changes one of the texts that hold a piece.
func (m *mutant) anyText(piece string, edit func(string) string) bool {
	all := slices.DeleteFunc(texts(m.spec(), nil), func(s slot) bool { return !strings.Contains(s.value.(string), piece) })
	if len(all) == 0 {
		return false
	}
	s := all[m.r.IntN(len(all))]
	s.set(edit(s.value.(string)))
	return true
}
