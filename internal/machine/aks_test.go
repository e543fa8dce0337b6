package machine_test

import (
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

// TestAKSCPU: the table of Azure's own page.
// Source: https://learn.microsoft.com/azure/aks/node-resource-reservations.
func TestAKSCPU(t *testing.T) {
	for cpus, kept := range map[int64]int64{1: 60, 2: 100, 4: 140, 8: 180, 16: 260, 32: 420, 64: 740} {
		got := amountsOf(machine.AKS(machine.Node{Type: machine.Type{CPUs: cpus, Memory: 8 * millrace.GiB}}))
		if got.milli != cpus*1000-kept {
			t.Errorf("%d CPUs: %dm, want %dm less", cpus, got.milli, kept)
		}
	}
}

func TestAKS(t *testing.T) {
	large, ok := machine.Azure("Standard_E16s_v5")
	small, ok2 := machine.Azure("Standard_D2s_v5")
	disks, ok3 := machine.Azure("Standard_L8s_v3")
	if !ok || !ok2 || !ok3 {
		t.Fatal("machine types aren't known")
	}
	for name, tc := range map[string]struct {
		node machine.Node
		want amounts
	}{
		// 131072 MiB less 20 for each pod, 50, 100 for eviction and the kernel's 2357.
		"110 pods":    {machine.Node{Type: large, MaxPods: 110}, amounts{15740, 126364, 110, -1}},
		"by default":  {machine.Node{Type: large}, amounts{15740, 123564, -1, -1}},
		"at most 25%": {machine.Node{Type: small, MaxPods: 250}, amounts{1900, 5813, 250, -1}},
		"a node class's disk": {machine.Node{Type: small, MaxPods: 30, Disk: 128 * millrace.GiB},
			amounts{1900, 7211, 30, 119613121208}},
		"on a local disk": {machine.Node{Type: disks, LocalNVMe: true, MaxPods: 30, Disk: 128 * millrace.GiB}, amounts{7820, 63567, 30, -1}},
		"no machine":      {machine.Node{}, amounts{-1, -1, -1, -1}},
	} {
		if got := amountsOf(machine.AKS(tc.node)); got != tc.want {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
}

// TestAKSNodes are the capacities of nodes that people have shown in public, of
// which the formula must leave no more.
func TestAKSNodes(t *testing.T) {
	for gib, kib := range map[int64]int64{8: 8130044, 32: 32863116, 112: 115397144, 220: 226783616} {
		got := amountsOf(machine.AKS(machine.Node{Type: machine.Type{CPUs: 8, Memory: millrace.Bytes(gib) * millrace.GiB}, MaxPods: 30}))
		capacity := got.mib + 20*30 + 50 + 100
		if off := float64(capacity)/(float64(kib)/1024) - 1; off < -0.004 || off > 0.004 {
			t.Errorf("%d GiB: %d MiB, %.2f%% off", gib, capacity, 100*off)
		}
	}
	// All of them have 129886128Ki of their 128 GiB, and 119703055367 bytes of
	// these for pods.
	got := amountsOf(machine.AKS(machine.Node{Disk: 128 * millrace.GiB})).storage
	if off := float64(got)/119703055367 - 1; off < -0.002 || off > 0 {
		t.Errorf("%d bytes on 128 GiB, %.2f%% off", got, 100*off)
	}
	got = amountsOf(machine.AKS(machine.Node{Disk: 30 * millrace.GiB})).storage
	if off := float64(got)/28043041951 - 1; off < -0.002 || off > 0 {
		t.Errorf("%d bytes on 30 GiB, %.2f%% off", got, 100*off)
	}
}
