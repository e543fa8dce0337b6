package spark_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	"github.com/kubeflow/spark-operator/v2/api/v1beta2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/spark"
)

// queries is a valid server with nothing but what is required.
func queries() *spark.ConnectServer {
	return &spark.ConnectServer{Name: "queries", Image: "company-registry/spark:4.0.1", Version: "4.0.1"}
}

// allOfServer sets every field.
func allOfServer() *spark.ConnectServer {
	j := everything()
	server := j.Driver
	server.JavaOptions = "-XX:+UseZGC"
	executor := j.Executor
	executor.DynamicAllocation, executor.Instances = spark.DynamicAllocation{Min: 1, Initial: 2, Max: 20}, 0
	return &spark.ConnectServer{
		Name: "ad-hoc", Namespace: "data-platform",
		Labels: map[string]string{"team": "data-platform"}, Annotations: map[string]string{"company.com/owner": "data-platform"},
		Image: "company-registry/spark:3.5.1", Version: "3.5.1",
		Deps:   spark.Deps{Packages: []string{"org.apache.spark:spark-connect_2.12:3.5.1"}, PullPolicy: spark.PullAlways, PullSecrets: []string{"registry"}},
		Server: server, Executor: executor, Placement: pool(), Shuffle: spark.Decommission{Fallback: "s3a://data-platform-shuffle/"},
		Conf: map[string]string{"spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog"}, HadoopConf: map[string]string{"fs.s3a.endpoint": "https://s3.company.com"},
		Tuning: spark.Tuning{ShufflePartitions: 400}, Observe: spark.Observe{EventLog: spark.EventLog{Dir: "gs://logs/spark"}},
		Base: v1alpha1.SparkConnectSpec{Server: v1alpha1.ServerSpec{Service: &corev1.Service{ObjectMeta: metav1.ObjectMeta{Name: "spark-connect"}}}},
	}
}

func TestConnectGolden(t *testing.T) {
	golden(t, "queries.connect.yaml", render(t, queries()))
	golden(t, "ad-hoc.connect.yaml", render(t, allOfServer()))
}

// The pods are what the fields say, though the operator reads the server's
// resources from its template, and Spark the executors' from settings.
func TestConnectPods(t *testing.T) {
	c := queries()
	c.Namespace = "data-platform"
	c.Server = spark.Driver{Cores: 2, CoreRequest: "1500m", CoreLimit: "3", Memory: 8 * millrace.GiB, ServiceAccount: "spark", Labels: map[string]string{"role": "server"}}
	c.Executor = spark.Executor{Memory: 8 * millrace.GiB, Instances: 3, CoreRequest: "1900m", ServiceAccount: "workers", Labels: map[string]string{"role": "executor"}}
	c.Placement = pool()
	conn, err := c.SparkConnect()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range spark.Pods(conn) {
		container := p.Template.Spec.Containers[0]
		r := container.Resources
		got = append(got, fmt.Sprintf("%s: %d to %d, cpu %s/%s, memory %s/%s, account %s, role %s, on %s, guard %s, image %s", p.Role, p.Min, p.Max,
			r.Requests.Cpu(), r.Limits.Cpu(), r.Requests.Memory(), r.Limits.Memory(), p.Template.Spec.ServiceAccountName, p.Template.Labels["role"],
			p.Template.Spec.NodeSelector["workload"], p.Template.Annotations[millrace.SafeToEvict], container.Image))
	}
	want := []string{
		// 8 GiB and a tenth.
		"server: 1 to 1, cpu 1500m/3, memory 9011Mi/9011Mi, account spark, role server, on spark-executor, guard false, image company-registry/spark:4.0.1",
		// 8 GiB and Python's share.
		"executor: 3 to 3, cpu 1900m/0, memory 11468Mi/11468Mi, account workers, role executor, on spark-executor, guard false, image company-registry/spark:4.0.1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pods (-want +got):\n%s", diff)
	}
}

func TestConnectOverhead(t *testing.T) {
	const key = "spark.executor.memoryOverheadFactor"
	for name, tc := range map[string]struct {
		edit func(*spark.ConnectServer)
		want string
	}{
		"Python's":   {func(*spark.ConnectServer) {}, "0.4"},
		"own factor": {func(c *spark.ConnectServer) { c.Conf = map[string]string{key: "0.2"} }, "0.2"},
		"own, for both": {func(c *spark.ConnectServer) {
			c.Conf = map[string]string{"spark.kubernetes.memoryOverheadFactor": "0.2"}
		}, ""},
		"own overhead":      {func(c *spark.ConnectServer) { c.Executor.MemoryOverhead = millrace.GiB }, ""},
		"without a default": {func(c *spark.ConnectServer) { c.NoDefaults = true }, ""},
	} {
		c := queries()
		tc.edit(c)
		conn, err := c.SparkConnect()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := conn.Spec.SparkConf[key]; got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
}

func TestBadServers(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*spark.ConnectServer)
		want []string
	}{
		"nothing":       {func(c *spark.ConnectServer) { *c = spark.ConnectServer{} }, []string{required + " Name", required + " Version", required + " Image"}},
		"56 characters": {func(c *spark.ConnectServer) { c.Name = strings.Repeat("a", 56) }, nil},
		"57 characters": {func(c *spark.ConnectServer) { c.Name = strings.Repeat("a", 57) }, []string{invalid + " Name"}},
		"64 characters": {func(c *spark.ConnectServer) { c.Name = strings.Repeat("a", 64) }, []string{invalid + " Name"}},
		"a dot":         {func(c *spark.ConnectServer) { c.Name = "a.b" }, []string{invalid + " Name"}},
		"old Spark":     {func(c *spark.ConnectServer) { c.Version = "3.3.4" }, []string{unsupported + " Version"}},
		"no Spark":      {func(c *spark.ConnectServer) { c.Version = "latest" }, []string{invalid + " Version"}},
		"references":    {func(c *spark.ConnectServer) { c.Server.Env = []corev1.EnvVar{{Name: "A", Value: "{{workflow.name}}"}} }, []string{unknown + " Server.Env[0].Value"}},
		"what a job has wrong": {func(c *spark.ConnectServer) {
			c.Server.Cores, c.Server.JavaOptions, c.Executor.CoreLimit = -1, "-Xmx1g", "1"
			c.Deps.Jars = []string{"/opt/a.jar"}
		}, []string{invalid + " Server.Cores", conflict + " Server.JavaOptions", conflict + " Executor.CoreLimit", invalid + " Deps.Jars[0]"}},
		"Python's memory": {func(c *spark.ConnectServer) { c.Executor.PythonMemory = millrace.GiB }, []string{unsupported + " Executor.PythonMemory"}},
		"bounds": {func(c *spark.ConnectServer) {
			c.Executor.DynamicAllocation = spark.DynamicAllocation{Min: 3, Initial: 1, Max: 2}
		},
			[]string{conflict + " Executor.DynamicAllocation.Min", conflict + " Executor.DynamicAllocation.Initial"}},
		"Base's bounds": {func(c *spark.ConnectServer) { c.Base.DynamicAllocation = &v1alpha1.DynamicAllocation{Enabled: true} }, []string{required + " Executor.DynamicAllocation.Max"}},
		"Base's memory": {func(c *spark.ConnectServer) { c.Base.Executor.Memory = new("4Gi") }, []string{invalid + " Base"}},
		"Base says it too": {func(c *spark.ConnectServer) {
			c.Server.Memory, c.Base.Server.Memory = millrace.GiB, new("2g")
			c.Server.ServiceAccount = "spark"
			c.Server.Labels, c.Executor.Annotations = map[string]string{"a": "b"}, map[string]string{"c": "d"}
			c.Base.Server.Template = &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"a": "x"}}, Spec: corev1.PodSpec{ServiceAccountName: "x"}}
			c.Base.Executor.Template = &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{"c": "x"}}}
		}, []string{conflict + " Base.Server.Memory"}},
		"Base's template says it too": {func(c *spark.ConnectServer) {
			c.Server.ServiceAccount = "spark"
			c.Server.Labels, c.Executor.Annotations = map[string]string{"a": "b"}, map[string]string{"c": "d"}
			c.Base.Server.Template = &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: map[string]string{"a": "x"}}, Spec: corev1.PodSpec{ServiceAccountName: "x"}}
			c.Base.Executor.Template = &corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{"c": "x"}}}
		}, []string{conflict + " Base.Server.Template.Labels[a]", conflict + " Base.Server.Template.Spec.ServiceAccountName", conflict + " Base.Executor.Template.Annotations[c]"}},
		"a service without a name": {func(c *spark.ConnectServer) {
			c.Base.Server.Service = &corev1.Service{Spec: corev1.ServiceSpec{Ports: []corev1.ServicePort{{Port: 1}}}}
		},
			[]string{required + " Base.Server.Service.Name", unsupported + " Base.Server.Service.Spec.Ports"}},
		"the operator's settings": {func(c *spark.ConnectServer) {
			c.Conf = map[string]string{"spark.driver.host": "x", "spark.connect.grpc.binding.port": "15003", "spark.master": "local", "spark.kubernetes.executor.podNamePrefix": "x"}
			c.Base.SparkConf = map[string]string{"spark.kubernetes.driver.pod.name": "x"}
		}, []string{conflict + " Conf[spark.driver.host]", conflict + " Conf[spark.connect.grpc.binding.port]", conflict + " Conf[spark.master]",
			conflict + " Conf[spark.kubernetes.executor.podNamePrefix]", conflict + " Base.SparkConf[spark.kubernetes.driver.pod.name]"}},
		"a field's setting": {func(c *spark.ConnectServer) { c.Conf = map[string]string{"spark.driver.memory": "1g"} }, []string{conflict + " Conf[spark.driver.memory]"}},
		"another page":      {func(c *spark.ConnectServer) { c.Observe.UI.Port = 5050 }, []string{conflict + " Observe.UI.Port"}},
		"the page's port":   {func(c *spark.ConnectServer) { c.Observe.UI.Port = 4040 }, nil},
		"a shell beside others": {func(c *spark.ConnectServer) {
			c.Conf, c.HadoopConf = map[string]string{"spark.company.a": "b c", "spark.company.d": "e"}, map[string]string{"fs.x": "a|b"}
			c.Base.SparkConf, c.Server.Cores = map[string]string{"spark.company.h": "a;b"}, -1
		}, []string{invalid + " Server.Cores", unsupported + " Conf[spark.company.a]", unsupported + " Base.SparkConf[spark.company.h]", unsupported + " HadoopConf[fs.x]"}},
		"what a shell takes apart": {func(c *spark.ConnectServer) {
			c.Conf = map[string]string{"spark.company.a": "b c", "spark.company.d": "$(id)", "spark.company.e": "{a,b}", "spark.company.f": "{{APP_ID}}", "spark.company.g": "*"}
			c.Base.SparkConf = map[string]string{"spark.company.h": "a;b"}
			c.HadoopConf = map[string]string{"fs.x": "a|b"}
			c.Server.JavaOptions, c.Executor.JavaOptions = "-Da=b -Dc=d", "-Da=b"
			c.Observe.EventLog.Dir = "s3a://logs/a&b"
		}, []string{unsupported + " Conf[spark.company.a]", unsupported + " Conf[spark.company.d]", unsupported + " Conf[spark.company.e]", unsupported + " Base.SparkConf[spark.company.h]",
			unsupported + " HadoopConf[fs.x]", unsupported + " Server.JavaOptions", unsupported + " Observe.EventLog.Dir"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := queries()
			tc.edit(c)
			_, err := c.Build()
			wantFindings(t, tc.want, err)
		})
	}
	if _, err := (*spark.ConnectServer)(nil).Build(); err == nil {
		t.Error("Build of nil")
	}
}

// The message shows the setting as it would stand on the line.
func TestConnectShellSaysWhat(t *testing.T) {
	c := queries()
	c.Conf = map[string]string{"spark.company.a": "b c"}
	if _, err := c.Build(); err == nil || !strings.Contains(err.Error(), `"spark.company.a=b c" doesn't survive it`) {
		t.Error(err)
	}
}

// Resources of Base's template go before what the fields come to.
func TestConnectBaseResources(t *testing.T) {
	c := queries()
	c.Base.Server.Template = &corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{
		Name: "spark-kubernetes-driver", Resources: corev1.ResourceRequirements{Limits: corev1.ResourceList{"memory": resource.MustParse("9Gi")}},
		ReadinessProbe: &corev1.Probe{PeriodSeconds: 3},
	}}}}
	conn, err := c.SparkConnect()
	if err != nil {
		t.Fatal(err)
	}
	container := conn.Spec.Server.Template.Spec.Containers[0]
	if got := container.Resources.Limits.Memory().String(); got != "9Gi" {
		t.Errorf("limit %s", got)
	}
	if got := container.Resources.Requests.Memory().String(); got != "2432Mi" {
		t.Errorf("request %s", got)
	}
	if container.ReadinessProbe.TCPSocket != nil {
		t.Error("another probe in the place of Base's")
	}
}

// Each field, set alone, changes the output or is refused by name.
func TestEveryServerFieldIsRendered(t *testing.T) {
	everyField[spark.ConnectServer](t, queries, map[string]any{
		"Name": "other", "Namespace": "data-platform", "Labels": map[string]string{"a": "b"}, "Annotations": map[string]string{"a": "b"},
		"Image": "company-registry/other:1", "Version": "4.1.0", "Deps": spark.Deps{Jars: []string{"local:///a.jar"}},
		"Server": spark.Driver{Cores: 3}, "Executor": spark.Executor{Cores: 3}, "Placement": pool(), "Shuffle": spark.Uniffle{Coordinators: []string{"a:1"}},
		"Conf": map[string]string{"spark.company.x": "y"}, "HadoopConf": map[string]string{"fs.x": "y"}, "Tuning": spark.Tuning{ShufflePartitions: 3},
		"Stores": []spark.Store{spark.S3A{Region: "eu-central-1"}}, "Observe": spark.Observe{EventLog: spark.EventLog{Dir: "s3a://logs/"}}, "NoDefaults": true,
		"Base": v1alpha1.SparkConnectSpec{SparkConf: map[string]string{"spark.company.x": "y"}},
	})
	for path, part := range map[string]reflect.Type{
		"Deps": reflect.TypeFor[spark.Deps](), "Server": reflect.TypeFor[spark.Driver](), "Executor": reflect.TypeFor[spark.Executor](),
	} {
		for i := range part.NumField() {
			f := part.Field(i)
			sample, ok := samples[path+"."+f.Name]
			if path == "Server" {
				sample, ok = samples["Driver."+f.Name]
			}
			if !ok {
				sample = sampleTypes[f.Type]
			}
			switch f.Type {
			case reflect.TypeFor[[]spark.Volume]():
				sample = everything().Driver.Volumes
			case reflect.TypeFor[millrace.Placement]():
				sample = pool()
			case reflect.TypeFor[spark.Security]():
				sample = everything().Executor.Security
			case reflect.TypeFor[spark.Broadcast]():
				sample = spark.Broadcast{Static: 3 * millrace.MiB}
			case reflect.TypeFor[spark.DynamicAllocation]():
				sample = spark.DynamicAllocation{Max: 7}
			case reflect.TypeFor[spark.Scratch]():
				sample = spark.EmptyDir{Size: 20 * millrace.GiB}
			}
			if sample == nil {
				t.Errorf("%s.%s: the test has no sample", path, f.Name)
				continue
			}
			without, with := queries(), queries()
			reflect.ValueOf(with).Elem().FieldByName(path).Field(i).Set(reflect.ValueOf(sample))
			if err := changes(without, with, path+"."+f.Name); err != nil {
				t.Errorf("%s.%s: %v", path, f.Name, err)
			}
		}
	}
	base := reflect.TypeFor[v1alpha1.SparkConnectSpec]()
	for _, path := range [][]int{{2}, {3}, {4, 0, 0}, {4, 0, 1}, {4, 0, 2}, {4, 1}, {5, 0, 0}, {5, 0, 1}, {5, 0, 2}, {5, 1}, {6}} {
		without, with := queries(), queries()
		podtest.Fill(reflect.ValueOf(&with.Base).Elem().FieldByIndex(path))
		if err := changes(without, with, "Base"); err != nil && !strings.Contains(err.Error(), "refused without naming") {
			t.Errorf("Base.%s: %v", base.FieldByIndex(path).Name, err)
		}
	}
}

// Build keeps to itself, and says the same every time.
func TestConnectBuildIsPure(t *testing.T) {
	c := allOfServer()
	wantPure(t, c, allOfServer(), func() (any, error) { return c.SparkConnect() })
}

func TestRemote(t *testing.T) {
	if got := queries().Remote(); got != "sc://queries-server:15002" {
		t.Error(got)
	}
	if got := allOfServer().Remote(); got != "sc://spark-connect.data-platform.svc:15002" {
		t.Error(got)
	}
}

// The operator's own examples of both kinds can be said, and come out as they
// went in.
func TestOperatorsExamples(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/kubeflow/spark-operator/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := strings.TrimSpace(string(dir))
	read := func(file string, into any) {
		t.Helper()
		data, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(data, into); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"examples/spark-pi-scheduled.yaml", "config/samples/v1beta2_scheduledsparkapplication.yaml"} {
		var want v1beta2.ScheduledSparkApplication
		read(file, &want)
		s := &spark.ScheduledJob{Name: want.Name, Namespace: want.Namespace, Labels: want.Labels, Base: *want.Spec.DeepCopy()}
		s.Job, s.Base.Template = &spark.Job{Base: want.Spec.Template, NoDefaults: true}, v1beta2.SparkApplicationSpec{}
		got, err := s.ScheduledSparkApplication()
		if err != nil {
			t.Errorf("%s: %v", file, err)
		} else if diff := cmp.Diff(&want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
	for _, file := range []string{"examples/sparkconnect/spark-connect.yaml"} {
		var want v1alpha1.SparkConnect
		read(file, &want)
		got, err := (&spark.ConnectServer{Name: want.Name, Namespace: want.Namespace, Base: want.Spec, NoDefaults: true}).SparkConnect()
		if err != nil {
			t.Errorf("%s: %v", file, err)
		} else if diff := cmp.Diff(&want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
	}
}
