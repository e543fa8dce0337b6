//go:build corpus

package machine_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/millrace/millrace/internal/machine"
)

// TestGCPTypes holds the sizes that names tell to Google's list of machine
// types. What isn't known must be what comes with accelerators, or can't be a
// node.
func TestGCPTypes(t *testing.T) {
	f, err := os.Open(filepath.Join(os.Getenv("MILLRACE_CORPUS"), "data", "gcp_machinetypes.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	right, unknown := 0, 0
	for _, row := range rows[1:] {
		name := row[0]
		cpus, err := strconv.ParseInt(row[1], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		gib, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		m, ok := machine.GCP(name)
		switch {
		case ok && m.CPUs == cpus && gibOf(m) > gib-0.06 && gibOf(m) < gib+0.06:
			right++
		case ok:
			t.Errorf("%s: %d CPUs and %.2f GiB, want %d and %.2f", name, m.CPUs, gibOf(m), cpus, gib)
		default:
			unknown++
			series, _, _ := strings.Cut(name, "-")
			switch {
			case strings.HasPrefix(series, "a"), strings.HasPrefix(series, "ct"), strings.HasPrefix(series, "tpu"), series == "x4":
			case name == "f1-micro", name == "g1-small", strings.HasSuffix(name, "-megamem-96"), strings.HasPrefix(name, "m2-ultramem"):
			default:
				t.Errorf("%s: not known", name)
			}
		}
	}
	t.Logf("of %d machine types %d are right and %d unknown: %.1f%%", len(rows)-1, right, unknown, 100*float64(right)/float64(len(rows)-1))
}
