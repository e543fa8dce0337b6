package nodepool

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// labelOwner is a provider of Karpenter, and the labels that its machines have.
type labelOwner struct {
	// group is that of its node class, kind how people call it.
	group, kind string
	// domain is that of its labels of machines, alike others that are its own.
	domain string
	alike  []string
	// known are its labels, without the domain; they are what a requirement can
	// narrow down machines by.
	known []string
	// refused are whole keys that it refuses besides.
	refused []string
}

// labelOwners are the providers whose labels are known.
// Source: Karpenter's AWS provider 1.14.1, pkg/apis/v1/labels.go and its copy of
// the NodePool CRD; Amazon EKS, Create a node pool for EKS Auto Mode, supported
// labels; Azure/karpenter-provider-azure, pkg/apis/v1beta1/labels.go;
// cloudpilot-ai/karpenter-provider-gcp, pkg/apis/v1alpha1/labels.go.
var labelOwners = []labelOwner{
	{
		group: awsGroup, kind: "an EC2NodeClass", domain: awsGroup,
		known: append([]string{
			"capacity-reservation-id", "capacity-reservation-interruptible", "capacity-reservation-type", "ec2nodeclass",
			"instance-accelerator-count", "instance-accelerator-manufacturer", "instance-accelerator-name",
			"instance-capability-flex", "instance-cpu-sustained-clock-speed-mhz", "instance-tenancy",
			"placement-group-id", "placement-group-partition",
		}, ec2Labels...),
	},
	{
		group: autoGroup, kind: "EKS Auto Mode", domain: autoGroup,
		known: append([]string{"compute-type", "nodeclass"}, ec2Labels...),
	},
	{
		group: azureGroup, kind: "an AKSNodeClass", domain: azureGroup, alike: []string{"kubernetes.azure.com"},
		known: []string{
			"aksnodeclass", "placement-scope", "sku-cpu", "sku-family", "sku-gpu-count", "sku-gpu-manufacturer", "sku-gpu-name", "sku-memory", "sku-name",
			"sku-networking-accelerated", "sku-series", "sku-storage-ephemeralos-maxsize", "sku-storage-premium-capable", "sku-version",
		},
		refused: []string{
			"accelerator", "agentpool", "storageprofile", "storagetier",
			"kubernetes.azure.com/accelerator", "kubernetes.azure.com/agentpool", "kubernetes.azure.com/agentpool-family",
			"kubernetes.azure.com/availability-zone", "kubernetes.azure.com/network-policy",
			"kubernetes.azure.com/storageprofile", "kubernetes.azure.com/storagetier",
		},
	},
	{
		group: gcpGroup, kind: "a GCENodeClass", domain: gcpGroup, alike: []string{"cloud.google.com"},
		known: []string{
			"gcenodeclass", "instance-category", "instance-cpu", "instance-cpu-model", "instance-family", "instance-generation", "instance-gpu-count",
			"instance-gpu-manufacturer", "instance-gpu-memory", "instance-gpu-name", "instance-memory", "instance-shape", "instance-size",
		},
	},
}

// ec2Labels are those that Karpenter on AWS and EKS Auto Mode both have, each in
// a domain of its own.
var ec2Labels = []string{
	"instance-category", "instance-cpu", "instance-cpu-manufacturer", "instance-ebs-bandwidth", "instance-encryption-in-transit-supported",
	"instance-family", "instance-generation", "instance-gpu-count", "instance-gpu-manufacturer", "instance-gpu-memory", "instance-gpu-name",
	"instance-hypervisor", "instance-local-nvme", "instance-memory", "instance-network-bandwidth", "instance-size",
}

// owns reports whether a domain is the provider's. Karpenter's own CRD takes
// whatever ends in the domain of AWS.
func (o labelOwner) owns(domain string) bool {
	return inDomain(domain, o.domain) || o.group == awsGroup && strings.HasSuffix(domain, o.domain) ||
		slices.ContainsFunc(o.alike, func(d string) bool { return inDomain(domain, d) })
}

// restricted says why Karpenter refuses a label, in requirements as well, for
// pools whose node class is of that group, or why no machine has it. The fix is
// empty where any other label does.
// Source: the CEL rules of the NodePool CRD, and IsRestrictedLabel.
func restricted(key, group string) (why, fix string) {
	domain, name, ok := strings.Cut(key, "/")
	switch {
	case key == capacityLabel:
		return "", ""
	case ok && inDomain(domain, karpenterDomain):
		return "Karpenter keeps the labels of karpenter.sh for itself", ""
	case key == corev1.LabelHostname:
		return "each node has a host name of its own", ""
	}
	at := slices.IndexFunc(labelOwners, func(o labelOwner) bool { return o.group == group })
	if at < 0 {
		return "", "" // Nobody knows what that provider has.
	}
	own := labelOwners[at]
	if slices.Contains(own.refused, key) {
		return "the provider of " + own.kind + " keeps this label for itself", ""
	}
	for _, o := range labelOwners {
		switch {
		case !o.owns(domain) || !ok && o.group != awsGroup:
		case o.group != own.group:
			return "it is a label of another provider, which machines of " + own.kind + " don't have", own.instead(name)
		case slices.ContainsFunc(o.alike, func(d string) bool { return inDomain(domain, d) }):
			return "", ""
		case domain != o.domain || !slices.Contains(o.known, name):
			return "the provider of " + own.kind + " has no such label, and keeps its domain for itself",
				"use a label of your own domain, or one of " + strings.Join(prefixed(o.domain+"/", o.known), ", ")
		}
	}
	return "", ""
}

// instead names the provider's own label for what another one calls so.
func (o labelOwner) instead(name string) string {
	for _, known := range []string{name, strings.Replace(name, "instance-", "sku-", 1), strings.Replace(name, "sku-", "instance-", 1)} {
		if slices.Contains(o.known, known) {
			return "use " + o.domain + "/" + known
		}
	}
	return "use one of " + strings.Join(prefixed(o.domain+"/", o.known), ", ")
}

func prefixed(prefix string, names []string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = prefix + name
	}
	return out
}

// providerValues are the values that a label can have, nil where Karpenter takes
// any.
// Source: Karpenter 1.14.1 and its providers, WellKnownValuesForRequirements.
func providerValues(key, group string) []string {
	switch {
	case key == capacityLabel && group == azureGroup:
		return []string{spot, onDemand}
	case key == capacityLabel:
		return knownValues[capacityLabel]
	case key == awsGroup+"/instance-tenancy" && group == awsGroup:
		return []string{"default", "dedicated"}
	}
	return nil
}

// stableKeys are the labels that Karpenter reads older ones as.
// Source: Karpenter 1.14.1, NormalizedLabels.
var stableKeys = map[string]string{
	"beta.kubernetes.io/arch":           corev1.LabelArchStable,
	"beta.kubernetes.io/os":             corev1.LabelOSStable,
	corev1.LabelInstanceType:            corev1.LabelInstanceTypeStable,
	corev1.LabelFailureDomainBetaZone:   corev1.LabelTopologyZone,
	corev1.LabelFailureDomainBetaRegion: corev1.LabelTopologyRegion,
}

func stableKey(key string) string { return orDefault(stableKeys[key], key) }
