package cluster

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/status"
)

// Pending is an object that a Wait was still waiting for when it ended.
type Pending struct {
	// Object names it.
	Object millrace.Ref
	// State is the last that was seen of it: "RUNNING"; "New" means that no
	// operator has looked at it.
	State string
	// Message is what it said in addition.
	Message string
}

// WaitError says that a Wait ended before everything was done: its context
// did.
type WaitError struct {
	// Cause is why the context ended, as context.Cause returns it.
	Cause error
	// Pending is what was not done.
	Pending []Pending
	// LastError is the last thing that went wrong in talking to the API
	// server and had not recovered; nil if nothing had.
	LastError error
	// Failures are the failures before that, if the wait was to keep going.
	Failures []*Failure

	ended error
}

// maxListed bounds what the text of a WaitError lists; Pending has all.
const maxListed = 10

// Error lists what was pending with the last state of each.
func (e *WaitError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "wait: %v", e.Cause)
	if e.LastError != nil {
		fmt.Fprintf(&b, " (last API error: %v)", e.LastError)
	}
	fmt.Fprintf(&b, "; %d not finished: ", len(e.Pending))
	for i, p := range e.Pending {
		if i > 0 {
			b.WriteString(", ")
		}
		if i == maxListed {
			fmt.Fprintf(&b, "and %d more", len(e.Pending)-i)
			break
		}
		fmt.Fprintf(&b, "%s (%s", p.Object, p.State)
		if p.Message != "" {
			b.WriteString(": " + p.Message)
		} else if p.State == status.New {
			b.WriteString(": no operator has looked at it yet; does one watch this namespace?")
		}
		b.WriteString(")")
	}
	for _, f := range e.Failures {
		fmt.Fprintf(&b, "; %v", f)
	}
	return b.String()
}

// Unwrap returns the cause, what the context itself says, and the failures.
func (e *WaitError) Unwrap() []error {
	out := []error{e.Cause}
	if e.ended != nil {
		out = append(out, e.ended)
	}
	if e.LastError != nil {
		out = append(out, e.LastError)
	}
	for _, f := range e.Failures {
		out = append(out, f)
	}
	return out
}

// target is one object that a Wait waits for.
type target struct {
	Submitted
	journal journal
	state   status.State
	// since is when a shaky target began to be one.
	since time.Time
	ended bool
	// failure is what is told of one that failed.
	failure *Failure
}

// Wait returns when everything that was submitted is done: jobs and workflows
// have succeeded, topics, clusters and pools are ready; kinds without a state
// are done by being there.
//
// The first failure ends it (see KeepGoing), as a *Failure, or several of them
// joined in the order of the bundle. When ctx ends first the error is a *WaitError. When the API server
// refuses to be asked, it is an *Error. Wait changes nothing in the cluster:
// what was started goes on, and a later Wait, or the Wait of another Submit of
// the same bundle, takes up where this one ended.
func (r *Run) Wait(ctx context.Context, opts ...WaitOption) error {
	if r == nil || r.client == nil {
		return errors.New("wait: there is no run: it comes from Submit")
	}
	w := &waiter{client: r.client, opts: waitOptions{patience: defaultPatience}, seen: make(chan sighting),
		shaky: make(map[*target]bool), troubles: make(map[*observer]error)}
	for _, o := range opts {
		if o != nil {
			o.applyToWait(&w.opts)
		}
	}
	for i, o := range r.objects {
		if s := r.states[i]; s.Reason != status.Exists {
			t := &target{Submitted: o, journal: journal{sinks: w.opts.sinks}}
			w.targets = append(w.targets, t)
			w.left++
			w.take(sighting{target: t, state: s})
		}
	}
	return w.run(unlogged(ctx))
}

// waiter is one call of Wait. Observers send it what they see; it alone
// judges, reports and decides, in one goroutine.
type waiter struct {
	client   *Client
	opts     waitOptions
	targets  []*target
	left     int              // targets that have not ended
	shaky    map[*target]bool // those that say they fail, while being retried
	seen     chan sighting
	failed   []*Failure
	refused  error
	troubles map[*observer]error
	born     []child // failed objects that workflows' tasks created
}

// sighting is what an observer saw: a state of a target, or an error in
// seeing.
type sighting struct {
	target *target
	state  status.State
	// err is the observer's trouble with the API server; nil says that it is
	// over.
	observer *observer
	err      error
	// refused marks an error that trying again won't mend.
	refused bool
	// child is a failed object that a workflow's task created.
	child child
}

func (w *waiter) run(ctx context.Context) error {
	watching, cancel := context.WithCancel(ctx)
	var observers sync.WaitGroup
	defer observers.Wait()
	defer cancel()
	kids := w.start(watching, &observers)
	patience := time.NewTimer(0)
	defer patience.Stop()
	for !w.over() {
		select {
		case s := <-w.seen:
			w.take(s)
			patience.Reset(w.untilImpatient())
		case <-patience.C:
			w.loseFaith()
			patience.Reset(w.untilImpatient())
		case <-ctx.Done():
			return w.interrupted(ctx)
		}
	}
	return w.verdict(ctx, kids)
}

// start starts the observers. Those of the workflows' children go first, so
// that they miss nothing; it reports whether there are any.
func (w *waiter) start(ctx context.Context, running *sync.WaitGroup) bool {
	if w.over() {
		return false
	}
	kids := w.children(ctx)
	for _, c := range kids {
		running.Go(func() { c.run(ctx) })
	}
	late := time.NewTimer(headStart)
	defer late.Stop()
	for _, c := range kids {
		for begun := false; !begun; {
			select {
			case <-c.begun:
				begun = true
			case s := <-w.seen:
				w.take(s)
			case <-late.C:
				late.Reset(0)
				begun = true
			case <-ctx.Done():
				begun = true
			}
		}
	}
	for _, o := range w.observers() {
		running.Go(func() { o.run(ctx) })
	}
	return len(kids) > 0
}

// over reports whether there is nothing left to wait for.
func (w *waiter) over() bool {
	return w.left == 0 || w.refused != nil || len(w.failed) > 0 && !w.opts.keepGoing
}

// take judges one sighting.
func (w *waiter) take(s sighting) {
	if s.child != (child{}) {
		w.born = append(w.born, s.child)
		return
	}
	if s.target == nil {
		w.troubles[s.observer] = s.err
		if s.refused {
			w.refused = s.err
		}
		return
	}
	t := s.target
	if t.ended {
		return
	}
	t.state = s.state
	t.journal.report(t.Object, s.state)
	switch {
	case s.state.Phase == status.Done:
		w.end(t)
	case s.state.Phase == status.Failed && (!s.state.Retried || w.opts.patience == 0):
		w.fail(t)
	case s.state.Phase == status.Failed:
		if !w.shaky[t] {
			w.shaky[t], t.since = true, time.Now()
		}
	default:
		delete(w.shaky, t)
	}
}

func (w *waiter) end(t *target) {
	t.ended = true
	w.left--
	delete(w.shaky, t)
}

func (w *waiter) fail(t *target) {
	w.end(t)
	t.failure = newFailure(t)
	w.failed = append(w.failed, t.failure)
}

// failures returns what failed in the order of the bundle: which of two watches
// brought its news first says nothing.
func (w *waiter) failures() []*Failure {
	var out []*Failure
	for _, t := range w.targets {
		if t.failure != nil {
			out = append(out, t.failure)
		}
	}
	return out
}

// loseFaith fails the targets that have said for too long that they fail.
func (w *waiter) loseFaith() {
	for _, t := range w.targets {
		if w.shaky[t] && time.Since(t.since) >= w.opts.patience {
			w.fail(t)
		}
	}
}

// untilImpatient returns how long to wait until loseFaith has something to do.
func (w *waiter) untilImpatient() time.Duration {
	next := 24 * time.Hour
	for t := range w.shaky {
		next = min(next, time.Until(t.since.Add(w.opts.patience)))
	}
	return max(next, 0)
}

// verdict returns what everything came to.
func (w *waiter) verdict(ctx context.Context, kids bool) error {
	if w.refused != nil && len(w.failed) == 0 {
		return w.refused
	}
	w.explain(ctx, kids)
	errs := make([]error, 0, len(w.failed)+1)
	for _, f := range w.failures() {
		errs = append(errs, f)
	}
	if w.refused != nil {
		errs = append(errs, w.refused)
	}
	if len(errs) == 1 {
		return errs[0]
	}
	return errors.Join(errs...)
}

func (w *waiter) interrupted(ctx context.Context) error {
	e := &WaitError{Cause: context.Cause(ctx), Failures: w.failures(), ended: ctx.Err()}
	for _, err := range w.troubles {
		if err != nil {
			e.LastError = err
		}
	}
	for _, f := range w.failed {
		f.Fix = hint(f.Object.Kind, "", f.Reason, f.Message)
	}
	for _, t := range w.targets {
		if !t.ended {
			e.Pending = append(e.Pending, Pending{Object: t.Object, State: t.state.Reason, Message: t.state.Message})
		}
	}
	return e
}
