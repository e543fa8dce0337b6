package workflow

import (
	"maps"
	"math"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// Settings is how Argo runs a step, whatever its kind: fields that few steps
// set. Each is rendered in the step's template.
type Settings struct {
	// Parallelism is how many of the tasks inside of a DAG or Steps may run at
	// a time; those of a DAG that lies in it count by themselves. Zero means as
	// many as it allows.
	//
	// Rendered as parallelism.
	Parallelism int
	// FailFast has a Steps start nothing more after one of its tasks has
	// failed, such as the rest of a Loop. For a DAG there is DAG.FailFast,
	// which is true by default. False means that the group goes on to its end.
	//
	// Rendered as failFast.
	FailFast bool
	// Daemon has the tasks after this one start as soon as its container is
	// ready, and ends it with the DAG or steps that it is in. False means that
	// they wait for its end.
	//
	// Rendered as daemon.
	Daemon bool
	// Timeout is how long the step may take from when it is due: the time that
	// its pod waits for a node is in it, which Task.Deadline leaves out. Steps
	// with a pod, and HTTP requests.
	//
	// Zero means as long as the run may take. Whole seconds.
	//
	// Rendered as timeout.
	Timeout time.Duration
	// Locks are what the step has to hold while it runs. It gets all of them or
	// waits. A DAG that holds one which a task in it wants waits for ever. Nil
	// means none.
	//
	// Rendered as synchronization.
	Locks []Lock
	// Memoize keeps the outputs for runs to come. Nil means that the step
	// always runs.
	//
	// Rendered as memoize.
	Memoize *Memoize
	// Metrics is what Argo's controller tells Prometheus about the step, at most
	// 100. Nil means nothing.
	//
	// Rendered as metrics.prometheus.
	Metrics []Metric
	// Annotations are those of the step itself, which the user interface shows.
	// Those of its pod are in Pod. Argo 3.7 and later: older ones drop them. Nil
	// means none.
	//
	// Rendered as annotations.
	Annotations map[string]string
	// Pod is what the step's pod gets. A DAG and Steps have none: of theirs, the
	// selector, the tolerations and the affinity of Placement count alone, for
	// the tasks directly in them that have none.
	Pod PodSettings
}

// render adds the settings to the step's template. What it holds already stays,
// but for the keys of maps that both have.
func (s Settings) render(c *check, field string, t *wfv1.Template) {
	s.fits(c, field, t)
	c.count(field+".Parallelism", s.Parallelism)
	c.seconds(field+".Timeout", s.Timeout)
	c.Annotations(field+".Annotations", s.Annotations)
	if s.Parallelism > 0 {
		t.Parallelism = new(int64(s.Parallelism))
	}
	if s.FailFast {
		t.FailFast = new(true)
	}
	if s.Daemon {
		t.Daemon = new(true)
	}
	if s.Timeout > 0 {
		t.Timeout = orDefault(s.Timeout, 0)
	}
	if len(s.Locks) > 0 {
		t.Synchronization = c.locks(field+".Locks", s.Locks)
	}
	if s.Memoize != nil {
		t.Memoize = s.Memoize.render(c, field+".Memoize")
	}
	if len(s.Metrics) > 0 {
		t.Metrics = c.metrics(field+".Metrics", s.Metrics)
	}
	join(&t.Annotations, s.Annotations)
	s.Pod.render(c, field+".Pod", t)
}

// fits reports what the kind of the step can't have, once the template shows
// it: Argo refuses the whole workflow, or ignores the setting.
// Source: Argo Workflows v3.7.14 workflow/validate/validate.go.
func (s Settings) fits(c *check, field string, t *wfv1.Template) {
	nested := t.DAG != nil || len(t.Steps) > 0
	pod := t.Container != nil || t.ContainerSet != nil || t.Script != nil || t.Resource != nil || t.Data != nil
	agent := t.HTTP != nil || t.Plugin != nil
	if !nested && !pod && !agent && t.Suspend == nil {
		return // the kind isn't known here: that of a default, or of Base
	}
	if !nested {
		if s.Parallelism > 0 {
			c.Unsupported(field+".Parallelism", "there are no tasks inside of the step", "set it on a DAG or Steps, or on the template")
		}
		if s.FailFast {
			c.Unsupported(field+".FailFast", "there are no tasks inside of the step", "set it on a DAG or Steps")
		}
	}
	if !pod && !agent && s.Timeout > 0 {
		c.Unsupported(field+".Timeout", "Argo times only steps with a pod, and HTTP requests", "set it on the tasks in it, or Template.Deadline")
	}
	if !pod {
		if s.Daemon {
			c.Unsupported(field+".Daemon", "the step has no container that could be ready", "set it on the task with the server")
		}
		if !s.Pod.none(nested) {
			c.Unsupported(field+".Pod", "the step has no pod", "set it on the tasks in it")
		}
	}
}

// count checks a number that the manifest holds as a positive one.
func (c *check) count(field string, n int) {
	if n < 0 || int64(n) > math.MaxInt32 {
		c.Invalid(field, n, "it is a number from 1 to 2147483647", "leave it zero for no limit")
	}
}

// join copies one map into another.
func join(dst *map[string]string, src map[string]string) {
	if len(src) == 0 {
		return
	}
	if *dst == nil {
		*dst = make(map[string]string, len(src))
	}
	maps.Copy(*dst, src)
}
