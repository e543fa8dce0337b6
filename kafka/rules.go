package kafka

import (
	"slices"

	"github.com/millrace/millrace"
)

// Rules returns the rules that hold for clusters, pools, topics and users, whether
// the builders of this package made them or a manifest was loaded. The slice
// is the caller's own.
func Rules() []millrace.Rule {
	return slices.Concat(clusterRules(), accessRules(), poolRules(), nodeRules(), topicRules(), acrossRules(), userRules(),
		connectionRules(), connectRules(), connectorRules(), bridgeRules(), consumerRules(), secretRules(), balanceRules(), metricsRules())
}

func clusterRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/version", Severity: millrace.Error,
			Summary: "Manifests are of kafka.strimzi.io/v1, and of a Kafka that its operators run.",
			Reason:  "Strimzi 1.0 and later serve no older version, and the operator refuses a cluster with another Kafka. A manifest whose apiVersion alone is changed loses what v1 has no field for, without an error: spec.zookeeper, and replicas, storage and resources of spec.kafka.",
			Fix:     "have kafka.Upgrade, or examples/kafka-upgrade, make today's manifests of it, with the nodes in KafkaNodePools",
			Source:  "Strimzi, CHANGELOG 0.46.0, 0.49.0 and 1.0.0; kafka-versions.yaml",
			Check:   checkVersion,
		},
		{
			ID: "kafka/replication-factor", Severity: millrace.Error,
			Summary: "Topics, and Kafka's internal ones, have three replicas.",
			Reason:  "With fewer, a broker that fails while another one is restarted takes data with it.",
			Fix:     "set default.replication.factor, offsets.topic.replication.factor and transaction.state.log.replication.factor to 3",
			Source:  "Strimzi, con-broker-config-properties; KafkaCluster.java",
			Check:   on(checkReplicationFactor),
		},
		{
			ID: "kafka/min-insync", Severity: millrace.Warning,
			Summary: "min.insync.replicas is at least 2, and less than the number of replicas.",
			Reason:  "With 1, a record that was acknowledged is lost with one broker; with as many as there are replicas, producers stop, and so do rolling updates, while one broker restarts.",
			Fix:     "use one less than the number of replicas",
			Source:  "Strimzi, con-topic-replication; strimzi-kafka-operator#2964, #6052",
			Check:   both(faultRule("kafka/min-insync"), checkMinInSync),
		},
		{
			ID: "kafka/rack-awareness", Severity: millrace.Warning,
			Summary: "The cluster knows the zones of its brokers, and its pods are spread over them.",
			Reason:  "Without a rack, all replicas of a partition may be in one zone; without a spread constraint, so may all brokers: since Strimzi 0.49 the rack moves no pod.",
			Fix:     "set spec.kafka.rack, and a topologySpreadConstraint on the same label in every pool",
			Source:  "Strimzi, proc-distributing-brokers-across-zones; CHANGELOG 0.49.0",
			Check:   checkRackAwareness,
		},
		{
			ID: "kafka/plain-listener", Severity: millrace.Warning,
			Summary: "Every listener is encrypted.",
			Reason:  "Whoever is on the network reads and changes what passes, passwords among it.",
			Fix:     "set tls: true, and move clients to that listener",
			Source:  "Strimzi, con-securing-kafka",
			Check:   on(checkPlainListener),
		},
		{
			ID: "kafka/auto-create-topics", Severity: millrace.Warning,
			Summary: "Topics are not created by accident.",
			Reason:  "A misspelled name in a client makes a topic with one partition that nobody manages.",
			Fix:     "set auto.create.topics.enable to false",
			Source:  "Strimzi, con-application-topic-handling",
			Check:   on(checkAutoCreate),
		},
		{
			ID: "kafka/unclean-election", Severity: millrace.Error,
			Summary: "A replica that lags behind never becomes the leader.",
			Reason:  "Records that were acknowledged are gone, and consumers may read others in their place.",
			Fix:     "leave unclean.leader.election.enable out",
			Source:  "Apache Kafka, unclean.leader.election.enable; Strimzi, con-broker-config-properties",
			Check:   checkUncleanElection,
		},
		{
			ID: brokerConfigRule, Severity: millrace.Error,
			Summary: "The brokers' configuration has values that Strimzi and Kafka take, and nothing that Strimzi drops.",
			Reason:  "For a value that it knows to be wrong the operator refuses the cluster; with two that contradict each other no broker starts. Settings that the operator manages itself are dropped without a word in the status: the cluster runs otherwise than it reads.",
			Fix:     "correct the value, remove the setting, or use the field of the Kafka object that is for it",
			Source:  "Strimzi, KafkaClusterSpec.java, KafkaSpecChecker.java, ConfigModel.java; Apache Kafka 4.3, KafkaConfig",
			Check:   faultRule(brokerConfigRule),
		},
		{
			ID: unknownBrokerConfigRule, Severity: millrace.Warning,
			Summary: "The settings of brokers are ones that Kafka has, or clearly somebody else's.",
			Reason:  "Strimzi lets unknown settings through, since plugins have some, and Kafka ignores them: a misspelled one, one of topics or one of an older version does nothing.",
			Fix:     "correct the name, or remove the setting",
			Source:  "Apache Kafka 4.3, KafkaConfig; Strimzi, KafkaConfiguration.validate",
			Check:   faultRule(unknownBrokerConfigRule),
		},
	}
}

func poolRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/pool-cluster-label", Severity: millrace.Error,
			Summary: "Every pool names its cluster.",
			Reason:  "Without the label strimzi.io/cluster no operator looks at the pool: no pods, no status, no message.",
			Fix:     "add the label strimzi.io/cluster with the name of the Kafka object",
			Source:  "Strimzi, NodePoolUtils.java; strimzi-kafka-operator#8676",
			Check:   on(checkPoolLabel),
		},
		{
			ID: "kafka/controllers", Severity: millrace.Warning,
			Summary: "There are three controllers, or a larger odd number.",
			Reason:  "Two controllers or one stop the cluster when one is down, and a fourth adds nothing that a third had not. The number can't be changed later.",
			Fix:     "use three controllers in all",
			Source:  "Strimzi, assembly-kraft-mode; KafkaSpecChecker.java",
			Check:   on(checkControllers),
		},
		{
			ID: "kafka/empty-pool", Severity: millrace.Info,
			Summary: "Every pool has nodes.",
			Reason:  "A pool without nodes is right only for a while, when it is about to be removed or filled.",
			Fix:     "remove the pool, or set spec.replicas",
			Source:  "Strimzi, NodePoolUtils.java: pools without replicas don't count",
			Check:   on(checkEmptyPool),
		},
		{
			ID: "kafka/delete-claim", Severity: millrace.Warning,
			Summary: "Disks outlive their pool.",
			Reason:  "With deleteClaim, deleting the pool or the cluster, or scaling it down, deletes the data.",
			Fix:     "leave deleteClaim out",
			Source:  "Strimzi, con-config-storage-kraft",
			Check:   on(checkDeleteClaim),
		},
		{
			ID: "kafka/storage-class", Severity: millrace.Warning,
			Summary: "Disks are of a named class, which binds WaitForFirstConsumer.",
			Reason:  "The default class is another one in every Kubernetes cluster; one that binds at once makes the disk in a zone that the pod, held back by its spread constraint, may never get to.",
			Fix:     "name a storage class with volumeBindingMode: WaitForFirstConsumer",
			Source:  "Kubernetes, storage classes; strimzi-kafka-operator#6545, #10011",
			Check:   on(checkStorageClass),
		},
		{
			ID: "kafka/ephemeral-storage", Severity: millrace.Error,
			Summary: "Nodes have disks that outlive their pods.",
			Reason:  "A pod that is moved loses its data, and a rolling update moves all of them.",
			Fix:     "use type persistent-claim",
			Source:  "Strimzi, con-config-storage-kraft; KafkaSpecChecker.java",
			Check:   on(checkEphemeral),
		},
	}
}

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
