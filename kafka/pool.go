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
	//
	// Rendered as metadata.name.
	// Source: Strimzi's examples.
	Name string

	// Namespace is the namespace of the cluster. Inside of a Cluster it is
	// taken from there. Elsewhere empty leaves it to the context that the
	// manifest is applied in.
	//
	// Rendered as metadata.namespace.
	Namespace string

	// Cluster is the name of the cluster. Inside of a Cluster it is taken
	// from there. Elsewhere it is required.
	//
	// Rendered as the label strimzi.io/cluster.
	Cluster string

	// Labels and Annotations go to the KafkaNodePool.
	//
	// Rendered as metadata.labels and metadata.annotations.
	Labels, Annotations map[string]string

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

	// NextIDs are the numbers that new nodes get, in this order, as far as they
	// are free.
	//
	// None means the lowest that are free in the whole cluster.
	//
	// Rendered as the annotation strimzi.io/next-node-ids.
	// Source: Strimzi, proc-managing-node-ids.
	NextIDs []NodeIDs

	// RemoveIDs are the numbers of the nodes that go first when there are to be
	// fewer.
	//
	// None means the highest.
	//
	// Rendered as the annotation strimzi.io/remove-node-ids.
	RemoveIDs []NodeIDs

	// Volumes are the disks of each node. At least one is required, or storage
	// in Base: a pool that has been made with storage of type ephemeral or
	// persistent-claim must keep it, as the type can't be changed.
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
	// Zero leaves it to Strimzi, which takes half of the memory that the pod
	// has when it starts, at most 5 GiB, all of it from the beginning. Left to
	// it, the heap follows the memory, also where that is in Base or resized.
	// Whole MiB, and less than the memory; more than half of a broker's is
	// rarely good (rule kafka/page-cache).
	//
	// Rendered as spec.jvmOptions, -Xms and -Xmx.
	// Source: Strimzi, con-common-configuration-properties; KafkaCluster.java
	// and dynamic_resources.sh.
	Heap millrace.Bytes

	// JVM is how the JVM is started beside that.
	//
	// Rendered in spec.jvmOptions. What the cluster's Base says of the JVM is
	// filled in, as Strimzi itself would ignore it.
	JVM JVM

	// Pod is what the pods get beside. What the cluster's Base says of all
	// pods is filled in.
	//
	// Rendered in spec.template.pod and spec.template.kafkaContainer.
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
