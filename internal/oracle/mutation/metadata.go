package mutation

import (
	"math/rand/v2"
	"strings"
)

// words are what names, labels and the like are made of at random.
var words = []string{
	"", "a", "B", "a-b", "-", ".", "_", "/", "a.b", "a..b", "9", "é", " ", "\n", "{", "%", strings.Repeat("x", 62), strings.Repeat("y.", 120),
	"app.kubernetes.io", "kubernetes.io/", "example.com/", "Example.com/", "v1", "orphan", "foregroundDeletion", "kubernetes", "Event", "system-",
}

// Word returns a text of one or some of the words.
func Word(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(2)*r.IntN(4) {
		b.WriteString(words[r.IntN(len(words))])
	}
	return b.String()
}

// Text returns a word, and now and then something else.
func Text(r *rand.Rand) any {
	if r.IntN(30) == 0 {
		return Scalar(r)
	}
	return Word(r)
}

func texts(r *rand.Rand) any {
	if r.IntN(30) == 0 {
		return Scalar(r)
	}
	out := map[string]any{}
	for range r.IntN(4) {
		out[Word(r)] = Text(r)
	}
	return out
}

func owner(r *rand.Rand) any {
	o := map[string]any{"apiVersion": Text(r), "kind": Text(r), "name": Text(r), "uid": Text(r)}
	if r.IntN(2) == 0 {
		o["controller"] = r.IntN(2) == 0
	}
	return o
}

// Metadata makes metadata, with names, labels and the like in every form.
func Metadata(r *rand.Rand) map[string]any {
	m := map[string]any{"name": "a"}
	for _, name := range []string{"name", "generateName", "namespace", "uid", "resourceVersion", "selfLink"} {
		if r.IntN(4) == 0 {
			m[name] = Text(r)
		}
	}
	for _, name := range []string{"labels", "annotations"} {
		if r.IntN(2) == 0 {
			m[name] = texts(r)
		}
	}
	if r.IntN(40) == 0 {
		m["annotations"] = map[string]any{"a": strings.Repeat("x", 256<<10-2+r.IntN(4))}
	}
	if r.IntN(3) == 0 {
		m["finalizers"] = []any{Text(r), Text(r), "example.com/a"}
	}
	if r.IntN(3) == 0 {
		one := owner(r)
		m["ownerReferences"] = []any{one, owner(r), one}
	}
	for _, name := range []string{"generation", "deletionGracePeriodSeconds", "creationTimestamp", "deletionTimestamp", "unknown"} {
		if r.IntN(12) == 0 {
			m[name] = Scalar(r)
		}
	}
	return m
}
