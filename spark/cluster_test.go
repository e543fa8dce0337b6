package spark_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/spark"
	"github.com/millrace/millrace/spark/apachev1"
)

// smallCluster has nothing but what is required.
func smallCluster() *spark.Cluster {
	return &spark.Cluster{Name: "adhoc", Image: "company-registry/spark:4.1.2", Version: "4.1.2"}
}

// fullCluster sets every concern at once.
func fullCluster() *spark.Cluster {
	return &spark.Cluster{
		Name: "notebooks", Namespace: "data-platform", Labels: map[string]string{"team": "data-platform"}, Annotations: map[string]string{"company.com/owner": "a"},
		Image: "company-registry/spark:4.1.2", Version: "4.1.2", PullPolicy: spark.PullAlways, PullSecrets: []string{"registry"},
		Master: spark.Master{Cores: 2, Memory: 2 * millrace.GiB, Pod: spark.ClusterPod{
			ServiceAccount: "masters", PriorityClass: "high-priority", Placement: millrace.Placement{NodeSelector: map[string]string{"workload": "spark-driver"}},
			Labels: map[string]string{"role": "plans"}, Annotations: map[string]string{"a": "b"},
			Env: []corev1.EnvVar{{Name: "LEVEL", Value: "info"}},
		}},
		Workers: spark.Workers{Min: 2, Initial: 3, Max: 10, TargetCPU: 60, Cores: 8, Memory: 48 * millrace.GiB, Pod: spark.ClusterPod{
			ServiceAccount: "workers", PriorityClass: "low-priority",
			EnvFrom: []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "db"}}}},
			Volumes: []spark.Volume{
				{Name: "1", Path: "/data/1", Scratch: true, Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
				{Name: "2", Path: "/data/2", Scratch: true, Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}},
				{Name: "truststore", Path: "/etc/truststore", ReadOnly: true, Source: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "truststore"}}},
			},
			Security: spark.Security{Pod: &corev1.PodSecurityContext{RunAsUser: new(int64(1000))}},
		}},
		Placement: pool(),
		Conf:      map[string]string{"spark.deploy.recoveryMode": "FILESYSTEM", "spark.kubernetes.scheduler.name": "yunikorn", "spark.shuffle.service.enabled": "false"},
		Base: apachev1.ClusterSpec{
			RuntimeVersions: apachev1.RuntimeVersions{JDKVersion: new("21")},
			WorkerSpec: &apachev1.WorkerSpec{StatefulSetSpec: &appsv1.StatefulSetSpec{
				VolumeClaimTemplates: []corev1.PersistentVolumeClaim{{Spec: corev1.PersistentVolumeClaimSpec{StorageClassName: new("premium-ssd")}}},
			}},
		},
	}
}

func TestClusterGolden(t *testing.T) {
	for name, c := range map[string]*spark.Cluster{"small.cluster.yaml": smallCluster(), "full.cluster.yaml": fullCluster()} {
		t.Run(name, func(t *testing.T) { golden(t, name, render(t, c)) })
	}
}

func TestPodsOfAClusterAreWhereTheyStand(t *testing.T) {
	for _, name := range []string{"small.cluster", "full.cluster"} {
		t.Run(name, func(t *testing.T) {
			goldenPods(t, name, &apachev1.SparkCluster{}, "master", "worker", "default-scheduler", "0")
		})
	}
}

// A cluster of upstream's that says next to nothing still has its pods.
func TestPodsOfABareCluster(t *testing.T) {
	c := &apachev1.SparkCluster{}
	c.Name = "cluster"
	if got := spark.Pods(c); len(got) != 2 || got[0].Whole || got[0].Template.Spec.Containers[0].Name != "master" || got[1].Template.Spec.Containers[0].Name != "worker" {
		t.Errorf("%+v", got)
	}
	c.Spec = &apachev1.ClusterSpec{ClusterTolerations: apachev1.ClusterTolerations{InstanceConfig: apachev1.WorkerInstanceConfig{InitWorkers: 3, MinWorkers: 1, MaxWorkers: 5}}}
	if w := spark.Pods(c)[1]; w.Min != 1 || w.Max != 5 {
		t.Errorf("%d to %d workers", w.Min, w.Max)
	}
	c.Spec.ClusterTolerations.InstanceConfig.MaxWorkers = 1
	if w := spark.Pods(c)[1]; w.Min != 3 || w.Max != 3 {
		t.Errorf("%d to %d workers where nothing scales", w.Min, w.Max)
	}
	if got := spark.Pods((*apachev1.SparkCluster)(nil)); got != nil {
		t.Errorf("pods of nothing: %v", got)
	}
}

func TestWorkers(t *testing.T) {
	for name, tc := range map[string]struct {
		workers            spark.Workers
		first, least, most int64
	}{
		"zero":         {spark.Workers{}, 2, 2, 2},
		"at the most":  {spark.Workers{Max: 10}, 2, 2, 10},
		"only one":     {spark.Workers{Max: 1}, 1, 1, 1},
		"at the start": {spark.Workers{Initial: 4}, 4, 4, 4},
		"at the least": {spark.Workers{Min: 3, Max: 6}, 3, 3, 6},
		"all of them":  {spark.Workers{Min: 1, Initial: 3, Max: 6}, 3, 1, 6},
		"grown":        {spark.Workers{Min: 1, Initial: 3}, 3, 1, 3},
	} {
		c := smallCluster()
		c.Workers = tc.workers
		got, err := c.SparkCluster()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := apachev1.WorkerInstanceConfig{InitWorkers: tc.first, MinWorkers: tc.least, MaxWorkers: tc.most}
		if diff := cmp.Diff(want, got.Spec.ClusterTolerations.InstanceConfig); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// The pods have room for what they lend, and for what is beside it.
func TestClusterSizes(t *testing.T) {
	for name, tc := range map[string]struct {
		memory         millrace.Bytes
		master, worker string
	}{
		"small":  {512 * millrace.MiB, "896Mi", "1920Mi"},
		"middle": {4 * millrace.GiB, "4505Mi", "5529Mi"},
		"large":  {48 * millrace.GiB, "54067Mi", "55091Mi"},
	} {
		c := smallCluster()
		c.Master.Memory, c.Workers.Memory = tc.memory, tc.memory
		o, err := c.SparkCluster()
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []string{tc.master, tc.worker} {
			r := spark.Pods(o)[i].Template.Spec.Containers[0].Resources
			if request, limit := r.Requests.Memory().String(), r.Limits.Memory().String(); request != want || limit != want {
				t.Errorf("%s: pod %d has %s to %s, want %s", name, i, request, limit, want)
			}
		}
	}
}

func TestBadClusters(t *testing.T) {
	env := func(names ...string) []corev1.EnvVar {
		var out []corev1.EnvVar
		for _, name := range names {
			out = append(out, corev1.EnvVar{Name: name, Value: "a"})
		}
		return out
	}
	for name, tc := range map[string]struct {
		edit func(*spark.Cluster)
		want []string
	}{
		"empty": {func(c *spark.Cluster) { *c = spark.Cluster{} }, []string{required + " Image", required + " Name", required + " Version"}},
		"identity": {func(c *spark.Cluster) {
			c.Name, c.Namespace, c.Labels = strings.Repeat("a", 46), "No", map[string]string{"": ""}
		}, []string{invalid + " Labels[]", invalid + " Name", invalid + " Namespace"}},
		"a digit first": {func(c *spark.Cluster) { c.Name = "1a" }, []string{invalid + " Name"}},
		"image":         {func(c *spark.Cluster) { c.Image, c.PullPolicy, c.PullSecrets = "a b", "Sometimes", []string{"No"} }, []string{invalid + " Image", invalid + " PullPolicy", invalid + " PullSecrets[0]"}},
		"versions":      {func(c *spark.Cluster) { c.Version = "2.4.8" }, []string{unsupported + " Version"}},
		"sizes": {func(c *spark.Cluster) {
			c.Master = spark.Master{Cores: -1, Memory: 1}
			c.Workers = spark.Workers{Cores: -1, Memory: millrace.MiB}
		},
			[]string{invalid + " Master.Cores", invalid + " Master.Memory", invalid + " Workers.Cores", invalid + " Workers.Memory"}},
		"numbers":          {func(c *spark.Cluster) { c.Workers = spark.Workers{Min: -1, TargetCPU: 101} }, []string{conflict + " Workers.TargetCPU", invalid + " Workers.Min", invalid + " Workers.TargetCPU"}},
		"more than most":   {func(c *spark.Cluster) { c.Workers = spark.Workers{Min: 3, Max: 2} }, []string{conflict + " Workers.Min"}},
		"outside":          {func(c *spark.Cluster) { c.Workers = spark.Workers{Min: 2, Initial: 9, Max: 4} }, []string{conflict + " Workers.Initial"}},
		"scaling of none":  {func(c *spark.Cluster) { c.Workers = spark.Workers{Min: 5, Max: 3, TargetCPU: 50} }, []string{conflict + " Workers.Min"}},
		"scaling of fixed": {func(c *spark.Cluster) { c.Workers = spark.Workers{Min: 2, TargetCPU: 50} }, []string{conflict + " Workers.TargetCPU"}},
		"scaling of fixed in Base": {func(c *spark.Cluster) {
			c.Base.WorkerSpec = &apachev1.WorkerSpec{HorizontalPodAutoscalerSpec: &autoscalingv2.HorizontalPodAutoscalerSpec{MinReplicas: new(int32(1))}}
		}, []string{conflict + " Base.WorkerSpec.HorizontalPodAutoscalerSpec"}},
		"pods": {func(c *spark.Cluster) {
			c.Master.Pod = spark.ClusterPod{ServiceAccount: "No", PriorityClass: "No", Labels: map[string]string{"spark-role": "a"}, Env: env("SPARK_DAEMON_MEMORY", "SPARK_LOCAL_DIRS"),
				Volumes: []spark.Volume{{Name: "a", Path: "/a", Scratch: true, Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}}}
			c.Workers.Pod = spark.ClusterPod{Labels: map[string]string{"spark.operator/spark-cluster-name": "a"}, Env: env("SPARK_LOCAL_DIRS", "SPARK_WORKER_OPTS"),
				Volumes: []spark.Volume{{Name: "a"}}}
		}, []string{conflict + " Master.Pod.Env[0]", conflict + " Master.Pod.Labels[spark-role]", conflict + " Workers.Pod.Env[0]", conflict + " Workers.Pod.Env[1]",
			conflict + " Workers.Pod.Labels[spark.operator/spark-cluster-name]", invalid + " Master.Pod.PriorityClass", invalid + " Master.Pod.ServiceAccount", required + " Workers.Pod.Volumes[0].Path",
			required + " Workers.Pod.Volumes[0].Source", unsupported + " Master.Pod.Volumes[0].Scratch"}},
		"settings": {func(c *spark.Cluster) {
			c.Conf = map[string]string{"spark.kubernetes.container.image": "a", "spark.kubernetes.namespace": "b", "spark.kubernetes.driver.pod.name": "c",
				"a b": "d", "spark.x": `a"b`, "spark.y": "a\nb"}
			c.Base.SparkConf = map[string]string{"spark.z": `\`}
		}, []string{conflict + " Conf[spark.kubernetes.container.image]", conflict + " Conf[spark.kubernetes.namespace]", invalid + " Base.SparkConf[spark.z]",
			invalid + " Conf[a b]", invalid + " Conf[spark.x]", invalid + " Conf[spark.y]", millrace.RuleUnknown + " Conf[spark.kubernetes.driver.pod.name]"}},
		"references": {func(c *spark.Cluster) { c.Image = "a:{{workflow.parameters.tag}}" }, []string{millrace.RuleUnknown + " Image"}},
		"said twice": {func(c *spark.Cluster) {
			c.Conf = map[string]string{"spark.x": "1"}
			c.Workers.Cores = 4
			c.Base = apachev1.ClusterSpec{SparkConf: map[string]string{"spark.x": "2"}, RuntimeVersions: apachev1.RuntimeVersions{SparkVersion: "3.5.1"},
				WorkerSpec: &apachev1.WorkerSpec{StatefulSetSpec: &appsv1.StatefulSetSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
					Containers: []corev1.Container{{Name: "worker", Env: env("SPARK_WORKER_CORES")}}}}}}}
		}, []string{conflict + " Base.RuntimeVersions.SparkVersion", conflict + " Base.SparkConf[spark.x]",
			conflict + " Base.WorkerSpec.StatefulSetSpec.Template.Spec.Containers[0].Env[0].Value"}},
		"what the operator overwrites": {func(c *spark.Cluster) {
			set := func(container string) *appsv1.StatefulSetSpec {
				return &appsv1.StatefulSetSpec{Replicas: new(int32(1)), PodManagementPolicy: "OrderedReady", Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
					SchedulerName: "a", TerminationGracePeriodSeconds: new(int64(30)), DNSConfig: &corev1.PodDNSConfig{},
					Containers: []corev1.Container{{Name: "sidecar"}, {Name: container, Image: "a", Command: []string{"a"}, Args: []string{"b"}}},
				}}}
			}
			c.Base.MasterSpec = &apachev1.MasterSpec{StatefulSetSpec: set("master")}
			c.Base.WorkerSpec = &apachev1.WorkerSpec{StatefulSetSpec: set("worker")}
		}, func() []string {
			var out []string
			for _, of := range []string{"Master", "Worker"} {
				at := conflict + " Base." + of + "Spec.StatefulSetSpec."
				for _, field := range []string{"PodManagementPolicy", "Replicas", "Template.Spec.Containers[1].Args", "Template.Spec.Containers[1].Command",
					"Template.Spec.Containers[1].Image", "Template.Spec.DNSConfig", "Template.Spec.SchedulerName", "Template.Spec.TerminationGracePeriodSeconds"} {
					if of == "Worker" || field != "Template.Spec.DNSConfig" {
						out = append(out, at+field)
					}
				}
			}
			return out
		}()},
	} {
		t.Run(name, func(t *testing.T) {
			c := smallCluster()
			tc.edit(c)
			_, err := c.Build()
			got := clusterFindings(t, err)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	var none *spark.Cluster
	if _, err := none.Build(); err == nil {
		t.Error("a nil cluster is one")
	}
}

func clusterFindings(t *testing.T, err error) []string {
	t.Helper()
	be, ok := errors.AsType[*millrace.BuildError](err)
	if !ok {
		if err != nil {
			t.Fatal(err)
		}
		return nil
	}
	var out []string
	for _, f := range be.Findings {
		if f.Fix == "" || f.Detail == "" || f.Object.Kind != "spark.Cluster" {
			t.Errorf("a finding without object, detail or fix: %+v", f)
		}
		out = append(out, f.Rule+" "+f.Field)
	}
	slices.Sort(out)
	return out
}

// Each field, set alone, changes the output or is refused by name.
func TestEveryFieldOfClusterIsRendered(t *testing.T) {
	own := map[string]any{
		"Name": "other", "Namespace": "data", "Image": "company-registry/other:1", "Version": "3.5.1", "PullPolicy": spark.PullAlways,
		"Labels": map[string]string{"a": "b"}, "Annotations": map[string]string{"a": "b"}, "Conf": map[string]string{"spark.x": "y"},
		"Memory": 3 * millrace.GiB, "TargetCPU": int32(40), "PriorityClass": "high", "Env": []corev1.EnvVar{{Name: "A", Value: "b"}},
		"EnvFrom":     []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "a"}}}},
		"Volumes":     []spark.Volume{{Name: "a", Path: "/a", Source: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}},
		"PullSecrets": []string{"a"},
	}
	count := 0
	var walk func(typ reflect.Type, at string, path []int)
	walk = func(typ reflect.Type, at string, path []int) {
		for i := range typ.NumField() {
			f := typ.Field(i)
			full, name := append(append([]int(nil), path...), i), strings.TrimPrefix(at+"."+f.Name, ".")
			if f.Type.Kind() == reflect.Struct {
				walk(f.Type, name, full)
				continue
			}
			count++
			without, with := smallCluster(), smallCluster()
			without.Workers.Max, with.Workers.Max = 9, 9
			v := reflect.ValueOf(with).Elem().FieldByIndex(full)
			switch sample := own[f.Name]; {
			case sample != nil && !strings.HasPrefix(name, "Base"):
				v.Set(reflect.ValueOf(sample))
			case f.Type.Kind() == reflect.Int32:
				v.SetInt(5)
			default:
				podtest.Fill(v)
			}
			a, err := without.Build()
			if err != nil {
				t.Fatal(err)
			}
			b, err := with.Build()
			if be, ok := errors.AsType[*millrace.BuildError](err); ok {
				if !slices.ContainsFunc(be.Findings, func(f millrace.Finding) bool { return strings.HasPrefix(f.Field, name) }) {
					t.Errorf("%s: refused without naming it: %v", name, err)
				}
				continue
			}
			if reflect.DeepEqual(a, b) {
				t.Errorf("%s: nothing renders it", name)
			}
		}
	}
	walk(reflect.TypeFor[spark.Cluster](), "", nil)
	if count < 50 {
		t.Errorf("the test saw %d fields only", count)
	}
}

// The settings of a cluster are seen by anyone who sees its processes.
func TestPlaintextSecretOfACluster(t *testing.T) {
	c := smallCluster()
	c.Conf = map[string]string{"spark.authenticate.secret": "hunter2-hunter2", "spark.ui.enabled": "true"}
	o, err := c.SparkCluster()
	if err != nil {
		t.Fatal(err)
	}
	got := check(bundleOf(t, o))
	if len(got) != 1 || !strings.HasPrefix(got[0], "spark/plaintext-secret spec.sparkConf[spark.authenticate.secret]: ") {
		t.Errorf("%q", got)
	}
	if got := without("spark/eviction-guard", check(bundleOf(t, &apachev1.SparkCluster{TypeMeta: o.TypeMeta, ObjectMeta: o.ObjectMeta}))); len(got) != 0 {
		t.Errorf("an empty cluster: %q", got)
	}
}

func TestClusterIsCopied(t *testing.T) {
	c := fullCluster()
	parts, err := c.Build()
	if err != nil {
		t.Fatal(err)
	}
	scribble(parts.Objects[0])
	if diff := cmp.Diff(fullCluster(), c); diff != "" {
		t.Errorf("Build shares memory with the cluster:\n%s", diff)
	}
	again, err := fullCluster().Build()
	if err != nil {
		t.Fatal(err)
	}
	first, _ := c.Build()
	if diff := cmp.Diff(again, first); diff != "" {
		t.Errorf("the second time differs:\n%s", diff)
	}
}
