package workflow_test

import (
	"strings"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

func TestArticle(t *testing.T) {
	golden(t, "daily-etl-pipeline.yaml", render(t, daily()))
}

// everything sets what daily leaves to the defaults.
func everything() *workflow.Template {
	class := workflow.Parameter{Name: "job-class", Default: new("com.company.etl.Compact"), Enum: []string{"com.company.etl.Compact", "com.company.etl.Vacuum"}, Description: "what to run"}
	note := workflow.Parameter{Name: "note", Default: new("")}
	compact := &workflow.Task{Name: "compact", Deadline: 2 * time.Hour, Run: &job{Class: class.Ref(), Args: []string{
		"--run={{workflow.name}}",
		"--note=" + note.Ref() + `, "quoted" \ {{braced}} <&>`,
		"{{ user.name }}",
	}}}
	table := &workflow.Task{Name: "table", Run: &job{change: func(r *millrace.Runnable) {
		u := unstruct(r)
		u.SetAPIVersion("batch/v1")
		u.SetKind("Job")
		u.Object["spec"] = map[string]any{"suspend": false}
		u.SetLabels(map[string]string{"team": "data-platform"})
		r.Succeeded, r.Failed = "status.succeeded > 0", "status.failed > 0"
	}}}
	notify := &workflow.Task{Name: "notify", After: []*workflow.Task{compact, table}, Step: workflow.Container{
		Image:   "company-registry/notify:1.4.0",
		Command: []string{"notify"},
		Args:    []string{"--class", class.Ref(), "{{ user.name }}"},
		Env:     []corev1.EnvVar{{Name: "NOTE", Value: note.Ref()}},
		CPU:     resource.MustParse("250m"),
		Memory:  256 * millrace.MiB,
		Base:    corev1.Container{WorkingDir: "/tmp"},
	}}
	return &workflow.Template{
		Name: "table-upkeep", Namespace: "data-platform",
		Labels: map[string]string{"team": "data-platform"}, Annotations: map[string]string{"owner": "data platform"},
		ServiceAccount: "argo-workflow-sa", PriorityClass: "high-priority",
		Parameters: []workflow.Parameter{class, note},
		Tasks:      []*workflow.Task{compact, table, notify},
		Deadline:   6 * time.Hour,
		TTL:        workflow.TTL{Success: time.Hour, Failure: 48 * time.Hour},
		Retry:      workflow.Retry{Limit: new(3), Backoff: 90 * time.Second, MaxBackoff: time.Hour, Failures: true},
		Placement: millrace.Placement{
			NodeSelector: map[string]string{"workload": "control"},
			Tolerations:  []corev1.Toleration{{Key: "workload", Value: "control", Effect: corev1.TaintEffectNoSchedule}, {Key: "workload", Value: "control", Effect: corev1.TaintEffectNoExecute}},
			Annotations:  map[string]string{"example.com/team": "data-platform"},
		},
		Base: wfv1.WorkflowSpec{
			Priority:    new(int32(10)),
			OnExit:      "tell",
			Tolerations: []corev1.Toleration{{Key: "spot", Operator: corev1.TolerationOpExists}},
			Templates: []wfv1.Template{
				{Name: "notify", Timeout: "10m"},
				{Name: "tell", Inputs: wfv1.Inputs{Parameters: []wfv1.Parameter{{Name: "note"}}}, Container: &corev1.Container{Image: "company-registry/notify:1.4.0",
					Command: []string{"notify"}, Args: []string{"{{workflow.status}}", "{{inputs.parameters.note}}"}}},
				{Name: "main", DAG: &wfv1.DAGTemplate{FailFast: new(false), Tasks: []wfv1.DAGTask{{Name: "notify", ContinueOn: nil, When: "true"}}}},
			},
			PodGC: &wfv1.PodGC{Strategy: wfv1.PodGCOnWorkflowSuccess},
		},
	}
}

func TestEverything(t *testing.T) {
	golden(t, "table-upkeep.yaml", render(t, everything()))
}

// TestWithoutRetry and KeepFailed: what is switched off is not rendered.
func TestSwitchedOff(t *testing.T) {
	pipeline := daily()
	pipeline.Retry.Limit = new(0)
	pipeline.KeepFailed = true
	w, err := pipeline.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	if w.Spec.OnExit != "" || len(w.Spec.Templates) != 4 {
		t.Errorf("exit handler %q, %d templates", w.Spec.OnExit, len(w.Spec.Templates))
	}
	for _, tmpl := range w.Spec.Templates {
		if tmpl.RetryStrategy != nil {
			t.Errorf("%s is retried", tmpl.Name)
		}
	}
}

// TestBaseOverDefaults: what Base says is no conflict with a default, and wins.
func TestBaseOverDefaults(t *testing.T) {
	pipeline := daily()
	pipeline.Base = wfv1.WorkflowSpec{
		ActiveDeadlineSeconds: new(int64(1)),
		TTLStrategy:           &wfv1.TTLStrategy{SecondsAfterSuccess: new(int32(0))},
		SecurityContext:       &corev1.PodSecurityContext{RunAsNonRoot: new(false)},
		Templates:             []wfv1.Template{{Name: "extract-orders", ActiveDeadlineSeconds: new(intstr.FromInt32(60))}},
	}
	w, err := pipeline.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	if *w.Spec.ActiveDeadlineSeconds != 1 || *w.Spec.TTLStrategy.SecondsAfterSuccess != 0 || *w.Spec.SecurityContext.RunAsNonRoot {
		t.Errorf("a default overrides Base: %+v", w.Spec)
	}
	if *w.Spec.TTLStrategy.SecondsAfterCompletion != 604800 {
		t.Error("a default beside a field of Base is missing")
	}
	if tmpl := w.GetTemplateByName("extract-orders"); tmpl.ActiveDeadlineSeconds.IntValue() != 60 || tmpl.Resource == nil {
		t.Errorf("Base does not reach the template of a task: %+v", tmpl)
	}
}

// TestSameBytes: nothing of a map's order or the time gets in.
func TestSameBytes(t *testing.T) {
	want := render(t, everything())
	for range 20 {
		if got := render(t, everything()); got != want {
			t.Fatalf("differs:\n%s", got)
		}
	}
}

// TestPlainInt: an unstructured object may hold every number that a program
// writes, though DeepCopy panics at most of them. It is not changed.
func TestPlainInt(t *testing.T) {
	pipeline := daily()
	spec := map[string]any{"replicas": 3, "ports": []int32{80, 443}, "limit": int64(1) << 62}
	first(pipeline).change = func(r *millrace.Runnable) { unstruct(r).Object["spec"] = spec }
	w, err := pipeline.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	manifest := w.GetTemplateByName("extract-orders").Resource.Manifest
	for _, want := range []string{`"replicas": 3`, `"limit": 4611686018427387904`, "443\n"} {
		if !strings.Contains(manifest, want) {
			t.Errorf("no %s in\n%s", want, manifest)
		}
	}
	if _, ok := spec["replicas"].(int); !ok {
		t.Error("the runner's object was changed")
	}
}

// TestCleanUpIsAlwaysRetried: no retries of the tasks, but of the exit handler.
func TestCleanUpIsAlwaysRetried(t *testing.T) {
	pipeline := daily()
	pipeline.Retry.Limit = new(0)
	w, err := pipeline.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	if r := w.GetTemplateByName("delete-sparkapplication").RetryStrategy; r == nil || r.Limit.IntValue() != 2 || r.Expression != "" {
		t.Errorf("deleting is retried as %+v", r)
	}
}

// TestMessageAtTheEnd: the exit handler of Base runs beside the deletion, with
// the arguments that Argo would give it, and alone where nothing is deleted.
func TestMessageAtTheEnd(t *testing.T) {
	pipeline := daily()
	pipeline.Base.OnExit = "notify"
	pipeline.Base.Templates = []wfv1.Template{{
		Name: "notify", Container: &corev1.Container{Image: "company-registry/notify:1.4.0", Command: []string{"notify"}},
		Inputs: wfv1.Inputs{Parameters: []wfv1.Parameter{{Name: "date"}, {Name: "channel", Value: new(wfv1.AnyString("etl"))}}},
	}}
	w, err := pipeline.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	want := []wfv1.ParallelSteps{{Steps: []wfv1.WorkflowStep{
		{Name: "notify", Template: "notify", Arguments: wfv1.Arguments{Parameters: []wfv1.Parameter{{Name: "date", Value: new(wfv1.AnyString("{{workflow.parameters.date}}"))}}}},
		{Name: "delete-sparkapplication", Template: "delete-sparkapplication", When: `"{{workflow.status}}" != "Succeeded"`},
	}}}
	if diff := cmp.Diff(want, w.GetTemplateByName("clean-up").Steps); diff != "" || w.Spec.OnExit != "clean-up" {
		t.Errorf("onExit is %q, -want +got:\n%s", w.Spec.OnExit, diff)
	}
	if pipeline.Base.OnExit != "notify" {
		t.Error("Base was changed")
	}
	pipeline.KeepFailed = true
	if w, err = pipeline.WorkflowTemplate(); err != nil || w.Spec.OnExit != "notify" {
		t.Errorf("kept, onExit is %q, %v", w.Spec.OnExit, err)
	}
}

// TestRoot: who asks for root gets it, and not pods that the kubelet refuses.
func TestRoot(t *testing.T) {
	for name, security := range map[string]*corev1.PodSecurityContext{
		"the user":           {RunAsUser: new(int64(0))},
		"the image's user":   {RunAsNonRoot: new(false)},
		"both":               {RunAsUser: new(int64(0)), RunAsNonRoot: new(false)},
		"another user":       {RunAsUser: new(int64(185))},
		"nothing about that": {FSGroup: new(int64(185))},
	} {
		t.Run(name, func(t *testing.T) {
			pipeline := daily()
			pipeline.Base.SecurityContext = security
			w, err := pipeline.WorkflowTemplate()
			if err != nil {
				t.Fatal(err)
			}
			got := w.Spec.SecurityContext
			nonRoot := got.RunAsNonRoot != nil && *got.RunAsNonRoot
			user := got.RunAsUser
			switch {
			case security.RunAsUser != nil && *user != *security.RunAsUser:
				t.Errorf("runs as %d", *user)
			case nonRoot && (user == nil || *user == 0):
				t.Errorf("must not run as root, and does: %v", got)
			case name == "the image's user" && user != nil:
				t.Errorf("runs as %d", *user)
			case (name == "another user" || name == "nothing about that") && !nonRoot:
				t.Errorf("may run as root: %v", got)
			}
			if got.SeccompProfile == nil {
				t.Error("the other defaults are gone")
			}
		})
	}
}

// TestTwoKindsOfOneName: kinds of different groups are cleaned up apart.
func TestTwoKindsOfOneName(t *testing.T) {
	pipeline := daily()
	first(pipeline).change = func(r *millrace.Runnable) { unstruct(r).SetAPIVersion("other.example.com/v1") }
	w, err := pipeline.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string]string{
		"delete-sparkapplication":   "SparkApplication.v1.other.example.com",
		"delete-sparkapplication-2": "SparkApplication.v1beta2.sparkoperator.k8s.io",
	} {
		if tmpl := w.GetTemplateByName(name); tmpl == nil || tmpl.Resource.Flags[0] != kind {
			t.Errorf("%s does not delete %s", name, kind)
		}
	}
}
