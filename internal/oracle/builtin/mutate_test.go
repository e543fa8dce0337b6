package builtin_test

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var mutations = flag.Int("mutations", 120, "how many mutations of each document and of each made object")

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

// scalar returns one of the scalars; the empty object and list are new ones.
func scalar(r *rand.Rand) any {
	return runtime.DeepCopyJSONValue(scalars[r.IntN(len(scalars))])
}

// fresh returns a value of a random type, deep ones too.
func fresh(r *rand.Rand) any {
	switch r.IntN(10) {
	case 0:
		return map[string]any{"name": "x", "extra": fresh(r)}
	case 1:
		return []any{fresh(r), map[string]any{"name": "x"}}
	}
	return scalar(r)
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

// mutate changes one thing about the object and says what.
func mutate(r *rand.Rand, obj map[string]any) string {
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
		p.set(fresh(r))
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
			m["extra"] = fresh(r)
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
	p.set(scalar(r))
	return "replaced " + p.key
}

// verdicts holds what a run found.
type verdicts struct {
	cases, invalid, differ int
	rules                  map[string]int
}

func (v *verdicts) compare(t *testing.T, g schema.GroupVersionKind, obj map[string]any, what string) {
	t.Helper()
	want := create(t, g, obj)
	got := engine(t, g, obj)
	v.cases++
	if len(want.all()) > 0 {
		v.invalid++
	}
	for _, rules := range got {
		for rule := range strings.FieldsSeq(rules) {
			v.rules[rule]++
		}
	}
	if diff := disagree(want, got); diff != "" {
		if v.differ++; v.differ <= 20 {
			t.Errorf("%v: %s:\n%s", g, what, diff)
		}
	}
}

func (v *verdicts) log(t *testing.T) {
	t.Helper()
	t.Logf("%d objects, %d of them invalid, %d disagreements", v.cases, v.invalid, v.differ)
	for _, rule := range slices.Sorted(maps.Keys(v.rules)) {
		t.Logf("%7d %s", v.rules[rule], rule)
	}
}

// TestMutations: both say the same, at the same paths, of every document after
// one, two or three random changes.
func TestMutations(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	for i, d := range documents(t) {
		r := rand.New(rand.NewPCG(1, uint64(i)))
		for range *mutations {
			obj := runtime.DeepCopyJSON(d.obj)
			var what []string
			for range 1 + r.IntN(3) {
				what = append(what, mutate(r, obj))
			}
			v.compare(t, d.gvk, obj, d.file+": "+strings.Join(what, ", "))
		}
	}
	v.log(t)
	if v.cases < 5000 {
		t.Errorf("only %d mutations", v.cases)
	}
}
