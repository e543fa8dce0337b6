package upstream_test

import (
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// Where inputs come from, and where outputs go.
func TestPlacesOfArtifacts(t *testing.T) {
	reads := func(name string, a workflow.Artifact, image, line string) *workflow.Run {
		return running(&workflow.Definition{Name: name, Inputs: taken(a), Step: shell(image, line)})
	}
	kubectl := workflow.HTTPFile{URL: "https://storage.googleapis.com/kubernetes-release/release/v1.8.0/bin/linux/amd64/kubectl"}
	same(t, "input-artifact-http.yaml", reads("http-artifact-example", workflow.Artifact{
		Name: "kubectl", Path: "/bin/kubectl", Mode: new(int32(0o755)), From: kubectl,
	}, "debian:9.4", "kubectl version"))
	same(t, "input-artifact-s3.yaml", reads("input-artifact-s3-example", workflow.Artifact{
		Name: "my-art", Path: "/my-artifact", From: workflow.S3{
			Endpoint: "s3.amazonaws.com", Region: "us-west-2", Bucket: "my-bucket-name", Key: "path/in/bucket",
			AccessKey: workflow.Secret{Name: "my-s3-credentials", Key: "accessKey"},
			SecretKey: workflow.Secret{Name: "my-s3-credentials", Key: "secretKey"},
		},
	}, "debian:latest", "ls -l /my-artifact"))
	same(t, "input-artifact-azure.yaml", reads("input-artifact-s3-example", workflow.Artifact{
		Name: "my-art", Path: "/my-artifact", From: workflow.Azure{
			Endpoint:  "https://myazurestorageaccountname.blob.core.windows.net",
			Container: "my-container", Blob: "path/in/container",
			AccountKey: workflow.Secret{Name: "my-azure-credentials", Key: "accountKey"},
		},
	}, "debian:latest", "ls -l /my-artifact"))
	same(t, "output-artifact-gcs.yaml", running(&workflow.Definition{
		Name: "hello-world-to-file", Step: shell("busybox", "echo hello world | tee /tmp/hello_world.txt"),
		Outputs: left(workflow.Artifact{Name: "message", Path: "/tmp", From: workflow.GCS{
			Bucket: "my-bucket", Key: "path/in/bucket/hello_world.txt.tgz",
			ServiceAccountKey: workflow.Secret{Name: "my-gcs-credentials", Key: "serviceAccountKey"},
		}}),
	}))

	// The run is given the artifact, for the input of where it starts.
	same(t, "arguments-artifacts.yaml", runWith(workflow.Template{
		Settings: workflow.RunSettings{Artifacts: map[string]workflow.Location{"kubectl": kubectl}},
		Entrypoint: &workflow.Definition{Name: "kubectl-input-artifact", Step: shell("debian:9.4", "kubectl version"),
			Inputs: taken(workflow.Artifact{Name: "kubectl", Path: "/usr/local/bin/kubectl", Mode: new(int32(0o755))})},
	}))
	given := running(&workflow.Definition{Name: "kubectl-input-artifact", Step: shell("debian:9.4", "kubectl version"),
		Inputs: taken(workflow.Artifact{Name: "kubectl", Path: "/usr/local/bin/kubectl", Mode: new(int32(0o755))})})
	given.Artifacts = map[string]workflow.Location{"kubectl": kubectl}
	same(t, "arguments-artifacts.yaml", given)
}

// A build: a checkout of git on a volume that the next steps see, a test on
// several systems, and the directory as an artifact.
func TestBuildArtifact(t *testing.T) {
	workdir := workflow.Claim{Name: "workdir", Size: millrace.GiB, AccessMode: "ReadWriteOnce"}
	on := func(c workflow.Container) workflow.Container {
		c.Mounts = append(c.Mounts, workdir.Mount("/go"))
		return c
	}
	image := workflow.Input{Name: "os-image"}
	build := &workflow.Definition{
		Name: "build-golang-example",
		Inputs: taken(workflow.Artifact{Name: "code", Path: "/go/src/github.com/golang/example",
			From: workflow.Git{Repo: "https://github.com/golang/example.git", Revision: "cfe12d6"}}),
		Step: on(shell("golang:1.8", " cd /go/src/github.com/golang/example/hello && go build -v . ")),
	}
	hello := &workflow.Definition{
		Name: "run-hello", Inputs: taking(image),
		Step: on(shell(image.Ref(), " uname -a ; cat /etc/os-release ; /go/src/github.com/golang/example/hello/hello ")),
	}
	release := &workflow.Definition{
		Name: "release-artifact", Step: on(workflow.Container{Image: "alpine:3.8"}),
		Outputs: left(workflow.Artifact{Name: "release", Path: "/go"}),
	}
	same(t, "ci-output-artifact.yaml", runWith(workflow.Template{
		Pods: workflow.RunPods{Claims: []workflow.Claim{workdir}},
		Entrypoint: &workflow.Definition{Name: "ci-example", Step: workflow.Steps{
			{{Name: "build", Step: build}},
			{{Name: "test", Step: hello,
				Arguments: args{"os-image": workflow.Item.Field("image").Ref() + ":" + workflow.Item.Field("tag").Ref()},
				Loop: workflow.Items{
					map[string]any{"image": "debian", "tag": "9.1"},
					map[string]any{"image": "alpine", "tag": "3.6"},
					map[string]any{"image": "ubuntu", "tag": "17.10"},
				}}},
			{{Name: "release", Step: release}},
		}},
	}))
}

func TestClaimedVolume(t *testing.T) {
	workdir := workflow.Claim{Name: "workdir", Size: millrace.GiB, AccessMode: "ReadWriteOnce"}
	on := func(c workflow.Container) workflow.Container {
		c.Mounts = append(c.Mounts, workdir.Mount("/mnt/vol"))
		return c
	}
	same(t, "volumes-pvc.yaml", runWith(workflow.Template{
		Pods: workflow.RunPods{Claims: []workflow.Claim{workdir}},
		Entrypoint: &workflow.Definition{Name: "volumes-pvc-example", Step: workflow.Steps{
			{{Name: "generate", Step: &workflow.Definition{Name: "hello-world-to-file",
				Step: on(shell("busybox", "echo generating message in volume; echo hello world | tee /mnt/vol/hello_world.txt"))}}},
			{{Name: "print", Step: &workflow.Definition{Name: "print-message-from-file",
				Step: on(shell("alpine:latest", "echo getting message from volume; find /mnt/vol; cat /mnt/vol/hello_world.txt"))}}},
		}},
	}))
}
