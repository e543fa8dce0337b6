// Package picture draws Argo workflows: as Mermaid, which GitHub shows in pull
// requests and READMEs, as DOT for Graphviz, and as an SVG that needs nothing
// else.
//
//	g, err := picture.Of(workflowTemplate)
//	if err != nil {
//		return err
//	}
//	g.Direction = picture.LeftToRight
//	err = os.WriteFile("pipeline.svg", g.SVG(), 0o644)
//
// Of takes a Workflow, WorkflowTemplate, ClusterWorkflowTemplate or
// CronWorkflow of argoproj.io/v1alpha1, typed or unstructured. From the spec
// it follows the entrypoint: tasks of DAGs with their edges, steps one after
// the other, templates that are DAGs or steps themselves as groups, loops and
// conditions as text on the node, hooks and exit handlers. A Workflow that has
// a status shows how far it is: the phase of every task in a colour and in
// words, how long it took, which try it was, and why it failed.
//
// The picture of an object depends on nothing else: the same object gives the
// same bytes. No clock is read; what runs says since when, in UTC.
//
// # Files
//
//	picture.go   Graph, Node, Group, Edge, Phase
//	of.go        Of: what an object holds
//	draw.go      from a workflow to a graph
//	kind.go      what a template does
//	call.go      tasks, steps and hooks; what a task waits for
//	loop.go      loops that run
//	parallel.go  frames around tasks with the same neighbours
//	tree.go      what only the status knows
//	status.go    Argo's tree of nodes
//	text.go      the words on nodes
//	nest.go      what stands in which group
//	mermaid.go   Mermaid
//	dot.go       DOT
//	svg.go       SVG; colours.go, font.go
//	layout*.go   where the SVG puts what
package picture
