package tenancy_test

import (
	"fmt"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/tenancy"
)

// Accounts know the cloud's identities by their annotations. Who submits are
// people of a group, and a program of another namespace.
func ExampleAccess() {
	identity := map[string]string{"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/etl"}
	show(&tenancy.Tenant{
		Name:  "sales",
		Quota: tenancy.Quota{Cores: 200, Memory: 1600 * millrace.GiB},
		Access: tenancy.Access{
			Driver:   tenancy.Account{Annotations: identity},
			Executor: tenancy.Account{Annotations: identity},
			Workflow: tenancy.Account{Without: true},
			Submitter: tenancy.Team{Groups: []string{"sales-data"}, Accounts: []string{"ci/deployer"},
				Rules: []rbacv1.PolicyRule{{APIGroups: []string{"kafka.strimzi.io"}, Resources: []string{"kafkatopics"}, Verbs: []string{"get", "list", "watch"}}}},
		},
	}, "ServiceAccount", "RoleBinding")
	// Output:
	// apiVersion: v1
	// kind: ServiceAccount
	// metadata:
	//   name: default
	//   namespace: sales
	// automountServiceAccountToken: false
	// ---
	// apiVersion: v1
	// kind: ServiceAccount
	// metadata:
	//   name: spark-driver
	//   namespace: sales
	//   annotations:
	//     eks.amazonaws.com/role-arn: arn:aws:iam::1:role/etl
	// ---
	// apiVersion: v1
	// kind: ServiceAccount
	// metadata:
	//   name: spark-executor
	//   namespace: sales
	//   annotations:
	//     eks.amazonaws.com/role-arn: arn:aws:iam::1:role/etl
	// automountServiceAccountToken: false
	// ---
	// apiVersion: rbac.authorization.k8s.io/v1
	// kind: RoleBinding
	// metadata:
	//   name: tenant-driver
	//   namespace: sales
	// subjects:
	// - kind: ServiceAccount
	//   name: spark-driver
	//   namespace: sales
	// roleRef:
	//   apiGroup: rbac.authorization.k8s.io
	//   kind: Role
	//   name: tenant-driver
	// ---
	// apiVersion: rbac.authorization.k8s.io/v1
	// kind: RoleBinding
	// metadata:
	//   name: tenant-submitter
	//   namespace: sales
	// subjects:
	// - kind: ServiceAccount
	//   name: deployer
	//   namespace: ci
	// - kind: Group
	//   apiGroup: rbac.authorization.k8s.io
	//   name: sales-data
	// roleRef:
	//   apiGroup: rbac.authorization.k8s.io
	//   kind: Role
	//   name: tenant-submitter
}

// An account of one's own submits: what a pipeline's server runs under.
func ExampleTenant_SubmitterAccount() {
	sales := &tenancy.Tenant{Name: "sales", Access: tenancy.Access{Submitter: tenancy.Team{Account: "scheduler"}}}
	fmt.Println(sales.SubmitterAccount())
	// Output:
	// scheduler
}
