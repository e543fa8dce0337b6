package nodepool

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool/karpenterv1"
)

func (k Karpenter) check(p *Pool, problems *millrace.Problems) {
	k.checkNodeClass(problems)
	if p.Machine == "" && len(k.Requirements) == 0 && len(k.Base.Template.Spec.Requirements) == 0 {
		problems.Required("Machine", "name a machine type, or narrow them down with Provider.Requirements")
	}
	for i, machine := range append([]string{p.Machine}, p.OtherMachines...) {
		field := "Machine"
		if i > 0 {
			field = fmt.Sprintf("OtherMachines[%d]", i-1)
		}
		checkValue(problems, field, machine)
	}
	p.checkArm(problems, archs[k.reference(p).Group])
	if p.Min > 0 {
		problems.Unsupported("Min", "Karpenter keeps no empty nodes", "leave it out; a CapacityBuffer or pods of low priority keep nodes warm")
	}
	if k.EC2 != nil {
		k.EC2.check(p, problems)
	} else {
		checkReferred(p, problems)
	}
	k.checkLifetime(p, problems)
	k.checkLimits(p, problems)
	k.checkNodes(p, problems)
	group := k.reference(p).Group
	checkRequirements(problems, "Provider.Requirements", k.Requirements, group)
	checkRequirements(problems, "Provider.Base.Template.Spec.Requirements", k.Base.Template.Spec.Requirements, group)
	checkDisruption(p, problems)
	if k.Base.Replicas != nil && (p.Priority != 0 || k.Base.Weight != nil) {
		problems.Conflict("Priority", "a static pool (Base.Replicas) has no weight", "leave it out")
	}
}

// archs tell the architecture of a cloud's machines, by the groups of its node
// classes.
var archs = map[string]func(machine string) Arch{
	awsGroup:   awsArch,
	autoGroup:  awsArch,
	azureGroup: azureArch,
}

// checkReferred reports what only a node class says, where somebody else makes
// it.
func checkReferred(p *Pool, problems *millrace.Problems) {
	for _, f := range []struct {
		field string
		set   bool
		fix   string
	}{
		{"Disk.Size", p.Disk.Size != 0, "blockDeviceMappings of an EC2NodeClass, osDiskSizeGB of an AKSNodeClass"},
		{"Disk.Type", p.Disk.Type != "", "blockDeviceMappings of an EC2NodeClass"},
		{"Disk.LocalNVMe", p.Disk.LocalNVMe, "instanceStorePolicy RAID0 of an EC2NodeClass"},
		{"ImageStreaming", p.ImageStreaming, "userData of an EC2NodeClass, artifactStreaming of an AKSNodeClass"},
	} {
		if f.set {
			problems.Unsupported(f.field, "it belongs to the node class, which somebody else makes", "set it there ("+f.fix+"), or make the class with Provider.EC2")
		}
	}
}

// checkLifetime holds the bound of EKS Auto Mode.
func (k Karpenter) checkLifetime(p *Pool, problems *millrace.Problems) {
	if k.reference(p).Group == autoGroup && p.Lifetime > maxAutoLifetime {
		problems.Unsupported("Lifetime", "EKS Auto Mode lets no node get older than 21 days", "use 504 hours or less, and another way of making nodes for what must stay longer")
	}
}

func (k Karpenter) checkNodeClass(problems *millrace.Problems) {
	if k.Base.Template.Spec.NodeClassRef != (karpenterv1.NodeClassReference{}) {
		problems.Conflict("Provider.Base.Template.Spec.NodeClassRef", "Provider.NodeClass makes it", "use Provider.NodeClass only")
	}
	if k.EC2 != nil {
		if k.NodeClass != (NodeClass{}) {
			problems.Conflict("Provider.NodeClass", "Provider.EC2 makes the node class", "set one of both")
		}
		return
	}
	problems.Name("Provider.NodeClass.Name", k.NodeClass.Name)
	ref := k.NodeClass.reference()
	switch {
	case ref.Group == "":
		problems.Required("Provider.NodeClass.Group", fmt.Sprintf("name the API group of %s, without a version", ref.Kind))
	case strings.ContainsAny(ref.Group, "/ \t\n\x00"):
		problems.Invalid("Provider.NodeClass.Group", ref.Group, "is no API group", "leave out the version: "+awsGroup)
	}
}

func (k Karpenter) checkLimits(p *Pool, problems *millrace.Problems) {
	if p.Limits.CPU < 0 {
		problems.Invalid("Limits.CPU", p.Limits.CPU, "is negative", "use a number of cores")
	}
	checkMemory(problems, "Limits.Memory", p.Limits.Memory, "node")
	if k.Base.Replicas != nil {
		if p.Limits != (Limits{}) {
			problems.Conflict("Limits", "a static pool (Base.Replicas) is limited by its number of nodes only", "use Max")
		}
		return
	}
	if p.Max == 0 && p.Limits == (Limits{}) && len(k.Base.Limits) == 0 {
		problems.Required("Max", "say how many nodes the pool may have, or set Limits")
	}
}

// checkNodes checks labels, requirements and taints together: labels that
// Karpenter keeps for itself, and what two of them make.
func (k Karpenter) checkNodes(p *Pool, problems *millrace.Problems) {
	made, group := map[string]bool{}, k.reference(p).Group
	requirements := k.joinRequirements(p, k.Base.Template.Spec.Requirements, problems)
	for _, r := range requirements {
		made[r.Key] = true
	}
	for _, key := range slices.Sorted(maps.Keys(p.Labels)) {
		at := "Labels[" + key + "]"
		if made[key] {
			problems.Conflict(at, "a requirement of the pool makes this label", "leave it out")
		} else if why, fix := restricted(key, group); why != "" {
			problems.Unsupported(at, why, orDefault(fix, "use a label of your own domain"))
		}
	}
	if m := k.Base.Template.Metadata; m != nil {
		problems.Labels("Provider.Base.Template.Metadata.Labels", m.Labels)
		for _, key := range slices.Sorted(maps.Keys(m.Labels)) {
			at := "Provider.Base.Template.Metadata.Labels[" + key + "]"
			if made[key] {
				problems.Conflict(at, "a requirement of the pool makes this label", "leave it out")
			} else if why, fix := restricted(key, group); why != "" {
				problems.Unsupported(at, why, orDefault(fix, "use a label of your own domain"))
			}
		}
	}
	if n := len(requirements) + len(p.labels()); n > maxRequirements {
		problems.Invalid("Provider.Requirements", n, "are too many, with the pool's own and the labels", "use at most 100 in all")
	}
	base := &k.Base.Template.Spec
	taken := p.taken(k.spotTaints(p))
	checkTaints(problems, "Taints", p.Taints, taken)
	checkTaints(problems, "StartupTaints", p.StartupTaints, taken)
	checkTaints(problems, "Provider.Base.Template.Spec.Taints", base.Taints, taken)
	checkTaints(problems, "Provider.Base.Template.Spec.StartupTaints", base.StartupTaints, taken)
}

// maxRequirements is the CRD's limit.
const maxRequirements = 100

// maxBudgets is the CRD's limit.
const maxBudgets = 50

// nodesPattern is the CRD's, for a budget's nodes.
var nodesPattern = regexp.MustCompile(`^((100|[0-9]{1,2})%|[0-9]+)$`)

// checkDisruption checks what Karpenter takes as text.
func checkDisruption(p *Pool, problems *millrace.Problems) {
	d := p.Disruption
	switch d.Consolidation {
	case "", WhenEmpty, WhenEmptyOrUnderutilized, Balanced:
	default:
		problems.Invalid("Disruption.Consolidation", string(d.Consolidation), "unknown policy", "use nodepool.WhenEmpty, WhenEmptyOrUnderutilized or Balanced")
	}
	checkDuration(problems, "Disruption.After", d.After, time.Second)
	checkDuration(problems, "Disruption.Grace", d.Grace, time.Second)
	checkDuration(problems, "Lifetime", p.Lifetime, time.Second)
	if d.AtOnce != "" && !nodesPattern.MatchString(d.AtOnce) {
		problems.Invalid("Disruption.AtOnce", d.AtOnce, "is no number of nodes and no share", `use one such as "2" or "10%"`)
	}
	if len(d.Quiet) >= maxBudgets {
		problems.Invalid("Disruption.Quiet", len(d.Quiet), "are too many", "use at most 49")
	}
	for i, w := range d.Quiet {
		at := fmt.Sprintf("Disruption.Quiet[%d]", i)
		if w.Schedule == "" {
			problems.Required(at+".Schedule", `say when it opens: "0 8 * * mon-fri"`)
		} else if _, err := parseSchedule(w.Schedule); err != nil {
			problems.Invalid(at+".Schedule", w.Schedule, err.Error(), `use five fields in UTC, as in "0 8 * * mon-fri"`)
		}
		switch {
		case w.Duration == 0:
			problems.Required(at+".Duration", "say how long it stays open")
		case w.Duration == Forever:
			problems.Invalid(at+".Duration", "Forever", "a window ends", `set AtOnce to "0" to keep nodes always`)
		default:
			checkDuration(problems, at+".Duration", w.Duration, time.Minute)
		}
	}
}

// checkDuration checks a duration that Karpenter reads in whole units.
func checkDuration(problems *millrace.Problems, field string, d, unit time.Duration) {
	switch {
	case d == Forever:
	case d < 0:
		problems.Invalid(field, d, "is negative", "use 0 for the default, or a longer time")
	case d%unit != 0:
		problems.Invalid(field, d, "is no multiple of "+durationOrNever(unit), "round it")
	}
}

// durationOrNever writes a duration as Karpenter reads it: "720h", "1h30m",
// "Never".
func durationOrNever(d time.Duration) string {
	if d == Forever {
		return "Never"
	}
	var b strings.Builder
	for _, u := range []struct {
		unit   time.Duration
		suffix string
	}{{time.Hour, "h"}, {time.Minute, "m"}, {time.Second, "s"}} {
		if n := d / u.unit; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.suffix)
			d -= n * u.unit
		}
	}
	if b.Len() == 0 {
		return "0s"
	}
	return b.String()
}
