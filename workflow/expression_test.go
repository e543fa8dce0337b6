package workflow_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/expr-lang/expr/builtin"
	"github.com/expr-lang/expr/parser"
	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

var (
	loader = &workflow.Task{Name: "load"}
	dashed = &workflow.Task{Name: "extract-orders"}
	third  = &workflow.Task{Name: "third"}
	rows   = loader.Output("rows")
)

// TestExpressionText holds every function against what expr-lang reads.
func TestExpressionText(t *testing.T) {
	flag := workflow.Value(true)
	for _, tc := range []struct {
		e    workflow.Expression
		want string
	}{
		{workflow.Expression{}, ``},
		{workflow.Expr("retries < 3"), `retries < 3`},
		{workflow.Value("a"), `"a"`},
		{workflow.Value(`a"b\{{}}'`), `"a\"b\u005c\u007b\u007b\u007d\u007d'"`},
		{workflow.Value(-3), `-3`},
		{workflow.Value(uint8(3)), `3`},
		{workflow.Value(3 * millrace.KiB), `3072`},
		{workflow.Value(2.0), `2.0`},
		{workflow.Value(float32(0.1)), `0.1`},
		{workflow.Value(1e300), `1e+300`},
		{workflow.Value(true), `true`},
		{workflow.Value(wfv1.WorkflowFailed), `"Failed"`},
		{workflow.Value(date), `workflow.parameters.date`},
		{workflow.Value(workflow.Input{Name: "in"}), `inputs.parameters['in']`},
		{workflow.Value(workflow.Value(1)), `1`},

		{rows.Expression(), `tasks.load.outputs.parameters.rows`},
		{dashed.Output("x-y").Expression(), `tasks['extract-orders'].outputs.parameters['x-y']`},
		{dashed.Result().Expression(), `tasks['extract-orders'].outputs.result`},
		{workflow.RunLabel("app.kubernetes.io/name").Expression(), `workflow.labels.app.kubernetes['io/name']`},
		{workflow.RunAnnotation("it's {{x}}").Expression(), `workflow.annotations["it's \u007b\u007bx\u007d\u007d"]`},
		{workflow.CreationTime("").Expression(), `workflow.creationTimestamp.RFC3339`},
		{workflow.Item.Expression(), `item`},
		{workflow.Item.Field("item").Expression(), `item['item']`},
		{workflow.Item.Field("2nd").Expression(), `item['2nd']`},

		{rows.Equal("a"), `tasks.load.outputs.parameters.rows == "a"`},
		{rows.NotEqual(date), `tasks.load.outputs.parameters.rows != workflow.parameters.date`},
		{rows.Equal(true), `tasks.load.outputs.parameters.rows == "true"`},
		{rows.Equal(workflow.Item.Equal("x")), `tasks.load.outputs.parameters.rows == string(item == "x")`},
		{rows.Less(3), `asInt(tasks.load.outputs.parameters.rows) < 3`},
		{rows.LessOrEqual(3.5), `asFloat(tasks.load.outputs.parameters.rows) <= 3.5`},
		{rows.Greater(-1), `asInt(tasks.load.outputs.parameters.rows) > -1`},
		{rows.GreaterOrEqual("b"), `tasks.load.outputs.parameters.rows >= "b"`},
		{workflow.Value(3).Equal(rows), `3 == asInt(tasks.load.outputs.parameters.rows)`},
		{rows.Int().Equal("3"), `asInt(tasks.load.outputs.parameters.rows) == 3`},
		{rows.Int().Less(workflow.Retries), `asInt(tasks.load.outputs.parameters.rows) < asInt(retries)`},
		{rows.Equal("a").Equal(false), `(tasks.load.outputs.parameters.rows == "a") == false`},
		{flag.Equal(rows.Equal("a")), `true == (tasks.load.outputs.parameters.rows == "a")`},
		{workflow.CronFailed.Less(3), `cronworkflow.failed < 3`},
		{workflow.ResponseStatus.Equal(200), `response.statusCode == 200`},

		{date.Variable().In("a", "b"), `workflow.parameters.date in ["a", "b"]`},
		{date.Variable().In("a", 1, true), `workflow.parameters.date in ["a", "1", "true"]`},
		{date.Variable().In(1, 2), `asInt(workflow.parameters.date) in [1, 2]`},
		{date.Variable().In(1, 2.5), `asFloat(workflow.parameters.date) in [1, 2.5]`},
		{date.Variable().Int().In(1, workflow.Item), `asInt(workflow.parameters.date) in [1, asInt(item)]`},
		{date.Variable().JSONPath("$.a").In("x", 1), `jsonpath(workflow.parameters.date, "$.a") in ["x", 1]`},
		{workflow.Not(date.Variable().In("a")), `!(workflow.parameters.date in ["a"])`},

		{date.Variable().Contains("-"), `workflow.parameters.date contains "-"`},
		{date.Variable().StartsWith(2026), `workflow.parameters.date startsWith "2026"`},
		{date.Variable().EndsWith(workflow.Item), `workflow.parameters.date endsWith item`},
		{date.Variable().Matches(`^\d{4}-`), `workflow.parameters.date matches "^\u005cd\u007b4\u007d-"`},
		{date.Variable().Upper(), `upper(workflow.parameters.date)`},
		{date.Variable().Lower(), `lower(workflow.parameters.date)`},
		{date.Variable().Trim().Equal(""), `trim(workflow.parameters.date) == ""`},
		{rows.Int().Upper(), `upper(string(asInt(tasks.load.outputs.parameters.rows)))`},
		{rows.Float(), `asFloat(tasks.load.outputs.parameters.rows)`},
		{rows.Int().Float(), `asInt(tasks.load.outputs.parameters.rows)`},
		{rows.Float().Int(), `asInt(asFloat(tasks.load.outputs.parameters.rows))`},
		{rows.JSONPath("$.files[0].size").Greater(10), `jsonpath(tasks.load.outputs.parameters.rows, "$.files[0].size") > 10`},

		{rows.Int().Plus(1), `asInt(tasks.load.outputs.parameters.rows) + 1`},
		{rows.Expression().Plus(1), `asInt(tasks.load.outputs.parameters.rows) + 1`},
		{rows.Expression().Plus(workflow.Item), `tasks.load.outputs.parameters.rows + item`},
		{rows.Expression().Minus(workflow.Item), `asFloat(tasks.load.outputs.parameters.rows) - asFloat(item)`},
		{rows.Int().Times(workflow.Value(1).Plus(workflow.Item)), `asInt(tasks.load.outputs.parameters.rows) * (1 + asInt(item))`},
		{rows.Int().Minus(workflow.Value(1).Minus(2)), `asInt(tasks.load.outputs.parameters.rows) - (1 - 2)`},
		{rows.Int().Minus(1).Minus(2), `asInt(tasks.load.outputs.parameters.rows) - 1 - 2`},
		{rows.Int().Times(2).DividedBy(3), `asInt(tasks.load.outputs.parameters.rows) * 2 / 3`},
		{rows.Int().DividedBy(workflow.Value(2).Times(3)), `asInt(tasks.load.outputs.parameters.rows) / (2 * 3)`},
		{workflow.Item.Expression().Modulo(workflow.Retries), `asInt(item) % asInt(retries)`},
		{rows.Int().Plus(1).Greater(2), `asInt(tasks.load.outputs.parameters.rows) + 1 > 2`},
		{workflow.Item.Equal(rows.Int().DividedBy(2)), `asFloat(item) == asInt(tasks.load.outputs.parameters.rows) / 2`},

		{workflow.Text(), `""`},
		{workflow.Text("s3://", date, "/", rows.Int(), 3, true), `"s3://" + workflow.parameters.date + "/" + string(asInt(tasks.load.outputs.parameters.rows)) + "3" + "true"`},
		{workflow.Text("a", date).Equal("x"), `"a" + workflow.parameters.date == "x"`},
		{workflow.If(loader.Failed(), "a", date), `tasks.load.status == "Failed" ? "a" : workflow.parameters.date`},
		{workflow.If(loader.Failed(), 1, 2.5).Plus(1), `(tasks.load.status == "Failed" ? 1 : 2.5) + 1`},
		{workflow.If(workflow.Expr("a ? b : c"), 1, 2), `(a ? b : c) ? 1 : 2`},
		{workflow.If(flag, workflow.If(flag, 1, 2), 3), `true ? (true ? 1 : 2) : 3`},
		{workflow.Call("sprig.trunc", 5, date), `sprig.trunc(5, workflow.parameters.date)`},
		{workflow.Call("now"), `now()`},

		{loader.Succeeded(), `tasks.load.status == "Succeeded"`},
		{dashed.Failed(), `tasks['extract-orders'].status == "Failed"`},
		{loader.Errored(), `tasks.load.status == "Error"`},
		{loader.Skipped(), `tasks.load.status == "Skipped"`},
		{loader.Omitted(), `tasks.load.status == "Omitted"`},
		{workflow.Not(loader.Omitted()), `!(tasks.load.status == "Omitted")`},
		{workflow.Not(workflow.Not(flag)), `!!true`},
		{workflow.Not(workflow.Expression{}), ``},
		{workflow.And(), ``},
		{workflow.Or(workflow.Expression{}, workflow.Expression{}), ``},
		{workflow.And(workflow.Expression{}, flag), `true`},
		{workflow.And(flag, flag, workflow.And(flag, flag)), `true && true && true && true`},
		{workflow.And(flag, workflow.Or(flag, flag)), `true && (true || true)`},
		{workflow.Or(flag, workflow.And(flag, flag)), `true || true && true`},
		{workflow.Not(workflow.Or(flag, flag)), `!(true || true)`},
		{workflow.And(workflow.Expr("a || b"), flag), `(a || b) && true`},
		{workflow.Expr("a ? b : c").Equal(1), `(a ? b : c) == 1`},
		{workflow.Expr("a"), `a`},
	} {
		if got := workflow.ExpressionText(tc.e); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
		if ref := tc.e.Ref(); ref != "{{="+tc.want+"}}" {
			t.Errorf("the reference to %s is %s", tc.want, ref)
		}
		if found := workflow.ExpressionProblems(tc.e, "value"); found != nil {
			t.Errorf("%s: %v", tc.want, found)
		}
		if strings.Contains(tc.want, "(a") || tc.want == "" {
			continue
		}
		if _, err := parser.Parse(tc.want); err != nil {
			t.Error(err)
		}
	}
}

// TestShortMethods: those of a variable are those of its expression.
func TestShortMethods(t *testing.T) {
	v := workflow.Item
	e := v.Expression()
	for i, pair := range [][2]workflow.Expression{
		{v.Equal(1), e.Equal(1)}, {v.NotEqual(1), e.NotEqual(1)}, {v.Less(1), e.Less(1)}, {v.LessOrEqual(1), e.LessOrEqual(1)},
		{v.Greater(1), e.Greater(1)}, {v.GreaterOrEqual(1), e.GreaterOrEqual(1)}, {v.In(1, 2), e.In(1, 2)},
		{v.Contains("x"), e.Contains("x")}, {v.StartsWith("x"), e.StartsWith("x")}, {v.EndsWith("x"), e.EndsWith("x")},
		{v.Matches("x"), e.Matches("x")}, {v.Int(), e.Int()}, {v.Float(), e.Float()}, {v.JSONPath("$"), e.JSONPath("$")},
		{v.Upper(), e.Upper()}, {v.Lower(), e.Lower()}, {v.Trim(), e.Trim()},
	} {
		if pair[0].Ref() != pair[1].Ref() || pair[0].Ref() == "{{=}}" {
			t.Errorf("%d: %s and %s", i, pair[0].Ref(), pair[1].Ref())
		}
	}
}

// TestExpressionWhen: typed parts are one expression of Argo's, raw ones are
// govaluate's.
func TestExpressionWhen(t *testing.T) {
	raw := workflow.Expr("{{workflow.status}} != Succeeded || x == y")
	item, task := workflow.Item.Equal("x"), loader.Succeeded()
	for _, tc := range []struct {
		e    workflow.Expression
		want string
	}{
		{workflow.Expression{}, ``},
		{raw, `{{workflow.status}} != Succeeded || x == y`},
		{task, `{{=tasks.load.status == "Succeeded"}}`},
		{workflow.And(task, workflow.Not(task)), `{{=tasks.load.status == "Succeeded" && !(tasks.load.status == "Succeeded")}}`},
		{workflow.And(task, raw), `{{=tasks.load.status == "Succeeded"}} && ({{workflow.status}} != Succeeded || x == y)`},
		{workflow.Not(raw), `!({{workflow.status}} != Succeeded || x == y)`},
		{workflow.Or(item, workflow.Not(workflow.And(raw, task))), `{{=item == "x"}} || !(({{workflow.status}} != Succeeded || x == y) && {{=tasks.load.status == "Succeeded"}})`},
		{workflow.Or(item, workflow.And(raw, task)), `{{=item == "x"}} || (({{workflow.status}} != Succeeded || x == y) && {{=tasks.load.status == "Succeeded"}})`},
		{workflow.And(item, task), `{{=item == "x"}} && {{=tasks.load.status == "Succeeded"}}`},
		{workflow.And(item, workflow.Variable("steps.a.ip").Equal("x")), `{{=item == "x"}} && {{=steps.a.ip == "x"}}`},
		{workflow.And(item, workflow.Item.NotEqual("y")), `{{=item == "x" && item != "y"}}`},
		{workflow.Item.Equal(rows), `{{=item == tasks.load.outputs.parameters.rows}}`},
		{workflow.Expr("retries").Equal(3), `{{=(retries) == 3}}`},
	} {
		if got := workflow.ExpressionWhen(tc.e); got != tc.want {
			t.Errorf("got  %s\nwant %s", got, tc.want)
		}
		if found := workflow.ExpressionProblems(tc.e, "when"); found != nil {
			t.Errorf("%s: %v", tc.want, found)
		}
	}
}

// TestExpressionDepends: results of tasks with as few parentheses as possible,
// and a finding for all else.
func TestExpressionDepends(t *testing.T) {
	for _, tc := range []struct {
		e    workflow.Expression
		want string
		rule string
	}{
		{e: workflow.Expression{}},
		{e: loader.Succeeded(), want: `load.Succeeded`},
		{e: workflow.And(dashed.Succeeded(), workflow.Or(loader.Failed(), loader.Errored())), want: `extract-orders.Succeeded && (load.Failed || load.Errored)`},
		{e: workflow.Or(loader.Skipped(), workflow.And(loader.Omitted(), loader.Daemoned())), want: `load.Skipped || load.Omitted && load.Daemoned`},
		{e: workflow.Not(loader.AnySucceeded()), want: `!load.AnySucceeded`},
		{e: workflow.Not(workflow.And(loader.AllFailed(), third.Failed())), want: `!(load.AllFailed && third.Failed)`},
		{e: workflow.Expr("a || b.Failed"), want: `a || b.Failed`},
		{e: workflow.And(workflow.Expr("a || b-c.Failed"), loader.Failed()), want: `(a || b-c.Failed) && load.Failed`},
		{e: workflow.Expr("a &&"), want: `a &&`, rule: millrace.RuleInvalid},
		{e: rows.Equal("x"), rule: millrace.RuleUnsupported},
		{e: workflow.And(loader.Failed(), rows.Equal("x")), rule: millrace.RuleUnsupported},
		{e: workflow.And(rows.Equal("x"), loader.Failed()), rule: millrace.RuleUnsupported},
		{e: workflow.And(loader.Failed(), workflow.Value(true)), rule: millrace.RuleUnsupported},
		{e: workflow.Or((*workflow.Task)(nil).Failed()), rule: millrace.RuleInvalid},
	} {
		got, found := workflow.ExpressionDepends(tc.e)
		if got != tc.want || (tc.rule == "") != (len(found) == 0) || tc.rule != "" && found[0].Rule != tc.rule {
			t.Errorf("got %q, %v\nwant %q, %s", got, found, tc.want, tc.rule)
		}
	}
}

// TestExpressionMentions: what it asks for, each once, in order.
func TestExpressionMentions(t *testing.T) {
	e := workflow.And(dashed.Failed(), rows.Greater(workflow.Item.Int()), loader.AnySucceeded(), dashed.Succeeded(),
		workflow.Expr("inputs.parameters['a-b'] == item && tasks.x.status"), workflow.Expr("{{not.of}} expr-lang"))
	if got := workflow.ExpressionTasks(e); !slices.Equal(got, []*workflow.Task{dashed, loader}) {
		t.Errorf("it asks for %d tasks: %v", len(got), got)
	}
	want := []workflow.Variable{"tasks.extract-orders.status", "tasks.load.outputs.parameters.rows", "item", "inputs.parameters.a-b", "tasks.x.status"}
	if diff := cmp.Diff(want, workflow.ExpressionVariables(e)); diff != "" {
		t.Error(diff)
	}
	if got := workflow.ExpressionVariables(workflow.Expression{}); got != nil {
		t.Errorf("the zero expression mentions %v", got)
	}
	if !workflow.ExpressionNone(workflow.Expr("")) || workflow.ExpressionNone(e) {
		t.Error("none is wrong")
	}
}

// TestExpressionMistakes: whatever can't be is a finding, wherever it lies.
func TestExpressionMistakes(t *testing.T) {
	var none *workflow.Task
	for _, tc := range []struct {
		name, place, want string
		e                 workflow.Expression
	}{
		{"nil", "value", "nil is used", workflow.Value(nil)},
		{"struct", "value", "a struct {} is used", workflow.Text("a", struct{}{})},
		{"duration", "value", "1m0s", rows.Greater(time.Minute)},
		{"artifact", "value", "the artifact tasks.load.outputs.artifacts.x", workflow.Value(loader.Artifact("x"))},
		{"artifact as a variable", "value", "the artifact tasks.load.outputs.artifacts.x", workflow.Value(workflow.Variable(loader.Artifact("x")))},
		{"artifact in a comparison", "artifact", "the artifact tasks.load.outputs.artifacts.x", workflow.If(workflow.Value(loader.Artifact("x")).Equal("a"), loader.Artifact("x"), loader.Artifact("y"))},
		{"artifact of a nil task", "artifact", "not the name of an artifact", workflow.If(loader.Failed(), none.Artifact("x"), loader.Artifact("x"))},
		{"nil task", "value", "a task that is nil", none.Output("x").Equal("a")},
		{"nil task's result", "when", "a task that is nil", workflow.And(loader.Failed(), none.Failed())},
		{"zero", "value", "says nothing", workflow.Value(workflow.Expression{})},
		{"not a number", "value", "NaN", workflow.Value(math.NaN())},
		{"endless", "value", "Inf", workflow.Value(math.Inf(-1))},
		{"too large", "value", "18446744073709551615", workflow.Value(uint64(math.MaxUint64))},
		{"too small", "value", "-9223372036854775808", workflow.Value(math.MinInt64)},
		{"no UTF-8", "value", "UTF-8", workflow.Value("\xff")},
		{"no variable", "value", "not the name of a variable", workflow.Variable("a..b").Equal("x")},
		{"no UTF-8 in a name", "value", "UTF-8", workflow.Variable("a.\xff").Equal("x")},
		{"texts only", "value", "use RunParameters", workflow.Variable("workflow.parameters").JSONPath("$")},
		{"list of outputs", "value", "don't know", loader.OutputList().JSONPath("$")},
		{"text as a number", "value", `"abc"`, rows.Int().Less("abc")},
		{"truth and number", "value", "truth value", workflow.Value(true).Equal(1)},
		{"order of truth", "value", "order", workflow.Value(true).Less(true)},
		{"sum of truth", "value", "truth value", workflow.Value(true).Plus(1)},
		{"number of truth", "value", "truth value", rows.Equal("a").Int()},
		{"in nothing", "when", "no values", rows.In()},
		{"pattern", "when", "missing closing", rows.Matches("(")},
		{"function", "value", "not the name", workflow.Call("a b")},
		{"if nothing", "value", "no condition", workflow.If(workflow.Expression{}, 1, 2)},
		{"no condition", "when", "neither true nor false", rows.Int()},
		{"no condition in and", "when", "neither true nor false", workflow.And(loader.Failed(), rows.Expression())},
		{"no condition in if", "value", "neither true nor false", workflow.If(rows.Expression(), 1, 2)},
		{"no condition of a hook", "condition", "neither true nor false", rows.Expression()},
		{"result of a loop", "when", "only depends knows", workflow.Not(loader.AllFailed())},
		{"daemon", "condition", "only depends knows", loader.Daemoned()},
		{"raw", "condition", "Argo can't read it", workflow.Expr("a &&")},
		{"raw inside", "when", "Argo can't read it", workflow.Expr("a b").Equal(1)},
		{"raw inside a split", "when", "Argo can't read it", workflow.And(workflow.Expr("a == b"), workflow.Expr("a b").Equal(1))},
		{"reference in raw", "value", "{{inputs.parameters.x}}", workflow.Expr("{{inputs.parameters.x}} + 1")},
		{"end in raw", "value", "}}", workflow.Expr("[{a: {b: 1}}]")},
	} {
		found := workflow.ExpressionProblems(tc.e, tc.place)
		if len(found) != 1 || !strings.Contains(fmt.Sprint(found), tc.want) || found[0].Fix == "" {
			t.Errorf("%s: %v", tc.name, found)
		}
	}
	for _, e := range []workflow.Expression{workflow.Expr("[{a: {b: 1}}]"), workflow.Expr("{{=lastRetry.exitCode}} == 1")} {
		if found := workflow.ExpressionProblems(e, "condition"); found != nil {
			t.Errorf("a hook's condition: %v", found)
		}
	}
	chosen := workflow.If(rows.Greater(0), loader.Artifact("x"), workflow.If(loader.Failed(), loader.Artifact("y"), dashed.Artifact("z")))
	if found := workflow.ExpressionProblems(chosen, "artifact"); found != nil {
		t.Errorf("a choice of artifacts: %v", found)
	}
	want := `asInt(tasks.load.outputs.parameters.rows) > 0 ? tasks.load.outputs.artifacts.x : (tasks.load.status == "Failed" ? tasks.load.outputs.artifacts.y : tasks['extract-orders'].outputs.artifacts.z)`
	if got := workflow.ExpressionText(chosen); got != want {
		t.Error(got)
	}
}

// TestExpressionsAreValues: what is made of one doesn't change it.
func TestExpressionsAreValues(t *testing.T) {
	base := workflow.And(loader.Failed(), dashed.Failed())
	before := base.Ref()
	_, _, _ = workflow.And(base, third.Failed()), workflow.Or(base, third.Failed()), base.Equal("x").In("a", base)
	if base.Ref() != before {
		t.Errorf("%s became %s", before, base.Ref())
	}
}

// TestVariables holds every variable against Argo's name of it.
func TestVariables(t *testing.T) {
	for v, want := range map[workflow.Variable]string{
		loader.Output("x"): "tasks.load.outputs.parameters.x", loader.OutputList(): "tasks.load.outputs.parameters", loader.Result(): "tasks.load.outputs.result",
		loader.ExitCode(): "tasks.load.exitCode", loader.Status(): "tasks.load.status", loader.ID(): "tasks.load.id", loader.IP(): "tasks.load.ip",
		loader.HostNode(): "tasks.load.hostNodeName", loader.StartedAt(): "tasks.load.startedAt", loader.FinishedAt(): "tasks.load.finishedAt",
		workflow.Variable(loader.Artifact("x")): "tasks.load.outputs.artifacts.x", workflow.Artifact{Name: "x"}.Variable(): "inputs.artifacts.x",
		workflow.CreationTime(""): "workflow.creationTimestamp.RFC3339", workflow.CreationTime("Y"): "workflow.creationTimestamp.Y",
		workflow.RunLabel("a"): "workflow.labels.a", workflow.RunAnnotation("a"): "workflow.annotations.a", workflow.RunOutput("a"): "workflow.outputs.parameters.a",
		workflow.MetricOutput("a"): "outputs.parameters.a", date.Variable(): "workflow.parameters.date", workflow.Item.Field("a"): "item.a",
		(*workflow.Task)(nil).Result(): "",
	} {
		if string(v) != want {
			t.Errorf("%s is not %s", v, want)
		}
	}
	if got := date.Variable().Ref(); got != date.Ref() {
		t.Errorf("Ref of a parameter is %s, and of its variable %s", date.Ref(), got)
	}
	for v, want := range map[string]string{
		workflow.Item.JSON():                  `{{=replace(toJson(item), "{", "\\u007b")}}`,
		workflow.Text("a", rows.Int()).JSON(): `{{=replace(toJson("a" + string(asInt(tasks.load.outputs.parameters.rows))), "{", "\\u007b")}}`,
	} {
		if v != want {
			t.Errorf("got %s, want %s", v, want)
		}
	}
}

// TestAnyNameIsAMember: no name of a task, parameter or label is anything else
// than a name to the language, nor one of the words that Argo looks for.
func TestAnyNameIsAMember(t *testing.T) {
	names := append([]string{"in", "not", "and", "or", "let", "if", "else", "nil", "true", "false", "matches", "contains", "startsWith", "endsWith",
		"item", "retries", "a-b", "2nd", "_x", "a/b", "a'b", `a"b`, `a\b`, "a{{b}}", "ü", " ", "status"}, builtin.Names...)
	for _, name := range names {
		v := workflow.Variable("tasks").Field(name).Field("outputs").Field("parameters").Field(name)
		text := workflow.ExpressionText(v.Equal("x"))
		env := map[string]any{"tasks": map[string]any{name: map[string]any{"outputs": map[string]any{"parameters": map[string]any{name: "x"}}}}}
		if got := run(t, text, env); got != true {
			t.Errorf("%s: %s is %v", name, text, got)
		}
		if strings.Contains(text, ".item") || strings.Contains(text, ".retries") || strings.ContainsAny(text, "{}") {
			t.Errorf("%s: %s has a word or a brace that Argo looks for", name, text)
		}
		if got := workflow.ExpressionVariables(workflow.Expr(text)); len(got) != 1 || got[0] != v {
			t.Errorf("%s: in %s are the variables %q", name, text, got)
		}
	}
}
