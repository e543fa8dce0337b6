package workflow

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/argo"
	"github.com/millrace/millrace/internal/walk"
)

// Right is what a service account of a workflow must be allowed to do with one
// resource.
type Right struct {
	// Account is the service account, in the namespace of the workflow.
	Account string
	// Namespace is where the right is needed; empty means where the workflow
	// runs, which then is not known. ClusterWide rights are for resources
	// without a namespace, or for those of all namespaces.
	Namespace   string
	ClusterWide bool
	// Group and Resource name the resource as a Role does: "apps",
	// "deployments"; "workflowtasksets/status".
	Group, Resource string
	// Names are the only objects that are meant; empty means any.
	Names []string
	// Verbs are sorted.
	Verbs []string
	// Enforced rights are needed only where the API server has the admission
	// plugin OwnerReferencesPermissionEnforcement, as on OpenShift.
	Enforced bool
	// Field is where the workflow first asks for it.
	Field string
}

// UnknownRight is a part of a workflow that doesn't tell what it needs.
type UnknownRight struct {
	// Account is the service account that needs it.
	Account string
	// Field is where it stands, Detail why it doesn't tell.
	Field, Detail string
}

// Rights returns what the service accounts of a Workflow, WorkflowTemplate,
// ClusterWorkflowTemplate or CronWorkflow must be allowed, whether Template
// made it or not, and nothing for other objects. Both lists are sorted.
//
// The templates that it refers to are looked up among the given ones. What
// those do, they do with its account. An object that refers to a template as a
// whole, as a Run does, needs nothing but that template's rights.
//
// Not among them is what a program in a container does by itself, and what
// executor plugins do, which have accounts of their own
// ("<plugin>-executor-plugin").
//
// Source: Argo Workflows v3.7.14 workflow/executor, workflow/controller; the
// verbs are those of kubectl v0.33, which Argo's executor runs.
func Rights(o millrace.Object, templates ...millrace.Object) ([]Right, []UnknownRight) {
	s, ok := specOf(o)
	if !ok || s.WorkflowTemplateRef != nil {
		return nil, nil
	}
	c := rightsCollector{run: s, others: templates, seen: make(map[*wfv1.Template]bool), rights: make(map[string]*Right)}
	c.account = cmp.Or(s.ServiceAccountName, "default")
	s.templates(func(path string, t *wfv1.Template) { c.template(s, path, t) })
	for _, name := range slices.Sorted(maps.Keys(s.Hooks)) {
		c.referred(s.path+".hooks."+string(name)+".templateRef", s.Hooks[name].TemplateRef)
	}
	return c.sorted()
}

// rightsCollector collects what the accounts of one workflow need.
type rightsCollector struct {
	// run is the workflow, whose account and executor all templates share.
	run     spec
	account string
	others  []millrace.Object
	seen    map[*wfv1.Template]bool
	rights  map[string]*Right
	unknown []UnknownRight
}

// need adds a right; one for the same objects is joined with it.
func (c *rightsCollector) need(r Right) {
	if r.Namespace == "" && !r.ClusterWide {
		r.Namespace = c.run.namespace
	}
	key := fmt.Sprint(r.Account, "|", r.Namespace, "|", r.ClusterWide, "|", r.Group, "|", r.Resource, "|", r.Names, "|", r.Enforced)
	known, ok := c.rights[key]
	if !ok {
		known = &r
		c.rights[key] = known
	}
	known.Verbs = bothVerbs(known.Verbs, r.Verbs)
}

// bothVerbs returns the verbs of two lists, sorted.
func bothVerbs(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

func (c *rightsCollector) sorted() ([]Right, []UnknownRight) {
	out := make([]Right, 0, len(c.rights))
	for _, key := range slices.Sorted(maps.Keys(c.rights)) {
		out = append(out, *c.rights[key])
	}
	slices.SortStableFunc(out, func(a, b Right) int {
		return cmp.Or(strings.Compare(a.Account, b.Account), strings.Compare(a.Namespace, b.Namespace),
			strings.Compare(a.Group, b.Group), strings.Compare(a.Resource, b.Resource))
	})
	slices.SortStableFunc(c.unknown, func(a, b UnknownRight) int { return strings.Compare(a.Field, b.Field) })
	return out, c.unknown
}

// template adds what one template needs. from is the spec where it stands; the
// defaults are those of the run all the same.
func (c *rightsCollector) template(from spec, path string, t *wfv1.Template) {
	defaults := c.run.TemplateDefaults
	if defaults == nil {
		defaults = &wfv1.Template{}
	}
	account := cmp.Or(executorAccount(t.Executor), executorAccount(defaults.Executor), executorAccount(c.run.Executor),
		t.ServiceAccountName, defaults.ServiceAccountName, c.account)
	if makesPod(t) {
		c.need(Right{Account: account, Group: argoGroup, Resource: "workflowtaskresults", Verbs: []string{"create", "patch"}, Field: path})
		c.krb5(account, path, t)
	}
	if usesAgent(t) {
		c.agent(path, t)
	}
	if t.Resource != nil {
		c.resource(account, path, t)
	}
	c.garbage(path, t)
	c.calls(from, path, t)
}

const argoGroup = "argoproj.io"

func executorAccount(e *wfv1.ExecutorConfig) string {
	if e == nil {
		return ""
	}
	return e.ServiceAccountName
}

// agent adds what the pod needs that makes HTTP calls and hosts plugins. It
// has the account of the workflow, whatever its templates say.
func (c *rightsCollector) agent(path string, t *wfv1.Template) {
	c.need(Right{Account: c.account, Group: argoGroup, Resource: "workflowtasksets", Verbs: []string{"list", "watch"}, Field: path})
	c.need(Right{Account: c.account, Group: argoGroup, Resource: "workflowtasksets/status", Verbs: []string{"patch"}, Field: path})
	if t.HTTP == nil {
		return
	}
	for i, h := range t.HTTP.Headers {
		if h.ValueFrom == nil || h.ValueFrom.SecretKeyRef == nil {
			continue
		}
		field := at(path+".http.headers", i) + ".valueFrom.secretKeyRef"
		c.named(c.account, "secrets", h.ValueFrom.SecretKeyRef.Name, field)
	}
}

// named adds the right to read one object of Kubernetes' own.
func (c *rightsCollector) named(account, resource, name, field string) {
	if strings.Contains(name, "{{") {
		c.unknown = append(c.unknown, UnknownRight{account, field, "its name is known only when it runs"})
		return
	}
	c.need(Right{Account: account, Resource: resource, Names: []string{name}, Verbs: []string{"get"}, Field: field})
}

// krb5 adds the configuration of Kerberos, which the executor reads from the
// API, and not from a volume as all other parts of artifacts.
func (c *rightsCollector) krb5(account, path string, t *wfv1.Template) {
	var w walk.Walker
	walk.On(&w, func(path string, a wfv1.HDFSArtifact) {
		if a.KrbConfigConfigMap != nil {
			c.named(account, "configmaps", a.KrbConfigConfigMap.Name, path+".krbConfigConfigMap")
		}
	})
	w.Walk(t.Inputs, path+".inputs")
	w.Walk(t.Outputs, path+".outputs")
	w.Walk(t.ArchiveLocation, path+".archiveLocation")
}

// garbage adds what the pods need that delete artifacts. They have an account
// of their own, and that of the workflow only where it is said.
func (c *rightsCollector) garbage(path string, t *wfv1.Template) {
	for i := range t.Outputs.Artifacts {
		own, all := t.Outputs.Artifacts[i].ArtifactGC, (*wfv1.ArtifactGC)(nil)
		if c.run.ArtifactGC != nil {
			all = &c.run.ArtifactGC.ArtifactGC
		}
		strategy := cmp.Or(own.GetStrategy(), all.GetStrategy(), wfv1.ArtifactGCNever)
		if strategy == wfv1.ArtifactGCNever {
			continue
		}
		account := "default"
		for _, gc := range []*wfv1.ArtifactGC{all, own} {
			if gc != nil && gc.ServiceAccountName != "" {
				account = gc.ServiceAccountName
			}
		}
		field := at(path+".outputs.artifacts", i)
		c.need(Right{Account: account, Group: argoGroup, Resource: "workflowartifactgctasks", Verbs: []string{"list", "watch"}, Field: field})
		c.need(Right{Account: account, Group: argoGroup, Resource: "workflowartifactgctasks/status", Verbs: []string{"patch"}, Field: field})
	}
}

// calls follows the references to templates of other objects, and what those
// call of their own.
func (c *rightsCollector) calls(from spec, path string, t *wfv1.Template) {
	call := func(path, name string, ref *wfv1.TemplateRef, hooks wfv1.LifecycleHooks) {
		c.referred(path+".templateRef", ref)
		if ref == nil && from.WorkflowSpec != c.run.WorkflowSpec {
			c.local(from, name)
		}
		for _, hook := range slices.Sorted(maps.Keys(hooks)) {
			c.referred(path+".hooks."+string(hook)+".templateRef", hooks[hook].TemplateRef)
		}
	}
	if t.DAG != nil {
		for i := range t.DAG.Tasks {
			task := &t.DAG.Tasks[i]
			call(at(path+".dag.tasks", i), task.Template, task.TemplateRef, task.Hooks)
		}
	}
	for i := range t.Steps {
		for j := range t.Steps[i].Steps {
			step := &t.Steps[i].Steps[j]
			call(at(at(path+".steps", i), j), step.Template, step.TemplateRef, step.Hooks)
		}
	}
}

// absent is what ends the detail about a template that was not given.
const absent = "is not here"

// referred adds what a template of another object needs.
func (c *rightsCollector) referred(path string, ref *wfv1.TemplateRef) {
	if ref == nil {
		return
	}
	for _, o := range c.others {
		_, clusterWide := o.(*wfv1.ClusterWorkflowTemplate)
		_, namespaced := o.(*wfv1.WorkflowTemplate)
		if !clusterWide && !namespaced || clusterWide != ref.ClusterScope || o.GetName() != ref.Name {
			continue
		}
		if namespaced && c.run.namespace != "" && o.GetNamespace() != c.run.namespace {
			continue
		}
		other, _ := specOf(o)
		// What it needs is reported where it is called.
		other.path = path
		c.local(other, ref.Template)
		return
	}
	c.unknown = append(c.unknown, UnknownRight{c.account, path, fmt.Sprintf("the template %q %s", ref.Name, absent)})
}

// local adds what a template needs that is one of another object, each once.
func (c *rightsCollector) local(from spec, name string) {
	for i := range from.Templates {
		t := &from.Templates[i]
		if t.Name != name || c.seen[t] {
			continue
		}
		c.seen[t] = true
		argo.Template(from.path, t, func(_ string, t *wfv1.Template) { c.template(from, from.path, t) })
	}
}

// resource adds what kubectl and the executor need for a resource template.
func (c *rightsCollector) resource(account, path string, t *wfv1.Template) {
	r := t.Resource
	field := path + ".resource"
	flags := readFlags(r.Flags)
	if flags.namespace != "" && flags.namespace != "{{workflow.namespace}}" && strings.Contains(flags.namespace, "{{") {
		c.unknown = append(c.unknown, UnknownRight{account, field + ".flags", "the namespace is known only when it runs"})
		return
	}
	targets, owners, err := targetsOf(t, flags)
	if err != nil {
		c.unknown = append(c.unknown, UnknownRight{account, field, err.Error()})
		return
	}
	for _, target := range targets {
		need := Right{Account: account, Group: target.group, Resource: target.resource, Verbs: flags.verbs(t, target), Field: field}
		switch {
		case flags.allNamespaces || clusterScoped[target.resource+"."+target.group]:
			need.ClusterWide = true
		case flags.namespace != "" && flags.namespace != "{{workflow.namespace}}":
			need.Namespace = flags.namespace
		default:
			need.Namespace = target.namespace
		}
		c.need(need)
	}
	if r.SetOwnerReference {
		owners = append(owners, kubectlTarget{group: argoGroup, resource: "workflows"})
	}
	for _, owner := range owners {
		c.need(Right{Account: account, Group: owner.group, Resource: owner.resource + "/finalizers", Verbs: []string{"update"}, Enforced: true, Field: field})
	}
}

// manifestRights is what a manifest says about the rights that it takes.
type manifestRights struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Namespace       string `json:"namespace"`
		OwnerReferences []struct {
			APIVersion         string `json:"apiVersion"`
			Kind               string `json:"kind"`
			BlockOwnerDeletion bool   `json:"blockOwnerDeletion"`
		} `json:"ownerReferences"`
	} `json:"metadata"`
}

// manifestOf reads the manifest of a resource template.
func manifestOf(t *wfv1.Template) (head manifestRights, err error) {
	only := &wfv1.WorkflowTemplate{Spec: wfv1.WorkflowSpec{Templates: []wfv1.Template{{Resource: t.Resource}}}}
	for _, m := range Embedded(only) {
		if m.Err != nil {
			return head, fmt.Errorf("its manifest can't be read: %w", m.Err)
		}
		if len(m.JSON) == 0 || m.JSON[0] != '{' {
			continue // a list of patches, or a reference as a whole
		}
		if err := json.Unmarshal(m.JSON, &head); err != nil {
			return head, fmt.Errorf("its manifest can't be read: %w", err)
		}
	}
	return head, nil
}
