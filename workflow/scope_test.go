package workflow_test

import (
	"math"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// tool is a container that is given as it stands.
func tool(args ...string) workflow.Container {
	return workflow.Container{Image: "company-registry/tool:1", Command: []string{"tool"}, Args: args}
}

func pipeline(tasks ...*workflow.Task) *workflow.Template {
	return &workflow.Template{Name: "scopes", Namespace: "data-platform", ServiceAccount: "argo-workflow-sa",
		Parameters: []workflow.Parameter{date}, Tasks: tasks}
}

func built(t *testing.T, p *workflow.Template) *wfv1.WorkflowTemplate {
	t.Helper()
	out, err := p.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wiring is what a template's texts and its callers' arguments are, in a form
// that a person reads.
func wiring(w *wfv1.WorkflowTemplate) []string {
	var out []string
	say := func(name string, a wfv1.Arguments, more ...string) {
		words := []string{name}
		for _, p := range a.Parameters {
			words = append(words, p.Name+"="+p.GetValue())
		}
		for _, a := range a.Artifacts {
			words = append(words, a.Name+"<"+a.From)
		}
		out = append(out, strings.Join(append(words, more...), " "))
	}
	for _, t := range w.Spec.Templates {
		var takes []string
		for _, p := range t.Inputs.Parameters {
			takes = append(takes, p.Name)
		}
		for _, a := range t.Inputs.Artifacts {
			takes = append(takes, "<"+a.Name)
		}
		head := t.Name + "(" + strings.Join(takes, " ") + ")"
		if t.Container != nil {
			head += ": " + strings.Join(t.Container.Args, " ")
		}
		out = append(out, strings.TrimRight(head, " "))
		if t.DAG != nil {
			for _, task := range t.DAG.Tasks {
				more := []string{}
				if task.Depends != "" {
					more = append(more, "after", task.Depends)
				}
				if task.WithParam != "" {
					more = append(more, "over", task.WithParam)
				}
				say("  "+task.Name+" -> "+task.Template, task.Arguments, more...)
			}
		}
		for i, group := range t.Steps {
			for _, step := range group.Steps {
				say("  "+strings.Repeat("+", i)+step.Name+" -> "+step.Template, step.Arguments)
			}
		}
	}
	return out
}

// TestCapture: what a step takes from around it becomes an input of its
// template, an argument of its task, and an edge.
func TestCapture(t *testing.T) {
	count := &workflow.Task{Name: "count", Step: tool(), Outputs: workflow.Outputs{
		Parameters: []workflow.Output{{Name: "rows", Path: "/rows"}}, Artifacts: []workflow.Artifact{{Name: "model", Path: "/model"}}}}
	list := &workflow.Task{Name: "list", Step: tool()}
	message := workflow.Input{Name: "message"}
	say := &workflow.Definition{Name: "say", Inputs: workflow.Inputs{Parameters: []workflow.Input{message}}, Step: tool(message.Ref())}
	for name, tc := range map[string]struct {
		tasks []*workflow.Task
		want  []string
	}{
		"an output in a text": {[]*workflow.Task{count, {Name: "use", Step: tool("--rows="+count.Output("rows").Ref(), count.Output("rows").Ref(), date.Ref())}}, []string{
			"main()", "  count -> count", "  use -> use count-rows={{tasks.count.outputs.parameters.rows}} after count.Succeeded",
			"count():", "use(count-rows): --rows={{inputs.parameters.count-rows}} {{inputs.parameters.count-rows}} {{workflow.parameters.date}}",
		}},
		"an edge that is there already": {[]*workflow.Task{count, {Name: "use", After: []*workflow.Task{count}, Step: tool(count.Result().Ref())}}, []string{
			"main()", "  count -> count", "  use -> use count-result={{tasks.count.outputs.result}} after count.Succeeded",
			"count():", "use(count-result): {{inputs.parameters.count-result}}",
		}},
		"the items of another task's output": {[]*workflow.Task{list, {Name: "each", Loop: workflow.Over(list.Result().Ref()), Step: tool(workflow.Item.Ref(), workflow.Item.Field("name").Ref())}}, []string{
			"main()", "  list -> list", "  each -> each item={{item}} item-name={{item.name}} after list.Succeeded over {{tasks.list.outputs.result}}",
			"list():", "each(item item-name): {{inputs.parameters.item}} {{inputs.parameters.item-name}}",
		}},
		"an argument": {[]*workflow.Task{count, {Name: "use", Step: say, Arguments: map[string]string{"message": "rows: " + count.Output("rows").Ref()}}}, []string{
			"main()", "  count -> count", "  use -> say message=rows: {{tasks.count.outputs.parameters.rows}} after count.Succeeded",
			"count():", "say(message): {{inputs.parameters.message}}",
		}},
		"an artifact": {[]*workflow.Task{count, {Name: "use", Step: tool(), Inputs: []workflow.Artifact{{Name: "in", Path: "/in", From: count.Artifact("model")}}}}, []string{
			"main()", "  count -> count", "  use -> use in<{{tasks.count.outputs.artifacts.model}} after count.Succeeded",
			"count():", "use(<in):",
		}},
		"through a nested DAG": {[]*workflow.Task{count, {Name: "outer", Loop: workflow.Items{1, 2}, Step: workflow.DAG{Tasks: []*workflow.Task{
			{Name: "inner", Step: tool(count.Output("rows").Ref(), workflow.Item.Ref())},
		}}}}, []string{
			"main()", "  count -> count", "  outer -> outer count-rows={{tasks.count.outputs.parameters.rows}} item={{item}} after count.Succeeded",
			"count():",
			"outer(count-rows item)", "  inner -> outer-inner count-rows={{inputs.parameters.count-rows}} item={{inputs.parameters.item}}",
			"outer-inner(count-rows item): {{inputs.parameters.count-rows}} {{inputs.parameters.item}}",
		}},
		"an artifact through a nested DAG": {[]*workflow.Task{count, {Name: "outer", Step: workflow.DAG{Tasks: []*workflow.Task{
			{Name: "inner", Step: tool(), Inputs: []workflow.Artifact{{Name: "in", Path: "/in", From: count.Artifact("model")}}},
		}}}}, []string{
			"main()", "  count -> count", "  outer -> outer count-model<{{tasks.count.outputs.artifacts.model}} after count.Succeeded",
			"count():",
			"outer(<count-model)", "  inner -> outer-inner in<{{inputs.artifacts.count-model}}",
			"outer-inner(<in):",
		}},
		"steps name their own": {func() []*workflow.Task {
			first := &workflow.Task{Name: "first", Step: tool()}
			return []*workflow.Task{{Name: "s", Step: workflow.Steps{{first}, {{Name: "second", Step: tool(first.Result().Ref())}}}}}
		}(), []string{
			"main()", "  s -> s", "s()", "  first -> s-first", "  +second -> s-second first-result={{steps.first.outputs.result}}",
			"s-first():", "s-second(first-result): {{inputs.parameters.first-result}}",
		}},
		"a definition's input, inside of its DAG": {[]*workflow.Task{{Name: "use", Step: &workflow.Definition{
			Name: "two", Inputs: workflow.Inputs{Parameters: []workflow.Input{message}},
			Step: workflow.DAG{Tasks: []*workflow.Task{{Name: "a", Step: tool(message.Ref())}, {Name: "b", Step: say, Arguments: map[string]string{"message": message.Ref()}}}},
		}, Arguments: map[string]string{"message": "x"}}}, []string{
			"main()", "  use -> two message=x",
			"two(message)", "  a -> two-a message={{inputs.parameters.message}}", "  b -> say message={{inputs.parameters.message}}",
			"two-a(message): {{inputs.parameters.message}}", "say(message): {{inputs.parameters.message}}",
		}},
		"two names that would be one": {func() []*workflow.Task {
			outputs := workflow.Outputs{Parameters: []workflow.Output{{Name: "b-c", Path: "/x"}, {Name: "c", Path: "/y"}}}
			a, ab := &workflow.Task{Name: "a", Step: tool(), Outputs: outputs}, &workflow.Task{Name: "a-b", Step: tool(), Outputs: outputs}
			return []*workflow.Task{a, ab, {Name: "use", Step: tool(a.Output("b-c").Ref(), ab.Output("c").Ref())}}
		}(), []string{
			"main()", "  a -> a", "  a-b -> a-b", "  use -> use a-b-c={{tasks.a.outputs.parameters.b-c}} a-b-c-2={{tasks.a-b.outputs.parameters.c}} after a.Succeeded && a-b.Succeeded",
			"a():", "a-b():", "use(a-b-c a-b-c-2): {{inputs.parameters.a-b-c}} {{inputs.parameters.a-b-c-2}}",
		}},
		"a loop over nothing is done": {func() []*workflow.Task {
			each := &workflow.Task{Name: "each", Loop: workflow.Over(list.Result().Ref()), Step: tool()}
			some := &workflow.Task{Name: "some", Loop: workflow.Over(list.Result().Ref()), Step: tool(), When: date.Variable().Equal("x")}
			return []*workflow.Task{list, each, some, {Name: "use", Step: tool(), After: []*workflow.Task{each, some}}}
		}(), []string{
			"main()", "  list -> list", "  each -> each after list.Succeeded over {{tasks.list.outputs.result}}",
			"  some -> some after list.Succeeded over {{tasks.list.outputs.result}}", "  use -> use after (each.Succeeded || each.Skipped) && some.Succeeded",
			"list():", "each():", "some():", "use():",
		}},
		"a daemon is waited for until it is ready": {func() []*workflow.Task {
			server := &workflow.Task{Name: "server", Step: tool(), Settings: workflow.Settings{Daemon: true}}
			soft := &workflow.Task{Name: "soft", Step: tool(), ContinueOn: workflow.ContinueOn{Failed: true}}
			return []*workflow.Task{server, soft, {Name: "use", Step: tool(), After: []*workflow.Task{server, soft}}}
		}(), []string{
			"main()", "  server -> server", "  soft -> soft", "  use -> use after (server.Succeeded || server.Daemoned) && (soft.Succeeded || soft.Failed)",
			"server():", "soft():", "use():",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, wiring(built(t, pipeline(tc.tasks...)))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestOutOfScope: a reference that nothing resolves where it stands is named
// there.
func TestOutOfScope(t *testing.T) {
	count := &workflow.Task{Name: "count", Step: tool(), Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "rows", Path: "/rows"}}}}
	tolerant := &workflow.Task{Name: "tolerant", Step: tool(), ContinueOn: workflow.ContinueOn{Error: true}}
	message := workflow.Input{Name: "message"}
	say := &workflow.Definition{Name: "say", Inputs: workflow.Inputs{Parameters: []workflow.Input{message}}, Step: tool(message.Ref())}
	for name, tc := range map[string]struct {
		tasks       []*workflow.Task
		field, rule string
	}{
		"an output that is not declared": {[]*workflow.Task{count, {Name: "use", Step: tool(count.Output("row").Ref())}}, "Tasks[1].Step.Args[0]", millrace.RuleUnknown},
		"an artifact that is not declared": {[]*workflow.Task{count, {Name: "use", Step: tool(), Inputs: []workflow.Artifact{{Name: "in", Path: "/in", From: count.Artifact("model")}}}},
			"Tasks[1].Inputs[0].From", millrace.RuleUnknown},
		"a task of another DAG": {[]*workflow.Task{{Name: "use", Step: tool(count.Result().Ref())}}, "Tasks[0].Step.Args[0]", millrace.RuleUnknown},
		"a task inside of another one": {[]*workflow.Task{{Name: "outer", Step: workflow.DAG{Tasks: []*workflow.Task{count}}}, {Name: "use", Step: tool(count.Result().Ref())}},
			"Tasks[1].Step.Args[0]", millrace.RuleUnknown},
		"an item without a loop":              {[]*workflow.Task{{Name: "use", Step: tool(workflow.Item.Ref())}}, "Tasks[0].Step.Args[0]", millrace.RuleUnknown},
		"an item in an argument":              {[]*workflow.Task{{Name: "use", Step: say, Arguments: map[string]string{"message": workflow.Item.Ref()}}}, "Tasks[0].Arguments[message]", millrace.RuleUnknown},
		"an input outside of its definition":  {[]*workflow.Task{{Name: "use", Step: tool(message.Ref())}}, "Tasks[0].Step.Args[0]", millrace.RuleUnknown},
		"a task's output inside a definition": {[]*workflow.Task{count, {Name: "use", Step: &workflow.Definition{Name: "d", Step: tool(count.Result().Ref())}}}, "Tasks[1].Step.Step.Args[0]", millrace.RuleUnknown},
		"its own result": {func() []*workflow.Task {
			use := &workflow.Task{Name: "use"}
			use.Step = tool(use.Result().Ref())
			return []*workflow.Task{use}
		}(), "Tasks[0].Step.Args[0]", millrace.RuleUnknown},
		"the status of a run that goes on":         {[]*workflow.Task{{Name: "use", Step: tool("{{workflow.status}}")}}, "Tasks[0].Step.Args[0]", millrace.RuleUnknown},
		"an argument that is missing":              {[]*workflow.Task{{Name: "use", Step: say}}, "Tasks[0].Arguments[message]", millrace.RuleRequired},
		"an argument that is not declared":         {[]*workflow.Task{{Name: "use", Step: say, Arguments: map[string]string{"message": "x", "mesage": "y"}}}, "Tasks[0].Arguments[mesage]", millrace.RuleUnknown},
		"an argument for a step of its own":        {[]*workflow.Task{{Name: "use", Step: tool(), Arguments: map[string]string{"message": "x"}}}, "Tasks[0].Arguments", millrace.RuleConflict},
		"a deadline for a shared step":             {[]*workflow.Task{{Name: "use", Step: say, Arguments: map[string]string{"message": "x"}, Deadline: 1e9}}, "Tasks[0].Deadline", millrace.RuleConflict},
		"a result of a later group":                {[]*workflow.Task{{Name: "s", Step: workflow.Steps{{{Name: "use", Step: tool(count.Result().Ref())}}, {count}}}}, "Tasks[0].Step[0][0].Step.Args[0]", millrace.RuleUnknown},
		"an After in steps":                        {[]*workflow.Task{{Name: "s", Step: workflow.Steps{{count}, {{Name: "use", Step: tool(), After: []*workflow.Task{count}}}}}}, "Tasks[0].Step[1][0].After", millrace.RuleUnsupported},
		"an empty group":                           {[]*workflow.Task{{Name: "s", Step: workflow.Steps{{count}, {}}}}, "Tasks[0].Step[1]", millrace.RuleRequired},
		"a task in two DAGs":                       {[]*workflow.Task{count, {Name: "d", Step: workflow.DAG{Tasks: []*workflow.Task{count}}}}, "Tasks[1].Step.Tasks[0]", millrace.RuleDuplicate},
		"a nested DAG without tasks":               {[]*workflow.Task{{Name: "d", Step: workflow.DAG{}}}, "Tasks[0].Step.Tasks", millrace.RuleRequired},
		"an empty list of items":                   {[]*workflow.Task{{Name: "use", Step: tool(), Loop: workflow.Items{}}}, "Tasks[0].Loop", millrace.RuleRequired},
		"a sequence without an end":                {[]*workflow.Task{{Name: "use", Step: tool(), Loop: workflow.Sequence{Start: "1"}}}, "Tasks[0].Loop.Count", millrace.RuleRequired},
		"a sequence with two ends":                 {[]*workflow.Task{{Name: "use", Step: tool(), Loop: workflow.Sequence{Count: "1", End: "2"}}}, "Tasks[0].Loop.Count", millrace.RuleConflict},
		"a sequence of texts":                      {[]*workflow.Task{{Name: "use", Step: tool(), Loop: workflow.Sequence{Count: "1", Format: "%s"}}}, "Tasks[0].Loop.Format", millrace.RuleInvalid},
		"a sequence all alike":                     {[]*workflow.Task{{Name: "use", Step: tool(), Loop: workflow.Sequence{Count: "1", Format: "node"}}}, "Tasks[0].Loop.Format", millrace.RuleInvalid},
		"a failure after which nothing goes on":    {[]*workflow.Task{{Name: "use", Step: tool(), ContinueOn: workflow.ContinueOn{Failed: true}}}, "Tasks[0].ContinueOn", millrace.RuleUnsupported},
		"a failure that a Depends says otherwise":  {[]*workflow.Task{tolerant, {Name: "use", Step: tool(), Depends: tolerant.Succeeded()}}, "Tasks[0].ContinueOn", millrace.RuleUnsupported},
		"a field that no item has":                 {[]*workflow.Task{{Name: "use", Step: tool(workflow.Item.Field("y").Ref()), Loop: workflow.Items{map[string]string{"x": "1"}}}}, "Tasks[0].Step", "workflow/reference"},
		"a field that no item has, as an argument": {[]*workflow.Task{{Name: "use", Step: say, Arguments: map[string]string{"message": workflow.Item.Field("y").Ref()}, Loop: workflow.Items{map[string]string{"x": "1"}}}}, "Tasks[0].Arguments", "workflow/reference"},
		"a loop over its own item":                 {[]*workflow.Task{{Name: "use", Step: tool(), Loop: workflow.Over(workflow.Item.Ref())}}, "Tasks[0].Loop", millrace.RuleUnknown},
		"an item of its own item":                  {[]*workflow.Task{{Name: "use", Step: tool(), Loop: workflow.Items{workflow.Item.Ref()}}}, "Tasks[0].Loop[0]", millrace.RuleUnknown},
		"a count of its own item":                  {[]*workflow.Task{{Name: "use", Step: tool(), Loop: workflow.Sequence{Count: workflow.Item.Ref()}}}, "Tasks[0].Loop.Count", millrace.RuleUnknown},
		"a hook without a condition":               {[]*workflow.Task{{Name: "use", Step: tool(), Hooks: map[string]workflow.Hook{"late": {Step: tool()}}}}, "Tasks[0].Hooks[late].When", millrace.RuleRequired},
		"a hook without a step":                    {[]*workflow.Task{{Name: "use", Step: tool(), Hooks: map[string]workflow.Hook{workflow.Exit: {}}}}, "Tasks[0].Hooks[exit].Step", millrace.RuleRequired},
		"a mistake in an expression in a text":     {[]*workflow.Task{{Name: "use", Step: tool(workflow.Value("fixed").Plus(workflow.Value(7)).Ref())}}, "Tasks[0].Step.Args[0]", millrace.RuleInvalid},
		"an edge that closes a cycle": {func() []*workflow.Task {
			a, b := &workflow.Task{Name: "a"}, &workflow.Task{Name: "b"}
			a.Step, b.Step = tool(b.Result().Ref()), tool(a.Result().Ref())
			return []*workflow.Task{a, b}
		}(), "Tasks[1]", millrace.RuleCycle},
		"a definition without a step":    {[]*workflow.Task{{Name: "use", Step: &workflow.Definition{Name: "d"}}}, "Tasks[0].Step.Step", millrace.RuleRequired},
		"two definitions of one name":    {[]*workflow.Task{{Name: "use", Step: &workflow.Definition{Name: "d", Step: tool()}}, {Name: "use2", Step: &workflow.Definition{Name: "d", Step: tool()}}}, "Tasks[1].Step.Name", millrace.RuleDuplicate},
		"a reference without a template": {[]*workflow.Task{{Name: "use", Step: workflow.TemplateRef{Name: "shared"}}}, "Tasks[0].Step.Template", millrace.RuleRequired},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pipeline(tc.tasks...).WorkflowTemplate()
			if !has(findings(t, err), tc.field, tc.rule) {
				t.Errorf("no %s at %s, but: %v", tc.rule, tc.field, err)
			}
		})
	}
}

// TestUniqueObjects: a job to which a run comes more than once is another
// object each time, and the same for every try.
func TestUniqueObjects(t *testing.T) {
	const plain = `"name": "{{workflow.name}}-`
	const unique = `string(sprig.trunc(8, sprig.sha256sum(node.name)))`
	for name, tc := range map[string]struct {
		task *workflow.Task
		want string
	}{
		"once":            {&workflow.Task{Name: "load", Run: &job{}}, plain + `load"`},
		"in a nested DAG": {&workflow.Task{Name: "outer", Step: workflow.DAG{Tasks: []*workflow.Task{{Name: "load", Run: &job{}}}}}, plain + `outer-load"`},
		"in a loop":       {&workflow.Task{Name: "load", Loop: workflow.Items{1, 2}, Run: &job{}}, unique},
		"in a DAG in a loop": {&workflow.Task{Name: "outer", Loop: workflow.Items{1, 2}, Step: workflow.DAG{Tasks: []*workflow.Task{{Name: "load", Run: &job{}}}}},
			unique},
		"in a DAG that is tried again": {&workflow.Task{Name: "outer", Retry: &workflow.Retry{Limit: new(1)}, Step: workflow.DAG{Tasks: []*workflow.Task{{Name: "load", Run: &job{}}}}},
			unique},
		"a job that is tried again": {&workflow.Task{Name: "load", Retry: &workflow.Retry{Limit: new(1)}, Run: &job{}}, plain + `load"`},
		"in a loop that is nil":     {&workflow.Task{Name: "load", Loop: (*workflow.Items)(nil), Run: &job{}}, plain + `load"`},
		"in a definition": {&workflow.Task{Name: "outer", Step: &workflow.Definition{Name: "shared", Step: workflow.DAG{Tasks: []*workflow.Task{{Name: "load", Run: &job{}}}}}},
			unique},
	} {
		t.Run(name, func(t *testing.T) {
			w := built(t, pipeline(tc.task))
			for _, tmpl := range w.Spec.Templates {
				if tmpl.Resource != nil && tmpl.Resource.Action == "apply" {
					if !strings.Contains(tmpl.Resource.Manifest, tc.want) {
						t.Errorf("no %s in %s", tc.want, tmpl.Resource.Manifest)
					}
					return
				}
			}
			t.Error("nothing is created")
		})
	}
}

// TestStatusInMetrics: a run's metrics are told when its status is known, and
// none of its other texts is.
func TestStatusInMetrics(t *testing.T) {
	pipeline := func() *workflow.Template {
		return &workflow.Template{Name: "told", ServiceAccount: "argo-workflow-sa", Entrypoint: &workflow.Definition{Name: "wait", Step: workflow.Suspend{}}}
	}
	metric := workflow.Metric{Name: "runs", Help: "Runs by status.", Labels: map[string]string{"status": workflow.RunStatus.Ref()}, Type: workflow.Counter{Value: "1"}}
	told := pipeline()
	told.Settings.Metrics = []workflow.Metric{metric}
	w, err := told.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	if got := w.Spec.Metrics.Prometheus[0].Labels[0].Value; got != "{{workflow.status}}" {
		t.Errorf("the label is %q", got)
	}
	early := pipeline()
	early.Settings.Annotations = map[string]string{"status": workflow.RunStatus.Ref()}
	if _, err := early.WorkflowTemplate(); err == nil {
		t.Error("an annotation has the status of a run that has not begun")
	}
}

// TestReferencesInExpressions: Argo puts them in as text before it reads a
// condition, also where it knows no such variable then.
func TestReferencesInExpressions(t *testing.T) {
	again := workflow.Input{Name: "again"}
	step := func(when workflow.Expression) *workflow.Template {
		d := &workflow.Definition{Name: "flaky", Inputs: workflow.Inputs{Parameters: []workflow.Input{again}}, Retry: &workflow.Retry{When: when},
			Step: workflow.Container{Image: "a:1", Command: []string{"a"}}}
		use := &workflow.Task{Name: "use", Step: d, Arguments: map[string]string{"again": "true"}}
		return &workflow.Template{Name: "retries", ServiceAccount: "argo-workflow-sa", Tasks: []*workflow.Task{use}}
	}
	w, err := step(workflow.And(workflow.LastRetryExitCode.Greater(1), workflow.Expr(again.Ref()+" == true && '{{ inputs.parameters.again }}' != 'no'"))).WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	want := `asInt(lastRetry.exitCode) > 1 && ({{inputs.parameters.again}} == true && '{{inputs.parameters.again}}' != 'no')`
	if got := w.GetTemplateByName("flaky").RetryStrategy.Expression; got != want {
		t.Errorf("got %s", got)
	}
	for text, why := range map[string]string{
		"{{inputs.parameters.agian}} == true": "no input here",
		"{{inputs.parameters.again}} ==":      "can't be read",
	} {
		if _, err := step(workflow.Expr(text)).WorkflowTemplate(); err == nil || strings.Count(err.Error(), why) != 1 {
			t.Errorf("%s: %v", text, err)
		}
	}
	hooked := step(workflow.Expression{})
	hooked.Hooks = map[string]workflow.Hook{"late": {When: workflow.Expr("workflow.status == '{{workflow.parameters.nothing}}'"), Step: workflow.Suspend{}}}
	if _, err := hooked.WorkflowTemplate(); err == nil || !strings.Contains(err.Error(), `the parameter "nothing"`) {
		t.Errorf("a hook: %v", err)
	}
}

// TestStatusInDefinitions: what runs at the end of a run knows how it ended,
// however deep it lies, and what may run before that doesn't.
func TestStatusInDefinitions(t *testing.T) {
	tell := func() *workflow.Definition {
		return &workflow.Definition{Name: "tell", Step: workflow.Container{Image: "a:1", Command: []string{"tell", workflow.RunStatus.Ref()}}}
	}
	calm := &workflow.Definition{Name: "calm", Step: workflow.Suspend{}}
	nested := func(d *workflow.Definition) *workflow.Definition {
		return &workflow.Definition{Name: "nested", Step: workflow.Steps{{{Name: "inner", Step: d}}}}
	}
	shared := tell()
	for name, tc := range map[string]struct {
		tmpl workflow.Template
		good bool
	}{
		"at the end":      {workflow.Template{Entrypoint: calm, OnExit: tell()}, true},
		"in a hook":       {workflow.Template{Entrypoint: calm, Hooks: map[string]workflow.Hook{"failed": {When: workflow.RunStatus.Equal("Failed"), Step: tell()}}}, true},
		"deep at the end": {workflow.Template{Entrypoint: calm, OnExit: nested(tell())}, true},
		"for others":      {workflow.Template{Entrypoint: calm, Definitions: []*workflow.Definition{tell()}}, true},
		"at the start":    {workflow.Template{Entrypoint: tell()}, false},
		"in a task":       {workflow.Template{Entrypoint: nested(tell())}, false},
		"in both":         {workflow.Template{Entrypoint: nested(shared), OnExit: shared}, false},
	} {
		tc.tmpl.Name, tc.tmpl.ServiceAccount = "told", "argo-workflow-sa"
		if _, err := tc.tmpl.WorkflowTemplate(); (err == nil) != tc.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPlacedByParameter: where a run's pods go may depend on what it is given.
func TestPlacedByParameter(t *testing.T) {
	p := pipeline(&workflow.Task{Name: "a", Step: tool()})
	p.Placement.NodeSelector = map[string]string{"pool": date.Ref()}
	if got := built(t, p).Spec.NodeSelector["pool"]; got != date.Ref() {
		t.Errorf("the pool is %q", got)
	}
	p.Placement.NodeSelector["pool"] = "{{workflow.parameters.none}}"
	if _, err := p.WorkflowTemplate(); err == nil || !strings.Contains(err.Error(), "NodeSelector[pool]") {
		t.Error(err)
	}
}

// TestLoopOverAnItem: what an inner loop goes over is of the item around, and
// its own item is what lies in it.
func TestLoopOverAnItem(t *testing.T) {
	inner := &workflow.Task{Name: "inner", Step: tool(workflow.Item.Ref()), Loop: workflow.Over(workflow.Item.Field("parts").Ref())}
	outer := &workflow.Task{Name: "outer", Step: workflow.DAG{Tasks: []*workflow.Task{inner}}, Loop: workflow.Items{map[string]any{"parts": []int{1}}}}
	w := built(t, pipeline(outer))
	got := w.GetTemplateByName("outer").DAG.Tasks[0]
	if want := "{{inputs.parameters.item-parts}}"; got.WithParam != want {
		t.Errorf("the inner loop is over %s, want %s", got.WithParam, want)
	}
	given := func(a wfv1.Arguments) string {
		for _, p := range a.Parameters {
			return p.GetValue()
		}
		return ""
	}
	if diff := cmp.Diff("{{item}}", given(got.Arguments)); diff != "" {
		t.Errorf("its step is given -want +got:\n%s", diff)
	}
	if diff := cmp.Diff("{{item.parts}}", given(w.GetTemplateByName("main").DAG.Tasks[0].Arguments)); diff != "" {
		t.Errorf("the task around is given -want +got:\n%s", diff)
	}
}

// TestOneFindingEach: one cause has one finding.
func TestOneFindingEach(t *testing.T) {
	count := &workflow.Task{Name: "count", Step: tool(), Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "rows", Path: "/rows"}}}}
	rows := count.Output("rows")
	when := func(e workflow.Expression) []*workflow.Task {
		return []*workflow.Task{count, {Name: "use", Step: tool(), When: e}}
	}
	for name, tasks := range map[string][]*workflow.Task{
		"a struct":         when(rows.Greater(struct{}{})),
		"a text":           when(rows.Int().Greater("x")),
		"no number":        when(rows.Float().Greater(math.NaN())),
		"a pattern":        when(rows.Matches("(")),
		"a nil task":       when(workflow.And((*workflow.Task)(nil).Succeeded(), rows.Equal("1"))),
		"a nil variable":   when((*workflow.Task)(nil).Output("x").Equal(1)),
		"tasks of a name":  {count, {Name: "count", Step: tool()}},
		"names in a steps": {{Name: "s", Step: workflow.Steps{{{Name: "a", Step: tool()}, {Name: "a", Step: tool()}}}}},
	} {
		_, err := pipeline(tasks...).WorkflowTemplate()
		if found := findings(t, err); len(found) != 1 {
			t.Errorf("%s: want one finding, got %v", name, err)
		}
	}
}
