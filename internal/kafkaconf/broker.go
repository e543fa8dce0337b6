package kafkaconf

import (
	"fmt"
	"slices"
)

// CheckBroker judges the configuration of brokers as Kafka does when a broker
// starts: each entry that it knows, and what they say about each other. What
// Kafka doesn't know is reported as Unknown, though a plugin may read it: see
// NearMiss. The version is that of Kafka; what is none is the newest.
//
// Source: Apache Kafka, KafkaConfig.validateValues, GroupCoordinatorConfig,
// ShareGroupConfig, LogConfig.validateBrokerLogConfigValues.
func CheckBroker(version string, brokers map[string]any) []Entry {
	c := newConfig(version, Broker, brokers)
	c.each()
	for _, pair := range ordered {
		c.atMost(pair[0], pair[1], false)
	}
	for _, pair := range smaller {
		c.atMost(pair[0], pair[1], true)
	}
	c.log()
	c.cleaner()
	c.sockets()
	c.groups()
	return c.entries
}

// ordered are settings of which the first is at most the second.
var ordered = [][2]string{
	{"replica.fetch.wait.max.ms", "replica.socket.timeout.ms"},
	{"replica.fetch.wait.max.ms", "replica.lag.time.max.ms"},
	{"log.cleaner.min.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms"},

	{"group.consumer.min.heartbeat.interval.ms", "group.consumer.heartbeat.interval.ms"},
	{"group.consumer.heartbeat.interval.ms", "group.consumer.max.heartbeat.interval.ms"},
	{"group.consumer.min.session.timeout.ms", "group.consumer.session.timeout.ms"},
	{"group.consumer.session.timeout.ms", "group.consumer.max.session.timeout.ms"},
	{"group.consumer.min.assignment.interval.ms", "group.consumer.assignment.interval.ms"},
	{"group.consumer.assignment.interval.ms", "group.consumer.max.assignment.interval.ms"},

	{"group.share.min.heartbeat.interval.ms", "group.share.heartbeat.interval.ms"},
	{"group.share.heartbeat.interval.ms", "group.share.max.heartbeat.interval.ms"},
	{"group.share.min.session.timeout.ms", "group.share.session.timeout.ms"},
	{"group.share.session.timeout.ms", "group.share.max.session.timeout.ms"},
	{"group.share.min.assignment.interval.ms", "group.share.assignment.interval.ms"},
	{"group.share.assignment.interval.ms", "group.share.max.assignment.interval.ms"},
	{"group.share.min.delivery.count.limit", "group.share.delivery.count.limit"},
	{"group.share.delivery.count.limit", "group.share.max.delivery.count.limit"},
	{"group.share.min.partition.max.record.locks", "group.share.partition.max.record.locks"},
	{"group.share.partition.max.record.locks", "group.share.max.partition.max.record.locks"},
	{"group.share.min.record.lock.duration.ms", "group.share.record.lock.duration.ms"},
	{"group.share.record.lock.duration.ms", "group.share.max.record.lock.duration.ms"},
	{"group.share.max.size", "group.share.max.share.sessions"},

	{"group.streams.min.heartbeat.interval.ms", "group.streams.heartbeat.interval.ms"},
	{"group.streams.heartbeat.interval.ms", "group.streams.max.heartbeat.interval.ms"},
	{"group.streams.min.session.timeout.ms", "group.streams.session.timeout.ms"},
	{"group.streams.session.timeout.ms", "group.streams.max.session.timeout.ms"},
	{"group.streams.min.assignment.interval.ms", "group.streams.assignment.interval.ms"},
	{"group.streams.assignment.interval.ms", "group.streams.max.assignment.interval.ms"},
	{"group.streams.num.standby.replicas", "group.streams.max.standby.replicas"},
}

// smaller are settings of which the first is less than the second.
var smaller = [][2]string{
	{"group.consumer.heartbeat.interval.ms", "group.consumer.session.timeout.ms"},
	{"group.share.heartbeat.interval.ms", "group.share.session.timeout.ms"},
	{"group.streams.heartbeat.interval.ms", "group.streams.session.timeout.ms"},
}

// retention is how long brokers keep records, in milliseconds: the finest of
// three settings counts.
func (c *config) retention() (int64, bool) {
	const minute, hour = 60_000, 3_600_000
	for _, unit := range [...]struct {
		key string
		ms  int64
	}{{"log.retention.ms", 1}, {"log.retention.minutes", minute}, {"log.retention.hours", hour}} {
		if c.bad[unit.key] {
			return 0, false
		}
		if n, ok := c.number(unit.key); ok {
			return max(n*unit.ms, -1), true
		}
	}
	return 0, false
}

// remoteSystem turns tiered storage on.
const remoteSystem = "remote.log.storage.system.enable"

func (c *config) log() {
	if ms, ok := c.retention(); ok && ms == 0 {
		c.conflict(c.blame("log.retention.ms", "log.retention.minutes", "log.retention.hours"), "nothing would be kept at all", "use 1 or more, or -1 for no end")
	}
	c.atLeast("log.roll.ms", 1)
	c.atLeast("log.roll.jitter.ms", 0)
	c.atLeast("log.flush.interval.ms", 0)
	if c.blame("log.flush.interval.ms") == "" {
		c.atLeast("log.flush.scheduler.interval.ms", 0)
	}
	if !c.isTrue(remoteSystem) {
		return
	}
	ms, ok := c.retention()
	c.local("ms", ms, ok, "log.retention.ms")
	bytes, ok := c.number("log.retention.bytes")
	c.local("bytes", bytes, ok, "log.retention.bytes")
}

// atLeast is a range that Kafka's definition of a setting lacks, and topics
// have.
func (c *config) atLeast(key string, least int64) {
	if n, ok := c.number(key); ok && n < least {
		c.conflict(key, fmt.Sprintf("%d is out of range", n), fmt.Sprintf("use %d or more", least))
	}
}

// local judges how much brokers keep themselves of what is in remote storage.
func (c *config) local(unit string, all int64, ok bool, whole string) {
	key := "log.local.retention." + unit
	local, isLocal := c.number(key)
	if ok && isLocal && all >= 0 && local != derived && (local == -1 || local > all) {
		c.conflict(c.blame(key, whole, remoteSystem), fmt.Sprintf("%s, %d, is more than %s, %d", key, local, whole, all), "lower the local one")
	}
}

func (c *config) cleaner() {
	const buffer, threads, least = "log.cleaner.dedupe.buffer.size", "log.cleaner.threads", 1 << 20
	size, ok1 := c.number(buffer)
	n, ok2 := c.number(threads)
	if ok2 && n == 0 {
		c.conflict(threads, "nothing would be compacted", "use 1 or more")
	}
	if key := c.blame(buffer, threads); ok1 && ok2 && n > 0 && key != "" && size/n <= least {
		c.conflict(key, fmt.Sprintf("%d bytes for %d threads are no more than 1 MiB for each", size, n), "raise "+buffer)
	}
}

func (c *config) sockets() {
	if queued, ok := c.number("queued.max.request.bytes"); ok && queued > 0 {
		c.atMost("socket.request.max.bytes", "queued.max.request.bytes", false)
	}
	if idle, ok := c.number("connections.max.idle.ms"); ok && idle >= 0 {
		c.atMost("connection.failed.authentication.delay.ms", "connections.max.idle.ms", true)
	}
	const most, overrides = "max.connections.per.ip", "max.connections.per.ip.overrides"
	n, ok := c.number(most)
	if text, _ := c.text(overrides); ok && n == 0 && text == "" {
		c.conflict(most, "nobody could connect", "use 1 or more, or set "+overrides)
	}
}

func (c *config) groups() {
	const codecs = 4
	for _, key := range [...]string{"offsets.topic.compression.codec", "share.coordinator.state.topic.compression.codec"} {
		if n, ok := c.number(key); ok && (n < 0 || n > codecs) {
			c.conflict(key, fmt.Sprintf("%d is no codec", n), "use 0 for none, 1 for gzip, 2 for snappy, 3 for lz4 or 4 for zstd")
		}
	}
	// Kafka 4.3 has the range in the setting's definition.
	const updates, most = "share.coordinator.snapshot.update.records.per.snapshot", 500
	if n, ok := c.number(updates); ok && n > most {
		c.conflict(updates, fmt.Sprintf("%d is out of range", n), fmt.Sprintf("use 0 to %d", most))
	}
	const protocols = "group.coordinator.rebalance.protocols"
	if text, ok := c.text(protocols); ok && !slices.Contains(split(text), "classic") {
		c.conflict(protocols, "the protocol classic can't be turned off", "add classic")
	}
	const assignors = "group.share.assignors"
	if text, ok := c.text(assignors); ok {
		items := split(text)
		slices.Sort(items)
		if n := len(slices.Compact(items)); n != 1 {
			c.conflict(assignors, fmt.Sprintf("there are %d", n), "name one")
		}
	}
}
