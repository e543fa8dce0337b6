package spark_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// typed are jobs whose fields FromApplication finds again, all of them.
func typedJobs() map[string]*spark.Job {
	out := map[string]*spark.Job{"minimal": minimal(), "article": ordersDaily(), "dynamic": dynamic(), "uniffle": uniffle()}
	all := everything()
	all.Driver.Volumes, all.Executor.Volumes = nil, nil // stay in the template
	all.Placement, all.Executor.Placement = millrace.Placement{}, millrace.Placement{NodeSelector: map[string]string{"workload": "spark-executor"}}
	all.Conf = map[string]string{"spark.x": "1"}
	out["everything"] = all
	with := func(name string, edit func(*spark.Job)) {
		j := minimal()
		edit(j)
		out[name] = j
	}
	for i, part := range partFields {
		switch part.least.(type) {
		case spark.EmptyDir, spark.LocalDisks, spark.Tmpfs:
			continue // stay in the template
		}
		for field, sample := range part.samples {
			if field == "WriteReplicas" || field == "ReadReplicas" {
				continue // alone they mean what other numbers mean as well
			}
			value := reflect.New(reflect.TypeOf(part.least)).Elem()
			value.Set(reflect.ValueOf(part.least))
			value.FieldByName(field).Set(reflect.ValueOf(sample))
			with(fmt.Sprintf("%d %T.%s", i, part.least, field), func(j *spark.Job) {
				j.Executor.Memory, j.Executor.Cores, j.Executor.Instances = 4*millrace.GiB, 2, 3
				if k, ok := value.Interface().(spark.Kueue); ok && k.Elastic {
					j.Executor.Instances, j.Executor.DynamicAllocation = 0, spark.DynamicAllocation{Min: 1, Max: 3}
				}
				set(j, part.field, value.Interface())
			})
		}
	}
	with("replicas", func(j *spark.Job) {
		j.Shuffle = spark.Uniffle{Coordinators: []string{"a:1"}, Replicas: 3, WriteReplicas: 3, ReadReplicas: 2}
	})
	with("tuning", func(j *spark.Job) {
		j.Version, j.Executor.Cores = "4.1.2", 4
		j.Tuning = spark.Tuning{
			ShufflePartitions: 400, MaxPartitionBytes: 64 * millrace.MiB, TaskFailures: 8, TaskCPUs: 2, ExecutorFailures: 9,
			FailureWindow: time.Hour, NetworkTimeout: 5 * time.Minute, Heartbeat: 20 * time.Second,
			Adaptive: spark.Adaptive{Enabled: new(true), Coalesce: new(false), PartitionSize: 128 * millrace.MiB, InitialPartitions: 7, SkewJoin: new(true),
				SkewFactor: 3.5, SkewSize: 256 * millrace.MiB},
			Speculation: spark.Speculation{On: true, Multiplier: 2.5, Quantile: 0.95, MinRuntime: 1500 * time.Millisecond},
			Kryo:        spark.Kryo{On: true, MaxBuffer: 256 * millrace.MiB},
			Allocation:  spark.Allocation{Batch: 50, BatchDelay: 2 * time.Second, MaxPending: 5, APITimeout: 2 * time.Minute},
		}
	})
	with("adaptive execution is off", func(j *spark.Job) { j.Tuning.Adaptive.Enabled = new(false) })
	with("observe", func(j *spark.Job) {
		j.Driver.Annotations = map[string]string{"a": "b"}
		j.Observe = spark.Observe{
			EventLog: spark.EventLog{Dir: "s3a://logs/", MaxFileSize: 64 * millrace.MiB, Compress: new(false)},
			UI:       spark.UI{Port: 4050, RetainedJobs: 10, RetainedStages: 11, RetainedQueries: 12},
			Metrics:  spark.PrometheusServlet{Path: "/prometheus", Namespace: "etl", ProcessTree: true},
		}
	})
	with("metrics", func(j *spark.Job) { j.Observe.Metrics = spark.PrometheusServlet{} })
	with("executors", func(j *spark.Job) {
		j.Version, j.Main, j.Class = "4.1.2", "local:///a.py", ""
		j.Executor.PythonMemory, j.Executor.OffHeap = millrace.GiB, 2*millrace.GiB
		j.Executor.Broadcast = spark.Broadcast{Static: 5 * millrace.MiB, Measured: new(20 * millrace.MiB)}
		j.Executor.DynamicAllocation = spark.DynamicAllocation{Min: 1, Initial: 2, Max: 5, ShuffleTracking: new(true), ShuffleTrackingTimeout: time.Hour, IdleTimeout: time.Minute}
		j.Executor.EnvFrom = []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "a"}}}}
		j.Executor.Labels, j.Executor.Annotations = map[string]string{"a": "b"}, map[string]string{"c": "d"}
		j.Deps.PyFiles = []string{"local:///b.py"}
	})
	with("never", func(j *spark.Job) { j.Lifecycle.Restart = spark.Never })
	with("held back", func(j *spark.Job) { j.Lifecycle.Suspended = true })
	return out
}

// TestFromApplicationIsTheJob: what a Job says in its fields is in these fields
// again, and nowhere else.
func TestFromApplicationIsTheJob(t *testing.T) {
	for name, job := range typedJobs() {
		for _, target := range []spark.Target{nil, spark.ApacheOperator{}} {
			t.Run(fmt.Sprintf("%s %T", name, target), func(t *testing.T) {
				job.Target, job.NoDefaults = target, true
				o, err := application(job)
				if err != nil {
					if target == nil {
						t.Fatal(err)
					}
					return // Apache's operator doesn't take everything
				}
				got, err := spark.FromApplication(o)
				if err != nil {
					t.Fatal(err)
				}
				want := *job
				if want.Language == "" {
					want.Language = got.Language // which Main tells
				}
				var ignore cmp.Option = cmp.Options{}
				if to := &want.Executor.DynamicAllocation; target != nil && to.Max != 0 && to.ShuffleTracking == nil {
					to.ShuffleTracking = new(job.Shuffle == nil) // as a setting it is always said
				}
				if target != nil {
					// Apache's operator has its own fields, and some of the job's are
					// none: these stay settings or lie in its Base.
					ignore = cmpopts.IgnoreFields(spark.Job{}, "Lifecycle", "Target", "Language")
				}
				if diff := cmp.Diff(&want, got, ignore, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
			})
		}
	}
}
