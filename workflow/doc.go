// Package workflow makes pipelines for Argo Workflows: WorkflowTemplate,
// ClusterWorkflowTemplate, Workflow and CronWorkflow objects of
// argoproj.io/v1alpha1, in the dialect that Argo 3.6 to 4.1 accept alike.
//
//	date := workflow.Parameter{Name: "date"}
//	extract := &workflow.Task{Name: "extract", Run: &spark.Job{
//		// …
//		Args: []string{"--date=" + date.Ref()},
//	}}
//	load := &workflow.Task{Name: "load", Run: loadJob, After: []*workflow.Task{extract}}
//	pipeline := &workflow.Template{
//		Name: "daily-etl", Namespace: "data-platform", ServiceAccount: "argo-workflow-sa",
//		Parameters: []workflow.Parameter{date},
//		Tasks:      []*workflow.Task{extract, load},
//	}
//	run := &workflow.Run{Template: pipeline, Arguments: map[string]string{"date": "2026-01-31"}}
//	bundle, err := millrace.Build(pipeline, run)
//
// A zero field means what is right for production, and says so in its comment;
// Template.Plain leaves all of that out. Build reports every mistake at once,
// those among them that Argo finds only when a run is under way; it changes
// nothing and shares no memory with what it made.
//
// # Steps
//
// A task does one of these: a Runner, such as a spark.Job; a Container, Script,
// ContainerSet, Resource, HTTP, Data, Plugin or Suspend; tasks of its own in a
// DAG or Steps; a Definition, which several tasks share; a TemplateRef, which is
// elsewhere; or a Raw template of Argo's.
//
// # Values
//
// What one task knows, another takes by a typed value and not by a name in
// braces: count.Output("rows"), list.Result(), workflow.Item, date. Ref puts it
// into a text:
//
//	list := &workflow.Task{Name: "list", Step: workflow.Script{ /* prints a JSON list */ }}
//	each := &workflow.Task{Name: "each", Loop: workflow.Over(list.Result().Ref()),
//		Step: workflow.Container{ /* … */ Args: []string{"--table=" + workflow.Item.Ref()}}}
//
// A task that uses another's output waits for it. Argo's templates see their own
// inputs only; what a step takes from around it, however deeply it is nested,
// becomes an input of its template and an argument of its task. Only a
// Definition declares its Inputs, as it does not know who uses it. A value that
// is nowhere in scope is a mistake.
//
// Conditions are built from the same values, and none of them can change what
// the condition asks:
//
//	When:    workflow.And(count.Output("rows").Greater(0), date.Variable().NotEqual("never")),
//	Depends: workflow.Or(primary.Succeeded(), fallback.Succeeded()),
//
// Expr is the door to a condition or expression in Argo's own words.
//
// # Tasks that run custom resources
//
// A task with a Runner, such as a spark.Job, renders a resource template. It
// differs from a hand-written one in these points:
//
//   - The object has the name of the run and the task, in a loop or a
//     Definition also digits of its own, and is applied, not created. When the pod that waits for it is lost, a new one takes over,
//     and does not start the job again.
//   - It belongs to the run: the run's label, and the run as its owner. When
//     the run is deleted, after Template.TTL, so is the object.
//   - When the run fails, is stopped or takes too long, an exit handler deletes
//     what it created. Terminating a run skips exit handlers: stop it instead.
//   - The task fails when the job does, by the conditions of the job's own
//     noun.
//   - Values of parameters are encoded as JSON strings when the run starts.
//     They can't add fields to the manifest, and references or expressions in
//     them are not evaluated. Braces in your own texts, as in "{{ .Name }}",
//     arrive as they are.
//
// # Rights
//
// The service account of a template needs, in its namespace:
//
//   - create and patch on workflowtaskresults.argoproj.io, for every pod.
//     Without it a run never ends.
//   - get, create and patch on the kinds that its tasks create; and list and
//     delete, unless the template has KeepFailed.
//   - for HTTP calls and plugins: list and watch on workflowtasksets, patch on
//     their status, and get on the secrets of headers. For these, as for
//     executors with an account of their own, Argo's controller takes the
//     account's token from the secret "<account>.service-account-token".
//
// Artifacts that are deleted after a run are so by another account, "default"
// if none is named: it needs list and watch on workflowartifactgctasks, and
// patch on their status. Template.RBAC makes the accounts with just these
// rights, Rights tells them of any workflow, and the rule workflow/rights
// compares them with the roles of a bundle.
//
// # Files
//
//	template.go          Template, Parameter, TTL, Retry
//	task.go              Task, Runner, Step
//	definition.go        Definition: a step that tasks share
//	dag.go               DAG, Steps, TemplateRef
//	loop.go, hook.go     Items, Over, Sequence; Hook
//	run.go, cron*.go     Run, Cron; launch.go: what they have in common
//	schedule.go          the schedules of a Cron
//
//	container.go         Container
//	script.go            Script
//	containerset.go      ContainerSet
//	resource_step.go     Resource; resource_head.go reads its manifest
//	suspend.go, http.go, data.go, plugin.go, raw.go
//
//	variable*.go         the values that a run knows, also in expressions
//	expression*.go       Expression: conditions and computed values
//	inputs.go            Input, Inputs: what a Definition takes
//	outputs.go           Output, Outputs: what a step puts out
//	artifact*.go         Artifact, and how it is packed and deleted
//	location*.go         where artifacts lie
//	volume.go            Claim and Mount
//	settings*.go         Settings: how a step runs; RunPods: what all pods get
//	pod_settings.go      PodSettings: the pod of one step
//	spec_settings.go     RunSettings: how a workflow runs as a whole
//	lock.go, memoize.go, metric.go, retry.go
//
//	check.go             what is checked about a template
//	template_build.go    the WorkflowTemplate
//	scope.go             a template that is being rendered, and what it may refer to
//	call.go              a task as the call of a template
//	tasklist.go          the tasks of a DAG; graph.go: their edges and cycles
//	text.go              references in texts; walk_texts.go finds them
//	connect.go           which inputs and outputs go with which step
//	resource.go          resource templates, and the exit handler
//	manifest.go          the manifest of a task's object
//	reference.go         references, and the expressions that carry them
//	kind.go              what kind of work a template does
//	defaults.go          every default, and its source
//	refused.go           what Argo would refuse in what was built
//
//	embedded.go          Embedded: the manifests inside a workflow
//	pods*.go             Pods: what runs, and how much of it at once
//	references.go        References: what a workflow needs by name
//	rbac*.go             RBAC: accounts and roles
//	rights*.go           Rights: what a workflow's accounts need
//	rules*.go            Rules: about production, and what Argo would refuse
//
// Package workflow/upstream has Argo's own examples in Go, by feature; package
// workflow/picture draws workflows. docs/workflows.md in the repository says for
// every field of Argo's where it is here.
package workflow
