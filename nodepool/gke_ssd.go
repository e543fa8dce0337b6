package nodepool

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

// gkeSSDStep says how many local SSDs the machines of a series can take, or
// come with, that have at most so many CPUs.
type gkeSSDStep struct {
	cpus   int64
	counts []int
}

// gkeTakes are the series that take local SSDs, as many as one asks for.
// Source: https://cloud.google.com/compute/docs/disks/local-ssd, choose a valid
// number of Local SSD disks (2026-04).
var gkeTakes = map[string][]gkeSSDStep{
	"n1":  {{999, []int{1, 2, 3, 4, 5, 6, 7, 8, 16, 24}}},
	"n2":  {{10, []int{1, 2, 4, 8, 16, 24}}, {20, []int{2, 4, 8, 16, 24}}, {40, []int{4, 8, 16, 24}}, {80, []int{8, 16, 24}}, {128, []int{16, 24}}},
	"n2d": {{16, []int{1, 2, 4, 8, 16, 24}}, {48, []int{2, 4, 8, 16, 24}}, {80, []int{4, 8, 16, 24}}, {224, []int{8, 16, 24}}},
	"c2":  {{8, []int{1, 2, 4, 8}}, {16, []int{2, 4, 8}}, {30, []int{4, 8}}, {60, []int{8}}},
	"c2d": {{16, []int{1, 2, 4, 8}}, {32, []int{2, 4, 8}}, {56, []int{4, 8}}, {112, []int{8}}},
	"g2":  {{16, []int{1}}, {24, []int{2}}, {32, []int{1}}, {48, []int{4}}, {96, []int{8}}},
	"m3":  {{64, []int{4, 8}}, {128, []int{8}}},
}

// gkeBrings are the series that have machines with local SSDs, whose names end
// in lssd, and others without any.
// Source: as of gkeTakes.
var gkeBrings = map[string][]gkeSSDStep{
	"c3":  {{4, []int{1}}, {8, []int{2}}, {22, []int{4}}, {44, []int{8}}, {88, []int{16}}, {176, []int{32}}},
	"c3d": {{16, []int{1}}, {30, []int{2}}, {60, []int{4}}, {90, []int{8}}, {180, []int{16}}, {360, []int{32}}},
	"c4":  {{8, []int{1}}, {16, []int{2}}, {24, []int{4}}, {32, []int{5}}, {48, []int{8}}, {96, []int{16}}, {144, []int{24}}, {192, []int{32}}, {288, []int{48}}},
	"c4a": {{4, []int{1}}, {8, []int{2}}, {16, []int{4}}, {32, []int{6}}, {48, []int{10}}, {64, []int{14}}, {72, []int{16}}},
	"c4d": {{16, []int{1}}, {32, []int{2}}, {48, []int{4}}, {64, []int{6}}, {96, []int{8}}, {192, []int{16}}, {384, []int{32}}},
	"h4d": {{192, []int{10}}},
}

// gkeNoSSDs are the series none of whose machines has, or takes, local SSDs.
// Source: as of gkeTakes.
var gkeNoSSDs = []string{"e2", "h3", "m2", "n4", "n4a", "n4d", "t2a", "t2d"}

// gkeWithSSDs are the endings of machine types that come with local SSDs.
var gkeWithSSDs = regexp.MustCompile(`-(high|standard)?lssd(-metal)?$`)

// checkLocalDisks checks how many local SSDs the nodes get.
func (g GKE) checkLocalDisks(p *Pool, problems *millrace.Problems) {
	checkLocalSSDs(p, g.LocalSSDs, problems)
	if p.Disk.LocalNVMe && g.localSSDs(p) == 0 && (gkeSSDCounts(p.Machine) != nil || gkeWithSSDs.MatchString(p.Machine)) {
		problems.Required("Provider.LocalSSDs", "say how many a node has, or leave out Disk.LocalNVMe")
	}
}

// checkLocalSSDs checks a number of local SSDs against the machine types that
// tell which ones there can be.
func checkLocalSSDs(p *Pool, count int, problems *millrace.Problems) {
	const field = "Provider.LocalSSDs"
	if count < 0 || count > gkeLocalSSDs {
		problems.Invalid(field, count, "is out of range", "use 0 to 48")
		return
	}
	if count == 0 && !p.Disk.LocalNVMe {
		return
	}
	asked := field
	if count == 0 {
		asked = "Disk.LocalNVMe"
	}
	for _, name := range append([]string{p.Machine}, p.OtherMachines...) {
		series, _, _ := strings.Cut(name, "-")
		switch own, counts := gkeOwnSSDs(name), gkeSSDCounts(name); {
		case own > 0 && count > 0 && count != own:
			problems.Invalid(field, count, fmt.Sprintf("a machine of type %s comes with %d", name, own), "leave it out")
		case gkeWithSSDs.MatchString(name):
		case gkeBrings[series] != nil:
			problems.Unsupported(asked, fmt.Sprintf("a machine of type %s has no local SSDs", name), "use one whose name ends in -lssd")
		case slices.Contains(gkeNoSSDs, series):
			problems.Unsupported(asked, fmt.Sprintf("a machine of type %s takes no local SSDs", name), "use one of series N2, N2D, C2 or C2D, or one whose name ends in -lssd")
		case count > 0 && counts != nil && !slices.Contains(counts, count):
			problems.Invalid(field, count, fmt.Sprintf("a machine of type %s can't have so many", name), "use "+orList(counts))
		}
	}
}

// localSSDs returns how many local SSDs a node has for its pods; zero where
// the boot disk serves them.
func (g GKE) localSSDs(p *Pool) int {
	if g.LocalSSDs == 0 && p.Disk.LocalNVMe {
		return gkeOwnSSDs(p.Machine)
	}
	return g.LocalSSDs
}

// gkeSSDCounts returns the numbers of local SSDs that a machine type takes, or
// nil where that isn't known.
func gkeSSDCounts(name string) []int {
	series, rest, _ := strings.Cut(name, "-")
	switch {
	case series == "custom":
		series = "n1"
	case strings.HasPrefix(rest, "ultramem") && series == "n1":
		return nil
	}
	return gkeSSDStepOf(gkeTakes[series], name)
}

// gkeOwnSSDs returns how many local SSDs machines of a type come with; zero
// where there are none, and where it isn't known.
func gkeOwnSSDs(name string) int {
	series, _, _ := strings.Cut(name, "-")
	if !gkeWithSSDs.MatchString(name) || strings.HasSuffix(name, "-metal") {
		return 0
	}
	if counts := gkeSSDStepOf(gkeBrings[series], name); len(counts) == 1 {
		return counts[0]
	}
	return 0
}

func gkeSSDStepOf(steps []gkeSSDStep, name string) []int {
	t, ok := machine.GCP(name)
	for _, step := range steps {
		if ok && t.CPUs <= step.cpus {
			return step.counts
		}
	}
	return nil
}

// orList writes numbers as a choice: "1, 2 or 4".
func orList(numbers []int) string {
	words := make([]string, len(numbers))
	for i, n := range numbers {
		words[i] = strconv.Itoa(n)
	}
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
