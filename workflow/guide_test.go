package workflow_test

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
)

func guide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/workflows.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var inCode = regexp.MustCompile("`([^`]+)`")

// fieldsInTable are the names in the first column of the table below a heading.
func fieldsInTable(text, heading string) []string {
	_, rest, _ := strings.Cut(text, "\n### "+heading+"\n")
	table, _, _ := strings.Cut(rest, "\n#")
	var out []string
	for line := range strings.SplitSeq(table, "\n") {
		if !strings.HasPrefix(line, "| `") {
			continue
		}
		first, _, _ := strings.Cut(line[1:], "|")
		for _, m := range inCode.FindAllStringSubmatch(first, -1) {
			out = append(out, m[1])
		}
	}
	return out
}

// TestGuideHasEveryField compares the tables of the guide with Argo's types: an
// update of those that adds or drops a field fails it.
func TestGuideHasEveryField(t *testing.T) {
	text := guide(t)
	for _, of := range []any{wfv1.WorkflowSpec{}, wfv1.Template{}, wfv1.DAGTask{}, wfv1.WorkflowStep{}, wfv1.CronWorkflowSpec{}} {
		var want []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(of)) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			want = append(want, name)
		}
		got := fieldsInTable(text, reflect.TypeOf(of).Name())
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("fields of %T in the guide (-Argo, +guide):\n%s", of, diff)
		}
	}
}

// TestGuideNamesWhatThereIs holds the guide's own names to the package.
func TestGuideNamesWhatThereIs(t *testing.T) {
	known := make(map[string]bool)
	for _, f := range parsed(t, func(name string) bool { return !strings.HasSuffix(name, "_test.go") }) {
		names, fields := exported(f)
		for _, n := range append(names, fields...) {
			known[n] = true
		}
	}
	name := regexp.MustCompile(`^[A-Z][A-Za-z]+(\.[A-Z][A-Za-z]+)?$`)
	constants := []string{"Item", "Exit", "RunName"}
	found := 0
	for line := range strings.SplitSeq(guide(t), "\n") {
		if cells := strings.Split(line, "|"); len(cells) == 5 {
			line = cells[1] + cells[3] // the column in the middle is Hera's
		}
		for _, m := range inCode.FindAllStringSubmatch(line, -1) {
			if !name.MatchString(m[1]) {
				continue
			}
			found++
			of, method, _ := strings.Cut(m[1], ".")
			if !known[m[1]] && (!known[of] || !known["."+method]) && !known["."+m[1]] && !slices.Contains(constants, m[1]) && m[1] != "Base" {
				t.Errorf("the guide names %s, which is not in the package", m[1])
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d names found", found)
	}
}
