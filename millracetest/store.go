package millracetest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	clientscheme "k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

// store is the API server: controller-runtime's fake client, with what that
// lacks added around it. Everything goes through one lock, so that nobody
// sees an object between the fake's write and what is added to it.
type store struct {
	client client.WithWatch // what users get
	base   client.WithWatch // the fake
	scheme *runtime.Scheme
	loop   *loop

	mu       sync.Mutex
	live     map[objectKey]*unstructured.Unstructured
	log      []change
	version  uint64 // of the last change
	uids     int
	watchers map[*watcher]bool
	closed   bool
	pumps    sync.WaitGroup
}

// change is one entry of the store's history.
type change struct {
	kind    watch.EventType
	object  *unstructured.Unstructured // must not be changed
	version uint64
}

func newStore(l *loop) *store {
	s := &store{loop: l, scheme: runtime.NewScheme(), live: make(map[objectKey]*unstructured.Unstructured), watchers: make(map[*watcher]bool)}
	// It fails when two of its own packages claim one kind.
	if err := clientscheme.AddToScheme(s.scheme); err != nil {
		panic(err) //nolint:forbidigo // no input leads here
	}
	builder := fake.NewClientBuilder().WithScheme(s.scheme).WithRESTMapper(newMapper()).WithGlobalResourceVersionCounter()
	for _, gvk := range hasStatus {
		u := new(unstructured.Unstructured)
		u.SetGroupVersionKind(gvk)
		builder = builder.WithStatusSubresource(u)
	}
	s.base = builder.Build()
	s.client = interceptor.NewClient(s.base, interceptor.Funcs{
		Get: s.get, List: s.list, Watch: s.watch,
		Create: s.create, Update: s.update, Patch: s.patch, Apply: s.apply, Delete: s.remove, DeleteAllOf: s.removeAll,
		SubResourceUpdate: s.updateSub, SubResourcePatch: s.patchSub, SubResourceApply: s.applySub,
	})
	return s
}

func (s *store) close() {
	s.mu.Lock()
	s.closed = true
	for w := range s.watchers {
		w.Stop()
	}
	s.mu.Unlock()
	s.pumps.Wait()
}

func (s *store) get(ctx context.Context, base client.WithWatch, key client.ObjectKey, obj client.Object, opts ...client.GetOption) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return base.Get(ctx, key, obj, opts...)
}

// list adds what the fake lacks: selectors on the name and namespace, and the
// version to watch on from.
func (s *store) list(ctx context.Context, base client.WithWatch, list client.ObjectList, opts ...client.ListOption) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var o client.ListOptions
	o.ApplyOptions(opts)
	selected := o.FieldSelector
	o.FieldSelector, o.Limit, o.Continue = nil, 0, ""
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := base.List(ctx, list, &o); err != nil {
		return err
	}
	if selected != nil {
		items, err := meta.ExtractList(list)
		if err != nil {
			return err
		}
		var kept []runtime.Object
		for _, item := range items {
			m, err := meta.Accessor(item)
			if err != nil {
				return err
			}
			ok, err := matchesFields(selected, m)
			if err != nil {
				return err
			}
			if ok {
				kept = append(kept, item)
			}
		}
		if err := meta.SetList(list, kept); err != nil {
			return err
		}
	}
	list.SetResourceVersion(strconv.FormatUint(s.version, 10))
	return nil
}

// matchesFields selects by name and namespace, which every kind supports.
func matchesFields(selector fields.Selector, m metav1.Object) (bool, error) {
	for _, r := range selector.Requirements() {
		if r.Field != metav1.ObjectNameField && r.Field != "metadata.namespace" {
			return false, apierrors.NewBadRequest(fmt.Sprintf("field label not supported: %s", r.Field))
		}
	}
	return selector.Matches(fields.Set{metav1.ObjectNameField: m.GetName(), "metadata.namespace": m.GetNamespace()}), nil
}

func (s *store) create(ctx context.Context, base client.WithWatch, obj client.Object, opts ...client.CreateOption) error {
	if u, ok := obj.(*unstructured.Unstructured); ok && slices.Contains(hasStatus, u.GroupVersionKind()) {
		unstructured.RemoveNestedField(u.Object, "status")
	}
	return s.write(ctx, obj, func() error { return base.Create(ctx, obj, opts...) })
}

func (s *store) update(ctx context.Context, base client.WithWatch, obj client.Object, opts ...client.UpdateOption) error {
	return s.write(ctx, obj, func() error { return base.Update(ctx, obj, opts...) })
}

func (s *store) patch(ctx context.Context, base client.WithWatch, obj client.Object, patch client.Patch, opts ...client.PatchOption) error {
	return s.write(ctx, obj, func() error { return base.Patch(ctx, obj, patch, opts...) })
}

func (s *store) updateSub(ctx context.Context, base client.Client, name string, obj client.Object, opts ...client.SubResourceUpdateOption) error {
	return s.write(ctx, obj, func() error { return base.SubResource(name).Update(ctx, obj, opts...) })
}

func (s *store) patchSub(ctx context.Context, base client.Client, name string, obj client.Object, patch client.Patch, opts ...client.SubResourcePatchOption) error {
	return s.write(ctx, obj, func() error { return base.SubResource(name).Patch(ctx, obj, patch, opts...) })
}

func (s *store) apply(ctx context.Context, base client.WithWatch, config runtime.ApplyConfiguration, opts ...client.ApplyOption) error {
	return s.writeConfig(ctx, config, func() error { return base.Apply(ctx, config, opts...) })
}

func (s *store) applySub(ctx context.Context, base client.Client, name string, config runtime.ApplyConfiguration, opts ...client.SubResourceApplyOption) error {
	return s.writeConfig(ctx, config, func() error { return base.SubResource(name).Apply(ctx, config, opts...) })
}

func (s *store) remove(ctx context.Context, base client.WithWatch, obj client.Object, opts ...client.DeleteOption) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	gvk, err := apiutil.GVKForObject(obj, s.scheme)
	if err != nil {
		return err
	}
	key := objectKey{gvk.GroupKind(), obj.GetNamespace(), obj.GetName()}
	var o client.DeleteOptions
	o.ApplyOptions(opts)
	live, ok := s.live[key]
	if ok && len(o.DryRun) == 0 {
		if p := o.Preconditions; p != nil && (p.UID != nil && *p.UID != live.GetUID() || p.ResourceVersion != nil && *p.ResourceVersion != live.GetResourceVersion()) {
			return apierrors.NewConflict(schema.GroupResource{Group: key.kind.Group, Resource: key.kind.Kind}, key.name,
				errors.New("the precondition does not match the object in record"))
		}
		// A deletion has a version of its own, which the fake has not.
		if err := s.base.Update(ctx, live.DeepCopy()); err != nil {
			return err
		}
		s.live[key] = s.read(live)
	}
	o.Preconditions = nil
	if err := base.Delete(ctx, obj, &o); err != nil {
		return err
	}
	return s.after(gvk, key)
}

func (s *store) removeAll(ctx context.Context, base client.WithWatch, obj client.Object, opts ...client.DeleteAllOfOption) error {
	var o client.DeleteAllOfOptions
	o.ApplyOptions(opts)
	s.mu.Lock()
	gvk, err := apiutil.GVKForObject(obj, s.scheme)
	s.mu.Unlock()
	if err != nil {
		return err
	}
	l := new(unstructured.UnstructuredList)
	l.SetGroupVersionKind(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
	if err := s.list(ctx, base, l, &o.ListOptions); err != nil {
		return err
	}
	for i := range l.Items {
		if err := s.remove(ctx, base, &l.Items[i]); err != nil && !apierrors.IsNotFound(err) {
			return err
		}
	}
	return nil
}

// write lets the fake write an object, then adds what it lacks, and gives the
// caller what came of it.
func (s *store) write(ctx context.Context, obj client.Object, do func() error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := do(); err != nil {
		return err
	}
	gvk, err := apiutil.GVKForObject(obj, s.scheme)
	if err != nil {
		return err
	}
	key := objectKey{gvk.GroupKind(), obj.GetNamespace(), obj.GetName()}
	if err := s.after(gvk, key); err != nil {
		return err
	}
	s.tellIdentity(key, obj)
	return nil
}

func (s *store) writeConfig(ctx context.Context, config runtime.ApplyConfiguration, do func() error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	data, err := json.Marshal(config)
	if err != nil {
		return err
	}
	named := new(unstructured.Unstructured)
	if err := named.UnmarshalJSON(data); err != nil {
		return apierrors.NewBadRequest(err.Error())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := do(); err != nil {
		return err
	}
	key := keyOf(named)
	if err := s.after(named.GroupVersionKind(), key); err != nil {
		return err
	}
	if m, ok := config.(metav1.Object); ok {
		s.tellIdentity(key, m)
	}
	return nil
}

// tellIdentity copies what the store added to what the caller wrote.
func (s *store) tellIdentity(key objectKey, m metav1.Object) {
	if live, ok := s.live[key]; ok {
		m.SetUID(live.GetUID())
		m.SetGeneration(live.GetGeneration())
		m.SetCreationTimestamp(live.GetCreationTimestamp())
		m.SetResourceVersion(live.GetResourceVersion())
	}
}

// change is for operators: it changes the object of a key, if it is there,
// and writes it where its status belongs.
func (s *store) change(key objectKey, edit func(u *unstructured.Unstructured)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	live, ok := s.live[key]
	if !ok {
		return apierrors.NewNotFound(schema.GroupResource{Group: key.kind.Group, Resource: key.kind.Kind}, key.name)
	}
	u := live.DeepCopy()
	edit(u)
	if sameContent(live, u) {
		return nil
	}
	ctx := context.Background()
	owner := client.FieldOwner("operator")
	var err error
	if statusApart(u.GroupVersionKind()) {
		err = s.base.Status().Update(ctx, u, owner)
	} else {
		err = s.base.Update(ctx, u, owner)
	}
	if err != nil {
		return err
	}
	return s.after(u.GroupVersionKind(), key)
}

// current returns the object of a key; nil if it is not there. It must not be
// changed.
func (s *store) current(key objectKey) *unstructured.Unstructured {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live[key]
}

// all returns every object. They must not be changed.
func (s *store) all() []*unstructured.Unstructured {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*unstructured.Unstructured, 0, len(s.live))
	for _, u := range s.live {
		out = append(out, u)
	}
	return out
}
