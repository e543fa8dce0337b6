package nodepool

import (
	"github.com/millrace/millrace/nodepool/karpenterawsv1"
)

// EC2NodeClass says what Karpenter makes a pool's nodes of on AWS: image,
// identity, network, disk. The pool makes it an EC2NodeClass of
// karpenter.k8s.aws/v1, beside its NodePool.
//
// Other pools may use the same class: they refer to it by name, with
// Karpenter.NodeClass. What the class takes from its pool (Disk,
// ImageStreaming) then holds for their nodes too.
type EC2NodeClass struct {
	// Name is the object's name.
	//
	// Empty means the pool's.
	// Rendered as metadata.name, and in the pool's nodeClassRef.
	Name string
	// Role is the name of the IAM role that the nodes have. Karpenter makes an
	// instance profile of it.
	//
	// Required, unless InstanceProfile is set. The bare name: no ARN, no path.
	// Rendered as spec.role.
	Role string
	// InstanceProfile is the name of an instance profile that exists already.
	//
	// Empty means that Karpenter makes one of Role. Not beside Role.
	// Rendered as spec.instanceProfile.
	InstanceProfile string

	// AMI is the machine image of EKS, as family@version: "al2023@v20260723",
	// "bottlerocket@v1.54.0". The version is that of a release, never latest:
	// each new image would replace all nodes of its own accord, untested.
	//
	// Required, unless AMIs is set. Families: al2, al2023, bottlerocket.
	// Rendered as the alias in spec.amiSelectorTerms.
	AMI string
	// AMIs select images of your own; the newest of them that fits is taken.
	//
	// Empty means AMI. From 1 to 30 terms, beside Family and without an alias.
	// Rendered as spec.amiSelectorTerms.
	AMIs []karpenterawsv1.AMISelectorTerm
	// Family is what the images of AMIs are made of: it says how they start, and
	// which disk is the root.
	//
	// Empty means the family of AMI; required with AMIs. With Custom, Karpenter
	// neither writes user data nor knows the disks: use Base for both.
	// Rendered as spec.amiFamily.
	Family karpenterawsv1.AMIFamily

	// Discovery is the value of the tag karpenter.sh/discovery that subnets and
	// security groups have, usually the name of the cluster.
	//
	// Empty means that Subnets and SecurityGroups select them.
	// Rendered as a term of spec.subnetSelectorTerms and of
	// spec.securityGroupSelectorTerms, where nothing else selects them.
	Discovery string
	// Subnets select the subnets of the nodes, each term by tags or by id.
	//
	// Empty means Discovery. At most 30 terms.
	// Rendered as spec.subnetSelectorTerms.
	Subnets []karpenterawsv1.SubnetSelectorTerm
	// SecurityGroups select the nodes' security groups, each term by one of tags,
	// id and name.
	//
	// Empty means Discovery. At most 30 terms.
	// Rendered as spec.securityGroupSelectorTerms.
	SecurityGroups []karpenterawsv1.SecurityGroupSelectorTerm

	// IOPS are the operations per second of the disk that Pool.Disk describes.
	//
	// Zero means EC2's own 3000 of gp3; io1 and io2 need a number. From 3000 to
	// 80000 for gp3, from 100 for io1 and io2.
	// Rendered as iops in spec.blockDeviceMappings.
	// Source: Amazon EBS, volume types.
	IOPS int64
	// Throughput is that of the disk, in MiB/s.
	//
	// Zero means EC2's own 125, and 600 with Pool.ImageStreaming, below which
	// images come slower with it than without. From 125 to 2000, gp3 only; four
	// operations per second for each MiB/s.
	// Rendered as throughput in spec.blockDeviceMappings.
	// Source: Amazon EBS, volume types; AWS, SOCI parallel pull mode.
	Throughput int64
	// KMSKey is the key that the disk is encrypted with: an ID, an ARN, an alias.
	//
	// Empty means the account's key for EBS.
	// Rendered as kmsKeyID in spec.blockDeviceMappings.
	KMSKey string
	// HopLimit is how far answers of the instance metadata service travel, which
	// hands out the credentials of Role.
	//
	// Zero means 1: pods on a network of their own don't get them. At most 64.
	// Rendered as spec.metadataOptions.httpPutResponseHopLimit, beside
	// httpTokens: required (IMDSv2 only).
	// Source: Amazon EKS, best practices for security, identity and access.
	HopLimit int64

	// Tags are those of everything in EC2 that Karpenter makes for the nodes.
	//
	// Tags that Karpenter sets itself are refused, and those of AWS.
	// Rendered as spec.tags.
	Tags map[string]string
	// Kubelet sets the kubelet: its largest number of pods, what it keeps, when
	// it evicts.
	//
	// Zero leaves all of it to the image. Rendered as spec.kubelet.
	Kubelet karpenterawsv1.KubeletConfiguration
	// Base is laid under all of the above, for what has no field here: further
	// disks, user data, network interfaces. A field set in both is a mistake.
	Base karpenterawsv1.EC2NodeClassSpec
}
