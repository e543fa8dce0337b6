package kafka

import "github.com/millrace/millrace/internal/kafkaconf"

// topic converts a KafkaTopic.
func (c *conversion) topic(spec section) { spec.sub("config").settings(kafkaconf.Topic, "") }

// user converts a KafkaUser.
func (c *conversion) user(spec section) {
	for _, acl := range spec.sub("authorization").items("acls") {
		operations, isList := acl.m["operations"].([]any)
		switch {
		case acl.has("operations") && !isList: // decoding says so
		case len(operations) > 0:
			acl.drop("operation", "operations is set as well, and wins", sourceConverter)
		case acl.has("operation"):
			acl.become("operation", acl, "operations", []any{acl.m["operation"]}, "a rule has a list of operations", sourceConverter)
		case operations == nil:
			acl.add("operations", []any{}, "v1 requires it; the rule allowed nothing", "Strimzi, CRDs of 0.45 and 1.2.0")
		}
	}
}

// nodePool converts a KafkaNodePool.
func (c *conversion) nodePool(spec section) {
	c.storageOverrides(spec.sub("storage"))
}

// bridgeMetrics name the bridge's metrics as the bridge itself did, with
// enableMetrics.
// Source: Strimzi, BridgeMetricsConversion.java: the names of the metrics.
const bridgeMetrics = `lowercaseOutputName: true
rules:
- pattern: kafka.(producer|consumer)<type=(.+), client-id=(.+), topic=(.+)><>([a-z-]+)-total
  name: strimzi_bridge_kafka_$1_$5_total
  type: COUNTER
  labels: {type: "$2", clientId: "$3", topic: "$4"}
- pattern: kafka.(producer|consumer)<type=(.+), client-id=(.+), topic=(.+)><>([a-z-]+)
  name: strimzi_bridge_kafka_$1_$5
  type: GAUGE
  labels: {type: "$2", clientId: "$3", topic: "$4"}
- pattern: kafka.(\w+)<type=(.+), client-id=(.+)><>([a-z-]+-total-[a-z-]+)
  name: strimzi_bridge_kafka_$1_$4
  type: GAUGE
  labels: {type: "$2", clientId: "$3"}
- pattern: kafka.(\w+)<type=(.+), client-id=(.+)><>([a-z-]+)-total
  name: strimzi_bridge_kafka_$1_$4_total
  type: COUNTER
  labels: {type: "$2", clientId: "$3"}
- pattern: kafka.(\w+)<type=(.+), client-id=(.+)><>([a-z-]+)
  name: strimzi_bridge_kafka_$1_$4
  type: GAUGE
  labels: {type: "$2", clientId: "$3"}
`

// bridge converts a KafkaBridge.
func (c *conversion) bridge(spec section) {
	spec.clientOAuth("spec.template.bridgeContainer")
	spec.replicas(1)
	spec.jaeger()
	spec.image()
	if on, _ := spec.m["enableMetrics"].(bool); on && !spec.has("metricsConfig") {
		spec.metricsFrom("enableMetrics", "bridge", bridgeMetrics, "Strimzi, CHANGELOG 0.49.0; BridgeMetricsConversion.java")
	} else {
		spec.drop("enableMetrics", "metricsConfig says it", sourceConverter)
	}
}
