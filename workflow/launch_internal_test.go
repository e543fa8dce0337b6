package workflow

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// bucket is a place of storage.
type bucket string

func (b bucket) locate(c *check, field string, a *wfv1.Artifact) {
	if b == "" {
		c.Required(field+".Key", "name it")
	}
	a.S3 = &wfv1.S3Artifact{Key: string(b)}
}

// TestArtifactsOfRuns: what a run is given lies in its arguments, by name.
func TestArtifactsOfRuns(t *testing.T) {
	run := &Run{From: TemplateRef{Name: "shared"}, Artifacts: map[string]Location{"b": bucket("two"), "a": bucket("one")}}
	w, err := run.Workflow()
	if err != nil {
		t.Fatal(err)
	}
	got := w.Spec.Arguments.Artifacts
	if len(got) != 2 || got[0].Name != "a" || got[0].S3.Key != "one" || got[1].Name != "b" || got[1].S3.Key != "two" {
		t.Errorf("%+v", got)
	}
	run.Artifacts["a"] = bucket("")
	if _, err := run.Workflow(); err == nil {
		t.Error("the mistake of a place is not reported")
	}
}
