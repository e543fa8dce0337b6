package upstream_test

import (
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
