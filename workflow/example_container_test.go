package workflow_test

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/workflow"
)

// A step that Argo runs itself stands beside tasks with custom resources.
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
	out, err := yaml.Append(nil, object.GetTemplateByName("send").Container)
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(out)
	// Output:
	// name: main
	// image: company-registry/report:2.1.0
	// command:
	// - report
	// - send
	// env:
	// - name: DAY
	//   value: "{{workflow.parameters.day}}"
	// resources:
	//   limits:
	//     memory: 256Mi
	//   requests:
	//     cpu: 500m
	//     memory: 256Mi
	// securityContext:
	//   capabilities:
	//     drop:
	//     - ALL
	//   allowPrivilegeEscalation: false
}
