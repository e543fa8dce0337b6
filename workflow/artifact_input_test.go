package workflow_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

const orders = workflow.From("tasks.extract.outputs.artifacts.orders")

func key(k string) wfv1.ArtifactLocation {
	return wfv1.ArtifactLocation{S3: &wfv1.S3Artifact{Key: k}}
}

// TestOwnInput: what another task put out is an argument, and every other
// place is in the template.
func TestOwnInput(t *testing.T) {
	for name, tc := range map[string]struct {
		own      workflow.Artifact
		declared wfv1.Artifact
		argument *wfv1.Artifact
	}{
		"from a task": {
			workflow.Artifact{Name: "a", Path: "/a", From: orders},
			wfv1.Artifact{Name: "a", Path: "/a"},
			&wfv1.Artifact{Name: "a", From: "{{tasks.extract.outputs.artifacts.orders}}"},
		},
		// The argument takes the place of the declaration, but for these three.
		"everything": {
			workflow.Artifact{Name: "a", Path: "/a", From: orders, Mode: new(int32(0o600)), RecurseMode: true, Optional: true, SubPath: "b",
				Base: wfv1.Artifact{ArtifactLocation: wfv1.ArtifactLocation{ArchiveLogs: new(true)}}},
			wfv1.Artifact{Name: "a", Path: "/a", Mode: new(int32(0o600)), RecurseMode: true, Optional: true},
			&wfv1.Artifact{Name: "a", From: "{{tasks.extract.outputs.artifacts.orders}}", Optional: true, SubPath: "b",
				ArtifactLocation: wfv1.ArtifactLocation{ArchiveLogs: new(true)}},
		},
		"from Base": {
			workflow.Artifact{Name: "a", Path: "/a", Base: wfv1.Artifact{From: "{{inputs.artifacts.b}}"}},
			wfv1.Artifact{Name: "a", Path: "/a"},
			&wfv1.Artifact{Name: "a", From: "{{inputs.artifacts.b}}"},
		},
		"from the definition around": {
			workflow.Artifact{Name: "a", Path: "/a", From: workflow.From(workflow.Artifact{Name: "b"}.Variable())},
			wfv1.Artifact{Name: "a", Path: "/a"},
			&wfv1.Artifact{Name: "a", From: "{{inputs.artifacts.b}}"},
		},
		"by an expression": {
			workflow.Artifact{Name: "a", Path: "/a", Expression: workflow.Expr("tasks.x.outputs.artifacts.y")},
			wfv1.Artifact{Name: "a", Path: "/a"},
			&wfv1.Artifact{Name: "a", FromExpression: "tasks.x.outputs.artifacts.y"},
		},
		"from a bucket": {
			workflow.Artifact{Name: "a", Path: "/a", From: workflow.RepositoryKey("k"), Optional: true, Archive: workflow.Zip{}},
			wfv1.Artifact{Name: "a", Path: "/a", Optional: true, Archive: &wfv1.ArchiveStrategy{Zip: &wfv1.ZipStrategy{}}, ArtifactLocation: key("k")},
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			declared, argument, err := workflow.OwnInput(tc.own)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.declared, declared); diff != "" {
				t.Errorf("declared: -want +got:\n%s", diff)
			}
			if diff := cmp.Diff(tc.argument, argument); diff != "" {
				t.Errorf("argument: -want +got:\n%s", diff)
			}
		})
	}
	for name, tc := range map[string]struct {
		own         workflow.Artifact
		field, rule string
	}{
		"from nowhere":            {workflow.Artifact{Name: "a", Path: "/a"}, "Input.From", millrace.RuleRequired},
		"packed by another":       {workflow.Artifact{Name: "a", Path: "/a", From: orders, Archive: workflow.NoArchive{}}, "Input.Archive", millrace.RuleUnsupported},
		"with a global name":      {workflow.Artifact{Name: "a", Path: "/a", From: orders, Global: "a"}, "Input.Global", millrace.RuleUnsupported},
		"from a task and a place": {workflow.Artifact{Name: "a", Path: "/a", From: orders, Base: wfv1.Artifact{ArtifactLocation: key("a")}}, "Input.From", millrace.RuleConflict},
	} {
		_, _, err := workflow.OwnInput(tc.own)
		if found := findings(t, err); !has(found, tc.field, tc.rule) || len(found) != 1 {
			t.Errorf("%s: want %s at %s alone, got %v", name, tc.rule, tc.field, err)
		}
	}
}

// TestArgument: what a task gives keeps what the definition says about it.
func TestArgument(t *testing.T) {
	declared := workflow.Artifact{Name: "a", Path: "/a", Mode: new(int32(0o600)), Optional: true, Archive: workflow.NoArchive{}, From: workflow.RepositoryKey("default")}
	for name, tc := range map[string]struct {
		from workflow.Location
		want wfv1.Artifact
	}{
		"from a task":    {orders, wfv1.Artifact{Name: "a", From: "{{tasks.extract.outputs.artifacts.orders}}", Optional: true}},
		"part of a task": {workflow.Part{Of: orders, Path: "b"}, wfv1.Artifact{Name: "a", From: "{{tasks.extract.outputs.artifacts.orders}}", SubPath: "b", Optional: true}},
		"from a bucket": {workflow.RepositoryKey("k"), wfv1.Artifact{Name: "a", Optional: true,
			Archive: &wfv1.ArchiveStrategy{None: &wfv1.NoneStrategy{}}, ArtifactLocation: key("k")}},
	} {
		got, err := workflow.Argument(declared, tc.from)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(&tc.want, got); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
	if _, err := workflow.Argument(declared, nil); !has(findings(t, err), "Artifacts", millrace.RuleRequired) {
		t.Errorf("nil: %v", err)
	}
}

// TestChoice: the choice of whoever resumes a run is an input to Argo's user
// interface.
func TestChoice(t *testing.T) {
	got, err := workflow.Connected(workflow.Inputs{}, results(workflow.Output{
		Name: "approve", Supplied: true, Default: new("no"), Enum: []string{"yes", "no"}, Description: "Deploy?",
	}), inSuspend)
	if err != nil {
		t.Fatal(err)
	}
	value := func(s string) *wfv1.AnyString { return new(wfv1.AnyString(s)) }
	want := inSuspend
	want.Inputs.Parameters = []wfv1.Parameter{{Name: "approve", Default: value("no"), Enum: []wfv1.AnyString{"yes", "no"}, Description: value("Deploy?")}}
	want.Outputs.Parameters = []wfv1.Parameter{{Name: "approve", Description: value("Deploy?"), ValueFrom: &wfv1.ValueFrom{Supplied: &wfv1.SuppliedValueFrom{}, Default: value("no")}}}
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestFullPlaces: Argo takes each place for one of its own, and does not
// replace it by the artifact repository.
func TestFullPlaces(t *testing.T) {
	for _, l := range []workflow.Location{
		s3("k"), azure("b"), artifactory, hdfs, workflow.GCS{Bucket: "b", Key: "k"}, workflow.OSS{Endpoint: "e", Bucket: "b", Key: "k"},
		workflow.HTTPFile{URL: "u"}, workflow.Git{Repo: "r"}, workflow.Content(""),
	} {
		got, err := workflow.Argument(workflow.Artifact{Name: "a"}, l)
		if err != nil || !got.HasLocation() {
			t.Errorf("%T is no place to Argo: %v", l, err)
		}
	}
	got, err := workflow.Argument(workflow.Artifact{Name: "a"}, workflow.RepositoryKey("k"))
	if err != nil {
		t.Fatal(err)
	}
	// The repository may be of another kind than the key's.
	if err := got.Relocate(&wfv1.ArtifactLocation{GCS: &wfv1.GCSArtifact{GCSBucket: wfv1.GCSBucket{Bucket: "b"}}}); err != nil {
		t.Fatal(err)
	}
	want := wfv1.ArtifactLocation{GCS: &wfv1.GCSArtifact{GCSBucket: wfv1.GCSBucket{Bucket: "b"}, Key: "k"}}
	if diff := cmp.Diff(want, got.ArtifactLocation); diff != "" {
		t.Errorf("in the repository: -want +got:\n%s", diff)
	}
}
