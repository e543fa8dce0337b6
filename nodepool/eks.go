package nodepool

// EKS makes the pool a managed node group of Amazon EKS, which Cluster
// Autoscaler grows and shrinks. Format says as what: Terraform resources in
// the file terraform/<name>.tf, for the hashicorp/aws provider 5.83 and later,
// or a configuration file of eksctl, eksctl/<name>.yaml.
//
// Beside the group itself the Terraform holds its launch template (an
// encrypted disk, and a metadata service that pods can't reach), and the tags
// of its Auto Scaling group. By the tags Cluster Autoscaler knows what a node
// would have while there is none. eksctl makes both of these by itself.
//
// Cluster, Version, ReleaseVersion, Role, Subnets and KMSKey take a literal or
// a Terraform reference; a reference to a whole resource gets the attribute
// that is meant, as with GKE: aws_eks_cluster.main renders
// aws_eks_cluster.main.name in Cluster. With eksctl they are literals.
//
// Spot nodes get the taint karpenter.sh/capacity-type=spot:NoSchedule, as those
// of Karpenter do: EKS writes none, and refuses all keys of eks.amazonaws.com
// (aws/containers-roadmap#1451), so that its own label can't be the taint too.
type EKS struct {
	// Format is what the pool is written as: Terraform or Eksctl.
	//
	// Empty means Terraform. What eksctl gets is a file for "eksctl create
	// nodegroup -f"; if it didn't make the cluster, add the cluster's vpc there.
	Format Format
	// Cluster is the cluster that the pool belongs to.
	//
	// Required: at most 100 letters, digits, dashes and underscores.
	// Rendered as cluster_name, where a resource gets .name behind it; for
	// eksctl as metadata.name.
	Cluster string
	// Region is the cluster's region: "eu-west-1".
	//
	// Required for eksctl. Terraform takes it from its provider block.
	// Rendered as metadata.region.
	Region string
	// Version is the nodes' version of Kubernetes: "1.34".
	//
	// Empty means the cluster's when the group is made, and the nodes stay at
	// it when the cluster is upgraded. aws_eks_cluster.main lets them follow.
	// Rendered as version, where a resource gets .version behind it. With
	// eksctl it is the cluster's.
	Version string
	// ReleaseVersion pins the machine image: "1.34.1-20251112".
	//
	// Empty means the newest one when the group is made or upgraded.
	// Rendered as release_version, releaseVersion.
	ReleaseVersion string
	// Role is the ARN of the IAM role that the nodes have.
	//
	// Required for Terraform; for eksctl, empty means that it makes one.
	// Rendered as node_role_arn, where a resource gets .arn behind it; for
	// eksctl as iam.instanceRoleARN.
	Role string
	// Subnets are where the nodes are. Each of them is the ID of one, or a
	// reference to one or to a list of them: "aws_subnet.private[*]",
	// "module.vpc.private_subnets".
	//
	// Required for Terraform; for eksctl, empty means all of the cluster's.
	// With Pool.Zones, Terraform takes those of them that are in these zones.
	// Cluster Autoscaler plans for the first zone of a group: pods with volumes,
	// which have a zone each, want a pool for each zone.
	// Rendered as subnet_ids, where a resource gets .id behind it; subnets.
	Subnets []string
	// DependsOn are what must be there before the nodes are, and go after
	// them: the policies of their role, without which EKS can't take its
	// machines back ("aws_iam_role_policy_attachment.worker").
	//
	// Empty means nothing but what the other fields refer to. Terraform only.
	// Rendered as depends_on.
	// Source: aws_eks_node_group, example usage.
	DependsOn []string

	// AMIType is the kind of machine image, as EKS calls it: one of Amazon
	// Linux 2023 or Bottlerocket.
	//
	// Empty means AL2023_x86_64_STANDARD, or AL2023_ARM_64_STANDARD if the pool's
	// Arch is ARM64.
	// Rendered as ami_type; for eksctl as amiFamily.
	AMIType string
	// MaxPods is how many pods a node takes.
	//
	// Zero means EKS' own number, by the addresses that the machine type has.
	// From 1 to 250. Amazon Linux only.
	// Rendered in the node's user data as maxPods; maxPodsPerNode.
	MaxPods int
	// HopLimit is how many hops an answer of the metadata service goes. Two of
	// them are as far as a pod, which then has the credentials of the node.
	//
	// Zero means 1: only the node and pods in its network reach the service.
	// From 1 to 64; for eksctl 1 or 2.
	// Rendered as http_put_response_hop_limit; disablePodIMDS.
	// Source: https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html, restrict access to the instance profile.
	HopLimit int

	// KMSKey is the key that the disks are encrypted with, by its ARN or ID.
	//
	// Empty means the account's default one. They are encrypted in any case. A
	// key of one's own must let AWSServiceRoleForAutoScaling use it.
	// Rendered as kms_key_id, where a resource gets .arn behind it;
	// volumeKmsKeyID.
	KMSKey string
	// IOPS is how many operations each second the disk is good for.
	//
	// Zero means 3000, or what Throughput needs: four for each MiB/s. From 3000
	// to 80000 on gp3, with eksctl to 16000, and at most 500 for each GiB.
	// Required on io1 and io2, from 100 to 64000 and 256000.
	// Rendered as iops, volumeIOPS.
	IOPS int
	// Throughput is how much the disk reads and writes, in MiB each second.
	//
	// Zero means 125, and with Pool.ImageStreaming 600, below which pulling
	// several parts at the same time is slower than one. From 125 to 2000, with
	// eksctl to 1000; gp3 only.
	// Rendered as throughput, volumeThroughput.
	// Source: awslabs/amazon-eks-ami, nodeadm/doc/examples.md, fast image pull.
	Throughput int

	// MaxUnavailable is how many nodes are replaced at the same time when the
	// group is updated, as a number ("2") or a share ("10%").
	//
	// Empty means "1". From 1 to 100.
	// Rendered as update_config.max_unavailable and max_unavailable_percentage.
	// Source: the default of the EKS API, NodegroupUpdateConfig.
	MaxUnavailable string
	// ForceUpdates lets an update go on where pods can't be moved within 15
	// minutes, and kills them.
	//
	// False means that the update fails then. Terraform only.
	// Rendered as force_update_version.
	ForceUpdates bool
	// NoRepair keeps EKS from replacing nodes that are broken.
	//
	// False means that it does.
	// Rendered as node_repair_config.enabled, nodeRepairConfig.enabled.
	NoRepair bool
	// Public puts the nodes into the cluster's public subnets.
	//
	// False means the private ones. Eksctl only: in Terraform the subnets decide.
	// Rendered as privateNetworking.
	Public bool
	// Tags are tags of the group, its machines and their disks, for the bill.
	//
	// Empty means none of one's own. At most 40.
	// Rendered as tags and tag_specifications.
	Tags map[string]string
}
