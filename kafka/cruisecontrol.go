package kafka

import (
	"time"

	"github.com/millrace/millrace"
)

// CruiseControl moves partitions between brokers: when a Rebalance asks for
// it, when brokers come or go, and when the replicas of a topic change.
//
// Zero runs it with Strimzi's goals, and rebalances by itself when a pool of
// brokers grows or shrinks. A cluster of one broker must turn it off.
//
// Rendered as spec.cruiseControl.
type CruiseControl struct {
	// Off leaves it out. Partitions then stay where they are when brokers
	// come, and the replicas of a topic can't be changed.
	//
	// Rendered as the absence of spec.cruiseControl.
	Off bool

	// Goals are all that rebalances may ask for.
	//
	// None means all that Strimzi supports.
	//
	// Rendered as goals in config.
	Goals []Goal

	// DefaultGoals are those of a rebalance that names none, by priority. They
	// are among Goals.
	//
	// None means all that Strimzi supports; those about the network only with
	// Capacity.Inbound and Outbound.
	//
	// Rendered as default.goals in config.
	DefaultGoals []Goal

	// HardGoals are those that must be met, or there is no proposal. They are
	// among DefaultGoals.
	//
	// None means racks, and the capacities for replicas, disks, CPU and, with
	// Capacity.Inbound and Outbound, the network.
	//
	// Rendered as hard.goals in config.
	HardGoals []Goal

	// DetectionGoals are those whose violation Cruise Control reports. They
	// are among DefaultGoals.
	//
	// None means racks, leaders per topic, and the capacities for replicas
	// and disks.
	//
	// Rendered as anomaly.detection.goals in config.
	DetectionGoals []Goal

	// Capacity is what a broker can do.
	Capacity Capacity

	// AutoRebalance says what happens by itself.
	AutoRebalance AutoRebalance

	// MetricsTopic is the topic that brokers report to Cruise Control in.
	MetricsTopic MetricsTopic

	// APIUsers is the entry of a secret with users of its REST API beside
	// Strimzi's own, as lines "name: password, ROLE", of roles USER and VIEWER.
	//
	// Zero means none.
	//
	// Rendered as spec.cruiseControl.apiUsers of type hashLoginService.
	APIUsers SecretKey

	// Config holds every other setting of Cruise Control, by its own name.
	//
	// Settings that Strimzi manages itself are mistakes: it would drop them
	// without a word. A setting that has a field here is a conflict if both
	// are set.
	//
	// Rendered in spec.cruiseControl.config.
	Config map[string]string

	// Resources are memory and CPU of its pod. Zero fields mean 2 GiB and half
	// a core.
	//
	// Rendered as spec.cruiseControl.resources.
	Resources Resources

	// Heap is the heap of its JVM. Whole MiB, and less than the memory.
	//
	// Zero leaves it to Strimzi: three quarters of the memory.
	//
	// Rendered as spec.cruiseControl.jvmOptions, -Xms and -Xmx.
	Heap millrace.Bytes

	// Loggers are the levels of its loggers, such as "rootLogger.level": "INFO".
	//
	// Rendered as spec.cruiseControl.logging of type inline.
	Loggers map[string]string

	// Metrics says how its metrics are exported: JMX, which is all that it has.
	//
	// Nil means not at all: a rebalance tells its progress in its status.
	//
	// Rendered as spec.cruiseControl.metricsConfig.
	Metrics Metrics

	// Pod is what its pod gets beside.
	//
	// Rendered in spec.cruiseControl.template.pod.
	Pod PodTemplate

	// Placement says which nodes its pod runs on.
	//
	// Rendered in spec.cruiseControl.template.pod, the node selector as a
	// required node affinity.
	Placement millrace.Placement
}

// Capacity is what a broker can do, which the goals of capacity are about. The
// size of disks is known to Strimzi.
//
// Rendered as spec.cruiseControl.brokerCapacity.
type Capacity struct {
	// CPU is the number of cores; 0.5 is half of one.
	//
	// Zero means what the pods of the brokers request.
	//
	// Rendered as cpu.
	CPU float64

	// Inbound and Outbound are how many bytes a broker can receive and send in
	// a second, such as 125 MiB.
	//
	// Zero leaves the goals about the network out: whatever Strimzi could
	// assume would be wrong.
	//
	// Rendered as inboundNetwork and outboundNetwork, "125MiB/s".
	Inbound, Outbound millrace.Bytes

	// Overrides are for brokers that differ.
	//
	// Rendered as overrides.
	Overrides []CapacityOverride
}

// CapacityOverride is what some brokers can do. Zero fields are those of
// Capacity.
//
// Rendered as one of spec.cruiseControl.brokerCapacity.overrides.
type CapacityOverride struct {
	// Brokers are the numbers of the brokers. At least one, and each in one
	// override only.
	Brokers []int

	// CPU is the number of cores.
	CPU float64

	// Inbound and Outbound are bytes in a second.
	Inbound, Outbound millrace.Bytes
}

// AutoRebalance says what happens by itself when a pool of brokers grows or
// shrinks.
//
// Zero moves partitions to new brokers, and off those that are to go before
// they go. Nobody has to approve that.
//
// Rendered as spec.cruiseControl.autoRebalance.
// Source: Strimzi, con-auto-rebalancing; KafkaAutoRebalancingReconciler.java,
// which needs neither a template nor anything else.
type AutoRebalance struct {
	// NotOnAdd leaves new brokers empty until a Rebalance fills them.
	NotOnAdd bool

	// NotOnRemove keeps brokers that are to go until a Rebalance has emptied
	// them.
	NotOnRemove bool

	// AddTemplate and RemoveTemplate are the names of a Rebalance with
	// Template, in the cluster's namespace, that says how partitions are moved.
	//
	// Empty means by the goals of Cruise Control.
	AddTemplate, RemoveTemplate string
}

// MetricsTopic is the topic that brokers report to Cruise Control in.
type MetricsTopic struct {
	// Partitions is how many the topic has.
	//
	// Zero means num.partitions of the brokers.
	//
	// Rendered as cruise.control.metrics.topic.num.partitions in
	// spec.kafka.config.
	Partitions int

	// Replicas is how many brokers hold each of them. At most the number of
	// brokers.
	//
	// Zero means Replication.Factor of the cluster.
	//
	// Rendered as cruise.control.metrics.topic.replication.factor in
	// spec.kafka.config.
	Replicas int

	// MinInSync is how many of them must have a report. At most Replicas.
	//
	// Zero means 1: a report that is lost is followed by the next.
	//
	// Rendered as cruise.control.metrics.topic.min.insync.replicas in
	// spec.kafka.config.
	MinInSync int

	// Retention is how long reports are kept. Whole milliseconds.
	//
	// Zero means five hours.
	//
	// Rendered as cruise.control.metrics.topic.retention.ms in
	// spec.kafka.config.
	Retention time.Duration
}

const (
	// cruiseControlMemory gives its JVM 1.5 GiB of heap, by Strimzi's three
	// quarters: it holds the load of every partition over its windows.
	// Source: Strimzi, con-common-configuration-properties (heap 75%).
	cruiseControlMemory = 2 * millrace.GiB

	// cruiseControlCPU is enough between rebalances; there is no limit, and a
	// proposal takes what the node has to spare.
	cruiseControlCPU = 0.5
)
