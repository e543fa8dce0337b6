package upstream_test

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/workflow"
)

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
