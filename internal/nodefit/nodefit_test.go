package nodefit_test

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/nodefit"
)

func TestOf(t *testing.T) {
	list := func(kv ...string) corev1.ResourceList {
		out := corev1.ResourceList{}
		for i := 0; i < len(kv); i += 2 {
			out[corev1.ResourceName(kv[i])] = resource.MustParse(kv[i+1])
		}
		return out
	}
	for name, tc := range map[string]struct {
		shape millrace.NodeShape
		want  nodefit.Room
		known bool
	}{
		"the guess":       {millrace.NodeShape{Allocatable: list("cpu", "4", "memory", "16Gi")}, nodefit.Room{CPU: 3700, Memory: 16<<30 - 600<<20, AnyDisk: true, AnyPods: true}, true},
		"all told":        {millrace.NodeShape{Allocatable: list("cpu", "4", "memory", "16Gi", "ephemeral-storage", "9Gi", "pods", "30"), Agents: list("cpu", "1", "memory", "1Gi", "ephemeral-storage", "1Gi", "pods", "7")}, nodefit.Room{CPU: 3000, Memory: 15 << 30, Disk: 8 << 30, Pods: 23}, true},
		"more than there": {millrace.NodeShape{Allocatable: list("cpu", "1", "memory", "1Gi", "pods", "3"), Agents: list("cpu", "2", "memory", "2Gi", "pods", "4")}, nodefit.Room{AnyDisk: true}, true},
		"no memory told":  {millrace.NodeShape{Allocatable: list("cpu", "4"), Agents: list()}, nodefit.Room{CPU: 4000, AnyDisk: true, AnyPods: true}, false},
	} {
		got, known := nodefit.Of(tc.shape)
		if diff := cmp.Diff(tc.want, got); diff != "" || known != tc.known {
			t.Errorf("%s, known %v (-want +got):\n%s", name, known, diff)
		}
	}
}

// TestNodesHold packs pods at random: all of them must go onto as many nodes as
// Nodes says, not all of them on one less if one sort is packed, and on no fewer
// than what they sum up to.
func TestNodesHold(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		have := nodefit.Room{CPU: 1000 + r.Int64N(64000), Memory: 1 + r.Int64N(1<<38), Disk: 1 + r.Int64N(1<<38), Pods: 1 + r.Int64N(40), AnyDisk: r.IntN(2) == 0, AnyPods: r.IntN(2) == 0}
		var batches []nodefit.Batch
		var sum int64
		for range 1 + r.IntN(4) {
			b := nodefit.Batch{Pod: nodefit.Room{CPU: 1 + r.Int64N(have.CPU), Memory: r.Int64N(have.Memory + 1), Disk: r.Int64N(have.Disk + 1), Pods: 1}, Count: r.IntN(200)}
			batches = append(batches, b)
			sum += b.Pod.CPU * int64(b.Count)
		}
		nodes, all := nodefit.Nodes(have, batches...)
		if !all || int64(nodes)*have.CPU < sum {
			t.Fatalf("%d nodes of %+v for %+v, all %v", nodes, have, batches, all)
		}
		if left := nodefit.Left(have, nodes, batches...); len(left) > 0 {
			t.Fatalf("%d nodes of %+v leave %+v of %+v", nodes, have, left, batches)
		}
		if left := nodefit.Left(have, nodes-1, batches[0]); len(batches) == 1 && nodes > 0 && len(left) == 0 {
			t.Fatalf("%d nodes are one too many for %+v on %+v", nodes, batches, have)
		}
	}
}

func TestNodesOfWhatFitsNowhere(t *testing.T) {
	have := nodefit.Room{CPU: 1000, Memory: 1 << 30, AnyDisk: true, AnyPods: true}
	nodes, all := nodefit.Nodes(have, nodefit.Batch{Pod: nodefit.Room{CPU: 2000, Pods: 1}, Count: 3}, nodefit.Batch{Pod: nodefit.Room{CPU: 600, Pods: 1}, Count: 3})
	if nodes != 3 || all {
		t.Errorf("%d nodes, all %v", nodes, all)
	}
	// Pods that request nothing go where there is anything.
	if nodes, all := nodefit.Nodes(have, nodefit.Batch{Pod: nodefit.Room{Pods: 1}, Count: 1_000_000}); nodes != 1 || !all {
		t.Errorf("%d nodes for nothing, all %v", nodes, all)
	}
	if nodes, all := nodefit.Nodes(nodefit.Room{AnyDisk: true, AnyPods: true}, nodefit.Batch{Pod: nodefit.Room{CPU: 1, Pods: 1}, Count: 1}); nodes != 0 || all {
		t.Errorf("%d nodes that have nothing, all %v", nodes, all)
	}
}
