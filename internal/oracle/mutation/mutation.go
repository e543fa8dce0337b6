// Package mutation changes objects at random, for the oracles: fields dropped,
// retyped, misspelt, copied elsewhere. The same source of numbers makes the
// same changes.
package mutation

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
)

// place is one value of an object and how to replace it.
type place struct {
	value  any
	set    func(any)
	remove func()
	parent any
	key    string
}

// places lists every value of an object below its root, in a fixed order.
func places(x any, out []place) []place {
	switch x := x.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(x)) {
			out = append(out, place{x[k], func(v any) { x[k] = v }, func() { delete(x, k) }, x, k})
			out = places(x[k], out)
		}
	case []any:
		for i := range x {
			out = append(out, place{x[i], func(v any) { x[i] = v }, func() { x[i] = nil }, x, ""})
			out = places(x[i], out)
		}
	}
	return out
}

var scalars = []any{
	nil, "", "x", "5", "true", "Not A Name!", "2026-01-02T15:04:05Z", "aGVsbG8=", "100m", "1.5Gi", strings.Repeat("long", 80),
	int64(0), int64(-1), int64(1), int64(70000), int64(1) << 31, int64(1) << 53, 0.5, -0.5, 3.0, 1e20, 1.0000000000000002, -2.0,
	true, false, map[string]any{}, []any{},
}

// Scalar returns one of the scalars; the empty object and list are new ones.
func Scalar(r *rand.Rand) any {
	return runtime.DeepCopyJSONValue(scalars[r.IntN(len(scalars))])
}

// Value returns a value of a random type, deep ones too.
func Value(r *rand.Rand) any {
	switch r.IntN(10) {
	case 0:
		return map[string]any{"name": "x", "extra": Value(r)}
	case 1:
		return []any{Value(r), map[string]any{"name": "x"}}
	}
	return Scalar(r)
}

// misspell changes one thing about a name.
func misspell(r *rand.Rand, name string) string {
	if name == "" {
		return "x"
	}
	i := r.IntN(len(name))
	switch r.IntN(4) {
	case 0:
		return strings.ToUpper(name[:1]) + name[1:] + "s"
	case 1:
		return name[:i] + name[i+1:] + "z"
	case 2:
		return strings.ToUpper(name)
	}
	return name[:i] + "q" + name[i:]
}

// Object changes one thing about an object and says what.
func Object(r *rand.Rand, obj map[string]any) string {
	all := places(obj, nil)
	if len(all) == 0 {
		return "nothing"
	}
	p := all[r.IntN(len(all))]
	for (p.key == "kind" || p.key == "apiVersion") && r.IntN(10) > 0 {
		p = all[r.IntN(len(all))] // another kind has one verdict only
	}
	switch r.IntN(9) {
	case 0:
		p.remove()
		return "dropped " + p.key
	case 1:
		p.set(Value(r))
		return "retyped " + p.key
	case 2:
		m, ok := p.parent.(map[string]any)
		if !ok {
			break
		}
		name := misspell(r, p.key)
		m[name] = p.value
		p.remove()
		return "renamed " + p.key + " to " + name
	case 3:
		if m, ok := p.value.(map[string]any); ok {
			m["extra"] = Value(r)
			return "added to " + p.key
		}
	case 4:
		if l, ok := p.value.([]any); ok && len(l) > 0 {
			for range 1 + r.IntN(12) {
				l = append(l, runtime.DeepCopyJSONValue(l[r.IntN(len(l))]))
			}
			p.set(l)
			return "repeated items of " + p.key
		}
	case 5:
		switch v := p.value.(type) {
		case int64:
			p.set([]any{-v, v + 1<<31, float64(v), float64(v) + 0.5, fmt.Sprint(v), int64(0), v * 1000, int64(-1)}[r.IntN(8)])
			return "changed number " + p.key
		case string:
			p.set([]any{v + "!", strings.ToUpper(v), "", v + v, misspell(r, v), strings.Repeat(v, 60), v[:len(v)/2]}[r.IntN(7)])
			return "changed text " + p.key
		case bool:
			p.set(fmt.Sprint(v))
			return "quoted " + p.key
		}
	case 6:
		p.set(nil)
		return "emptied " + p.key
	case 7:
		other := all[r.IntN(len(all))]
		p.set(runtime.DeepCopyJSONValue(other.value))
		return "copied " + other.key + " to " + p.key
	}
	p.set(Scalar(r))
	return "replaced " + p.key
}
