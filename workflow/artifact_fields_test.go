package workflow_test

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// ioSamples are valid values for the fields of inputs, outputs and their
// places.
var ioSamples = map[reflect.Type]any{
	reflect.TypeFor[*int]():                              new(7),
	reflect.TypeFor[workflow.Variable]():                 workflow.Variable("tasks.other.outputs.parameters.x"),
	reflect.TypeFor[workflow.From]():                     workflow.From("tasks.other.outputs.artifacts.x"),
	reflect.TypeFor[workflow.Expression]():               workflow.Expr("true"),
	reflect.TypeFor[workflow.Location]():                 workflow.RepositoryKey("other"),
	reflect.TypeFor[workflow.Secret]():                   workflow.Secret{Name: "other", Key: "x"},
	reflect.TypeFor[workflow.ConfigMapKey]():             workflow.ConfigMapKey{Name: "other", Key: "x"},
	reflect.TypeFor[corev1.PersistentVolumeAccessMode](): corev1.ReadWriteMany,
	reflect.TypeFor[corev1.PersistentVolumeClaim]():      corev1.PersistentVolumeClaim{Spec: corev1.PersistentVolumeClaimSpec{VolumeName: "other"}},
	reflect.TypeFor[wfv1.Artifact]():                     wfv1.Artifact{ArtifactLocation: wfv1.ArtifactLocation{ArchiveLogs: new(true)}},
	reflect.TypeFor[wfv1.Parameter]():                    wfv1.Parameter{Description: new(wfv1.AnyString("other"))},
	reflect.TypeFor[wfv1.S3Artifact]():                   wfv1.S3Artifact{S3Bucket: wfv1.S3Bucket{EncryptionOptions: &wfv1.S3EncryptionOptions{EnableEncryption: true}}},
	reflect.TypeFor[wfv1.GCSArtifact]():                  wfv1.GCSArtifact{GCSBucket: wfv1.GCSBucket{ServiceAccountKeySecret: selector("other", "x")}},
	reflect.TypeFor[wfv1.AzureArtifact]():                wfv1.AzureArtifact{Blob: "other"},
	reflect.TypeFor[wfv1.OSSArtifact]():                  wfv1.OSSArtifact{OSSBucket: wfv1.OSSBucket{CreateBucketIfNotPresent: true}},
	reflect.TypeFor[wfv1.HDFSArtifact]():                 wfv1.HDFSArtifact{HDFSConfig: wfv1.HDFSConfig{DataTransferProtection: "privacy"}},
	reflect.TypeFor[wfv1.ArtifactoryArtifact]():          wfv1.ArtifactoryArtifact{URL: "other"},
	reflect.TypeFor[wfv1.HTTPArtifact]():                 wfv1.HTTPArtifact{Headers: []wfv1.Header{{Name: "other", Value: "x"}}},
	reflect.TypeFor[wfv1.GitArtifact]():                  wfv1.GitArtifact{InsecureSkipTLS: true},
}

var (
	inContainer = wfv1.Template{Name: "main", Container: &corev1.Container{}}
	inDAG       = wfv1.Template{Name: "main", DAG: &wfv1.DAGTemplate{}}
)

// TestEveryConnectionCounts is TestEveryFieldCounts for inputs, outputs, their
// places and claims.
func TestEveryConnectionCounts(t *testing.T) {
	maps.Copy(samples, ioSamples)
	type noun struct {
		build func() (millrace.Builder, reflect.Value)
		field string
	}
	// located is an input at a place.
	located := func(l workflow.Location) noun {
		return noun{field: "Inputs.Artifacts[0].From", build: func() (millrace.Builder, reflect.Value) {
			place := reflect.New(reflect.TypeOf(l).Elem())
			place.Elem().Set(reflect.ValueOf(l).Elem())
			return &workflow.IO{Kind: inContainer, Inputs: input(workflow.Artifact{Name: "a", Path: "/a", From: place.Interface().(workflow.Location)})}, place.Elem()
		}}
	}
	nouns := map[string]noun{
		"Input": {field: "Inputs.Parameters[0]", build: func() (millrace.Builder, reflect.Value) {
			b := &workflow.IO{Kind: inContainer, Inputs: workflow.Inputs{Parameters: []workflow.Input{{Name: "a"}}}}
			return b, reflect.ValueOf(&b.Inputs.Parameters[0]).Elem()
		}},
		"Output": {field: "Outputs.Parameters[0]", build: func() (millrace.Builder, reflect.Value) {
			b := &workflow.IO{Kind: inContainer, Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "a", Path: "/a"}}}}
			return b, reflect.ValueOf(&b.Outputs.Parameters[0]).Elem()
		}},
		"input Artifact": {field: "Inputs.Artifacts[0]", build: func() (millrace.Builder, reflect.Value) {
			b := &workflow.IO{Kind: inContainer, Inputs: input(workflow.Artifact{Name: "a", Path: "/a"})}
			return b, reflect.ValueOf(&b.Inputs.Artifacts[0]).Elem()
		}},
		"output Artifact": {field: "Outputs.Artifacts[0]", build: func() (millrace.Builder, reflect.Value) {
			b := &workflow.IO{Kind: inContainer, Outputs: output(workflow.Artifact{Name: "a", Path: "/a"})}
			return b, reflect.ValueOf(&b.Outputs.Artifacts[0]).Elem()
		}},
		"inner Artifact": {field: "Outputs.Artifacts[0]", build: func() (millrace.Builder, reflect.Value) {
			b := &workflow.IO{Kind: inDAG, Outputs: output(workflow.Artifact{Name: "a", From: workflow.From("tasks.b.outputs.artifacts.c")})}
			return b, reflect.ValueOf(&b.Outputs.Artifacts[0]).Elem()
		}},
		"own Artifact": {field: "Own[0]", build: func() (millrace.Builder, reflect.Value) {
			b := &workflow.IO{Own: []workflow.Artifact{{Name: "a", Path: "/a", From: workflow.From("tasks.b.outputs.artifacts.c")}}}
			return b, reflect.ValueOf(&b.Own[0]).Elem()
		}},
		"Part": {field: "Own[0].From", build: func() (millrace.Builder, reflect.Value) {
			p := &workflow.Part{Of: "tasks.b.outputs.artifacts.c", Path: "a"}
			return &workflow.IO{Own: []workflow.Artifact{{Name: "a", Path: "/a", From: p}}}, reflect.ValueOf(p).Elem()
		}},
		"Tar": {field: "Outputs.Artifacts[0].Archive", build: func() (millrace.Builder, reflect.Value) {
			tar := &workflow.Tar{}
			return &workflow.IO{Kind: inContainer, Outputs: output(workflow.Artifact{Name: "a", Path: "/a", Archive: tar})}, reflect.ValueOf(tar).Elem()
		}},
		"Claim": {field: "Claims[0]", build: func() (millrace.Builder, reflect.Value) {
			b := &workflow.IO{Kind: inContainer, Claims: workflow.Claims{{Name: "a", Size: millrace.GiB}}}
			return b, reflect.ValueOf(&b.Claims[0]).Elem()
		}},
		"S3":          located(&workflow.S3{Endpoint: "e", Bucket: "b", Key: "k"}),
		"GCS":         located(&workflow.GCS{Bucket: "b", Key: "k"}),
		"Azure":       located(&workflow.Azure{Endpoint: "e", Container: "c", Blob: "b", AccountKey: secret("s", "k")}),
		"OSS":         located(&workflow.OSS{Endpoint: "e", Bucket: "b", Key: "k"}),
		"HDFS":        located(&workflow.HDFS{Addresses: []string{"a"}, Path: "/p", User: "u"}),
		"Artifactory": located(&workflow.Artifactory{URL: "u", User: secret("s", "u"), Password: secret("s", "p")}),
		"HTTPFile":    located(&workflow.HTTPFile{URL: "u"}),
		"Git":         located(&workflow.Git{Repo: "r"}),
	}
	for name, n := range nouns {
		t.Run(name, func(t *testing.T) {
			b, v := n.build()
			plain := text(t, b)
			for _, path := range paths(v.Type(), nil) {
				b, v := n.build()
				set(t, v.FieldByIndex(path.index), name+"."+path.name)
				parts, err := b.Build()
				if err == nil {
					if write(t, parts) == plain {
						t.Errorf("%s changes nothing", path.name)
					}
					continue
				}
				named := false
				for _, f := range findings(t, err) {
					// What goes with a field is named where it is missing.
					named = named || strings.HasPrefix(f.Field, n.field+"."+path.name) || partner[path.name] != "" && f.Field == n.field+"."+partner[path.name]
				}
				if !named {
					t.Errorf("no finding names %s.%s: %v", n.field, path.name, err)
				}
			}
		})
	}
}

// partner is the field that has to be set with another one.
var partner = map[string]string{
	"AccessKey": "SecretKey", "SecretKey": "AccessKey", "User": "Password", "Password": "User", "RecurseMode": "Mode",
	// It is short for it.
	"Expression": "From",
}

// TestConnectionsShareNoMemory changes all that was given after it was
// rendered, and what was rendered after that.
func TestConnectionsShareNoMemory(t *testing.T) {
	full := func() *workflow.IO {
		return &workflow.IO{
			Kind: *inContainer.DeepCopy(),
			Inputs: workflow.Inputs{
				Parameters: []workflow.Input{{Name: "a", Default: new("a"), Enum: []string{"a"}, Base: wfv1.Parameter{Description: new(wfv1.AnyString("a"))}}},
				Artifacts: []workflow.Artifact{
					{Name: "a", Path: "/a", Mode: new(int32(1)), From: &workflow.HDFS{Addresses: []string{"a"}, Path: "/a", User: "a"}},
					{Name: "b", Path: "/b", From: &workflow.HTTPFile{URL: "a", Headers: map[string]string{"a": "b"}, Base: wfv1.HTTPArtifact{Auth: &wfv1.HTTPAuth{OAuth2: wfv1.OAuth2Auth{Scopes: []string{"a"}}}}}},
					{Name: "c", Path: "/c", From: &workflow.Git{Repo: "a", Fetch: []string{"a"}, Base: wfv1.GitArtifact{Depth: new(uint64(3))}}},
				},
			},
			Outputs: workflow.Outputs{
				Parameters: []workflow.Output{{Name: "a", Path: "/a", Default: new("a")}},
				Artifacts:  []workflow.Artifact{{Name: "a", Path: "/a", Archive: &workflow.Tar{Level: new(1)}, Base: wfv1.Artifact{ArtifactGC: &wfv1.ArtifactGC{ServiceAccountName: "a"}}}},
			},
			Claims: workflow.Claims{{Name: "a", Size: millrace.GiB, Base: corev1.PersistentVolumeClaim{Spec: corev1.PersistentVolumeClaimSpec{VolumeMode: new(corev1.PersistentVolumeBlock)}}}},
			Own:    []workflow.Artifact{{Name: "a", Path: "/a", Mode: new(int32(1)), From: workflow.From("tasks.a.outputs.artifacts.b")}},
		}
	}
	sharesNothing(t, func() millrace.Builder { return full() })
}
