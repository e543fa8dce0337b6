package tenancy

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
)

// Verbs by what they are for.
var (
	all  = []string{"create", "delete", "get", "list", "patch", "watch"}
	see  = []string{"get", "list", "watch"}
	tidy = []string{"delete", "deletecollection", "get", "list"}
)

func grant(group string, resources []string, verbs []string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: slices.Clone(resources), Verbs: slices.Clone(verbs)}
}

func (a Access) sparkGroups() []string {
	if len(a.SparkGroups) == 0 {
		return []string{sparkOperatorGroup}
	}
	return a.SparkGroups
}

// driverRules are what Spark's Kubernetes scheduler does. What it tidies up it
// deletes by label, at once, or one by one in older versions. The services of a
// job are made by who submits it: who can make some can have a cluster's traffic
// come to him, by their external addresses.
// Source: Spark 3.0 to 4.1, KubernetesClusterSchedulerBackend.scala,
// ExecutorPodsAllocator.scala, ExecutorPodsLifecycleManager.scala; what 3.5
// asks of an API server.
func (a Access) driverRules() []rbacv1.PolicyRule {
	and := func(verbs ...string) []string { return slices.Sorted(slices.Values(slices.Concat(tidy, verbs))) }
	return []rbacv1.PolicyRule{
		grant("", []string{"pods"}, and("create", "patch", "watch")),
		grant("", []string{"persistentvolumeclaims"}, and("create", "patch")),
		grant("", []string{"configmaps"}, and("create")),
		grant("", []string{"services"}, tidy),
	}
}

// workflowRules are what the executor of Argo does: report results; create,
// apply and delete an application, by name or by label, and poll it with get.
// Source: Argo Workflows v3.7.14, workflow/executor/resource.go.
func (a Access) workflowRules() []rbacv1.PolicyRule {
	out := []rbacv1.PolicyRule{grant(argoGroup, []string{"workflowtaskresults"}, []string{"create", "patch"})}
	for _, group := range a.sparkGroups() {
		out = append(out, grant(group, []string{"sparkapplications"}, []string{"create", "delete", "get", "list", "patch"}))
	}
	return out
}

// submitterRules are what package cluster does: apply, create, wait, and read
// what says why something fails.
func (a Access) submitterRules() []rbacv1.PolicyRule {
	out := []rbacv1.PolicyRule{
		grant("", []string{"configmaps"}, all),
		grant(argoGroup, []string{"cronworkflows", "workflows", "workflowtemplates"}, all),
	}
	for _, group := range a.sparkGroups() {
		resources := []string{"sparkapplications"}
		if group == sparkOperatorGroup {
			resources = append([]string{"scheduledsparkapplications"}, resources...)
		}
		out = append(out, grant(group, resources, all))
	}
	return append(out, a.seen()...)
}

// seen is what tells how pods do.
func (a Access) seen() []rbacv1.PolicyRule {
	return []rbacv1.PolicyRule{
		grant("", []string{"events", "limitranges", "persistentvolumeclaims", "pods", "resourcequotas"}, see),
		grant("", []string{"pods/log"}, []string{"get"}),
		grant("events.k8s.io", []string{"events"}, see),
	}
}

func (a Access) readerRules() []rbacv1.PolicyRule {
	out := append(a.seen(), grant(argoGroup, []string{"cronworkflows", "workflows", "workflowtemplates"}, see))
	for _, group := range a.sparkGroups() {
		resources := []string{"sparkapplications"}
		if group == sparkOperatorGroup {
			resources = append([]string{"scheduledsparkapplications"}, resources...)
		}
		out = append(out, grant(group, resources, see))
	}
	return out
}
