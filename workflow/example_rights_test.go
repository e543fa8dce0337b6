package workflow_test

import (
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/workflow"
)

// Rights tells of any workflow, loaded or composed, what its accounts need; and
// where it doesn't tell.
func ExampleRights() {
	loaded := &wfv1.Workflow{Spec: wfv1.WorkflowSpec{
		Entrypoint: "job", ServiceAccountName: "etl",
		Templates: []wfv1.Template{
			{Name: "job", Resource: &wfv1.ResourceTemplate{
				Action: "create", Manifest: "apiVersion: batch/v1\nkind: Job\nmetadata:\n  generateName: load-\n",
			}},
			{Name: "any", Resource: &wfv1.ResourceTemplate{Action: "create", Manifest: "{{inputs.parameters.manifest}}"}},
		},
	}}
	var rights []workflow.Right
	var unknown []workflow.UnknownRight
	rights, unknown = workflow.Rights(loaded)
	for _, r := range rights {
		fmt.Println(r.Account, r.Verbs, r.Resource, "for", r.Field)
	}
	for _, u := range unknown {
		fmt.Println(u.Account, "for", u.Field+":", u.Detail)
	}
	// Output:
	// etl [create patch] workflowtaskresults for spec.templates[0]
	// etl [create] jobs for spec.templates[0].resource
	// etl for spec.templates[1].resource: the kind of its object is known only when it runs
}
