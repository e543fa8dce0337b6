package picture_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow/picture"
)

// asRun is the run of testdata as Argo's struct.
func asRun(t *testing.T) *wfv1.Workflow {
	t.Helper()
	u, ok := load(t, "testdata/run.yaml").(*unstructured.Unstructured)
	if !ok {
		t.Fatal("it is no unstructured object")
	}
	data, err := u.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var w wfv1.Workflow
	if err := json.Unmarshal(data, &w); err != nil {
		t.Fatal(err)
	}
	return &w
}

// named returns the node of a name.
func named(t *testing.T, g *picture.Graph, name string) picture.Node {
	t.Helper()
	i := slices.IndexFunc(g.Nodes, func(n picture.Node) bool { return n.Name == name })
	if i < 0 {
		t.Fatalf("there is no node %s", name)
	}
	return g.Nodes[i]
}

func groupNamed(t *testing.T, g *picture.Graph, name string) picture.Group {
	t.Helper()
	i := slices.IndexFunc(g.Groups, func(o picture.Group) bool { return o.Name == name })
	if i < 0 {
		t.Fatalf("there is no group %s", name)
	}
	return g.Groups[i]
}

func TestRun(t *testing.T) {
	g := draw(t, asRun(t))
	for name, want := range map[string]picture.Text{
		"extract-customers": {Kind: "extract · apply SparkApplication", Details: []string{"2nd try"}, Phase: picture.Succeeded, Took: "19m1s"},
		"compare":           {Kind: "query · script", Phase: picture.Failed, Took: "7m57s", Message: "Error (exit code 2): 1,204 rows of prices have no order"},
		"publish":           {Kind: "query · script", Phase: picture.Omitted, Message: "omitted: depends condition not met"},
		"load(1:customers)": {Kind: "container", Phase: picture.Succeeded, Took: "8m55s"},
		"exit handler":      {Kind: "clean-up · container", Phase: picture.Running, Took: "since 02:41:08 UTC"},
	} {
		if diff := cmp.Diff(want, named(t, g, name).Text); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := named(t, g, "repair"); got.Phase != picture.Skipped || got.Message != "when 'no == yes' evaluated false" {
		t.Errorf("the step that was left out: %+v", got)
	}
	if got, want := groupNamed(t, g, "load").Details, []string{"×3: 3 succeeded"}; !slices.Equal(got, want) {
		t.Errorf("the loop says %q, want %q", got, want)
	}
	if want := []string{"▶ Running · since 02:00:00 UTC · 8/9"}; !slices.Equal(g.Notes, want) {
		t.Errorf("the notes are %q, want %q", g.Notes, want)
	}
}

func TestBigLoop(t *testing.T) {
	g := draw(t, bigLoop(60))
	var names []string
	for _, n := range g.Nodes {
		names = append(names, n.Name)
	}
	want := []string{"list", "load(7:table-7)", "load(57:table-57)", "load(58:table-58)", "57 more", "done"}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	if got, want := groupNamed(t, g, "load").Details, []string{"×60: 56 succeeded, 2 running, 1 pending, 1 failed"}; !slices.Equal(got, want) {
		t.Errorf("the loop says %q, want %q", got, want)
	}
	if got := named(t, g, "done"); got.Phase != "" {
		t.Errorf("what has not begun is %s", got.Phase)
	}

	done := bigLoop(60)
	for id, n := range done.Status.Nodes {
		n.Phase = wfv1.NodeSucceeded
		done.Status.Nodes[id] = n
	}
	if got := named(t, draw(t, done), "load"); !slices.Equal(got.Details, []string{"×60: 60 succeeded"}) {
		t.Errorf("a loop that is done says %q", got.Details)
	}
}

func pack(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func TestCompressedNodes(t *testing.T) {
	w := asRun(t)
	want := draw(t, w)
	w.Status.CompressedNodes, w.Status.Nodes = pack(t, w.Status.Nodes), nil
	if diff := cmp.Diff(want, draw(t, w)); diff != "" {
		t.Errorf("compressed nodes give another picture:\n%s", diff)
	}
	for name, tc := range map[string]struct{ nodes, want string }{
		"not base64": {"***", "illegal base64"},
		"not gzip":   {"aGVsbG8gd29ybGQhIQ==", "gzip"},
		"no nodes":   {pack(t, []int{1}), "unmarshal array"},
		"cut off":    {w.Status.CompressedNodes[:len(w.Status.CompressedNodes)/8*4], "unexpected EOF"},
		"a bomb":     {pack(t, strings.Repeat("a", 65<<20)), "more than 64 MiB"},
	} {
		w.Status.CompressedNodes = tc.nodes
		_, err := picture.Of(w)
		if err == nil || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), "Workflow data-platform/daily-etl-7xk2p: status.compressedNodes: ") {
			t.Errorf("%s: error %v, want %q", name, err, tc.want)
		}
	}
}

func TestOffloadedNodes(t *testing.T) {
	w := asRun(t)
	w.Status.Nodes, w.Status.OffloadNodeStatusVersion = nil, "fnv:784644909"
	g := draw(t, w)
	if got := g.Notes[len(g.Notes)-1]; got != "the nodes are in Argo's database: this is the spec" {
		t.Errorf("the last note is %q", got)
	}
	if got := named(t, g, "compare"); got.Phase != "" || got.Kind != "query · script" {
		t.Errorf("the spec's node is %+v", got)
	}
}

// TestTemplateRef draws runs of a WorkflowTemplate: with the spec that Argo
// stores in them, and without.
func TestTemplateRef(t *testing.T) {
	w := asRun(t)
	want := draw(t, w)
	stored := w.Spec.DeepCopy()
	w.Spec = wfv1.WorkflowSpec{WorkflowTemplateRef: &wfv1.WorkflowTemplateRef{Name: "daily-etl"}}
	w.Status.StoredWorkflowSpec = stored
	if diff := cmp.Diff(want, draw(t, w)); diff != "" {
		t.Errorf("the stored spec gives another picture:\n%s", diff)
	}

	w.Spec.Entrypoint = "check"
	if got := groupNamed(t, draw(t, w), "check"); got.Group != "" {
		t.Errorf("with an entrypoint of its own, check is in %q", got.Group)
	}

	w.Spec.Entrypoint = ""
	w.Status.StoredWorkflowSpec = nil
	g := draw(t, w)
	for _, name := range []string{"extract-orders", "extract-customers", "load(0:orders)", "load(2:prices)", "count-rows", "compare", "repair", "publish", "alert"} {
		if n := named(t, g, name); n.Phase == "" {
			t.Errorf("%s has no phase", name)
		}
	}
	if got := named(t, g, "compare").Group; got != groupNamed(t, g, "check").ID {
		t.Errorf("compare is in %q", got)
	}
	got := edges(g)
	for _, edge := range []string{"extract-customers --> load(0:orders)", "load(2:prices) --> check", "check --> publish", "count-rows --> repair"} {
		if !slices.Contains(got, edge) {
			t.Errorf("there is no edge %s in %q", edge, got)
		}
	}
	wellDrawn(t, g)

	w.Status = wfv1.WorkflowStatus{}
	if got := named(t, draw(t, w), "daily-etl"); got.Kind != "daily-etl" {
		t.Errorf("a run that has not begun is drawn as %+v", got)
	}
}

// TestStoredTemplates: what a templateRef names is in the status.
func TestStoredTemplates(t *testing.T) {
	w := dag(wfv1.DAGTask{Name: "a"})
	w.Spec.Templates[0].DAG.Tasks[0] = wfv1.DAGTask{Name: "a", TemplateRef: &wfv1.TemplateRef{Name: "shared", Template: "both"}}
	if got := named(t, draw(t, w), "a"); got.Kind != "shared/both" {
		t.Errorf("without a status it is %q", got.Kind)
	}
	w.Status.Nodes = wfv1.Nodes{"dag": {ID: "dag", Name: "dag", Type: wfv1.NodeTypeDAG, Phase: wfv1.NodeRunning}}
	w.Status.StoredTemplates = map[string]wfv1.Template{
		"namespaced/shared/both":  {Name: "both", Steps: []wfv1.ParallelSteps{{Steps: []wfv1.WorkflowStep{{Name: "first", Template: "first"}}}}},
		"cluster/shared/both":     {Name: "both", Suspend: &wfv1.SuspendTemplate{}},
		"namespaced/shared/first": {Name: "first", Script: &wfv1.ScriptTemplate{Container: corev1.Container{Image: "x:1"}}},
	}
	g := draw(t, w)
	if got := groupNamed(t, g, "a").Kind; got != "shared/both · steps" {
		t.Errorf("the group is %q", got)
	}
	if got := named(t, g, "first").Kind; got != "script" {
		t.Errorf("the step is a %q", got)
	}
	w.Spec.Templates[0].DAG.Tasks[0].TemplateRef.ClusterScope = true
	if got := named(t, draw(t, w), "a").Kind; got != "shared/both · suspend" {
		t.Errorf("the cluster's template is %q", got)
	}
}

// TestSkippedGroup: what was left out is not opened, and what has succeeded
// needs no message.
func TestSkippedGroup(t *testing.T) {
	w := asRun(t)
	for id, n := range w.Status.Nodes {
		switch n.DisplayName {
		case "check":
			n.Phase, n.Type, n.Message = wfv1.NodeOmitted, wfv1.NodeTypeSkipped, "omitted: depends condition not met"
		case "alert":
			n.Message = "it went well"
		}
		w.Status.Nodes[id] = n
	}
	g := draw(t, w)
	want := picture.Text{Kind: "steps", Phase: picture.Omitted, Message: "omitted: depends condition not met"}
	if diff := cmp.Diff(want, named(t, g, "check").Text); diff != "" {
		t.Errorf("steps that were left out (-want +got):\n%s", diff)
	}
	if got := named(t, g, "alert").Message; got != "" {
		t.Errorf("what has succeeded says %q", got)
	}
}

// TestRecursion: a template that calls itself is opened as often as it has run.
func TestRecursion(t *testing.T) {
	w := &wfv1.Workflow{ObjectMeta: metav1.ObjectMeta{Name: "flip"}}
	w.Spec = wfv1.WorkflowSpec{Entrypoint: "flip", Templates: []wfv1.Template{{Name: "flip", Steps: []wfv1.ParallelSteps{
		{Steps: []wfv1.WorkflowStep{{Name: "again", Template: "flip"}}}}}}}
	g := draw(t, w)
	if got := named(t, g, "again").Kind; got != "↺ flip · steps" || len(g.Nodes) != 1 {
		t.Errorf("%d nodes, of which again is %q", len(g.Nodes), got)
	}
	w.Status.Nodes = wfv1.Nodes{}
	name := "flip"
	for range 4 {
		w.Status.Nodes[name] = wfv1.NodeStatus{ID: name, Name: name, Type: wfv1.NodeTypeSteps, Phase: wfv1.NodeRunning}
		name += "[0].again"
	}
	if g = draw(t, w); len(g.Groups) != 3 || len(g.Nodes) != 1 {
		t.Errorf("%d groups and %d nodes, want 3 around one", len(g.Groups), len(g.Nodes))
	}
}

func TestErrors(t *testing.T) {
	var none *wfv1.Workflow
	topic := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "kafka.strimzi.io/v1", "kind": "KafkaTopic", "metadata": map[string]any{"name": "orders"}}}
	foreign := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "example.org/v1", "kind": "Workflow"}}
	broken := &unstructured.Unstructured{Object: map[string]any{"apiVersion": "argoproj.io/v1alpha1", "kind": "Workflow", "spec": "none"}}
	missing := dag()
	missing.Spec.Entrypoint = "other"
	for name, tc := range map[string]struct {
		o    millrace.Object
		want string
	}{
		"nil":         {nil, "picture: the object is nil"},
		"typed nil":   {none, "picture: the object is nil"},
		"other kind":  {topic, "picture KafkaTopic orders: it is no workflow: use a Workflow"},
		"other group": {foreign, "it is no workflow"},
		"broken":      {broken, "as argoproj.io/v1alpha1: json: cannot unmarshal string"},
		"entrypoint":  {missing, `spec.entrypoint: there is no template "other"`},
		"empty":       {&wfv1.WorkflowTemplate{}, "spec.templates: there is nothing to draw"},
	} {
		_, err := picture.Of(tc.o)
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want %q", name, err, tc.want)
		}
	}
}
