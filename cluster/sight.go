package cluster

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/resourceversion"

	"github.com/millrace/millrace/internal/status"
)

// look takes what an object says now.
func (o *observer) look(ctx context.Context, u *unstructured.Unstructured) {
	v, ok := o.targets[u.GetName()]
	if !ok || u.GetNamespace() != o.namespace {
		return
	}
	if replaced(v.uid, u.GetUID()) {
		o.end(ctx, v, status.State{Phase: status.Failed, Reason: ReasonReplaced,
			Message: fmt.Sprintf("another one took its name while it was being waited for: uid %s, was %s", u.GetUID(), v.uid)})
		return
	}
	if older(u.GetResourceVersion(), v.version) {
		return
	}
	v.uid, v.version = u.GetUID(), u.GetResourceVersion()
	s := status.Of(u)
	if s.Phase == status.Done || s.Phase == status.Failed && !s.Retried {
		o.end(ctx, v, s)
		return
	}
	if u.GetDeletionTimestamp() != nil {
		s.Reason = "Terminating"
	}
	o.send(ctx, sighting{target: v.target, state: s})
}

// gone takes the deletion of an object. If its last state was an end, that
// counts: a time to live may delete it seconds later.
func (o *observer) gone(ctx context.Context, u *unstructured.Unstructured) {
	v, ok := o.targets[u.GetName()]
	if !ok || u.GetNamespace() != o.namespace || replaced(v.uid, u.GetUID()) {
		return
	}
	s := status.Of(u)
	if s.Phase == status.InProgress || s.Retried {
		o.missing(ctx, v)
		return
	}
	o.end(ctx, v, s)
}

// missing ends a target that is not there.
func (o *observer) missing(ctx context.Context, v *view) {
	o.end(ctx, v, status.State{Phase: status.Failed, Reason: ReasonDeleted, Message: "it was deleted while it was being waited for"})
}

func (o *observer) end(ctx context.Context, v *view, s status.State) {
	delete(o.targets, v.target.Object.Name)
	o.send(ctx, sighting{target: v.target, state: s})
}

// replaced tells one object from another of the same name. Fakes give no
// uids; then the name must do.
func replaced(was, is types.UID) bool { return was != "" && is != "" && was != is }

// older reports whether a resource version is certainly older than the one
// seen before, as events may be that were on their way during a reading.
func older(version, seen string) bool {
	order, err := resourceversion.CompareResourceVersion(version, seen)
	return err == nil && order < 0
}
