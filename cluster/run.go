package cluster

import (
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/status"
)

// Action is what Submit did with an object.
type Action string

const (
	// Applied means that the object is in the cluster as composed, whether
	// that changed it or not.
	Applied Action = "applied"
	// Created means that the object runs because of this Submit.
	Created Action = "created"
	// Attached means that the same object had been submitted before.
	Attached Action = "attached"
)

// Submitted is one object that a Submit brought to the cluster.
type Submitted struct {
	// Object names it.
	Object millrace.Ref
	// Kind is its full kind.
	Kind schema.GroupVersionKind
	// UID is its identity: another object of the same name has another one.
	UID types.UID
	// Action is what was done.
	Action Action
}

// Run is what one Submit brought to the cluster. It is safe for concurrent
// use, and holds no resources.
type Run struct {
	client   *Client
	objects  []Submitted
	states   []status.State // as the answers to the submission had them
	skipped  []millrace.File
	warnings []string
}

func (r *Run) add(it *item, live *unstructured.Unstructured, action Action) {
	r.objects = append(r.objects, Submitted{Object: it.ref, Kind: it.gvk, UID: live.GetUID(), Action: action})
	r.states = append(r.states, status.Of(live))
}

// Objects returns what was submitted, in the order in which it was.
func (r *Run) Objects() []Submitted { return slices.Clone(r.objects) }

// Skipped returns the files of the bundle, such as Terraform: they are not
// objects, and Submit did nothing with them.
func (r *Run) Skipped() []millrace.File { return slices.Clone(r.skipped) }

// Warnings returns what the API server warned of, each text once: deprecated
// versions, settings that have no effect.
func (r *Run) Warnings() []string { return slices.Clone(r.warnings) }
