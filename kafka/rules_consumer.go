package kafka

import "github.com/millrace/millrace"

// consumerRules hold for what is certainly a Kafka consumer: a ScaledObject
// with a Kafka trigger, and what it scales.
func consumerRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: "kafka/consumer-cpu-limit", Severity: millrace.Warning,
			Summary: "Consumers that KEDA scales by their lag have no CPU limit.",
			Reason:  "A consumer that is throttled lags behind, however many there are; one that is late for max.poll.interval.ms is thrown out of its group, and the partitions move to others who are throttled too.",
			Fix:     "take the CPU limit out, keep the request, and give consumers a pool of nodes of their own",
			Source:  "Kubernetes, concepts/configuration/manage-resources-containers; Apache Kafka, max.poll.interval.ms",
			Check:   checkConsumerCPU,
		},
		{
			ID: "kafka/consumer-memory-limit", Severity: millrace.Warning,
			Summary: "Consumers have a memory limit.",
			Reason:  "A consumer that falls behind fetches and holds more; without a limit it takes the memory of everything else on its node with it.",
			Fix:     "set the memory limit to what is requested",
			Source:  "Kubernetes, concepts/configuration/manage-resources-containers",
			Check:   checkConsumerMemory,
		},
		{
			ID: "kafka/consumer-grace-period", Severity: millrace.Warning,
			Summary: "Consumers have 30 seconds or more for an orderly end.",
			Reason:  "Closing a consumer commits and leaves the group, for which it has 30 seconds by its own default. One that is killed before reads its last records twice, and its partitions wait for session.timeout.ms.",
			Fix:     "leave terminationGracePeriodSeconds out, or set it to the time of a batch and 30 seconds more",
			Source:  "Apache Kafka, Consumer.close(); session.timeout.ms",
			Check:   checkConsumerGrace,
		},
		{
			ID: "kafka/consumer-replicas", Severity: millrace.Warning,
			Summary: "What KEDA scales says no number of replicas itself.",
			Reason:  "Each time that the manifest is applied, it undoes what KEDA did: under load the group shrinks and rebalances, and grows again later.",
			Fix:     "leave spec.replicas out",
			Source:  "Kubernetes, tasks/run-application/horizontal-pod-autoscale, \"Migrating Deployments and StatefulSets to horizontal autoscaling\"",
			Check:   checkConsumerReplicas,
		},
		{
			ID: "kafka/consumer-autoscalers", Severity: millrace.Error,
			Summary: "One ScaledObject alone scales a consumer, and no HorizontalPodAutoscaler beside it.",
			Reason:  "KEDA's webhook refuses the second one; without the webhook the two undo each other, and the group rebalances each time.",
			Fix:     "keep one of them",
			Source:  "KEDA 2.21.0, scaledobject_webhook.go, verifyHpas and verifyScaledObjects",
			Check:   on(checkConsumerAutoscalers),
		},
		{
			ID: ruleMaximum, Severity: millrace.Warning,
			Summary: "There are no more consumers than partitions.",
			Reason:  "A partition is read by one consumer of a group: the others hold memory and nodes, and read nothing.",
			Fix:     "set maxReplicaCount to the number of partitions, or give the topic more",
			Source:  "Apache Kafka, consumer groups; KEDA 2.21, scalers/apache-kafka",
			Check:   on(checkConsumerMaximum),
		},
		{
			ID: ruleTrigger, Severity: millrace.Error,
			Summary: "The settings of a Kafka trigger are ones that KEDA knows and takes.",
			Reason:  "KEDA passes over a setting that it doesn't know, without a word; for a wrong value the ScaledObject never becomes ready, and nothing scales.",
			Fix:     "correct the setting",
			Source:  "KEDA 2.21.0, pkg/scalers/kafka_scaler.go",
			Check:   faultRule(ruleTrigger),
		},
		{
			ID: ruleScaling, Severity: millrace.Error,
			Summary: "The numbers and names of a ScaledObject are ones that KEDA takes.",
			Reason:  "KEDA's webhook refuses it; without the webhook it never becomes ready, and nothing scales.",
			Fix:     "correct the number or the name",
			Source:  "KEDA 2.21.0, scaledobject_types.go and scaledobject_webhook.go",
			Check:   faultRule(ruleScaling),
		},
		{
			ID: ruleTopicOf, Severity: millrace.Error,
			Summary: "A Kafka trigger names its topic, where there may be no consumer, and names it right.",
			Reason:  "Without a topic KEDA asks for those that the group has committed offsets of. A new group has none: there is no lag, and no consumer is ever started.",
			Fix:     "name the topic in the trigger's metadata",
			Source:  "KEDA 2.21.0, pkg/scalers/kafka_scaler.go, getTopicPartitions",
			Check:   both(faultRule(ruleTopicOf), on(checkConsumerTopic)),
		},
		{
			ID: ruleHosts, Severity: millrace.Warning,
			Summary: "The addresses in a Kafka trigger say their namespace.",
			Reason:  "It is KEDA who connects to them, from its own namespace, in which there is no such service: it sees no lag, and nothing scales.",
			Fix:     "write them as <cluster>-kafka-bootstrap.<namespace>.svc:9093",
			Source:  "Kubernetes, concepts/services-networking/dns-pod-service",
			Check:   faultRule(ruleHosts),
		},
		{
			ID: ruleAuth, Severity: millrace.Error,
			Summary: "A Kafka trigger and its TriggerAuthentication say how KEDA logs in, and say it together.",
			Reason:  "KEDA refuses a certificate without its key and a login without a password, and leaves certificates unread where tls isn't enabled: it sees no lag, and nothing scales.",
			Fix:     "give the TriggerAuthentication what the trigger needs, and set tls to enable",
			Source:  "KEDA 2.21.0, pkg/scalers/kafka_scaler.go, parseTLS and parseSASL",
			Check:   on(checkConsumerAuth),
		},
	}
}
