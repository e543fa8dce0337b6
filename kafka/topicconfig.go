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
// Kafka do. The cluster is nil where nobody knows it: then the newest Kafka
// judges, and not by the settings of the brokers.
func topicConfigFaults(config strimziv1.JSONMap, cluster *strimziv1.Kafka) faults {
	var found faults
	version, brokers := "", map[string]any(nil)
	if cluster != nil {
		brokers = brokerSettings(cluster)
		if v := cluster.Spec.Kafka.Version; v != nil {
			version = *v
		}
	}
	for _, entry := range kafkaconf.CheckTopic(version, config, brokers) {
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
	// Whether there is remote storage is for kafka/tiered-storage to say.
	settings := map[string]any{"remote.log.storage.system.enable": true}
	for key, value := range k.Spec.Kafka.Config {
		if why, _ := brokerKeyFault(key, k.Spec.Kafka.Listeners); why == "" {
			settings[key] = value
		}
	}
	return settings
}
