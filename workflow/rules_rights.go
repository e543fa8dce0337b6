package workflow

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/rbac"
)

// rightsRule compares what a workflow needs with the roles of the bundle.
func rightsRule() millrace.Rule {
	return millrace.Rule{
		ID: "workflow/rights", Severity: millrace.Error,
		Summary: "A workflow's service account has the rights that its tasks need, where the bundle says what it may do.",
		Reason:  "The task fails at its first call, or, without the right to report results, the run never ends.",
		Fix:     "add the right to the role, or let Template.RBAC make it",
		Source:  "Argo Workflows, workflow-rbac and service-accounts; argo-workflows#13496, #12783",
		Check:   checkRights,
	}
}

func checkRights(p *millrace.Pass) {
	s, ok := specOf(p.Object)
	told := rbac.In(p)
	if !ok || s.namespace == "" || s.Entrypoint == "" || told == nil {
		return
	}
	var templates []millrace.Object
	for _, kind := range []string{"WorkflowTemplate", "ClusterWorkflowTemplate"} {
		templates = append(templates, p.Bundle.OfKind(schema.GroupKind{Group: argoGroup, Kind: kind})...)
	}
	rights, _ := Rights(p.Object, templates...)
	for _, r := range rights {
		if r.Enforced {
			continue
		}
		missing := told.Missing(s.namespace, rbac.Right{
			Account: r.Account, Namespace: r.Namespace, ClusterWide: r.ClusterWide, Group: r.Group, Resource: r.Resource, Names: r.Names, Verbs: r.Verbs,
		})
		if len(missing) > 0 {
			where := "in " + r.Namespace
			if r.ClusterWide {
				where = "in the cluster"
			}
			p.Report(r.Field, fmt.Sprintf("the account %s may not %s %s %s", r.Account, strings.Join(missing, ", "), strings.Trim(r.Resource+"."+r.Group, "."), where))
		}
	}
}
