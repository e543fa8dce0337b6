package cluster_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/millracetest"
)

// within bounds a test that would hang if the feature broke. In a bubble of
// synctest it takes no time.
func within(t testing.TB, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func wantFailure(t *testing.T, err error, reason string) *cluster.Failure {
	t.Helper()
	f, ok := errors.AsType[*cluster.Failure](err)
	if !ok || f.Reason != reason {
		t.Fatalf("got %v, want a failure %s", err, reason)
	}
	return f
}

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		run := submit(t, c.Client(), topic, app, flow, settings)
		var out bytes.Buffer
		if err := run.Wait(within(t, time.Hour), cluster.Progress(&out)); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		seen := make(map[string]bool)
		for _, line := range lines {
			if seen[line] {
				t.Errorf("%q was printed twice", line)
			}
			seen[line] = true
		}
		for _, want := range []string{"kafkatopic orders: Ready", "sparkapplication etl: RUNNING", "sparkapplication etl: COMPLETED",
			"workflow daily: daily Running", "workflow daily: daily Succeeded", "workflow daily: Succeeded"} {
			if !seen[want] {
				t.Errorf("%q was not printed in:\n%s", want, &out)
			}
		}
		// And again, when all is done.
		out.Reset()
		if err := run.Wait(within(t, time.Hour), cluster.Progress(&out)); err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(out.String(), "\n"); got != 4 {
			t.Errorf("the second wait printed:\n%s", &out)
		}
	})
}

func TestWaitForNothing(t *testing.T) {
	c := millracetest.NewCluster(t)
	if err := submit(t, c.Client(), settings).Wait(within(t, time.Minute)); err != nil {
		t.Error(err)
	}
	var run *cluster.Run
	if err := run.Wait(t.Context()); err == nil {
		t.Error("a nil run was waited for")
	}
	if err := new(cluster.Run).Wait(t.Context(), nil, cluster.OnEvent(nil), cluster.Progress(nil)); err == nil {
		t.Error("an empty run was waited for")
	}
}

func TestWaitFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		c.Fail("etl", millracetest.OOMKilled)
		err := submit(t, c.Client(), app, flow).Wait(within(t, time.Hour))
		f := wantFailure(t, err, "FAILED")
		want := &cluster.Failure{Object: millrace.Ref{Kind: "SparkApplication", Namespace: "data", Name: "etl"}, Reason: "FAILED",
			Message: millracetest.OOMKilled, Fix: f.Fix}
		if diff := cmp.Diff(want, f); diff != "" || !strings.Contains(f.Fix, "Driver.Memory") {
			t.Errorf("%s\n%s", diff, f.Fix)
		}
	})
}

func TestKeepGoing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		c.Fail("orders", "Decreasing partitions not supported")
		c.Fail("daily", "main: Error (exit code 2)")
		err := submit(t, c.Client(), topic, app, flow).Wait(within(t, time.Hour), cluster.KeepGoing)
		joined, ok := err.(interface{ Unwrap() []error })
		if !ok {
			t.Fatalf("got %v", err)
		}
		var got []string
		for _, e := range joined.Unwrap() {
			f, ok := errors.AsType[*cluster.Failure](e)
			if !ok {
				t.Fatalf("got %v", e)
			}
			got = append(got, f.Error())
		}
		want := []string{
			"KafkaTopic kafka/orders: NotSupported: Decreasing partitions not supported; the topic operator can't do this change: partitions can only grow, and a topic can't be renamed",
			"Workflow data/daily: task daily: Failed: main: Error (exit code 2)",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWaitIsInterrupted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		run := submit(t, c.Client(), idle("lonely"), settings)
		why := errors.New("the deployment takes too long")
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Minute, why)
		defer cancel()
		err := run.Wait(ctx)
		e, ok := errors.AsType[*cluster.WaitError](err)
		if !ok || !errors.Is(err, why) || !errors.Is(err, context.DeadlineExceeded) || e.LastError != nil {
			t.Fatalf("got %v", err)
		}
		want := []cluster.Pending{{Object: millrace.Ref{Kind: "KafkaTopic", Namespace: "kafka", Name: "lonely"}, State: "Unclaimed", Message: "it has no label strimzi.io/cluster, so no operator looks at it"}}
		if diff := cmp.Diff(want, e.Pending); diff != "" {
			t.Error(diff)
		}
		if got := err.Error(); got != "wait: the deployment takes too long; 1 not finished: KafkaTopic kafka/lonely (Unclaimed: it has no label strimzi.io/cluster, so no operator looks at it)" {
			t.Error(got)
		}
	})
}

func TestDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		run := submit(t, c.Client(), idle("orders"))
		time.AfterFunc(time.Minute, func() {
			if err := c.Kubernetes().Delete(context.Background(), object(t, idle("orders"))); err != nil {
				t.Error(err)
			}
		})
		wantFailure(t, run.Wait(within(t, time.Hour)), cluster.ReasonDeleted)
		// And when it is gone before the wait.
		wantFailure(t, run.Wait(within(t, time.Hour)), cluster.ReasonDeleted)
	})
}

// TestDeletedAfterTheEnd has a time to live delete an object together with its
// last change.
func TestDeletedAfterTheEnd(t *testing.T) {
	for _, state := range []string{"COMPLETED", "FAILED", "RUNNING"} {
		t.Run(state, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := millracetest.NewCluster(t)
				kube := over(t, c, interceptor.Funcs{
					Watch: func(ctx context.Context, next client.WithWatch, list client.ObjectList, opts ...client.ListOption) (watch.Interface, error) {
						w := watch.NewFakeWithChanSize(1, false)
						u := object(t, app)
						u.SetUID(c.Object(sparkKind, "data", "etl").GetUID())
						u.SetResourceVersion("99")
						u.Object["status"] = map[string]any{"applicationState": map[string]any{"state": state}}
						w.Delete(u)
						return w, nil
					}})
				err := submit(t, kube, app).Wait(within(t, time.Hour))
				switch state {
				case "COMPLETED":
					if err != nil {
						t.Error(err)
					}
				case "FAILED":
					wantFailure(t, err, "FAILED")
				default:
					wantFailure(t, err, cluster.ReasonDeleted)
				}
			})
		})
	}
}

func TestReplaced(t *testing.T) {
	for _, how := range []string{"seen as it happens", "found afterwards"} {
		t.Run(how, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := millracetest.NewCluster(t)
				var watches counter
				run := submit(t, over(t, c, interceptor.Funcs{
					Watch: func(ctx context.Context, next client.WithWatch, list client.ObjectList, opts ...client.ListOption) (watch.Interface, error) {
						if how == "found afterwards" {
							watches.next()
							return nil, forbidden
						}
						return next.Watch(ctx, list, opts...)
					}}), idle("orders"))
				time.AfterFunc(time.Minute, func() {
					ctx := context.Background()
					if err := c.Kubernetes().Delete(ctx, object(t, idle("orders"))); err != nil {
						t.Error(err)
					}
					if err := c.Kubernetes().Create(ctx, object(t, idle("orders"))); err != nil {
						t.Error(err)
					}
					readyTopic(t, c, "orders")
				})
				err := run.Wait(within(t, time.Hour))
				if how == "found afterwards" {
					wantFailure(t, err, cluster.ReasonReplaced)
				} else {
					wantFailure(t, err, cluster.ReasonDeleted)
				}
			})
		})
	}
}

// TestPatience has a topic say that it fails while its operator goes on trying.
func TestPatience(t *testing.T) {
	failing := map[string]any{"observedGeneration": int64(1),
		"conditions": []any{map[string]any{"type": "Ready", "status": "False", "reason": "KafkaError", "message": "no broker"}}}
	for name, test := range map[string]struct {
		recovers time.Duration
		opts     []cluster.WaitOption
		fails    time.Duration
	}{
		"recovers in time":  {3 * time.Minute, nil, 0},
		"recovers too late": {7 * time.Minute, nil, 5 * time.Minute},
		"never recovers":    {0, nil, 5 * time.Minute},
		"little patience":   {3 * time.Minute, []cluster.WaitOption{cluster.Patience(time.Minute)}, time.Minute},
		"no patience":       {3 * time.Minute, []cluster.WaitOption{cluster.Patience(-1)}, time.Millisecond},
		"much patience":     {30 * time.Minute, []cluster.WaitOption{cluster.Patience(time.Hour)}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := millracetest.NewCluster(t)
				run := submit(t, c.Client(), idle("orders"))
				set(t, c, topicKind, "kafka", "orders", failing, "status")
				if test.recovers > 0 {
					timer := time.AfterFunc(test.recovers, func() { readyTopic(t, c, "orders") })
					defer timer.Stop()
				}
				began := time.Now()
				err := run.Wait(within(t, 2*time.Hour), test.opts...)
				took := time.Since(began)
				if test.fails == 0 {
					if err != nil || took < test.recovers {
						t.Errorf("got %v after %v", err, took)
					}
					return
				}
				wantFailure(t, err, "KafkaError")
				if took > test.fails+time.Second || took < test.fails-time.Second {
					t.Errorf("it took %v", took)
				}
			})
		})
	}
}

// TestManyObjectsOneWatch waits for hundreds of topics with one watch.
func TestManyObjectsOneWatch(t *testing.T) { synctest.Test(t, manyObjects) }

func manyObjects(t *testing.T) {
	const many = 300
	c := millracetest.NewCluster(t)
	var watches, gets, lists counter
	kube := over(t, c, interceptor.Funcs{
		Watch: func(ctx context.Context, next client.WithWatch, list client.ObjectList, opts ...client.ListOption) (watch.Interface, error) {
			watches.next()
			return next.Watch(ctx, list, opts...)
		},
		Get: func(ctx context.Context, next client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
			gets.next()
			return next.Get(ctx, key, o, opts...)
		},
		List: func(ctx context.Context, next client.WithWatch, list client.ObjectList, opts ...client.ListOption) error {
			lists.next()
			return next.List(ctx, list, opts...)
		},
	})
	var manifests []string
	for i := range many {
		manifests = append(manifests, strings.Replace(topic, "orders", fmt.Sprintf("orders-%d", i), 1))
	}
	var events counter
	if err := submit(t, kube, manifests...).Wait(within(t, time.Minute), cluster.OnEvent(func(cluster.Event) { events.next() })); err != nil {
		t.Fatal(err)
	}
	if watches.count() != 1 || gets.count() != 0 || lists.count() > 2 || events.count() != many {
		t.Errorf("%d watches, %d gets, %d lists, %d events", watches.count(), gets.count(), lists.count(), events.count())
	}
}

// TestNamedRights has a role that names the objects: no list, no watch of the
// namespace, but a get of each.
func TestNamedRights(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		run := submit(t, over(t, c, interceptor.Funcs{
			List: func(context.Context, client.WithWatch, client.ObjectList, ...client.ListOption) error {
				return forbidden
			},
			Watch: func(ctx context.Context, next client.WithWatch, list client.ObjectList, opts ...client.ListOption) (watch.Interface, error) {
				var o client.ListOptions
				o.ApplyOptions(opts)
				if o.FieldSelector == nil {
					return nil, forbidden
				}
				return next.Watch(ctx, list, opts...)
			},
		}), idle("a1"), idle("a2"))
		time.AfterFunc(time.Minute, func() { readyTopic(t, c, "a1") })
		time.AfterFunc(2*time.Minute, func() { readyTopic(t, c, "a2") })
		if err := run.Wait(within(t, time.Hour)); err != nil {
			t.Error(err)
		}
	})
}

// TestBareFake waits on controller-runtime's fake client as it is: no uids, no
// field selectors in lists, no initial events, and the change comes between
// the reading and the watch.
func TestBareFake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bare := fake.NewClientBuilder().WithScheme(runtime.NewScheme()).WithStatusSubresource(object(t, topic)).Build()
		ready := func(name string) {
			u := object(t, idle(name))
			if err := bare.Get(context.Background(), client.ObjectKeyFromObject(u), u); err != nil {
				t.Error(err)
			}
			u.Object["status"] = map[string]any{"conditions": []any{map[string]any{"type": "Ready", "status": "True"}}}
			if err := bare.Status().Update(context.Background(), u); err != nil {
				t.Error(err)
			}
		}
		for _, names := range [][]string{{"b1"}, {"b2", "b3"}} {
			var once sync.Once
			kube := clientOf(t, interceptor.NewClient(bare, interceptor.Funcs{
				Watch: func(ctx context.Context, next client.WithWatch, list client.ObjectList, opts ...client.ListOption) (watch.Interface, error) {
					once.Do(func() { ready(names[0]) })
					return next.Watch(ctx, list, opts...)
				}}))
			var manifests []string
			for _, name := range names {
				manifests = append(manifests, idle(name))
			}
			run := submit(t, kube, manifests...)
			if got := run.Objects()[0].UID; got != "" {
				t.Fatalf("the fake has learned to give uids: %s", got)
			}
			for _, name := range names[1:] {
				time.AfterFunc(time.Minute, func() { ready(name) })
			}
			if err := run.Wait(within(t, time.Hour)); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestWatchIsRenewed has a watch end by its time-out: then everything is read
// again, in case an event was lost.
func TestWatchIsRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		var gets counter
		run := submit(t, over(t, c, interceptor.Funcs{
			Get: func(ctx context.Context, next client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
				gets.next()
				return next.Get(ctx, key, o, opts...)
			},
			Watch: func(ctx context.Context, next client.WithWatch, list client.ObjectList, opts ...client.ListOption) (watch.Interface, error) {
				var o client.ListOptions
				o.ApplyOptions(opts)
				seconds := *o.Raw.TimeoutSeconds
				if seconds < 300 || seconds > 600 || !o.Raw.AllowWatchBookmarks || o.Raw.ResourceVersion == "" {
					t.Errorf("it watches with %+v", o.Raw)
				}
				w := watch.NewRaceFreeFake()
				time.AfterFunc(time.Duration(seconds)*time.Second, w.Stop)
				return w, nil
			}}), idle("orders"))
		time.AfterFunc(2*time.Second, func() { readyTopic(t, c, "orders") })
		began := time.Now()
		if err := run.Wait(within(t, time.Hour)); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 5*time.Minute || took > 11*time.Minute || gets.count() != 3 {
			t.Errorf("it took %v and %d gets", took, gets.count())
		}
	})
}

func TestWaitErrorOfTheNew(t *testing.T) {
	e := &cluster.WaitError{Cause: context.Canceled, Pending: []cluster.Pending{{Object: millrace.Ref{Kind: "Kafka", Name: "events"}, State: "New"}}}
	if got := e.Error(); got != "wait: context canceled; 1 not finished: Kafka events (New: no operator has looked at it yet; does one watch this namespace?)" {
		t.Error(got)
	}
}
