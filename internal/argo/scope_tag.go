package argo

import "strings"

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

func isRoot(word string) bool {
	for _, r := range roots {
		if r == word {
			return true
		}
	}
	return false
}

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
	if root == "" || isRoot(parts[0]) {
		return ""
	}
	fits := false
	switch root {
	case "inputs", "outputs":
		fits = nearest(parts[1], []string{"parameters", "artifacts", "result"}) != ""
	case "tasks", "steps":
		fits = len(parts) > 2 && nearest(parts[2], taskFields) != "" || s.graph.has(parts[1])
	case "pod", "node":
		fits = parts[1] == "name" && distance(parts[0], root) <= 1
	case "item":
		fits = s.loop != nil && distance(parts[0], root) <= 1
	case "workflow", "cronworkflow", "lastRetry":
		fits = true
	}
	if !fits {
		return ""
	}
	return root
}

// nearest returns the name that a misspelt one was probably meant to be: of
// the same letters in another case, or at most two edits away, and not more
// than a third of the word.
func nearest(word string, names []string) string {
	best, found := 3, ""
	for _, n := range names {
		if strings.EqualFold(word, n) {
			return n
		}
		if d := distance(word, n); d < best && d <= max(1, len(n)/3) {
			best, found = d, n
		}
	}
	return found
}

// like proposes a name in place of a misspelt one, as a fix; empty if none is near.
func like(word string, names []string) string {
	if n := nearest(word, names); n != "" {
		return "did you mean " + n + "?"
	}
	return ""
}

// distance is how many letters have to be changed, swapped with the next, put
// in or taken out. More than two is three.
func distance(a, b string) int {
	if d := len(a) - len(b); d > 2 || d < -2 || len(a) > 64 {
		return 3
	}
	var rows [3][67]int // those of i-2, i-1 and i letters of a
	for j := range len(b) + 1 {
		rows[1][j] = j
	}
	for i := range len(a) {
		older, old, row := &rows[i%3], &rows[(i+1)%3], &rows[(i+2)%3]
		row[0] = i + 1
		for j := range len(b) {
			cost := old[j]
			if a[i] != b[j] {
				cost++
			}
			row[j+1] = min(cost, old[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], older[j-1]+1)
			}
		}
	}
	return min(rows[(len(a)+1)%3][len(b)], 3)
}
