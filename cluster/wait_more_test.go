package cluster_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/millracetest"
)

// TestOldVersion waits for an object that changed so long ago that the API
// server can't watch from its version.
func TestOldVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		var gets, watches counter
		run := submit(t, over(t, c, interceptor.Funcs{
			Get: func(ctx context.Context, next client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
				gets.next()
				return next.Get(ctx, key, o, opts...)
			},
			Watch: func(ctx context.Context, next client.WithWatch, list client.ObjectList, opts ...client.ListOption) (watch.Interface, error) {
				watches.next()
				var o client.ListOptions
				o.ApplyOptions(opts)
				if o.FieldSelector == nil || o.FieldSelector.String() != "metadata.name=orders" {
					t.Errorf("it watches with %v", o.FieldSelector)
				}
				if o.Raw.ResourceVersion != "" {
					return nil, gone
				}
				return next.Watch(ctx, list, opts...)
			}}), idle("orders"))
		time.AfterFunc(4*time.Minute, func() { readyTopic(t, c, "orders") })
		began := time.Now()
		if err := run.Wait(within(t, time.Hour)); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != 4*time.Minute || gets.count() > 3 || watches.count() > 2 {
			t.Errorf("it took %v, %d gets and %d watches", took, gets.count(), watches.count())
		}
	})
}

// TestOneOfManyIsGone has one of two objects deleted before the wait.
func TestOneOfManyIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		run := submit(t, c.Client(), idle("a1"), idle("a2"), idle("a3"))
		if err := c.Kubernetes().Delete(t.Context(), object(t, idle("a2"))); err != nil {
			t.Fatal(err)
		}
		f := wantFailure(t, run.Wait(within(t, time.Hour)), cluster.ReasonDeleted)
		if f.Object.Name != "a2" {
			t.Errorf("got %v", f)
		}
	})
}

// TestFlapping has a topic recover and fail again: patience begins anew.
func TestFlapping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		run := submit(t, c.Client(), idle("orders"))
		say := func(status string) {
			set(t, c, topicKind, "kafka", "orders", map[string]any{"observedGeneration": int64(1),
				"conditions": []any{map[string]any{"type": "Ready", "status": status, "reason": "KafkaError"}}}, "status")
		}
		say("False")
		time.AfterFunc(3*time.Minute, func() { say("Unknown") })
		time.AfterFunc(4*time.Minute, func() { say("False") })
		time.AfterFunc(8*time.Minute, func() { say("True") })
		if err := run.Wait(within(t, time.Hour)); err != nil {
			t.Error(err)
		}
	})
}

// TestOldEvents has a watch bring events that are older than what was read.
func TestOldEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		w := watch.NewRaceFreeFake()
		run := submit(t, over(t, c, interceptor.Funcs{
			Watch: func(context.Context, client.WithWatch, client.ObjectList, ...client.ListOption) (watch.Interface, error) {
				return w, nil
			}}), app)
		for i, state := range []string{"SUBMITTED", "RUNNING"} {
			set(t, c, sparkKind, "data", "etl", map[string]any{"applicationState": map[string]any{"state": state}}, "status")
			u := c.Object(sparkKind, "data", "etl")
			u.SetResourceVersion(fmt.Sprint(i + 1))
			w.Modify(u)
		}
		last := c.Object(sparkKind, "data", "etl")
		last.Object["status"] = map[string]any{"applicationState": map[string]any{"state": "COMPLETED"}}
		last.SetResourceVersion("1000")
		w.Modify(last)
		var out bytes.Buffer
		if err := run.Wait(within(t, time.Hour), cluster.Progress(&out)); err != nil {
			t.Fatal(err)
		}
		if got := out.String(); got != "sparkapplication etl: RUNNING\nsparkapplication etl: COMPLETED\n" {
			t.Errorf("it printed\n%s", got)
		}
	})
}

// TestTasksAreReportedOnce watches a workflow of several tasks.
func TestTasksAreReportedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		var out bytes.Buffer
		err := submit(t, c.Client(), `{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: w, namespace: data}, spec: {entrypoint: main, templates: [
			{name: a, container: {image: x}}, {name: main, dag: {tasks: [{name: one, template: a}, {name: two, template: a, depends: one.Succeeded}]}}]}}`).
			Wait(within(t, time.Hour), cluster.Progress(&out))
		if err != nil {
			t.Fatal(err)
		}
		want := `workflow w: Running
workflow w: one Pending
workflow w: one Running
workflow w: one Succeeded
workflow w: two Pending
workflow w: two Running
workflow w: two Succeeded
workflow w: Succeeded
`
		if got := out.String(); got != want {
			t.Errorf("it printed\n%s", got)
		}
	})
}

// TestDeletedInBetween has the object of the same name go away between the
// create that it refused and the look at it.
func TestDeletedInBetween(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		submit(t, c.Client(), app)
		kube := over(t, c, interceptor.Funcs{
			Get: func(ctx context.Context, next client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
				if err := client.IgnoreNotFound(next.Delete(ctx, object(t, app))); err != nil {
					t.Error(err)
				}
				return next.Get(ctx, key, o, opts...)
			}})
		if got := submit(t, kube, strings.Replace(app, "mode: cluster", "mode: client", 1)).Objects()[0].Action; got != cluster.Created {
			t.Errorf("it was %s", got)
		}
	})
}

// TestLongList waits in vain for more than an error can list.
func TestLongList(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		var manifests []string
		for i := range 30 {
			manifests = append(manifests, idle(fmt.Sprintf("t%02d", i)))
		}
		err := submit(t, c.Client(), manifests...).Wait(within(t, time.Minute))
		if text := err.Error(); strings.Count(text, "KafkaTopic") != 10 || !strings.HasSuffix(text, ", and 20 more") {
			t.Errorf("got %s", text)
		}
	})
}
