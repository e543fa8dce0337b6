package spark_test

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/internal/podtest"
)

// field returns a field of a spec by its path in a Job: "Base.Driver.Memory".
// An item of a list stands for the list.
func field(spec *v1beta2.SparkApplicationSpec, path string) reflect.Value {
	v := reflect.ValueOf(spec).Elem()
	for name := range strings.SplitSeq(strings.TrimPrefix(path, "Base."), ".") {
		name, _, _ = strings.Cut(name, "[")
		v = v.FieldByName(name)
	}
	return v
}

// plain is an application with nothing but what it needs.
func plain() *v1beta2.SparkApplication {
	return &v1beta2.SparkApplication{
		ObjectMeta: metav1.ObjectMeta{Name: "etl", Namespace: "data-platform"},
		Spec: v1beta2.SparkApplicationSpec{
			Type: v1beta2.SparkApplicationTypeScala, SparkVersion: "3.5.1", Mode: v1beta2.DeployModeCluster,
			Image: new("company-registry/spark-etl:3.5.1"), MainClass: new("com.company.Etl"), MainApplicationFile: new("local:///etl.jar"),
		},
	}
}

var (
	hook     = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{Exec: &corev1.ExecAction{Command: []string{"sync"}}}}
	sidecars = []corev1.Container{{Name: "logs", Image: "logs:1", Env: []corev1.EnvVar{{Name: "A", Value: "b"}}}}
)

// samples are values for the fields which not every value fits.
var samples = map[string]any{
	"Base.Type":                         v1beta2.SparkApplicationTypeJava,
	"Base.SparkVersion":                 "4.1.1",
	"Base.Mode":                         v1beta2.DeployModeCluster,
	"Base.SparkConf":                    map[string]string{"spark.sql.shuffle.partitions": "4"},
	"Base.HadoopConf":                   map[string]string{"fs.s3a.endpoint": "https://s3.internal"},
	"Base.Driver.Template":              &corev1.PodTemplateSpec{Spec: corev1.PodSpec{PriorityClassName: "high", Containers: []corev1.Container{{Name: "spark-kubernetes-driver"}}}},
	"Base.Executor.Template":            &corev1.PodTemplateSpec{Spec: corev1.PodSpec{RuntimeClassName: new("gvisor"), Containers: []corev1.Container{{Name: "spark-kubernetes-executor"}}}},
	"Base.Driver.Memory":                new("3g"),
	"Base.Executor.Memory":              new("3g"),
	"Base.DynamicAllocation":            &v1beta2.DynamicAllocation{Enabled: true, InitialExecutors: new(int32(2)), MinExecutors: new(int32(1)), MaxExecutors: new(int32(4)), ShuffleTrackingTimeout: new(int64(60000))},
	"Base.Monitoring":                   &v1beta2.MonitoringSpec{ExposeDriverMetrics: true, ExposeExecutorMetrics: true, Prometheus: &v1beta2.PrometheusSpec{JmxExporterJar: "/prometheus.jar"}},
	"Base.RestartPolicy.Type":           v1beta2.RestartPolicyOnFailure,
	"Base.Driver.SecurityContext":       &corev1.SecurityContext{RunAsUser: new(int64(185))},
	"Base.Executor.SecurityContext":     &corev1.SecurityContext{RunAsUser: new(int64(185))},
	"Base.Driver.EnvSecretKeyRefs":      map[string]v1beta2.NameKey{"PASSWORD": {Name: "db", Key: "password"}},
	"Base.Executor.EnvSecretKeyRefs":    map[string]v1beta2.NameKey{"PASSWORD": {Name: "db", Key: "password"}},
	"Base.Driver.Cores":                 new(int32(1)),
	"Base.Executor.Cores":               new(int32(1)),
	"Base.Driver.Lifecycle":             hook,
	"Base.Executor.Lifecycle":           hook,
	"Base.Driver.Sidecars":              sidecars,
	"Base.Executor.Sidecars":            sidecars,
	"Base.Driver.InitContainers":        sidecars,
	"Base.Executor.InitContainers":      sidecars,
	"Base.Driver.Annotations":           map[string]string{"company.com/a": "b"},
	"Base.Executor.DeleteOnTermination": new(false),
}

// refusedFields are the fields of the spec that spark-submit has no words for,
// alone. What the operator does with them is not its submission's doing, but
// for those that Spark undoes.
var refusedFields = map[string]bool{
	// What runs a job again, later, or cleans up after it.
	"Base.Suspend": true, "Base.FailureRetries": true, "Base.RetryInterval": true, "Base.TimeToLiveSeconds": true,
	"Base.RestartPolicy.Type": true, "Base.RestartPolicy.OnSubmissionFailureRetries": true, "Base.RestartPolicy.OnFailureRetries": true,
	"Base.RestartPolicy.OnSubmissionFailureRetryInterval": true, "Base.RestartPolicy.OnFailureRetryInterval": true,
	// Objects beside the pods.
	"Base.Monitoring": true, "Base.BatchScheduler": true, "Base.BatchSchedulerOptions": true,
	"Base.SparkUIOptions": true, "Base.DriverIngressOptions[0]": true,
	// Spark overwrites them in a template.
	"Base.SparkConfigMap": true, "Base.Driver.MemoryLimit": true, "Base.Executor.MemoryLimit": true,
	// Half of something.
	"Base.Volumes[0]": true, "Base.Driver.VolumeMounts[0]": true, "Base.Executor.VolumeMounts[0]": true,
}

// Each field of the spec, alone, is said as the operator says it, or is one of
// refusedFields.
func TestEveryField(t *testing.T) {
	apps, refused := everyField()
	if len(apps) < 110 || len(refused) != len(refusedFields) {
		t.Errorf("%d fields, %d of %d refused", len(apps), len(refused), len(refusedFields))
	}
	maker(asBase).agree(t, apps, refused)
}

// everyField returns applications by the one field that each has set, and what
// is refused of them.
func everyField() (apps map[string]*v1beta2.SparkApplication, refused map[string][]string) {
	apps, refused = make(map[string]*v1beta2.SparkApplication), make(map[string][]string)
	var walk func(typ reflect.Type, at string)
	walk = func(typ reflect.Type, at string) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			name := at + "." + f.Name
			if f.Anonymous {
				name = at
			}
			if f.Type.Kind() == reflect.Struct {
				walk(f.Type, name)
				continue
			}
			app := plain()
			v := field(&app.Spec, name)
			if sample, ok := samples[name]; ok {
				v.Set(reflect.ValueOf(sample))
			} else {
				podtest.Fill(v)
			}
			apps[name] = app
			for _, path := range []string{name, name + "[0]"} {
				if refusedFields[path] {
					refused[name] = []string{path}
				}
			}
		}
	}
	walk(reflect.TypeFor[v1beta2.SparkApplicationSpec](), "Base")
	return apps, refused
}

// Any set of fields is said as the operator says it.
func TestSetsOfFields(t *testing.T) {
	single, refused := everyField()
	random := rand.New(rand.NewPCG(6, 2026))
	apps := make(map[string]*v1beta2.SparkApplication)
	for i := range 200 {
		app := plain()
		share := random.Float64()
		for _, name := range slices.Sorted(maps.Keys(single)) {
			// The operator refuses node selectors at both levels.
			if refused[name] == nil && name != "Base.NodeSelector" && random.Float64() < share {
				field(&app.Spec, name).Set(field(&single[name].DeepCopy().Spec, name))
			}
		}
		apps[strconv.Itoa(i)] = app
	}
	maker(asBase).agree(t, apps, nil)
}

// Fields that mean something only together, or beside settings.
func TestCombinations(t *testing.T) {
	scratch := func(source corev1.VolumeSource, mount corev1.VolumeMount) func(*v1beta2.SparkApplication) {
		return func(app *v1beta2.SparkApplication) {
			mount.Name = "spark-local-dir-1"
			app.Spec.Volumes = []corev1.Volume{{Name: mount.Name, VolumeSource: source}}
			app.Spec.Driver.VolumeMounts = []corev1.VolumeMount{mount}
			app.Spec.Executor.VolumeMounts = []corev1.VolumeMount{mount}
		}
	}
	at := corev1.VolumeMount{MountPath: "/scratch"}
	part := corev1.VolumeMount{MountPath: "/scratch", SubPath: "part", ReadOnly: true}
	limit := resource.MustParse("50Gi")
	apps := make(map[string]*v1beta2.SparkApplication)
	for name, edit := range map[string]func(*v1beta2.SparkApplication){
		"labels of the application": func(app *v1beta2.SparkApplication) {
			app.Labels = map[string]string{"team": "data", "tier": "gold", "kueue.x-k8s.io/queue-name": "batch"}
			app.Spec.Driver.Labels = map[string]string{"tier": "silver"}
		},
		"scratch emptyDir": scratch(corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{Medium: corev1.StorageMediumMemory, SizeLimit: &limit}}, at),
		"scratch hostPath": scratch(corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/mnt/nvme", Type: new(corev1.HostPathDirectory)}}, part),
		"scratch nfs":      scratch(corev1.VolumeSource{NFS: &corev1.NFSVolumeSource{Server: "nfs.internal", Path: "/x", ReadOnly: true}}, at),
		"scratch claim": scratch(corev1.VolumeSource{PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{
			ClaimName: "OnDemand", ReadOnly: true}}, at),
		"volumes": func(app *v1beta2.SparkApplication) {
			app.Spec.Volumes = []corev1.Volume{
				{Name: "conf", VolumeSource: corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: "conf"}}}},
				{Name: "data", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
			}
			app.Spec.Driver.VolumeMounts = []corev1.VolumeMount{{Name: "conf", MountPath: "/a"}, {Name: "conf", MountPath: "/b", SubPath: "b"}}
			app.Spec.Executor.VolumeMounts = []corev1.VolumeMount{{Name: "data", MountPath: "/data"}}
		},
		"secrets": func(app *v1beta2.SparkApplication) {
			app.Spec.Driver.Secrets = []v1beta2.SecretInfo{{Name: "gcp", Path: "/gcp", Type: v1beta2.SecretTypeGCPServiceAccount}}
			app.Spec.Executor.Secrets = []v1beta2.SecretInfo{{Name: "hdfs", Path: "/hdfs", Type: v1beta2.SecretTypeHadoopDelegationToken}}
		},
		"overridden settings": func(app *v1beta2.SparkApplication) {
			app.Spec.MemoryOverheadFactor = new("0.3")
			app.Spec.SparkConf = map[string]string{"spark.kubernetes.memoryOverheadFactor": "0.7", "spark.hadoop.fs.a": "1"}
			app.Spec.HadoopConf = map[string]string{"fs.b": "2"}
		},
		"a driver with a name": func(app *v1beta2.SparkApplication) {
			app.Spec.SparkConf = map[string]string{"spark.kubernetes.driver.pod.name": "a"}
			app.Spec.Driver.PodName = new("b")
		},
		"a driver with a name among the settings": func(app *v1beta2.SparkApplication) {
			app.Spec.SparkConf = map[string]string{"spark.kubernetes.driver.pod.name": "a"}
		},
		"monitoring in the image": func(app *v1beta2.SparkApplication) {
			app.Spec.Monitoring = &v1beta2.MonitoringSpec{ExposeDriverMetrics: true, ExposeExecutorMetrics: true, MetricsPropertiesFile: new("/metrics.properties"),
				Prometheus: &v1beta2.PrometheusSpec{JmxExporterJar: "/prometheus.jar", Port: new(int32(9404)), ConfigFile: new("/prometheus.yaml")}}
			app.Spec.Driver.JavaOptions = new("-Da=b")
		},
		"never again": func(app *v1beta2.SparkApplication) {
			app.Spec.RestartPolicy = v1beta2.RestartPolicy{Type: v1beta2.RestartPolicyNever, OnFailureRetries: new(int32(3))}
			app.Spec.Suspend = new(false)
		},
		"an old Spark": func(app *v1beta2.SparkApplication) {
			app.Spec.SparkVersion = "3.2.4"
			app.Spec.Driver.NodeSelector = map[string]string{"a": "b"}
			app.Spec.Executor.SchedulerName = new("yunikorn")
		},
		"template and webhook": func(app *v1beta2.SparkApplication) {
			for _, pod := range []*v1beta2.SparkPodSpec{&app.Spec.Driver.SparkPodSpec, &app.Spec.Executor.SparkPodSpec} {
				pod.Template = &corev1.PodTemplateSpec{
					ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"from": "template"}},
					Spec: corev1.PodSpec{
						NodeSelector: map[string]string{"disk": "nvme"},
						Tolerations:  []corev1.Toleration{{Key: "a", Operator: corev1.TolerationOpExists}},
						Containers:   []corev1.Container{{Name: "logs", Image: "logs:1"}, {Name: "spark-kubernetes-driver"}, {Name: "spark-kubernetes-executor"}},
					},
				}
				pod.Tolerations = []corev1.Toleration{{Key: "b", Operator: corev1.TolerationOpExists}}
				pod.NodeSelector = map[string]string{"zone": "a"}
				pod.Sidecars = []corev1.Container{{Name: "logs", Image: "logs:1"}, {Name: "proxy", Image: "proxy:1"}}
				pod.Env = []corev1.EnvVar{{Name: "A", Value: "b"}}
				pod.GPU = &v1beta2.GPUSpec{Name: "nvidia.com/gpu", Quantity: 2}
				pod.ConfigMaps = []v1beta2.NamePath{{Name: strings.Repeat("c", 62), Path: "/c"}}
			}
			app.Spec.HadoopConfigMap = new("hadoop")
		},
	} {
		app := plain()
		edit(app)
		apps[name] = app
	}
	// All that can be said, at once.
	all := plain()
	for name, sample := range samples {
		if !refusedFields[name] {
			field(&all.Spec, name).Set(reflect.ValueOf(sample))
		}
	}
	apps["all samples"] = all
	maker(asBase).agree(t, apps, nil)
}

// The tests hold something: settings and pods that differ are told apart.
func TestDifferencesAreSeen(t *testing.T) {
	app := plain()
	app.Status.SubmissionID = "millrace-differences"
	app.Spec.Driver.Memory, app.Spec.Driver.PriorityClassName = new("4g"), new("high")
	theirs := operator(t, []*v1beta2.SparkApplication{app})[0]
	ours, err := maker(asBase).submission(app)
	if err != nil {
		t.Fatal(err)
	}
	if d := differences(t, app, theirs, ours); d != nil {
		t.Fatal(d)
	}
	delete(ours.Conf, "spark.driver.memory")
	ours.Driver.Spec.PriorityClassName = "low"
	ours.Options = ours.Options[:len(ours.Options)-2]
	ours.Args = []string{"more"}
	got := differences(t, app, theirs, ours)
	if len(got) != 4 {
		t.Errorf("%d differences, want 4: %q", len(got), got)
	}
}
