package nodepool_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/nodepool"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// gkePool is the smallest valid pool on GKE.
func gkePool() *nodepool.Pool {
	return &nodepool.Pool{Name: "etl", Machine: "n2-highmem-16", Max: 10,
		Provider: nodepool.GKE{Cluster: "main", Location: "europe-west1"}}
}

// karpenterPool is the smallest valid pool with Karpenter.
func karpenterPool() *nodepool.Pool {
	return &nodepool.Pool{Name: "etl", Machine: "r6i.4xlarge", Max: 10,
		Provider: nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "default"}}}
}

// requirement is short for a long name.
func requirement(key string, operator karpenterv1.NodeSelectorOperator, values ...string) karpenterv1.NodeSelectorRequirementWithMinValues {
	return karpenterv1.NodeSelectorRequirementWithMinValues{Key: key, Operator: operator, Values: values}
}

// fullGKE and fullKarpenter set every field that their provider has.
func fullGKE() *nodepool.Pool {
	return &nodepool.Pool{
		Name: "spark-executor-arm", Workload: "spark-executor", Machine: "c4a-highmem-16-lssd", Arch: nodepool.ARM64,
		Capacity: nodepool.Spot, Zones: []string{"europe-west1-b", "europe-west1-c"}, Min: 2, Max: 20, ImageStreaming: true,
		Disk:          nodepool.Disk{Size: 300 * millrace.GiB, LocalNVMe: true},
		StartupTaints: []corev1.Taint{{Key: "startup-taint.cluster-autoscaler.kubernetes.io/scratch", Value: "unformatted", Effect: corev1.TaintEffectNoSchedule}},
		Labels:        map[string]string{"team": "data-platform", "company.com/cost-center": "4711"},
		Taints: []corev1.Taint{{Key: "company.com/nightly", Value: "true", Effect: corev1.TaintEffectPreferNoSchedule},
			{Key: "drain", Value: "slow", Effect: corev1.TaintEffectNoExecute}},
		Provider: nodepool.GKE{
			Cluster: `google_container_cluster.named["blue"]`, Location: "google_container_cluster.main", Project: "data.google_project.this",
			LocationPolicy: nodepool.LocationBalanced, ManualUpgrades: true,
			ServiceAccount: "google_service_account.nodes", OAuthScopes: []string{"https://www.googleapis.com/auth/devstorage.read_only", "https://www.googleapis.com/auth/logging.write"},
			WorkloadIdentity: true, SecureBoot: true, GVNIC: true, MaxPods: 32,
			SecondaryBootDisks: []string{"projects/data-platform/global/images/spark-4-1", "google_compute_image.spark"},
			ResourceLabels:     map[string]string{"cost-center": "4711"}, NetworkTags: []string{"spark"},
			Upgrade:      nodepool.GKEUpgrade{Surge: new(0), Unavailable: 2, Grace: 30 * time.Minute, BudgetTimeout: 2 * time.Hour, KeepBudgets: true},
			Provisioning: nodepool.GKEProvisioning{NoReservation: true, MaxRun: 6 * 24 * time.Hour, Compact: true},
		},
	}
}

func fullKarpenter() *nodepool.Pool {
	return &nodepool.Pool{
		Name: "spark-executor-spot", Workload: "spark-executor", Machine: "r6g.4xlarge", OtherMachines: []string{"r7g.4xlarge", "r7gd.4xlarge"},
		Arch: nodepool.ARM64, Capacity: nodepool.SpotFirst, Zones: []string{"eu-west-1a", "eu-west-1b"}, Max: 20,
		Labels: map[string]string{"team": "data-platform"},
		Taints: []corev1.Taint{{Key: "company.com/nightly", Effect: corev1.TaintEffectNoSchedule}},
		Disruption: nodepool.Disruption{Consolidation: nodepool.WhenEmptyOrUnderutilized, After: 10 * time.Minute, AtOnce: "2",
			Quiet: []nodepool.Window{{Schedule: "30 6 * * mon-fri", Duration: 90 * time.Minute}, {Schedule: "@weekly", Duration: 24 * time.Hour}}, Grace: 36 * time.Hour},
		Lifetime: 7 * 24 * time.Hour,
		Limits:   nodepool.Limits{CPU: 320, Memory: 2560 * millrace.GiB}, Priority: 10,
		Provider: nodepool.Karpenter{
			NodeClass:    nodepool.NodeClass{Name: "data", Kind: "EC2NodeClass", Group: "karpenter.k8s.aws"},
			Requirements: []karpenterv1.NodeSelectorRequirementWithMinValues{requirement("karpenter.k8s.aws/instance-local-nvme", karpenterv1.NodeSelectorOperatorGt, "100")},
			Base: karpenterv1.NodePoolSpec{Template: karpenterv1.NodeClaimTemplate{
				Metadata: &karpenterv1.ObjectMeta{Labels: map[string]string{"company.com/stage": "production"}, Annotations: map[string]string{"company.com/owner": "data-platform"}},
				Spec: karpenterv1.NodeClaimTemplateSpec{
					StartupTaints: []corev1.Taint{{Key: "company.com/agent-not-ready", Effect: corev1.TaintEffectNoExecute}},
					Taints:        []corev1.Taint{{Key: "company.com/base", Value: "true", Effect: corev1.TaintEffectNoSchedule}},
					Requirements:  []karpenterv1.NodeSelectorRequirementWithMinValues{requirement("karpenter.k8s.aws/instance-hypervisor", karpenterv1.NodeSelectorOperatorIn, "nitro")},
				},
			}},
		},
	}
}

// render returns what a pool makes, as a directory would hold it.
func render(t testing.TB, pool millrace.Builder) []byte {
	t.Helper()
	parts, err := pool.Build()
	if err != nil {
		t.Fatal(err)
	}
	var out []byte
	for _, f := range parts.Files {
		out = append(out, f.Data...)
	}
	for i, o := range parts.Objects {
		if i > 0 {
			out = append(out, "---\n"...)
		}
		if out, err = yaml.Append(out, o); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// findings returns the mistakes in an error of Build.
func findings(t testing.TB, err error) []millrace.Finding {
	t.Helper()
	if err == nil {
		return nil
	}
	be, ok := errors.AsType[*millrace.BuildError](err)
	if !ok {
		t.Fatalf("the error is a %T", err)
	}
	return be.Findings
}

// wantMistake wants a pool refused for one field at least, by that rule, with
// findings that say all they should.
func wantMistake(t *testing.T, pool *nodepool.Pool, field, rule string) {
	t.Helper()
	parts, err := pool.Build()
	if len(parts.Objects)+len(parts.Files)+len(parts.Nodes) > 0 {
		t.Error("a pool with a mistake made something")
	}
	pool.Placement() // must not panic
	for _, f := range findings(t, err) {
		if f.Detail == "" || f.Fix == "" || f.Object.Kind != "nodepool.Pool" {
			t.Errorf("incomplete finding: %+v", f)
		}
		if f.Field == field && f.Rule == rule {
			return
		}
	}
	t.Errorf("want %s at %q, got %v", rule, field, err)
}

// onNodes is a requirement as a shape tells it.
func onNodes(key string, operator corev1.NodeSelectorOperator, values ...string) corev1.NodeSelectorRequirement {
	return corev1.NodeSelectorRequirement{Key: key, Operator: operator, Values: values}
}
