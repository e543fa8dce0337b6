package status

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// Task is one node of a workflow that does something: groups (DAG, Steps and
// their kin) are left out unless they failed by themselves.
type Task struct {
	// Name is what the workflow calls it; an attempt has its task's name.
	Name string
	// Attempt counts the tries of a task with a retry strategy, from 1. Zero
	// is the task itself.
	Attempt int
	// Phase is the controller's word: "Running", "Succeeded", "Failed".
	Phase string
	// Message says why.
	Message string
	// Type is the node's type: "Pod", "Retry", "Suspend".
	Type string
	// StartedAt and FinishedAt are zero when the workflow does not say.
	StartedAt, FinishedAt time.Time
	// Exit marks what runs after the workflow, in its exit handler.
	Exit bool

	id, boundary string
}

// Failed reports whether the task ended badly.
func (t Task) Failed() bool { return t.Phase == "Failed" || t.Phase == "Error" }

// InvalidSpec is the Reason of a workflow that the controller refused to run.
const InvalidSpec = "InvalidSpec"

// workflow reads an Argo Workflow. Its phase is withheld by the controller
// until the results of all tasks are in, so a completed phase is final.
func workflow(o fields) State {
	status := o.at("status")
	s := State{Reason: orElse(status.text("phase"), New), Message: status.text("message"), Progress: status.text("progress")}
	switch s.Reason {
	case "Succeeded":
		s.Phase = Done
	case "Failed", "Error":
		s.Phase = Failed
		if strings.HasPrefix(s.Message, "invalid spec:") {
			s.Reason = InvalidSpec
		}
	default:
		if o.at("spec").yes("suspend") {
			s.Message = orElse(s.Message, "spec.suspend is set")
		}
	}
	s.Tasks = tasks(nodes(status))
	return s
}

func cronWorkflow(o fields) State {
	for _, kind := range []string{"SpecError", "SubmissionError"} {
		if c, ok := o.is(kind); ok {
			return State{Phase: Failed, Reason: kind, Message: c.message, Retried: kind == "SubmissionError"}
		}
	}
	return exists
}

// RootCause returns the task that made a workflow fail: of those that failed
// by themselves, not because of another, the first to end. Exit handlers
// count only when nothing else failed.
func (s State) RootCause() (Task, bool) {
	failed := slices.DeleteFunc(slices.Clone(s.Tasks), func(t Task) bool { return !t.Failed() })
	// An attempt says more than the task that was tried, and of the attempts
	// the last decided.
	last := make(map[string]Task)
	for _, t := range failed {
		key := t.boundary + "\x00" + t.Name
		if old, ok := last[key]; !ok || t.Attempt >= old.Attempt {
			last[key] = t
		}
	}
	// The attempts of a task that succeeded in the end are no cause.
	for _, t := range s.Tasks {
		if t.Type == "Retry" && !t.Failed() {
			delete(last, t.boundary+"\x00"+t.Name)
		}
	}
	causes := slices.SortedFunc(maps.Values(last), func(a, b Task) int {
		return cmp.Or(compareBool(a.Exit, b.Exit), compareTime(a.FinishedAt, b.FinishedAt), cmp.Compare(a.Name, b.Name))
	})
	if len(causes) == 0 {
		return Task{}, false
	}
	return causes[0], true
}

// tasks makes tasks of a workflow's nodes.
func tasks(nodes map[string]any) []Task {
	groups := map[string]bool{"DAG": true, "Steps": true, "StepGroup": true, "TaskGroup": true}
	attempts := make(map[string]attempt)
	blamed := make(map[string]bool) // groups with a failed node below them
	for _, n := range nodes {
		n, _ := n.(map[string]any)
		f := fields(n)
		failed := f.text("phase") == "Failed" || f.text("phase") == "Error"
		if failed {
			blamed[f.text("boundaryID")] = true
		}
		for i, c := range f.list("children") {
			child, _ := c.(string)
			// Hooks are children of a Retry node as well.
			if f.text("type") == "Retry" && strings.HasPrefix(fields(nodes).at(child).text("name"), f.text("name")+"(") {
				attempts[child] = attempt{f.text("displayName"), i + 1}
			}
			if below := fields(nodes).at(child).text("phase"); below == "Failed" || below == "Error" {
				blamed[f.text("id")] = true
			}
		}
	}
	var out []Task
	for id, n := range nodes {
		n, _ := n.(map[string]any)
		f := fields(n)
		t := Task{Name: f.text("displayName"), Phase: f.text("phase"), Message: f.text("message"), Type: f.text("type"),
			StartedAt: clock(f.text("startedAt")), FinishedAt: clock(f.text("finishedAt")), id: id, boundary: f.text("boundaryID")}
		if groups[t.Type] && (!t.Failed() || blamed[id]) {
			continue
		}
		if a, ok := attempts[id]; ok {
			t.Name, t.Attempt = a.task, a.number
		}
		t.Exit = strings.Contains(f.text("name"), ".onExit") || strings.Contains(f.text("name"), ".hooks.exit")
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b Task) int {
		return cmp.Or(compareTime(a.StartedAt, b.StartedAt), cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Attempt, b.Attempt), cmp.Compare(a.id, b.id))
	})
	return out
}

// attempt is a try of a task with a retry strategy.
type attempt struct {
	task   string
	number int
}

// nodesLimit bounds what compressed nodes may unpack to. The API server takes
// objects of 3 MiB at most, and nodes compress about twentyfold.
const nodesLimit = 128 << 20

// nodes returns the nodes of a workflow: as they are, or unpacked if the
// controller had to compress them. If it keeps them in a database, or used
// zstd or brotli (4.1 and later, if told to), there are none to be had, and
// the workflow's phase, message and progress must do.
func nodes(status fields) map[string]any {
	if plain := status.at("nodes"); len(plain) > 0 {
		return plain
	}
	packed, err := base64.StdEncoding.DecodeString(status.text("compressedNodes"))
	if err != nil || len(packed) == 0 {
		return nil
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(r, nodesLimit))
	if err != nil {
		return nil
	}
	var out map[string]any
	if json.Unmarshal(data, &out) != nil {
		return nil
	}
	return out
}

func clock(s string) time.Time {
	t, _ := time.Parse(time.RFC3339, s)
	return t
}

// compareTime orders times, the unknown ones last.
func compareTime(a, b time.Time) int {
	if a.IsZero() != b.IsZero() {
		return compareBool(a.IsZero(), b.IsZero())
	}
	return a.Compare(b)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}
