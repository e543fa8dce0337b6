package picture_test

import (
	"fmt"
	"testing"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// layeredDAG is n tasks in layers of ten, each waiting for three of the layer
// before.
func layeredDAG(n int) *wfv1.Workflow {
	tasks := make([]wfv1.DAGTask, n)
	for i := range tasks {
		tasks[i].Name = fmt.Sprintf("task-%d", i)
		if before := i/10*10 - 10; before >= 0 {
			for j := range 3 {
				tasks[i].Dependencies = append(tasks[i].Dependencies, fmt.Sprintf("task-%d", before+(i+j*j*3)%10))
			}
		}
	}
	return dag(tasks...)
}

func BenchmarkPicture(b *testing.B) {
	for _, n := range []int{100, 1000} {
		for name, w := range map[string]*wfv1.Workflow{"layers": layeredDAG(n), "fan-out": fanOut(n), "random": randomDAG(1, n, false)} {
			g := draw(b, w)
			for what, f := range map[string]func(){
				"Of":      func() { draw(b, w) },
				"Mermaid": func() { g.Mermaid() },
				"DOT":     func() { g.DOT() },
				"SVG":     func() { g.SVG() },
			} {
				b.Run(fmt.Sprintf("%s/%s/%d", what, name, n), func(b *testing.B) {
					for b.Loop() {
						f()
					}
				})
			}
		}
	}
}
