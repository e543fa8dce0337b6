package workflow_test

import (
	"fmt"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// A pipeline brings along the account that its pods run with, and what that is
// allowed.
func ExampleTemplate_RBAC() {
	pipeline := &workflow.Template{
		Name: "backups", Namespace: "data-platform", ServiceAccount: "backup-workflow",
		Tasks: []*workflow.Task{{Name: "orders", Run: backup{"orders", "today"}}},
	}
	bundle, err := millrace.Build(pipeline, pipeline.RBAC())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range bundle.Objects() {
		fmt.Println(millrace.RefOf(o))
		if role, ok := o.(*rbacv1.Role); ok {
			for _, rule := range role.Rules {
				fmt.Println(" ", rule.APIGroups, rule.Resources, rule.Verbs)
			}
		}
	}
	// Output:
	// WorkflowTemplate data-platform/backups
	// ServiceAccount data-platform/backup-workflow
	// Role data-platform/backup-workflow
	//   [argoproj.io] [workflowtaskresults] [create patch]
	//   [example.com] [backups] [create delete get list patch]
	// RoleBinding data-platform/backup-workflow
}

// Rights tells of any workflow what its account needs.
func ExampleRights() {
	pipeline := &workflow.Template{
		Name: "backups", Namespace: "data-platform", ServiceAccount: "backup-workflow", KeepFailed: true,
		Tasks: []*workflow.Task{{Name: "orders", Run: backup{"orders", "today"}}},
	}
	object, err := pipeline.WorkflowTemplate()
	if err != nil {
		fmt.Println(err)
		return
	}
	rights, _ := workflow.Rights(object)
	for _, r := range rights {
		fmt.Println(r.Account, r.Verbs, r.Resource, "for", r.Field)
	}
	// Output:
	// backup-workflow [create patch] workflowtaskresults for spec.templates[1]
	// backup-workflow [create get patch] backups for spec.templates[1].resource
}
