package kafka

import (
	"time"

	"github.com/millrace/millrace/kafka/strimziv1"
)

// MirrorMaker copies topics, and how far consumer groups have come in them, from
// other Kafka clusters into one. It makes a KafkaMirrorMaker2.
//
// It belongs beside the cluster that it copies into.
type MirrorMaker struct {
	// Name is the name of the MirrorMaker. A DNS label that starts with a
	// letter, since services are named after it. Required.
	//
	// Rendered as metadata.name.
	Name string

	// Namespace is where it lives. Empty leaves it to the context that the
	// manifest is applied in.
	//
	// Rendered as metadata.namespace.
	Namespace string

	// Labels and Annotations go to the KafkaMirrorMaker2.
	//
	// Rendered as metadata.labels and metadata.annotations.
	Labels, Annotations map[string]string

	// Target is the cluster that is copied into.
	Target MirrorTarget

	// Mirrors are what is copied. At least one is required.
	Mirrors []Mirror

	// Workers are the pods.
	Workers Workers

	// Base is Strimzi's own spec, under the fields above: what it sets and
	// they don't is kept.
	Base strimziv1.KafkaMirrorMaker2Spec
}

// MirrorTarget is the cluster that a MirrorMaker copies into, and keeps its
// state in.
type MirrorTarget struct {
	// Alias is what the cluster is called in names of connectors and topics:
	// letters, digits, '.', '_' and '-', unlike those of the sources.
	//
	// Empty means Kafka.Cluster.
	//
	// Rendered as spec.target.alias.
	Alias string

	// Kafka is how it is reached.
	Kafka Connection

	// GroupID is what the workers find each other by. No two MirrorMakers or
	// Connects of one Kafka may share it (rule kafka/connect-group).
	//
	// Empty means the name of the MirrorMaker.
	//
	// Rendered as spec.target.groupId.
	GroupID string

	// Topics hold the state of the workers.
	Topics ConnectTopics

	// Config holds the other settings of the workers, by Kafka's own name.
	// Those that Strimzi manages itself are mistakes.
	//
	// Rendered in spec.target.config.
	Config map[string]string
}

// MirrorSource is a cluster that a MirrorMaker copies from.
type MirrorSource struct {
	// Alias is what the cluster is called in names of connectors and of topics
	// that are copied from it: letters, digits, '_' and '-', and also '.' with
	// KeepNames or another Separator.
	//
	// Empty means Kafka.Cluster.
	//
	// Rendered as spec.mirrors.source.alias.
	Alias string

	// Kafka is how it is reached.
	Kafka Connection

	// Config holds settings of the clients that read from it.
	//
	// Rendered in source.config.
	Config map[string]string
}

// Mirror is what is copied from one cluster.
type Mirror struct {
	// Source is the cluster.
	Source MirrorSource

	// Topics are the names, or regular expressions, of topics that are copied,
	// but for those that ExcludeTopics match.
	//
	// None leaves it to Kafka: all but internal ones.
	//
	// Rendered as topicsPattern and topicsExcludePattern.
	Topics, ExcludeTopics []string

	// Groups are the names, or regular expressions, of consumer groups whose
	// offsets are copied, but for those that ExcludeGroups match.
	//
	// None leaves it to Kafka: all but those of consoles and of Connect.
	//
	// Rendered as groupsPattern and groupsExcludePattern.
	Groups, ExcludeGroups []string

	// KeepNames gives the copies the names of their originals: for a cluster
	// that takes the place of another one. Two clusters that copy each other
	// so send records around for ever (rule kafka/mirror-cycle).
	//
	// False names them <alias>.<topic>.
	//
	// Rendered as replication.policy.class of both connectors.
	KeepNames bool

	// Separator stands between alias and topic.
	//
	// Empty means ".".
	//
	// Rendered as replication.policy.separator of both connectors.
	Separator string

	// OffsetSyncsInTarget keeps the topic of offset syncs in the target, so
	// that the rights to read are enough in the source.
	//
	// Rendered as offset-syncs.topic.location of both connectors.
	OffsetSyncsInTarget bool

	// Records is the connector that copies topics.
	//
	// Rendered as sourceConnector.
	Records MirrorRecords

	// Offsets is the connector that copies how far consumer groups have come.
	//
	// Rendered as checkpointConnector.
	Offsets MirrorOffsets

	// Restart says what becomes of a connector or a task that has failed.
	Restart Restart

	// Base is Strimzi's own mirror, under the fields above.
	Base strimziv1.KafkaMirrorMaker2MirrorSpec
}

// MirrorRecords copies topics and what is in them.
type MirrorRecords struct {
	// TasksMax is how many tasks share the partitions at most.
	//
	// Zero leaves it to Connect: 1.
	//
	// Rendered as spec.mirrors.sourceConnector.tasksMax.
	TasksMax int

	// Replication is how many brokers hold each of the copies.
	//
	// Zero leaves it to the brokers' default.replication.factor; Kafka's own
	// default is 2.
	//
	// Rendered as replication.factor, -1 for zero.
	// Source: Strimzi's examples.
	Replication int

	// SyncACLs copies who may read the topics. Where Strimzi manages users it
	// is off: the user operator takes such rights away again.
	//
	// Rendered as sync.topic.acls.enabled; false is rendered too.
	// Source: Strimzi, con-config-mirrormaker2-sync-acls.
	SyncACLs bool

	// RefreshTopics is how often new topics are looked for. Whole seconds.
	//
	// Zero leaves it to Kafka: ten minutes.
	//
	// Rendered as refresh.topics.interval.seconds.
	RefreshTopics time.Duration

	// State says whether it runs. Empty means ConnectorRunning.
	State ConnectorState

	// Config holds its other settings.
	//
	// Rendered in spec.mirrors.sourceConnector.config.
	Config map[string]string
}

// MirrorOffsets copies how far consumer groups have come.
type MirrorOffsets struct {
	// Off leaves the connector out: consumers that move begin anew.
	//
	// Rendered as the absence of spec.mirrors.checkpointConnector.
	Off bool

	// TasksMax is how many tasks share the groups at most.
	//
	// Zero leaves it to Connect: 1.
	//
	// Rendered as spec.mirrors.checkpointConnector.tasksMax.
	TasksMax int

	// Sync writes the offsets into the consumer groups of the target, so that
	// consumers go on there without a program's help. It leaves groups alone
	// that are at work there.
	//
	// Rendered as sync.group.offsets.enabled.
	Sync bool

	// SyncInterval is how often it does. Whole seconds.
	//
	// Zero leaves it to Kafka: a minute.
	//
	// Rendered as sync.group.offsets.interval.seconds.
	SyncInterval time.Duration

	// Interval is how often checkpoints are written. Whole seconds.
	//
	// Zero leaves it to Kafka: a minute.
	//
	// Rendered as emit.checkpoints.interval.seconds.
	Interval time.Duration

	// RefreshGroups is how often new groups are looked for. Whole seconds.
	//
	// Zero leaves it to Kafka: ten minutes.
	//
	// Rendered as refresh.groups.interval.seconds.
	RefreshGroups time.Duration

	// State says whether it runs. Empty means ConnectorRunning.
	State ConnectorState

	// Config holds its other settings.
	//
	// Rendered in spec.mirrors.checkpointConnector.config.
	Config map[string]string
}
