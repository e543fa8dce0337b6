package upstream_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/workflow"
)

// file is an artifact at a path.
func file(name, path string) workflow.Artifact { return workflow.Artifact{Name: name, Path: path} }

func files(a ...workflow.Artifact) workflow.Outputs { return workflow.Outputs{Artifacts: a} }

// A task takes one file out of the directory that another put out.
func TestSubPath(t *testing.T) {
	message := file("message", "/tmp/message")
	art := file("hello-art", "/tmp/")
	art.Archive = workflow.NoArchive{}
	generate := &workflow.Task{Name: "generate-artifact", Step: &workflow.Definition{
		Name: "hello-world-to-file", Outputs: files(art), Step: shell("busybox", "sleep 1; echo hello world | tee /tmp/hello_world.txt"),
	}}
	reader := func(name, line string) *workflow.Definition {
		return &workflow.Definition{Name: name, Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{message}}, Step: shell("alpine:latest", line)}
	}
	made := generate.Artifact("hello-art")
	same(t, "artifact-passing-subpath.yaml", running(define("artifact-example", workflow.Steps{
		{generate},
		{{Name: "list-artifact", Step: reader("print-message-dir", "ls /tmp/message"), Artifacts: map[string]workflow.Location{"message": made}}},
		{{Name: "consume-artifact", Step: reader("print-message-from-file", "cat /tmp/message"), Artifacts: map[string]workflow.Location{
			"message": workflow.Part{Of: made, Path: "hello_world.txt"},
		}}},
	})))
}

// The artifact of whichever task has run.
func TestArtifactOfEitherStep(t *testing.T) {
	flip := &workflow.Task{Name: "flip-coin", Step: define("flip-coin", python("import random\nprint(\"heads\" if random.randint(0,1) == 0 else \"tails\")\n"))}
	side := func(name string) *workflow.Task {
		return &workflow.Task{Name: name, When: flip.Result().Equal(name), Step: &workflow.Definition{
			Name: name, Outputs: files(file("result", "/result.txt")),
			Step: python("with open(\"result.txt\", \"w\") as f:\n  f.write(\"it was " + name + "\")\n"),
		}}
	}
	heads, tails := side("heads"), side("tails")
	same(t, "conditional-artifacts.yaml", labelled(running(&workflow.Definition{
		Name: "main", Step: workflow.Steps{{flip}, {heads, tails}},
		Outputs: files(workflow.Artifact{Name: "result", Expression: workflow.If(flip.Result().Equal("heads"), heads.Artifact("result"), tails.Artifact("result"))}),
	})))
}

func TestRepository(t *testing.T) {
	run := running(&workflow.Definition{
		Name: "main", Outputs: files(file("hello_world", "/tmp/hello_world.txt")), Step: shell("busybox", "echo hello world | tee /tmp/hello_world.txt"),
	})
	run.Template.Settings.ArtifactRepository.Key = "my-key"
	same(t, "artifact-repository-ref.yaml", run)
}

// Logs are artifacts, too.
func TestArchivedLogs(t *testing.T) {
	hello := helloWorld("hello-world")
	hello.Settings.Pod.ArchiveLogs = new(true)
	same(t, "archive-location.yaml", running(hello))
}

func TestGit(t *testing.T) {
	clone := shell("golang:1.10", "git status && ls && cat VERSION")
	clone.Base.WorkingDir = "/src"
	source := file("argo-source", "/src")
	source.From = workflow.Git{Repo: "https://github.com/argoproj/argo-workflows.git", Revision: "v2.1.1"}
	same(t, "input-artifact-git.yaml", running(&workflow.Definition{
		Name: "git-clone", Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{source}}, Step: clone,
	}))
}

func TestContent(t *testing.T) {
	text := file("myfile", "/tmp/file")
	text.From = workflow.Content("this is\nthe raw file\ncontents\n")
	same(t, "input-artifact-raw.yaml", running(&workflow.Definition{
		Name: "raw-contents", Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{text}}, Step: shell("alpine:latest", "cat /tmp/file"),
	}))
}

func TestAzure(t *testing.T) {
	message := file("message", "/tmp")
	message.From = workflow.Azure{
		Endpoint: "https://myazurestorageaccountname.blob.core.windows.net", Container: "my-container",
		Blob: "path/in/container/hello_world.txt.tgz", AccountKey: workflow.Secret{Name: "my-azure-credentials", Key: "accountKey"},
	}
	same(t, "output-artifact-azure.yaml", running(&workflow.Definition{
		Name: "hello-world-to-file", Outputs: files(message), Step: shell("busybox", "echo hello world | tee /tmp/hello_world.txt"),
	}))
}

// Where results are large, a loop counts, and each item looks into a file.
func TestLargeResults(t *testing.T) {
	items := file("items", "/tmp/items")
	get := &workflow.Task{Name: "get-items", Step: &workflow.Definition{
		Name:    "get-items",
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{items}, Parameters: []workflow.Output{{Name: "count", Path: "/tmp/count"}}},
		Step: workflow.Container{Image: "alpine:latest", Command: []string{"/bin/sh", "-c"},
			Args: []string{`echo '["a", "b", "c"]' > /tmp/items && echo '3' > /tmp/count`}},
	}}
	index := workflow.Input{Name: "index"}
	say := &workflow.Definition{
		Name: "echo", Inputs: workflow.Inputs{Parameters: []workflow.Input{index}, Artifacts: []workflow.Artifact{items}},
		Step: shell("stedolan/jq:latest", "cat /tmp/items | jq '.["+index.Ref()+"]'"),
	}
	each := call("sequence-param", say, "index", workflow.Item.Ref())
	each.Artifacts = map[string]workflow.Location{"items": get.Artifact("items")}
	each.Loop = workflow.Sequence{Count: get.Output("count").Ref()}
	same(t, "handle-large-output-results.yaml", running(define("handle-large-output-results", workflow.Steps{{get}, {each}})))
}

// A list of the files in a bucket, and a task for each of them. A bucket without
// an endpoint, as in the example, is that of the artifact repository to Argo,
// whatever its name: an S3 has both.
func TestData(t *testing.T) {
	name, log := workflow.Input{Name: "file-name"}, file("file", "/file")
	bucket := wfv1.Artifact{ArtifactLocation: wfv1.ArtifactLocation{S3: &wfv1.S3Artifact{S3Bucket: wfv1.S3Bucket{Bucket: "my-bucket"}}}}
	list := &workflow.Task{Name: "list-log-files", Step: define("list-log-files", workflow.Data{
		Source:    workflow.Artifact{Name: "test-bucket", Base: bucket},
		Transform: []workflow.Expression{workflow.Expr(`filter(data, {# endsWith "main.log"})`)},
	})}
	process := &workflow.Definition{
		Name: "process-logs", Inputs: workflow.Inputs{Parameters: []workflow.Input{name}, Artifacts: []workflow.Artifact{log}},
		Step: shell("argoproj/argosay:v2", "echo "+name.Ref()+"\nhead /file\n"),
	}
	each := call("process-logs", process, "file-name", workflow.Item.Ref())
	each.Artifacts = map[string]workflow.Location{"file": workflow.RepositoryKey(workflow.Item.Ref())}
	each.Loop = workflow.Over(list.Result().Ref())
	same(t, "data-transformations.yaml", running(define("data-transformations", workflow.Steps{{list}, {each}})))
}
