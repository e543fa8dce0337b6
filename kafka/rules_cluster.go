package kafka

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const configPath = "spec.kafka.config"

// at returns the path of an entry of a configuration; its name has dots.
func at(path, key string) string { return path + "[" + key + "]" }

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
