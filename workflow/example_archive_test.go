package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// How the outputs of a step are packed.
func ExampleArchive() {
	archives := []workflow.Archive{workflow.Tar{Level: new(9)}, workflow.Zip{}, workflow.NoArchive{}}
	var outputs workflow.Outputs
	for i, archive := range archives {
		outputs.Artifacts = append(outputs.Artifacts, workflow.Artifact{
			Name: fmt.Sprintf("part-%d", i), Path: fmt.Sprintf("/out/%d", i), Archive: archive,
		})
	}
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl",
		Tasks: []*workflow.Task{{Name: "extract", Outputs: outputs, Step: workflow.Container{
			Image: "company-registry/etl:2.4.0", Command: []string{"extract"},
		}}},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, a := range object.GetTemplateByName("extract").Outputs.Artifacts {
		fmt.Println(a.Name, a.Archive.Tar != nil, a.Archive.Zip != nil, a.Archive.None != nil)
	}
	// Output:
	// part-0 true false false
	// part-1 false true false
	// part-2 false false true
}
