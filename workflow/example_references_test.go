package workflow_test

import (
	"fmt"

	"github.com/millrace/millrace/workflow"
)

// What a workflow needs by name: the policy looks for it in the bundle.
func ExampleReferences() {
	object, err := (&workflow.Template{
		Name: "orders", Namespace: "data-platform", ServiceAccount: "etl",
		Settings: workflow.RunSettings{Locks: []workflow.Lock{workflow.Semaphore{ConfigMap: "limits", Key: "warehouse"}}},
		Tasks: []*workflow.Task{{
			Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}},
			Inputs: []workflow.Artifact{{Name: "orders", Path: "/in/orders.csv", From: workflow.GCS{
				Bucket: "landing", Key: "orders.csv", ServiceAccountKey: workflow.Secret{Name: "landing", Key: "key.json"},
			}}},
		}},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, r := range workflow.References(object) {
		fmt.Println(r.Kind, r.Name, r.Key, "at", r.Field)
	}
	// Output:
	// Secret landing key.json at spec.templates[1].inputs.artifacts[0].gcs.serviceAccountKeySecret.name
	// ConfigMap limits warehouse at spec.synchronization.semaphores[0].configMapKeyRef.name
}
