package spark_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/randfill"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/spark/apachev1"
)

// application returns what a job is rendered as by the operator of its target.
func application(j *spark.Job) (millrace.Object, error) {
	if _, ok := j.Target.(spark.ApacheOperator); ok {
		return j.ApacheApplication()
	}
	return j.SparkApplication()
}

// fromAgain makes a job of an application, which must render as the
// application does, leave it alone and share no memory with it. It returns nil
// where a Job refuses what the application says.
func fromAgain(t *testing.T, o millrace.Object) *spark.Job {
	t.Helper()
	before := o.DeepCopyObject()
	job, err := spark.FromApplication(o)
	if diff := cmp.Diff(before, o); diff != "" {
		t.Fatalf("the original has changed:\n%s", diff)
	}
	if _, refused := errors.AsType[*millrace.BuildError](err); refused {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	again, err := application(job)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tree(t, o), tree(t, again), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("it renders otherwise (-original +job):\n%s", diff)
	}
	copied := o.DeepCopyObject().(millrace.Object)
	other, _ := spark.FromApplication(copied)
	scribble(copied)
	if diff := cmp.Diff(job, other); diff != "" {
		t.Fatalf("the job shares memory with the application:\n%s", diff)
	}
	return job
}

// TestFromGoldenFiles: whatever millrace renders becomes a job again, read from
// its file.
func TestFromGoldenFiles(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, file := range files {
		bundle, err := millrace.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range bundle.Objects() {
			if o.GetObjectKind().GroupVersionKind().Kind != "SparkApplication" {
				continue
			}
			t.Run(filepath.Base(file), func(t *testing.T) {
				count++
				if fromAgain(t, o) == nil {
					t.Error("a job refuses it")
				}
			})
		}
	}
	if count < 18 {
		t.Errorf("%d applications", count)
	}
}

// richJobs are jobs with each of the values that a field may hold.
func richJobs() map[string]*spark.Job {
	out := map[string]*spark.Job{
		"minimal": minimal(), "article": ordersDaily(), "dynamic": dynamic(), "uniffle": uniffle(), "everything": everything(),
		"groups": groups(), "claims": reusePVC(),
	}
	for i, part := range partFields {
		for field, sample := range part.samples {
			j := minimal()
			value := reflect.New(reflect.TypeOf(part.least)).Elem()
			value.Set(reflect.ValueOf(part.least))
			value.FieldByName(field).Set(reflect.ValueOf(sample))
			set(j, part.field, value.Interface())
			out[fmt.Sprintf("%d %T.%s", i, part.least, field)] = j
		}
	}
	for name, base := range valueBases() {
		out[name], _ = base()
	}
	return out
}

func TestFromRichJobs(t *testing.T) {
	count := 0
	for name, job := range richJobs() {
		for _, target := range []spark.Target{spark.SparkOperator{}, spark.ApacheOperator{}} {
			for _, plain := range []bool{false, true} {
				job.Target, job.NoDefaults = target, plain
				o, err := application(job)
				if err != nil {
					continue // not every target takes every value
				}
				t.Run(fmt.Sprintf("%s, %T, %t", name, target, plain), func(t *testing.T) {
					count++
					if fromAgain(t, o) == nil {
						t.Error("a job refuses it")
					}
				})
			}
		}
	}
	if count < 200 {
		t.Errorf("%d applications", count)
	}
}

// words are what the fields of an application are filled with: few, so that
// many belong together, and most of them right for what is asked.
var words = []string{
	"2", "2", "2", "2", "2", "2", "2", "2", "2", "2", "2", "2", "2", "2", "2", "2", "2", "2", "2", "2", "a", "b", "x-1", "local:///a.py", "local:///a.jar", "4g", "1024m", "512m", "2", "500m", "spark-kubernetes-driver", "spark-kubernetes-executor",
	"spark-local-dir-1", "/data", "a:1", "com.company.Etl", "k=v", "",
}

// confValues are settings that fields of a job govern, those that none
// governs, and values that the fields wouldn't write so.
var confValues = map[string][]string{
	"spark.sql.shuffle.partitions": {"400", "0400", "3"}, "spark.memory.offHeap.enabled": {"true", "false"}, "spark.memory.offHeap.size": {"1g", "1024m", "4g"},
	"spark.sql.autoBroadcastJoinThreshold": {"-1", "10m", "10485760"}, "spark.sql.adaptive.autoBroadcastJoinThreshold": {"-1", "10m", "1g"},
	"spark.eventLog.enabled": {"true", "false"}, "spark.eventLog.dir": {"s3a://logs", "s3a://logs/"}, "spark.eventLog.compress": {"true", "false"},
	"spark.eventLog.rolling.enabled": {"true"}, "spark.eventLog.rolling.maxFileSize": {"128m", "10m", "16384k"},
	"spark.decommission.enabled": {"true", "false"}, "spark.storage.decommission.enabled": {"true"}, "spark.executor.decommission.killInterval": {"30s", "30"},
	"spark.storage.decommission.fallbackStorage.path":         {"s3a://x/", "s3a://x"},
	"spark.kubernetes.executor.terminationGracePeriodSeconds": {"60s", "30"}, "spark.executor.pyspark.memory": {"1g", "1500m"},
	"spark.celeborn.master.endpoints": {"a:1", "a:1,b:2"}, "spark.shuffle.manager": {"org.apache.spark.shuffle.celeborn.SparkShuffleManager", "org.apache.spark.shuffle.RssShuffleManager"},
	"spark.serializer":              {"org.apache.spark.serializer.KryoSerializer", "org.apache.spark.serializer.JavaSerializer"},
	"spark.shuffle.service.enabled": {"false"}, "spark.sql.adaptive.localShuffleReader.enabled": {"false"}, "spark.rss.coordinator.quorum": {"a:1"},
	"spark.dynamicAllocation.executorIdleTimeout": {"60s", "60", "2m"}, "spark.executor.memory": {"9g"}, "spark.executor.instances": {"3"},
	"spark.task.maxFailures": {"8", "08"}, "spark.speculation": {"true", "false"}, "spark.speculation.quantile": {"0.9", "0.90"},
	"spark.sql.adaptive.enabled": {"true", "false"}, "spark.network.timeout": {"300s", "300000ms", "5min"}, "spark.executor.heartbeatInterval": {"10s", "1500ms"},
	"spark.x": {"1", ""}, "spark.hadoop.fs.s3a.endpoint": {"x"}, "spark.jars": {"local:///a.jar,local:///etl.jar", "local:///etl.jar", "local:///a.jar", "local:///a.jar, local:///b.jar"},
	"spark.kubernetes.driver.label.a": {"b"}, "spark.kubernetes.executor.annotation.a": {"b"}, "spark.kubernetes.driverEnv.A": {"b"}, "spark.executorEnv.A": {"b"},
	"spark.dynamicAllocation.enabled": {"true", "false"}, "spark.dynamicAllocation.minExecutors": {"1", "0"}, "spark.dynamicAllocation.maxExecutors": {"5", "0"},
	"spark.dynamicAllocation.shuffleTracking.timeout": {"10ms", "10s"}, "spark.dynamicAllocation.shuffleTracking.enabled": {"true", "TRUE"},
	"spark.kubernetes.container.image": {"spark:1"}, "spark.kubernetes.allocation.batch.size": {"20", "5"}, "spark.kubernetes.driver.scheduler.name": {"volcano"},
	"spark.ui.prometheus.enabled": {"true"}, "spark.metrics.namespace": {"spark"}, "spark.ui.port": {"4050"},
}

// filler fills applications. Most of what it makes is valid.
func filler(seed int64) *randfill.Filler {
	number := func(c randfill.Continue) int64 { return []int64{0, 1, 2, 3, 30, 30, 60, 4040, -1}[c.Intn(9)] }
	pick := func(c randfill.Continue, of ...string) string { return of[c.Intn(len(of))] }
	return randfill.NewWithSeed(seed).NilChance(0.95).NumElements(1, 2).MaxDepth(9).Funcs(
		// A pointer to what has a function of its own would never be nil.
		func(s **string, c randfill.Continue) { perhaps(c, s, words[c.Intn(len(words))]) },
		func(n **int32, c randfill.Continue) { perhaps(c, n, int32(number(c))) },
		func(n **int64, c randfill.Continue) { perhaps(c, n, number(c)) },
		func(s *string, c randfill.Continue) { *s = words[c.Intn(len(words))] },
		func(n *int32, c randfill.Continue) { *n = int32(number(c)) },
		func(n *int64, c randfill.Continue) { *n = number(c) },
		func(q *resource.Quantity, c randfill.Continue) {
			*q = resource.MustParse(pick(c, "1", "500m", "4Gi"))
		},
		func(x *metav1.Time, _ randfill.Continue) { *x = metav1.Time{} },
		func(x *metav1.ObjectMeta, c randfill.Continue) { c.Fill(&x.Labels) },
		func(x *v1beta2.RestartPolicyType, c randfill.Continue) {
			*x = v1beta2.RestartPolicyType(pick(c, "", "Never", "OnFailure", "Always"))
		},
		func(x *v1beta2.DeployMode, c randfill.Continue) { *x = v1beta2.DeployMode(pick(c, "", "cluster")) },
		func(x *apachev1.RestartPolicy, c randfill.Continue) {
			*x = apachev1.RestartPolicy(pick(c, "", "Never", "OnFailure"))
		},
		func(x *apachev1.ResourceRetainPolicy, c randfill.Continue) {
			*x = apachev1.ResourceRetainPolicy(pick(c, "", "Never"))
		},
		func(x *corev1.Container, c randfill.Continue) {
			c.FillNoCustom(x)
			x.Name = pick(c, "spark-kubernetes-driver", "spark-kubernetes-executor", "a")
			x.Resources = corev1.ResourceRequirements{}
		},
	)
}

func perhaps[T any](c randfill.Continue, p **T, v T) {
	if c.Float64() < 0.15 {
		*p = &v
	}
}

// fillConf returns some of the settings.
func fillConf(seed int64) map[string]string {
	r := rand.New(rand.NewPCG(uint64(seed), 1)) //nolint:gosec // no secret
	share := r.Float64() * 0.8
	out := make(map[string]string)
	for key, values := range confValues {
		r := rand.New(rand.NewPCG(uint64(seed), uint64(len(key)*31+int(key[len(key)-1])))) //nolint:gosec // maps have no order
		if r.Float64() < share {
			out[key] = values[r.IntN(len(values))]
		}
	}
	return out
}

func TestFromRandomApplications(t *testing.T) {
	same := 0
	const seeds = 300
	for seed := range int64(seeds) {
		app := bareApplication()
		own := app.Spec.DeepCopy()
		fill := filler(seed)
		fill.Fill(&app.Spec)
		app.Spec.Type, app.Spec.SparkVersion, app.Spec.Image = own.Type, []string{"3.5.1", "4.1.2", "3.3.1"}[seed%3], own.Image
		app.Spec.MainApplicationFile, app.Spec.MainClass = own.MainApplicationFile, nil
		app.Spec.SparkConf, app.Spec.HadoopConf, app.Spec.Deps = fillConf(seed), nil, v1beta2.Dependencies{}
		for _, pod := range []*v1beta2.SparkPodSpec{&app.Spec.Driver.SparkPodSpec, &app.Spec.Executor.SparkPodSpec} {
			for _, size := range []**string{&pod.Memory, &pod.MemoryOverhead} {
				if *size != nil {
					*size = new([]string{"4g", "1024m", "512m", "2048k"}[seed%4])
				}
			}
		}
		for field, value := range map[**string]string{&app.Spec.ImagePullPolicy: "Always", &app.Spec.MemoryOverheadFactor: "0.2"} {
			if *field != nil {
				*field = &value
			}
		}
		if seed%2 == 0 {
			// What the field has in no other way, so that the rest is looked at.
			app.Spec.Volumes, app.Spec.DynamicAllocation, app.Spec.Monitoring = nil, nil, nil
		}
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			if fromAgain(t, app) != nil {
				same++
			}
		})
	}
	if same < seeds/10 {
		t.Errorf("%d of %d random applications were compared", same, seeds)
	}
}

func TestFromRandomApacheApplications(t *testing.T) {
	same := 0
	const seeds = 300
	for seed := range int64(seeds) {
		app := apacheApplication()
		own := app.Spec.DeepCopy()
		filler(seed).Fill(app.Spec)
		app.Spec.RuntimeVersions, app.Spec.MainClass = own.RuntimeVersions, own.MainClass
		app.Spec.Jars, app.Spec.PyFiles, app.Spec.SparkRFiles = own.Jars, nil, nil
		app.Spec.Files = nil // the operator doesn't read it
		app.Spec.SparkConf = fillConf(seed)
		app.Spec.SparkConf["spark.kubernetes.container.image"] = "spark:1"
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			if fromAgain(t, app) != nil {
				same++
			}
		})
	}
	if same < seeds/10 {
		t.Errorf("%d of %d random applications were compared", same, seeds)
	}
}
