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
	// Name is the task's name in the DAG: a DNS label that starts with a letter,
	// and no word of Argo's expressions ("in", "matches"). Required.
	//
	// What the task creates is called "<run>-<task>". Runs add up to 11
	// characters to the template's name, and all of it must fit what the
	// created kind allows: 63 characters, or less if its Runner says so.
	//
	// Rendered as name of the task, and of its template; that of a task deeper
	// inside has the names around it, too: "publish-check".
	Name string
	// Run is the custom resource that the task creates and waits for: a
	// *spark.Job, or whatever else implements Runner. Nil where Step is set.
	//
	// Rendered as a resource template with action "apply".
	Run Runner
	// Step is a step that Argo runs itself: a Container, a Script, a nested DAG,
	// or a Definition that several tasks share. Nil where Run is set.
	//
	// Rendered as a template of the task's name, or the reference to a shared one.
	Step Step
	// After lists the tasks that must have succeeded before this one starts. A
	// Loop over a list that turns out to be empty counts as success.
	//
	// Rendered as depends: "a.Succeeded && b.Succeeded". A bare "a" would
	// also be true for a skipped task.
	After []*Task
	// Depends is for tasks that wait for other results than success, such as
	// Or(a.Failed(), a.Errored()). With After, both must hold. The zero Expression
	// asks for nothing beside After.
	//
	// Rendered as depends.
	Depends Expression
	// When is the condition on which the task runs at all; otherwise it is
	// skipped, and so is what comes after it. The zero Expression lets it run.
	//
	// Rendered as when.
	When Expression
	// Loop repeats the task; what lies in it takes the item from Item. Nil runs it
	// once.
	//
	// Rendered as withItems, withParam or withSequence.
	Loop Loop
	// ContinueOn lets what comes after the task start also when it failed. The
	// zero one lets them start after success only.
	//
	// Rendered as continueOn in Steps, and in a DAG in the depends of what comes
	// after.
	ContinueOn ContinueOn
	// Arguments are the values of the inputs of a Definition or TemplateRef. They
	// may hold references. Inputs that have a default may be left out.
	//
	// Rendered as arguments.parameters.
	Arguments map[string]string
	// Artifacts are where the input artifacts of a Definition or TemplateRef come
	// from. Inputs that have a place, or are optional, may be left out.
	//
	// Rendered as arguments.artifacts.
	Artifacts map[string]Location
	// Inputs are the artifacts that a step of the task's own takes in; values it
	// takes from references in its texts. Nil takes in none.
	//
	// Rendered as inputs.artifacts of the task's template, and arguments.artifacts
	// of the task.
	Inputs []Artifact
	// Outputs is what a step of the task's own puts out. The zero one puts out
	// none; the Result is always there.
	//
	// Rendered as outputs of the task's template.
	Outputs Outputs
	// Hooks is what else happens when the task reaches a state, by name; Exit is
	// for its end. Nil means nothing.
	//
	// Rendered as hooks.
	Hooks map[string]Hook
	// Retry is when a step of the task's own is tried again; nil means as
	// Template.Retry says.
	//
	// Rendered as retryStrategy of the task's template.
	Retry *Retry
	// Settings is how a step of the task's own runs. The zero one leaves all to
	// the template and to Argo.
	Settings Settings
	// Inline renders a step of the task's own inside of the task, and not as a
	// template beside it. False renders the template.
	//
	// Rendered as inline.
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
	// Failed is for a task that failed by itself, Error for one that something
	// else ended, such as the loss of its pod. False waits for success.
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
