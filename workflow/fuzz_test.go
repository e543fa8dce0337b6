package workflow_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/millrace/millrace/workflow"
)

// FuzzArgument: whatever the argument of a job holds beside a reference, it is
// refused, or arrives with the value in place of the reference.
func FuzzArgument(f *testing.F) {
	for _, seed := range []string{"", "a", "{{", "}}", "{{ x }}", "{{=1}}", `\u003c`, `"`, "{", "a\nb\x00", "{{workflow.name}}", "{{{workflow.parameters.date}}}"} {
		f.Add(seed, "value")
		f.Add("x", seed)
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		if !utf8.ValidString(text) || !utf8.ValidString(value) || strings.Contains(text, "workflow.") || strings.Contains(text, "{{=") {
			return
		}
		w, err := (&workflow.Template{Name: "a", ServiceAccount: "b", Parameters: []workflow.Parameter{date},
			Tasks: []*workflow.Task{{Name: "c", Run: &job{Args: []string{text + date.Ref() + text}}}}}).WorkflowTemplate()
		if err != nil {
			return
		}
		manifest := evaluate(t, w.GetTemplateByName("c").Resource.Manifest, "date", value)
		var o struct {
			Spec struct{ Arguments []string }
		}
		if err := json.Unmarshal([]byte(manifest), &o); err != nil {
			t.Fatalf("%v in %s", err, manifest)
		}
		if got := o.Spec.Arguments[0]; got != text+value+text {
			t.Errorf("%q around %q arrives as %q", text, value, got)
		}
	})
}

// FuzzEmbedded: no manifest makes it panic, and what it reads is JSON.
func FuzzEmbedded(f *testing.F) {
	for _, seed := range []string{"", "a: {{b}}", "{{a}}: {{=b}}", "{{", "}}{{", "---\na: 1\n---\n", "a: &x [*x]", "\x00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, m := range workflow.Embedded(manifests(text)) {
			if m.Err == nil && !json.Valid(m.JSON) {
				t.Errorf("%q is read as %q", text, m.JSON)
			}
		}
	})
}
