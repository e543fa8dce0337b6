package workflow_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/workflow"
)

// TestPrograms: what is no value, or can't be more than a string, may stand in
// a program.
func TestPrograms(t *testing.T) {
	value := workflow.Variable("inputs.parameters.a-b")
	for name, source := range map[string]string{
		"nothing of Argo's":        "print('{a}', f'{{b}}', {{'c': 1}})",
		"braces of another":        "print('{{ user.name }} {{.Values.a}} {{/x}}')",
		"what the API server made": "print('{{workflow.name}} {{workflow.uid}} {{workflow.creationTimestamp.RFC3339}}')",
		"JSON":                     "x = " + value.JSON(),
		"JSON twice":               "x = [" + value.JSON() + ", " + workflow.RunPriority.JSON() + "]",
		"JSON with braces escaped": `x = {{=replace(toJson(inputs.parameters.item), "{", "\\u007b")}}`,
		"JSON of an expression":    `x = {{= replace(toJson(inputs.parameters.item + ")" + '\'(' + upper("a")), "{", "\\u007b") }}`,
	} {
		t.Run(name, func(t *testing.T) {
			w, err := taking(python3(source), "a-b", "item").WorkflowTemplate()
			if err != nil {
				t.Fatal(err)
			}
			if got := w.GetTemplateByName("step").Script.Source; got != source {
				t.Errorf("the program became %q", got)
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
