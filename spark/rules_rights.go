package spark

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/rbac"
)

func rightsRules() []millrace.Rule {
	return []millrace.Rule{{
		ID:       "spark/rights",
		Severity: millrace.Error,
		Summary:  "The driver's service account may make executors, where the bundle says what it may do.",
		Reason:   "The driver starts, is refused its first call of the API server, and ends: the application fails, or starts again and again.",
		Fix:      "let the account get, list, watch, create, delete and deletecollection pods, config maps, services and claims in its namespace; tenancy.Tenant makes such a role",
		Source:   "Spark, running on Kubernetes, RBAC; apache/spark, KubernetesClusterSchedulerBackend.scala and ExecutorPodsAllocator.scala",
		Check:    checkRights,
	}}
}

// checkRights asks for what a driver can't do without. What it only cleans up
// with, and goes on if it may not, isn't among it.
func checkRights(pass *millrace.Pass) {
	_, ok := applicationOf(pass)
	rights := rbac.In(pass)
	if !ok || rights == nil {
		return
	}
	var claims bool
	for _, p := range podsOf(pass) {
		claims = claims || roleOf(p) == executorRole && len(p.Claims) > 0
	}
	for _, p := range podsOf(pass) {
		if roleOf(p) != driverRole || p.Namespace == "" {
			continue
		}
		account := cmp.Or(p.Template.Spec.ServiceAccountName, "default")
		needs := []rbac.Right{
			{Resource: "pods", Verbs: []string{"create", "get", "list", "watch"}},
			{Resource: "configmaps", Verbs: []string{"create"}},
		}
		if claims {
			needs = append(needs, rbac.Right{Resource: "persistentvolumeclaims", Verbs: []string{"create", "list"}})
		}
		var lacks []string
		for _, r := range needs {
			r.Account, r.Namespace = account, p.Namespace
			if missing := rights.Missing(p.Namespace, r); len(missing) > 0 {
				lacks = append(lacks, strings.Join(missing, ", ")+" "+r.Resource)
			}
		}
		if len(lacks) > 0 {
			pass.Report(p.Field("spec.serviceAccountName"), fmt.Sprintf("the account %s may not %s in %s", account, strings.Join(lacks, ", or "), p.Namespace))
		}
	}
}
