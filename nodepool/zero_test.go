package nodepool_test

import (
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// TestZeroValues holds what doc.go promises of zero fields, provider by
// provider, to what they render.
func TestZeroValues(t *testing.T) {
	for name, says := range map[string][]string{
		"GKE":              {"min_node_count  = 0", "auto_repair  = true", "auto_upgrade = true", "disk_size_gb = 100"},
		"Config Connector": {"minNodeCount: 0", "autoRepair: true", "autoUpgrade: true", "diskSizeGb: 100"},
		"ComputeClass":     {"whenUnsatisfiable: DoNotScaleUp", "consolidationDelayMinutes: 5", "bootDiskSize: 100"},
		"EKS": {"min_size     = 0", "encrypted             = true", "http_put_response_hop_limit = 1", `http_tokens                 = "required"`,
			"max_unavailable = 1", "node_repair_config {\n    enabled = true", "volume_size           = 100"},
		"eksctl": {"minSize: 0", "volumeEncrypted: true", "disablePodIMDS: true", "maxUnavailable: 1", "nodeRepairConfig:\n    enabled: true", "volumeSize: 100"},
		"AKS":    {"min_count            = 0", `max_surge = "10%"`},
		"Karpenter": {"consolidationPolicy: WhenEmpty\n", "consolidateAfter: 5m", "- nodes: 10%", "expireAfter: 720h", "terminationGracePeriod: 24h",
			"kubernetes.io/arch", "amd64", "on-demand"},
		"EC2": {"consolidationPolicy: WhenEmpty\n", "encrypted: true", "volumeSize: 100Gi"},
	} {
		pool := everyProvider[name].minimal()
		out := string(render(t, pool))
		for _, want := range says {
			if !strings.Contains(out, want) {
				t.Errorf("%s: %q is missing:\n%s", name, want, out)
			}
		}
		holdZeroNodes(t, name, pool)
	}
}

// holdZeroNodes: nodes are dedicated, on demand, and x86-64.
func holdZeroNodes(t *testing.T, name string, pool *nodepool.Pool) {
	t.Helper()
	parts, err := pool.Build()
	if err != nil {
		t.Fatal(err)
	}
	nodes := parts.Nodes[0]
	arm := millrace.Placement{NodeSelector: map[string]string{corev1.LabelArchStable: "arm64"}}
	switch {
	case nodes.Spot:
		t.Errorf("%s: it has spot machines", name)
	case len(nodes.Refuses(arm).Labels) == 0:
		t.Errorf("%s: it takes pods for arm64", name)
	case len(nodes.Refuses(millrace.Placement{}).Taints) == 0:
		t.Errorf("%s: it takes pods that ask for nothing", name)
	case !nodes.Refuses(pool.Placement()).Empty():
		t.Errorf("%s: it refuses its own", name)
	}
}

// TestZeroHasNoMaximum: no number of nodes is safe, so that one must be set.
func TestZeroHasNoMaximum(t *testing.T) {
	for name, of := range everyProvider {
		if name == "ComputeClass" {
			continue
		}
		pool := of.minimal()
		pool.Max = 0
		wantMistake(t, pool, "Max", millrace.RuleRequired)
	}
}
