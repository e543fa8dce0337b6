package nodefit_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/nodefit"
)

// TestRequests: a limit is a request where none is said, and the largest init
// container counts where it is larger than the others together.
func TestRequests(t *testing.T) {
	list := func(cpu string) corev1.ResourceList {
		return corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(cpu)}
	}
	for name, tc := range map[string]struct {
		init, main corev1.ResourceRequirements
		want       string
	}{
		"a request":          {corev1.ResourceRequirements{}, corev1.ResourceRequirements{Requests: list("1")}, "1"},
		"a limit":            {corev1.ResourceRequirements{}, corev1.ResourceRequirements{Limits: list("2")}, "2"},
		"both":               {corev1.ResourceRequirements{}, corev1.ResourceRequirements{Requests: list("1"), Limits: list("2")}, "1"},
		"none":               {corev1.ResourceRequirements{}, corev1.ResourceRequirements{}, "0"},
		"a larger one first": {corev1.ResourceRequirements{Limits: list("3")}, corev1.ResourceRequirements{Requests: list("1")}, "3"},
	} {
		template := &corev1.PodTemplateSpec{Spec: corev1.PodSpec{InitContainers: []corev1.Container{{Resources: tc.init}}, Containers: []corev1.Container{{Resources: tc.main}}}}
		before := template.DeepCopy()
		if got := nodefit.Requests(template); got.Cpu().Cmp(resource.MustParse(tc.want)) != 0 {
			t.Errorf("%s: %s, want %s", name, got.Cpu(), tc.want)
		}
		if diff := cmp.Diff(before, template); diff != "" {
			t.Errorf("%s: the template has changed:\n%s", name, diff)
		}
	}
}

func TestHoldsAndFill(t *testing.T) {
	node := nodefit.Room{CPU: 4000, Memory: 16, Disk: 100, Pods: 8}
	for name, tc := range map[string]struct {
		node, pod   nodefit.Room
		holds       int
		by          corev1.ResourceName
		cpu, memory float64
	}{
		"by CPU":                                 {node, nodefit.Room{CPU: 1000, Memory: 1, Pods: 1}, 4, "cpu", 0, 0.75},
		"by memory":                              {node, nodefit.Room{CPU: 1000, Memory: 8, Pods: 1}, 2, "memory", 0.5, 0},
		"by disk":                                {node, nodefit.Room{CPU: 1000, Memory: 4, Disk: 34, Pods: 1}, 2, "ephemeral-storage", 0.5, 0.5},
		"by their number":                        {node, nodefit.Room{CPU: 100, Memory: 1, Pods: 1}, 8, "pods", 0.8, 0.5},
		"by the first of two that are as scarce": {node, nodefit.Room{CPU: 2000, Memory: 8, Pods: 1}, 2, "cpu", 0, 0},
		"too large":                              {node, nodefit.Room{CPU: 4001, Memory: 1, Pods: 1}, 0, "cpu", 1, 1},
		"any number":                             {nodefit.Room{CPU: 4000, Memory: 16, AnyDisk: true, AnyPods: true}, nodefit.Room{Disk: 1000, Pods: 1}, nodefit.Any, "", 1, 1},
		"a node of none":                         {nodefit.Room{AnyPods: true}, nodefit.Room{CPU: 1, Pods: 1}, 0, "cpu", 0, 0},
	} {
		n, by := tc.node.Holds(tc.pod)
		if n != tc.holds || by != tc.by {
			t.Errorf("%s: %d by %q, want %d by %q", name, n, by, tc.holds, tc.by)
		}
		want := nodefit.Filled{PerNode: tc.holds % nodefit.Any, CPUUnused: tc.cpu, MemoryUnused: tc.memory}
		if got := tc.node.Fill(tc.pod); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
	for unused, much := range map[float64]bool{0: false, nodefit.Much: false, nodefit.Much + 0.001: true} {
		if (nodefit.Filled{CPUUnused: unused}).Much() != much || (nodefit.Filled{MemoryUnused: unused}).Much() != much {
			t.Errorf("%v unused is much, or isn't", unused)
		}
	}
}

func TestExcess(t *testing.T) {
	node := nodefit.Room{CPU: 1000, Memory: 100, AnyDisk: true, AnyPods: true}
	for excess, pod := range map[float64]nodefit.Room{0: {CPU: 1000, Memory: 100}, 2: {CPU: 2000, Memory: 150}, 3: {CPU: 2000, Memory: 300, Disk: 9}} {
		if got := node.Excess(pod); got != excess {
			t.Errorf("%+v: %v, want %v", pod, got, excess)
		}
	}
}

// TestBetter: one more pod, if each becomes a little smaller; otherwise larger
// ones.
func TestBetter(t *testing.T) {
	node := nodefit.Room{CPU: 15600, Memory: 120, AnyDisk: true, AnyPods: true}
	as := func(cpu, memory int64) (nodefit.Room, nodefit.Room, bool) {
		r := nodefit.Room{CPU: cpu, Memory: memory, Pods: 1}
		return r, r, true
	}
	for name, tc := range map[string]struct {
		pod   nodefit.Room
		want  nodefit.Room
		each  int
		found bool
	}{
		"four for three":         {nodefit.Room{CPU: 4000, Memory: 30}, nodefit.Room{CPU: 3900, Memory: 30, Pods: 1}, 4, true},
		"and more memory":        {nodefit.Room{CPU: 4000, Memory: 20}, nodefit.Room{CPU: 3900, Memory: 30, Pods: 1}, 4, true},
		"larger ones":            {nodefit.Room{CPU: 6000, Memory: 60}, nodefit.Room{CPU: 7800, Memory: 60, Pods: 1}, 2, true},
		"it is full":             {nodefit.Room{CPU: 3900, Memory: 30}, nodefit.Room{}, 0, false},
		"one that doesn't fit":   {nodefit.Room{CPU: 16000, Memory: 30}, nodefit.Room{}, 0, false},
		"of memory alone":        {nodefit.Room{Memory: 50}, nodefit.Room{}, 0, false},
		"by 15% smaller at most": {nodefit.Room{CPU: 5200 * 100 / 84, Memory: 40}, nodefit.Room{CPU: 7800, Memory: 60, Pods: 1}, 2, true},
	} {
		how, filled, found := nodefit.Better(node, tc.pod, as)
		if how != tc.want || filled.PerNode != tc.each || found != tc.found {
			t.Errorf("%s: %+v, %+v, %v, want %+v, %d times, %v", name, how, filled, found, tc.want, tc.each, tc.found)
		}
	}
	never := func(int64, int64) (string, nodefit.Room, bool) { return "how", nodefit.Room{CPU: 1}, false }
	if how, _, found := nodefit.Better(node, nodefit.Room{CPU: 4000, Memory: 30}, never); found || how != "" {
		t.Errorf("found %q, which can't be", how)
	}
	larger := func(cpu, memory int64) (string, nodefit.Room, bool) {
		return "how", nodefit.Room{CPU: 2 * cpu, Memory: memory}, true
	}
	if how, _, found := nodefit.Better(node, nodefit.Room{CPU: 4000, Memory: 30}, larger); found {
		t.Errorf("found %q, which doesn't fit", how)
	}
}

func TestBound(t *testing.T) {
	for want, tc := range map[string]struct {
		least, most int
		shape       millrace.NodeShape
	}{
		"3 nodes; how many the pool may have is not known":               {3, 3, millrace.NodeShape{}},
		"1 node of the 1 that the pool may have":                         {1, 1, millrace.NodeShape{Max: 1}},
		"1 to 3 nodes of the 3 that the pool may have":                   {1, 3, millrace.NodeShape{Max: 3}},
		"1 to 4 nodes, and the pool may have 3 only":                     {1, 4, millrace.NodeShape{Max: 3}},
		"2 nodes at the least of the 3 that the pool may have":           {2, 0, millrace.NodeShape{Max: 3}},
		"4 nodes at the least, and the pool may have 3 only":             {4, 0, millrace.NodeShape{Max: 3}},
		"3 nodes; the pool may have 3 in each zone":                      {3, 3, millrace.NodeShape{MaxPerZone: 3}},
		"4 nodes; the pool may have 3 in each zone, which takes 2 zones": {4, 4, millrace.NodeShape{MaxPerZone: 3}},
		"6 nodes; the pool may have 3 in each zone, which takes 2 zones": {6, 6, millrace.NodeShape{MaxPerZone: 3}},
		"4 nodes of the 9 that the pool may have, 3 in each zone":        {4, 4, millrace.NodeShape{Max: 9, MaxPerZone: 3}},
	} {
		if got := nodefit.Bound(tc.least, tc.most, tc.shape); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestAmounts(t *testing.T) {
	for want, memory := range map[string]string{"1500m CPU, 2Gi of memory": "2Gi", "1500m CPU, 512Mi of memory": "512Mi", "1500m CPU, 1.5Gi of memory": "1536Mi", "1500m CPU, 1Gi of memory": "1Gi"} {
		list := corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("1.5"), corev1.ResourceMemory: resource.MustParse(memory)}
		if got := nodefit.Amounts(list); got != want {
			t.Errorf("%q, want %q", got, want)
		}
		list[corev1.ResourceEphemeralStorage] = resource.MustParse("10Gi")
		if got := nodefit.Amounts(list); got != want+", 10Gi of disk" {
			t.Errorf("%q has no disk", got)
		}
	}
}
