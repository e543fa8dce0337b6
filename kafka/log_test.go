package kafka_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// TestLog wants every field of a log under Kafka's name, as a whole number
// where it is one.
func TestLog(t *testing.T) {
	made, err := with(smallCluster(), func(c *kafka.Cluster) {
		c.Replication.Partitions = 12
		c.Log = kafka.Log{
			Retention: 72 * time.Hour, RetentionBytes: 2 * millrace.TiB, LocalRetention: time.Hour, LocalRetentionBytes: millrace.GiB,
			RetentionCheck: time.Minute, SegmentBytes: 512 * millrace.MiB, SegmentAge: 24 * time.Hour, Cleanup: kafka.CompactDelete,
			CleanerThreads: 4, CleanerBuffer: 256 * millrace.MiB, Compression: kafka.ZSTD, CompressionLevel: new(0),
			TimestampType: kafka.LogAppendTime, MaxMessage: 8 * millrace.MiB,
		}
	}).Kafka()
	if err != nil {
		t.Fatal(err)
	}
	want := strimziv1.JSONMap{
		"num.partitions": int64(12), "log.retention.ms": int64(259200000), "log.retention.bytes": int64(2199023255552),
		"log.local.retention.ms": int64(3600000), "log.local.retention.bytes": int64(1073741824), "log.retention.check.interval.ms": int64(60000),
		"log.segment.bytes": int64(536870912), "log.roll.ms": int64(86400000), "log.cleanup.policy": "compact,delete",
		"log.cleaner.threads": int64(4), "log.cleaner.dedupe.buffer.size": int64(268435456), "compression.type": "zstd",
		"compression.zstd.level": int64(0), "log.message.timestamp.type": "LogAppendTime", "message.max.bytes": int64(8388608),
		"default.replication.factor": int64(3), "min.insync.replicas": int64(2), "offsets.topic.replication.factor": int64(3),
		"transaction.state.log.replication.factor": int64(3), "transaction.state.log.min.isr": int64(2), "auto.create.topics.enable": false,
	}
	if diff := cmp.Diff(want, made.Spec.Kafka.Config); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestTieredTopic wants the same of a topic in remote storage.
func TestTieredTopic(t *testing.T) {
	made, err := with(smallTopic(), func(t *kafka.Topic) {
		t.Retention, t.RetentionBytes = 72*time.Hour, 2*millrace.TiB
		t.Compression, t.CompressionLevel = kafka.GZIP, new(-1)
		t.Tiered = kafka.Tiered{On: true, LocalRetention: 72 * time.Hour, LocalRetentionBytes: 2 * millrace.TiB, ReadOnly: true, DeleteOnDisable: true}
	}).KafkaTopic()
	if err != nil {
		t.Fatal(err)
	}
	want := strimziv1.JSONMap{
		"retention.ms": "259200000", "retention.bytes": "2199023255552", "compression.type": "gzip", "compression.gzip.level": "-1",
		"remote.storage.enable": "true", "local.retention.ms": "259200000", "local.retention.bytes": "2199023255552",
		"remote.log.copy.disable": "true", "remote.log.delete.on.disable": "true", "min.insync.replicas": "2",
	}
	if diff := cmp.Diff(want, made.Spec.Config); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestLogMistakes(t *testing.T) {
	base := func(config strimziv1.JSONMap) func(*kafka.Cluster) {
		return func(c *kafka.Cluster) { c.Base.Kafka.Config = config }
	}
	config := func(key, value string) func(*kafka.Cluster) {
		return func(c *kafka.Cluster) { c.Config = map[string]string{key: value} }
	}
	for name, tc := range map[string]struct {
		change func(*kafka.Cluster)
		want   []string
	}{
		"age of files twice": {func(c *kafka.Cluster) {
			c.Log.SegmentAge, c.Config = time.Hour, map[string]string{"log.roll.hours": "2"}
		}, []string{conflict + " Config[log.roll.hours]"}},
		"level of no codec":         {func(c *kafka.Cluster) { c.Log.CompressionLevel = new(3) }, []string{conflict + " Log.CompressionLevel"}},
		"level of another codec":    {func(c *kafka.Cluster) { c.Log.Compression, c.Log.CompressionLevel = kafka.Snappy, new(3) }, []string{conflict + " Log.CompressionLevel"}},
		"level too high":            {func(c *kafka.Cluster) { c.Log.Compression, c.Log.CompressionLevel = kafka.LZ4, new(18) }, []string{invalid + " Log.CompressionLevel"}},
		"codec":                     {func(c *kafka.Cluster) { c.Log.Compression = "brotli" }, []string{invalid + " Log.Compression"}},
		"cleanup":                   {func(c *kafka.Cluster) { c.Log.Cleanup = "purge" }, []string{invalid + " Log.Cleanup"}},
		"threads":                   {func(c *kafka.Cluster) { c.Log.CleanerThreads = -1 }, []string{invalid + " Log.CleanerThreads"}},
		"buffer too small":          {func(c *kafka.Cluster) { c.Log.CleanerThreads, c.Log.CleanerBuffer = 2, 2*millrace.MiB }, []string{invalid + " Log.CleanerBuffer"}},
		"threads for the buffer":    {func(c *kafka.Cluster) { c.Log.CleanerThreads = 128 }, []string{invalid + " Log.CleanerThreads"}},
		"message too large":         {func(c *kafka.Cluster) { c.Log.MaxMessage = 2 * millrace.GiB }, []string{invalid + " Log.MaxMessage"}},
		"partitions":                {func(c *kafka.Cluster) { c.Replication.Partitions = -1 }, []string{invalid + " Replication.Partitions"}},
		"misspelt":                  {config("log.retention.houres", "3"), []string{unknown + " Config[log.retention.houres]"}},
		"misspelt by its case":      {config("log_retention_Hours", "3"), []string{unknown + " Config[log_retention_Hours]"}},
		"of topics":                 {config("retention.ms", "3"), []string{unknown + " Config[retention.ms]"}},
		"gone":                      {config("offsets.commit.required.acks", "-1"), []string{unknown + " Config[offsets.commit.required.acks]"}},
		"of a plugin":               {config("company.audit.level", "3"), nil},
		"misspelt in Base":          {base(strimziv1.JSONMap{"log.retention.houres": int64(3)}), nil},
		"no number":                 {config("num.network.threads", "many"), []string{invalid + " Config[num.network.threads]"}},
		"a float":                   {config("socket.request.max.bytes", "1.048576e+08"), []string{invalid + " Config[socket.request.max.bytes]"}},
		"a whole float":             {base(strimziv1.JSONMap{"socket.request.max.bytes": 1.048576e+08}), nil},
		"for Kafka alone, capitals": {config("auto.create.topics.enable", "True"), []string{invalid + " Config[auto.create.topics.enable]"}},
		"for Kafka alone, blanks":   {config("num.network.threads", " 3"), []string{invalid + " Config[num.network.threads]"}},
		"for Kafka alone, nothing":  {config("log.cleanup.policy", ""), []string{invalid + " Config[log.cleanup.policy]"}},
		"a list":                    {base(strimziv1.JSONMap{"log.cleanup.policy": []any{"delete"}}), []string{invalid + " Base.Kafka.Config[log.cleanup.policy]"}},
		"null":                      {base(strimziv1.JSONMap{"log.cleanup.policy": nil}), []string{invalid + " Base.Kafka.Config[log.cleanup.policy]"}},
		"at odds":                   {config("replica.lag.time.max.ms", "100"), []string{invalid + " Config[replica.lag.time.max.ms]"}},
		"later than this Kafka": {func(c *kafka.Cluster) {
			c.Version, c.Config = "4.2.0", map[string]string{"group.share.max.delivery.count.limit": "9"}
		}, []string{unknown + " Config[group.share.max.delivery.count.limit]"}},
	} {
		t.Run(name, func(t *testing.T) { compare(t, tc.want, mistakes(t, with(smallCluster(), tc.change))) })
	}
}

func TestTieredMistakes(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*kafka.Topic)
		want   []string
	}{
		"compacted":    {func(t *kafka.Topic) { t.Tiered.On, t.Cleanup = true, kafka.CompactDelete }, []string{invalid + " Tiered.On"}},
		"local longer": {func(t *kafka.Topic) { t.Tiered.On, t.Retention, t.Tiered.LocalRetention = true, time.Hour, 2*time.Hour }, []string{invalid + " Tiered.LocalRetention"}},
		"local for ever": {func(t *kafka.Topic) {
			t.Tiered.On, t.Retention, t.Tiered.LocalRetention = true, time.Hour, kafka.Forever
		}, []string{invalid + " Tiered.LocalRetention"}},
		"all for ever": {func(t *kafka.Topic) {
			t.Tiered.On, t.Retention, t.Tiered.LocalRetention = true, kafka.Forever, kafka.Forever
		}, nil},
		"local larger": {func(t *kafka.Topic) {
			t.Tiered.On, t.RetentionBytes, t.Tiered.LocalRetentionBytes = true, millrace.GiB, millrace.TiB
		}, []string{invalid + " Tiered.LocalRetentionBytes"}},
		"off": {func(t *kafka.Topic) { t.Tiered = kafka.Tiered{LocalRetention: time.Hour, ReadOnly: true} }, []string{conflict + " Tiered.LocalRetention", conflict + " Tiered.ReadOnly"}},
		"on by Config": {func(t *kafka.Topic) {
			t.Tiered.LocalRetention, t.Config = time.Hour, map[string]string{"remote.storage.enable": "true"}
		}, nil},
		"deleted": {func(t *kafka.Topic) { t.Tiered.DeleteOnDisable = true }, nil},
		"read only": {func(t *kafka.Topic) {
			t.Tiered = kafka.Tiered{On: true, ReadOnly: true, LocalRetention: time.Hour}
			t.Retention = 2 * time.Hour
		}, []string{invalid + " Tiered.LocalRetention"}},
		"level too low":   {func(t *kafka.Topic) { t.Compression, t.CompressionLevel = kafka.GZIP, new(0) }, []string{invalid + " CompressionLevel"}},
		"level, no codec": {func(t *kafka.Topic) { t.CompressionLevel = new(0) }, []string{conflict + " CompressionLevel"}},
	} {
		t.Run(name, func(t *testing.T) { compare(t, tc.want, mistakes(t, with(smallTopic(), tc.change))) })
	}
}
