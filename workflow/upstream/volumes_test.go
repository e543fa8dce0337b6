package upstream_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// workdir is a volume of the run's own.
func workdir() workflow.Claim { return workflow.Claim{Name: "workdir", Size: millrace.GiB} }

func mounting(c workflow.Container, claim workflow.Claim, path string) workflow.Container {
	c.Mounts = append(c.Mounts, claim.Mount(path))
	return c
}

// Steps that leave files for each other on a volume of the run.
func TestSharedVolume(t *testing.T) {
	work := workdir()
	var steps workflow.Steps
	step := func(task, name, image string, command ...string) *workflow.Definition {
		d := define(name, mounting(workflow.Container{Image: image, Command: command}, work, "/mnt/data"))
		steps = append(steps, []*workflow.Task{{Name: task, Step: d}})
		return d
	}
	const magick = "v4tech/imagemagick"
	step("step-1", "create-output-dir", "alpine:3.6", "mkdir", "/mnt/data/output")
	step("step-2", "download-images", "mesosphere/aws-cli", "aws", "--no-sign-request", "s3", "cp", "--recursive", "s3://ax-public/cricket_gif_images", "/mnt/data/")
	step("step-3", "create-gif", magick, "convert", "-delay", "20", "-loop", "0", "/mnt/data/*.gif", "/mnt/data/output/orig.gif")
	step("step-4", "black-and-white", magick, "convert", "/mnt/data/output/orig.gif", "-colorspace", "Gray", "/mnt/data/output/black_white.gif")
	step("step-5", "combine-horizontal", magick, "convert", "+append", "/mnt/data/*.gif", "/mnt/data/output/horizontal.gif")
	step("step-6", "combine-vertical", magick, "convert", "-append", "/mnt/data/*.gif", "/mnt/data/output/vertical.gif")
	step("step-7", "make-bigger", "starefossen/gifsicle", "gifsicle", "/mnt/data/output/orig.gif", "--resize", "1000x800", "-o", "/mnt/data/output/orig_big.gif")
	step("step-8", "bundle-up", "alpine:3.6", "ls").Outputs.Artifacts = []workflow.Artifact{{Name: "output-gif", Path: "/mnt/data/output"}}
	run := running(define("run-workflow", steps))
	run.Template.Pods.Claims = []workflow.Claim{work}
	same(t, "fun-with-gifs.yaml", run)
}

func TestExistingVolume(t *testing.T) {
	work := corev1.Volume{Name: "workdir", VolumeSource: corev1.VolumeSource{
		PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSource{ClaimName: "my-existing-volume"},
	}}
	step := func(name, line string) *workflow.Definition {
		c := shell("alpine:latest", line)
		c.Mounts = []corev1.VolumeMount{workflow.Mount(work, "/mnt/vol")}
		return define(name, c)
	}
	run := running(define("volumes-existing-example", workflow.Steps{
		{{Name: "generate", Step: step("append-to-accesslog", "echo accessed at: $(date) | tee -a /mnt/vol/accesslog")}},
		{{Name: "print", Step: step("print-accesslog", "echo 'Volume access log:'; cat /mnt/vol/accesslog")}},
	}))
	run.Template.Pods.Volumes = []corev1.Volume{work}
	same(t, "volumes-existing.yaml", run)
}

// A build with a volume of the run, and one of a Secret for the last step.
func TestBuildkit(t *testing.T) {
	work := workflow.Claim{Name: "work", Size: 64 * millrace.MiB}
	config := corev1.Volume{Name: "docker-config", VolumeSource: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "docker-config"}}}
	param := func(name, value string) workflow.Parameter { return workflow.Parameter{Name: name, Default: &value} }
	repo, branch := param("repo", "https://github.com/argoproj/argo-workflows"), param("branch", "master")
	path, image := param("path", "test/e2e/images/argosay/v2"), param("image", "alexcollinsintuit/argosay:v2")

	from, head := workflow.Input{Name: "repo"}, workflow.Input{Name: "branch"}
	dir, to := workflow.Input{Name: "path"}, workflow.Input{Name: "image"}
	clone := &workflow.Task{Name: "clone", Arguments: map[string]string{"repo": repo.Ref(), "branch": branch.Ref()}, Step: &workflow.Definition{
		Name: "clone", Inputs: taking(from, head), Step: workflow.Container{
			Image: "alpine/git:v2.26.2", Mounts: []corev1.VolumeMount{work.Mount("/work")}, Base: corev1.Container{WorkingDir: "/work"},
			Args: []string{"clone", "--depth", "1", "--branch", head.Ref(), "--single-branch", from.Ref(), "."},
		}}}
	build := &workflow.Task{Name: "build", Depends: bare(clone), Arguments: map[string]string{"path": path.Ref()}, Step: &workflow.Definition{
		Name: "build", Inputs: taking(dir), Step: workflow.Container{
			Image: "golang:1.13", Mounts: []corev1.VolumeMount{work.Mount("/work")}, Base: corev1.Container{WorkingDir: "/work/" + dir.Ref()},
			Env:     []corev1.EnvVar{{Name: "GO111MODULE", Value: "off"}},
			Command: []string{"go"}, Args: []string{"build", "-v", "-o", "argosay", "./..."},
		}}}
	push := &workflow.Task{Name: "image", Depends: bare(build), Arguments: map[string]string{"path": path.Ref(), "image": image.Ref()}, Step: &workflow.Definition{
		Name: "image", Inputs: taking(dir, to), Settings: workflow.Settings{Pod: workflow.PodSettings{Volumes: []corev1.Volume{config}}},
		Step: workflow.Container{
			Image: "moby/buildkit:v0.9.3-rootless", Mounts: []corev1.VolumeMount{work.Mount("/work"), workflow.Mount(config, "/.docker")},
			Base: corev1.Container{WorkingDir: "/work/" + dir.Ref(), ReadinessProbe: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{
				Exec: &corev1.ExecAction{Command: []string{"sh", "-c", "buildctl debug workers"}}}}},
			Env:     []corev1.EnvVar{{Name: "BUILDKITD_FLAGS", Value: "--oci-worker-no-process-sandbox"}, {Name: "DOCKER_CONFIG", Value: "/.docker"}},
			Command: []string{"buildctl-daemonless.sh"},
			Args: []string{"build", "--frontend", "dockerfile.v0", "--local", "context=.", "--local", "dockerfile=.",
				"--output", "type=image,name=docker.io/" + to.Ref() + ",push=true"},
		}}}
	template := plain(define("main", workflow.DAG{Tasks: []*workflow.Task{clone, build, push}}))
	template.Parameters = []workflow.Parameter{repo, branch, path, image}
	template.Pods.Claims = []workflow.Claim{work}
	same(t, "buildkit-template.yaml", template)
}
