package argo_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/Knetic/govaluate"
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/util/expr/argoexpr"
	"github.com/argoproj/argo-workflows/v3/util/expr/env"
	"github.com/argoproj/argo-workflows/v3/util/template"
	"github.com/argoproj/argo-workflows/v3/workflow/common"

	"github.com/millrace/millrace/workflow"
)

// hostile are values that would change a condition if they were part of its
// text, for both of its languages.
var hostile = append([]string{
	`' || 1 == 1`, `' || '1' == '1`, `" || true || "`, `") || (true`, "true", "false", "x' == 'x", "a b", "a-b", "-", "!", "(", ")", "[1]", " 3", "3 ", "\n3\n", "3", "3.0", "0x3", "1e1", "١٢", "//", "/*", "item", "retries", "nil",
}, nasty...)

// shouldExecute evaluates a "when" after all substitutions.
// Source: workflow/controller/steps.go shouldExecute.
func shouldExecute(when string) (bool, error) {
	expression, err := govaluate.NewEvaluableExpression(when)
	if err != nil {
		return false, err
	}
	tokens := expression.Tokens()
	for i := range tokens {
		if tokens[i].Kind == govaluate.VARIABLE {
			tokens[i].Kind = govaluate.STRING
		}
	}
	if expression, err = govaluate.NewEvaluableExpressionFromTokens(tokens); err != nil {
		return false, err
	}
	result, err := expression.Evaluate(nil)
	if err != nil {
		return false, err
	}
	out, ok := result.(bool)
	if !ok {
		return false, fmt.Errorf("%v is no truth value", result)
	}
	return out, nil
}

// scene is what Argo knows when it comes to a task.
type scene struct {
	globals, outputs common.Parameters
	inputs           map[string]string
	item             *string
	steps            bool
}

// prepared takes the template that has the task through the passes that come
// before its tasks do.
func (s scene) prepared(when string) (*wfv1.Template, error) {
	tmpl := &wfv1.Template{Name: "main"}
	for name, value := range s.inputs {
		tmpl.Inputs.Parameters = append(tmpl.Inputs.Parameters, wfv1.Parameter{Name: name, Value: wfv1.AnyStringPtr(value)})
	}
	local := common.Parameters{"node.name": "run", "tasks.name": "main"}
	if s.steps {
		when = strings.ReplaceAll(when, "tasks", "steps")
		local = common.Parameters{"node.name": "run", "steps.name": "main"}
		tmpl.Steps = []wfv1.ParallelSteps{{Steps: []wfv1.WorkflowStep{{Name: "a", Template: "x", When: when}}}}
	} else {
		tmpl.DAG = &wfv1.DAGTemplate{Tasks: []wfv1.DAGTask{{Name: "a", Template: "x", When: when}}}
	}
	return common.ProcessArgs(tmpl, &wfv1.Arguments{}, s.globals, local, false, "data-platform", nil)
}

// runs is what Argo makes of the "when" of a task.
// Source: workflow/controller/dag.go resolveDependencyReferences, expandTask and
// steps.go resolveReferences, operator.go processItem.
func (s scene) runs(when string) (bool, error) {
	tmpl, err := s.prepared(when)
	if err != nil {
		return false, fmt.Errorf("template: %w", err)
	}
	scope := s.globals.Merge(common.Parameters{})
	for _, p := range tmpl.Inputs.Parameters {
		scope["inputs.parameters."+p.Name] = p.Value.String()
	}
	for name, value := range s.outputs {
		if s.steps {
			name = strings.Replace(name, "tasks", "steps", 1)
		}
		scope[name] = value
	}
	var task wfv1.DAGTask
	if s.steps {
		task.When = tmpl.Steps[0].Steps[0].When
	} else {
		task.When = tmpl.DAG.Tasks[0].When
	}
	task.Name, task.Template = "a", "x"
	first, err := json.Marshal(task.When)
	if err != nil {
		return false, err
	}
	text, err := template.ReplaceStrict(string(first), scope, []string{"tasks", "steps"})
	if err != nil {
		return false, fmt.Errorf("when: %w", err)
	}
	var resolved string
	if err := json.Unmarshal([]byte(text), &resolved); err != nil {
		return false, err
	}
	if proceed, err := shouldExecute(resolved); err == nil && !proceed || err != nil && s.item == nil {
		return proceed, err
	}
	bytes, err := json.Marshal(task)
	if err != nil {
		return false, err
	}
	if text, err = template.ReplaceStrict(string(bytes), scope, []string{"tasks", "steps"}); err != nil {
		return false, fmt.Errorf("task: %w", err)
	}
	if s.item != nil {
		scope["item"] = *s.item
		if text, err = template.Replace(text, scope, false); err != nil {
			return false, fmt.Errorf("item: %w", err)
		}
	}
	if err := json.Unmarshal([]byte(text), &task); err != nil {
		return false, err
	}
	return shouldExecute(task.When)
}

// TestConditionsHold is the proof that no value can change what a condition
// asks: every value against every literal, from each place from which a value
// may come, in DAGs and in steps.
func TestConditionsHold(t *testing.T) {
	rows := (&workflow.Task{Name: "extract-orders"}).Output("rows-in")
	input := workflow.Input{Name: "in-1"}.Variable()
	date := workflow.Parameter{Name: "date"}.Variable()
	taken := map[string]bool{}
	for i, value := range hostile {
		literals := hostile
		if i > 0 { // all pairs would take minutes
			literals = []string{value, hostile[(i*7)%len(hostile)], hostile[(i*5+3)%len(hostile)]}
		}
		for j, literal := range literals {
			s := scene{steps: (i+j)%2 == 0, globals: globals(value), outputs: common.Parameters{string(rows): value}}
			holds(t, s, rows, value, literal)
			holds(t, s, date, value, literal)
			s.item = &value
			holds(t, s, workflow.Item, value, literal)
			s = scene{steps: s.steps, globals: globals("x"), inputs: map[string]string{"in-1": value}}
			tmpl, err := s.prepared("true")
			if err != nil {
				continue // no step takes such an input, whatever its condition
			}
			taken[value] = true
			holds(t, s, input, tmpl.Inputs.Parameters[0].Value.String(), literal)
		}
	}
	if len(taken) < len(hostile)-8 {
		t.Errorf("only %d of %d values are inputs", len(taken), len(hostile))
	}
}

func holds(t *testing.T, s scene, v workflow.Variable, value, literal string) {
	t.Helper()
	same := value == literal
	for _, tc := range []struct {
		name string
		e    workflow.Expression
		want bool
	}{
		{"==", v.Equal(literal), same},
		{"!=", v.NotEqual(literal), !same},
		{"not", workflow.Not(v.Equal(literal)), !same},
		{"or and", workflow.Or(v.NotEqual(literal), workflow.And(v.Equal(literal), v.In("x", literal))), true},
		{"in", v.In("x", literal, "y"), same || value == "x" || value == "y"},
		{"contains", v.Contains(literal), strings.Contains(value, literal)},
		{"concatenation", workflow.Text("<", v, ">").Equal("<" + literal + ">"), same},
	} {
		got, err := s.runs(tc.e.Ref())
		if err != nil || got != tc.want {
			t.Errorf("%s %s: %s with %q and %q is %v, %v", v, tc.name, tc.e.Ref(), value, literal, got, err)
		}
		if s.item != nil || s.inputs != nil {
			continue
		}
		hook := strings.TrimSuffix(strings.TrimPrefix(tc.e.Ref(), "{{="), "}}")
		got, err = argoexpr.EvalBool(hook, env.GetFuncMap(template.EnvMap(s.globals.Merge(s.outputs))))
		if err != nil || got != tc.want {
			t.Errorf("%s %s: the hook %s with %q and %q is %v, %v", v, tc.name, hook, value, literal, got, err)
		}
	}
}

// TestHooksStay: the condition of a hook goes through the substitution of the
// template that has it, and comes out as it went in.
func TestHooksStay(t *testing.T) {
	for _, literal := range hostile {
		ref := (&workflow.Task{Name: "a-b"}).Result().Equal(literal).Ref()
		want := strings.TrimSuffix(strings.TrimPrefix(ref, "{{="), "}}")
		tmpl := &wfv1.Template{DAG: &wfv1.DAGTemplate{Tasks: []wfv1.DAGTask{{Name: "a", Hooks: wfv1.LifecycleHooks{"x": {Expression: want}}}}}}
		got, err := common.ProcessArgs(tmpl, &wfv1.Arguments{}, globals("x"), common.Parameters{}, false, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		if text := got.DAG.Tasks[0].Hooks["x"].Expression; text != want {
			t.Errorf("%q: %s became %s", literal, want, text)
		}
	}
}

// TestNumbers: what is no number makes the condition fail, and never come out
// one way or the other.
func TestNumbers(t *testing.T) {
	rows := (&workflow.Task{Name: "a"}).Output("rows")
	for _, tc := range []struct {
		e     workflow.Expression
		value string
		want  any
	}{
		{rows.Greater(2), "3", true}, {rows.Greater(2), "-3", false}, {rows.Greater(2), "+3", true}, {rows.Greater(2), "10", true},
		{rows.Greater(2), "", nil}, {rows.Greater(2), " 3", nil}, {rows.Greater(2), "3\n", nil}, {rows.Greater(2), "3.0", nil}, {rows.Greater(2), "x", nil},
		{rows.Trim().Greater(2), "3\n", true}, {rows.Less(2.5), "2.49", true}, {rows.Less(2.5), "1e3", false}, {rows.Float().Less(3), "2.5", true},
		{rows.Equal(2), "02", true}, {rows.In(1, 2), "2", true}, {rows.In(1, 2), "3", false}, {rows.In(1, 2.5), "2.5", true}, {rows.In(1, 2.5), "1", true},
		{rows.JSONPath("$.n").Greater(2), `{"n": 2.5}`, true}, {rows.JSONPath("$.n").Equal(true), `{"n": true}`, true}, {rows.JSONPath("$.n").In(1, 2), `{"n": 2}`, true},
		{rows.JSONPath("$.n").Equal("2"), `{"n": 2}`, false}, {rows.JSONPath("$.n").Equal("x"), `{`, nil},
		{rows.Int().Plus(1).Times(2).Equal(8), "3", true}, {rows.Int().DividedBy(2).Equal(3.5), "7", true}, {rows.Int().Modulo(2).Equal(1), "7", true},
		{rows.Expression().Minus(rows).Equal(0), "7.5", true}, {rows.Expression().Plus(rows).Equal("77"), "7", true},
		{rows.Matches(`^\d+$`), "12", true}, {rows.Matches(`^\d{2}$`), "123", false}, {rows.Upper().Equal("AB"), "aB", true}, {rows.Lower().StartsWith("ab"), "ABC", true},
		{workflow.And(rows.Matches(`^\d+$`), rows.Greater(2)), "x", false}, {workflow.If(rows.Equal("a"), 1, 2).Equal(1), "a", true},
		{workflow.Call("sprig.trunc", 2, rows).Equal("ab"), "abc", true}, {rows.Equal(true), "true", true}, {rows.Equal(rows.Equal("x")), "false", true},
		{workflow.Not(workflow.Not(rows.Equal("a"))), "a", true},
	} {
		got, err := scene{globals: globals("x"), outputs: common.Parameters{"tasks.a.outputs.parameters.rows": tc.value}}.runs(tc.e.Ref())
		if want, ok := tc.want.(bool); (err != nil) == ok || ok && got != want {
			t.Errorf("%s with %q is %v, %v", tc.e.Ref(), tc.value, got, err)
		}
	}
}

// TestNamesInConditions: names that look like something else to one of the
// languages or to Argo.
func TestNamesInConditions(t *testing.T) {
	for _, name := range append([]string{"a-b", "2nd", "not", "let", "if", "map", "len", "status", "name", "outputs", "parameters"}, names...) {
		task := &workflow.Task{Name: name}
		output, input := task.Output(name), workflow.Input{Name: name}.Variable()
		s := scene{globals: globals("x"), inputs: map[string]string{name: "in"}, outputs: common.Parameters{
			string(output): "out", string(task.Status()): "Error", string(task.Result()): "res", string(task.ExitCode()): "3"}}
		for _, e := range []workflow.Expression{
			output.Equal("out"), input.Equal("in"), task.Errored(), workflow.Not(task.Failed()), task.Result().Equal("res"), task.ExitCode().Equal(3),
			workflow.And(workflow.RunName.StartsWith("daily"), input.NotEqual(output)),
			workflow.And(workflow.RunStatus.Equal("Running"), workflow.CreationTime("Y").Equal(2026)),
		} {
			for _, steps := range []bool{false, true} {
				s.steps = steps
				if got, err := s.runs(e.Ref()); err != nil || !got {
					t.Errorf("%s: %s is %v, %v", name, e.Ref(), got, err)
				}
			}
		}
	}
}

// TestRetryConditions: in the scope of the condition of a retry.
func TestRetryConditions(t *testing.T) {
	scope := env.GetFuncMap(map[string]any{"retries": "1", "lastRetry.exitCode": "137", "lastRetry.status": "Failed", "lastRetry.duration": "12.5", "lastRetry.message": "OOMKilled (exit code 137)"})
	e := workflow.And(workflow.Retries.Less(2), workflow.LastRetryExitCode.In(137, 143), workflow.LastRetryStatus.NotEqual("Error"),
		workflow.LastRetryDuration.Greater(12.4), workflow.LastRetryMessage.Contains("OOM"))
	for _, tc := range []struct {
		e    workflow.Expression
		want bool
	}{{e, true}, {workflow.Not(e), false}, {workflow.And(e, workflow.Retries.Equal(2)), false}} {
		if got, err := argoexpr.EvalBool(strings.TrimSuffix(strings.TrimPrefix(tc.e.Ref(), "{{="), "}}"), scope); err != nil || got != tc.want {
			t.Errorf("%s is %v, %v", tc.e.Ref(), got, err)
		}
	}
}

// TestJSONArrives: a value in JSON is the value, and Argo's next passes find
// nothing in it.
func TestJSONArrives(t *testing.T) {
	for _, value := range hostile {
		text := "[" + workflow.Parameter{Name: "job-class"}.Variable().JSON() + ", " + workflow.Text("<", workflow.Parameter{Name: "date"}, ">").JSON() + "]"
		tmpl := executed(t, &wfv1.Template{Script: &wfv1.ScriptTemplate{Source: text}}, globals(value))
		var got []string
		if err := json.Unmarshal([]byte(tmpl.Script.Source), &got); err != nil || got[0] != value || got[1] != "<"+value+">" {
			t.Errorf("%q arrives as %q, %v", value, tmpl.Script.Source, err)
		}
	}
}

// rendered are the conditions that package workflow writes down in its tests.
func rendered(t *testing.T) map[string]map[string]string {
	t.Helper()
	text, err := os.ReadFile("../../../workflow/testdata/conditions.json")
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]map[string]string
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestMixedConditions: what govaluate joins is true when it should be.
func TestMixedConditions(t *testing.T) {
	cases := rendered(t)["when"]
	want := map[string]func(raw, task, item bool) bool{
		"raw":                   func(raw, _, _ bool) bool { return raw },
		"not raw":               func(raw, _, _ bool) bool { return !raw },
		"typed and raw":         func(raw, task, _ bool) bool { return task && raw },
		"typed or not raw":      func(raw, task, _ bool) bool { return task || !raw },
		"item and task":         func(_, task, item bool) bool { return item && task },
		"not (item or task)":    func(_, task, item bool) bool { return !(item || task) },
		"item or (raw and not)": func(raw, task, item bool) bool { return item || raw && !task },
	}
	if len(cases) != len(want) {
		t.Fatalf("%d conditions are written down, and %d known here", len(cases), len(want))
	}
	for name, wanted := range want {
		for i := range 8 {
			raw, task, item := i&1 != 0, i&2 != 0, i&4 != 0
			for _, steps := range []bool{false, true} {
				s := scene{steps: steps, globals: globals("x"), outputs: common.Parameters{"tasks.load.status": "Failed"}, item: new("' || 1 == 2")}
				if raw {
					s.globals["workflow.status"] = "Failed"
				}
				if task {
					s.outputs["tasks.load.status"] = "Succeeded"
				}
				if item {
					s.item = new("' || 1 == 1")
				}
				if got, err := s.runs(cases[name]); err != nil || got != wanted(raw, task, item) {
					t.Errorf("%s: %s with %v, %v, %v is %v, %v", name, cases[name], raw, task, item, got, err)
				}
			}
		}
	}
}

// results is how Argo tells depends about one task.
// Source: workflow/controller/dag.go TaskResults.
type results struct {
	Succeeded    bool `json:"Succeeded"`
	Failed       bool `json:"Failed"`
	Errored      bool `json:"Errored"`
	Skipped      bool `json:"Skipped"`
	Omitted      bool `json:"Omitted"`
	Daemoned     bool `json:"Daemoned"`
	AnySucceeded bool `json:"AnySucceeded"`
	AllFailed    bool `json:"AllFailed"`
}

// ways are the ends of a task, as few as tell the conditions below apart.
var ways = []results{{Succeeded: true}, {Failed: true}, {Errored: true}, {Skipped: true}, {Omitted: true}, {Daemoned: true}, {Succeeded: true, AnySucceeded: true}, {Failed: true, AllFailed: true}}

// dagTasks is what Argo's reading of depends asks for.
type dagTasks struct{ common.DagContext }

func (dagTasks) GetTask(name string) *wfv1.DAGTask { return &wfv1.DAGTask{Name: name} }

// TestDepends: the texts are read as they are meant, by Argo's own reading of
// them, for all ends of all tasks.
// Source: workflow/controller/dag.go evaluateDependsLogic.
func TestDepends(t *testing.T) {
	cases := rendered(t)["depends"]
	want := map[string]func(dash, item, retries, in results) bool{
		"dash":         func(d, _, _, _ results) bool { return d.Succeeded },
		"or":           func(d, i, r, _ results) bool { return d.Succeeded && (i.Failed || r.Errored) },
		"not":          func(d, i, _, _ results) bool { return !(d.Succeeded || i.Succeeded) },
		"and in or":    func(d, i, _, in results) bool { return in.Failed || d.Succeeded && i.Succeeded },
		"raw":          func(d, i, r, _ results) bool { return (d.Failed || i.Succeeded) && r.Succeeded },
		"loop":         func(d, _, _, in results) bool { return d.AnySucceeded && !in.AllFailed },
		"not run":      func(d, i, _, _ results) bool { return d.Skipped || i.Omitted },
		"daemon":       func(_, _, r, _ results) bool { return r.Daemoned && !r.Succeeded },
		"not not in-2": func(_, _, _, in results) bool { return in.Failed },
		"nested twice": func(d, i, r, in results) bool { return (i.Failed && in.Failed || d.Failed) && r.Failed },
	}
	if len(cases) != len(want) {
		t.Fatalf("%d conditions are written down, and %d known here", len(cases), len(want))
	}
	for name, wanted := range want {
		_, logic := common.GetTaskDependencies(&wfv1.DAGTask{Name: "z", Depends: cases[name]}, dagTasks{})
		if err := common.ValidateTaskResults(&wfv1.DAGTask{Depends: cases[name]}); err != nil {
			t.Error(err)
		}
		logic = strings.ReplaceAll(logic, "-", "_")
		for n := range 8 * 8 * 8 * 8 {
			d, i, r, in := ways[n%8], ways[n/8%8], ways[n/64%8], ways[n/512]
			got, err := argoexpr.EvalBool(logic, map[string]results{"extract_orders": d, "item": i, "retries": r, "in_2": in})
			if err != nil || got != wanted(d, i, r, in) {
				t.Fatalf("%s: %s with %v %v %v %v is %v, %v", name, logic, d, i, r, in, got, err)
			}
		}
	}
}

// TestWhyNotInWhen shows the attack that the rendering is there for, so that it
// is known when Argo no longer needs it.
func TestWhyNotInWhen(t *testing.T) {
	s := scene{globals: globals("x"), outputs: common.Parameters{"tasks.a.outputs.result": `b' == 'b' || 'a`}}
	if got, err := s.runs("'{{tasks.a.outputs.result}}' == 'x'"); err != nil || !got {
		t.Errorf("a quoted reference is %v, %v", got, err)
	}
	if got, err := s.runs((&workflow.Task{Name: "a"}).Result().Equal("x").Ref()); err != nil || got {
		t.Errorf("a condition is %v, %v", got, err)
	}
}

// TestUnknownTasks: Argo waits for what it doesn't know yet, and takes it for
// neither true nor false.
func TestUnknownTasks(t *testing.T) {
	task := &workflow.Task{Name: "b"}
	for _, e := range []workflow.Expression{task.Succeeded(), workflow.Not(task.Succeeded()), task.Output("x").NotEqual("y"), workflow.Item.Equal(task.Result())} {
		for _, steps := range []bool{false, true} {
			if _, err := (scene{globals: globals("x"), steps: steps}).runs(e.Ref()); !template.IsMissingVariableErr(err) {
				t.Errorf("%s: %v", e.Ref(), err)
			}
		}
	}
}
