package workflow_test

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A script gets its values in its environment: in its text they would become a
// part of the program, which Build refuses.
func ExampleScript() {
	day := workflow.Parameter{Name: "day", Default: new("today")}
	count := workflow.Script{
		Image:   "company-registry/tools:1.4.0",
		Command: []string{"bash", "-e"},
		Source:  "rows --day \"$DAY\" | wc -l\n",
		Env:     []corev1.EnvVar{{Name: "DAY", Value: day.Ref()}},
	}
	pipeline := &workflow.Template{
		Name: "report", Plain: true, ServiceAccount: "report-workflow", Parameters: []workflow.Parameter{day},
		Tasks: []*workflow.Task{{Name: "count", Step: count}},
	}
	bundle, err := millrace.Build(pipeline)
	if err == nil {
		err = millrace.Render(os.Stdout, bundle)
	}
	if err != nil {
		fmt.Println(err)
	}

	count.Source = "rows --day " + day.Ref()
	pipeline.Tasks[0].Step = count
	_, err = millrace.Build(pipeline)
	fmt.Println(err)
	// Output:
	// apiVersion: argoproj.io/v1alpha1
	// kind: WorkflowTemplate
	// metadata:
	//   name: report
	// spec:
	//   templates:
	//   - name: main
	//     dag:
	//       tasks:
	//       - name: count
	//         template: count
	//   - name: count
	//     script:
	//       name: ""
	//       image: company-registry/tools:1.4.0
	//       command:
	//       - bash
	//       - -e
	//       env:
	//       - name: DAY
	//         value: "{{workflow.parameters.day}}"
	//       source: |
	//         rows --day "$DAY" | wc -l
	//   entrypoint: main
	//   arguments:
	//     parameters:
	//     - name: day
	//       value: today
	//   serviceAccountName: report-workflow
	// build: workflow.Template report: Tasks[0].Step.Source: {{workflow.parameters.day}} would become a part of the program: whoever chooses the value chooses what runs; pass the value in Env or Args, or use Variable.JSON() in a language whose strings are JSON's (not a shell) [build/invalid]
}
