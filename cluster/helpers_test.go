package cluster_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/millracetest"
)

const (
	topic = `{apiVersion: kafka.strimzi.io/v1, kind: KafkaTopic, metadata: {name: orders, namespace: kafka, labels: {strimzi.io/cluster: k}}, spec: {partitions: 24}}`
	app   = `{apiVersion: sparkoperator.k8s.io/v1beta2, kind: SparkApplication, metadata: {name: etl, namespace: data}, spec: {mode: cluster}}`
	flow  = `{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: daily, namespace: data},
		spec: {entrypoint: main, templates: [{name: main, container: {image: x}}]}}`
	settings = `{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: data}, data: {a: b}}`
)

var (
	topicKind = schema.GroupVersionKind{Group: "kafka.strimzi.io", Version: "v1", Kind: "KafkaTopic"}
	sparkKind = schema.GroupVersionKind{Group: "sparkoperator.k8s.io", Version: "v1beta2", Kind: "SparkApplication"}
	flowKind  = schema.GroupVersionKind{Group: "argoproj.io", Version: "v1alpha1", Kind: "Workflow"}
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

func bundle(t testing.TB, manifests ...string) *millrace.Bundle {
	t.Helper()
	var parts millrace.Parts
	for _, m := range manifests {
		parts.Objects = append(parts.Objects, object(t, m))
	}
	b, err := millrace.Build(parts)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// over returns a client of the cluster through which faults go.
func over(t testing.TB, c *millracetest.Cluster, faults interceptor.Funcs, opts ...cluster.Option) *cluster.Client {
	t.Helper()
	return clientOf(t, interceptor.NewClient(c.Kubernetes(), faults), opts...)
}

func clientOf(t testing.TB, kube client.WithWatch, opts ...cluster.Option) *cluster.Client {
	t.Helper()
	out, err := cluster.NewFromClient(kube, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func submit(t testing.TB, c *cluster.Client, manifests ...string) *cluster.Run {
	t.Helper()
	run, err := c.Submit(t.Context(), bundle(t, manifests...))
	if err != nil {
		t.Fatal(err)
	}
	return run
}

// counter counts calls.
type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) next() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n
}

func (c *counter) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.n
}

// refuses is a client whose mapper does not know some kinds.
type refuses struct {
	client.WithWatch
	kinds []string
}

func (r refuses) RESTMapper() meta.RESTMapper { return refusing{r.WithWatch.RESTMapper(), r.kinds} }

type refusing struct {
	meta.RESTMapper
	kinds []string
}

func (r refusing) RESTMapping(gk schema.GroupKind, versions ...string) (*meta.RESTMapping, error) {
	if slices.Contains(r.kinds, gk.Kind) {
		return nil, &meta.NoKindMatchError{GroupKind: gk, SearchedVersions: versions}
	}
	return r.RESTMapper.RESTMapping(gk, versions...)
}

var (
	forbidden   = apierrors.NewForbidden(schema.GroupResource{Group: "kafka.strimzi.io", Resource: "kafkatopics"}, "orders", nil)
	gone        = apierrors.NewResourceExpired("too old resource version")
	unavailable = apierrors.NewServiceUnavailable("restarting")
)

// set writes a field of an object's status, as its operator would. It patches
// it, as scripted operators may be writing beside it.
func set(t testing.TB, c *millracetest.Cluster, kind schema.GroupVersionKind, namespace, name string, value any, path ...string) {
	t.Helper()
	u := c.Object(kind, namespace, name)
	if u == nil {
		t.Fatalf("there is no %s %s/%s", kind.Kind, namespace, name)
	}
	var err error
	if kind == flowKind {
		err = c.Kubernetes().Patch(context.Background(), u, merge(t, value, path...))
	} else {
		err = c.Kubernetes().Status().Patch(context.Background(), u, merge(t, value, path...))
	}
	if err != nil {
		t.Fatal(err)
	}
}

// merge is the patch that writes one field, whatever else changes meanwhile.
func merge(t testing.TB, value any, path ...string) client.Patch {
	t.Helper()
	tree := map[string]any{}
	if err := unstructured.SetNestedField(tree, value, path...); err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return client.RawPatch(types.MergePatchType, data)
}

// readyTopic marks a topic as ready.
func readyTopic(t testing.TB, c *millracetest.Cluster, name string) {
	t.Helper()
	set(t, c, topicKind, "kafka", name, map[string]any{"observedGeneration": int64(1),
		"conditions": []any{map[string]any{"type": "Ready", "status": "True"}}}, "status")
}

// idle is a topic that no topic operator feels responsible for, so that only
// a test changes it.
func idle(name string) string {
	return strings.Replace(strings.Replace(topic, "labels: {strimzi.io/cluster: k}", "", 1), "orders", name, 1)
}

// background returns a channel that closes when do has returned.
func background(do func()) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	return done
}

// failing returns a watch that sends one error and closes.
func failing(err *apierrors.StatusError) watch.Interface {
	w := watch.NewFakeWithChanSize(1, false)
	status := err.Status()
	w.Error(&status)
	w.Stop()
	return w
}

// closed returns a watch that ends at once.
func closed() watch.Interface {
	w := watch.NewFake()
	w.Stop()
	return w
}
