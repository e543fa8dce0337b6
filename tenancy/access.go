package tenancy

import rbacv1 "k8s.io/api/rbac/v1"

// Access says who may do what with the API inside of the namespace. Nobody can
// read secrets, or log into pods.
//
// Who may create pods, Spark applications or workflows can run them under any
// account of the namespace: what one of these accounts may do, all of their
// programs may.
type Access struct {
	// Driver is the account of Spark's drivers: pods, config maps and claims, to
	// start executors, and services too to tidy up. It can't make services: who
	// submits a job does.
	//
	// An empty name means "spark-driver".
	// Source: Spark, deploy and scheduler/cluster/k8s; narrower than the Spark
	// operator's chart, templates/spark/rbac.yaml.
	Driver Account
	// Executor is the account of Spark's executors, which talk to their driver
	// and not to the API: no rights, and no token.
	//
	// An empty name means "spark-executor". It takes no Rules.
	Executor Account
	// Workflow is the account of the pods of workflows: they report results, and
	// run Spark applications.
	//
	// An empty name means "workflow". What else a pipeline's tasks do, its own
	// RBAC grants (workflow.RBAC with AccountsExist).
	// Source: Argo Workflows, workflow-rbac; workflow/executor/resource.go.
	Workflow Account
	// Submitter are those who submit jobs and workflows, wait for them, and read
	// their logs.
	Submitter Team
	// Reader are those who look on.
	Reader Team
	// SparkGroups are the API groups of the SparkApplications that workflows and
	// submitters make.
	//
	// Empty means "sparkoperator.k8s.io"; the group of Apache's operator is
	// "spark.apache.org".
	// Rendered as apiGroups in the roles.
	SparkGroups []string
}

// Account is a service account of pods.
type Account struct {
	// Name of the account. Empty means what the field says.
	// Rendered as the name of the ServiceAccount.
	Name string
	// Without leaves the account out, and its role with it.
	//
	// False means that both are rendered.
	Without bool
	// Annotations of the ServiceAccount, by which clouds know their own
	// identities: "iam.gke.io/gcp-service-account", "eks.amazonaws.com/role-arn".
	// Rendered as metadata.annotations.
	Annotations map[string]string
	// Rules are further rights of it in the namespace.
	//
	// Empty means none. Rendered in its Role, "tenant-driver" or
	// "tenant-workflow".
	Rules []rbacv1.PolicyRule
}

// Team are people and programs with the same rights in the namespace.
type Team struct {
	// Account is the name of a service account to make for them.
	//
	// Empty means none. Rendered as a ServiceAccount, and a subject of the
	// RoleBinding.
	Account string
	// Users and Groups are as the cluster's identity provider names them. The
	// groups of everybody, system:authenticated and such, are refused.
	// Rendered as subjects of the RoleBinding "tenant-submitter" or
	// "tenant-reader".
	Users, Groups []string
	// Accounts are service accounts elsewhere, as "<namespace>/<name>".
	// Rendered as subjects, too.
	Accounts []string
	// Rules are further rights of theirs in the namespace. Rendered in their
	// Role.
	Rules []rbacv1.PolicyRule
}

// empty reports whether there is nobody.
func (t Team) empty() bool {
	return t.Account == "" && len(t.Users)+len(t.Groups)+len(t.Accounts) == 0
}
