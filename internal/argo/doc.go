// Package argo says what Argo Workflows would refuse in a workflow, or take for
// something else than was meant: what the validation of Argo 3.7 finds, and
// what it misses and the controller or the executor trip over at run time.
//
// Check takes time linear in the size of the workflow. It needs no cluster:
// templates of other objects are looked up among those that it is given.
//
// # Files
//
//	check.go  Check, Problem, and what the checks have in common
//
// Each value against what Argo reads there:
//
//	value.go            words, numbers and durations
//	value_workflow.go   the spec beside its templates
//	value_template.go   templates, and the names of their containers
//	value_retry.go      retries and backoffs
//	value_resource.go   resource templates; value_condition.go: their conditions
//	value_manifest.go   the reader of manifests with references in them
//	value_work.go       http, data and plugin templates
//	value_metric.go     metrics
//	value_volume.go     volumes and mounts
//	value_artifact.go   artifacts; value_location.go: where they are kept
//	value_lock.go       locks and caches
//	value_schedule.go   when a CronWorkflow runs
//	value_size.go       the size of an object; value_nodes.go: and of its runs
//	check.go             Check, Problem, and what the checks have in common
//	rules.go             the rules
//	lookup.go            templates of this object and of others, by name
//	scope.go             names: which templates there are, and what runs
//	scope_workflow.go    what stands around the templates: start, hooks, cron
//	scope_template.go    a template: its kind, its settings, its scope
//	scope_task.go        a task or step: what it runs, its loop, its hooks
//	scope_edges.go       what tasks wait for; scope_depends.go reads depends
//	scope_graph.go       cycles and ancestors
//	scope_arguments.go   arguments, inputs, outputs
//	scope_name.go        names by themselves
//	scope_foreign.go     what templates of other objects take from this one
//	scope_walk.go        visits every text; scope_text.go checks it
//	scope_tag.go         {{tags}}; what looks like one of Argo's
//	scope_resolve*.go    what a tag or a name in an expression refers to
//	scope_global.go      what every template may refer to
//	scope_expr.go        expressions of expr-lang
//	scope_when.go        conditions of govaluate
//	scope_place.go       where something stands
package argo
