package kafka

import (
	"fmt"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// topicIn names a topic in a cluster of the bundle.
type topicIn struct{ namespace, cluster, topic string }

// partitionsOf returns how many partitions the topics of the bundle have.
func partitionsOf(pass *millrace.Pass) map[topicIn]int64 {
	type key struct{}
	return once(pass, key{}, func() map[topicIn]int64 {
		out := map[topicIn]int64{}
		for topic := range all[*strimziv1.KafkaTopic](pass.Bundle, topicKind) {
			if k, ok := clusterOf(pass.Bundle, topic); ok && topic.Spec.Partitions != nil {
				out[topicIn{k.Namespace, k.Name, topicNameOf(topic)}] = *topic.Spec.Partitions
			}
		}
		return out
	})
}

// checkConnectorTasks compares the tasks of sink connectors, which are the
// members of one consumer group, with the partitions that they share. Only
// those of sinks have topics to read.
func checkConnectorTasks(pass *millrace.Pass, o *strimziv1.KafkaConnector) {
	if o.Spec.TasksMax == nil {
		return
	}
	topics, _ := configText(o.Spec.Config["topics"])
	connect, ok := connectOf(pass.Bundle, o)
	if !ok || topics == "" {
		return
	}
	k, _, ok := kafkaOf(pass.Bundle, connect.Namespace, connect.Spec.BootstrapServers)
	if !ok {
		return
	}
	var sum int64
	for topic := range strings.SplitSeq(topics, ",") {
		n, ok := partitionsOf(pass)[topicIn{k.Namespace, k.Name, strings.TrimSpace(topic)}]
		if !ok {
			return
		}
		sum += n
	}
	if *o.Spec.TasksMax > sum {
		pass.Report("spec.tasksMax", fmt.Sprintf("there are %d tasks for %d partitions", *o.Spec.TasksMax, sum))
	}
}
