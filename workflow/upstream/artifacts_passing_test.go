package upstream_test

import (
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// printing is a definition that prints the artifact "message".
func printing(name string, from workflow.Location) *workflow.Definition {
	return &workflow.Definition{
		Name: name, Inputs: taken(workflow.Artifact{Name: "message", Path: "/tmp/message", From: from}),
		Step: shell("alpine:latest", "cat /tmp/message"),
	}
}

// generating is one that leaves the artifact "hello-art".
func generating(line string, to workflow.Location) *workflow.Definition {
	return &workflow.Definition{
		Name: "hello-world-to-file", Step: shell("busybox", line),
		Outputs: left(workflow.Artifact{Name: "hello-art", Path: "/tmp/hello_world.txt", From: to}),
	}
}

// passing has the one take what the other leaves.
func passing(generate, consume *workflow.Definition) *workflow.Run {
	first := &workflow.Task{Name: "generate-artifact", Step: generate}
	second := &workflow.Task{Name: "consume-artifact", Step: consume,
		Artifacts: map[string]workflow.Location{"message": first.Artifact("hello-art")}}
	return running(&workflow.Definition{Name: "artifact-example", Step: workflow.Steps{{first}, {second}}})
}

func TestPassingArtifacts(t *testing.T) {
	const line = "echo hello world | tee /tmp/hello_world.txt"
	credentials := func(key string) workflow.Secret {
		return workflow.Secret{Name: "my-artifactory-credentials", Key: key}
	}
	artifactory := workflow.Artifactory{URL: "http://artifactory:8081/artifactory/generic-local/hello_world.tgz",
		User: credentials("username"), Password: credentials("password")}
	hdfs := workflow.HDFS{Path: "/tmp/argo/foo", User: "root", Force: true, Addresses: []string{
		"my-hdfs-namenode-0.my-hdfs-namenode.default.svc.cluster.local:8020",
		"my-hdfs-namenode-1.my-hdfs-namenode.default.svc.cluster.local:8020",
	}}
	same(t, "artifact-passing.yaml", passing(generating("sleep 1; "+line, nil), printing("print-message-from-file", nil)))
	same(t, "artifactory-artifact.yaml", passing(generating(line, artifactory), printing("print-message-from-file", artifactory)))
	same(t, "hdfs-artifact.yaml", passing(generating(line, hdfs), printing("print-message-from-hdfs", hdfs)))
}

// An artifact that both sides find by its key needs no passing.
func TestKeyOnlyArtifact(t *testing.T) {
	generate := &workflow.Task{Name: "generate", Step: &workflow.Definition{
		Name: "generate", Step: workflow.Container{Image: "argoproj/argosay:v2", Args: []string{"echo", "hello", "/mnt/file"}},
		Outputs: left(workflow.Artifact{Name: "file", Path: "/mnt/file", From: workflow.RepositoryKey("my-file")}),
	}}
	consume := &workflow.Task{Name: "consume", Depends: bare(generate), Step: &workflow.Definition{
		Name: "consume", Step: workflow.Container{Image: "argoproj/argosay:v2", Args: []string{"cat", "/tmp/file"}},
		Inputs: taken(workflow.Artifact{Name: "file", Path: "/tmp/file", From: workflow.RepositoryKey("my-file")}),
	}}
	same(t, "key-only-artifact.yaml", running(&workflow.Definition{Name: "main", Step: workflow.DAG{Tasks: []*workflow.Task{generate, consume}}}))
}

func TestArchiveOfArtifacts(t *testing.T) {
	generate := &workflow.Task{Name: "generate-artifact", Step: &workflow.Definition{
		Name: "hello-world-to-file",
		Step: shell("busybox", "echo hello world | tee /tmp/hello_world.txt | tee /tmp/hello_world_nc.txt ; sleep 1"),
		Outputs: left(
			workflow.Artifact{Name: "etc", Path: "/etc", Archive: workflow.NoArchive{}},
			workflow.Artifact{Name: "hello-txt", Path: "/tmp/hello_world.txt", Archive: workflow.NoArchive{}},
			workflow.Artifact{Name: "hello-txt-nc", Path: "/tmp/hello_world_nc.txt", Archive: workflow.Tar{Level: new(0)}},
		),
	}}
	consume := &workflow.Task{Name: "consume-artifact", Step: &workflow.Definition{
		Name: "print-message-from-files",
		Step: shell("alpine:latest", "cat /tmp/hello.txt && cat /tmp/hello_nc.txt && cd /tmp/etc && find ."),
		Inputs: taken(
			workflow.Artifact{Name: "etc", Path: "/tmp/etc"},
			workflow.Artifact{Name: "hello-txt", Path: "/tmp/hello.txt"},
			workflow.Artifact{Name: "hello-txt-nc", Path: "/tmp/hello_nc.txt"},
		),
	}, Artifacts: map[string]workflow.Location{
		"etc":          generate.Artifact("etc"),
		"hello-txt":    generate.Artifact("hello-txt"),
		"hello-txt-nc": generate.Artifact("hello-txt-nc"),
	}}
	same(t, "artifact-disable-archive.yaml", running(&workflow.Definition{
		Name: "artifact-disable-archive", Step: workflow.Steps{{generate}, {consume}},
	}))
}

// Parameters and artifacts go into a nested definition, and come out of it.
func TestNestedDefinition(t *testing.T) {
	generate := &workflow.Definition{
		Name: "generate",
		Step: shell("busybox", " echo hello world | tee /tmp/my-output-artifact.txt && echo 'my-output-parameter' > /tmp/my-output-parameter.txt "),
		Outputs: workflow.Outputs{
			Parameters: []workflow.Output{{Name: "out-parameter", Path: "/tmp/my-output-parameter.txt"}},
			Artifacts:  []workflow.Artifact{{Name: "out-artifact", Path: "/tmp/my-output-artifact.txt"}},
		},
	}
	value := workflow.Input{Name: "in-parameter"}
	consume := &workflow.Definition{
		Name:   "consume",
		Inputs: workflow.Inputs{Parameters: []workflow.Input{value}, Artifacts: []workflow.Artifact{{Name: "in-artifact", Path: "/tmp/art"}}},
		Step:   shell("alpine:3.7", " echo 'input parameter value: "+value.Ref()+"' && echo 'input artifact contents:' && cat /tmp/art "),
	}

	outer, file := workflow.Input{Name: "nested-in-parameter"}, workflow.Artifact{Name: "nested-in-artifact"}
	innerGenerate := &workflow.Task{Name: "generate", Step: generate}
	nested := &workflow.Definition{
		Name:   "nested-wf",
		Inputs: workflow.Inputs{Parameters: []workflow.Input{outer}, Artifacts: []workflow.Artifact{file}},
		Outputs: workflow.Outputs{
			Parameters: []workflow.Output{{Name: "nested-out-parameter", From: innerGenerate.Output("out-parameter")}},
			Artifacts:  []workflow.Artifact{{Name: "nested-out-artifact", From: innerGenerate.Artifact("out-artifact")}},
		},
		Step: workflow.Steps{{
			{Name: "consume", Step: consume, Arguments: args{"in-parameter": outer.Ref()},
				Artifacts: map[string]workflow.Location{"in-artifact": workflow.From(file.Variable())}},
			innerGenerate,
		}},
	}

	first := &workflow.Task{Name: "generate", Step: generate}
	second := &workflow.Task{Name: "nested-wf", Step: nested, Arguments: args{"nested-in-parameter": first.Output("out-parameter").Ref()},
		Artifacts: map[string]workflow.Location{"nested-in-artifact": first.Artifact("out-artifact")}}
	third := &workflow.Task{Name: "consume", Step: consume, Arguments: args{"in-parameter": second.Output("nested-out-parameter").Ref()},
		Artifacts: map[string]workflow.Location{"in-artifact": second.Artifact("nested-out-artifact")}}
	same(t, "nested-workflow.yaml", running(&workflow.Definition{Name: "nested-workflow-example", Step: workflow.Steps{{first}, {second}, {third}}}))
}

// One of two artifacts, whichever there is.
func TestConditionalArtifact(t *testing.T) {
	program := func(name, source string, outputs workflow.Outputs) *workflow.Task {
		return &workflow.Task{Name: name, Step: &workflow.Definition{Name: name, Outputs: outputs, Step: python(source)}}
	}
	result := left(workflow.Artifact{Name: "result", Path: "/result.txt"})
	flip := program("flip-coin", "import random\nprint(\"heads\" if random.randint(0,1) == 0 else \"tails\")\n", workflow.Outputs{})
	heads := program("heads", "with open(\"result.txt\", \"w\") as f:\n  f.write(\"it was heads\")\n", result)
	tails := program("tails", "with open(\"result.txt\", \"w\") as f:\n  f.write(\"it was tails\")\n", result)
	heads.Depends, heads.When = bare(flip), flip.Result().Equal("heads")
	tails.Depends, tails.When = bare(flip), flip.Result().Equal("tails")
	same(t, "dag-conditional-artifacts.yaml", &workflow.Run{
		Name: "example", Inline: true, Labels: tested,
		Template: &workflow.Template{Plain: true, Name: "example", Entrypoint: &workflow.Definition{
			Name: "main", Step: workflow.DAG{Tasks: []*workflow.Task{flip, heads, tails}},
			Outputs: left(workflow.Artifact{Name: "result", Expression: workflow.If(flip.Result().Equal("heads"),
				heads.Artifact("result"), tails.Artifact("result"))}),
		}},
	})
}

// An artifact in an S3 that is none of Amazon's, a volume that the steps share,
// and a step at the end of the run.
func TestWorkAvoidance(t *testing.T) {
	secret := func(key string) workflow.Secret { return workflow.Secret{Name: "my-minio-cred", Key: key} }
	markers := workflow.Artifact{Name: "markers", Path: "/work/markers", From: workflow.S3{
		Endpoint: "minio:9000", Insecure: true, Bucket: "my-bucket", Key: "work-avoidance-markers",
		AccessKey: secret("accesskey"), SecretKey: secret("secretkey"),
	}}
	work := workflow.Claim{Name: "work", Size: 10 * millrace.MiB, AccessMode: "ReadWriteOnce"}
	on := func(c workflow.Container) workflow.Container {
		c.Mounts = append(c.Mounts, work.Mount("/work"))
		return c
	}
	optional := markers
	optional.Optional = true
	num := workflow.Input{Name: "num"}
	script := workflow.Script{Image: "busybox", Command: []string{"sh", "-eux"}, Mounts: on(workflow.Container{}).Mounts}
	script.Base.Source = `marker=/work/markers/$(date +%Y-%m-%d)-echo-` + num.Ref() + `
if [ -e  ${marker} ]; then
  echo "work already done"
  exit 0
fi
echo "working very hard"
# toss a virtual coin and exit 1 if 1
if [ $(($(($RANDOM%10))%2)) -eq 1 ]; then
  echo "oh no!"
  exit 1
fi
touch ${marker}
`
	same(t, "work-avoidance.yaml", runWith(workflow.Template{
		Pods: workflow.RunPods{Claims: []workflow.Claim{work}},
		Entrypoint: &workflow.Definition{Name: "main", Step: workflow.Steps{
			{{Name: "load-markers", Step: &workflow.Definition{Name: "load-markers", Inputs: taken(optional),
				Step: on(workflow.Container{Image: "busybox", Command: []string{"mkdir", "-p", "/work/markers"}})}}},
			{{Name: "echo", Loop: workflow.Sequence{Count: "3"}, Arguments: args{"num": workflow.Item.Ref()},
				Step: &workflow.Definition{Name: "echo", Inputs: taking(num), Step: script}}},
		}},
		OnExit: &workflow.Definition{Name: "save-markers", Outputs: left(markers),
			Step: on(workflow.Container{Image: "busybox", Command: []string{"true"}})},
	}))
}
