package upstream_test

import (
	"testing"
	"time"

	"github.com/millrace/millrace/workflow"
)

func TestCoinflip(t *testing.T) {
	coin := &workflow.Definition{Name: "flip-coin",
		Step: python("import random\nresult = \"heads\" if random.randint(0,1) == 0 else \"tails\"\nprint(result)\n")}
	tell := func(name, text string) *workflow.Definition {
		return &workflow.Definition{Name: name, Step: shell("alpine:3.6", `echo "`+text+`"`)}
	}
	heads, tails := tell("heads", "it was heads"), tell("tails", "it was tails")
	twice := tell("heads-tails-or-twice-tails", "it was heads the first flip and tails the second. Or it was two times tails.")

	flip := &workflow.Task{Name: "flip-coin", Step: coin}
	again := &workflow.Task{Name: "flip-again", Step: coin}
	first, second := flip.Result(), again.Result()
	same(t, "conditionals-complex.yaml", running(&workflow.Definition{Name: "coinflip", Step: workflow.Steps{
		{flip},
		{
			{Name: "heads", Step: heads, When: first.Equal("heads")},
			{Name: "tails", Step: tails, When: first.Equal("tails")},
		},
		{again},
		{
			{Name: "complex-condition", Step: twice, When: workflow.Or(
				workflow.And(first.Equal("heads"), second.Equal("tails")),
				workflow.And(first.Equal("tails"), second.Equal("tails")),
			)},
			{Name: "heads-regex", Step: heads, When: second.Matches("hea")},
			{Name: "tails-regex", Step: tails, When: second.Matches("tai")},
		},
	}}))
}

// TestAfterFailure goes on after a failed task, and asks how it ended.
func TestAfterFailure(t *testing.T) {
	flakey := &workflow.Task{Name: "flakey-container", ContinueOn: workflow.ContinueOn{Failed: true},
		Step: &workflow.Definition{Name: "flakey-container", Step: shell("alpine:3.6", "exit 1")}}
	tell := func(name, status, text string) *workflow.Task {
		return &workflow.Task{Name: name, When: flakey.Status().Equal(status),
			Step: &workflow.Definition{Name: name, Step: shell("alpine:3.6", `echo "`+text+`"`)}}
	}
	same(t, "status-reference.yaml", running(&workflow.Definition{Name: "status-reference", Step: workflow.Steps{
		{flakey},
		{tell("failed", "Failed", "the flakey container failed"), tell("succeeded", "Succeeded", "the flakey container passed")},
	}}))
}

func TestExitCode(t *testing.T) {
	failing := &workflow.Task{Name: "failing-container", ContinueOn: workflow.ContinueOn{Failed: true},
		Step: &workflow.Definition{Name: "failing-container", Step: shell("alpine:3.6", "exit 123")}}
	code := workflow.Input{Name: "exitCode"}
	echo := &workflow.Task{Name: "echo-container", Arguments: args{code.Name: failing.ExitCode().Ref()},
		Step: &workflow.Definition{Name: "echo-container", Inputs: taking(code),
			Step: shell("alpine:3.6", `echo "Exit code was: `+code.Ref()+`"`)}}
	same(t, "exit-code-output-variable.yaml", running(&workflow.Definition{
		Name: "exit-code-output-variable", Step: workflow.Steps{{failing}, {echo}},
	}))
}

// TestApproval waits for somebody who chooses one of two args. With Default
// and Enum in the output, which is shorter, nobody has to.
func TestApproval(t *testing.T) {
	deploy := &workflow.Definition{Name: "deploy", Step: workflow.Container{
		Image: "argoproj/argosay:v2", Command: []string{"/argosay"}, Args: []string{"echo", "deploying"}}}
	approval := &workflow.Task{Name: "approval", Step: &workflow.Definition{
		Name: "approval", Step: workflow.Suspend{},
		Inputs: workflow.Inputs{Parameters: []workflow.Input{{
			Name: "approve", Default: new("NO"), Enum: []string{"YES", "NO"},
			Description: "Choose YES to continue workflow and deploy to production",
		}}},
		Outputs: putting(workflow.Output{Name: "approve", Supplied: true}),
	}}
	same(t, "intermediate-parameters.yaml", running(&workflow.Definition{Name: "cicd-pipeline", Step: workflow.Steps{
		{{Name: "deploy-pre-prod", Step: deploy}},
		{approval},
		{{Name: "deploy-prod", Step: deploy, When: approval.Output("approve").Equal("YES")}},
	}}))
}

func TestSuspend(t *testing.T) {
	hello := &workflow.Definition{Name: "hello-world", Step: says("hello world")}
	same(t, "suspend-template.yaml", running(&workflow.Definition{Name: "suspend", Step: workflow.Steps{
		{{Name: "build", Step: hello}},
		{{Name: "approve", Step: &workflow.Definition{Name: "approve", Step: workflow.Suspend{}}}},
		{{Name: "delay", Step: &workflow.Definition{Name: "delay", Step: workflow.Suspend{Duration: 20 * time.Second}}}},
		{{Name: "release", Step: hello}},
	}}))
}
