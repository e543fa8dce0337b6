package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

// Steps that wait for a lock: one that every cluster of a database shares, or
// a number in a ConfigMap. The examples also give them arguments that they
// don't declare, which Argo drops; here they would be findings.
func TestLocksOfSteps(t *testing.T) {
	each := func(name string, step *workflow.Definition) *workflow.Task {
		return &workflow.Task{Name: name, Step: step, Loop: workflow.Over(`["1","2","3","4","5"]`)}
	}
	locked := func(name, line string, lock workflow.Lock) *workflow.Definition {
		return &workflow.Definition{Name: name, Step: shell("alpine:latest", line), Settings: workflow.Settings{Locks: []workflow.Lock{lock}}}
	}
	same(t, "synchronization-tmpl-level.yaml", running(define("synchronization-tmpl-level-example", workflow.Steps{{
		each("synchronization-acquire-lock", locked("acquire-lock", "sleep 10; echo acquired lock", workflow.Semaphore{ConfigMap: "my-config", Key: "template"})),
	}})))
	same(t, "synchronization-db-mutex-tmpl-level.yaml", running(define("synchronization-db-tmpl-level-mutex-example", workflow.Steps{{
		each("synchronization-acquire-lock", locked("acquire-lock", "sleep 20; echo acquired lock", workflow.Mutex{Name: "welcome", Database: true})),
		each("synchronization-acquire-lock1", locked("acquire-lock-1", "sleep 50; echo acquired lock", workflow.Mutex{Name: "test", Database: true})),
	}})))
}

func TestLocksOfRuns(t *testing.T) {
	locked := func(lock workflow.Lock) *workflow.Run {
		run := running(helloWorld("hello-world"))
		run.Template.Settings.Locks = []workflow.Lock{lock}
		return run
	}
	same(t, "synchronization-db-wf-level.yaml", locked(workflow.Semaphore{Key: "workflow", Database: true}))
	same(t, "synchronization-mutex-wf-level-legacy.yaml", locked(workflow.Mutex{Name: "test"}))
}

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
