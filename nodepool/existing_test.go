package nodepool_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// existingPool is a pool of which everything is known.
func existingPool() *nodepool.Existing {
	return &nodepool.Existing{
		Name: "batch", Cloud: nodepool.OnGKE, Machine: "n2-highmem-16", Capacity: nodepool.Spot,
		Labels: map[string]string{"workload": "batch", "topology.kubernetes.io/region": "europe-west1"},
		Taints: []corev1.Taint{{Key: "workload", Value: "batch", Effect: "NoSchedule"}},
		Zones:  []string{"europe-west1-b", "europe-west1-c"}, MaxPerZone: 20,
	}
}

func TestExisting(t *testing.T) {
	pool := existingPool()
	parts, err := pool.Build()
	if err != nil {
		t.Fatal(err)
	}
	if len(parts.Objects)+len(parts.Files) > 0 || len(parts.Nodes) != 1 {
		t.Fatalf("it makes %+v", parts)
	}
	want := millrace.NodeShape{
		Pool: "batch", Max: 40, MaxPerZone: 20, Spot: true, Notice: 15 * time.Second, Formula: parts.Nodes[0].Formula, Allocatable: parts.Nodes[0].Allocatable,
		Labels: map[string]string{"workload": "batch", "topology.kubernetes.io/region": "europe-west1", "cloud.google.com/gke-nodepool": "batch",
			"node.kubernetes.io/instance-type": "n2-highmem-16", "kubernetes.io/arch": "amd64"},
		Requirements: []corev1.NodeSelectorRequirement{onNodes("topology.kubernetes.io/zone", "In", "europe-west1-b", "europe-west1-c")},
		Taints:       []corev1.Taint{{Key: "workload", Value: "batch", Effect: "NoSchedule"}},
	}
	if diff := cmp.Diff(want, parts.Nodes[0]); diff != "" {
		t.Errorf("nodes (-want +got):\n%s", diff)
	}
	if got := parts.Nodes[0].Allocatable.Cpu().String(); got != "15890m" || parts.Nodes[0].Formula == "" {
		t.Errorf("CPU %s by %q", got, parts.Nodes[0].Formula)
	}
	placement := pool.Placement()
	if diff := cmp.Diff(map[string]string{"workload": "batch"}, placement.NodeSelector); diff != "" {
		t.Errorf("selector (-want +got):\n%s", diff)
	}
	if !parts.Nodes[0].Refuses(placement).Empty() || !placement.Tied() || placement.Annotations[millrace.DoNotDisrupt] != "true" {
		t.Errorf("placement %+v", placement)
	}
	if notice, spot := placement.Spot(); !spot || notice != 15*time.Second {
		t.Errorf("spot %v, %v", spot, notice)
	}
	if diff := cmp.Diff(parts.Nodes, placement.Nodes); diff != "" {
		t.Errorf("the placement's nodes (-built +placed):\n%s", diff)
	}
}

// What the nodes are called does where no label says more.
func TestExistingByName(t *testing.T) {
	for cloud, key := range map[nodepool.Cloud]string{
		nodepool.OnGKE: "cloud.google.com/gke-nodepool", nodepool.OnEKS: "eks.amazonaws.com/nodegroup",
		nodepool.OnAKS: "kubernetes.azure.com/agentpool", nodepool.OnKarpenter: "karpenter.sh/nodepool",
	} {
		pool := &nodepool.Existing{Name: "batch", Cloud: cloud}
		parts, err := pool.Build()
		if err != nil {
			t.Fatal(err)
		}
		placement := pool.Placement()
		if diff := cmp.Diff(map[string]string{key: "batch"}, placement.NodeSelector); diff != "" || !placement.Tied() || !parts.Nodes[0].Refuses(placement).Empty() {
			t.Errorf("%s (-want +got):\n%s", cloud, diff)
		}
	}
}

func TestExistingMistakes(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*nodepool.Existing)
		want string
	}{
		"no name":         {func(e *nodepool.Existing) { e.Name = "" }, "Name"},
		"a bad name":      {func(e *nodepool.Existing) { e.Name = "a b" }, "Name"},
		"another cloud":   {func(e *nodepool.Existing) { e.Cloud = "Mine" }, "Cloud"},
		"tied by nothing": {func(e *nodepool.Existing) { e.Cloud, e.Labels = "", map[string]string{"kubernetes.io/arch": "amd64"} }, "Labels"},
		"two names":       {func(e *nodepool.Existing) { e.Labels["cloud.google.com/gke-nodepool"] = "other" }, "Labels[cloud.google.com/gke-nodepool]"},
		"a bad label":     {func(e *nodepool.Existing) { e.Labels["workload"] = "a b" }, "Labels[workload]"},
		"a bad taint":     {func(e *nodepool.Existing) { e.Taints[0].Effect = "NO_SCHEDULE" }, "Taints[0].Effect"},
		"a zone twice":    {func(e *nodepool.Existing) { e.Zones[1] = e.Zones[0] }, "Zones[1]"},
		"negative":        {func(e *nodepool.Existing) { e.Max = -1 }, "Max"},
		"negative zones":  {func(e *nodepool.Existing) { e.MaxPerZone = -1 }, "MaxPerZone"},
		"too many":        {func(e *nodepool.Existing) { e.Max = 41 }, "Max"},
		"capacity":        {func(e *nodepool.Existing) { e.Capacity = "cheap" }, "Capacity"},
		"arch":            {func(e *nodepool.Existing) { e.Arch = "mips" }, "Arch"},
		"half a shape":    {func(e *nodepool.Existing) { e.Shape.CPUs = 4 }, "Shape.Memory"},
		"disk's unit":     {func(e *nodepool.Existing) { e.Disk = 100 }, "Disk"},
		"another cloud's": {func(e *nodepool.Existing) {
			e.Cloud, e.Machine, e.Labels = nodepool.OnEKS, "n2-highmem-16", map[string]string{"pool": "x"}
		}, "Machine"},
		"Azure's": {func(e *nodepool.Existing) {
			e.Cloud, e.Machine, e.Labels = nodepool.OnAKS, "n2-highmem-16", map[string]string{"pool": "x"}
		}, "Machine"},
		"misspelt": {func(e *nodepool.Existing) {
			e.Cloud, e.Machine, e.Labels = nodepool.OnGKE, "n2-himem-16", map[string]string{"pool": "x"}
		}, "Machine"},
		"disk":             {func(e *nodepool.Existing) { e.Disk = -1 }, "Disk"},
		"no memory":        {func(e *nodepool.Existing) { e.Allocatable = corev1.ResourceList{"memory": resource.MustParse("0")} }, "Allocatable[memory]"},
		"agents that give": {func(e *nodepool.Existing) { e.Agents = corev1.ResourceList{"cpu": resource.MustParse("-1")} }, "Agents[cpu]"},
	} {
		t.Run(name, func(t *testing.T) {
			pool := existingPool()
			tc.edit(pool)
			pool.Placement() // Says what it can, and panics never.
			_, err := pool.Build()
			if err == nil || !strings.Contains(err.Error(), tc.want+":") {
				t.Errorf("no finding names %s: %v", tc.want, err)
			}
			if _, err := pool.Fit(); !isBuildError(err) {
				t.Errorf("Fit: %v", err)
			}
		})
	}
	var none *nodepool.Existing
	if _, err := none.Build(); !isBuildError(err) || !none.Placement().Empty() {
		t.Errorf("a nil pool: %v", err)
	}
}

// TestEveryFieldOfExistingCounts sets each field alone.
func TestEveryFieldOfExistingCounts(t *testing.T) {
	base := func() *nodepool.Existing {
		return &nodepool.Existing{Name: "batch", Cloud: nodepool.OnGKE, Machine: "n2-highmem-16", Labels: map[string]string{"pool": "batch"}}
	}
	values := map[string]any{
		"Name": "other", "Cloud": nodepool.Cloud(""), "Labels": map[string]string{"workload": "x"}, "Arch": nodepool.ARM64, "Capacity": nodepool.SpotFirst,
		"Taints": []corev1.Taint{{Key: "a", Effect: "NoSchedule"}}, "Zones": []string{"a"}, "Max": 3, "MaxPerZone": 3, "Machine": "n2-highmem-32",
		"Shape": nodepool.Shape{CPUs: 4, Memory: 16 * millrace.GiB}, "Disk": 200 * millrace.GiB, "LocalNVMe": true,
		"Allocatable": corev1.ResourceList{"cpu": resource.MustParse("1")}, "Agents": corev1.ResourceList{},
	}
	before, err := base().Build()
	if err != nil {
		t.Fatal(err)
	}
	typ := reflect.TypeFor[nodepool.Existing]()
	for i := range typ.NumField() {
		name := typ.Field(i).Name
		pool := base()
		value, ok := values[name]
		if !ok {
			t.Errorf("no value for %s", name)
			continue
		}
		reflect.ValueOf(pool).Elem().Field(i).Set(reflect.ValueOf(value))
		after, err := pool.Build()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if reflect.DeepEqual(before, after) {
			t.Errorf("%s changes nothing", name)
		}
	}
}

func node(name, zone string, labels map[string]string, memory string, taints ...corev1.Taint) *corev1.Node {
	n := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: map[string]string{
		"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone, "kubernetes.io/arch": "amd64", "node.kubernetes.io/instance-type": "n2-highmem-16",
	}}}
	for key, value := range labels {
		n.Labels[key] = value
	}
	n.Spec.Taints = taints
	n.Status.Allocatable = corev1.ResourceList{"cpu": resource.MustParse("15890m"), "memory": resource.MustParse(memory), "pods": resource.MustParse("110"), "hugepages-2Mi": resource.MustParse("0")}
	return n
}

func TestExistingOf(t *testing.T) {
	own := corev1.Taint{Key: "workload", Value: "batch", Effect: "NoSchedule"}
	drained := corev1.Taint{Key: "node.kubernetes.io/unschedulable", Effect: "NoSchedule"}
	once := own
	once.TimeAdded = new(metav1.NewTime(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	labels := func(more ...string) map[string]string {
		out := map[string]string{"cloud.google.com/gke-nodepool": "batch", "workload": "batch", "cloud.google.com/gke-spot": "true"}
		for _, m := range more {
			out[m] = m
		}
		return out
	}
	nodes := []*corev1.Node{
		node("a", "z2", labels("only-a"), "118Gi", once, drained, corev1.Taint{Key: "mine", Effect: "NoExecute"}), nil,
		node("b", "z1", labels(), "117Gi", own, drained),
	}
	got := nodepool.ExistingOf(nodes...)
	want := &nodepool.Existing{
		Name: "batch", Cloud: nodepool.OnGKE, Labels: map[string]string{"workload": "batch"}, Taints: []corev1.Taint{own}, Arch: nodepool.AMD64,
		Capacity: nodepool.Spot, Zones: []string{"z1", "z2"}, Machine: "n2-highmem-16",
		Allocatable: corev1.ResourceList{"cpu": resource.MustParse("15890m"), "memory": resource.MustParse("117Gi"), "pods": resource.MustParse("110")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, n := range nodes {
		if n == nil {
			continue
		}
		n.Spec.Taints = nil
		if refusal := got.Placement().Nodes[0].Refuses(got.Placement()); !refusal.Empty() {
			t.Errorf("%+v", refusal)
		}
	}
	if _, err := got.Build(); err != nil {
		t.Error(err)
	}

	// Of two pools nothing names both.
	other := node("c", "z1", map[string]string{"cloud.google.com/gke-nodepool": "api"}, "3Gi")
	for name, mixed := range map[string]*nodepool.Existing{"two pools": nodepool.ExistingOf(nodes[0], other), "no nodes": nodepool.ExistingOf(), "nil": nodepool.ExistingOf(nil)} {
		if _, err := mixed.Build(); err == nil || !strings.Contains(err.Error(), "Name") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
