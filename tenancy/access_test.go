package tenancy_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/tenancy"
)

// may reports whether an account of the tenant has a right, by the roles that
// are bound to it.
func may(objects []millrace.Object, account, verb, group, resource string) bool {
	roles := map[string][]rbacv1.PolicyRule{}
	for _, o := range objects {
		if r, ok := o.(*rbacv1.Role); ok {
			roles[r.Name] = r.Rules
		}
	}
	for _, o := range objects {
		b, ok := o.(*rbacv1.RoleBinding)
		if !ok || !slices.ContainsFunc(b.Subjects, func(s rbacv1.Subject) bool { return s.Kind == "ServiceAccount" && s.Name == account }) {
			continue
		}
		for _, r := range roles[b.RoleRef.Name] {
			if slices.Contains(r.Verbs, verb) && slices.Contains(r.APIGroups, group) && slices.Contains(r.Resources, resource) {
				return true
			}
		}
	}
	return false
}

func TestRights(t *testing.T) {
	tenant := minimal()
	tenant.Access.Submitter.Account = "submitter"
	tenant.Access.Reader.Accounts = []string{"monitoring/reader"}
	made := objects(t, tenant)
	const op, argo = "sparkoperator.k8s.io", "argoproj.io"
	for _, tc := range []struct {
		account, verb, group, resource string
		want                           bool
	}{
		{"spark-driver", "create", "", "pods", true},
		{"spark-driver", "deletecollection", "", "persistentvolumeclaims", true},
		{"spark-driver", "deletecollection", "", "services", true},
		{"spark-driver", "create", "", "services", false},
		{"spark-driver", "patch", "", "services", false},
		{"spark-driver", "patch", "", "pods", true},
		{"spark-driver", "update", "", "pods", false},
		{"spark-driver", "get", "", "secrets", false},
		{"spark-driver", "create", op, "sparkapplications", false},
		{"spark-executor", "get", "", "pods", false},
		{"spark-executor", "get", "", "configmaps", false},
		{"default", "get", "", "pods", false},
		{"workflow", "create", argo, "workflowtaskresults", true},
		{"workflow", "patch", argo, "workflowtaskresults", true},
		{"workflow", "get", argo, "workflowtaskresults", false},
		{"workflow", "create", op, "sparkapplications", true},
		{"workflow", "delete", op, "sparkapplications", true},
		{"workflow", "watch", op, "sparkapplications", false},
		{"workflow", "create", "", "pods", false},
		{"submitter", "create", op, "sparkapplications", true},
		{"submitter", "watch", argo, "workflows", true},
		{"submitter", "patch", argo, "workflowtemplates", true},
		{"submitter", "get", "", "pods/log", true},
		{"submitter", "create", "", "pods", false},
		{"submitter", "create", "", "pods/exec", false},
		{"submitter", "get", "", "secrets", false},
		{"reader", "list", op, "sparkapplications", true},
		{"reader", "get", "", "pods/log", true},
		{"reader", "create", op, "sparkapplications", false},
		{"reader", "delete", argo, "workflows", false},
		{"reader", "get", "", "configmaps", false},
	} {
		if got := may(made, tc.account, tc.verb, tc.group, tc.resource); got != tc.want {
			t.Errorf("%s may %s %s/%s: %v, want %v", tc.account, tc.verb, tc.group, tc.resource, got, tc.want)
		}
	}
	for account, token := range map[string]bool{"default": false, "spark-driver": true, "spark-executor": false, "workflow": true, "submitter": true} {
		a := find[*corev1.ServiceAccount](t, made, account)
		if mounts := a.AutomountServiceAccountToken == nil || *a.AutomountServiceAccountToken; mounts != token {
			t.Errorf("%s has a token: %v", account, mounts)
		}
	}
}

// TestNames holds the names that a tenant tells against what it makes.
func TestNames(t *testing.T) {
	for name, tenant := range map[string]*tenancy.Tenant{"minimal": minimal(), "full": full()} {
		made := objects(t, tenant)
		for _, account := range []string{tenant.DriverAccount(), tenant.ExecutorAccount(), tenant.WorkflowAccount(), tenant.SubmitterAccount()} {
			if account != "" {
				find[*corev1.ServiceAccount](t, made, account)
			} else if name == "full" {
				t.Error("an account has no name")
			}
		}
	}
	without := minimal()
	without.Access.Driver.Without, without.Access.Executor.Without, without.Access.Workflow.Without = true, true, true
	var none *tenancy.Tenant
	for _, tenant := range []*tenancy.Tenant{without, none} {
		got := []string{tenant.DriverAccount(), tenant.ExecutorAccount(), tenant.WorkflowAccount(), tenant.SubmitterAccount(), tenant.DriverPriority(), tenant.ExecutorPriority(), tenant.QueueName()}
		if diff := cmp.Diff(make([]string, 7), got); diff != "" || tenant.QueueLabels() != nil {
			t.Errorf("names of nothing (-want +got):\n%s", diff)
		}
	}
	for _, o := range objects(t, without) {
		if _, ok := o.(*rbacv1.Role); ok {
			t.Errorf("there is the role %s", o.GetName())
		}
	}
	tenant := minimal()
	tenant.Platform = &tenancy.Platform{}
	if got := tenant.DriverPriority() + " " + tenant.ExecutorPriority(); got != "data-driver data-executor" {
		t.Errorf("priorities %s", got)
	}
	if tenant.Platform.NoPriorities = true; tenant.DriverPriority()+tenant.ExecutorPriority() != "" {
		t.Error("there are priorities")
	}
	for _, tc := range []struct {
		queue  tenancy.Queue
		name   string
		labels map[string]string
	}{
		{tenancy.Kueue{ClusterQueue: "a"}, "sales", map[string]string{"kueue.x-k8s.io/queue-name": "sales"}},
		{tenancy.Kueue{ClusterQueue: "a", Name: "batch"}, "batch", map[string]string{"kueue.x-k8s.io/queue-name": "batch"}},
		{tenancy.YuniKorn{Parent: "root.data"}, "root.data.sales", map[string]string{"queue": "root.data.sales"}},
		{tenancy.Volcano{}, "sales", nil},
	} {
		tenant.Queue = tc.queue
		if tenant.QueueName() != tc.name || !cmp.Equal(tenant.QueueLabels(), tc.labels) {
			t.Errorf("%T: %s %v", tc.queue, tenant.QueueName(), tenant.QueueLabels())
		}
	}
}
