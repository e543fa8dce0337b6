package spark_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// partTargets are where a field may be rendered.
func partTargets() map[string]spark.Target {
	return map[string]spark.Target{"operator": nil, "submit": spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}}
}

// partFields has, for every kind of value that a Job is made of, the least that
// is valid and another value of each field.
var partFields = []struct {
	field   string
	least   any
	samples map[string]any
}{
	{"Shuffle", spark.Decommission{}, map[string]any{"Fallback": "s3a://shuffle/", "KillInterval": 50 * time.Second}},
	{"Shuffle", spark.ReusePVC{StorageClass: "ssd", Size: millrace.GiB}, map[string]any{"StorageClass": "hdd", "Size": 2 * millrace.GiB}},
	{"Shuffle", spark.Celeborn{Masters: []string{"a:1"}}, map[string]any{
		"Masters": []string{"b:1"}, "Writer": spark.SortWriter, "Replicate": new(false), "StageRerun": new(true), "LocalFallback": new(false),
	}},
	{"Shuffle", spark.Uniffle{Coordinators: []string{"a:1"}}, map[string]any{
		"Coordinators": []string{"b:1"}, "AccessID": "etl", "Replicas": int32(3), "WriteReplicas": int32(1), "ReadReplicas": int32(1),
		"Storage": spark.MemoryHDFS, "StageRetry": true,
	}},
	{"Executor.Scratch", spark.EmptyDir{Size: millrace.GiB}, map[string]any{"Size": 2 * millrace.GiB}},
	{"Driver.Scratch", spark.EmptyDir{Size: millrace.GiB}, map[string]any{"Size": 2 * millrace.GiB}},
	{"Executor.Scratch", spark.LocalDisks{Paths: []string{"/mnt/0"}}, map[string]any{"Paths": []string{"/mnt/0", "/mnt/1"}}},
	{"Executor.Scratch", spark.Tmpfs{Size: millrace.GiB}, map[string]any{"Size": 2 * millrace.GiB}},
	{"Driver.Scratch", spark.Tmpfs{Size: millrace.GiB}, map[string]any{"Size": 2 * millrace.GiB}},
	{"Executor.Scratch", spark.ScratchClaims{StorageClass: "ssd", Size: millrace.GiB}, map[string]any{"StorageClass": "hdd", "Size": 2 * millrace.GiB, "Count": int32(2)}},
	{"Driver.Scratch", spark.ScratchClaims{StorageClass: "ssd", Size: millrace.GiB}, map[string]any{"StorageClass": "hdd", "Size": 2 * millrace.GiB, "Count": int32(2)}},
	{"Scheduler", spark.Volcano{}, map[string]any{"Queue": "batch", "PriorityClass": "high", "MinExecutors": new(int32(1))}},
	{"Scheduler", spark.YuniKorn{}, map[string]any{"Queue": "root.batch", "MinExecutors": new(int32(1)), "PlaceTimeout": time.Minute, "Hard": true}},
	{"Scheduler", spark.KubeScheduler{Name: "coscheduler"}, map[string]any{"Name": "other"}},
	{"Scheduler", spark.Kueue{Queue: "batch"}, map[string]any{"Queue": "other", "PriorityClass": "high", "Elastic": true}},
}

// set puts a value into a field of a job: "Executor.Scratch".
func set(j *spark.Job, field string, value any) {
	v := reflect.ValueOf(j).Elem()
	switch field {
	case "Executor.Scratch", "Driver.Scratch":
		v = v.FieldByName(field[:len(field)-len(".Scratch")])
		field = "Scratch"
	}
	v.FieldByName(field).Set(reflect.ValueOf(value))
}

// Each field of a value that a job is made of changes the output, or is refused
// by name, whatever the target; and so does the value itself.
func TestEveryFieldOfPartsIsRendered(t *testing.T) {
	for _, tc := range partFields {
		typ := reflect.TypeOf(tc.least)
		for name, target := range partTargets() {
			without, with := minimal(), minimal()
			without.Target, with.Target = target, target
			set(with, tc.field, tc.least)
			if err := changes(without, with, tc.field); err != nil && typ != reflect.TypeFor[spark.Decommission]() {
				t.Errorf("%s: %v, target %s: %v", tc.field, typ, name, err)
			}
			for i := range typ.NumField() {
				f := typ.Field(i)
				sample, ok := tc.samples[f.Name]
				if !ok {
					t.Errorf("%v.%s: the test has no sample", typ, f.Name)
					continue
				}
				other := reflect.New(typ).Elem()
				other.Set(reflect.ValueOf(tc.least))
				other.Field(i).Set(reflect.ValueOf(sample))
				without, with := minimal(), minimal()
				without.Target, with.Target = target, target
				set(without, tc.field, tc.least)
				set(with, tc.field, other.Interface())
				if _, err := without.Build(); err != nil {
					without = minimal() // the target refuses the value as a whole
					without.Target = target
				}
				if err := changes(without, with, tc.field); err != nil {
					t.Errorf("%v.%s, target %s: %v", typ, f.Name, name, err)
				}
			}
		}
	}
}

// Where Conf names a shuffle service, nothing moves shuffle blocks between
// executors, and none of these is kept for its blocks.
func TestShuffleServiceInConf(t *testing.T) {
	job := minimal()
	job.Executor.DynamicAllocation = spark.DynamicAllocation{Max: 9}
	job.Conf = map[string]string{"spark.shuffle.manager": "org.apache.spark.shuffle.company.OwnShuffleManager"}
	app, err := job.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	if tracking := app.Spec.DynamicAllocation.ShuffleTrackingEnabled; tracking == nil || *tracking {
		t.Error("executors are kept for shuffle data that they don't hold")
	}
	if v, ok := app.Spec.SparkConf["spark.decommission.enabled"]; ok {
		t.Errorf("spark.decommission.enabled = %s", v)
	}
}

// The operator turns shuffle tracking on where it is not said.
func TestShuffleTrackingIsOffBesideAService(t *testing.T) {
	for _, s := range []spark.Shuffle{spark.Celeborn{Masters: []string{"a:1"}}, spark.Uniffle{Coordinators: []string{"a:1"}}} {
		job := minimal()
		job.Executor.DynamicAllocation, job.Shuffle = spark.DynamicAllocation{Max: 9}, s
		app, err := job.SparkApplication()
		if err != nil {
			t.Fatal(err)
		}
		if tracking := app.Spec.DynamicAllocation.ShuffleTrackingEnabled; tracking == nil || *tracking {
			t.Errorf("%T: shuffle tracking is not off", s)
		}
	}
}

// The plugin of the shuffle services is there from the Spark on that asks it,
// and only where executors come and go.
func TestShufflePlugin(t *testing.T) {
	const key = "spark.shuffle.sort.io.plugin.class"
	dynamic := spark.DynamicAllocation{Max: 9}
	for name, tc := range map[string]struct {
		shuffle spark.Shuffle
		dynamic spark.DynamicAllocation
		base    *v1beta2.DynamicAllocation
		want    string
	}{
		"celeborn":          {spark.Celeborn{Masters: []string{"a:1"}}, dynamic, nil, "org.apache.spark.shuffle.celeborn.CelebornShuffleDataIO"},
		"celeborn, by Base": {spark.Celeborn{Masters: []string{"a:1"}}, spark.DynamicAllocation{}, &v1beta2.DynamicAllocation{Enabled: true, MaxExecutors: new(int32(9))}, "org.apache.spark.shuffle.celeborn.CelebornShuffleDataIO"},
		"celeborn, at rest": {spark.Celeborn{Masters: []string{"a:1"}}, spark.DynamicAllocation{}, nil, ""},
		"uniffle":           {spark.Uniffle{Coordinators: []string{"a:1"}}, dynamic, nil, "org.apache.spark.shuffle.RssShuffleDataIo"},
		"decommission":      {spark.Decommission{}, dynamic, nil, ""},
		"uniffle, or not":   {spark.Uniffle{Coordinators: []string{"a:1"}, AccessID: "etl"}, spark.DynamicAllocation{}, nil, ""},
		"volumes handed on": {spark.ReusePVC{StorageClass: "a", Size: millrace.GiB}, dynamic, nil, "org.apache.spark.shuffle.KubernetesLocalDiskShuffleDataIO"},
	} {
		t.Run(name, func(t *testing.T) {
			job := minimal()
			job.Shuffle, job.Executor.DynamicAllocation, job.Base.DynamicAllocation = tc.shuffle, tc.dynamic, tc.base
			app, err := job.SparkApplication()
			if err != nil {
				t.Fatal(err)
			}
			if got := app.Spec.SparkConf[key]; got != tc.want {
				t.Errorf("%s = %q, want %q", key, got, tc.want)
			}
		})
	}
}

// A gang is what the job starts with, as Spark counts it.
func TestGang(t *testing.T) {
	for name, tc := range map[string]struct {
		edit        func(*spark.Job)
		cpu, memory string
	}{
		"two executors by default":  {func(*spark.Job) {}, "5", "11442Mi"},
		"Python needs more":         {func(j *spark.Job) { j.Main, j.Class = "local:///a.py", "" }, "5", "14335Mi"},
		"a part of a CPU":           {func(j *spark.Job) { j.Driver.CoreRequest, j.Executor.CoreRequest = "500m", "1500m" }, "3500m", "11442Mi"},
		"off-heap memory":           {func(j *spark.Job) { j.Executor.OffHeap = millrace.GiB }, "5", "13490Mi"},
		"what may be gone at first": {func(j *spark.Job) { j.Executor.DynamicAllocation = spark.DynamicAllocation{Max: 9} }, "1", "2432Mi"},
		"what must be there":        {func(j *spark.Job) { j.Executor.DynamicAllocation = spark.DynamicAllocation{Min: 3, Max: 9} }, "7", "15947Mi"},
		"what is there at first":    {func(j *spark.Job) { j.Executor.DynamicAllocation = spark.DynamicAllocation{Min: 3, Initial: 4, Max: 9} }, "9", "20452Mi"},
		"no executor":               {func(j *spark.Job) { j.Scheduler = spark.Volcano{MinExecutors: new(int32(0))} }, "1", "2432Mi"},
		"one of them":               {func(j *spark.Job) { j.Scheduler = spark.Volcano{MinExecutors: new(int32(1))} }, "3", "6937Mi"},
		"scratch in memory":         {func(j *spark.Job) { j.Executor.Scratch = spark.Tmpfs{Size: millrace.GiB} }, "5", "13490Mi"},
	} {
		t.Run(name, func(t *testing.T) {
			job := minimal()
			job.Scheduler = spark.Volcano{}
			tc.edit(job)
			app, err := job.SparkApplication()
			if err != nil {
				t.Fatal(err)
			}
			got := app.Spec.BatchSchedulerOptions.Resources
			for name, want := range map[corev1.ResourceName]string{corev1.ResourceCPU: tc.cpu, corev1.ResourceMemory: tc.memory} {
				if q := got[name]; q.Cmp(resource.MustParse(want)) != 0 {
					t.Errorf("%s = %s, want %s", name, q.String(), want)
				}
			}
		})
	}
}

// Beside CPU and memory, a gang asks for disk and devices.
func TestGangOnDisk(t *testing.T) {
	job := minimal()
	job.Scheduler = spark.Volcano{}
	job.Executor.Scratch = spark.EmptyDir{Size: 100 * millrace.GiB}
	job.Base.Executor.GPU = &v1beta2.GPUSpec{Name: "nvidia.com/gpu", Quantity: 2}
	app, err := job.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for name, q := range app.Spec.BatchSchedulerOptions.Resources {
		got[string(name)] = q.String()
	}
	want := map[string]string{"cpu": "5", "memory": "11442Mi", "ephemeral-storage": "200Gi", "nvidia.com/gpu": "4"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
}

// What a workflow fills in later can't be counted now.
func TestGangOfUnknownSize(t *testing.T) {
	for _, s := range []spark.Scheduler{spark.Volcano{}, spark.YuniKorn{}} {
		job := minimal()
		job.Name, job.Scheduler = "", s
		job.Executor.CoreRequest = "{{workflow.parameters.cores}}"
		_, err := job.Runnable("data")
		if diff := cmp.Diff([]string{unsupported + " Scheduler"}, findings(t, err)); diff != "" {
			t.Errorf("%T: findings (-want +got):\n%s", s, diff)
		}
	}
}
