package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/kafkaconf"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	brokerConfigRule        = "kafka/broker-config"
	unknownBrokerConfigRule = "kafka/unknown-broker-config"
)

// goneBrokerKeys have no meaning in KRaft, and Strimzi says so in the status;
// what to do instead.
// Source: Strimzi, KafkaSpecChecker.java.
var goneBrokerKeys = map[string]string{
	"inter.broker.protocol.version": "use spec.kafka.metadataVersion (the field MetadataVersion)",
	"log.message.format.version":    "leave it out: Kafka 4 has one format",
}

// brokerKeyFault says what is wrong with the name of a broker's setting, and
// what to do; empty if nothing is.
func brokerKeyFault(key string, listeners []strimziv1.Listener) (why, fix string) {
	if instead, ok := goneBrokerKeys[strings.ToLower(key)]; ok {
		return "it has no meaning without ZooKeeper", instead
	}
	for _, l := range listeners {
		own := fmt.Sprintf("listener.name.%s-%d.", l.Name, l.Port)
		if rest, ok := strings.CutPrefix(key, own); ok && slices.Contains(kafkaconf.PerListener(), rest) {
			return "", ""
		}
	}
	return managedKey(brokerComponent, key)
}

// brokerConfigFaults checks the settings of a cluster's brokers: what Strimzi
// drops, the values for which it refuses the cluster, and those with which
// Kafka doesn't start.
func brokerConfigFaults(k *strimziv1.KafkaClusterSpec) faults {
	var found faults
	version := ""
	if k.Version != nil {
		version = *k.Version
	}
	kept := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(k.Config)) {
		if why, fix := brokerKeyFault(key, k.Listeners); why != "" {
			found.add(brokerConfigRule, millrace.RuleUnsupported, at(configPath, key), why, fix)
			continue
		}
		kept[key] = k.Config[key]
		if why, fix := strimziFault(version, key, kept[key]); why != "" {
			delete(kept, key)
			found.add(brokerConfigRule, millrace.RuleInvalid, at(configPath, key), why, fix)
		}
	}
	for _, entry := range kafkaconf.CheckBroker(version, kept) {
		where := at(configPath, entry.Key)
		switch entry.Kind {
		case kafkaconf.Value:
			found.add(brokerConfigRule, millrace.RuleInvalid, where, entry.Detail, entry.Fix)
		case kafkaconf.Unknown:
			if meant, ok := kafkaconf.NearMiss(kafkaconf.Broker, entry.Key); ok {
				found.add(unknownBrokerConfigRule, millrace.RuleUnknown, where, entry.Detail, "did you mean "+meant+"?")
			}
		default:
			found.add(unknownBrokerConfigRule, millrace.RuleUnknown, where, entry.Detail, entry.Fix)
		}
	}
	return found
}

// strimziFault says why Strimzi refuses a value of a broker that Kafka would
// take.
// Source: Strimzi, OrderedProperties.addIterablePairs and ConfigModel.
func strimziFault(version, key string, value any) (why, fix string) {
	switch value.(type) {
	case nil:
		return "it has no value", "give it one, or leave it out"
	case []any, []string:
		return fmt.Sprintf("%v: Strimzi takes lists of topics alone", value), "write one text, with commas"
	}
	text, ok := configText(value)
	if !ok {
		return fmt.Sprintf("%v: it is neither a string, a number nor a boolean", value), "write the value as one string"
	}
	s, known := kafkaconf.LookupIn(version, kafkaconf.Broker, key)
	if !known {
		return "", ""
	}
	if why, _ := s.Fault(text); why != "" {
		return "", "" // Kafka has better words for it.
	}
	if why, fix = s.StrimziFault(text); why != "" {
		why = fmt.Sprintf("%q: %s", text, why)
	}
	return why, fix
}
