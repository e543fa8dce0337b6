package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// Runs can be found by what they were given, and one waits for the other.
func ExampleRunSettings() {
	day := workflow.Parameter{Name: "day", Default: new("today")}
	object, err := (&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Parameters: []workflow.Parameter{day},
		Tasks: []*workflow.Task{{Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}}}},
		Settings: workflow.RunSettings{
			Labels:             map[string]string{"team": "data-platform"},
			LabelsFrom:         map[string]workflow.Expression{"day": day.Variable().Expression()},
			Locks:              []workflow.Lock{workflow.Mutex{Name: "daily-etl"}},
			ArtifactRepository: workflow.ArtifactRepository{ConfigMap: "buckets", Key: "orders"},
			ArtifactGC:         workflow.ArtifactGC{Strategy: workflow.ArtifactGCOnWorkflowDeletion, ServiceAccount: "artifact-gc"},
			ClaimGC:            workflow.ClaimGCOnWorkflowCompletion,
		},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	spec := object.Spec
	fmt.Println(spec.WorkflowMetadata.Labels, spec.WorkflowMetadata.LabelsFrom["day"].Expression)
	fmt.Println(spec.Synchronization.Mutexes[0].Name)
	fmt.Println(spec.ArtifactRepositoryRef.ConfigMap, spec.ArtifactGC.Strategy, spec.VolumeClaimGC.Strategy)
	// Output:
	// map[team:data-platform] workflow.parameters.day
	// daily-etl
	// buckets OnWorkflowDeletion OnWorkflowCompletion
}
