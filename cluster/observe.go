package cluster

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/millrace/millrace"
)

const (
	// grace is how long a refusal must last to be believed once something
	// has worked: right after a restart the API server answers 403 to
	// everyone, until it has read the roles.
	grace = 30 * time.Second
	// pollInterval is how often objects are read when watching is refused;
	// Argo and kubectl take 2 to 5 seconds.
	pollInterval = 3 * time.Second
	// A watch ends by itself after 5 to 10 minutes, as client-go's do; then
	// everything is read again, in case a proxy swallowed an event.
	minWatch = 5 * time.Minute
	// quiet is how long a new watch may say nothing before everything is
	// read again: fakes and some proxies begin a watch later than asked for.
	quiet = time.Second
)

// observer sees after all targets of one kind in one namespace, with one
// watch. It belongs to one goroutine.
type observer struct {
	kube      client.WithWatch
	kind      schema.GroupVersionKind
	namespace string
	targets   map[string]*view
	seen      chan<- sighting

	// from is the resource version to watch on from; empty when it is not
	// known, and everything must be read again.
	from    string
	stale   bool // the versions of the objects are too old to watch from
	delays  backoff
	worked  bool      // the API server has answered once
	refused time.Time // since when it has been refusing; zero if it does not
	singly  bool      // listing is refused: objects are read one by one
	poll    time.Time // until when watching is not tried again
	trouble bool      // the waiter was told of an error
}

// view is what an observer knows of a target.
type view struct {
	target  *target
	uid     types.UID
	version string
}

// observers makes one observer for each kind and namespace that there is
// something to wait for in.
func (w *waiter) observers() []*observer {
	type place struct {
		kind      schema.GroupVersionKind
		namespace string
	}
	byPlace := make(map[place]*observer)
	var out []*observer
	for _, t := range w.targets {
		if t.ended {
			continue
		}
		at := place{t.Kind, t.Object.Namespace}
		o, ok := byPlace[at]
		if !ok {
			o = &observer{kube: w.client.kube, kind: t.Kind, namespace: t.Object.Namespace, targets: make(map[string]*view), seen: w.seen}
			byPlace[at] = o
			out = append(out, o)
		}
		o.targets[t.Object.Name] = &view{target: t, uid: t.UID}
	}
	return out
}

// run reads and watches until all targets have come to an end, ctx ends, or
// the API server refuses for good.
func (o *observer) run(ctx context.Context) {
	for ctx.Err() == nil && len(o.targets) > 0 {
		if o.from == "" {
			if err := o.snapshot(ctx); err != nil {
				if !o.endure(ctx, "read", err) {
					return
				}
				continue
			}
			o.recovered(ctx)
			if len(o.targets) == 0 {
				return
			}
		}
		if time.Now().Before(o.poll) {
			o.from = ""
			sleep(ctx, pollInterval/2+rand.N(pollInterval))
			continue
		}
		if err := o.follow(ctx); err != nil {
			o.afterWatch(ctx, err)
		}
	}
}

// follow watches until the watch ends. An error is what ended it, or what kept
// it from beginning.
func (o *observer) follow(ctx context.Context) error {
	lifetime := minWatch + rand.N(minWatch)
	seconds := int64(lifetime / time.Second)
	opts := &client.ListOptions{Namespace: o.namespace, Raw: &metav1.ListOptions{
		ResourceVersion: o.from, AllowWatchBookmarks: true, TimeoutSeconds: &seconds}}
	if names := o.names(); len(names) == 1 {
		// This also suits a role that names the object.
		opts.FieldSelector = fields.OneTermEqualSelector(metav1.ObjectNameField, names[0])
	}
	began := time.Now()
	w, err := o.kube.Watch(ctx, o.list(), opts)
	if err != nil {
		return err
	}
	defer w.Stop()
	check := time.NewTimer(quiet)
	defer check.Stop()
	// A proxy that lost the server keeps the watch open for ever.
	overdue := time.NewTimer(lifetime + grace)
	defer overdue.Stop()
	for len(o.targets) > 0 {
		select {
		case <-ctx.Done():
			return nil
		case <-check.C:
			if err := o.snapshot(ctx); err != nil {
				return err
			}
		case <-overdue.C:
			o.from = ""
			return nil
		case event, open := <-w.ResultChan():
			switch {
			case open:
				if len(o.targets) == 1 && o.concerns(event) {
					check.Stop() // it is not quiet
				}
				if err := o.event(ctx, event); err != nil {
					return err
				}
			case time.Since(began) >= minWatch:
				o.from = ""
				return nil
			default:
				return errWatchClosed
			}
		}
	}
	return nil
}

// concerns reports whether an event is about a target.
func (o *observer) concerns(e watch.Event) bool {
	u, ok := e.Object.(*unstructured.Unstructured)
	return ok && o.targets[u.GetName()] != nil
}

// errWatchClosed ends a watch that the server closed before its time.
var errWatchClosed = errors.New("the watch was closed")

// event takes one event of a watch.
func (o *observer) event(ctx context.Context, e watch.Event) error {
	if e.Type == watch.Error {
		return apierrors.FromObject(e.Object)
	}
	u, ok := e.Object.(*unstructured.Unstructured)
	if !ok {
		return nil
	}
	o.recovered(ctx)
	o.delays.reset()
	o.from = u.GetResourceVersion()
	switch e.Type {
	case watch.Added, watch.Modified:
		o.look(ctx, u)
	case watch.Deleted:
		o.gone(ctx, u)
	}
	return nil
}

// afterWatch decides how to go on when a watch ended badly.
func (o *observer) afterWatch(ctx context.Context, err error) {
	switch {
	case ctx.Err() != nil:
	case expired(err):
		o.from, o.stale = "", true
		sleep(ctx, o.delays.next(err))
	case errors.Is(err, errWatchClosed):
		sleep(ctx, o.delays.next(err))
	case apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) || apierrors.IsMethodNotSupported(err) || unserved(err):
		// Reading may be permitted where watching is not; whether it is
		// for good, the next reading decides. Ask again now and then, as
		// it may be a server that has only just started.
		o.from, o.poll = "", time.Now().Add(grace)
	default:
		o.tell(ctx, err)
		sleep(ctx, o.delays.next(err))
	}
}

// endure decides whether an error in reading is to be waited out, and waits.
// It returns false when it told the waiter to give up, or ctx ended.
func (o *observer) endure(ctx context.Context, what string, err error) bool {
	if ctx.Err() != nil {
		return false
	}
	err = &Error{Op: what, Object: millrace.Ref{Kind: o.kind.Kind, Namespace: o.namespace, Name: o.nameForError()}, Err: err}
	if expired(err) || passing(err) {
		o.refused = time.Time{}
	} else {
		if o.refused.IsZero() {
			o.refused = time.Now()
		}
		if !o.worked || time.Since(o.refused) >= grace {
			o.send(ctx, sighting{observer: o, err: err, refused: true})
			return false
		}
	}
	o.tell(ctx, err)
	return sleep(ctx, o.delays.next(err))
}

// nameForError names what is being read: one object, or all of them.
func (o *observer) nameForError() string {
	if names := o.names(); len(names) == 1 {
		return names[0]
	}
	return "*"
}

// recovered notes that the API server answers.
func (o *observer) recovered(ctx context.Context) {
	o.worked, o.refused = true, time.Time{}
	if o.trouble {
		o.trouble = false
		o.send(ctx, sighting{observer: o})
	}
}

// tell passes an error of the API server on to the waiter.
func (o *observer) tell(ctx context.Context, err error) {
	o.trouble = true
	o.send(ctx, sighting{observer: o, err: err})
}

func (o *observer) send(ctx context.Context, s sighting) {
	select {
	case o.seen <- s:
	case <-ctx.Done():
	}
}

// names returns the names of the targets, sorted.
func (o *observer) names() []string {
	names := make([]string, 0, len(o.targets))
	for name := range o.targets {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (o *observer) list() *unstructured.UnstructuredList {
	l := new(unstructured.UnstructuredList)
	l.SetGroupVersionKind(o.kind.GroupVersion().WithKind(o.kind.Kind + "List"))
	return l
}
