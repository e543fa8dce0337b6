package upstream_test

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/workflow"
)

// values are the arguments of a task or a run.
type values = map[string]string

// tested is the label of the examples that Argo's own tests run.
var tested = values{"workflows.argoproj.io/test": "true"}

// runOf is a run that holds the whole of a template with that entrypoint.
func runOf(entry *workflow.Definition) *workflow.Run {
	return &workflow.Run{Inline: true, Template: templateOf(entry)}
}

// templateOf is a template that says no more than it is told.
func templateOf(entry *workflow.Definition) *workflow.Template {
	return &workflow.Template{Plain: true, Name: "example", Entrypoint: entry}
}

// parameter is a parameter of a run with a default.
func parameter(name, value string) workflow.Parameter {
	return workflow.Parameter{Name: name, Default: new(value)}
}

// takes are inputs without a default.
func takes(names ...string) (out workflow.Inputs) {
	for _, name := range names {
		out.Parameters = append(out.Parameters, workflow.Input{Name: name})
	}
	return out
}

// shell is a container that runs a line of shell.
func shell(image, line string) workflow.Container {
	return workflow.Container{Image: image, Command: []string{"sh", "-c"}, Args: []string{line}}
}

// says is a container that prints a text.
func says(text string) workflow.Container {
	return workflow.Container{Image: "busybox", Command: []string{"echo"}, Args: []string{text}}
}

// python is a program that needs no values.
func python(source string) workflow.Script {
	return workflow.Script{Image: "python:alpine3.6", Command: []string{"python"}, Source: source}
}

// printer prints the message that it is given.
func printer() *workflow.Definition {
	message := workflow.Input{Name: "message"}
	return &workflow.Definition{
		Name: "print-message", Inputs: workflow.Inputs{Parameters: []workflow.Input{message}},
		Step: says(message.Ref()),
	}
}

// programText is a program into which Argo puts values as text. In a program of
// one's own they come in by Env, or by Variable.JSON.
func programText(source string) wfv1.ScriptTemplate { return wfv1.ScriptTemplate{Source: source} }
