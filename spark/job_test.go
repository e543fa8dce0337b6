package spark_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/spark"
)

func TestGolden(t *testing.T) {
	submit := ordersDaily()
	submit.Target = spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}
	for name, j := range map[string]*spark.Job{
		"minimal.yaml":                 minimal(),
		"etl-orders-daily.yaml":        ordersDaily(),
		"etl-orders-daily.submit.txt":  submit,
		"sessions-dynamic.yaml":        dynamic(),
		"everything.yaml":              everything(),
		"everything.submit.txt":        withTarget(everything(), spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}),
		"groups.yaml":                  groups(),
		"groups.submit.txt":            withTarget(groups(), spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}),
		"uniffle-dynamic-spark4.yaml":  uniffle(),
		"minimal.apache.yaml":          withTarget(minimal(), spark.ApacheOperator{}),
		"etl-orders-daily.apache.yaml": withTarget(ordersDaily(), spark.ApacheOperator{}),
		"sessions-dynamic.apache.yaml": withTarget(dynamic(), spark.ApacheOperator{}),
		"everything.apache.yaml":       apacheEverything(),
		"reuse-pvc-restart-never.yaml": reusePVC(),
		"volcano.yaml":                 scheduled(spark.Volcano{Queue: "etl", PriorityClass: "batch-high"}),
		"volcano.submit.txt":           withTarget(scheduled(spark.Volcano{Queue: "etl", PriorityClass: "batch-high"}), spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}),
		"yunikorn.yaml":                scheduled(spark.YuniKorn{Queue: "root.etl", PlaceTimeout: 5 * time.Minute}),
		"yunikorn.submit.txt":          withTarget(scheduled(spark.YuniKorn{Queue: "root.etl", PlaceTimeout: 5 * time.Minute}), spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}),
		"kueue.yaml":                   scheduled(spark.Kueue{Queue: "etl", PriorityClass: "batch-high"}),
		"kueue.submit.txt":             withTarget(scheduled(spark.Kueue{Queue: "etl", PriorityClass: "batch-high"}), spark.Submit{Master: "k8s://https://k8s-api.internal:6443"}),
		"local-disks.yaml":             scratched(spark.LocalDisks{Paths: []string{"/mnt/k8s-disks/0", "/mnt/k8s-disks/1"}}),
		"scratch-claims.yaml":          scratched(spark.ScratchClaims{StorageClass: "premium-ssd", Size: 100 * millrace.GiB, Count: 2}),
		"tmpfs.yaml":                   scratched(spark.Tmpfs{Size: 2 * millrace.GiB}),
	} {
		t.Run(name, func(t *testing.T) { golden(t, name, render(t, j)) })
	}
}

func withTarget(j *spark.Job, target spark.Target) *spark.Job {
	j.Target = target
	j.Annotations = nil
	j.Lifecycle = spark.Lifecycle{}
	return j
}

func uniffle() *spark.Job {
	j := minimal()
	j.Version = "4.1.2"
	j.Executor.DynamicAllocation = spark.DynamicAllocation{Max: 20, IdleTimeout: 2 * time.Minute}
	j.Shuffle = spark.Uniffle{Coordinators: []string{"uniffle-coordinator-0.uniffle:19999"}}
	return j
}

// scheduled is a job on a pool of its own that waits for its turn.
func scheduled(s spark.Scheduler) *spark.Job {
	j := minimal()
	j.Placement, j.Scheduler = pool(), s
	j.Executor.Instances = 4
	return j
}

// scratched is a job with disks for its shuffle data.
func scratched(s spark.Scratch) *spark.Job {
	j := minimal()
	j.Executor.Scratch = s
	return j
}

func reusePVC() *spark.Job {
	j := minimal()
	j.Shuffle = spark.ReusePVC{StorageClass: "premium-ssd", Size: 100 * millrace.GiB}
	j.Lifecycle.Restart = spark.Never
	return j
}

// everything sets every concern at once.
func everything() *spark.Job {
	limits := resource.MustParse("200Gi")
	return &spark.Job{
		Name: "everything", Namespace: "data-platform",
		Labels:      map[string]string{"team": "data-platform"},
		Annotations: map[string]string{"company.com/owner": "data-platform"},
		Image:       "company-registry/spark-etl:4.1.2", Version: "4.1.2", Language: spark.Java,
		Main: "local:///opt/spark/jobs/etl.jar", Class: "com.company.etl.TransformAndLoad",
		Args: []string{"--date=2026-01-31", "it's"},
		Deps: spark.Deps{
			Jars: []string{"local:///opt/a.jar", "s3a://jars/b.jar"}, Files: []string{"s3a://conf/x.json"}, Archives: []string{"s3a://conf/x.tgz#x"},
			Packages: []string{"a:b:1"}, ExcludePackages: []string{"a:c"}, Repositories: []string{"https://repo.company.com/maven"},
			PullPolicy: spark.PullAlways, PullSecrets: []string{"registry"},
		},
		Driver: spark.Driver{
			Cores: 2, CoreRequest: "1800m", CoreLimit: "2", Memory: 4 * millrace.GiB, MemoryOverhead: 1 * millrace.GiB,
			ServiceAccount: "spark", PriorityClass: "high-priority",
			Labels: map[string]string{"role": "plans"}, Annotations: map[string]string{"a": "b"},
			Env:     []corev1.EnvVar{{Name: "LEVEL", Value: "info"}},
			EnvFrom: []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "db"}}}},
			Volumes: []spark.Volume{{Name: "truststore", Path: "/etc/truststore", ReadOnly: true,
				Source: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "truststore"}}}},
			Placement:   millrace.Placement{NodeSelector: map[string]string{"workload": "spark-driver"}},
			GracePeriod: 45 * time.Second, JavaOptions: "-XX:+UseZGC",
		},
		Executor: spark.Executor{
			Cores: 4, CoreRequest: "3800m", CoreLimit: "4", Memory: 8 * millrace.GiB, MemoryOverhead: 2 * millrace.GiB,
			OffHeap: 1 * millrace.GiB, Broadcast: spark.Broadcast{Static: 10 * millrace.MiB, Measured: new(millrace.Bytes(0))},
			Instances: 8, PriorityClass: "low-priority", ServiceAccount: "spark-executor",
			Env: []corev1.EnvVar{{Name: "TOKEN", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
				LocalObjectReference: corev1.LocalObjectReference{Name: "api"}, Key: "token"}}}},
			Volumes: []spark.Volume{{Name: "1", Path: "/data/1", Scratch: true,
				Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{SizeLimit: &limits}}}},
			Security:    spark.Security{Pod: &corev1.PodSecurityContext{RunAsUser: new(int64(1000))}, Container: &corev1.SecurityContext{ReadOnlyRootFilesystem: new(false)}},
			GracePeriod: 90 * time.Second, JavaOptions: "-XX:+UseG1GC",
		},
		Placement:  pool(),
		Shuffle:    spark.Decommission{Fallback: "s3a://data-platform-shuffle/"},
		Conf:       map[string]string{"spark.sql.shuffle.partitions": "400", "spark.kubernetes.allocation.batch.size": "50"},
		HadoopConf: map[string]string{"fs.s3a.endpoint": "https://s3.company.com"},
		Lifecycle: spark.Lifecycle{Restart: spark.OnFailure, Retries: new(int32(0)), RetryInterval: time.Minute, SubmissionRetries: new(int32(1)),
			SubmissionRetryInterval: 5 * time.Second, TimeToLive: time.Hour},
		Observe: spark.Observe{EventLog: spark.EventLog{Dir: "gs://logs/spark"}},
	}
}

// What the operator's CRD requires and knows.
func TestStrictDecode(t *testing.T) {
	for _, j := range []*spark.Job{minimal(), ordersDaily(), dynamic(), everything(), uniffle(), reusePVC(), groups()} {
		t.Run(j.Name, func(t *testing.T) {
			var back v1beta2.SparkApplication
			text := render(t, j)
			if err := yaml.UnmarshalStrict([]byte(text), &back); err != nil {
				t.Fatal(err)
			}
			app, err := j.SparkApplication()
			if err != nil {
				t.Fatal(err)
			}
			// A quantity remembers its text only once it is printed.
			var want v1beta2.SparkApplication
			data, _ := json.Marshal(app)
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, back); diff != "" {
				t.Errorf("rendered and read back (-want +got):\n%s", diff)
			}
			var raw struct {
				Spec map[string]any
			}
			if err := yaml.Unmarshal([]byte(text), &raw); err != nil {
				t.Fatal(err)
			}
			for _, required := range []string{"type", "sparkVersion", "mainApplicationFile", "driver", "executor"} {
				if raw.Spec[required] == nil {
					t.Errorf("spec.%s is missing", required)
				}
			}
			for _, field := range []string{"type", "onFailureRetries", "onFailureRetryInterval", "onSubmissionFailureRetries", "onSubmissionFailureRetryInterval"} {
				if _, ok := raw.Spec["restartPolicy"].(map[string]any)[field]; !ok {
					t.Errorf("spec.restartPolicy.%s is missing", field)
				}
			}
		})
	}
}

// The webhook-only fields stay empty: nothing may depend on the webhook.
func TestNothingDependsOnTheWebhook(t *testing.T) {
	app, err := everything().SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	for role, pod := range map[string]v1beta2.SparkPodSpec{"driver": app.Spec.Driver.SparkPodSpec, "executor": app.Spec.Executor.SparkPodSpec} {
		pod.Template, pod.Cores, pod.CoreLimit, pod.Memory, pod.MemoryOverhead = nil, nil, nil, nil, nil
		pod.Labels, pod.Annotations, pod.ServiceAccount = nil, nil, nil
		if diff := cmp.Diff(v1beta2.SparkPodSpec{}, pod); diff != "" {
			t.Errorf("%s has fields that only the webhook carries:\n%s", role, diff)
		}
	}
	if app.Spec.Driver.PriorityClassName != nil || app.Spec.Executor.PriorityClassName != nil || app.Spec.Volumes != nil || app.Spec.NodeSelector != nil {
		t.Error("a field that only the webhook carries is set")
	}
}

func TestPlacement(t *testing.T) {
	selector := func(p *corev1.PodTemplateSpec) string { return p.Spec.NodeSelector["workload"] }
	j := minimal()
	j.Placement = pool()
	j.Placement.Annotations = map[string]string{millrace.SafeToEvict: "true", "from": "pool"}
	j.Driver.Annotations = map[string]string{"from": "driver"}
	j.Executor.Placement = millrace.Placement{NodeSelector: map[string]string{"workload": "spot"}}
	app, err := j.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	if d, e := selector(app.Spec.Driver.Template), selector(app.Spec.Executor.Template); d != "spark-executor" || e != "spot" {
		t.Errorf("driver on %q, executors on %q", d, e)
	}
	if got := app.Spec.Executor.Template.Spec.Tolerations; got != nil {
		t.Errorf("the executors' own placement was joined with the job's: %v", got)
	}
	want := map[string]string{"from": "driver", millrace.SafeToEvict: "true", millrace.DoNotDisrupt: "true"}
	if diff := cmp.Diff(want, app.Spec.Driver.Annotations); diff != "" {
		t.Errorf("driver's annotations (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(millrace.EvictionGuards(), app.Spec.Executor.Annotations); diff != "" {
		t.Errorf("executors' annotations (-want +got):\n%s", diff)
	}
}

// Settings must exist in the Spark that reads them.
func TestSettingsByVersion(t *testing.T) {
	for _, tc := range []struct {
		version string
		has     []string
		lacks   []string
	}{
		{"3.0.3", nil, []string{"spark.decommission.enabled", "spark.sql.adaptive.autoBroadcastJoinThreshold"}},
		{"3.1.3", []string{"spark.decommission.enabled"}, []string{"spark.stage.ignoreDecommissionFetchFailure", "spark.sql.adaptive.autoBroadcastJoinThreshold"}},
		{"3.2.4", []string{"spark.sql.adaptive.autoBroadcastJoinThreshold"}, []string{"spark.stage.ignoreDecommissionFetchFailure"}},
		{"3.5.1-amzn-0", []string{"spark.stage.ignoreDecommissionFetchFailure"}, []string{"spark.kubernetes.executor.terminationGracePeriodSeconds"}},
		{"4.1.2", []string{"spark.kubernetes.executor.terminationGracePeriodSeconds"}, nil},
		{"4.2.0-preview1", []string{"spark.kubernetes.executor.terminationGracePeriodSeconds"}, nil},
	} {
		j := minimal()
		j.Version = tc.version
		app, err := j.SparkApplication()
		if err != nil {
			t.Errorf("%s: %v", tc.version, err)
			continue
		}
		for _, key := range tc.has {
			if app.Spec.SparkConf[key] == "" {
				t.Errorf("Spark %s lacks %s", tc.version, key)
			}
		}
		for _, key := range tc.lacks {
			if v, ok := app.Spec.SparkConf[key]; ok {
				t.Errorf("Spark %s has %s=%s", tc.version, key, v)
			}
		}
	}
}

// A stream forgets old losses where Spark counts them; a batch job doesn't.
func TestStreamsForgetLosses(t *testing.T) {
	const key = "spark.executor.failuresValidityInterval"
	for _, tc := range []struct {
		version string
		restart spark.RestartPolicy
		want    string
	}{{"3.5.1", spark.Always, "1h"}, {"3.4.1", spark.Always, ""}, {"3.5.1", spark.OnFailure, ""}} {
		j := minimal()
		j.Version, j.Lifecycle.Restart = tc.version, tc.restart
		app, err := j.SparkApplication()
		if err != nil {
			t.Fatal(err)
		}
		if got := app.Spec.SparkConf[key]; got != tc.want {
			t.Errorf("Spark %s, %s: %s is %q, want %q", tc.version, tc.restart, key, got, tc.want)
		}
	}
}

// Spark refuses a fallback that doesn't end with a slash.
func TestFallbackEndsWithSlash(t *testing.T) {
	for _, fallback := range []string{"s3a://shuffle/fallback", "s3a://shuffle/fallback/"} {
		j := minimal()
		j.Shuffle = spark.Decommission{Fallback: fallback}
		app, err := j.SparkApplication()
		if err != nil {
			t.Fatal(err)
		}
		if got := app.Spec.SparkConf["spark.storage.decommission.fallbackStorage.path"]; got != "s3a://shuffle/fallback/" {
			t.Errorf("%s renders as %s", fallback, got)
		}
	}
}

func TestConfOverridesDefaults(t *testing.T) {
	j := minimal()
	j.Conf = map[string]string{"spark.sql.autoBroadcastJoinThreshold": "20m", "spark.decommission.enabled": "false"}
	j.Base.SparkConf = map[string]string{"spark.kubernetes.allocation.batch.size": "7"}
	app, err := j.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"spark.sql.autoBroadcastJoinThreshold": "20m", "spark.decommission.enabled": "false", "spark.kubernetes.allocation.batch.size": "7",
	} {
		if got := app.Spec.SparkConf[key]; got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}

func TestBase(t *testing.T) {
	j := minimal()
	j.Base.Monitoring = &v1beta2.MonitoringSpec{ExposeDriverMetrics: true}
	j.Base.BatchScheduler = new("yunikorn")
	j.Base.Executor.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{
		Containers: []corev1.Container{
			{Name: "spark-kubernetes-executor", SecurityContext: &corev1.SecurityContext{AllowPrivilegeEscalation: new(true)}},
			{Name: "logs", Image: "company-registry/logs:1"},
		},
	}}
	j.Placement = pool()
	app, err := j.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	if app.Spec.Monitoring == nil || *app.Spec.BatchScheduler != "yunikorn" {
		t.Error("Base got lost")
	}
	pod := app.Spec.Executor.Template.Spec
	if len(pod.Containers) != 2 || len(pod.Tolerations) != 1 {
		t.Fatalf("Base's template and the job's own were not joined: %+v", pod)
	}
	own := pod.Containers[slices.IndexFunc(pod.Containers, func(c corev1.Container) bool { return c.Name == "spark-kubernetes-executor" })]
	if !*own.SecurityContext.AllowPrivilegeEscalation || own.SecurityContext.Capabilities == nil {
		t.Errorf("a default overrode Base, or was not filled in beside it: %+v", own.SecurityContext)
	}
}

// A security context in Base's webhook fields would win over a default in the
// template, so there is none.
func TestDefaultsGiveWayToWebhookFields(t *testing.T) {
	j := minimal()
	j.Version = "4.1.2"
	j.Base.Executor.PodSecurityContext = &corev1.PodSecurityContext{RunAsUser: new(int64(0))}
	j.Base.Executor.TerminationGracePeriodSeconds = new(int64(5))
	app, err := j.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	if s := app.Spec.Executor.Template.Spec; s.SecurityContext != nil || s.TerminationGracePeriodSeconds != nil {
		t.Errorf("defaults contradict Base: %+v", s)
	}
	if got := app.Spec.SparkConf["spark.kubernetes.executor.terminationGracePeriodSeconds"]; got != "5s" {
		t.Errorf("the setting says %q, Base says 5", got)
	}
}

// Build shares no memory with its receiver and doesn't change it.
func TestBuildCopies(t *testing.T) {
	for _, fresh := range []func() *spark.Job{ordersDaily, dynamic, everything, groups} {
		j, same := fresh(), fresh()
		j.Base.Volumes = []corev1.Volume{{Name: "x"}}
		same.Base.Volumes = []corev1.Volume{{Name: "x"}}
		app, err := j.SparkApplication()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(same, j); diff != "" {
			t.Errorf("Build changed its receiver:\n%s", diff)
		}
		scribble(app)
		if diff := cmp.Diff(same, j); diff != "" {
			t.Errorf("what Build returned shares memory with the job:\n%s", diff)
		}
		scribbled := fresh()
		scribbled.Base.Volumes = []corev1.Volume{{Name: "x"}}
		before, err := scribbled.SparkApplication()
		if err != nil {
			t.Fatal(err)
		}
		clone := before.DeepCopy()
		scribble(scribbled)
		if diff := cmp.Diff(clone, before); diff != "" {
			t.Errorf("the job shares memory with what Build returned:\n%s", diff)
		}
	}
}

func TestRulesFindNothingInProductionJobs(t *testing.T) {
	for _, j := range []*spark.Job{ordersDaily(), dynamic(), groups()} {
		bundle, err := millrace.Build(j)
		if err != nil {
			t.Fatal(err)
		}
		for _, got := range check(bundle) {
			// The jars of the one are fetched on purpose.
			if !strings.HasPrefix(got, "spark/packages-at-runtime spec.deps.packages: ") {
				t.Errorf("%s: %s", j.Name, got)
			}
		}
	}
}
