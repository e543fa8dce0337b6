package workflow_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// TestInputNames: what is taken from around gets a name that Argo accepts and
// nothing else has.
func TestInputNames(t *testing.T) {
	in := workflow.Artifact{Name: "in", Path: "/in"}
	hand := workflow.Raw{Inputs: wfv1.Inputs{Artifacts: []wfv1.Artifact{{Name: "in", Path: "/in", ArtifactLocation: wfv1.ArtifactLocation{Raw: &wfv1.RawArtifact{Data: "x"}}}}},
		Container: &corev1.Container{Image: "a:1", Command: []string{"a"}, Args: []string{"{{inputs.artifacts.in.path}}"}}}
	for name, tc := range map[string]struct {
		tasks func() []*workflow.Task
		want  []string
	}{
		"a field that is no name": {func() []*workflow.Task {
			return []*workflow.Task{{Name: "use", Loop: workflow.Items{map[string]any{"Größe x_9": 1}}, Step: tool("{{=item['Größe x_9']}}")}}
		}, []string{"main()", "  use -> use item-Gr--e-x_9={{item.Größe x_9}}", "use(item-Gr--e-x_9): {{=inputs.parameters['item-Gr--e-x_9']}}"}},
		"an artifact has the name already": {func() []*workflow.Task {
			count := counting("count")
			return []*workflow.Task{count, {Name: "use", Step: tool(count.Output("rows").Ref()), Inputs: []workflow.Artifact{{Name: "count-rows", Path: "/in", From: count.Artifact("model")}}}}
		}, []string{
			"main()", "  count -> count", "  use -> use count-rows-2={{tasks.count.outputs.parameters.rows}} count-rows<{{tasks.count.outputs.artifacts.model}} after count.Succeeded",
			"count():", "use(count-rows-2 <count-rows): {{inputs.parameters.count-rows-2}}",
		}},
		"the path of an artifact of its own": {func() []*workflow.Task {
			count := counting("count")
			own := in
			own.From = count.Artifact("model")
			return []*workflow.Task{count, {Name: "use", Step: tool("{{inputs.artifacts.in.path}}"), Inputs: []workflow.Artifact{own}}, {Name: "hand", Step: hand}}
		}, []string{
			"main()", "  count -> count", "  use -> use in<{{tasks.count.outputs.artifacts.model}} after count.Succeeded", "  hand -> hand",
			"count():", "use(<in): {{inputs.artifacts.in.path}}", "hand(<in): {{inputs.artifacts.in.path}}",
		}},
		"all inputs": {func() []*workflow.Task {
			d := &workflow.Definition{Name: "d", Inputs: workflow.Inputs{Parameters: []workflow.Input{{Name: "x", Default: new("a"), Enum: []string{"a"}}, {Name: "y", Base: wfv1.Parameter{Value: new(wfv1.AnyString("b"))}},
				{Name: "z", Default: new("a"), Enum: []string{"a"}}}, Artifacts: []workflow.Artifact{{Name: "f", Path: "/f", Base: wfv1.Artifact{ArtifactLocation: wfv1.ArtifactLocation{Raw: &wfv1.RawArtifact{Data: "x"}}}}}}, Step: tool("{{inputs.parameters}}")}
			return []*workflow.Task{{Name: "use", Step: d, Arguments: map[string]string{"x": date.Ref()}}}
		}, []string{"main()", "  use -> d x={{workflow.parameters.date}}", "d(x y z <f): {{inputs.parameters}}"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, wiring(built(t, pipeline(tc.tasks()...)))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestManifestScope: a manifest takes what is around it as texts do, and once.
func TestManifestScope(t *testing.T) {
	count := counting("count")
	use := &workflow.Task{Name: "use", Step: workflow.Resource{Action: workflow.Apply, Object: &corev1.ConfigMap{
		TypeMeta: metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"}, ObjectMeta: metav1.ObjectMeta{Name: "a"},
		Data: map[string]string{"rows": count.Output("rows").Ref()},
	}}}
	w := built(t, pipeline(count, use))
	want := `{
  "apiVersion": "v1",
  "kind": "ConfigMap",
  "metadata": {
    "name": "a"
  },
  "data": {
    "rows": {{=replace(toJson(inputs.parameters['count-rows']), "{", "\\u007b")}}
  }
}
`
	if diff := cmp.Diff(want, w.GetTemplateByName("use").Resource.Manifest); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got := wiring(w)[2]; got != "  use -> use count-rows={{tasks.count.outputs.parameters.rows}} after count.Succeeded" {
		t.Error(got)
	}
}

// TestNoSuchName: inputs of one kind are none of the other, and names of other
// things are checked where they are used.
func TestNoSuchName(t *testing.T) {
	both := workflow.Inputs{Parameters: []workflow.Input{{Name: "p", Default: new("")}}, Artifacts: []workflow.Artifact{{Name: "a", Path: "/a", Optional: true}}}
	for name, tc := range map[string]struct {
		task        *workflow.Task
		field, rule string
	}{
		"a parameter as an artifact": {&workflow.Task{Name: "use", Step: &workflow.Definition{Name: "d", Inputs: both, Step: tool("{{inputs.artifacts.p.path}}")}}, "Tasks[0].Step.Step.Args[0]", millrace.RuleUnknown},
		"an artifact as a parameter": {&workflow.Task{Name: "use", Step: &workflow.Definition{Name: "d", Inputs: both, Step: tool("{{inputs.parameters.a}}")}}, "Tasks[0].Step.Step.Args[0]", millrace.RuleUnknown},
		"a template of a bad name":   {&workflow.Task{Name: "use", Step: workflow.TemplateRef{Name: "A b", Template: "x"}}, "Tasks[0].Step.Name", millrace.RuleInvalid},
		"a value that is not allowed": {&workflow.Task{Name: "use", Step: &workflow.Definition{Name: "d", Inputs: workflow.Inputs{Parameters: []workflow.Input{{Name: "x", Enum: []string{"a"}}}}, Step: tool()},
			Arguments: map[string]string{"x": "b"}}, "Tasks[0].Arguments[x]", millrace.RuleInvalid},
		"a field of the definition in Base, too": {&workflow.Task{Name: "use", Step: &workflow.Definition{Name: "d", Step: workflow.DAG{Tasks: []*workflow.Task{{Name: "a", Step: tool()}}},
			Settings: workflow.Settings{Parallelism: 1}, Base: wfv1.Template{Parallelism: new(int64(2))}}}, "Tasks[0].Step.Base.Parallelism", millrace.RuleConflict},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pipeline(tc.task).WorkflowTemplate()
			if !has(findings(t, err), tc.field, tc.rule) {
				t.Errorf("no %s at %s, but: %v", tc.rule, tc.field, err)
			}
		})
	}
}

// TestLeftOut: what a template is rendered as, and what is left out of it.
func TestLeftOut(t *testing.T) {
	p := pipeline(&workflow.Task{Name: "load", Run: &job{}})
	p.ServiceAccount, p.Base.ServiceAccountName = "", "other"
	if w := built(t, p); w.Spec.ServiceAccountName != "other" || w.Spec.OnExit != "clean-up" {
		t.Errorf("runs as %q, and ends with %q", w.Spec.ServiceAccountName, w.Spec.OnExit)
	}
	p.Plain = true
	if w := built(t, p); w.Spec.OnExit != "" {
		t.Errorf("a plain one ends with %q", w.Spec.OnExit)
	}
	p.ClusterWide, p.Namespace = true, ""
	w, err := p.ClusterWorkflowTemplate()
	if err != nil || w.Kind != "ClusterWorkflowTemplate" || len(w.Spec.Templates) != 2 {
		t.Errorf("%v, %v", w, err)
	}
}
