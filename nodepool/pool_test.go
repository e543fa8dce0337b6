package nodepool_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

var now = new(metav1.NewTime(time.Unix(0, 0)))

func articlePool() *nodepool.Pool {
	return &nodepool.Pool{
		Name:     "spark-executor-pool",
		Workload: "spark-executor",
		Machine:  "n2-highmem-16",
		Max:      50,
		Disk:     nodepool.Disk{Size: 200 * millrace.GiB, Type: "pd-ssd"},
		Labels:   map[string]string{"team": "data-platform"},
		Provider: nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region"},
	}
}

func TestGolden(t *testing.T) {
	total := gkePool()
	total.Min, total.Provider = 3, nodepool.GKE{Cluster: "projects/p/locations/l/clusters/c", Location: "europe-west1", TotalCounts: true}
	shared := karpenterPool()
	shared.Shared, shared.Lifetime = true, nodepool.Forever
	shared.Disruption = nodepool.Disruption{After: nodepool.Forever, Grace: nodepool.Forever}
	for name, pool := range map[string]*nodepool.Pool{
		"article.tf":          articlePool(),
		"gke-minimal.tf":      gkePool(),
		"gke-total.tf":        total,
		"gke-full.tf":         fullGKE(),
		"karpenter.yaml":      karpenterPool(),
		"karpenter-full.yaml": fullKarpenter(),
		"shared-forever.yaml": shared,
		"static.yaml": {Name: "static", Machine: "r6i.4xlarge", Provider: nodepool.Karpenter{
			NodeClass: nodepool.NodeClass{Name: "default", Kind: "NodeClass"}, Base: karpenterv1.NodePoolSpec{Replicas: new(int64(3))}}},
	} {
		t.Run(name, func(t *testing.T) {
			got := render(t, pool)
			golden(t, name, got)
			for range 10 {
				if again := render(t, pool); string(again) != string(got) {
					t.Fatal("another build gave other bytes")
				}
			}
		})
	}
}

func TestShapes(t *testing.T) {
	zonal := gkePool()
	zonal.Zones = []string{"europe-west1-b", "europe-west1-c"}
	arm := fullGKE()
	for name, tc := range map[string]struct {
		pool *nodepool.Pool
		want millrace.NodeShape
	}{
		"a region has an unknown number of zones": {gkePool(), millrace.NodeShape{
			Pool: "etl", Max: 0, MaxPerZone: 10, Formula: "GKE, plan node sizes (2026)",
			Labels: map[string]string{"workload": "etl", "cloud.google.com/gke-nodepool": "etl", "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
				"node.kubernetes.io/instance-type": "n2-highmem-16"},
			Requirements: []corev1.NodeSelectorRequirement{onNodes("karpenter.sh/nodepool", "DoesNotExist"), onNodes("cloud.google.com/gke-spot", "DoesNotExist")},
			Taints:       []corev1.Taint{{Key: "workload", Value: "etl", Effect: "NoSchedule"}},
		}},
		"two zones have twice the nodes": {zonal, millrace.NodeShape{
			Pool: "etl", Max: 20, MaxPerZone: 10, Formula: "GKE, plan node sizes (2026)",
			Labels: map[string]string{"workload": "etl", "cloud.google.com/gke-nodepool": "etl", "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
				"node.kubernetes.io/instance-type": "n2-highmem-16"},
			Requirements: []corev1.NodeSelectorRequirement{onNodes("karpenter.sh/nodepool", "DoesNotExist"), onNodes("cloud.google.com/gke-spot", "DoesNotExist"), onNodes("topology.kubernetes.io/zone", "In", "europe-west1-b", "europe-west1-c")},
			Taints:       []corev1.Taint{{Key: "workload", Value: "etl", Effect: "NoSchedule"}},
		}},
		"GKE taints Arm nodes by itself": {arm, millrace.NodeShape{
			Pool: "spark-executor-arm", Max: 40, MaxPerZone: 20, Spot: true, Notice: 15 * time.Second, Formula: "GKE, plan node sizes (2026)",
			Labels: map[string]string{"workload": "spark-executor", "team": "data-platform", "company.com/cost-center": "4711",
				"cloud.google.com/gke-nodepool": "spark-executor-arm", "cloud.google.com/gke-spot": "true", "kubernetes.io/os": "linux",
				"kubernetes.io/arch": "arm64", "node.kubernetes.io/instance-type": "c4a-highmem-16-lssd"},
			Requirements: []corev1.NodeSelectorRequirement{onNodes("karpenter.sh/nodepool", "DoesNotExist"), onNodes("topology.kubernetes.io/zone", "In", "europe-west1-b", "europe-west1-c")},
			Taints: []corev1.Taint{
				{Key: "workload", Value: "spark-executor", Effect: "NoSchedule"},
				{Key: "company.com/nightly", Value: "true", Effect: "PreferNoSchedule"},
				{Key: "drain", Value: "slow", Effect: "NoExecute"},
				{Key: "cloud.google.com/gke-spot", Value: "true", Effect: "NoSchedule"},
				{Key: "kubernetes.io/arch", Value: "arm64", Effect: "NoSchedule"},
			},
		}},
		"Karpenter": {fullKarpenter(), millrace.NodeShape{
			Pool: "spark-executor-spot", Max: 20, Formula: "Karpenter 1.14 on AWS", Spot: true, Notice: 2 * time.Minute,
			Labels: map[string]string{"workload": "spark-executor", "team": "data-platform", "company.com/stage": "production",
				"karpenter.sh/nodepool": "spark-executor-spot", "kubernetes.io/arch": "arm64", "kubernetes.io/os": "linux",
				"karpenter.k8s.aws/instance-hypervisor": "nitro", "karpenter.k8s.aws/ec2nodeclass": "data"},
			Requirements: []corev1.NodeSelectorRequirement{
				onNodes("node.kubernetes.io/instance-type", "In", "r6g.4xlarge", "r7g.4xlarge", "r7gd.4xlarge"),
				onNodes("karpenter.sh/capacity-type", "In", "spot", "on-demand"),
				onNodes("topology.kubernetes.io/zone", "In", "eu-west-1a", "eu-west-1b"),
				onNodes("karpenter.k8s.aws/instance-local-nvme", "Gt", "100"),
			},
			Taints: []corev1.Taint{
				{Key: "workload", Value: "spark-executor", Effect: "NoSchedule"},
				{Key: "company.com/nightly", Effect: "NoSchedule"},
				{Key: "karpenter.sh/capacity-type", Value: "spot", Effect: "NoSchedule"},
				{Key: "company.com/base", Value: "true", Effect: "NoSchedule"},
			},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			parts, err := tc.pool.Build()
			if err != nil {
				t.Fatal(err)
			}
			sizes := cmpopts.IgnoreFields(millrace.NodeShape{}, "Allocatable") // see TestGKEAllocatable
			if diff := cmp.Diff([]millrace.NodeShape{tc.want}, parts.Nodes, sizes); diff != "" {
				t.Errorf("nodes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestMistakes composes pools that are wrong in one way each.
func TestMistakes(t *testing.T) {
	gke := func(change func(*nodepool.Pool, *nodepool.GKE)) *nodepool.Pool {
		p := gkePool()
		g := p.Provider.(nodepool.GKE)
		change(p, &g)
		p.Provider = g
		return p
	}
	karpenter := func(change func(*nodepool.Pool, *nodepool.Karpenter)) *nodepool.Pool {
		p := karpenterPool()
		k := p.Provider.(nodepool.Karpenter)
		change(p, &k)
		p.Provider = k
		return p
	}
	type (
		pool = nodepool.Pool
		g    = nodepool.GKE
		k    = nodepool.Karpenter
	)
	for name, tc := range map[string]struct {
		pool        *nodepool.Pool
		field, rule string
	}{
		"nil pool":              {nil, "", millrace.RuleRequired},
		"no provider":           {&pool{Name: "etl"}, "Provider", millrace.RuleRequired},
		"nil provider":          {&pool{Name: "etl", Provider: (*g)(nil)}, "Provider", millrace.RuleRequired},
		"no name":               {gke(func(p *pool, _ *g) { p.Name = "" }), "Name", millrace.RuleRequired},
		"name of Go":            {gke(func(p *pool, _ *g) { p.Name = "sparkPool" }), "Name", millrace.RuleInvalid},
		"name with NUL":         {karpenter(func(p *pool, _ *k) { p.Name = "a\x00b" }), "Name", millrace.RuleInvalid},
		"GKE: digit first":      {gke(func(p *pool, _ *g) { p.Name = "3-pool" }), "Name", millrace.RuleInvalid},
		"GKE: long name":        {gke(func(p *pool, _ *g) { p.Name = strings.Repeat("a", 41) }), "Name", millrace.RuleInvalid},
		"workload":              {gke(func(p *pool, _ *g) { p.Workload = "spark executor" }), "Workload", millrace.RuleInvalid},
		"workload label":        {gke(func(p *pool, _ *g) { p.Labels = map[string]string{"workload": "x"} }), "Labels[workload]", millrace.RuleConflict},
		"label":                 {gke(func(p *pool, _ *g) { p.Labels = map[string]string{"team": "data platform"} }), "Labels[team]", millrace.RuleInvalid},
		"GKE: label domain":     {gke(func(p *pool, _ *g) { p.Labels = map[string]string{"node.kubernetes.io/x": "y"} }), "Labels[node.kubernetes.io/x]", millrace.RuleUnsupported},
		"GKE: label of its own": {gke(func(p *pool, _ *g) { p.Labels = map[string]string{"cloud.google.com/gke-spot": "true"} }), "Labels[cloud.google.com/gke-spot]", millrace.RuleConflict},
		"arch":                  {gke(func(p *pool, _ *g) { p.Arch = "aarch64" }), "Arch", millrace.RuleInvalid},
		"GKE: Arm by surprise":  {gke(func(p *pool, _ *g) { p.Machine = "t2a-standard-8" }), "Machine", millrace.RuleInvalid},
		"GKE: x86 for Arm":      {gke(func(p *pool, _ *g) { p.Arch = nodepool.ARM64 }), "Machine", millrace.RuleInvalid},
		"AWS: Arm by surprise":  {karpenter(func(p *pool, _ *k) { p.Machine = "r7gd.4xlarge" }), "Machine", millrace.RuleInvalid},
		"AWS: other is Arm":     {karpenter(func(p *pool, _ *k) { p.OtherMachines = []string{"m5.4xlarge", "c7gn.4xlarge"} }), "OtherMachines[1]", millrace.RuleInvalid},
		"AWS: old Arm":          {karpenter(func(p *pool, _ *k) { p.Machine = "a1.xlarge" }), "Machine", millrace.RuleInvalid},
		"GKE: no machine":       {gke(func(p *pool, _ *g) { p.Machine = "" }), "Machine", millrace.RuleRequired},
		"GKE: machine of AWS":   {gke(func(p *pool, _ *g) { p.Machine = "r6i.4xlarge" }), "Machine", millrace.RuleInvalid},
		"GKE: two machines":     {gke(func(p *pool, _ *g) { p.OtherMachines = []string{"n2d-highmem-16"} }), "OtherMachines", millrace.RuleUnsupported},
		"machine twice":         {karpenter(func(p *pool, _ *k) { p.OtherMachines = []string{p.Machine} }), "OtherMachines[0]", millrace.RuleDuplicate},
		"empty other machine":   {karpenter(func(p *pool, _ *k) { p.OtherMachines = []string{""} }), "OtherMachines[0]", millrace.RuleRequired},
		"other without first":   {karpenter(func(p *pool, _ *k) { p.Machine, p.OtherMachines = "", []string{"m5.large"} }), "Machine", millrace.RuleRequired},
		"zone twice":            {karpenter(func(p *pool, _ *k) { p.Zones = []string{"a", "a"} }), "Zones[1]", millrace.RuleDuplicate},
		"empty zone":            {karpenter(func(p *pool, _ *k) { p.Zones = []string{""} }), "Zones[0]", millrace.RuleRequired},
		"zone":                  {karpenter(func(p *pool, _ *k) { p.Zones = []string{"eu west"} }), "Zones[0]", millrace.RuleInvalid},
		"GKE: zone of AWS":      {gke(func(p *pool, _ *g) { p.Zones = []string{"eu-west-1a"} }), "Zones[0]", millrace.RuleInvalid},
		"GKE: region as zone":   {gke(func(p *pool, _ *g) { p.Zones = []string{"europe-west1"} }), "Zones[0]", millrace.RuleInvalid},
		"negative Min":          {gke(func(p *pool, _ *g) { p.Min = -1 }), "Min", millrace.RuleInvalid},
		"negative Max":          {gke(func(p *pool, _ *g) { p.Max = -1 }), "Max", millrace.RuleInvalid},
		"Max below Min":         {gke(func(p *pool, _ *g) { p.Min = 11 }), "Max", millrace.RuleInvalid},
		"no Max":                {gke(func(p *pool, _ *g) { p.Max = 0 }), "Max", millrace.RuleRequired},
		"GKE: absurd Max":       {gke(func(p *pool, _ *g) { p.Max = 1 << 40 }), "Max", millrace.RuleInvalid},
		"disk of half a GiB":    {gke(func(p *pool, _ *g) { p.Disk.Size = 20*millrace.GiB + 512*millrace.MiB }), "Disk.Size", millrace.RuleInvalid},
		"disk without unit":     {gke(func(p *pool, _ *g) { p.Disk.Size = 200 }), "Disk.Size", millrace.RuleInvalid},
		"limit without unit":    {karpenter(func(p *pool, _ *k) { p.Limits.Memory = 512 }), "Limits.Memory", millrace.RuleInvalid},
		"zone of elsewhere":     {gke(func(p *pool, g *g) { g.Location, p.Zones = "europe-west1", []string{"us-central1-a"} }), "Zones[0]", millrace.RuleInvalid},
		"zone beside a zone":    {gke(func(p *pool, g *g) { g.Location, p.Zones = "europe-west1-b", []string{"europe-west4-b"} }), "Zones[0]", millrace.RuleInvalid},
		"negative disk":         {gke(func(p *pool, _ *g) { p.Disk.Size = -1 << 63 }), "Disk.Size", millrace.RuleInvalid},
		"huge disk":             {gke(func(p *pool, _ *g) { p.Disk.Size = 1 << 62 }), "Disk.Size", millrace.RuleInvalid},
		"GKE: disk of AWS":      {gke(func(p *pool, _ *g) { p.Disk.Type = "gp3" }), "Disk.Type", millrace.RuleInvalid},
		"GKE: pd on C4":         {gke(func(p *pool, _ *g) { p.Machine, p.Disk.Type = "c4-highmem-16", "pd-ssd" }), "Disk.Type", millrace.RuleInvalid},
		"Terraform's effect":    {gke(func(p *pool, _ *g) { p.Taints = []corev1.Taint{{Key: "a", Value: "b", Effect: "NO_EXECUTE"}} }), "Taints[0].Effect", millrace.RuleInvalid},
		"effect in lower case":  {gke(func(p *pool, _ *g) { p.Taints = []corev1.Taint{{Key: "a", Value: "b", Effect: "noschedule"}} }), "Taints[0].Effect", millrace.RuleInvalid},
		"unknown effect":        {gke(func(p *pool, _ *g) { p.Taints = []corev1.Taint{{Key: "a", Value: "b", Effect: "Never"}} }), "Taints[0].Effect", millrace.RuleInvalid},
		"no effect":             {gke(func(p *pool, _ *g) { p.Taints = []corev1.Taint{{Key: "a", Value: "b"}} }), "Taints[0].Effect", millrace.RuleRequired},
		"no taint key":          {gke(func(p *pool, _ *g) { p.Taints = []corev1.Taint{{Value: "b", Effect: "NoSchedule"}} }), "Taints[0].Key", millrace.RuleRequired},
		"taint key":             {gke(func(p *pool, _ *g) { p.Taints = []corev1.Taint{{Key: "a b", Value: "b", Effect: "NoSchedule"}} }), "Taints[0].Key", millrace.RuleInvalid},
		"taint value":           {gke(func(p *pool, _ *g) { p.Taints = []corev1.Taint{{Key: "a", Value: "${b}", Effect: "NoSchedule"}} }), "Taints[0].Value", millrace.RuleInvalid},
		"GKE: no taint value":   {gke(func(p *pool, _ *g) { p.Taints = []corev1.Taint{{Key: "a", Effect: "NoSchedule"}} }), "Taints[0].Value", millrace.RuleUnsupported},
		"taint time": {gke(func(p *pool, _ *g) {
			p.Taints = []corev1.Taint{{Key: "a", Value: "b", Effect: "NoSchedule", TimeAdded: now}}
		}), "Taints[0].TimeAdded", millrace.RuleInvalid},
		"workload taint": {gke(func(p *pool, _ *g) { p.Taints = []corev1.Taint{{Key: "workload", Value: "b", Effect: "NoSchedule"}} }), "Taints[0]", millrace.RuleDuplicate},
		"taint twice": {gke(func(p *pool, _ *g) {
			t := corev1.Taint{Key: "a", Value: "b", Effect: "NoSchedule"}
			p.Taints = []corev1.Taint{t, t}
		}), "Taints[1]", millrace.RuleDuplicate},
		"GKE: spot taint": {gke(func(p *pool, _ *g) {
			p.Capacity, p.Taints = nodepool.Spot, []corev1.Taint{{Key: "cloud.google.com/gke-spot", Value: "true", Effect: "NoSchedule"}}
		}), "Taints[0]", millrace.RuleDuplicate},
		"GKE: disruption": {gke(func(p *pool, _ *g) { p.Disruption.After = time.Minute }), "Disruption.After", millrace.RuleUnsupported},
		"GKE: lifetime":   {gke(func(p *pool, _ *g) { p.Lifetime = time.Hour }), "Lifetime", millrace.RuleUnsupported},
		"GKE: no cluster": {gke(func(_ *pool, g *g) { g.Cluster = "" }), "Provider.Cluster", millrace.RuleRequired},
		"GKE: no place":   {gke(func(_ *pool, g *g) { g.Location = "" }), "Provider.Location", millrace.RuleRequired},
		"GKE: template":   {gke(func(_ *pool, g *g) { g.Cluster = "${google_container_cluster.main.name}" }), "Provider.Cluster", millrace.RuleInvalid},
		"GKE: directive":  {gke(func(_ *pool, g *g) { g.Cluster = "%{ if true }" }), "Provider.Cluster", millrace.RuleInvalid},
		"GKE: call":       {gke(func(_ *pool, g *g) { g.Location = "lower(var.region)" }), "Provider.Location", millrace.RuleInvalid},
		"GKE: splat":      {gke(func(_ *pool, g *g) { g.Location = "google_container_cluster.main[*].name" }), "Provider.Location", millrace.RuleInvalid},
		"GKE: module":     {gke(func(_ *pool, g *g) { g.Cluster = "module.gke" }), "Provider.Cluster", millrace.RuleInvalid},
		"GKE: data":       {gke(func(_ *pool, g *g) { g.Cluster = "data.google_container_cluster" }), "Provider.Cluster", millrace.RuleInvalid},
		"GKE: no traversal": {gke(func(_ *pool, g *g) { g.Cluster = "my.cluster name" }), "Provider.Cluster",
			millrace.RuleInvalid},
		"GKE: spaces":          {gke(func(_ *pool, g *g) { g.Project = "var . project" }), "Provider.Project", millrace.RuleInvalid},
		"GKE: comment":         {gke(func(_ *pool, g *g) { g.Project = "var.project#x" }), "Provider.Project", millrace.RuleInvalid},
		"GKE: newline":         {gke(func(_ *pool, g *g) { g.Cluster = "main\n}" }), "Provider.Cluster", millrace.RuleInvalid},
		"GKE: quote":           {gke(func(_ *pool, g *g) { g.ServiceAccount = `a"b@c` }), "Provider.ServiceAccount", millrace.RuleInvalid},
		"GKE: index alone":     {gke(func(_ *pool, g *g) { g.Cluster = `var["a.b"]` }), "Provider.Cluster", millrace.RuleInvalid},
		"GKE: policy":          {gke(func(_ *pool, g *g) { g.LocationPolicy = "Balanced" }), "Provider.LocationPolicy", millrace.RuleInvalid},
		"GKE: empty scope":     {gke(func(_ *pool, g *g) { g.OAuthScopes = []string{""} }), "Provider.OAuthScopes[0]", millrace.RuleRequired},
		"GKE: scope":           {gke(func(_ *pool, g *g) { g.OAuthScopes = []string{"cloud platform"} }), "Provider.OAuthScopes[0]", millrace.RuleInvalid},
		"GKE: SSDs":            {gke(func(_ *pool, g *g) { g.LocalSSDs = -1 }), "Provider.LocalSSDs", millrace.RuleInvalid},
		"Karpenter: Min":       {karpenter(func(p *pool, _ *k) { p.Min = 1 }), "Min", millrace.RuleUnsupported},
		"Karpenter: disk":      {karpenter(func(p *pool, _ *k) { p.Disk.Size = millrace.TiB }), "Disk.Size", millrace.RuleUnsupported},
		"Karpenter: disk type": {karpenter(func(p *pool, _ *k) { p.Disk.Type = "gp3" }), "Disk.Type", millrace.RuleUnsupported},
		"Karpenter: anything":  {karpenter(func(p *pool, _ *k) { p.Machine = "" }), "Machine", millrace.RuleRequired},
		"Karpenter: machine":   {karpenter(func(p *pool, _ *k) { p.Machine = "r6i 4xlarge" }), "Machine", millrace.RuleInvalid},
		"Karpenter: no limits": {karpenter(func(p *pool, _ *k) { p.Max = 0 }), "Max", millrace.RuleRequired},
		"Karpenter: CPU":       {karpenter(func(p *pool, _ *k) { p.Limits.CPU = -1 }), "Limits.CPU", millrace.RuleInvalid},
		"Karpenter: memory":    {karpenter(func(p *pool, _ *k) { p.Limits.Memory = -1 }), "Limits.Memory", millrace.RuleInvalid},
		"Karpenter: priority":  {karpenter(func(p *pool, _ *k) { p.Priority = 101 }), "Priority", millrace.RuleInvalid},
		"Karpenter: no class":  {karpenter(func(_ *pool, k *k) { k.NodeClass.Name = "" }), "Provider.NodeClass.Name", millrace.RuleRequired},
		"Karpenter: group":     {karpenter(func(_ *pool, k *k) { k.NodeClass.Kind = "FooNodeClass" }), "Provider.NodeClass.Group", millrace.RuleRequired},
		"Karpenter: version":   {karpenter(func(_ *pool, k *k) { k.NodeClass.Group = "karpenter.k8s.aws/v1" }), "Provider.NodeClass.Group", millrace.RuleInvalid},
		"Karpenter: class twice": {karpenter(func(_ *pool, k *k) { k.Base.Template.Spec.NodeClassRef.Name = "x" }), "Provider.Base.Template.Spec.NodeClassRef",
			millrace.RuleConflict},
		"Karpenter: its label": {karpenter(func(p *pool, _ *k) { p.Labels = map[string]string{"karpenter.sh/registered": "true"} }), "Labels[karpenter.sh/registered]", millrace.RuleUnsupported},
		"Karpenter: host name": {karpenter(func(p *pool, _ *k) { p.Labels = map[string]string{"kubernetes.io/hostname": "x"} }), "Labels[kubernetes.io/hostname]", millrace.RuleUnsupported},
		"Karpenter: made label": {karpenter(func(p *pool, _ *k) { p.Labels = map[string]string{"kubernetes.io/arch": "arm64"} }), "Labels[kubernetes.io/arch]",
			millrace.RuleConflict},
		"Karpenter: spot taint": {karpenter(func(p *pool, _ *k) {
			p.Capacity, p.Taints = nodepool.Spot, []corev1.Taint{{Key: "karpenter.sh/capacity-type", Value: "x", Effect: "NoSchedule"}}
		}), "Taints[0]", millrace.RuleDuplicate},
		"Base: taint twice": {karpenter(func(_ *pool, k *k) {
			k.Base.Template.Spec.Taints = []corev1.Taint{{Key: "workload", Value: "x", Effect: "NoSchedule"}}
		}), "Provider.Base.Template.Spec.Taints[0]", millrace.RuleDuplicate},
		"Base: startup taint": {karpenter(func(p *pool, k *k) {
			t := []corev1.Taint{{Key: "a", Effect: "NoExecute"}}
			p.Taints, k.Base.Template.Spec.StartupTaints = t, t
		}), "Provider.Base.Template.Spec.StartupTaints[0]", millrace.RuleDuplicate},
		"Base: requirement": {karpenter(func(_ *pool, k *k) {
			k.Base.Template.Spec.Requirements = []karpenterv1.NodeSelectorRequirementWithMinValues{requirement("node.kubernetes.io/instance-type", "In", "x")}
		}), "Provider.Base.Template.Spec.Requirements[0]", millrace.RuleConflict},
		"Base: limit":    {karpenter(func(_ *pool, k *k) { k.Base.Limits = corev1.ResourceList{"nodes": {}} }), "Provider.Base.Limits[nodes]", millrace.RuleConflict},
		"Base: lifetime": {karpenter(func(p *pool, k *k) { p.Lifetime = time.Hour; k.Base.Template.Spec.ExpireAfter = new("2h") }), "Provider.Base.Template.Spec.ExpireAfter", millrace.RuleConflict},
		"Base: label": {karpenter(func(_ *pool, k *k) {
			k.Base.Template.Metadata = &karpenterv1.ObjectMeta{Labels: map[string]string{"workload": "x"}}
		}), "Provider.Base.Template.Metadata.Labels[workload]", millrace.RuleConflict},
		"Base: budgets": {karpenter(func(p *pool, k *k) {
			p.Disruption.AtOnce = "1"
			k.Base.Disruption = &karpenterv1.Disruption{Budgets: []karpenterv1.Budget{{Nodes: "2"}}}
		}), "Provider.Base.Disruption.Budgets", millrace.RuleConflict},
		"Base: static weight": {karpenter(func(p *pool, k *k) { p.Priority, k.Base.Replicas = 1, new(int64(1)) }), "Priority", millrace.RuleConflict},
		"Base: static limits": {karpenter(func(p *pool, k *k) { p.Limits.CPU, k.Base.Replicas = 1, new(int64(1)) }), "Limits", millrace.RuleConflict},
		"policy":              {karpenter(func(p *pool, _ *k) { p.Disruption.Consolidation = "Always" }), "Disruption.Consolidation", millrace.RuleInvalid},
		"negative time":       {karpenter(func(p *pool, _ *k) { p.Disruption.After = -time.Second }), "Disruption.After", millrace.RuleInvalid},
		"time in between":     {karpenter(func(p *pool, _ *k) { p.Disruption.Grace = time.Minute + time.Millisecond }), "Disruption.Grace", millrace.RuleInvalid},
		"lifetime":            {karpenter(func(p *pool, _ *k) { p.Lifetime = time.Nanosecond }), "Lifetime", millrace.RuleInvalid},
		"at once":             {karpenter(func(p *pool, _ *k) { p.Disruption.AtOnce = "110%" }), "Disruption.AtOnce", millrace.RuleInvalid},
		"no schedule":         {karpenter(func(p *pool, _ *k) { p.Disruption.Quiet = []nodepool.Window{{Duration: time.Hour}} }), "Disruption.Quiet[0].Schedule", millrace.RuleRequired},
		"no duration":         {karpenter(func(p *pool, _ *k) { p.Disruption.Quiet = []nodepool.Window{{Schedule: "@daily"}} }), "Disruption.Quiet[0].Duration", millrace.RuleRequired},
		"endless window":      {karpenter(func(p *pool, _ *k) { p.Disruption.Quiet = []nodepool.Window{{"@daily", nodepool.Forever}} }), "Disruption.Quiet[0].Duration", millrace.RuleInvalid},
		"window in seconds":   {karpenter(func(p *pool, _ *k) { p.Disruption.Quiet = []nodepool.Window{{"@daily", 90 * time.Second}} }), "Disruption.Quiet[0].Duration", millrace.RuleInvalid},
		"windows":             {karpenter(func(p *pool, _ *k) { p.Disruption.Quiet = make([]nodepool.Window, 50) }), "Disruption.Quiet", millrace.RuleInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			wantMistake(t, tc.pool, tc.field, tc.rule)
		})
	}
}

// TestRequirementMistakes holds one wrong requirement each, in both places
// that take them.
func TestRequirementMistakes(t *testing.T) {
	many := make([]string, 200)
	for i := range many {
		many[i] = "x"
	}
	with := func(r karpenterv1.NodeSelectorRequirementWithMinValues, n int64) karpenterv1.NodeSelectorRequirementWithMinValues {
		r.MinValues = &n
		return r
	}
	for name, tc := range map[string]struct {
		r    karpenterv1.NodeSelectorRequirementWithMinValues
		at   string
		rule string
	}{
		"no key":           {requirement("", "Exists"), ".Key", millrace.RuleRequired},
		"key":              {requirement("a b", "Exists"), ".Key", millrace.RuleInvalid},
		"its own key":      {requirement("karpenter.sh/nodepool", "Exists"), ".Key", millrace.RuleInvalid},
		"host name":        {requirement("kubernetes.io/hostname", "Exists"), ".Key", millrace.RuleInvalid},
		"no operator":      {requirement("a", ""), ".Operator", millrace.RuleRequired},
		"operator":         {requirement("a", "in", "b"), ".Operator", millrace.RuleInvalid},
		"In nothing":       {requirement("a", "In"), ".Values", millrace.RuleRequired},
		"NotIn nothing":    {requirement("a", "NotIn"), ".Values", millrace.RuleRequired},
		"Exists with":      {requirement("a", "Exists", "b"), ".Values", millrace.RuleInvalid},
		"Gt two":           {requirement("a", "Gt", "1", "2"), ".Values", millrace.RuleInvalid},
		"Lt word":          {requirement("a", "Lt", "b"), ".Values[0]", millrace.RuleInvalid},
		"Gte negative":     {requirement("a", "Gte", "-1"), ".Values[0]", millrace.RuleInvalid},
		"value":            {requirement("a", "In", "b c"), ".Values[0]", millrace.RuleInvalid},
		"capacity type":    {requirement("karpenter.sh/capacity-type", "In", "Spot"), ".Values[0]", millrace.RuleInvalid},
		"minValues":        {with(requirement("a", "Exists"), 51), ".MinValues", millrace.RuleInvalid},
		"minValues In":     {with(requirement("a", "In", "b"), 2), ".MinValues", millrace.RuleInvalid},
		"minValues of all": {with(requirement("a", "In", many...), 0), ".MinValues", millrace.RuleInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			for field, k := range map[string]nodepool.Karpenter{
				"Provider.Requirements[0]":                    {Requirements: []karpenterv1.NodeSelectorRequirementWithMinValues{tc.r}},
				"Provider.Base.Template.Spec.Requirements[0]": {Base: karpenterv1.NodePoolSpec{Template: karpenterv1.NodeClaimTemplate{Spec: karpenterv1.NodeClaimTemplateSpec{Requirements: []karpenterv1.NodeSelectorRequirementWithMinValues{tc.r}}}}},
			} {
				k.NodeClass.Name = "default"
				_, err := (&nodepool.Pool{Name: "etl", Max: 1, Provider: k}).Build()
				found := false
				for _, f := range findings(t, err) {
					found = found || f.Field == field+tc.at && f.Rule == tc.rule
				}
				if !found {
					t.Errorf("want %s at %q, got %v", tc.rule, field+tc.at, err)
				}
			}
		})
	}
	t.Run("too many", func(t *testing.T) {
		k := nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "default"}}
		for range 100 {
			k.Requirements = append(k.Requirements, requirement("a", "Exists"))
		}
		_, err := (&nodepool.Pool{Name: "etl", Max: 1, Provider: k}).Build()
		if f := findings(t, err); len(f) != 1 || f[0].Field != "Provider.Requirements" {
			t.Errorf("got %v", err)
		}
	})
}

// TestSchedules asks for windows of many schedules; Karpenter's cron library
// accepts and refuses the same ones.
func TestSchedules(t *testing.T) {
	for schedule, ok := range map[string]bool{
		"0 8 * * mon-fri": true, "*/15 0-6/2 1,15 JAN-MAR *": true, "@hourly": true, "@midnight": true, "0 0 ? * ?": true,
		"5/10 * * * *": true, "0 0 * * 0": true, "59 23 31 12 6": true, "0  8 * *\t1": true, "0 0 * * sun,sat": true,
		"0 0 * * 7": false, "60 * * * *": false, "* 24 * * *": false, "0 0 0 * *": false, "0 0 * 13 *": false, "0 0 * *": false,
		"0 0 0 * * *": false, "@every 1h": false, "@Daily": false, "10-5 * * * *": false, "*/0 * * * *": false, "*/x * * * *": false,
		"a * * * *": false, "TZ=Europe/Berlin 0 8 * * *": false, "CRON_TZ=UTC 0 8 * * *": false, "-1 * * * *": false, ", * * * *": false,
		"0 8 * * monday": false, "99999999999999999999 * * * *": false, "*/99999999999999999999 * * * *": false, "\x00 * * * *": false,
		"*/9223372036854775807 * * * *": true, "5/9223372036854775807 * * * *": true,
	} {
		p := karpenterPool()
		p.Disruption.Quiet = []nodepool.Window{{Schedule: schedule, Duration: time.Hour}}
		if _, err := p.Build(); (err == nil) != ok {
			t.Errorf("%q: %v", schedule, err)
		}
	}
}

func TestWrongProvider(t *testing.T) {
	if _, err := gkePool().NodePool(); err == nil || findings(t, err)[0].Rule != millrace.RuleUnsupported {
		t.Errorf("a NodePool of GKE: %v", err)
	}
	if _, err := karpenterPool().Terraform(); err == nil || findings(t, err)[0].Rule != millrace.RuleUnsupported {
		t.Errorf("Terraform of Karpenter: %v", err)
	}
	if _, err := eksctlPool().Terraform(); err == nil || findings(t, err)[0].Rule != millrace.RuleUnsupported {
		t.Errorf("Terraform of eksctl: %v", err)
	}
	if _, err := (&nodepool.Pool{}).NodePool(); err == nil {
		t.Error("an empty pool made a NodePool")
	}
	if _, err := (&nodepool.Pool{}).Terraform(); err == nil {
		t.Error("an empty pool made Terraform")
	}
}

// A pointer to a provider does what the provider does.
func TestProviderByPointer(t *testing.T) {
	p := gkePool()
	want := render(t, p)
	g := p.Provider.(nodepool.GKE)
	p.Provider = &g
	if diff := cmp.Diff(string(want), string(render(t, p))); diff != "" {
		t.Errorf("(-value +pointer):\n%s", diff)
	}
}

// TestOneFinding wants a name that is wrong for everybody reported once, and a
// size that lacks its unit told so.
func TestOneFinding(t *testing.T) {
	p := gkePool()
	p.Name, p.Disk.Size = "Spark_Pool", 200
	_, err := p.Build()
	var fields []string
	for _, f := range findings(t, err) {
		fields = append(fields, f.Field)
		if f.Field == "Disk.Size" && !strings.Contains(f.Fix, "200 * millrace.GiB") {
			t.Errorf("the fix is %q", f.Fix)
		}
	}
	if diff := cmp.Diff([]string{"Name", "Disk.Size"}, fields); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestMistakesInOrder wants one list of mistakes, in one order.
func TestMistakesInOrder(t *testing.T) {
	p := karpenterPool()
	k := p.Provider.(nodepool.Karpenter)
	p.Labels = map[string]string{"a": "1", "b": "1", "c": "1", "d": "1"}
	k.Base.Template.Metadata = &karpenterv1.ObjectMeta{Labels: map[string]string{"a": "2", "b": "2", "c": "2", "d": "2"}}
	p.Provider = k
	_, want := p.Build()
	for range 20 {
		if _, err := p.Build(); err == nil || err.Error() != want.Error() {
			t.Fatalf("first\n%v\nand then\n%v", want, err)
		}
	}
}

// TestProviderHints: what asks another provider for its object learns which one
// makes it, and a pool without any which ones there are.
func TestProviderHints(t *testing.T) {
	pool := aksPool()
	_, nodePool := pool.NodePool()
	_, class := pool.EC2NodeClass()
	_, connector := pool.ContainerNodePool()
	_, compute := pool.ComputeClass()
	_, terraform := karpenterPool().Terraform()
	_, none := (&nodepool.Pool{Name: "etl"}).Build()
	for _, tc := range []struct {
		err  error
		want string
	}{
		{nodePool, "nodepool.AKS makes no Karpenter NodePool; use nodepool.Karpenter"},
		{class, "nodepool.AKS makes no EC2NodeClass; use nodepool.Karpenter with EC2"},
		{connector, "nodepool.AKS makes no ContainerNodePool; use nodepool.GKE with Format nodepool.ConfigConnector"},
		{compute, "nodepool.AKS makes no ComputeClass; use nodepool.GKEComputeClass"},
		{terraform, "nodepool.Karpenter makes no Terraform; use nodepool.GKE, EKS or AKS, in the format Terraform"},
		{none, "use nodepool.GKE{…}, GKEComputeClass{…}, EKS{…}, AKS{…} or Karpenter{…}"},
	} {
		if tc.err == nil || !strings.Contains(tc.err.Error(), tc.want) {
			t.Errorf("%v, want %q", tc.err, tc.want)
		}
	}
}
