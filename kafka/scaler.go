package kafka

import (
	"time"

	"github.com/millrace/millrace/kafka/kedav1alpha1"
)

// Scaler is how the number of a consumer's pods follows its lag: what KEDA asks
// Kafka for, and what it makes of it.
type Scaler struct {
	// Min is how many pods there are without any lag.
	//
	// Nil means 2, so that one is there while the other moves, or 1 for a
	// single partition; new(0) stops all of them once there is nothing to read.
	//
	// Rendered as spec.minReplicaCount.
	Min *int

	// Max is how many pods there are at the most.
	//
	// Zero means as many as Topics have partitions. More than that would have
	// nothing to read (rule kafka/consumer-maximum).
	//
	// Rendered as spec.maxReplicaCount.
	Max int

	// Idle stops all pods while there is nothing to read, and starts Min of them
	// as soon as there is.
	//
	// Rendered as spec.idleReplicaCount: 0.
	Idle bool

	// Lag is how many records one pod may lag behind before another is added.
	// The number for you is how many it reads in the time that they may wait.
	//
	// Zero means 1000: two polls of 500, which a consumer that keeps up has in
	// hand at any time. KEDA's own is 10, by which every trickle starts all
	// pods.
	//
	// Rendered as lagThreshold in the metadata of each trigger.
	// Source: Apache Kafka, max.poll.records.
	Lag int

	// Activation is the lag above which pods are started that there are none
	// of. It does something only with Idle, or with a Min of none.
	//
	// Zero means the first record.
	//
	// Rendered as activationLagThreshold in the metadata of each trigger.
	Activation int

	// Reset is where the group begins that has no committed offset: it must be
	// what the program has as auto.offset.reset.
	//
	// Empty leaves it to KEDA, who takes Latest as Kafka does.
	//
	// Rendered as offsetResetPolicy in the metadata of each trigger.
	Reset OffsetReset

	// Interval is how often KEDA asks for the lag of what is stopped.
	//
	// Zero leaves it to KEDA: 30 s. Whole seconds.
	//
	// Rendered as spec.pollingInterval.
	Interval time.Duration

	// Cooldown is how long there must be nothing to read before all pods are
	// stopped. It does something only with Idle, or with a Min of none.
	//
	// Zero leaves it to KEDA: 5 minutes. Whole seconds.
	//
	// Rendered as spec.cooldownPeriod.
	Cooldown time.Duration

	// Fallback is how many pods there are while KEDA can't see the lag.
	//
	// Zero leaves the number as it is.
	//
	// Rendered as spec.fallback, after three failures.
	Fallback int

	// Metadata holds every other setting of the triggers, by KEDA's own name,
	// such as excludePersistentLag. One that has a field here is a conflict if
	// both are set.
	//
	// Rendered in the metadata of each trigger.
	Metadata map[string]string

	// Authentication is the name of a TriggerAuthentication that is made
	// elsewhere, for logins that follow from no Connection.
	//
	// Empty means the one that is made here, if there is need of one.
	//
	// Rendered as authenticationRef of each trigger.
	Authentication string

	// Base is the spec of the ScaledObject under the fields above: what it sets
	// and they don't is kept. Triggers in it stand behind those of the topics.
	Base kedav1alpha1.ScaledObjectSpec
}

// OffsetReset is where a group begins that has no committed offset.
type OffsetReset string

const (
	// Latest begins with what comes after the group.
	Latest OffsetReset = "latest"
	// Earliest begins with the oldest record.
	Earliest OffsetReset = "earliest"
)
