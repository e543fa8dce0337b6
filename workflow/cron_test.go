package workflow_test

import (
	"strings"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// nightly is a pipeline whose jobs take the time of their run from its schedule.
func nightly() *workflow.Template {
	return &workflow.Template{
		Name: "nightly-etl", Namespace: "data-platform", ServiceAccount: "argo-workflow-sa",
		Labels:     map[string]string{"team": "data-platform"},
		Parameters: []workflow.Parameter{{Name: "class"}},
		Tasks: []*workflow.Task{{Name: "extract", Run: &job{Class: workflow.Parameter{Name: "class"}.Ref(),
			Args: []string{"--until=" + workflow.ScheduledTime.Ref()}}}},
	}
}

func everyNight() *workflow.Cron {
	return &workflow.Cron{Name: "nightly-etl", Template: nightly(), Schedules: []string{"0 2 * * *"},
		Arguments: map[string]string{"class": "com.company.etl.Extract"}}
}

func TestCron(t *testing.T) {
	golden(t, "nightly-etl.yaml", render(t, nightly()))
	golden(t, "nightly-etl-cron.yaml", render(t, everyNight()))
	golden(t, "shared-cron.yaml", render(t, &workflow.Cron{
		Name: "shared-hourly", Namespace: "data-platform", From: workflow.TemplateRef{Name: "shared", Template: "x"},
		Labels: map[string]string{"team": "data-platform"}, Annotations: map[string]string{"why": "drill"},
		RunLabels: map[string]string{"tier": "gold"}, RunAnnotations: map[string]string{"on-call": "etl"},
		Arguments: map[string]string{"at": workflow.ScheduledTime.Ref()},
		Schedules: []string{"0  6-18/2 * JAN-mar mon,Wed-FRI", "@every 1h30m", "@daily"},
		TimeZone:  "America/Argentina/Buenos_Aires", Concurrency: workflow.ReplaceConcurrent, StartingDeadline: 10 * time.Minute,
		KeepSucceeded: new(0), KeepFailed: new(1), Suspended: true,
		When: workflow.Expr(`cronworkflow.lastScheduledTime == nil || (now() - cronworkflow.lastScheduledTime).Hours() >= 1 && cronworkflow.name != "x"`),
		Stop: workflow.Expr("cronworkflow.failed >= 3"),
		Base: wfv1.CronWorkflowSpec{WorkflowSpec: wfv1.WorkflowSpec{Priority: new(int32(1))}},
	}))
	inline := everyNight()
	inline.Name, inline.Inline = "nightly-etl-inline", true
	inline.Template.Annotations, inline.RunAnnotations = map[string]string{"owner": "etl", "a": "b"}, map[string]string{"a": "c"}
	golden(t, "nightly-etl-cron-inline.yaml", render(t, inline))
}

// TestPlainCron: that of a plain template says no more than it is told.
func TestPlainCron(t *testing.T) {
	n := everyNight()
	n.Template.Plain, n.TimeZone = true, "Europe/Berlin"
	w, err := n.CronWorkflow()
	if err != nil {
		t.Fatal(err)
	}
	w.Spec.WorkflowSpec = wfv1.WorkflowSpec{}
	if diff := cmp.Diff(wfv1.CronWorkflowSpec{Schedules: []string{"0 2 * * *"}, Timezone: "Europe/Berlin"}, w.Spec); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestCronBase: what Base says counts in the place of a default.
func TestCronBase(t *testing.T) {
	n := everyNight()
	n.Schedules = nil
	n.Base = wfv1.CronWorkflowSpec{
		Schedules: []string{"0 2 * * SUN"}, Timezone: "Europe/Berlin", ConcurrencyPolicy: "Allow", StartingDeadlineSeconds: new(int64(0)),
		SuccessfulJobsHistoryLimit: new(int32(0)), FailedJobsHistoryLimit: new(int32(0)),
		When: "true", StopStrategy: &wfv1.StopStrategy{Expression: "false"},
		WorkflowMetadata: &metav1.ObjectMeta{Finalizers: []string{"example.com/hold"}},
	}
	object, err := n.CronWorkflow()
	if err != nil {
		t.Fatal(err)
	}
	s := object.Spec
	if s.Schedules[0] != "0 2 * * 0" || s.Timezone != "Europe/Berlin" || s.ConcurrencyPolicy != "Allow" || *s.StartingDeadlineSeconds != 0 ||
		*s.SuccessfulJobsHistoryLimit != 0 || *s.FailedJobsHistoryLimit != 0 || s.When != "true" || s.StopStrategy.Expression != "false" ||
		len(s.WorkflowMetadata.Finalizers) != 1 || len(s.WorkflowMetadata.Labels) != 1 {
		t.Errorf("%+v", s)
	}
	if n.Base.Schedules[0] != "0 2 * * SUN" {
		t.Error("it changed the Base")
	}
}

// TestCronWhen: quotes stand in a JSON string, and the form of Argo's
// documentation is taken as it is.
func TestCronWhen(t *testing.T) {
	for text, want := range map[string]string{
		`cronworkflow.failed < 3`:           `{{= cronworkflow.failed < 3 }}`,
		`cronworkflow.name == "a\b"`:        `{{= cronworkflow.name == \"a\\b\" }}`,
		`{{= cronworkflow.succeeded == 0}}`: `{{= cronworkflow.succeeded == 0}}`,
	} {
		n := everyNight()
		n.When = workflow.Expr(text)
		object, err := n.CronWorkflow()
		if err != nil || object.Spec.When != want {
			t.Errorf("%s: got %+v, %v", text, object, err)
		}
	}
	n := everyNight()
	n.When = workflow.Call("string", workflow.CronFailed).NotEqual("3")
	object, err := n.CronWorkflow()
	if want := `{{= string(cronworkflow.failed) != \"3\" }}`; err != nil || object.Spec.When != want {
		t.Errorf("a typed condition: got %+v, %v", object, err)
	}
}

func TestBadCrons(t *testing.T) {
	schedule := func(s ...string) func(*workflow.Cron) { return func(n *workflow.Cron) { n.Schedules = s } }
	base := func(s wfv1.CronWorkflowSpec) func(*workflow.Cron) { return func(n *workflow.Cron) { n.Base = s } }
	for name, tc := range map[string]struct {
		make  func(*workflow.Cron)
		field string
		rule  string
	}{
		"no name":               {func(n *workflow.Cron) { n.Name = "" }, "Name", millrace.RuleRequired},
		"name too long":         {func(n *workflow.Cron) { n.Name = strings.Repeat("a", 53) }, "Name", millrace.RuleInvalid},
		"names too long":        {func(n *workflow.Cron) { n.Name = strings.Repeat("a", 50) }, "Template.Tasks[0].Name", millrace.RuleInvalid},
		"no template":           {func(n *workflow.Cron) { n.Template = nil }, "Template", millrace.RuleRequired},
		"bad template":          {func(n *workflow.Cron) { n.Template.ServiceAccount = "" }, "Template.ServiceAccount", millrace.RuleRequired},
		"missing argument":      {func(n *workflow.Cron) { n.Arguments = nil }, "Arguments[class]", millrace.RuleRequired},
		"reference in a value":  {func(n *workflow.Cron) { n.Arguments["class"] = workflow.ScheduledTime.Ref() }, "Arguments[class]", millrace.RuleUnsupported},
		"expression in a value": {func(n *workflow.Cron) { n.Arguments["class"] = "{{= workflow.scheduledTime }}" }, "Arguments[class]", millrace.RuleUnsupported},
		"elsewhere":             {func(n *workflow.Cron) { n.Namespace = "other" }, "Namespace", millrace.RuleConflict},
		"bad labels":            {func(n *workflow.Cron) { n.Labels = map[string]string{"a": "?"} }, "Labels[a]", millrace.RuleInvalid},
		"bad annotations":       {func(n *workflow.Cron) { n.Annotations = map[string]string{"": "x"} }, "Annotations[]", millrace.RuleInvalid},
		"bad run labels":        {func(n *workflow.Cron) { n.RunLabels = map[string]string{"a": "?"} }, "RunLabels[a]", millrace.RuleInvalid},
		"bad run annotations":   {func(n *workflow.Cron) { n.RunAnnotations = map[string]string{"": "x"} }, "RunAnnotations[]", millrace.RuleInvalid},
		"label of the other": {func(n *workflow.Cron) {
			n.RunLabels = map[string]string{"workflows.argoproj.io/workflow-template": "x"}
		}, "RunLabels[workflows.argoproj.io/workflow-template]", millrace.RuleConflict},
		"the time as an annotation": {func(n *workflow.Cron) {
			n.RunAnnotations = map[string]string{"workflows.argoproj.io/scheduled-time": "x"}
		}, "RunAnnotations[workflows.argoproj.io/scheduled-time]", millrace.RuleConflict},
		"no schedule":          {schedule(), "Schedules", millrace.RuleRequired},
		"six fields":           {schedule("0 0 2 * * *"), "Schedules[0]", millrace.RuleInvalid},
		"a second Sunday":      {schedule("@daily", "0 2 * * 7"), "Schedules[1]", millrace.RuleInvalid},
		"a zone":               {schedule("TZ=UTC 0 2 * * *"), "Schedules[0]", millrace.RuleInvalid},
		"unknown macro":        {schedule("@dayly"), "Schedules[0]", millrace.RuleInvalid},
		"no duration":          {schedule("@every day"), "Schedules[0]", millrace.RuleInvalid},
		"part of an hour":      {schedule("@every 1.5h"), "Schedules[0]", millrace.RuleInvalid},
		"30 February":          {schedule("0 2 30 2 *"), "Schedules[0]", millrace.RuleInvalid},
		"31 June or November":  {schedule("0 2 31 jun,NOV ?"), "Schedules[0]", millrace.RuleInvalid},
		"an empty field":       {schedule("0 2 , * *"), "Schedules[0]", millrace.RuleInvalid},
		"twice":                {schedule("0 2 * * MON", "0  2 * * 1"), "Schedules[1]", millrace.RuleDuplicate},
		"schedule of the Base": {base(wfv1.CronWorkflowSpec{Schedule: "@daily"}), "Base.Schedule", millrace.RuleUnsupported},
		"bad one of the Base":  {func(n *workflow.Cron) { n.Schedules, n.Base.Schedules = nil, []string{"x"} }, "Base.Schedules[0]", millrace.RuleInvalid},
		"schedules twice":      {base(wfv1.CronWorkflowSpec{Schedules: []string{"@daily"}}), "Base.Schedules", millrace.RuleConflict},
		"machine's zone":       {func(n *workflow.Cron) { n.TimeZone = "Local" }, "TimeZone", millrace.RuleInvalid},
		"no zone":              {func(n *workflow.Cron) { n.TimeZone = "+02:00" }, "TimeZone", millrace.RuleInvalid},
		"no zone in the Base":  {base(wfv1.CronWorkflowSpec{Timezone: "x y"}), "Base.Timezone", millrace.RuleInvalid},
		"unknown policy":       {func(n *workflow.Cron) { n.Concurrency = "Queue" }, "Concurrency", millrace.RuleInvalid},
		"policy of the Base":   {base(wfv1.CronWorkflowSpec{ConcurrencyPolicy: "Queue"}), "Base.ConcurrencyPolicy", millrace.RuleInvalid},
		"before it is due":     {func(n *workflow.Cron) { n.StartingDeadline = -time.Second }, "StartingDeadline", millrace.RuleInvalid},
		"before, in the Base":  {base(wfv1.CronWorkflowSpec{StartingDeadlineSeconds: new(int64(-1))}), "Base.StartingDeadlineSeconds", millrace.RuleInvalid},
		"keeps less than none": {func(n *workflow.Cron) { n.KeepSucceeded = new(-1) }, "KeepSucceeded", millrace.RuleInvalid},
		"keeps too many":       {func(n *workflow.Cron) { n.KeepFailed = new(1 << 31) }, "KeepFailed", millrace.RuleInvalid},
		"braces in When":       {func(n *workflow.Cron) { n.When = workflow.Expr("{a: {b: 1}}.a.b == 1") }, "When", millrace.RuleInvalid},
		"unknown zone":         {func(n *workflow.Cron) { n.TimeZone = "Europe/Berln" }, "TimeZone", "workflow/schedule"},
		"a run's status":       {func(n *workflow.Cron) { n.Stop = workflow.RunStatus.Equal("Failed") }, "Stop", "workflow/reference"},
		"no variable of it":    {func(n *workflow.Cron) { n.When = workflow.RunStatus.NotEqual("Failed") }, "When", "workflow/reference"},
		"settings of the Base": {func(n *workflow.Cron) { n.Base.WorkflowSpec.PodGC = &wfv1.PodGC{Strategy: "Never"} }, "Base.WorkflowSpec", "workflow/value"},
		"references in Stop":   {func(n *workflow.Cron) { n.Stop = workflow.Expr("{{cronworkflow.failed}} > 1") }, "Stop", millrace.RuleInvalid},
		"spec in the Base": {func(n *workflow.Cron) {
			n.Base.WorkflowSpec.WorkflowTemplateRef = &wfv1.WorkflowTemplateRef{Name: "x"}
		}, "Base.WorkflowSpec.WorkflowTemplateRef.Name", millrace.RuleConflict},
	} {
		t.Run(name, func(t *testing.T) {
			n := everyNight()
			tc.make(n)
			_, err := n.Build()
			if found := findings(t, err); !has(found, tc.field, tc.rule) || len(found) != 1 {
				t.Errorf("want %s at %s alone, but: %v", tc.rule, tc.field, err)
			}
		})
	}
	if _, err := (*workflow.Cron)(nil).Build(); len(findings(t, err)) != 1 {
		t.Errorf("a nil Cron: %v", err)
	}
}

// TestSchedules: days that come at times, or by the week, are days.
func TestSchedules(t *testing.T) {
	for _, s := range []string{"0 2 29 2 *", "0 2 31 1-2 *", "0 2 30 2 MON", "*/5 * * * *", "0 2 ? * 6", "@every 90s", "@hourly", "0 2 1,15 */3 *"} {
		n := everyNight()
		n.Schedules = []string{s}
		if _, err := n.Build(); err != nil {
			t.Errorf("%s: %v", s, err)
		}
	}
}
