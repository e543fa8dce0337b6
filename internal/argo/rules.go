package argo

// The rules. Their ids are those of package workflow, which documents each with
// its reason and source.
const (
	// RuleName: a name of a template, task, step, parameter or artifact that
	// Argo or its expressions can't take, a duplicate, or one that is too long
	// together with what Argo adds to it.
	RuleName = "workflow/name"
	// RuleTemplate: a template with no kind of work or with several, without
	// an image, or with settings that its kind doesn't know.
	RuleTemplate = "workflow/template"
	// RuleUnknownTemplate: an entrypoint, task, step, hook or exit handler
	// that names a template that is not there.
	RuleUnknownTemplate = "workflow/unknown-template"
	// RuleGraph: tasks that wait for each other, for a task that is not there,
	// or for a result that no task has; settings of edges that exclude each other.
	RuleGraph = "workflow/graph"
	// RuleReference: a {{tag}} or a name in an expression that nothing
	// resolves where it stands.
	RuleReference = "workflow/reference"
	// RuleArguments: an argument that is missing; an input or output without a
	// value.
	RuleArguments = "workflow/arguments"
	// RuleExtraArgument: an argument that the template does not declare, and
	// that Argo drops.
	RuleExtraArgument = "workflow/extra-argument"
	// RuleExpression: an expression, condition or list that its engine can't
	// parse or that is not what the engine wants: depends, when, hooks, retry,
	// withParam, {{=…}}.
	RuleExpression = "workflow/expression"
	// RuleLoop: a task with two loops, or a sequence that is none.
	RuleLoop = "workflow/loop"
	// RuleRetry: a retry without limit, a backoff that never waits or never
	// retries, an unknown policy.
	RuleRetry = "workflow/retry"
	// RuleResource: a resource template that kubectl or the executor refuses,
	// or whose conditions mean something else than they say.
	RuleResource = "workflow/resource"
	// RuleValue: a duration, number or enumeration that Argo can't read.
	RuleValue = "workflow/value"
	// RuleVolume: a volume mount without a volume, two at one path, an
	// artifact without a path or location.
	RuleVolume = "workflow/volume"
	// RulePlace: a location of an artifact that is not complete, for which Argo
	// takes the artifact repository's.
	RulePlace = "workflow/artifact-place"
	// RuleLock: a lock, cache or other reference to a config map without its
	// name or key.
	RuleLock = "workflow/lock"
	// RuleSize: an object that, with what Argo notes about its tasks, does not
	// fit into etcd, or a fan-out whose status does not.
	RuleSize = "workflow/size"
	// RuleSchedule: a schedule, time zone or policy of a CronWorkflow that
	// never fires or that Argo refuses.
	RuleSchedule = "workflow/schedule"
)
