package argo_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	sigsyaml "sigs.k8s.io/yaml"

	"github.com/millrace/millrace/internal/argo"
)

// valueRules are the rules that look at single values. Others would find much
// in the tests' pieces of workflows.
var valueRules = map[string]bool{
	argo.RuleRetry: true, argo.RuleResource: true, argo.RuleValue: true, argo.RuleVolume: true, argo.RulePlace: true,
	argo.RuleLock: true, argo.RuleSize: true, argo.RuleSchedule: true,
}

// decode reads an object strictly.
func decode(t *testing.T, text string) argo.Workflow {
	t.Helper()
	var head struct {
		Kind     string
		Metadata struct{ Name, Namespace string }
	}
	if err := sigsyaml.Unmarshal([]byte(text), &head); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	w := argo.Workflow{Kind: head.Kind, Name: head.Metadata.Name, Namespace: head.Metadata.Namespace, Path: "spec"}
	strict := func(into any) {
		t.Helper()
		if err := sigsyaml.UnmarshalStrict([]byte(text), into); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
	}
	switch head.Kind {
	case "Workflow":
		o := new(wfv1.Workflow)
		strict(o)
		w.Spec = &o.Spec
	case "WorkflowTemplate":
		o := new(wfv1.WorkflowTemplate)
		strict(o)
		w.Spec = &o.Spec
	case "CronWorkflow":
		o := new(wfv1.CronWorkflow)
		strict(o)
		w.Spec, w.Cron, w.Path = &o.Spec.WorkflowSpec, &o.Spec, "spec.workflowSpec"
	default:
		t.Fatalf("kind %q", head.Kind)
	}
	return w
}

// found returns the problems with values: rule, path and detail. All say what
// to do.
func found(t *testing.T, w argo.Workflow) []argo.Problem {
	t.Helper()
	var out []argo.Problem
	for _, p := range argo.Check(w) {
		if !valueRules[p.Rule] {
			continue
		}
		if p.Detail == "" || p.Fix == "" || strings.Contains(p.Detail, "%!") {
			t.Errorf("%+v", p)
		}
		out = append(out, p)
	}
	return out
}

// indent moves a text to the right.
func indent(text, by string) string {
	return by + strings.ReplaceAll(strings.Trim(text, "\n"), "\n", "\n"+by)
}

// ofSpec is a workflow with the spec.
func ofSpec(text string) string { return "kind: Workflow\nspec:\n" + indent(text, "  ") }

// ofTemplate is a workflow with one template.
func ofTemplate(text string) string {
	return ofSpec("templates:\n- name: a\n" + indent(text, "  "))
}

// cases are pieces of a workflow, with the paths of the problems in it below
// base.
type cases map[string]struct {
	in   string
	want []string
}

func (c cases) run(t *testing.T, rule, base string, of func(string) string) {
	t.Helper()
	for name, tc := range c {
		t.Run(name, func(t *testing.T) {
			var got, want []string
			for _, p := range found(t, decode(t, of(tc.in))) {
				got = append(got, p.Rule+" "+p.Path)
			}
			for _, path := range tc.want {
				rule := rule
				if other, rest, ok := strings.Cut(path, " "); ok { // of another rule
					rule, path = other, rest
				}
				want = append(want, rule+" "+base+path)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

func TestRetry(t *testing.T) {
	of := func(text string) string {
		return ofTemplate("container: {image: x}\nretryStrategy: " + text)
	}
	cases{
		"full":                 {in: `{limit: "3", retryPolicy: OnError, backoff: {duration: "10", factor: "2", maxDuration: 1h, cap: 5m}}`},
		"no limit":             {in: `{retryPolicy: Always}`},
		"a reference":          {in: `{limit: "{{inputs.parameters.n}}", backoff: {duration: "{{d}}", factor: "{{f}}", maxDuration: "{{m}}", cap: "{{c}}"}}`},
		"limit zero":           {in: `{limit: 0}`},
		"limit no number":      {in: `{limit: abc}`, want: []string{".limit"}},
		"limit a fraction":     {in: `{limit: "1.5"}`, want: []string{".limit"}},
		"limit negative":       {in: `{limit: -1}`, want: []string{".limit"}},
		"policy":               {in: `{limit: 1, retryPolicy: OnFailed}`, want: []string{".retryPolicy"}},
		"policy by reference":  {in: `{limit: 1, retryPolicy: "{{x}}"}`, want: []string{".retryPolicy"}},
		"backoff alone":        {in: `{backoff: {duration: 10s}}`, want: []string{".backoff"}},
		"no duration":          {in: `{limit: 1, backoff: {factor: 2}}`, want: []string{".backoff.duration"}},
		"junk":                 {in: `{limit: 1, backoff: {duration: 10 seconds, factor: two, maxDuration: long, cap: high}}`, want: []string{".backoff.duration", ".backoff.cap", ".backoff.factor", ".backoff.maxDuration"}},
		"zero":                 {in: `{limit: 1, backoff: {duration: "0", cap: 0s, factor: 0}}`, want: []string{".backoff.duration", ".backoff.cap", ".backoff.factor"}},
		"negative":             {in: `{limit: 1, backoff: {duration: "-5"}}`, want: []string{".backoff.duration"}},
		"never again":          {in: `{limit: 1, backoff: {duration: 10m, maxDuration: 10m}}`, want: []string{".backoff.maxDuration"}},
		"again, due to a cap":  {in: `{limit: 1, backoff: {duration: 10m, maxDuration: 10m, cap: 1m}}`},
		"never, despite a cap": {in: `{limit: 1, backoff: {duration: 10m, maxDuration: 1m, cap: 2m}}`, want: []string{".backoff.maxDuration"}},
	}.run(t, argo.RuleRetry, "spec.templates[0].retryStrategy", of)

	cases{
		"of the workflow": {in: `{retryStrategy: {limit: 1, retryPolicy: never}}`, want: []string{"retryStrategy.retryPolicy"}},
		"completed":       {in: `{templateDefaults: {retryStrategy: {limit: 2, backoff: {duration: "5"}}}, templates: [{name: a, retryStrategy: {backoff: {factor: 2}}}]}`},
		"defaults partly": {in: `{templateDefaults: {retryStrategy: {backoff: {factor: 2}}}}`},
		"defaults wrong":  {in: `{templateDefaults: {retryStrategy: {limit: x}}}`, want: []string{"templateDefaults.retryStrategy.limit"}},
		"inline":          {in: `{templates: [{name: a, dag: {tasks: [{name: b, inline: {retryStrategy: {limit: x}}}]}}]}`, want: []string{"templates[0].dag.tasks[0].inline.retryStrategy.limit"}},
		"a set":           {in: `{templates: [{name: a, containerSet: {containers: [{name: main}], retryStrategy: {retries: 2, duration: 1s}}}]}`},
		"a set, never":    {in: `{templates: [{name: a, containerSet: {containers: [{name: main}], retryStrategy: {retries: 0, duration: "10"}}}]}`, want: []string{"templates[0].containerSet.retryStrategy.retries", "templates[0].containerSet.retryStrategy.duration"}},
		"a set, how often": {in: `{templates: [{name: a, containerSet: {containers: [{name: main}], retryStrategy: {}}}]}`,
			want: []string{"templates[0].containerSet.retryStrategy.retries"}},
	}.run(t, argo.RuleRetry, "spec.", ofSpec)
}

func TestLocks(t *testing.T) {
	cases{
		"fine": {in: `{mutexes: [{name: a}, {name: a, database: true}, {name: a, namespace: b}, {name: "a/b"}],
 semaphores: [{configMapKeyRef: {name: a, key: b}}, {database: {key: a}}, {configMapKeyRef: {name: "{{x}}/", key: "{{y}}"}}]}`},
		"old":             {in: `{mutex: {name: a}, semaphore: {configMapKeyRef: {name: a, key: b}}}`},
		"no names":        {in: `{mutex: {}, semaphore: {configMapKeyRef: {}}, mutexes: [{}], semaphores: [{}, {database: {}}]}`, want: []string{"mutex.name", "semaphore.configMapKeyRef.name", "semaphore.configMapKeyRef.key", "mutexes[0].name", "semaphores[0]", "semaphores[1].database.key"}},
		"null":            {in: `{mutexes: [null], semaphores: [null]}`, want: []string{"mutexes[0]", "semaphores[0]"}},
		"both":            {in: `{semaphores: [{configMapKeyRef: {name: a, key: b}, database: {key: a}}]}`, want: []string{"semaphores[0].database"}},
		"a slash":         {in: `{semaphores: [{configMapKeyRef: {name: a/b, key: c/d}}]}`, want: []string{"semaphores[0].configMapKeyRef.name", "semaphores[0].configMapKeyRef.key"}},
		"twice":           {in: `{mutex: {name: a}, mutexes: [{name: b}, {name: a}], semaphores: [{configMapKeyRef: {name: a, key: b}}, {configMapKeyRef: {name: a, key: b}}, {database: {key: x}}, {database: {key: x}}]}`, want: []string{"mutexes[1]", "semaphores[1]", "semaphores[3]"}},
		"not quite twice": {in: `{semaphores: [{configMapKeyRef: {name: a, key: b}}, {configMapKeyRef: {name: a, key: c}}]}`},
	}.run(t, argo.RuleLock, "spec.templates[0].synchronization.", func(text string) string {
		return ofTemplate("container: {image: x}\nsynchronization: " + text)
	})
	cases{
		"of the workflow": {in: `{synchronization: {mutexes: [{}]}}`, want: []string{"synchronization.mutexes[0].name"}},
		"no cache":        {in: `{templates: [{name: a, memoize: {key: k}}]}`, want: []string{"templates[0].memoize.cache.configMap"}},
		"no config map":   {in: `{templates: [{name: a, memoize: {key: k, cache: {}}}]}`, want: []string{"templates[0].memoize.cache.configMap"}},
		"no name":         {in: `{templates: [{name: a, memoize: {key: k, cache: {configMap: {key: a}}}}]}`, want: []string{"templates[0].memoize.cache.configMap.name"}},
		"cached":          {in: `{templates: [{name: a, memoize: {key: "{{inputs.parameters.a}}", maxAge: 1h, cache: {configMap: {name: a}}}}]}`},
		"completed":       {in: `{templateDefaults: {memoize: {cache: {configMap: {name: a}}}}, templates: [{name: a, memoize: {key: k}}]}`},
		"parameters": {in: `{arguments: {parameters: [{name: a, valueFrom: {configMapKeyRef: {name: x}}}]}, templates: [
 {name: a, inputs: {parameters: [{name: a, valueFrom: {configMapKeyRef: {key: x}}}]}, dag: {tasks: [{name: b, arguments: {parameters: [{name: c, valueFrom: {configMapKeyRef: {name: x}}}]}}]}},
 {name: b, steps: [[{name: b}, {name: c, arguments: {parameters: [{name: c, valueFrom: {configMapKeyRef: {name: x}}}]}}]]}]}`,
			want: []string{"arguments.parameters[0].valueFrom.configMapKeyRef.key", "templates[0].inputs.parameters[0].valueFrom.configMapKeyRef.name",
				"templates[0].dag.tasks[0].arguments.parameters[0].valueFrom.configMapKeyRef.key", "templates[1].steps[0][1].arguments.parameters[0].valueFrom.configMapKeyRef.key"}},
	}.run(t, argo.RuleLock, "spec.", ofSpec)
}

func TestSchedule(t *testing.T) {
	of := func(text string) string {
		return "kind: CronWorkflow\nspec: " + text
	}
	cases{
		"fine":             {in: `{schedules: ["0 3 * * *", "@daily", "@every 1h30m", "CRON_TZ=Europe/Berlin 0 3 * * MON-FRI", "TZ=UTC  @hourly", "0 0 29 2 *", "0 0 31 */2 *", "0 0 31 2 MON"]}`},
		"zone":             {in: `{schedule: "* * * * *", timezone: America/New_York, concurrencyPolicy: Forbid, startingDeadlineSeconds: 0, successfulJobsHistoryLimit: 0}`},
		"zone of the pod":  {in: `{schedule: "* * * * *", timezone: Local}`},
		"none":             {in: `{schedules: []}`, want: []string{"schedules"}},
		"both":             {in: `{schedule: "* * * * *", schedules: ["* * * * *"]}`, want: []string{"schedule"}},
		"junk":             {in: `{schedule: "every day", schedules: []}`, want: []string{"schedule"}},
		"six fields":       {in: `{schedules: ["@daily", "0 0 3 * * *"]}`, want: []string{"schedules[1]"}},
		"too many minutes": {in: `{schedules: ["60 * * * *"]}`, want: []string{"schedules[0]"}},
		"no such day":      {in: `{schedules: ["0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 31 2 */1"]}`, want: []string{"schedules[0]", "schedules[1]", "schedules[2]"}},
		"an empty field":   {in: `{schedules: [", * * * *"]}`, want: []string{"schedules[0]"}},
		"zone alone":       {in: `{schedules: ["CRON_TZ=UTC"]}`, want: []string{"schedules[0]"}},
		"two zones":        {in: `{schedules: ["CRON_TZ=UTC * * * * *"], timezone: UTC}`, want: []string{"schedules[0]"}},
		"no such zone":     {in: `{schedules: ["TZ=Mars * * * * *"], timezone: Europe/Berln}`, want: []string{"schedules[0]", "schedules[0]", "timezone"}},
		"policy":           {in: `{schedules: ["@daily"], concurrencyPolicy: forbid}`, want: []string{"concurrencyPolicy"}},
		"negative":         {in: `{schedules: ["@daily"], startingDeadlineSeconds: -1, successfulJobsHistoryLimit: -1, failedJobsHistoryLimit: -1}`, want: []string{"startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"}},
	}.run(t, argo.RuleSchedule, "spec.", of)

	got := found(t, decode(t, of(`{schedules: ["@daily"], timezone: Europe/Berln}`)))
	if len(got) != 1 || got[0].Fix != "write Europe/Berlin" || got[0].Detail != `there is no time zone "Europe/Berln"` {
		t.Errorf("%+v", got)
	}
}

func TestNameLength(t *testing.T) {
	for _, tc := range []struct {
		kind   string
		length int
		want   bool
	}{{"Workflow", 63, false}, {"Workflow", 64, true}, {"WorkflowTemplate", 64, true}, {"CronWorkflow", 52, false}, {"CronWorkflow", 53, true}} {
		w := decode(t, fmt.Sprintf("kind: %s\nmetadata: {name: %s}\nspec: {}", tc.kind, strings.Repeat("a", tc.length)))
		got := false
		for _, p := range argo.Check(w) {
			got = got || p.Rule == argo.RuleName && p.Path == "metadata.name"
		}
		if got != tc.want {
			t.Errorf("%s of %d: %v", tc.kind, tc.length, got)
		}
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
