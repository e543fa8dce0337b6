package policy_test

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/workflow"
)

// slips are what is wrong with Argo's examples, though Argo runs them.
var slips = map[string]int{
	// Steps hand in an argument that their template doesn't declare.
	"cluster-workflow-template/mixed-cluster-namespaced-wftmpl-steps.yaml workflow/extra-argument": 1,
	"workflow-template/steps.yaml workflow/extra-argument":                                         1,
	"synchronization-db-mutex-tmpl-level.yaml workflow/extra-argument":                             2,
	"synchronization-db-tmpl-level.yaml workflow/extra-argument":                                   1,
	"synchronization-mutex-tmpl-level-legacy.yaml workflow/extra-argument":                         2,
	"synchronization-mutex-tmpl-level.yaml workflow/extra-argument":                                2,
	"synchronization-tmpl-level-legacy.yaml workflow/extra-argument":                               1,
	"synchronization-tmpl-level.yaml workflow/extra-argument":                                      1,
	// Pods have the name of the template in theirs, and it has a capital.
	"template-on-exit.yaml workflow/name": 1,
	// The bucket has no endpoint, and so no effect.
	"data-transformations.yaml workflow/artifact-place": 1,
	// What Argo's own full CRD refuses: a cache without a key, and a list in the
	// place of a text.
	"memoize-simple.yaml schema/required":                                         1,
	"workflow-event-binding/github-path-filter-workflowtemplate.yaml schema/type": 1,
}

// TestArgosExamples loads every workflow in Argo's own examples, checks it
// against the schema and by the rules about what Argo would refuse, and renders
// it back without loss.
func TestArgosExamples(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/argoproj/argo-workflows/v3").Output()
	if err != nil {
		t.Fatal(err)
	}
	root := filepath.Join(strings.TrimSpace(string(dir)), "examples")
	loaded, err := millrace.Load(root)
	if err != nil {
		t.Fatal(err)
	}
	workflows := 0
	for _, o := range loaded.Objects() {
		if argoKinds[o.GetObjectKind().GroupVersionKind().Kind] {
			workflows++
		}
	}
	if workflows != 216 {
		t.Errorf("%d workflows, want 216", workflows)
	}
	got := map[string]int{}
	for _, f := range policy.Schema().With(refusals()...).Check(loaded).Findings {
		if !argoKinds[f.Object.Kind] {
			continue
		}
		file, err := filepath.Rel(root, f.File)
		if err != nil {
			t.Fatal(err)
		}
		t.Log(f)
		got[filepath.ToSlash(file)+" "+f.Rule]++
	}
	if diff := cmp.Diff(slips, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	var text bytes.Buffer
	if err := millrace.Render(&text, loaded); err != nil {
		t.Fatal(err)
	}
	again, err := millrace.LoadReader("rendered", &text)
	if len(again.Objects()) == 0 {
		t.Fatal(err) // names that are there twice are an error, too
	}
	byName := map[string][]any{}
	for _, o := range again.Objects() {
		byName[identity(o)] = append(byName[identity(o)], o.(*unstructured.Unstructured).Object)
	}
	for _, o := range loaded.Objects() {
		u := o.(*unstructured.Unstructured)
		if argoKinds[u.GetKind()] && !slices.ContainsFunc(byName[identity(u)], func(other any) bool { return cmp.Equal(any(u.Object), other) }) {
			t.Errorf("%s does not render back: %s", identity(u), cmp.Diff(any(u.Object), byName[identity(u)][0]))
		}
	}
}

func identity(o millrace.Object) string {
	return o.GetObjectKind().GroupVersionKind().Kind + " " + o.GetNamespace() + "/" + o.GetName() + o.GetGenerateName()
}

// argoKinds are the kinds of package workflow.
var argoKinds = map[string]bool{"Workflow": true, "WorkflowTemplate": true, "ClusterWorkflowTemplate": true, "CronWorkflow": true}

// refusals are the rules about what Argo would refuse.
func refusals() (out []millrace.Rule) {
	for _, r := range workflow.Rules() {
		if !practices[r.ID] {
			out = append(out, r)
		}
	}
	return out
}

// practices are the rules of workflows that are about production.
var practices = map[string]bool{
	"workflow/service-account": true, "workflow/ttl": true, "workflow/deadline": true, "workflow/resource-owner": true, "workflow/resource-name": true,
	"workflow/resource-conditions": true, "workflow/resource-manifest": true, "workflow/retry-limit": true, "workflow/latest-tag": true,
	"workflow/depends": true, "workflow/exit-handler": true, "workflow/removed-fields": true, "workflow/argo-4-limits": true, "workflow/rights": true,
}
