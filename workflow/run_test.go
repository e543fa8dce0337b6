package workflow_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

func daily31() *workflow.Run {
	return &workflow.Run{Template: daily(), Arguments: map[string]string{"date": "2026-01-31"}}
}

func TestRun(t *testing.T) {
	golden(t, "daily-etl-pipeline-run.yaml", render(t, daily31()))
	golden(t, "table-upkeep-run.yaml", render(t, &workflow.Run{
		Name: "upkeep-of-today", Template: everything(),
		Arguments: map[string]string{"note": "no: really", "job-class": "com.company.etl.Vacuum"},
		Labels:    map[string]string{"team": "data-platform"}, Annotations: map[string]string{"why": "drill"},
		Base: wfv1.WorkflowSpec{Suspend: new(true)},
	}))
}

// TestRunOfTheCluster: a template that is not composed is referred to as well.
func TestRunOfTheCluster(t *testing.T) {
	golden(t, "shared-run.yaml", render(t, &workflow.Run{
		From: workflow.TemplateRef{Name: "shared-everywhere", Template: "x", ClusterWide: true}, Namespace: "data-platform",
		Arguments: map[string]string{"date": "2026-01-31", "a": "b"},
		Priority:  new(int32(3)), Deadline: time.Hour, Suspended: true,
	}))
	everywhere := daily()
	everywhere.ClusterWide, everywhere.Namespace = true, ""
	w, err := (&workflow.Run{Template: everywhere, Namespace: "other", Arguments: map[string]string{"date": "x"}}).Workflow()
	if err != nil {
		t.Fatal(err)
	}
	if ref := w.Spec.WorkflowTemplateRef; w.Namespace != "other" || !ref.ClusterScope || ref.Name != everywhere.Name ||
		w.Labels["workflows.argoproj.io/cluster-workflow-template"] != everywhere.Name || len(w.Labels) != 1 {
		t.Errorf("%s in %q with %v refers to %+v", w.Name, w.Namespace, w.Labels, ref)
	}
}

// TestInlineRun holds what the template does, with what the run says over it.
func TestInlineRun(t *testing.T) {
	r := daily31()
	r.Inline, r.Deadline = true, 2*time.Hour
	r.Template.Labels, r.Template.Annotations = map[string]string{"team": "etl", "tier": "gold"}, map[string]string{"owner": "etl"}
	r.Labels = map[string]string{"team": "data-platform"}
	r.Base.Parallelism = new(int64(2))
	golden(t, "daily-etl-pipeline-inline.yaml", render(t, r))
}

// TestScheduledRun stands in for one of a schedule.
func TestScheduledRun(t *testing.T) {
	r := daily31()
	first(r.Template).Args = []string{"--at=" + workflow.ScheduledTime.Ref()}
	r.Scheduled = time.Date(2026, 1, 31, 6, 0, 0, 0, time.UTC)
	w, err := r.Workflow()
	if err != nil {
		t.Fatal(err)
	}
	if at := w.Annotations["workflows.argoproj.io/scheduled-time"]; at != "2026-01-31T06:00:00Z" {
		t.Errorf("it stands for %q", at)
	}
	template, err := r.Template.WorkflowTemplate()
	if err != nil {
		t.Fatal(err)
	}
	// The annotation is whatever somebody writes: no text, but an encoded value.
	if m := template.Spec.Templates[1].Resource.Manifest; !strings.Contains(m, `{{=replace(toJson("--at=" + workflow.scheduledTime)`) {
		t.Error(m)
	}
}

// TestRunName: the same run has the same name, any other has another.
func TestRunName(t *testing.T) {
	name := func(change func(*workflow.Run)) string {
		r := daily31()
		change(r)
		w, err := r.Workflow()
		if err != nil {
			t.Fatal(err)
		}
		return w.Name
	}
	same := name(func(*workflow.Run) {})
	if !regexp.MustCompile(`^daily-etl-pipeline-[0-9a-f]{8}$`).MatchString(same) {
		t.Errorf("the name is %s", same)
	}
	if got := name(func(r *workflow.Run) { r.Labels = map[string]string{"a": "b"} }); got != same {
		t.Error("a label makes another run")
	}
	seen := map[string]string{same: "the same"}
	for what, change := range map[string]func(*workflow.Run){
		"argument":        func(r *workflow.Run) { r.Arguments["date"] = "2026-02-01" },
		"job":             func(r *workflow.Run) { first(r.Template).Class = "com.company.etl.Other" },
		"service account": func(r *workflow.Run) { r.Template.ServiceAccount = "other" },
		"base":            func(r *workflow.Run) { r.Base.Priority = new(int32(1)) },
		"inline":          func(r *workflow.Run) { r.Inline = true },
		"deadline":        func(r *workflow.Run) { r.Deadline = time.Hour },
		"scheduled":       func(r *workflow.Run) { r.Scheduled = time.Unix(0, 0) },
	} {
		got := name(change)
		if other, ok := seen[got]; ok {
			t.Errorf("%s and %s make one name", what, other)
		}
		seen[got] = what
	}
}

func TestBadRuns(t *testing.T) {
	for name, tc := range map[string]struct {
		make  func(*workflow.Run)
		field string
		rule  string
	}{
		"no template":          {func(r *workflow.Run) { r.Template = nil }, "Template", millrace.RuleRequired},
		"bad template":         {func(r *workflow.Run) { r.Template.ServiceAccount = "" }, "Template.ServiceAccount", millrace.RuleRequired},
		"empty template":       {func(r *workflow.Run) { r.Template = &workflow.Template{} }, "Template.Name", millrace.RuleRequired},
		"missing argument":     {func(r *workflow.Run) { r.Arguments = nil }, "Arguments[date]", millrace.RuleRequired},
		"undeclared argument":  {func(r *workflow.Run) { r.Arguments["day"] = "x" }, "Arguments[day]", millrace.RuleUnknown},
		"value not allowed":    {func(r *workflow.Run) { r.Template.Parameters[0].Enum = []string{"a"} }, "Arguments[date]", millrace.RuleInvalid},
		"bad name":             {func(r *workflow.Run) { r.Name = "A_B" }, "Name", millrace.RuleInvalid},
		"name too long":        {func(r *workflow.Run) { r.Name = strings.Repeat("a", 50) }, "Template.Tasks[0].Name", millrace.RuleInvalid},
		"label of the other":   {func(r *workflow.Run) { r.Labels = map[string]string{"workflows.argoproj.io/workflow-template": "x"} }, "Labels[workflows.argoproj.io/workflow-template]", millrace.RuleConflict},
		"bad annotation":       {func(r *workflow.Run) { r.Annotations = map[string]string{"": "x"} }, "Annotations[]", millrace.RuleInvalid},
		"two templates":        {func(r *workflow.Run) { r.From.Name = "x" }, "From", millrace.RuleConflict},
		"half a reference":     {func(r *workflow.Run) { r.Template, r.From.Template = nil, "x" }, "From.Name", millrace.RuleRequired},
		"inline from nowhere":  {func(r *workflow.Run) { r.Template, r.From.Name, r.Inline = nil, "x", true }, "Inline", millrace.RuleConflict},
		"argument of no name":  {func(r *workflow.Run) { r.Template, r.From.Name, r.Arguments["a b"] = nil, "x", "" }, "Arguments[a b]", millrace.RuleInvalid},
		"no name to make":      {func(r *workflow.Run) { r.Template, r.From.Name = nil, strings.Repeat("a", 53) }, "Name", millrace.RuleRequired},
		"no name for a label":  {func(r *workflow.Run) { r.Template, r.Name, r.From.Name = nil, "a", strings.Repeat("a", 64) }, "From.Name", millrace.RuleInvalid},
		"elsewhere":            {func(r *workflow.Run) { r.Namespace = "other" }, "Namespace", millrace.RuleConflict},
		"bad namespace":        {func(r *workflow.Run) { r.Namespace = "A" }, "Namespace", millrace.RuleInvalid},
		"part of a second":     {func(r *workflow.Run) { r.Deadline = time.Millisecond }, "Deadline", millrace.RuleInvalid},
		"deadline in the Base": {func(r *workflow.Run) { r.Deadline, r.Base.ActiveDeadlineSeconds = time.Hour, new(int64(1)) }, "Base.ActiveDeadlineSeconds", millrace.RuleConflict},
		"another's artifact": {func(r *workflow.Run) {
			r.Artifacts = map[string]workflow.Location{"a": r.Template.Tasks[0].Artifact("b")}
		}, "Artifacts[a]", millrace.RuleUnsupported},
		"artifact of no name":  {func(r *workflow.Run) { r.Artifacts = map[string]workflow.Location{"a b": workflow.From("")} }, "Artifacts[a b]", millrace.RuleInvalid},
		"artifact of no place": {func(r *workflow.Run) { r.Artifacts = map[string]workflow.Location{"a": nil} }, "Artifacts[a]", millrace.RuleRequired},
		"no scheduled time":    {func(r *workflow.Run) { first(r.Template).Args = []string{workflow.ScheduledTime.Ref()} }, "Scheduled", millrace.RuleRequired},
		"half a second":        {func(r *workflow.Run) { r.Scheduled = time.Unix(0, 1) }, "Scheduled", millrace.RuleInvalid},
		"scheduled twice": {func(r *workflow.Run) {
			r.Scheduled, r.Annotations = time.Unix(0, 0), map[string]string{"workflows.argoproj.io/scheduled-time": "x"}
		}, "Annotations[workflows.argoproj.io/scheduled-time]", millrace.RuleConflict},
		"label of the other scope": {func(r *workflow.Run) {
			r.Labels = map[string]string{"workflows.argoproj.io/cluster-workflow-template": "x"}
		}, "Labels[workflows.argoproj.io/cluster-workflow-template]", millrace.RuleConflict},
		"label of an inline run": {func(r *workflow.Run) {
			r.Inline, r.Labels = true, map[string]string{"workflows.argoproj.io/workflow-template": r.Template.Name}
		}, "Labels[workflows.argoproj.io/workflow-template]", millrace.RuleConflict},
		"template in the Base": {func(r *workflow.Run) { r.Base.WorkflowTemplateRef = &wfv1.WorkflowTemplateRef{Name: "x"} }, "Base.WorkflowTemplateRef.Name", millrace.RuleConflict},
	} {
		t.Run(name, func(t *testing.T) {
			r := daily31()
			tc.make(r)
			_, err := r.Build()
			if !has(findings(t, err), tc.field, tc.rule) {
				t.Errorf("no %s at %s, but: %v", tc.rule, tc.field, err)
			}
		})
	}
	if _, err := (*workflow.Run)(nil).Build(); len(findings(t, err)) != 1 {
		t.Errorf("a nil run: %v", err)
	}
}

// TestRunBesideTemplate: both go into one bundle.
func TestRunBesideTemplate(t *testing.T) {
	pipeline := daily()
	bundle, err := millrace.Build(pipeline, &workflow.Run{Template: pipeline, Arguments: map[string]string{"date": "x"}})
	if err != nil || len(bundle.Objects()) != 2 {
		t.Errorf("%v", err)
	}
}
