package workflow

import (
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// Suspend is a step that waits: for a time, or for somebody who resumes the
// run. It has no pod. What that somebody types in are outputs of the task.
type Suspend struct {
	// Duration is how long it waits. Zero means until somebody resumes the run,
	// or its deadline is over. Whole seconds.
	//
	// Rendered as suspend.duration ("10m").
	Duration time.Duration
	// Base is for a duration that is a reference to one.
	Base wfv1.SuspendTemplate
}

// template implements Step.
func (s Suspend) template(c *check, field string, t *wfv1.Template) {
	c.seconds(field+".Duration", s.Duration)
	out := s.Base
	if s.Duration > 0 {
		if out.Duration != "" {
			c.Conflict(field+".Base.Duration", "it is set here and by a field of the step", "set it in one place")
		}
		out.Duration = orDefault(s.Duration, 0)
	}
	t.Suspend = &out
}
