package workflow

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/millrace/millrace"
)

// RBAC is what the service accounts of workflows are allowed: just what Rights
// finds in them. It makes the ServiceAccounts, and for each a Role and a
// RoleBinding of its name; in other namespaces, and for resources of the whole
// cluster, a Role or ClusterRole "<namespace>-<account>" with its binding:
//
//	millrace.Build(pipeline, pipeline.RBAC())
//
// Where several pipelines share an account, one RBAC holds all of them.
type RBAC struct {
	// Templates are the pipelines that are composed here.
	Templates []*Template
	// Objects are workflows that are not: Workflow, WorkflowTemplate,
	// ClusterWorkflowTemplate and CronWorkflow. Templates that others refer to
	// belong here or into Templates, too: what they do, those do.
	Objects []millrace.Object
	// Namespace is where the runs of templates live that have no namespace,
	// such as ClusterWide ones. Required for those: a binding names the
	// namespace of its account.
	Namespace string
	// Labels and Annotations go to every object, AccountAnnotations to the
	// ServiceAccounts: clouds know their own identities by them.
	Labels, Annotations, AccountAnnotations map[string]string
	// AccountsExist says that the ServiceAccounts are there already, so that
	// none is made.
	AccountsExist bool
	// Extra are further rights in the namespace of the workflow, by service
	// account: what programs in containers do with the API, and what a workflow
	// doesn't tell before it runs, such as a manifest that is a parameter.
	// An account that has some is trusted to have what it can't be told.
	Extra map[string][]rbacv1.PolicyRule
}

// RBAC returns what the service accounts of the template are allowed. It is
// not checked before it is built.
func (t *Template) RBAC() *RBAC { return &RBAC{Templates: []*Template{t}} }
