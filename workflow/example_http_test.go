package workflow_test

import (
	"fmt"
	"net/http"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/workflow"
)

// A request, with a secret in a header and a condition on its response.
func ExampleHTTP() {
	register := workflow.HTTP{
		Method: http.MethodPost,
		URL:    "https://catalog.example.com/runs",
		Headers: []workflow.Header{{Name: "Authorization", Secret: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: "catalog"}, Key: "token",
		}}},
		Body:    `{"run": "` + workflow.RunName.Ref() + `"}`,
		Success: workflow.ResponseStatus.Equal(201),
	}
	object, err := (&workflow.Template{
		Name: "report", ServiceAccount: "report-workflow", Tasks: []*workflow.Task{{Name: "register", Step: register}},
	}).WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	call := object.GetTemplateByName("register").HTTP
	fmt.Println(call.Method, call.URL, call.Body)
	fmt.Println(call.Headers[0].Name, "from", call.Headers[0].ValueFrom.SecretKeyRef.Name)
	fmt.Println("timeout", *call.TimeoutSeconds, "success if", call.SuccessCondition)
	// Output:
	// POST https://catalog.example.com/runs {"run": "{{workflow.name}}"}
	// Authorization from catalog
	// timeout 30 success if response.statusCode == 201
}
