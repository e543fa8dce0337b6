package picture_test

import (
	"fmt"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/workflow"
	"github.com/millrace/millrace/workflow/picture"
)

// pipeline is two tasks that start together, and one that waits for both.
func pipeline() millrace.Object {
	step := func(name string, after ...*workflow.Task) *workflow.Task {
		return &workflow.Task{Name: name, After: after, Step: &workflow.Container{Image: "company-registry/etl:1.4", Command: []string{name}}}
	}
	orders, customers := step("extract-orders"), step("extract-customers")
	load := step("transform-and-load", orders, customers)
	t := &workflow.Template{Name: "daily-etl", Namespace: "data-platform", ServiceAccount: "argo-workflow-sa",
		Tasks: []*workflow.Task{orders, customers, load}}
	made, err := t.WorkflowTemplate()
	if err != nil {
		panic(err)
	}
	return made
}

// What GitHub draws when it stands between ```mermaid and ```.
func ExampleGraph_Mermaid() {
	g, err := picture.Of(pipeline())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(g.Mermaid())
	// Output:
	// ---
	// title: "daily-etl"
	// ---
	// flowchart TB
	//   n_extract_orders["extract-orders<br/>container"]
	//   n_extract_customers["extract-customers<br/>container"]
	//   n_transform_and_load["transform-and-load<br/>container"]
	//   n_extract_orders --> n_transform_and_load
	//   n_extract_customers --> n_transform_and_load
}

// What dot -Tpng makes a picture of.
func ExampleGraph_DOT() {
	g, err := picture.Of(pipeline())
	if err != nil {
		fmt.Println(err)
		return
	}
	g.Direction = picture.LeftToRight
	for line := range strings.Lines(g.DOT()) {
		if strings.Contains(line, "->") || strings.Contains(line, "rankdir") {
			fmt.Print(strings.ReplaceAll(line, "graph [rankdir=LR, compound=true, newrank=true, ", "graph [rankdir=LR, … "))
		}
	}
	// Output:
	//   graph [rankdir=LR, … bgcolor="#ffffff", fontname="Helvetica", labelloc=t, label="daily-etl"]
	//   n_extract_orders -> n_transform_and_load
	//   n_extract_customers -> n_transform_and_load
}

// A file of its own, for a report or a README.
func ExampleGraph_SVG() {
	g, err := picture.Of(pipeline())
	if err != nil {
		fmt.Println(err)
		return
	}
	for line := range strings.Lines(string(g.SVG())) {
		if strings.HasPrefix(line, "<path data-from") {
			from, _, _ := strings.Cut(line, " d=")
			fmt.Println(from)
		}
	}
	// Output:
	// <path data-from="n_extract_orders" data-to="n_transform_and_load"
	// <path data-from="n_extract_customers" data-to="n_transform_and_load"
}

// What a picture shows can be looked at, and changed, before it is drawn.
func ExampleOf() {
	g, err := picture.Of(pipeline())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, n := range g.Nodes {
		fmt.Println(n.Name, "is a", n.Kind)
	}
	fmt.Println(len(g.Edges), "edges")
	// Output:
	// extract-orders is a container
	// extract-customers is a container
	// transform-and-load is a container
	// 2 edges
}
