package upstream_test

import (
	"testing"

	"github.com/millrace/millrace/workflow"
)

// Items that are maps.
func TestLoopsOverMaps(t *testing.T) {
	image, tag := workflow.Input{Name: "image"}, workflow.Input{Name: "tag"}
	cat := &workflow.Definition{Name: "cat-os-release", Inputs: taking(image, tag), Step: workflow.Container{
		Image: image.Ref() + ":" + tag.Ref(), Command: []string{"cat"}, Args: []string{"/etc/os-release"},
	}}
	system := func(image, tag string) map[string]string { return map[string]string{"image": image, "tag": tag} }
	same(t, "loops-maps.yaml", running(define("loop-map-example", workflow.Steps{{{
		Name: "test-linux", Step: cat,
		Arguments: map[string]string{"image": workflow.Item.Field("image").Ref(), "tag": workflow.Item.Field("tag").Ref()},
		Loop:      workflow.Items{system("debian", "9.1"), system("debian", "8.9"), system("alpine", "3.6"), system("ubuntu", "17.10")},
	}}})))
}

func TestSequences(t *testing.T) {
	msg := workflow.Input{Name: "msg"}
	say := &workflow.Definition{Name: "echo", Inputs: taking(msg), Step: workflow.Container{Image: "alpine:latest", Command: []string{"echo", msg.Ref()}}}
	count := workflow.Parameter{Name: "count", Default: new("3")}
	each := func(name string, over workflow.Sequence) *workflow.Task {
		out := call(name, say, "msg", workflow.Item.Ref())
		out.Loop = over
		return out
	}
	run := running(define("loops-sequence", workflow.Steps{{
		each("sequence-count", workflow.Sequence{Count: "5"}),
		each("sequence-start-end", workflow.Sequence{Start: "100", End: "105"}),
		each("sequence-param", workflow.Sequence{Start: "200", Count: count.Ref()}),
		each("sequence-negative", workflow.Sequence{Start: "5", End: "0"}),
		each("sequence-format", workflow.Sequence{Count: "5", Format: "testuser%02X"}),
	}}))
	run.Template.Parameters = []workflow.Parameter{count}
	same(t, "loops-sequence.yaml", run)
}

// The end of a sequence is the result of a step.
func TestSequenceOfResult(t *testing.T) {
	hello := define("hello", python("import random\nresult = random.randint(0,5)\nprint(result)\n"))
	b := &workflow.Task{Name: "hello-b", Step: hello}
	inner := define("hello-hello", workflow.Steps{
		{b}, {{Name: "hello-c", Step: hello, Loop: workflow.Sequence{Start: "1", End: b.Result().Ref()}}},
	})
	a := &workflow.Task{Name: "hello-a", Step: hello}
	same(t, "withsequence-nested-result.yaml", running(define("hello-entrypoint", workflow.Steps{
		{a}, {{Name: "hello-b", Step: inner, Loop: workflow.Sequence{Start: "1", End: a.Result().Ref()}}},
	})))
}

// Loops in loops, over lists that are parameters; one item at a time.
func TestNestedLoops(t *testing.T) {
	id, list := workflow.Input{Name: "seq-id"}, workflow.Input{Name: "seq-list"}
	job := &workflow.Definition{Name: "one-job", Inputs: taking(id), Step: workflow.Container{
		Image: "alpine", Command: []string{"/bin/sh", "-c"}, Args: []string{"echo " + id.Ref() + "; sleep 30"},
	}}
	jobs := call("jobs", job, "seq-id", id.Ref())
	jobs.Loop = workflow.Over("[1, 2]")
	b := &workflow.Definition{Name: "B", Inputs: taking(id), Step: workflow.Steps{{jobs}}}
	each := call("seq-step", b, "seq-id", workflow.Item.Ref())
	each.Loop = workflow.Over(list.Ref())
	run := running(&workflow.Definition{
		Name: "A", Inputs: taking(list), Step: workflow.Steps{{each}}, Settings: workflow.Settings{Parallelism: 1},
	})
	run.Template.Parameters = []workflow.Parameter{{Name: "seq-list", Default: new("[\"a\",\"b\",\"c\",\"d\"]\n")}}
	same(t, "parallelism-nested-workflow.yaml", run)
}

// What the items of a loop put out is a list, over which others go.
func TestAggregation(t *testing.T) {
	num := workflow.Input{Name: "num"}
	oddOrEven := &workflow.Definition{Name: "odd-or-even", Inputs: taking(num),
		Step: shell("alpine:latest", "sleep 1 &&\necho "+num.Ref()+" > /tmp/num &&\nif [ $(("+num.Ref()+`%2)) -eq 0 ]; then
  echo "even" > /tmp/even;
else
  echo "odd" > /tmp/even;
fi
`),
		Outputs: putting(workflow.Output{Name: "num", Path: "/tmp/num"}, workflow.Output{Name: "evenness", Path: "/tmp/even"}),
	}
	half := &workflow.Definition{Name: "divide-by-2", Inputs: taking(num), Step: shell("alpine:latest", "echo $(("+num.Ref()+"/2))")}
	say := printMessage()

	odd := call("odd-or-even", oddOrEven, "num", workflow.Item.Ref())
	odd.Loop = workflow.Items{1, 2, 3, 4}
	nums := call("print-nums", say, "message", odd.Output("num").Ref())
	evenness := call("print-evenness", say, "message", odd.Output("evenness").Ref())
	divide := call("divide-by-2", half, "num", workflow.Item.Field("num").Ref())
	divide.Loop = workflow.Over(odd.OutputList().Ref())
	divide.When = workflow.Item.Field("evenness").Equal("even")
	each := call("print", say, "message", workflow.Item.Ref())
	each.Loop = workflow.Over(divide.Result().Ref())
	nums.Depends, evenness.Depends, divide.Depends, each.Depends = bare(odd), bare(odd), bare(odd), bare(divide)
	same(t, "parameter-aggregation-dag.yaml", running(define("parameter-aggregation",
		workflow.DAG{Tasks: []*workflow.Task{odd, nums, evenness, divide, each}})))
}

// A list that is computed, and computed texts. The year of the example is that
// of now, whatever it seems to say: Argo's expressions know creationTimestamp
// by its parts only, and sprig.date of anything else is a date of now. The year
// of the run is CreationTime("Y").
func TestComputed(t *testing.T) {
	foo, year := workflow.Input{Name: "foo"}, workflow.Expr("sprig.date('2006', workflow.creationTimestamp)")
	pod := &workflow.Definition{Name: "pod-0", Inputs: taking(foo),
		Step: workflow.Container{Image: "argoproj/argosay:v2", Args: []string{"echo",
			"hello " + foo.Variable().Int().Times(10).Ref() + " @ " + year.Ref() + "\n", "/output"}},
		Outputs: putting(workflow.Output{Name: "output", Path: "/output"}),
	}
	same(t, "expression-tag-template-workflow.yaml", labelled(running(define("main", workflow.DAG{Tasks: []*workflow.Task{{
		Name: "task-0", Step: pod, Arguments: map[string]string{"foo": workflow.Item.Expression().Ref()},
		Loop: workflow.Over(workflow.Call("toJson", workflow.Expr("filter([1, 3], {# > 1})")).Ref()),
	}}}))))
}

// labelled has the label of the examples that Argo's own tests run.
func labelled(run *workflow.Run) *workflow.Run {
	run.Labels = map[string]string{"workflows.argoproj.io/test": "true"}
	return run
}

// Items of a build are its systems.
func TestCI(t *testing.T) {
	revision, system := workflow.Input{Name: "revision"}, workflow.Input{Name: "os-image"}
	work := workdir()
	build := &workflow.Definition{Name: "build-golang-example",
		Inputs: workflow.Inputs{Parameters: []workflow.Input{revision}, Artifacts: []workflow.Artifact{{
			Name: "code", Path: "/go/src/github.com/golang/example",
			From: workflow.Git{Repo: "https://github.com/golang/example.git", Revision: revision.Ref()},
		}}},
		Step: mounting(shell("golang:1.8", " cd /go/src/github.com/golang/example/hello && git status && go build -v . "), work, "/go"),
	}
	hello := &workflow.Definition{Name: "run-hello", Inputs: taking(system),
		Step: mounting(shell(system.Ref(), " uname -a ; cat /etc/os-release ; /go/src/github.com/golang/example/hello/hello "), work, "/go"),
	}
	test := call("test", hello, "os-image", workflow.Item.Field("image").Ref()+":"+workflow.Item.Field("tag").Ref())
	test.Loop = workflow.Items{
		map[string]string{"image": "debian", "tag": "9.1"},
		map[string]string{"image": "alpine", "tag": "3.6"},
		map[string]string{"image": "ubuntu", "tag": "17.10"},
	}
	run := running(&workflow.Definition{Name: "ci-example", Inputs: taking(revision), Step: workflow.Steps{
		{call("build", build, "revision", revision.Ref())}, {test},
	}})
	run.Template.Parameters = []workflow.Parameter{{Name: "revision", Default: new("cfe12d6")}}
	run.Template.Pods.Claims = []workflow.Claim{work}
	same(t, "ci.yaml", run)
}
