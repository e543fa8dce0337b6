package spark_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/spark/apachev1"
)

// apacheEverything sets every concern of the target at once.
func apacheEverything() *spark.Job {
	j := everything()
	j.Lifecycle.Restart, j.Lifecycle.Retries, j.Lifecycle.RetryInterval = spark.Never, nil, 0
	j.Lifecycle.SubmissionRetries, j.Lifecycle.SubmissionRetryInterval = nil, 0
	j.Target = spark.ApacheOperator{
		Timeouts: spark.Timeouts{DriverStart: new(time.Minute), DriverReady: new(2 * time.Minute), ExecutorStart: new(time.Duration(0)),
			Termination: 3 * time.Minute, Requeue: 1500 * time.Millisecond},
		Retain: spark.RetainAlways, RetainFor: time.Hour,
		Base: apachev1.ApplicationSpec{
			RuntimeVersions:        apachev1.RuntimeVersions{JDKVersion: new("21"), ScalaVersion: new("2.12")},
			ApplicationTolerations: &apachev1.ApplicationTolerations{InstanceConfig: &apachev1.ExecutorInstanceConfig{InitExecutors: new(int64(4))}},
			ConfigMapSpecs:         []apachev1.ConfigMapSpec{{Name: "metrics", Data: map[string]string{"metrics.properties": "*.sink.jmx.class=org.apache.spark.metrics.sink.JmxSink\n"}}},
		},
	}
	return j
}

// onApache is minimal on Apache's operator, edited.
func onApache(edit func(*spark.Job, *spark.ApacheOperator)) *spark.Job {
	j := minimal()
	var t spark.ApacheOperator
	edit(j, &t)
	j.Target = t
	return j
}

func apacheSpec(t *testing.T, j *spark.Job) *apachev1.ApplicationSpec {
	t.Helper()
	app, err := j.ApacheApplication()
	if err != nil {
		t.Fatal(err)
	}
	return app.Spec
}

// What the driver runs stands in one of three fields, and the operator takes
// the first that is set.
func TestApacheMain(t *testing.T) {
	for name, tc := range map[string]struct {
		edit                 func(*spark.Job)
		jars, python, r      string
		confJars, confPython string
	}{
		"jar": {func(*spark.Job) {}, "local:///opt/spark/jobs/etl.jar", "", "", "", ""},
		"more jars": {func(j *spark.Job) { j.Deps.Jars = []string{"s3a://a.jar", "s3a://b.jar"} },
			"local:///opt/spark/jobs/etl.jar", "", "", "s3a://a.jar,s3a://b.jar,local:///opt/spark/jobs/etl.jar", ""},
		"class path": {func(j *spark.Job) { j.Main, j.Deps.Jars = "spark-internal", []string{"s3a://a.jar"} }, "", "", "", "s3a://a.jar", ""},
		"Python":     {func(j *spark.Job) { j.Main, j.Class = "local:///a.py", "" }, "", "local:///a.py", "", "", ""},
		"Python with jars": {func(j *spark.Job) {
			j.Main, j.Class, j.Deps.Jars, j.Deps.PyFiles = "local:///a.py", "", []string{"s3a://a.jar"}, []string{"s3a://b.zip"}
		}, "", "local:///a.py", "", "s3a://a.jar", "s3a://b.zip"},
		"R": {func(j *spark.Job) { j.Main, j.Class = "local:///a.R", "" }, "", "", "local:///a.R", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := apacheSpec(t, onApache(func(j *spark.Job, _ *spark.ApacheOperator) { tc.edit(j) }))
			text := func(s *string) string {
				if s == nil {
					return ""
				}
				return *s
			}
			got := []string{text(s.Jars), text(s.PyFiles), text(s.SparkRFiles), s.SparkConf["spark.jars"], s.SparkConf["spark.submit.pyFiles"]}
			if diff := cmp.Diff([]string{tc.jars, tc.python, tc.r, tc.confJars, tc.confPython}, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestApacheRestarts(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*spark.Job, *spark.ApacheOperator)
		want apachev1.RestartConfig
	}{
		"zero": {func(*spark.Job, *spark.ApacheOperator) {}, apachev1.RestartConfig{
			RestartPolicy: "OnFailure", MaxRestartAttempts: new(int64(8)), MaxRestartOnFailure: new(int64(3)), MaxRestartOnSchedulingFailure: new(int64(5)),
			RestartBackoffMillis: new(int64(30000)), RestartBackoffMillisForSchedulingFailure: new(int64(20000))}},
		"none of them": {func(j *spark.Job, _ *spark.ApacheOperator) {
			j.Lifecycle.Retries, j.Lifecycle.SubmissionRetries = new(int32(0)), new(int32(0))
		},
			apachev1.RestartConfig{
				RestartPolicy: "OnFailure", MaxRestartAttempts: new(int64(0)), MaxRestartOnFailure: new(int64(0)), MaxRestartOnSchedulingFailure: new(int64(0)),
				RestartBackoffMillis: new(int64(30000)), RestartBackoffMillisForSchedulingFailure: new(int64(20000))}},
		"its own": {func(j *spark.Job, _ *spark.ApacheOperator) {
			j.Lifecycle = spark.Lifecycle{Retries: new(int32(1)), RetryInterval: time.Minute, SubmissionRetries: new(int32(2)), SubmissionRetryInterval: time.Second}
		}, apachev1.RestartConfig{
			RestartPolicy: "OnFailure", MaxRestartAttempts: new(int64(3)), MaxRestartOnFailure: new(int64(1)), MaxRestartOnSchedulingFailure: new(int64(2)),
			RestartBackoffMillis: new(int64(60000)), RestartBackoffMillisForSchedulingFailure: new(int64(1000))}},
		"never": {func(j *spark.Job, _ *spark.ApacheOperator) { j.Lifecycle.Restart = spark.Never },
			apachev1.RestartConfig{RestartPolicy: "Never", MaxRestartAttempts: new(int64(0))}},
		// The operator's own bound is three attempts, whatever the policy.
		"a stream": {func(j *spark.Job, _ *spark.ApacheOperator) { j.Lifecycle.Restart = spark.Always }, apachev1.RestartConfig{
			RestartPolicy: "Always", MaxRestartAttempts: new(int64(2147483647)), RestartCounterResetMillis: new(int64(3600000)),
			RestartBackoffMillis: new(int64(30000)), RestartBackoffMillisForSchedulingFailure: new(int64(20000))}},
		"of Base": {func(_ *spark.Job, t *spark.ApacheOperator) {
			t.Base.ApplicationTolerations = &apachev1.ApplicationTolerations{RestartConfig: &apachev1.RestartConfig{RestartPolicy: "OnInfrastructureFailure", MaxRestartOnFailure: new(int64(7))}}
		}, apachev1.RestartConfig{
			RestartPolicy: "OnInfrastructureFailure", MaxRestartAttempts: new(int64(12)), MaxRestartOnFailure: new(int64(7)), MaxRestartOnSchedulingFailure: new(int64(5)),
			RestartBackoffMillis: new(int64(30000)), RestartBackoffMillisForSchedulingFailure: new(int64(20000))}},
	} {
		t.Run(name, func(t *testing.T) {
			s := apacheSpec(t, onApache(tc.edit))
			if diff := cmp.Diff(&tc.want, s.ApplicationTolerations.RestartConfig); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestApacheThresholds(t *testing.T) {
	for name, tc := range map[string]struct {
		executor           spark.Executor
		first, least, most int64
	}{
		"fixed":                {spark.Executor{Instances: 10}, 1, 1, 10},
		"dynamic":              {spark.Executor{DynamicAllocation: spark.DynamicAllocation{Min: 2, Initial: 4, Max: 40}}, 2, 2, 40},
		"dynamic from nothing": {spark.Executor{DynamicAllocation: spark.DynamicAllocation{Initial: 4, Max: 40}}, 0, 0, 40},
		"dynamic but fixed":    {spark.Executor{DynamicAllocation: spark.DynamicAllocation{Min: 4, Max: 4}}, 1, 1, 4},
	} {
		s := apacheSpec(t, onApache(func(j *spark.Job, _ *spark.ApacheOperator) { j.Executor = tc.executor }))
		c := s.ApplicationTolerations.InstanceConfig
		if got, want := fmt.Sprint(*c.InitExecutors, *c.MinExecutors, *c.MaxExecutors), fmt.Sprint(tc.first, tc.least, tc.most); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// A job that waits for its turn is not given up while it waits.
func TestApacheTimeouts(t *testing.T) {
	for name, tc := range map[string]struct {
		edit                    func(*spark.Job, *spark.ApacheOperator)
		start, ready, executors int64
	}{
		"zero":              {func(*spark.Job, *spark.ApacheOperator) {}, 900000, 300000, 900000},
		"with a scheduler":  {func(j *spark.Job, _ *spark.ApacheOperator) { j.Scheduler = spark.YuniKorn{Queue: "root.default"} }, 0, 300000, 0},
		"one of its own":    {func(_ *spark.Job, t *spark.ApacheOperator) { t.Timeouts.DriverStart = new(time.Minute) }, 60000, 300000, 900000},
		"no end to waiting": {func(_ *spark.Job, t *spark.ApacheOperator) { t.Timeouts.DriverReady = new(time.Duration(0)) }, 900000, 0, 900000},
		"its own with a queue": {func(j *spark.Job, t *spark.ApacheOperator) {
			j.Scheduler, t.Timeouts.ExecutorStart = spark.YuniKorn{Queue: "root.default"}, new(time.Hour)
		}, 0, 300000, 3600000},
	} {
		c := apacheSpec(t, onApache(tc.edit)).ApplicationTolerations.ApplicationTimeoutConfig
		got := fmt.Sprint(*c.DriverStartTimeoutMillis, *c.DriverReadyTimeoutMillis, *c.ExecutorStartTimeoutMillis)
		if want := fmt.Sprint(tc.start, tc.ready, tc.executors); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// Labels go to the pods, but for Kueue's: it would queue them one by one.
func TestApacheLabels(t *testing.T) {
	j := onApache(func(j *spark.Job, _ *spark.ApacheOperator) {
		j.Labels = map[string]string{"team": "a", "kueue.x-k8s.io/queue-name": "spark"}
	})
	app, err := j.ApacheApplication()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(j.Labels, app.Labels); diff != "" {
		t.Errorf("labels of the application: %s", diff)
	}
	var got []string
	for key := range app.Spec.SparkConf {
		if strings.Contains(key, ".label.") && strings.HasPrefix(key, "spark.kubernetes.driver.") {
			got = append(got, key)
		}
	}
	if diff := cmp.Diff([]string{"spark.kubernetes.driver.label.team"}, got); diff != "" {
		t.Errorf("labels of the driver: %s", diff)
	}
}

func TestApacheRefuses(t *testing.T) {
	const overwrites = " Labels[spark.operator/spark-app-name]"
	for name, tc := range map[string]struct {
		edit func(*spark.Job, *spark.ApacheOperator)
		want []string
	}{
		"times": {func(_ *spark.Job, t *spark.ApacheOperator) {
			t.Timeouts = spark.Timeouts{DriverStart: new(-time.Second), DriverReady: new(time.Nanosecond), ExecutorStart: new(time.Microsecond), Termination: -1, Requeue: 1}
		}, []string{invalid + " Target.Timeouts.DriverReady", invalid + " Target.Timeouts.DriverStart", invalid + " Target.Timeouts.ExecutorStart",
			invalid + " Target.Timeouts.Requeue", invalid + " Target.Timeouts.Termination"}},
		"a retain policy that is none": {func(_ *spark.Job, t *spark.ApacheOperator) { t.Retain = "Sometimes" }, []string{invalid + " Target.Retain"}},
		"a time to keep nothing":       {func(_ *spark.Job, t *spark.ApacheOperator) { t.RetainFor = time.Hour }, []string{conflict + " Target.RetainFor"}},
		"kept, and started again":      {func(_ *spark.Job, t *spark.ApacheOperator) { t.Retain = spark.RetainOnFailure }, []string{conflict + " Target.Retain"}},
		"settings that are the operator's": {func(j *spark.Job, _ *spark.ApacheOperator) {
			j.Conf = map[string]string{"spark.kubernetes.driver.pod.name": "a", "spark.app.name": "b", "spark.app.id": "c", "spark.kubernetes.namespace": "d",
				"spark.kubernetes.driver.podTemplateFile": "e", "spark.master.url.prefix": "f"}
			j.Base.SparkConf = map[string]string{"spark.kubernetes.driver.resourceNamePrefix": "g"}
			j.Base.Driver.PodName = new("h")
		}, []string{conflict + " Base.Driver.PodName", conflict + " Base.SparkConf[spark.kubernetes.driver.resourceNamePrefix]", conflict + " Conf[spark.app.id]",
			conflict + " Conf[spark.app.name]", conflict + " Conf[spark.kubernetes.driver.pod.name]", conflict + " Conf[spark.kubernetes.driver.podTemplateFile]",
			conflict + " Conf[spark.kubernetes.namespace]", conflict + " Conf[spark.master.url.prefix]"}},
		"labels that are the operator's": {func(j *spark.Job, _ *spark.ApacheOperator) {
			own := map[string]string{"spark.operator/spark-app-name": "a"}
			j.Labels, j.Driver.Labels, j.Base.Executor.Labels, j.Base.Driver.ServiceLabels = own, own, own, own
		}, []string{conflict + " Base.Driver.ServiceLabels[spark.operator/spark-app-name]", conflict + " Base.Executor" + strings.Replace(overwrites, " ", ".", 1),
			conflict + " Driver" + strings.Replace(overwrites, " ", ".", 1), conflict + overwrites}},
		"Base beside the job": {func(_ *spark.Job, t *spark.ApacheOperator) {
			t.Base = apachev1.ApplicationSpec{SparkConf: map[string]string{"a": "b"}, Jars: new("a"), PyFiles: new("a"), SparkRFiles: new("a"), Files: new("a"),
				MainClass: new("a"), DriverArgs: []string{"a"}, RuntimeVersions: apachev1.RuntimeVersions{SparkVersion: "3"}, DeploymentMode: "ClientMode",
				DriverSpec: &apachev1.BaseApplicationTemplateSpec{PodTemplateSpec: &corev1.PodTemplateSpec{}}, ExecutorSpec: &apachev1.BaseApplicationTemplateSpec{PodTemplateSpec: &corev1.PodTemplateSpec{}}}
		}, []string{conflict + " Target.Base.DriverArgs", conflict + " Target.Base.DriverSpec", conflict + " Target.Base.ExecutorSpec", conflict + " Target.Base.Jars",
			conflict + " Target.Base.MainClass", conflict + " Target.Base.PyFiles", conflict + " Target.Base.RuntimeVersions.SparkVersion", conflict + " Target.Base.SparkConf",
			conflict + " Target.Base.SparkRFiles", unsupported + " Target.Base.DeploymentMode", unsupported + " Target.Base.Files"}},
		"said twice": {func(j *spark.Job, t *spark.ApacheOperator) {
			j.Base.ProxyUser = new("a")
			j.Lifecycle.TimeToLive = time.Hour
			t.Timeouts.Requeue = time.Second
			t.Base = apachev1.ApplicationSpec{ProxyUser: new("b"), ApplicationTolerations: &apachev1.ApplicationTolerations{
				TTLAfterStopMillis:       new(int64(1)),
				ApplicationTimeoutConfig: &apachev1.ApplicationTimeoutConfig{TerminationRequeuePeriodMillis: new(int64(1))},
			}}
		}, []string{conflict + " Target.Base.ApplicationTolerations.ApplicationTimeoutConfig.TerminationRequeuePeriodMillis",
			conflict + " Target.Base.ApplicationTolerations.TTLAfterStopMillis", conflict + " Target.Base.ProxyUser"}},
		"routes to nowhere": {func(_ *spark.Job, t *spark.ApacheOperator) {
			t.Base.DriverHTTPRouteList = []apachev1.DriverHTTPRouteSpec{{}}
			t.Base.DriverGRPCRouteList = []apachev1.DriverGRPCRouteSpec{{GRPCRouteSpec: &apachev1.GRPCRouteSpec{ParentRefs: []apachev1.ParentReference{{Name: new("a")}}}}, {}}
		}, []string{required + " Target.Base.DriverGRPCRouteList[1].GRPCRouteSpec.ParentRefs", required + " Target.Base.DriverHTTPRouteList[0].HTTPRouteSpec.ParentRefs"}},
		"fields of Kubeflow's operator": {func(j *spark.Job, _ *spark.ApacheOperator) {
			j.Base.BatchScheduler = new("volcano")
			j.Base.Monitoring = &v1beta2.MonitoringSpec{}
			j.Base.Driver.Tolerations = []corev1.Toleration{{Key: "a"}}
			j.Base.Suspend = new(true)
		}, []string{unsupported + " Base.BatchScheduler", unsupported + " Base.Driver.Tolerations[0]", unsupported + " Base.Monitoring", unsupported + " Base.Suspend"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := onApache(tc.edit).Build()
			got := findings(t, err)
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Each operator has a SparkApplication of its own.
func TestApacheApplicationIsItsOwn(t *testing.T) {
	j := onApache(func(*spark.Job, *spark.ApacheOperator) {})
	_, err := j.SparkApplication()
	if diff := cmp.Diff([]string{unsupported + " Target"}, findings(t, err)); diff != "" {
		t.Error(diff)
	}
	_, err = minimal().ApacheApplication()
	if diff := cmp.Diff([]string{unsupported + " Target"}, findings(t, err)); diff != "" {
		t.Error(diff)
	}
	var none *spark.Job
	if _, err := none.ApacheApplication(); err == nil {
		t.Error("a nil job is one")
	}
}

// What is left at its zero stays out of a job that was made of a manifest.
func TestApacheWithoutDefaults(t *testing.T) {
	j := onApache(func(j *spark.Job, _ *spark.ApacheOperator) { j.NoDefaults = true })
	got := render(t, j)
	const want = `apiVersion: spark.apache.org/v1
kind: SparkApplication
metadata:
  name: etl
spec:
  runtimeVersions:
    sparkVersion: 3.5.1
  jars: local:///opt/spark/jobs/etl.jar
  mainClass: com.company.etl.ExtractOrders
  sparkConf:
    spark.kubernetes.container.image: company-registry/spark-etl:3.5.1
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Each field of the target, set alone, changes the output or is refused by name.
func TestEveryFieldOfApacheOperatorIsRendered(t *testing.T) {
	count := 0
	var walk func(typ reflect.Type, at string, path []int)
	walk = func(typ reflect.Type, at string, path []int) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			full, name := append(append([]int(nil), path...), i), at+"."+f.Name
			if f.Type.Kind() == reflect.Struct {
				walk(f.Type, name, full)
				continue
			}
			count++
			target := spark.ApacheOperator{}
			v := reflect.ValueOf(&target).Elem().FieldByIndex(full)
			switch f.Type {
			case reflect.TypeFor[*time.Duration]():
				v.Set(reflect.ValueOf(new(7 * time.Second)))
			case reflect.TypeFor[time.Duration]():
				v.Set(reflect.ValueOf(7 * time.Second))
			case reflect.TypeFor[spark.RetainPolicy]():
				v.Set(reflect.ValueOf(spark.RetainAlways))
			default:
				podtest.Fill(v)
			}
			with := minimal()
			with.Target = target
			if err := changes(withTarget(minimal(), spark.ApacheOperator{}), with, name); err != nil && !strings.Contains(err.Error(), "refused without naming") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	walk(reflect.TypeFor[spark.ApacheOperator](), "Target", nil)
	if count < 20 {
		t.Errorf("the test saw %d fields only", count)
	}
}

func TestApacheRunnable(t *testing.T) {
	j := inTask()
	j.Target = spark.ApacheOperator{}
	r, err := j.Runnable("data-platform")
	if err != nil {
		t.Fatal(err)
	}
	app, ok := r.Object.(*apachev1.SparkApplication)
	if !ok {
		t.Fatalf("it runs a %T", r.Object)
	}
	if app.Name != "" || app.Namespace != "data-platform" || app.Kind != "SparkApplication" || app.APIVersion != "spark.apache.org/v1" {
		t.Errorf("%s %s %s/%s", app.APIVersion, app.Kind, app.Namespace, app.Name)
	}
	if _, ok := app.Spec.SparkConf["spark.app.name"]; ok {
		t.Error("a job without a name names the application")
	}
	tolerations := app.Spec.ApplicationTolerations
	if p := tolerations.RestartConfig.RestartPolicy; p != "Never" {
		t.Errorf("it restarts %s", p)
	}
	got := fmt.Sprint(tolerations.ResourceRetainPolicy, " ", *tolerations.ResourceRetainDurationMillis, *tolerations.TTLAfterStopMillis)
	if want := "OnFailure -1 -1"; got != want {
		t.Errorf("it retains %s, want %s", got, want)
	}
	const state = "status.currentState.currentStateSummary"
	if want := state + " == ResourceReleased, !metadata.deletionTimestamp"; r.Succeeded != want {
		t.Errorf("it succeeds when %q", r.Succeeded)
	}
	if want := state + " == TerminatedWithoutReleaseResources"; r.Failed != want {
		t.Errorf("it fails when %q", r.Failed)
	}
	if r.NameBudget != 63 {
		t.Errorf("names of up to %d characters", r.NameBudget)
	}
}

// With anything else than one run, the end doesn't tell how it went.
func TestApacheRunnableRefuses(t *testing.T) {
	tolerations := func(t apachev1.ApplicationTolerations) func(*spark.Job, *spark.ApacheOperator) {
		return func(_ *spark.Job, to *spark.ApacheOperator) { to.Base.ApplicationTolerations = &t }
	}
	for name, tc := range map[string]struct {
		edit func(*spark.Job, *spark.ApacheOperator)
		want []string
	}{
		"restarts": {func(j *spark.Job, _ *spark.ApacheOperator) { j.Lifecycle.Restart = spark.OnFailure }, []string{conflict + " Lifecycle.Restart"}},
		"for ever": {func(j *spark.Job, _ *spark.ApacheOperator) { j.Lifecycle.Restart = spark.Always }, []string{conflict + " Lifecycle.Restart"}},
		"retries": {func(j *spark.Job, _ *spark.ApacheOperator) {
			j.Lifecycle.Retries, j.Lifecycle.SubmissionRetryInterval = new(int32(2)), time.Second
		}, []string{conflict + " Lifecycle.Retries", conflict + " Lifecycle.SubmissionRetryInterval"}},
		"a time to live":  {func(j *spark.Job, _ *spark.ApacheOperator) { j.Lifecycle.TimeToLive = time.Hour }, []string{conflict + " Lifecycle.TimeToLive"}},
		"all is kept":     {func(_ *spark.Job, t *spark.ApacheOperator) { t.Retain = spark.RetainAlways }, []string{conflict + " Target.Retain"}},
		"nothing is kept": {func(_ *spark.Job, t *spark.ApacheOperator) { t.Retain = spark.RetainNever }, []string{conflict + " Target.Retain"}},
		"kept for a while": {func(_ *spark.Job, t *spark.ApacheOperator) { t.Retain, t.RetainFor = spark.RetainOnFailure, time.Hour },
			[]string{conflict + " Target.RetainFor"}},
		"restarts of Base": {tolerations(apachev1.ApplicationTolerations{RestartConfig: &apachev1.RestartConfig{RestartPolicy: "OnInfrastructureFailure"}}), []string{conflict + " Lifecycle.Restart"}},
		"time of Base":     {tolerations(apachev1.ApplicationTolerations{TTLAfterStopMillis: new(int64(0))}), []string{conflict + " Lifecycle.TimeToLive"}},
	} {
		t.Run(name, func(t *testing.T) {
			j := inTask()
			var target spark.ApacheOperator
			tc.edit(j, &target)
			j.Target = target
			_, err := j.Runnable("data-platform")
			if diff := cmp.Diff(tc.want, findings(t, err)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	j := inTask()
	j.Target, j.NoDefaults = spark.ApacheOperator{Retain: spark.RetainOnFailure}, true
	j.Lifecycle.Restart = spark.Never
	if _, err := j.Runnable("data-platform"); err != nil {
		t.Errorf("all of it written out: %v", err)
	}
}

// What Argo's executor finds of an object: a value by its path.
type found map[string]string

func (f found) Has(path string) bool              { _, ok := f[path]; return ok }
func (f found) Get(path string) string            { return f[path] }
func (f found) Lookup(path string) (string, bool) { v, ok := f[path]; return v, ok }

// A task ends in the operator's two last states only, and not well if somebody
// deletes the job: the operator ends that in the state of success.
func TestApacheRunnableConditions(t *testing.T) {
	j := inTask()
	j.Target = spark.ApacheOperator{}
	r, err := j.Runnable("data-platform")
	if err != nil {
		t.Fatal(err)
	}
	requirements := func(text string) labels.Requirements {
		s, err := labels.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		out, _ := s.Requirements()
		return out
	}
	// As in the executor: one requirement of failure is enough, success needs all.
	outcome := func(o found) string {
		for _, req := range requirements(r.Failed) {
			if req.Matches(o) {
				return "failed"
			}
		}
		for _, req := range requirements(r.Succeeded) {
			if !req.Matches(o) {
				return "waits"
			}
		}
		return "succeeded"
	}
	states := map[string]string{"": "waits", "ResourceReleased": "succeeded", "TerminatedWithoutReleaseResources": "failed"}
	for _, state := range []apachev1.ApplicationStateSummary{
		apachev1.ApplicationStateSummarySubmitted, apachev1.ApplicationStateSummaryScheduledToRestart, apachev1.ApplicationStateSummaryDriverRequested,
		apachev1.ApplicationStateSummaryDriverStarted, apachev1.ApplicationStateSummaryDriverReady, apachev1.ApplicationStateSummaryInitializedBelowThresholdExecutors,
		apachev1.ApplicationStateSummaryRunningHealthy, apachev1.ApplicationStateSummaryRunningWithPartialCapacity,
		apachev1.ApplicationStateSummaryRunningWithBelowThresholdExecutors, apachev1.ApplicationStateSummaryDriverStartTimedOut,
		apachev1.ApplicationStateSummaryExecutorsStartTimedOut, apachev1.ApplicationStateSummaryDriverReadyTimedOut, apachev1.ApplicationStateSummarySucceeded,
		apachev1.ApplicationStateSummaryFailed, apachev1.ApplicationStateSummarySchedulingFailure, apachev1.ApplicationStateSummaryDriverEvicted,
	} {
		states[string(state)] = "waits"
	}
	if len(states) != 19 {
		t.Errorf("%d states", len(states))
	}
	for state, want := range states {
		o := found{}
		if state != "" {
			o["status.currentState.currentStateSummary"] = state
		}
		if got := outcome(o); got != want {
			t.Errorf("%q: %s, want %s", state, got, want)
		}
		o["metadata.deletionTimestamp"] = "2026-01-31T00:00:00Z"
		if want == "succeeded" {
			want = "waits" // until the job is gone, which Argo takes for a failure
		}
		if got := outcome(o); got != want {
			t.Errorf("%q, deleted: %s, want %s", state, got, want)
		}
	}
}
