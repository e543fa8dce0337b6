package nodepool

import "github.com/millrace/millrace"

const (
	// gp3 is the newest general kind of disk: a fifth cheaper than gp2, and as
	// fast at every size.
	gp3 = "gp3"
	// gp3IOPS and gp3Throughput are what a gp3 disk has at no extra cost, and
	// the least that it can be given. gp3Ratio is how many operations each
	// MiB/s needs.
	// Source: https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html.
	gp3IOPS       = 3000
	gp3Throughput = 125
	gp3Ratio      = 4
	// streamingThroughput is the least at which pulling parts of an image at
	// the same time is worth it.
	// Source: awslabs/amazon-eks-ami, nodeadm/doc/examples.md, fast image pull.
	streamingThroughput = 600
	// streamingCPUs and streamingMemory are what a machine needs, or nodeadm
	// passes the setting over.
	// Source: awslabs/amazon-eks-ami of October 2025, nodeadm/internal/containerd/config.go, UseSOCISnapshotter.
	streamingCPUs   = 8
	streamingMemory = 8 * millrace.GiB

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
	eksMinDisk     = 20 * millrace.GiB
	eksMaxDisk     = 16 * millrace.TiB
	eksTagLength   = 128
	eksTagValue    = 256
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

// eksDisks are the kinds of disk that a machine boots from, with the bounds of
// their operations each second; zero where they can't be chosen.
var eksDisks = map[string]struct{ least, most int }{
	gp3: {gp3IOPS, 16000}, "gp2": {}, "io1": {100, 64000}, "io2": {100, 256000},
}

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
