package machine_test

import (
	"strings"
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

// azureRound are families of which Azure's list rounds the memory to other
// numbers than its pages have, and than machines have shown, 1024 GiB to 1000
// for instance.
// Source: https://learn.microsoft.com/azure/virtual-machines/linux/compute-benchmark-scores.
var azureRound = map[string]bool{"M*": true, "M*s": true, "M*m": true, "M*ms": true}

// TestAzureTypes holds what names tell to Azure's own list: nothing may be
// wrong, and nothing unknown but what is made for supercomputing.
func TestAzureTypes(t *testing.T) {
	var right, unknown int
	for _, fields := range lines(t, "azure.txt") {
		family, sizes := fields[0], fields[1:]
		for _, size := range sizes {
			number, gib, _ := strings.Cut(size, "=")
			number, cpus, named := strings.Cut(number, ":")
			whole, active, some := strings.Cut(number, "-")
			switch {
			case some:
				cpus = active
			case !named:
				cpus = whole
			}
			name := "Standard_" + strings.Replace(family, "*", number, 1)
			got, ok := machine.Azure(name)
			if !ok {
				if unknown++; !strings.HasPrefix(family, "H") {
					t.Errorf("%s isn't known", name)
				}
				continue
			}
			right++
			checkAzure(t, got, parse(t, cpus), parse(t, gib), azureRound[family])
		}
	}
	t.Logf("%d are right, and %d unknown", right, unknown)
	if right < 590 {
		t.Errorf("%d are known", right)
	}
}

// checkAzure compares a machine type with its CPUs, and its memory, rounded down
// or else about so much.
func checkAzure(t *testing.T, got machine.Type, cpus, gib float64, about bool) {
	t.Helper()
	if float64(got.CPUs) != cpus {
		t.Errorf("%s: %d CPUs, want %g", got.Name, got.CPUs, cpus)
	}
	most := gib + 1
	if about {
		most = gib * 1.03
	}
	if has := gibOf(got); has < gib || has >= most {
		t.Errorf("%s: %g GiB, want %g", got.Name, has, gib)
	}
}

func TestAzure(t *testing.T) {
	type want struct {
		cpus, gib   int64
		arch        string
		disks       int
		disk        millrace.Bytes
		explanation string
	}
	const gb = 1_000_000_000
	for name, w := range map[string]want{
		"Standard_E16s_v5":    {16, 128, "amd64", 0, 0, "the plain case"},
		"Standard_D4ds_v5":    {4, 16, "amd64", 0, 0, "its temporary disk is no NVMe disk"},
		"Standard_F16s_v2":    {16, 32, "amd64", 0, 0, ""},
		"Standard_E16-8s_v5":  {8, 128, "amd64", 0, 0, "half of the CPUs are active, all of the memory is there"},
		"Standard_E16-4ds_v6": {4, 128, "amd64", 2, 440 * millrace.GiB, "a quarter, with all of the disks"},
		"Standard_D64ps_v5":   {64, 208, "arm64", 0, 0, "less memory than the CPUs tell"},
		"Standard_D32pds_v6":  {32, 128, "arm64", 4, 440 * millrace.GiB, ""},
		"Standard_E96s_v5":    {96, 672, "amd64", 0, 0, ""},
		"Standard_E96s_v6":    {96, 768, "amd64", 0, 0, ""},
		"Standard_E20ds_v6":   {20, 160, "amd64", 2, 550 * millrace.GiB, ""},
		"Standard_E160ads_v7": {160, 1280, "amd64", 4, 2200 * millrace.GiB, ""},
		"Standard_L16s_v3":    {16, 128, "amd64", 2, 1920 * gb, "told in powers of ten"},
		"Standard_L96as_v4":   {96, 768, "amd64", 12, 1920 * gb, ""},
		"Standard_L12aos_v4":  {12, 96, "amd64", 9, 960 * gb, ""},
		"Standard_DS3_v2":     {4, 14, "amd64", 0, 0, "the number isn't that of the CPUs"},
		"Standard_DS13-2_v2":  {2, 56, "amd64", 0, 0, ""},
		"Standard_B16pls_v2":  {16, 32, "arm64", 0, 0, ""},
	} {
		got, ok := machine.Azure(name)
		is := want{got.CPUs, int64(got.Memory / millrace.GiB), got.Arch, got.LocalDisks, got.LocalDisk, w.explanation}
		if !ok || is != w || got.Name != name || got.MaxPods != 0 {
			t.Errorf("%s: %+v, want %+v", name, got, w)
		}
	}
}

func TestAzureUnknown(t *testing.T) {
	for _, name := range []string{
		"", "Standard_", "Standard_D", "D4s_v5", "standard_d4s_v5", "Standard_D5s_v5", "Standard_D04s_v5", "Standard_D4s_v55",
		"Standard_D4s_v5 ", "Standard_D4-2s_v5", "Standard_E16-5s_v5", "Standard_E16-2s_v5", "Standard_E16-16s_v5", "Standard_E4-1s_v5",
		"Standard_E20-10s_v5", "Standard_E48-24s_v5", "Standard_NC24ads_A100_v4", "Standard_NV6", "Standard_HB120rs_v3", "Standard_D0s_v5",
		"Standard_D99999999999999999999s_v5", "Basic_A1",
	} {
		if got, ok := machine.Azure(name); ok {
			t.Errorf("%q: %+v", name, got)
		}
	}
}

func FuzzAzure(f *testing.F) {
	for _, name := range []string{"Standard_E16-8s_v5", "Standard_B1ls", "Standard_M208ms_v2", "Standard_L12aos_v4"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) { wellFormed(t, name, machine.Azure) })
}

func gibOf(t machine.Type) float64 { return float64(t.Memory) / float64(millrace.GiB) }
