package workflow_test

import (
	"fmt"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/workflow"
)

// What has no field of its own is set in Base; its templates are joined with
// the rendered ones by their names.
func ExampleTemplate_base() {
	pipeline := &workflow.Template{
		Name: "hello", Plain: true, ServiceAccount: "greeter",
		Tasks: []*workflow.Task{{Name: "greet", Step: workflow.Container{
			Image: "busybox:1.37", Command: []string{"echo", "hello"},
		}}},
		Base: wfv1.WorkflowSpec{Templates: []wfv1.Template{{
			Name: "greet", Container: &corev1.Container{WorkingDir: "/srv"},
		}}},
	}
	object, err := pipeline.WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	greet := object.GetTemplateByName("greet").Container
	fmt.Println(greet.Command, "in", greet.WorkingDir)

	pipeline.Base.ServiceAccountName = "another"
	_, err = pipeline.WorkflowTemplate()
	fmt.Println(err)
	// Output:
	// [echo hello] in /srv
	// build: workflow.Template hello: Base.ServiceAccountName: it is set here and by a field of the builder; set it in one place [build/conflict]
}
