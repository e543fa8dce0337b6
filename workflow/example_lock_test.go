package workflow_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// One run at a time writes the catalogue, and as many as the config map says
// use the warehouse.
func ExampleLock() {
	locks := []workflow.Lock{
		workflow.Mutex{Name: "catalogue"},
		workflow.Semaphore{ConfigMap: "limits", Key: "warehouse"},
	}
	bundle, err := millrace.Build(&workflow.Template{
		Name: "publish", ServiceAccount: "etl", Plain: true,
		Tasks: []*workflow.Task{{
			Name: "publish", Settings: workflow.Settings{Locks: locks},
			Step: workflow.Container{Image: "company-registry/etl:2.4.0", Command: []string{"publish"}},
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
	//   name: publish
	// spec:
	//   templates:
	//   - name: main
	//     dag:
	//       tasks:
	//       - name: publish
	//         template: publish
	//   - name: publish
	//     container:
	//       name: ""
	//       image: company-registry/etl:2.4.0
	//       command:
	//       - publish
	//     synchronization:
	//       semaphores:
	//       - configMapKeyRef:
	//           name: limits
	//           key: warehouse
	//       mutexes:
	//       - name: catalogue
	//   entrypoint: main
	//   serviceAccountName: etl
}
