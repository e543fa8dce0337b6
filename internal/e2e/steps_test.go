package e2e_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

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

// program is a script that writes to its output.
func program(source string, env ...corev1.EnvVar) workflow.Script {
	return workflow.Script{Image: e2e.ShellImage, Command: []string{"sh"}, Source: source, Env: env,
		CPU: resource.MustParse("10m"), Memory: 64 * millrace.MiB}
}

func env(name, value string) corev1.EnvVar { return corev1.EnvVar{Name: name, Value: value} }

// everyStep runs containers and scripts, a fan-out over what a step puts out,
// conditions on it, a retry, a suspension, nested tasks that take values from
// around them, an exit handler, and a value that tries to change a condition.
func everyStep(t *testing.T, c *e2e.Cluster, ns string) {
	note := workflow.Parameter{Name: "note"}
	first := &workflow.Task{Name: "first", Step: shell(`test "$NOTE" = 'a "note"' && echo 42 > /tmp/rows`, env("NOTE", note.Ref())),
		Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "rows", Path: "/tmp/rows"}}}}
	say := &workflow.Task{Name: "say", Step: program("echo north"), After: []*workflow.Task{first}}
	list := &workflow.Task{Name: "list", Step: program(`echo '[{"name": "a"}, {"name": "b"}]'`)}
	each := &workflow.Task{Name: "each", Loop: workflow.Over(list.Result().Ref()),
		Step: shell(`test "$NAME" = a || test "$NAME" = b`, env("NAME", workflow.Item.Field("name").Ref()))}
	evil := &workflow.Task{Name: "evil", Step: program(`echo "north' || 'a' == 'a"`)}
	again := &workflow.Task{Name: "again", Step: shell(`test "$TRY" = 1`, env("TRY", workflow.Retries.Ref())),
		Retry: &workflow.Retry{Failures: true, Backoff: time.Second}}
	pause := &workflow.Task{Name: "pause", Step: workflow.Suspend{Duration: time.Second}, After: []*workflow.Task{say}}
	inner := &workflow.Task{Name: "inner", Step: shell(`test "$WORD-$ROWS" = north-42`, env("WORD", say.Result().Ref()), env("ROWS", first.Output("rows").Ref()))}
	pipeline := &workflow.Template{
		Name: "steps", Namespace: ns, ServiceAccount: account, Parameters: []workflow.Parameter{note},
		Tasks: []*workflow.Task{first, say, list, each, evil, again, pause,
			{Name: "taken", Step: shell("exit 0"), When: workflow.And(say.Result().Equal("north"), first.Output("rows").Greater(41))},
			{Name: "passed-over", Step: shell("exit 0"), When: say.Result().Equal("south")},
			{Name: "fooled", Step: shell("exit 0"), When: evil.Result().Equal("south")},
			{Name: "nested", Step: workflow.DAG{Tasks: []*workflow.Task{inner}}},
			{Name: "grouped", Loop: workflow.Sequence{Count: "2"}, Step: workflow.Steps{{
				{Name: "one", Step: shell(`test "$N" -lt 2`, env("N", workflow.Item.Ref()))},
			}}},
		},
		OnExit: shell(`test "$STATUS" = Succeeded`, env("STATUS", workflow.RunStatus.Ref())),
	}
	run, name := submit(t, c, pipeline, &workflow.Run{Template: pipeline, Arguments: map[string]string{"note": `a "note"`}})
	if err := wait(t, run); err != nil {
		t.Fatal(err)
	}
	got := phases(t, c, ns, name)
	want := map[string]string{
		"first": "Succeeded", "say": "Succeeded", "list": "Succeeded", "each": "Succeeded", "each(0:name:a)": "Succeeded", "each(1:name:b)": "Succeeded",
		"evil": "Succeeded", "again": "Succeeded", "again(0)": "Failed", "again(1)": "Succeeded", "pause": "Succeeded",
		"taken": "Succeeded", "passed-over": "Skipped", "fooled": "Skipped",
		"nested": "Succeeded", "inner": "Succeeded", "grouped": "Succeeded", "grouped(0:0)": "Succeeded", "grouped(1:1)": "Succeeded", "one": "Succeeded",
		"farewell": "Succeeded",
	}
	for step := range got {
		if _, ok := want[step]; !ok {
			delete(got, step) // the workflow itself, groups, and first tries
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the steps ended otherwise (-want +got):\n%s", diff)
	}
}

// eachJob creates an application for each item of a loop, under names of their
// own, and deletes them when the run fails.
func eachJob(t *testing.T, c *e2e.Cluster, ns string) {
	o := play(t, c, ns, nil)
	load := &workflow.Task{Name: "load", Loop: workflow.Items{"eu", "us", "eu"}, Run: etl("--region=" + workflow.Item.Ref())}
	pipeline := &workflow.Template{Name: "regions", Namespace: ns, ServiceAccount: account, Tasks: []*workflow.Task{load}}
	run, _ := submit(t, c, pipeline, &workflow.Run{Template: pipeline})
	if err := wait(t, run); err != nil {
		t.Fatal(err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	args := map[string]int{}
	for _, spec := range o.specs {
		args[fmt.Sprint(spec["arguments"])]++
	}
	if want := map[string]int{"[--region=eu]": 2, "[--region=us]": 1}; !cmp.Equal(args, want) {
		t.Errorf("the applications %v have the arguments %v, want %v", o.began, args, want)
	}
}

// rights runs with the role that the pipeline derives for its account.
func rights(t *testing.T, c *e2e.Cluster, ns string) {
	o := play(t, c, ns, nil)
	builders := article(ns, "2026-11-23")
	pipeline := builders[0].(*workflow.Template)
	pipeline.ServiceAccount = "derived"
	for _, task := range pipeline.Tasks {
		task.After = nil
	}
	run, _ := submit(t, c, append(builders, pipeline.RBAC())...)
	if err := wait(t, run); err != nil {
		t.Fatal(err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.began) != 3 {
		t.Errorf("the applications were created as %v", o.began)
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
