package nodepool

import "github.com/millrace/millrace"

const (
	// streamingThroughput is the least at which pulling parts of an image at
	// the same time is worth it.
	// Source: awslabs/amazon-eks-ami, nodeadm/doc/examples.md, fast image pull.
	streamingThroughput = 600
	// streamingCPUs and streamingMemory are what the kernel of a machine must
	// see, or nodeadm passes the setting over: an xlarge is enough, where it has
	// 8 GiB.
	// Source: awslabs/amazon-eks-ami, nodeadm/internal/containerd/config.go, UseSOCISnapshotter.
	streamingCPUs   = 4
	streamingMemory = 7 * millrace.GiB

	// defaultHopLimit keeps pods off the node's credentials.
	defaultHopLimit = 1
	// defaultUnavailable is the EKS API's own.
	defaultUnavailable = "1"

	// The limits of the EKS API, of EC2's disks, and of tags.
	// Source: hashicorp/terraform-provider-aws, aws_eks_node_group; eksctl
	// 0.215, pkg/apis/eksctl.io/v1alpha5/validation.go; Auto Scaling, quotas.
	eksMaxTaints   = 50
	eksTaintLength = 63
	eksMaxPods     = 250
	// eksMinDisk is what the machine image needs.
	eksMinDisk   = 20 * millrace.GiB
	eksTagLength = 128
	eksTagValue  = 256
	// eksMaxTags is how many tags of one's own the group can have, and
	// eksScalingTags how many the pool can write for the autoscaler: AWS allows
	// 50, and EKS has some of its own among them.
	eksMaxTags     = 40
	eksScalingTags = 40

	// The keys of the tags that Cluster Autoscaler reads.
	eksTemplateTag = "k8s.io/cluster-autoscaler/node-template/"
	eksLabelTag    = eksTemplateTag + "label/"
	eksTaintTag    = eksTemplateTag + "taint/"
	eksResourceTag = eksTemplateTag + "resources/"
)

// eksImages are the machine images that a pool knows how to set up.
// Source: aws-sdk-go-v2, service/eks/types, AMITypes.
var eksImages = map[string]Arch{
	"AL2023_x86_64_STANDARD": AMD64, "AL2023_x86_64_NVIDIA": AMD64, "AL2023_x86_64_NEURON": AMD64,
	"AL2023_ARM_64_STANDARD": ARM64, "AL2023_ARM_64_NVIDIA": ARM64,
	"BOTTLEROCKET_x86_64": AMD64, "BOTTLEROCKET_x86_64_FIPS": AMD64, "BOTTLEROCKET_x86_64_NVIDIA": AMD64, "BOTTLEROCKET_x86_64_NVIDIA_FIPS": AMD64,
	"BOTTLEROCKET_ARM_64": ARM64, "BOTTLEROCKET_ARM_64_FIPS": ARM64, "BOTTLEROCKET_ARM_64_NVIDIA": ARM64, "BOTTLEROCKET_ARM_64_NVIDIA_FIPS": ARM64,
}

// amiType returns the image, with its default.
func (e EKS) amiType(p *Pool) string {
	if p.arch() == ARM64 {
		return orDefault(e.AMIType, "AL2023_ARM_64_STANDARD")
	}
	return orDefault(e.AMIType, "AL2023_x86_64_STANDARD")
}
