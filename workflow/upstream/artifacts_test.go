package upstream_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

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

// TestArtifactsDeleted deletes one artifact earlier than the run says.
func TestArtifactsDeleted(t *testing.T) {
	run := running(&workflow.Definition{
		Name: "main",
		Step: shell("argoproj/argosay:v2", "echo \"hello world\" > /tmp/on-completion.txt\necho \"hello world\" > /tmp/on-deletion.txt\n"),
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{
			{Name: "on-completion", Path: "/tmp/on-completion.txt", From: workflow.RepositoryKey("on-completion.txt"), Delete: workflow.DeleteOnCompletion},
			{Name: "on-deletion", Path: "/tmp/on-deletion.txt", From: workflow.RepositoryKey("on-deletion.txt")},
		}},
	})
	run.Template.Settings.ArtifactGC.Strategy = workflow.ArtifactGCOnWorkflowDeletion
	same(t, "artifact-gc-workflow.yaml", run)
}

// TestPlaceholders takes the paths from where they are declared. In Go one
// string for both does the same.
func TestPlaceholders(t *testing.T) {
	count := workflow.Input{Name: "lines-count"}
	text := workflow.Artifact{Name: "text", Path: "/inputs/text/data"}
	in := text.Variable().Field("path").Ref()
	out := workflow.Variable("outputs.artifacts.text.path").Ref()
	linesDone := workflow.Variable("outputs.parameters.actual-lines-count.path").Ref()
	run := running(&workflow.Definition{
		Name:   "head-lines",
		Inputs: workflow.Inputs{Parameters: []workflow.Input{count}, Artifacts: []workflow.Artifact{text}},
		Outputs: workflow.Outputs{
			Parameters: []workflow.Output{{Name: "actual-lines-count", Path: "/outputs/actual-lines-count/data"}},
			Artifacts:  []workflow.Artifact{{Name: "text", Path: "/outputs/text/data"}},
		},
		Step: workflow.Container{Image: "busybox", Command: []string{"sh", "-c",
			`mkdir -p "$(dirname "` + out + `")" "$(dirname "` + linesDone + `")" ; head -n ` + count.Ref() +
				` < "` + in + `" | tee "` + out + `" | wc -l > "` + linesDone + `"`}},
	})
	run.Template.Parameters = []workflow.Parameter{parameter("lines-count", "3")}
	run.Artifacts = map[string]workflow.Location{"text": workflow.Content("1\n2\n3\n4\n5\n")}
	same(t, "artifact-path-placeholders.yaml", run)
}

// TestInputsFromBuckets takes files from where somebody else put them.
func TestInputsFromBuckets(t *testing.T) {
	lists := func(name string, from workflow.Location) *workflow.Run {
		return running(&workflow.Definition{
			Name:   name,
			Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{{Name: "my-art", Path: "/my-artifact", From: from}}},
			Step:   shell("debian:latest", "ls -l /my-artifact"),
		})
	}
	same(t, "input-artifact-gcs.yaml", lists("input-artifact-gcs-example", workflow.GCS{
		Bucket: "my-bucket-name", Key: "path/in/bucket",
		ServiceAccountKey: workflow.Secret{Name: "my-gcs-credentials", Key: "serviceAccountKey"},
	}))
	same(t, "input-artifact-oss.yaml", lists("input-artifact-oss-example", workflow.OSS{
		Endpoint: "http://oss-cn-hangzhou-zmf.aliyuncs.com", Bucket: "test-bucket-name", Key: "test/mydirectory/",
		AccessKey: workflow.Secret{Name: "my-oss-credentials", Key: "accessKey"},
		SecretKey: workflow.Secret{Name: "my-oss-credentials", Key: "secretKey"},
	}))
}

func TestOutputToS3(t *testing.T) {
	same(t, "output-artifact-s3.yaml", running(&workflow.Definition{
		Name: "hello-world-to-file", Step: shell("busybox", "echo hello world | tee /tmp/hello_world.txt"),
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{{
			Name: "message", Path: "/tmp",
			From: workflow.S3{
				Endpoint: "s3.amazonaws.com", Bucket: "my-bucket", Region: "us-west-2", Key: "path/in/bucket/hello_world.txt.tgz",
				AccessKey: workflow.Secret{Name: "my-s3-credentials", Key: "accessKey"},
				SecretKey: workflow.Secret{Name: "my-s3-credentials", Key: "secretKey"},
			},
		}}},
	}))
}

// TestWebHDFS logs in by OAuth to read, and by a certificate to write.
func TestWebHDFS(t *testing.T) {
	secret := func(name, key string) *corev1.SecretKeySelector {
		return &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: name}, Key: key}
	}
	const server = "https://mywebhdfsprovider.com/webhdfs/v1/file.txt"
	headers := args{"CustomHeader": "CustomValue"}
	same(t, "webhdfs-input-output-artifacts.yaml", running(&workflow.Definition{
		Name: "input-output-artifact-webhdfs-example", Step: shell("debian:latest", "cat /my-artifact"),
		Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{{
			Name: "my-art", Path: "/my-artifact",
			From: workflow.HTTPFile{URL: server + "?op=OPEN", Headers: headers,
				Base: wfv1.HTTPArtifact{Auth: &wfv1.HTTPAuth{OAuth2: wfv1.OAuth2Auth{
					ClientIDSecret: secret("oauth-sec", "clientID"), ClientSecretSecret: secret("oauth-sec", "clientSecret"),
					TokenURLSecret: secret("oauth-sec", "tokenURL"), Scopes: []string{"some", "scopes"},
					EndpointParams: []wfv1.OAuth2EndpointParam{{Key: "customkey", Value: "customvalue"}},
				}}}},
		}}},
		Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{{
			Name: "my-art2", Path: "/my-artifact",
			From: workflow.HTTPFile{URL: server + "?op=CREATE&overwrite=true", Headers: headers,
				Base: wfv1.HTTPArtifact{Auth: &wfv1.HTTPAuth{ClientCert: wfv1.ClientCertAuth{
					ClientCertSecret: secret("cert-sec", "certificate.pem"), ClientKeySecret: secret("cert-sec", "key.pem"),
				}}}},
		}}},
	}))
}

// TestMapReduce splits, maps and joins files that tasks find by their keys.
func TestMapReduce(t *testing.T) {
	parts, id := workflow.Input{Name: "numParts"}, workflow.Input{Name: "partId"}
	key := func(rest string) workflow.RepositoryKey { return workflow.RepositoryKey(workflow.RunName.Ref() + rest) }
	program := func(source string) workflow.Script {
		return workflow.Script{Image: "python:alpine3.6", Command: []string{"python"}, Base: programText(source)}
	}
	puts := func(name, path, rest string) workflow.Outputs {
		return workflow.Outputs{Artifacts: []workflow.Artifact{{Name: name, Path: path, Archive: workflow.NoArchive{}, From: key(rest)}}}
	}
	numParts := parameter("numParts", "4")
	split := &workflow.Task{Name: "split", Arguments: args{parts.Name: numParts.Ref()}, Step: &workflow.Definition{
		Name: "split", Inputs: taking(parts),
		Step: program(`import json
import os
import sys
os.mkdir("/mnt/out")
partIds = list(map(lambda x: str(x), range(` + parts.Ref() + `)))
for i, partId in enumerate(partIds, start=1):
  with open("/mnt/out/" + partId + ".json", "w") as f:
    json.dump({"foo": i}, f)
json.dump(partIds, sys.stdout)
`),
		Outputs: puts("parts", "/mnt/out", "/parts/"),
	}}
	mapped := &workflow.Task{
		Name: "map", Depends: bare(split), Loop: workflow.Over(split.Result().Ref()),
		Arguments: args{id.Name: workflow.Item.Ref()},
		Artifacts: map[string]workflow.Location{"part": key("/parts/" + workflow.Item.Ref() + ".json")},
		Step: &workflow.Definition{
			Name: "map",
			Inputs: workflow.Inputs{Parameters: []workflow.Input{id},
				Artifacts: []workflow.Artifact{{Name: "part", Path: "/mnt/in/part.json"}}},
			Step: program(`import json
import os
import sys
os.mkdir("/mnt/out")
with open("/mnt/in/part.json") as f:
  part = json.load(f)
with open("/mnt/out/part.json", "w") as f:
  json.dump({"bar": part["foo"] * 2}, f)
`),
			Outputs: puts("part", "/mnt/out/part.json", "/results/"+id.Ref()+".json"),
		},
	}
	reduce := &workflow.Task{Name: "reduce", Depends: bare(mapped), Step: &workflow.Definition{
		Name:   "reduce",
		Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{{Name: "results", Path: "/mnt/in", From: key("/results")}}},
		Step: program(`import json
import os
import sys
total = 0
os.mkdir("/mnt/out")
for f in list(map(lambda x: open("/mnt/in/" + x), os.listdir("/mnt/in"))):
  result = json.load(f)
  total = total + result["bar"]
with open("/mnt/out/total.json" , "w") as f:
  json.dump({"total": total}, f)
`),
		Outputs: puts("total", "/mnt/out/total.json", "/total.json"),
	}}
	run := running(&workflow.Definition{Name: "main", Step: workflow.DAG{Tasks: []*workflow.Task{split, mapped, reduce}}})
	run.Template.Parameters = []workflow.Parameter{numParts}
	same(t, "map-reduce.yaml", run)
}

// TestGlobalOutputs uses outputs of the whole run, also at its end.
func TestGlobalOutputs(t *testing.T) {
	param := workflow.Input{Name: "param", Default: new(workflow.RunOutput("my-global-param").Ref())}
	consume := &workflow.Definition{Name: "consume-globals", Step: workflow.Steps{{
		{Name: "consume-global-param", Step: &workflow.Definition{
			Name: "consume-global-param", Inputs: taking(param),
			Step: shell("alpine:3.7", "echo "+param.Ref()),
		}},
		{Name: "consume-global-art", Artifacts: map[string]workflow.Location{"art": workflow.RunArtifact("my-global-art")},
			Step: &workflow.Definition{
				Name: "consume-global-art", Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{{Name: "art", Path: "/art"}}},
				Step: shell("alpine:3.7", "cat /art"),
			}},
	}}}
	generate := &workflow.Definition{
		Name: "global-output", Step: shell("alpine:3.7", "sleep 1; echo -n hello world > /tmp/hello_world.txt"),
		Outputs: workflow.Outputs{
			Parameters: []workflow.Output{{Name: "hello-param", Path: "/tmp/hello_world.txt", Global: "my-global-param"}},
			Artifacts:  []workflow.Artifact{{Name: "hello-art", Path: "/tmp/hello_world.txt", Global: "my-global-art"}},
		},
	}
	run := running(&workflow.Definition{Name: "generate-globals", Step: workflow.Steps{
		{{Name: "generate", Step: generate}}, {{Name: "consume-globals", Step: consume}},
	}})
	run.Template.OnExit = consume
	same(t, "global-outputs.yaml", run)
}
