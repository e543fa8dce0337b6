package tenancy

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
)

// Platform has what all tenants of a cluster share, and none can make for
// itself: priority and storage classes, and queues. It is composed once, and
// tenants point to it:
//
//	platform := &tenancy.Platform{}
//	sales := &tenancy.Tenant{Name: "sales", Platform: platform, …}
//	millrace.Build(platform, sales)
type Platform struct {
	// Labels and Annotations go to every object. Rendered in its metadata.
	Labels, Annotations map[string]string
	// Drivers is the class of Spark's drivers. They push executors aside: without
	// its driver, a job has no use for them.
	//
	// An empty name means "data-driver", no value 0, that of pods which name no
	// class, and no word on preemption that they preempt.
	Drivers Priority
	// Executors is the class of Spark's executors, below Drivers. They wait for
	// room.
	//
	// An empty name means "data-executor", no value -5: above what Cluster
	// Autoscaler makes nodes for, below everything that names no class; and no
	// word on preemption that they don't preempt.
	Executors Priority
	// Priorities are further classes, such as one for brokers.
	Priorities []Priority
	// NoPriorities leaves all of them out.
	//
	// False means that Drivers and Executors are rendered, at least.
	NoPriorities bool
	// Storage are the storage classes.
	//
	// Empty means none: clusters mostly have some.
	Storage []StorageClass
	// Queues are ClusterQueues of Kueue, with their flavors.
	//
	// Empty means none.
	Queues []ClusterQueue
}

// Priority is a PriorityClass.
type Priority struct {
	// Name of the class. Required, but for Drivers and Executors.
	// Rendered as metadata.name.
	Name string
	// Value orders the classes: the higher one is scheduled first.
	//
	// Required, but for Drivers and Executors. From -10 to 1000000000: below, Cluster
	// Autoscaler makes no nodes for the pods. It can't be changed later.
	// Rendered as value.
	Value *int32
	// Preempts says whether pods of the class push lower ones out of their nodes.
	//
	// Nil means no, but for Drivers: a batch job waits.
	// Rendered as preemptionPolicy, PreemptLowerPriority or Never.
	Preempts *bool
	// Description says when to use the class.
	//
	// Empty means what the name says, but for Drivers and Executors, which have
	// one. Rendered as description.
	Description string
}

// StorageClass is a kind of disk for claims. Disks are made where their pod
// goes (WaitForFirstConsumer): made before, they are in a zone that the pod may
// never get to.
type StorageClass struct {
	// Name of the class. Required. Rendered as metadata.name.
	Name string
	// Disks are who makes the disks: GCEDisk, EBS, AzureDisk, LocalDisk or
	// Provisioner, by value. Required.
	Disks Disks
	// FixedSize keeps claims from growing.
	//
	// False means that they can, where the disks do; LocalDisk's don't.
	// Rendered as allowVolumeExpansion.
	FixedSize bool
	// Retain keeps the disks when their claims are deleted.
	//
	// False means that they go, as scratch disks should.
	// Rendered as reclaimPolicy.
	Retain bool
	// Default makes it the class of claims that name none. There should be one.
	// Rendered as the annotation storageclass.kubernetes.io/is-default-class.
	Default bool
	// Zones are those in which disks may be.
	//
	// Empty means all. Rendered as allowedTopologies.
	Zones []string
	// FileSystem is what disks are formatted with: "xfs", as is advised for
	// Kafka.
	//
	// Empty means the driver's default, ext4.
	// Rendered as the parameter csi.storage.k8s.io/fstype.
	FileSystem string
	// MountOptions are rendered as mountOptions.
	MountOptions []string
	// Parameters are further ones of the driver. Those that a field says are
	// refused.
	//
	// Empty means none. Rendered as parameters.
	Parameters map[string]string
}

// ClusterQueue is a share of the cluster in Kueue, for the tenants that name
// it, and which cohort may lend to and borrow from it.
type ClusterQueue struct {
	// Name of the queue. Required: at most 63 characters, as tenants' namespaces
	// have it as a label. Rendered as metadata.name.
	Name string
	// Cohort is the name that queues have in common which lend to each other.
	//
	// Empty means that the queue lends and borrows nothing.
	// Rendered as spec.cohortName.
	Cohort string
	// Flavors are kinds of nodes, in the order in which they are tried. Required.
	Flavors []Flavor
	// Strict lets no job pass another one that is older and waits for room.
	//
	// False lets small ones pass.
	// Rendered as spec.queueingStrategy.
	Strict bool
}

// Flavor is a kind of nodes, and how much of them a queue has.
type Flavor struct {
	// Name of the ResourceFlavor, which is made once. Queues that share one
	// describe it alike. Required. Rendered as metadata.name.
	Name string
	// Placement is where the nodes are, as nodepool.Pool.Placement tells it.
	// Kueue adds the selector and the tolerations to the pods of jobs; a flavor
	// has no room for annotations, which are the jobs' own, nor for an affinity.
	//
	// Zero means any nodes.
	// Rendered as spec.nodeLabels and spec.tolerations, at most 8 of each.
	Placement millrace.Placement
	// Cores are the queue's share of the CPUs.
	//
	// Required. Rendered as nominalQuota of cpu.
	Cores int
	// Memory is the queue's share of the memory.
	//
	// Required. Rendered as nominalQuota of memory.
	Memory millrace.Bytes
	// Other are shares of other resources, such as "nvidia.com/gpu". All flavors
	// of a queue have the same ones; what a flavor doesn't name is 0.
	//
	// Empty means none. Rendered as nominalQuota of each.
	Other corev1.ResourceList
}
