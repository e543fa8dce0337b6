package cluster

import (
	"context"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// pageSize is the number of objects in one answer to a list, as client-go's
// pager has it.
const pageSize = 500

// snapshot reads all targets, and sets from to where a watch takes over. For
// one object that is the object's own version, unless it has changed so long
// ago that the API server does not know any more: then the watch begins
// wherever it begins, and the check of a quiet watch closes the gap.
func (o *observer) snapshot(ctx context.Context) error {
	if names := o.names(); len(names) == 1 || o.singly {
		return o.each(ctx, names)
	}
	err := o.all(ctx)
	if apierrors.IsForbidden(err) && !o.worked {
		// The role may name the objects, which permits to read each.
		o.singly = true
		return o.each(ctx, o.names())
	}
	return err
}

// each reads the targets one by one.
func (o *observer) each(ctx context.Context, names []string) error {
	o.from = ""
	for _, name := range names {
		u := new(unstructured.Unstructured)
		u.SetGroupVersionKind(o.kind)
		err := o.kube.Get(ctx, client.ObjectKey{Namespace: o.namespace, Name: name}, u)
		switch {
		case apierrors.IsNotFound(err) && !unserved(err):
			o.missing(ctx, o.targets[name])
		case err != nil:
			return err
		default:
			o.look(ctx, u)
			if len(names) == 1 && !o.stale {
				o.from = u.GetResourceVersion()
			}
		}
	}
	o.stale = false
	return nil
}

// all reads the targets with a list, page by page; of the other objects in
// the namespace nothing is kept.
func (o *observer) all(ctx context.Context) error {
	found := make(map[string]bool, len(o.targets))
	page := o.list()
	opts := &client.ListOptions{Namespace: o.namespace, Limit: pageSize}
	for {
		if err := o.kube.List(ctx, page, opts); err != nil {
			return err
		}
		for i := range page.Items {
			found[page.Items[i].GetName()] = true
			o.look(ctx, &page.Items[i])
		}
		if opts.Continue = page.GetContinue(); opts.Continue == "" {
			break
		}
		page = o.list()
	}
	for _, name := range o.names() {
		if !found[name] {
			o.missing(ctx, o.targets[name])
		}
	}
	o.from, o.stale = page.GetResourceVersion(), false
	return nil
}
