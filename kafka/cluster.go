package kafka

import (
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Cluster is a Kafka cluster in KRaft mode that Strimzi runs. It makes a Kafka
// object, and a KafkaNodePool for each of its pools.
//
// Its zero fields are production defaults: three replicas of which two must be
// in sync, no topics by accident, ACLs, brokers and controllers apart in zones
// and on hosts, topics and users managed through Kubernetes, Cruise Control,
// metrics of the brokers and of how far consumers lag behind.
type Cluster struct {
	// Name is the name of the cluster, which topics and pools refer to. A DNS
	// label that starts with a letter, since services are named after it.
	// Required.
	//
	// Rendered as metadata.name.
	Name string

	// Namespace is where the cluster, its pools and its topics live. Empty
	// leaves it to the context that the manifest is applied in.
	//
	// Rendered as metadata.namespace.
	Namespace string

	// Labels and Annotations go to the Kafka object.
	//
	// Rendered as metadata.labels and metadata.annotations.
	Labels, Annotations map[string]string

	// Version is the version of Kafka, such as "4.3.1": one that the operator
	// runs. From Strimzi 0.49 on, which was the first with
	// kafka.strimzi.io/v1, that is Kafka 4 or later (rule kafka/version), and
	// of the newest Strimzi 4.2 and 4.3 (rule kafka/version-operators).
	//
	// Empty leaves it to the operator, who then upgrades the brokers when it
	// is upgraded itself.
	//
	// Rendered as spec.kafka.version.
	Version string

	// MetadataVersion is the version of KRaft's metadata, such as "4.3-IV0" or
	// "4.3". Raising it is the last step of an upgrade and can't be undone.
	//
	// Empty leaves it to the operator, who raises it with Version.
	//
	// Rendered as spec.kafka.metadataVersion.
	MetadataVersion string

	// Image is an image of Kafka to run in place of Strimzi's own, for brokers
	// that need more classes. It must be one made from Strimzi's, and hold the
	// Kafka that Version says.
	//
	// Empty means Strimzi's own.
	//
	// Rendered as spec.kafka.image.
	Image string

	// Listeners are the ways to reach the brokers.
	//
	// None means one named "tls" on port 9093, inside of Kubernetes,
	// encrypted, with client certificates.
	//
	// Rendered as spec.kafka.listeners.
	Listeners []Listener

	// Authorization says who may do what.
	//
	// Zero means Kafka's own authorizer, where a listener knows its clients.
	Authorization Authorization

	// Replication is how often the cluster keeps what it is given.
	Replication Replication

	// Log is how long it keeps it.
	Log Log

	// Quotas keep one client from taking what all need, and disks from filling
	// up: ClientQuotas or BrokerQuotas.
	//
	// None means no limits but those of users.
	//
	// Rendered as spec.kafka.quotas.
	Quotas Quotas

	// Config holds every other setting of a broker, by Kafka's own name.
	//
	// Settings that Strimzi manages itself (listeners, ssl, log directories
	// and about thirty more prefixes) are mistakes: it would drop them without
	// a word. Types, ranges and what goes together are checked against the
	// settings of Kafka, in Version where that is given, and names against
	// those that they are likely to be: the settings of plugins are let
	// through. A setting that has a field here is a conflict if both are set.
	//
	// Rendered in spec.kafka.config.
	Config map[string]string

	// Spread keeps brokers apart from each other, and controllers likewise;
	// pools that say nothing themselves take it over.
	//
	// Zero means: rack awareness by zone, an even spread over the zones, and
	// never two brokers of this cluster on one node.
	//
	// Rendered as spec.kafka.rack, and in the pools.
	Spread Spread

	// Pools are the nodes: at least one broker and one controller. Pools that
	// are composed on their own belong to the cluster just the same.
	Pools []BrokerPool

	// MaxUnavailable is how many nodes of the cluster, brokers and controllers
	// together, may be evicted at once: when nodes of Kubernetes are drained.
	//
	// Nil means one. new(0) blocks every drain, which is right only with
	// Strimzi's Drain Cleaner in its legacy mode (rule
	// kafka/disruption-budget).
	//
	// Rendered as spec.kafka.template.podDisruptionBudget.maxUnavailable.
	// Source: Strimzi, PodDisruptionBudgetTemplate; proc-drain-cleaner-deploying.
	MaxUnavailable *int

	// Probes say how patiently nodes are asked whether they are well.
	//
	// Rendered as spec.kafka.livenessProbe and readinessProbe.
	Probes Probes

	// TieredStorage moves old segments out of the brokers' disks.
	TieredStorage TieredStorage

	// EntityOperator manages topics and users.
	EntityOperator EntityOperator

	// CruiseControl moves partitions between brokers.
	CruiseControl CruiseControl

	// Exporter tells how far consumers lag behind.
	Exporter Exporter

	// Metrics says how the brokers' and controllers' metrics are exported.
	//
	// Nil means Reporter{}: Strimzi's own reporter, without an agent or rules.
	// NoMetrics{} exports none.
	//
	// Rendered as spec.kafka.metricsConfig.
	// Source: Strimzi, examples/metrics/strimzi-metrics-reporter.
	Metrics Metrics

	// Loggers are the levels of the brokers' loggers by their names, such as
	// "kafka.root.logger.level": "INFO".
	//
	// None means Strimzi's own levels.
	//
	// Rendered as spec.kafka.logging of type inline.
	Loggers map[string]string

	// Certificates says how the certificate authorities of the cluster and its
	// clients work.
	Certificates Certificates

	// MaintenanceWindows are the times, as cron expressions of Quartz in UTC,
	// in which certificates may be renewed, which restarts the brokers. They
	// have seconds first, and ? for one of the two kinds of days:
	// "* * 0-1 ? * SUN" is Sundays from midnight to two o'clock. What fits is
	// the window, not its beginning: "0 0 0 ? * SUN" lasts one second.
	//
	// None means always.
	//
	// Rendered as spec.maintenanceTimeWindows.
	// Source: Strimzi, con-maintenance-time-windows; Quartz, CronExpression.
	MaintenanceWindows []string

	// Base is Strimzi's own spec, under the fields above: what it sets and
	// they don't is kept.
	Base strimziv1.KafkaSpec
}

// Replication is how often a cluster keeps what it is given. It sets what
// topics get that don't say it themselves, and Kafka's internal topics.
type Replication struct {
	// Factor is how many brokers hold each partition.
	//
	// Zero means 3. Not more than there are brokers in Pools.
	//
	// Rendered as default.replication.factor in spec.kafka.config, and, where
	// Config has nothing else, as offsets.topic.replication.factor and
	// transaction.state.log.replication.factor.
	// Source: Strimzi, con-broker-config-properties.
	Factor int

	// MinInSync is how many of them must have a record before a producer with
	// acks=all is told that it is safe.
	//
	// Zero means one less than Factor, and at least 1.
	//
	// Rendered as min.insync.replicas in spec.kafka.config, and, where Config
	// has nothing else, as transaction.state.log.min.isr.
	// Source: Strimzi, con-broker-config-properties.
	MinInSync int

	// Partitions is how many partitions a topic has that doesn't say it.
	//
	// Zero leaves it to Kafka, which makes one.
	//
	// Rendered as num.partitions in spec.kafka.config.
	Partitions int
}

// Spread keeps the nodes of a cluster apart.
type Spread struct {
	// Zone is the node label whose values brokers are spread over.
	//
	// Empty means topology.kubernetes.io/zone.
	//
	// Rendered as spec.kafka.rack.topologyKey, by which Kafka puts the
	// replicas of a partition into different zones, and as a topology spread
	// constraint (DoNotSchedule) in the pools, by which Kubernetes puts the
	// pods there: since Strimzi 0.49 the rack alone moves no pod. In a pool of
	// both roles the constraint holds for the brokers, and is a preference
	// (ScheduleAnyway) for the controllers.
	// Source: Strimzi, proc-distributing-brokers-across-zones.
	Zone string

	// Variable is the environment variable in which each broker finds the name
	// of its zone, where the operator may not read the labels of nodes. It is
	// set in the Env of the pools, which then are of one zone each. Only for
	// clusters; since Strimzi 1.0.
	//
	// Empty means that the label is read.
	//
	// Rendered as spec.kafka.rack of type environment-variable.
	Variable string

	// OneZone says that the nodes carry no such label, or all the same one:
	// there is neither a rack nor a spread over zones.
	//
	// Rendered as the absence of both.
	OneZone bool

	// SharedHosts lets one node run several brokers, or several controllers,
	// of the cluster, as on a small cluster for tests. A broker and a
	// controller may share a node in any case.
	//
	// Rendered as the absence of a pod anti-affinity in the pools.
	SharedHosts bool
}
