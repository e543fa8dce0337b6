package workflow_test

import (
	"math"
	"strings"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// badTasks are mistakes in the second of two tasks.
var badTasks = []struct {
	name        string
	change      func(first, task *workflow.Task)
	field, rule string
}{
	{"no name", func(_, t *workflow.Task) { t.Name = "" }, "Tasks[1].Name", millrace.RuleRequired},
	{"a name that is too long", func(_, t *workflow.Task) { t.Name = strings.Repeat("a", 129) }, "Tasks[1].Name", millrace.RuleInvalid},
	{"a definition whose name is none", func(_, t *workflow.Task) { t.Step = &workflow.Definition{Name: "a_b", Step: tool()} }, "Tasks[1].Step.Name", millrace.RuleInvalid},
	{"a definition whose name is too long", func(_, t *workflow.Task) {
		t.Step = &workflow.Definition{Name: strings.Repeat("a", 129), Step: tool()}
	}, "Tasks[1].Step.Name", millrace.RuleInvalid},
	{"Depends on itself", func(_, t *workflow.Task) { t.Depends = t.Failed() }, "Tasks[1].Depends", millrace.RuleCycle},
	{"Depends on a task that is not listed", func(_, t *workflow.Task) { t.Depends = counting("x").Failed() }, "Tasks[1].Depends", millrace.RuleUnknown},
	{"steps without a group", func(_, t *workflow.Task) { t.Step = workflow.Steps{} }, "Tasks[1].Step", millrace.RuleRequired},
	{"a condition that is none", func(_, t *workflow.Task) { t.When = workflow.Value("x") }, "Tasks[1].When", millrace.RuleInvalid},
	{"an item that is none", func(_, t *workflow.Task) { t.Loop = workflow.Items{"a", nil} }, "Tasks[1].Loop[1]", millrace.RuleInvalid},
	{"an item that JSON can't hold", func(_, t *workflow.Task) { t.Loop = workflow.Items{make(chan int)} }, "Tasks[1].Loop[0]", millrace.RuleInvalid},
	{"a definition that is nil, with arguments", func(_, t *workflow.Task) {
		t.Step, t.Arguments = (*workflow.Definition)(nil), map[string]string{"x": "y"}
		t.Artifacts = map[string]workflow.Location{"a": workflow.Content("x")}
	}, "Tasks[1].Run", millrace.RuleRequired},
	{"an artifact that is missing", func(_, t *workflow.Task) { t.Step = takes("a") }, "Tasks[1].Artifacts[a]", millrace.RuleRequired},
	{"an artifact that nobody takes", func(_, t *workflow.Task) {
		t.Step = takes("a")
		t.Artifacts = map[string]workflow.Location{"a": workflow.Content("x"), "b": workflow.Content("y")}
	}, "Tasks[1].Artifacts[b]", millrace.RuleUnknown},
	{"what a task has no words for", func(first, t *workflow.Task) { t.Step = tool("{{tasks.first.outputs.files.x}}") }, "Tasks[1].Step.Args[0]", millrace.RuleUnknown},
	{"a fraction of a second", func(_, t *workflow.Task) { t.Retry = &workflow.Retry{Backoff: time.Millisecond} }, "Tasks[1].Retry.Backoff", millrace.RuleInvalid},
	{"retries that are over before they begin", func(_, t *workflow.Task) { t.Retry = &workflow.Retry{Backoff: time.Hour, MaxDuration: time.Minute} }, "Tasks[1].Retry.MaxDuration", millrace.RuleConflict},
	{"an absurd factor", func(_, t *workflow.Task) { t.Retry = &workflow.Retry{Factor: math.MaxInt} }, "Tasks[1].Retry.Factor", millrace.RuleInvalid},
	{"a policy that Argo has not", func(_, t *workflow.Task) { t.Retry = &workflow.Retry{Policy: "Never"} }, "Tasks[1].Retry.Policy", millrace.RuleInvalid},
	{"a policy and failures", func(_, t *workflow.Task) { t.Retry = &workflow.Retry{Policy: workflow.RetryAlways, Failures: true} }, "Tasks[1].Retry.Policy", millrace.RuleConflict},
	{"a policy and a condition", func(_, t *workflow.Task) {
		t.Retry = &workflow.Retry{Policy: workflow.RetryAlways, When: workflow.LastRetryExitCode.Equal("1")}
	}, "Tasks[1].Retry.Policy", millrace.RuleConflict},
	{"a deadline of a DAG", func(_, t *workflow.Task) {
		t.Step, t.Deadline = workflow.DAG{Tasks: []*workflow.Task{{Name: "a", Step: tool()}}}, time.Minute
	}, "Tasks[1].Deadline", millrace.RuleUnsupported},
	{"a deadline of steps", func(_, t *workflow.Task) {
		t.Step, t.Deadline = workflow.Steps{{{Name: "a", Step: tool()}}}, time.Minute
	}, "Tasks[1].Deadline", millrace.RuleUnsupported},
	{"a definition that is a reference", func(_, t *workflow.Task) {
		t.Step = &workflow.Definition{Name: "d", Step: workflow.TemplateRef{Name: "a", Template: "b"}}
	}, "Tasks[1].Step.Step", millrace.RuleUnsupported},
	{"a definition that is another one", func(_, t *workflow.Task) {
		t.Step = &workflow.Definition{Name: "d", Step: takes("a")}
	}, "Tasks[1].Step.Step", millrace.RuleUnsupported},
	{"a cycle by Depends", func(first, t *workflow.Task) { first.After, t.Depends = []*workflow.Task{t}, first.Failed() }, "Tasks[1].Depends", millrace.RuleCycle},
	// What Argo itself refuses is said at the task.
	{"a lock called by a task that lies in it", func(first, t *workflow.Task) {
		inner := counting("inner")
		t.Step, t.Outputs = workflow.DAG{Tasks: []*workflow.Task{inner}}, workflow.Outputs{}
		t.Settings.Locks = []workflow.Lock{workflow.Mutex{Name: inner.Result().Ref()}}
	}, "Tasks[1]", "workflow/reference"},
}

// takes is a definition that takes an artifact.
func takes(name string) *workflow.Definition {
	return &workflow.Definition{Name: "takes", Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{{Name: name, Path: "/" + name}}}, Step: tool()}
}

func TestBadTasks(t *testing.T) {
	for _, tc := range badTasks {
		t.Run(tc.name, func(t *testing.T) {
			first, task := counting("first"), &workflow.Task{Name: "second", Step: tool()}
			tc.change(first, task)
			_, err := pipeline(first, task).WorkflowTemplate()
			if !has(findings(t, err), tc.field, tc.rule) {
				t.Errorf("no %s at %s, but: %v", tc.rule, tc.field, err)
			}
		})
	}
}

// TestTaskTexts: texts are resolved wherever a step holds them.
func TestTaskTexts(t *testing.T) {
	const rows = "{{inputs.parameters.count-rows}}"
	for name, tc := range map[string]struct {
		make func(t *workflow.Task, rows string)
		got  func(*wfv1.Template) string
		want string
	}{
		"inside of the task": {func(t *workflow.Task, rows string) { t.Inline, t.Step = true, tool(rows) }, func(t *wfv1.Template) string { return t.Container.Args[0] }, rows},
		"a value of a map":   {func(t *workflow.Task, rows string) { t.Settings.Annotations = map[string]string{"a": rows} }, func(t *wfv1.Template) string { return t.Annotations["a"] }, rows},
		"a plugin": {func(t *workflow.Task, rows string) {
			t.Step = workflow.Plugin{Name: "p", Config: map[string]any{"a": rows}}
		}, func(t *wfv1.Template) string { return string(t.Plugin.Value) }, `{"p":{"a":"` + rows + `"}}`},
		"braces that are not": {func(t *workflow.Task, rows string) { t.Step = tool(rows, "a{", "{{ b.c }}") }, func(t *wfv1.Template) string { return strings.Join(t.Container.Args, " ") }, rows + " a{ {{ b.c }}"},
		"annotations by hand": {func(t *workflow.Task, rows string) {
			t.Step = workflow.Raw{Metadata: wfv1.Metadata{Annotations: map[string]string{"a": rows}}, Container: &corev1.Container{Image: "a:1", Command: []string{"a"}}}
		}, func(t *wfv1.Template) string { return t.Metadata.Annotations["a"] }, rows},
	} {
		t.Run(name, func(t *testing.T) {
			count, task := counting("count"), &workflow.Task{Name: "use", Step: tool()}
			tc.make(task, count.Output("rows").Ref())
			w := built(t, pipeline(count, task))
			call := w.GetTemplateByName("main").DAG.Tasks[1]
			if len(call.Arguments.Parameters) != 1 || call.Arguments.Parameters[0].GetValue() != count.Output("rows").Ref() {
				t.Errorf("the arguments are %v", call.Arguments)
			}
			of := call.Inline
			if of == nil {
				of = w.GetTemplateByName("use")
			}
			if got := tc.got(of); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// TestComputedOutputs: what DAGs and steps put out names their tasks as Argo
// does there.
func TestComputedOutputs(t *testing.T) {
	inner := counting("inner")
	inner.ContinueOn.Error = true
	outputs := workflow.Outputs{
		Parameters: []workflow.Output{{Name: "o", Expression: inner.Output("rows").Upper()}},
		Artifacts:  []workflow.Artifact{{Name: "a", Expression: workflow.Expr("tasks.inner.outputs.artifacts.model")}},
	}
	w := built(t, pipeline(&workflow.Task{Name: "s", Step: workflow.Steps{{inner}}, Outputs: outputs}))
	out := w.GetTemplateByName("s").Outputs
	if got := out.Parameters[0].ValueFrom.Expression; got != "upper(steps.inner.outputs.parameters.rows)" {
		t.Errorf("the parameter is %s", got)
	}
	if got := out.Artifacts[0].FromExpression; got != "steps.inner.outputs.artifacts.model" {
		t.Errorf("the artifact is %s", got)
	}
	if diff := cmp.Diff(&wfv1.ContinueOn{Error: true}, w.GetTemplateByName("s").Steps[0].Steps[0].ContinueOn); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestLists: the outputs of all items are one, and a daemon that is none is
// waited for until its end.
func TestLists(t *testing.T) {
	each := counting("each")
	each.Loop = workflow.Items{1, 2}
	quiet := &workflow.Task{Name: "quiet", Step: &workflow.Definition{Name: "d", Step: tool(), Base: wfv1.Template{Daemon: new(false)}}}
	w := built(t, pipeline(each, quiet, &workflow.Task{Name: "use", Step: tool(each.OutputList().Ref()), After: []*workflow.Task{quiet}}))
	use := w.GetTemplateByName("main").DAG.Tasks[2]
	if use.Depends != "quiet.Succeeded && each.Succeeded" || use.Arguments.Parameters[0].GetValue() != "{{tasks.each.outputs.parameters}}" {
		t.Errorf("it is %v", use)
	}
}

// TestTarget names the tasks that have to succeed.
func TestTarget(t *testing.T) {
	a, b, c := counting("a"), counting("b"), counting("c")
	w := built(t, pipeline(&workflow.Task{Name: "d", Step: workflow.DAG{Tasks: []*workflow.Task{a, b, c}, Target: []*workflow.Task{c, a}}}))
	if got := w.GetTemplateByName("d").DAG.Target; got != "c a" {
		t.Errorf("the target is %q", got)
	}
}

// TestOneOfBoth: what is for the whole cluster says so.
func TestOneOfBoth(t *testing.T) {
	if _, err := pipeline(counting("a")).ClusterWorkflowTemplate(); !has(findings(t, err), "ClusterWide", millrace.RuleRequired) {
		t.Errorf("no finding, but: %v", err)
	}
	if _, err := (*workflow.Template)(nil).ClusterWorkflowTemplate(); len(findings(t, err)) != 1 {
		t.Errorf("a nil one: %v", err)
	}
	p := pipeline()
	p.Base = wfv1.WorkflowSpec{Entrypoint: "a", Templates: []wfv1.Template{{Name: "a", Container: &corev1.Container{Image: "a:1", Command: []string{"a"}}}}}
	if w := built(t, p); w.Spec.Entrypoint != "a" || len(w.Spec.Templates) != 1 {
		t.Errorf("starts with %q, of %d templates", w.Spec.Entrypoint, len(w.Spec.Templates))
	}
}

// TestPlainRetry: of a plain template nothing is rendered but what is set.
func TestPlainRetry(t *testing.T) {
	for name, tc := range map[string]struct {
		retry workflow.Retry
		want  *wfv1.Backoff
	}{
		"none":         {workflow.Retry{Limit: new(1)}, nil},
		"max duration": {workflow.Retry{MaxDuration: time.Hour}, &wfv1.Backoff{Duration: "30s", MaxDuration: "1h"}},
		"cap":          {workflow.Retry{MaxBackoff: time.Hour}, &wfv1.Backoff{Duration: "30s", Cap: "1h"}},
		"backoff":      {workflow.Retry{Backoff: time.Minute}, &wfv1.Backoff{Duration: "1m"}},
	} {
		p := pipeline(&workflow.Task{Name: "a", Step: tool(), Retry: &tc.retry})
		p.Plain = true
		if diff := cmp.Diff(tc.want, built(t, p).GetTemplateByName("a").RetryStrategy.Backoff); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
	p := pipeline(&workflow.Task{Name: "a", Step: tool(), Retry: &workflow.Retry{Limit: new(0), When: workflow.LastRetryExitCode.Equal("1")}})
	if r := built(t, p).GetTemplateByName("a").RetryStrategy; r != nil {
		t.Errorf("no retry is %v", r)
	}
}

func TestRefOfNothing(t *testing.T) {
	d := &workflow.Definition{Name: "d", Step: tool()}
	p := &workflow.Template{Name: "shared", ClusterWide: true}
	if got, want := p.Ref(d), (workflow.TemplateRef{Name: "shared", Template: "d", ClusterWide: true}); got != want {
		t.Errorf("got %v", got)
	}
	if got := p.Ref(nil); got != (workflow.TemplateRef{}) {
		t.Errorf("of no definition: %v", got)
	}
	if got := (*workflow.Template)(nil).Ref(d); got != (workflow.TemplateRef{}) {
		t.Errorf("of no template: %v", got)
	}
}
