package workflow_test

import (
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// placed is an input that comes from somewhere.
func placed(l workflow.Location) workflow.Inputs {
	return input(workflow.Artifact{Name: "a", Path: "/a", From: l})
}

func parameters(p ...workflow.Input) workflow.Inputs { return workflow.Inputs{Parameters: p} }
func results(p ...workflow.Output) workflow.Outputs  { return workflow.Outputs{Parameters: p} }
func file(change func(*workflow.Artifact)) workflow.Artifact {
	a := workflow.Artifact{Name: "a", Path: "/a"}
	change(&a)
	return a
}

var (
	inScript   = wfv1.Template{Name: "main", Script: &wfv1.ScriptTemplate{}}
	inSteps    = wfv1.Template{Name: "main", Steps: []wfv1.ParallelSteps{{}}}
	inResource = wfv1.Template{Name: "main", Resource: &wfv1.ResourceTemplate{}}
	inSuspend  = wfv1.Template{Name: "main", Suspend: &wfv1.SuspendTemplate{}}
)

// mounted is a template with a volume at a path.
func mounted(path string) wfv1.Template {
	ctr := corev1.Container{VolumeMounts: []corev1.VolumeMount{{Name: "v", MountPath: path}}}
	return wfv1.Template{Name: "main", Script: &wfv1.ScriptTemplate{Container: ctr}}
}

const (
	theArtifact = "Inputs.Artifacts[0]"
	theResult   = "Outputs.Artifacts[0]"
	theInput    = "Inputs.Parameters[0]"
	theOutput   = "Outputs.Parameters[0]"
)

var badConnections = []struct {
	name  string
	kind  wfv1.Template
	in    workflow.Inputs
	out   workflow.Outputs
	field string
	rule  string
}{
	{"parameter without a name", inContainer, parameters(workflow.Input{}), workflow.Outputs{}, theInput + ".Name", millrace.RuleRequired},
	{"parameter with a dot", inContainer, parameters(workflow.Input{Name: "a.b"}), workflow.Outputs{}, theInput + ".Name", millrace.RuleInvalid},
	{"parameter with a line's end", inContainer, parameters(workflow.Input{Name: "a\n"}), workflow.Outputs{}, theInput + ".Name", millrace.RuleInvalid},
	{"parameter with 129 characters", inContainer, parameters(workflow.Input{Name: strings.Repeat("a", 129)}), workflow.Outputs{}, theInput + ".Name", millrace.RuleInvalid},
	{"two parameters of a name", inContainer, parameters(workflow.Input{Name: "a"}, workflow.Input{Name: "a"}), workflow.Outputs{}, "Inputs.Parameters[1].Name", millrace.RuleDuplicate},
	{"default that is not listed", inContainer, parameters(workflow.Input{Name: "a", Default: new("a"), Enum: []string{"b"}}), workflow.Outputs{}, theInput + ".Default", millrace.RuleInvalid},
	{"value of Base that is not listed", inContainer, parameters(workflow.Input{Name: "a", Enum: []string{"b"}, Base: wfv1.Parameter{Value: new(wfv1.AnyString("a"))}}), workflow.Outputs{}, theInput + ".Default", millrace.RuleInvalid},
	{"input with a global name", inContainer, parameters(workflow.Input{Name: "a", Base: wfv1.Parameter{GlobalName: "a"}}), workflow.Outputs{}, theInput + ".Base.GlobalName", millrace.RuleUnsupported},
	{"config map without a key", inContainer, parameters(workflow.Input{Name: "a", From: workflow.ConfigMapKey{Name: "a"}}), workflow.Outputs{}, theInput + ".From.Key", millrace.RuleRequired},
	{"config map without a name", inContainer, parameters(workflow.Input{Name: "a", From: workflow.ConfigMapKey{Key: "a"}}), workflow.Outputs{}, theInput + ".From.Name", millrace.RuleRequired},
	{"config map in capitals", inContainer, parameters(workflow.Input{Name: "a", From: workflow.ConfigMapKey{Name: "A", Key: "a"}}), workflow.Outputs{}, theInput + ".From.Name", millrace.RuleInvalid},
	{"description here and in Base", inContainer, parameters(workflow.Input{Name: "a", Description: "a", Base: wfv1.Parameter{Description: new(wfv1.AnyString("b"))}}), workflow.Outputs{}, theInput + ".Base.Description", millrace.RuleConflict},

	{"output without a name", inContainer, workflow.Inputs{}, results(workflow.Output{Path: "/a"}), theOutput + ".Name", millrace.RuleRequired},
	{"output without a source", inContainer, workflow.Inputs{}, results(workflow.Output{Name: "a"}), theOutput, millrace.RuleRequired},
	{"default only", inContainer, workflow.Inputs{}, results(workflow.Output{Name: "a", Default: new("b")}), theOutput, millrace.RuleRequired},
	{"two sources", inResource, workflow.Inputs{}, results(workflow.Output{Name: "a", JSONPath: "{.a}", JQ: ".a"}), theOutput + ".JQ", millrace.RuleConflict},
	{"source and value", inContainer, workflow.Inputs{}, results(workflow.Output{Name: "a", Path: "/a", Base: wfv1.Parameter{Value: new(wfv1.AnyString("a"))}}), theOutput + ".Path", millrace.RuleConflict},
	{"JSON path of a container", inContainer, workflow.Inputs{}, results(workflow.Output{Name: "a", JSONPath: "{.a}"}), theOutput + ".JSONPath", millrace.RuleUnsupported},
	{"expression of a script", inScript, workflow.Inputs{}, results(workflow.Output{Name: "a", Expression: workflow.Expr("a")}), theOutput + ".Expression", millrace.RuleUnsupported},
	{"file of a resource", inResource, workflow.Inputs{}, results(workflow.Output{Name: "a", Path: "/a"}), theOutput + ".Path", millrace.RuleUnsupported},
	{"file of a DAG", inDAG, workflow.Inputs{}, results(workflow.Output{Name: "a", Path: "/a"}), theOutput + ".Path", millrace.RuleUnsupported},
	{"supplied output of steps", inSteps, workflow.Inputs{}, results(workflow.Output{Name: "a", Supplied: true}), theOutput + ".Supplied", millrace.RuleUnsupported},
	{"file of a pause", inSuspend, workflow.Inputs{}, results(workflow.Output{Name: "a", Path: "/a"}), theOutput + ".Path", millrace.RuleUnsupported},
	{"constant of a pause", inSuspend, workflow.Inputs{}, results(workflow.Output{Name: "a", Base: wfv1.Parameter{Value: new(wfv1.AnyString("a"))}}), theOutput + ".Base.Value", millrace.RuleUnsupported},
	{"choice of a container", inContainer, workflow.Inputs{}, results(workflow.Output{Name: "a", Path: "/a", Enum: []string{"a"}}), theOutput + ".Enum", millrace.RuleUnsupported},
	{"choice without a default", inSuspend, workflow.Inputs{}, results(workflow.Output{Name: "a", Supplied: true, Enum: []string{"a"}}), theOutput + ".Default", millrace.RuleRequired},
	{"choice without the default", inSuspend, workflow.Inputs{}, results(workflow.Output{Name: "a", Supplied: true, Default: new("b"), Enum: []string{"a"}}), theOutput + ".Default", millrace.RuleInvalid},
	{"choice that is an input, too", inSuspend, parameters(workflow.Input{Name: "a"}), results(workflow.Output{Name: "a", Supplied: true, Default: new("a"), Enum: []string{"a"}}), theOutput + ".Enum", millrace.RuleConflict},
	{"global name with a space", inContainer, workflow.Inputs{}, results(workflow.Output{Name: "a", Path: "/a", Global: "a b"}), theOutput + ".Global", millrace.RuleInvalid},
	{"output's path without a beginning", inContainer, workflow.Inputs{}, results(workflow.Output{Name: "a", Path: "a"}), theOutput + ".Path", millrace.RuleInvalid},
	{"two outputs of a name", inContainer, workflow.Inputs{}, results(workflow.Output{Name: "a", Path: "/a"}, workflow.Output{Name: "a", Path: "/b"}), "Outputs.Parameters[1].Name", millrace.RuleDuplicate},

	{"artifact without a name", inContainer, input(workflow.Artifact{Path: "/a"}), workflow.Outputs{}, theArtifact + ".Name", millrace.RuleRequired},
	{"artifact with braces", inContainer, input(workflow.Artifact{Name: "{{a}}", Path: "/a"}), workflow.Outputs{}, theArtifact + ".Name", millrace.RuleInvalid},
	{"two artifacts of a name", inContainer, workflow.Inputs{Artifacts: []workflow.Artifact{{Name: "a", Path: "/a"}, {Name: "a", Path: "/b"}}}, workflow.Outputs{}, "Inputs.Artifacts[1].Name", millrace.RuleDuplicate},
	{"two artifacts at a path", inContainer, workflow.Inputs{Artifacts: []workflow.Artifact{{Name: "a", Path: "/a"}, {Name: "b", Path: "/a"}}}, workflow.Outputs{}, "Inputs.Artifacts[1].Path", millrace.RuleConflict},
	{"artifact over a volume", mounted("/a"), input(workflow.Artifact{Name: "a", Path: "/a"}), workflow.Outputs{}, theArtifact + ".Path", millrace.RuleConflict},
	{"artifact nowhere", inContainer, input(workflow.Artifact{Name: "a"}), workflow.Outputs{}, theArtifact + ".Path", millrace.RuleRequired},
	{"artifact in a DAG", inDAG, input(workflow.Artifact{Name: "a", Path: "/a"}), workflow.Outputs{}, theArtifact + ".Path", millrace.RuleUnsupported},
	{"path without a beginning", inContainer, input(workflow.Artifact{Name: "a", Path: "a/b"}), workflow.Outputs{}, theArtifact + ".Path", millrace.RuleInvalid},
	{"path that goes up", inContainer, input(workflow.Artifact{Name: "a", Path: "/a/../b"}), workflow.Outputs{}, theArtifact + ".Path", millrace.RuleInvalid},
	{"input of a definition from a task", inContainer, placed(workflow.From("tasks.a.outputs.artifacts.b")), workflow.Outputs{}, theArtifact + ".From", millrace.RuleUnsupported},
	{"input of a definition by an expression", inContainer, input(file(func(a *workflow.Artifact) { a.Expression = workflow.Expr("a") })), workflow.Outputs{}, theArtifact + ".From", millrace.RuleUnsupported},
	{"place and expression", inContainer, input(file(func(a *workflow.Artifact) { a.From, a.Expression = workflow.RepositoryKey("a"), workflow.Expr("a") })), workflow.Outputs{}, theArtifact + ".Expression", millrace.RuleConflict},
	{"place here and in Base", inContainer, input(file(func(a *workflow.Artifact) {
		a.From, a.Base.GCS = workflow.RepositoryKey("a"), &wfv1.GCSArtifact{Key: "a"}
	})), workflow.Outputs{}, theArtifact + ".From", millrace.RuleConflict},
	{"mode above 0777", inContainer, input(file(func(a *workflow.Artifact) { a.Mode = new(int32(0o1000)) })), workflow.Outputs{}, theArtifact + ".Mode", millrace.RuleInvalid},
	{"mode below 0", inContainer, input(file(func(a *workflow.Artifact) { a.Mode = new(int32(-1)) })), workflow.Outputs{}, theArtifact + ".Mode", millrace.RuleInvalid},
	{"no mode for all", inContainer, input(file(func(a *workflow.Artifact) { a.RecurseMode = true })), workflow.Outputs{}, theArtifact + ".Mode", millrace.RuleRequired},
	{"part of a bucket", inContainer, input(file(func(a *workflow.Artifact) { a.From, a.SubPath = workflow.RepositoryKey("a"), "b" })), workflow.Outputs{}, theArtifact + ".SubPath", millrace.RuleUnsupported},
	{"input with a global name, as an artifact", inContainer, input(file(func(a *workflow.Artifact) { a.Global = "a" })), workflow.Outputs{}, theArtifact + ".Global", millrace.RuleUnsupported},
	{"input that is deleted", inContainer, input(file(func(a *workflow.Artifact) { a.Delete = workflow.DeleteNever })), workflow.Outputs{}, theArtifact + ".Delete", millrace.RuleUnsupported},
	{"level 10", inContainer, input(file(func(a *workflow.Artifact) { a.Archive = workflow.Tar{Level: new(10)} })), workflow.Outputs{}, theArtifact + ".Archive.Level", millrace.RuleInvalid},
	{"packed in two ways", inContainer, input(file(func(a *workflow.Artifact) {
		a.Archive, a.Base.Archive = workflow.Zip{}, &wfv1.ArchiveStrategy{None: &wfv1.NoneStrategy{}}
	})), workflow.Outputs{}, theArtifact + ".Archive", millrace.RuleConflict},

	{"two output artifacts of a name", inContainer, workflow.Inputs{}, output(workflow.Artifact{Name: "a", Path: "/a"}, workflow.Artifact{Name: "a", Path: "/b"}), "Outputs.Artifacts[1].Name", millrace.RuleDuplicate},
	{"output with a mode", inContainer, workflow.Inputs{}, output(file(func(a *workflow.Artifact) { a.Mode = new(int32(0)) })), theResult + ".Mode", millrace.RuleUnsupported},
	{"output to git", inContainer, workflow.Inputs{}, output(file(func(a *workflow.Artifact) { a.From = workflow.Git{Repo: "a"} })), theResult + ".From", millrace.RuleUnsupported},
	{"output to a text", inContainer, workflow.Inputs{}, output(file(func(a *workflow.Artifact) { a.From = workflow.Content("") })), theResult + ".From", millrace.RuleUnsupported},
	{"output of a container from a task", inContainer, workflow.Inputs{}, output(file(func(a *workflow.Artifact) { a.From = workflow.From("tasks.a.outputs.artifacts.b") })), theResult + ".From", millrace.RuleUnsupported},
	{"output of a DAG without a task", inDAG, workflow.Inputs{}, output(workflow.Artifact{Name: "a"}), theResult + ".From", millrace.RuleRequired},
	{"output of a DAG with a path", inDAG, workflow.Inputs{}, output(file(func(a *workflow.Artifact) { a.From = workflow.From("tasks.a.outputs.artifacts.b") })), theResult + ".Path", millrace.RuleUnsupported},
	{"output of a DAG that is packed", inDAG, workflow.Inputs{}, output(workflow.Artifact{Name: "a", From: workflow.From("tasks.a.outputs.artifacts.b"), Archive: workflow.Zip{}}), theResult + ".Archive", millrace.RuleUnsupported},
	{"output of a DAG that is deleted", inDAG, workflow.Inputs{}, output(workflow.Artifact{Name: "a", From: workflow.From("tasks.a.outputs.artifacts.b"), Delete: workflow.DeleteOnDeletion}), theResult + ".Delete", millrace.RuleUnsupported},
	{"output from a task that is nil", inDAG, workflow.Inputs{}, output(workflow.Artifact{Name: "a", From: (*workflow.Task)(nil).Artifact("b")}), theResult + ".From", millrace.RuleRequired},
	{"output by an expression that is none", inDAG, workflow.Inputs{}, output(workflow.Artifact{Name: "a", From: workflow.FromExpression{}}), theResult + ".From", millrace.RuleRequired},
	{"deletion that Argo can't do", inContainer, workflow.Inputs{}, output(file(func(a *workflow.Artifact) { a.From, a.Delete = hdfs, workflow.DeleteOnCompletion })), theResult + ".Delete", millrace.RuleUnsupported},
	{"deletion at another time", inContainer, workflow.Inputs{}, output(file(func(a *workflow.Artifact) { a.Delete = "Tomorrow" })), theResult + ".Delete", millrace.RuleInvalid},
	{"global name with a dot", inContainer, workflow.Inputs{}, output(file(func(a *workflow.Artifact) { a.Global = "a.b" })), theResult + ".Global", millrace.RuleInvalid},
	{"part twice", inDAG, workflow.Inputs{}, output(workflow.Artifact{Name: "a", SubPath: "a", From: workflow.Part{Of: "tasks.a.outputs.artifacts.b", Path: "b"}}), theResult + ".SubPath", millrace.RuleConflict},
	{"part of nothing", inDAG, workflow.Inputs{}, output(workflow.Artifact{Name: "a", From: workflow.Part{Path: "b"}}), theResult + ".From.Of", millrace.RuleRequired},
	{"part without a path", inDAG, workflow.Inputs{}, output(workflow.Artifact{Name: "a", From: workflow.Part{Of: "tasks.a.outputs.artifacts.b"}}), theResult + ".From.Path", millrace.RuleRequired},
}

// TestBadConnections: each mistake is found, and nothing else is.
func TestBadConnections(t *testing.T) {
	for _, tc := range badConnections {
		t.Run(tc.name, func(t *testing.T) {
			_, err := workflow.Connected(tc.in, tc.out, tc.kind)
			found := findings(t, err)
			if !has(found, tc.field, tc.rule) || len(found) != 1 {
				t.Errorf("want %s at %s alone, got %v", tc.rule, tc.field, err)
			}
		})
	}
}

// TestBadPlaces: what a place needs, and what Argo makes of it without.
func TestBadPlaces(t *testing.T) {
	one := workflow.Secret{Name: "s", Key: "k"}
	s3, oss := workflow.S3{Endpoint: "e", Bucket: "b", Key: "k"}, workflow.OSS{Endpoint: "e", Bucket: "b", Key: "k"}
	azure, gcs := workflow.Azure{Endpoint: "e", Container: "c", Blob: "b", SDKCredentials: true}, workflow.GCS{Bucket: "b", Key: "k"}
	nodes := workflow.HDFS{Addresses: []string{"a"}, Path: "/a", User: "u"}
	for _, tc := range []struct {
		name  string
		from  workflow.Location
		field string
		rule  string
	}{
		{"S3 without an endpoint", with(s3, func(l *workflow.S3) { l.Endpoint = "" }), ".Endpoint", millrace.RuleRequired},
		{"S3 without a bucket", with(s3, func(l *workflow.S3) { l.Bucket = "" }), ".Bucket", millrace.RuleRequired},
		{"S3 without a key", with(s3, func(l *workflow.S3) { l.Key = "" }), ".Key", millrace.RuleRequired},
		{"S3 with half of its credentials", with(s3, func(l *workflow.S3) { l.AccessKey = one }), ".SecretKey", millrace.RuleRequired},
		{"S3 with the other half", with(s3, func(l *workflow.S3) { l.SecretKey = one }), ".AccessKey", millrace.RuleRequired},
		{"S3 twice", with(s3, func(l *workflow.S3) { l.Base.Bucket = "c" }), ".Base.Bucket", millrace.RuleConflict},
		{"secret without a key", with(gcs, func(l *workflow.GCS) { l.ServiceAccountKey.Name = "a" }), ".ServiceAccountKey.Key", millrace.RuleRequired},
		{"secret without a name", with(gcs, func(l *workflow.GCS) { l.ServiceAccountKey.Key = "a" }), ".ServiceAccountKey.Name", millrace.RuleRequired},
		{"secret with a bad name", with(gcs, func(l *workflow.GCS) { l.ServiceAccountKey = workflow.Secret{Name: "a/b", Key: "a"} }), ".ServiceAccountKey.Name", millrace.RuleInvalid},
		{"GCS without a bucket", with(gcs, func(l *workflow.GCS) { l.Bucket = "" }), ".Bucket", millrace.RuleRequired},
		{"GCS without a key", with(gcs, func(l *workflow.GCS) { l.Key = "" }), ".Key", millrace.RuleRequired},
		{"Azure without an endpoint", with(azure, func(l *workflow.Azure) { l.Endpoint = "" }), ".Endpoint", millrace.RuleRequired},
		{"Azure without a container", with(azure, func(l *workflow.Azure) { l.Container = "" }), ".Container", millrace.RuleRequired},
		{"Azure without a blob", with(azure, func(l *workflow.Azure) { l.Blob = "" }), ".Blob", millrace.RuleRequired},
		{"Azure without credentials", with(azure, func(l *workflow.Azure) { l.SDKCredentials = false }), ".AccountKey", millrace.RuleRequired},
		{"Azure with two credentials", with(azure, func(l *workflow.Azure) { l.AccountKey = one }), ".SDKCredentials", millrace.RuleConflict},
		{"S3 with two credentials", with(s3, func(l *workflow.S3) { l.AccessKey, l.SecretKey, l.SDKCredentials = one, one, true }), ".SDKCredentials", millrace.RuleConflict},
		{"S3 with a role and a key", with(s3, func(l *workflow.S3) { l.AccessKey, l.SecretKey, l.RoleARN = one, one, "a" }), ".RoleARN", millrace.RuleConflict},
		{"OSS with two credentials", with(oss, func(l *workflow.OSS) { l.AccessKey, l.SecretKey, l.SDKCredentials = one, one, true }), ".SDKCredentials", millrace.RuleConflict},
		{"OSS without an endpoint", with(oss, func(l *workflow.OSS) { l.Endpoint = "" }), ".Endpoint", millrace.RuleRequired},
		{"OSS without a bucket", with(oss, func(l *workflow.OSS) { l.Bucket = "" }), ".Bucket", millrace.RuleRequired},
		{"OSS without a key", with(oss, func(l *workflow.OSS) { l.Key = "" }), ".Key", millrace.RuleRequired},
		{"OSS with half of its credentials", with(oss, func(l *workflow.OSS) { l.AccessKey = one }), ".SecretKey", millrace.RuleRequired},
		{"HDFS without name nodes", with(nodes, func(l *workflow.HDFS) { l.Addresses = nil }), ".Addresses", millrace.RuleRequired},
		{"HDFS without a path", with(nodes, func(l *workflow.HDFS) { l.Path = "" }), ".Path", millrace.RuleRequired},
		{"HDFS with a relative path", with(nodes, func(l *workflow.HDFS) { l.Path = "a" }), ".Path", millrace.RuleInvalid},
		{"HDFS without a user", with(nodes, func(l *workflow.HDFS) { l.User = "" }), ".User", millrace.RuleRequired},
		{"HDFS with a ccache only", with(nodes, func(l *workflow.HDFS) {
			l.Base.KrbCCacheSecret, l.Base.KrbServicePrincipalName = selector("a", "b"), "a"
		}), ".Base.KrbConfigConfigMap", millrace.RuleRequired},
		{"HDFS with a keytab of nobody", with(nodes, func(l *workflow.HDFS) {
			l.Base.HDFSKrbConfig = wfv1.HDFSKrbConfig{KrbKeytabSecret: selector("a", "b"), KrbServicePrincipalName: "a", KrbConfigConfigMap: &corev1.ConfigMapKeySelector{Key: "a"}, KrbRealm: "a"}
		}), ".Base.KrbUsername", millrace.RuleRequired},
		{"HDFS with a ccache of no service", with(nodes, func(l *workflow.HDFS) {
			l.Base.KrbCCacheSecret, l.Base.KrbConfigConfigMap = selector("a", "b"), &corev1.ConfigMapKeySelector{Key: "a"}
		}), ".Base.KrbServicePrincipalName", millrace.RuleRequired},
		{"HDFS with a keytab of no realm", with(nodes, func(l *workflow.HDFS) {
			l.Base.HDFSKrbConfig = wfv1.HDFSKrbConfig{KrbKeytabSecret: selector("a", "b"), KrbServicePrincipalName: "a", KrbConfigConfigMap: &corev1.ConfigMapKeySelector{Key: "a"}, KrbUsername: "a"}
		}), ".Base.KrbRealm", millrace.RuleRequired},
		{"HTTP without an address", workflow.HTTPFile{}, ".URL", millrace.RuleRequired},
		{"HTTP with a user only", workflow.HTTPFile{URL: "u", User: one}, ".Password", millrace.RuleRequired},
		{"Artifactory without an address", workflow.Artifactory{User: one, Password: one}, ".URL", millrace.RuleRequired},
		{"Artifactory without a user", workflow.Artifactory{URL: "u", Password: one}, ".User", millrace.RuleRequired},
		{"Artifactory without a password", workflow.Artifactory{URL: "u", User: one}, ".Password", millrace.RuleRequired},
		{"git without a repository", workflow.Git{}, ".Repo", millrace.RuleRequired},
		{"git with a negative depth", workflow.Git{Repo: "r", Depth: -1}, ".Depth", millrace.RuleInvalid},
		{"git with one branch of no name", workflow.Git{Repo: "r", Base: wfv1.GitArtifact{SingleBranch: true}}, ".Branch", millrace.RuleRequired},
		{"no key", workflow.RepositoryKey(""), "", millrace.RuleRequired},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := workflow.Connected(placed(tc.from), workflow.Outputs{}, inContainer)
			found := findings(t, err)
			if !has(found, theArtifact+".From"+tc.field, tc.rule) || len(found) != 1 {
				t.Errorf("want %s at %s alone, got %v", tc.rule, tc.field, err)
			}
		})
	}
}

func with[L workflow.Location](l L, change func(*L)) L {
	change(&l)
	return l
}
