package workflow

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// Settings is how Argo runs a step, whatever its kind: fields that few steps
// set. Each is rendered in the step's template.
type Settings struct {
	// Parallelism is how many pods inside of a DAG or Steps may run at a time.
	Parallelism int
	// Daemon has the tasks after this one start as soon as its container is
	// ready, and ends it with the DAG or steps that it is in.
	Daemon bool
	// rest is the developer's of this file.
}

func (s Settings) render(c *check, field string, t *wfv1.Template) {}
