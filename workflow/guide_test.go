package workflow_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/internal/documented"
)

func guide(t *testing.T) string { return documented.Guide(t, "workflows.md") }

// TestGuideHasEveryField compares the tables of the guide with Argo's types: an
// update of those that adds or drops a field fails it.
func TestGuideHasEveryField(t *testing.T) {
	documented.HoldTables(t, guide(t), wfv1.WorkflowSpec{}, wfv1.Template{}, wfv1.DAGTask{}, wfv1.WorkflowStep{}, wfv1.CronWorkflowSpec{})
}

// TestGuideNamesWhatThereIs holds the guide's own names to the package.
func TestGuideNamesWhatThereIs(t *testing.T) {
	known := make(map[string]bool)
	for _, f := range documented.Parsed(t, documented.Code) {
		names, fields := documented.Exported(f)
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
		for _, said := range documented.InCode(line) {
			if !name.MatchString(said) {
				continue
			}
			found++
			of, method, _ := strings.Cut(said, ".")
			if !known[said] && (!known[of] || !known["."+method]) && !known["."+said] && !slices.Contains(constants, said) && said != "Base" {
				t.Errorf("the guide names %s, which is not in the package", said)
			}
		}
	}
	if found < 100 {
		t.Errorf("only %d names found", found)
	}
}
