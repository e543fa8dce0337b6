package upstream_test

import (
	"testing"

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
