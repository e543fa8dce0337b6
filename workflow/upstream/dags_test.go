package upstream_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

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

func TestMultiroot(t *testing.T) {
	echo, _ := echo("echo")
	task := func(name string, depends ...workflow.Expression) *workflow.Task {
		return &workflow.Task{Name: name, Step: echo, Arguments: args{"message": name}, Depends: workflow.And(depends...)}
	}
	a, b := task("A"), task("B")
	same(t, "dag-multiroot.yaml", running(&workflow.Definition{Name: "multiroot", Step: workflow.DAG{
		Tasks: []*workflow.Task{a, b, task("C", bare(a)), task("D", bare(a), bare(b))},
	}}))
}

// TestSlowBranch has a DAG go on in one branch when the other one has failed.
func TestSlowBranch(t *testing.T) {
	a := &workflow.Task{Name: "A", Step: &workflow.Definition{Name: "a", Step: says("hello world")}}
	b := &workflow.Task{Name: "B", Depends: bare(a), Step: &workflow.Definition{
		Name: "b", Retry: &workflow.Retry{Limit: new(2)}, Step: shell("alpine:latest", "sleep 30; echo haha")}}
	c := &workflow.Task{Name: "C", Depends: bare(a), Step: &workflow.Definition{
		Name: "c", Retry: &workflow.Retry{Limit: new(3)}, Step: shell("alpine:latest", "echo intentional failure; exit 2")}}
	hello := &workflow.Definition{Name: "d", Step: says("hello world")}
	d := &workflow.Task{Name: "D", Depends: bare(b), Step: hello}
	e := &workflow.Task{Name: "E", Depends: bare(d), Step: hello}
	same(t, "dag-disable-failFast.yaml", running(&workflow.Definition{Name: "statis", Step: workflow.DAG{
		FailFast: new(false), Tasks: []*workflow.Task{a, b, c, d, e},
	}}))
}

// TestServer has clients call a server, one at a time, that ends with the DAG.
func TestServer(t *testing.T) {
	server := &workflow.Task{Name: "server", Step: &workflow.Definition{
		Name: "server", Retry: &workflow.Retry{Limit: new(10)}, Settings: workflow.Settings{Daemon: true},
		Step: workflow.Container{Image: "nginx:latest", Command: []string{"nginx"}, Args: []string{"-g", "daemon off;"},
			Base: corev1.Container{ReadinessProbe: ready("/", 80, 2)}},
	}}
	ip := workflow.Input{Name: "server-ip"}
	curl := "curl --silent -G http://" + ip.Ref() + ":80/"
	client := &workflow.Task{
		Name: "client", Depends: bare(server), Loop: workflow.Sequence{Count: "10"},
		Arguments: args{ip.Name: server.IP().Ref()},
		Step: &workflow.Definition{
			Name: "client", Inputs: taking(ip),
			Settings: workflow.Settings{Locks: []workflow.Lock{workflow.Mutex{Name: "client-" + workflow.RunUID.Ref()}}},
			Step:     workflow.Container{Image: "appropriate/curl:latest", Command: []string{"/bin/sh", "-c"}, Args: []string{"echo " + curl + " && " + curl}},
		},
	}
	same(t, "dag-daemon-retry-strategy.yaml", running(&workflow.Definition{
		Name: "main", Step: workflow.DAG{Tasks: []*workflow.Task{server, client}},
	}))
}

// ready is a probe of an address.
func ready(path string, port int, after int32) *corev1.Probe {
	return &corev1.Probe{
		ProbeHandler:        corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: path, Port: intstr.FromInt(port)}},
		InitialDelaySeconds: after, TimeoutSeconds: 1,
	}
}

// TestEitherOutput has a DAG put out what the one of two tasks did that ran.
func TestEitherOutput(t *testing.T) {
	flip := &workflow.Task{Name: "flip-coin", Step: &workflow.Definition{
		Name: "flip-coin", Step: python("import random\nprint(\"heads\" if random.randint(0,1) == 0 else \"tails\")\n"),
	}}
	side := func(name string) *workflow.Task {
		return &workflow.Task{Name: name, Depends: bare(flip), When: flip.Result().Equal(name),
			Step: &workflow.Definition{Name: name, Step: python("print(\"" + name + "\")\n")}}
	}
	heads, tails := side("heads"), side("tails")
	run := running(&workflow.Definition{
		Name: "main", Step: workflow.DAG{Tasks: []*workflow.Task{flip, heads, tails}},
		Outputs: workflow.Outputs{Parameters: []workflow.Output{{
			Name: "stepresult", Expression: workflow.If(flip.Result().Equal("heads"), heads.Result(), tails.Result()),
		}}},
	})
	run.Labels = tested
	same(t, "dag-conditional-parameters.yaml", run)
}

// TestTimeoutOfCaller takes the timeout from the task, which is a text then.
func TestTimeoutOfCaller(t *testing.T) {
	timeout := workflow.Input{Name: "timeout"}
	echo := &workflow.Definition{
		Name: "echo", Inputs: taking(timeout),
		Step: workflow.Container{Image: "alpine:3.7", Command: []string{"sleep", "15s"}},
		Base: wfv1.Template{Timeout: timeout.Ref()},
	}
	a := &workflow.Task{Name: "A", Step: echo, Arguments: args{"timeout": "20s"}}
	b := &workflow.Task{Name: "B", Step: echo, Arguments: args{"timeout": "10s"}, Depends: bare(a)}
	c := &workflow.Task{Name: "C", Step: echo, Arguments: args{"timeout": "20s"}, Depends: bare(a)}
	same(t, "dag-task-level-timeout.yaml", running(&workflow.Definition{
		Name: "diamond", Step: workflow.DAG{Tasks: []*workflow.Task{a, b, c}},
	}))
}

// TestNestedLimit bounds how many tasks of the outer DAG run at a time.
func TestNestedLimit(t *testing.T) {
	msg := workflow.Input{Name: "msg"}
	job := &workflow.Definition{Name: "one-job", Inputs: taking(msg),
		Step: workflow.Container{Image: "alpine", Command: []string{"/bin/sh", "-c"}, Args: []string{"echo " + msg.Ref() + "; sleep 10"}}}
	task := func(of *workflow.Definition, name, msg string, depends ...workflow.Expression) *workflow.Task {
		return &workflow.Task{Name: name, Step: of, Arguments: args{"msg": msg}, Depends: workflow.And(depends...)}
	}
	c1 := task(job, "c1", msg.Ref()+" c1")
	inner := &workflow.Definition{Name: "B", Inputs: taking(msg), Step: workflow.DAG{Tasks: []*workflow.Task{
		c1, task(job, "c2", msg.Ref()+" c2", bare(c1)), task(job, "c3", msg.Ref()+" c3", bare(c1)),
	}}}
	b1 := task(inner, "b1", "1")
	b2, b3, b4 := task(inner, "b2", "2", bare(b1)), task(inner, "b3", "3", bare(b1)), task(inner, "b4", "4", bare(b1))
	same(t, "parallelism-nested-dag.yaml", running(&workflow.Definition{
		Name: "A", Settings: workflow.Settings{Parallelism: 2},
		Step: workflow.DAG{Tasks: []*workflow.Task{b1, b2, b3, b4, task(inner, "b5", "5", bare(b2), bare(b3), bare(b4))}},
	}))
}

// TestResubmit shares a definition between a DAG and steps in it.
func TestResubmit(t *testing.T) {
	fail := &workflow.Definition{Name: "random-fail", Step: workflow.Container{
		Image: "python:alpine3.6", Command: []string{"python", "-c"},
		Args: []string{"import random; import sys; exit_code = random.choice([0, 0, 1]); print('exiting with code {}'.format(exit_code)); sys.exit(exit_code)"},
	}}
	task := func(name string, depends ...workflow.Expression) *workflow.Task {
		return &workflow.Task{Name: name, Step: fail, Depends: workflow.And(depends...)}
	}
	a := task("A")
	b := &workflow.Task{Name: "B", Step: &workflow.Definition{Name: "rand-fail-steps", Step: workflow.Steps{
		{task("randfail1a"), task("randfail1b")},
		{task("randfail2a"), task("randfail2b"), task("randfail2c"), task("randfail2d")},
	}}}
	same(t, "resubmit.yaml", running(&workflow.Definition{Name: "rand-fail-dag", Step: workflow.DAG{
		Tasks: []*workflow.Task{a, b, task("C", bare(b)), task("D", bare(a), bare(b))},
	}}))
}
