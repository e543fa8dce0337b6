package spark_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// scheduleAgain makes a schedule of an object, which must render as it does.
func scheduleAgain(t *testing.T, o millrace.Object) *spark.ScheduledJob {
	t.Helper()
	before := o.DeepCopyObject()
	got, err := spark.FromSchedule(o)
	if err != nil {
		t.Fatal(err)
	}
	again, err := got.ScheduledSparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tree(t, o), tree(t, again), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("it renders otherwise (-original +schedule):\n%s", diff)
	}
	other, _ := spark.FromSchedule(before.DeepCopyObject().(millrace.Object))
	scribble(o)
	if diff := cmp.Diff(other, got); diff != "" {
		t.Errorf("it shares memory with the object:\n%s", diff)
	}
	return got
}

// The operator's own two examples, and millrace's.
func TestFromScheduleOfFiles(t *testing.T) {
	count := 0
	files, err := filepath.Glob(filepath.Join("testdata", "*.scheduled.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range append(files, operatorExamples(t)...) {
		bundle, err := millrace.Load(file)
		if err != nil {
			continue // TestFromApplicationOfUpstreamExamples says which, and why
		}
		for _, o := range bundle.Objects() {
			if o.GetObjectKind().GroupVersionKind().Kind == "ScheduledSparkApplication" {
				count++
				t.Run(filepath.Base(file), func(t *testing.T) {
					got := scheduleAgain(t, o)
					if got.Job.Driver.Memory == 0 {
						t.Errorf("what has a field stands in Base: %+v", got.Job.Base)
					}
				})
			}
		}
	}
	if count != 4 {
		t.Errorf("%d schedules", count)
	}
}

// What a schedule says in its fields is in these fields again.
func TestFromScheduleIsTheSchedule(t *testing.T) {
	all, plain := allOfSchedule(), nightly()
	all.Job.Labels, all.Job.NoDefaults = nil, true
	all.Job.Language = spark.Python
	plain.Concurrency, plain.Job.NoDefaults, plain.Job.Language = spark.AllowConcurrent, true, spark.Scala
	all.Base.Suspend, plain.Base.Suspend = nil, new(false)
	for name, want := range map[string]*spark.ScheduledJob{"all": all, "plain": plain} {
		app, err := want.ScheduledSparkApplication()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, scheduleAgain(t, app), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestFromScheduleRefuses(t *testing.T) {
	app, err := nightly().ScheduledSparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	silent, never := app.DeepCopy(), app.DeepCopy()
	silent.Spec.ConcurrencyPolicy, silent.Spec.Schedule = "", "x"
	never.Spec.Schedule = "0 0 30 2 *"
	for name, tc := range map[string]struct {
		o    millrace.Object
		want []string
	}{
		"no policy, no schedule": {silent, []string{required + " Concurrency", invalid + " Schedule"}},
		"never":                  {never, []string{invalid + " Schedule"}},
	} {
		got, err := spark.FromSchedule(tc.o)
		if got == nil {
			t.Errorf("%s: no schedule to correct", name)
		}
		if diff := cmp.Diff(tc.want, findings(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	loaded := func(version string) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": version, "kind": "ScheduledSparkApplication", "metadata": map[string]any{"name": "a"}, "spec": map[string]any{"scedule": "@daily"},
		}}
	}
	for name, tc := range map[string]struct {
		o    millrace.Object
		want string
	}{
		"nil": {nil, "not a ScheduledSparkApplication"}, "typed nil": {(*v1beta2.ScheduledSparkApplication)(nil), "not a ScheduledSparkApplication"},
		"an application": {bareApplication(), "not a ScheduledSparkApplication"},
		"a field":        {loaded("sparkoperator.k8s.io/v1beta2"), `unknown field "spec.scedule"`},
		"a version":      {loaded("sparkoperator.k8s.io/v1beta1"), "ScheduledSparkApplication a of sparkoperator.k8s.io/v1beta1: not"},
	} {
		got, err := spark.FromSchedule(tc.o)
		_, build := errors.AsType[*millrace.BuildError](err)
		if err == nil || build || got != nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}
