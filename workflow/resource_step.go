package workflow

import (
	"fmt"
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/argo"
	"github.com/millrace/millrace/internal/overlay"
)

// Action is what a Resource does with its object, by way of kubectl.
type Action string

// The actions of Argo.
const (
	Get     Action = "get"
	Create  Action = "create"
	Apply   Action = "apply"
	Patch   Action = "patch"
	Delete  Action = "delete"
	Replace Action = "replace"
)

// MergeStrategy is how a Patch changes its object.
type MergeStrategy string

// The strategies of kubectl.
const (
	// Strategic joins lists by the keys of their items, as the types of
	// Kubernetes itself say them. Custom resources don't.
	Strategic MergeStrategy = "strategic"
	// Merge joins maps and replaces lists.
	Merge MergeStrategy = "merge"
	// JSON carries out a list of operations, a JSON patch. Flags name the
	// object.
	JSON MergeStrategy = "json"
)

// Resource is a step that reads, makes, changes or deletes one object of the
// cluster, and may wait for it.
//
// It does what it says and no more: unlike what Task.Run creates, the object
// has the name that it is given, and is not deleted when the run fails. Prefer
// Task.Run for jobs.
type Resource struct {
	// Action is what is done. Required.
	//
	// Rendered as resource.action.
	Action Action
	// Object is the object, or for Patch what is to change of it. It needs its
	// apiVersion and kind, and a name; a Create may have a generateName in its
	// place, which makes another object each time that the pod is started
	// again. The namespace is the run's where it is empty.
	//
	// References in its texts come in as JSON strings, so that no value can
	// add to the manifest.
	//
	// Rendered as resource.manifest.
	Object millrace.Object
	// Manifest is the same as a text: the door to values that are no texts, such
	// as {{inputs.parameters.replicas}} of a number. Argo puts values in as they
	// are, and whoever chooses them can add to the manifest. Empty where Object or
	// From is set.
	//
	// Rendered as resource.manifest.
	Manifest string
	// From is the name of an input artifact of the task that is the manifest.
	// Empty where Object or Manifest is set.
	//
	// Rendered as resource.manifestFrom.artifact.name.
	From string
	// MergeStrategy is how a Patch changes the object. Empty means what works
	// for it: Strategic for the kinds of Kubernetes itself, JSON for a Manifest
	// that is a list, and Merge for all others.
	//
	// Rendered as resource.mergeStrategy.
	MergeStrategy MergeStrategy
	// Owned makes the run the owner of the object, so that Kubernetes deletes it
	// with the run. They have to be in one namespace. False leaves it when the run
	// is deleted.
	//
	// Rendered as an owner reference in Object, and for a Manifest as
	// resource.setOwnerReference: Argo then parses and writes that again.
	Owned bool
	// Succeeded and Failed are the conditions on which the step ends, in the
	// grammar of label selectors over the fields of the object:
	// "status.succeeded > 0, status.phase in (Ready)". Success needs all
	// requirements of the one, failure any of the other. Both empty means that
	// it ends when the action is done. Delete can't have any.
	//
	// Rendered as resource.successCondition and failureCondition.
	Succeeded, Failed string
	// Flags are further arguments of kubectl, before the manifest's: "--validate=false".
	//
	// Rendered as resource.flags.
	Flags []string
	// Base holds what has no field of its own here.
	Base wfv1.ResourceTemplate
}

// template implements Step.
func (s Resource) template(c *check, field string, t *wfv1.Template) {
	out := s.Base.DeepCopy()
	head := c.content(field, s, out)
	for _, path := range overlay.Lay(out, &wfv1.ResourceTemplate{
		Action: string(s.Action), MergeStrategy: string(s.MergeStrategy), Flags: slices.Clone(s.Flags),
		SuccessCondition: s.Succeeded, FailureCondition: s.Failed,
	}) {
		c.Conflict(field+".Base."+path, "it is set here and by a field of the step", "set it in one place")
	}
	c.action(field, out, head)
	c.ends(field, out)
	if s.Owned {
		c.owned(field, s, out, head)
	}
	t.Resource = out
}

// content puts in what the action is about, and returns its head.
func (c *check) content(field string, s Resource, out *wfv1.ResourceTemplate) resourceHead {
	first := ""
	for _, way := range []struct {
		name string
		set  bool
	}{
		{"Object", !isNil(s.Object)}, {"Manifest", s.Manifest != ""}, {"From", s.From != ""},
		{"Base.Manifest", s.Base.Manifest != ""}, {"Base.ManifestFrom", s.Base.ManifestFrom != nil},
	} {
		switch {
		case !way.set:
		case first == "":
			first = way.name
		default:
			c.Conflict(field+"."+way.name, first+" is set too", "set one of Object, Manifest and From")
		}
	}
	switch {
	case !isNil(s.Object):
		return c.objectOf(field+".Object", s, out)
	case s.Manifest != "":
		out.Manifest = s.Manifest
		return c.manifestOf(field+".Manifest", s.Manifest)
	case s.From != "":
		out.ManifestFrom = &wfv1.ManifestFrom{Artifact: &wfv1.Artifact{Name: s.From}}
	case out.Manifest != "":
		return c.manifestOf(field+".Base.Manifest", out.Manifest)
	}
	return resourceHead{}
}

// action checks what the action needs.
func (c *check) action(field string, r *wfv1.ResourceTemplate, head resourceHead) {
	action := Action(r.Action)
	if action == "" {
		c.Required(field+".Action", "say what is done: workflow.Create, workflow.Apply")
		return
	}
	if !slices.Contains([]Action{Get, Create, Apply, Patch, Delete, Replace}, action) {
		c.Invalid(field+".Action", r.Action, "Argo has no such action", "use one of the constants of Action")
		return
	}
	if r.Manifest == "" && r.ManifestFrom == nil {
		if action != Get && action != Delete {
			c.Required(field+".Object", "give the object")
		} else if len(r.Flags) == 0 {
			c.Required(field+".Object", "give the object, or select some by Flags")
		}
	}
	if head.generated && action != Create {
		c.Invalid(head.field, head.name, fmt.Sprintf("only %q can have the server make a name", Create), "set metadata.name")
	}
	if action == Patch {
		c.patch(field, r, head)
	} else if r.MergeStrategy != "" {
		c.Conflict(field+".MergeStrategy", fmt.Sprintf("the action is %q", action), "leave it out, or use Patch")
	}
}

// patch checks how an object is changed, and says it where nobody did.
func (c *check) patch(field string, r *wfv1.ResourceTemplate, head resourceHead) {
	strategy := MergeStrategy(r.MergeStrategy)
	if strategy == "" {
		strategy = head.strategy()
		if !c.template.Plain {
			r.MergeStrategy = string(strategy)
		}
	}
	switch strategy {
	case Strategic:
		if head.kind != "" && !argo.Kubernetes(head.group) {
			c.Conflict(field+".MergeStrategy", fmt.Sprintf("a %s is no kind of Kubernetes itself, and the API server refuses such patches of it", head.kind), "use Merge")
		}
	case Merge:
	case JSON:
		if head.kind != "" {
			c.Conflict(field+".MergeStrategy", "the manifest is an object, and a JSON patch a list of operations", "write the list in Manifest, or use Merge")
		}
		if len(r.Flags) == 0 {
			c.Required(field+".Flags", `name the kind and the object that is changed: "pod", "a"`)
		}
	default:
		c.Invalid(field+".MergeStrategy", r.MergeStrategy, "kubectl has no such strategy", "use Strategic, Merge or JSON")
	}
	if head.list && strategy != JSON {
		c.Conflict(field+".MergeStrategy", "the manifest is a list of operations", "use JSON")
	}
}

// ends checks the conditions on which the step ends.
func (c *check) ends(field string, r *wfv1.ResourceTemplate) {
	if Action(r.Action) == Delete {
		for name, condition := range map[string]string{".Succeeded": r.SuccessCondition, ".Failed": r.FailureCondition} {
			if condition != "" {
				c.Conflict(field+name, "Argo can't wait for what it deletes", "leave out the conditions")
			}
		}
		return
	}
	// What a reference stands for is a value, or part of a path.
	if r.SuccessCondition != "" {
		c.condition(field+".Succeeded", programTag.ReplaceAllString(r.SuccessCondition, "x"), "success")
	}
	if r.FailureCondition != "" {
		c.failure(field+".Failed", programTag.ReplaceAllString(r.FailureCondition, "x"))
	}
}

// owned checks that the run can own the object. That of Object has its owner
// already.
func (c *check) owned(field string, s Resource, r *wfv1.ResourceTemplate, head resourceHead) {
	base := field + ".Base.SetOwnerReference"
	field += ".Owned"
	switch action := Action(r.Action); {
	case action == Get || action == Delete || action == Patch:
		// A patch would take the place of the owners that are there.
		c.Conflict(field, fmt.Sprintf("the action %q makes nothing that could be owned", action), "leave it out")
	case r.ManifestFrom != nil:
		c.Conflict(field, "Argo doesn't see the manifest, which is an artifact", "write the owner into it, or leave Owned out")
	case s.Base.SetOwnerReference:
		c.Conflict(base, "Owned is set too", "set it in one place")
	case head.namespace != "" && c.template.Namespace != "" && head.namespace != c.template.Namespace && !refers(head.namespace):
		c.Conflict(field, fmt.Sprintf("the object is for the namespace %q and the template for %q: Kubernetes would delete it, as it can't see its owner from there", head.namespace, c.template.Namespace),
			"use one namespace for both, or leave Owned out")
	case isNil(s.Object):
		r.SetOwnerReference = true
	}
}
