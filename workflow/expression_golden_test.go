package workflow_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/millrace/millrace/workflow"
)

// TestExpressionGolden writes down how conditions are rendered of which
// Expression.Ref tells nothing: internal/oracle/argo has Argo evaluate them.
func TestExpressionGolden(t *testing.T) {
	item, retries, in2 := &workflow.Task{Name: "item"}, &workflow.Task{Name: "retries"}, &workflow.Task{Name: "in-2"}
	raw := workflow.Expr("{{workflow.status}} == Failed")
	rendered := map[string]map[string]string{"when": {}, "depends": {}}
	for name, e := range map[string]workflow.Expression{
		"raw":                   raw,
		"not raw":               workflow.Not(raw),
		"typed and raw":         workflow.And(loader.Succeeded(), raw),
		"typed or not raw":      workflow.Or(loader.Succeeded(), workflow.Not(raw)),
		"item and task":         workflow.And(workflow.Item.Equal(`' || 1 == 1`), loader.Succeeded()),
		"not (item or task)":    workflow.Not(workflow.Or(workflow.Item.Equal(`' || 1 == 1`), loader.Succeeded())),
		"item or (raw and not)": workflow.Or(workflow.Item.Equal(`' || 1 == 1`), workflow.And(raw, workflow.Not(loader.Succeeded()))),
	} {
		rendered["when"][name] = workflow.ExpressionWhen(e)
	}
	for name, e := range map[string]workflow.Expression{
		"dash":         dashed.Succeeded(),
		"or":           workflow.And(dashed.Succeeded(), workflow.Or(item.Failed(), retries.Errored())),
		"not":          workflow.Not(workflow.Or(dashed.Succeeded(), item.Succeeded())),
		"and in or":    workflow.Or(in2.Failed(), workflow.And(dashed.Succeeded(), item.Succeeded())),
		"raw":          workflow.And(workflow.Expr("extract-orders.Failed || item.Succeeded"), retries.Succeeded()),
		"loop":         workflow.And(dashed.AnySucceeded(), workflow.Not(in2.AllFailed())),
		"not run":      workflow.Or(dashed.Skipped(), item.Omitted()),
		"daemon":       workflow.And(retries.Daemoned(), workflow.Not(retries.Succeeded())),
		"not not in-2": workflow.Not(workflow.Not(in2.Failed())),
		"nested twice": workflow.And(workflow.Or(workflow.And(item.Failed(), in2.Failed()), dashed.Failed()), retries.Failed()),
	} {
		text, found := workflow.ExpressionDepends(e)
		if found != nil {
			t.Errorf("%s: %v", name, found)
		}
		rendered["depends"][name] = text
	}
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(rendered); err != nil {
		t.Fatal(err)
	}
	golden(t, "conditions.json", text.String())
}
