package nodepool

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/millrace/millrace"
)

const (
	// gkeMinPods and gkeMaxPods bound the pods of a node.
	// Source: the schema of ComputeClass, maxPodsPerNode.
	gkeMinPods = 8
	gkeMaxPods = 256
	// gkeUpgrading is how many nodes of a pool GKE upgrades at the same time.
	// Source: terraform-provider-google, container_node_pool, upgrade_settings.
	gkeUpgrading = 20
	// gkeCompact is how many nodes a compact placement has.
	// Source: https://cloud.google.com/kubernetes-engine/docs/how-to/compact-placement.
	gkeCompact = 1500
	// gkeLabels is how many resource labels and network tags a machine has.
	gkeLabels = 64
	// gkeMaxRun is the longest that a machine with an end runs.
	gkeMaxRun = 7 * 24 * time.Hour
)

var (
	gkeResourceKey   = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`)
	gkeResourceValue = regexp.MustCompile(`^[a-z0-9_-]{0,63}$`)
	gkeTag           = regexp.MustCompile(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)
	gkeImage         = regexp.MustCompile(`^projects/([^/]+)/global/images/([a-z](?:[-a-z0-9]*[a-z0-9])?)$`)
	gkeReservation   = regexp.MustCompile(`^(projects/[^/\s]+/reservations/)?[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)
	// gkeCompactSeries are the machines that can be put near to each other.
	// Source: as of gkeCompact.
	gkeCompactSeries = regexp.MustCompile(`^(c2|c2d|c3|c3d|c4a|c4d|c4n|h3|h4d|n2|n2d|z4d|a[0-9][a-z]*|g[0-9])-`)
)

// checkOptions checks what the provider has beside the pool.
func (g GKE) checkOptions(p *Pool, problems *millrace.Problems) {
	checkMaxPods(problems, g.MaxPods)
	g.Upgrade.check(problems)
	g.Provisioning.check(p, problems)
	g.checkImages(p, problems)
	if len(g.ResourceLabels) > gkeLabels {
		problems.Invalid("Provider.ResourceLabels", len(g.ResourceLabels), "are too many", "use at most 64")
	}
	for _, key := range slices.Sorted(maps.Keys(g.ResourceLabels)) {
		switch at := "Provider.ResourceLabels[" + key + "]"; {
		case !gkeResourceKey.MatchString(key):
			problems.Invalid(at, key, "it is no label of Google Cloud", "use at most 63 lower-case letters, digits, '_' or '-', with a letter first")
		case strings.HasPrefix(key, "goog-"):
			problems.Conflict(at, "Google Cloud sets labels of that prefix", "use another key")
		case !gkeResourceValue.MatchString(g.ResourceLabels[key]):
			problems.Invalid(at, g.ResourceLabels[key], "it is no label of Google Cloud", "use at most 63 lower-case letters, digits, '_' or '-'")
		}
	}
	if len(g.NetworkTags) > gkeLabels {
		problems.Invalid("Provider.NetworkTags", len(g.NetworkTags), "are too many", "use at most 64")
	}
	for i, tag := range g.NetworkTags {
		switch at := fmt.Sprintf("Provider.NetworkTags[%d]", i); {
		case !gkeTag.MatchString(tag):
			problems.Invalid(at, tag, "it is no network tag", "use at most 63 lower-case letters, digits or '-', with a letter first")
		case slices.Contains(g.NetworkTags[:i], tag):
			problems.Add(millrace.RuleDuplicate, at, fmt.Sprintf("%q is there already", tag), "leave it out")
		}
	}
}

func checkMaxPods(problems *millrace.Problems, pods int) {
	if pods != 0 && (pods < gkeMinPods || pods > gkeMaxPods) {
		problems.Invalid("Provider.MaxPods", pods, "is out of range", "use 8 to 256")
	}
}

// checkImages checks the secondary boot disks.
func (g GKE) checkImages(p *Pool, problems *millrace.Problems) {
	for i, disk := range g.SecondaryBootDisks {
		at := fmt.Sprintf("Provider.SecondaryBootDisks[%d]", i)
		if isReference(disk) {
			continue // values reports what is wrong with it.
		}
		checkDiskImage(problems, at, disk)
	}
	needStreaming(p, problems, len(g.SecondaryBootDisks))
}

// checkDiskImage checks the name of a disk image.
func checkDiskImage(problems *millrace.Problems, at, disk string) {
	if !gkeImage.MatchString(disk) {
		problems.Invalid(at, disk, "it is no disk image", "use projects/<project>/global/images/<image>")
	}
}

// needStreaming reports images on disks that nothing reads.
func needStreaming(p *Pool, problems *millrace.Problems, disks int) {
	if disks > 0 && !p.ImageStreaming {
		problems.Required("ImageStreaming", "set it: GKE reads images from Provider.SecondaryBootDisks only then")
	}
}

func (u GKEUpgrade) check(problems *millrace.Problems) {
	surge := u.surge()
	switch {
	case surge < 0:
		problems.Invalid("Provider.Upgrade.Surge", surge, "is negative", "use 0 or more")
	case u.Unavailable < 0:
		problems.Invalid("Provider.Upgrade.Unavailable", u.Unavailable, "is negative", "use 0 or more")
	case surge+u.Unavailable == 0:
		problems.Invalid("Provider.Upgrade.Surge", surge, "no node could be upgraded", "allow one node to be added, or set Provider.Upgrade.Unavailable")
	case surge > gkeUpgrading || u.Unavailable > gkeUpgrading || surge+u.Unavailable > gkeUpgrading:
		problems.Invalid("Provider.Upgrade.Surge", surge, fmt.Sprintf("together with Unavailable it is more than GKE upgrades at the same time, %d", gkeUpgrading), "lower one of them")
	}
	wholeSeconds(problems, "Provider.Upgrade.Grace", u.Grace)
	wholeSeconds(problems, "Provider.Upgrade.BudgetTimeout", u.BudgetTimeout)
}

// surge is how many nodes an upgrade adds.
func (u GKEUpgrade) surge() int {
	if u.Surge == nil {
		return gkeSurge
	}
	return *u.Surge
}

// surges reports whether the surge is the user's own.
func (u GKEUpgrade) surges() bool { return u.Surge != nil || u.Unavailable != 0 }

// drains reports whether the draining is the user's own.
func (u GKEUpgrade) drains() bool { return u.Grace != 0 || u.BudgetTimeout != 0 || u.KeepBudgets }

// wholeSeconds checks a time that an API takes in seconds.
func wholeSeconds(problems *millrace.Problems, field string, d time.Duration) {
	switch {
	case d < 0:
		problems.Invalid(field, d, "is negative", "use a positive duration")
	case d == Forever:
		problems.Invalid(field, "Forever", "GKE wants an end", "use a duration")
	case d%time.Second != 0:
		problems.Invalid(field, d, "GKE counts in whole seconds", "use a multiple of time.Second")
	}
}

func (b GKEProvisioning) check(p *Pool, problems *millrace.Problems) {
	const at = "Provider.Provisioning."
	late := b.FlexStart || b.Queued
	switch {
	case b.Reservation == "":
	case b.NoReservation:
		problems.Conflict(at+"NoReservation", "there is a Reservation", "keep one of them")
	case p.spot():
		problems.Conflict(at+"Reservation", "spot machines come from no reservation", "leave it out, or use machines on demand")
	case late:
		problems.Conflict(at+"Reservation", "machines that come later are from no reservation", "leave it out, or FlexStart and Queued")
	case !gkeReservation.MatchString(b.Reservation):
		problems.Invalid(at+"Reservation", b.Reservation, "it is no reservation", "use its name, or projects/<project>/reservations/<name>")
	}
	if b.FlexStart && p.spot() {
		problems.Conflict(at+"FlexStart", "spot machines come at once, or not at all", "leave one of them out")
	}
	if late && p.Min > 0 {
		problems.Conflict("Min", "machines that come later can't be there from the start", "leave it out, or FlexStart and Queued")
	}
	wholeSeconds(problems, at+"MaxRun", b.MaxRun)
	if b.MaxRun > gkeMaxRun && b.MaxRun != Forever {
		problems.Invalid(at+"MaxRun", b.MaxRun, "is too long", "use at most seven days")
	}
	if !b.Compact {
		return
	}
	if gkeMachinePattern.MatchString(p.Machine) && !gkeCompactSeries.MatchString(p.Machine) {
		problems.Unsupported(at+"Compact", fmt.Sprintf("machines of type %s can't be put near to each other", p.Machine), "use one of series C2, C2D, C3, C3D, C4A, C4D, H3, N2 or N2D, or leave it out")
	}
	if p.Max > gkeCompact {
		problems.Invalid("Max", p.Max, fmt.Sprintf("a compact placement has at most %d nodes", gkeCompact), "lower it, or leave Provider.Provisioning.Compact out")
	}
}

// affinity returns how reservations are used, as GKE's API spells it, with
// the key and the value of a certain one; nothing where it is left to GKE.
func (b GKEProvisioning) affinity() (kind, key, value string) {
	switch {
	case b.Reservation != "":
		return "SPECIFIC_RESERVATION", "compute.googleapis.com/reservation-name", b.Reservation
	case b.NoReservation || b.FlexStart || b.Queued:
		return "NO_RESERVATION", "", ""
	}
	return "", "", ""
}

// repairs reports whether GKE replaces nodes that are ill. Those that have to
// be waited for aren't.
func (b GKEProvisioning) repairs() bool { return !b.FlexStart && !b.Queued }
