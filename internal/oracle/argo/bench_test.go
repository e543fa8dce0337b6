package argo_test

import (
	"fmt"
	"strings"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/workflow/validate"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/argo"
)

// shapes are DAGs: each task waits for the one before, for none, or for all ten
// of the layer before.
var shapes = map[string]func(i int) []int{
	"chain": func(i int) []int { return before(i-1, i) },
	"flat":  func(int) []int { return nil },
	"layered": func(i int) []int {
		return before(i/10*10-10, i/10*10)
	},
}

func before(from, to int) []int {
	var all []int
	for i := max(from, 0); i < to; i++ {
		all = append(all, i)
	}
	return all
}

// large is a workflow of n tasks, each of which gets a result of what it waits
// for.
func large(n int, edges func(int) []int) *wfv1.Workflow {
	dag := &wfv1.DAGTemplate{}
	for i := range n {
		x := "{{workflow.parameters.day}}"
		var depends []string
		for _, j := range edges(i) {
			depends = append(depends, fmt.Sprintf("extract-%d.Succeeded", j))
			x = fmt.Sprintf("{{tasks.extract-%d.outputs.parameters.rows}}", j)
		}
		dag.Tasks = append(dag.Tasks, wfv1.DAGTask{
			Name: fmt.Sprintf("extract-%d", i), Template: "work", Depends: strings.Join(depends, " && "),
			Arguments: wfv1.Arguments{Parameters: []wfv1.Parameter{{Name: "x", Value: wfv1.AnyStringPtr(x)}}},
		})
	}
	w := &wfv1.Workflow{Spec: wfv1.WorkflowSpec{
		Entrypoint: "main",
		Arguments:  wfv1.Arguments{Parameters: []wfv1.Parameter{{Name: "day", Value: wfv1.AnyStringPtr("2026-01-01")}}},
		Templates: []wfv1.Template{{Name: "main", DAG: dag}, {
			Name:      "work",
			Inputs:    wfv1.Inputs{Parameters: []wfv1.Parameter{{Name: "x"}}},
			Container: &corev1.Container{Image: "busybox", Command: []string{"echo"}, Args: []string{"{{inputs.parameters.x}}"}},
			Outputs:   wfv1.Outputs{Parameters: []wfv1.Parameter{{Name: "rows", ValueFrom: &wfv1.ValueFrom{Path: "/rows"}}}},
		}},
	}}
	w.Name = "large"
	return w
}

// BenchmarkCheck times both on the same workflows. Argo's validation of 1000
// tasks takes seconds.
func BenchmarkCheck(b *testing.B) {
	silence(b)
	sides := []struct {
		name  string
		sizes []int
		check func(w *wfv1.Workflow) error
	}{
		{"millrace", []int{100, 1_000, 10_000}, func(w *wfv1.Workflow) error {
			for _, p := range argo.Check(argo.Workflow{Kind: "Workflow", Name: w.Name, Path: "spec", Spec: &w.Spec}) {
				if p.Rule != argo.RuleSize { // of 10,000 tasks it is too large
					return fmt.Errorf("%s: %s", p.Path, p.Detail)
				}
			}
			return nil
		}},
		{"argo", []int{100, 1_000}, func(w *wfv1.Workflow) error {
			return validate.ValidateWorkflow(templates{}, clusterTemplates{}, w, nil, validate.ValidateOpts{Submit: true})
		}},
	}
	for _, side := range sides {
		for _, shape := range []string{"chain", "flat", "layered"} {
			for _, n := range side.sizes {
				b.Run(fmt.Sprintf("%s/%s/%d", side.name, shape, n), func(b *testing.B) {
					w := large(n, shapes[shape])
					for b.Loop() {
						if err := side.check(w); err != nil {
							b.Fatal(err)
						}
					}
				})
			}
		}
	}
}
