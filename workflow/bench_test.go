package workflow_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/policy"
	"github.com/millrace/millrace/workflow"
)

// BenchmarkTemplate builds a chain of jobs, each with its own manifest.
func BenchmarkTemplate(b *testing.B) {
	pipeline := daily()
	for i := range 180 {
		last := pipeline.Tasks[len(pipeline.Tasks)-1]
		pipeline.Tasks = append(pipeline.Tasks, &workflow.Task{Name: fmt.Sprint("t", i),
			Run: &job{Args: []string{date.Ref()}}, After: []*workflow.Task{last}})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := pipeline.Build(); err != nil {
			b.Fatal(err)
		}
	}
}

// shapes are DAGs of n tasks that share one step.
var shapes = map[string]func(tasks []*workflow.Task, i int){
	"flat": func([]*workflow.Task, int) {},
	"chain": func(tasks []*workflow.Task, i int) {
		if i > 0 {
			tasks[i].After = tasks[i-1 : i]
		}
	},
	// Ten tasks a layer, each after all of the layer before.
	"layered": func(tasks []*workflow.Task, i int) {
		if layer := i / 10; layer > 0 {
			tasks[i].After = tasks[10*(layer-1) : 10*layer]
		}
	},
}

func shaped(n int, edges func([]*workflow.Task, int)) *workflow.Template {
	name := workflow.Input{Name: "name"}
	step := &workflow.Definition{Name: "step", Inputs: workflow.Inputs{Parameters: []workflow.Input{name}}, Step: tool("--name", name.Ref(), date.Ref())}
	tasks := make([]*workflow.Task, n)
	for i := range tasks {
		tasks[i] = &workflow.Task{Name: fmt.Sprint("t", i), Step: step, Arguments: map[string]string{"name": fmt.Sprint(i)}}
	}
	for i := range tasks {
		edges(tasks, i)
	}
	return pipeline(tasks...)
}

// BenchmarkPipeline builds, checks by all rules of production, and renders.
// Argo's own validation of the same DAGs is measured in internal/oracle/argo.
func BenchmarkPipeline(b *testing.B) {
	for name, edges := range shapes {
		for _, n := range []int{100, 1000, 2500} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				p, profile := shaped(n, edges), policy.Production()
				b.ReportAllocs()
				for b.Loop() {
					bundle, err := millrace.Build(p)
					if err != nil {
						b.Fatal(err)
					}
					profile.Check(bundle)
					if err := millrace.Render(io.Discard, bundle); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/task")
			})
		}
	}
}
