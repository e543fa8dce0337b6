package spark_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

func TestLifecycleRules(t *testing.T) {
	port := func(n int32) *int32 { return &n }
	old := func(a *v1beta2.SparkApplication) *v1beta2.SparkApplicationSpec {
		a.Spec.SparkVersion = "3.0.3"
		maps.DeleteFunc(a.Spec.SparkConf, func(key, _ string) bool {
			return !strings.Contains(key, "eventLog") && !strings.Contains(key, "autoBroadcast")
		})
		delete(a.Spec.SparkConf, "spark.sql.adaptive.autoBroadcastJoinThreshold")
		a.Spec.SparkConf["spark.shuffle.manager"] = "com.company.shuffle.Manager"
		return &a.Spec
	}
	for name, tc := range map[string]struct {
		edit func(*v1beta2.SparkApplication)
		want []string // "rule field"
	}{
		"63 characters": {func(a *v1beta2.SparkApplication) {
			a.Name, a.Spec.Driver.PodName = strings.Repeat("a", 63), new("orders")
		}, nil},
		"64 characters": {func(a *v1beta2.SparkApplication) {
			a.Name, a.Spec.Driver.PodName = strings.Repeat("a", 64), new("orders")
		}, []string{"spark/name metadata.name"}},
		"a digit first": {func(a *v1beta2.SparkApplication) { a.Name = "1-etl" }, []string{"spark/name metadata.name"}},
		"a driver's name": {func(a *v1beta2.SparkApplication) {
			a.Spec.Driver.PodName = new("Orders")
		}, []string{"spark/name spec.driver.podName"}},
		"a driver's name in settings": {func(a *v1beta2.SparkApplication) {
			a.Spec.SparkConf["spark.kubernetes.driver.pod.name"] = "a_b"
		}, []string{"spark/name spec.sparkConf[spark.kubernetes.driver.pod.name]"}},

		"56 characters": {func(a *v1beta2.SparkApplication) { a.Name = strings.Repeat("a", 56) }, nil},
		"57 characters": {func(a *v1beta2.SparkApplication) { a.Name = strings.Repeat("a", 57) }, []string{"spark/derived-names metadata.name"}},
		"a prefix of 47": {func(a *v1beta2.SparkApplication) {
			a.Spec.SparkConf["spark.kubernetes.executor.podNamePrefix"] = strings.Repeat("a", 47)
		}, nil},
		"a prefix of 48": {func(a *v1beta2.SparkApplication) {
			a.Spec.SparkConf["spark.kubernetes.executor.podNamePrefix"] = strings.Repeat("a", 48)
		}, []string{"spark/derived-names spec.sparkConf[spark.kubernetes.executor.podNamePrefix]"}},

		"no main class": {func(a *v1beta2.SparkApplication) {
			a.Spec.Type, a.Spec.MainApplicationFile = "Scala", new("local:///etl.jar")
		}, []string{"spark/main-class spec.mainClass"}},
		"a main class": {func(a *v1beta2.SparkApplication) {
			a.Spec.Type, a.Spec.MainApplicationFile, a.Spec.MainClass = "Java", new("local:///etl.jar"), new("com.company.Etl")
		}, nil},
		"a Python file of type Scala": {func(a *v1beta2.SparkApplication) { a.Spec.Type = "Scala" }, []string{"spark/language spec.type"}},
		"a jar of type Python":        {func(a *v1beta2.SparkApplication) { a.Spec.MainApplicationFile = new("local:///etl.JAR") }, []string{"spark/language spec.type"}},
		"a file that doesn't say":     {func(a *v1beta2.SparkApplication) { a.Spec.MainApplicationFile = new("{{inputs.parameters.main}}") }, nil},

		"Python 3": {func(a *v1beta2.SparkApplication) { a.Spec.PythonVersion = new("3") }, []string{"spark/python-version spec.pythonVersion"}},
		"Python 2, in settings": {func(a *v1beta2.SparkApplication) {
			a.Spec.SparkConf["spark.kubernetes.pyspark.pythonVersion"] = "2"
		}, []string{"spark/python-version spec.sparkConf[spark.kubernetes.pyspark.pythonVersion]"}},
		"Python 3 of an old Spark": {func(a *v1beta2.SparkApplication) { old(a).PythonVersion = new("3") }, nil},
		"Python 2 of an old Spark": {func(a *v1beta2.SparkApplication) { old(a).PythonVersion = new("2") }, []string{"spark/python-version spec.pythonVersion"}},

		"client mode": {func(a *v1beta2.SparkApplication) { a.Spec.Mode = "client" }, []string{"spark/deploy-mode spec.mode"}},
		"no mode":     {func(a *v1beta2.SparkApplication) { a.Spec.Mode = "" }, nil},

		"always": {func(a *v1beta2.SparkApplication) {
			a.Spec.RestartPolicy.Type, a.Spec.TimeToLiveSeconds = "Always", nil
		}, nil},
		"always, for an hour": {func(a *v1beta2.SparkApplication) { a.Spec.RestartPolicy.Type = "Always" }, []string{"spark/always-restart spec.timeToLiveSeconds"}},
		"for ever":            {func(a *v1beta2.SparkApplication) { a.Spec.TimeToLiveSeconds = nil }, []string{"spark/time-to-live spec.timeToLiveSeconds"}},
		"retries of old": {func(a *v1beta2.SparkApplication) {
			a.Spec.FailureRetries, a.Spec.RetryInterval = new(int32(3)), new(int64(10))
		}, []string{"spark/legacy-retries spec.failureRetries", "spark/legacy-retries spec.retryInterval"}},
		"suspended":     {func(a *v1beta2.SparkApplication) { a.Spec.Suspend = new(true) }, []string{"spark/suspended spec.suspend"}},
		"not suspended": {func(a *v1beta2.SparkApplication) { a.Spec.Suspend = new(false) }, nil},

		"no event log":         {func(a *v1beta2.SparkApplication) { delete(a.Spec.SparkConf, "spark.eventLog.enabled") }, []string{"spark/event-log spec.sparkConf[spark.eventLog.enabled]"}},
		"event log nowhere":    {func(a *v1beta2.SparkApplication) { delete(a.Spec.SparkConf, "spark.eventLog.dir") }, []string{"spark/event-log spec.sparkConf[spark.eventLog.dir]"}},
		"event log in the pod": {func(a *v1beta2.SparkApplication) { a.Spec.SparkConf["spark.eventLog.dir"] = "/tmp/events" }, []string{"spark/event-log spec.sparkConf[spark.eventLog.dir]"}},
		"event log elsewhere": {func(a *v1beta2.SparkApplication) {
			delete(a.Spec.SparkConf, "spark.eventLog.enabled")
			a.Spec.SparkConfigMap = new("spark-defaults")
		}, []string{"spark/webhook-fields spec.sparkConfigMap"}},

		"ingresses": {func(a *v1beta2.SparkApplication) {
			a.Spec.DriverIngressOptions = []v1beta2.DriverIngressConfiguration{
				{ServicePort: port(4040), IngressURLFormat: "{{$appName}}.company.com"}, {ServicePort: port(9090), IngressURLFormat: "{{$appName}}.metrics.company.com"},
			}
		}, nil},
		"ingresses of nothing": {func(a *v1beta2.SparkApplication) {
			a.Spec.DriverIngressOptions = []v1beta2.DriverIngressConfiguration{
				{ServicePort: port(4040), IngressURLFormat: "a"}, {ServicePort: port(4040), IngressURLFormat: "a"}, {},
			}
		}, []string{"spark/driver-ingress spec.driverIngressOptions[1].servicePort", "spark/driver-ingress spec.driverIngressOptions[1].ingressURLFormat",
			"spark/driver-ingress spec.driverIngressOptions[2].servicePort", "spark/driver-ingress spec.driverIngressOptions[2].ingressURLFormat"}},

		"packages": {func(a *v1beta2.SparkApplication) { a.Spec.Deps.Packages = []string{"a:b:1"} },
			[]string{"spark/packages-at-runtime spec.deps.packages", "spark/packages-at-runtime spec.sparkConf[spark.jars.ivy]"}},
		"packages in settings": {func(a *v1beta2.SparkApplication) {
			a.Spec.SparkConf["spark.jars.packages"], a.Spec.SparkConf["spark.jars.ivy"] = "a:b:1", "/tmp/.ivy2"
		}, []string{"spark/packages-at-runtime spec.sparkConf[spark.jars.packages]"}},
		"jars": {func(a *v1beta2.SparkApplication) { a.Spec.Deps.Jars = []string{"local:///a.jar"} }, nil},

		"always pulled": {func(a *v1beta2.SparkApplication) { a.Spec.ImagePullPolicy = new("Always") }, []string{"spark/image-pull spec.imagePullPolicy"}},
		"always pulled, by a few": {func(a *v1beta2.SparkApplication) {
			a.Spec.ImagePullPolicy, a.Spec.Executor.Instances = new("Always"), new(int32(9))
		}, nil},
		"always pulled, in settings": {func(a *v1beta2.SparkApplication) {
			a.Spec.SparkConf["spark.kubernetes.container.image.pullPolicy"] = "Always"
		}, []string{
			"spark/conf-override spec.sparkConf[spark.kubernetes.container.image.pullPolicy]", "spark/image-pull spec.sparkConf[spark.kubernetes.container.image.pullPolicy]"}},
		"always pulled, by any number": {func(a *v1beta2.SparkApplication) {
			a.Spec.ImagePullPolicy, a.Spec.DynamicAllocation = new("Always"), &v1beta2.DynamicAllocation{Enabled: true}
		}, []string{"spark/allocation-bound spec.dynamicAllocation.maxExecutors", "spark/image-pull spec.imagePullPolicy"}},
	} {
		t.Run(name, func(t *testing.T) {
			app := good(t)
			tc.edit(app)
			if diff := cmp.Diff(tc.want, ids(check(bundleOf(t, app)))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestScheduleRules(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*v1beta2.ScheduledSparkApplication)
		want []string
	}{
		"nothing":       {func(*v1beta2.ScheduledSparkApplication) {}, nil},
		"36 characters": {func(s *v1beta2.ScheduledSparkApplication) { s.Name = strings.Repeat("a", 36) }, nil},
		"37 characters": {func(s *v1beta2.ScheduledSparkApplication) { s.Name = strings.Repeat("a", 37) }, []string{"spark/derived-names metadata.name"}},
		"44 characters": {func(s *v1beta2.ScheduledSparkApplication) { s.Name = strings.Repeat("a", 44) }, []string{"spark/scheduled-name metadata.name"}},
		"a dot":         {func(s *v1beta2.ScheduledSparkApplication) { s.Name = "a.b" }, []string{"spark/name metadata.name"}},

		"no policy":           {func(s *v1beta2.ScheduledSparkApplication) { s.Spec.ConcurrencyPolicy = "" }, []string{"spark/concurrency-policy spec.concurrencyPolicy"}},
		"policy in small":     {func(s *v1beta2.ScheduledSparkApplication) { s.Spec.ConcurrencyPolicy = "allow" }, []string{"spark/concurrency-policy spec.concurrencyPolicy"}},
		"four fields":         {func(s *v1beta2.ScheduledSparkApplication) { s.Spec.Schedule = "0 3 * *" }, []string{"spark/schedule spec.schedule"}},
		"never":               {func(s *v1beta2.ScheduledSparkApplication) { s.Spec.Schedule = "0 3 31 6 *" }, []string{"spark/schedule spec.schedule"}},
		"a schedule to come":  {func(s *v1beta2.ScheduledSparkApplication) { s.Spec.Schedule = "{{inputs.parameters.schedule}}" }, nil},
		"zone":                {func(s *v1beta2.ScheduledSparkApplication) { s.Spec.TimeZone = "Berlin" }, []string{"spark/schedule spec.timeZone"}},
		"the operator's zone": {func(s *v1beta2.ScheduledSparkApplication) { s.Spec.TimeZone = "Local" }, nil},
		"two zones": {func(s *v1beta2.ScheduledSparkApplication) {
			s.Spec.Schedule, s.Spec.TimeZone = "TZ=UTC @daily", "Asia/Tokyo"
		}, []string{"spark/schedule spec.timeZone"}},
		"one zone, twice": {func(s *v1beta2.ScheduledSparkApplication) { s.Spec.Schedule, s.Spec.TimeZone = "TZ=UTC @daily", "UTC" }, nil},
		"less than no history": {func(s *v1beta2.ScheduledSparkApplication) {
			s.Spec.SuccessfulRunHistoryLimit, s.Spec.FailedRunHistoryLimit = new(int32(-1)), new(int32(0))
		}, []string{"spark/schedule spec.successfulRunHistoryLimit"}},
		"suspended":  {func(s *v1beta2.ScheduledSparkApplication) { s.Spec.Suspend = new(true) }, []string{"spark/suspended spec.suspend"}},
		"never ends": {func(s *v1beta2.ScheduledSparkApplication) { s.Spec.Template.RestartPolicy.Type = "Always" }, []string{"spark/always-restart spec.template.restartPolicy.type"}},
		"never ends, allowed": {func(s *v1beta2.ScheduledSparkApplication) {
			s.Spec.Template.RestartPolicy.Type, s.Spec.ConcurrencyPolicy = "Always", "Allow"
		}, []string{"spark/always-restart spec.template.restartPolicy.type"}},
		"replaced": {func(s *v1beta2.ScheduledSparkApplication) {
			s.Spec.Template.RestartPolicy.Type, s.Spec.ConcurrencyPolicy = "Always", "Replace"
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			schedule := allOfSchedule()
			schedule.Suspended, schedule.Concurrency, schedule.Job.Lifecycle.TimeToLive = false, "", 0
			s, err := schedule.ScheduledSparkApplication()
			if err != nil {
				t.Fatal(err)
			}
			tc.edit(s)
			if diff := cmp.Diff(tc.want, ids(check(bundleOf(t, s)))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConnectNameRule(t *testing.T) {
	for name, want := range map[string][]string{
		strings.Repeat("a", 56): nil,
		strings.Repeat("a", 57): {"spark/connect-name metadata.name"},
		"1-queries":             {"spark/connect-name metadata.name"},
	} {
		c := goodConnect(t)
		c.Name = name
		if diff := cmp.Diff(want, ids(check(bundleOf(t, c)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// A manifest inside of another object has what that one gives it.
func TestRulesInside(t *testing.T) {
	bundle := bundleOf(t, good(t))
	inside := func(app *v1beta2.SparkApplication) []string {
		var out []string
		for _, rule := range spark.Rules() {
			rule.Check(&millrace.Pass{Object: app, Inside: true, Bundle: bundle, Report: func(field, _ string) { out = append(out, rule.ID+" "+field) }})
		}
		return out
	}
	app := good(t)
	app.Name, app.Spec.TimeToLiveSeconds = "orders-{{workflow.parameters.date}}", nil
	if got := inside(app); got != nil {
		t.Errorf("without a time to live: %v", got)
	}
	app.Spec.RestartPolicy.Type = v1beta2.RestartPolicyAlways
	if diff := cmp.Diff([]string{"spark/always-restart spec.restartPolicy.type"}, inside(app)); diff != "" {
		t.Errorf("that never ends (-want +got):\n%s", diff)
	}
}

func TestPendingClaim(t *testing.T) {
	const own = "spark/pending-claim spec.sparkConf[spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.options.storageClass]"
	class := func(mode *storagev1.VolumeBindingMode) millrace.Object {
		return &storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: "premium-ssd"}, Provisioner: "pd.csi.storage.gke.io", VolumeBindingMode: mode}
	}
	claim := func(modes ...corev1.PersistentVolumeAccessMode) millrace.Object {
		return &corev1.PersistentVolumeClaim{ObjectMeta: metav1.ObjectMeta{Name: "models", Namespace: "data-platform"}, Spec: corev1.PersistentVolumeClaimSpec{AccessModes: modes}}
	}
	reuse := func(j *spark.Job) { j.Shuffle = spark.ReusePVC{StorageClass: "premium-ssd", Size: 100 * millrace.GiB} }
	mounts := func(j *spark.Job) {
		j.Executor.Volumes = []spark.Volume{{Name: "models", Path: "/models", Source: corev1.VolumeSource{
			PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "models"}}}}
	}
	for name, tc := range map[string]struct {
		edit   func(*spark.Job)
		beside []millrace.Object
		want   []string
	}{
		"binds late":       {reuse, []millrace.Object{class(new(storagev1.VolumeBindingWaitForFirstConsumer))}, nil},
		"binds at once":    {reuse, []millrace.Object{class(new(storagev1.VolumeBindingImmediate))}, []string{own}},
		"binds by default": {reuse, []millrace.Object{class(nil)}, []string{own}},
		"an unknown class": {reuse, nil, nil},
		"an ephemeral disk": {func(j *spark.Job) {
			j.Driver.Volumes = []spark.Volume{{Name: "scratch", Path: "/scratch", Source: corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{
				VolumeClaimTemplate: &corev1.PersistentVolumeClaimTemplate{Spec: corev1.PersistentVolumeClaimSpec{StorageClassName: new("premium-ssd")}}}}}}
		}, []millrace.Object{class(nil)}, []string{"spark/pending-claim spec.driver.template.spec.volumes[0].ephemeral.volumeClaimTemplate.spec.storageClassName"}},
		"a claim of one node": {mounts, []millrace.Object{claim(corev1.ReadWriteOnce)}, []string{"spark/pending-claim spec.executor.template.spec.volumes[0].persistentVolumeClaim.claimName"}},
		"a claim of one node, and one executor": {func(j *spark.Job) {
			mounts(j)
			j.Executor.Instances = 1
		}, []millrace.Object{claim(corev1.ReadWriteOncePod)}, nil},
		"a claim of many":  {mounts, []millrace.Object{claim(corev1.ReadWriteOnce, corev1.ReadOnlyMany)}, nil},
		"an unknown claim": {mounts, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			j := ordersDaily()
			tc.edit(j)
			app, err := j.SparkApplication()
			if err != nil {
				t.Fatal(err)
			}
			bundle, err := millrace.Build(millrace.Parts{Objects: append([]millrace.Object{app}, tc.beside...)})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, ids(check(bundle))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
