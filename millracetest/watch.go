package millracetest

import (
	"context"
	"strconv"
	"strings"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
)

// watcher is one open watch. Events queue up without a limit, so that a slow
// reader holds nobody up.
type watcher struct {
	store *store
	kind  schema.GroupVersionKind
	opts  client.ListOptions
	typed bool

	out  chan watch.Event
	wake chan struct{}
	stop chan struct{}
	once sync.Once

	mu    sync.Mutex
	queue []watch.Event
}

// watch serves a watch as the API server does: without a version it first
// sends what there is, from a version what has changed since.
func (s *store) watch(ctx context.Context, _ client.WithWatch, list client.ObjectList, opts ...client.ListOption) (watch.Interface, error) {
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	s.mu.Lock()
	gvk, err := apiutil.GVKForObject(list, s.scheme)
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	gvk.Kind = strings.TrimSuffix(gvk.Kind, "List")
	_, untyped := list.(runtime.Unstructured)
	w := &watcher{store: s, kind: gvk, typed: !untyped,
		out: make(chan watch.Event), wake: make(chan struct{}, 1), stop: make(chan struct{})}
	w.opts.ApplyOptions(opts)
	from := ""
	if w.opts.Raw != nil {
		from = w.opts.Raw.ResourceVersion
	}
	if w.opts.FieldSelector != nil {
		if _, err := matchesFields(w.opts.FieldSelector, new(unstructured.Unstructured)); err != nil {
			return nil, err
		}
	}
	var after uint64
	if from != "" && from != "0" {
		if after, err = strconv.ParseUint(from, 10, 64); err != nil {
			return nil, apierrors.NewBadRequest("Invalid value: " + strconv.Quote(from) + ": resourceVersion")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, apierrors.NewServiceUnavailable("the cluster was closed")
	}
	if after == 0 {
		for _, u := range s.live {
			w.offer(change{watch.Added, u, 0})
		}
	} else {
		for _, c := range s.log {
			if c.version > after {
				w.offer(c)
			}
		}
	}
	s.watchers[w] = true
	// Whoever is watched may go ahead.
	for key, u := range s.live {
		if w.wants(u) {
			s.loop.open(key)
		}
	}
	s.pumps.Go(func() { w.pump(ctx) })
	return w, nil
}

func (w *watcher) ResultChan() <-chan watch.Event { return w.out }

func (w *watcher) Stop() { w.once.Do(func() { close(w.stop) }) }

// wants reports whether an object is selected.
func (w *watcher) wants(u *unstructured.Unstructured) bool {
	if u.GroupVersionKind().GroupKind() != w.kind.GroupKind() || w.opts.Namespace != "" && u.GetNamespace() != w.opts.Namespace {
		return false
	}
	if w.opts.LabelSelector != nil && !w.opts.LabelSelector.Matches(labels.Set(u.GetLabels())) {
		return false
	}
	if w.opts.FieldSelector != nil {
		ok, err := matchesFields(w.opts.FieldSelector, metav1.Object(u))
		return ok && err == nil
	}
	return true
}

// offer queues a change for the reader. The store's lock is held.
func (w *watcher) offer(c change) {
	if !w.wants(c.object) {
		return
	}
	if c.kind == watch.Added && c.version != 0 {
		w.store.loop.open(keyOf(c.object))
	}
	u := c.object.DeepCopy()
	if c.version != 0 {
		u.SetResourceVersion(strconv.FormatUint(c.version, 10))
	}
	var out runtime.Object = u
	if w.typed {
		if typed, err := w.store.scheme.New(w.kind); err == nil {
			if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, typed); err == nil {
				out = typed
			}
		}
	}
	w.mu.Lock()
	w.queue = append(w.queue, watch.Event{Type: c.kind, Object: out})
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// pump hands the queue to the reader until someone ends the watch.
func (w *watcher) pump(ctx context.Context) {
	defer close(w.out)
	defer func() {
		w.store.mu.Lock()
		delete(w.store.watchers, w)
		w.store.mu.Unlock()
	}()
	for {
		w.mu.Lock()
		var next watch.Event
		var out chan watch.Event
		if len(w.queue) > 0 {
			next, out = w.queue[0], w.out
		}
		w.mu.Unlock()
		select {
		case <-ctx.Done():
			return
		case <-w.stop:
			return
		case <-w.wake:
		case out <- next:
			w.mu.Lock()
			w.queue = w.queue[1:]
			w.mu.Unlock()
		}
	}
}
