package kafka

import (
	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Rebalance moves partitions in a cluster that has Cruise Control. It makes a
// KafkaRebalance.
//
// Cruise Control makes a proposal of it, which waits for an approval in the
// state ProposalReady; AutoApprove goes on without one. Every change of the
// spec asks for a new proposal.
type Rebalance struct {
	// Name is the name of the object. Required.
	//
	// Rendered as metadata.name.
	Name string

	// Namespace is the namespace of the cluster.
	//
	// Empty leaves it to the context that the manifest is applied in.
	//
	// Rendered as metadata.namespace.
	Namespace string

	// Labels and Annotations go to the object, besides those that the fields
	// make.
	//
	// Rendered as metadata.labels and metadata.annotations.
	Labels, Annotations map[string]string

	// Cluster is the name of the Kafka object. It is required, but for a
	// template.
	//
	// Rendered as the label strimzi.io/cluster.
	Cluster string

	// Mode says which brokers take part.
	//
	// Empty means FullRebalance.
	//
	// Rendered as spec.mode.
	Mode RebalanceMode

	// Brokers are the numbers of the brokers that AddBrokers fills or
	// RemoveBrokers empties, which need it; other modes have none.
	//
	// Rendered as spec.brokers.
	Brokers []int

	// Disks are those that RemoveDisks empties, which needs it; other modes
	// have none.
	//
	// Rendered as spec.moveReplicasOffVolumes.
	Disks []BrokerDisks

	// Goals are what to strive for, by priority, all of the cluster's hard
	// goals among them.
	//
	// None means the default goals of Cruise Control. Not with WithinBrokers,
	// and not in RemoveDisks.
	//
	// Rendered as spec.goals.
	Goals []Goal

	// SkipHardGoals lets Goals leave out hard goals, or a proposal violate
	// them.
	//
	// Rendered as spec.skipHardGoalCheck.
	SkipHardGoals bool

	// WithinBrokers balances the disks of each broker, and moves nothing from
	// one broker to another. Only in FullRebalance, and for brokers with
	// several disks.
	//
	// Rendered as spec.rebalanceDisk.
	WithinBrokers bool

	// ExcludedTopics is a regular expression of Java for topics that stay
	// where they are.
	//
	// Empty means none.
	//
	// Rendered as spec.excludedTopics.
	ExcludedTopics string

	// Pace is how much moves at a time.
	Pace Pace

	// Strategies say in which order replicas move.
	//
	// None means as they come.
	//
	// Rendered as spec.replicaMovementStrategies.
	Strategies []MovementStrategy

	// AutoApprove carries a proposal out as soon as it is ready. False waits
	// for somebody to read it.
	//
	// Rendered as the annotation strimzi.io/rebalance-auto-approval: "true".
	AutoApprove bool

	// Template makes it a template for what Cruise Control does by itself
	// (AutoRebalance): nothing is moved for it, and its mode and brokers are
	// those of the occasion.
	//
	// Rendered as the annotation strimzi.io/rebalance-template: "true".
	Template bool

	// Action is what the operator is to do once. It takes the annotation away
	// again, and whoever applies the same manifest later asks for it again.
	//
	// Rendered as the annotation strimzi.io/rebalance.
	Action RebalanceAction

	// Base is Strimzi's own spec, under the fields above: what it sets and
	// they don't is kept.
	Base strimziv1.KafkaRebalanceSpec
}

// RebalanceMode says which brokers take part in a rebalance.
type RebalanceMode string

const (
	// FullRebalance moves replicas between all brokers.
	FullRebalance RebalanceMode = "full"
	// AddBrokers moves replicas to brokers that are new.
	AddBrokers RebalanceMode = "add-brokers"
	// RemoveBrokers moves all replicas off brokers that are to go.
	RemoveBrokers RebalanceMode = "remove-brokers"
	// RemoveDisks moves all replicas off disks that are to go, within their
	// brokers.
	RemoveDisks RebalanceMode = "remove-disks"
)

// BrokerDisks are disks of one broker.
//
// Rendered as one of spec.moveReplicasOffVolumes.
type BrokerDisks struct {
	// Broker is the number of the broker. Zero is the broker of that number.
	//
	// Rendered as brokerId.
	Broker int

	// Disks are the ids of its disks, as Volume.ID has them. At least one.
	//
	// Rendered as volumeIds.
	Disks []int
}

// Pace is how much a rebalance moves at a time. Zero fields are left to Cruise
// Control.
type Pace struct {
	// Partitions is how many replicas move into or out of a broker at a time;
	// Cruise Control's own default is 5.
	//
	// Rendered as spec.concurrentPartitionMovementsPerBroker.
	Partitions int

	// WithinBroker is how many move between the disks of a broker; Cruise
	// Control's own default is 2.
	//
	// Rendered as spec.concurrentIntraBrokerPartitionMovements.
	WithinBroker int

	// Leaders is how many partitions change their leader at a time; Cruise
	// Control's own default is 1000.
	//
	// Rendered as spec.concurrentLeaderMovements.
	Leaders int

	// Throttle is how many bytes a broker moves in a second at most, so that
	// clients have the rest.
	//
	// Rendered as spec.replicationThrottle.
	Throttle millrace.Bytes
}

// MovementStrategy says in which order replicas move.
type MovementStrategy string

// The strategies of Cruise Control. Several are tried one after the other.
// Source: Cruise Control, replica.movement.strategies.
const (
	BaseMovement            MovementStrategy = "BaseReplicaMovementStrategy"
	PostponeUnderReplicated MovementStrategy = "PostponeUrpReplicaMovementStrategy"
	LargeReplicasFirst      MovementStrategy = "PrioritizeLargeReplicaMovementStrategy"
	SmallReplicasFirst      MovementStrategy = "PrioritizeSmallReplicaMovementStrategy"
	MinInSyncOfflineFirst   MovementStrategy = "PrioritizeMinIsrWithOfflineReplicasStrategy"
	OneAboveMinInSyncFirst  MovementStrategy = "PrioritizeOneAboveMinIsrWithOfflineReplicasStrategy"
)

// RebalanceAction is what the operator is to do with a rebalance once.
type RebalanceAction string

const (
	// Approve carries out the proposal, in the state ProposalReady.
	Approve RebalanceAction = "approve"
	// Refresh asks for a new proposal, in the states PendingProposal,
	// ProposalReady, Rebalancing, Stopped, NotReady and Ready.
	Refresh RebalanceAction = "refresh"
	// Stop ends what is going on, in the states PendingProposal and
	// Rebalancing; what is on its way still arrives.
	Stop RebalanceAction = "stop"
)

// The annotations of a rebalance.
// Source: Strimzi 1.2.0, ResourceAnnotations.java.
const (
	actionAnnotation      = "strimzi.io/rebalance"
	autoApproveAnnotation = "strimzi.io/rebalance-auto-approval"
	templateAnnotation    = "strimzi.io/rebalance-template"
)
