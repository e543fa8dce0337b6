package nodepool_test

import (
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// TestShapeBeforeTheName: what the user says of a machine goes before what its
// name tells, and makes an estimate where that tells nothing. What else the name
// tells, such as local disks, stays.
func TestShapeBeforeTheName(t *testing.T) {
	large := nodepool.Shape{CPUs: 8, Memory: 32 * millrace.GiB}
	for name, tc := range map[string]struct {
		pool     *nodepool.Pool
		machine  string
		shape    nodepool.Shape
		cpu      string
		mib, gib int64
	}{
		"GKE, of a name":            {gkePool(), "n2-highmem-16", nodepool.Shape{}, "15890m", 119071, 43},
		"GKE, before the name":      {gkePool(), "n2-highmem-16", large, "7910m", 28373, 43},
		"GKE, without a known name": {gkePool(), "n99-standard-8", large, "7910m", 28373, 43},
		"GKE, with its local SSDs":  {gkePool(), "c3-standard-8-lssd", large, "7910m", 28373, 588},
		"AKS, of a name":            {aksPool(), "Standard_E16s_v5", nodepool.Shape{}, "15740m", 123564, -1},
		"AKS, before the name":      {aksPool(), "Standard_E16s_v5", large, "7820m", 26968, -1},
		"AKS, without a known name": {aksPool(), "Standard_X8s_v9", large, "7820m", 26968, -1},
	} {
		tc.pool.Machine, tc.pool.Shape, tc.pool.Allocatable = tc.machine, tc.shape, nil
		parts, err := tc.pool.Build()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := parts.Nodes[0]
		if got.Allocatable.Cpu().String() != tc.cpu || got.Allocatable.Memory().Value()>>20 != tc.mib || got.Formula == "" {
			t.Errorf("%s: %s and %d MiB by %q", name, got.Allocatable.Cpu(), got.Allocatable.Memory().Value()>>20, got.Formula)
		}
		if storage := got.Allocatable.StorageEphemeral().Value() >> 30; tc.gib >= 0 && storage != tc.gib {
			t.Errorf("%s: %d GiB", name, storage)
		}
	}
}
