package kafka

import "github.com/millrace/millrace"

// balanceRules are about Cruise Control and rebalances.
func balanceRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/cruise-control", Severity: millrace.Warning,
			Summary: "A cluster of several brokers has Cruise Control.",
			Reason:  "Without it a new broker stays empty, one that is to go can't be emptied, and the replicas of a topic can't be changed.",
			Fix:     "add spec.cruiseControl: {}",
			Source:  "Strimzi, con-cruise-control-overview; BatchingTopicController.java",
			Check:   on(checkCruiseControl),
		},
		{
			ID: cruiseBrokersRule, Severity: millrace.Error,
			Summary: "Cruise Control has two brokers at least, and the topic of its metrics not more replicas than there are brokers.",
			Reason:  "The operator refuses the cluster.",
			Fix:     "add brokers, or remove spec.cruiseControl",
			Source:  "Strimzi, CruiseControlMetricsReporter.java",
			Check:   assemblyRule(cruiseBrokersRule),
		},
		{
			ID: "kafka/cruise-control-config", Severity: millrace.Error,
			Summary: "What Cruise Control is told counts.",
			Reason:  "The operator drops settings that it manages itself without a word in the status, takes the first of two overrides for a broker, and refuses a metrics topic that must have more replicas in sync than it has.",
			Fix:     "remove the setting, or use the field of the Kafka object that is for it",
			Source:  "Strimzi, CruiseControlSpec.java, CapacityConfiguration.java, CruiseControlMetricsReporter.java",
			Check:   faultRule("kafka/cruise-control-config"),
		},
		{
			ID: "kafka/cruise-control-goals", Severity: millrace.Error,
			Summary: "Hard goals are default goals, default goals are goals, and goals about the network know what it can do.",
			Reason:  "Cruise Control doesn't start with goals that it doesn't know; rebalances fail for want of a hard goal; and where nobody says what the network can do, goals about it work with 10000 KiB/s.",
			Fix:     "correct the lists, and set spec.cruiseControl.brokerCapacity",
			Source:  "Strimzi, examples/cruise-control, CruiseControlConfiguration.java, CHANGELOG 0.48.0; Cruise Control, AnalyzerConfig.sanityCheckGoalNames",
			Check:   faultRule("kafka/cruise-control-goals"),
		},
		{
			ID: "kafka/auto-rebalance", Severity: millrace.Warning,
			Summary: "Cruise Control moves partitions by itself when brokers come and go.",
			Reason:  "A broker that is added stays empty, and one that holds partitions can't be removed, until somebody thinks of a KafkaRebalance.",
			Fix:     "add the modes add-brokers and remove-brokers to spec.cruiseControl.autoRebalance",
			Source:  "Strimzi, con-auto-rebalancing",
			Check:   on(checkAutoRebalance),
		},
		{
			ID: "kafka/auto-rebalance-template", Severity: millrace.Warning,
			Summary: "The templates of rebalances that happen by themselves are there, and are templates.",
			Reason:  "The operator skips the rebalance where the template is missing, and says so in its log only; one without the annotation is carried out as it stands.",
			Fix:     `add a KafkaRebalance of that name with the annotation strimzi.io/rebalance-template: "true"`,
			Source:  "Strimzi, KafkaAutoRebalancingReconciler.java",
			Check:   on(checkRebalanceTemplates),
		},
		{
			ID: rebalanceRule, Severity: millrace.Error,
			Summary: "A rebalance has what its mode needs, and nothing that it ignores.",
			Reason:  "The operator or Cruise Control refuses it (NotReady), or does something else than it reads.",
			Fix:     "correct it",
			Source:  "Strimzi, KafkaRebalanceAssemblyOperator.java; Cruise Control, RunnableUtils.sanityCheckGoals",
			Check:   faultRule(rebalanceRule),
		},
		{
			ID: "kafka/rebalance-cluster", Severity: millrace.Error,
			Summary: "Every rebalance but a template names its cluster, which has Cruise Control.",
			Reason:  "Without either there is nobody to carry it out, and it is NotReady for ever.",
			Fix:     "add the label strimzi.io/cluster with the name of the Kafka object, and spec.cruiseControl there",
			Source:  "Strimzi, KafkaRebalanceAssemblyOperator.java; strimzi-kafka-operator#8770",
			Check:   on(checkRebalanceCluster),
		},
		{
			ID: "kafka/rebalance-goals", Severity: millrace.Error,
			Summary: "The goals of a rebalance are among those of its cluster, and all of the cluster's hard goals among them.",
			Reason:  "Cruise Control makes no proposal: \"Missing hard goals\", or goals \"not supported\".",
			Fix:     "add the goals, leave spec.goals out, or set skipHardGoalCheck",
			Source:  "Cruise Control, RunnableUtils.sanityCheckGoals; strimzi-kafka-operator#9544",
			Check:   on(checkRebalanceGoals),
		},
		{
			ID: "kafka/rebalance-brokers", Severity: millrace.Error,
			Summary: "A rebalance is about brokers and disks that there are, and leaves enough of them.",
			Reason:  "Cruise Control refuses brokers and disks that it doesn't know, and can't take the last brokers that the replicas of a partition have.",
			Fix:     "correct the numbers, or add brokers first",
			Source:  "Cruise Control, RunnableUtils.sanityCheckBrokerPresence; Strimzi, con-rebalance-modes",
			Check:   on(checkRebalanceBrokers),
		},
		{
			ID: "kafka/rebalance-action", Severity: millrace.Warning,
			Summary: "Manifests don't hold what is to be done once.",
			Reason:  "The operator takes the annotation strimzi.io/rebalance away when it is done; whoever applies the manifest next has it done again: a refresh never comes to an end.",
			Fix:     "annotate the object by hand, or use strimzi.io/rebalance-auto-approval",
			Source:  "Strimzi, KafkaRebalanceAssemblyOperator.java",
			Check:   on(checkRebalanceAction),
		},
	}
}

// metricsRules are about what tells how a cluster fares.
func metricsRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/metrics", Severity: millrace.Warning,
			Summary: "Brokers, Connect and MirrorMaker export metrics.",
			Reason:  "Partitions without enough replicas, full disks and failed tasks show in metrics first, and nowhere else before they hurt.",
			Fix:     "add metricsConfig of type strimziMetricsReporter, or jmxPrometheusExporter with a ConfigMap of rules",
			Source:  "Strimzi, assembly-metrics; examples/metrics",
			Check:   checkMetrics,
		},
		{
			ID: "kafka/metrics-config", Severity: millrace.Error,
			Summary: "The configuration of metrics is one that the operator takes.",
			Reason:  "It refuses empty and broken lists; a comma in an expression cuts that in two, and brokers then don't start.",
			Fix:     "correct it",
			Source:  "Strimzi, StrimziMetricsReporterModel.java, JmxPrometheusExporterModel.java",
			Check:   faultRule("kafka/metrics-config"),
		},
		{
			ID: "kafka/exporter", Severity: millrace.Info,
			Summary: "A cluster tells how far its consumers lag behind.",
			Reason:  "Brokers don't say it. A consumer that is stuck is found when its records are gone.",
			Fix:     "add spec.kafkaExporter: {}",
			Source:  "Strimzi, con-metrics-kafka-exporter-lag",
			Check:   on(checkExporter),
		},
		{
			ID: "kafka/exporter-config", Severity: millrace.Error,
			Summary: "The expressions of Kafka Exporter are ones of Go, and its level of logging is one that it has.",
			Reason:  "It ends as it starts, again and again.",
			Fix:     "correct it",
			Source:  "kafka_exporter, which compiles them with Go's regexp; Strimzi, KafkaExporterSpec.java",
			Check:   faultRule("kafka/exporter-config"),
		},
	}
}
