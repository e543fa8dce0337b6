package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// What an executor plugin is told.
func ExamplePlugin() {
	object, err := (&workflow.Template{
		Name: "report", ServiceAccount: "report-workflow",
		Tasks: []*workflow.Task{{Name: "send", Step: workflow.Plugin{
			Name: "slack", Config: map[string]any{"channel": "#data", "text": workflow.RunName.Ref()},
		}}},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(object.GetTemplateByName("send").Plugin.Value))
	// Output:
	// {"slack":{"channel":"#data","text":"{{workflow.name}}"}}
}
