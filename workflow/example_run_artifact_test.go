package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// An artifact that a step gives to the whole run is there for every task after
// it, in whichever DAG it lies.
func ExampleRunArtifact() {
	train := &workflow.Task{Name: "train", Step: workflow.Container{Image: "company-registry/train:1", Command: []string{"train"}},
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{{Name: "model", Path: "/tmp/model", Global: "model"}}}}
	score := &workflow.Task{Name: "score", Step: workflow.Container{Image: "company-registry/train:1", Command: []string{"score"}},
		Inputs: []workflow.Artifact{{Name: "model", Path: "/tmp/model", From: workflow.RunArtifact("model")}}}
	later := &workflow.Task{Name: "later", After: []*workflow.Task{train}, Step: workflow.DAG{Tasks: []*workflow.Task{score}}}
	object, err := (&workflow.Template{Name: "train", ServiceAccount: "train", Tasks: []*workflow.Task{train, later}}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(object.GetTemplateByName("later").DAG.Tasks[0].Arguments.Artifacts[0].From)
	// Output:
	// {{workflow.outputs.artifacts.model}}
}
