package workflow_test

import (
	"fmt"
	"testing"

	"github.com/millrace/millrace/workflow"
)

// BenchmarkTemplate builds a chain of almost as many tasks as Argo accepts.
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
