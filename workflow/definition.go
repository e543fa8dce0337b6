package workflow

import (
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// Definition is a step with a name, inputs and outputs, which several tasks
// share, each with arguments of its own: what Argo calls a template.
//
// It is a Step itself. What lies in it sees its inputs and what every run has,
// and nothing of the tasks that use it.
type Definition struct {
	// Name is the template's name, unique in the workflow.
	Name string
	// Inputs is what it takes, Outputs what it puts out.
	Inputs  Inputs
	Outputs Outputs
	// Step is what it does. Required, unless Base says it.
	Step Step
	// Deadline is how long it may take: see Task.Deadline.
	Deadline time.Duration
	// Retry is when it is tried again; nil means as Template.Retry says.
	Retry    *Retry
	Settings Settings
	// Base holds what has no field of its own here.
	Base wfv1.Template
}
