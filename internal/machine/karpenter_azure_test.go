package machine_test

import (
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

// The figures are worked out by hand from the provider's source.
func TestKarpenterAzure(t *testing.T) {
	for name, tc := range map[string]struct {
		cpus   int64
		memory millrace.Bytes
		cpu    string
		bytes  int64
	}{
		// 128 GiB less 7.5% (10307921511 bytes), 9543 MiB of the brackets, 750 MiB.
		"E16s": {16, 128 * millrace.GiB, "15740m", 128<<30 - 10307921511 - (9543+750)<<20},
		// 4 GiB less 7.5% (322122548), a quarter, 750 MiB.
		"F2s": {2, 4 * millrace.GiB, "1900m", 4<<30 - 322122548 - (1024+750)<<20},
	} {
		got := machine.KarpenterAzure(machine.Node{Type: machine.Type{CPUs: tc.cpus, Memory: tc.memory}})
		cpu, memory := got.Allocatable["cpu"], got.Allocatable["memory"]
		if cpu.String() != tc.cpu || memory.Value() != tc.bytes || len(got.Allocatable) != 2 {
			t.Errorf("%s: %s and %d, want %s and %d", name, cpu.String(), memory.Value(), tc.cpu, tc.bytes)
		}
	}
	known := machine.Node{Type: machine.Type{CPUs: 2, Memory: 4 * millrace.GiB}, MaxPods: 30, Disk: 128 * millrace.GiB}
	if pods := machine.KarpenterAzure(known).Allocatable["pods"]; pods.Value() != 30 {
		t.Errorf("%v pods", pods)
	}
	if disk := machine.KarpenterAzure(known).Allocatable["ephemeral-storage"]; disk.Value() != 128_000_000_000 {
		t.Errorf("disk %v", disk)
	}
}
