package workflow_test

import (
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/workflow"
)

// The pods of a template, and how many of them there are at once.
func ExamplePods() {
	convert := wfv1.Template{Name: "convert", Container: &corev1.Container{Image: "company-registry/convert:1.4.0"}}
	w := &wfv1.Workflow{Spec: wfv1.WorkflowSpec{
		Entrypoint: "main", ServiceAccountName: "argo-workflow-sa",
		Templates: []wfv1.Template{
			{Name: "main", Parallelism: new(int64(4)), DAG: &wfv1.DAGTemplate{Tasks: []wfv1.DAGTask{
				{Name: "each", Template: "convert", WithParam: "{{workflow.parameters.files}}"},
			}}},
			convert,
		},
	}}
	for _, p := range workflow.Pods(w) {
		fmt.Printf("%s: at most %d, as %s (%s)\n", p.Role, p.Max, p.Template.Spec.ServiceAccountName, p.Field("spec.serviceAccountName"))
		fmt.Println(p.Template.Spec.Containers[0].Image, p.Field("spec.containers[0].image"))
	}
	// Output:
	// convert: at most 4, as argo-workflow-sa (spec.serviceAccountName)
	// company-registry/convert:1.4.0 spec.templates[1].container.image
}
