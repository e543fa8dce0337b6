package nodepool

import (
	"math"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// WorkloadLabel is the key of the label, and of the taint, that a pool puts
// on its nodes so that its own pods find them and all others stay away. It is
// a label of the pool's own, so that it reads the same on every provider.
const WorkloadLabel = "workload"

// Forever is a duration without end, for Pool.Lifetime and Disruption.
const Forever = time.Duration(math.MaxInt64)

// Pool is a group of equal nodes that grows and shrinks with the pods that
// need it. Its provider says which cloud makes the nodes and what is rendered:
// Terraform for GKE, a NodePool for Karpenter.
//
// A pool is dedicated unless Shared says otherwise: its nodes carry the label
// and the taint workload=<Workload>. Placement is their other half.
type Pool struct {
	// Name is the pool's name.
	//
	// Required: at most 63 lower-case letters, digits and dashes (GKE: at
	// most 40, and a letter first).
	// Rendered as the node pool's name, the Terraform resource's label (with
	// underscores) and the file's name; for Karpenter as metadata.name.
	Name string
	// Workload is the word for what runs on the pool. Pools of one workload,
	// say one on demand and one of spot machines, attract the same pods.
	//
	// Empty means Name. At most 63 characters, as a label value.
	// Rendered as the label workload=<Workload> and, unless the pool is
	// Shared, as the taint workload=<Workload>:NoSchedule.
	Workload string
	// Shared leaves out the workload's taint, so that pods which ask for
	// nothing may run on the pool too.
	//
	// False means dedicated: Spark executors beside API servers are noisy
	// neighbours, which is why pools for data get a taint. True is refused by
	// GKEComputeClass. Rendered as no taint.
	Shared bool

	// Machine is the provider's machine type: "n2-highmem-16", "r6i.4xlarge".
	//
	// Required on GKE, EKS and AKS; with Karpenter, requirements can take its
	// place.
	// Rendered as node_config.machine_type, instance_types, vm_size; for
	// Karpenter as the requirement node.kubernetes.io/instance-type.
	Machine string
	// OtherMachines are machine types that do as well as Machine, in any
	// order. Spot pools need many: Karpenter wants 15 to choose from.
	//
	// Empty means Machine only. Karpenter, EKS and GKEComputeClass only, beside
	// Machine; on EKS of Machine's size, as Cluster Autoscaler takes all nodes for
	// the first type. A GKEComputeClass tries them in this order.
	// Rendered behind Machine.
	OtherMachines []string
	// Arch is the processor architecture, which the images must be built for.
	//
	// Empty means AMD64. It must fit Machine: "exec format error" is what the
	// pods say otherwise.
	// Rendered for Karpenter as the requirement kubernetes.io/arch, on EKS as
	// ami_type; on GKE the machine type decides, and Arch says that you know.
	Arch Arch
	// Capacity says how the machines are bought.
	//
	// Empty means OnDemand. Nodes of a pool that may be spot get a taint beside
	// the workload's, which only Placement tolerates: by the provider itself
	// (AKS), or written by the pool (all others).
	// Rendered as node_config.spot, capacity_type, priority; for Karpenter as
	// the requirement karpenter.sh/capacity-type.
	Capacity Capacity
	// Zones are the zones that nodes may be in. Shuffles between zones cost
	// money, so one zone for each application is worth considering.
	//
	// Empty leaves it to the cluster: all of its zones.
	// Rendered as node_locations, availabilityZones, on EKS a filter of the
	// subnets; for Karpenter as the requirement topology.kubernetes.io/zone.
	Zones []string

	// Min is the number of nodes that stay when there is nothing to do.
	//
	// Zero means that an idle pool costs nothing. GKE counts it in each zone
	// (see GKE.TotalCounts); Karpenter has no such thing.
	// Rendered as autoscaling.min_node_count and initial_node_count, and as
	// min_size and desired_size.
	Min int
	// Max is the largest number of nodes, which bounds what a mistake costs.
	//
	// Required, and at least Min; Karpenter can have Limits instead, and a
	// GKEComputeClass has neither. GKE counts
	// it in each zone (see GKE.TotalCounts).
	// Rendered as autoscaling.max_node_count, max_size; for Karpenter as
	// spec.limits.nodes.
	Max int
	// Limits bound what all nodes have together, beside Max or instead of it.
	//
	// Zero means no bound but Max. Karpenter only: all others count nodes.
	Limits Limits

	// Disk is what each node keeps images and the pods' files on.
	Disk Disk
	// ImageStreaming gets large images onto new nodes sooner: pods start while
	// their images are still on the way (GKE, AKS), or the parts of an image are
	// pulled and unpacked at the same time (SOCI, on AWS).
	//
	// False means that images are pulled first, one layer after the other.
	// Rendered as gcfs_config, imageStreaming, on AWS in the user data. azurerm
	// has no argument for it; where somebody else makes the node class, it is
	// their matter.
	ImageStreaming bool
	// Labels are further labels of the nodes.
	//
	// The label workload is Workload's; labels that the provider keeps for
	// itself are refused.
	// Rendered as labels, node_labels, nodeLabels; on EKS as tags too, by which
	// Cluster Autoscaler knows nodes that aren't there yet.
	Labels map[string]string
	// Taints are further taints of the nodes. Placement tolerates them.
	//
	// Effects are spelled as Kubernetes does, NoSchedule, whatever the
	// provider calls them.
	// Rendered as taint, node_taints, taints; on EKS as tags too.
	Taints []corev1.Taint

	// StartupTaints are taints that something takes off once a node is ready,
	// such as an agent that installs a driver. Placement doesn't tolerate them.
	//
	// Where Cluster Autoscaler makes the nodes, their keys begin with
	// startup-taint.cluster-autoscaler.kubernetes.io/: it believes otherwise
	// that no pod would run on a new node, and makes none. EKS refuses such keys:
	// there they are others, which the autoscaler's flag --startup-taint names.
	// Rendered for Karpenter as spec.template.spec.startupTaints, elsewhere
	// among the taints.
	StartupTaints []corev1.Taint
	// Priority orders the pools that take the same pods: the autoscaler tries
	// the one of the highest priority first.
	//
	// Zero is the lowest. From 1 to 100. Karpenter only: Cluster Autoscaler takes
	// it from one setting for the whole cluster, and pods ask for one
	// GKEComputeClass, in which the order of the machines counts.
	// Rendered as spec.weight.
	Priority int32

	// Disruption bounds what the autoscaler does to nodes in use.
	Disruption Disruption
	// Lifetime is the age at which a node is replaced, which brings in new
	// machine images and cures leaks. The node is drained first; see
	// Disruption.Grace.
	//
	// Nodes that came together expire together, AtOnce doesn't hold for them,
	// and when Grace is over no disruption budget of the pods does either. A
	// pool for Kafka's brokers should have Forever, or lose all of them at
	// once (rule placement/expiry).
	//
	// Zero means 720 hours, Forever means never. Whole seconds. Karpenter only.
	// On EKS Auto Mode zero means 336 hours, and 504 are the most.
	// Rendered as spec.template.spec.expireAfter.
	// Source: the default of the NodePool CRD of Karpenter 1.14.
	Lifetime time.Duration

	// Allocatable is what all pods of one node can request together, as
	// "kubectl get node -o yaml" shows it in status.allocatable. With it,
	// rules know how many pods fit.
	//
	// Nil means an estimate by the provider's formula, of what Shape or the name
	// of the machine type tells. Where neither does, it is unknown.
	// Rendered nowhere, but for the ephemeral-storage on EKS, which is a tag; it
	// becomes the Allocatable of the pool's NodeShape.
	Allocatable corev1.ResourceList
	// Agents is what the agents that run on every node request together, beside
	// which other pods must fit.
	//
	// Nil means 300m CPU and 600Mi of memory, a guess; see
	// millrace.NodeShape.Agents. A list that isn't nil counts as it is.
	// Rendered nowhere; it becomes the Agents of the pool's NodeShape.
	Agents corev1.ResourceList
	// Shape is what one machine has, where the name of its type doesn't tell, or
	// tells it wrong.
	//
	// Zero means what the name tells. Rendered nowhere; estimates begin with it.
	Shape Shape

	// Provider makes the nodes: GKE, GKEComputeClass, EKS, AKS or Karpenter, by
	// value.
	//
	// Required.
	Provider Provider
}

// Arch is a processor architecture, spelled as kubernetes.io/arch is.
type Arch string

// The architectures.
const (
	AMD64 Arch = "amd64"
	ARM64 Arch = "arm64"
)

// Capacity says how machines are bought.
type Capacity string

// The capacities.
const (
	// OnDemand machines stay until they are given back.
	OnDemand Capacity = "on-demand"
	// Spot machines are cheap, and the cloud may take them back at short notice:
	// two minutes on AWS, 30 seconds on Google Cloud and Azure. They are for
	// work that can be repeated; drivers and brokers don't belong on them.
	Spot Capacity = "spot"
	// SpotFirst falls back to machines on demand when there are no spot
	// machines. Karpenter and GKEComputeClass only: elsewhere a pool has one
	// capacity, and two pools of one Workload do the same.
	SpotFirst Capacity = "spot-first"
)

// Limits bound what a pool may use in all. Karpenter checks them before each
// purchase and may go slightly over them when several are under way.
type Limits struct {
	// CPU is the number of cores. Zero means no limit.
	// Rendered as spec.limits.cpu.
	CPU int
	// Memory is the sum over all nodes. Zero means no limit.
	// Rendered as spec.limits.memory.
	Memory millrace.Bytes
}

// Shape is what one machine has, before anything of it is kept.
// Rendered nowhere: estimates begin with it.
type Shape struct {
	// CPUs is the number of virtual CPUs. Zero is what the machine type's name
	// tells; it is set together with Memory.
	CPUs int
	// Memory is all of its memory. Zero is what the name tells.
	Memory millrace.Bytes
}

// Disk is the boot disk of a node, which also holds the images and whatever
// pods write to an emptyDir.
type Disk struct {
	// Size is the disk's capacity.
	//
	// Zero means 100 GiB, and on AKS 128 GiB to 1 TiB, by the number of CPUs.
	// Whole GiB, from 10 GiB to 64 TiB (AKS: 30 GiB to 2 TiB, EKS: 20 GiB to 16
	// TiB).
	// Rendered as node_config.disk_size_gb, volume_size, volumeSize; for
	// Karpenter with EC2 in the node class's blockDeviceMappings. Where somebody
	// else makes the node class, the disk is their matter.
	// Source: default of GKE, https://cloud.google.com/kubernetes-engine/docs/how-to/custom-boot-disks.
	Size millrace.Bytes
	// Type is the provider's kind of disk: "pd-ssd", "hyperdisk-balanced".
	//
	// Empty means "pd-balanced", or "hyperdisk-balanced" for the machines of
	// Google Cloud that take nothing else (C4 and N4 and their variants). On EKS
	// and for Karpenter's EC2 it means "gp3"; gp2, io1 and io2 are the others.
	// Rendered as node_config.disk_type, volume_type, volumeType.
	Type string
	// LocalNVMe keeps images and the pods' files on the machine's local NVMe
	// disks in place of the boot disk: fast scratch space for shuffles, which
	// goes with the node.
	//
	// False means the boot disk. The machine type must have local disks, or,
	// on GKE, take some (GKE.LocalSSDs).
	// Rendered on EKS as the strategy RAID0 in the node's user data, for
	// Karpenter with EC2 as instanceStorePolicy RAID0 and a requirement on
	// karpenter.k8s.aws/instance-local-nvme.
	LocalNVMe bool
}

// Disruption bounds what the autoscaler may do to nodes that are in use. All
// of it is Karpenter's: on GKE the cluster sets these things.
type Disruption struct {
	// Consolidation says which nodes may go to save money.
	//
	// Empty means WhenEmpty: a node goes when its last pod has gone. The
	// default of Karpenter itself also evicts running pods from nodes that
	// are little used, and a batch job then starts over.
	// Rendered as spec.disruption.consolidationPolicy.
	Consolidation Consolidation
	// After is how long a node must have been empty, or little used, before
	// it goes.
	//
	// Zero means 5 minutes, Forever means that no node goes. Whole seconds.
	// Rendered as spec.disruption.consolidateAfter.
	// Source: longer than the 60s of spark.dynamicAllocation.executorIdleTimeout,
	// or nodes and executors come and go in step (AWS data-on-eks, best practices for Spark).
	After time.Duration
	// AtOnce is how many of the pool's nodes may go at the same time, as a
	// number ("2") or a share ("10%", rounded up). It always holds.
	//
	// Empty means "10%".
	// Rendered as the budget without a schedule in spec.disruption.budgets.
	// Source: the default of the NodePool CRD of Karpenter 1.14.
	AtOnce string
	// Quiet are times in which no node is taken away of Karpenter's own
	// accord. Expired nodes go regardless.
	//
	// Empty means that there are none.
	// Rendered as budgets of 0 nodes in spec.disruption.budgets.
	Quiet []Window
	// Grace is how long a node that must go waits for its pods. Afterwards
	// they are killed, guarded by karpenter.sh/do-not-disrupt or not. It
	// should be longer than the longest job.
	//
	// Zero means 24 hours. Forever means no limit, whereupon one stuck pod
	// keeps an expired node, and its bill, for ever. Whole seconds.
	// Rendered as spec.template.spec.terminationGracePeriod.
	// Source: a day covers a batch job that runs daily.
	Grace time.Duration
}

// Consolidation says which nodes may be taken away to save money.
type Consolidation string

// The policies of consolidation.
const (
	// WhenEmpty takes nodes without pods (those of DaemonSets don't count).
	WhenEmpty Consolidation = "WhenEmpty"
	// WhenEmptyOrUnderutilized also evicts pods that fit elsewhere.
	WhenEmptyOrUnderutilized Consolidation = "WhenEmptyOrUnderutilized"
	// Balanced evicts pods where that saves more than it disturbs.
	Balanced Consolidation = "Balanced"
)

// Window is a time that comes again.
type Window struct {
	// Schedule says when the window opens, as a cron expression in UTC:
	// "0 8 * * mon-fri", or "@daily". Sunday is 0, and never 7.
	//
	// Required. Rendered as a budget's schedule.
	Schedule string
	// Duration says how long it stays open.
	//
	// Required. Whole minutes. Rendered as a budget's duration.
	Duration time.Duration
}

// Provider is what makes a pool's nodes. GKE, GKEComputeClass, EKS, AKS and
// Karpenter are the providers; others can't be added from outside.
type Provider interface {
	// check reports what is wrong with the provider, and what the pool asks
	// for and the provider can't do.
	check(*Pool, *millrace.Problems)
	// parts makes the pool, which has been checked. It reports what it can
	// tell only then.
	parts(*Pool, *millrace.Problems) millrace.Parts
	// taints are those that the provider adds to the pool's own.
	taints(*Pool) []corev1.Taint
	// nodes describes the nodes, with what measure says of their size and with
	// the Notice of spot machines; parts has the same. It is asked of pools that
	// nobody has checked, too, and says then what it can.
	nodes(*Pool) millrace.NodeShape
}
