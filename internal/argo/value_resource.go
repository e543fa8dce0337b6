package argo

import (
	"encoding/json"
	"slices"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// resource checks what a resource template does to an object. What it creates
// is for package workflow's own rules: whether its manifest is one object, with
// a name, and whose it is.
// Source: Argo Workflows v3.7.14, workflow/executor/resource.go and
// cmd/argoexec/commands/resource.go.
func (f *fields) resource(path string, t *wfv1.Template) {
	at0, r := path+".resource", t.Resource
	if t == f.Spec.TemplateDefaults {
		return
	}
	if r.Action == "" {
		f.report(RuleResource, at0+".action", "say what to do", "it is not set")
	}
	if hasTag(r.Action) && !strings.HasPrefix(r.Action, "{{") {
		f.report(RuleResource, at0+".action", "write the word, or one reference", "it is a reference with text before it")
	}
	oneOf(f, RuleResource, at0, ".action", r.Action, "get", "create", "apply", "delete", "replace", "patch")
	oneOf(f, RuleResource, at0, ".mergeStrategy", r.MergeStrategy, "strategic", "merge", "json")
	f.manifestSource(at0, t)
	f.flags(at0+".flags", r)
	if r.Action == "delete" {
		f.nothingLeft(path, t)
	}
	f.condition(at0+".successCondition", r.SuccessCondition, true)
	f.condition(at0+".failureCondition", r.FailureCondition, false)
	if r.Manifest != "" {
		f.manifest(at0, r)
	}
}

// nothingLeft reports what a deleted object is waited for or asked.
func (f *fields) nothingLeft(path string, t *wfv1.Template) {
	const fix, detail = "take it out", "the object is deleted, and Argo refuses to look at it"
	if t.Resource.SuccessCondition != "" {
		f.report(RuleResource, path+".resource.successCondition", fix, detail)
	}
	if t.Resource.FailureCondition != "" {
		f.report(RuleResource, path+".resource.failureCondition", fix, detail)
	}
	if len(t.Outputs.Parameters) > 0 {
		f.report(RuleResource, path+".outputs.parameters", fix, detail)
	}
}

// manifestSource checks that there is one manifest, where one is needed.
func (f *fields) manifestSource(path string, t *wfv1.Template) {
	r := t.Resource
	optional := r.Action == "get" || r.Action == "delete"
	switch {
	case r.Manifest != "" && r.ManifestFrom != nil:
		f.report(RuleResource, path+".manifestFrom", "keep one of the two", "it is set beside manifest")
	case r.Manifest == "" && r.ManifestFrom == nil && !optional:
		f.report(RuleResource, path+".manifest", "write the object, or set manifestFrom", "it is not set")
	case r.Manifest == "" && r.ManifestFrom == nil && len(r.Flags) == 0:
		f.report(RuleResource, path+".manifest", "write the object, or name it in flags", "it is not set, and no flags say which object")
	}
	if r.ManifestFrom == nil {
		return
	}
	if r.SetOwnerReference && r.Manifest == "" {
		f.report(RuleResource, path+".setOwnerReference", "write the owner into the manifest", "it has no effect on manifestFrom")
	}
	a := r.ManifestFrom.Artifact
	if a == nil {
		f.report(RuleResource, path+".manifestFrom.artifact", "name an input artifact", "it is not set, on which the executor panics")
		return
	}
	named := func(in wfv1.Artifact) bool { return in.Name == a.Name }
	if !hasTag(a.Name) && !slices.ContainsFunc(t.Inputs.Artifacts, named) {
		f.report(RuleResource, path+".manifestFrom.artifact.name", "name an input artifact", "the template has no input artifact %s", shown(a.Name))
	}
}

// flags checks the arguments of kubectl, which stand alone.
func (f *fields) flags(path string, r *wfv1.ResourceTemplate) {
	for i, flag := range r.Flags {
		name, _, _ := strings.Cut(flag, "=")
		if strings.HasPrefix(flag, "-") && strings.Contains(name, " ") && !hasTag(name) {
			f.report(RuleResource, at(path, i), "make it two items of the list, or use '='", "%s is one argument to kubectl, with the space in it", shown(flag))
		}
	}
}

// object is what is looked at in a manifest.
type object struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name      string `json:"name"`
		Namespace string `json:"namespace"`
	} `json:"metadata"`
}

// manifest checks what names an object that is there already. Creating and
// applying is for package workflow.
func (f *fields) manifest(path string, r *wfv1.ResourceTemplate) {
	if r.Action == "create" || r.Action == "apply" || hasTag(r.Action) {
		return
	}
	text, err := ReadManifest(r.Manifest)
	if err != nil {
		// Validation does not read a text that begins with a reference.
		if !strings.HasPrefix(r.Manifest, "{{") {
			f.report(RuleResource, path+".manifest", "correct the manifest", "%s", strings.TrimPrefix(oneLine(err), "read manifest: "))
		}
		return
	}
	if r.Action == "patch" && r.MergeStrategy == "json" {
		f.jsonPatch(path, r, text)
		return
	}
	var o object
	if err := json.Unmarshal(text, &o); err != nil {
		if !hasTag(r.Manifest) {
			f.report(RuleResource, path+".manifest", "write one object", "it is no object")
		}
		return
	}
	// Beside flags that name the object, a patch may be without its head.
	if r.Action == "patch" && len(r.Flags) > 0 && o.Kind == "" {
		return
	}
	f.head(path, r, &o)
}

func (f *fields) head(path string, r *wfv1.ResourceTemplate, o *object) {
	switch {
	case o.APIVersion == "" || o.Kind == "":
		f.report(RuleResource, path+".manifest", "add apiVersion and kind", "it does not say the apiVersion and kind of the object")
	case o.Metadata.Name == "":
		f.report(RuleResource, path+".manifest", "add metadata.name", "it does not say the name of the %s to %s", o.Kind, r.Action)
	}
	if ns := o.Metadata.Namespace; r.SetOwnerReference && ns != "" && f.Namespace != "" && ns != f.Namespace && !hasTag(ns) && (r.Action == "replace" || r.Action == "patch") {
		f.report(RuleResource, path+".setOwnerReference", "leave the namespace to the workflow, or take it out", "the object is in the namespace %s and its owner, the workflow, in %s: it is deleted at once", shown(ns), shown(f.Namespace))
	}
	if r.Action == "patch" && (r.MergeStrategy == "" || r.MergeStrategy == "strategic") && o.APIVersion != "" && !hasTag(o.APIVersion) {
		group, _, versioned := strings.Cut(o.APIVersion, "/")
		if versioned && !Kubernetes(group) {
			f.report(RuleResource, path+".mergeStrategy", "use merge", "custom resources such as %s know no strategic merge, which is the default", shown(o.Kind))
		}
	}
}

// jsonPatch checks a list of changes. It doesn't say which object they are for.
func (f *fields) jsonPatch(path string, r *wfv1.ResourceTemplate, text []byte) {
	var changes []json.RawMessage
	if json.Unmarshal(text, &changes) != nil && !hasTag(r.Manifest) {
		f.report(RuleResource, path+".manifest", `write a list of changes, each with op and path`, "a JSON patch is a list, and this is none")
	}
	if len(r.Flags) == 0 {
		f.report(RuleResource, path+".flags", `name the object, as in ["pod", "web-0"]`, "they don't say which object the patch is for, and with mergeStrategy json kubectl doesn't take it from the manifest")
	}
}

// kubernetes are the API groups of Kubernetes itself, whose types say how lists
// of theirs are joined. Groups such as gateway.networking.k8s.io are custom
// resources like others.
var kubernetes = map[string]bool{
	"": true, "apps": true, "autoscaling": true, "batch": true, "extensions": true, "policy": true,
	"admission.k8s.io": true, "admissionregistration.k8s.io": true, "apidiscovery.k8s.io": true,
	"apiextensions.k8s.io": true, "apiregistration.k8s.io": true, "authentication.k8s.io": true,
	"authorization.k8s.io": true, "certificates.k8s.io": true, "coordination.k8s.io": true,
	"discovery.k8s.io": true, "events.k8s.io": true, "flowcontrol.apiserver.k8s.io": true,
	"imagepolicy.k8s.io": true, "internal.apiserver.k8s.io": true, "lifecycle.k8s.io": true,
	"networking.k8s.io": true, "node.k8s.io": true, "rbac.authorization.k8s.io": true,
	"resource.k8s.io": true, "scheduling.k8s.io": true, "storage.k8s.io": true, "storagemigration.k8s.io": true,
}

// Kubernetes reports whether Kubernetes itself serves an API group, so that its
// objects know the strategic merge.
func Kubernetes(group string) bool { return kubernetes[group] }
