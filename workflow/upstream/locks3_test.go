package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

// locked runs a line of shell under a lock, five times. The item is not used:
// upstream hands it to a template that has no input for it.
func locked(task, name, line string, lock workflow.Lock) *workflow.Task {
	return &workflow.Task{
		Name: task, Loop: workflow.Over(`["1","2","3","4","5"]`),
		Step: &workflow.Definition{
			Name: name, Settings: workflow.Settings{Locks: []workflow.Lock{lock}}, Step: shell("alpine:latest", line),
		},
	}
}

func TestLockedSteps(t *testing.T) {
	const line, task = "sleep 10; echo acquired lock", "synchronization-acquire-lock"
	same(t, "synchronization-db-tmpl-level.yaml", running(define("synchronization-db-tmpl-level-example", workflow.Steps{
		{locked(task, "acquire-lock", line, workflow.Semaphore{Database: true, Key: "template"})},
	})))
	same(t, "synchronization-tmpl-level-legacy.yaml", running(define("synchronization-tmpl-level-example", workflow.Steps{
		{locked(task, "acquire-lock", line, workflow.Semaphore{ConfigMap: "my-config", Key: "template"})},
	})))
	same(t, "synchronization-mutex-tmpl-level.yaml", running(define("synchronization-tmpl-level-mutex-example", workflow.Steps{{
		locked(task, "acquire-lock", "sleep 20; echo acquired lock", workflow.Mutex{Name: "welcome"}),
		locked(task+"1", "acquire-lock-1", "sleep 50; echo acquired lock", workflow.Mutex{Name: "test"}),
	}})))
}

func TestLockedRun(t *testing.T) {
	run := running(helloWorld("hello-world"))
	run.Template.Settings.Locks = []workflow.Lock{workflow.Semaphore{ConfigMap: "my-config", Key: "workflow"}}
	same(t, "synchronization-wf-level.yaml", run)
}
