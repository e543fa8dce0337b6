package argo_test

import (
	"encoding/json"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/internal/argo"
)

// FuzzValues: whatever a workflow holds, it is checked, and the same problems
// are found again.
func FuzzValues(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"templates":[{"name":"a","dag":{"tasks":[{"name":"x","template":"a","withSequence":{"count":"9"}}]}}],"entrypoint":"a"}`,
		`{"metrics":{"prometheus":[null,{"labels":[null],"histogram":{"buckets":[1,null]}}]},"synchronization":{"mutexes":[null],"semaphores":[null]}}`,
		`{"templates":[{"resource":{"action":"patch","manifest":"a: {{b}}","failureCondition":"!status, a in (b)"}},{"plugin":{"a":1}},{"steps":[[{"name":"b"}]]}]}`,
		`{"templateDefaults":{"http":{"url":"%"},"memoize":{"key":""}},"podSpecPatch":"&a [*a]"}`,
	} {
		f.Add(seed, "0 3 * * *", "Europe/Berlin")
	}
	f.Add(`{}`, "TZ=", "\x00")
	f.Fuzz(func(t *testing.T, text, schedule, zone string) {
		var spec wfv1.WorkflowSpec
		if json.Unmarshal([]byte(text), &spec) != nil {
			return
		}
		w := argo.Workflow{Kind: "CronWorkflow", Path: "spec.workflowSpec", Spec: &spec, Cron: &wfv1.CronWorkflowSpec{Schedules: []string{schedule}, Timezone: zone}}
		first := argo.Check(w)
		if again := argo.Check(w); len(again) != len(first) {
			t.Errorf("%d problems, then %d", len(first), len(again))
		}
		for _, p := range first {
			if p.Rule == "" || p.Detail == "" || !strings.HasPrefix(p.Path, "spec") {
				t.Errorf("%+v", p)
			}
		}
	})
}

// FuzzReadManifest: what is read is JSON, and all its references are there.
func FuzzReadManifest(f *testing.F) {
	for _, seed := range []string{"a: {{b}}", `{"a": {{=toJson("x")}}}`, "- 1\n---\n", "MILLRACE0Z: {{a}}", "a: |\n  {{b}}\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := argo.ReadManifest(text)
		if err == nil && !json.Valid(got) {
			t.Errorf("%q becomes %s", text, got)
		}
	})
}
