package cluster

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/selection"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/status"
)

// workflowLabel is on everything that a workflow's tasks create.
const workflowLabel = "workflows.argoproj.io/workflow"

// sparkKinds are what a workflow's task may have created and what says why it
// failed.
var sparkKinds = []schema.GroupVersionKind{
	{Group: "sparkoperator.k8s.io", Version: "v1beta2", Kind: "SparkApplication"},
	{Group: "spark.apache.org", Version: "v1", Kind: "SparkApplication"},
}

const (
	// headStart bounds how long Wait lets the watches on children begin
	// before it looks at the workflows.
	headStart = 2 * time.Second
	// maxSelected bounds the workflow names in a selector, which is part of
	// a URL; with more of them everything that has the label is watched.
	maxSelected = 50
)

// child is a failed object that a workflow's task had created.
type child struct {
	workflow millrace.Ref
	ref      millrace.Ref
	message  string
}

// children watches what workflows in one namespace create, and remembers what
// failed. A task says no more than that its failure condition was met, and the
// exit handler deletes the evidence before the workflow ends, so asking
// afterwards would be too late.
//
// All of it is best effort: without permission, or without a Spark operator,
// failures say less.
type children struct {
	kube      client.WithWatch
	kind      schema.GroupVersionKind
	namespace string
	workflows []string
	seen      chan<- sighting
	begun     chan struct{}
	once      sync.Once
}

// children makes what watches the children of the workflows that are waited
// for.
func (w *waiter) children(ctx context.Context) []*children {
	ctx, cancel := context.WithTimeout(ctx, headStart)
	defer cancel()
	byNamespace := make(map[string][]string)
	for _, t := range w.targets {
		if !t.ended && t.Kind.Group == "argoproj.io" && t.Kind.Kind == "Workflow" {
			byNamespace[t.Object.Namespace] = append(byNamespace[t.Object.Namespace], t.Object.Name)
		}
	}
	var out []*children
	for namespace, names := range byNamespace {
		for _, kind := range sparkKinds {
			if w.client.serves(ctx, kind) {
				out = append(out, &children{kube: w.client.kube, kind: kind, namespace: namespace, workflows: names, seen: w.seen, begun: make(chan struct{})})
			}
		}
	}
	return out
}

// serves reports whether the cluster is known, before ctx ends, to have a
// kind.
func (c *Client) serves(ctx context.Context, kind schema.GroupVersionKind) bool {
	_, err := within(ctx, func() (*meta.RESTMapping, error) {
		return c.kube.RESTMapper().RESTMapping(kind.GroupKind(), kind.Version)
	})
	return err == nil
}

// run watches until ctx ends, or what it needs is refused.
func (c *children) run(ctx context.Context) {
	defer c.ready()
	var b backoff
	from := ""
	for began := false; ctx.Err() == nil; {
		err := c.follow(ctx, &from, func() { began = true; b.reset() })
		switch {
		case expired(err):
			from = ""
		case err != nil && !began && !passing(err):
			return
		case err != nil:
			c.ready() // nobody is to wait for this
		}
		sleep(ctx, b.next(err))
	}
}

func (c *children) ready() { c.once.Do(func() { close(c.begun) }) }

func (c *children) follow(ctx context.Context, from *string, began func()) error {
	opts := &client.ListOptions{Namespace: c.namespace, LabelSelector: c.selector(), Raw: &metav1.ListOptions{}}
	list := new(unstructured.UnstructuredList)
	list.SetGroupVersionKind(c.kind.GroupVersion().WithKind(c.kind.Kind + "List"))
	if *from == "" {
		if err := c.kube.List(ctx, list, opts); err != nil {
			return err
		}
		for i := range list.Items {
			c.look(ctx, &list.Items[i])
		}
		*from = list.GetResourceVersion()
	}
	opts.Raw.ResourceVersion, opts.Raw.AllowWatchBookmarks = *from, true
	w, err := c.kube.Watch(ctx, list, opts)
	if err != nil {
		return err
	}
	defer w.Stop()
	began()
	c.ready()
	for {
		select {
		case <-ctx.Done():
			return nil
		case e, open := <-w.ResultChan():
			if !open {
				return nil
			}
			if e.Type == watch.Error {
				return apierrors.FromObject(e.Object)
			}
			if u, ok := e.Object.(*unstructured.Unstructured); ok {
				*from = u.GetResourceVersion()
				c.look(ctx, u)
			}
		}
	}
}

func (c *children) selector() labels.Selector {
	op, names := selection.In, c.workflows
	if len(names) > maxSelected || slices.ContainsFunc(names, func(n string) bool { return len(n) > 63 }) {
		op, names = selection.Exists, nil
	}
	r, err := labels.NewRequirement(workflowLabel, op, names)
	if err != nil {
		return labels.Everything()
	}
	return labels.NewSelector().Add(*r)
}

// look passes a failed object on.
func (c *children) look(ctx context.Context, u *unstructured.Unstructured) {
	name := u.GetLabels()[workflowLabel]
	if name == "" {
		return
	}
	if s := status.Of(u); s.Phase == status.Failed {
		found := child{
			workflow: millrace.Ref{Kind: "Workflow", Namespace: c.namespace, Name: name},
			ref:      millrace.Ref{Kind: c.kind.Kind, Namespace: u.GetNamespace(), Name: u.GetName()},
			message:  s.Message,
		}
		select {
		case c.seen <- sighting{child: found}:
		case <-ctx.Done():
		}
	}
}

// madeBy reports whether the object is what the failed task had created: by
// the name that millrace gives it, or by the task's name in its own.
func (c child) madeBy(f *Failure) (exactly, perhaps bool) {
	return c.ref.Name == f.Object.Name+"-"+f.Task, strings.Contains(c.ref.Name, f.Task)
}

// blame finds the object that the failed task had created among those that
// failed, and takes its message.
func (f *Failure) blame(failed []child) bool {
	var best *child
	for i, c := range failed {
		if c.workflow != f.Object {
			continue
		}
		exactly, perhaps := c.madeBy(f)
		if exactly || perhaps && best == nil {
			best = &failed[i]
		}
		if exactly {
			break
		}
	}
	if best == nil {
		return false
	}
	f.Resource, f.Message = best.ref, best.message
	return true
}

// ask reads what a failed task may have created from the API server, for a
// workflow that had failed before the wait.
func (c *Client) ask(ctx context.Context, f *Failure) []child {
	var out []child
	for _, kind := range sparkKinds {
		if !c.serves(ctx, kind) {
			continue
		}
		l := new(unstructured.UnstructuredList)
		l.SetGroupVersionKind(kind.GroupVersion().WithKind(kind.Kind + "List"))
		err := c.kube.List(ctx, l, client.InNamespace(f.Object.Namespace), client.MatchingLabels{workflowLabel: f.Object.Name}, client.Limit(pageSize))
		if err != nil {
			continue
		}
		for i := range l.Items {
			if s := status.Of(&l.Items[i]); s.Phase == status.Failed {
				out = append(out, child{f.Object, millrace.Ref{Kind: kind.Kind, Namespace: f.Object.Namespace, Name: l.Items[i].GetName()}, s.Message})
			}
		}
	}
	return out
}
