package nodepool

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/machine"
)

const (
	// computeClassLabel is the key of the label and of the taint of a class.
	computeClassLabel = "cloud.google.com/compute-class"
	// computeClassLongest is the longest that a node may have been idle.
	computeClassLongest = 24 * time.Hour
)

var (
	// computeClassFamily is a series of machines: "n2d".
	computeClassFamily = regexp.MustCompile(`^[a-z][a-z0-9]{0,9}$`)
	// computeClassKept are series that GKE keeps for itself.
	// Source: the CEL rules of ComputeClass.
	computeClassKept = []string{"ek", "e4a"}
	// computeClassDisks are the boot disks that there are.
	// Source: the schema of ComputeClass, storage.bootDiskType.
	computeClassDisks = []string{"pd-balanced", "pd-standard", "pd-ssd", "hyperdisk-balanced"}
	// computeClassTaint is what the value of a taint must look like.
	// Source: the schema of ComputeClass, nodePoolConfig.taints.
	computeClassTaint = regexp.MustCompile(`^([a-z0-9][-A-Za-z0-9_.]{1,61})?[A-Za-z0-9]$`)
	serviceAccount    = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*$`)
)

func (c GKEComputeClass) check(p *Pool, problems *millrace.Problems) {
	if strings.HasPrefix(p.Name, "gke") || strings.HasPrefix(p.Name, "autopilot") {
		problems.Invalid("Name", p.Name, "GKE keeps classes whose names begin so for itself", "use a name that begins with neither gke nor autopilot")
	}
	c.checkMachines(p, problems)
	c.checkBounds(p, problems)
	c.checkNodes(p, problems)
	c.checkStorage(p, problems)
	c.checkDisruption(p, problems)
	c.checkOwn(p, problems)
	if c.ExistingOnly && c.Base.NodePoolAutoCreation != nil {
		problems.Conflict("Provider.Base.NodePoolAutoCreation", "Provider.ExistingOnly sets it too", "set it in one place")
	}
}

func (c GKEComputeClass) checkMachines(p *Pool, problems *millrace.Problems) {
	if p.Machine == "" && len(c.Families)+len(c.NodePools)+len(c.Base.Priorities) == 0 {
		problems.Required("Machine", "name a machine type such as n2-highmem-16, or series of machines in Provider.Families")
	}
	for i, name := range append([]string{p.Machine}, p.OtherMachines...) {
		field := "Machine"
		if i > 0 {
			field = fmt.Sprintf("OtherMachines[%d]", i-1)
		}
		series, _, _ := strings.Cut(name, "-")
		switch {
		case name == "":
		case !gkeMachinePattern.MatchString(name):
			problems.Invalid(field, name, "it is no machine type of Google Cloud", "use one such as n2-highmem-16")
		case slices.Contains(computeClassKept, series):
			problems.Unsupported(field, "GKE keeps this series for itself", "use one of another series")
		}
	}
	p.checkArm(problems, gkeArch)
	for i, family := range c.Families {
		switch at := fmt.Sprintf("Provider.Families[%d]", i); {
		case !computeClassFamily.MatchString(family):
			problems.Invalid(at, family, "it is no series of machines", "use one such as n4; machine types go into Machine and OtherMachines")
		case slices.Contains(computeClassKept, family):
			problems.Unsupported(at, "GKE keeps this series for itself", "use another")
		case slices.Contains(c.Families[:i], family):
			problems.Add(millrace.RuleDuplicate, at, fmt.Sprintf("%q is there already", family), "leave it out")
		case gkeArch(family+"-x") != p.arch():
			problems.Invalid(at, family, fmt.Sprintf("its machines are %s and the pool is %s", gkeArch(family+"-x"), p.arch()), "use another series, or set Arch and build the images for it")
		}
	}
	if len(c.Families) == 0 && c.MinCPUs != 0 {
		problems.Conflict("Provider.MinCPUs", "a machine type has its size", "name Provider.Families, or leave it out")
	} else if c.MinCPUs < 0 {
		problems.Invalid("Provider.MinCPUs", c.MinCPUs, "is negative", "use a number of CPUs")
	}
	switch {
	case c.MinMemory == 0:
	case len(c.Families) == 0:
		problems.Conflict("Provider.MinMemory", "a machine type has its size", "name Provider.Families, or leave it out")
	case c.MinMemory < millrace.GiB || c.MinMemory%millrace.GiB != 0:
		problems.Invalid("Provider.MinMemory", c.MinMemory, "GKE counts in whole GiB", "use a multiple of millrace.GiB")
	}
}

// checkBounds reports numbers of nodes, which a class doesn't have.
func (c GKEComputeClass) checkBounds(p *Pool, problems *millrace.Problems) {
	const fix = "leave it out; the cluster's node auto-provisioning has limits, and quotas bound the pods"
	if p.Min != 0 {
		problems.Unsupported("Min", "a class has nodes as pods need them", "leave it out, or make a GKE node pool with the label and taint of the class")
	}
	if p.Max != 0 {
		problems.Unsupported("Max", "a class doesn't count nodes", fix)
	}
	if p.Limits.CPU != 0 {
		problems.Unsupported("Limits.CPU", "a class has no limits", fix)
	}
	if p.Limits.Memory != 0 {
		problems.Unsupported("Limits.Memory", "a class has no limits", fix)
	}
	if p.Priority != 0 {
		problems.Unsupported("Priority", "pods ask for one class, so none goes before another", "leave it out: the order is that of Machine, OtherMachines and Provider.Families")
	}
	if p.Shared {
		problems.Unsupported("Shared", "GKE taints the nodes of every class", "leave it out")
	}
	if p.Lifetime != 0 {
		problems.Unsupported("Lifetime", "GKE doesn't drain nodes for their age", "leave it out: upgrades replace them; or end them with Provider.MaxRun")
	}
}

func (c GKEComputeClass) checkNodes(p *Pool, problems *millrace.Problems) {
	checkGKELabels(p, problems)
	if _, ok := p.Labels[computeClassLabel]; ok {
		problems.Conflict("Labels["+computeClassLabel+"]", "GKE sets this label", "leave it out")
	}
	taken := map[corev1.Taint]string{{Key: computeClassLabel, Effect: corev1.TaintEffectNoSchedule}: "GKE"}
	if p.spot() {
		taken[corev1.Taint{Key: gkeSpotLabel, Effect: corev1.TaintEffectNoSchedule}] = "Capacity"
	}
	checkTaints(problems, "Taints", p.Taints, taken)
	p.checkStartupTaints(problems, taken)
	checkClassTaints(problems, "Taints", p.Taints)
	checkClassTaints(problems, "StartupTaints", p.StartupTaints)
	for i, zone := range p.Zones {
		if zone != "" && !zonePattern.MatchString(zone) {
			problems.Invalid(fmt.Sprintf("Zones[%d]", i), zone, "it is no zone of Google Cloud", "use one such as europe-west1-b")
		}
	}
}

// checkClassTaints reports values that the schema of a ComputeClass refuses
// though Kubernetes takes them.
func checkClassTaints(problems *millrace.Problems, field string, taints []corev1.Taint) {
	for i, t := range taints {
		if t.Value != "" && !computeClassTaint.MatchString(t.Value) {
			problems.Unsupported(fmt.Sprintf("%s[%d].Value", field, i), "a ComputeClass takes no such value",
				`use one character, or three to 63 with no upper-case letter first, such as "true"`)
		}
	}
}

func (c GKEComputeClass) checkStorage(p *Pool, problems *millrace.Problems) {
	checkGKEDisk(p, problems)
	if kind := p.Disk.Type; kind != "" && gkeDiskPattern.MatchString(kind) && !slices.Contains(computeClassDisks, kind) {
		problems.Unsupported("Disk.Type", fmt.Sprintf("a ComputeClass has no disks of type %s", kind), "use "+strings.Join(computeClassDisks, ", "))
	}
	checkLocalSSDs(p, c.LocalSSDs, problems)
	if p.Disk.LocalNVMe && c.LocalSSDs == 0 && (len(c.Families) > 0 || machine.GCPLocalSSDs(p.Machine).Takes != nil) {
		problems.Required("Provider.LocalSSDs", "say how many a node has, or leave out Disk.LocalNVMe")
	}
	for i, disk := range c.SecondaryBootDisks {
		checkDiskImage(problems, fmt.Sprintf("Provider.SecondaryBootDisks[%d]", i), disk)
	}
	needStreaming(p, problems, len(c.SecondaryBootDisks))
}

// checkDisruption checks the one thing that a class says of it.
func (c GKEComputeClass) checkDisruption(p *Pool, problems *millrace.Problems) {
	for _, field := range p.Disruption.set() {
		if field != "After" {
			problems.Unsupported("Disruption."+field, "a ComputeClass says only how long a node is idle", "leave it out: Placement's guards keep pods from being evicted")
		}
	}
	switch after := p.Disruption.After; {
	case after == 0:
	case after == Forever:
		problems.Unsupported("Disruption.After", "GKE takes every idle node away in the end", "use at most 24 hours")
	case after < time.Minute || after > computeClassLongest || after%time.Minute != 0:
		problems.Invalid("Disruption.After", after, "GKE counts in whole minutes", "use 1 minute to 24 hours")
	}
}

// checkOwn checks the provider's own fields.
func (c GKEComputeClass) checkOwn(p *Pool, problems *millrace.Problems) {
	c.LocationPolicy.check(problems)
	for i, name := range c.NodePools {
		switch at := fmt.Sprintf("Provider.NodePools[%d]", i); {
		case len(name) > gkeNameLength || !gkeNamePattern.MatchString(name):
			problems.Invalid(at, name, "it is no node pool's name", "use at most 40 lower-case letters, digits or '-', with a letter first")
		case slices.Contains(c.NodePools[:i], name):
			problems.Add(millrace.RuleDuplicate, at, fmt.Sprintf("%q is there already", name), "leave it out")
		}
	}
	checkMaxPods(problems, c.MaxPods)
	wholeSeconds(problems, "Provider.MaxRun", c.MaxRun)
	if c.MaxRun > gkeMaxRun && c.MaxRun != Forever {
		problems.Invalid("Provider.MaxRun", c.MaxRun, "is too long", "use at most seven days")
	}
	if c.ServiceAccount != "" && !serviceAccount.MatchString(c.ServiceAccount) {
		problems.Invalid("Provider.ServiceAccount", c.ServiceAccount, "it is no e-mail address", "use one such as nodes@project.iam.gserviceaccount.com")
	}
	if c.ExistingOnly && len(c.NodePools) == 0 && p.Machine == "" && len(c.Families) == 0 {
		problems.Required("Provider.NodePools", "name those that grow")
	}
}

// checkGKELabels checks labels for what GKE refuses though Kubernetes wouldn't.
func checkGKELabels(p *Pool, problems *millrace.Problems) {
	for _, key := range slices.Sorted(maps.Keys(p.Labels)) {
		domain, _, ok := strings.Cut(key, "/")
		switch at := "Labels[" + key + "]"; {
		case ok && (inDomain(domain, "kubernetes.io") || inDomain(domain, "k8s.io")):
			problems.Unsupported(at, "GKE refuses labels of kubernetes.io and k8s.io", "use a label of your own domain")
		case key == gkeNodePoolLabel || key == gkeSpotLabel:
			problems.Conflict(at, "GKE sets this label", "leave it out")
		}
	}
}
