package workflow

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// Input is a parameter of a Definition, which each task that uses it gives a
// value.
type Input struct {
	Name string
	// Default is the value for tasks that give none; nil means that each must.
	Default     *string
	Enum        []string
	Description string
	Base        wfv1.Parameter
}

// Variable is the input inside of the definition.
func (i Input) Variable() Variable { return Variable("inputs.parameters." + i.Name) }

// Ref is short for Variable().Ref().
func (i Input) Ref() string { return i.Variable().Ref() }

// Inputs is what a Definition takes.
type Inputs struct {
	Parameters []Input
	Artifacts  []Artifact
}

func (in Inputs) render(c *check, field string, t *wfv1.Template) {}

// Output is a parameter that a step puts out.
type Output struct {
	Name string
	// Path is the file in which the step leaves the value.
	Path string
	Base wfv1.Parameter
}

// Outputs is what a step puts out.
type Outputs struct {
	Parameters []Output
	Artifacts  []Artifact
}

func (o Outputs) render(c *check, field string, t *wfv1.Template) {}
