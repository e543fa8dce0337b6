package kafka

import (
	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/kafkaconf"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	topicConfigPath = "spec.config"

	topicConfigRule        = "kafka/topic-config"
	unknownTopicConfigRule = "kafka/unknown-topic-config"
)

// topicConfigFaults checks the settings of a topic as the topic operator and
// Kafka do. Brokers are the settings of the brokers, nil where nobody knows
// them.
func topicConfigFaults(config strimziv1.JSONMap, brokers map[string]any) faults {
	var found faults
	for _, entry := range kafkaconf.CheckTopic("", config, brokers) {
		rule, kind := topicConfigRule, millrace.RuleInvalid
		if entry.Kind != kafkaconf.Value {
			rule, kind = unknownTopicConfigRule, millrace.RuleUnknown
		}
		found.add(rule, kind, at(topicConfigPath, entry.Key), entry.Detail, entry.Fix)
	}
	return found
}

// brokerSettings are the settings of a cluster's brokers, those that Strimzi
// adds for topics' sake among them.
// Source: Strimzi, KafkaBrokerConfigurationBuilder.
func brokerSettings(k *strimziv1.Kafka) map[string]any {
	settings := map[string]any{}
	for key, value := range k.Spec.Kafka.Config {
		if why, _ := brokerKeyFault(key, k.Spec.Kafka.Listeners); why == "" {
			settings[key] = value
		}
	}
	if k.Spec.Kafka.TieredStorage != nil {
		settings["remote.log.storage.system.enable"] = true
	}
	return settings
}
