package workflow_test

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A run leaves a config map behind, which is deleted with it. Values come in as
// JSON strings, which can't add to the manifest.
func ExampleResource() {
	day := workflow.Parameter{Name: "day", Default: new("today")}
	state := workflow.Resource{
		Action: workflow.Apply,
		Object: &corev1.ConfigMap{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
			ObjectMeta: metav1.ObjectMeta{Name: workflow.RunName.Ref() + "-state"},
			Data:       map[string]string{"day": day.Ref()},
		},
	}
	bundle, err := millrace.Build(&workflow.Template{
		Name: "report", Plain: true, ServiceAccount: "report-workflow", Parameters: []workflow.Parameter{day},
		Tasks: []*workflow.Task{{Name: "keep", Step: state}},
	})
	if err == nil {
		err = millrace.Render(os.Stdout, bundle)
	}
	if err != nil {
		fmt.Println(err)
	}
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
	//       - name: keep
	//         template: keep
	//   - name: keep
	//     resource:
	//       action: apply
	//       manifest: |
	//         {
	//           "apiVersion": "v1",
	//           "kind": "ConfigMap",
	//           "metadata": {
	//             "name": "{{workflow.name}}-state"
	//           },
	//           "data": {
	//             "day": {{=replace(toJson(workflow.parameters.day), "{", "\\u007b")}}
	//           }
	//         }
	//   entrypoint: main
	//   arguments:
	//     parameters:
	//     - name: day
	//       value: today
	//   serviceAccountName: report-workflow
}
