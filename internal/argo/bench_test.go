package argo_test

import (
	"fmt"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"

	"github.com/millrace/millrace/internal/argo"
)

// shapes are DAGs of n tasks: each waits for the one before, for none, or for
// all ten of the layer before. Each hands on a result of what it waits for.
var shapes = map[string]func(i int) []int{
	"chain": func(i int) []int {
		if i == 0 {
			return nil
		}
		return []int{i - 1}
	},
	"flat": func(int) []int { return nil },
	"layered": func(i int) []int {
		var before []int
		for j := i/10*10 - 10; j >= 0 && j < i/10*10; j++ {
			before = append(before, j)
		}
		return before
	},
}

func large(n int, before func(int) []int) argo.Workflow {
	work := wfv1.Template{
		Name:      "work",
		Inputs:    wfv1.Inputs{Parameters: []wfv1.Parameter{{Name: "x"}, {Name: "day"}}},
		Container: container("busybox", "echo", "{{inputs.parameters.x}} {{inputs.parameters.day}}"),
		Outputs:   wfv1.Outputs{Parameters: []wfv1.Parameter{{Name: "rows", ValueFrom: &wfv1.ValueFrom{Path: "/tmp/rows"}}}},
	}
	dag := wfv1.Template{Name: "main", DAG: &wfv1.DAGTemplate{}}
	for i := range n {
		task := wfv1.DAGTask{Name: fmt.Sprintf("extract-%d", i), Template: "work"}
		x := "0"
		var depends []string
		for _, j := range before(i) {
			depends = append(depends, fmt.Sprintf("extract-%d.Succeeded", j))
			x = fmt.Sprintf("{{tasks.extract-%d.outputs.parameters.rows}}", j)
		}
		task.Depends = strings.Join(depends, " && ")
		task.Arguments.Parameters = []wfv1.Parameter{{Name: "x", Value: wfv1.AnyStringPtr(x)}, {Name: "day", Value: wfv1.AnyStringPtr("{{workflow.parameters.day}}")}}
		dag.DAG.Tasks = append(dag.DAG.Tasks, task)
	}
	return argo.Workflow{Kind: "Workflow", Name: "large", Path: "spec", Spec: &wfv1.WorkflowSpec{
		Entrypoint: "main",
		Arguments:  wfv1.Arguments{Parameters: []wfv1.Parameter{{Name: "day", Value: wfv1.AnyStringPtr("2026-01-01")}}},
		Templates:  []wfv1.Template{dag, work},
	}}
}

func BenchmarkCheck(b *testing.B) {
	for _, shape := range []string{"chain", "flat", "layered"} {
		for _, n := range []int{100, 1_000, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", shape, n), func(b *testing.B) {
				w := large(n, shapes[shape])
				for _, p := range argo.Check(w) {
					if p.Rule != argo.RuleSize { // so many tasks are more than etcd takes
						b.Fatal(p)
					}
				}
				for b.Loop() {
					argo.Check(w)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/task")
			})
		}
	}
}
