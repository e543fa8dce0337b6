package workflow_test

import (
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// The rules look at hand-written workflows too. Package policy puts them
// together with those of the other nouns.
func ExampleRules() {
	loaded := &wfv1.Workflow{Spec: wfv1.WorkflowSpec{
		Entrypoint: "main", ServiceAccountName: "etl",
		Templates: []wfv1.Template{{Name: "main", Suspend: &wfv1.SuspendTemplate{Duration: "soon"}}},
	}}
	for _, rule := range workflow.Rules() {
		rule.Check(&millrace.Pass{Object: loaded, Bundle: &millrace.Bundle{}, Report: func(field, detail string) {
			fmt.Printf("%s: %s: %s; %s\n", rule.ID, field, detail, rule.Fix)
		}})
	}
	// Output:
	// workflow/value: spec.templates[0].suspend.duration: "soon" is no duration; write seconds as "30", or a duration as "1m30s"; correct the value
	// workflow/ttl: spec.ttlStrategy: it is not set: finished runs are kept for ever; set spec.ttlStrategy.secondsAfterCompletion
	// workflow/deadline: spec.activeDeadlineSeconds: it is not set: a run may take for ever; set spec.activeDeadlineSeconds
}
