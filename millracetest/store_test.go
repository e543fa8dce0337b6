package millracetest_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace/millracetest"
)

func object(t testing.TB, manifest string) *unstructured.Unstructured {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(manifest))
	if err != nil {
		t.Fatal(err)
	}
	u := new(unstructured.Unstructured)
	if err := u.UnmarshalJSON(data); err != nil {
		t.Fatal(err)
	}
	return u
}

// widget is of a kind that no operator plays.
const widget = `{apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: data}, spec: {size: 1}}`

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func get(t testing.TB, kube client.Client, like *unstructured.Unstructured) *unstructured.Unstructured {
	t.Helper()
	u := new(unstructured.Unstructured)
	u.SetGroupVersionKind(like.GroupVersionKind())
	must(t, kube.Get(context.Background(), client.ObjectKeyFromObject(like), u))
	return u
}

func version(t testing.TB, o client.Object) int {
	t.Helper()
	n, err := strconv.Atoi(o.GetResourceVersion())
	must(t, err)
	return n
}

func TestStoreIdentity(t *testing.T) {
	ctx, c := t.Context(), millracetest.NewCluster(t)
	kube := c.Kubernetes()
	u := object(t, widget)
	must(t, kube.Create(ctx, u))
	if u.GetUID() == "" || u.GetGeneration() != 1 || u.GetCreationTimestamp().Time.IsZero() || u.GetResourceVersion() == "" {
		t.Errorf("created %v", u.Object["metadata"])
	}
	if diff := cmp.Diff(u.Object, get(t, kube, u).Object); diff != "" {
		t.Errorf("what was returned and what is there differ:\n%s", diff)
	}
	first := version(t, u)
	u.SetLabels(map[string]string{"a": "b"})
	must(t, kube.Update(ctx, u))
	if u.GetGeneration() != 1 || version(t, u) <= first {
		t.Errorf("labels are not counted: %v", u.Object["metadata"])
	}
	set := func(v int64) {
		if err := unstructured.SetNestedField(u.Object, v, "spec", "size"); err != nil {
			t.Fatal(err)
		}
	}
	set(2)
	u.SetUID("")
	must(t, kube.Update(ctx, u))
	if u.GetGeneration() != 2 || u.GetUID() == "" {
		t.Errorf("a spec is counted: %v", u.Object["metadata"])
	}
	uid := u.GetUID()
	must(t, kube.Delete(ctx, u))
	again := object(t, widget)
	must(t, kube.Create(ctx, again))
	if again.GetUID() == uid {
		t.Error("another object has the same uid")
	}
	if version(t, again) <= version(t, u) {
		t.Errorf("the version went from %s to %s", u.GetResourceVersion(), again.GetResourceVersion())
	}
}

func TestStoreApply(t *testing.T) {
	ctx, c := t.Context(), millracetest.NewCluster(t)
	kube := c.Kubernetes()
	apply := func(manifest, owner string, opts ...client.ApplyOption) (*unstructured.Unstructured, error) {
		u := object(t, manifest)
		return u, kube.Apply(ctx, client.ApplyConfigurationFromUnstructured(u), append(opts, client.FieldOwner(owner))...)
	}
	first, err := apply(widget, "a")
	must(t, err)
	if first.GetUID() == "" || first.GetGeneration() != 1 {
		t.Errorf("applied %v", first.Object["metadata"])
	}
	same, err := apply(widget, "a")
	must(t, err)
	if same.GetUID() != first.GetUID() || same.GetGeneration() != 1 {
		t.Errorf("applied again %v", same.Object["metadata"])
	}
	other := `{apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: data}, spec: {size: 2}}`
	if _, err := apply(other, "b"); !apierrors.IsConflict(err) {
		t.Errorf("got %v", err)
	}
	if _, err := apply(`{apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: data}, spec: {color: red}}`, "b"); err != nil {
		t.Errorf("another field is no conflict: %v", err)
	}
	forced, err := apply(other, "b", client.ForceOwnership)
	must(t, err)
	if forced.GetGeneration() != 3 {
		t.Errorf("applied by force %v", forced.Object["metadata"])
	}
	// What its owner leaves out goes away.
	must2(t)(apply(`{apiVersion: example.com/v1, kind: Widget, metadata: {name: w, namespace: data}, spec: {size: 2}}`, "b"))
	if _, ok, _ := unstructured.NestedString(get(t, kube, first).Object, "spec", "color"); ok {
		t.Error("the field that nobody owns is still there")
	}
}

func must2(t testing.TB) func(*unstructured.Unstructured, error) {
	return func(_ *unstructured.Unstructured, err error) { t.Helper(); must(t, err) }
}

func TestStoreStatus(t *testing.T) {
	ctx, c := t.Context(), millracetest.NewCluster(t)
	kube := c.Kubernetes()
	topic := object(t, `{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: {name: t, namespace: kafka}, spec: {partitions: 1}, status: {x: y}}`)
	must(t, kube.Create(ctx, topic))
	if _, ok := topic.Object["status"]; ok {
		t.Error("a status was created")
	}
	topic.Object["status"] = map[string]any{"topicName": "t"}
	must(t, kube.Status().Update(ctx, topic))
	if topic.GetGeneration() != 1 {
		t.Errorf("a status is counted: %v", topic.Object["metadata"])
	}
	topic.Object["status"] = map[string]any{"topicName": "u"}
	must(t, kube.Update(ctx, topic))
	if got, _, _ := unstructured.NestedString(get(t, kube, topic).Object, "status", "topicName"); got != "t" {
		t.Errorf("an update wrote the status: %q", got)
	}
	must(t, kube.Status().Patch(ctx, topic, client.RawPatch("application/merge-patch+json", []byte(`{"status": {"topicName": "v"}}`))))
	if got, _, _ := unstructured.NestedString(get(t, kube, topic).Object, "status", "topicName"); got != "v" {
		t.Errorf("the status was not patched: %q", got)
	}
}

func TestStoreTyped(t *testing.T) {
	ctx, c := t.Context(), millracetest.NewCluster(t)
	kube := c.Kubernetes()
	in := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "m", Namespace: "data"}, Data: map[string]string{"a": "b"}}
	must(t, kube.Create(ctx, in))
	w, err := kube.Watch(ctx, &corev1.ConfigMapList{}, client.InNamespace("data"))
	must(t, err)
	defer w.Stop()
	e := <-w.ResultChan()
	if got, ok := e.Object.(*corev1.ConfigMap); !ok || e.Type != watch.Added || got.Data["a"] != "b" || got.UID != in.UID {
		t.Errorf("got %v", e)
	}
	var list corev1.ConfigMapList
	must(t, kube.List(ctx, &list))
	if len(list.Items) != 1 || list.ResourceVersion == "" {
		t.Errorf("got %v", list)
	}
}

func widgets() *unstructured.UnstructuredList {
	l := new(unstructured.UnstructuredList)
	l.SetAPIVersion("example.com/v1")
	l.SetKind("WidgetList")
	return l
}

func TestStoreWatch(t *testing.T) {
	ctx, c := t.Context(), millracetest.NewCluster(t)
	kube := c.Kubernetes()
	one, two := object(t, widget), object(t, widget)
	two.SetName("v")
	two.SetLabels(map[string]string{"a": "b"})
	must(t, kube.Create(ctx, one))
	list := widgets()
	must(t, kube.List(ctx, list))
	must(t, kube.Create(ctx, two))
	one.SetLabels(map[string]string{"x": "y"})
	must(t, kube.Update(ctx, one))
	must(t, kube.Update(ctx, one.DeepCopy())) // changes nothing
	must(t, kube.Delete(ctx, one))

	read := func(n int, opts ...client.ListOption) (out []string) {
		t.Helper()
		w, err := kube.Watch(ctx, widgets(), opts...)
		must(t, err)
		defer w.Stop()
		last := 0
		for range n {
			select {
			case e := <-w.ResultChan():
				o := e.Object.(*unstructured.Unstructured)
				out = append(out, string(e.Type)+" "+o.GetName())
				if v := version(t, o); v <= last {
					t.Errorf("version %d comes after %d", v, last)
				} else {
					last = v
				}
			case <-time.After(5 * time.Second):
				t.Fatalf("nothing comes after %v", out)
			}
		}
		select {
		case e := <-w.ResultChan():
			t.Errorf("%v comes after %v", e, out)
		case <-time.After(10 * time.Millisecond):
		}
		return out
	}
	since := &client.ListOptions{Raw: &metav1.ListOptions{ResourceVersion: list.GetResourceVersion()}}
	for name, test := range map[string]struct {
		opts []client.ListOption
		want []string
	}{
		"from the beginning": {nil, []string{"ADDED v"}},
		"from a version":     {[]client.ListOption{since}, []string{"ADDED v", "MODIFIED w", "DELETED w"}},
		"by name":            {[]client.ListOption{since, client.MatchingFields{"metadata.name": "w"}}, []string{"MODIFIED w", "DELETED w"}},
		"by label":           {[]client.ListOption{since, client.MatchingLabels{"a": "b"}}, []string{"ADDED v"}},
		"elsewhere":          {[]client.ListOption{since, client.InNamespace("other")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, read(len(test.want), test.opts...)); diff != "" {
				t.Error(diff)
			}
		})
	}
	if _, err := kube.Watch(ctx, widgets(), &client.ListOptions{FieldSelector: fields.OneTermEqualSelector("spec.size", "1")}); !apierrors.IsBadRequest(err) {
		t.Errorf("got %v", err)
	}
	if _, err := kube.Watch(ctx, widgets(), &client.ListOptions{Raw: &metav1.ListOptions{ResourceVersion: "x"}}); !apierrors.IsBadRequest(err) {
		t.Errorf("got %v", err)
	}
	named := widgets()
	must(t, kube.List(ctx, named, client.MatchingFields{"metadata.name": "v"}))
	if len(named.Items) != 1 {
		t.Errorf("listed %v", named.Items)
	}
	must(t, kube.List(ctx, named, client.MatchingFields{"metadata.name": "w"}))
	if len(named.Items) != 0 {
		t.Errorf("listed %v", named.Items)
	}
}

func TestStoreDelete(t *testing.T) {
	ctx, c := t.Context(), millracetest.NewCluster(t)
	kube := c.Kubernetes()
	u := object(t, widget)
	u.SetFinalizers([]string{"example.com/f"})
	must(t, kube.Create(ctx, u))
	wrong := client.Preconditions{UID: new(u.GetUID() + "x")}
	if err := kube.Delete(ctx, u, wrong); !apierrors.IsConflict(err) {
		t.Errorf("got %v", err)
	}
	must(t, kube.Delete(ctx, u, client.Preconditions{UID: new(u.GetUID())}))
	left := get(t, kube, u)
	if left.GetDeletionTimestamp() == nil {
		t.Fatal("it is not being deleted")
	}
	left.SetFinalizers(nil)
	must(t, kube.Update(ctx, left))
	if err := kube.Get(ctx, client.ObjectKeyFromObject(u), u); !apierrors.IsNotFound(err) {
		t.Errorf("got %v", err)
	}
	for _, name := range []string{"a", "b"} {
		u := object(t, widget)
		u.SetName(name)
		must(t, kube.Create(ctx, u))
	}
	must(t, kube.DeleteAllOf(ctx, object(t, widget), client.InNamespace("data")))
	list := widgets()
	must(t, kube.List(ctx, list))
	if len(list.Items) != 0 {
		t.Errorf("left are %v", list.Items)
	}
}

func TestGarbageCollection(t *testing.T) {
	ctx, c := t.Context(), millracetest.NewCluster(t)
	kube := c.Kubernetes()
	owner := object(t, widget)
	must(t, kube.Create(ctx, owner))
	parent := owner
	for _, name := range []string{"child", "grandchild"} {
		u := object(t, widget)
		u.SetName(name)
		u.SetOwnerReferences([]metav1.OwnerReference{{APIVersion: "example.com/v1", Kind: "Widget", Name: parent.GetName(), UID: parent.GetUID()}})
		must(t, kube.Create(ctx, u))
		parent = u
	}
	must(t, kube.Delete(ctx, owner))
	c.Settle()
	list := widgets()
	must(t, kube.List(ctx, list))
	if len(list.Items) != 0 {
		t.Errorf("left are %v", list.Items)
	}
}

func TestCanceledContext(t *testing.T) {
	c := millracetest.NewCluster(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	kube := c.Kubernetes()
	_, watched := kube.Watch(ctx, widgets())
	for name, err := range map[string]error{
		"create": kube.Create(ctx, object(t, widget)),
		"apply":  kube.Apply(ctx, client.ApplyConfigurationFromUnstructured(object(t, widget)), client.FieldOwner("a")),
		"get":    kube.Get(ctx, client.ObjectKey{Name: "x"}, object(t, widget)),
		"list":   kube.List(ctx, widgets()),
		"delete": kube.Delete(ctx, object(t, widget)),
		"watch":  watched,
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
