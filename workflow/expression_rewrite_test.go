package workflow_test

import (
	"strings"
	"testing"

	"github.com/expr-lang/expr"
	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/workflow"
)

// run evaluates a text of expr-lang.
func run(t *testing.T, text string, env map[string]any) any {
	t.Helper()
	program, err := expr.Compile(text, expr.Env(env))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	out, err := expr.Run(program, env)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return out
}

// TestRewriteExpression: every variable is found, and only what is renamed
// changes in the text.
func TestRewriteExpression(t *testing.T) {
	for _, tc := range []struct {
		text, want string
		names      []workflow.Variable
	}{
		{`1 + 1`, `1 + 1`, nil},
		{`tasks.a.status == "tasks.a.status"`, `steps.a.status == "tasks.a.status"`, []workflow.Variable{"tasks.a.status"}},
		{`tasks["a-b"]['outputs'].result  // tasks.c`, `steps['a-b'].outputs.result  // tasks.c`, []workflow.Variable{"tasks.a-b.outputs.result"}},
		{"tasks . in ?. status", "steps['in'].status", []workflow.Variable{"tasks.in.status"}},
		{`"日本" + tasks.a.ip + item`, `"日本" + steps.a.ip + item`, []workflow.Variable{"tasks.a.ip", "item"}},
		{`tasks["a{{b}}"]`, `steps["a\u007b\u007bb\u007d\u007d"]`, []workflow.Variable{"tasks.a{{b}}"}},
		{`item.tasks.x == inputs.parameters.item`, `item.tasks.x == inputs.parameters.item`, []workflow.Variable{"item.tasks.x", "inputs.parameters.item"}},
		{`x?.item + reduce(x, #item) + item`, `x?.item + reduce(x, #item) + item`, []workflow.Variable{"item"}},
		{`x.item + sprig.trim(item)`, `x.item + sprig.trim(item)`, []workflow.Variable{"item"}},
		{`{item: tasks.a.id, tasks: 1}.item`, `{item: steps.a.id, tasks: 1}.item`, []workflow.Variable{"tasks.a.id"}},
		{`true ? item : tasks.a.id`, `true ? item : steps.a.id`, []workflow.Variable{"item", "tasks.a.id"}},
		{`filter(fromJSON(tasks.a.outputs.result), {.item == item})`, `filter(fromJSON(steps.a.outputs.result), {.item == item})`, []workflow.Variable{"tasks.a.outputs.result", "item"}},
		{`let tasks = 1; tasks + retries`, `let tasks = 1; tasks + retries`, []workflow.Variable{"retries"}},
		{`tasks[item].status`, `steps[item].status`, []workflow.Variable{"tasks", "item"}},
		{`tasks[0]`, `steps[0]`, []workflow.Variable{"tasks"}},
		{`workflow.name + outputs.result + steps.x.id + pod.name + node.name + lastRetry.status + cronworkflow.name`,
			`workflow.name + outputs.result + steps.x.id + pod.name + node.name + lastRetry.status + cronworkflow.name`,
			[]workflow.Variable{"workflow.name", "outputs.result", "steps.x.id", "pod.name", "node.name", "lastRetry.status", "cronworkflow.name"}},
	} {
		var names []workflow.Variable
		got, err := workflow.RewriteExpression(tc.text, func(v workflow.Variable) (workflow.Variable, bool) {
			names = append(names, v)
			rest, ok := strings.CutPrefix(string(v), "tasks")
			return workflow.Variable("steps" + rest), ok
		})
		if err != nil || got != tc.want {
			t.Errorf("%s\nbecame %s, %v\nand not %s", tc.text, got, err, tc.want)
		}
		if diff := cmp.Diff(tc.names, names); diff != "" {
			t.Errorf("%s: -want +got:\n%s", tc.text, diff)
		}
	}
	keep := func(v workflow.Variable) (workflow.Variable, bool) { return v, true }
	for _, text := range []string{"", "a &&", "{{item}}", "'", "tasks.2nd.x"} {
		if got, err := workflow.RewriteExpression(text, keep); err == nil || got != "" {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got, err := workflow.RewriteExpression("item", func(workflow.Variable) (workflow.Variable, bool) { return "a b", true }); err == nil {
		t.Errorf("a name that is none is written: %s", got)
	}
}

// FuzzLiterals: a text comes out of an expression as it went in, and what is
// written holds nothing that Argo would look for.
func FuzzLiterals(f *testing.F) {
	for _, s := range []string{"", "a", `a"b'c\`, "{{workflow.name}}", "{{=1}}", "}}", "\x00\a\n\u2028\ufeff", "日本 🚀 \U000e0001", `\u003c`, "\ufffd"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e := workflow.Value(s)
		if found := workflow.ExpressionProblems(e, "value"); found != nil {
			if strings.ToValidUTF8(s, "") == s {
				t.Fatal(found)
			}
			return
		}
		text := workflow.ExpressionText(e)
		if strings.ContainsAny(text, "{}\n") {
			t.Errorf("%q is written as %s", s, text)
		}
		if got := run(t, text, nil); got != s {
			t.Errorf("%q became %q", s, got)
		}
		env := map[string]any{"x": map[string]any{s: true}}
		if strings.Contains(s, ".") || s == "" {
			return
		}
		if got := run(t, workflow.ExpressionText(workflow.Variable("x").Field(s).Expression()), env); got != true {
			t.Errorf("the member %q is %v", s, got)
		}
	})
}

// FuzzRewriteExpression: nothing makes it fall over, what is not renamed stays,
// and what is renamed is found again under its new name.
func FuzzRewriteExpression(f *testing.F) {
	for _, s := range []string{`tasks['a'].b?.c[item]`, `{item: 1, "x": item}`, "let item = 1; item", "filter(x, {#.item == #item})", "tasks.a // x", "a.item[", "tasks[\"a\\u007b\"] + '日本'"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var before, after []workflow.Variable
		same, err := workflow.RewriteExpression(s, func(v workflow.Variable) (workflow.Variable, bool) {
			before = append(before, v)
			return v, true
		})
		if err != nil {
			return
		}
		if same != s {
			t.Fatalf("%q became %q", s, same)
		}
		for _, v := range before {
			if strings.Contains(string(v), "..") || strings.HasSuffix(string(v), ".") || strings.ContainsRune(string(v), '\ufffd') {
				return
			}
		}
		renamed, err := workflow.RewriteExpression(s, func(v workflow.Variable) (workflow.Variable, bool) { return v + ".new", true })
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if _, err := workflow.RewriteExpression(renamed, func(v workflow.Variable) (workflow.Variable, bool) {
			after = append(after, workflow.Variable(strings.TrimSuffix(string(v), ".new")))
			return v, false
		}); err != nil {
			t.Fatalf("%q became %q: %v", s, renamed, err)
		}
		if diff := cmp.Diff(split(before), split(after)); diff != "" {
			t.Errorf("%q became %q:\n%s", s, renamed, diff)
		}
	})
}

// split makes the dots of quoted names those between names.
func split(vs []workflow.Variable) []string {
	var out []string
	for _, v := range vs {
		out = append(out, string(v))
	}
	return out
}

func BenchmarkRewriteExpression(b *testing.B) {
	for b.Loop() {
		if _, err := workflow.RewriteExpression(`tasks['a-b'].outputs.parameters.rows > 3 && inputs.parameters.x == "y"`, func(v workflow.Variable) (workflow.Variable, bool) {
			return "steps" + v, true
		}); err != nil {
			b.Fatal(err)
		}
	}
}
