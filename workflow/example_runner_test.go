package workflow_test

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// backup runs a custom resource of its own kind. The nouns of other packages,
// such as spark.Job, implement workflow.Runner in the same way.
type backup struct{ Table, Day string }

func (b backup) Runnable(namespace string) (millrace.Runnable, error) {
	return millrace.Runnable{
		Object: &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "example.com/v1", "kind": "Backup",
			"metadata": map[string]any{"namespace": namespace},
			"spec":     map[string]any{"table": b.Table, "day": b.Day},
		}},
		Succeeded: "status.phase == Done",
		Failed:    "status.phase == Broken",
	}, nil
}

// A task creates a custom resource, and waits until it has ended.
func ExampleRunner() {
	day := workflow.Parameter{Name: "day"}
	var work workflow.Runner = backup{"orders", day.Ref()}
	pipeline := &workflow.Template{
		Name: "backups", Namespace: "data-platform", ServiceAccount: "backup-workflow",
		Parameters: []workflow.Parameter{day},
		Tasks:      []*workflow.Task{{Name: "orders", Run: work}},
	}
	object, err := pipeline.WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	resource := object.GetTemplateByName("orders").Resource
	fmt.Println(resource.Action, "until", resource.SuccessCondition, "or", resource.FailureCondition)
	fmt.Print(resource.Manifest)
	// Output:
	// apply until status.phase == Done or status.phase == Broken
	// {
	//   "apiVersion": "example.com/v1",
	//   "kind": "Backup",
	//   "metadata": {
	//     "name": "{{workflow.name}}-orders",
	//     "namespace": "data-platform",
	//     "labels": {
	//       "workflows.argoproj.io/workflow": "{{workflow.name}}"
	//     },
	//     "ownerReferences": [
	//       {
	//         "apiVersion": "argoproj.io/v1alpha1",
	//         "controller": true,
	//         "kind": "Workflow",
	//         "name": "{{workflow.name}}",
	//         "uid": "{{workflow.uid}}"
	//       }
	//     ]
	//   },
	//   "spec": {
	//     "day": {{=replace(toJson(workflow.parameters.day), "{", "\\u007b")}},
	//     "table": "orders"
	//   }
	// }
}
