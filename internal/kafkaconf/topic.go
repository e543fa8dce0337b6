package kafkaconf

import (
	"fmt"
	"slices"
)

// CheckTopic judges the configuration of a topic as Kafka does when the topic
// is made: each entry, and what they say about each other. Brokers are the
// brokers' settings, by which Kafka judges what the topic doesn't say; where
// they are nil nobody knows them, and only what the topic says is held against
// itself. The version is that of Kafka; what is none is the newest.
//
// Source: Apache Kafka, LogConfig.validate.
func CheckTopic(version string, topic, brokers map[string]any) []Entry {
	c := &topicConfig{config: newConfig(version, Topic, topic)}
	if brokers != nil {
		c.brokers = newConfig(version, Broker, brokers)
	}
	c.each()
	c.lag()
	if c.isTrue("remote.storage.enable") {
		c.remote()
	}
	return c.entries
}

// TopicNumber returns a whole number that holds for a topic of the newest Kafka:
// what the topic says, what its brokers do, or Kafka's own default. It reports
// false where that is no number.
func TopicNumber(key string, topic, brokers map[string]any) (int64, bool) {
	c := &topicConfig{config: newConfig("", Topic, topic), brokers: newConfig("", Broker, brokers)}
	return c.number(key)
}

type topicConfig struct {
	*config
	brokers *config
}

// number is what holds for a topic: what it says, or what the brokers do.
func (c *topicConfig) number(key string) (int64, bool) {
	if _, given := c.given[key]; given {
		return c.config.number(key)
	}
	if c.brokers == nil {
		return 0, false
	}
	if key == "retention.ms" {
		return c.brokers.retention()
	}
	s, _ := Lookup(Topic, key)
	return c.brokers.number(s.BrokerKey)
}

const (
	minLag = "min.compaction.lag.ms"
	maxLag = "max.compaction.lag.ms"
)

func (c *topicConfig) lag() {
	least, ok1 := c.number(minLag)
	most, ok2 := c.number(maxLag)
	if !ok1 || !ok2 || least <= most {
		return
	}
	switch c.blame(maxLag, minLag) {
	case maxLag:
		c.conflict(maxLag, fmt.Sprintf("%d is less than %s, %d", most, minLag, least), "raise it")
	case minLag:
		c.conflict(minLag, fmt.Sprintf("%d is more than %s, %d", least, maxLag, most), "lower it")
	}
}

// remote judges a topic whose older segments go to remote storage.
func (c *topicConfig) remote() {
	const enable = "remote.storage.enable"
	if c.brokers != nil && !c.brokers.isTrue(remoteSystem) {
		c.conflict(enable, "the brokers have no tiered storage", "configure it for the cluster, or leave it out")
	}
	policy, ok := c.text("cleanup.policy")
	if _, given := c.given["cleanup.policy"]; !given {
		ok = false
		if c.brokers != nil {
			policy, ok = c.brokers.text("log.cleanup.policy")
		}
	}
	items := split(policy)
	// Kafka 4.0 lets an empty policy through, 4.2 gives it a meaning.
	needsPolicy := read().versions[index(c.version)] == "4.1"
	switch {
	case ok && slices.Contains(items, "compact"):
		c.conflict(enable, "a topic in remote storage can't be compacted", "use the cleanup policy delete")
	case ok && len(items) == 0 && needsPolicy:
		c.conflict(enable, "Kafka 4.1 takes no topic in remote storage without a cleanup policy", "use the cleanup policy delete")
	}
	for _, unit := range [...]string{"ms", "bytes"} {
		c.local(unit)
	}
}

// derived is the local retention that is the whole one.
const derived = -2

func (c *topicConfig) local(unit string) {
	key, whole := "local.retention."+unit, "retention."+unit
	local, ok1 := c.number(key)
	all, ok2 := c.number(whole)
	at := c.blame(key, whole, "remote.storage.enable")
	switch {
	case !ok1 || !ok2 || local == derived:
	case c.isTrue("remote.log.copy.disable") && local != all:
		c.conflict(at, fmt.Sprintf("%s, %d, differs from %s, %d, while remote.log.copy.disable is on", key, local, whole, all), "make them equal, or leave local.retention out")
	case all >= 0 && (local == -1 || local > all):
		c.conflict(at, fmt.Sprintf("%s, %d, is more than %s, %d", key, local, whole, all), "lower the local one")
	}
}
