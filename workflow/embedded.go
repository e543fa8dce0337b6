package workflow

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/argo"
)

// EmbeddedManifest is a manifest inside a workflow: what a resource template
// creates, changes or reads.
type EmbeddedManifest struct {
	// Path is where it stands: "spec.templates[2].resource.manifest".
	Path string
	// Action is what is done with it: "apply", "create", "patch".
	Action string
	// JSON is the manifest. References and expressions, {{…}}, stand in it as
	// plain strings or inside of strings. Nil if Err is set.
	JSON []byte
	// Err says why the manifest can't be read.
	Err error
}

// Embedded returns the manifests inside a Workflow, WorkflowTemplate,
// ClusterWorkflowTemplate or CronWorkflow, in their order, and nothing for any
// other object. It reads those of Template as well as hand-written ones.
func Embedded(o millrace.Object) []EmbeddedManifest {
	w, ok := specOf(o)
	if !ok {
		return nil
	}
	var out []EmbeddedManifest
	w.templates(func(path string, t *wfv1.Template) {
		if t.Resource == nil || t.Resource.Manifest == "" {
			return
		}
		text, err := argo.ReadManifest(t.Resource.Manifest)
		out = append(out, EmbeddedManifest{Path: path + ".resource.manifest", Action: t.Resource.Action, JSON: text, Err: err})
	})
	return out
}

// Makes reports whether the task creates the object, and doesn't read, change
// or delete one that is there.
func (m EmbeddedManifest) Makes() bool { return m.Action == "create" || m.Action == "apply" }

// spec is the workflow that an object holds.
type spec struct {
	*wfv1.WorkflowSpec
	// path is where it stands in the object.
	path string
	// namespace is where it runs; empty if that is not known.
	namespace string
}

// specOf returns the workflow that an object of Argo's kinds holds.
func specOf(o millrace.Object) (spec, bool) {
	if isNil(o) {
		return spec{}, false
	}
	switch o := o.(type) {
	case *wfv1.Workflow:
		return spec{&o.Spec, "spec", o.Namespace}, true
	case *wfv1.WorkflowTemplate:
		return spec{&o.Spec, "spec", o.Namespace}, true
	case *wfv1.ClusterWorkflowTemplate:
		return spec{&o.Spec, "spec", ""}, true
	case *wfv1.CronWorkflow:
		return spec{&o.Spec.WorkflowSpec, "spec.workflowSpec", o.Namespace}, true
	}
	return spec{}, false
}

// templates calls visit for every template: listed, inline in tasks and
// steps, and the defaults, which are one too.
func (s spec) templates(visit func(path string, t *wfv1.Template)) {
	argo.Templates(s.WorkflowSpec, s.path, visit)
}
