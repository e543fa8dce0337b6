package workflow_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/builtin"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// evaluate does with a manifest what Argo does with one expression after the
// other. internal/oracle/argo does it with Argo's own code, and more values.
func evaluate(t *testing.T, manifest, parameter, value string) string {
	t.Helper()
	env := map[string]any{
		"workflow": map[string]any{"parameters": map[string]any{parameter: value}, "name": "run"},
		"toJson": func(v any) string {
			text, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			return string(text)
		},
	}
	return regexp.MustCompile(`\{\{=(.*?)\}\}`).ReplaceAllStringFunc(manifest, func(tag string) string {
		program, err := expr.Compile(tag[len("{{="):len(tag)-len("}}")], expr.Env(env))
		if err != nil {
			t.Fatalf("%s: %v", tag, err)
		}
		out, err := expr.Run(program, env)
		if err != nil {
			t.Fatalf("%s: %v", tag, err)
		}
		return out.(string)
	})
}

// TestValuesArrive: the argument of the job is the text with the value in it,
// and nothing is left that Argo's next pass would look at.
func TestValuesArrive(t *testing.T) {
	for _, name := range []string{"date", "job-class", "in", "item", "retries", "2nd", "_x"} {
		for _, value := range []string{"2026-01-31", "", `a"b\c`, "a\nb", `", "namespace": "x`, "{{workflow.parameters.secret}}", "{{=1+1}}", "{", "{{{", "}}", `\{`, "Grüße\u2028<&>\a"} {
			for _, text := range []string{"%s", "--date=%s", `\%s"`, "{{%s}}", "a\n{%s}\u003c\\u003c"} {
				p := workflow.Parameter{Name: name}
				pipeline := &workflow.Template{Name: "daily", ServiceAccount: "etl", Parameters: []workflow.Parameter{p},
					Tasks: []*workflow.Task{{Name: "extract", Run: &job{Args: []string{strings.ReplaceAll(text, "%s", p.Ref())}}}}}
				w, err := pipeline.WorkflowTemplate()
				if err != nil {
					t.Fatal(err)
				}
				got := evaluate(t, w.GetTemplateByName("extract").Resource.Manifest, name, value)
				var o struct {
					Spec struct{ Arguments []string }
				}
				if err := json.Unmarshal([]byte(got), &o); err != nil {
					t.Fatalf("%v in %s", err, got)
				}
				if want := strings.ReplaceAll(text, "%s", value); o.Spec.Arguments[0] != want {
					t.Errorf("%q in %q arrives as %q", value, text, o.Spec.Arguments[0])
				}
				if rest := regexp.MustCompile(`\{\{workflow\.(name|uid)\}\}`).ReplaceAllString(got, ""); strings.Contains(rest, "{{") {
					t.Errorf("%q in %q leaves work for Argo's next pass: %s", value, text, rest)
				}
			}
		}
	}
}

// TestReservedNames tries every word of the expression language as the name of
// a task: exactly those that Argo could not evaluate are refused.
func TestReservedNames(t *testing.T) {
	words := []string{"in", "not", "and", "or", "let", "if", "else", "nil", "true", "false", "matches", "contains", "startsWith", "endsWith", "startswith", "item", "load", "main-2"}
	words = append(words, builtin.Names...)
	for _, word := range words {
		env := map[string]struct{ Succeeded bool }{strings.ReplaceAll(word, "-", "_"): {true}, "x": {true}}
		works := false
		if program, err := expr.Compile(strings.ReplaceAll(word+".Succeeded && x.Succeeded", "-", "_"), expr.Env(env)); err == nil {
			got, err := expr.Run(program, env)
			works = err == nil && got == true
		}
		pipeline := daily()
		pipeline.Tasks[0].Name = word
		_, err := pipeline.Build()
		refused := has(findings(t, err), "Tasks[0].Name", millrace.RuleInvalid)
		if works == refused && word == strings.ToLower(word) && word != "startswith" {
			t.Errorf("%s works with Argo: %v, and is refused: %v (%v)", word, works, refused, err)
		}
	}
}

// TestLiterals: texts that are no references come out as they went in.
func TestLiterals(t *testing.T) {
	want := []string{"{{ user.name }}", "{{.Name}}", "{{unclosed", "}}", "{{{x}}}", "{{}}", "{{=", "{", `\{{x}}`, "a {{ user.{{z}} }}"}
	pipeline := daily()
	first(pipeline).Args = want
	w, err := pipeline.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	manifest := w.GetTemplateByName("extract-orders").Resource.Manifest
	var o struct {
		Spec struct{ Arguments []string }
	}
	if err := json.Unmarshal([]byte(manifest), &o); err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if o.Spec.Arguments[i] != want[i] {
			t.Errorf("%q became %q", want[i], o.Spec.Arguments[i])
		}
	}
	if n := strings.Count(manifest, "{{"); n != 4 {
		t.Errorf("Argo sees %d references, not the 4 to the run's name and uid:\n%s", n, manifest)
	}
}
