package spark_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/spark"
)

// invented are the values that the operator makes up.
var invented = []string{
	"driver", "executor", "connect-server", "true", "Never", "IfNotPresent", "ClusterFirstWithHostNet", "ReadWriteOncePod", "ReadWriteOnce",
	"/etc/hadoop/conf", "HADOOP_CONF_DIR", "hadoop-configmap-volume", "/etc/spark/conf", "SPARK_CONF_DIR", "spark-configmap-volume",
	"GOOGLE_APPLICATION_CREDENTIALS", "HADOOP_TOKEN_FILE_LOCATION", "keytab-volume",
}

// pods returns the driver and the executors of an application.
func pods(t *testing.T, o millrace.Object) (driver, executor millrace.Pod) {
	t.Helper()
	out := spark.Pods(o)
	if len(out) != 2 {
		t.Fatalf("%d pods", len(out))
	}
	return out[0], out[1]
}

func readYAML(t *testing.T, file string, into any) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := sigsyaml.UnmarshalStrict(data, into); err != nil {
		t.Fatal(err)
	}
}

// goldenPods reads an object of testdata, and compares its pods and where they
// are written with a file beside it.
func goldenPods(t *testing.T, name string, o millrace.Object, invented ...string) {
	t.Helper()
	readYAML(t, filepath.Join("testdata", name+".yaml"), o)
	var lines []string
	for _, p := range spark.Pods(o) {
		lines = append(lines, podtest.Lines(t, p)...)
		if wrong := podtest.Misplaced(t, o, p, invented...); len(wrong) > 0 {
			t.Errorf("%s: not where the field says:\n%s", p.Role, strings.Join(wrong, "\n"))
		}
	}
	golden(t, name+".pods.txt", strings.Join(lines, "\n")+"\n")
}

// The golden file has every value of both pods and where it is written.
func TestPods(t *testing.T) {
	for _, name := range []string{"scattered", "everything", "minimal"} {
		t.Run(name, func(t *testing.T) {
			goldenPods(t, name, &v1beta2.SparkApplication{}, invented...)
		})
	}
}

func TestPodsOfNothing(t *testing.T) {
	for _, o := range []millrace.Object{nil, (*v1beta2.SparkApplication)(nil), (*v1beta2.ScheduledSparkApplication)(nil), (*v1alpha1.SparkConnect)(nil), &corev1.Pod{}} {
		if got := spark.Pods(o); got != nil {
			t.Errorf("%T: %v", o, got)
		}
	}
}

// Each edit of a bare application changes this of its pods, and nothing else.
func TestPodsOfEdits(t *testing.T) {
	conf := func(kv ...string) func(*v1beta2.SparkApplication) {
		return func(a *v1beta2.SparkApplication) {
			a.Spec.SparkConf = map[string]string{}
			for i := 0; i < len(kv); i += 2 {
				a.Spec.SparkConf[kv[i]] = kv[i+1]
			}
		}
	}
	const driver, executor = `"driver" of SparkApplication etl/x in "etl": `, `"executor" of SparkApplication etl/x in "etl": `
	for name, tc := range map[string]struct {
		edit             func(*v1beta2.SparkApplication)
		driver, executor []string
	}{
		"nothing": {edit: func(*v1beta2.SparkApplication) {}},
		"no dynamic allocation, by its field": {
			edit: func(a *v1beta2.SparkApplication) {
				a.Spec.DynamicAllocation = &v1beta2.DynamicAllocation{MinExecutors: new(int32(2)), MaxExecutors: new(int32(9))}
			},
		},
		"dynamic allocation without bounds": {
			edit:     conf("spark.dynamicAllocation.enabled", "true"),
			executor: []string{"- " + executor + "1 to 1, ends, whole", "+ " + executor + "0 to 0, ends, whole"},
		},
		"dynamic allocation": {
			edit: func(a *v1beta2.SparkApplication) {
				conf("spark.dynamicAllocation.minExecutors", "3", "spark.dynamicAllocation.maxExecutors", "7")(a)
				a.Spec.DynamicAllocation = &v1beta2.DynamicAllocation{Enabled: true, MaxExecutors: new(int32(9))}
			},
			executor: []string{"- " + executor + "1 to 1, ends, whole", "+ " + executor + "3 to 9, ends, whole"},
		},
		"settings go before a field that is off": {
			edit: func(a *v1beta2.SparkApplication) {
				conf("spark.dynamicAllocation.enabled", "true", "spark.dynamicAllocation.maxExecutors", "7")(a)
				a.Spec.DynamicAllocation = &v1beta2.DynamicAllocation{MaxExecutors: new(int32(9))}
			},
			executor: []string{"- " + executor + "1 to 1, ends, whole", "+ " + executor + "0 to 7, ends, whole"},
		},
		"instances": {
			edit:     conf("spark.executor.instances", "12"),
			executor: []string{"- " + executor + "1 to 1, ends, whole", "+ " + executor + "12 to 12, ends, whole"},
		},
		"memory that a workflow fills in": {
			edit: func(a *v1beta2.SparkApplication) { a.Spec.Driver.Memory = new("{{inputs.parameters.memory}}") },
			driver: []string{
				"- " + driver + "1 to 1, ends, whole",
				"- spec.containers[0].resources.limits.memory = 1408Mi (spec.driver.memory)",
				"- spec.containers[0].resources.requests.memory = 1408Mi (spec.driver.memory)",
				"+ " + driver + "1 to 1, ends",
			},
		},
		"executors use the driver's account": {
			edit:     func(a *v1beta2.SparkApplication) { a.Spec.Driver.ServiceAccount = new("spark") },
			driver:   []string{"+ spec.serviceAccountName = spark (spec.driver.serviceAccount)"},
			executor: []string{"+ spec.serviceAccountName = spark (spec.driver.serviceAccount)"},
		},
		"unless their template has one": {
			edit: func(a *v1beta2.SparkApplication) {
				a.Spec.Driver.ServiceAccount = new("spark")
				a.Spec.Executor.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{DeprecatedServiceAccount: "own"}}
			},
			driver:   []string{"+ spec.serviceAccountName = spark (spec.driver.serviceAccount)"},
			executor: []string{"+ spec.serviceAccount = own (spec.executor.template.spec.serviceAccount)"},
		},
		"selectors: the nearer one wins": {
			edit: func(a *v1beta2.SparkApplication) {
				conf("spark.kubernetes.node.selector.a", "1", "spark.kubernetes.driver.node.selector.a", "3")(a)
				a.Spec.NodeSelector = map[string]string{"a": "2", "b": "2"}
				a.Spec.Driver.NodeSelector = map[string]string{"c": "4"}
			},
			driver: []string{
				"+ spec.nodeSelector.a = 3 (spec.sparkConf[spark.kubernetes.driver.node.selector.a])",
				"+ spec.nodeSelector.b = 2 (spec.nodeSelector[b])",
				"+ spec.nodeSelector.c = 4 (spec.driver.nodeSelector[c])",
			},
			executor: []string{
				"+ spec.nodeSelector.a = 2 (spec.nodeSelector[a])",
				"+ spec.nodeSelector.b = 2 (spec.nodeSelector[b])",
			},
		},
		"a claim of the user's": {
			edit: conf("spark.kubernetes.executor.volumes.persistentVolumeClaim.data.options.claimName", "warehouse",
				"spark.kubernetes.executor.volumes.persistentVolumeClaim.data.mount.path", "/data"),
			executor: []string{
				"+ spec.containers[0].volumeMounts[0].mountPath = /data (spec.sparkConf[spark.kubernetes.executor.volumes.persistentVolumeClaim.data.mount.path])",
				"+ spec.containers[0].volumeMounts[0].name = data (spec.sparkConf[spark.kubernetes.executor.volumes.persistentVolumeClaim.data.mount.path])",
				"+ spec.volumes[0].name = data (spec.sparkConf[spark.kubernetes.executor.volumes.persistentVolumeClaim.data.mount.path])",
				"+ spec.volumes[0].persistentVolumeClaim.claimName = warehouse (spec.sparkConf[spark.kubernetes.executor.volumes.persistentVolumeClaim.data.options.claimName])",
			},
		},
		"claims that are there, one for each executor": {
			edit: conf("spark.kubernetes.executor.volumes.persistentVolumeClaim.data.options.claimName", "data-SPARK_EXECUTOR_ID"),
		},
		"a volume of an unknown kind": {
			edit: conf("spark.kubernetes.executor.volumes.tape.data.options.claimName", "x", "spark.kubernetes.executor.volumes.tape", "x"),
		},
		"a size that a workflow fills in": {
			edit: conf("spark.kubernetes.executor.volumes.emptyDir.tmp.options.sizeLimit", "{{inputs.parameters.size}}"),
			executor: []string{
				"- " + executor + "1 to 1, ends, whole",
				"+ " + executor + "1 to 1, ends",
				"+ spec.volumes[0].name = tmp (spec.sparkConf[spark.kubernetes.executor.volumes.emptyDir.tmp.options.sizeLimit])",
			},
		},
		"claims of Spark 3 are for one node": {
			edit: func(a *v1beta2.SparkApplication) {
				a.Spec.SparkVersion = "3.5.1"
				const volume = "spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1."
				conf(volume+"options.claimName", "OnDemand", volume+"options.storageClass", "gp3", volume+"options.sizeLimit", "100Gi")(a)
			},
			executor: []string{
				"+ claims[0].metadata.name = spark-local-dir-1 (spec.sparkConf[spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.options.claimName])",
				"+ claims[0].spec.accessModes[0] = ReadWriteOnce (spec.sparkConf[spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.options.claimName])",
				"+ claims[0].spec.resources.requests.storage = 100Gi (spec.sparkConf[spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.options.sizeLimit])",
				"+ claims[0].spec.storageClassName = gp3 (spec.sparkConf[spark.kubernetes.executor.volumes.persistentVolumeClaim.spark-local-dir-1.options.storageClass])",
			},
		},
		"the container that Spark takes": {
			edit: func(a *v1beta2.SparkApplication) {
				a.Spec.Driver.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "proxy"}, {Name: "spark-kubernetes-driver"}}}}
				a.Spec.Executor.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "first"}}}}
			},
			driver: []string{
				"- spec.containers[0].image = spark:4 (spec.image)",
				"- spec.containers[0].imagePullPolicy = IfNotPresent (spec.imagePullPolicy)",
				"- spec.containers[0].name = spark-kubernetes-driver (spec.driver)",
				"- spec.containers[0].resources.limits.memory = 1408Mi (spec.driver.memory)",
				"- spec.containers[0].resources.requests.cpu = 1 (spec.driver.cores)",
				"- spec.containers[0].resources.requests.memory = 1408Mi (spec.driver.memory)",
				"+ spec.containers[0].name = proxy (spec.driver.template.spec.containers[0].name)",
				"+ spec.containers[1].image = spark:4 (spec.image)",
				"+ spec.containers[1].imagePullPolicy = IfNotPresent (spec.imagePullPolicy)",
				"+ spec.containers[1].name = spark-kubernetes-driver (spec.driver.template.spec.containers[1].name)",
				"+ spec.containers[1].resources.limits.memory = 1408Mi (spec.driver.memory)",
				"+ spec.containers[1].resources.requests.cpu = 1 (spec.driver.cores)",
				"+ spec.containers[1].resources.requests.memory = 1408Mi (spec.driver.memory)",
			},
			executor: []string{
				"- spec.containers[0].name = spark-kubernetes-executor (spec.executor)",
				"+ spec.containers[0].name = first (spec.executor.template.spec.containers[0].name)",
			},
		},
		"resources of Spark's own": {
			edit: conf("spark.executor.resource.gpu.amount", "2", "spark.executor.resource.gpu.vendor", "nvidia.com", "spark.executor.resource.fpga.amount", "1"),
			executor: []string{
				"+ spec.containers[0].resources.limits[nvidia.com/gpu] = 2 (spec.sparkConf[spark.executor.resource.gpu.amount])",
			},
		},
		"no GPU": {
			edit: func(a *v1beta2.SparkApplication) { a.Spec.Executor.GPU = &v1beta2.GPUSpec{Name: "nvidia.com/gpu"} },
		},
		"a mount of nothing": {
			edit: func(a *v1beta2.SparkApplication) {
				a.Spec.Driver.VolumeMounts = []corev1.VolumeMount{{Name: "lost", MountPath: "/lost"}}
			},
		},
		"a queue's labels stay": {
			edit: func(a *v1beta2.SparkApplication) {
				a.Labels = map[string]string{"kueue.x-k8s.io/queue-name": "q", "team": "x"}
			},
			driver:   []string{"+ metadata.labels.team = x (metadata.labels[team])"},
			executor: []string{"+ metadata.labels.team = x (metadata.labels[team])"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			app := bare()
			beforeDriver, beforeExecutor := pods(t, app)
			tc.edit(app)
			driver, executor := pods(t, app)
			if diff := cmp.Diff(tc.driver, podtest.Diff(t, beforeDriver, driver)); diff != "" {
				t.Errorf("driver (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.executor, podtest.Diff(t, beforeExecutor, executor)); diff != "" {
				t.Errorf("executor (-want +got):\n%s", diff)
			}
		})
	}
}

// bare is an application that says nothing of its pods but the image.
func bare() *v1beta2.SparkApplication {
	return &v1beta2.SparkApplication{
		TypeMeta:   metav1.TypeMeta{APIVersion: "sparkoperator.k8s.io/v1beta2", Kind: "SparkApplication"},
		ObjectMeta: metav1.ObjectMeta{Name: "x", Namespace: "etl"},
		Spec:       v1beta2.SparkApplicationSpec{Type: v1beta2.SparkApplicationTypeScala, SparkVersion: "4.1.2", Image: new("spark:4")},
	}
}

func TestPodsOfSchedule(t *testing.T) {
	app := &v1beta2.ScheduledSparkApplication{
		TypeMeta:   metav1.TypeMeta{APIVersion: "sparkoperator.k8s.io/v1beta2", Kind: "ScheduledSparkApplication"},
		ObjectMeta: metav1.ObjectMeta{Name: "x", Namespace: "etl", Labels: map[string]string{"team": "data"}},
		Spec:       v1beta2.ScheduledSparkApplicationSpec{Template: bare().Spec},
	}
	_, executor := pods(t, app)
	want := []string{
		`"executor" of ScheduledSparkApplication etl/x in "etl": 1 to 1, ends, whole`,
		"metadata.labels[spark-role] = executor (spec.template.executor)",
		"metadata.labels[sparkoperator.k8s.io/launched-by-spark-operator] = true (spec.template.executor)",
		"metadata.labels[sparkoperator.k8s.io/scheduled-app-name] = x (metadata.name)",
		"metadata.labels.team = data (metadata.labels[team])",
		"spec.containers[0].image = spark:4 (spec.template.image)",
		"spec.containers[0].imagePullPolicy = IfNotPresent (spec.template.imagePullPolicy)",
		"spec.containers[0].name = spark-kubernetes-executor (spec.template.executor)",
		"spec.containers[0].resources.limits.memory = 1408Mi (spec.template.executor.memory)",
		"spec.containers[0].resources.requests.cpu = 1 (spec.template.executor.cores)",
		"spec.containers[0].resources.requests.memory = 1408Mi (spec.template.executor.memory)",
		"spec.restartPolicy = Never (spec.template.executor)",
	}
	if diff := cmp.Diff(want, podtest.Lines(t, executor)); diff != "" {
		t.Errorf("executor (-want +got):\n%s", diff)
	}
}

func TestPodsOfConnect(t *testing.T) {
	c := &v1alpha1.SparkConnect{
		TypeMeta:   metav1.TypeMeta{APIVersion: "sparkoperator.k8s.io/v1alpha1", Kind: "SparkConnect"},
		ObjectMeta: metav1.ObjectMeta{Name: "x", Namespace: "etl", Labels: map[string]string{"team": "data"}},
	}
	c.Spec.SparkVersion, c.Spec.Image = "4.1.2", new("spark:4")
	c.Spec.Server.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{ServiceAccountName: "spark"}}
	c.Spec.Server.Memory = new("2g")
	c.Spec.Executor.Memory = new("4g")
	c.Spec.Executor.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "spark-kubernetes-executor", Image: "own:4"}}}}
	c.Spec.DynamicAllocation = &v1alpha1.DynamicAllocation{Enabled: true, MinExecutors: new(int32(1)), MaxExecutors: new(int32(5))}
	want := []string{
		`"server" of SparkConnect etl/x in "etl": 1 to 1, whole`,
		"metadata.labels[spark-role] = connect-server (spec.server)",
		"metadata.labels[spark-version] = 4.1.2 (spec.sparkVersion)",
		"metadata.labels[sparkoperator.k8s.io/connect-name] = x (metadata.name)",
		"metadata.labels[sparkoperator.k8s.io/launched-by-spark-operator] = true (spec.server)",
		"spec.containers[0].image = spark:4 (spec.image)",
		"spec.containers[0].name = spark-kubernetes-driver (spec.server)",
		"spec.serviceAccountName = spark (spec.server.template.spec.serviceAccountName)",
		`"executor" of SparkConnect etl/x in "etl": 1 to 5, whole`,
		"metadata.labels[spark-role] = executor (spec.executor)",
		"metadata.labels[sparkoperator.k8s.io/connect-name] = x (metadata.name)",
		"metadata.labels[sparkoperator.k8s.io/launched-by-spark-operator] = true (spec.executor)",
		"metadata.labels.team = data (metadata.labels[team])",
		"spec.containers[0].image = own:4 (spec.executor.template.spec.containers[0].image)",
		"spec.containers[0].imagePullPolicy = IfNotPresent (spec.sparkConf[spark.kubernetes.container.image.pullPolicy])",
		"spec.containers[0].name = spark-kubernetes-executor (spec.executor.template.spec.containers[0].name)",
		"spec.containers[0].resources.limits.memory = 4505Mi (spec.executor.memory)",
		"spec.containers[0].resources.requests.cpu = 1 (spec.executor.cores)",
		"spec.containers[0].resources.requests.memory = 4505Mi (spec.executor.memory)",
		"spec.restartPolicy = Never (spec.executor)",
	}
	var lines []string
	for _, p := range spark.Pods(c) {
		lines = append(lines, podtest.Lines(t, p)...)
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("pods (-want +got):\n%s", diff)
	}

	c.Spec.DynamicAllocation, c.Spec.Executor.Template, c.Spec.Server.Template = nil, nil, nil
	if p := spark.Pods(c); p[1].Min != 2 || p[1].Max != 2 || p[1].Template.Spec.Containers[0].Image != "spark:4" {
		t.Errorf("executors by default: %v", podtest.Lines(t, p[1]))
	}
}

// The pods request what Resources says.
func TestPodsMemory(t *testing.T) {
	for _, file := range []string{"scattered", "everything", "minimal", "sessions-dynamic", "etl-orders-daily", "reuse-pvc-restart-never", "uniffle-dynamic-spark4"} {
		var app v1beta2.SparkApplication
		readYAML(t, filepath.Join("testdata", file+".yaml"), &app)
		r, err := spark.Resources(&app)
		if err != nil {
			t.Fatal(err)
		}
		want := [2]millrace.Bytes{r.Driver.Memory, r.Executor.Memory}
		for i, p := range spark.Pods(&app) {
			own := slices.IndexFunc(p.Template.Spec.Containers, func(c corev1.Container) bool { return strings.HasPrefix(c.Name, "spark-kubernetes-") })
			if got := p.Template.Spec.Containers[own].Resources.Requests.Memory().Value(); got != int64(want[i]) {
				t.Errorf("%s: the %s requests %d bytes, Resources says %d", file, p.Role, got, want[i])
			}
		}
	}
}

// unseen are the fields of the two roles that don't show in a pod, and why.
var unseen = map[string]string{
	"PodName":             "it is the pod's name, which a template doesn't say",
	"JavaOptions":         "an argument of the JVM",
	"KubernetesMaster":    "where the driver finds the API server",
	"ServiceAnnotations":  "of the driver's service",
	"ServiceLabels":       "of the driver's service",
	"DeleteOnTermination": "what happens when the pod has ended",
}

// Every field of the two roles shows in the pods, or says above why not.
func TestPodsSeeEveryField(t *testing.T) {
	seen := 0
	for _, r := range []string{"Driver", "Executor"} {
		var walk func(typ reflect.Type, path []int)
		walk = func(typ reflect.Type, path []int) {
			for i := range typ.NumField() {
				f := typ.Field(i)
				full := append(append([]int(nil), path...), i)
				if f.Anonymous {
					walk(f.Type, full)
					continue
				}
				seen++
				app := bare()
				app.Spec.Volumes = []corev1.Volume{{Name: "3"}}
				before := spark.Pods(app)
				podtest.Fill(reflect.ValueOf(&app.Spec).Elem().FieldByName(r).FieldByIndex(full))
				changed := !reflect.DeepEqual(before, spark.Pods(app))
				if _, listed := unseen[f.Name]; changed == listed {
					t.Errorf("%s.%s: shows %v, is listed as unseen %v", r, f.Name, changed, listed)
				}
			}
		}
		field, _ := reflect.TypeFor[v1beta2.SparkApplicationSpec]().FieldByName(r)
		walk(field.Type, nil)
	}
	if seen < 60 {
		t.Errorf("the test saw %d fields only", seen)
	}
}

// Pods leaves the object as it was.
func TestPodsChangeNothing(t *testing.T) {
	var app, want v1beta2.SparkApplication
	readYAML(t, "testdata/scattered.yaml", &app)
	readYAML(t, "testdata/scattered.yaml", &want)
	spark.Pods(&app)
	spark.Pods(&app)
	if diff := cmp.Diff(want, app); diff != "" {
		t.Errorf("changed (-want +got):\n%s", diff)
	}
}
