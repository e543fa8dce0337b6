package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

// waiting is a task and what it waits for.
func waiting(name string, step workflow.Step, on workflow.Expression) *workflow.Task {
	return &workflow.Task{Name: name, Step: step, Depends: on}
}

// Tasks that wait for other ends than success.
func TestDependsOnFailure(t *testing.T) {
	none := workflow.Expression{}
	hello := helloWorld("hello-world")
	fail := define("intentional-fail", shell("alpine:latest", "echo intentional failure; exit 1"))
	a := waiting("A", hello, none)
	b, c := waiting("B", fail, bare(a)), waiting("C", hello, bare(a))
	d := waiting("D", hello, workflow.And(b.Failed(), bare(c)))
	e, f := waiting("E", fail, bare(a)), waiting("F", hello, bare(a))
	g := waiting("G", hello, workflow.And(bare(e), bare(f)))
	same(t, "dag-continue-on-fail.yaml", running(define("workflow", workflow.DAG{Tasks: []*workflow.Task{a, b, c, d, e, f, g}})))
}

func TestDepends(t *testing.T) {
	pass := define("pass", workflow.Container{Image: "alpine:3.7", Command: []string{"sh", "-c", "exit 0"}})
	fail := define("fail", workflow.Container{Image: "alpine:3.7", Command: []string{"sh", "-c", "exit 1"}})
	a := waiting("A", pass, workflow.Expression{})
	b, c := waiting("B", pass, bare(a)), waiting("C", fail, bare(a))
	one := waiting("should-execute-1", pass, workflow.And(bare(a), workflow.Or(c.Succeeded(), c.Failed())))
	two := waiting("should-execute-2", pass, workflow.Or(bare(b), bare(c)))
	not := waiting("should-not-execute", pass, workflow.And(bare(b), bare(c)))
	three := waiting("should-execute-3", pass, workflow.Or(two.Succeeded(), bare(not)))
	same(t, "dag-enhanced-depends.yaml", running(define("diamond", workflow.DAG{Tasks: []*workflow.Task{a, b, c, one, two, not, three}})))
}

// A DAG in a DAG.
func TestNestedDAG(t *testing.T) {
	diamond := func(step workflow.Step, prefix string) workflow.DAG {
		task := func(name string) *workflow.Task { return call(name, step, "message", prefix+name) }
		a, b, c, d := task("A"), task("B"), task("C"), task("D")
		b.Depends, c.Depends, d.Depends = bare(a), bare(a), workflow.And(bare(b), bare(c))
		return workflow.DAG{Tasks: []*workflow.Task{a, b, c, d}}
	}
	echo, message := echo("echo")
	nested := &workflow.Definition{Name: "nested-diamond", Inputs: taking(message), Step: diamond(echo, message.Ref())}
	same(t, "dag-nested.yaml", running(define("diamond", diamond(nested, ""))))
}

// A step that stands in the task itself.
func TestInline(t *testing.T) {
	same(t, "dag-inline-workflow.yaml", labelled(running(define("main", workflow.DAG{Tasks: []*workflow.Task{{
		Name: "a", Inline: true, Step: workflow.Container{Image: "argoproj/argosay:v2"},
	}}}))))
}
