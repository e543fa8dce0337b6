package argo

import (
	"slices"
	"strings"

	"github.com/millrace/millrace/internal/closest"
)

// hasTag reports whether a text may hold a tag, so that nobody knows before the
// run what it will be.
func hasTag(s string) bool { return strings.Contains(s, "{{") }

// tag is one {{…}} of a text.
type tag struct {
	// text is what stands between the braces; start and end are where the
	// whole tag stands.
	text       string
	start, end int
	// open: the tag never ends.
	open bool
}

// expression returns the expression of a {{=…}}.
func (t tag) expression() (string, bool) { return strings.CutPrefix(t.text, "=") }

// nextTag finds the next tag behind a position, as Argo does: from the first
// "{{" to the first "}}" behind it.
func nextTag(s string, from int) (tag, bool) {
	i := strings.Index(s[from:], "{{")
	if i < 0 {
		return tag{}, false
	}
	i += from
	j := strings.Index(s[i+2:], "}}")
	if j < 0 {
		return tag{text: s[i+2:], start: i, end: len(s), open: true}, true
	}
	return tag{text: s[i+2 : i+2+j], start: i, end: i + j + 4}, true
}

// replaceTags puts other text in the place of each tag.
func replaceTags(s string, with func(i int, t tag) string) (string, int) {
	var b strings.Builder
	at, n := 0, 0
	for {
		t, ok := nextTag(s, at)
		if !ok || t.open {
			b.WriteString(s[at:])
			return b.String(), n
		}
		b.WriteString(s[at:t.start])
		b.WriteString(with(n, t))
		at, n = t.end, n+1
	}
}

// roots are the first words of what Argo resolves. Nothing else is its own:
// {{ user.name }} of another template language stays as it is.
var roots = []string{"inputs", "outputs", "workflow", "tasks", "steps", "item", "pod", "node", "retries", "lastRetry", "cronworkflow"}

// Root reports whether a word is one of these.
func Root(word string) bool { return slices.Contains(roots, word) }

// taskFields are what a task or step offers.
var taskFields = []string{"id", "ip", "status", "startedAt", "finishedAt", "hostNodeName", "exitCode", "outputs"}

// misspelt returns the word of Argo's that a foreign tag was probably meant to
// begin with, or "". Short words are near to many others, so what follows has
// to look like Argo's too.
func (s *scope) misspelt(text string) string {
	parts := strings.Split(text, ".")
	if len(parts) < 2 || !plainKey(parts[0]) || !plainKey(parts[1]) {
		return ""
	}
	root := nearest(parts[0], roots)
	if root == "" || Root(parts[0]) {
		return ""
	}
	fits := false
	switch root {
	case "inputs", "outputs":
		fits = nearest(parts[1], []string{"parameters", "artifacts", "result"}) != ""
	case "tasks", "steps":
		fits = len(parts) > 2 && nearest(parts[2], taskFields) != "" || s.graph.has(parts[1])
	case "pod", "node":
		fits = parts[1] == "name" && variant(parts[0], root)
	case "item":
		fits = s.loop != nil && variant(parts[0], root)
	case "workflow", "cronworkflow", "lastRetry":
		fits = true
	}
	if !fits {
		return ""
	}
	return root
}

// variant: a short word in other letters, or more of it.
func variant(word, root string) bool { return strings.EqualFold(strings.TrimSuffix(word, "s"), root) }

// nearest returns the name that a misspelt one was probably meant to be.
func nearest(word string, names []string) string {
	n, _ := closest.Name(word, slices.Values(names))
	return n
}

// like proposes a name in place of a misspelt one, as a fix; empty if none is near.
func like(word string, names []string) string {
	if n := nearest(word, names); n != "" {
		return "did you mean " + n + "?"
	}
	return ""
}
