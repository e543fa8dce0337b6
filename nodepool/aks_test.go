package nodepool_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// aksClusterID is a resource ID as Azure writes it.
const aksClusterID = "/subscriptions/12345678-1234-9876-4563-123456789012/resourceGroups/data.platform_(eu)/providers/Microsoft.ContainerService/managedClusters/main"

// aksPool is the smallest valid pool on AKS.
func aksPool() *nodepool.Pool {
	return &nodepool.Pool{Name: "etl", Machine: "Standard_E16ds_v5", Max: 10,
		Provider: nodepool.AKS{Cluster: "azurerm_kubernetes_cluster.main"}}
}

// aksSpotPool is a pool of spot machines.
func aksSpotPool() *nodepool.Pool {
	p := aksPool()
	p.Name, p.Workload, p.Capacity = "etl-spot", "etl", nodepool.Spot
	return p
}

// fullAKS sets every field that the provider has, but those of spot pools.
func fullAKS() *nodepool.Pool {
	return &nodepool.Pool{
		Name: "spark-executor-arm", Workload: "spark-executor", Machine: "Standard_E16pds_v5", Arch: nodepool.ARM64,
		Zones: []string{"westeurope-1", "westeurope-3"}, Min: 2, Max: 20,
		Disk:   nodepool.Disk{Size: 300 * millrace.GiB, LocalNVMe: true},
		Labels: map[string]string{"team": "data-platform", "company.com/cost-center": "4711"},
		Taints: []corev1.Taint{{Key: "company.com/nightly", Value: "true", Effect: corev1.TaintEffectPreferNoSchedule},
			{Key: "drain", Value: "slow", Effect: corev1.TaintEffectNoExecute}},
		Provider: nodepool.AKS{
			Cluster: aksClusterID, PoolName: "sparkarm", TemporaryName: "sparktmp",
			Subnet: "azurerm_subnet.nodes", PodSubnet: "data.azurerm_subnet.pods", MaxPods: 60,
			OS: nodepool.OSAzureLinux3, Version: "1.33", TemporaryDisk: true, HostEncryption: true, FIPS: true,
			Upgrade: nodepool.AKSUpgrade{MaxSurge: "33%", DrainTimeout: 12 * time.Hour, Soak: 5 * time.Minute},
			Tags:    map[string]string{"cost center": "4711 ${not a template}"},
		},
	}
}

// aksVariables is what references lead to: every value says its own address.
func aksVariables() *hcl.EvalContext {
	resource := func(id string) cty.Value { return cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal(id)}) }
	return &hcl.EvalContext{Variables: map[string]cty.Value{
		"azurerm_kubernetes_cluster": cty.ObjectVal(map[string]cty.Value{"main": resource("a cluster's id")}),
		"azurerm_subnet":             cty.ObjectVal(map[string]cty.Value{"nodes": resource("a subnet's id")}),
		"module":                     cty.ObjectVal(map[string]cty.Value{"aks": cty.ObjectVal(map[string]cty.Value{"aks_id": cty.StringVal("a module's output")})}),
		"var":                        cty.ObjectVal(map[string]cty.Value{"cluster_id": cty.StringVal("a variable"), "subnet": cty.StringVal("a variable")}),
		"data": cty.ObjectVal(map[string]cty.Value{
			"azurerm_subnet":             cty.ObjectVal(map[string]cty.Value{"pods": resource("a data source's id")}),
			"azurerm_kubernetes_cluster": cty.ObjectVal(map[string]cty.Value{"main": resource("a data source's id")}),
		}),
	}}
}

// aksSchema is that of a node pool, and of nothing else.
var aksSchema = onlyResource("azurerm_kubernetes_cluster_node_pool", aksVariables())

func mustDecodeAKS(t *testing.T, pool *nodepool.Pool) cty.Value {
	t.Helper()
	block := single(t, mustDecode(t, render(t, pool), aksSchema))
	if diff := cmp.Diff([]string{"azurerm_kubernetes_cluster_node_pool", strings.ReplaceAll(pool.Name, "-", "_")}, block.labels); diff != "" {
		t.Errorf("labels:\n%s", diff)
	}
	return block.value
}

func TestAKSGolden(t *testing.T) {
	for name, pool := range map[string]*nodepool.Pool{"aks-minimal.tf": aksPool(), "aks-spot.tf": aksSpotPool(), "aks-full.tf": fullAKS()} {
		t.Run(name, func(t *testing.T) {
			mustDecodeAKS(t, pool)
			golden(t, name, render(t, pool))
		})
	}
	t.Run("the spec catches what it must", func(t *testing.T) {
		src := string(render(t, aksSpotPool())) + string(render(t, fullAKS()))
		src = src[strings.LastIndex(src, "resource "):]
		for old, broken := range map[string]string{
			"max_count": "max_nodes", `"User"`: `"user"`, "auto_scaling_enabled": "enable_auto_scaling", "AzureLinux3": "Mariner",
			"= 60": "= 300", "upgrade_settings {": "upgrade {", "= 5\n": "= 60\n", "kubernetes_cluster_id": "cluster_id", "Ephemeral": "Local",
		} {
			changed := strings.Replace(src, old, broken, 1)
			if _, err := decode([]byte(changed), aksSchema); err == nil || changed == src {
				t.Errorf("%s: decoded", broken)
			}
		}
	})
}

// TestAKSAttributes looks at what must be there, and at what would fight the
// autoscaler or Azure.
func TestAKSAttributes(t *testing.T) {
	plain, spot := mustDecodeAKS(t, aksPool()), mustDecodeAKS(t, aksSpotPool())
	if strings.Contains(string(render(t, fullAKS())), "node_count") {
		t.Error("node_count fights the autoscaler")
	}
	if got := plain.GetAttr("min_count"); !got.RawEquals(cty.NumberIntVal(0)) {
		t.Errorf("min_count: %#v", got)
	}
	for _, name := range []string{"priority", "eviction_policy", "spot_max_price"} {
		if !plain.GetAttr(name).IsNull() || spot.GetAttr(name).IsNull() {
			t.Errorf("%s: %#v on demand, %#v for spot", name, plain.GetAttr(name), spot.GetAttr(name))
		}
	}
	// azurerm refuses max_surge for spot pools, and a block without it for others.
	if plain.GetAttr("upgrade_settings").IsNull() || !spot.GetAttr("upgrade_settings").IsNull() {
		t.Error("upgrade_settings are for pools on demand only")
	}
	wantTaints := cty.ListVal([]cty.Value{cty.StringVal("workload=etl:NoSchedule"), cty.StringVal("kubernetes.azure.com/scalesetpriority=spot:NoSchedule")})
	if got := spot.GetAttr("node_taints"); !got.RawEquals(wantTaints) {
		t.Errorf("node_taints: %#v", got)
	}
	if got := spot.GetAttr("node_labels").AsValueMap()["kubernetes.azure.com/scalesetpriority"]; !got.RawEquals(cty.StringVal("spot")) {
		t.Errorf("node_labels: %#v", got)
	}
	if got := spot.GetAttr("spot_max_price"); !got.RawEquals(cty.NumberIntVal(-1)) {
		t.Errorf("spot_max_price: %#v", got)
	}
	if got := mustDecodeAKS(t, fullAKS()).GetAttr("tags").AsValueMap()["cost center"]; got.AsString() != "4711 ${not a template}" {
		t.Errorf("tags: %#v", got)
	}
	shared := aksPool()
	shared.Shared = true
	if got := mustDecodeAKS(t, shared).GetAttr("node_taints"); !got.IsNull() {
		t.Errorf("node_taints of a shared pool: %#v", got)
	}
	cheap := aksSpotPool()
	cheap.Provider = nodepool.AKS{Cluster: "var.cluster_id", SpotMaxPrice: 0.12345}
	if got := mustDecodeAKS(t, cheap).GetAttr("spot_max_price").AsBigFloat().Text('f', -1); got != "0.12345" {
		t.Errorf("spot_max_price: %s", got)
	}
}

// TestAKSTaints spells each effect as AKS does.
func TestAKSTaints(t *testing.T) {
	for _, effect := range []corev1.TaintEffect{corev1.TaintEffectNoSchedule, corev1.TaintEffectPreferNoSchedule, corev1.TaintEffectNoExecute} {
		p := aksPool()
		p.Taints = []corev1.Taint{{Key: "company.com/a", Value: "b", Effect: effect}}
		got := mustDecodeAKS(t, p).GetAttr("node_taints").AsValueSlice()
		if want := "company.com/a=b:" + string(effect); got[len(got)-1].AsString() != want {
			t.Errorf("got %#v, want %s", got, want)
		}
	}
}

// TestAKSReferences tells IDs from references, and completes the latter.
func TestAKSReferences(t *testing.T) {
	for value, want := range map[string]string{
		aksClusterID:                           aksClusterID,
		"var.cluster_id":                       "a variable",
		"module.aks.aks_id":                    "a module's output",
		"azurerm_kubernetes_cluster.main":      "a cluster's id",
		"azurerm_kubernetes_cluster.main.id":   "a cluster's id",
		"data.azurerm_kubernetes_cluster.main": "a data source's id",
	} {
		p := aksPool()
		p.Provider = nodepool.AKS{Cluster: value}
		if got := mustDecodeAKS(t, p).GetAttr("kubernetes_cluster_id"); got.AsString() != want {
			t.Errorf("%s: %#v", value, got)
		}
	}
}

func TestAKSShapes(t *testing.T) {
	full := fullAKS()
	bare := aksPool()
	bare.Zones = []string{"2"}
	one := aksPool()
	one.Zones = []string{"westeurope-2"}
	own := []corev1.Taint{{Key: "workload", Value: "etl", Effect: "NoSchedule"}}
	labels := func(more ...string) map[string]string {
		out := map[string]string{"workload": "etl", "kubernetes.azure.com/agentpool": "etl", "kubernetes.azure.com/mode": "user",
			"kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "node.kubernetes.io/instance-type": "Standard_E16ds_v5"}
		for i := 0; i < len(more); i += 2 {
			out[more[i]] = more[i+1]
		}
		return out
	}
	noKarpenter, noSpot := onNodes("karpenter.sh/nodepool", "DoesNotExist"), onNodes("kubernetes.azure.com/scalesetpriority", "NotIn", "spot")
	for name, tc := range map[string]struct {
		pool *nodepool.Pool
		want millrace.NodeShape
	}{
		"on demand": {aksPool(), millrace.NodeShape{Pool: "etl", Max: 10, Labels: labels(),
			Requirements: []corev1.NodeSelectorRequirement{noKarpenter, noSpot}, Taints: own}},
		"a zone without its region is unknown": {bare, millrace.NodeShape{Pool: "etl", Max: 10, Labels: labels(),
			Requirements: []corev1.NodeSelectorRequirement{noKarpenter, noSpot}, Taints: own}},
		"one zone": {one, millrace.NodeShape{Pool: "etl", Max: 10, Labels: labels("topology.kubernetes.io/zone", "westeurope-2"),
			Requirements: []corev1.NodeSelectorRequirement{noKarpenter, noSpot}, Taints: own}},
		"spot": {aksSpotPool(), millrace.NodeShape{Pool: "etl-spot", Max: 10, Spot: true, Notice: 30 * time.Second,
			Labels:       labels("kubernetes.azure.com/agentpool", "etlspot", "kubernetes.azure.com/scalesetpriority", "spot"),
			Requirements: []corev1.NodeSelectorRequirement{noKarpenter},
			Taints:       append(own[:1:1], corev1.Taint{Key: "kubernetes.azure.com/scalesetpriority", Value: "spot", Effect: "NoSchedule"})}},
		"Arm nodes have no taint of their own": {full, millrace.NodeShape{Pool: "spark-executor-arm", Max: 20,
			Labels: labels("workload", "spark-executor", "team", "data-platform", "company.com/cost-center", "4711", "kubernetes.azure.com/agentpool", "sparkarm",
				"kubernetes.io/arch", "arm64", "node.kubernetes.io/instance-type", "Standard_E16pds_v5"),
			Requirements: []corev1.NodeSelectorRequirement{noKarpenter, noSpot, onNodes("topology.kubernetes.io/zone", "In", "westeurope-1", "westeurope-3")},
			Taints:       append([]corev1.Taint{{Key: "workload", Value: "spark-executor", Effect: "NoSchedule"}}, full.Taints...)}},
	} {
		t.Run(name, func(t *testing.T) {
			parts, err := tc.pool.Build()
			if err != nil {
				t.Fatal(err)
			}
			sizes := cmpopts.IgnoreFields(millrace.NodeShape{}, "Allocatable", "Formula")
			if diff := cmp.Diff([]millrace.NodeShape{tc.want}, parts.Nodes, sizes); diff != "" {
				t.Errorf("nodes (-want +got):\n%s", diff)
			}
			if !parts.Nodes[0].Refuses(tc.pool.Placement()).Empty() {
				t.Error("the pool refuses its own pods")
			}
		})
	}
}

// TestAKSAllocatable holds the CPU that AKS keeps, and the memory that it keeps
// for each pod that may come.
func TestAKSAllocatable(t *testing.T) {
	memory := func(maxPods int) int64 {
		p := aksPool()
		p.Provider = nodepool.AKS{Cluster: "var.cluster_id", MaxPods: maxPods}
		parts, err := p.Build()
		if err != nil {
			t.Fatal(err)
		}
		list := parts.Nodes[0].Allocatable
		if got := list.Cpu().String(); got != "15740m" {
			t.Errorf("CPU: %s", got)
		}
		return list.Memory().Value() >> 20
	}
	if got, want := memory(30)-memory(110), int64(80*20); got != want {
		t.Errorf("80 pods more take %d MiB, want %d", got, want)
	}
	if memory(0) != memory(250) {
		t.Error("an unknown network isn't counted as the one with most pods")
	}
}

// TestAKSDisk tells what a node has for images and emptyDirs: AKS chooses the
// OS disk by the machine's CPUs where nobody does.
func TestAKSDisk(t *testing.T) {
	storage := func(change func(*nodepool.Pool, *nodepool.AKS)) millrace.Bytes {
		p, a := aksPool(), nodepool.AKS{Cluster: "var.cluster_id"}
		change(p, &a)
		p.Provider = a
		parts, err := p.Build()
		if err != nil {
			t.Fatal(err)
		}
		return millrace.Bytes(parts.Nodes[0].Allocatable.StorageEphemeral().Value())
	}
	of := func(size millrace.Bytes) millrace.Bytes {
		return storage(func(p *nodepool.Pool, _ *nodepool.AKS) { p.Disk.Size = size })
	}
	for cpus, want := range map[int]millrace.Bytes{
		4: 128 * millrace.GiB, 8: 256 * millrace.GiB, 15: 256 * millrace.GiB, 16: 512 * millrace.GiB, 63: 512 * millrace.GiB, 64: millrace.TiB,
	} {
		got := storage(func(p *nodepool.Pool, _ *nodepool.AKS) {
			p.Shape = nodepool.Shape{CPUs: cpus, Memory: 64 * millrace.GiB}
		})
		if got == 0 || got != of(want) {
			t.Errorf("%d CPUs: %v of the disk for pods, want those of %v, %v", cpus, got, want, of(want))
		}
	}
	if got := storage(func(*nodepool.Pool, *nodepool.AKS) {}); got != of(512*millrace.GiB) {
		t.Errorf("by the machine's name: %v", got)
	}
	if got := storage(func(_ *nodepool.Pool, a *nodepool.AKS) { a.TemporaryDisk = true }); got != 0 {
		t.Errorf("on a temporary disk of unknown size: %v", got)
	}
	if got := storage(func(p *nodepool.Pool, _ *nodepool.AKS) { p.Disk.LocalNVMe = true }); got != 0 {
		t.Errorf("on the machine, of unknown size: %v", got)
	}
	if got := storage(func(p *nodepool.Pool, _ *nodepool.AKS) {
		p.Disk = nodepool.Disk{LocalNVMe: true, Size: 200 * millrace.GiB}
	}); got != of(200*millrace.GiB) {
		t.Errorf("on the machine, of known size: %v", got)
	}
}
