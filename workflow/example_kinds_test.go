package workflow_test

import (
	"fmt"
	"net/http"
	"os"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/workflow"
)

// A script gets its values in its environment: in its text they would become
// a part of the program.
func ExampleScript() {
	day := workflow.Parameter{Name: "day", Default: new("today")}
	rows := workflow.Script{
		Image:   "company-registry/tools:1.4.0",
		Command: []string{"bash", "-e"},
		Source:  "rows --day \"$DAY\" | wc -l\n",
		Env:     []corev1.EnvVar{{Name: "DAY", Value: day.Ref()}},
	}
	printStep(rows, day)

	rows.Source = "rows --day " + day.Ref()
	printStep(rows, day)
	// Output:
	// script:
	//   name: main
	//   image: company-registry/tools:1.4.0
	//   command:
	//   - bash
	//   - -e
	//   env:
	//   - name: DAY
	//     value: "{{workflow.parameters.day}}"
	//   resources:
	//     limits:
	//       memory: 1Gi
	//     requests:
	//       cpu: 500m
	//       memory: 1Gi
	//   securityContext:
	//     capabilities:
	//       drop:
	//       - ALL
	//     allowPrivilegeEscalation: false
	//   source: |
	//     rows --day "$DAY" | wc -l
	// build: workflow.Template report: Tasks[0].Step.Source: {{workflow.parameters.day}} would become a part of the program: whoever chooses the value chooses what runs; pass the value in Env or Args, or use Variable.JSON() in a language whose strings are JSON's (not a shell) [build/invalid]
}

// A run leaves a config map behind, which is deleted with it.
func ExampleResource() {
	day := workflow.Parameter{Name: "day", Default: new("today")}
	printStep(workflow.Resource{
		Action: workflow.Apply,
		Owned:  true,
		Object: &corev1.ConfigMap{
			TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
			ObjectMeta: metav1.ObjectMeta{Name: workflow.RunName.Ref() + "-state"},
			Data:       map[string]string{"day": day.Ref()},
		},
	}, day)
	// Output:
	// resource:
	//   action: apply
	//   manifest: |
	//     {
	//       "apiVersion": "v1",
	//       "kind": "ConfigMap",
	//       "metadata": {
	//         "name": "{{workflow.name}}-state",
	//         "ownerReferences": [
	//           {
	//             "apiVersion": "argoproj.io/v1alpha1",
	//             "kind": "Workflow",
	//             "name": "{{workflow.name}}",
	//             "uid": "{{workflow.uid}}",
	//             "controller": true
	//           }
	//         ]
	//       },
	//       "data": {
	//         "day": {{=replace(toJson(workflow.parameters.day), "{", "\\u007b")}}
	//       }
	//     }
}

// The zero Suspend waits until somebody resumes the run.
func ExampleSuspend() {
	printStep(workflow.Suspend{})
	printStep(workflow.Suspend{Duration: 90 * time.Minute})
	// Output:
	// suspend: {}
	// suspend:
	//   duration: 1h30m
}

func ExampleHTTP() {
	printStep(workflow.HTTP{
		Method: http.MethodPost,
		URL:    "https://catalog.example.com/runs",
		Headers: []workflow.Header{{Name: "Authorization", Secret: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: "catalog"}, Key: "token",
		}}},
		Body:    `{"run": "` + workflow.RunName.Ref() + `"}`,
		Success: workflow.Expr("response.statusCode == 201"),
	})
	// Output:
	// http:
	//   method: POST
	//   url: https://catalog.example.com/runs
	//   headers:
	//   - name: Authorization
	//     valueFrom:
	//       secretKeyRef:
	//         name: catalog
	//         key: token
	//   timeoutSeconds: 30
	//   successCondition: response.statusCode == 201
	//   body: '{"run": "{{workflow.name}}"}'
}

// Containers of a set are linked by pointer, as tasks are.
func ExampleContainerSet() {
	step := func(program string) workflow.Container {
		return workflow.Container{Image: "company-registry/tools:1.4.0", Command: []string{program}}
	}
	fetch := &workflow.SetContainer{Name: "fetch", Container: step("fetch")}
	main := &workflow.SetContainer{Name: "main", Container: step("load"), After: []*workflow.SetContainer{fetch}}
	w, err := (&workflow.Template{
		Name: "report", ServiceAccount: "report-workflow",
		Tasks: []*workflow.Task{{Name: "load", Step: workflow.ContainerSet{
			Containers: []*workflow.SetContainer{fetch, main},
			Retry:      workflow.SetRetry{Attempts: 3, Backoff: 10 * time.Second},
		}}},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	set := w.GetTemplateByName("load").ContainerSet
	for _, ctr := range set.Containers {
		fmt.Println(ctr.Name, "after", ctr.Dependencies)
	}
	fmt.Println(set.RetryStrategy.Retries, "attempts,", set.RetryStrategy.Duration, "between them")
	// Output:
	// fetch after []
	// main after [fetch]
	// 3 attempts, 10s between them
}

// printStep prints what a step does, or what is wrong with it.
func printStep(step workflow.Step, parameters ...workflow.Parameter) {
	w, err := (&workflow.Template{
		Name: "report", ServiceAccount: "report-workflow", Parameters: parameters,
		Tasks: []*workflow.Task{{Name: "step", Step: step}},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	t := w.GetTemplateByName("step")
	t.Name, t.Metadata.Annotations, t.RetryStrategy = "", nil, nil
	out, err := yaml.Append(nil, t)
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(out)
}
