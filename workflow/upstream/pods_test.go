package upstream_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/workflow"
)

// A container that runs before the step, and sees its volumes.
func TestInitContainer(t *testing.T) {
	foo := corev1.Volume{Name: "foo", VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}
	example := define("init-container-example", workflow.Container{
		Image: "alpine:latest", Command: []string{"echo", "bye"}, Mounts: []corev1.VolumeMount{workflow.Mount(foo, "/foo")},
	})
	example.Settings.Pod.InitContainers = []workflow.Sidecar{{
		Name: "hello", MirrorMounts: true, Container: workflow.Container{Image: "alpine:latest", Command: []string{"echo", "hello"}},
	}}
	run := running(example)
	run.Template.Pods.Volumes = []corev1.Volume{foo}
	same(t, "init-container.yaml", run)
}

// A container that runs beside the step.
func TestSidecar(t *testing.T) {
	example := define("sidecar-nginx-example", shell("appropriate/curl", "until `curl -G 'http://127.0.0.1/' >& /tmp/out`; do echo sleep && sleep 1; done && cat /tmp/out"))
	example.Settings.Pod.Sidecars = []workflow.Sidecar{{
		Name: "nginx", Container: workflow.Container{Image: "nginx:1.13", Command: []string{"nginx", "-g", "daemon off;"}},
	}}
	same(t, "sidecar-nginx.yaml", running(example))
}

func TestPodLabels(t *testing.T) {
	say := printMessage()
	say.Settings.Pod.Labels = map[string]string{"app": "print-message", "tier": "demo"}
	say.Settings.Pod.Annotations = map[string]string{"iam.amazonaws.com/role": "role-arn"}
	same(t, "pod-metadata.yaml", running(define("hello-hello-hello", workflow.Steps{{call("hello1", say, "message", "hello1")}})))
}

func TestWindows(t *testing.T) {
	hello := define("hello-win", workflow.Container{
		Image: "mcr.microsoft.com/windows/nanoserver:1809", Command: []string{"cmd", "/c"}, Args: []string{"echo", "Hello from Windows Container!"},
	})
	hello.Settings.Pod.Placement.NodeSelector = map[string]string{corev1.LabelOSStable: "windows"}
	same(t, "hello-windows.yaml", running(hello))
}

// A limit that is a parameter goes in by a patch.
func TestPatch(t *testing.T) {
	limit := workflow.Parameter{Name: "cpu-limit", Default: new("100m")}
	hello := helloWorld("hello-world")
	hello.Settings.Pod.Patch.Text = `{"containers": [{"name": "main", "resources": {"limits": {"cpu": "` + limit.Ref() + `"}}}]}`
	run := running(hello)
	run.Template.Parameters = []workflow.Parameter{limit}
	same(t, "pod-spec-patch.yaml", run)
}

// Pods that ended well are deleted, where they are labelled so.
func TestPodGC(t *testing.T) {
	step := func(name, line, marked string) *workflow.Task {
		d := define(name, shell("alpine:3.7", line))
		d.Settings.Pod.Labels = map[string]string{"should-be-deleted": marked}
		return &workflow.Task{Name: name, Step: d}
	}
	run := running(define("pod-gc-strategy-with-label-selector", workflow.Steps{{
		step("fail", "exit 1", "true"), step("succeed-deleted", "exit 0", "true"), step("succeed-not-deleted", "exit 0", "false"),
	}}))
	run.Template.Pods.GC = workflow.PodGC{
		Strategy: workflow.PodGCOnPodSuccess, Delay: new(30 * time.Second),
		Selector: &metav1.LabelSelector{MatchLabels: map[string]string{"should-be-deleted": "true"}},
	}
	same(t, "pod-gc-strategy-with-label-selector.yaml", run)
}
