package upstream_test

import (
	"testing"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/workflow"
)

// What happens at the end of each task, however it ended.
func TestExitOfTasks(t *testing.T) {
	message := workflow.Input{Name: "message"}
	say := &workflow.Definition{Name: "echo", Inputs: taking(message), Step: workflow.Container{Image: "busybox", Command: []string{"echo"}, Args: []string{message.Ref()}}}
	exit := define("exit", workflow.Container{Image: "busybox", Command: []string{"echo"}, Args: []string{"task cleanup"}})
	task := func(name string) *workflow.Task {
		out := call(name, say, "message", name)
		out.Hooks = map[string]workflow.Hook{workflow.Exit: {Step: exit}}
		return out
	}
	a, b, c, d := task("A"), task("B"), task("C"), task("D")
	b.Depends, c.Depends, d.Depends = bare(a), bare(a), workflow.And(bare(b), bare(c))
	same(t, "exit-handler-dag-level.yaml", running(define("main", workflow.DAG{Tasks: []*workflow.Task{a, b, c, d}})))
}

// The end of a task gets what the task put out.
func TestExitWithArtifact(t *testing.T) {
	message := file("message", "/tmp/message")
	step := &workflow.Task{Name: "step-1", Step: &workflow.Definition{
		Name: "output", Outputs: files(file("result", "/result.txt")), Step: python("with open(\"result.txt\", \"w\") as f:\n  f.write(\"Welcome\")\n"),
	}}
	step.Hooks = map[string]workflow.Hook{workflow.Exit: {
		Step: &workflow.Definition{
			Name: "exit", Inputs: workflow.Inputs{Artifacts: []workflow.Artifact{message}}, Step: shell("python:alpine3.6", "cat /tmp/message"),
		},
		Artifacts: map[string]workflow.Location{"message": step.Artifact("result")},
	}}
	same(t, "exit-handler-with-artifacts.yaml", labelled(running(define("main", workflow.Steps{{step}}))))
}

// What happens when a run starts, and at its end.
func TestHooksOfRun(t *testing.T) {
	fetch := define("http", workflow.HTTP{URL: "https://raw.githubusercontent.com/argoproj/argo-workflows/4e450e250168e6b4d51a126b784e90b11a0162bc/pkg/apis/workflow/v1alpha1/generated.swagger.json"})
	run := running(define("main", workflow.Steps{{{Name: "step1", Step: define("heads", shell("alpine:3.6", `echo "it was heads"`))}}}))
	run.Template.OnExit = fetch
	run.Template.Hooks = map[string]workflow.Hook{"running": {Step: fetch, When: workflow.RunStatus.Equal("Running")}}
	same(t, "life-cycle-hooks-wf-level.yaml", run)
}

// A message to Slack at the end of a run.
func TestMessageAtTheEnd(t *testing.T) {
	name, status := workflow.RunName.Ref(), workflow.RunStatus.Ref()
	same(t, "exit-handler-slack.yaml", runWith(workflow.Template{
		Entrypoint: &workflow.Definition{Name: "say-hello", Step: shell("alpine:latest", "echo hello")},
		OnExit: &workflow.Definition{Name: "exit-handler", Step: shell("curlimages/curl",
			`curl -X POST --data-urlencode 'payload={ "text": "`+name+` finished", "blocks": [ { "type": "section", "text": { "type": "mrkdwn", "text": "Workflow `+
				name+` `+status+`", } } ] }' YOUR_WEBHOOK_URL_HERE`)},
	}))
}

// The end of a step knows what the step has put out.
func TestEndWithOutput(t *testing.T) {
	message := workflow.Input{Name: "message"}
	script := workflow.Script{Image: "python:alpine3.6", Command: []string{"python"}}
	script.Base.Source = "print(\"" + message.Ref() + "\")\n"
	step := &workflow.Task{Name: "step-1", Step: &workflow.Definition{
		Name: "output", Step: shell("python:alpine3.6", "echo -n hello world > /tmp/hello_world.txt"),
		Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "result", Path: "/tmp/hello_world.txt", Default: new("Foobar")}}},
	}}
	step.Hooks = map[string]workflow.Hook{workflow.Exit: {
		Step:      &workflow.Definition{Name: "exit", Inputs: taking(message), Step: script},
		Arguments: args{"message": step.Output("result").Ref()},
	}}
	run := running(&workflow.Definition{Name: "main", Step: workflow.Steps{{step}}})
	run.Labels = tested
	same(t, "exit-handler-with-param.yaml", run)
}

// Somebody approves, and says what goes on.
func TestSuspended(t *testing.T) {
	message := workflow.Input{Name: "message"}
	approve := &workflow.Task{Name: "approve", Step: &workflow.Definition{
		Name: "approve", Step: workflow.Suspend{},
		Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "message", Supplied: true}}},
	}}
	show := define("print-message", says(message.Ref()))
	show.Inputs = taking(message)
	same(t, "suspend-template-outputs.yaml", running(&workflow.Definition{Name: "suspend", Step: workflow.Steps{
		{approve},
		{{Name: "release", Step: show, Arguments: args{"message": approve.Output("message").Ref()}}},
	}}))
}

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
