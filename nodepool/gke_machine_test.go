package nodepool_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// allocatable builds a pool of GKE and returns what its nodes have for pods.
func allocatable(t *testing.T, edit func(*nodepool.Pool, *nodepool.GKE)) corev1.ResourceList {
	t.Helper()
	pool, gke := gkePool(), nodepool.GKE{Cluster: "main", Location: "europe-west1"}
	edit(pool, &gke)
	pool.Provider = gke
	parts, err := pool.Build()
	if err != nil {
		t.Fatal(err)
	}
	return parts.Nodes[0].Allocatable
}

func TestGKEAllocatable(t *testing.T) {
	for machine, want := range map[string]struct {
		cpu string
		mib int64 // 0 for unknown
	}{
		// The node that GKE's documentation shows has 3920m and 13182 MiB, 0.6% less.
		"e2-standard-4":          {"3920m", 13257},
		"n2-highmem-16":          {"15890m", 119071},
		"n1-standard-1":          {"940m", 2625},
		"e2-medium":              {"940m", 2812},
		"e2-micro":               {"940m", 627},
		"n2-highmem-128":         {"127610m", 845868},
		"n2-custom-8-32768":      {"7910m", 28373},
		"n4-custom-8-32768-ext":  {"7910m", 28373},
		"custom-4-16384":         {"3920m", 13257},
		"c3-standard-22-lssd":    {"21875m", 81280},
		"z3-highmem-14-highlssd": {"13895m", 103955},
		"c4-standard-2":          {"1930m", 5217},

		"n2-highmem-17":   {},
		"n9-standard-4":   {},
		"a2-highgpu-1g":   {},
		"ct5p-hightpu-4t": {},
		"n2-custom-0-100": {},
	} {
		got := allocatable(t, func(p *nodepool.Pool, _ *nodepool.GKE) { p.Machine = machine })
		if want.mib == 0 {
			if got != nil {
				t.Errorf("%s: %v of a machine that the name doesn't tell of", machine, got)
			}
			continue
		}
		if got.Cpu().String() != want.cpu || got.Memory().Value()>>20 != want.mib {
			t.Errorf("%s: %s and %d MiB, want %s and %d", machine, got.Cpu(), got.Memory().Value()>>20, want.cpu, want.mib)
		}
	}
}

func TestGKEAllocatableDisk(t *testing.T) {
	for name, tc := range map[string]struct {
		edit func(*nodepool.Pool, *nodepool.GKE)
		gib  int64
	}{
		"by default":     {func(*nodepool.Pool, *nodepool.GKE) {}, 43},
		"200 GiB":        {func(p *nodepool.Pool, _ *nodepool.GKE) { p.Disk.Size = 200 * millrace.GiB }, 96},
		"1 TiB":          {func(p *nodepool.Pool, _ *nodepool.GKE) { p.Disk.Size = millrace.TiB }, 801},
		"10 GiB":         {func(p *nodepool.Pool, _ *nodepool.GKE) { p.Disk.Size = 10 * millrace.GiB }, 0},
		"on local SSDs":  {func(_ *nodepool.Pool, g *nodepool.GKE) { g.LocalSSDs = 2 }, 588},
		"SSDs come with": {func(p *nodepool.Pool, _ *nodepool.GKE) { p.Machine = "c3-standard-8-lssd" }, 588},
	} {
		got := allocatable(t, tc.edit)
		q, known := got[corev1.ResourceEphemeralStorage]
		if !known && tc.gib >= 0 || known && q.Value()>>30 != tc.gib {
			t.Errorf("%s: %s, want %d GiB", name, q.String(), tc.gib)
		}
	}
}

// TestAllocatableOfOnesOwn: what the user says goes before the estimate, on
// every provider.
func TestAllocatableOfOnesOwn(t *testing.T) {
	own := corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("15")}
	for _, pool := range []*nodepool.Pool{gkePool(), karpenterPool()} {
		pool.Allocatable = own
		parts, err := pool.Build()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(own, parts.Nodes[0].Allocatable); diff != "" {
			t.Errorf("%T (-want +got):\n%s", pool.Provider, diff)
		}
		pool.Allocatable = corev1.ResourceList{corev1.ResourceCPU: resource.MustParse("0")}
		_, err = pool.Build()
		if found := findings(t, err); len(found) != 1 || found[0].Field != "Allocatable[cpu]" {
			t.Errorf("%T: %v", pool.Provider, found)
		}
	}
}
