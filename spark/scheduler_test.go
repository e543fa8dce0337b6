package spark_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

// What a Scheduler says on the pods, nobody else says.
func TestSchedulersOwnKeys(t *testing.T) {
	submit := spark.Submit{Master: master}
	const (
		volcanoQueue = "scheduling.volcano.sh/queue-name"
		parent       = "kueue.x-k8s.io/pod-suspending-parent"
		managed      = "kueue.x-k8s.io/managed"
	)
	for name, tc := range map[string]struct {
		edit func(*spark.Job)
		want []string
	}{
		"Kueue's annotation": {func(j *spark.Job) {
			j.Target, j.Scheduler = submit, spark.Kueue{Queue: "etl"}
			j.Executor.Annotations = map[string]string{parent: "x"}
		}, []string{conflict + " Executor.Annotations[" + parent + "]"}},
		"Kueue's label": {func(j *spark.Job) {
			j.Target, j.Scheduler = submit, spark.Kueue{Queue: "etl"}
			j.Executor.Labels = map[string]string{managed: "true"}
		}, []string{conflict + " Executor.Labels[" + managed + "]"}},
		"Volcano's annotation": {func(j *spark.Job) {
			j.Target, j.Scheduler = spark.ApacheOperator{}, spark.Volcano{Queue: "etl"}
			j.Driver.Annotations = map[string]string{volcanoQueue: "x"}
		}, []string{conflict + " Driver.Annotations[" + volcanoQueue + "]"}},
		"as many as it starts with": {func(j *spark.Job) {
			j.Executor.Instances, j.Scheduler = 3, spark.Volcano{MinExecutors: new(int32(3))}
		}, nil},
		"more": {func(j *spark.Job) {
			j.Executor.Instances, j.Scheduler = 3, spark.Volcano{MinExecutors: new(int32(4))}
		}, []string{conflict + " Scheduler.MinExecutors"}},
		"as many claims as fit": {func(j *spark.Job) {
			j.Executor.Scratch = spark.ScratchClaims{StorageClass: "ssd", Size: millrace.GiB, Count: 16}
		}, nil},
		"a claim too many": {func(j *spark.Job) {
			j.Executor.Scratch = spark.ScratchClaims{StorageClass: "ssd", Size: millrace.GiB, Count: 17}
		}, []string{invalid + " Executor.Scratch.Count"}},
		"a class that is no name": {func(j *spark.Job) { j.Executor.Scratch = spark.ScratchClaims{StorageClass: "S S", Size: millrace.GiB} },
			[]string{invalid + " Executor.Scratch.StorageClass"}},
		"killed when the grace period ends": {func(j *spark.Job) { j.Shuffle = spark.Decommission{KillInterval: time.Minute} }, nil},
		"killed later": {func(j *spark.Job) { j.Shuffle = spark.Decommission{KillInterval: 61 * time.Second} },
			[]string{conflict + " Shuffle.KillInterval"}},
		"a fallback for a fixed number": {func(j *spark.Job) {
			j.Shuffle = spark.Celeborn{Masters: []string{"a:1"}, LocalFallback: new(true)}
		}, nil},
		"a fallback under dynamic allocation": {func(j *spark.Job) {
			j.Shuffle = spark.Celeborn{Masters: []string{"a:1"}, LocalFallback: new(true)}
			j.Executor.DynamicAllocation.Max = 3
		}, []string{conflict + " Shuffle.LocalFallback"}},
		"a comma in the metrics' names": {func(j *spark.Job) { j.Observe.Metrics = spark.PrometheusServlet{Namespace: "a,b"} },
			[]string{invalid + " Observe.Metrics.Namespace"}},
	} {
		j := minimal()
		tc.edit(j)
		_, err := j.Build()
		if diff := cmp.Diff(tc.want, findings(t, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Of the numbers of executors, the largest is there first.
func TestGangOfNumbersInBase(t *testing.T) {
	j := minimal()
	j.Executor.DynamicAllocation = spark.DynamicAllocation{Min: 1, Initial: 2, Max: 20}
	j.Base.Executor.Instances, j.Scheduler = new(int32(9)), spark.YuniKorn{}
	app, err := j.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	if groups := app.Spec.Driver.Annotations["yunikorn.apache.org/task-groups"]; !strings.Contains(groups, `"name":"spark-executor","minMember":9`) {
		t.Error(groups)
	}
	j.Scheduler = spark.YuniKorn{MinExecutors: new(int32(0))}
	if app, err = j.SparkApplication(); err != nil {
		t.Fatal(err)
	}
	if groups := app.Spec.Driver.Annotations["yunikorn.apache.org/task-groups"]; strings.Contains(groups, "spark-executor") {
		t.Error("places for no executors:", groups)
	}
}

// An application's id is filled in since Spark 3.3.
func TestYuniKornBeforeApplicationIDs(t *testing.T) {
	for version, want := range map[string]string{"3.2.4": "", "3.3.0": "{{APP_ID}}"} {
		j := minimal()
		j.Version, j.Target, j.Scheduler = version, spark.Submit{Master: master}, spark.YuniKorn{}
		if got := submission(t, j).Conf["spark.kubernetes.driver.annotation.yunikorn.apache.org/app-id"]; got != want {
			t.Errorf("Spark %s: %q", version, got)
		}
	}
}

// Memory that a setting says is not said again.
func TestOverheadOfBaseBesideTmpfs(t *testing.T) {
	j := minimal()
	j.NoDefaults, j.Executor.Scratch = true, spark.Tmpfs{Size: millrace.GiB}
	j.Base.SparkConf = map[string]string{"spark.executor.memoryOverhead": "3g"}
	app, err := j.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	if got := app.Spec.Executor.MemoryOverhead; got != nil {
		t.Errorf("the overhead is %s as well", *got)
	}
}

// Volcano's own queue needs no annotation.
func TestVolcanoOnApacheWithoutQueue(t *testing.T) {
	j := minimal()
	j.Target, j.Scheduler = spark.ApacheOperator{}, spark.Volcano{}
	app, err := j.ApacheApplication()
	if err != nil {
		t.Fatal(err)
	}
	for key := range app.Spec.SparkConf {
		if strings.Contains(key, "scheduling.volcano.sh") {
			t.Error(key)
		}
	}
	if name := app.Spec.DriverSpec.PodTemplateSpec.Spec.SchedulerName; name != "volcano" {
		t.Errorf("the scheduler is %q", name)
	}
}

// The webhook's fields win, and defaults in the template would only mislead.
func TestSecurityOfBaseAlone(t *testing.T) {
	j := minimal()
	j.Base.Executor.SecurityContext = &corev1.SecurityContext{RunAsUser: new(int64(7))}
	j.Base.Driver.PodSecurityContext = &corev1.PodSecurityContext{RunAsUser: new(int64(7))}
	app, err := j.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	driver, executor := app.Spec.Driver.Template.Spec, app.Spec.Executor.Template.Spec
	if executor.Containers[0].SecurityContext != nil || executor.SecurityContext == nil {
		t.Errorf("the executors' template: %+v", executor)
	}
	if driver.SecurityContext != nil || driver.Containers[0].SecurityContext == nil {
		t.Errorf("the driver's template: %+v", driver)
	}
}
