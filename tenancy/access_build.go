package tenancy

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// DriverAccount is the service account of Spark's drivers, for
// spark.Driver.ServiceAccount; empty where there is none.
func (t *Tenant) DriverAccount() string {
	return t.accountName(func(a Access) Account { return a.Driver }, defaultDriver)
}

// ExecutorAccount is the service account of Spark's executors; empty where
// there is none. Spark gives executors that of their driver unless they have
// one of their own.
func (t *Tenant) ExecutorAccount() string {
	return t.accountName(func(a Access) Account { return a.Executor }, defaultExecutor)
}

// WorkflowAccount is the service account of workflows, for
// workflow.Template.ServiceAccount; empty where there is none.
func (t *Tenant) WorkflowAccount() string {
	return t.accountName(func(a Access) Account { return a.Workflow }, defaultWorkflow)
}

// SubmitterAccount is the service account that submits; empty where there is
// none.
func (t *Tenant) SubmitterAccount() string {
	if t == nil {
		return ""
	}
	return t.Access.Submitter.Account
}

func (t *Tenant) accountName(of func(Access) Account, def string) string {
	if t == nil || of(t.Access).Without {
		return ""
	}
	return orDefault(of(t.Access).Name, def)
}

func (a Access) check(problems *millrace.Problems) {
	taken := map[string]string{"default": ""}
	name := func(field, name string) {
		problems.Name(field, name)
		if by, ok := taken[name]; ok && by == "" {
			problems.Invalid(field, name, "every pod of the namespace that names no account has this one", "give it a name of its own")
		} else if ok {
			problems.Conflict(field, fmt.Sprintf("%s has the account %q, too: it would have the rights of both", by, name), "give each a name of its own")
		}
		taken[name] = field
	}
	for _, of := range []struct {
		field, def string
		account    Account
	}{{"Driver", defaultDriver, a.Driver}, {"Executor", defaultExecutor, a.Executor}, {"Workflow", defaultWorkflow, a.Workflow}} {
		at := "Access." + of.field
		if of.account.Without {
			if of.account.Name != "" || len(of.account.Annotations)+len(of.account.Rules) > 0 {
				problems.Conflict(at+".Without", "the account is left out, and described", "leave the other fields out, or Without")
			}
			continue
		}
		name(at+".Name", orDefault(of.account.Name, of.def))
		problems.Annotations(at+".Annotations", of.account.Annotations)
		if at != "Access.Executor" { // whose rules are refused
			checkRules(problems, at+".Rules", of.account.Rules)
		}
	}
	if len(a.Executor.Rules) > 0 {
		problems.Unsupported("Access.Executor.Rules", "executors have no token, and run whatever code a job brings", "give the rights to the driver")
	}
	for _, of := range []struct {
		field string
		team  Team
	}{{"Submitter", a.Submitter}, {"Reader", a.Reader}} {
		if of.team.Account != "" {
			name("Access."+of.field+".Account", of.team.Account)
		}
		of.team.check(problems, "Access."+of.field)
	}
	for i, group := range a.SparkGroups {
		problems.Name(fmt.Sprintf("Access.SparkGroups[%d]", i), group)
	}
}

// everybody are the groups that people have who were given nothing.
var everybody = []string{"system:authenticated", "system:unauthenticated", "system:serviceaccounts"}

func (t Team) check(problems *millrace.Problems, at string) {
	if t.empty() && len(t.Rules) > 0 {
		problems.Required(at+".Users", "say who has the Rules, or leave them out")
	}
	checkRules(problems, at+".Rules", t.Rules)
	for i, user := range t.Users {
		if user == "" || user == "system:anonymous" {
			problems.Invalid(fmt.Sprintf("%s.Users[%d]", at, i), user, "that is anybody", "name the user")
		}
	}
	for i, group := range t.Groups {
		if group == "" || slices.Contains(everybody, group) {
			problems.Invalid(fmt.Sprintf("%s.Groups[%d]", at, i), group, "that is everybody", "name the team's group")
		}
	}
	for i, account := range t.Accounts {
		field := fmt.Sprintf("%s.Accounts[%d]", at, i)
		namespace, name, ok := strings.Cut(account, "/")
		if !ok {
			problems.Invalid(field, account, "it has no namespace", `use "<namespace>/<name>"; Account makes one in the tenant's own`)
			continue
		}
		problems.LabelName(field, namespace)
		problems.Name(field, name)
	}
}

// checkRules reports rights by which the tenant could get out of what it is
// given.
func checkRules(problems *millrace.Problems, field string, rules []rbacv1.PolicyRule) {
	for i, rule := range rules {
		at := fmt.Sprintf("%s[%d]", field, i)
		if len(rule.NonResourceURLs) > 0 {
			problems.Unsupported(at+".NonResourceURLs", "a role of a namespace grants none", "leave them out")
		}
		if len(rule.Verbs) == 0 || len(rule.NonResourceURLs) == 0 && (len(rule.APIGroups) == 0 || len(rule.Resources) == 0) {
			problems.Required(at, "name APIGroups, Resources and Verbs")
		}
		for _, detail := range tooWide(rule) {
			problems.Add(ruleWide, at, detail, "name the resources and verbs that are needed")
		}
	}
}

// accounts returns the service accounts, and the roles with their bindings.
func (t *Tenant) accounts() []millrace.Object {
	a := t.Access
	// Pods that name no account get this one: without a token, it can't be
	// given rights by mistake.
	out := []millrace.Object{t.account("default", nil, false)}
	type holder struct {
		role  string
		rules []rbacv1.PolicyRule
		team  Team
	}
	var holders []holder
	if name := t.DriverAccount(); name != "" {
		out = append(out, t.account(name, a.Driver.Annotations, true))
		holders = append(holders, holder{"tenant-driver", slices.Concat(a.driverRules(), a.Driver.Rules), Team{Account: name}})
	}
	if name := t.ExecutorAccount(); name != "" {
		out = append(out, t.account(name, a.Executor.Annotations, false))
	}
	if name := t.WorkflowAccount(); name != "" {
		out = append(out, t.account(name, a.Workflow.Annotations, true))
		holders = append(holders, holder{"tenant-workflow", slices.Concat(a.workflowRules(), a.Workflow.Rules), Team{Account: name}})
	}
	for _, team := range []holder{
		{"tenant-submitter", slices.Concat(a.submitterRules(), a.Submitter.Rules), a.Submitter},
		{"tenant-reader", slices.Concat(a.readerRules(), a.Reader.Rules), a.Reader},
	} {
		if team.team.empty() {
			continue
		}
		if team.team.Account != "" {
			out = append(out, t.account(team.team.Account, nil, true))
		}
		holders = append(holders, team)
	}
	for _, h := range holders {
		out = append(out, t.role(h.role, h.rules), t.binding(h.role, t.subjects(h.team)))
	}
	return out
}

func (t *Tenant) account(name string, annotations map[string]string, token bool) *corev1.ServiceAccount {
	out := &corev1.ServiceAccount{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"}, ObjectMeta: t.meta(name)}
	add(&out.Annotations, maps.Clone(annotations))
	if !token {
		out.AutomountServiceAccountToken = new(false)
	}
	return out
}

func (t *Tenant) subjects(team Team) []rbacv1.Subject {
	var out []rbacv1.Subject
	if team.Account != "" {
		out = append(out, rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Name: team.Account, Namespace: t.Name})
	}
	for _, account := range team.Accounts {
		namespace, name, _ := strings.Cut(account, "/")
		out = append(out, rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Name: name, Namespace: namespace})
	}
	for _, user := range team.Users {
		out = append(out, rbacv1.Subject{Kind: rbacv1.UserKind, APIGroup: rbacv1.GroupName, Name: user})
	}
	for _, group := range team.Groups {
		out = append(out, rbacv1.Subject{Kind: rbacv1.GroupKind, APIGroup: rbacv1.GroupName, Name: group})
	}
	return out
}

func (t *Tenant) role(name string, rules []rbacv1.PolicyRule) *rbacv1.Role {
	out := &rbacv1.Role{TypeMeta: metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "Role"}, ObjectMeta: t.meta(name)}
	for _, rule := range rules {
		out.Rules = append(out.Rules, *rule.DeepCopy())
	}
	return out
}

func (t *Tenant) binding(role string, subjects []rbacv1.Subject) *rbacv1.RoleBinding {
	return &rbacv1.RoleBinding{
		TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "RoleBinding"},
		ObjectMeta: t.meta(role),
		Subjects:   subjects,
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: role},
	}
}
