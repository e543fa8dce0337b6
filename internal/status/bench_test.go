package status_test

import (
	"fmt"
	"testing"

	"github.com/millrace/millrace/internal/status"
)

// BenchmarkOf reads what a wait reads on every change of a large workflow.
func BenchmarkOf(b *testing.B) {
	o := object(b, `{apiVersion: argoproj.io/v1alpha1, kind: Workflow, status: {phase: Running, progress: 0/200}}`)
	nodes := make(map[string]any)
	for i := range 200 {
		id := fmt.Sprintf("w-%d", i)
		nodes[id] = map[string]any{"id": id, "name": "w." + id, "displayName": id, "type": "Pod", "phase": "Running", "boundaryID": "w",
			"startedAt": "2026-01-01T00:00:00Z", "children": []any{fmt.Sprintf("w-%d", i+1)}}
	}
	o.Object["status"].(map[string]any)["nodes"] = nodes
	for b.Loop() {
		if s := status.Of(o); len(s.Tasks) != 200 {
			b.Fatal(len(s.Tasks))
		}
	}
}
