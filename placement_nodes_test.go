package millrace_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// pools returns the names of the pools of a bundle, those of its own first.
func pools(b *millrace.Bundle) (all, own []string) {
	for _, n := range b.Nodes() {
		all = append(all, n.Pool)
	}
	for _, n := range b.OwnNodes() {
		own = append(own, n.Pool)
	}
	return all, own
}

func TestPlacedOn(t *testing.T) {
	amounts := corev1.ResourceList{"cpu": resource.MustParse("4")}
	a := millrace.NodeShape{Pool: "a", Labels: map[string]string{"karpenter.sh/nodepool": "a"}}
	sized, other := a.Clone(), a.Clone()
	sized.Allocatable, sized.Formula = amounts, "a formula"
	other.Labels["karpenter.sh/nodepool"] = "a-of-another-cluster"
	b := millrace.NodeShape{Pool: "b"}
	for name, tc := range map[string]struct {
		builders []millrace.Builder
		all, own []string
	}{
		"placed only":     {[]millrace.Builder{millrace.Parts{PlacedOn: []millrace.NodeShape{a, b}}, millrace.Parts{PlacedOn: []millrace.NodeShape{b, a}}}, []string{"a", "b"}, nil},
		"the pool behind": {[]millrace.Builder{millrace.Parts{PlacedOn: []millrace.NodeShape{a, b}}, millrace.Parts{Nodes: []millrace.NodeShape{a}}}, []string{"a", "b"}, []string{"a"}},
		"the pool before": {[]millrace.Builder{millrace.Parts{Nodes: []millrace.NodeShape{a}}, millrace.Parts{PlacedOn: []millrace.NodeShape{a}}}, []string{"a"}, []string{"a"}},
		"the pool twice":  {[]millrace.Builder{millrace.Parts{Nodes: []millrace.NodeShape{a}}, millrace.Parts{Nodes: []millrace.NodeShape{a.Clone()}}}, []string{"a"}, []string{"a"}},
		"two of one name": {[]millrace.Builder{millrace.Parts{Nodes: []millrace.NodeShape{a, other}}}, []string{"a", "a"}, []string{"a", "a"}},
	} {
		bundle := mustBuild(t, tc.builders...)
		for what, made := range map[string]*millrace.Bundle{"built": bundle, "built into another": mustBuild(t, bundle), "converted": bundle.Convert(func(o millrace.Object) millrace.Object { return nil })} {
			all, own := pools(made)
			if diff := cmp.Diff([][]string{tc.all, tc.own}, [][]string{all, own}); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", name, what, diff)
			}
		}
	}
	// A pool that was read from a manifest has no size; the placement knows it.
	bundle := mustBuild(t, millrace.Parts{PlacedOn: []millrace.NodeShape{sized}}).WithNodes(a)
	if all, own := pools(bundle); len(all) != 1 || len(own) != 1 || bundle.Nodes()[0].Formula != "a formula" || a.Allocatable != nil {
		t.Errorf("%+v", bundle.Nodes())
	}
}

func TestPlacementNodes(t *testing.T) {
	p := millrace.Placement{Nodes: []millrace.NodeShape{{Pool: "a", Labels: map[string]string{"a": "b"}, Agents: corev1.ResourceList{"cpu": resource.MustParse("1")}}, {Pool: "b"}, {Pool: "a", Labels: map[string]string{"a": "b"}}}}
	if p.Empty() {
		t.Error("it says something")
	}
	copied, placed := p.Clone(), millrace.PlacedOn(p, p)
	p.Nodes[0].Labels["a"], p.Nodes[1].Pool, p.Nodes[0].Agents["cpu"] = "c", "x", resource.MustParse("9")
	if copied.Nodes[0].Labels["a"] != "b" || copied.Nodes[1].Pool != "b" || copied.Nodes[0].Agents.Cpu().String() != "1" {
		t.Errorf("the copy: %+v", copied.Nodes)
	}
	if len(placed) != 2 || placed[0].Labels["a"] != "b" {
		t.Errorf("placed on %+v", placed)
	}
}

func TestPlacementSpot(t *testing.T) {
	aws, gke, steady := millrace.NodeShape{Spot: true, Notice: 2 * time.Minute}, millrace.NodeShape{Spot: true, Notice: 15 * time.Second}, millrace.NodeShape{Notice: time.Second}
	for name, tc := range map[string]struct {
		nodes  []millrace.NodeShape
		notice time.Duration
		spot   bool
	}{
		"nothing is known": {nil, 0, false}, "steady": {[]millrace.NodeShape{steady}, 0, false}, "some": {[]millrace.NodeShape{steady, aws}, 2 * time.Minute, true},
		"the shortest": {[]millrace.NodeShape{aws, gke, aws, {Spot: true}}, 15 * time.Second, true}, "no notice": {[]millrace.NodeShape{{Spot: true}}, 0, true},
	} {
		if notice, spot := (millrace.Placement{Nodes: tc.nodes}).Spot(); notice != tc.notice || spot != tc.spot {
			t.Errorf("%s: %v, %v", name, notice, spot)
		}
	}
}
