package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

func TestSteps(t *testing.T) {
	say := printMessage()
	same(t, "steps.yaml", running(define("hello-hello-hello", workflow.Steps{
		{call("hello1", say, "message", "hello1")},
		{call("hello2a", say, "message", "hello2a"), call("hello2b", say, "message", "hello2b")},
	})))
}

// One step gets the result of the one before.
func TestResults(t *testing.T) {
	message := workflow.Input{Name: "message"}
	say := &workflow.Definition{Name: "print-message", Inputs: taking(message), Step: shell("alpine:latest", "echo result was: "+message.Ref())}
	generate := &workflow.Task{Name: "generate", Step: define("gen-random-int", python("import random\ni = random.randint(1, 100)\nprint(i)\n"))}
	same(t, "scripts-python.yaml", running(define("python-script-example", workflow.Steps{
		{generate}, {call("print", say, "message", generate.Result().Ref())},
	})))
}

func TestOutputParameter(t *testing.T) {
	generate := &workflow.Task{Name: "generate-parameter", Step: &workflow.Definition{
		Name: "hello-world-to-file", Step: shell("busybox", "sleep 1; echo -n hello world > /tmp/hello_world.txt"),
		Outputs: putting(workflow.Output{Name: "hello-param", Path: "/tmp/hello_world.txt", Default: new("Foobar")}),
	}}
	same(t, "output-parameter.yaml", running(define("output-parameter", workflow.Steps{
		{generate}, {call("consume-parameter", printMessage(), "message", generate.Output("hello-param").Ref())},
	})))
}

func TestContinueOnFail(t *testing.T) {
	hello := helloWorld("hello-world")
	fail := define("intentional-fail", shell("alpine:latest", "echo intentional failure; exit 1"))
	run := running(define("workflow-ignore", workflow.Steps{
		{{Name: "A", Step: hello}},
		{{Name: "B", Step: hello}, {Name: "C", Step: fail, ContinueOn: workflow.ContinueOn{Failed: true}}},
		{{Name: "D", Step: hello}},
	}))
	run.Template.Parallelism = 1
	same(t, "continue-on-fail.yaml", run)
}

// Templates of others, of the namespace and of the cluster.
func TestMixedReferences(t *testing.T) {
	say := workflow.TemplateRef{Name: "workflow-template-print-message", Template: "print-message"}
	steps := workflow.TemplateRef{Name: "cluster-workflow-template-inner-steps", Template: "inner-steps", ClusterWide: true}
	same(t, "cluster-workflow-template/mixed-cluster-namespaced-wftmpl-steps.yaml", running(define("hello-hello-hello", workflow.Steps{
		{call("hello1", say, "message", "hello1")},
		{call("hello2a", steps, "message", "hello2a"), call("hello2b", say, "message", "hello2b")},
	})))
}

func TestReference(t *testing.T) {
	say := workflow.TemplateRef{Name: "workflow-template-print-message", Template: "print-message"}
	same(t, "workflow-template/hello-world.yaml", running(define("hello-world-from-templateRef", workflow.Steps{
		{call("call-print-message", say, "message", "hello world")},
	})))
}

// A run that is nothing but one of a template that is in the cluster.
func TestRunOfTemplate(t *testing.T) {
	same(t, "workflow-template/workflow-template-ref.yaml", &workflow.Run{
		From: workflow.TemplateRef{Name: "workflow-template-submittable"},
	})
}

// Several templates, which use one another.
func TestTemplates(t *testing.T) {
	say := printMessage()
	library := &workflow.Template{Plain: true, Name: "workflow-template-print-message", Entrypoint: say}
	shared := library.Ref(say)

	unreliable := &workflow.Template{Plain: true, Name: "workflow-template-random-fail-template", Definitions: []*workflow.Definition{
		failing("random-fail-template", randomFail, &workflow.Retry{Limit: new(10)}),
	}}

	own := printMessage()
	steps := &workflow.Template{Plain: true, Name: "workflow-template-inner-steps", Definitions: []*workflow.Definition{own, define("inner-steps", workflow.Steps{
		{call("inner-hello1", shared, "message", "inner-hello1")},
		{call("inner-hello2a", shared, "message", "inner-hello2a"), call("inner-hello2b", own, "message", "inner-hello2b")},
	})}}

	a, b := call("inner-A", shared, "message", "inner-A"), call("inner-B", own, "message", "inner-B")
	c, d := call("inner-C", own, "message", "inner-C"), call("inner-D", shared, "message", "inner-D")
	b.Depends, c.Depends, d.Depends = bare(a), bare(a), workflow.And(bare(b), bare(c))
	dag := &workflow.Template{Plain: true, Name: "workflow-template-inner-dag", Definitions: []*workflow.Definition{
		own, define("inner-diamond", workflow.DAG{Tasks: []*workflow.Task{a, b, c, d}}),
	}}

	submittable := &workflow.Template{Plain: true, Name: "workflow-template-submittable",
		Parameters: []workflow.Parameter{{Name: "message", Default: new("hello world")}}, Entrypoint: say}
	same(t, "workflow-template/templates.yaml", library, unreliable, steps, dag, submittable)
}
