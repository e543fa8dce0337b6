package machine_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

// lines returns the fields of each line of a table of facts.
func lines(t *testing.T, name string) [][]string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for line := range strings.Lines(string(data)) {
		if !strings.HasPrefix(line, "#") {
			out = append(out, strings.Fields(line))
		}
	}
	return out
}

// fact is what a table says of a machine type.
type fact struct {
	machine.Type
	accelerators bool
}

func awsFacts(t *testing.T) map[string]fact {
	t.Helper()
	out := map[string]fact{}
	for _, fields := range lines(t, "aws.txt") {
		family, arch, sizes := fields[0], fields[1], fields[2:]
		accelerators := sizes[0] == "accelerators"
		if accelerators {
			sizes = sizes[1:]
		}
		for _, size := range sizes {
			var cpus, mib, interfaces, addresses, gb int64
			var disks int
			name, rest, _ := strings.Cut(size, ":")
			if n, err := fmt.Sscanf(rest, "%d:%d:%dx%d:%dx%d", &cpus, &mib, &interfaces, &addresses, &disks, &gb); n != 6 {
				t.Fatalf("%s.%s: %v", family, size, err)
			}
			name = family + "." + name
			out[name] = fact{machine.Type{
				Name: name, CPUs: cpus, Memory: millrace.Bytes(mib) * millrace.MiB, Arch: arch,
				LocalDisks: disks, LocalDisk: millrace.Bytes(gb) * 1_000_000_000,
				MaxPods: int(interfaces*(addresses-1) + 2),
			}, accelerators}
		}
	}
	return out
}

// TestAWSTypes holds what names tell to what EC2 says: nothing may be wrong, and
// little unknown.
func TestAWSTypes(t *testing.T) {
	var right, unknown, others int
	facts := awsFacts(t)
	for name, want := range facts {
		got, ok := machine.AWS(name)
		series, _, _ := strings.Cut(name, ".")
		switch {
		case ok:
			if diff := cmp.Diff(want.Type, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
			right++
		case want.accelerators, strings.HasPrefix(series, "mac"):
			others++
		default:
			unknown++
			t.Logf("%s isn't known", name)
		}
		if arch := machine.AWSArch(name); arch != want.Arch && !strings.HasPrefix(series, "mac") {
			t.Errorf("%s is %q, want %q", name, arch, want.Arch)
		}
	}
	t.Logf("of %d machine types %d are right, %d unknown, and %d unknown that are Macs or have accelerators", len(facts), right, unknown, others)
	if len(facts) < 1390 || 100*right < 98*len(facts) {
		t.Errorf("%d of %d are known", right, len(facts))
	}
}

// TestAWSOlder are machine types that EC2 no longer lists everywhere.
func TestAWSOlder(t *testing.T) {
	for name, want := range map[string][2]int64{
		"p3.8xlarge": {32, 244}, "g4ad.16xlarge": {64, 256}, "dl1.24xlarge": {96, 768}, "i3.metal": {72, 512},
	} {
		got, ok := machine.AWS(name)
		if !ok || got.CPUs != want[0] || got.Memory != millrace.Bytes(want[1])*millrace.GiB {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestAWSUnknown(t *testing.T) {
	for _, name := range []string{
		"", ".", "m5", "m5.", ".large", "m5.huge", "m5.3xlarge", "m5.0xlarge", "m5.xlarge.xlarge", "M5.large", "m5.LARGE",
		"m99g.large", "m5.metal-24xl", "m6g.24xlarge", "db.m5.large", " m5.large", "mac2.metal", "m5.large ",
	} {
		if got, ok := machine.AWS(name); ok {
			t.Errorf("%q: %+v", name, got)
		}
	}
}

// TestAWSArch are names of machine types that aren't known.
func TestAWSArch(t *testing.T) {
	for name, want := range map[string]string{
		"m10g.large": "arm64", "r12gd.48xlarge": "arm64", "m10i.large": "amd64", "g7.xlarge": "amd64", "p6e-gb200.36xlarge": "arm64",
		"u-12tb1.112xlarge": "amd64", "mac9.metal": "", "": "", "large": "", "n2-standard-4": "",
	} {
		if got := machine.AWSArch(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

func FuzzAWS(f *testing.F) {
	for _, name := range []string{"m5.large", "c7i-flex.16xlarge", "u7in-32tb.224xlarge", "r7i.metal-48xl"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) { wellFormed(t, name, machine.AWS) })
}

// wellFormed holds for what a name tells, whatever it is.
func wellFormed(t *testing.T, name string, read func(string) (machine.Type, bool)) {
	t.Helper()
	got, ok := read(name)
	switch {
	case !ok && got != machine.Type{}:
		t.Errorf("%q isn't known, and is %+v", name, got)
	case ok && (got.Name != name || got.CPUs <= 0 || got.Memory <= 0 || got.Arch == ""):
		t.Errorf("%q: %+v", name, got)
	case (got.LocalDisks == 0) != (got.LocalDisk == 0):
		t.Errorf("%q: %d disks of %d", name, got.LocalDisks, got.LocalDisk)
	}
}

func parse(t *testing.T, s string) float64 {
	t.Helper()
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
