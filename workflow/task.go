package workflow

import (
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace"
)

// Task is one node of the DAG: a custom resource that is created and waited
// for, or a step that Argo runs itself. Exactly one of Run and Step is set.
//
// Tasks are linked by pointer, so that a forgotten one does not compile, and
// belong in the Tasks of one Template.
type Task struct {
	// Name is the task's name in the DAG: a DNS label that starts with a
	// letter, and no word of Argo's expressions ("in", "matches").
	//
	// What the task creates is called "<run>-<task>". Runs add up to 11
	// characters to the template's name, and all of it must fit what the
	// created kind allows: 63 characters, or less if its Runner says so.
	Name string
	// Run is the custom resource that the task creates and waits for: a
	// *spark.Job, or whatever else implements Runner.
	//
	// Rendered as a resource template with action "apply".
	Run Runner
	// Step is a step that Argo runs itself: a Container, a Script, a nested
	// DAG, or a Definition that several tasks share.
	Step Step
	// After lists the tasks that must have succeeded before this one starts. A
	// Loop over a list that turns out to be empty counts as success.
	//
	// Rendered as depends: "a.Succeeded && b.Succeeded". A bare "a" would
	// also be true for a skipped task.
	After []*Task
	// Depends is for tasks that wait for other results than success, such as
	// Or(a.Failed(), a.Errored()). With After, both must hold.
	//
	// Rendered as depends.
	Depends Expression
	// When is the condition on which the task runs at all; otherwise it is
	// skipped, and so is what comes after it.
	//
	// Rendered as when.
	When Expression
	// Loop repeats the task; what lies in it takes the item from Item.
	Loop Loop
	// ContinueOn lets what comes after the task start also when it failed.
	ContinueOn ContinueOn
	// Arguments are the values of the inputs of a Definition or TemplateRef.
	// They may hold references.
	Arguments map[string]string
	// Artifacts are where the input artifacts of a Definition or TemplateRef
	// come from.
	Artifacts map[string]Location
	// Inputs are the artifacts that a step of the task's own takes in; values
	// it takes from references in its texts.
	Inputs []Artifact
	// Outputs is what a step of the task's own puts out.
	Outputs Outputs
	// Hooks is what else happens when the task reaches a state, by name; Exit
	// is for its end.
	Hooks map[string]Hook
	// Retry is when a step of the task's own is tried again; nil means as
	// Template.Retry says.
	Retry *Retry
	// Settings is how a step of the task's own runs.
	Settings Settings
	// Inline renders a step of the task's own inside of the task, and not as a
	// template beside it.
	Inline bool
	// Deadline is how long the task may take, from the start of its pod. The
	// run fails when it is over, and deletes what it created.
	//
	// Zero means as long as the run may take. Whole seconds.
	//
	// Rendered as activeDeadlineSeconds of the task's template.
	Deadline time.Duration
}

// ContinueOn names the ends of a task after which the next one starts all the
// same.
type ContinueOn struct {
	Failed, Error bool
}

// Runner is a custom resource that runs once and ends, as the nouns of other
// packages make it.
type Runner interface {
	// Runnable returns the object, for the given namespace and without a
	// name, and the conditions on which it has ended. The error is a
	// *millrace.BuildError with every mistake. The runner is not changed.
	Runnable(namespace string) (millrace.Runnable, error)
}

// Step is a step that Argo runs itself, in a pod or in the controller. The
// types of this package implement it, and no others can.
type Step interface {
	// template fills in the kind of the step, and reports what is wrong.
	template(c *check, field string, t *wfv1.Template)
}
