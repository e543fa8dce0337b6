package workflow_test

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/internal/documented"
)

// renderedAs finds where a doc comment says that its field is rendered; the
// first word is a path when it begins with a small letter.
var renderedAs = regexp.MustCompile(`Rendered as ([a-z][A-Za-z]*(?:\.[a-zA-Z]+|\[\])*)(?:[ ,.;]|$)`)

// words stand where a path could: they begin a sentence about more than a path.
var words = []string{"a", "an", "the", "one", "kind"}

// TestEveryFieldIsDocumented finds exported fields without a comment, and
// comments that render a field as what Argo and Kubernetes don't have.
func TestEveryFieldIsDocumented(t *testing.T) {
	// Quantities are keys of a map.
	known := map[string]bool{"spec": true, "cpu": true, "memory": true, "storage": true}
	documented.JSONNames(reflect.TypeFor[wfv1.WorkflowTemplate](), known)
	documented.JSONNames(reflect.TypeFor[wfv1.CronWorkflow](), known)
	paths := 0
	for name, f := range documented.Parsed(t, documented.Code) {
		for _, field := range documented.Fields(f) {
			of := field.Of + "." + field.Name
			if field.Doc == "" {
				t.Errorf("%s: %s has no comment", name, of)
			}
			for _, path := range pathsIn(field.Doc) {
				paths++
				for part := range strings.SplitSeq(path, ".") {
					if !known[part] {
						t.Errorf("%s: %s is rendered as %s, says its comment: Argo has no %q", name, of, path, part)
					}
				}
			}
		}
	}
	if paths < 150 {
		t.Errorf("only %d paths found", paths)
	}
}

// pathsIn are the places in a manifest that a comment names, without their [].
func pathsIn(doc string) []string {
	var out []string
	for _, m := range renderedAs.FindAllStringSubmatch(doc, -1) {
		if !slices.Contains(words, m[1]) {
			out = append(out, strings.ReplaceAll(m[1], "[]", ""))
		}
	}
	return out
}
