package nodepool_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/computeclassv1"
)

// classPool is the smallest valid pool of a ComputeClass.
func classPool() *nodepool.Pool {
	return &nodepool.Pool{Name: "etl", Machine: "n2-highmem-16", Provider: nodepool.GKEComputeClass{}}
}

// fullClass sets every field that a ComputeClass has.
func fullClass() *nodepool.Pool {
	return &nodepool.Pool{
		Name: "spark-executor", Workload: "spark", Machine: "n2-highmem-16", OtherMachines: []string{"n2-highmem-32"},
		Capacity: nodepool.SpotFirst, Zones: []string{"europe-west1-b", "europe-west1-c"}, ImageStreaming: true,
		Disk:          nodepool.Disk{Size: 200 * millrace.GiB, Type: "pd-ssd", LocalNVMe: true},
		Labels:        map[string]string{"team": "data-platform"},
		Taints:        []corev1.Taint{{Key: "company.com/nightly", Effect: corev1.TaintEffectPreferNoSchedule}},
		StartupTaints: []corev1.Taint{{Key: "startup-taint.cluster-autoscaler.kubernetes.io/scratch", Value: "unformatted", Effect: corev1.TaintEffectNoSchedule}},
		Disruption:    nodepool.Disruption{After: 10 * time.Minute},
		Provider: nodepool.GKEComputeClass{
			Families: []string{"n2d"}, MinCPUs: 16, MinMemory: 128 * millrace.GiB, NodePools: []string{"spark-reserved"},
			ScaleUpAnyway: true, Migrate: true, LocationPolicy: nodepool.LocationAny, LocalSSDs: 4,
			SecondaryBootDisks: []string{"projects/data-platform/global/images/spark-4-1"}, MaxPods: 32, MaxRun: 36 * time.Hour,
			ServiceAccount: "nodes@data-platform.iam.gserviceaccount.com", GVNIC: true, Description: "Spark's executors",
			Base: computeclassv1.ComputeClassSpec{
				AutoscalingPolicy: &computeclassv1.AutoscalingPolicy{ConsolidationThreshold: new(int64(0))},
				NodePoolConfig:    &computeclassv1.NodePoolConfig{ImageType: "cos_containerd"},
			},
		},
	}
}

func TestComputeClassGolden(t *testing.T) {
	golden(t, "gke/class.yaml", render(t, classPool()))
	golden(t, "gke/class-full.yaml", render(t, fullClass()))
}

// TestComputeClassPlacement: pods of the class go to its nodes, and no others do.
func TestComputeClassPlacement(t *testing.T) {
	pool := classPool()
	pool.Capacity = nodepool.SpotFirst
	got := pool.Placement()
	if diff := cmp.Diff(map[string]string{"cloud.google.com/compute-class": "etl"}, got.NodeSelector); diff != "" {
		t.Errorf("selector (-want +got):\n%s", diff)
	}
	want := []corev1.Toleration{
		{Key: "cloud.google.com/compute-class", Operator: "Equal", Value: "etl", Effect: "NoSchedule"},
		{Key: "cloud.google.com/gke-spot", Operator: "Equal", Value: "true", Effect: "NoSchedule"},
	}
	if diff := cmp.Diff(want, got.Tolerations); diff != "" {
		t.Errorf("tolerations (-want +got):\n%s", diff)
	}
	if notice, spot := got.Spot(); !spot || notice != 15*time.Second || !got.Tied() {
		t.Errorf("spot %v with a notice of %s, tied %v", spot, notice, got.Tied())
	}
	shape := func(p *nodepool.Pool) millrace.NodeShape {
		parts, err := p.Build()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(parts.Nodes, p.Placement().Nodes); diff != "" {
			t.Errorf("the placement knows other nodes:\n%s", diff)
		}
		return parts.Nodes[0]
	}
	shared := gkePool()
	shared.Shared = true
	other := classPool()
	other.Name = "other"
	for name, tc := range map[string]struct {
		nodes millrace.NodeShape
		takes bool
	}{
		"its own":       {shape(pool), true},
		"another class": {shape(other), false},
		"a GKE pool":    {shape(gkePool()), false},
		"a shared one":  {shape(shared), false}, // by its labels alone
	} {
		if refusal := tc.nodes.Refuses(got); refusal.Empty() != tc.takes {
			t.Errorf("%s: %+v", name, refusal)
		}
	}
	if shape(pool).Refuses(gkePool().Placement()).Empty() || shape(pool).Refuses(millrace.Placement{}).Empty() {
		t.Error("the class takes pods of others")
	}
}

func TestComputeClassShape(t *testing.T) {
	type (
		pool  = nodepool.Pool
		class = nodepool.GKEComputeClass
	)
	const unknown = "unknown"
	instance := func(values ...string) corev1.NodeSelectorRequirement {
		return onNodes("node.kubernetes.io/instance-type", "In", values...)
	}
	for name, tc := range map[string]struct {
		edit     func(*pool, *class)
		cpu      string
		spot     bool
		asked    corev1.NodeSelectorRequirement
		possible bool
	}{
		"one type":         {func(*pool, *class) {}, "15890m", false, instance("n2-highmem-16"), true},
		"another type":     {func(*pool, *class) {}, "15890m", false, instance("n2-highmem-8"), false},
		"the smallest":     {func(p *pool, _ *class) { p.OtherMachines = []string{"n2-highmem-8"} }, "7910m", false, instance("n2-highmem-8"), true},
		"one unknown":      {func(p *pool, _ *class) { p.OtherMachines = []string{"n9-highmem-8"} }, unknown, false, instance("n9-highmem-8"), true},
		"families":         {func(_ *pool, c *class) { c.Families = []string{"n4"} }, unknown, false, instance("n4-standard-8"), true},
		"anything":         {func(_ *pool, c *class) { c.ScaleUpAnyway = true }, unknown, false, instance("e2-standard-8"), true},
		"pools that exist": {func(_ *pool, c *class) { c.NodePools = []string{"a"} }, unknown, false, instance("e2-standard-8"), true},
		"on demand":        {func(*pool, *class) {}, "15890m", false, onNodes("cloud.google.com/gke-spot", "Exists"), false},
		"spot":             {func(p *pool, _ *class) { p.Capacity = nodepool.Spot }, "15890m", true, onNodes("cloud.google.com/gke-spot", "In", "true"), true},
		"spot only":        {func(p *pool, _ *class) { p.Capacity = nodepool.Spot }, "15890m", true, onNodes("cloud.google.com/gke-spot", "DoesNotExist"), false},
		"spot first":       {func(p *pool, _ *class) { p.Capacity = nodepool.SpotFirst }, "15890m", true, onNodes("cloud.google.com/gke-spot", "DoesNotExist"), true},
		"a zone":           {func(p *pool, _ *class) { p.Zones = []string{"europe-west1-b"} }, "15890m", false, onNodes("topology.kubernetes.io/zone", "In", "europe-west1-c"), false},
		"zones":            {func(p *pool, _ *class) { p.Zones = []string{"europe-west1-b", "europe-west1-c"} }, "15890m", false, onNodes("topology.kubernetes.io/zone", "In", "europe-west1-c"), true},
		"any zone":         {func(*pool, *class) {}, "15890m", false, onNodes("topology.kubernetes.io/zone", "In", "europe-west1-c"), true},
		"the workload":     {func(*pool, *class) {}, "15890m", false, onNodes("workload", "In", "etl"), true},
		"the architecture": {func(*pool, *class) {}, "15890m", false, onNodes("kubernetes.io/arch", "In", "arm64"), false},
		"a label of Base's": {func(_ *pool, c *class) {
			c.Base.NodePoolConfig = &computeclassv1.NodePoolConfig{NodeLabels: map[string]string{"a": "b"}}
		}, "15890m", false, onNodes("a", "In", "b"), true},
	} {
		t.Run(name, func(t *testing.T) {
			p, c := classPool(), class{}
			tc.edit(p, &c)
			p.Provider = c
			parts, err := p.Build()
			if err != nil {
				t.Fatal(err)
			}
			shape, cpu := parts.Nodes[0], unknown
			if q, ok := shape.Allocatable["cpu"]; ok {
				cpu = q.String()
			}
			if cpu != tc.cpu || shape.Spot != tc.spot || shape.Max != 0 || tc.spot != (shape.Notice == 15*time.Second) {
				t.Errorf("cpu %s, spot %v, at most %d, notice %s", cpu, shape.Spot, shape.Max, shape.Notice)
			}
			placement := p.Placement()
			placement.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{
				NodeSelectorTerms: []corev1.NodeSelectorTerm{{MatchExpressions: []corev1.NodeSelectorRequirement{tc.asked}}}}}}
			if refusal := shape.Refuses(placement); refusal.Empty() != tc.possible {
				t.Errorf("%v: %+v", tc.asked, refusal)
			}
		})
	}
}

// TestNodesOfComputeClass reads classes that others wrote.
func TestNodesOfComputeClass(t *testing.T) {
	class := &computeclassv1.ComputeClass{Spec: computeclassv1.ComputeClassSpec{Priorities: []computeclassv1.Priority{
		{MachineType: new("c4a-highmem-16"), NodeLabels: map[string]string{"a": "b", "c": "d"}, Taints: []corev1.Taint{{Key: "x", Effect: "NoSchedule"}, {Key: "y", Effect: "NoSchedule"}}},
		{MachineFamily: new("n2"), NodeLabels: map[string]string{"a": "b", "c": "e"}, Taints: []corev1.Taint{{Key: "x", Effect: "NoSchedule"}}},
	}}}
	class.Name = "mixed"
	got := nodepool.NodesOfComputeClass(class)
	want := millrace.NodeShape{Pool: "mixed",
		Labels: map[string]string{"a": "b", "cloud.google.com/compute-class": "mixed", "kubernetes.io/os": "linux"},
		Taints: []corev1.Taint{{Key: "cloud.google.com/compute-class", Value: "mixed", Effect: "NoSchedule"},
			{Key: "kubernetes.io/arch", Value: "arm64", Effect: "NoSchedule"}, {Key: "x", Effect: "NoSchedule"}},
		Requirements: []corev1.NodeSelectorRequirement{onNodes("cloud.google.com/gke-spot", "DoesNotExist"), onNodes("karpenter.sh/nodepool", "DoesNotExist")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(millrace.NodeShape{}, nodepool.NodesOfComputeClass(nil)); diff != "" {
		t.Errorf("no class: %s", diff)
	}
}

// TestComputeClass: the typed object, its defaults, and what Base may say.
func TestComputeClass(t *testing.T) {
	class, err := classPool().ComputeClass()
	if err != nil {
		t.Fatal(err)
	}
	if s := class.Spec; s.WhenUnsatisfiable != "DoNotScaleUp" || !s.NodePoolAutoCreation.Enabled || *s.AutoscalingPolicy.ConsolidationDelayMinutes != 5 {
		t.Errorf("%+v", s)
	}
	if _, err := gkePool().ComputeClass(); err == nil {
		t.Error("a node pool made a class")
	}
	p := classPool()
	p.Provider = nodepool.GKEComputeClass{Base: computeclassv1.ComputeClassSpec{NodePoolAutoCreation: &computeclassv1.Enabled{}, WhenUnsatisfiable: "ScaleUpAnyway"}}
	if class, err = p.ComputeClass(); err != nil {
		t.Fatal(err)
	}
	if class.Spec.NodePoolAutoCreation.Enabled || class.Spec.WhenUnsatisfiable != "ScaleUpAnyway" {
		t.Errorf("Base doesn't count: %+v", class.Spec)
	}
	p.Machine = ""
	p.Provider = nodepool.GKEComputeClass{Base: computeclassv1.ComputeClassSpec{Priorities: []computeclassv1.Priority{{PodFamily: "general-purpose"}}}}
	if class, err = p.ComputeClass(); err != nil || len(class.Spec.Priorities) != 1 || class.Spec.Priorities[0].PodFamily != "general-purpose" {
		t.Errorf("%v: %+v", err, class)
	}
}

func TestComputeClassMistakes(t *testing.T) {
	type (
		pool  = nodepool.Pool
		class = nodepool.GKEComputeClass
	)
	taints := func(key, value string) []corev1.Taint {
		return []corev1.Taint{{Key: key, Value: value, Effect: "NoSchedule"}}
	}
	for i, tc := range []struct {
		edit        func(*pool, *class)
		field, rule string
	}{
		{func(p *pool, _ *class) { p.Name = "gke-etl" }, "Name", millrace.RuleInvalid},
		{func(p *pool, _ *class) { p.Name = "autopilot-etl" }, "Name", millrace.RuleInvalid},
		{func(p *pool, _ *class) { p.Machine = "" }, "Machine", millrace.RuleRequired},
		{func(p *pool, _ *class) { p.Machine = "r6i.4xlarge" }, "Machine", millrace.RuleInvalid},
		{func(p *pool, _ *class) { p.Machine = "ek-standard-8" }, "Machine", millrace.RuleUnsupported},
		{func(p *pool, _ *class) { p.OtherMachines = []string{"x"} }, "OtherMachines[0]", millrace.RuleInvalid},
		{func(p *pool, _ *class) { p.OtherMachines = []string{"c4a-highmem-16"} }, "OtherMachines[0]", millrace.RuleInvalid},
		{func(_ *pool, c *class) { c.Families = []string{"n2-standard"} }, "Provider.Families[0]", millrace.RuleInvalid},
		{func(_ *pool, c *class) { c.Families = []string{"e4a"} }, "Provider.Families[0]", millrace.RuleUnsupported},
		{func(_ *pool, c *class) { c.Families = []string{"n2", "n2"} }, "Provider.Families[1]", millrace.RuleDuplicate},
		{func(_ *pool, c *class) { c.Families = []string{"c4a"} }, "Provider.Families[0]", millrace.RuleInvalid},
		{func(_ *pool, c *class) { c.MinCPUs = 8 }, "Provider.MinCPUs", millrace.RuleConflict},
		{func(_ *pool, c *class) { c.Families, c.MinCPUs = []string{"n2"}, -1 }, "Provider.MinCPUs", millrace.RuleInvalid},
		{func(_ *pool, c *class) { c.MinMemory = millrace.GiB }, "Provider.MinMemory", millrace.RuleConflict},
		{func(_ *pool, c *class) { c.Families, c.MinMemory = []string{"n2"}, 8 }, "Provider.MinMemory", millrace.RuleInvalid},
		{func(p *pool, _ *class) { p.Max = 1 }, "Max", millrace.RuleUnsupported},
		{func(p *pool, _ *class) { p.Limits.CPU = 1 }, "Limits.CPU", millrace.RuleUnsupported},
		{func(p *pool, _ *class) { p.Limits.Memory = millrace.TiB }, "Limits.Memory", millrace.RuleUnsupported},
		{func(p *pool, _ *class) { p.Priority = 1 }, "Priority", millrace.RuleUnsupported},
		{func(p *pool, _ *class) { p.Shared = true }, "Shared", millrace.RuleUnsupported},
		{func(p *pool, _ *class) { p.Lifetime = time.Hour }, "Lifetime", millrace.RuleUnsupported},
		{func(p *pool, _ *class) { p.Labels = map[string]string{"kubernetes.io/x": "y"} }, "Labels[kubernetes.io/x]", millrace.RuleUnsupported},
		{func(p *pool, _ *class) { p.Labels = map[string]string{"cloud.google.com/compute-class": "y"} }, "Labels[cloud.google.com/compute-class]", millrace.RuleConflict},
		{func(p *pool, _ *class) { p.Taints = taints("cloud.google.com/compute-class", "etl") }, "Taints[0]", millrace.RuleDuplicate},
		{func(p *pool, _ *class) {
			p.Capacity, p.Taints = nodepool.Spot, taints("cloud.google.com/gke-spot", "true")
		}, "Taints[0]", millrace.RuleDuplicate},
		{func(p *pool, _ *class) { p.Taints = taints("a", "ab") }, "Taints[0].Value", millrace.RuleUnsupported},
		{func(p *pool, _ *class) { p.Taints = taints("a", "True") }, "Taints[0].Value", millrace.RuleUnsupported},
		{func(p *pool, _ *class) { p.StartupTaints = taints("a", "true") }, "StartupTaints[0].Key", millrace.RuleInvalid},
		{func(p *pool, _ *class) { p.Zones = []string{"europe-west1"} }, "Zones[0]", millrace.RuleInvalid},
		{func(p *pool, _ *class) { p.Disk.Type = "pd-extreme" }, "Disk.Type", millrace.RuleUnsupported},
		{func(p *pool, _ *class) { p.Disk.Size = millrace.GiB }, "Disk.Size", millrace.RuleInvalid},
		{func(p *pool, _ *class) { p.Disk.LocalNVMe = true }, "Provider.LocalSSDs", millrace.RuleRequired},
		{func(p *pool, c *class) { p.OtherMachines, c.LocalSSDs = []string{"n2-highmem-96"}, 4 }, "Provider.LocalSSDs", millrace.RuleInvalid},
		{func(p *pool, c *class) { p.ImageStreaming, c.SecondaryBootDisks = true, []string{"var.image"} }, "Provider.SecondaryBootDisks[0]", millrace.RuleInvalid},
		{func(_ *pool, c *class) { c.SecondaryBootDisks = []string{"projects/p/global/images/i"} }, "ImageStreaming", millrace.RuleRequired},
		{func(p *pool, _ *class) { p.Disruption.AtOnce = "1" }, "Disruption.AtOnce", millrace.RuleUnsupported},
		{func(p *pool, _ *class) { p.Disruption.After = nodepool.Forever }, "Disruption.After", millrace.RuleUnsupported},
		{func(p *pool, _ *class) { p.Disruption.After = 25 * time.Hour }, "Disruption.After", millrace.RuleInvalid},
		{func(p *pool, _ *class) { p.Disruption.After = 90 * time.Second }, "Disruption.After", millrace.RuleInvalid},
		{func(_ *pool, c *class) { c.LocationPolicy = "any" }, "Provider.LocationPolicy", millrace.RuleInvalid},
		{func(_ *pool, c *class) { c.NodePools = []string{"A"} }, "Provider.NodePools[0]", millrace.RuleInvalid},
		{func(_ *pool, c *class) { c.NodePools = []string{"a", "a"} }, "Provider.NodePools[1]", millrace.RuleDuplicate},
		{func(_ *pool, c *class) { c.MaxPods = 7 }, "Provider.MaxPods", millrace.RuleInvalid},
		{func(_ *pool, c *class) { c.MaxRun = 8 * 24 * time.Hour }, "Provider.MaxRun", millrace.RuleInvalid},
		{func(_ *pool, c *class) { c.ServiceAccount = "google_service_account.nodes" }, "Provider.ServiceAccount", millrace.RuleInvalid},
		{func(_ *pool, c *class) { c.Base.Priorities = []computeclassv1.Priority{{}} }, "Provider.Base.Priorities", millrace.RuleConflict},
		{func(_ *pool, c *class) {
			c.ExistingOnly, c.Base.NodePoolAutoCreation = true, &computeclassv1.Enabled{Enabled: true}
		}, "Provider.Base.NodePoolAutoCreation", millrace.RuleConflict},
		{func(_ *pool, c *class) { c.Description, c.Base.Description = "a", new("b") }, "Provider.Base.Description", millrace.RuleConflict},
	} {
		t.Run(fmt.Sprintf("%d %s", i, tc.field), func(t *testing.T) {
			p, c := classPool(), class{}
			tc.edit(p, &c)
			p.Provider = c
			checkFindings(t, p, tc.field, tc.rule)
		})
	}
}
