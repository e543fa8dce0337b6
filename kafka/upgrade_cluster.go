package kafka

import (
	"strings"
)

const (
	sourceZooKeeper  = "Strimzi, CHANGELOG 0.46.0"
	sourceOperators  = "Strimzi, CHANGELOG 0.41.0"
	nodePoolsSwitch  = "strimzi.io/node-pools"
	kraftSwitch      = "strimzi.io/kraft"
	whyTLSSidecar    = "there is no TLS sidecar any more"
	whyBrokerOptions = "Cruise Control takes it from the pods"
)

// goneFromKafka are the fields of a Kafka that nothing reads any more.
func goneFromKafka() []gone {
	return []gone{
		{[]string{"cruiseControl", "tlsSidecar"}, whyTLSSidecar},
		{[]string{"cruiseControl", "template", "tlsSidecarContainer"}, whyTLSSidecar},
		{[]string{"cruiseControl", "brokerCapacity", "cpuUtilization"}, whyBrokerOptions},
		{[]string{"cruiseControl", "brokerCapacity", "disk"}, whyBrokerOptions},
		{[]string{"kafkaExporter", "template", "service"}, "the exporter has no service"},
		{[]string{"entityOperator", "tlsSidecar"}, whyTLSSidecar},
		{[]string{"entityOperator", "template", "tlsSidecarContainer"}, whyTLSSidecar},
		{[]string{"entityOperator", "topicOperator", "zookeeperSessionTimeoutSeconds"}, "there is no ZooKeeper"},
		{[]string{"entityOperator", "topicOperator", "topicMetadataMaxAttempts"}, "the topic operator doesn't read it any more"},
		{[]string{"entityOperator", "userOperator", "zookeeperSessionTimeoutSeconds"}, "there is no ZooKeeper"},
		{[]string{"kafka", "template", "statefulset"}, "pods are in pod sets, not in a StatefulSet"},
		{[]string{"kafka", "tlsSidecar"}, whyTLSSidecar},
	}
}

// kafka converts a Kafka, and makes the node pools that it needs.
func (c *conversion) kafka(spec section) {
	nodes := c.nodes()
	c.switches()
	kafka := spec.sub("kafka")
	if kafka.m == nil {
		c.faults.Required("spec.kafka", "v1 requires it: write it")
		return
	}
	c.betaKafka(spec)
	spec.dropAll(sourceConverter, goneFromKafka()...)
	for _, operator := range []string{"topicOperator", "userOperator"} {
		spec.sub("entityOperator", operator).intervals()
	}
	if spec.has("jmxTrans") {
		spec.drop("jmxTrans", "Strimzi has no JmxTrans since 0.40", "Strimzi, CHANGELOG 0.40.0")
		c.decide("spec.jmxTrans", UpgradeDecision{Question: "nothing sends the brokers' metrics where JmxTrans sent them", Taken: "no JmxTrans",
			Options: []string{"set spec.kafka.metricsConfig, and have Prometheus collect them"}, Source: "Strimzi, CHANGELOG 0.40.0"})
	}
	kafka.image()
	kafka.version()
	kafka.listeners()
	kafka.authorization()
	kafka.brokerConfig()
	kafka.log4j2()
	c.nodePools(spec, nodes)
	kafka.tidy("template")
	spec.sub("entityOperator").tidy("template")
	spec.sub("cruiseControl").tidy("template")
	spec.sub("kafkaExporter").tidy("template")
}

// switches removes the annotations that turned node pools and KRaft on.
func (c *conversion) switches() {
	annotations := c.root().sub("metadata", "annotations")
	if kraft := annotations.text(kraftSwitch); kraft != "" && kraft != "enabled" {
		c.decide(annotations.at(kraftSwitch), UpgradeDecision{Question: "the cluster is in the middle of its way to KRaft: " + kraft, Taken: "the annotation is dropped, as if it had arrived",
			Options: []string{"finish the migration with Strimzi 0.45 before anything else"}, Source: sourceZooKeeper})
	}
	for _, key := range []string{kraftSwitch, nodePoolsSwitch} {
		annotations.drop(key, "all clusters are in KRaft mode and have node pools", "Strimzi, CHANGELOG 0.48.0")
	}
	c.root().sub("metadata").tidy("annotations")
}

// betaKafka converts what v1alpha1 and v1beta1 have otherwise.
func (c *conversion) betaKafka(spec section) {
	if old := spec.sub("topicOperator"); old.m != nil {
		old.drop("tlsSidecar", whyTLSSidecar, sourceBeta)
		spec.move("topicOperator", spec.need("entityOperator"), "topicOperator", "both operators are in one pod", sourceBeta)
	}
	kafka := spec.sub("kafka")
	for _, key := range []string{"kafka", "zookeeper", "entityOperator"} {
		if of := spec.sub(key); of.m != nil {
			of.scheduling()
		}
	}
	kafka.inlineMetrics("kafka")
	spec.sub("cruiseControl").inlineMetrics("cruise-control")
	kafka.listenerMap()
	kafka.externalServices()
}

// intervals converts the interval of an operator to milliseconds.
func (p section) intervals() {
	seconds, ok := wholeNumber(p.m["reconciliationIntervalSeconds"])
	if !ok || p.has("reconciliationIntervalMs") {
		p.drop("reconciliationIntervalSeconds", "reconciliationIntervalMs says it", sourceConverter)
		return
	}
	p.become("reconciliationIntervalSeconds", p, "reconciliationIntervalMs", seconds*1000, "it is in milliseconds now", sourceConverter)
}

// wholeNumber returns a number as JSON has it, without a fraction.
func wholeNumber(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case float64:
		return int64(v), v == float64(int64(v)) && v >= -1<<53 && v <= 1<<53
	}
	return 0, false
}

// externalServices moves what services of listeners had in common to the
// listeners that have such services.
func (p section) externalServices() {
	for _, name := range []string{"externalBootstrapService", "perPodService"} {
		service := p.sub("template", name)
		for _, key := range []string{"externalTrafficPolicy", "loadBalancerSourceRanges"} {
			types := "loadbalancer nodeport"
			if key == "loadBalancerSourceRanges" {
				types = "loadbalancer"
			}
			value := service.m[key]
			if value == nil {
				continue
			}
			delete(service.m, key)
			to := ""
			for _, l := range p.items("listeners") {
				if t := l.text("type"); t == "" || !strings.Contains(types, t) {
					continue
				}
				if config := l.need("configuration"); !config.has(key) {
					config.m[key], to = value, config.at(key)
				}
			}
			change := UpgradeChange{Kind: UpgradeMoved, Path: service.at(key), To: to, Detail: "each listener says it for its own services", Source: sourceBeta}
			if to == "" {
				change.Kind, change.Detail = UpgradeDropped, "no listener has such services, or each says it itself"
			}
			p.c.changed(change)
		}
	}
}

// nodesOf says where the nodes of a Kafka are.
type nodesOf struct {
	// pooled: there are node pools, so that what the Kafka says of its nodes
	// was ignored.
	pooled bool
	// kraft: there are controllers, so that ZooKeeper was ignored.
	kraft bool
}

func (c *conversion) nodes() nodesOf {
	annotations := c.root().sub("metadata", "annotations")
	kraft := c.controlled[c.ref] || annotations.text(kraftSwitch) == "enabled"
	return nodesOf{pooled: kraft || c.pooled[c.ref] || annotations.text(nodePoolsSwitch) == "enabled", kraft: kraft}
}

// podName is what Strimzi calls the pods of a component.
func podName(cluster, component string) string { return cluster + "-" + component }
