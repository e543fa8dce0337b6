package upstream_test

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/workflow"
)

// What many of the examples have in common.

// running is a run that starts with a definition, with nothing of millrace's own
// in it.
func running(entry *workflow.Definition) *workflow.Run {
	return &workflow.Run{Name: "example", Inline: true, Template: plain(entry)}
}

func plain(entry *workflow.Definition) *workflow.Template {
	return &workflow.Template{Plain: true, Name: "example", Entrypoint: entry}
}

// define is a step with a name and nothing else.
func define(name string, step workflow.Step) *workflow.Definition {
	return &workflow.Definition{Name: name, Step: step}
}

// call is a task that gives the one input of a shared step its value.
func call(name string, step workflow.Step, input, value string) *workflow.Task {
	return &workflow.Task{Name: name, Step: step, Arguments: map[string]string{input: value}}
}

// shell is a container that runs a line of sh.
func shell(image, line string) workflow.Container {
	return workflow.Container{Image: image, Command: []string{"sh", "-c"}, Args: []string{line}}
}

func python(source string) workflow.Script {
	return workflow.Script{Image: "python:alpine3.6", Command: []string{"python"}, Source: source}
}

func helloWorld(name string) *workflow.Definition {
	return define(name, workflow.Container{Image: "busybox", Command: []string{"echo"}, Args: []string{"hello world"}})
}

// printMessage prints its input "message".
func printMessage() *workflow.Definition {
	message := workflow.Input{Name: "message"}
	return &workflow.Definition{
		Name: "print-message", Inputs: taking(message),
		Step: workflow.Container{Image: "busybox", Command: []string{"echo"}, Args: []string{message.Ref()}},
	}
}

func taking(parameters ...workflow.Input) workflow.Inputs {
	return workflow.Inputs{Parameters: parameters}
}

func putting(parameters ...workflow.Output) workflow.Outputs {
	return workflow.Outputs{Parameters: parameters}
}

// randomFail is a program that fails two times of three.
const randomFail = "import random; import sys; exit_code = random.choice([0, 1, 1]); sys.exit(exit_code)"

// environment has pairs of names and values.
func environment(pairs ...string) (out []corev1.EnvVar) {
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, corev1.EnvVar{Name: pairs[i], Value: pairs[i+1]})
	}
	return out
}

// runWith is a run that holds its template, without the defaults of millrace.
func runWith(t workflow.Template) *workflow.Run {
	t.Plain = true
	if t.Name == "" {
		t.Name = "example"
	}
	return &workflow.Run{Name: "example", Inline: true, Template: &t}
}

// taken and left are the artifacts that a definition takes and leaves.
func taken(list ...workflow.Artifact) workflow.Inputs { return workflow.Inputs{Artifacts: list} }
func left(list ...workflow.Artifact) workflow.Outputs { return workflow.Outputs{Artifacts: list} }

// args are the arguments of a task or a run.
type args = map[string]string

// tested is the label of the examples that Argo's own tests run.
var tested = args{"workflows.argoproj.io/test": "true"}

// parameter is a parameter of a run with a default.
func parameter(name, value string) workflow.Parameter {
	return workflow.Parameter{Name: name, Default: new(value)}
}

// says is a container that prints a text.
func says(text string) workflow.Container {
	return workflow.Container{Image: "busybox", Command: []string{"echo"}, Args: []string{text}}
}

// programText is a program into which Argo puts values as text. In a program of
// one's own they come in by Env, or by Variable.JSON.
func programText(source string) wfv1.ScriptTemplate { return wfv1.ScriptTemplate{Source: source} }
