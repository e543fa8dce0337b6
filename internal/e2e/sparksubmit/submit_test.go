// Package sparksubmit_test starts a real spark-submit with what package spark
// says to it, against a server that takes what it creates.
package sparksubmit_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/e2e"
	"github.com/millrace/millrace/internal/podtest"
	"github.com/millrace/millrace/spark"
)

func TestMain(m *testing.M) { os.Exit(e2e.Main(m)) }

// text is what careless quoting breaks.
const text = `a "b" = 'c': $d \e ü`

// job has values that a careless script or parser breaks on, and a pod of which
// no part is the default.
func job(target spark.Submit) *spark.Job {
	return &spark.Job{
		Name: "orders", Namespace: "data-platform", Labels: map[string]string{"team": "data"},
		Image: "company-registry/spark-etl:3.5.1", Version: e2e.SparkVersion,
		Main: "local:///opt/spark/jobs/etl.jar", Class: "com.company.etl.Extract",
		Args: []string{"--date=2026-01-31", "it's", `say "hi"`, "$HOME", "--conf", "a=b", ""},
		Conf: map[string]string{"spark.company.text": text, "spark.sql.shuffle.partitions": "64"},
		Driver: spark.Driver{Cores: 2, CoreRequest: "1500m", Memory: 3 * millrace.GiB, ServiceAccount: "spark", PriorityClass: "high",
			Env: []corev1.EnvVar{{Name: "STAGE", Value: "a b"}}},
		Placement: millrace.Placement{NodeSelector: map[string]string{"pool": "spark"},
			Tolerations: []corev1.Toleration{{Key: "pool", Operator: corev1.TolerationOpEqual, Value: "spark", Effect: corev1.TaintEffectNoSchedule}}},
		Target: target,
	}
}

// start runs a program with Spark around, and returns its exit code and what
// it wrote.
func start(t *testing.T, program string, arguments ...string) (int, string) {
	t.Helper()
	home, java, _ := e2e.RealSpark(t) // who calls has asked
	var locale []string
	if program == "" {
		program = filepath.Join(home, "bin", "spark-submit")
		locale = []string{"LC_ALL=C.UTF-8"} // the script sees to it itself
	}
	cmd := exec.CommandContext(t.Context(), program, arguments...)
	cmd.Dir = t.TempDir()
	cmd.Env = []string{"PATH=/usr/bin:/bin", "SPARK_HOME=" + home, "JAVA_HOME=" + java, "HOME=" + cmd.Dir,
		"SPARK_LOCAL_IP=127.0.0.1", "KUBECONFIG=" + filepath.Join(cmd.Dir, "none")}
	cmd.Env = append(cmd.Env, locale...)
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// sparksOwn are the settings that Spark adds, or changes on their way to the
// driver.
var sparksOwn = []string{
	"spark.app.id", "spark.app.submitTime", "spark.jars", "spark.master", "spark.submit.deployMode", "spark.submit.pyFiles", "spark.app.name",
	"spark.driver.blockManager.port", "spark.driver.host", "spark.driver.port", "spark.kubernetes.driver.pod.name",
	"spark.kubernetes.executor.podTemplateFile", "spark.kubernetes.memoryOverheadFactor", "spark.kubernetes.resource.type", "spark.kubernetes.submitInDriver",
	"spark.kubernetes.driver.podTemplateFile", "spark.kubernetes.driver.podTemplateContainerName", "spark.kubernetes.executor.podTemplateContainerName",
}

// Spark has every setting and argument as the job says them, and its pod has
// what the template says.
func TestArguments(t *testing.T) {
	if _, _, ok := e2e.RealSpark(t); !ok {
		return
	}
	s := newServer(t, 0)
	j := job(spark.Submit{Master: "k8s://" + s.URL, NoWait: true})
	submission, err := j.Submission()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files := spark.TemplateFiles{Driver: filepath.Join(dir, "driver pod.yaml"), Executor: filepath.Join(dir, "executor.yaml")}
	for file, pod := range map[string]*corev1.Pod{files.Driver: submission.Driver, files.Executor: submission.Executor} {
		data, err := yaml.Marshal(pod)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	code, log := start(t, "", submission.Arguments(files)...)
	if code != 0 || s.pod == nil {
		t.Fatalf("spark-submit ended with %d\n%s\n%q", code, log, s.asked)
	}
	got := s.settings(t)
	for _, key := range sparksOwn {
		delete(got, key)
	}
	// This one is for spark-submit alone.
	want := maps.Clone(submission.Conf)
	delete(want, "spark.kubernetes.submission.waitAppCompletion")
	delete(got, "spark.kubernetes.submission.waitAppCompletion")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-millrace +Spark):\n%s", diff)
	}
	args := append([]string{"driver", "--properties-file", "/opt/spark/conf/spark.properties", "--class", j.Class, j.Main}, j.Args...)
	if diff := cmp.Diff(args, s.pod.Spec.Containers[0].Args); diff != "" {
		t.Errorf("arguments (-millrace +Spark):\n%s", diff)
	}
	// The same job of the operator, as Pods tells of it.
	j.Target = nil
	app, err := j.SparkApplication()
	if err != nil {
		t.Fatal(err)
	}
	pod := spark.Pods(app)[0].Template
	maps.DeleteFunc(pod.Labels, func(key, _ string) bool { return strings.HasPrefix(key, "sparkoperator.k8s.io/") })
	for _, missing := range lacks("", podtest.Tree(t, pod), podtest.Tree(t, s.pod)) {
		t.Errorf("the driver's pod: %s", missing)
	}
	for _, config := range s.configs {
		if text, ok := config.Data["podspec-configmap-key"]; ok {
			var template corev1.Pod
			if err := yaml.Unmarshal([]byte(text), &template); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(submission.Executor, &template); diff != "" {
				t.Errorf("the executors' template (-millrace +Spark):\n%s", diff)
			}
			return
		}
	}
	t.Error("the driver has no template for its executors")
}

// The script ends as the driver does, by what this Spark logs.
func TestScript(t *testing.T) {
	if _, _, ok := e2e.RealSpark(t); !ok {
		return
	}
	s := newServer(t, 3)
	bundle, err := millrace.Build(job(spark.Submit{Master: "k8s://" + s.URL}))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "50% of a #1 dir?")
	if _, err := millrace.WriteDir(dir, bundle); err != nil {
		t.Fatal(err)
	}
	code, log := start(t, filepath.Join(dir, "scripts", "orders.sh"), "--more", "a b")
	if code != 3 || s.pod == nil {
		t.Fatalf("the script ended with %d, want 3\n%s", code, log)
	}
	args := s.pod.Spec.Containers[0].Args
	if more := args[max(0, len(args)-2):]; !slices.Equal(more, []string{"--more", "a b"}) {
		t.Errorf("the last arguments are %q", more)
	}
	if got := s.settings(t)["spark.company.text"]; got != text {
		t.Errorf("the setting is %q, want %q", got, text)
	}
}

// In client mode Spark takes the same settings, and looks for the class here.
func TestClient(t *testing.T) {
	if _, _, ok := e2e.RealSpark(t); !ok {
		return
	}
	j := job(spark.Submit{Master: "k8s://http://127.0.0.1:1", Mode: spark.ClientMode,
		Driver: spark.ClientDriver{Host: "driver.data-platform.svc", Port: 7078, BlockManagerPort: 7079, Pod: "notebook"}})
	j.Driver = spark.Driver{Memory: 3 * millrace.GiB}
	submission, err := j.Submission()
	if err != nil {
		t.Fatal(err)
	}
	code, log := start(t, "", append([]string{"--verbose"}, submission.Arguments(spark.TemplateFiles{Executor: "/executor.yaml"})...)...)
	if code == 0 || !strings.Contains(log, "Failed to load class com.company.etl.Extract") {
		t.Fatalf("spark-submit ended with %d\n%s", code, log)
	}
	got := make(map[string]string)
	_, log, _ = strings.Cut(log, "Spark config:\n")
	for line := range strings.Lines(log) {
		key, value, ok := strings.Cut(strings.TrimSuffix(strings.TrimPrefix(line, "("), ")\n"), ",")
		if !ok || !strings.HasPrefix(line, "(") {
			break
		}
		got[key] = value
	}
	want := maps.Clone(submission.Conf)
	maps.Copy(want, map[string]string{
		"spark.master": "k8s://http://127.0.0.1:1", "spark.submit.deployMode": "client", "spark.app.name": "orders",
		"spark.jars": "local:///opt/spark/jobs/etl.jar", "spark.submit.pyFiles": "", "spark.kubernetes.executor.podTemplateFile": "/executor.yaml",
		"spark.kubernetes.executor.podTemplateContainerName": "spark-kubernetes-executor",
	})
	for _, m := range []map[string]string{want, got} {
		delete(m, "spark.app.submitTime")
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings (-millrace +Spark):\n%s", diff)
	}
}

// lacks returns what have lacks of want. Lists may hold more.
func lacks(at string, want, have any) (out []string) {
	switch want := want.(type) {
	case map[string]any:
		fields, _ := have.(map[string]any)
		for key, value := range want {
			if value != nil { // as creationTimestamp
				out = append(out, lacks(at+"."+key, value, fields[key])...)
			}
		}
	case []any:
		items, _ := have.([]any)
		for i, item := range want {
			if !slices.ContainsFunc(items, func(other any) bool { return lacks("", item, other) == nil }) {
				out = append(out, fmt.Sprintf("%s[%d]: no %v in %v", at, i, item, items))
			}
		}
	default:
		if want != have {
			out = append(out, fmt.Sprintf("%s: want %v, have %v", at, want, have))
		}
	}
	return out
}
