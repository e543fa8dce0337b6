package tenancy

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
)

// Verbs by what they are for.
var (
	all      = []string{"create", "delete", "get", "list", "patch", "watch"}
	see      = []string{"get", "list", "watch"}
	sparkAll = []string{"create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"}
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

// driverRules are what Spark's Kubernetes scheduler does, and nothing of it can
// be left out: what it tidies up it deletes by label.
func (a Access) driverRules() []rbacv1.PolicyRule {
	return []rbacv1.PolicyRule{grant("", []string{"configmaps", "persistentvolumeclaims", "pods", "services"}, sparkAll)}
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
		grant("", []string{"events", "limitranges", "persistentvolumeclaims", "pods", "pods/log", "resourcequotas"}, see),
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
