package tenancy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
)

// ruleWide is also what Build reports of rules that a tenant is to have.
const ruleWide = "tenancy/rights"

func rightsRules() []millrace.Rule {
	const source = "Kubernetes, concepts/security/rbac-good-practices"
	return []millrace.Rule{
		{
			ID: ruleWide, Severity: millrace.Warning,
			Summary: "Roles of a team name resources and verbs, and none by which it could get further rights.",
			Reason:  "Wildcards take in kinds and verbs of tomorrow. Secrets hold the passwords of others, and the tokens of accounts; bind, escalate and impersonate give whatever there is.",
			Fix:     "name the resources and verbs that are needed, and secrets by their names",
			Source:  source,
			Check:   checkRights,
		},
		{
			ID: "tenancy/admin", Severity: millrace.Warning,
			Summary: "Accounts of teams aren't bound to cluster-admin or admin.",
			Reason:  "Every job then may do everything that an administrator may: read all secrets, lift its own quota, open its own network.",
			Fix:     "bind a role with the rights that the account needs, as Tenant.Access makes them",
			Source:  source,
			Check:   checkAdmin,
		},
		{
			ID: "tenancy/default-account", Severity: millrace.Warning,
			Summary: "Rights go to accounts with a name, not to default or to everybody.",
			Reason:  "Each pod that names no account has the rights of default, whatever it runs.",
			Fix:     "make an account for the program, and name it in the pod and in the binding",
			Source:  source + "; concepts/security/service-accounts",
			Check:   checkDefaultAccount,
		},
		{
			ID: "tenancy/executor-account", Severity: millrace.Info,
			Summary: "Spark's executors run under an account without rights.",
			Reason:  "Executors run the code of the job and whatever it reads, and never need the API. Unless they have an account of their own, they get their driver's, which may create pods.",
			Fix:     "give them one that no role is bound to (Tenant.ExecutorAccount), as spec.executor.serviceAccount or spark.kubernetes.authenticate.executor.serviceAccountName",
			Source:  "Spark, running-on-kubernetes, spark.kubernetes.authenticate.executor.serviceAccountName",
			Check:   checkExecutorAccount,
		},
	}
}

// Verbs and resources by which rights become more.
var (
	escalating = []string{"bind", "escalate", "impersonate"}
	reading    = []string{"get", "list", "watch"}
	writing    = []string{"create", "patch", "update"}
)

// tooWide says what in a rule of a role gives more than a program needs.
func tooWide(rule rbacv1.PolicyRule) []string {
	var out []string
	star := func(what string, list []string) {
		if slices.Contains(list, "*") {
			out = append(out, "it grants every "+what+", those of tomorrow among them")
		}
	}
	star("API group", rule.APIGroups)
	star("resource", rule.Resources)
	star("verb", rule.Verbs)
	for _, verb := range escalating {
		if slices.Contains(rule.Verbs, verb) {
			out = append(out, fmt.Sprintf("with the verb %s, the account can get rights that it wasn't given", verb))
		}
	}
	some := func(of []string) bool {
		return slices.ContainsFunc(of, func(verb string) bool { return slices.Contains(rule.Verbs, verb) })
	}
	has := func(group, resource string) bool {
		return slices.Contains(rule.APIGroups, group) && slices.Contains(rule.Resources, resource)
	}
	if has("", "secrets") && len(rule.ResourceNames) == 0 && some(reading) {
		out = append(out, "it reads every secret of the namespace")
	}
	if has("", "serviceaccounts/token") && some([]string{"create"}) {
		out = append(out, "it makes tokens of other accounts")
	}
	if has(rbacv1.GroupName, "rolebindings") && some(writing) {
		out = append(out, "it changes who has which role")
	}
	if (has("", "resourcequotas") || has("", "limitranges")) && some(append(writing, "delete", "deletecollection")) {
		out = append(out, "it lifts the limits of its own namespace")
	}
	if has("networking.k8s.io", "networkpolicies") && some(append(writing, "delete", "deletecollection")) {
		out = append(out, "it opens the network of its own namespace")
	}
	return out
}

func checkRights(pass *millrace.Pass) {
	var rules []rbacv1.PolicyRule
	switch role := pass.Object.(type) {
	case *rbacv1.Role:
		if teams(pass, role.Namespace) {
			rules = role.Rules
		}
	case *rbacv1.ClusterRole:
		if boundToTeam(pass, role.Name) {
			rules = role.Rules
		}
	}
	for i, rule := range rules {
		if details := tooWide(rule); len(details) > 0 {
			pass.Report(fmt.Sprintf("rules[%d]", i), strings.Join(details, "; "))
		}
	}
}

// boundToTeam reports whether a cluster role is bound to an account of a
// namespace in which the bundle runs jobs.
func boundToTeam(pass *millrace.Pass, role string) bool {
	return slices.ContainsFunc(bindings(pass).byRole[role], func(b binding) bool {
		return slices.ContainsFunc(b.subjects, func(s rbacv1.Subject) bool { return ofTeam(pass, s, b.namespace) })
	})
}

// ofTeam reports whether a subject is an account that jobs have.
func ofTeam(pass *millrace.Pass, s rbacv1.Subject, namespace string) bool {
	if s.Kind != rbacv1.ServiceAccountKind {
		return false
	}
	if s.Namespace != "" {
		namespace = s.Namespace
	}
	return runsIn(pass, namespace).jobs
}

// binding is a RoleBinding, or a ClusterRoleBinding, whose namespace is empty.
type binding struct {
	namespace string
	role      rbacv1.RoleRef
	subjects  []rbacv1.Subject
}

func bindingOf(o millrace.Object) (binding, bool) {
	switch o := o.(type) {
	case *rbacv1.RoleBinding:
		return binding{o.Namespace, o.RoleRef, o.Subjects}, true
	case *rbacv1.ClusterRoleBinding:
		return binding{"", o.RoleRef, o.Subjects}, true
	}
	return binding{}, false
}

type bindingsKey struct{}

// allBindings are those of a bundle, by their ClusterRole, and by the accounts
// that are their subjects: namespace/name.
type allBindings struct{ byRole, byAccount map[string][]binding }

func (a allBindings) add(b binding) {
	if b.role.Kind == "ClusterRole" {
		a.byRole[b.role.Name] = append(a.byRole[b.role.Name], b)
	}
	for _, s := range b.subjects {
		if s.Kind != rbacv1.ServiceAccountKind {
			continue
		}
		account := cmp.Or(s.Namespace, b.namespace) + "/" + s.Name
		a.byAccount[account] = append(a.byAccount[account], b)
	}
}

func bindings(pass *millrace.Pass) allBindings {
	out, _ := pass.Once(bindingsKey{}, func() any {
		out := allBindings{make(map[string][]binding), make(map[string][]binding)}
		for _, kind := range []string{"RoleBinding", "ClusterRoleBinding"} {
			for _, o := range pass.Bundle.OfKind(schema.GroupKind{Group: rbacv1.GroupName, Kind: kind}) {
				if b, ok := bindingOf(o); ok {
					out.add(b)
				}
			}
		}
		return out
	}).(allBindings)
	return out
}

func checkAdmin(pass *millrace.Pass) {
	b, ok := bindingOf(pass.Object)
	if !ok || b.role.Kind != "ClusterRole" || b.role.Name != "cluster-admin" && b.role.Name != "admin" {
		return
	}
	for i, s := range b.subjects {
		switch {
		case b.namespace != "" && s.Kind == rbacv1.ServiceAccountKind && teams(pass, b.namespace), b.namespace == "" && ofTeam(pass, s, ""):
			pass.Report(fmt.Sprintf("subjects[%d]", i), fmt.Sprintf("the account %s has the role %s", s.Name, b.role.Name))
		}
	}
}

func checkDefaultAccount(pass *millrace.Pass) {
	b, ok := bindingOf(pass.Object)
	if !ok || b.namespace != "" && !teams(pass, b.namespace) {
		return
	}
	for i, s := range b.subjects {
		at := fmt.Sprintf("subjects[%d]", i)
		namespace := s.Namespace
		if namespace == "" {
			namespace = b.namespace
		}
		switch {
		case s.Kind == rbacv1.ServiceAccountKind && s.Name == "default" && teams(pass, namespace):
			pass.Report(at, fmt.Sprintf("the account default of %s gets the rights of %s %s", namespace, b.role.Kind, b.role.Name))
		case b.namespace != "" && s.Kind == rbacv1.GroupKind && (slices.Contains(everybody, s.Name) || strings.HasPrefix(s.Name, "system:serviceaccounts:")):
			pass.Report(at, fmt.Sprintf("everybody in the group %s gets the rights of %s %s", s.Name, b.role.Kind, b.role.Name))
		}
	}
}

func checkExecutorAccount(pass *millrace.Pass) {
	for _, pod := range pass.Pods {
		if pod.Template.Labels[sparkRole] != executorRole {
			continue
		}
		name := pod.Template.Spec.ServiceAccountName
		if name == "" {
			name = "default"
		}
		if of := bindings(pass).byAccount[pod.Namespace+"/"+name]; len(of) > 0 {
			pass.Report(pod.Field("spec.serviceAccountName"), fmt.Sprintf("executors run under the account %s, which has the rights of %s %s", name, of[0].role.Kind, of[0].role.Name))
		}
	}
}
