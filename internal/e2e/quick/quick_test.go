package quick_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/internal/e2e"
	"github.com/millrace/millrace/internal/e2e/quick"
	"github.com/millrace/millrace/kafka"
)

// start starts a server that knows topics, and a client for each owner.
func start(t *testing.T) (*quick.Server, client.WithWatch) {
	t.Helper()
	corpus, err := e2e.Corpus()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(corpus, "crds", "strimzi-1.2.0", "*kafkatopic*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("the definition of KafkaTopic: %v, %v", files, err)
	}
	s := quick.Start(t, files...)
	kube, err := s.Client()
	if err != nil {
		t.Fatal(err)
	}
	return s, kube
}

func connect(t *testing.T, kube client.WithWatch, owner string) *cluster.Client {
	t.Helper()
	c, err := cluster.NewFromClient(kube, cluster.FieldOwner(owner))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func topic(t *testing.T, partitions int) *millrace.Bundle {
	t.Helper()
	b, err := millrace.Build(&kafka.Topic{Name: "orders", Namespace: "kafka", Cluster: "data", Partitions: partitions})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func live(ctx context.Context, kube client.Client) (*unstructured.Unstructured, error) {
	u := new(unstructured.Unstructured)
	u.SetAPIVersion("kafka.strimzi.io/v1")
	u.SetKind("KafkaTopic")
	return u, kube.Get(ctx, client.ObjectKey{Namespace: "kafka", Name: "orders"}, u)
}

func TestSchema(t *testing.T) {
	_, kube := start(t)
	for _, change := range []struct {
		name, want string
		value      any
	}{
		{"partitions", "spec.partitions", int64(0)},
		{"replicas", "spec.replicas", "three"},
		{"partitons", "unknown field", int64(3)},
	} {
		content := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaTopic",
			"metadata": map[string]any{"name": "bad", "namespace": "kafka"}, "spec": map[string]any{"partitions": int64(3)},
		}}
		if err := unstructured.SetNestedField(content.Object, change.value, "spec", change.name); err != nil {
			t.Fatal(err)
		}
		err := kube.Create(t.Context(), content, client.FieldValidation(metav1.FieldValidationStrict))
		if err == nil || !strings.Contains(err.Error(), change.want) {
			t.Errorf("%s = %v: got %v, want an error about %s", change.name, change.value, err, change.want)
		}
	}
}

func TestApplyTwice(t *testing.T) {
	_, kube := start(t)
	c := connect(t, kube, "etl")
	var versions []string
	for range 2 {
		run, err := c.Submit(t.Context(), topic(t, 3))
		if err != nil {
			t.Fatal(err)
		}
		if a := run.Objects()[0].Action; a != cluster.Applied {
			t.Errorf("the topic was %s", a)
		}
		u, err := live(t.Context(), kube)
		if err != nil {
			t.Fatal(err)
		}
		versions = append(versions, u.GetResourceVersion())
	}
	if versions[0] != versions[1] {
		t.Errorf("the second apply changed the topic: %v", versions)
	}
}

func TestConflict(t *testing.T) {
	_, kube := start(t)
	if _, err := connect(t, kube, "platform").Submit(t.Context(), topic(t, 3)); err != nil {
		t.Fatal(err)
	}
	c := connect(t, kube, "etl")
	_, err := c.Submit(t.Context(), topic(t, 12))
	conflict, ok := errors.AsType[*cluster.ConflictError](err)
	if !ok {
		t.Fatalf("got %v, want a *ConflictError", err)
	}
	if len(conflict.Fields) != 1 || conflict.Fields[0].Field != ".spec.partitions" || !strings.Contains(conflict.Fields[0].Owner, "platform") {
		t.Errorf("the conflict is %+v", conflict)
	}
	if _, err := c.Submit(t.Context(), topic(t, 12), cluster.ForceOwnership); err != nil {
		t.Error(err)
	}
}

// TestWatch has an operator report a topic ready after a while, with old
// versions compacted away in between.
func TestWatch(t *testing.T) {
	s, kube := start(t)
	run, err := connect(t, kube, "etl").Submit(t.Context(), topic(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	seen := make(chan cluster.Event, 10)
	done := make(chan error, 1)
	go func() { done <- run.Wait(t.Context(), cluster.OnEvent(func(e cluster.Event) { seen <- e })) }()
	for i, status := range []string{"False", "True"} {
		u, err := live(t.Context(), kube)
		if err != nil {
			t.Fatal(err)
		}
		u.Object["status"] = map[string]any{"observedGeneration": u.GetGeneration(),
			"conditions": []any{map[string]any{"type": "Ready", "status": status, "reason": "Busy"}}}
		if err := kube.Status().Update(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			<-seen // the watch stands
			if err := s.Etcd.Compact(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	select {
	case err := <-done:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("Wait does not see that the topic is ready")
	}
}

// TestDeleted: a topic that is deleted during the wait fails it.
func TestDeleted(t *testing.T) {
	_, kube := start(t)
	run, err := connect(t, kube, "etl").Submit(t.Context(), topic(t, 3))
	if err != nil {
		t.Fatal(err)
	}
	u, err := live(t.Context(), kube)
	if err != nil {
		t.Fatal(err)
	}
	if err := kube.Delete(t.Context(), u); err != nil && !apierrors.IsNotFound(err) {
		t.Fatal(err)
	}
	err = run.Wait(t.Context())
	failure, ok := errors.AsType[*cluster.Failure](err)
	if !ok || failure.Reason != cluster.ReasonDeleted {
		t.Errorf("got %v, want a *Failure with reason Deleted", err)
	}
}
