package nodepool

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/validate/content"

	"github.com/millrace/millrace"
)

const (
	gkeNodePoolLabel = "cloud.google.com/gke-nodepool"
	gkeSpotLabel     = "cloud.google.com/gke-spot"

	// gkeNameLength is the longest name of a node pool.
	gkeNameLength = 40
	// gkeMinDisk and gkeMaxDisk bound what a boot disk can be.
	gkeMinDisk = 10 * millrace.GiB
	gkeMaxDisk = 64 * millrace.TiB
	// gkeLocalSSDs is as many as any machine has.
	gkeLocalSSDs = 48
	// gkeSurge is GKE's own default.
	gkeSurge = 1
	// gkeImageCache is what the disks with images are for.
	gkeImageCache = "CONTAINER_IMAGE_CACHE"
)

var (
	gkeNamePattern    = regexp.MustCompile(`^[a-z]([-a-z0-9]*[a-z0-9])?$`)
	gkeMachinePattern = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)+$`)
	gkeDiskPattern    = regexp.MustCompile(`^(pd|hyperdisk)-[a-z]+(-[a-z]+)*$`)
	// gkeHyperdiskOnly are the machines that boot from nothing but Hyperdisk.
	// Source: https://cloud.google.com/compute/docs/disks/hyperdisks, machine type support.
	gkeHyperdiskOnly = regexp.MustCompile(`^(c4|n4)[a-z]*-`)
	// gkeArm are the machines with Arm processors.
	// Source: https://cloud.google.com/kubernetes-engine/docs/concepts/arm-on-gke.
	gkeArm = regexp.MustCompile(`^(t2a|c4a|n4a)-`)
)

func gkeArch(machine string) Arch {
	switch {
	case gkeArm.MatchString(machine):
		return ARM64
	case gkeMachinePattern.MatchString(machine):
		return AMD64
	}
	return ""
}

func (g GKE) check(p *Pool, problems *millrace.Problems) {
	// What is no label at all has been reported.
	if len(content.IsDNS1123Label(p.Name)) == 0 && (len(p.Name) > gkeNameLength || !gkeNamePattern.MatchString(p.Name)) {
		problems.Invalid("Name", p.Name, "GKE wants a letter first, and at most 40 characters", "use a shorter name that begins with a letter")
	}
	switch {
	case p.Machine == "":
		problems.Required("Machine", "use a machine type such as n2-highmem-16")
	case !gkeMachinePattern.MatchString(p.Machine):
		problems.Invalid("Machine", p.Machine, "it is no machine type of Google Cloud", "use one such as n2-highmem-16")
	}
	p.checkArm(problems, gkeArch)
	if len(p.OtherMachines) > 0 {
		problems.Unsupported("OtherMachines", "a GKE node pool has one machine type", "make a pool for each, of one Workload")
	}
	for i, zone := range p.Zones {
		switch at := fmt.Sprintf("Zones[%d]", i); {
		case zone == "":
		case !zonePattern.MatchString(zone):
			problems.Invalid(at, zone, "it is no zone of Google Cloud", "use one such as europe-west1-b")
		case locationPattern.MatchString(g.Location) && region(zone) != region(g.Location):
			problems.Invalid(at, zone, "it isn't in the cluster's region, "+region(g.Location), "use a zone of that region")
		}
	}
	if p.Max == 0 {
		problems.Required("Max", "say how many nodes the pool may have")
	} else if p.Max > math.MaxInt32 {
		problems.Invalid("Max", p.Max, "is more than GKE can count", "use a smaller number")
	}
	checkGKEDisk(p, problems)
	g.checkNodes(p, problems)
	g.checkOwn(problems)
	for _, field := range p.Disruption.set() {
		problems.Unsupported("Disruption."+field, "on GKE the cluster sets it, for all of its pools", "leave it out")
	}
	if p.Capacity == SpotFirst {
		problems.Unsupported("Capacity", "a GKE node pool is either spot or on demand", "make a pool of each, of one Workload; or use GKEComputeClass")
	}
	p.noLimits(problems)
	if p.Priority != 0 {
		problems.Unsupported("Priority", "the cluster's autoscaler orders its pools by price", "leave it out, or use one GKEComputeClass with Machine and OtherMachines in the order of their priorities")
	}
	checkFormat(problems, g.Format, Terraform, ConfigConnector)
	if g.Format == ConfigConnector {
		g.checkConnector(problems)
	} else if g.Namespace != "" {
		problems.Unsupported("Provider.Namespace", "Terraform knows no namespaces", "leave it out, or set Provider.Format to nodepool.ConfigConnector")
	}
	g.checkLocalDisks(p, problems)
	g.checkOptions(p, problems)
	if p.Lifetime != 0 {
		problems.Unsupported("Lifetime", "a GKE node pool doesn't expire its nodes", "leave it out: auto_upgrade replaces them")
	}
}

func checkGKEDisk(p *Pool, problems *millrace.Problems) {
	checkDiskSize(problems, p.Disk.Size, gkeMinDisk, gkeMaxDisk, "GKE")
	switch kind := p.Disk.Type; {
	case kind == "":
	case !gkeDiskPattern.MatchString(kind):
		problems.Invalid("Disk.Type", kind, "it is no disk type of Google Cloud", "use pd-balanced, pd-ssd, pd-standard or hyperdisk-balanced")
	case strings.HasPrefix(kind, "pd-") && gkeHyperdiskOnly.MatchString(p.Machine):
		problems.Invalid("Disk.Type", kind, fmt.Sprintf("machine type %s boots from Hyperdisk only", p.Machine), "use hyperdisk-balanced")
	}
}

// checkNodes checks labels and taints, also for what GKE refuses though
// Kubernetes wouldn't.
func (g GKE) checkNodes(p *Pool, problems *millrace.Problems) {
	checkGKELabels(p, problems)
	taken := p.taken(g.writtenTaints(p))
	checkTaints(problems, "Taints", p.Taints, taken)
	p.checkStartupTaints(problems, taken)
	needValues(problems, "Taints", p.Taints)
	needValues(problems, "StartupTaints", p.StartupTaints)
}

// needValues reports taints that GKE's API doesn't take as they have no value.
func needValues(problems *millrace.Problems, field string, taints []corev1.Taint) {
	for i, t := range taints {
		if t.Value == "" {
			problems.Unsupported(fmt.Sprintf("%s[%d].Value", field, i), "a taint of a GKE node pool needs a value", `use one such as "true"`)
		}
	}
}

// checkOwn checks the provider's own fields.
func (g GKE) checkOwn(problems *millrace.Problems) {
	if g.Cluster == "" {
		problems.Required("Provider.Cluster", "name the cluster, or refer to it: google_container_cluster.main")
	}
	if g.Location == "" {
		problems.Required("Provider.Location", "name the region or zone, or refer to it: var.region")
	}
	g.values(problems)
	g.LocationPolicy.check(problems)
	for i, scope := range g.OAuthScopes {
		at := fmt.Sprintf("Provider.OAuthScopes[%d]", i)
		if scope == "" {
			problems.Required(at, "leave it out")
		} else if strings.ContainsFunc(scope, func(r rune) bool { return r <= ' ' || r > '~' }) {
			problems.Invalid(at, scope, "it is no OAuth scope", "use a URL such as "+defaultScope)
		}
	}
}

// check reports a policy that there isn't.
func (l LocationPolicy) check(problems *millrace.Problems) {
	switch l {
	case "", LocationBalanced, LocationAny:
	default:
		problems.Invalid("Provider.LocationPolicy", string(l), "unknown policy", "use nodepool.LocationBalanced or nodepool.LocationAny")
	}
}

// inDomain reports whether a label's domain is that one or lies in it.
func inDomain(domain, of string) bool {
	return domain == of || strings.HasSuffix(domain, "."+of)
}
