package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

// echo is the template that many of the examples share.
func echo(name string) (*workflow.Definition, workflow.Input) {
	message := workflow.Input{Name: "message"}
	return &workflow.Definition{
		Name: name, Inputs: workflow.Inputs{Parameters: []workflow.Input{message}},
		Step: workflow.Container{Image: "alpine:3.7", Command: []string{"echo", message.Ref()}},
	}, message
}

// bare is what a name alone means in depends.
func bare(t *workflow.Task) workflow.Expression {
	return workflow.Or(t.Succeeded(), t.Skipped(), t.Daemoned())
}

func TestDiamond(t *testing.T) {
	echo, _ := echo("echo")
	task := func(name string) *workflow.Task {
		return &workflow.Task{Name: name, Step: echo, Arguments: map[string]string{"message": name}}
	}
	a, b, c, d := task("A"), task("B"), task("C"), task("D")
	b.Depends, c.Depends = bare(a), bare(a)
	d.Depends = workflow.And(bare(b), bare(c))
	same(t, "dag-diamond.yaml", &workflow.Run{Name: "dag-diamond", Inline: true, Template: &workflow.Template{
		Plain: true, Name: "dag-diamond",
		Entrypoint: &workflow.Definition{Name: "diamond", Step: workflow.DAG{Tasks: []*workflow.Task{a, b, c, d}}},
	}})
}
