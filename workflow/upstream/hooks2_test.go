package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

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
