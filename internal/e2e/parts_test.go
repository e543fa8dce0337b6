package e2e_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/kubeflow/spark-operator/v2/api/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/e2e"
	"github.com/millrace/millrace/spark"
)

var (
	scheduledApplications = schema.GroupVersionResource{Group: "sparkoperator.k8s.io", Version: "v1beta2", Resource: "scheduledsparkapplications"}
	sparkConnects         = schema.GroupVersionResource{Group: "sparkoperator.k8s.io", Version: "v1alpha1", Resource: "sparkconnects"}
)

// small is what smallJob needs in SparkNamespace: a service account, and a
// config map with the programs.
const small = "small"

// programs are the Python programs of small jobs, by their names.
var programs = map[string]string{
	"three.py": "import sys\nsys.exit(3)\n",
	"pass.py":  "pass\n",
	"raise.py": "raise ValueError('no such day: 2026-02-30')\n",
	"grow.py":  "held = bytearray(2 << 30)\nfor i in range(0, len(held), 4096):\n    held[i] = 1\n",
	"work.py": `import time
from pyspark.sql import SparkSession

def square(x):
    time.sleep(0.1)
    return x * x

spark = SparkSession.builder.getOrCreate()
print("the sum is", spark.sparkContext.parallelize(range(8), 8).map(square).sum(), flush=True)
time.sleep(3600)
`,
}

// deleteAfter deletes what the other proofs should not share the machine with,
// if the proof has not done so itself.
func deleteAfter(t *testing.T, client dynamic.ResourceInterface, name string) {
	t.Helper()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = client.Delete(ctx, name, metav1.DeleteOptions{})
	})
}

func prepareSmall(t *testing.T, c *e2e.Cluster) {
	t.Helper()
	c.Allow(t, e2e.SparkNamespace, small, rbacv1.PolicyRule{APIGroups: []string{""},
		Resources: []string{"pods", "services", "configmaps", "persistentvolumeclaims"}, Verbs: []string{"*"}})
	m := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: small}, Data: programs}
	if _, err := c.Admin().CoreV1().ConfigMaps(e2e.SparkNamespace).Create(t.Context(), m, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
}

// smallJob is a job that leaves room for others, and runs once.
func smallJob(name, program string) *spark.Job {
	return &spark.Job{
		Name: name, Namespace: e2e.SparkNamespace, Image: e2e.SparkImage, Version: e2e.SparkVersion,
		Main: "local:///opt/programs/" + program,
		Driver: spark.Driver{CoreRequest: "50m", Memory: 512 * millrace.MiB, ServiceAccount: small,
			Volumes: []spark.Volume{{Name: "programs", Path: "/opt/programs", Source: corev1.VolumeSource{
				ConfigMap: &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: small}}}}}},
		Executor:  spark.Executor{Cores: 1, CoreRequest: "50m", Memory: 512 * millrace.MiB, Instances: 1},
		Lifecycle: spark.Lifecycle{Restart: spark.Never},
	}
}

// scheduled has a schedule start one run after the other.
func scheduled(t *testing.T, c *e2e.Cluster) {
	job := smallJob("", "pass.py")
	job.Namespace = ""
	const name = "every-second"
	submit(t, c, &spark.ScheduledJob{Name: name, Namespace: e2e.SparkNamespace, Schedule: "@every 1s", Job: job})
	schedules := resources(t, c, scheduledApplications, e2e.SparkNamespace)
	deleteAfter(t, schedules, name)
	applications := resources(t, c, sparkApplications, e2e.SparkNamespace)
	status := func() (state, last string, past []string, template any) {
		s, err := schedules.Get(t.Context(), name, metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		state, _, _ = unstructured.NestedString(s.Object, "status", "scheduleState")
		last, _, _ = unstructured.NestedString(s.Object, "status", "lastRunName")
		past, _, _ = unstructured.NestedStringSlice(s.Object, "status", "pastSuccessfulRunNames")
		template, _, _ = unstructured.NestedFieldNoCopy(s.Object, "spec", "template")
		return state, last, past, template
	}
	first := ""
	eventually(t, "a run is started", func() error {
		state, last, _, template := status()
		if state != "Scheduled" || last == "" {
			return fmt.Errorf("the state is %q, the last run %q", state, last)
		}
		first = last
		run, err := applications.Get(t.Context(), last, metav1.GetOptions{})
		if err != nil {
			return err
		}
		if diff := cmp.Diff(pruned(template), pruned(run.Object["spec"])); diff != "" {
			t.Errorf("the template (-) and the run (+):\n%s", diff)
		}
		return nil
	})
	if !regexp.MustCompile("^" + name + `-\d{19}$`).MatchString(first) {
		t.Errorf("the run is called %s", first)
	}
	// Forbid, which is the default, has it wait for the end of the first.
	eventually(t, "the next run is started after it", func() error {
		_, last, past, _ := status()
		if last == first || !slices.Contains(past, first) {
			return fmt.Errorf("the first run is %s, the last %s, done are %v", first, last, past)
		}
		return nil
	})
	if err := schedules.Delete(t.Context(), name, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the runs end with the schedule", func() error {
		runs, err := applications.List(t.Context(), metav1.ListOptions{LabelSelector: "sparkoperator.k8s.io/scheduled-app-name=" + name})
		if err == nil && len(runs.Items) > 0 {
			err = fmt.Errorf("%d are there", len(runs.Items))
		}
		return err
	})
}

// operatorFile is the executors' template in the server's pod.
const operatorFile = "/tmp/spark/executor-pod-template.yaml"

// connected has the operator make the pod of a Connect server, and a shell read
// the line that it wrote. The server itself is not in PyPI's package.
func connected(t *testing.T, c *e2e.Cluster) {
	ns := e2e.SparkNamespace
	server := &spark.ConnectServer{
		Name: "queries", Namespace: ns, Labels: map[string]string{"team": "data"}, Image: e2e.SparkImage, Version: e2e.SparkVersion,
		Server: spark.Driver{CoreRequest: "50m", Memory: 768 * millrace.MiB, ServiceAccount: small, Labels: map[string]string{"part": "plans"},
			JavaOptions: "-Dmark=1"},
		Executor: spark.Executor{Cores: 1, Memory: millrace.GiB, DynamicAllocation: spark.DynamicAllocation{Max: 3}, Labels: map[string]string{"part": "works"}},
		Conf: map[string]string{"spark.sql.catalog.lake": "org.apache.iceberg.spark.SparkCatalog", "spark.sql.catalog.lake.uri": "https://lake.company.com:8181/v1?a=b%20c",
			"spark.redaction.regex": "secret"},
		HadoopConf: map[string]string{"fs.s3a.endpoint": "https://s3.company.com"},
	}
	want, err := server.SparkConnect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// The operator writes it where it runs as well, outside of what is its.
		_ = os.Remove(operatorFile)
		_ = os.Remove(filepath.Dir(operatorFile))
	})
	submit(t, c, server)
	servers := resources(t, c, sparkConnects, ns)
	deleteAfter(t, servers, "queries")
	var pod *corev1.Pod
	eventually(t, "the server's pod is there", func() (err error) {
		pod, err = c.Admin().CoreV1().Pods(ns).Get(t.Context(), "queries-server", metav1.GetOptions{})
		return err
	})
	ofTemplate(t, pod, want.Spec.Server.Template)
	checkLine(t, &pod.Spec.Containers[0], &want.Spec)
	files, err := c.Admin().CoreV1().ConfigMaps(ns).Get(t.Context(), "queries-conf", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var template corev1.PodTemplateSpec
	if err := yaml.UnmarshalStrict([]byte(files.Data["executor-pod-template.yaml"]), &template); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Spec.Executor.Template, &template); diff != "" {
		t.Errorf("the executors' template (-want +got):\n%s", diff)
	}
	eventually(t, "the missing server is explained", func() error {
		conn, err := servers.Get(t.Context(), "queries", metav1.GetOptions{})
		if err != nil {
			return err
		}
		causes := spark.Diagnose(evidence(t, c.Admin(), conn))
		if len(causes) == 0 || causes[0].ID != "spark/artefact" {
			return fmt.Errorf("the causes are %v", causes)
		}
		t.Log(causes[0])
		return nil
	})
}

// ofTemplate checks that a pod has what its template says.
func ofTemplate(t *testing.T, pod *corev1.Pod, template *corev1.PodTemplateSpec) {
	t.Helper()
	type parts struct {
		Labels, Annotations map[string]string
		Account             string
		Pod                 *corev1.PodSecurityContext
		Container           *corev1.SecurityContext
		Requests, Limits    string
		Probe               string
	}
	read := func(m *metav1.ObjectMeta, s *corev1.PodSpec) parts {
		c := &s.Containers[0]
		p := parts{Account: s.ServiceAccountName, Pod: s.SecurityContext, Container: c.SecurityContext, Labels: make(map[string]string), Annotations: make(map[string]string),
			Requests: c.Resources.Requests.Cpu().String() + " " + c.Resources.Requests.Memory().String(), Limits: c.Resources.Limits.Memory().String()}
		if c.ReadinessProbe != nil {
			p.Probe = c.ReadinessProbe.TCPSocket.Port.String()
		}
		for key := range template.Labels {
			p.Labels[key] = m.Labels[key]
		}
		for key := range template.Annotations {
			p.Annotations[key] = m.Annotations[key]
		}
		return p
	}
	want := read(&template.ObjectMeta, &template.Spec)
	if want.Pod == nil || want.Container == nil || want.Limits == "0" || len(want.Labels)+len(want.Annotations) < 3 {
		t.Errorf("the template says little: %+v", want)
	}
	if diff := cmp.Diff(want, read(&pod.ObjectMeta, &pod.Spec)); diff != "" {
		t.Errorf("%s (-template +pod):\n%s", pod.Name, diff)
	}
}

// checkLine runs the command of a Connect server, with a script in the
// server's place that prints its arguments.
func checkLine(t *testing.T, container *corev1.Container, spec *v1alpha1.SparkConnectSpec) {
	t.Helper()
	home := t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "sbin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "sbin", "start-connect-server.sh"), []byte("#!/bin/bash\nprintf '%s\\0' \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	line := slices.Concat(container.Command, container.Args)
	cmd := exec.CommandContext(t.Context(), line[0], line[1:]...)
	cmd.Env = []string{"SPARK_HOME=" + home, "POD_IP=10.1.2.3", "PATH=" + os.Getenv("PATH")}
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Fatalf("%v: %s", err, &stderr)
	}
	got := make(map[string]string)
	args := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	for pair := range slices.Chunk(args, 2) {
		key, value, _ := strings.Cut(pair[len(pair)-1], "=")
		if pair[0] != "--conf" && pair[0] != "--master" {
			t.Errorf("the shell hands on %q", pair)
		}
		got[key] = value
	}
	want := map[string]string{"spark.driver.host": "10.1.2.3", "spark.driver.memory": *spec.Server.Memory, "spark.executor.memory": *spec.Executor.Memory,
		"spark.kubernetes.executor.podTemplateFile": operatorFile, "spark.dynamicAllocation.maxExecutors": "3", "spark.kubernetes.executor.label.team": "data"}
	for key, value := range spec.SparkConf {
		want[key] = value
	}
	for key, value := range spec.HadoopConf {
		want["spark.hadoop."+key] = value
	}
	if len(want) < 15 {
		t.Errorf("there are %d settings only", len(want))
	}
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s: the shell hands on %q, want %q", key, got[key], value)
		}
	}
}

// elastic has a job grow by an executor and shrink again, and reads its
// metrics from another pod, as Prometheus does.
func elastic(t *testing.T, c *e2e.Cluster) {
	ns, core := e2e.SparkNamespace, c.Admin().CoreV1()
	job := smallJob("elastic", "work.py")
	job.Executor.Instances = 0
	job.Executor.DynamicAllocation = spark.DynamicAllocation{Max: 1, IdleTimeout: 5 * time.Second}
	job.Observe.Metrics = spark.PrometheusServlet{}
	submit(t, c, job)
	applications := resources(t, c, sparkApplications, ns)
	deleteAfter(t, applications, "elastic")
	pods := func(role string) []corev1.Pod {
		list, err := core.Pods(ns).List(t.Context(), metav1.ListOptions{LabelSelector: "sparkoperator.k8s.io/app-name=elastic,spark-role=" + role})
		if err != nil {
			t.Fatal(err)
		}
		return list.Items
	}
	eventually(t, "an executor comes", func() error {
		executors := pods("executor")
		if len(executors) == 0 {
			return errors.New("there is none")
		}
		p := executors[0]
		// 512 MiB, and Spark's 384 at the least.
		if got := p.Spec.Containers[0].Resources.Requests.Memory().String(); got != "896Mi" || p.Annotations[millrace.DoNotDisrupt] != "true" || p.Spec.SecurityContext.RunAsUser == nil {
			t.Errorf("the executor requests %s, has the annotations %v and the context %v", got, p.Annotations, p.Spec.SecurityContext)
		}
		return nil
	})
	log := ""
	eventually(t, "the job computes, and the executor goes", func() error {
		raw, err := core.Pods(ns).GetLogs("elastic-driver", &corev1.PodLogOptions{}).DoRaw(t.Context())
		if log = string(raw); err != nil {
			return err
		}
		if n := len(pods("executor")); n > 0 || !strings.Contains(log, "the sum is 140") || !strings.Contains(log, "Decommission executors: 1") {
			return fmt.Errorf("there are %d executors, and the driver says %s", n, log)
		}
		return nil
	})
	driver := pods("driver")
	if len(driver) != 1 || driver[0].Status.Phase != corev1.PodRunning {
		t.Fatalf("there are %d drivers: %v", len(driver), driver)
	}
	notes := driver[0].Annotations
	url := fmt.Sprintf("http://%s:%s%s/", driver[0].Status.PodIP, notes["prometheus.io/port"], strings.TrimSuffix(notes["prometheus.io/path"], "/"))
	scraper := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "scraper"}, Spec: corev1.PodSpec{RestartPolicy: corev1.RestartPolicyNever,
		Containers: []corev1.Container{{Name: "main", Image: e2e.ShellImage, Env: []corev1.EnvVar{env("URL", url)},
			Command: []string{"sh", "-c", `until wget -q -O - "$URL"; do sleep 1; done`}}}}}
	if _, err := core.Pods(ns).Create(t.Context(), scraper, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the metrics are read", func() error {
		metrics, err := core.Pods(ns).GetLogs("scraper", &corev1.PodLogOptions{}).DoRaw(t.Context())
		if err == nil && !strings.Contains(string(metrics), "metrics_spark_driver_") {
			err = fmt.Errorf("%s says %s", url, metrics)
		}
		return err
	})
	if err := applications.Delete(t.Context(), "elastic", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	eventually(t, "the driver goes with the application", func() error {
		if n := len(pods("driver")); n > 0 {
			return fmt.Errorf("there are %d", n)
		}
		return nil
	})
}
