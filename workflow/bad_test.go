package workflow_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// has reports whether the findings hold one of that rule at that field.
func has(found []millrace.Finding, field, rule string) bool {
	for _, f := range found {
		if f.Field == field && f.Rule == rule {
			return true
		}
	}
	return false
}

// first returns the job of the first task, for a change.
func first(t *workflow.Template) *job { return t.Tasks[0].Run.(*job) }

func change(f func(*millrace.Runnable)) func(*workflow.Template) {
	return func(t *workflow.Template) { first(t).change = f }
}

func unstruct(r *millrace.Runnable) *unstructured.Unstructured {
	return r.Object.(*unstructured.Unstructured)
}

var badTemplates = []struct {
	name  string
	make  func(*workflow.Template)
	field string
	rule  string
}{
	{"no name", func(t *workflow.Template) { t.Name = "" }, "Name", millrace.RuleRequired},
	{"name in capitals", func(t *workflow.Template) { t.Name = "Daily" }, "Name", millrace.RuleInvalid},
	{"name too long for its runs", func(t *workflow.Template) { t.Name = strings.Repeat("a", 53) }, "Name", millrace.RuleInvalid},
	{"name with NUL", func(t *workflow.Template) { t.Name = "a\x00b" }, "Name", millrace.RuleInvalid},
	{"bad namespace", func(t *workflow.Template) { t.Namespace = "a/b" }, "Namespace", millrace.RuleInvalid},
	{"bad label", func(t *workflow.Template) { t.Labels = map[string]string{"a b": "c"} }, "Labels[a b]", millrace.RuleInvalid},
	{"no service account", func(t *workflow.Template) { t.ServiceAccount = "" }, "ServiceAccount", millrace.RuleRequired},
	{"default service account", func(t *workflow.Template) { t.ServiceAccount = "default" }, "ServiceAccount", millrace.RuleInvalid},
	{"negative parallelism", func(t *workflow.Template) { t.Parallelism = -1 }, "Parallelism", millrace.RuleInvalid},
	{"absurd parallelism", func(t *workflow.Template) { t.Parallelism = math.MaxInt }, "Parallelism", millrace.RuleInvalid},
	{"negative deadline", func(t *workflow.Template) { t.Deadline = -time.Hour }, "Deadline", millrace.RuleInvalid},
	{"deadline of 290 years", func(t *workflow.Template) { t.Deadline = math.MaxInt64 / time.Second * time.Second }, "Deadline", millrace.RuleInvalid},
	{"fraction of a second", func(t *workflow.Template) { t.TTL.Failure = 1500 * time.Millisecond }, "TTL.Failure", millrace.RuleInvalid},
	{"fraction of a second, of success", func(t *workflow.Template) { t.TTL.Success = time.Millisecond }, "TTL.Success", millrace.RuleInvalid},
	{"service account whose name is none", func(t *workflow.Template) { t.ServiceAccount = "A b" }, "ServiceAccount", millrace.RuleInvalid},
	{"two beginnings", func(t *workflow.Template) { t.Entrypoint = &workflow.Definition{Name: "d", Step: tool()} }, "Entrypoint", millrace.RuleConflict},
	{"negative retries", func(t *workflow.Template) { t.Retry.Limit = new(-1) }, "Retry.Limit", millrace.RuleInvalid},
	{"backoff above its limit", func(t *workflow.Template) { t.Retry.Backoff, t.Retry.MaxBackoff = time.Hour, time.Minute }, "Retry.MaxBackoff", millrace.RuleConflict},
	{"bad priority class", func(t *workflow.Template) { t.PriorityClass = "High!" }, "PriorityClass", millrace.RuleInvalid},
	{"bad toleration", func(t *workflow.Template) {
		t.Placement.Tolerations = []corev1.Toleration{{Key: "a", Effect: "NO_SCHEDULE"}}
	}, "Placement.Tolerations[0].Effect", millrace.RuleInvalid},

	{"parameter without a name", func(t *workflow.Template) { t.Parameters = append(t.Parameters, workflow.Parameter{}) }, "Parameters[1].Name", millrace.RuleRequired},
	{"parameter with a dot", func(t *workflow.Template) { t.Parameters = append(t.Parameters, workflow.Parameter{Name: "a.b"}) }, "Parameters[1].Name", millrace.RuleInvalid},
	{"parameter twice", func(t *workflow.Template) { t.Parameters = append(t.Parameters, date) }, "Parameters[1].Name", millrace.RuleDuplicate},
	{"default service account of a Base", func(t *workflow.Template) { t.ServiceAccount, t.Base.ServiceAccountName = "", "default" }, "ServiceAccount", millrace.RuleInvalid},
	{"half a key of a ConfigMap", func(t *workflow.Template) { t.Parameters[0].From = workflow.ConfigMapKey{Name: "c"} }, "Parameters[0].From.Key", millrace.RuleRequired},
	{"default not allowed", func(t *workflow.Template) { t.Parameters[0].Default, t.Parameters[0].Enum = new("c"), []string{"a"} }, "Parameters[0].Default", millrace.RuleInvalid},

	{"more bytes than a run may have", func(t *workflow.Template) {
		for i := range 5 {
			t.Tasks = append(t.Tasks, &workflow.Task{Name: fmt.Sprint("large", i), Run: &job{Class: strings.Repeat("x", 200<<10)}})
		}
	}, "Tasks", millrace.RuleInvalid},
	{"value that no manifest can hold", change(func(r *millrace.Runnable) { unstruct(r).Object["spec"] = make(chan int) }), "Tasks[0].Run", millrace.RuleInvalid},

	{"no tasks", func(t *workflow.Template) { t.Tasks = nil }, "Tasks", millrace.RuleRequired},
	{"nil task", func(t *workflow.Template) { t.Tasks[1] = nil }, "Tasks[1]", millrace.RuleRequired},
	{"task twice", func(t *workflow.Template) { t.Tasks = append(t.Tasks, t.Tasks[0]) }, "Tasks[3]", millrace.RuleDuplicate},
	{"two tasks of one name", func(t *workflow.Template) { t.Tasks[1].Name = t.Tasks[0].Name }, "Tasks[1].Name", millrace.RuleDuplicate},
	{"two names that are one to Argo", func(t *workflow.Template) { t.Tasks[0].Name, t.Tasks[1].Name = "a-b", "a_b" }, "Tasks[1].Name", millrace.RuleDuplicate},
	{"task without a name", func(t *workflow.Template) { t.Tasks[0].Name = "" }, "Tasks[0].Name", millrace.RuleRequired},
	{"task in capitals", func(t *workflow.Template) { t.Tasks[0].Name = "Extract" }, "Tasks[0].Name", millrace.RuleInvalid},
	{"task that begins with a digit", func(t *workflow.Template) { t.Tasks[0].Name = "1st" }, "Tasks[0].Name", millrace.RuleInvalid},
	{"task of a reserved name", func(t *workflow.Template) { t.Tasks[0].Name = "matches" }, "Tasks[0].Name", millrace.RuleInvalid},
	{"task called as the DAG", func(t *workflow.Template) { t.Tasks[0].Name = "main" }, "Tasks[0].Name", millrace.RuleDuplicate},
	{"task called as the exit handler", func(t *workflow.Template) { t.Tasks[0].Name = "clean-up" }, "Tasks[0].Name", millrace.RuleDuplicate},
	{"task called as the clean-up", func(t *workflow.Template) { t.Tasks[0].Name = "delete-sparkapplication" }, "Tasks[0].Name", millrace.RuleDuplicate},
	{"names too long together", func(t *workflow.Template) { t.Tasks[0].Name = strings.Repeat("a", 40) }, "Tasks[0].Name", millrace.RuleInvalid},
	{"nil in After", func(t *workflow.Template) { t.Tasks[0].After = []*workflow.Task{nil} }, "Tasks[0].After[0]", millrace.RuleRequired},
	{"a task that waits for itself", func(t *workflow.Template) { t.Tasks[0].After = []*workflow.Task{t.Tasks[0]} }, "Tasks[0].After[0]", millrace.RuleCycle},
	{"cycle of two", func(t *workflow.Template) { t.Tasks[1].After = []*workflow.Task{t.Tasks[2]} }, "Tasks[2].After[1]", millrace.RuleCycle},
	{"After a task that is not listed", func(t *workflow.Template) { t.Tasks = t.Tasks[1:] }, "Tasks[1].After[0]", millrace.RuleUnknown},
	{"After the same task twice", func(t *workflow.Template) { t.Tasks[2].After[1] = t.Tasks[0] }, "Tasks[2].After[1]", millrace.RuleDuplicate},
	{"task without work", func(t *workflow.Template) { t.Tasks[0].Run = nil }, "Tasks[0].Run", millrace.RuleRequired},
	{"typed nil as work", func(t *workflow.Template) { t.Tasks[0].Run = (*job)(nil) }, "Tasks[0].Run", millrace.RuleRequired},
	{"two kinds of work", func(t *workflow.Template) { t.Tasks[0].Step = workflow.Container{Image: "a:1", Command: []string{"x"}} }, "Tasks[0].Step", millrace.RuleConflict},
	{"negative deadline of a task", func(t *workflow.Template) { t.Tasks[0].Deadline = -1 }, "Tasks[0].Deadline", millrace.RuleInvalid},

	{"mistakes of the job", func(t *workflow.Template) {
		p := millrace.Problems{Object: millrace.Ref{Kind: "spark.Job"}}
		p.Required("Image", "name it")
		first(t).err = p.Err()
	}, "Tasks[0].Run.Image", millrace.RuleRequired},
	{"error of the job", func(t *workflow.Template) { first(t).err = errors.New("no") }, "Tasks[0].Run", millrace.RuleInvalid},
	{"job without an object", change(func(r *millrace.Runnable) { r.Object = nil }), "Tasks[0].Run", millrace.RuleRequired},
	{"job without a kind", change(func(r *millrace.Runnable) { r.Object = &corev1.ConfigMap{} }), "Tasks[0].Run", millrace.RuleInvalid},
	{"job that is a pod", change(func(r *millrace.Runnable) { unstruct(r).SetAPIVersion("v1"); unstruct(r).SetKind("Pod") }), "Tasks[0].Run", millrace.RuleUnsupported},
	{"job with a name", change(func(r *millrace.Runnable) { r.Object.SetName("a") }), "Tasks[0].Run", millrace.RuleInvalid},
	{"job with a generated name", change(func(r *millrace.Runnable) { r.Object.SetGenerateName("a-") }), "Tasks[0].Run", millrace.RuleInvalid},
	{"job in another namespace", change(func(r *millrace.Runnable) { r.Object.SetNamespace("kube-system") }), "Tasks[0].Run", millrace.RuleConflict},
	{"job with the run's label", change(func(r *millrace.Runnable) {
		r.Object.SetLabels(map[string]string{"workflows.argoproj.io/workflow": "x"})
	}), "Tasks[0].Run", millrace.RuleConflict},
	{"job without a condition of failure", change(func(r *millrace.Runnable) { r.Failed = "" }), "Tasks[0].Run", millrace.RuleRequired},
	{"unparsable condition", change(func(r *millrace.Runnable) { r.Succeeded = "status.state >= 1 || x" }), "Tasks[0].Run", millrace.RuleInvalid},
	{"unparsable condition of failure", change(func(r *millrace.Runnable) { r.Failed = "#(type==Failed)" }), "Tasks[0].Run", millrace.RuleInvalid},
	{"failure that holds before there is a status", change(func(r *millrace.Runnable) { r.Failed = "status.state != OK" }), "Tasks[0].Run", millrace.RuleInvalid},
	{"tight budget of the name", change(func(r *millrace.Runnable) { r.NameBudget = 43 }), "Tasks[0].Name", millrace.RuleInvalid},
	{"text that is not UTF-8", func(t *workflow.Template) { first(t).Args = []string{"\xff"} }, "Tasks[0].Run", millrace.RuleInvalid},
	{"absurd size", func(t *workflow.Template) { first(t).Args = []string{strings.Repeat("x", 300<<10)} }, "Tasks[0].Run", millrace.RuleInvalid},

	{"undeclared parameter", func(t *workflow.Template) { t.Parameters = nil }, "Tasks[2].Run", millrace.RuleUnknown},
	{"misspelt variable", func(t *workflow.Template) { first(t).Args = []string{"x {{ workflow.nmae }}"} }, "Tasks[0].Run", millrace.RuleUnknown},
	{"variable of another place", func(t *workflow.Template) { first(t).Args = []string{"{{inputs.parameters.date}}"} }, "Tasks[0].Run", millrace.RuleUnknown},
	{"loop variable", func(t *workflow.Template) { first(t).Args = []string{"{{item}}"} }, "Tasks[0].Run", millrace.RuleUnknown},
	{"expression of an unknown parameter", func(t *workflow.Template) { first(t).Args = []string{"{{=workflow.parameters.day}}"} }, "Tasks[0].Run", millrace.RuleUnknown},
	{"reference in a key", change(func(r *millrace.Runnable) { r.Object.SetAnnotations(map[string]string{date.Ref(): "x"}) }), "Tasks[0].Run", millrace.RuleUnsupported},

	{"container without an image", container(workflow.Container{Command: []string{"x"}}), "Tasks[0].Step.Image", millrace.RuleRequired},
	{"container without a command", container(workflow.Container{Image: "a:1"}), "Tasks[0].Step.Command", millrace.RuleRequired},
	{"container with negative memory", container(workflow.Container{Memory: -1}), "Tasks[0].Step.Memory", millrace.RuleInvalid},
	{"container with negative CPU", container(workflow.Container{CPU: resource.MustParse("-1")}), "Tasks[0].Step.CPU", millrace.RuleInvalid},
	{"container with an unknown parameter", container(workflow.Container{Args: []string{"{{workflow.parameters.x}}"}}), "Tasks[0].Step.Args[0]", millrace.RuleUnknown},
	{"container with an expression", container(workflow.Container{Env: []corev1.EnvVar{{Name: "A", Value: "{{=1 +}}"}}}), "Tasks[0].Step.Env[0].Value", millrace.RuleInvalid},
	{"container with an open brace", container(workflow.Container{Command: []string{"a {{ b"}}), "Tasks[0].Step.Command[0]", millrace.RuleInvalid},
	{"container with a brace before a reference", container(workflow.Container{Args: []string{"{" + date.Ref() + "}"}}), "Tasks[0].Step.Args[0]", millrace.RuleInvalid},
	{"container set twice", container(workflow.Container{Image: "a:1", Base: corev1.Container{Image: "b:1"}}), "Tasks[0].Step.Base.Image", millrace.RuleConflict},

	{"Base with an entrypoint", base(wfv1.WorkflowSpec{Entrypoint: "x"}), "Base.Entrypoint", millrace.RuleConflict},
	{"Base with a service account too", base(wfv1.WorkflowSpec{ServiceAccountName: "x"}), "Base.ServiceAccountName", millrace.RuleConflict},
	{"Base with an exit handler that is not there", base(wfv1.WorkflowSpec{OnExit: "x"}), "Base.OnExit", millrace.RuleUnknown},
	{"Base with an exit hook", base(wfv1.WorkflowSpec{Hooks: wfv1.LifecycleHooks{"exit": {Template: "x"}}}), "Base.Hooks[exit]", millrace.RuleConflict},
	{"Base with a field of a task", base(wfv1.WorkflowSpec{Templates: []wfv1.Template{{Name: "extract-orders", Resource: &wfv1.ResourceTemplate{Action: "create"}}}}), "Base.Templates[0].Resource.Action", millrace.RuleConflict},
	{"Base with other work for a task", base(wfv1.WorkflowSpec{Templates: []wfv1.Template{{Name: "extract-orders", Container: &corev1.Container{Image: "a:1"}}}}), "Base.Templates[0]", millrace.RuleConflict},
	{"Base with the old mutex", base(wfv1.WorkflowSpec{Synchronization: &wfv1.Synchronization{Mutex: &wfv1.Mutex{Name: "a"}}}), "Base.Synchronization.Mutex", millrace.RuleUnsupported},
	{"Base with an old semaphore of a template", base(wfv1.WorkflowSpec{Templates: []wfv1.Template{{Name: "a", Synchronization: &wfv1.Synchronization{Semaphore: &wfv1.SemaphoreRef{}}}}}), "Base.Templates[0].Synchronization.Semaphore", millrace.RuleUnsupported},
}

func container(c workflow.Container) func(*workflow.Template) {
	return func(t *workflow.Template) { t.Tasks[0].Run, t.Tasks[0].Step = nil, c }
}

func base(spec wfv1.WorkflowSpec) func(*workflow.Template) {
	return func(t *workflow.Template) { t.Base = spec }
}

func TestBadTemplates(t *testing.T) {
	for _, tc := range badTemplates {
		t.Run(tc.name, func(t *testing.T) {
			pipeline := daily()
			tc.make(pipeline)
			_, err := pipeline.Build()
			found := findings(t, err)
			if !has(found, tc.field, tc.rule) {
				t.Errorf("no %s at %s, but: %v", tc.rule, tc.field, err)
			}
			for _, f := range found {
				if f.Fix == "" && f.Detail != "no" || f.Detail == "" || f.Object.Kind != "workflow.Template" {
					t.Errorf("incomplete: %#v", f)
				}
				if strings.HasPrefix(f.Field, "Base.") && !strings.HasPrefix(tc.field, "Base.") {
					t.Errorf("a mistake that is none: %v", f)
				}
			}
		})
	}
}

// TestAllAtOnce: one build reports the mistakes of every part.
func TestAllAtOnce(t *testing.T) {
	pipeline := daily()
	pipeline.ServiceAccount = ""
	pipeline.Parameters = nil
	pipeline.Tasks[0].After = []*workflow.Task{pipeline.Tasks[2]}
	pipeline.Tasks[1].Name = "in"
	pipeline.Base.Entrypoint = "x"
	_, err := pipeline.Build()
	found := findings(t, err)
	for field, rule := range map[string]string{
		"ServiceAccount": millrace.RuleRequired, "Tasks[0].Run": millrace.RuleUnknown, "Tasks[1].Run": millrace.RuleUnknown,
		"Tasks[2].After[0]": millrace.RuleCycle, "Tasks[1].Name": millrace.RuleInvalid, "Base.Entrypoint": millrace.RuleConflict,
	} {
		if !has(found, field, rule) {
			t.Errorf("no %s at %s in: %v", rule, field, err)
		}
	}
}

func TestNilTemplate(t *testing.T) {
	if _, err := (*workflow.Template)(nil).Build(); len(findings(t, err)) != 1 {
		t.Errorf("a nil template: %v", err)
	}
	if _, err := (&workflow.Template{}).Build(); len(findings(t, err)) < 3 {
		t.Errorf("an empty template: %v", err)
	}
}

// TestCycleNames: the finding names the tasks in the order in which they wait.
func TestCycleNames(t *testing.T) {
	a, b, c := &workflow.Task{Name: "a"}, &workflow.Task{Name: "b"}, &workflow.Task{Name: "c"}
	a.After, b.After, c.After = []*workflow.Task{b}, []*workflow.Task{c}, []*workflow.Task{a}
	_, err := (&workflow.Template{Tasks: []*workflow.Task{a, b, c}}).Build()
	if !strings.Contains(err.Error(), "a after b after c after a") {
		t.Error(err)
	}
}

// TestHugeGraph: checking is linear, and needs no deep stack.
func TestHugeGraph(t *testing.T) {
	const n = 50_000
	tasks := make([]*workflow.Task, n)
	for i := range tasks {
		tasks[i] = &workflow.Task{Name: fmt.Sprint("t", i)}
		if i > 0 {
			tasks[i].After = []*workflow.Task{tasks[i-1]}
		}
	}
	tasks[0].After = []*workflow.Task{tasks[n-1]}
	_, err := (&workflow.Template{Name: "a", ServiceAccount: "b", Tasks: tasks}).Build()
	found := findings(t, err)
	cycles := 0
	for _, f := range found {
		if f.Rule == millrace.RuleCycle {
			cycles++
			if len(f.Detail) > 300 {
				t.Errorf("too long to read: %s", f.Detail)
			}
		}
	}
	if cycles != 1 || !has(found, "Tasks", millrace.RuleInvalid) {
		t.Errorf("%d cycles among %d findings", cycles, len(found))
	}
}
