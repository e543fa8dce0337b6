package kafka

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/millrace/millrace/internal/closest"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// keyType is the type of a setting of a topic.
type keyType int

const (
	boolKey keyType = iota
	intKey
	longKey
	doubleKey
	wordKey
	listKey
	freeKey
)

// topicKey is what Kafka takes for one setting of a topic. Numbers without a
// max may be as large as their type.
type topicKey struct {
	typ      keyType
	min, max int64
	words    []string
}

// topicKeys are the 33 settings of a topic in Kafka 4.3.
// Source: Apache Kafka, org.apache.kafka.storage.internals.log.LogConfig.
var topicKeys = map[string]topicKey{
	"cleanup.policy":                          {typ: listKey, words: []string{"compact", "delete"}},
	"compression.gzip.level":                  {typ: intKey, min: -1, max: 9},
	"compression.lz4.level":                   {typ: intKey, min: 1, max: 17},
	"compression.type":                        {typ: wordKey, words: []string{"uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"}},
	"compression.zstd.level":                  {typ: intKey, min: -131072, max: 22},
	"delete.retention.ms":                     {typ: longKey},
	"file.delete.delay.ms":                    {typ: longKey},
	"flush.messages":                          {typ: longKey, min: 1},
	"flush.ms":                                {typ: longKey},
	"follower.replication.throttled.replicas": {typ: freeKey},
	"index.interval.bytes":                    {typ: intKey},
	"leader.replication.throttled.replicas":   {typ: freeKey},
	"local.retention.bytes":                   {typ: longKey, min: -2},
	"local.retention.ms":                      {typ: longKey, min: -2},
	"max.compaction.lag.ms":                   {typ: longKey, min: 1},
	"max.message.bytes":                       {typ: intKey},
	"message.timestamp.after.max.ms":          {typ: longKey},
	"message.timestamp.before.max.ms":         {typ: longKey},
	"message.timestamp.type":                  {typ: wordKey, words: []string{"CreateTime", "LogAppendTime"}},
	"min.cleanable.dirty.ratio":               {typ: doubleKey, max: 1},
	"min.compaction.lag.ms":                   {typ: longKey},
	"min.insync.replicas":                     {typ: intKey, min: 1},
	"preallocate":                             {typ: boolKey},
	"remote.log.copy.disable":                 {typ: boolKey},
	"remote.log.delete.on.disable":            {typ: boolKey},
	"remote.storage.enable":                   {typ: boolKey},
	"retention.bytes":                         {typ: longKey, min: math.MinInt64},
	"retention.ms":                            {typ: longKey, min: -1},
	"segment.bytes":                           {typ: intKey, min: 1 << 20},
	"segment.index.bytes":                     {typ: intKey, min: 4},
	"segment.jitter.ms":                       {typ: longKey},
	"segment.ms":                              {typ: longKey, min: 1},
	"unclean.leader.election.enable":          {typ: boolKey},
}

// removedTopicKeys were settings before Kafka 4.0; what to do instead.
var removedTopicKeys = map[string]string{
	"message.format.version":              "leave it out: Kafka 4 has one format",
	"message.timestamp.difference.max.ms": "use message.timestamp.before.max.ms and message.timestamp.after.max.ms",
	"message.downconversion.enable":       "leave it out: Kafka 4 converts nothing for old clients",
}

// configFault is what is wrong with one setting of a topic.
type configFault struct {
	key, detail, fix string
	// unknown marks names that Kafka 4.3 doesn't have.
	unknown bool
}

// topicConfigFaults checks the settings of a topic as the topic operator and
// Kafka 4.3 do, in the order of their names.
func topicConfigFaults(config strimziv1.JSONMap) []configFault {
	var faults []configFault
	for _, key := range slices.Sorted(maps.Keys(config)) {
		known, ok := topicKeys[key]
		if !ok {
			faults = append(faults, unknownTopicKey(key))
			continue
		}
		text, ok := configText(config[key])
		if !ok {
			faults = append(faults, configFault{key: key, detail: fmt.Sprintf("%v: it is neither a string, a number, a boolean nor a list", config[key]),
				fix: "write the value as one string"})
			continue
		}
		if why, fix := known.fault(text); why != "" {
			faults = append(faults, configFault{key: key, detail: fmt.Sprintf("%q: %s", text, why), fix: fix})
		}
	}
	return append(faults, crossFaults(config)...)
}

func unknownTopicKey(key string) configFault {
	if instead, ok := removedTopicKeys[key]; ok {
		return configFault{key: key, detail: "it is gone since Kafka 4.0", fix: instead, unknown: true}
	}
	fault := configFault{key: key, detail: "Kafka 4.3 has no such setting for topics", fix: "remove it", unknown: true}
	rest, isBroker := strings.CutPrefix(key, "log.")
	if _, ok := topicKeys[rest]; ok && isBroker {
		fault.fix = "that is the name for brokers; use " + rest
	} else if name, ok := closest.Name(key, maps.Keys(topicKeys)); ok {
		fault.fix = "did you mean " + name + "?"
	}
	return fault
}

// fault says what is wrong with a value, and what to do.
func (k topicKey) fault(text string) (why, fix string) {
	text = strings.TrimSpace(text)
	switch k.typ {
	case boolKey:
		if !strings.EqualFold(text, "true") && !strings.EqualFold(text, "false") {
			return "it is no boolean", "use true or false"
		}
	case intKey, longKey:
		bits, most := 64, int64(math.MaxInt64)
		if k.typ == intKey {
			bits, most = 32, math.MaxInt32
		}
		if k.max != 0 {
			most = k.max
		}
		n, err := strconv.ParseInt(text, 10, bits)
		if err != nil {
			return fmt.Sprintf("it is no whole number of %d bits", bits), "write all digits, without a unit or an exponent"
		}
		if n < k.min || n > most {
			return "it is out of range", fmt.Sprintf("use %d to %d", k.min, most)
		}
	case doubleKey:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || !(f >= float64(k.min) && f <= float64(k.max)) {
			return "it is out of range", fmt.Sprintf("use a number from %d to %d", k.min, k.max)
		}
	case wordKey:
		if !slices.Contains(k.words, text) {
			return "Kafka doesn't know it", "use " + strings.Join(k.words, ", ")
		}
	case listKey:
		seen := map[string]bool{}
		for item := range strings.SplitSeq(text, ",") {
			item = strings.TrimSpace(item)
			if item == "" && text == "" {
				continue
			}
			if !slices.Contains(k.words, item) || seen[item] {
				return fmt.Sprintf("%q is unknown or there twice", item), fmt.Sprintf("use %s or %q", strings.Join(k.words, ", "), strings.Join(k.words, ","))
			}
			seen[item] = true
		}
	}
	return "", ""
}

// crossFaults checks what settings say about each other.
func crossFaults(config strimziv1.JSONMap) []configFault {
	var faults []configFault
	add := func(key, detail, fix string) {
		faults = append(faults, configFault{key: key, detail: detail, fix: fix})
	}
	minLag, okMin := configInt(config, "min.compaction.lag.ms")
	maxLag, okMax := configInt(config, "max.compaction.lag.ms")
	if okMin && okMax && minLag > maxLag {
		add("max.compaction.lag.ms", fmt.Sprintf("%d is less than min.compaction.lag.ms, %d", maxLag, minLag), "raise it")
	}
	remote, _ := configBool(config, "remote.storage.enable")
	if !remote {
		return faults
	}
	if policy, ok := configText(config["cleanup.policy"]); ok && strings.TrimSpace(policy) != "delete" {
		add("remote.storage.enable", "a topic in remote storage can't be compacted", "use the cleanup policy delete")
	}
	noCopy, _ := configBool(config, "remote.log.copy.disable")
	for _, unit := range [...]string{"ms", "bytes"} {
		local, ok := configInt(config, "local.retention."+unit)
		if !ok || local == -2 {
			continue
		}
		all, ok := configInt(config, "retention."+unit)
		switch {
		case !ok:
		case noCopy && local != all:
			add("local.retention."+unit, fmt.Sprintf("%d differs from retention.%s, %d, while remote.log.copy.disable is on", local, unit, all), "make them equal, or leave it out")
		case all >= 0 && (local == -1 || local > all):
			add("local.retention."+unit, fmt.Sprintf("%d is more than retention.%s, %d", local, unit, all), "lower it")
		}
	}
	return faults
}
