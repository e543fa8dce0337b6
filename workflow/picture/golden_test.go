package picture_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow/picture"
)

var update = flag.Bool("update", false, "write the golden files")

// load reads the one workflow of a file.
func load(t testing.TB, path string) millrace.Object {
	t.Helper()
	bundle, err := millrace.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(bundle.Objects()); n != 1 {
		t.Fatalf("%s holds %d objects", path, n)
	}
	return bundle.Objects()[0]
}

func draw(t testing.TB, o millrace.Object) *picture.Graph {
	t.Helper()
	g, err := picture.Of(o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// dag is a workflow of one DAG whose tasks run the same container.
func dag(tasks ...wfv1.DAGTask) *wfv1.Workflow {
	for i := range tasks {
		tasks[i].Template = "work"
	}
	return &wfv1.Workflow{
		ObjectMeta: metav1.ObjectMeta{Name: "dag"},
		Spec: wfv1.WorkflowSpec{Entrypoint: "main", Templates: []wfv1.Template{
			{Name: "main", DAG: &wfv1.DAGTemplate{Tasks: tasks}},
			{Name: "work", Container: &corev1.Container{Image: "company-registry/work:1.0"}},
		}},
	}
}

// fanOut is a number of tasks between two others.
func fanOut(n int) *wfv1.Workflow {
	tasks := []wfv1.DAGTask{{Name: "start"}}
	end := wfv1.DAGTask{Name: "end"}
	for i := range n {
		name := fmt.Sprintf("part-%02d", i)
		tasks = append(tasks, wfv1.DAGTask{Name: name, Depends: "start.Succeeded"})
		end.Dependencies = append(end.Dependencies, name)
	}
	return dag(append(tasks, end)...)
}

// bigLoop is a run of a loop over n items: one has failed, two run, the last
// one waits, the others are done.
func bigLoop(n int) *wfv1.Workflow {
	w := dag(wfv1.DAGTask{Name: "list"}, wfv1.DAGTask{Name: "load", Depends: "list", WithParam: "{{tasks.list.outputs.result}}"}, wfv1.DAGTask{Name: "done", Depends: "load"})
	w.Name = "loop"
	at := func(minute int) metav1.Time {
		return metav1.Date(2026, 1, 31, 4, minute, 0, 0, time.FixedZone("EET", 2*60*60))
	}
	w.Status = wfv1.WorkflowStatus{Phase: wfv1.WorkflowRunning, StartedAt: at(0), Nodes: wfv1.Nodes{}}
	add := func(name string, kind wfv1.NodeType, phase wfv1.NodePhase) {
		node := wfv1.NodeStatus{ID: "loop-" + fmt.Sprint(len(w.Status.Nodes)), Name: name, DisplayName: name, Type: kind, Phase: phase, StartedAt: at(1)}
		switch phase {
		case wfv1.NodeSucceeded, wfv1.NodeFailed:
			node.FinishedAt = at(3)
		case wfv1.NodePending:
			node.StartedAt = metav1.Time{}
		}
		if phase == wfv1.NodeFailed {
			node.Message = "OOMKilled (exit code 137)"
		}
		w.Status.Nodes[node.ID] = node
	}
	add("loop", wfv1.NodeTypeDAG, wfv1.NodeRunning)
	add("loop.list", wfv1.NodeTypePod, wfv1.NodeSucceeded)
	add("loop.load", wfv1.NodeTypeTaskGroup, wfv1.NodeRunning)
	for i := range n {
		phase := wfv1.NodeSucceeded
		switch {
		case i == 7:
			phase = wfv1.NodeFailed
		case i == n-1:
			phase = wfv1.NodePending
		case i >= n-3:
			phase = wfv1.NodeRunning
		}
		add(fmt.Sprintf("loop.load(%d:table-%d)", i, i), wfv1.NodeTypePod, phase)
	}
	return w
}

// samples are workflows of all sorts, by the name of their golden files.
func samples(t testing.TB) map[string]millrace.Object {
	return map[string]millrace.Object{
		"article": load(t, "../../examples/article/manifests/data-platform/workflowtemplate-daily-etl-pipeline.yaml"),
		"steps":   load(t, "testdata/steps.yaml"),
		"nested":  load(t, "testdata/nested.yaml"),
		"run":     load(t, "testdata/run.yaml"),
		"fan-out": fanOut(60),
		"loop":    bigLoop(60),
	}
}

// formats are what a graph can be written as, by the end of a file's name.
func formats(g *picture.Graph) map[string][]byte {
	return map[string][]byte{"mmd": []byte(g.Mermaid()), "dot": []byte(g.DOT()), "svg": g.SVG()}
}

// TestGolden holds the pictures to the committed ones. After a wanted change,
// and a look at them: go test ./workflow/picture -run Golden -update
func TestGolden(t *testing.T) {
	for name, o := range samples(t) {
		for format, got := range formats(draw(t, o)) {
			file := filepath.Join("testdata", name+"."+format)
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", file, diff)
			}
		}
	}
}

// TestSame draws everything again, from the same object and from a copy of the
// graph.
func TestSame(t *testing.T) {
	for name, o := range samples(t) {
		before, ok := o.DeepCopyObject().(millrace.Object)
		if !ok {
			t.Fatal("a copy is no object")
		}
		g := draw(t, o)
		first := formats(g)
		if diff := cmp.Diff(first, formats(g)); diff != "" {
			t.Errorf("%s is drawn differently a second time:\n%s", name, diff)
		}
		for range 3 {
			if diff := cmp.Diff(first, formats(draw(t, o))); diff != "" {
				t.Errorf("%s gives another graph a second time:\n%s", name, diff)
			}
		}
		if diff := cmp.Diff(before, o); diff != "" {
			t.Errorf("%s is changed by drawing it:\n%s", name, diff)
		}
	}
}
