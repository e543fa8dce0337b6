package builtin_test

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// words are what names, labels and the like are made of at random.
var words = []string{
	"", "a", "B", "a-b", "-", ".", "_", "/", "a.b", "a..b", "9", "é", " ", "\n", "{", "%", strings.Repeat("x", 62), strings.Repeat("y.", 120),
	"app.kubernetes.io", "kubernetes.io/", "example.com/", "Example.com/", "v1", "orphan", "foregroundDeletion", "kubernetes", "Event", "system-",
}

// TestMetadata aims at names, labels, annotations, finalizers and owners.
func TestMetadata(t *testing.T) {
	v := verdicts{rules: map[string]int{}}
	r := rand.New(rand.NewPCG(6, 6))
	word := func() string {
		var b strings.Builder
		for range 1 + r.IntN(2)*r.IntN(4) {
			b.WriteString(words[r.IntN(len(words))])
		}
		return b.String()
	}
	text := func() any {
		if r.IntN(30) == 0 {
			return scalar(r)
		}
		return word()
	}
	texts := func() any {
		if r.IntN(30) == 0 {
			return scalar(r)
		}
		out := map[string]any{}
		for range r.IntN(4) {
			out[word()] = text()
		}
		return out
	}
	owner := func() any {
		o := map[string]any{"apiVersion": text(), "kind": text(), "name": text(), "uid": text()}
		if r.IntN(2) == 0 {
			o["controller"] = r.IntN(2) == 0
		}
		return o
	}
	all := kinds()
	for range 50 * *mutations {
		g := all[r.IntN(len(all))]
		m := map[string]any{"name": "a"}
		for _, name := range []string{"name", "generateName", "namespace", "uid", "resourceVersion", "selfLink"} {
			if r.IntN(4) == 0 {
				m[name] = text()
			}
		}
		for _, name := range []string{"labels", "annotations"} {
			if r.IntN(2) == 0 {
				m[name] = texts()
			}
		}
		if r.IntN(40) == 0 {
			m["annotations"] = map[string]any{"a": strings.Repeat("x", 256<<10-2+r.IntN(4))}
		}
		if r.IntN(3) == 0 {
			m["finalizers"] = []any{text(), text(), "example.com/a"}
		}
		if r.IntN(3) == 0 {
			one := owner()
			m["ownerReferences"] = []any{one, owner(), one}
		}
		for _, name := range []string{"generation", "deletionGracePeriodSeconds", "creationTimestamp", "deletionTimestamp", "unknown"} {
			if r.IntN(12) == 0 {
				m[name] = scalar(r)
			}
		}
		if r.IntN(12) == 0 {
			m["managedFields"] = []any{map[string]any{"operation": text(), "manager": text(), "time": text(), "fieldsV1": fresh(r), "apiVersion": text()}}
		}
		obj := map[string]any{"metadata": m}
		obj["apiVersion"], obj["kind"] = g.ToAPIVersionAndKind()
		v.compare(t, g, obj, "metadata")
	}
	v.log(t)
}
