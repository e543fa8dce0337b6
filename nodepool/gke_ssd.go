package nodepool

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

// checkLocalDisks checks how many local SSDs the nodes get.
func (g GKE) checkLocalDisks(p *Pool, problems *millrace.Problems) {
	checkLocalSSDs(p, g.LocalSSDs, problems)
	if p.Disk.LocalNVMe && g.localSSDs(p) == 0 && needsCount(p.Machine) {
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
		switch ssds := machine.GCPLocalSSDs(name); {
		case ssds.Own > 0 && count > 0 && count != ssds.Own:
			problems.Invalid(field, count, fmt.Sprintf("a machine of type %s comes with %d", name, ssds.Own), "leave it out")
		case ssds.Comes:
		case ssds.Others:
			problems.Unsupported(asked, fmt.Sprintf("a machine of type %s has no local SSDs", name), "use one whose name ends in -lssd")
		case ssds.Never:
			problems.Unsupported(asked, fmt.Sprintf("a machine of type %s takes no local SSDs", name), "use one of series N2, N2D, C2 or C2D, or one whose name ends in -lssd")
		case count > 0 && ssds.Takes != nil && !slices.Contains(ssds.Takes, count):
			problems.Invalid(field, count, fmt.Sprintf("a machine of type %s can't have so many", name), "use "+orList(ssds.Takes))
		}
	}
}

// needsCount reports whether a machine has local SSDs, or can, without telling
// how many.
func needsCount(name string) bool {
	ssds := machine.GCPLocalSSDs(name)
	return ssds.Takes != nil || ssds.Comes && ssds.Own == 0
}

// localSSDs returns how many local SSDs a node has for its pods; zero where
// the boot disk serves them.
func (g GKE) localSSDs(p *Pool) int {
	if g.LocalSSDs == 0 && p.Disk.LocalNVMe {
		return machine.GCPLocalSSDs(p.Machine).Own
	}
	return g.LocalSSDs
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
