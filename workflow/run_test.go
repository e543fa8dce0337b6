package workflow_test

import (
	"regexp"
	"strings"
	"testing"

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
