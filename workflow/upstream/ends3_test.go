package upstream_test

import (
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/workflow"
)

// TestExitOfSteps does something when each of the tasks has ended.
func TestExitOfSteps(t *testing.T) {
	exit := map[string]workflow.Hook{workflow.Exit: {Step: define("exit", says("step cleanup"))}}
	printer := printMessage()
	task := func(name string) *workflow.Task {
		out := call(name, printer, "message", name)
		out.Hooks = exit
		return out
	}
	same(t, "exit-handler-step-level.yaml", running(define("main", workflow.Steps{
		{task("hello1")}, {task("hello2a"), task("hello2b")},
	})))
}

// TestExitOfRun tells how the run ended.
func TestExitOfRun(t *testing.T) {
	tell := func(name, line string, when workflow.Expression) *workflow.Task {
		return &workflow.Task{Name: name, Step: define(name, shell("alpine:latest", line)), When: when}
	}
	notify := &workflow.Task{Name: "notify", Step: define("send-email", shell("alpine:latest",
		"echo send e-mail: "+workflow.RunName.Ref()+" "+workflow.RunStatus.Ref()+" "+workflow.RunDuration.Ref()+
			". Failed steps "+workflow.RunFailures.Ref()))}
	run := running(define("intentional-fail", shell("alpine:latest", "echo intentional failure; exit 1")))
	run.Template.OnExit = define("exit-handler", workflow.Steps{{
		notify,
		tell("celebrate", "echo hooray!", workflow.RunStatus.Equal("Succeeded")),
		tell("cry", "echo boohoo!", workflow.RunStatus.NotEqual("Succeeded")),
	}})
	same(t, "exit-handlers.yaml", run)
}

// TestUnlimitedRetry tries again until it works. Retry has a limit always; Base
// says what Argo takes for none.
func TestUnlimitedRetry(t *testing.T) {
	same(t, "retry-container-to-completion.yaml", running(&workflow.Definition{
		Name: "retry-to-completion",
		Base: wfv1.Template{RetryStrategy: &wfv1.RetryStrategy{}},
		Step: workflow.Container{Image: "python", Command: []string{"python", "-c"},
			Args: []string{"import random; import sys; exit_code = random.choice(range(0, 5)); sys.exit(exit_code)"}},
	}))
}

func TestRetriedScript(t *testing.T) {
	same(t, "retry-script.yaml", running(&workflow.Definition{
		Name: "retry-script", Retry: &workflow.Retry{Limit: new(10)},
		Step: python("import random;\nimport sys; \nexit_code = random.choice([0, 1, 1]); \nsys.exit(exit_code)\n"),
	}))
}

func TestDeadlineOfStep(t *testing.T) {
	same(t, "timeouts-step.yaml", running(&workflow.Definition{
		Name: "sleep", Deadline: 10 * time.Second,
		Step: workflow.Container{Image: "argoproj/argosay:v2", Command: []string{"bash", "-c"}, Args: []string{"echo 123; sleep 1d"}},
	}))
}

func TestUntilDeleted(t *testing.T) {
	same(t, "forever.yaml", running(define("main", workflow.Container{
		Image: "busybox", Command: []string{"sh", "-c", "for I in $(seq 1 1000) ; do echo $I ; sleep 1s; done"},
	})))
}
