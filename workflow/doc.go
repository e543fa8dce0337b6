// Package workflow makes pipelines for Argo Workflows: WorkflowTemplate,
// Workflow and CronWorkflow objects of argoproj.io/v1alpha1, in the dialect
// that Argo 3.6 to 4.1 accept alike.
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
// A zero field means what is right for production, and says so in its comment.
// Build reports every mistake at once; it changes nothing and shares no memory
// with what it made.
//
// # Tasks that run custom resources
//
// A task with a Runner, such as a spark.Job, renders a resource template. It
// differs from a hand-written one in these points:
//
//   - The object has the name of the run and the task, and is applied, not
//     created. When the pod that waits for it is lost, a new one takes over,
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
//	template.go        Template, Parameter, TTL, Retry
//	task.go            Task, Runner, Step
//	container.go       Container
//	inputs.go          Input, Inputs: what a Definition takes
//	outputs.go         Output, Outputs: what a step puts out
//	connect.go         what of these goes with which step
//	artifact*.go       Artifact, and how it is packed and deleted
//	location*.go       where artifacts lie
//	volume.go          Claim and Mount
//	script.go          Script
//	resource_step.go   Resource; resource_head.go reads its manifest
//	suspend.go         Suspend
//	http.go            HTTP
//	data.go            Data
//	containerset.go    ContainerSet
//	plugin.go          Plugin
//	raw.go             Raw
//	run.go             Run
//	cron*.go           Cron, and the variables of schedules
//	schedule.go        the schedules of a Cron
//	launch.go          what Run and Cron have in common
//	rbac*.go           RBAC: accounts and roles
//	rights*.go         Rights: what a workflow's accounts need
//	check.go           what is checked about a template
//	graph.go           names, edges and cycles
//	template_build.go  the WorkflowTemplate
//	resource.go        resource templates, and the exit handler
//	manifest.go        the manifest of a task's object
//	reference.go       references, and the expressions that carry them
//	defaults.go        every default, and its source
//	embedded.go        Embedded: the manifests inside a workflow
//	pods*.go           Pods: what runs, and how much of it at once
//	references.go      References: what a workflow needs by name
//	rules.go           Rules, for specs
//	rules_resource.go  Rules, for resource templates
//	rules_rights.go    Rules, for rights
package workflow
