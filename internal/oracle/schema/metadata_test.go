package schema_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime"
)

// words are what names, labels and the like are made of at random.
var words = []string{
	"", "a", "B", "a-b", "-", ".", "_", "/", "a.b", "a..b", "9", "é", " ", "\n", "{", strings.Repeat("x", 62), strings.Repeat("y.", 120),
	"app.kubernetes.io", "kubernetes.io/", "example.com/", "Example.com/", "v1", "orphan", "foregroundDeletion", "Event",
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
	all := servers(t)
	kinds := sortedGVKs(all)
	for range 100 * *mutations {
		g := kinds[r.IntN(len(kinds))]
		m := map[string]any{"name": "a"}
		for _, name := range []string{"name", "generateName", "namespace", "uid", "resourceVersion", "selfLink"} {
			if r.IntN(4) == 0 {
				m[name] = text()
			}
		}
		if r.IntN(2) == 0 {
			m["labels"] = texts()
		}
		if r.IntN(2) == 0 {
			m["annotations"] = texts()
		}
		if r.IntN(40) == 0 {
			m["annotations"] = map[string]any{"a": strings.Repeat("x", 256<<10-2+r.IntN(4))}
		}
		if r.IntN(3) == 0 {
			m["finalizers"] = []any{text(), text(), "example.com/a"}
		}
		if r.IntN(3) == 0 {
			owner := func() any {
				o := map[string]any{"apiVersion": text(), "kind": text(), "name": text(), "uid": text()}
				if r.IntN(2) == 0 {
					o["controller"] = r.IntN(2) == 0
				}
				return o
			}
			m["ownerReferences"] = []any{owner(), owner()}
		}
		for _, name := range []string{"generation", "deletionGracePeriodSeconds", "creationTimestamp", "deletionTimestamp", "unknown"} {
			if r.IntN(12) == 0 {
				m[name] = scalar(r)
			}
		}
		obj := map[string]any{"apiVersion": g.Group + "/" + g.Version, "kind": g.Kind, "metadata": m, "spec": map[string]any{}}
		v.compare(t, g, runtime.DeepCopyJSON(obj), "metadata")
	}
	v.log(t)
}
