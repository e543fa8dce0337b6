package workflow

import (
	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// Artifact is a file or directory that a step takes in or puts out.
type Artifact struct {
	Name string
	// Path is where it lies in the container.
	Path string
	// From is where an input comes from: another task's output
	// (Task.Artifact), or a Location. For outputs, where it goes; nil is the
	// artifact repository.
	From Location
	Base wfv1.Artifact
}

// Location is where an artifact lies. The types of this package implement it,
// and no others can.
type Location interface {
	// locate fills in the place, and reports what is wrong.
	locate(c *check, field string, a *wfv1.Artifact)
}

// From is the output artifact of another task, or an input artifact of the
// definition around: its variable. See Task.Artifact and Artifact.Variable.
type From Variable

// locate implements Location.
func (f From) locate(_ *check, _ string, a *wfv1.Artifact) { a.From = Variable(f).Ref() }
