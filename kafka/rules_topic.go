package kafka

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func topicRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/topic-cluster-label", Severity: millrace.Error,
			Summary: "Every topic names its cluster.",
			Reason:  "Without the label strimzi.io/cluster no operator looks at the topic: it is not made, and has no status that says so.",
			Fix:     "add the label strimzi.io/cluster with the name of the Kafka object",
			Source:  "strimzi-kafka-operator#8676, #3484",
			Check:   on(checkTopicLabel),
		},
		{
			ID: "kafka/topic-replicas", Severity: millrace.Error,
			Summary: "A topic has three replicas, not more than there are brokers, and not fewer than must be in sync.",
			Reason:  "With fewer, a broker that fails while another one is restarted takes data with it; with more than there are brokers, the topic is not made; with fewer than must be in sync, no producer with acks=all can write.",
			Fix:     "use three replicas, and min.insync.replicas 2",
			Source:  "Strimzi, con-topic-replication; strimzi-kafka-operator#8696",
			Check:   on(checkTopicReplicas),
		},
		{
			ID: topicConfigRule, Severity: millrace.Error,
			Summary: "The settings of a topic have values that Kafka takes.",
			Reason:  "The topic operator can't apply them, and the topic never becomes ready.",
			Fix:     "correct the value",
			Source:  "Apache Kafka 4.3, LogConfig.validate",
			Check:   topicConfigCheck(topicConfigRule),
		},
		{
			ID: unknownTopicConfigRule, Severity: millrace.Error,
			Summary: "The settings of a topic are ones that Kafka has.",
			Reason:  "Kafka refuses a topic with a setting that it doesn't know, a misspelled one or one of an older version.",
			Fix:     "correct the name, or remove the setting; waive the rule where Kafka is newer than 4.3",
			Source:  "Apache Kafka 4.3, LogConfig.validateNames",
			Check:   topicConfigCheck(unknownTopicConfigRule),
		},
	}
}

func checkTopicLabel(pass *millrace.Pass, topic *strimziv1.KafkaTopic) {
	if topic.Labels[clusterLabel] == "" {
		pass.Report(at("metadata.labels", clusterLabel), "the topic names no cluster")
	}
}

// topicReplicas returns how many replicas a topic gets: what it says, or what
// its cluster says. It reports false where neither is in the bundle.
func topicReplicas(b *millrace.Bundle, topic *strimziv1.KafkaTopic) (int64, bool) {
	if topic.Spec.Replicas != nil {
		return *topic.Spec.Replicas, true
	}
	if k, ok := clusterOf(b, topic); ok {
		return clusterReplication(k), true
	}
	return 0, false
}

func checkTopicReplicas(pass *millrace.Pass, topic *strimziv1.KafkaTopic) {
	n, known := topicReplicas(pass.Bundle, topic)
	if !known {
		return
	}
	const path = "spec.replicas"
	if n < defaultReplication {
		pass.Report(path, fmt.Sprintf("the topic has %d replicas", n))
	}
	cluster, inBundle := clusterOf(pass.Bundle, topic)
	if inBundle {
		if brokers, ok := brokersOf(pass, cluster); ok && n > brokers {
			pass.Report(path, fmt.Sprintf("the topic has %d replicas, and the cluster %s has %d brokers", n, cluster.Name, brokers))
		}
	}
	least, ok := configInt(topic.Spec.Config, keyMinInSync)
	if !ok && inBundle {
		least = clusterMinInSync(cluster)
	}
	if n < least {
		pass.Report(path, fmt.Sprintf("the topic has %d replicas, of which %d must be in sync: no producer with acks=all can write", n, least))
	}
}

// topicConfigCheck is the check of a rule of topics' settings. They are judged
// by the brokers' too where the cluster is in the bundle.
func topicConfigCheck(rule string) func(*millrace.Pass) {
	return on(func(pass *millrace.Pass, topic *strimziv1.KafkaTopic) {
		cluster, _ := clusterOf(pass.Bundle, topic)
		topicConfigFaults(topic.Spec.Config, cluster).suggest(pass, rule)
	})
}
