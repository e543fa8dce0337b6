package machine_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

func TestGCPLocalDisks(t *testing.T) {
	for name, want := range map[string]struct {
		disks int
		gib   int64
	}{
		"c3-standard-22-lssd":           {4, 375},
		"c3d-highmem-360-lssd":          {32, 375},
		"c4-standard-288-lssd":          {48, 375},
		"c4-highmem-288-lssd-metal":     {6, 3000},
		"c4a-standard-48-lssd":          {10, 375},
		"c4d-highmem-8-lssd":            {1, 375},
		"h4d-highmem-192-lssd":          {10, 375},
		"z3-highmem-22-standardlssd":    {2, 3000},
		"z3-highmem-22-highlssd":        {3, 3000},
		"z3-highmem-192-highlssd-metal": {12, 6000},
		"c3-standard-22":                {},
		"n2-highmem-16":                 {},
		"a3-edgegpu-8g-nolssd":          {},
		"c3-standard-192-metal":         {},
	} {
		got, _ := machine.GCP(name)
		if got.LocalDisks != want.disks || got.LocalDisk != millrace.Bytes(want.gib)*millrace.GiB {
			t.Errorf("%s: %d of %d, want %+v", name, got.LocalDisks, got.LocalDisk, want)
		}
	}
}

// TestGKE: the node of Google's page, and what is kept of the disks.
// Source: https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes.
func TestGKE(t *testing.T) {
	plain, _ := machine.GCP("e2-standard-4")
	arm, _ := machine.GCP("c4a-standard-4")
	one, _ := machine.GCP("c3-standard-4-lssd")
	big, _ := machine.GCP("c4-standard-288-lssd")
	z3, _ := machine.GCP("z3-highmem-22-standardlssd")
	future := plain
	future.Name = "c9-standard-4-lssd"
	const gib = 1 << 30
	for name, tc := range map[string]struct {
		node machine.Node
		want amounts
	}{
		// Google shows 3920m and 13182 MiB, which is 0.6% less.
		"boot disk":  {machine.Node{Type: plain, Disk: 100 * millrace.GiB}, amounts{3920, 13257, -1, 46375815350}},
		"pods":       {machine.Node{Type: plain, MaxPods: 32}, amounts{3920, 13257, 32, -1}},
		"Arm":        {machine.Node{Type: arm, Disk: 100 * millrace.GiB}, amounts{3920, 13258, -1, 46375815350 - 64<<20}},
		"no machine": {machine.Node{Disk: 100 * millrace.GiB}, amounts{-1, -1, -1, 46375815350}},
		// 375 GiB each, less what was measured, a tenth, and 50, 75 or 100 GiB.
		"one local SSD":                {machine.Node{Type: one, LocalNVMe: true, Disk: 100 * millrace.GiB}, amounts{3920, 13257, -1, (375*gib-7289472<<10)*9/10 + 1 - 50*gib}},
		"two of N2":                    {machine.Node{Type: plain, LocalNVMe: true, LocalDisks: 2}, amounts{3920, 13257, -1, (750*gib-13725224<<10)*9/10 + 1 - 75*gib}},
		"nine, as of 16":               {machine.Node{Type: plain, LocalNVMe: true, LocalDisks: 9}, amounts{3920, 13257, -1, (9*375*gib-52837800<<10)*9/10 - 100*gib}},
		"48, as of none":               {machine.Node{Type: big, LocalNVMe: true}, amounts{287210, 1059172, -1, 48*375*gib*981/1000*9/10 + 1 - 100*gib}},
		"Z3's":                         {machine.Node{Type: z3, LocalNVMe: true}, amounts{21875, 166454, -1, 2*3000*gib*981/1000*9/10 + 1 - 75*gib}},
		"local SSDs that come with it": {machine.Node{Type: one, Disk: 100 * millrace.GiB}, amounts{3920, 13257, -1, (375*gib-7289472<<10)*9/10 + 1 - 50*gib}},
		"of an unknown number":         {machine.Node{Type: future, Disk: 100 * millrace.GiB}, amounts{3920, 13257, -1, -1}},
		"local SSDs of none":           {machine.Node{Type: plain, LocalNVMe: true, Disk: 100 * millrace.GiB}, amounts{3920, 13257, -1, -1}},
	} {
		if got := amountsOf(machine.GKE(tc.node)); got != tc.want {
			t.Errorf("%s: %+v, want %+v", name, got, tc.want)
		}
	}
}

// TestGCPLocalSSDs: machines that come with some, that take some, and that don't.
func TestGCPLocalSSDs(t *testing.T) {
	type ssds = machine.LocalSSDs
	for name, want := range map[string]ssds{
		"c3-standard-22-lssd":           {Own: 4, Comes: true},
		"z3-highmem-22-highlssd":        {Own: 3, Comes: true},
		"z3-highmem-192-highlssd-metal": {Own: 12, Comes: true},
		"c9-standard-8-lssd":            {Comes: true},
		"c3-standard-22":                {Never: true, Others: true},
		"h4d-standard-192":              {Never: true, Others: true},
		"e2-standard-4":                 {Never: true},
		"n2-highmem-16":                 {Takes: []int{2, 4, 8, 16, 24}},
		"n2-highmem-128":                {Takes: []int{16, 24}},
		"custom-4-16384":                {Takes: []int{1, 2, 3, 4, 5, 6, 7, 8, 16, 24}},
		"n1-ultramem-40":                {},
		"m3-ultramem-32":                {},
		"n2-highmem-99":                 {},
		"x9-standard-4":                 {},
		"":                              {},
	} {
		if diff := cmp.Diff(want, machine.GCPLocalSSDs(name)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", name, diff)
		}
	}
	machine.GCPLocalSSDs("c2-standard-60").Takes[0] = 99
	if got := machine.GCPLocalSSDs("c2-standard-60").Takes[0]; got != 8 {
		t.Errorf("the table has %d now", got)
	}
}

func FuzzGCP(f *testing.F) {
	for _, name := range []string{"n2-standard-4", "z3-highmem-22-highlssd", "n2-custom-4-8192-ext"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) { wellFormed(t, name, machine.GCP) })
}
