package workflow_test

import (
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
	var text strings.Builder
	for line := range strings.SplitSeq(guide(t), "\n") {
		if cells := strings.Split(line, "|"); len(cells) == 5 {
			line = cells[1] + cells[3] // the column in the middle is Hera's
		}
		text.WriteString(line + "\n")
	}
	if found := documented.HoldNames(t, text.String(), nil); found < 100 {
		t.Errorf("only %d names found", found)
	}
}
