package machine

import (
	"regexp"
	"slices"
	"strings"
)

// LocalSSDs says which local SSDs the machines of a type of Google Cloud have.
// The zero value is one of which it isn't known.
type LocalSSDs struct {
	// Own is how many they always come with; zero where there are none, or
	// where the number isn't known.
	Own int
	// Comes says that they come with some, known or not how many.
	Comes bool
	// Takes are the numbers that the user chooses from; nil where there is no
	// choice, and where it isn't known.
	Takes []int
	// Never says that they have none, and take none.
	Never bool
	// Others says that machines of the same series come with some.
	Others bool
}

var (
	// gcpSSDs reads the ending of machine types that come with local SSDs.
	gcpSSDs = regexp.MustCompile(`^([a-z0-9]+)-.*-((?:high|standard)?lssd(?:-metal)?)$`)
	// gcpNoSSDs are the series none of whose machines has, or takes, local SSDs.
	// Source: as of gcpTakesSSDs.
	gcpNoSSDs = []string{"e2", "h3", "m2", "n4", "n4a", "n4d", "t2a", "t2d"}
	// gcpSomeSSDs are the series that have machines with local SSDs, whose names
	// end in lssd, and others without any. The other series of gcpSSDLayouts has
	// only those.
	gcpSomeSSDs = []string{"c3", "c3d", "c4", "c4a", "c4d", "h4d"}
)

// GCPLocalSSDs returns which local SSDs machines of a type have, as far as the
// name tells.
func GCPLocalSSDs(name string) LocalSSDs {
	series, rest, _ := strings.Cut(name, "-")
	if series == "custom" {
		series = "n1"
	}
	t, known := GCP(name)
	out := LocalSSDs{Own: t.LocalDisks, Comes: gcpSSDs.MatchString(name)}
	out.Others = !out.Comes && slices.Contains(gcpSomeSSDs, series)
	out.Never = out.Others || slices.Contains(gcpNoSSDs, series)
	if known && !strings.HasPrefix(rest, "ultramem") {
		out.Takes = ssdsFor(gcpTakesSSDs[series], t.CPUs)
	}
	return out
}

// ssdStep says how many local SSDs the machines of a series can take that have
// at most so many CPUs.
type ssdStep struct {
	cpus   int64
	counts []int
}

func ssdsFor(steps []ssdStep, cpus int64) []int {
	for _, step := range steps {
		if cpus <= step.cpus {
			return slices.Clone(step.counts)
		}
	}
	return nil
}

// gcpTakesSSDs are the series that take local SSDs, as many as one asks for.
// Source: https://cloud.google.com/compute/docs/disks/local-ssd, choose a valid
// number of Local SSD disks (2026-04).
var gcpTakesSSDs = map[string][]ssdStep{
	"n1":  {{999, []int{1, 2, 3, 4, 5, 6, 7, 8, 16, 24}}},
	"n2":  {{10, []int{1, 2, 4, 8, 16, 24}}, {20, []int{2, 4, 8, 16, 24}}, {40, []int{4, 8, 16, 24}}, {80, []int{8, 16, 24}}, {128, []int{16, 24}}},
	"n2d": {{16, []int{1, 2, 4, 8, 16, 24}}, {48, []int{2, 4, 8, 16, 24}}, {80, []int{4, 8, 16, 24}}, {224, []int{8, 16, 24}}},
	"c2":  {{8, []int{1, 2, 4, 8}}, {16, []int{2, 4, 8}}, {30, []int{4, 8}}, {60, []int{8}}},
	"c2d": {{16, []int{1, 2, 4, 8}}, {32, []int{2, 4, 8}}, {56, []int{4, 8}}, {112, []int{8}}},
	"g2":  {{16, []int{1}}, {24, []int{2}}, {32, []int{1}}, {48, []int{4}}, {96, []int{8}}},
	"m3":  {{64, []int{4, 8}}, {128, []int{8}}},
}

// gcpSSDLayouts are the local SSDs of the machine types that come with some, in
// GiB, by their series and what their names end in.
// Source: https://cloud.google.com/compute/docs/disks/local-ssd, machine types that
// automatically attach Local SSD disks (2026).
var gcpSSDLayouts = map[string]diskLayout{
	"c3-lssd":           "4:1x375 8:2x375 22:4x375 44:8x375 88:16x375 176:32x375",
	"c3d-lssd":          "8:1x375 16:1x375 30:2x375 60:4x375 90:8x375 180:16x375 360:32x375",
	"c4-lssd":           "4:1x375 8:1x375 16:2x375 24:4x375 32:5x375 48:8x375 96:16x375 144:24x375 192:32x375 288:48x375",
	"c4-lssd-metal":     "288:6x3000",
	"c4a-lssd":          "4:1x375 8:2x375 16:4x375 32:6x375 48:10x375 64:14x375 72:16x375",
	"c4d-lssd":          "8:1x375 16:1x375 32:2x375 48:4x375 64:6x375 96:8x375 192:16x375 384:32x375",
	"h4d-lssd":          "192:10x375",
	"z3-highlssd":       "8:1x3000 16:2x3000 22:3x3000 32:4x3000 44:6x3000 88:12x3000",
	"z3-standardlssd":   "14:1x3000 22:2x3000 44:3x3000 88:6x3000 176:12x3000",
	"z3-highlssd-metal": "192:12x6000",
}
