package kafka

import (
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Topic is one topic of a cluster that Strimzi runs. It makes a KafkaTopic,
// which Strimzi's topic operator creates in the cluster and keeps up to date.
//
// What a field leaves at zero is either a production default, as its comment
// says, or left to the brokers.
type Topic struct {
	// Name is the topic's name in Kafka. Required.
	//
	// At most 249 letters, digits, '.', '_' and '-'; neither "." nor "..", and
	// not starting with "__", which Kafka keeps for itself.
	//
	// Rendered as metadata.name, and where it is no name that Kubernetes takes
	// (capitals, underscores) as spec.topicName.
	// Source: Apache Kafka, org.apache.kafka.common.internals.Topic.
	Name string

	// Namespace is where the topic operator looks, which is the namespace of
	// the cluster unless the operator was told otherwise.
	//
	// Empty leaves it to the context that the manifest is applied in.
	//
	// Rendered as metadata.namespace.
	Namespace string

	// Labels and Annotations go to the object, besides the label that names
	// the cluster.
	//
	// Rendered as metadata.labels and metadata.annotations.
	Labels, Annotations map[string]string

	// Cluster is the name of the Kafka object. It is required: a topic that
	// names no cluster is never looked at, and gets no status either.
	//
	// Rendered as the label strimzi.io/cluster.
	Cluster string

	// Resource is the name of the Kubernetes object, for topics that exist
	// already under another one.
	//
	// Empty means Name, or where Kubernetes can't take that, a lower-case form
	// of it with a hash at its end, so that two topics never meet.
	//
	// Rendered as metadata.name.
	Resource string

	// Partitions is how many partitions the topic has. It is required: it
	// bounds how many consumers can share the work, it can grow but never
	// shrink, and growing it moves keys to other partitions.
	//
	// Rendered as spec.partitions.
	Partitions int

	// Replicas is how many brokers hold each partition.
	//
	// Zero means 3. At most 32767, and at most the number of brokers (rule
	// kafka/topic-replicas). Changing it later needs Cruise Control.
	//
	// Rendered as spec.replicas.
	// Source: Strimzi, con-topic-replication.
	Replicas int

	// MinInSync is how many replicas must have a record before a producer
	// with acks=all is told that it is safe.
	//
	// Zero means one less than Replicas, and at least 1: one broker may be
	// down. It may not be more than Replicas.
	//
	// Rendered as min.insync.replicas in spec.config.
	// Source: Strimzi, con-topic-replication.
	MinInSync int

	// Retention is how long records are kept, for topics that delete them.
	//
	// Zero leaves it to the brokers (seven days, unless they say otherwise);
	// Forever keeps all. Whole milliseconds. A topic that is only compacted
	// has none.
	//
	// Rendered as retention.ms in spec.config.
	Retention time.Duration

	// RetentionBytes is how much of a partition is kept. It counts for each
	// partition, not for the topic.
	//
	// Zero leaves it to the brokers (no limit, unless they say otherwise).
	//
	// Rendered as retention.bytes in spec.config.
	RetentionBytes millrace.Bytes

	// Cleanup says what becomes of old records.
	//
	// Empty leaves it to the brokers, who delete them.
	//
	// Rendered as cleanup.policy in spec.config.
	Cleanup Cleanup

	// Compression is how brokers store the records.
	//
	// Empty leaves it to the brokers, who keep what the producer chose.
	//
	// Rendered as compression.type in spec.config.
	Compression Compression

	// CompressionLevel is how hard the codec in Compression tries: 1 to 9, or
	// -1 for its own choice, with GZIP, 1 to 17 with LZ4, and -131072 to 22
	// with ZSTD.
	//
	// Nil leaves it to the brokers.
	//
	// Rendered as compression.gzip.level, compression.lz4.level or
	// compression.zstd.level in spec.config.
	CompressionLevel *int

	// TimestampType says whose clock a record's timestamp is from.
	//
	// Empty leaves it to the brokers, who keep the producer's.
	//
	// Rendered as message.timestamp.type in spec.config.
	TimestampType TimestampType

	// MaxMessage is the largest batch of records that the brokers take.
	//
	// Zero leaves it to the brokers (about 1 MiB). Consumers and replicas read
	// larger batches too, but one at a time.
	//
	// Rendered as max.message.bytes in spec.config.
	MaxMessage millrace.Bytes

	// Segment says when a partition's log begins a new file.
	Segment Segment

	// Compaction says when compacted topics drop what is superseded.
	Compaction Compaction

	// Tiered moves old files of the log to remote storage.
	Tiered Tiered

	// Config holds every other setting of a topic, by Kafka's own name.
	//
	// Names, types, ranges and what goes together are checked against the
	// settings of Kafka 4.3. A setting that has a field here is a conflict if
	// both are set.
	//
	// Rendered in spec.config.
	Config map[string]string

	// Base is Strimzi's own spec, under the fields above: what it sets and
	// they don't is kept. Settings that are newer than Kafka 4.3 go into its
	// Config.
	Base strimziv1.KafkaTopicSpec
}

// Segment says when a partition's log begins a new file. Only files that are
// complete are deleted or compacted, so that a slow topic keeps records longer
// than its retention says.
type Segment struct {
	// Bytes is the size at which a new file begins.
	//
	// Zero leaves it to the brokers (1 GiB). From 1 MiB to 2 GiB less one byte.
	//
	// Rendered as segment.bytes in spec.config.
	Bytes millrace.Bytes

	// Age is the time after which a new file begins, full or not.
	//
	// Zero leaves it to the brokers (seven days). Whole milliseconds.
	//
	// Rendered as segment.ms in spec.config.
	Age time.Duration
}

// Compaction says when a topic whose Cleanup compacts drops the records that
// newer ones of the same key supersede.
type Compaction struct {
	// DeleteRetention is how long the mark of a deleted key stays, for
	// consumers that read from the beginning.
	//
	// Zero leaves it to the brokers (a day). Whole milliseconds.
	//
	// Rendered as delete.retention.ms in spec.config.
	DeleteRetention time.Duration

	// MinLag is how long a record is kept as it is.
	//
	// Zero leaves it to the brokers (not at all). Whole milliseconds.
	//
	// Rendered as min.compaction.lag.ms in spec.config.
	MinLag time.Duration

	// MaxLag is how long a record may stay that is superseded.
	//
	// Zero leaves it to the brokers (for ever). Whole milliseconds, and not
	// less than MinLag.
	//
	// Rendered as max.compaction.lag.ms in spec.config.
	MaxLag time.Duration

	// DirtyRatio is the part of the log that may be superseded before
	// compaction begins.
	//
	// Zero leaves it to the brokers (0.5). Between 0 and 1.
	//
	// Rendered as min.cleanable.dirty.ratio in spec.config.
	DirtyRatio float64
}

// Tiered moves the old files of a topic's log to remote storage, if the
// cluster has tiered storage. Such a topic can't be compacted.
type Tiered struct {
	// On turns it on. A topic that had it on can't have it off without
	// DeleteOnDisable.
	//
	// Rendered as remote.storage.enable in spec.config.
	On bool

	// LocalRetention is how long records stay on the brokers' disks besides.
	//
	// Zero leaves it to the brokers (as long as Retention, unless they say
	// otherwise). Whole milliseconds, and not longer than Retention.
	//
	// Rendered as local.retention.ms in spec.config.
	LocalRetention time.Duration

	// LocalRetentionBytes is how much of a partition stays on the brokers'
	// disks besides.
	//
	// Zero leaves it to the brokers (as much as RetentionBytes, unless they
	// say otherwise). Not more than RetentionBytes.
	//
	// Rendered as local.retention.bytes in spec.config.
	LocalRetentionBytes millrace.Bytes

	// ReadOnly copies nothing more: what is in remote storage is still read,
	// until it is too old. LocalRetention and LocalRetentionBytes then have to
	// be left out, or as long and as much as is kept in all.
	//
	// Rendered as remote.log.copy.disable in spec.config.
	ReadOnly bool

	// DeleteOnDisable deletes what is in remote storage once On is false. It
	// is lost.
	//
	// Rendered as remote.log.delete.on.disable in spec.config.
	DeleteOnDisable bool
}

// settings sets what the fields say.
func (t Tiered) settings(s *settings) {
	s.yes("Tiered.On", "remote.storage.enable", t.On)
	s.retention("Tiered.LocalRetention", "local.retention.ms", t.LocalRetention)
	s.bytes("Tiered.LocalRetentionBytes", "local.retention.bytes", t.LocalRetentionBytes)
	s.yes("Tiered.ReadOnly", "remote.log.copy.disable", t.ReadOnly)
	s.yes("Tiered.DeleteOnDisable", "remote.log.delete.on.disable", t.DeleteOnDisable)
}

// Cleanup says what becomes of old records.
type Cleanup string

const (
	// Delete drops what is older than the retention.
	Delete Cleanup = "delete"
	// Compact keeps the last record of each key.
	Compact Cleanup = "compact"
	// CompactDelete keeps the last record of each key, and drops also that
	// once it is older than the retention.
	CompactDelete Cleanup = "compact,delete"
)

// Compression is how brokers store records.
type Compression string

// The codecs of Kafka. ProducerCompression keeps what the producer chose,
// which costs the brokers nothing; every other one makes them compress again
// what arrives in another codec.
const (
	LZ4                 Compression = "lz4"
	ZSTD                Compression = "zstd"
	Snappy              Compression = "snappy"
	GZIP                Compression = "gzip"
	Uncompressed        Compression = "uncompressed"
	ProducerCompression Compression = "producer"
)

// TimestampType says whose clock a record's timestamp is from.
type TimestampType string

const (
	// CreateTime is the producer's clock.
	CreateTime TimestampType = "CreateTime"
	// LogAppendTime is the broker's clock: retention then doesn't depend on
	// what producers say.
	LogAppendTime TimestampType = "LogAppendTime"
)
