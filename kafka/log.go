package kafka

import (
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Log is how brokers keep records, for topics that don't say it themselves.
// Zero fields are left to Kafka.
type Log struct {
	// Retention is how long records are kept; Kafka's own default is seven
	// days. Forever keeps all. Whole milliseconds.
	//
	// Rendered as log.retention.ms in spec.kafka.config: of the three settings
	// of Kafka, this is the one that changes without restarting the brokers.
	// Source: Strimzi, con-broker-config-properties.
	Retention time.Duration

	// RetentionBytes is how much of each partition is kept; Kafka's own
	// default is all.
	//
	// Rendered as log.retention.bytes in spec.kafka.config.
	RetentionBytes millrace.Bytes

	// LocalRetention is how long brokers keep themselves what is in tiered
	// storage; Kafka's own default is Retention. Not longer than that. Whole
	// milliseconds.
	//
	// Rendered as log.local.retention.ms in spec.kafka.config.
	LocalRetention time.Duration

	// LocalRetentionBytes is how much of each partition brokers keep
	// themselves of what is in tiered storage; Kafka's own default is
	// RetentionBytes. Not more than that.
	//
	// Rendered as log.local.retention.bytes in spec.kafka.config.
	LocalRetentionBytes millrace.Bytes

	// RetentionCheck is how often brokers look for what is too old; Kafka's
	// own default is five minutes. Whole milliseconds.
	//
	// Rendered as log.retention.check.interval.ms in spec.kafka.config.
	RetentionCheck time.Duration

	// SegmentBytes is the size of the files of a log; Kafka's own default is
	// 1 GiB. From 1 MiB to 2 GiB less one byte.
	//
	// Rendered as log.segment.bytes in spec.kafka.config.
	SegmentBytes millrace.Bytes

	// SegmentAge is the time after which a new file begins, full or not;
	// Kafka's own default is seven days. Whole milliseconds.
	//
	// Rendered as log.roll.ms in spec.kafka.config.
	SegmentAge time.Duration

	// Cleanup says what becomes of old records; Kafka's own default is Delete.
	//
	// Rendered as log.cleanup.policy in spec.kafka.config.
	Cleanup Cleanup

	// CleanerThreads is how many threads compact logs; Kafka's own default is
	// one. Each needs more than 1 MiB of CleanerBuffer.
	//
	// Rendered as log.cleaner.threads in spec.kafka.config.
	CleanerThreads int

	// CleanerBuffer is the memory of all of them together, which is part of
	// the heap; Kafka's own default is 128 MiB.
	//
	// Rendered as log.cleaner.dedupe.buffer.size in spec.kafka.config.
	CleanerBuffer millrace.Bytes

	// Compression is how records are stored; Kafka's own default is
	// ProducerCompression.
	//
	// Rendered as compression.type in spec.kafka.config.
	Compression Compression

	// CompressionLevel is how hard the codec in Compression tries: 1 to 9, or
	// -1 for its own choice, with GZIP, 1 to 17 with LZ4, and -131072 to 22
	// with ZSTD.
	//
	// Nil leaves it to Kafka.
	//
	// Rendered as compression.gzip.level, compression.lz4.level or
	// compression.zstd.level in spec.kafka.config.
	CompressionLevel *int

	// TimestampType says whose clock a record's timestamp is from; Kafka's own
	// default is CreateTime.
	//
	// Rendered as log.message.timestamp.type in spec.kafka.config.
	TimestampType TimestampType

	// MaxMessage is the largest batch of records that brokers take; Kafka's
	// own default is about 1 MiB.
	//
	// Rendered as message.max.bytes in spec.kafka.config.
	MaxMessage millrace.Bytes
}

func (l Log) make(m *making) {
	c := m.config
	c.retention("Log.Retention", "log.retention.ms", l.Retention)
	c.bytes("Log.RetentionBytes", "log.retention.bytes", l.RetentionBytes)
	c.retention("Log.LocalRetention", "log.local.retention.ms", l.LocalRetention)
	c.bytes("Log.LocalRetentionBytes", "log.local.retention.bytes", l.LocalRetentionBytes)
	c.duration("Log.RetentionCheck", "log.retention.check.interval.ms", l.RetentionCheck)
	c.bytes("Log.SegmentBytes", "log.segment.bytes", l.SegmentBytes)
	c.duration("Log.SegmentAge", "log.roll.ms", l.SegmentAge)
	c.word("Log.Cleanup", "log.cleanup.policy", string(l.Cleanup))
	c.number("Log.CleanerThreads", "log.cleaner.threads", l.CleanerThreads)
	c.bytes("Log.CleanerBuffer", "log.cleaner.dedupe.buffer.size", l.CleanerBuffer)
	c.word("Log.Compression", "compression.type", string(l.Compression))
	c.level("Log.CompressionLevel", l.Compression, l.CompressionLevel)
	c.word("Log.TimestampType", "log.message.timestamp.type", string(l.TimestampType))
	c.bytes("Log.MaxMessage", "message.max.bytes", l.MaxMessage)
}

// check reports settings that the fields overrule: of three units of time the
// finest counts.
func (l Log) check(p *millrace.Problems, k strimziv1.JSONMap, config *settings) {
	coarser := func(field string, isSet bool, keys ...string) {
		for _, key := range keys {
			if _, ok := k[key]; ok && isSet {
				p.Conflict(config.from[key], "the field "+field+" overrules it", "use one of the two, the field for choice")
			}
		}
	}
	coarser("Log.Retention", l.Retention != 0, "log.retention.hours", "log.retention.minutes")
	coarser("Log.SegmentAge", l.SegmentAge != 0, "log.roll.hours")
}
