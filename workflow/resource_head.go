package workflow

import (
	"encoding/json"
	"fmt"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace/internal/argo"
)

// resourceHead is what the checks of a resource step need of its manifest.
// It is empty where the manifest is only known at run time.
type resourceHead struct {
	// field is where the manifest was given.
	field string
	// list is set for a JSON patch.
	list            bool
	group, kind     string
	name, namespace string
	// generated says that the name is the beginning of one.
	generated bool
}

// strategy returns how such an object can be patched.
func (h resourceHead) strategy() MergeStrategy {
	switch {
	case h.list:
		return JSON
	case h.kind != "" && argo.Kubernetes(h.group):
		return Strategic
	}
	return Merge
}

// objectOf renders the object of a resource step.
func (c *check) objectOf(field string, s Resource, out *wfv1.ResourceTemplate) resourceHead {
	o, err := copied(s.Object)
	if err != nil {
		c.Add(ruleInvalid, field, err.Error(), "correct the value")
		return resourceHead{}
	}
	gvk := o.GetObjectKind().GroupVersionKind()
	if gvk.Kind == "" || gvk.Version == "" {
		c.Invalid(field, fmt.Sprintf("%T", o), "the object does not say its apiVersion and kind", "set its TypeMeta")
	}
	head := resourceHead{field: field, group: gvk.Group, kind: gvk.Kind, name: o.GetName(), namespace: o.GetNamespace()}
	switch {
	case head.name != "":
	case o.GetGenerateName() != "":
		head.name, head.generated = o.GetGenerateName(), true
	default:
		c.Required(field, "the object needs a name: set metadata.name")
	}
	if s.Owned {
		adopt(o)
	}
	action := s.Action
	if action == "" {
		action = Action(s.Base.Action)
	}
	out.Manifest = c.manifest(field, o, action, c.resolver())
	return head
}

// manifestOf reads as much of a text as can be known before the run.
func (c *check) manifestOf(field, text string) resourceHead {
	head := resourceHead{field: field}
	raw, err := argo.ReadManifest(text)
	if err != nil {
		c.Add(ruleInvalid, field, err.Error(), "write one object in YAML or JSON")
		return head
	}
	var list []any
	if json.Unmarshal(raw, &list) == nil {
		head.list = true
		return head
	}
	var read manifestHead
	if err := json.Unmarshal(raw, &read); err != nil {
		// What is all one reference is known only at run time.
		if !wholeTag(text) {
			c.Invalid(field, clip(text), "it is no object", "write one object in YAML or JSON")
		}
		return head
	}
	head.group = schema.FromAPIVersionAndKind(read.APIVersion, read.Kind).Group
	head.kind, head.namespace = read.Kind, read.Metadata.Namespace
	if head.name = read.Metadata.Name; head.name == "" {
		head.name, head.generated = read.Metadata.GenerateName, read.Metadata.GenerateName != ""
	}
	return head
}

// wholeTag reports whether a text is nothing but one reference.
func wholeTag(text string) bool {
	text = strings.TrimSpace(text)
	return programTag.FindString(text) == text
}
