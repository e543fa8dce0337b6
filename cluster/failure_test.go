package cluster_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/millracetest"
)

// sparkFlow is a workflow whose only task creates a SparkApplication, and
// which deletes it when it failed.
const sparkFlow = `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {name: daily, namespace: data}
spec:
  entrypoint: main
  onExit: clean-up
  templates:
  - name: main
    dag:
      tasks: [{name: extract, template: extract}]
  - name: extract
    resource:
      action: apply
      manifest: |
        {"apiVersion": "sparkoperator.k8s.io/v1beta2", "kind": "SparkApplication",
         "metadata": {"name": "{{workflow.name}}-extract", "labels": {"workflows.argoproj.io/workflow": "{{workflow.name}}"}}}
      successCondition: status.applicationState.state == COMPLETED
      failureCondition: status.applicationState.state == FAILED
  - name: clean-up
    resource:
      action: delete
      flags: [sparkapplication, "--selector=workflows.argoproj.io/workflow={{workflow.name}}"]
`

// TestTaskFailure finds out why a task failed although the exit handler has
// deleted the evidence by then.
func TestTaskFailure(t *testing.T) {
	for name, faults := range map[string]interceptor.Funcs{
		"as it is": {},
		"news of the child come late": {Watch: func(ctx context.Context, next client.WithWatch, list client.ObjectList, opts ...client.ListOption) (watch.Interface, error) {
			w, err := next.Watch(ctx, list, opts...)
			if err != nil || list.GetObjectKind().GroupVersionKind().Kind != "SparkApplicationList" {
				return w, err
			}
			late := make(chan watch.Event)
			go func() {
				defer close(late)
				defer w.Stop()
				for {
					select {
					case e, ok := <-w.ResultChan():
						if !ok {
							return
						}
						select {
						case <-time.After(300 * time.Millisecond):
						case <-ctx.Done():
							return
						}
						select {
						case late <- e:
						case <-ctx.Done():
							return
						}
					case <-ctx.Done():
						return
					}
				}
			}()
			return watch.NewProxyWatcher(late), nil
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := millracetest.NewCluster(t)
				c.Fail("extract", millracetest.DriverLost)
				err := submit(t, over(t, c, faults), sparkFlow).Wait(within(t, time.Hour))
				f := wantFailure(t, err, "Failed")
				want := &cluster.Failure{
					Object:   millrace.Ref{Kind: "Workflow", Namespace: "data", Name: "daily"},
					Task:     "extract",
					Resource: millrace.Ref{Kind: "SparkApplication", Namespace: "data", Name: "daily-extract"},
					Reason:   "Failed", Message: millracetest.DriverLost, Fix: f.Fix,
				}
				if diff := cmp.Diff(want, f); diff != "" || !strings.Contains(f.Fix, "evicted") {
					t.Errorf("%s\n%s", diff, f.Fix)
				}
			})
		})
	}
}

// TestTaskFailureUnexplained has no right to look at SparkApplications: the
// failure says less, and comes as soon.
func TestTaskFailureUnexplained(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		c.Fail("extract", millracetest.DriverLost)
		kube := over(t, c, interceptor.Funcs{List: func(context.Context, client.WithWatch, client.ObjectList, ...client.ListOption) error {
			return forbidden
		}})
		began := time.Now()
		f := wantFailure(t, submit(t, kube, sparkFlow).Wait(within(t, time.Hour)), "Failed")
		if f.Task != "extract" || f.Resource != (millrace.Ref{}) || !strings.Contains(f.Message, "failure condition") {
			t.Errorf("got %+v", f)
		}
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// TestFailedBefore waits for a workflow that had failed before, and whose
// SparkApplication is still there.
func TestFailedBefore(t *testing.T) {
	c := millracetest.NewCluster(t)
	c.Fail("extract", millracetest.OOMKilled)
	kept := strings.Replace(sparkFlow, "  onExit: clean-up\n", "", 1)
	submit(t, c.Client(), kept)
	c.Settle()
	run := submit(t, c.Client(), kept)
	if got := run.Objects()[0].Action; got != cluster.Attached {
		t.Errorf("it was %s", got)
	}
	f := wantFailure(t, run.Wait(within(t, time.Minute)), "Failed")
	if f.Resource.Name != "daily-extract" || f.Message != millracetest.OOMKilled {
		t.Errorf("got %+v", f)
	}
}

func TestInvalidWorkflow(t *testing.T) {
	c := millracetest.NewCluster(t)
	err := submit(t, c.Client(), strings.Replace(flow, "entrypoint: main", "entrypoint: mian", 1)).Wait(within(t, time.Minute))
	f := wantFailure(t, err, cluster.ReasonInvalidSpec)
	if f.Task != "" || !strings.Contains(f.Message, "mian") || f.Fix == "" {
		t.Errorf("got %+v", f)
	}
}

func TestFailureError(t *testing.T) {
	cause := errors.New("cause")
	f := &cluster.Failure{Object: millrace.Ref{Kind: "Workflow", Namespace: "data", Name: "daily"}, Task: "extract",
		Resource: millrace.Ref{Kind: "SparkApplication", Namespace: "data", Name: "daily-extract"}, Reason: "Failed", Message: "m", Fix: "do this", Cause: cause}
	if got := f.Error(); got != "Workflow data/daily: task extract: SparkApplication data/daily-extract: Failed: m; do this" {
		t.Error(got)
	}
	if !errors.Is(f, cause) {
		t.Error("the cause is not unwrapped")
	}
	if got := (&cluster.Failure{Object: f.Object, Reason: "Error"}).Error(); got != "Workflow data/daily: Error" {
		t.Error(got)
	}
}
