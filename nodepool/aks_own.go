package nodepool

import (
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/millrace/millrace"
)

// The resource IDs that a node pool refers to.
var (
	azureClusterID = azureID("Microsoft.ContainerService/managedClusters")
	azureSubnetID  = azureID("Microsoft.Network/virtualNetworks", "subnets")
)

// azureID matches the ID of a resource in a resource group. azurerm is as
// particular about upper and lower case.
// Source: go-azure-helpers, resourcemanager/commonids.
func azureID(kind string, inner ...string) *regexp.Regexp {
	const name = `/[A-Za-z0-9_][A-Za-z0-9_.()-]*`
	parts := append([]string{"subscriptions", "resourceGroups", "providers/" + regexp.QuoteMeta(kind)}, inner...)
	return regexp.MustCompile(`^/` + strings.Join(parts, name+`/`) + name + `$`)
}

// aksValues are the fields that take IDs and references.
type aksValues struct{ cluster, subnet, podSubnet terraformValue }

func (a AKS) values(problems *millrace.Problems) aksValues {
	return aksValues{
		cluster:   readAzure(problems, "Provider.Cluster", a.Cluster, azureClusterID, "azurerm_kubernetes_cluster.main"),
		subnet:    readAzure(problems, "Provider.Subnet", a.Subnet, azureSubnetID, "azurerm_subnet.nodes"),
		podSubnet: readAzure(problems, "Provider.PodSubnet", a.PodSubnet, azureSubnetID, "azurerm_subnet.pods"),
	}
}

// readAzure reads a field that takes a resource ID or a reference. A name
// alone says neither which subscription nor which resource group.
func readAzure(problems *millrace.Problems, field, value string, id *regexp.Regexp, example string) terraformValue {
	switch {
	case value == "":
	case strings.HasPrefix(value, "/"):
		if !id.MatchString(value) {
			problems.Invalid(field, value, "it is no such resource ID", "copy it from az or the portal, or use a reference such as "+example)
		}
		return terraformValue{literal: value}
	case !strings.Contains(value, "."):
		problems.Invalid(field, value, "a name isn't enough", "use a reference such as "+example+", or the resource ID, which begins with /subscriptions/")
	default:
		return readTerraform(problems, field, value, "id")
	}
	return terraformValue{}
}

// checkOwn checks the provider's own fields.
func (a AKS) checkOwn(p *Pool, problems *millrace.Problems) {
	if a.Cluster == "" {
		problems.Required("Provider.Cluster", "refer to the cluster: azurerm_kubernetes_cluster.main")
	}
	a.values(problems)
	if a.MaxPods != 0 && (a.MaxPods < aksMinPods || a.MaxPods > aksMaxPods) {
		problems.Invalid("Provider.MaxPods", a.MaxPods, "is out of range", "use 10 to 250, or 0 to leave it to AKS")
	}
	switch a.OS {
	case "", OSUbuntu, OSUbuntu2204, OSUbuntu2404, OSAzureLinux, OSAzureLinux3:
	default:
		problems.Invalid("Provider.OS", string(a.OS), "it is no Linux of AKS", "use nodepool.OSUbuntu or nodepool.OSAzureLinux, or one of their versions")
	}
	if a.Version != "" && !aksVersionPattern.MatchString(a.Version) {
		problems.Invalid("Provider.Version", a.Version, "it is no version of Kubernetes", "use one such as 1.33 or 1.33.3")
	}
	a.checkPrice(p, problems)
	a.checkUpgrade(p, problems)
	a.checkTags(problems)
}

// checkPrice holds azurerm's rules for spot_max_price.
func (a AKS) checkPrice(p *Pool, problems *millrace.Problems) {
	const at, decimals = "Provider.SpotMaxPrice", 1e5
	price := a.SpotMaxPrice
	switch {
	case price == 0:
	case !p.spot():
		problems.Conflict(at, "the pool's machines are bought on demand", "set Capacity to nodepool.Spot, or leave it out")
	case !(price > 0) || price > math.MaxInt32:
		problems.Invalid(at, price, "it is no price", "use dollars an hour, or 0 for no bound but the price on demand")
	case math.Abs(price*decimals-math.Round(price*decimals)) > 1e-6:
		problems.Invalid(at, price, "has more than five decimal places", "round it")
	}
}

func (a AKS) checkUpgrade(p *Pool, problems *millrace.Problems) {
	const at = "Provider.Upgrade."
	u := a.Upgrade
	minutes := func(field string, d, least, most time.Duration) {
		switch {
		case d == 0:
		case p.spot():
			problems.Unsupported(at+field, "AKS drains no node of a spot pool", "leave it out")
		case d < least || d > most:
			problems.Invalid(at+field, d, "is out of range", fmt.Sprintf("use %v to %v", least, most))
		case d%time.Minute != 0:
			problems.Invalid(at+field, d, "AKS counts in whole minutes", "round it")
		}
	}
	switch {
	case u.MaxSurge == "":
	case p.spot():
		problems.Unsupported(at+"MaxSurge", "a spot pool gets no other nodes during an upgrade", "leave it out")
	case !aksSurgePattern.MatchString(u.MaxSurge):
		problems.Invalid(at+"MaxSurge", u.MaxSurge, "is no number of nodes and no share", `use one such as "2" or "33%"`)
	}
	minutes("DrainTimeout", u.DrainTimeout, 5*time.Minute, 24*time.Hour)
	minutes("Soak", u.Soak, time.Minute, 30*time.Minute)
}

// checkTags holds the rules of Azure Resource Manager.
// Source: Azure, resource-group-using-tags, limitations; terraform-plugin-sdk of azurerm, tags.Validate.
func (a AKS) checkTags(problems *millrace.Problems) {
	if len(a.Tags) > aksMaxTags {
		problems.Invalid("Provider.Tags", len(a.Tags), "are too many", "use at most 50")
	}
	for _, key := range slices.Sorted(maps.Keys(a.Tags)) {
		at := "Provider.Tags[" + key + "]"
		switch {
		case key == "":
			problems.Required(at, "name the tag")
		case len(key) > 512 || strings.ContainsAny(key, `<>%&\?/`) || !printable(key):
			problems.Invalid(at, key, "it is no name of a tag", `use at most 512 characters, and none of <>%&\?/`)
		}
		if value := a.Tags[key]; utf8.RuneCountInString(value) > 256 || !printable(value) {
			problems.Invalid(at, value, "it is no value of a tag", "use at most 256 characters, on one line")
		}
		checkNormal(problems, at, key, a.Tags[key])
	}
}

// printable reports whether a text is UTF-8 without control characters.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// checkUnsupported reports what AKS, or azurerm, has no word for.
func (a AKS) checkUnsupported(p *Pool, problems *millrace.Problems) {
	for _, field := range p.Disruption.set() {
		problems.Unsupported("Disruption."+field, "on AKS the cluster's autoscaler profile sets it, for all of its pools", "leave it out")
	}
	p.noLimits(problems)
	for _, u := range []struct {
		set                bool
		field, detail, fix string
	}{
		{len(p.OtherMachines) > 0, "OtherMachines", "a node pool of AKS has one machine size", "make a pool for each, of one Workload"},
		{p.Capacity == SpotFirst, "Capacity", "a node pool of AKS is either spot or on demand", "make a pool of each, of one Workload"},
		{p.Priority != 0, "Priority", "the cluster's autoscaler orders its pools, by the expander of its profile", "leave it out"},
		{p.Lifetime != 0, "Lifetime", "a node pool of AKS doesn't expire its nodes", "leave it out: the cluster's upgrade channel for node images replaces them"},
		{p.ImageStreaming, "ImageStreaming", "azurerm has no argument for artifact streaming", "leave it out, and turn it on with az aks nodepool update --enable-artifact-streaming"},
		{len(p.StartupTaints) > 0, "StartupTaints", "nothing but AKS' own API can take off a taint that a node pool of AKS has, and azurerm knows no node initialization taints",
			"leave them out, or set them for the whole cluster with az aks update --node-init-taints"},
	} {
		if u.set {
			problems.Unsupported(u.field, u.detail, u.fix)
		}
	}
}
