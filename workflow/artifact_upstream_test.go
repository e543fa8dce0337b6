package workflow_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// argoModule is where Argo's module lies, with its examples.
var argoModule = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-workflows/v3").Output()
	return strings.TrimSpace(string(out)), err
})

func argoDir(t *testing.T) string {
	t.Helper()
	dir, err := argoModule()
	if err != nil {
		t.Fatalf("the module isn't available: %v", err)
	}
	return dir
}

// argoExample reads the workflows of one of Argo's examples.
func argoExample(t *testing.T, path string) []wfv1.Workflow {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var out []wfv1.Workflow
	for doc := range bytes.SplitSeq(text, []byte("\n---")) {
		var w wfv1.Workflow
		if err := sigsyaml.Unmarshal(doc, &w); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		out = append(out, w)
	}
	return out
}

func examples(t *testing.T) string {
	t.Helper()
	return filepath.Join(argoDir(t), "examples")
}

// secret names a value as upstream's examples do.
func secret(name, key string) workflow.Secret { return workflow.Secret{Name: name, Key: key} }

func selector(name, key string) *corev1.SecretKeySelector {
	return &corev1.SecretKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: name}, Key: key}
}

func input(a workflow.Artifact) workflow.Inputs {
	return workflow.Inputs{Artifacts: []workflow.Artifact{a}}
}

func output(a ...workflow.Artifact) workflow.Outputs { return workflow.Outputs{Artifacts: a} }

// s3 and its likes are the places of upstream's examples.
func s3(key string) workflow.S3 {
	return workflow.S3{Endpoint: "s3.amazonaws.com", Bucket: "my-bucket", Key: key, Region: "us-west-2",
		AccessKey: secret("my-s3-credentials", "accessKey"), SecretKey: secret("my-s3-credentials", "secretKey")}
}

func azure(blob string) workflow.Azure {
	return workflow.Azure{Endpoint: "https://myazurestorageaccountname.blob.core.windows.net", Container: "my-container", Blob: blob,
		AccountKey: secret("my-azure-credentials", "accountKey")}
}

var artifactory = workflow.Artifactory{
	URL:  "http://artifactory:8081/artifactory/generic-local/hello_world.tgz",
	User: secret("my-artifactory-credentials", "username"), Password: secret("my-artifactory-credentials", "password"),
}

var hdfs = workflow.HDFS{
	Addresses: []string{"my-hdfs-namenode-0.my-hdfs-namenode.default.svc.cluster.local:8020", "my-hdfs-namenode-1.my-hdfs-namenode.default.svc.cluster.local:8020"},
	Path:      "/tmp/argo/foo", User: "root", Force: true,
}

// TestArtifactsOfUpstream writes what Argo's examples have in the types of this
// package.
func TestArtifactsOfUpstream(t *testing.T) {
	s3Input := s3("path/in/bucket")
	s3Input.Bucket = "my-bucket-name"
	custom := map[string]string{"CustomHeader": "CustomValue"}
	flip := `['flip-coin'].outputs.result == 'heads' ? `
	for _, tc := range []struct {
		file, template string
		in             workflow.Inputs
		out            workflow.Outputs
	}{
		{"artifactory-artifact", "print-message-from-file", input(workflow.Artifact{Name: "message", Path: "/tmp/message", From: artifactory}), workflow.Outputs{}},
		{"artifactory-artifact", "hello-world-to-file", workflow.Inputs{}, output(workflow.Artifact{Name: "hello-art", Path: "/tmp/hello_world.txt", From: artifactory})},
		{"input-artifact-azure", "input-artifact-s3-example", input(workflow.Artifact{Name: "my-art", Path: "/my-artifact", From: azure("path/in/container")}), workflow.Outputs{}},
		{"output-artifact-azure", "hello-world-to-file", workflow.Inputs{}, output(workflow.Artifact{Name: "message", Path: "/tmp", From: azure("path/in/container/hello_world.txt.tgz")})},
		{"input-artifact-gcs", "input-artifact-gcs-example", input(workflow.Artifact{Name: "my-art", Path: "/my-artifact",
			From: workflow.GCS{Bucket: "my-bucket-name", Key: "path/in/bucket", ServiceAccountKey: secret("my-gcs-credentials", "serviceAccountKey")}}), workflow.Outputs{}},
		{"output-artifact-gcs", "hello-world-to-file", workflow.Inputs{}, output(workflow.Artifact{Name: "message", Path: "/tmp",
			From: workflow.GCS{Bucket: "my-bucket", Key: "path/in/bucket/hello_world.txt.tgz", ServiceAccountKey: secret("my-gcs-credentials", "serviceAccountKey")}})},
		{"input-artifact-git", "git-clone", input(workflow.Artifact{Name: "argo-source", Path: "/src",
			From: workflow.Git{Repo: "https://github.com/argoproj/argo-workflows.git", Revision: "v2.1.1"}}), workflow.Outputs{}},
		{"input-artifact-http", "http-artifact-example", input(workflow.Artifact{Name: "kubectl", Path: "/bin/kubectl", Mode: new(int32(0o755)),
			From: workflow.HTTPFile{URL: "https://storage.googleapis.com/kubernetes-release/release/v1.8.0/bin/linux/amd64/kubectl"}}), workflow.Outputs{}},
		{"input-artifact-oss", "input-artifact-oss-example", input(workflow.Artifact{Name: "my-art", Path: "/my-artifact",
			From: workflow.OSS{Endpoint: "http://oss-cn-hangzhou-zmf.aliyuncs.com", Bucket: "test-bucket-name", Key: "test/mydirectory/",
				AccessKey: secret("my-oss-credentials", "accessKey"), SecretKey: secret("my-oss-credentials", "secretKey")}}), workflow.Outputs{}},
		{"input-artifact-raw", "raw-contents", input(workflow.Artifact{Name: "myfile", Path: "/tmp/file", From: workflow.Content("this is\nthe raw file\ncontents\n")}), workflow.Outputs{}},
		{"input-artifact-s3", "input-artifact-s3-example", input(workflow.Artifact{Name: "my-art", Path: "/my-artifact", From: s3Input}), workflow.Outputs{}},
		{"output-artifact-s3", "hello-world-to-file", workflow.Inputs{}, output(workflow.Artifact{Name: "message", Path: "/tmp", From: s3("path/in/bucket/hello_world.txt.tgz")})},
		{"hdfs-artifact", "print-message-from-hdfs", input(workflow.Artifact{Name: "message", Path: "/tmp/message", From: hdfs}), workflow.Outputs{}},
		{"hdfs-artifact", "hello-world-to-file", workflow.Inputs{}, output(workflow.Artifact{Name: "hello-art", Path: "/tmp/hello_world.txt", From: hdfs})},
		{"key-only-artifact", "consume", input(workflow.Artifact{Name: "file", Path: "/tmp/file", From: workflow.RepositoryKey("my-file")}), workflow.Outputs{}},
		{"webhdfs-input-output-artifacts", "input-output-artifact-webhdfs-example",
			input(workflow.Artifact{Name: "my-art", Path: "/my-artifact", From: workflow.HTTPFile{
				URL: "https://mywebhdfsprovider.com/webhdfs/v1/file.txt?op=OPEN", Headers: custom,
				Base: wfv1.HTTPArtifact{Auth: &wfv1.HTTPAuth{OAuth2: wfv1.OAuth2Auth{
					ClientIDSecret: selector("oauth-sec", "clientID"), ClientSecretSecret: selector("oauth-sec", "clientSecret"), TokenURLSecret: selector("oauth-sec", "tokenURL"),
					Scopes: []string{"some", "scopes"}, EndpointParams: []wfv1.OAuth2EndpointParam{{Key: "customkey", Value: "customvalue"}},
				}}}}}),
			output(workflow.Artifact{Name: "my-art2", Path: "/my-artifact", From: workflow.HTTPFile{
				URL: "https://mywebhdfsprovider.com/webhdfs/v1/file.txt?op=CREATE&overwrite=true", Headers: custom,
				Base: wfv1.HTTPArtifact{Auth: &wfv1.HTTPAuth{ClientCert: wfv1.ClientCertAuth{
					ClientCertSecret: selector("cert-sec", "certificate.pem"), ClientKeySecret: selector("cert-sec", "key.pem"),
				}}}}})},
		{"artifact-disable-archive", "hello-world-to-file", workflow.Inputs{}, output(
			workflow.Artifact{Name: "etc", Path: "/etc", Archive: workflow.NoArchive{}},
			workflow.Artifact{Name: "hello-txt", Path: "/tmp/hello_world.txt", Archive: workflow.NoArchive{}},
			workflow.Artifact{Name: "hello-txt-nc", Path: "/tmp/hello_world_nc.txt", Archive: workflow.Tar{Level: new(0)}})},
		{"artifact-gc-workflow", "main", workflow.Inputs{}, output(
			workflow.Artifact{Name: "on-completion", Path: "/tmp/on-completion.txt", From: workflow.RepositoryKey("on-completion.txt"), Delete: workflow.DeleteOnCompletion},
			workflow.Artifact{Name: "on-deletion", Path: "/tmp/on-deletion.txt", From: workflow.RepositoryKey("on-deletion.txt")})},
		{"conditional-artifacts", "main", workflow.Inputs{}, output(workflow.Artifact{Name: "result",
			Expression: workflow.Expr("steps" + flip + "steps.heads.outputs.artifacts.result : steps.tails.outputs.artifacts.result")})},
		{"dag-conditional-artifacts", "main", workflow.Inputs{}, output(workflow.Artifact{Name: "result",
			From: workflow.FromExpression(workflow.Expr("tasks" + flip + "tasks.heads.outputs.artifacts.result : tasks.tails.outputs.artifacts.result"))})},
		{"conditional-parameters", "main", workflow.Inputs{}, workflow.Outputs{Parameters: []workflow.Output{{Name: "stepresult",
			Expression: workflow.Expr("steps" + flip + "steps.heads.outputs.result : steps.tails.outputs.result")}}}},
		{"global-outputs", "global-output", workflow.Inputs{}, workflow.Outputs{
			Parameters: []workflow.Output{{Name: "hello-param", Path: "/tmp/hello_world.txt", Global: "my-global-param"}},
			Artifacts:  []workflow.Artifact{{Name: "hello-art", Path: "/tmp/hello_world.txt", Global: "my-global-art"}}}},
		{"output-parameter", "hello-world-to-file", workflow.Inputs{}, workflow.Outputs{Parameters: []workflow.Output{{Name: "hello-param", Path: "/tmp/hello_world.txt", Default: new("Foobar")}}}},
		{"output-parameter", "print-message", workflow.Inputs{Parameters: []workflow.Input{{Name: "message"}}}, workflow.Outputs{}},
		{"k8s-jobs", "rand-num", workflow.Inputs{}, workflow.Outputs{Parameters: []workflow.Output{{Name: "job-name", JSONPath: "{.metadata.name}"}, {Name: "job-obj", JQ: "."}}}},
		{"suspend-template-outputs", "approve", workflow.Inputs{}, workflow.Outputs{Parameters: []workflow.Output{{Name: "message", Supplied: true}}}},
		{"nested-workflow", "nested-wf", workflow.Inputs{
			Parameters: []workflow.Input{{Name: "nested-in-parameter"}}, Artifacts: []workflow.Artifact{{Name: "nested-in-artifact"}}}, workflow.Outputs{
			Parameters: []workflow.Output{{Name: "nested-out-parameter", From: "steps.generate.outputs.parameters.out-parameter"}},
			Artifacts:  []workflow.Artifact{{Name: "nested-out-artifact", From: workflow.From("steps.generate.outputs.artifacts.out-artifact")}}}},
		{"intermediate-parameters", "approval",
			workflow.Inputs{Parameters: []workflow.Input{{Name: "approve", Default: new("NO"), Enum: []string{"YES", "NO"},
				Description: "Choose YES to continue workflow and deploy to production"}}},
			workflow.Outputs{Parameters: []workflow.Output{{Name: "approve", Supplied: true}}}},
		{"arguments-parameters-from-configmap", "print-message-from-configmap",
			workflow.Inputs{Parameters: []workflow.Input{{Name: "message", From: workflow.ConfigMapKey{Name: "simple-parameters", Key: "msg"}}}}, workflow.Outputs{}},
	} {
		t.Run(tc.file+"/"+tc.template, func(t *testing.T) {
			want := argoExample(t, filepath.Join(examples(t), tc.file+".yaml"))[0].GetTemplateByName(tc.template)
			if want == nil {
				t.Fatal("the example has no such template")
			}
			kind := want.DeepCopy()
			kind.Inputs, kind.Outputs = wfv1.Inputs{}, wfv1.Outputs{}
			got, err := workflow.Connected(tc.in, tc.out, *kind)
			if err != nil {
				t.Fatal(err)
			}
			if len(want.Inputs.Artifacts)+len(want.Inputs.Parameters)+len(want.Outputs.Artifacts)+len(want.Outputs.Parameters) == 0 {
				t.Fatal("the example has nothing to compare")
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(wfv1.Item{})); diff != "" {
				t.Errorf("-upstream +rendered:\n%s", diff)
			}
		})
	}
}

// TestAcceptsUpstream: nothing that Argo's examples take in or put out is
// called a mistake, and nothing of it is lost.
func TestAcceptsUpstream(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(examples(t), "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	items := 0
	for _, path := range paths {
		for _, w := range argoExample(t, path) {
			for _, want := range w.Spec.Templates {
				var in workflow.Inputs
				var out workflow.Outputs
				for _, p := range want.Inputs.Parameters {
					name := p.Name
					p.Name = ""
					in.Parameters = append(in.Parameters, workflow.Input{Name: name, Base: p})
				}
				for _, p := range want.Outputs.Parameters {
					name := p.Name
					p.Name = ""
					out.Parameters = append(out.Parameters, workflow.Output{Name: name, Base: p})
				}
				in.Artifacts, out.Artifacts = bases(want.Inputs.Artifacts), bases(want.Outputs.Artifacts)
				items += len(in.Parameters) + len(out.Parameters) + len(in.Artifacts) + len(out.Artifacts)
				kind := want.DeepCopy()
				kind.Inputs, kind.Outputs = wfv1.Inputs{}, wfv1.Outputs{}
				got, err := workflow.Connected(in, out, *kind)
				if err != nil {
					t.Errorf("%s, %s: %v", filepath.Base(path), want.Name, err)
					continue
				}
				if diff := cmp.Diff(&want, got, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(wfv1.Item{})); diff != "" {
					t.Errorf("%s, %s: -upstream +rendered:\n%s", filepath.Base(path), want.Name, diff)
				}
			}
		}
	}
	if items < 200 {
		t.Errorf("compared only %d inputs and outputs", items)
	}
}

func bases(artifacts []wfv1.Artifact) (out []workflow.Artifact) {
	for _, a := range artifacts {
		name := a.Name
		a.Name = ""
		out = append(out, workflow.Artifact{Name: name, Base: a})
	}
	return out
}

// TestClaimOfUpstream: the volume of Argo's example.
func TestClaimOfUpstream(t *testing.T) {
	w := argoExample(t, filepath.Join(examples(t), "volumes-pvc.yaml"))[0]
	claim := workflow.Claim{Name: "workdir", Size: millrace.GiB}
	got, err := workflow.Claims{claim}.Render()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(w.Spec.VolumeClaimTemplates, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("-upstream +rendered:\n%s", diff)
	}
	if diff := cmp.Diff(w.GetTemplateByName("print-message-from-file").Container.VolumeMounts, []corev1.VolumeMount{claim.Mount("/mnt/vol")}); diff != "" {
		t.Errorf("-upstream +rendered:\n%s", diff)
	}
}
