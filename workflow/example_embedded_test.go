package workflow_test

import (
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/workflow"
)

// What the tasks create can be read, and checked by the rules of its own kind.
func ExampleEmbedded() {
	loaded := &wfv1.Workflow{Spec: wfv1.WorkflowSpec{Templates: []wfv1.Template{{
		Name: "job",
		Resource: &wfv1.ResourceTemplate{Action: "create", Manifest: `
apiVersion: batch/v1
kind: Job
metadata:
  name: {{workflow.name}}-job
`},
	}}}}
	show := func(m workflow.EmbeddedManifest) {
		fmt.Println(m.Path, m.Action, m.Makes(), string(m.JSON), m.Err)
	}
	for _, m := range workflow.Embedded(loaded) {
		show(m)
	}
	// Output:
	// spec.templates[0].resource.manifest create true {"apiVersion":"batch/v1","kind":"Job","metadata":{"name":"{{workflow.name}}-job"}} <nil>
}
