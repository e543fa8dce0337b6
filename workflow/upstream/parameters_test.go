package upstream_test

import (
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/workflow"
)

func TestParameter(t *testing.T) {
	run := running(printMessage())
	run.Template.Parameters = []workflow.Parameter{{Name: "message", Default: new("hello world")}}
	same(t, "arguments-parameters.yaml", run)
}

// A parameter of the run whose value is in a ConfigMap.
func TestParameterFromConfigMap(t *testing.T) {
	run := running(printMessage())
	run.Template.Parameters = []workflow.Parameter{{Name: "message", From: workflow.ConfigMapKey{Name: "simple-parameters", Key: "msg"}}}
	same(t, "global-parameters-from-configmap-referenced-as-local-variable.yaml", labelled(run))
}

// A list in a parameter is a text of JSON.
func TestListParameter(t *testing.T) {
	files := workflow.Parameter{Name: "files", Default: new("[]")}
	in := workflow.Input{Name: "files"}
	say := &workflow.Definition{Name: "argosay", Inputs: taking(in), Step: workflow.Container{
		Image: "argoproj/argosay:v2", Args: []string{"echo", "Files affected by commit: " + in.Ref()},
	}}
	template := plain(define("main", workflow.Steps{{call("a", say, "files", files.Ref())}}))
	template.Parameters = []workflow.Parameter{files}
	same(t, "workflow-event-binding/github-path-filter-workflowtemplate.yaml", template)
}

// Inputs that are computed from a parameter of the run.
func TestComputedInputs(t *testing.T) {
	config := workflow.Parameter{Name: "config", Default: new(`{"a": "1", "b": "2", "c": "3"}`)}
	part := func(name string) workflow.Input {
		return workflow.Input{Name: name, Default: new(config.Variable().JSONPath("$." + name).Ref())}
	}
	a, b, c := part("a"), part("b"), part("c")
	same(t, "expression-destructure-json.yaml", runWith(workflow.Template{
		Parameters: []workflow.Parameter{config},
		Entrypoint: &workflow.Definition{Name: "main", Inputs: taking(a, b, c), Step: workflow.Script{
			Image: "debian:9.4", Command: []string{"bash"}, Source: "echo \"$A$B$C\"\n",
			Env: []corev1.EnvVar{{Name: "A", Value: a.Ref()}, {Name: "B", Value: b.Ref()}, {Name: "C", Value: c.Ref()}},
		}},
	}))
}

func TestRunParameterFromConfigMap(t *testing.T) {
	message := workflow.Parameter{Name: "message", From: workflow.ConfigMapKey{Name: "simple-parameters", Key: "msg"}}
	run := runWith(workflow.Template{
		Parameters: []workflow.Parameter{message},
		Entrypoint: define("print-message", says(message.Ref())),
	})
	run.Labels = tested
	same(t, "global-parameters-from-configmap.yaml", run)
}

// The result of a script is what it writes to its standard output.
func TestResultOfBash(t *testing.T) {
	message := workflow.Input{Name: "message"}
	generate := &workflow.Task{Name: "generate", Step: &workflow.Definition{Name: "gen-random-int", Step: workflow.Script{
		Image: "debian:9.4", Command: []string{"bash"},
		Source: "cat /dev/urandom | od -N2 -An -i | awk -v f=1 -v r=100 '{printf \"%i\\n\", f + r * $1 / 65536}'\n",
	}}}
	show := &workflow.Task{Name: "print", Arguments: args{"message": generate.Result().Ref()}, Step: &workflow.Definition{
		Name: "print-message", Inputs: taking(message), Step: shell("alpine:latest", "echo result was: "+message.Ref()),
	}}
	same(t, "scripts-bash.yaml", running(&workflow.Definition{Name: "bash-script-example", Step: workflow.Steps{{generate}, {show}}}))
}

// What a pod may use, as a step before it says.
func TestPodFromOutput(t *testing.T) {
	resources := workflow.Input{Name: "resources"}
	parse := &workflow.Task{Name: "parse-resources", Step: &workflow.Definition{
		Name: "parse-resources-tmpl", Outputs: workflow.Outputs{Parameters: []workflow.Output{{Name: "resources", Path: "/tmp/resources.json"}}},
		Step: workflow.Script{Image: "alpine:latest", Command: []string{"sh"},
			Source: "echo '{\"memory\": \"10Gi\", \"cpu\": \"2000m\"}' > /tmp/resources.json && cat /tmp/resources.json\n"},
	}}
	script := workflow.Script{Image: "alpine:latest", Command: []string{"sh"}}
	script.Base.Source = "echo " + resources.Ref() + "\n"
	setup := &workflow.Task{
		Name: "setup-resources", Depends: bare(parse), Arguments: args{"resources": parse.Output("resources").Ref()},
		Step: &workflow.Definition{
			Name: "setup-resources-tmpl", Inputs: taking(resources), Step: script,
			Settings: workflow.Settings{Pod: workflow.PodSettings{Patch: workflow.PodPatch{Text: `containers:
- name: main
  resources:
    limits: ` + resources.Ref() + `
    requests: ` + resources.Ref() + `
`}}},
		},
	}
	same(t, "pod-spec-from-previous-step.yaml", running(&workflow.Definition{Name: "workflow", Step: workflow.DAG{Tasks: []*workflow.Task{parse, setup}}}))
}

// A patch of all pods, with a parameter of the run.
func TestPatchOfPods(t *testing.T) {
	limit := workflow.Parameter{Name: "mem-limit", Default: new("100Mi")}
	same(t, "pod-spec-yaml-patch.yaml", runWith(workflow.Template{
		Parameters: []workflow.Parameter{limit},
		Pods: workflow.RunPods{Patch: workflow.PodPatch{Text: `containers:
- name: main
  resources:
    limits:
      memory: "` + limit.Ref() + `"
`}},
		Entrypoint: helloWorld("hello-world"),
	}))
}

// Which of the tasks have to succeed is a parameter of the run.
func TestTargetOfDAG(t *testing.T) {
	target := workflow.Parameter{Name: "target", Default: new("E")}
	echo, _ := echo("echo")
	task := func(name string, after workflow.Expression) *workflow.Task {
		return &workflow.Task{Name: name, Step: echo, Depends: after, Arguments: args{"message": name}}
	}
	a := task("A", workflow.Expression{})
	b, c := task("B", bare(a)), task("C", bare(a))
	d, e := task("D", workflow.And(bare(b), bare(c))), task("E", bare(c))
	same(t, "dag-targets.yaml", runWith(workflow.Template{
		Parameters: []workflow.Parameter{target},
		Entrypoint: &workflow.Definition{
			Name: "dag-target", Step: workflow.DAG{Tasks: []*workflow.Task{a, b, c, d, e}},
			// DAG.Target is for tasks that are known before.
			Base: wfv1.Template{DAG: &wfv1.DAGTemplate{Target: target.Ref()}},
		},
	}))
}
