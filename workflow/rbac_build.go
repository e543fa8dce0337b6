package workflow

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// Build checks the workflows and returns the accounts, roles and bindings. The
// error is a *millrace.BuildError with every mistake, those of the templates
// among them.
func (r *RBAC) Build() (millrace.Parts, error) {
	b := rbacBuild{rbac: r, grants: make(map[grantKey][]rbacv1.PolicyRule), tokens: make(map[identityOf]bool)}
	b.problems.Object = millrace.Ref{Kind: "workflow.RBAC"}
	if r == nil {
		b.problems.Required("", "the RBAC is nil")
		return millrace.Parts{}, b.problems.Err()
	}
	b.problems.Object.Namespace = r.Namespace
	b.check()
	subjects := b.subjects()
	for _, s := range subjects {
		b.collect(s, subjects)
	}
	b.extra()
	if err := b.problems.Err(); err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: b.objects()}, nil
}

// identityOf is a service account.
type identityOf struct {
	namespace, name string
}

// grantKey is an account and a namespace in which it has rights; the empty one
// is the whole cluster.
type grantKey struct {
	account identityOf
	where   string
}

// rbacBuild is one build of an RBAC.
type rbacBuild struct {
	rbac     *RBAC
	problems millrace.Problems
	grants   map[grantKey][]rbacv1.PolicyRule
	// tokens are the accounts whose token Argo's controller looks up.
	tokens map[identityOf]bool
}

func (b *rbacBuild) check() {
	r := b.rbac
	b.problems.Namespace("Namespace", r.Namespace)
	b.problems.Labels("Labels", r.Labels)
	b.problems.Annotations("Annotations", r.Annotations)
	b.problems.Annotations("AccountAnnotations", r.AccountAnnotations)
	for _, key := range slices.Sorted(maps.Keys(r.AccountAnnotations)) {
		if _, ok := r.Annotations[key]; ok {
			b.problems.Conflict("AccountAnnotations["+key+"]", "Annotations has it, too", "set it in one place")
		}
	}
	if r.AccountsExist && len(r.AccountAnnotations) > 0 {
		b.problems.Conflict("AccountAnnotations", "the accounts are there already", "leave it out")
	}
	if len(r.Templates)+len(r.Objects) == 0 {
		b.problems.Required("Templates", "name the pipelines whose accounts need rights")
	}
}

// rbacSubject is a workflow, and where the user finds it.
type rbacSubject struct {
	field  string
	object millrace.Object
}

// subjects are the workflows as objects.
func (b *rbacBuild) subjects() []rbacSubject {
	var out []rbacSubject
	for i, t := range b.rbac.Templates {
		field := at("Templates", i)
		if t == nil {
			b.problems.Required(field, "it is nil: leave it out")
			continue
		}
		object, inner := t.build()
		if err := inner.Err(); err != nil {
			b.problems.Nested(field, err)
			continue
		}
		var o millrace.Object = object
		if t.ClusterWide {
			o = clusterWide(object)
		}
		out = append(out, rbacSubject{field, o})
	}
	for i, o := range b.rbac.Objects {
		field := at("Objects", i)
		if _, ok := specOf(o); !ok {
			b.problems.Invalid(field, fmt.Sprintf("%T", o), "not one of Argo's kinds", "leave it out")
			continue
		}
		out = append(out, rbacSubject{field, o})
	}
	return out
}

// collect adds what one workflow needs.
func (b *rbacBuild) collect(s rbacSubject, all []rbacSubject) {
	own, _ := specOf(s.object)
	if own.WorkflowTemplateRef != nil || own.Entrypoint == "" && own.ServiceAccountName == "" {
		return // what it refers to needs the rights; or it is there for others to refer to
	}
	home := cmp.Or(own.namespace, b.rbac.Namespace)
	switch {
	case home == "":
		b.problems.Required("Namespace", fmt.Sprintf("say where the runs of %s live", millrace.RefOf(s.object)))
		return
	case own.namespace != "" && b.rbac.Namespace != "" && own.namespace != b.rbac.Namespace:
		b.problems.Conflict("Namespace", fmt.Sprintf("%s says another one", millrace.RefOf(s.object)), "leave it empty, or make an RBAC for each namespace")
	}
	others := make([]millrace.Object, 0, len(all))
	for _, o := range all {
		others = append(others, o.object)
	}
	rights, unknown := Rights(s.object, others...)
	for _, right := range rights {
		b.grant(s, home, right)
	}
	for _, u := range unknown {
		if len(b.rbac.Extra[u.Account]) == 0 {
			fix := fmt.Sprintf("list it in Extra[%s]", u.Account)
			if strings.HasSuffix(u.Detail, absent) {
				fix = "add it to Templates or Objects, or " + fix
			}
			b.problems.Unsupported(s.field+"."+u.Field, u.Detail+": what it needs can't be told", fix)
		}
	}
	for _, name := range tokenAccounts(own) {
		b.tokens[identityOf{home, name}] = true
	}
}

// grant adds one right.
func (b *rbacBuild) grant(s rbacSubject, home string, right Right) {
	if right.Account == "default" {
		b.problems.Invalid(s.field+"."+right.Field, right.Account, "every pod of the namespace would have its rights", "name an account of the pipeline where it comes from: serviceAccountName, executor or artifactGC")
		return
	}
	key := grantKey{account: identityOf{home, right.Account}}
	if !right.ClusterWide {
		key.where = cmp.Or(right.Namespace, home)
	}
	rule := rbacv1.PolicyRule{
		APIGroups: []string{right.Group}, Resources: []string{right.Resource},
		ResourceNames: slices.Clone(right.Names), Verbs: slices.Clone(right.Verbs),
	}
	// Two workflows of one account may need different verbs of one resource.
	same := func(o rbacv1.PolicyRule) bool {
		return o.APIGroups[0] == right.Group && o.Resources[0] == right.Resource && slices.Equal(o.ResourceNames, rule.ResourceNames)
	}
	if i := slices.IndexFunc(b.grants[key], same); i >= 0 {
		b.grants[key][i].Verbs = bothVerbs(b.grants[key][i].Verbs, rule.Verbs)
		return
	}
	b.grants[key] = append(b.grants[key], rule)
}

// extra adds the rights that the user names.
func (b *rbacBuild) extra() {
	for _, name := range slices.Sorted(maps.Keys(b.rbac.Extra)) {
		found := false
		for key := range b.grants {
			if key.account.name == name && key.where == key.account.namespace {
				found = true
				for _, rule := range b.rbac.Extra[name] {
					b.grants[key] = append(b.grants[key], *rule.DeepCopy())
				}
			}
		}
		if !found {
			b.problems.Add(ruleUnknown, "Extra["+name+"]", "no workflow here has this service account", "correct the name, or leave it out")
		}
	}
}

// tokenAccounts are the accounts whose token Argo takes from a secret and not
// from the kubelet: those of the agent and of executors.
// Source: Argo Workflows, service-account-secrets; v3.7.14
// workflow/controller/workflowpod.go (setupServiceAccount), agent.go.
func tokenAccounts(s spec) []string {
	out := []string{executorAccount(s.Executor)}
	s.templates(func(_ string, t *wfv1.Template) {
		out = append(out, executorAccount(t.Executor))
		if usesAgent(t) {
			out = append(out, s.ServiceAccountName)
		}
	})
	return slices.DeleteFunc(out, func(name string) bool { return name == "" || name == "default" })
}

func (b *rbacBuild) objects() []millrace.Object {
	keys := slices.SortedFunc(maps.Keys(b.grants), func(x, y grantKey) int {
		home := func(k grantKey) int { // its own namespace comes first, the cluster last
			return slices.Index([]bool{k.where == k.account.namespace, k.where != "", k.where == ""}, true)
		}
		return cmp.Or(strings.Compare(x.account.namespace, y.account.namespace), strings.Compare(x.account.name, y.account.name),
			cmp.Compare(home(x), home(y)), strings.Compare(x.where, y.where))
	})
	var out []millrace.Object
	var last identityOf
	for _, key := range keys {
		if key.account != last && !b.rbac.AccountsExist {
			out = append(out, b.account(key.account)...)
		}
		last = key.account
		out = append(out, b.role(key)...)
	}
	return out
}

// meta is the metadata of every object.
func (b *rbacBuild) meta(namespace, name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: maps.Clone(b.rbac.Labels), Annotations: maps.Clone(b.rbac.Annotations)}
}

// account makes a service account, and the secret with its token where Argo
// asks for one.
func (b *rbacBuild) account(a identityOf) []millrace.Object {
	account := &corev1.ServiceAccount{TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ServiceAccount"}, ObjectMeta: b.meta(a.namespace, a.name)}
	for key, value := range b.rbac.AccountAnnotations {
		put(&account.Annotations, key, value)
	}
	if !b.tokens[a] {
		return []millrace.Object{account}
	}
	token := &corev1.Secret{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "Secret"},
		ObjectMeta: b.meta(a.namespace, a.name+".service-account-token"),
		Type:       corev1.SecretTypeServiceAccountToken,
	}
	put(&token.Annotations, corev1.ServiceAccountNameKey, a.name)
	return []millrace.Object{account, token}
}

// role makes the role for one namespace or for the cluster, and its binding.
func (b *rbacBuild) role(key grantKey) []millrace.Object {
	rules := b.grants[key]
	name := key.account.name
	if key.where != key.account.namespace {
		name = key.account.namespace + "-" + name
	}
	subjects := []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Name: key.account.name, Namespace: key.account.namespace}}
	kind := func(kind string) metav1.TypeMeta {
		return metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: kind}
	}
	if key.where == "" {
		return []millrace.Object{
			&rbacv1.ClusterRole{TypeMeta: kind("ClusterRole"), ObjectMeta: b.meta("", name), Rules: rules},
			&rbacv1.ClusterRoleBinding{TypeMeta: kind("ClusterRoleBinding"), ObjectMeta: b.meta("", name), Subjects: subjects,
				RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: name}},
		}
	}
	return []millrace.Object{
		&rbacv1.Role{TypeMeta: kind("Role"), ObjectMeta: b.meta(key.where, name), Rules: rules},
		&rbacv1.RoleBinding{TypeMeta: kind("RoleBinding"), ObjectMeta: b.meta(key.where, name), Subjects: subjects,
			RoleRef: rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: name}},
	}
}
