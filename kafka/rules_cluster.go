package kafka

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

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

const configPath = "spec.kafka.config"

func checkReplicationFactor(pass *millrace.Pass, k *strimziv1.Kafka) {
	config := k.Spec.Kafka.Config
	// Kafka's own default is 3 for the internal topics, and 1 for the others.
	for _, key := range [...]string{keyReplication, keyOffsetsReplication, keyTxnReplication, keyShareReplication} {
		n, ok := configInt(config, key)
		switch {
		case !ok && config[key] == nil && key == keyReplication:
			pass.Report(at(configPath, key), fmt.Sprintf("%s is not set, and Kafka's own default is 1", key))
		case !ok:
		case n < defaultReplication:
			pass.Report(at(configPath, key), fmt.Sprintf("%s is %d", key, n))
		}
	}
}

func checkMinInSync(pass *millrace.Pass) {
	report := func(path, key string, n, replicas int64, known bool) {
		switch {
		case n < defaultReplication-replicasThatMayLag:
			pass.Report(at(path, key), fmt.Sprintf("%s is %d: acknowledged records are on one broker only", key, n))
		case known && n >= replicas:
			pass.Report(at(path, key), fmt.Sprintf("%s is %d of %d replicas: producers stop when a broker restarts", key, n, replicas))
		}
	}
	switch o := pass.Object.(type) {
	case *strimziv1.Kafka:
		config := o.Spec.Kafka.Config
		if n, ok := configInt(config, keyMinInSync); ok {
			// More than are said to be there is a fault.
			replicas := clusterReplication(o)
			report(configPath, keyMinInSync, n, replicas, n == replicas || config[keyReplication] == nil)
		} else if config[keyMinInSync] == nil {
			pass.Report(at(configPath, keyMinInSync), keyMinInSync+" is not set, and the operator makes it 1")
		}
		if n, ok := configInt(config, keyTxnMinISR); ok {
			replicas, known := configInt(config, keyTxnReplication)
			report(configPath, keyTxnMinISR, n, replicas, known && n == replicas)
		}
	case *strimziv1.KafkaTopic:
		if n, ok := configInt(o.Spec.Config, keyMinInSync); ok {
			replicas, known := topicReplicas(pass.Bundle, o)
			// More than there are replicas is for kafka/topic-replicas.
			report("spec.config", keyMinInSync, n, replicas, known && n == replicas)
		}
	}
}

func checkRackAwareness(pass *millrace.Pass) {
	switch o := pass.Object.(type) {
	case *strimziv1.Kafka:
		if o.Spec.Kafka.Rack == nil {
			pass.Report("spec.kafka.rack", "the cluster doesn't know the zones of its brokers")
		}
	case *strimziv1.KafkaNodePool:
		k, ok := clusterOf(pass.Bundle, o)
		if !ok || k.Spec.Kafka.Rack == nil {
			return
		}
		zone := defaultZoneLabel
		if key := k.Spec.Kafka.Rack.TopologyKey; key != nil {
			zone = *key
		}
		if !spreadOver(o, k, zone) {
			pass.Report("spec.template.pod.topologySpreadConstraints", "nothing spreads the pods over "+zone)
		}
	}
}

// spreadOver reports whether something holds a pool's pods to zones: a spread
// constraint, an anti-affinity, or nodes of zones that are named.
func spreadOver(pool *strimziv1.KafkaNodePool, k *strimziv1.Kafka, zone string) bool {
	var templates []*strimziv1.StatefulPodTemplate
	if t := pool.Spec.Template; t != nil && t.Pod != nil {
		templates = append(templates, t.Pod)
	}
	if t := k.Spec.Kafka.Template; t != nil && t.Pod != nil {
		templates = append(templates, t.Pod)
	}
	for _, pod := range templates {
		if slices.ContainsFunc(pod.TopologySpreadConstraints, func(c corev1.TopologySpreadConstraint) bool { return c.TopologyKey == zone }) {
			return true
		}
		if pod.Affinity == nil {
			continue
		}
		if anti := pod.Affinity.PodAntiAffinity; anti != nil && slices.ContainsFunc(anti.RequiredDuringSchedulingIgnoredDuringExecution,
			func(t corev1.PodAffinityTerm) bool { return t.TopologyKey == zone }) {
			return true
		}
		if near := pod.Affinity.NodeAffinity; near != nil && near.RequiredDuringSchedulingIgnoredDuringExecution != nil {
			for _, term := range near.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms {
				if slices.ContainsFunc(term.MatchExpressions, func(r corev1.NodeSelectorRequirement) bool { return r.Key == zone }) {
					return true
				}
			}
		}
	}
	return false
}

func checkPlainListener(pass *millrace.Pass, k *strimziv1.Kafka) {
	for i, l := range k.Spec.Kafka.Listeners {
		if !l.TLS {
			pass.Report(fmt.Sprintf("spec.kafka.listeners[%d].tls", i), fmt.Sprintf("the listener %q is not encrypted", l.Name))
		}
	}
}

func checkAutoCreate(pass *millrace.Pass, k *strimziv1.Kafka) {
	// Kafka's own default is true.
	if on, ok := configBool(k.Spec.Kafka.Config, keyAutoCreate); on || !ok {
		pass.Report(at(configPath, keyAutoCreate), "clients create topics by naming them")
	}
}

func checkUncleanElection(pass *millrace.Pass) {
	path, config := configPath, strimziv1.JSONMap(nil)
	switch o := pass.Object.(type) {
	case *strimziv1.Kafka:
		config = o.Spec.Kafka.Config
	case *strimziv1.KafkaTopic:
		path, config = "spec.config", o.Spec.Config
	}
	if on, _ := configBool(config, keyUncleanElection); on {
		pass.Report(at(path, keyUncleanElection), "a replica that lags behind may become the leader")
	}
}
