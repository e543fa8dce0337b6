package kafka

import (
	"math"
	"time"

	"github.com/millrace/millrace"
)

// What a zero field means, and why.
const (
	// defaultReplication keeps every partition on three brokers: one may be
	// down for maintenance while another one fails, and the data stays.
	// Source: Strimzi, con-broker-config-properties ("do not reduce these
	// settings in production") and every one of its Kafka examples.
	defaultReplication = 3

	// A write is acknowledged once all replicas but one have it, so that a
	// single broker can be down without stopping producers.
	// Source: Strimzi, con-topic-replication.
	replicasThatMayLag = 1

	// defaultNodes is the size of a pool: three brokers hold three replicas,
	// three controllers keep a quorum when one of them is down.
	// Source: Strimzi, con-kafka-concepts-node-pools and assembly-kraft-mode.
	defaultNodes = 3

	// defaultZoneLabel is the label by which every cloud names a node's zone.
	// Source: Kubernetes well-known labels.
	defaultZoneLabel = "topology.kubernetes.io/zone"

	// hostLabel tells nodes apart.
	hostLabel = "kubernetes.io/hostname"

	// brokerMemory gives the JVM 4 GiB of heap, by Strimzi's half, and leaves
	// as much for the page cache that reads are served from.
	// Source: Strimzi, con-common-configuration-properties and
	// KafkaCluster.java (heap 50% of memory, at most 5 GB).
	brokerMemory = 8 * millrace.GiB

	// brokerCPU is what a broker needs for TLS and compression under moderate
	// load; there is no limit, since a throttled broker falls out of the
	// in-sync replicas.
	brokerCPU = 2

	// controllerMemory holds the metadata of some hundred thousand partitions
	// in the 2 GiB of heap that Strimzi makes of it.
	controllerMemory = 4 * millrace.GiB

	// controllerCPU is enough for an event loop of one thread.
	controllerCPU = 1

	// The listener of a cluster that names none: inside of Kubernetes only,
	// encrypted, and with client certificates. Port and name are those of
	// Strimzi's examples.
	defaultListenerName = "tls"
	defaultListenerPort = 9093

	// A user who says nothing has what that listener asks for: a certificate
	// is renewed by the operator, and can't be guessed or sent to somebody else.
	defaultUserAuth = MutualTLS
)

// Forever is a retention without end. It renders as -1.
const Forever time.Duration = math.MaxInt64

// The labels and names by which Strimzi knows what belongs together.
const (
	clusterLabel        = "strimzi.io/cluster"
	brokerRoleLabel     = "strimzi.io/broker-role"
	controllerRoleLabel = "strimzi.io/controller-role"
)

// The settings that several places speak of.
const (
	keyReplication        = "default.replication.factor"
	keyMinInSync          = "min.insync.replicas"
	keyOffsetsReplication = "offsets.topic.replication.factor"
	keyTxnReplication     = "transaction.state.log.replication.factor"
	keyTxnMinISR          = "transaction.state.log.min.isr"
	keyShareReplication   = "share.coordinator.state.topic.replication.factor"
	keyAutoCreate         = "auto.create.topics.enable"
	keyUncleanElection    = "unclean.leader.election.enable"
)
