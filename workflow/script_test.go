package workflow_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/workflow"
)

// TestPrograms: what is no value, or can't be more than a string, may stand in
// a program.
func TestPrograms(t *testing.T) {
	value := workflow.Variable("tasks.a-b.outputs.result")
	for name, source := range map[string]string{
		"nothing of Argo's":        "print('{a}', f'{{b}}', {{'c': 1}})",
		"braces of another":        "print('{{ user.name }} {{.Values.a}} {{/x}}')",
		"what the API server made": "print('{{workflow.name}} {{ workflow.uid }} {{workflow.creationTimestamp.RFC3339}}')",
		"JSON":                     "x = " + value.JSON(),
		"JSON twice":               "x = [" + value.JSON() + ", " + workflow.Item.JSON() + "]",
		"JSON with braces escaped": `x = {{=replace(toJson(item), "{", "\\u007b")}}`,
		"JSON of an expression":    `x = {{= replace(toJson(item.name + ")" + '\'(' + upper("a")), "{", "\\u007b") }}`,
		"an open brace":            "print('{{ item')",
	} {
		t.Run(name, func(t *testing.T) {
			tmpl, err := stepped(python3(source))
			if err != nil {
				t.Fatal(err)
			}
			if tmpl.Script.Source != source {
				t.Errorf("the program became %q", tmpl.Script.Source)
			}
		})
	}
}

// TestDoorOfPrograms: nobody looks into the source of Base.
func TestDoorOfPrograms(t *testing.T) {
	const source = "echo {{workflow.parameters.count}}"
	tmpl, err := stepped(workflow.Script{Image: "alpine:3.22", Command: []string{"sh"}, Base: wfv1.ScriptTemplate{Source: source}})
	if err != nil {
		t.Fatal(err)
	}
	if tmpl.Script.Source != source {
		t.Errorf("the program became %q", tmpl.Script.Source)
	}
}
