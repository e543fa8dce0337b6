package kafka

import (
	"fmt"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// acrossRules are on topics beside others, and beside their cluster.
func acrossRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/topic-duplicate", Severity: millrace.Error,
			Summary: "No two objects are of one topic, and no two topics differ only in '.' and '_'.",
			Reason:  "The topic operator looks after the older object and refuses the other one (ResourceConflict); Kafka refuses a topic whose name would be that of another one in its metrics.",
			Fix:     "remove one of the two, or rename it",
			Source:  "Strimzi, BatchingTopicController.java; Apache Kafka, Topic.hasCollisionChars",
			Check:   on(checkTopicDuplicate),
		},
		{
			ID: "kafka/topic-unwatched", Severity: millrace.Error,
			Summary: "The topic operator of a cluster looks at the namespace of its topics.",
			Reason:  "A topic that no operator looks at is not made, and has no status that says so.",
			Fix:     "move the topic into the namespace that is watched, or set spec.entityOperator.topicOperator; waive the rule where a topic operator runs on its own",
			Source:  "Strimzi, EntityTopicOperator.java; strimzi-kafka-operator#8676",
			Check:   on(checkTopicUnwatched),
		},
		unknownClusterRule(),
	}
}

// topicID is what two objects of one topic have in common. Kafka itself takes
// a dot for an underscore in the names of its metrics.
type topicID struct{ namespace, cluster, name string }

func topicIDOf(b *millrace.Bundle, t *strimziv1.KafkaTopic) topicID {
	id := topicID{t.Namespace, t.Labels[clusterLabel], strings.ReplaceAll(topicNameOf(t), ".", "_")}
	if k, ok := clusterOf(b, t); ok {
		id.namespace = k.Namespace
	}
	return id
}

func checkTopicDuplicate(pass *millrace.Pass, topic *strimziv1.KafkaTopic) {
	if topic.Labels[clusterLabel] == "" || unmanaged(topic) {
		return
	}
	type key struct{}
	first := once(pass, key{}, func() map[topicID]*strimziv1.KafkaTopic {
		out := map[topicID]*strimziv1.KafkaTopic{}
		for t := range all[*strimziv1.KafkaTopic](pass.Bundle, topicKind) {
			if id := topicIDOf(pass.Bundle, t); !unmanaged(t) && out[id] == nil {
				out[id] = t
			}
		}
		return out
	})
	other := first[topicIDOf(pass.Bundle, topic)]
	if other == nil || other == topic {
		return
	}
	path, name := "metadata.name", topicNameOf(topic)
	if topic.Spec.TopicName != nil {
		path = "spec.topicName"
	}
	where := other.Name
	if other.Namespace != topic.Namespace {
		where = other.Namespace + "/" + other.Name
	}
	if topicNameOf(other) == name {
		pass.Report(path, fmt.Sprintf("the KafkaTopic %s is of the topic %s too", where, name))
	} else {
		pass.Report(path, fmt.Sprintf("the KafkaTopic %s is of the topic %s, which Kafka can't tell from %s", where, topicNameOf(other), name))
	}
}

func checkTopicUnwatched(pass *millrace.Pass, topic *strimziv1.KafkaTopic) {
	if topic.Labels[clusterLabel] == "" || unmanaged(topic) {
		return
	}
	cluster := topic.Labels[clusterLabel]
	if k, ok := clusterOf(pass.Bundle, topic); ok {
		if e := k.Spec.EntityOperator; e == nil || e.TopicOperator == nil {
			pass.Report(at("metadata.labels", clusterLabel), fmt.Sprintf("the cluster %s has no topic operator", k.Name))
		} else if in := deref(e.TopicOperator.WatchedNamespace); in != "" && in != topic.Namespace {
			pass.Report("metadata.namespace", fmt.Sprintf("the topic operator of the cluster %s looks at the namespace %s alone", k.Name, in))
		}
		return
	}
	for _, found := range pass.Bundle.OfKind(kafkaKind) {
		if found.GetName() == cluster {
			pass.Report("metadata.namespace", fmt.Sprintf("the cluster %s is in the namespace %s, and its topic operator doesn't look here", cluster, found.GetNamespace()))
			return
		}
	}
}

// unmanaged reports whether the operator is to leave a topic alone.
// Source: Strimzi, ResourceAnnotations, strimzi.io/managed.
func unmanaged(t *strimziv1.KafkaTopic) bool { return t.Annotations["strimzi.io/managed"] == "false" }

// checkTieredTopic reports topics that want what their cluster hasn't got.
func checkTieredTopic(pass *millrace.Pass, topic *strimziv1.KafkaTopic) {
	if on, _ := configBool(topic.Spec.Config, keyRemoteStorage); !on {
		return
	}
	if k, ok := clusterOf(pass.Bundle, topic); ok && !tieredIsOn(k) {
		pass.Report(at("spec.config", keyRemoteStorage), fmt.Sprintf("the cluster %s has no tiered storage", k.Name))
	}
}
