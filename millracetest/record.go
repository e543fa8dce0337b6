package millracetest

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// read returns what the fake holds in the place of an object; nil if nothing.
func (s *store) read(like *unstructured.Unstructured) *unstructured.Unstructured {
	u := new(unstructured.Unstructured)
	u.SetGroupVersionKind(like.GroupVersionKind())
	if err := s.base.Get(context.Background(), client.ObjectKeyFromObject(like), u); err != nil {
		return nil
	}
	return u
}

// after looks at what a write has left, adds uid, generation and creation
// time, and records the change.
func (s *store) after(gvk schema.GroupVersionKind, key objectKey) error {
	before := s.live[key]
	like := new(unstructured.Unstructured)
	like.SetGroupVersionKind(gvk)
	like.SetNamespace(key.namespace)
	like.SetName(key.name)
	now := s.read(like)
	switch {
	case now == nil && before == nil:
		return nil
	case now == nil:
		delete(s.live, key)
		s.record(watch.Deleted, before)
		return nil
	case before == nil:
		s.uids++
		now.SetUID(types.UID(fmt.Sprintf("00000000-0000-4000-8000-%012d", s.uids)))
		now.SetGeneration(1)
		now.SetCreationTimestamp(metav1.NewTime(s.loop.now()))
	default:
		if sameContent(before, now) {
			s.live[key] = now // the fake has counted its version up all the same
			return nil
		}
		now.SetUID(before.GetUID())
		now.SetCreationTimestamp(before.GetCreationTimestamp())
		now.SetGeneration(before.GetGeneration())
		if !sameSpec(before, now) {
			now.SetGeneration(before.GetGeneration() + 1)
		}
	}
	if err := s.base.Update(context.Background(), now); err != nil {
		return fmt.Errorf("millracetest: %s: %w", key, err)
	}
	now = s.read(now)
	s.live[key] = now
	kind := watch.Modified
	if before == nil {
		kind = watch.Added
	}
	s.record(kind, now)
	return nil
}

// record appends to the history and tells everyone.
func (s *store) record(kind watch.EventType, u *unstructured.Unstructured) {
	version, err := strconv.ParseUint(u.GetResourceVersion(), 10, 64)
	if err != nil || version <= s.version {
		version = s.version + 1
	}
	s.version = version
	c := change{kind, u, version}
	s.log = append(s.log, c)
	for w := range s.watchers {
		w.offer(c)
	}
	s.loop.notify(c)
}

// sameContent compares objects without what every write changes.
func sameContent(a, b *unstructured.Unstructured) bool {
	return reflect.DeepEqual(without(a, true), without(b, true))
}

// sameSpec compares what a generation counts: everything but the metadata
// and, where it is a subresource, the status.
func sameSpec(a, b *unstructured.Unstructured) bool {
	x, y := without(a, false), without(b, false)
	delete(x, "metadata")
	delete(y, "metadata")
	if statusApart(a.GroupVersionKind()) {
		delete(x, "status")
		delete(y, "status")
	}
	return reflect.DeepEqual(x, y)
}

// statusApart reports whether the status of a kind is a subresource: it is
// for all of Kubernetes' own.
func statusApart(gvk schema.GroupVersionKind) bool {
	return slices.Contains(hasStatus, gvk) || !strings.Contains(gvk.Group, ".") || strings.HasSuffix(gvk.Group, ".k8s.io") && !strings.HasPrefix(gvk.Group, "sparkoperator")
}

// without returns the content without what the server keeps for itself.
func without(u *unstructured.Unstructured, identity bool) map[string]any {
	c := u.DeepCopy()
	c.SetManagedFields(nil)
	c.SetResourceVersion("")
	if identity {
		c.SetUID("")
		c.SetGeneration(0)
		unstructured.RemoveNestedField(c.Object, "metadata", "creationTimestamp")
	}
	return c.Object
}
