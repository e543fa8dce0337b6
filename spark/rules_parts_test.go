package spark_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
)

// ruleCases are edits of a good application, and the findings: "rule field".
type ruleCases map[string]struct {
	edit func(*v1beta2.SparkApplication)
	want []string
}

func (cases ruleCases) run(t *testing.T, others ...string) {
	t.Helper()
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			app := good(t)
			tc.edit(app)
			found := check(bundleOf(t, app))
			for _, rule := range others {
				found = without(rule, found)
			}
			if diff := cmp.Diff(tc.want, ids(found)); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

func amounts(cpu, memory string) corev1.ResourceList {
	return corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(cpu), corev1.ResourceMemory: resource.MustParse(memory)}
}

func TestSchedulerRules(t *testing.T) {
	on := &v1beta2.DynamicAllocation{Enabled: true, MaxExecutors: new(int32(9))}
	ruleCases{
		"a gang of no size": {func(a *v1beta2.SparkApplication) { a.Spec.BatchScheduler = new("volcano") },
			[]string{"spark/volcano-resources spec.batchSchedulerOptions.resources"}},
		"a gang of less than the driver": {func(a *v1beta2.SparkApplication) {
			a.Spec.BatchScheduler, a.Spec.BatchSchedulerOptions = new("volcano"), &v1beta2.BatchSchedulerConfiguration{Resources: amounts("9", "1Gi")}
		}, []string{"spark/volcano-resources spec.batchSchedulerOptions.resources.memory"}},
		"a gang": {func(a *v1beta2.SparkApplication) {
			a.Spec.BatchScheduler, a.Spec.BatchSchedulerOptions = new("volcano"), &v1beta2.BatchSchedulerConfiguration{Resources: amounts("9", "100Gi")}
		}, nil},

		"kueue": {func(a *v1beta2.SparkApplication) { a.Labels = map[string]string{"kueue.x-k8s.io/queue-name": "etl"} }, nil},
		"kueue with dynamic allocation": {func(a *v1beta2.SparkApplication) {
			a.Labels, a.Spec.DynamicAllocation = map[string]string{"kueue.x-k8s.io/queue-name": "etl"}, on
		}, []string{"spark/kueue-dynamic-allocation spec.dynamicAllocation.enabled"}},
		"kueue with an elastic job": {func(a *v1beta2.SparkApplication) {
			a.Labels, a.Spec.DynamicAllocation = map[string]string{"kueue.x-k8s.io/queue-name": "etl"}, on
			a.Annotations = map[string]string{"kueue.x-k8s.io/elastic-job": "true"}
		}, nil},
		"kueue that doesn't see it": {func(a *v1beta2.SparkApplication) {
			a.Labels, a.Spec.Mode = map[string]string{"kueue.x-k8s.io/queue-name": "etl"}, v1beta2.DeployModeClient
			a.Spec.SparkConf["spark.dynamicAllocation.enabled"], a.Spec.SparkConf["spark.dynamicAllocation.maxExecutors"] = "true", "9"
		}, []string{"spark/deploy-mode spec.mode", "spark/kueue-dynamic-allocation spec.sparkConf[spark.dynamicAllocation.enabled]"}},
		"dynamic allocation alone": {func(a *v1beta2.SparkApplication) { a.Spec.DynamicAllocation = on }, nil},

		"options for nobody": {func(a *v1beta2.SparkApplication) {
			a.Spec.BatchSchedulerOptions = &v1beta2.BatchSchedulerConfiguration{Queue: new("etl")}
		}, []string{"spark/scheduler-name spec.batchSchedulerOptions"}},
		"two names": {func(a *v1beta2.SparkApplication) {
			a.Spec.BatchScheduler, a.Spec.Driver.SchedulerName = new("yunikorn"), new("volcano")
			a.Spec.SparkConf["spark.kubernetes.scheduler.name"], a.Spec.Executor.Template.Spec.SchedulerName = "volcano", "yunikorn"
		}, []string{"spark/scheduler-name spec.driver.schedulerName", "spark/scheduler-name spec.sparkConf[spark.kubernetes.scheduler.name]"}},
		"no gang": {func(a *v1beta2.SparkApplication) { a.Spec.Executor.Template.Spec.SchedulerName = "volcano" },
			[]string{"spark/scheduler-name spec.executor.template.spec.schedulerName"}},
		"yunikorn needs no batchScheduler": {func(a *v1beta2.SparkApplication) { a.Spec.Executor.Template.Spec.SchedulerName = "yunikorn" }, nil},
		"resources that nobody takes": {func(a *v1beta2.SparkApplication) {
			a.Spec.BatchScheduler, a.Spec.BatchSchedulerOptions = new("coscheduler"), &v1beta2.BatchSchedulerConfiguration{Resources: amounts("9", "100Gi")}
		}, []string{"spark/scheduler-name spec.batchSchedulerOptions.resources"}},
	}.run(t, "spark/webhook-fields")
}

// The operator hands on a schedule's labels and not its annotations.
func TestKueueInSchedule(t *testing.T) {
	app := good(t)
	app.Spec.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true, MaxExecutors: new(int32(9))}
	scheduled := &v1beta2.ScheduledSparkApplication{
		TypeMeta: metav1.TypeMeta{APIVersion: "sparkoperator.k8s.io/v1beta2", Kind: "ScheduledSparkApplication"},
		ObjectMeta: metav1.ObjectMeta{Name: "daily", Labels: map[string]string{"kueue.x-k8s.io/queue-name": "etl"},
			Annotations: map[string]string{"kueue.x-k8s.io/elastic-job": "true"}},
		Spec: v1beta2.ScheduledSparkApplicationSpec{Schedule: "@daily", ConcurrencyPolicy: v1beta2.ConcurrencyForbid, Template: app.Spec},
	}
	want := []string{"spark/kueue-dynamic-allocation spec.template.dynamicAllocation.enabled"}
	if diff := cmp.Diff(want, ids(check(bundleOf(t, scheduled)))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// mountScratch mounts a volume of the executor's template.
func mountScratch(s *v1beta2.SparkApplicationSpec, name, path string, source corev1.VolumeSource) {
	spec := &s.Executor.Template.Spec
	spec.Volumes = append(spec.Volumes, corev1.Volume{Name: name, VolumeSource: source})
	spec.Containers[0].VolumeMounts = append(spec.Containers[0].VolumeMounts, corev1.VolumeMount{Name: name, MountPath: path})
}

func emptyDir(medium corev1.StorageMedium, limit string) corev1.VolumeSource {
	e := &corev1.EmptyDirVolumeSource{Medium: medium}
	if limit != "" {
		e.SizeLimit = new(resource.MustParse(limit))
	}
	return corev1.VolumeSource{EmptyDir: e}
}

func TestScratchRules(t *testing.T) {
	claim := corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "a"}}
	ruleCases{
		"a kind that is dropped": {func(a *v1beta2.SparkApplication) {
			a.Spec.Volumes = []corev1.Volume{{Name: "spark-local-dir-1", VolumeSource: corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{}}},
				{Name: "spark-local-dir-2", VolumeSource: claim}, {Name: "other", VolumeSource: corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{}}}}
		}, []string{"spark/local-dir spec.volumes[0]"}},
		"scratch without the name": {func(a *v1beta2.SparkApplication) {
			mountScratch(&a.Spec, "nvme", "/data", claim)
			a.Spec.SparkConf["spark.local.dir"] = "/tmp,/data/spark"
		}, []string{"spark/local-dir spec.sparkConf[spark.local.dir]"}},
		"scratch by the name": {func(a *v1beta2.SparkApplication) {
			mountScratch(&a.Spec, "spark-local-dir-1", "/data", claim)
			a.Spec.SparkConf["spark.local.dir"] = "/data/spark"
		}, nil},
		"local dir elsewhere": {func(a *v1beta2.SparkApplication) {
			mountScratch(&a.Spec, "nvme", "/data", claim)
			a.Spec.SparkConf["spark.local.dir"] = "/database"
		}, nil},
		"read-only": {func(a *v1beta2.SparkApplication) {
			mountScratch(&a.Spec, "spark-local-dir-1", "/data", claim)
			a.Spec.Executor.Template.Spec.Containers[0].VolumeMounts[0].ReadOnly = true
		}, []string{"spark/local-dir spec.executor.template.spec.volumes[0]"}},

		"no bound": {func(a *v1beta2.SparkApplication) {
			mountScratch(&a.Spec, "spark-local-dir-1", "/data", emptyDir("", ""))
		},
			[]string{"spark/scratch-size spec.executor.template.spec.volumes[0]"}},
		"no bound in the settings": {func(a *v1beta2.SparkApplication) {
			a.Spec.SparkConf["spark.kubernetes.executor.volumes.emptyDir.spark-local-dir-1.mount.path"] = "/data"
		}, []string{"spark/scratch-size spec.sparkConf[spark.kubernetes.executor.volumes.emptyDir.spark-local-dir-1.mount.path]"}},
		"a bound": {func(a *v1beta2.SparkApplication) {
			mountScratch(&a.Spec, "spark-local-dir-1", "/data", emptyDir("", "10Gi"))
		}, nil},
		"a bound of the container": {func(a *v1beta2.SparkApplication) {
			mountScratch(&a.Spec, "spark-local-dir-1", "/data", emptyDir("", ""))
			a.Spec.Executor.Template.Spec.Containers[0].Resources.Limits = corev1.ResourceList{corev1.ResourceEphemeralStorage: resource.MustParse("10Gi")}
		}, nil},

		"volumes that are handed on": {func(a *v1beta2.SparkApplication) { reuse(a) }, nil},
		"volumes that are handed on to nobody": {func(a *v1beta2.SparkApplication) {
			reuse(a)
			a.Spec.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true, MaxExecutors: new(int32(9))}
		}, []string{"spark/reuse-claims-dynamic spec.sparkConf[spark.kubernetes.driver.reusePersistentVolumeClaim]"}},
	}.run(t)
}

func reuse(a *v1beta2.SparkApplication) {
	a.Spec.SparkConf["spark.kubernetes.driver.reusePersistentVolumeClaim"] = "true"
	a.Spec.SparkConf["spark.shuffle.sort.io.plugin.class"] = "org.apache.spark.shuffle.KubernetesLocalDiskShuffleDataIO"
}

func TestTemplateRules(t *testing.T) {
	ruleCases{
		"a container of another name": {func(a *v1beta2.SparkApplication) { a.Spec.Driver.Template.Spec.Containers[0].Name = "spark" },
			[]string{"spark/template-container spec.driver.template.spec.containers[0].name"}},
		"no containers": {func(a *v1beta2.SparkApplication) { a.Spec.Driver.Template.Spec.Containers = nil }, nil},

		"tolerations twice": {func(a *v1beta2.SparkApplication) {
			a.Spec.Executor.Tolerations = a.Spec.Executor.Template.Spec.Tolerations
		}, []string{"spark/template-duplicate spec.executor.tolerations[0]"}},
		"other tolerations": {func(a *v1beta2.SparkApplication) {
			a.Spec.Executor.Tolerations = []corev1.Toleration{{Key: "gpu", Operator: corev1.TolerationOpExists}}
		}, nil},
		"a volume twice": {func(a *v1beta2.SparkApplication) {
			mountScratch(&a.Spec, "lookup", "/lookup", emptyDir("", ""))
			a.Spec.Volumes = []corev1.Volume{{Name: "lookup", VolumeSource: emptyDir("", "")}}
			a.Spec.Executor.VolumeMounts = []corev1.VolumeMount{{Name: "lookup", MountPath: "/lookup"}}
		}, []string{"spark/template-duplicate spec.volumes[0]", "spark/template-duplicate spec.executor.volumeMounts[0]"}},
		"a variable twice": {func(a *v1beta2.SparkApplication) {
			a.Spec.Driver.Template.Spec.Containers[0].Env = []corev1.EnvVar{{Name: "A", Value: "1"}}
			a.Spec.Driver.Env = []corev1.EnvVar{{Name: "A", Value: "2"}, {Name: "B"}}
		}, []string{"spark/template-duplicate spec.driver.env[0]"}},
		"what Spark overwrites": {func(a *v1beta2.SparkApplication) {
			c := &a.Spec.Executor.Template.Spec.Containers[0]
			c.Image, c.Resources.Limits, c.Resources.Requests = "x:1", amounts("8", "8Gi"), amounts("8", "8Gi")
		}, []string{"spark/template-duplicate spec.executor.template.spec.containers[0].image",
			"spark/template-duplicate spec.executor.template.spec.containers[0].resources"}},
		"what Spark leaves": {func(a *v1beta2.SparkApplication) {
			a.Spec.Executor.Template.Spec.Containers[0].Resources.Limits = corev1.ResourceList{corev1.ResourceEphemeralStorage: resource.MustParse("8Gi")}
		}, nil},

		"selectors at two levels": {func(a *v1beta2.SparkApplication) {
			a.Spec.NodeSelector, a.Spec.Executor.NodeSelector = map[string]string{"a": "b"}, map[string]string{"c": "d"}
		}, []string{"spark/node-selector-double spec.executor.nodeSelector"}},
		"selectors at one level": {func(a *v1beta2.SparkApplication) { a.Spec.NodeSelector = map[string]string{"a": "b"} }, nil},

		"a hook for another": {func(a *v1beta2.SparkApplication) { a.Spec.Executor.Lifecycle = &corev1.Lifecycle{} },
			[]string{"spark/decommission-hook spec.executor.lifecycle"}},
		"a hook that is lost": {func(a *v1beta2.SparkApplication) {
			a.Spec.Executor.Template.Spec.Containers[0].Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{}}
		}, []string{"spark/decommission-hook spec.executor.template.spec.containers[0].lifecycle"}},
		"a hook beside a shuffle service": {func(a *v1beta2.SparkApplication) {
			a.Spec.Executor.Lifecycle = &corev1.Lifecycle{}
			a.Spec.SparkConf["spark.decommission.enabled"], a.Spec.SparkConf["spark.shuffle.manager"] = "false", "org.apache.spark.shuffle.RssShuffleManager"
		}, nil},

		"spot with decommissioning": {func(a *v1beta2.SparkApplication) { spot(a) }, nil},
		"spot without": {func(a *v1beta2.SparkApplication) {
			spot(a)
			delete(a.Spec.SparkConf, "spark.decommission.enabled")
		}, []string{"spark/spot-decommission spec.executor.template.spec.nodeSelector[karpenter.sh/capacity-type]"}},
		"spot without time": {func(a *v1beta2.SparkApplication) {
			spot(a)
			a.Spec.Executor.Template.Spec.TerminationGracePeriodSeconds = nil
		}, []string{"spark/spot-decommission spec.executor.template.spec.terminationGracePeriodSeconds"}},
		"spot of a cloud that leaves less": {func(a *v1beta2.SparkApplication) {
			spot(a)
			template := &a.Spec.Executor.Template.Spec
			template.NodeSelector = map[string]string{"cloud.google.com/gke-spot": "true"}
			template.TerminationGracePeriodSeconds = new(int64(15))
		}, nil},
		"spot of a cloud that leaves less than asked": {func(a *v1beta2.SparkApplication) {
			spot(a)
			a.Spec.Executor.Template.Spec.NodeSelector = map[string]string{"kubernetes.azure.com/scalesetpriority": "spot"}
		}, []string{"spark/spot-decommission spec.executor.template.spec.terminationGracePeriodSeconds"}},
		"spot with a shuffle service": {func(a *v1beta2.SparkApplication) {
			spot(a)
			a.Spec.SparkConf["spark.decommission.enabled"], a.Spec.SparkConf["spark.shuffle.manager"] = "false", "org.apache.spark.shuffle.RssShuffleManager"
		}, nil},

		"a sidecar of the driver": {func(a *v1beta2.SparkApplication) {
			a.Spec.Driver.Sidecars = []corev1.Container{{Name: "proxy", Image: "proxy:1"}}
			a.Spec.Executor.Sidecars = a.Spec.Driver.Sidecars
		}, []string{"spark/sidecar spec.driver.sidecars[0]"}},
		"a sidecar that ends": {func(a *v1beta2.SparkApplication) {
			a.Spec.Driver.Template.Spec.InitContainers = []corev1.Container{{Name: "proxy", Image: "proxy:1", RestartPolicy: new(corev1.ContainerRestartPolicyAlways)}}
		}, nil},
		"a mesh": {func(a *v1beta2.SparkApplication) {
			a.Spec.Executor.Labels = map[string]string{"sidecar.istio.io/inject": "true"}
		}, []string{"spark/sidecar spec.executor.labels[sidecar.istio.io/inject]"}},
	}.run(t, "spark/webhook-fields", "spark/latest-tag", "spark/shuffle-loss", "spark/remote-shuffle")
}

func spot(a *v1beta2.SparkApplication) {
	a.Spec.Executor.Template.Spec.NodeSelector = map[string]string{"karpenter.sh/capacity-type": "spot"}
}

// Where the composition holds the namespace, it tells whether Istio is in it.
func TestSidecarOfNamespace(t *testing.T) {
	for name, tc := range map[string]struct {
		namespace map[string]string
		driver    map[string]string
		want      int
	}{
		"a mesh":             {map[string]string{"istio-injection": "enabled"}, nil, 2},
		"one that stays out": {map[string]string{"istio-injection": "enabled"}, map[string]string{"sidecar.istio.io/inject": "false"}, 1},
		"no mesh":            {nil, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			app := good(t)
			app.Spec.Driver.Labels = tc.driver
			bundle, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{app, &corev1.Namespace{
				TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "Namespace"}, ObjectMeta: metav1.ObjectMeta{Name: app.Namespace, Labels: tc.namespace},
			}}})
			if err != nil {
				t.Fatal(err)
			}
			if found := check(bundle); len(found) != tc.want {
				t.Errorf("findings: %q, want %d", found, tc.want)
			}
		})
	}
}

// Each of the fields that only the webhook carries is named; what Spark itself
// takes is not.
func TestWebhookFields(t *testing.T) {
	app := good(t)
	s := &app.Spec
	s.SparkConfigMap, s.HadoopConfigMap = new("a"), new("b")
	s.Volumes = []corev1.Volume{{Name: "spark-local-dir-1", VolumeSource: emptyDir("", "1Gi")}, {Name: "data", VolumeSource: emptyDir("", "")}}
	s.Executor.VolumeMounts = []corev1.VolumeMount{{Name: "spark-local-dir-1", MountPath: "/1"}, {Name: "data", MountPath: "/2"}}
	s.Executor.Env, s.Executor.EnvVars = []corev1.EnvVar{{Name: "A", Value: "b"}}, map[string]string{"B": "c"}
	s.Driver.PriorityClassName, s.Driver.Tolerations = new("high"), []corev1.Toleration{}
	s.Driver.HostNetwork, s.Driver.Ports = new(true), []v1beta2.Port{{Name: "a", ContainerPort: 1, Protocol: "TCP"}}
	var got []string
	for _, f := range ids(check(bundleOf(t, app))) {
		if rest, ok := strings.CutPrefix(f, "spark/webhook-fields "); ok {
			got = append(got, rest)
		}
	}
	slices.Sort(got)
	want := []string{"spec.driver.hostNetwork", "spec.driver.ports", "spec.driver.priorityClassName", "spec.executor.env", "spec.executor.volumeMounts[1]",
		"spec.hadoopConfigMap", "spec.sparkConfigMap"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

// What millrace makes of its own values breaks none of the rules.
func TestPartsKeepTheRules(t *testing.T) {
	for _, tc := range partFields {
		job := ordersDaily()
		set(job, tc.field, tc.least)
		app, err := job.SparkApplication()
		if err != nil {
			t.Fatal(err)
		}
		if found := check(bundleOf(t, app)); len(found) > 0 {
			t.Errorf("%s: %T: %q", tc.field, tc.least, found)
		}
	}
}
