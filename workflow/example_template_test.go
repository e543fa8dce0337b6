package workflow_test

import (
	"fmt"
	"os"

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

// A pipeline is written once, and run with other parameters each time.
func ExampleTemplate() {
	day := workflow.Parameter{Name: "day"}
	orders := &workflow.Task{Name: "orders", Run: backup{"orders", day.Ref()}}
	customers := &workflow.Task{Name: "customers", Run: backup{"customers", day.Ref()}, After: []*workflow.Task{orders}}

	pipeline := &workflow.Template{
		Name: "backups", Namespace: "data-platform", ServiceAccount: "backup-workflow",
		Parameters: []workflow.Parameter{day},
		Tasks:      []*workflow.Task{orders, customers},
	}
	object, err := pipeline.WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, task := range object.Spec.Templates[0].DAG.Tasks {
		fmt.Printf("%s after %q\n", task.Name, task.Depends)
	}
	fmt.Print(object.GetTemplateByName("orders").Resource.Manifest)
	// Output:
	// orders after ""
	// customers after "orders.Succeeded"
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

// Every mistake is reported at once, also those that Argo finds only when the
// task starts.
func ExampleTemplate_mistakes() {
	first := &workflow.Task{Name: "first", Run: backup{Table: "orders", Day: "{{workflow.parameters.day}}"}}
	second := &workflow.Task{Name: "in", Run: backup{Table: "customers"}, After: []*workflow.Task{first}}
	first.After = []*workflow.Task{second}

	_, err := millrace.Build(&workflow.Template{Name: "backups", Tasks: []*workflow.Task{first, second}})
	fmt.Println(err)
	// Output:
	// build: 4 mistakes:
	//   workflow.Template backups: ServiceAccount: is required; name the service account that may create what the tasks create [build/required]
	//   workflow.Template backups: Tasks[1].Name: "in": it is a word of the expressions with which Argo decides what starts next; use a longer name [build/invalid]
	//   workflow.Template backups: Tasks[0].Run: spec.day: it refers to the parameter "day", which the template does not declare; add it to Parameters, or correct the name [build/unknown]
	//   workflow.Template backups: Tasks[1].After[0]: the tasks wait for each other: first after in after first; remove one of the edges [build/cycle]
}

// A run refers to its template and gives it arguments. Its name follows from
// both, so that the same run is submitted once.
func ExampleRun() {
	day := workflow.Parameter{Name: "day"}
	pipeline := &workflow.Template{
		Name: "backups", Namespace: "data-platform", ServiceAccount: "backup-workflow",
		Parameters: []workflow.Parameter{day},
		Tasks:      []*workflow.Task{{Name: "orders", Run: backup{"orders", day.Ref()}}},
	}
	run := &workflow.Run{Name: "backups-drill", Template: pipeline, Arguments: map[string]string{"day": "2026-01-31"}}

	bundle, err := millrace.Build(run)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: argoproj.io/v1alpha1
	// kind: Workflow
	// metadata:
	//   name: backups-drill
	//   namespace: data-platform
	//   labels:
	//     workflows.argoproj.io/workflow-template: backups
	// spec:
	//   arguments:
	//     parameters:
	//     - name: day
	//       value: "2026-01-31"
	//   workflowTemplateRef:
	//     name: backups
}
