package upstream_test

import (
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/workflow"
)

// What is said once for a whole run, around a template that says hello.
func TestSettingsOfRuns(t *testing.T) {
	run := func(settings workflow.RunSettings, pods workflow.RunPods) *workflow.Run {
		return runWith(workflow.Template{Settings: settings, Pods: pods, Entrypoint: helloWorld("hello-world")})
	}
	locked := func(l workflow.Lock) *workflow.Run {
		return run(workflow.RunSettings{Locks: []workflow.Lock{l}}, workflow.RunPods{})
	}
	same(t, "synchronization-mutex-wf-level.yaml", locked(workflow.Mutex{Name: "test"}))
	same(t, "synchronization-db-mutex-wf-level.yaml", locked(workflow.Mutex{Name: "test", Database: true}))
	same(t, "synchronization-wf-level-legacy.yaml", locked(workflow.Semaphore{ConfigMap: "my-config", Key: "workflow"}))
	same(t, "workflow-template/workflow-archive-logs.yaml", run(workflow.RunSettings{ArchiveLogs: new(true)}, workflow.RunPods{}))
	same(t, "image-pull-secrets.yaml", run(workflow.RunSettings{}, workflow.RunPods{ImagePullSecrets: []string{"docker-registry-secret"}}))
}

func TestHelloWorld(t *testing.T) {
	run := running(helloWorld("hello-world"))
	run.Labels = map[string]string{"workflows.argoproj.io/archive-strategy": "false"}
	same(t, "hello-world.yaml", run)

	// What Argo's user interface shows, in Markdown.
	run.Annotations = map[string]string{
		"workflows.argoproj.io/title":       "**Test Title**",
		"workflows.argoproj.io/description": "`This is a simple hello world example.`\nThis is an embedded link to the docs: https://argo-workflows.readthedocs.io/en/latest/title-and-description/\n",
	}
	same(t, "title-and-description-with-markdown.yaml", run)
}

// How long a finished run is kept, and its pods.
func TestKeptFor(t *testing.T) {
	run := runWith(workflow.Template{
		TTL:        workflow.TTL{Success: 5 * time.Second, Failure: 5 * time.Second},
		Entrypoint: helloWorld("hello-world"),
	})
	// A run that broke stays longer than one that failed.
	run.Base.TTLStrategy = &wfv1.TTLStrategy{SecondsAfterCompletion: new(int32(10))}
	same(t, "gc-ttl.yaml", run)

	exit := func(name, line string) *workflow.Task {
		return &workflow.Task{Name: name, Step: &workflow.Definition{Name: name, Step: shell("alpine:3.7", line)}}
	}
	same(t, "pod-gc-strategy.yaml", runWith(workflow.Template{
		Pods:       workflow.RunPods{GC: workflow.PodGC{Strategy: workflow.PodGCOnPodSuccess, Delay: new(30 * time.Second)}},
		Entrypoint: &workflow.Definition{Name: "pod-gc-strategy", Step: workflow.Steps{{exit("fail", "exit 1"), exit("succeed", "exit 0")}}},
	}))
}

// Nodes are not drained while a run has pods there.
func TestDisruptionBudget(t *testing.T) {
	same(t, "default-pdb-support.yaml", runWith(workflow.Template{
		ServiceAccount: "default",
		Pods:           workflow.RunPods{DisruptionBudget: workflow.DisruptionBudget{MinAvailable: new(intstr.FromInt32(9999))}},
		Entrypoint:     &workflow.Definition{Name: "pdbcreate", Step: shell("alpine:latest", "sleep 10")},
	}))
}

// Two steps that hold different locks, each of whose items waits for the others.
func TestLocksOfItems(t *testing.T) {
	task := func(name, definition, lock, line string) *workflow.Task {
		return &workflow.Task{Name: name, Loop: workflow.Over(`["1","2","3","4","5"]`), Step: &workflow.Definition{
			Name: definition, Step: shell("alpine:latest", line),
			Settings: workflow.Settings{Locks: []workflow.Lock{workflow.Mutex{Name: lock}}},
		}}
	}
	same(t, "synchronization-mutex-tmpl-level-legacy.yaml", running(&workflow.Definition{
		Name: "synchronization-tmpl-level-mutex-example",
		Step: workflow.Steps{{
			task("synchronization-acquire-lock", "acquire-lock", "welcome", "sleep 20; echo acquired lock"),
			task("synchronization-acquire-lock1", "acquire-lock-1", "test", "sleep 50; echo acquired lock"),
		}},
	}))
}

// A secret in the environment, and in a file.
func TestSecrets(t *testing.T) {
	secret := corev1.Volume{Name: "my-secret-vol", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "my-secret"}}}
	show := shell("alpine:3.7", " echo \"secret from env: $MYSECRETPASSWORD\"; echo \"secret from file: `cat /secret/mountpath/mypassword`\" ")
	show.Env = []corev1.EnvVar{{Name: "MYSECRETPASSWORD", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
		LocalObjectReference: corev1.LocalObjectReference{Name: "my-secret"}, Key: "mypassword",
	}}}}
	show.Mounts = []corev1.VolumeMount{workflow.Mount(secret, "/secret/mountpath")}
	same(t, "secrets.yaml", runWith(workflow.Template{
		Pods:       workflow.RunPods{Volumes: []corev1.Volume{secret}},
		Entrypoint: &workflow.Definition{Name: "print-secret", Step: show},
	}))
}

// A database beside the step's container.
func TestSidecarDatabase(t *testing.T) {
	same(t, "sidecar.yaml", running(&workflow.Definition{
		Name: "sidecar-example",
		Step: shell("alpine:latest", ` apk update && apk add curl && until curl -XPOST 'http://127.0.0.1:8086/query' --data-urlencode 'q=CREATE DATABASE mydb' ; do sleep .5; done && `+
			`for i in $(seq 1 20); do curl -XPOST 'http://127.0.0.1:8086/write?db=mydb' -d "cpu,host=server01,region=uswest load=$i" ; sleep .5 ; done `),
		Settings: workflow.Settings{Pod: workflow.PodSettings{Sidecars: []workflow.Sidecar{
			{Name: "influxdb", Container: workflow.Container{Image: "influxdb:1.2", Command: []string{"influxd"}}},
		}}},
	}))
}

// Containers of one pod, each after those that it waits for.
func TestContainerSets(t *testing.T) {
	container := func(name string, after ...*workflow.SetContainer) *workflow.SetContainer {
		return &workflow.SetContainer{Name: name, After: after, Container: workflow.Container{Image: "argoproj/argosay:v2"}}
	}
	set := func(list ...*workflow.SetContainer) *workflow.Run {
		run := running(&workflow.Definition{Name: "main", Step: workflow.ContainerSet{Containers: list}})
		run.Labels = tested
		return run
	}
	a := container("a")
	b := container("b", a)
	c := container("c", a)
	same(t, "container-set-template/graph-workflow.yaml", set(a, b, c, container("d", b, c)))
	same(t, "container-set-template/sequence-workflow.yaml", set(a, b, container("c", b)))
}
