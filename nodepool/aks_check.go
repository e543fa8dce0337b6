package nodepool

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/millrace/millrace"
)

const (
	aksDomain    = "kubernetes.azure.com"
	aksPoolLabel = aksDomain + "/agentpool"
	aksModeLabel = aksDomain + "/mode"
	aksSpotLabel = aksDomain + "/scalesetpriority"

	// aksMaxNodes is the most that azurerm takes for one pool.
	aksMaxNodes = 1000
	// aksMinDisk and aksMaxDisk bound an OS disk of Linux.
	// Source: Azure/karpenter-provider-azure, AKSNodeClass, osDiskSizeGB.
	aksMinDisk = 30 * millrace.GiB
	aksMaxDisk = 2 * millrace.TiB
	// aksMinPods and aksMaxPods bound MaxPods.
	aksMinPods, aksMaxPods = 10, 250
	// aksMaxTags is how many tags a resource of Azure can have.
	aksMaxTags = 50
)

var (
	// aksNamePattern is azurerm's, for pools of Linux.
	// Source: terraform-provider-azurerm, internal/services/containers/validate/kubernetes.go.
	aksNamePattern = regexp.MustCompile(`^[a-z][a-z0-9]{0,11}$`)
	// azureSize reads the names of machines: family, number of CPUs, a smaller
	// number that is used of them, features, accelerator, version.
	azureSize = regexp.MustCompile(`^Standard_[A-Z]+[0-9]+(?:-[0-9]+)?([a-z]*)(?:_[A-Za-z0-9]+)*$`)
	// azureZone is a zone as Terraform has it, or as nodes are labelled with it.
	azureZone = regexp.MustCompile(`^(?:([a-z][a-z0-9]*)-)?([1-9])$`)

	aksVersionPattern = regexp.MustCompile(`^[1-9][0-9]*\.[0-9]+(\.[0-9]+)?$`)
	aksSurgePattern   = regexp.MustCompile(`^([1-9][0-9]*|([1-9][0-9]?|100)%)$`)
)

// azureArch tells Arm machines, which have a p among their features.
// Source: Azure, virtual machine size naming conventions.
func azureArch(machine string) Arch {
	m := azureSize.FindStringSubmatch(machine)
	switch {
	case m == nil:
		return ""
	case strings.Contains(m[1], "p"):
		return ARM64
	}
	return AMD64
}

func (a AKS) check(p *Pool, problems *millrace.Problems) {
	a.checkNames(p, problems)
	switch {
	case p.Machine == "":
		problems.Required("Machine", "use a machine size such as Standard_E16ds_v5")
	case !azureSize.MatchString(p.Machine):
		problems.Invalid("Machine", p.Machine, "it is no machine size of Azure", "use one such as Standard_E16ds_v5")
	}
	p.checkArm(problems, azureArch)
	checkAzureZones(p, problems)
	switch {
	case p.Max == 0:
		problems.Required("Max", "say how many nodes the pool may have")
	case p.Max > aksMaxNodes:
		problems.Invalid("Max", p.Max, "is more than a pool of AKS can have", "use at most 1000, or several pools of one Workload")
	}
	a.checkNodes(p, problems)
	a.checkDisk(p, problems)
	a.checkOwn(p, problems)
	a.checkUnsupported(p, problems)
}

// checkNames checks what Azure calls the pool.
func (a AKS) checkNames(p *Pool, problems *millrace.Problems) {
	const why = "Azure wants 1 to 12 lower-case letters and digits, a letter first"
	if name := a.name(p); name != "" && !aksNamePattern.MatchString(name) {
		problems.Invalid("Provider.PoolName", name, why, fmt.Sprintf("set PoolName, to %q for instance", aksShortName(name)))
	}
	switch name := a.TemporaryName; {
	case name == "":
	case !aksNamePattern.MatchString(name):
		problems.Invalid("Provider.TemporaryName", name, why, fmt.Sprintf("use one such as %q", aksShortName(name)))
	case name == a.name(p):
		problems.Conflict("Provider.TemporaryName", "the pool itself has that name", "use another one")
	}
}

// aksShortName makes a name that Azure takes.
func aksShortName(name string) string {
	short := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	short = strings.TrimLeft(short, "0123456789")
	return orDefault(short[:min(len(short), 12)], "pool")
}

// checkAzureZones wants zones of one region, all of them spelled one way.
func checkAzureZones(p *Pool, problems *millrace.Problems) {
	var first []string
	for i, zone := range p.Zones {
		at := fmt.Sprintf("Zones[%d]", i)
		m := azureZone.FindStringSubmatch(zone)
		switch {
		case zone == "":
		case m == nil:
			problems.Invalid(at, zone, "it is no zone of Azure", "use one such as westeurope-1, as nodes are labelled with it")
		case first == nil:
			first = m
		case m[1] != first[1]:
			problems.Invalid(at, zone, fmt.Sprintf("it isn't of one region with %s", first[0]), "use zones of the cluster's region, with its name before each of them")
		}
	}
}

// checkNodes checks labels and taints, also for what AKS refuses though
// Kubernetes wouldn't.
// Source: Azure, AKS use-labels, reserved prefixes; use-node-taints.
func (a AKS) checkNodes(p *Pool, problems *millrace.Problems) {
	for _, key := range slices.Sorted(maps.Keys(p.Labels)) {
		domain, _, ok := strings.Cut(key, "/")
		if ok && (inDomain(domain, "kubernetes.io") || inDomain(domain, "k8s.io") || inDomain(domain, aksDomain)) {
			problems.Unsupported("Labels["+key+"]", "AKS keeps the labels of kubernetes.azure.com, kubernetes.io and k8s.io for itself", "use a label of your own domain")
		}
	}
	checkTaints(problems, "Taints", p.Taints, p.taken(a.taints(p)))
	for i, t := range p.Taints {
		at := fmt.Sprintf("Taints[%d]", i)
		if domain, _, _ := strings.Cut(t.Key, "/"); t.Key != aksSpotLabel && inDomain(domain, aksDomain) {
			problems.Unsupported(at+".Key", "AKS keeps the taints of kubernetes.azure.com for itself", "use a key of your own domain")
		}
		if t.Key == aksSpotLabel && !p.spot() {
			problems.Conflict(at+".Key", "it is the taint of spot machines, which the pool hasn't", "set Capacity to nodepool.Spot, or leave it out")
		}
		if t.Value == "" {
			problems.Unsupported(at+".Value", "AKS writes a taint as key=value:effect", `use a value such as "true"`)
		}
	}
}

func (a AKS) checkDisk(p *Pool, problems *millrace.Problems) {
	checkDiskSize(problems, p.Disk.Size, aksMinDisk, aksMaxDisk, "Azure")
	if p.Disk.Type != "" {
		problems.Unsupported("Disk.Type", "AKS chooses the kind of disk", "leave it out, or set Disk.LocalNVMe for one on the machine itself")
	}
}
