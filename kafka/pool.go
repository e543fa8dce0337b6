package kafka

import (
	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// BrokerPool is a set of like nodes of a cluster: brokers, controllers, or
// both in one. It makes a KafkaNodePool.
//
// Pools lie in Cluster.Pools. One that is composed on its own adds nodes to a
// cluster that is defined elsewhere, and then needs Cluster.
type BrokerPool struct {
	// Name is the name of the pool, unique in its namespace; pods are named
	// <cluster>-<pool>-<number>.
	//
	// Empty means "broker", "controller" or "dual-role", by its roles.
	// Source: Strimzi's examples.
	Name string

	// Namespace is the namespace of the cluster. Inside of a Cluster it is
	// taken from there.
	Namespace string

	// Cluster is the name of the cluster. Inside of a Cluster it is taken from
	// there.
	//
	// Rendered as the label strimzi.io/cluster.
	Cluster string

	// Labels and Annotations go to the KafkaNodePool.
	Labels      map[string]string
	Annotations map[string]string

	// Roles says what the nodes do.
	//
	// None means Broker. Both in one is for small clusters: a broker under
	// load is a slow controller.
	//
	// Rendered as spec.roles.
	// Source: Strimzi, con-kafka-concepts-node-pools.
	Roles []Role

	// Replicas is how many nodes there are.
	//
	// Nil means 3; new(0) is a pool without nodes. The number of controllers
	// can't be changed later.
	//
	// Rendered as spec.replicas.
	Replicas *int

	// Volumes are the disks of each node. At least one is required.
	//
	// Rendered as spec.storage of type jbod, also where there is only one, so
	// that others can be added later.
	// Source: Strimzi, con-config-storage-kraft.
	Volumes []Volume

	// Resources are memory and CPU of each node.
	Resources Resources

	// Heap is the heap of the JVM. What Resources.Memory has more than that is
	// the page cache, from which most reads are served.
	//
	// Zero leaves it to Strimzi: half of the memory, at most 5 GB. Whole MiB,
	// and less than the memory.
	//
	// Rendered as spec.jvmOptions, -Xms and -Xmx.
	// Source: Strimzi, con-common-configuration-properties.
	Heap millrace.Bytes

	// Pod is what the pods get beside.
	//
	// Rendered in spec.template.pod.
	Pod PodTemplate

	// Placement says which nodes the pods run on. That of a pool guards them
	// against eviction; let nodes of Karpenter that hold brokers live for ever,
	// since those that expire together take guarded pods with them in the end.
	//
	// Rendered in spec.template.pod; the node selector as a required node
	// affinity, since the pods of Strimzi have no selector.
	Placement millrace.Placement

	// Spread keeps the nodes apart from those of the same role. Zero is what
	// the cluster says; for a pool on its own what Cluster.Spread says of
	// zero.
	//
	// Rendered in spec.template.pod.
	Spread Spread

	// Base is Strimzi's own spec, under the fields above: what it sets and
	// they don't is kept.
	Base strimziv1.KafkaNodePoolSpec
}

// Role is what a node of Kafka does.
type Role string

const (
	// Broker holds partitions.
	Broker Role = "broker"
	// Controller takes part in the quorum that holds the metadata.
	Controller Role = "controller"
)

// Volume is one disk of a node.
type Volume struct {
	// ID tells the disks of a node apart, for ever: a disk keeps it when
	// others come and go. Zero is right for the first one.
	ID int

	// Size is how large it is. Required, but for an ephemeral one. It can
	// grow, if the storage class allows it, and never shrink.
	//
	// Rendered as size, or sizeLimit if it is ephemeral.
	Size millrace.Bytes

	// Class is the storage class. It should bind WaitForFirstConsumer (rule
	// kafka/storage-class), or disks are made in zones that their pods can't
	// get to.
	//
	// Empty means the class that the Kubernetes cluster has as its default.
	Class string

	// Ephemeral is for tests: the disk goes when its pod goes.
	Ephemeral bool

	// DeleteClaim deletes the disk with the pool. False keeps the data.
	DeleteClaim bool

	// Metadata puts KRaft's metadata on this disk.
	//
	// False for all of them means the one with the lowest ID.
	//
	// Rendered as kraftMetadata: shared.
	Metadata bool
}

// Resources are memory and CPU of a node, or of another component's pod.
type Resources struct {
	// Memory is requested, and is the limit as well.
	//
	// Zero means 8 GiB for brokers and 4 GiB for nodes that are controllers
	// only; other components have their own.
	//
	// Rendered as spec.resources.requests.memory and limits.memory.
	// Source: Strimzi, con-common-configuration-properties.
	Memory millrace.Bytes

	// CPU is the number of cores that are requested; 0.5 is half of one.
	//
	// Zero means 2 for brokers and 1 for nodes that are controllers only.
	//
	// Rendered as spec.resources.requests.cpu.
	CPU float64

	// CPULimit is the number of cores that can't be exceeded.
	//
	// Zero means none: a broker that is throttled falls out of the in-sync
	// replicas.
	//
	// Rendered as spec.resources.limits.cpu.
	CPULimit float64
}
