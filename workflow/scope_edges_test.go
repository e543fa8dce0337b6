package workflow_test

import (
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// counting is a task with outputs.
func counting(name string) *workflow.Task {
	return &workflow.Task{Name: name, Step: tool(), Outputs: workflow.Outputs{
		Parameters: []workflow.Output{{Name: "rows", Path: "/rows"}}, Artifacts: []workflow.Artifact{{Name: "model", Path: "/model"}}}}
}

// byHand is a template with an input and an output of its own.
func byHand() workflow.Raw {
	return workflow.Raw{
		Inputs:    wfv1.Inputs{Parameters: []wfv1.Parameter{{Name: "x", Value: new(wfv1.AnyString("1"))}}},
		Outputs:   wfv1.Outputs{Parameters: []wfv1.Parameter{{Name: "o", ValueFrom: &wfv1.ValueFrom{Path: "/o"}}}},
		Container: &corev1.Container{Image: "a:1", Command: []string{"a"}, Args: []string{"{{inputs.parameters.x}}"}},
	}
}

// TestCaptureAtTheEdges: loops in loops, templates by hand, and steps.
func TestCaptureAtTheEdges(t *testing.T) {
	region := workflow.Item.Field("zones")
	for name, tc := range map[string]struct {
		tasks func() []*workflow.Task
		want  []string
	}{
		"a loop over a part of the item around": {func() []*workflow.Task {
			return []*workflow.Task{{Name: "outer", Loop: workflow.Items{map[string]any{"zones": []int{1}}}, Step: workflow.DAG{Tasks: []*workflow.Task{
				{Name: "inner", Loop: workflow.Over(region.Ref()), Step: tool(workflow.Item.Ref())}}}}}
		}, []string{
			"main()", "  outer -> outer item-zones={{item.zones}}",
			"outer(item-zones)", "  inner -> outer-inner item={{item}} over {{inputs.parameters.item-zones}}",
			"outer-inner(item): {{inputs.parameters.item}}",
		}},
		"a template by hand has its own inputs": {func() []*workflow.Task {
			return []*workflow.Task{{Name: "a", Step: byHand()}}
		}, []string{"main()", "  a -> a", "a(x): {{inputs.parameters.x}}"}},
		"a definition by hand": {func() []*workflow.Task {
			a := &workflow.Task{Name: "a", Step: &workflow.Definition{Name: "d", Step: new(byHand())}, Arguments: map[string]string{"x": "2"}}
			return []*workflow.Task{a, {Name: "use", Step: tool(a.Output("o").Ref())}}
		}, []string{
			"main()", "  a -> d x=2", "  use -> use a-o={{tasks.a.outputs.parameters.o}} after a.Succeeded",
			"d(x): {{inputs.parameters.x}}", "use(a-o): {{inputs.parameters.a-o}}",
		}},
		"an input of the name that a captured one would have": {func() []*workflow.Task {
			count := counting("count")
			return []*workflow.Task{count, {Name: "ask", Step: workflow.Suspend{Base: wfv1.SuspendTemplate{Duration: count.Output("rows").Ref()}},
				Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "count-rows", Supplied: true, Default: new("a"), Enum: []string{"a"}}}}}}
		}, []string{
			"main()", "  count -> count", "  ask -> ask count-rows-2={{tasks.count.outputs.parameters.rows}} after count.Succeeded",
			"count():", "ask(count-rows count-rows-2)",
		}},
		"artifacts from a group of steps into a DAG": {func() []*workflow.Task {
			a, b := counting("a"), counting("b")
			return []*workflow.Task{{Name: "s", Step: &workflow.Steps{{a, b}, {{Name: "deep", Step: &workflow.DAG{Tasks: []*workflow.Task{
				{Name: "use", Step: tool(), Inputs: []workflow.Artifact{{Name: "b-model", Path: "/a", From: a.Artifact("model")}, {Name: "z", Path: "/b", From: b.Artifact("model")}}}}}}}}}}
		}, []string{
			"main()", "  s -> s", "s()", "  a -> s-a", "  b -> s-b",
			"  +deep -> s-deep a-model<{{steps.a.outputs.artifacts.model}} b-model<{{steps.b.outputs.artifacts.model}}",
			"s-a():", "s-b():", "s-deep(<a-model <b-model)", "  use -> s-deep-use b-model<{{inputs.artifacts.a-model}} z<{{inputs.artifacts.b-model}}",
			"s-deep-use(<b-model <z):",
		}},
		"an artifact for a definition, in steps": {func() []*workflow.Task {
			a := counting("a")
			return []*workflow.Task{{Name: "s", Step: workflow.Steps{{a}, {{Name: "use", Step: takes("in"), Artifacts: map[string]workflow.Location{"in": a.Artifact("model")}}}}}}
		}, []string{"main()", "  s -> s", "s()", "  a -> s-a", "  +use -> takes in<{{steps.a.outputs.artifacts.model}}", "s-a():", "takes(<in):"}},
		"a reference to a template, by pointer": {func() []*workflow.Task {
			return []*workflow.Task{{Name: "a", Step: &workflow.TemplateRef{Name: "shared", Template: "say"}, Arguments: map[string]string{"x": date.Ref()}}}
		}, []string{"main()", "  a ->  x={{workflow.parameters.date}}"}},
		"a sequence that may be empty": {func() []*workflow.Task {
			a := &workflow.Task{Name: "a", Step: tool(), Loop: &workflow.Sequence{Count: date.Ref()}}
			b := &workflow.Task{Name: "b", Step: tool(), Loop: workflow.Sequence{Count: "0"}}
			c := &workflow.Task{Name: "c", Step: tool(), Loop: workflow.Sequence{Count: "2"}}
			return []*workflow.Task{a, b, c, {Name: "use", Step: tool(), After: []*workflow.Task{a, b, c}}}
		}, []string{
			"main()", "  a -> a", "  b -> b", "  c -> c", "  use -> use after (a.Succeeded || a.Skipped) && (b.Succeeded || b.Skipped) && c.Succeeded",
			"a():", "b():", "c():", "use():",
		}},
		"a loop that is a nil pointer": {func() []*workflow.Task {
			a := &workflow.Task{Name: "a", Step: tool(), Loop: (*workflow.Over)(nil)}
			return []*workflow.Task{a, {Name: "use", Step: tool(), After: []*workflow.Task{a}}}
		}, []string{"main()", "  a -> a", "  use -> use after a.Succeeded", "a():", "use():"}},
		"a definition in capitals": {func() []*workflow.Task {
			return []*workflow.Task{{Name: "use", Step: &workflow.Definition{Name: "Shared", Step: workflow.DAG{Tasks: []*workflow.Task{{Name: "a", Step: tool()}}}}}}
		}, []string{"main()", "  use -> Shared", "Shared()", "  a -> shared-a", "shared-a():"}},
		"a definition that uses itself": {func() []*workflow.Task {
			d := &workflow.Definition{Name: "d"}
			d.Step = workflow.DAG{Tasks: []*workflow.Task{{Name: "again", Step: d, When: date.Variable().Equal("x")}}}
			return []*workflow.Task{{Name: "use", Step: d}}
		}, []string{"main()", "  use -> d", "d()", "  again -> d"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, wiring(built(t, pipeline(tc.tasks()...)))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestItemTexts: references in items are resolved one by one, so that the
// quotes of an expression stay what they are.
func TestItemTexts(t *testing.T) {
	count := counting("count")
	use := &workflow.Task{Name: "use", Step: tool(workflow.Item.Ref()), Loop: workflow.Items{
		map[string]any{"b": count.Output("rows").Ref(), "a": []any{`{{=workflow.parameters.date + "x"}}`, 1 << 60}}, "<plain>", 2.50, true,
	}}
	w := built(t, pipeline(count, use))
	var got []string
	for _, item := range w.GetTemplateByName("main").DAG.Tasks[1].WithItems {
		got = append(got, string(item.Value))
	}
	want := []string{
		`{"a":["{{=workflow.parameters.date + \"x\"}}",1152921504606846976],"b":"{{tasks.count.outputs.parameters.rows}}"}`,
		`"\u003cplain\u003e"`, "2.5", "true",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if after := w.GetTemplateByName("main").DAG.Tasks[1].Depends; after != "count.Succeeded" {
		t.Errorf("the edge is %q", after)
	}
}

// TestSequenceTexts: those of a sequence are resolved, all of them.
func TestSequenceTexts(t *testing.T) {
	d := &workflow.Definition{Name: "d", Inputs: workflow.Inputs{Parameters: []workflow.Input{{Name: "p"}}}, Step: workflow.DAG{Tasks: []*workflow.Task{
		{Name: "outer", Step: workflow.Steps{{{Name: "a", Step: tool(), Loop: workflow.Sequence{
			Start: "{{inputs.parameters.p}}", End: "{{workflow.parameters.date}}", Format: "{{inputs.parameters.p}}-%d"}}}}},
	}}}
	w := built(t, pipeline(&workflow.Task{Name: "use", Step: d, Arguments: map[string]string{"p": "1"}}))
	outer := w.GetTemplateByName("d-outer")
	if len(outer.Inputs.Parameters) != 1 || outer.Inputs.Parameters[0].Name != "p" {
		t.Errorf("the inputs are %v", outer.Inputs.Parameters)
	}
	s := outer.Steps[0].Steps[0].WithSequence
	if s.Start.String() != "{{inputs.parameters.p}}" || s.End.String() != "{{workflow.parameters.date}}" || s.Format != "{{inputs.parameters.p}}-%d" || s.Count != nil {
		t.Errorf("the sequence is %v", s)
	}
}

// TestHookScope: a hook knows its task and the end of the run.
func TestHookScope(t *testing.T) {
	hooked := func() *workflow.Task {
		h := counting("h")
		h.Hooks = map[string]workflow.Hook{workflow.Exit: {When: h.Status().Equal("Failed"), Step: tool(h.Output("rows").Ref(), h.Status().Ref(), workflow.RunStatus.Ref())}}
		return h
	}
	arguments := func(root string) wfv1.Arguments {
		return wfv1.Arguments{Parameters: []wfv1.Parameter{
			{Name: "h-rows", Value: new(wfv1.AnyString("{{" + root + ".h.outputs.parameters.rows}}"))}, {Name: "h-status", Value: new(wfv1.AnyString("{{" + root + ".h.status}}"))}}}
	}
	const args = "{{inputs.parameters.h-rows}} {{inputs.parameters.h-status}} {{workflow.status}}"
	w := built(t, pipeline(hooked()))
	want := wfv1.LifecycleHooks{"exit": {Template: "h-exit", Expression: `tasks.h.status == "Failed"`, Arguments: arguments("tasks")}}
	if diff := cmp.Diff(want, w.GetTemplateByName("main").DAG.Tasks[0].Hooks); diff != "" {
		t.Errorf("in a DAG: -want +got:\n%s", diff)
	}
	if got := strings.Join(w.GetTemplateByName("h-exit").Container.Args, " "); got != args {
		t.Errorf("the hook gets %s", got)
	}
	w = built(t, pipeline(&workflow.Task{Name: "s", Step: workflow.Steps{{hooked()}}}))
	want = wfv1.LifecycleHooks{"exit": {Template: "s-h-exit", Expression: `steps.h.status == "Failed"`, Arguments: arguments("steps")}}
	if diff := cmp.Diff(want, w.GetTemplateByName("s").Steps[0].Steps[0].Hooks); diff != "" {
		t.Errorf("in steps: -want +got:\n%s", diff)
	}
}

// TestExitHandlers: whatever the exit handler is, it gets what Argo would give
// to it, beside the deletion and alone.
func TestExitHandlers(t *testing.T) {
	last := &workflow.Definition{Name: "bye", Inputs: workflow.Inputs{Parameters: []workflow.Input{{Name: "date"}, {Name: "note", Default: new("")}}}, Step: tool("{{workflow.status}}", "{{inputs.parameters.date}}")}
	value := wfv1.Arguments{Parameters: []wfv1.Parameter{{Name: "date", Value: new(wfv1.AnyString("{{workflow.parameters.date}}"))}}}
	shared := &wfv1.TemplateRef{Name: "shared", Template: "say"}
	for name, tc := range map[string]struct {
		step   workflow.Step
		beside wfv1.WorkflowStep
		alone  string
		hook   *wfv1.TemplateRef
	}{
		"a definition with inputs":    {last, wfv1.WorkflowStep{Name: "bye", Template: "bye", Arguments: value}, "bye", nil},
		"a DAG":                       {workflow.DAG{Tasks: []*workflow.Task{{Name: "a", Step: tool("{{workflow.status}}")}}}, wfv1.WorkflowStep{Name: "exit", Template: "exit"}, "exit", nil},
		"a template of another":       {workflow.TemplateRef{Name: "shared", Template: "say"}, wfv1.WorkflowStep{Name: "say", TemplateRef: shared}, "", shared},
		"a pointer to a reference":    {&workflow.TemplateRef{Name: "shared", Template: "say"}, wfv1.WorkflowStep{Name: "say", TemplateRef: shared}, "", shared},
		"a container, by its pointer": {new(tool("{{workflow.status}}")), wfv1.WorkflowStep{Name: "exit", Template: "exit"}, "exit", nil},
	} {
		t.Run(name, func(t *testing.T) {
			p := pipeline(&workflow.Task{Name: "load", Run: &job{}})
			p.OnExit = tc.step
			w := built(t, p)
			if diff := cmp.Diff(tc.beside, w.GetTemplateByName("clean-up").Steps[0].Steps[0]); diff != "" || w.Spec.OnExit != "clean-up" {
				t.Errorf("onExit is %q, -want +got:\n%s", w.Spec.OnExit, diff)
			}
			p.KeepFailed = true
			w = built(t, p)
			if diff := cmp.Diff(tc.hook, w.Spec.Hooks["exit"].TemplateRef); diff != "" || w.Spec.OnExit != tc.alone {
				t.Errorf("kept, onExit is %q, -want +got:\n%s", w.Spec.OnExit, diff)
			}
		})
	}
}

// TestBaseAddsOutputs: a template of Base may add to what a task puts out.
func TestBaseAddsOutputs(t *testing.T) {
	for name, base := range map[string]*workflow.Task{
		"count": counting("count"),
		"d":     {Name: "count", Step: &workflow.Definition{Name: "d", Step: tool()}},
	} {
		p := pipeline(base, &workflow.Task{Name: "use", Step: tool(base.Output("more").Ref())})
		p.Base.Templates = []wfv1.Template{{Name: name, Outputs: wfv1.Outputs{Parameters: []wfv1.Parameter{{Name: "more", ValueFrom: &wfv1.ValueFrom{Path: "/more"}}}}}}
		built(t, p)
		p.Base.Templates[0].Name = "other"
		if _, err := p.WorkflowTemplate(); !has(findings(t, err), "Tasks[1].Step.Args[0]", millrace.RuleUnknown) {
			t.Errorf("%s: an output that nobody has: %v", name, err)
		}
	}
}

// TestEdgeMistakes: what looks right in Go, and is nothing to Argo.
func TestEdgeMistakes(t *testing.T) {
	count := counting("count")
	in := workflow.Artifact{Name: "in"}
	once := &workflow.Retry{Limit: new(1)}
	raw := byHand()
	raw.RetryStrategy = &wfv1.RetryStrategy{RetryPolicy: wfv1.RetryPolicyAlways}
	for name, tc := range map[string]struct {
		tasks       []*workflow.Task
		field, rule string
	}{
		"a loop over its own item":      {[]*workflow.Task{{Name: "use", Step: tool(), Loop: workflow.Over(workflow.Item.Field("x").Ref())}}, "Tasks[0].Loop", millrace.RuleUnknown},
		"an item that refers to items":  {[]*workflow.Task{{Name: "use", Step: tool(), Loop: workflow.Items{[]string{workflow.Item.Ref()}}}}, "Tasks[0].Loop[0]", millrace.RuleUnknown},
		"a key that refers to nothing":  {[]*workflow.Task{{Name: "use", Step: tool(), Loop: workflow.Items{map[string]any{"{{tasks.x.outputs.result}}": 1}}}}, "Tasks[0].Loop[0]", millrace.RuleUnknown},
		"a sequence by its own item":    {[]*workflow.Task{{Name: "use", Step: tool(), Loop: workflow.Sequence{Count: workflow.Item.Ref()}}}, "Tasks[0].Loop.Count", millrace.RuleUnknown},
		"an item where the loop is nil": {[]*workflow.Task{{Name: "use", Step: tool(workflow.Item.Ref()), Loop: (*workflow.Items)(nil)}}, "Tasks[0].Step.Args[0]", millrace.RuleUnknown},
		"an item in a hook": {[]*workflow.Task{{Name: "outer", Loop: workflow.Items{1}, Step: workflow.DAG{Tasks: []*workflow.Task{
			{Name: "inner", Loop: workflow.Items{2}, Step: tool(), Hooks: map[string]workflow.Hook{workflow.Exit: {Step: tool(workflow.Item.Ref())}}}}}}},
			"Tasks[0].Step.Tasks[0].Hooks[exit].Step.Args[0]", millrace.RuleUnsupported},
		"an artifact as a text": {[]*workflow.Task{count, {Name: "use", Step: tool(workflow.Variable(count.Artifact("model")).Ref())}}, "Tasks[1].Step.Args[0]", millrace.RuleUnsupported},
		"the path of an artifact around": {[]*workflow.Task{count, {Name: "outer", Inputs: []workflow.Artifact{{Name: "in", From: count.Artifact("model")}}, Step: workflow.DAG{Tasks: []*workflow.Task{
			{Name: "inner", Step: tool((in.Variable() + ".path").Ref())}}}}}, "Tasks[1].Step.Tasks[0].Step.Args[0]", millrace.RuleUnsupported},
		"a retry on the output of a task":   {[]*workflow.Task{count, {Name: "use", Step: tool(), Retry: &workflow.Retry{When: count.Output("rows").Equal("x")}}}, "Tasks[1].Retry.When", millrace.RuleUnknown},
		"a retry on a parameter":            {[]*workflow.Task{{Name: "use", Step: tool(), Retry: &workflow.Retry{When: date.Variable().Equal("x")}}}, "Tasks[0].Retry.When", millrace.RuleUnknown},
		"two retries of a template by hand": {[]*workflow.Task{{Name: "use", Step: raw, Retry: once}}, "Tasks[0].Retry", millrace.RuleConflict},
		"two retries of a definition": {[]*workflow.Task{{Name: "use", Step: &workflow.Definition{Name: "d", Step: tool(), Retry: once,
			Base: wfv1.Template{RetryStrategy: &wfv1.RetryStrategy{RetryPolicy: wfv1.RetryPolicyAlways}}}}}, "Tasks[0].Step.Retry", millrace.RuleConflict},
		"a definition in capitals with a pod":          {[]*workflow.Task{{Name: "use", Step: &workflow.Definition{Name: "Shared", Step: tool()}}}, "Tasks[0].Step.Name", millrace.RuleInvalid},
		"a definition in capitals with a pod, in Base": {[]*workflow.Task{{Name: "use", Step: &workflow.Definition{Name: "Shared", Base: wfv1.Template{Container: &corev1.Container{Image: "a:1", Command: []string{"a"}}}}}}, "Tasks[0].Step.Name", millrace.RuleInvalid},
		"two jobs inside of tasks that would have one name": {[]*workflow.Task{{Name: "a-b", Inline: true, Run: &job{}}, {Name: "a", Step: workflow.DAG{Tasks: []*workflow.Task{{Name: "b", Inline: true, Run: &job{}}}}}},
			"Tasks[1].Step.Tasks[0].Name", millrace.RuleDuplicate},
		"tasks that differ in case": {[]*workflow.Task{{Name: "A", Step: tool()}, {Name: "a", Step: tool()}}, "Tasks[1].Name", millrace.RuleDuplicate},
		"a DAG that holds itself": {func() []*workflow.Task {
			self := &workflow.Task{Name: "self"}
			self.Step = &workflow.DAG{Tasks: []*workflow.Task{self}}
			return []*workflow.Task{self}
		}(), "Tasks[0].Step.Tasks[0]", millrace.RuleDuplicate},
		"a hook that holds its task": {func() []*workflow.Task {
			self := &workflow.Task{Name: "self", Step: tool()}
			self.Hooks = map[string]workflow.Hook{workflow.Exit: {Step: workflow.Steps{{self}}}}
			return []*workflow.Task{self}
		}(), "Tasks[0].Hooks[exit].Step[0][0]", millrace.RuleDuplicate},
		"a step that is a nil pointer": {[]*workflow.Task{{Name: "use", Step: (*workflow.DAG)(nil)}}, "Tasks[0].Run", millrace.RuleRequired},
		"a reference that is nil":      {[]*workflow.Task{{Name: "use", Step: (*workflow.TemplateRef)(nil)}}, "Tasks[0].Run", millrace.RuleRequired},
		"an artifact that is nil":      {[]*workflow.Task{{Name: "use", Step: tool(), Inputs: []workflow.Artifact{{Name: "in", Path: "/in", From: (*workflow.RepositoryKey)(nil)}}}}, "Tasks[0].Inputs[0].From", millrace.RuleRequired},
		"a mistake in an output's formula": {[]*workflow.Task{{Name: "d", Step: workflow.DAG{Tasks: []*workflow.Task{counting("x")}}, Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "o", Expression: workflow.Value(nil)}}}}},
			"Tasks[0].Outputs.Parameters[0].Expression", millrace.RuleInvalid},
		"a mistake in an output artifact's formula": {[]*workflow.Task{{Name: "d", Step: workflow.DAG{Tasks: []*workflow.Task{counting("x")}}, Outputs: workflow.Outputs{Artifacts: []workflow.Artifact{{Name: "o", Expression: workflow.Value(nil)}}}}},
			"Tasks[0].Outputs.Artifacts[0].Expression", millrace.RuleInvalid},
		"a mistake in the formula of a source": {[]*workflow.Task{{Name: "use", Step: tool(), Inputs: []workflow.Artifact{{Name: "in", Path: "/in", From: workflow.FromExpression(workflow.Value(nil))}}}},
			"Tasks[0].Inputs[0].From", millrace.RuleInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pipeline(tc.tasks...).WorkflowTemplate()
			if !has(findings(t, err), tc.field, tc.rule) {
				t.Errorf("no %s at %s, but: %v", tc.rule, tc.field, err)
			}
		})
	}
}

// TestJobAtTheEnd: what an exit handler creates would be deleted beside it.
func TestJobAtTheEnd(t *testing.T) {
	p := pipeline(counting("count"))
	p.OnExit = workflow.DAG{Tasks: []*workflow.Task{{Name: "load", Run: &job{}}}}
	if _, err := p.WorkflowTemplate(); !has(findings(t, err), "OnExit", millrace.RuleUnsupported) {
		t.Errorf("no finding, but: %v", err)
	}
	p.KeepFailed = true
	if w := built(t, p); w.Spec.OnExit != "exit" {
		t.Errorf("kept, onExit is %q", w.Spec.OnExit)
	}
}

// TestRetryOfAllTasks: what is wrong with it is said once.
func TestRetryOfAllTasks(t *testing.T) {
	p := pipeline(counting("a"), counting("b"))
	p.Retry.When = date.Variable().Equal("x")
	if _, err := p.WorkflowTemplate(); len(findings(t, err)) != 1 || !has(findings(t, err), "Retry.When", millrace.RuleUnknown) {
		t.Errorf("not one finding, but: %v", err)
	}
	p.Retry.When = workflow.And(workflow.LastRetryExitCode.Equal("75"), workflow.Retries.Int().Less(3))
	if got, want := built(t, p).GetTemplateByName("b").RetryStrategy.Expression, `lastRetry.exitCode == "75" && asInt(retries) < 3`; got != want {
		t.Errorf("the condition is %s", got)
	}
}
