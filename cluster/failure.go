package cluster

import (
	"context"
	"strings"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/status"
)

const (
	// ReasonDeleted is the Reason of a Failure whose object was deleted.
	ReasonDeleted = "Deleted"
	// ReasonReplaced is the Reason of a Failure whose object was deleted and
	// made again by someone else.
	ReasonReplaced = "Replaced"
	// ReasonInvalidSpec is the Reason of a Failure whose workflow never
	// started, because the controller refused its spec.
	ReasonInvalidSpec = status.InvalidSpec
)

// Failure is an object that will not get where it was to go: why, and what to
// do about it.
type Failure struct { //nolint:errname // it is a failure of the object, not of the call
	// Object is what failed.
	Object millrace.Ref
	// Task is the task that made a workflow fail: of those that failed by
	// themselves the first. Empty for other kinds.
	Task string
	// Resource is the object that the task had created and that failed, a
	// SparkApplication. Its zero value means none, or none that was found.
	Resource millrace.Ref
	// Reason is one word for it: the object's own ("FAILED",
	// "ResourceConflict") or one of the Reason constants.
	Reason string
	// Message is what the object, the task or the task's resource says.
	Message string
	// Fix says what to do; empty if the message is not a known one.
	Fix string
	// Cause is the error behind it, if one was.
	Cause error
}

// Error returns "object: task: resource: message; fix".
func (f *Failure) Error() string {
	var b strings.Builder
	b.WriteString(f.Object.String() + ": ")
	if f.Task != "" {
		b.WriteString("task " + f.Task + ": ")
	}
	if f.Resource != (millrace.Ref{}) {
		b.WriteString(f.Resource.String() + ": ")
	}
	b.WriteString(f.Reason)
	if f.Message != "" {
		b.WriteString(": " + f.Message)
	}
	if f.Fix != "" {
		b.WriteString("; " + f.Fix)
	}
	return b.String()
}

// Unwrap returns the cause.
func (f *Failure) Unwrap() error { return f.Cause }

func newFailure(t *target) *Failure {
	f := &Failure{Object: t.Object, Reason: t.state.Reason, Message: t.state.Message}
	if task, ok := t.state.RootCause(); ok && f.Reason != ReasonDeleted && f.Reason != ReasonReplaced {
		f.Task = task.Name
		f.Reason = task.Phase
		f.Message = task.Message
		if f.Message == "" {
			f.Message = t.state.Message
		}
	}
	return f
}

// lookupBudget bounds the look for what a failed task had created. It is
// worth a moment, and not the rest of the caller's time.
const lookupBudget = 5 * time.Second

// lag is how long the news of a child's failure may come after those of its
// workflow, on another watch.
const lag = 2 * time.Second

// explain adds to the failures what can be found out about them, and what to
// do. watching says that there are watches on the workflows' children.
func (w *waiter) explain(ctx context.Context, watching bool) {
	ctx, cancel := context.WithTimeout(ctx, lookupBudget)
	defer cancel()
	for i := 0; i < len(w.failed); i++ { // waiting for one may bring more
		f := w.failed[i]
		if f.Task != "" && !f.blame(w.born) && !f.blame(w.client.ask(ctx, f)) && watching && strings.Contains(f.Message, "failure condition") {
			w.awaitChild(ctx, f)
		}
		f.Fix = hint(f.Object.Kind, f.Resource.Kind, f.Reason, f.Message)
	}
}

// awaitChild waits a moment for the news of the object that a task had
// created: it did fail, as the task's failure condition was met.
func (w *waiter) awaitChild(ctx context.Context, f *Failure) {
	ctx, cancel := context.WithTimeout(ctx, lag)
	defer cancel()
	for !f.blame(w.born) {
		select {
		case s := <-w.seen:
			w.take(s)
		case <-ctx.Done():
			return
		}
	}
}
