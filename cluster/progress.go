package cluster

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/status"
)

// Event is a change that a Wait saw: an object or one of a workflow's tasks
// came into another state.
type Event struct {
	// Object is whose state it is.
	Object millrace.Ref
	// Task is the workflow's task; empty when the event is about the object.
	Task string
	// Attempt counts the tries of a task with a retry strategy, from 1. Zero
	// means the task as a whole.
	Attempt int
	// State is the object's own word: "RUNNING", "Ready", "Succeeded".
	State string
	// Message says why, if the object does.
	Message string
	// Progress is how many tasks of a workflow are done: "1/3".
	Progress string
}

// String returns the event on one line, as Progress prints it.
func (e Event) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: ", strings.ToLower(e.Object.Kind), e.Object.Name)
	if e.Task != "" {
		b.WriteString(e.Task + " ")
	}
	if e.Attempt > 0 {
		fmt.Fprintf(&b, "(try %d) ", e.Attempt)
	}
	b.WriteString(e.State)
	if e.Message != "" {
		// One event is one line, whatever the operators write.
		b.WriteString(": " + strings.Join(strings.Fields(e.Message), " "))
	}
	return b.String()
}

// OnEvent calls the function for every change that a Wait sees, one call at a
// time. The Wait goes on when the function returns.
type OnEvent func(Event)

func (f OnEvent) applyToWait(o *waitOptions) {
	if f != nil {
		o.sinks = append(o.sinks, f)
	}
}

// Progress prints every change that a Wait sees to w, one plain line each:
//
//	kafkatopic orders-events-v2: Ready
//	workflow daily-etl-pipeline-x: extract-orders Running
//
// Each line is one Write. Waits that run at the same time may share the
// option: then their lines don't mix, whatever w is.
func Progress(w io.Writer) WaitOption { return &printer{w: w} }

type printer struct {
	mu sync.Mutex
	w  io.Writer
}

func (p *printer) applyToWait(o *waitOptions) {
	if p.w != nil {
		o.sinks = append(o.sinks, p.print)
	}
}

func (p *printer) print(e Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	// A terminal that went away must not end the wait.
	_, _ = io.WriteString(p.w, e.String()+"\n")
}

// journal remembers what was reported, so that nothing is reported twice.
type journal struct {
	sinks  []func(Event)
	object string
	tasks  map[taskKey]string
}

type taskKey struct {
	name    string
	attempt int
}

// report tells the sinks what is new in a state. Attempts of a task are news
// only when they failed: the task itself says the rest. What an exit handler
// had no reason to do is no news.
func (j *journal) report(ref millrace.Ref, s status.State) {
	if j.tasks == nil {
		j.tasks = make(map[taskKey]string)
	}
	// A workflow starts before its tasks, and ends after them.
	if s.Phase == status.InProgress {
		j.reportObject(ref, s)
	}
	// A try ends before its task.
	tasks := slices.SortedStableFunc(slices.Values(s.Tasks), func(a, b status.Task) int { return cmp.Compare(min(b.Attempt, 1), min(a.Attempt, 1)) })
	for _, t := range tasks {
		key := taskKey{t.Name, t.Attempt}
		if t.Phase == "" || j.tasks[key] == t.Phase || t.Attempt > 0 && !t.Failed() || t.Exit && t.Phase == "Skipped" {
			continue
		}
		j.tasks[key] = t.Phase
		j.tell(Event{Object: ref, Task: t.Name, Attempt: t.Attempt, State: t.Phase, Message: t.Message, Progress: s.Progress})
	}
	if s.Phase != status.InProgress {
		j.reportObject(ref, s)
	}
}

func (j *journal) reportObject(ref millrace.Ref, s status.State) {
	if s.Reason == j.object || s.Reason == status.New {
		return
	}
	j.object = s.Reason
	j.tell(Event{Object: ref, State: s.Reason, Message: s.Message, Progress: s.Progress})
}

func (j *journal) tell(e Event) {
	for _, sink := range j.sinks {
		sink(e)
	}
}
