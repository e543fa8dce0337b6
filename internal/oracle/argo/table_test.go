package argo_test

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// bad is one workflow that is wrong.
type bad struct {
	Name   string         `json:"name"`
	Object string         `json:"object"`
	Spec   map[string]any `json:"spec"`
	Cron   map[string]any `json:"cron"`
	Main   map[string]any `json:"main"`
	Args   string         `json:"args"`
	Target string         `json:"target"`
	Tasks  []any          `json:"tasks"`
	Steps  []any          `json:"steps"`
	Rule   string         `json:"rule"`
	Argo   bool           `json:"argo"`
}

// others are the templates beside the first.
const others = `
- name: work
  inputs: {parameters: [{name: x, default: ""}]}
  container: {image: a, command: [b]}
  outputs: {parameters: [{name: rows, valueFrom: {path: /rows}}]}
- {name: needs, inputs: {parameters: [{name: p}]}, container: {image: a, command: [b]}}
- {name: artifact, inputs: {artifacts: [{name: f, path: /f}]}, container: {image: a, command: [b]}}
`

// object returns the whole object of a case, and its kind.
func (b *bad) object(t *testing.T) (kind string, data []byte) {
	t.Helper()
	main := map[string]any{"name": "main"}
	switch {
	case b.Tasks != nil:
		main["dag"] = map[string]any{"tasks": b.Tasks, "target": b.Target}
	case b.Steps != nil:
		main["steps"] = b.Steps
	default:
		main["container"] = map[string]any{"image": "a", "command": []any{"b"}, "args": []any{b.Args}}
	}
	maps.Copy(main, b.Main)
	var templates []any
	if err := yaml.Unmarshal([]byte(others), &templates); err != nil {
		t.Fatal(err)
	}
	templates = append([]any{main}, templates...)
	if more, ok := b.Spec["templates"].([]any); ok {
		templates = append(templates, more...)
	}
	spec := map[string]any{"entrypoint": "main"}
	maps.Copy(spec, b.Spec)
	spec["templates"] = templates
	kind, name := "Workflow", "a"
	if b.Object != "" {
		name = b.Object
	}
	if b.Cron != nil {
		outer := map[string]any{"schedules": []any{"@daily"}, "workflowSpec": spec}
		maps.Copy(outer, b.Cron)
		kind, spec = "CronWorkflow", outer
	}
	data, err := json.Marshal(map[string]any{"metadata": map[string]any{"name": name}, "spec": spec})
	if err != nil {
		t.Fatal(err)
	}
	return kind, data
}

// TestBad: of workflows made to be wrong internal/argo finds all, by the rule
// that is meant, and Argo's validation those that the table says.
func TestBad(t *testing.T) {
	silence(t)
	text, err := os.ReadFile("testdata/bad.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all []bad
	if err := yaml.UnmarshalStrict(text, &all); err != nil {
		t.Fatal(err)
	}
	c := clusterOf(nil, "")
	caught, found := 0, 0
	for _, b := range all {
		t.Run(b.Name, func(t *testing.T) {
			kind, data := b.object(t)
			refused, problems, ok := c.both(kind, data)
			if !ok {
				t.Fatalf("it does not decode: %s", data)
			}
			if (refused != nil) != b.Argo {
				t.Errorf("Argo says %v", refused)
			}
			var rules []string
			for _, p := range problems {
				rules = append(rules, strings.TrimPrefix(p.Rule, "workflow/"))
			}
			if b.Rule == "" && rules != nil || b.Rule != "" && !slices.Contains(rules, b.Rule) {
				t.Errorf("not %q, but %v: %v", b.Rule, rules, problems)
			}
			if refused != nil {
				caught++
			}
			if problems != nil {
				found++
			}
		})
	}
	t.Logf("%d workflows: Argo refuses %d, internal/argo %d", len(all), caught, found)
}
