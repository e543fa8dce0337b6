package workflow_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// What a container asks for has production defaults; nothing runs as root.
func ExampleContainer() {
	day := workflow.Parameter{Name: "day", Default: new("today")}
	pipeline := &workflow.Template{
		Name: "report", ServiceAccount: "report-workflow", Parameters: []workflow.Parameter{day},
		Tasks: []*workflow.Task{{Name: "send", Step: workflow.Container{
			Image:   "company-registry/report:2.1.0",
			Command: []string{"report", "send"},
			Env:     []corev1.EnvVar{{Name: "DAY", Value: day.Ref()}},
			Memory:  256 * millrace.MiB,
		}}},
	}
	object, err := pipeline.WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	c := object.GetTemplateByName("send").Container
	fmt.Println(c.Env[0].Name, c.Env[0].Value)
	fmt.Println("requests", c.Resources.Requests.Cpu(), c.Resources.Requests.Memory())
	fmt.Println("limit", c.Resources.Limits.Memory())
	fmt.Println("drops", c.SecurityContext.Capabilities.Drop)
	// Output:
	// DAY {{workflow.parameters.day}}
	// requests 500m 256Mi
	// limit 256Mi
	// drops [ALL]
}
