package workflow_test

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A pipeline brings along the account that its pods run with, and what that is
// allowed: what Argo needs, and what its tasks do.
func ExampleRBAC() {
	restart := workflow.Resource{Action: workflow.Delete, Object: &corev1.Pod{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Pod"}, ObjectMeta: metav1.ObjectMeta{Name: "cache-0"},
	}}
	pipeline := &workflow.Template{
		Name: "restart", Namespace: "data-platform", ServiceAccount: "restarter",
		Tasks: []*workflow.Task{{Name: "restart", Step: restart}},
	}
	rbac := &workflow.RBAC{
		Templates:          []*workflow.Template{pipeline},
		AccountAnnotations: map[string]string{"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/restarter"},
		Extra: map[string][]rbacv1.PolicyRule{"restarter": {
			{APIGroups: []string{""}, Resources: []string{"configmaps"}, Verbs: []string{"get"}},
		}},
	}
	bundle, err := millrace.Build(pipeline, rbac)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range bundle.Objects() {
		fmt.Println(millrace.RefOf(o))
		if role, ok := o.(*rbacv1.Role); ok {
			for _, rule := range role.Rules {
				fmt.Println(" ", rule.APIGroups, rule.Resources, rule.ResourceNames, rule.Verbs)
			}
		}
	}
	// Output:
	// WorkflowTemplate data-platform/restart
	// ServiceAccount data-platform/restarter
	// Role data-platform/restarter
	//   [] [pods] [] [delete get list watch]
	//   [argoproj.io] [workflowtaskresults] [] [create patch]
	//   [] [configmaps] [] [get]
	// RoleBinding data-platform/restarter
}
