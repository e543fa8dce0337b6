package picture_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/workflow/picture"
)

// edges writes the edges of a graph by names.
func edges(g *picture.Graph) []string {
	names := make(map[string]string)
	for _, n := range g.Nodes {
		names[n.ID] = n.Name
	}
	for _, o := range g.Groups {
		names[o.ID] = o.Name
	}
	var out []string
	for _, e := range g.Edges {
		line := "--"
		if e.Dashed {
			line = ".."
		}
		out = append(out, names[e.From]+" "+line+e.Label+"> "+names[e.To])
	}
	return out
}

func TestDepends(t *testing.T) {
	for depends, want := range map[string]struct {
		edges   []string
		details []string
	}{
		"a":                        {edges: []string{"a --> z"}},
		"a.Succeeded":              {edges: []string{"a --> z"}},
		"a.Failed":                 {edges: []string{"a ..Failed> z"}},
		"a.Failed || a.Errored":    {edges: []string{"a ..Failed or Errored> z"}},
		"a.Succeeded || a.Skipped": {edges: []string{"a --Succeeded or Skipped> z"}},
		"a || a.Failed":            {edges: []string{"a --Succeeded or Failed> z"}},
		"a && b.Succeeded":         {edges: []string{"a --> z", "b --> z"}},
		"b && (a.Succeeded || a.Failed) && c-d.AnySucceeded": {edges: []string{"b --> z", "a --Succeeded or Failed> z", "c-d ..AnySucceeded> z"}},
		"a || b":          {edges: []string{"a --> z", "b --> z"}, details: []string{"depends a || b"}},
		"a && (b || c-d)": {edges: []string{"a --> z", "b --> z", "c-d --> z"}, details: []string{"depends a && (b || c-d)"}},
		"!a.Succeeded":    {edges: []string{"a --> z"}, details: []string{"depends !a.Succeeded"}},
	} {
		g := draw(t, dag(wfv1.DAGTask{Name: "a"}, wfv1.DAGTask{Name: "b"}, wfv1.DAGTask{Name: "c-d"}, wfv1.DAGTask{Name: "z", Depends: depends}))
		if diff := cmp.Diff(want.edges, edges(g)); diff != "" {
			t.Errorf("%s: edges (-want +got):\n%s", depends, diff)
		}
		if got := named(t, g, "z").Details; !slices.Equal(got, want.details) {
			t.Errorf("%s: the node says %q, want %q", depends, got, want.details)
		}
	}
}

func TestUnknownTask(t *testing.T) {
	g := draw(t, dag(wfv1.DAGTask{Name: "a", Depends: "b.Succeeded"}, wfv1.DAGTask{Name: "c", Template: "x"}))
	if want := []string{"a waits for b, which is no task beside it"}; !slices.Equal(g.Notes, want) {
		t.Errorf("the notes are %q, want %q", g.Notes, want)
	}
	w := dag(wfv1.DAGTask{Name: "a"})
	w.Spec.Templates[0].DAG.Tasks[0].Template = "nowhere"
	if got := named(t, draw(t, w), "a"); got.Kind != "nowhere" || !slices.Equal(got.Details, []string{"no such template"}) {
		t.Errorf("a task without its template is %+v", got)
	}
}

func TestLoops(t *testing.T) {
	number := func(s string) *intstr.IntOrString { v := intstr.Parse(s); return &v }
	for want, task := range map[string]wfv1.DAGTask{
		"×2":                              {WithItems: make([]wfv1.Item, 2)},
		"×3":                              {WithParam: `["a", "b", "c"]`},
		"× items of tasks.a.outputs.list": {WithParam: "{{tasks.a.outputs.list}}"},
		"×5":                              {WithSequence: &wfv1.Sequence{Count: number("5")}},
		"× inputs.parameters.n":           {WithSequence: &wfv1.Sequence{Count: number("{{inputs.parameters.n}}")}},
		"×4":                              {WithSequence: &wfv1.Sequence{Start: number("2"), End: number("5")}},
		"×6":                              {WithSequence: &wfv1.Sequence{Start: number("5"), End: number("0")}},
		"× 0 to inputs.parameters.n":      {WithSequence: &wfv1.Sequence{End: number("{{inputs.parameters.n}}")}},
	} {
		task.Name = "a"
		if got := draw(t, dag(task)).Nodes[0].Details; !slices.Equal(got, []string{want}) {
			t.Errorf("the loop says %q, want %q", got, want)
		}
	}
}

func TestKinds(t *testing.T) {
	manifest := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{workflow.name}}}"
	for want, template := range map[string]wfv1.Template{
		"suspend":         {Suspend: &wfv1.SuspendTemplate{}},
		"suspend 20s":     {Suspend: &wfv1.SuspendTemplate{Duration: "20s"}},
		"HTTP GET":        {HTTP: &wfv1.HTTP{}},
		"HTTP PUT":        {HTTP: &wfv1.HTTP{Method: "PUT"}},
		"get ConfigMap":   {Resource: &wfv1.ResourceTemplate{Action: "get", Manifest: manifest}},
		"delete":          {Resource: &wfv1.ResourceTemplate{Action: "delete", Flags: []string{"pod", "x"}}},
		"apply":           {Resource: &wfv1.ResourceTemplate{Action: "apply", Manifest: "a: b: c"}},
		"data":            {Data: &wfv1.Data{}},
		"plugin":          {Plugin: &wfv1.Plugin{}},
		"nothing to run":  {},
		"script":          {Script: &wfv1.ScriptTemplate{}},
		"container set":   {ContainerSet: &wfv1.ContainerSetTemplate{}},
		"DAG":             {DAG: &wfv1.DAGTemplate{}},
		"shared/x":        {},
		"other · suspend": {Name: "other", Suspend: &wfv1.SuspendTemplate{}},
	} {
		task := wfv1.DAGTask{Name: "a"}
		w := dag(task)
		at := &w.Spec.Templates[0].DAG.Tasks[0]
		switch {
		case want == "shared/x":
			at.TemplateRef = &wfv1.TemplateRef{Name: "shared", Template: "x", ClusterScope: true}
		case template.Name != "":
			at.Template = template.Name
			w.Spec.Templates = append(w.Spec.Templates, template)
		default:
			at.Template, at.Inline = "", &template
		}
		if got := draw(t, w).Nodes[0].Kind; got != want {
			t.Errorf("the kind is %q, want %q", got, want)
		}
	}
}

func TestHooks(t *testing.T) {
	w := dag(wfv1.DAGTask{Name: "a", Hooks: wfv1.LifecycleHooks{
		"exit":    {Template: "work"},
		"running": {Template: "work", Expression: `tasks.a.status == "Running"`},
	}}, wfv1.DAGTask{Name: "b", Depends: "a", OnExit: "work", Hooks: wfv1.LifecycleHooks{"exit": {Template: "ignored"}}})
	w.Spec.Hooks = wfv1.LifecycleHooks{"exit": {Template: "work"}, "failed": {TemplateRef: &wfv1.TemplateRef{Name: "shared", Template: "page"}, Expression: "x"}}
	g := draw(t, w)
	want := []string{
		"a ..> exit of a", "a ..> hook running of a", "b ..> exit of b", "a --> b",
		"main ..> exit handler", "main ..> hook failed",
	}
	if diff := cmp.Diff(want, edges(g)); diff != "" {
		t.Errorf("edges (-want +got):\n%s", diff)
	}
	if got := named(t, g, "hook running of a").Details; !slices.Equal(got, []string{`when tasks.a.status == "Running"`}) {
		t.Errorf("the hook says %q", got)
	}
	if named(t, g, "exit handler").Group != "" || named(t, g, "a").Group != groupNamed(t, g, "main").ID {
		t.Error("the exit handler isn't beside what comes before it")
	}
}

// TestFrames: what saves edges has a frame, and the frame says the same.
func TestFrames(t *testing.T) {
	frames := func(w *wfv1.Workflow) (names []string, g *picture.Graph) {
		g = draw(t, w)
		for _, o := range g.Groups {
			names = append(names, o.Name)
		}
		return names, g
	}
	if names, g := frames(fanOut(5)); len(names) != 0 || len(g.Edges) != 10 {
		t.Errorf("5 tasks have %d frames and %d edges", len(names), len(g.Edges))
	}
	if names, g := frames(fanOut(6)); len(names) != 1 || !slices.Equal(edges(g), []string{"start --> ", " --> end"}) {
		t.Errorf("6 tasks have %d frames and the edges %q", len(names), edges(g))
	}

	chains := func(change func(i int, first, second *wfv1.DAGTask)) *wfv1.Workflow {
		tasks := []wfv1.DAGTask{{Name: "start"}}
		end := wfv1.DAGTask{Name: "end"}
		for i := range 10 {
			first, second := wfv1.DAGTask{Name: fmt.Sprint("read-", i), Depends: "start"}, wfv1.DAGTask{Name: fmt.Sprint("write-", i), Depends: fmt.Sprint("read-", i)}
			change(i, &first, &second)
			tasks = append(tasks, first, second)
			end.Dependencies = append(end.Dependencies, second.Name)
		}
		return dag(append(tasks, end)...)
	}
	if names, g := frames(chains(func(int, *wfv1.DAGTask, *wfv1.DAGTask) {})); len(names) != 1 || len(g.Edges) != 12 {
		t.Errorf("10 chains have %d frames and %d edges", len(names), len(g.Edges))
	}
	// The second task of one chain also waits for the start.
	odd := func(i int, _, second *wfv1.DAGTask) {
		if i == 4 {
			second.Depends += " && start.Failed"
		}
	}
	_, g := frames(chains(odd))
	if named(t, g, "read-4").Group != "" || named(t, g, "read-5").Group == "" {
		t.Error("a chain that differs is in the frame, or the others are not")
	}
	if got := edges(g); !slices.Contains(got, "start ..Failed> write-4") || !slices.Contains(got, "read-4 --> write-4") {
		t.Errorf("the edges are %q", got)
	}
}

// TestFrameOfOneKind: a chain whose tasks begin at different times isn't like
// the others.
func TestFrameOfOneKind(t *testing.T) {
	tasks := []wfv1.DAGTask{{Name: "start"}, {Name: "early"}}
	for i := range 12 {
		second := wfv1.DAGTask{Name: fmt.Sprint("write-", i), Dependencies: []string{fmt.Sprint("read-", i)}}
		if i == 4 {
			second.Dependencies = append(second.Dependencies, "early")
		}
		tasks = append(tasks, wfv1.DAGTask{Name: fmt.Sprint("read-", i), Depends: "start"}, second)
	}
	g := draw(t, dag(tasks...))
	if named(t, g, "early").Group != "" || named(t, g, "write-4").Group != "" || named(t, g, "write-5").Group == "" {
		t.Error("a frame holds a chain with a beginning of its own, or not the others")
	}
}

// TestBounds: what would never end, does.
func TestBounds(t *testing.T) {
	w := &wfv1.Workflow{Spec: wfv1.WorkflowSpec{Entrypoint: "t0"}}
	for i := range 60 {
		var tasks []wfv1.DAGTask
		for j := range 3 {
			tasks = append(tasks, wfv1.DAGTask{Name: fmt.Sprint("x", j), Template: fmt.Sprint("t", i+1)})
		}
		w.Spec.Templates = append(w.Spec.Templates, wfv1.Template{Name: fmt.Sprint("t", i), DAG: &wfv1.DAGTemplate{Tasks: tasks}})
	}
	w.Spec.Templates = append(w.Spec.Templates, wfv1.Template{Name: "t60", Suspend: &wfv1.SuspendTemplate{}})
	g := draw(t, w)
	if n := len(g.Nodes); n < 2000 || n > 2200 {
		t.Errorf("%d nodes are drawn", n)
	}
	open := 0
	for _, n := range g.Nodes {
		if slices.Contains(n.Details, "…") {
			open++
		}
	}
	if open == 0 || !strings.Contains(g.Mermaid(), "…") {
		t.Error("nothing says that there is more")
	}
	g.SVG()
}

// TestCollection: a template for others has no entrypoint.
func TestCollection(t *testing.T) {
	w := &wfv1.WorkflowTemplate{}
	w.Spec.Templates = dag(wfv1.DAGTask{Name: "a"}).Spec.Templates
	w.Spec.Templates = append(w.Spec.Templates, wfv1.Template{Name: "alone", Suspend: &wfv1.SuspendTemplate{}})
	g := draw(t, w)
	if named(t, g, "a").Group != groupNamed(t, g, "main").ID || named(t, g, "alone").Group != "" || len(g.Nodes) != 2 {
		t.Errorf("the nodes are %+v", g.Nodes)
	}
	w.Spec.Templates = []wfv1.Template{
		{Name: "x", Steps: []wfv1.ParallelSteps{{Steps: []wfv1.WorkflowStep{{Name: "s", Template: "y"}}}}},
		{Name: "y", Steps: []wfv1.ParallelSteps{{Steps: []wfv1.WorkflowStep{{Name: "s", Template: "x"}}}}},
	}
	if g := draw(t, w); len(g.Groups) != 4 {
		t.Errorf("templates that call each other have %d groups", len(g.Groups))
	}
}

// TestForeignGraph: a graph that a program has made or changed is drawn as far
// as it holds together.
func TestForeignGraph(t *testing.T) {
	g := &picture.Graph{
		Groups: []picture.Group{{ID: "g_a", Group: "g_a", Name: "in itself"}, {ID: "g_b", Group: "g_none", Name: "empty"}},
		Nodes:  []picture.Node{{ID: "n_a", Group: "g_a", Name: "a"}, {ID: "n_a", Name: "again"}, {ID: "n_b", Group: "nowhere", Name: "b", Text: picture.Text{Phase: "Odd phase"}}},
		Edges:  []picture.Edge{{From: "n_a", To: "n_b"}, {From: "n_b", To: "none"}, {From: "n_b", To: "n_b"}, {From: "g_a", To: "n_b"}},
	}
	for format, text := range formats(g) {
		if !strings.Contains(string(text), "in itself") || strings.Contains(string(text), "again") || !strings.Contains(string(text), "Odd") {
			t.Errorf("%s is\n%s", format, text)
		}
	}
	if n := strings.Count(g.Mermaid(), "-->"); n != 1 {
		t.Errorf("there are %d edges, want the one that joins members of a group", n)
	}
	if strings.Contains(g.Mermaid(), ":::") {
		t.Errorf("an unknown phase is a class:\n%s", g.Mermaid())
	}
	for format, text := range formats(&picture.Graph{}) {
		if len(text) == 0 {
			t.Errorf("the empty graph has no %s", format)
		}
	}
}
