package workflow_test

import (
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
)

// TestDeadlocks: who holds a mutex can't wait for what asks for it.
func TestDeadlocks(t *testing.T) {
	holds := func(name string) workflow.Settings {
		return workflow.Settings{Locks: []workflow.Lock{workflow.Mutex{Name: name}}}
	}
	inner := func(name string) *workflow.Task {
		return &workflow.Task{Name: "inner", Step: tool(), Settings: holds(name)}
	}
	deep := func(outer, name string) *workflow.Template {
		return pipeline(&workflow.Task{Name: "outer", Settings: holds(outer),
			Step: workflow.Steps{{{Name: "middle", Step: workflow.DAG{Tasks: []*workflow.Task{inner(name)}}}}}})
	}
	run := func(name string) *workflow.Template {
		p := pipeline(inner("a"))
		p.Settings.Locks = []workflow.Lock{workflow.Mutex{Name: name}}
		return p
	}
	semaphore := deep("b", "a")
	semaphore.Tasks[0].Settings.Locks = []workflow.Lock{workflow.Semaphore{ConfigMap: "a", Key: "a"}}
	again := &workflow.Definition{Name: "again", Settings: holds("a")}
	again.Step = workflow.Steps{{{Name: "once", Step: tool()}}, {{Name: "more", Step: again, When: workflow.RunName.Equal("x")}}}
	for name, tc := range map[string]struct {
		template *workflow.Template
		field    string
	}{
		"run and step":    {run("a"), "Tasks[0].Settings.Locks"},
		"other of a run":  {run("b"), ""},
		"deep in a DAG":   {deep("a", "a"), "Tasks[0].Step[0][0].Step.Tasks[0].Settings.Locks"},
		"other in a DAG":  {deep("b", "a"), ""},
		"by a reference":  {deep("{{workflow.name}}", "{{workflow.name}}"), ""},
		"semaphore":       {semaphore, ""},
		"one's own":       {pipeline(&workflow.Task{Name: "use", Step: again}), "Tasks[0].Step.Settings.Locks"},
		"one after other": {pipeline(inner("a"), &workflow.Task{Name: "other", Step: tool(), Settings: holds("a")}), ""},
	} {
		_, err := tc.template.WorkflowTemplate()
		switch found := findings(t, err); {
		case tc.field == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case tc.field != "" && (len(found) != 1 || !has(found, tc.field, millrace.RuleConflict)):
			t.Errorf("%s: want a conflict at %s alone, got %v", name, tc.field, err)
		}
	}
}
