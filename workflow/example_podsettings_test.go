package workflow_test

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// What the pod of one step gets beside its container.
func ExamplePodSettings() {
	proxy := workflow.Sidecar{Name: "proxy", Container: workflow.Container{
		Image: "company-registry/sql-proxy:2.4.0", Command: []string{"proxy", "--port=5432"},
	}}
	bundle, err := millrace.Build(&workflow.Template{
		Name: "orders", ServiceAccount: "etl", Plain: true,
		Tasks: []*workflow.Task{{
			Name: "load", Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"load"}},
			Settings: workflow.Settings{Pod: workflow.PodSettings{
				Labels:   map[string]string{"app": "loader"},
				Sidecars: []workflow.Sidecar{proxy},
				Patch:    workflow.PodPatch{Spec: &corev1.PodSpec{TerminationGracePeriodSeconds: new(int64(120))}},
			}},
		}},
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
	//   name: orders
	// spec:
	//   templates:
	//   - name: main
	//     dag:
	//       tasks:
	//       - name: load
	//         template: load
	//   - name: load
	//     metadata:
	//       labels:
	//         app: loader
	//     container:
	//       name: ""
	//       image: company-registry/etl:2.4.0
	//       command:
	//       - load
	//     sidecars:
	//     - name: proxy
	//       image: company-registry/sql-proxy:2.4.0
	//       command:
	//       - proxy
	//       - --port=5432
	//     podSpecPatch: '{"terminationGracePeriodSeconds":120}'
	//   entrypoint: main
	//   serviceAccountName: etl
}
