package kafka

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

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
