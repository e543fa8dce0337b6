package documented

import (
	"regexp"
	"strings"
	"testing"
)

var ruleID = regexp.MustCompile("`([a-z]+(?:-[a-z]+)*/[a-z]+(?:-[a-z]+)*)`")

// HoldRules holds the rules that a guide names to docs/rules.md, which is made
// of those that there are, and returns how many it found. What else has a slash
// in it doesn't stand between backquotes.
func HoldRules(t testing.TB, text string) int {
	t.Helper()
	rules := Guide(t, "rules.md")
	found := 0
	for line := range strings.SplitSeq(text, "\n") {
		for _, m := range ruleID.FindAllStringSubmatch(line, -1) {
			found++
			if !strings.Contains(rules, "\n| `"+m[1]+"` | ") {
				t.Errorf("the guide names %s, which is no rule", m[1])
			}
		}
	}
	return found
}

// Rows are the cells of the table below a heading, by their first one; the
// head of the table comes first.
func Rows(text, heading string) (head []string, rows [][]string) {
	_, rest, _ := strings.Cut(text, "\n## "+heading+"\n")
	section, _, _ := strings.Cut(rest, "\n## ")
	for line := range strings.SplitSeq(section, "\n") {
		line, ok := strings.CutPrefix(line, "| ")
		if !ok {
			continue
		}
		var cells []string
		for cell := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(line), "|"), "|") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		if head == nil {
			head = cells
		} else {
			rows = append(rows, cells)
		}
	}
	return head, rows
}
