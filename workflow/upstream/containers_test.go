package upstream_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// emptyDir is a volume that is there for as long as the pod.
func emptyDir(name string) corev1.Volume {
	return corev1.Volume{Name: name, VolumeSource: corev1.VolumeSource{EmptyDir: &corev1.EmptyDirVolumeSource{}}}
}

// TestSetResult takes the result of a set from its container "main".
func TestSetResult(t *testing.T) {
	group := &workflow.Definition{Name: "group", Step: workflow.ContainerSet{Containers: []*workflow.SetContainer{{
		Name:      "main",
		Container: workflow.Container{Image: "python:alpine3.6", Command: []string{"python", "-c"}, Args: []string{"print(\"hi\")\n"}},
	}}}}
	x := workflow.Input{Name: "x"}
	a := &workflow.Task{Name: "a", Step: group}
	b := &workflow.Task{Name: "b", Depends: bare(a), Arguments: args{"x": a.Result().Ref()}, Step: &workflow.Definition{
		Name: "verify", Inputs: taking(x),
		Step: workflow.Script{Image: "python:alpine3.6", Command: []string{"python"}, Base: programText("assert \"" + x.Ref() + "\" == \"hi\"\n")},
	}}
	run := running(&workflow.Definition{Name: "main", Step: workflow.DAG{Tasks: []*workflow.Task{a, b}}})
	run.Labels = tested
	same(t, "container-set-template/outputs-result-workflow.yaml", run)
}

// TestWorkspace shares files between the containers of a set.
func TestWorkspace(t *testing.T) {
	workspace := emptyDir("workspace")
	run := running(&workflow.Definition{
		Name:     "main",
		Settings: workflow.Settings{Pod: workflow.PodSettings{Volumes: []corev1.Volume{workspace}}},
		Step: workflow.ContainerSet{
			Mounts: []corev1.VolumeMount{workflow.Mount(workspace, "/workspace")},
			Containers: []*workflow.SetContainer{
				{Name: "a", Container: workflow.Container{Image: "argoproj/argosay:v2", Args: []string{"echo", "hi", "/workspace/out"}}},
				{Name: "main", Container: workflow.Container{Image: "argoproj/argosay:v2"}},
			},
		},
		Outputs: workflow.Outputs{
			Parameters: []workflow.Output{{Name: "out", Path: "/workspace/out"}},
			Artifacts:  []workflow.Artifact{{Name: "out", Path: "/workspace/out"}},
		},
	})
	run.Labels = tested
	same(t, "container-set-template/workspace-workflow.yaml", run)
}

func TestEmptyDir(t *testing.T) {
	workdir := emptyDir("workdir")
	run := running(&workflow.Definition{Name: "volumes-emptydir-example", Step: workflow.Container{
		Image: "debian:latest", Command: []string{"/bin/bash", "-c"},
		Args:   []string{" vol_found=`mount | grep /mnt/vol` && if [[ -n $vol_found ]]; then echo \"Volume mounted and found\"; else echo \"Not found\"; fi "},
		Mounts: []corev1.VolumeMount{workflow.Mount(workdir, "/mnt/vol")},
	}})
	run.Template.Pods.Volumes = []corev1.Volume{workdir}
	same(t, "volumes-emptydir.yaml", run)
}

// TestDocker runs Docker beside the container that uses it.
func TestDocker(t *testing.T) {
	client := shell("docker:19.03.13", "until docker ps; do sleep 3; done; docker run --rm debian:latest cat /etc/os-release")
	client.Env = []corev1.EnvVar{{Name: "DOCKER_HOST", Value: "127.0.0.1"}}
	same(t, "sidecar-dind.yaml", running(&workflow.Definition{
		Name: "dind-sidecar-example", Step: client,
		Settings: workflow.Settings{Pod: workflow.PodSettings{Sidecars: []workflow.Sidecar{{
			Name: "dind", MirrorMounts: true,
			Container: workflow.Container{
				Image: "docker:19.03.13-dind", Command: []string{"dockerd-entrypoint.sh"},
				Env:  []corev1.EnvVar{{Name: "DOCKER_TLS_CERTDIR"}},
				Base: corev1.Container{SecurityContext: &corev1.SecurityContext{Privileged: new(true)}},
			},
		}}}},
	}))
}

// TestNodes runs one step on Windows and one on Linux.
func TestNodes(t *testing.T) {
	on := func(os string) workflow.Settings {
		return workflow.Settings{Pod: workflow.PodSettings{Placement: millrace.Placement{NodeSelector: args{"kubernetes.io/os": os}}}}
	}
	same(t, "hello-hybrid.yaml", running(&workflow.Definition{Name: "mytemplate", Step: workflow.Steps{
		{{Name: "step1", Step: &workflow.Definition{Name: "hello-win", Settings: on("windows"), Step: workflow.Container{
			Image: "mcr.microsoft.com/windows/nanoserver:1809", Command: []string{"cmd", "/c"}, Args: []string{"echo", "Hello from Windows Container!"}}}}},
		{{Name: "step2", Step: &workflow.Definition{Name: "hello-linux", Settings: on("linux"), Step: workflow.Container{
			Image: "alpine", Command: []string{"echo"}, Args: []string{"Hello from Linux Container!"}}}}},
	}}))
}

// TestNodeOfParameter takes the node's architecture from a parameter.
func TestNodeOfParameter(t *testing.T) {
	arch := workflow.Input{Name: "arch"}
	run := running(&workflow.Definition{
		Name: "print-arch", Inputs: taking(arch),
		Settings: workflow.Settings{Pod: workflow.PodSettings{
			Placement: millrace.Placement{NodeSelector: args{"beta.kubernetes.io/arch": arch.Ref()}},
		}},
		Step: shell("alpine:latest", "uname -a"),
	})
	run.Template.Parameters = []workflow.Parameter{parameter("arch", "amd64")}
	same(t, "node-selector.yaml", run)
}

// TestPodMetadata gives all pods of a run labels and annotations.
func TestPodMetadata(t *testing.T) {
	run := running(&workflow.Definition{Name: "hello-hello-hello", Step: workflow.Steps{
		{{Name: "hello1", Step: printMessage(), Arguments: args{"message": "hello1"}}},
	}})
	run.Template.Pods.Annotations = args{"iam.amazonaws.com/role": "role-arn"}
	run.Template.Pods.Labels = args{"app": "print-message", "tier": "demo"}
	same(t, "pod-metadata-wf-field.yaml", run)
}

// TestPodPatch changes all pods, and then one of them. Quantities that are
// references have no type.
func TestPodPatch(t *testing.T) {
	cpu, mem := parameter("cpu-limit", "100m"), parameter("mem-limit", "100Mi")
	run := running(&workflow.Definition{
		Name: "hello-world", Step: says("hello world"),
		Settings: workflow.Settings{Pod: workflow.PodSettings{Patch: workflow.PodPatch{
			Text: `{"containers":[{"name":"main", "resources":{"limits":{"cpu": "` + cpu.Ref() + `" }}}]}`,
		}}},
	})
	run.Template.Parameters = []workflow.Parameter{cpu, mem}
	run.Template.Pods.Patch.Text = `containers:
  - name: main
    resources:
      limits:
        memory: "` + mem.Ref() + `"
`
	same(t, "pod-spec-patch-wf-tmpl.yaml", run)
}
