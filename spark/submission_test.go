package spark_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/spark"
)

const master = "k8s://https://k8s-api.internal:6443"

// submission returns a job's Submission, which must be one.
func submission(t *testing.T, j *spark.Job) *spark.Submission {
	t.Helper()
	s, err := j.Submission()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The script and Arguments are one list.
func TestArgumentsAreTheScripts(t *testing.T) {
	for _, target := range []spark.Submit{{Master: master}, {Master: master, Mode: spark.ClientMode}} {
		j := withTarget(everything(), target)
		if target.Mode == spark.ClientMode {
			j = withTarget(minimal(), target)
		}
		j.Args = nasty
		dir := t.TempDir()
		scripts := filepath.Join(dir, "scripts")
		want := submission(t, j).Arguments(spark.TemplateFiles{
			Driver:   filepath.Join(scripts, j.Name+"-driver.yaml"),
			Executor: filepath.Join(scripts, j.Name+"-executor.yaml"),
		})
		if diff := cmp.Diff(want, run(t, j, dir)); diff != "" {
			t.Errorf("%s (-Arguments +script):\n%s", target.Mode, diff)
		}
	}
}

func TestTemplateFiles(t *testing.T) {
	j := minimal()
	j.Target = spark.Submit{Master: master}
	s := submission(t, j)
	for name, test := range map[string]struct {
		files spark.TemplateFiles
		want  [2]string
	}{
		"none":  {spark.TemplateFiles{}, [2]string{"etl-driver.yaml", "etl-executor.yaml"}},
		"paths": {spark.TemplateFiles{Driver: "/a b/#1 50%?.yaml", Executor: "./x.yaml"}, [2]string{"/a%20b/%231%2050%25%3F.yaml", "./x.yaml"}},
		"urls":  {spark.TemplateFiles{Driver: "s3a://b/d.yaml", Executor: "hdfs://n:8020/e%20e.yaml"}, [2]string{"s3a://b/d.yaml", "hdfs://n:8020/e%20e.yaml"}},
	} {
		arguments := s.Arguments(test.files)
		for i, role := range []string{"driver", "executor"} {
			if want := "spark.kubernetes." + role + ".podTemplateFile=" + test.want[i]; !slices.Contains(arguments, want) {
				t.Errorf("%s: no %s in %q", name, want, arguments)
			}
		}
	}
}

// What Submission returns is the caller's.
func TestSubmissionSharesNothing(t *testing.T) {
	j, untouched := withTarget(everything(), spark.Submit{Master: master}), withTarget(everything(), spark.Submit{Master: master})
	want := submission(t, untouched)
	scribble(submission(t, j))
	if diff := cmp.Diff(want, submission(t, j)); diff != "" {
		t.Errorf("after the first was written to:\n%s", diff)
	}
}

func TestSubmissionIsForSubmit(t *testing.T) {
	j := minimal()
	_, err := j.Submission()
	if diff := cmp.Diff([]string{unsupported + " Target"}, findings(t, err)); diff != "" {
		t.Error(diff)
	}
	j = nil
	if _, err := j.Submission(); err == nil {
		t.Error("a nil job")
	}
}

// The operator copies a job's mode; without defaults spark-submit's own would
// be client.
func TestSubmissionSaysItsMode(t *testing.T) {
	j := minimal()
	j.NoDefaults, j.Target = true, spark.Submit{Master: master}
	s := submission(t, j)
	want := []string{"--master", master, "--deploy-mode", "cluster", "--name", "etl", "--class", "com.company.etl.ExtractOrders"}
	if diff := cmp.Diff(want, s.Options); diff != "" || s.Mode != spark.ClusterMode {
		t.Errorf("%s: %s", s.Mode, diff)
	}
}

// Scratch volumes that no setting has words for are in the templates, where
// Spark knows them by their names, and so is what a sidecar alone mounts.
func TestVolumesOfBase(t *testing.T) {
	j := minimal()
	j.Target = spark.Submit{Master: master}
	ephemeral := corev1.Volume{Name: "spark-local-dir-1", VolumeSource: corev1.VolumeSource{Ephemeral: &corev1.EphemeralVolumeSource{}}}
	nvme := corev1.Volume{Name: "spark-local-dir-2", VolumeSource: corev1.VolumeSource{HostPath: &corev1.HostPathVolumeSource{Path: "/nvme"}}}
	logs := corev1.Volume{Name: "logs", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}
	j.Base.Volumes = []corev1.Volume{ephemeral, nvme, logs}
	j.Base.Executor.VolumeMounts = []corev1.VolumeMount{
		{Name: ephemeral.Name, MountPath: "/a"}, {Name: nvme.Name, MountPath: "/b"}, {Name: nvme.Name, MountPath: "/c", SubPathExpr: "$(POD)"},
	}
	j.Base.Driver.Sidecars = []corev1.Container{{Name: "ship", Image: "ship:1", VolumeMounts: []corev1.VolumeMount{{Name: "logs", MountPath: "/logs"}}}}
	s := submission(t, j)
	if diff := cmp.Diff([]corev1.Volume{ephemeral, nvme}, s.Executor.Spec.Volumes); diff != "" {
		t.Errorf("the executors' volumes:\n%s", diff)
	}
	if diff := cmp.Diff([]corev1.VolumeMount{j.Base.Executor.VolumeMounts[0], j.Base.Executor.VolumeMounts[2]}, s.Executor.Spec.Containers[0].VolumeMounts); diff != "" {
		t.Errorf("the executors' mounts:\n%s", diff)
	}
	if diff := cmp.Diff([]corev1.Volume{logs}, s.Driver.Spec.Volumes); diff != "" {
		t.Errorf("the driver's volumes:\n%s", diff)
	}
	want := map[string]string{
		"spark.kubernetes.executor.volumes.hostPath.spark-local-dir-2.mount.path":   "/b",
		"spark.kubernetes.executor.volumes.hostPath.spark-local-dir-2.options.path": "/nvme",
	}
	got := make(map[string]string)
	for key, value := range s.Conf {
		if strings.Contains(key, ".volumes.") {
			got[key] = value
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("settings:\n%s", diff)
	}
}

// In an older Spark the template says what there is no setting for.
func TestSubmissionOfOlderSpark(t *testing.T) {
	for version, want := range map[string]bool{"3.2.4": true, "3.3.0": false} {
		j := minimal()
		j.Version, j.Target = version, spark.Submit{Master: master}
		j.Base.Driver.NodeSelector = map[string]string{"pool": "a"}
		j.Base.Executor.SchedulerName = new("yunikorn")
		s := submission(t, j)
		_, selector := s.Conf["spark.kubernetes.driver.node.selector.pool"]
		_, scheduler := s.Conf["spark.kubernetes.executor.scheduler.name"]
		if inTemplate := s.Driver.Spec.NodeSelector["pool"] == "a"; inTemplate != want || selector == want {
			t.Errorf("%s: the node selector is in the template: %t, in the settings: %t", version, inTemplate, selector)
		}
		if inTemplate := s.Executor.Spec.SchedulerName == "yunikorn"; inTemplate != want || scheduler == want {
			t.Errorf("%s: the scheduler is in the template: %t, in the settings: %t", version, inTemplate, scheduler)
		}
	}
	j := minimal()
	j.Version, j.Target = "3.3.0", spark.Submit{Master: master}
	j.Base.Driver.ServiceLabels = map[string]string{"a": "b"}
	_, err := j.Build()
	if diff := cmp.Diff([]string{unsupported + " Base.Driver.ServiceLabels"}, findings(t, err)); diff != "" {
		t.Error(diff)
	}
}

// A job made of a manifest may name template files, which ours replace as the
// operator's do.
func TestSubmissionNamesItsTemplatesOnce(t *testing.T) {
	j := minimal()
	j.NoDefaults, j.Target = true, spark.Submit{Master: master}
	j.Base.SparkConf = map[string]string{"spark.kubernetes.driver.podTemplateFile": "/old.yaml", "spark.kubernetes.executor.podTemplateContainerName": "old"}
	if arguments := submission(t, j).Arguments(spark.TemplateFiles{}); strings.Contains(strings.Join(arguments, " "), "old") {
		t.Errorf("arguments: %q", arguments)
	}
}

// A template that nobody could write is a mistake of the job.
func TestSubmissionOfImpossibleTemplate(t *testing.T) {
	j := minimal()
	j.Target = spark.Submit{Master: master}
	j.Base.Driver.Lifecycle = &corev1.Lifecycle{PreStop: &corev1.LifecycleHandler{HTTPGet: &corev1.HTTPGetAction{Port: intstr.IntOrString{Type: 7}}}}
	_, err := j.Build()
	if diff := cmp.Diff([]string{invalid + " Driver"}, findings(t, err)); diff != "" {
		t.Errorf("%s\n%v", diff, err)
	}
}

// Where the operator takes a word for granted, spark-submit is told.
func TestAllocationTracksShuffles(t *testing.T) {
	j := minimal()
	j.NoDefaults, j.Target = true, spark.Submit{Master: master}
	j.Executor.DynamicAllocation.Max = 4
	if got := submission(t, j).Conf["spark.dynamicAllocation.shuffleTracking.enabled"]; got != "true" {
		t.Errorf("shuffle tracking is %q", got)
	}
}
