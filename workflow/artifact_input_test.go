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

// TestPassedOn: what a DAG and steps put out is what a task in them put out,
// by the name that it has there.
func TestPassedOn(t *testing.T) {
	const image = "company-registry/extract:2.4.0"
	for root, step := range map[string]func(*workflow.Task) workflow.Step{
		"tasks": func(inner *workflow.Task) workflow.Step { return workflow.DAG{Tasks: []*workflow.Task{inner}} },
		"steps": func(inner *workflow.Task) workflow.Step { return workflow.Steps{{inner}} },
	} {
		extract := &workflow.Task{Name: "extract", Step: workflow.Container{Image: image, Command: []string{"extract"}}, Outputs: workflow.Outputs{
			Parameters: []workflow.Output{{Name: "rows", Path: "/out/rows"}},
			Artifacts:  []workflow.Artifact{{Name: "orders", Path: "/out/orders.csv"}},
		}}
		around := &workflow.Definition{Name: "around", Step: step(extract), Outputs: workflow.Outputs{
			Parameters: []workflow.Output{{Name: "count", From: extract.Output("rows")}},
			Artifacts:  []workflow.Artifact{{Name: "files", From: extract.Artifact("orders")}},
		}}
		object, err := (&workflow.Template{Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{{Name: "a", Step: around}}}).WorkflowTemplate()
		if err != nil {
			t.Errorf("%s: %v", root, err)
			continue
		}
		want := wfv1.Outputs{
			Parameters: []wfv1.Parameter{{Name: "count", ValueFrom: &wfv1.ValueFrom{Parameter: "{{" + root + ".extract.outputs.parameters.rows}}"}}},
			Artifacts:  []wfv1.Artifact{{Name: "files", From: "{{" + root + ".extract.outputs.artifacts.orders}}"}},
		}
		if diff := cmp.Diff(want, object.GetTemplateByName("around").Outputs); diff != "" {
			t.Errorf("%s: -want +got:\n%s", root, diff)
		}
	}
}

// TestKindsOfTasks: a mistake that depends on the kind of a step is found in a
// pipeline, too, and named by its field.
func TestKindsOfTasks(t *testing.T) {
	container := workflow.Container{Image: "company-registry/extract:2.4.0", Command: []string{"extract"}}
	wrong := results(workflow.Output{Name: "a", JSONPath: "{.a}"})
	for name, tc := range map[string]struct {
		task  *workflow.Task
		field string
		rule  string
	}{
		"of its own":   {&workflow.Task{Name: "a", Step: container, Outputs: wrong}, "Tasks[0].Outputs.Parameters[0].JSONPath", millrace.RuleUnsupported},
		"definition":   {&workflow.Task{Name: "a", Step: &workflow.Definition{Name: "b", Step: container, Outputs: wrong}}, "Tasks[0].Step.Outputs.Parameters[0].JSONPath", millrace.RuleUnsupported},
		"resource":     {&workflow.Task{Name: "a", Run: &job{}, Outputs: results(workflow.Output{Name: "a", Path: "/a"})}, "Tasks[0].Outputs.Parameters[0].Path", millrace.RuleUnsupported},
		"own input":    {&workflow.Task{Name: "a", Step: container, Inputs: []workflow.Artifact{{Name: "a", From: workflow.RepositoryKey("k")}}}, "Tasks[0].Inputs[0].Path", millrace.RuleRequired},
		"nil argument": {&workflow.Task{Name: "a", Step: &workflow.Definition{Name: "b", Step: container, Inputs: input(workflow.Artifact{Name: "a", Path: "/a"})}, Artifacts: map[string]workflow.Location{"a": nil}}, "Tasks[0].Artifacts[a]", millrace.RuleRequired},
	} {
		_, err := (&workflow.Template{Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{tc.task}}).WorkflowTemplate()
		if found := findings(t, err); !has(found, tc.field, tc.rule) || len(found) != 1 {
			t.Errorf("%s: want %s at %s alone, got %v", name, tc.rule, tc.field, err)
		}
	}
}

// TestOptionalArguments: tasks need not give what a definition can do without.
func TestOptionalArguments(t *testing.T) {
	d := &workflow.Definition{Name: "b", Step: workflow.Container{Image: "company-registry/extract:2.4.0", Command: []string{"extract"}}, Inputs: workflow.Inputs{
		Parameters: []workflow.Input{{Name: "a", From: workflow.ConfigMapKey{Name: "a", Key: "b"}}, {Name: "b", Default: new("")}},
		Artifacts:  []workflow.Artifact{{Name: "a", Path: "/a", Optional: true}, {Name: "b", Path: "/b", From: workflow.RepositoryKey("k")}},
	}}
	if _, err := (&workflow.Template{Name: "orders", ServiceAccount: "etl", Tasks: []*workflow.Task{{Name: "a", Step: d}}}).WorkflowTemplate(); err != nil {
		t.Error(err)
	}
}
