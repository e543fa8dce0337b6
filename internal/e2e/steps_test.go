package e2e_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/cluster"
	"github.com/millrace/millrace/internal/e2e"
	"github.com/millrace/millrace/workflow"
)

// shell is a small container that runs a script. Argo's executor, which runs
// in it as well, is killed where it has 16 MiB.
func shell(script string, env ...corev1.EnvVar) workflow.Container {
	return workflow.Container{Image: e2e.ShellImage, Command: []string{"sh", "-c", script}, Env: env,
		CPU: resource.MustParse("10m"), Memory: 64 * millrace.MiB}
}

// script is a template of Argo's own that runs one and returns its output.
func script(name, source string, inputs ...string) wfv1.Template {
	t := wfv1.Template{Name: name, Script: &wfv1.ScriptTemplate{
		Container: corev1.Container{Image: e2e.ShellImage, Command: []string{"sh"}}, Source: source}}
	for _, in := range inputs {
		t.Inputs.Parameters = append(t.Inputs.Parameters, wfv1.Parameter{Name: in})
	}
	return t
}

// everyStep runs containers, scripts, a suspension, a fan-out, conditions and
// an exit handler. What has no noun of its own yet goes through Base.
func everyStep(t *testing.T, c *e2e.Cluster, ns string) {
	note := workflow.Parameter{Name: "note"}
	first := &workflow.Task{Name: "first", Step: shell(`test "$NOTE" = 'a "note"'`, corev1.EnvVar{Name: "NOTE", Value: note.Ref()})}
	last := &workflow.Task{Name: "last", Step: shell("exit 0"), After: []*workflow.Task{first}}
	parameters := func(name, value string) wfv1.Arguments {
		return wfv1.Arguments{Parameters: []wfv1.Parameter{{Name: name, Value: wfv1.AnyStringPtr(value)}}}
	}
	pipeline := &workflow.Template{
		Name: "steps", Namespace: ns, ServiceAccount: account, Parameters: []workflow.Parameter{note},
		Tasks: []*workflow.Task{first, last},
		Base: wfv1.WorkflowSpec{
			OnExit: "farewell",
			Templates: []wfv1.Template{
				{Name: "main", DAG: &wfv1.DAGTemplate{Tasks: []wfv1.DAGTask{
					{Name: "say", Template: "say", Depends: "first.Succeeded"},
					{Name: "pause", Template: "pause", Depends: "say.Succeeded"},
					{Name: "each", Template: "each", Depends: "pause.Succeeded", Arguments: parameters("item", "{{item}}"),
						WithItems: []wfv1.Item{{Value: []byte("1")}, {Value: []byte("2")}, {Value: []byte("3")}}},
					{Name: "taken", Template: "say", Depends: "say.Succeeded", When: "'{{tasks.say.outputs.result}}' == 'north'"},
					{Name: "passed-over", Template: "say", Depends: "say.Succeeded", When: "'{{tasks.say.outputs.result}}' == 'south'"},
				}}},
				script("say", "echo north"),
				script("each", `test "{{inputs.parameters.item}}" -ge 1`, "item"),
				{Name: "pause", Suspend: &wfv1.SuspendTemplate{Duration: "1s"}},
				script("farewell", `test "{{workflow.status}}" = Succeeded`),
			},
		},
	}
	run, name := submit(t, c, pipeline, &workflow.Run{Template: pipeline, Arguments: map[string]string{"note": `a "note"`}})
	if err := wait(t, run); err != nil {
		t.Fatal(err)
	}
	got := phases(t, c, ns, name)
	want := map[string]string{
		"first": "Succeeded", "last": "Succeeded", "say": "Succeeded", "pause": "Succeeded", "taken": "Succeeded", "passed-over": "Skipped",
		"each": "Succeeded", "each(0:1)": "Succeeded", "each(1:2)": "Succeeded", "each(2:3)": "Succeeded", "farewell": "Succeeded",
	}
	for step := range got {
		if _, ok := want[step]; !ok {
			delete(got, step) // the workflow itself, and each try
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the steps ended otherwise (-want +got):\n%s", diff)
	}
}

// phases returns how each step of a workflow ended, by the name that Argo
// shows. The exit handler's is that of the workflow.
func phases(t *testing.T, c *e2e.Cluster, ns, name string) map[string]string {
	t.Helper()
	client, err := dynamic.NewForConfig(c.Direct())
	if err != nil {
		t.Fatal(err)
	}
	w, err := client.Resource(workflows).Namespace(ns).Get(t.Context(), name, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	nodes, _, err := unstructured.NestedMap(w.Object, "status", "nodes")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range nodes {
		if node, ok := n.(map[string]any); ok {
			display, _ := node["displayName"].(string)
			phase, _ := node["phase"].(string)
			if display == name+".onExit" {
				display = "farewell"
			}
			out[display] = phase
		}
	}
	return out
}

func failingStep(t *testing.T, c *e2e.Cluster, ns string) {
	bad := &workflow.Task{Name: "bad", Step: shell("echo no luck >&2; exit 7")}
	after := &workflow.Task{Name: "after", Step: shell("exit 0"), After: []*workflow.Task{bad}}
	pipeline := &workflow.Template{Name: "failing", Namespace: ns, ServiceAccount: account, Retry: workflow.Retry{Backoff: time.Second},
		Tasks: []*workflow.Task{bad, after}}
	run, _ := submit(t, c, pipeline, &workflow.Run{Template: pipeline})
	err := wait(t, run)
	failure, ok := errors.AsType[*cluster.Failure](err)
	if !ok {
		t.Fatalf("Wait returned %v, want a *Failure", err)
	}
	if failure.Task != "bad" || !strings.Contains(failure.Message, "exit code 7") {
		t.Errorf("the failure is %+v, want task bad with exit code 7", failure)
	}
}
