package machine

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
)

// gcpSize is the size of a machine type.
type gcpSize struct {
	cpus int64
	mib  int64
	// shared says that a core is shared with other machines, so that GKE keeps
	// more of it.
	shared bool
}

var (
	// gcpDisks are endings that tell of disks and of bare metal, and not of
	// another size.
	gcpDisks = regexp.MustCompile(`-(high|standard|no)?(lssd|metal)$`)
	// gcpCustom are machine types that say how many CPUs and how many MiB.
	gcpCustom = regexp.MustCompile(`^(?:(?:n1|n2|n2d|n4|n4a|n4d|e2|g2)-)?custom-(\d{1,3})-(\d{3,7})(-ext)?$`)
)

// readGCP returns the size that a machine type's name tells, and false
// where it tells none.
func readGCP(name string) (gcpSize, bool) {
	if m, ok := gcpIrregular[name]; ok {
		return m, true
	}
	if c := gcpCustom.FindStringSubmatch(name); c != nil {
		cpus, _ := strconv.ParseInt(c[1], 10, 64)
		mib, _ := strconv.ParseInt(c[2], 10, 64)
		return gcpSize{cpus: cpus, mib: mib}, cpus > 0
	}
	base := name
	for gcpDisks.MatchString(base) {
		base = gcpDisks.ReplaceAllString(base, "")
	}
	at := strings.LastIndexByte(base, '-')
	family, ok := gcpFamilies[base[:max(at, 0)]]
	if !ok || !slices.Contains(strings.Fields(family.sizes), base[at+1:]) {
		return gcpSize{}, false
	}
	cpus, _ := strconv.ParseInt(base[at+1:], 10, 64)
	mib := cpus * family.gib << 10 / family.cpus
	if !strings.HasPrefix(name, "n1-") {
		mib = mib >> 10 << 10
	}
	return gcpSize{cpus: cpus, mib: mib}, true
}

// GCP returns what a machine type of Google Cloud has, and false where its name
// doesn't tell it: those with accelerators, and unknown ones.
func GCP(name string) (Type, bool) {
	m, ok := readGCP(name)
	if !ok {
		return Type{}, false
	}
	disks, gib := gcpLocalDisks(name, m.cpus)
	return Type{
		Name:       name,
		CPUs:       m.cpus,
		Memory:     millrace.Bytes(m.mib) * millrace.MiB,
		Arch:       gcpArch(name),
		Shared:     m.shared,
		LocalDisks: int(disks),
		LocalDisk:  millrace.Bytes(gib) * millrace.GiB,
	}, true
}

// gcpLocalDisks returns the local SSDs that a machine comes with, and the GiB
// of each.
func gcpLocalDisks(name string, cpus int64) (number, gib int64) {
	m := gcpSSDs.FindStringSubmatch(name)
	if m == nil {
		return 0, 0
	}
	return gcpSSDLayouts[m[1]+"-"+m[2]].of(cpus)
}

// gcpArm are the machines with Arm processors.
// Source: https://cloud.google.com/kubernetes-engine/docs/concepts/arm-on-gke.
var gcpArm = regexp.MustCompile(`^(t2a|c4a|n4a)-`)

func gcpArch(name string) string {
	if gcpArm.MatchString(name) {
		return "arm64"
	}
	return "amd64"
}
