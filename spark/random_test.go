package spark_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	"sigs.k8s.io/randfill"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/spark/apachev1"
)

// oneOf fills one of the values that an interface may hold, or none.
func oneOf[T any](values ...func(c randfill.Continue) T) func(*T, randfill.Continue) {
	return func(to *T, c randfill.Continue) {
		if n := c.Intn(2 * len(values)); n < len(values) {
			*to = values[n](c)
		}
	}
}

// filled returns a value of type V, all of whose fields may be anything.
func filled[V, T any](c randfill.Continue) T {
	var v V
	c.Fill(&v)
	return any(v).(T)
}

// jobFiller fills jobs, and whatever their fields hold.
func jobFiller(seed int64) *randfill.Filler {
	return filler(seed).Funcs(
		func(b *millrace.Bytes, c randfill.Continue) {
			*b = []millrace.Bytes{0, 0, 0, 0, millrace.GiB, 4 * millrace.GiB, 512 * millrace.MiB, 1, -1}[c.Intn(9)]
		},
		func(d *time.Duration, c randfill.Continue) {
			*d = []time.Duration{0, 0, 0, time.Second, time.Minute, time.Hour, time.Millisecond, -1}[c.Intn(8)]
		},
		func(f *float64, c randfill.Continue) { *f = []float64{0, 0, 0, 0.9, 2.5, -1}[c.Intn(6)] },
		func(n *int32, c randfill.Continue) { *n = []int32{0, 0, 0, 0, 1, 2, 8, 4050, -1}[c.Intn(9)] },
		func(b *bool, c randfill.Continue) { *b = c.Intn(4) == 0 },
		func(s *string, c randfill.Continue) {
			*s = ""
			if c.Intn(4) == 0 {
				*s = words[c.Intn(len(words))]
			}
		},
		func(m *map[string]string, c randfill.Continue) {
			if c.Intn(6) == 0 {
				*m = map[string]string{[]string{"a", "b", "spark.x", "spark.executor.memory"}[c.Intn(4)]: words[c.Intn(len(words))]}
			}
		},
		func(l *spark.Language, _ randfill.Continue) { *l = "" },
		func(p *spark.PullPolicy, c randfill.Continue) {
			*p = []spark.PullPolicy{"", spark.PullAlways}[c.Intn(2)]
		},
		func(r *spark.RestartPolicy, c randfill.Continue) {
			*r = []spark.RestartPolicy{"", spark.Never, spark.OnFailure, spark.Always}[c.Intn(4)]
		},
		func(m *spark.Mode, c randfill.Continue) {
			*m = []spark.Mode{"", spark.ClientMode}[c.Intn(2)]
		},
		oneOf(filled[spark.Volcano, spark.Scheduler], filled[spark.YuniKorn], filled[spark.Kueue], filled[spark.KubeScheduler]),
		oneOf(filled[spark.EmptyDir, spark.Scratch], filled[spark.LocalDisks], filled[spark.Tmpfs], filled[spark.ScratchClaims]),
		oneOf(filled[spark.Decommission, spark.Shuffle], filled[spark.ReusePVC], filled[spark.Celeborn], filled[spark.Uniffle]),
		oneOf(filled[spark.PrometheusServlet, spark.Metrics], filled[spark.JMXExporter]),
		oneOf(filled[spark.S3A, spark.Store], filled[spark.GCS], filled[spark.ABFS]),
		oneOf(filled[spark.WebIdentity, spark.AWSCredentials], filled[spark.AccessKeys], filled[spark.AssumedRole], filled[spark.Anonymous]),
		oneOf(filled[spark.GoogleIdentity, spark.GoogleCredentials], filled[spark.KeyFile]),
		oneOf(filled[spark.WorkloadIdentity, spark.AzureCredentials], filled[spark.ServicePrincipal], filled[spark.AccountKey], filled[spark.SASToken]),
		oneOf(filled[spark.SparkOperator, spark.Target], filled[spark.ApacheOperator], filled[spark.Submit]),
		// Base has a test of its own for each field, and refuses most of what is made up.
		func(s *v1beta2.SparkApplicationSpec, c randfill.Continue) { c.Fill(&s.Executor.Template) },
		func(s *v1beta2.ScheduledSparkApplicationSpec, _ randfill.Continue) { s.Suspend = nil },
		func(s *v1alpha1.SparkConnectSpec, c randfill.Continue) { c.Fill(&s.Server.Template) },
		func(s *apachev1.ApplicationSpec, c randfill.Continue) { c.Fill(&s.ApplicationTolerations) },
		func(s *apachev1.ClusterSpec, c randfill.Continue) {
			s.ClusterTolerations = apachev1.ClusterTolerations{}
		},
	)
}

// thin takes most of the groups away, so that some jobs are right.
func thin(seed int64, j *spark.Job) {
	own := minimal()
	j.Name, j.Namespace, j.Image, j.Version, j.Main, j.Class = own.Name, "", own.Image, []string{"3.5.1", "4.1.2"}[seed%2], own.Main, own.Class
	if submit, ok := j.Target.(spark.Submit); ok {
		submit.Master = master
		j.Target = submit
	}
	for bit, leaveOut := range []func(){
		func() { j.Driver = spark.Driver{} }, func() { j.Executor = spark.Executor{} }, func() { j.Deps = spark.Deps{} },
		func() { j.Stores = nil }, func() { j.Observe = spark.Observe{} }, func() { j.Tuning = spark.Tuning{} },
		func() { j.Base, j.Conf, j.HadoopConf = v1beta2.SparkApplicationSpec{}, nil, nil }, func() { j.Shuffle = nil }, func() { j.Scheduler = nil },
		func() { j.Lifecycle = spark.Lifecycle{} }, func() { j.Placement, j.Labels, j.Annotations = millrace.Placement{}, nil, nil },
	} {
		if (seed/2)%11 != int64(bit) && (seed/3)%11 != int64(bit) {
			leaveOut()
		}
	}
}

// pure builds a noun twice, and the same noun, made once more, a third time: no
// mistake is reported in another order, nothing is changed.
func pure(t *testing.T, create func() millrace.Builder) bool {
	t.Helper()
	b := create()
	first, firstErr := b.Build()
	second, secondErr := b.Build()
	if fmt.Sprint(firstErr) != fmt.Sprint(secondErr) {
		t.Fatalf("first %v\nthen %v", firstErr, secondErr)
	}
	if diff := cmp.Diff(first, second); diff != "" {
		t.Fatalf("(-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(create(), b); diff != "" {
		t.Fatalf("Build has changed it:\n%s", diff)
	}
	if firstErr != nil {
		return false
	}
	scribble(first)
	third, _ := b.Build()
	if diff := cmp.Diff(second, third); diff != "" {
		t.Fatalf("what is built shares memory with the noun:\n%s", diff)
	}
	return true
}

func TestRandomJobs(t *testing.T) {
	right := 0
	const seeds = 400
	for seed := range int64(seeds) {
		create := func() *spark.Job {
			j := new(spark.Job)
			jobFiller(seed).Fill(j)
			if seed%7 != 0 {
				thin(seed, j)
			}
			return j
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			if !pure(t, func() millrace.Builder { return create() }) {
				return
			}
			right++
			j := create()
			_, _ = j.Runnable("data")
			if _, err := j.Explain(sizedPool("16", "64Gi", 3)); err != nil {
				t.Errorf("it is built, and not explained: %v", err)
			}
			if o, err := application(j); err == nil {
				if fromAgain(t, o) == nil && j.Base.Executor.Template == nil { // which nobody looks into
					t.Error("FromApplication refuses what was built")
				}
			}
			if diff := cmp.Diff(create(), j, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("its methods change it:\n%s", diff)
			}
		})
	}
	if right < seeds/12 {
		t.Errorf("%d of %d random jobs were built", right, seeds)
	}
}

func TestRandomNouns(t *testing.T) {
	right := map[string]int{}
	for seed := range int64(150) {
		for name, create := range map[string]func() millrace.Builder{
			"schedule": func() millrace.Builder {
				s := new(spark.ScheduledJob)
				jobFiller(seed).NilChance(0).Fill(s)
				s.Name, s.Schedule, s.Concurrency = "a", "@daily", []spark.Concurrency{"", spark.AllowConcurrent}[seed%2]
				if seed%5 != 0 {
					thin(seed, s.Job)
					s.TimeZone, s.Namespace, s.Job.Name, s.Job.Target, s.Job.Annotations = "", "", "", nil, nil
					s.Labels, s.Annotations, s.KeepFailed, s.Base = nil, nil, nil, v1beta2.ScheduledSparkApplicationSpec{}
				}
				return s
			},
			"server": func() millrace.Builder {
				c := new(spark.ConnectServer)
				jobFiller(seed).Fill(c)
				if seed%5 != 0 {
					j := &spark.Job{Driver: c.Server, Executor: c.Executor, Deps: c.Deps, Tuning: c.Tuning, Stores: c.Stores, Observe: c.Observe, Shuffle: c.Shuffle, Conf: c.Conf}
					thin(seed, j)
					c = &spark.ConnectServer{Name: "a", Image: j.Image, Version: j.Version, Server: j.Driver, Executor: j.Executor, Deps: j.Deps, Tuning: j.Tuning,
						Stores: j.Stores, Observe: j.Observe, Shuffle: j.Shuffle, Conf: j.Conf, NoDefaults: c.NoDefaults}
				}
				return c
			},
			"cluster": func() millrace.Builder {
				c := new(spark.Cluster)
				jobFiller(seed).Fill(c)
				if seed%5 != 0 {
					c.Name, c.Namespace, c.Image, c.Version, c.Labels, c.Annotations, c.Conf = "a", "", "spark:4.1.2", "4.1.2", nil, nil, nil
					c.PullSecrets = nil
					if seed%2 == 0 {
						c.Master.Pod = spark.ClusterPod{}
					} else {
						c.Workers = spark.Workers{}
					}
				}
				return c
			},
		} {
			t.Run(fmt.Sprintf("%s %d", name, seed), func(t *testing.T) {
				if pure(t, create) {
					right[name]++
				}
			})
		}
	}
	for _, name := range []string{"schedule", "server", "cluster"} {
		if right[name] == 0 {
			t.Errorf("%d of %s were built", right[name], name)
		}
	}
}
