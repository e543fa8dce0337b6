package kafka

import (
	"fmt"
	"strings"
)

// defaultJMXRules give the metrics of a component by the names that Strimzi's
// dashboards know them by.
// Source: Strimzi 1.2.0, examples/metrics.
func defaultJMXRules(kind string) []JMXRule {
	switch kind {
	case "Kafka":
		return append(nodeJMXRules(), raftRules()...)
	case cruiseControlOwner:
		return []JMXRule{{Pattern: `kafka\.cruisecontrol<name=(.+)><>(\w+)`, Name: "kafka_cruisecontrol_$1_$2", Type: Gauge}}
	case "KafkaBridge":
		return bridgeJMXRules()
	}
	return append(clientRules(), workerRules()...)
}

// labelled returns the end of a pattern that fits so many more properties of a
// bean, and the labels that they become; group is the number of the next one.
func labelled(properties, group int) (pattern string, labels map[string]string) {
	for i := range properties {
		if labels == nil {
			labels = map[string]string{}
		}
		labels[fmt.Sprintf("$%d", group+2*i)] = fmt.Sprintf("$%d", group+2*i+1)
	}
	return strings.Repeat(`, ([^,=]+)=(.+)`, properties), labels
}

// nodeJMXRules are for brokers and controllers: Yammer's meters, gauges and
// histograms with up to two properties more than type and name. Those with
// most come first, since a value may contain what looks like another property.
func nodeJMXRules() []JMXRule {
	const bean, named = `kafka\.(\w+)<type=([^,]+), name=([^,]+)`, "kafka_$1_$2_$3"
	rules := []JMXRule{
		{Pattern: `kafka\.server<type=(.+), name=(.+), clientId=(.+), topic=(.+), partition=(.*)><>Value`, Name: "kafka_server_$1_$2", Type: Gauge,
			Labels: map[string]string{"clientId": "$3", "topic": "$4", "partition": "$5"}},
		{Pattern: `kafka\.server<type=(.+), name=(.+), clientId=(.+), brokerHost=(.+), brokerPort=(.+)><>Value`, Name: "kafka_server_$1_$2", Type: Gauge,
			Labels: map[string]string{"clientId": "$3", "broker": "$4:$5"}},
		{Pattern: `kafka\.server<type=(.+), cipher=(.+), protocol=(.+), listener=(.+), networkProcessor=(.+)><>connections`, Name: "kafka_server_$1_connections_tls_info", Type: Gauge,
			Labels: map[string]string{"cipher": "$2", "protocol": "$3", "listener": "$4", "networkProcessor": "$5"}},
		{Pattern: `kafka\.server<type=(.+), clientSoftwareName=(.+), clientSoftwareVersion=(.+), listener=(.+), networkProcessor=(.+)><>connections`, Name: "kafka_server_$1_connections_software", Type: Gauge,
			Labels: map[string]string{"clientSoftwareName": "$2", "clientSoftwareVersion": "$3", "listener": "$4", "networkProcessor": "$5"}},
		{Pattern: `kafka\.server<type=socket-server-metrics, listener=(.+), networkProcessor=(.+)><>connection-count`, Name: "kafka_server_socket_server_metrics_connection_count", Type: Gauge,
			Labels: map[string]string{"listener": "$1", "networkProcessor": "$2"}},
		{Pattern: bean + `Percent\w*><>MeanRate`, Name: named + "_percent", Type: Gauge},
	}
	add := func(properties int, shape, value, name string, kind MetricType, quantile bool) {
		more, labels := labelled(properties, 4)
		if quantile {
			if labels == nil {
				labels = map[string]string{}
			}
			labels["quantile"] = fmt.Sprintf("0.$%d", 4+2*properties)
		}
		rules = append(rules, JMXRule{Pattern: bean + shape + more + `><>` + value, Name: name, Type: kind, Labels: labels})
	}
	for _, n := range [...]int{1, 0} {
		add(n, `Percent\w*`, "Value", named+"_percent", Gauge, false)
	}
	for _, n := range [...]int{2, 1, 0} {
		add(n, `PerSec\w*`, "Count", named+"_total", Counter, false)
	}
	for _, n := range [...]int{2, 1, 0} {
		add(n, "", "Value", named, Gauge, false)
	}
	for _, n := range [...]int{2, 1, 0} {
		add(n, "", "Count", named+"_count", Counter, false)
		add(n, "", `(\d+)thPercentile`, named, Gauge, true)
	}
	return rules
}

// raftRules are for what KRaft says of itself.
func raftRules() []JMXRule {
	return []JMXRule{
		{Pattern: `kafka\.server<type=raft-metrics><>(.+-total|.+-max):`, Name: "kafka_server_raftmetrics_$1", Type: Counter},
		{Pattern: `kafka\.server<type=raft-metrics><>(current-state): (.+)`, Name: "kafka_server_raftmetrics_$1", Type: Untyped, Value: "1", Labels: map[string]string{"$1": "$2"}},
		{Pattern: `kafka\.server<type=raft-metrics><>(.+):`, Name: "kafka_server_raftmetrics_$1", Type: Gauge},
		{Pattern: `kafka\.server<type=raft-channel-metrics><>(.+-total|.+-max):`, Name: "kafka_server_raftchannelmetrics_$1", Type: Counter},
		{Pattern: `kafka\.server<type=raft-channel-metrics><>(.+):`, Name: "kafka_server_raftchannelmetrics_$1", Type: Gauge},
		{Pattern: `kafka\.server<type=broker-metadata-metrics><>(.+):`, Name: "kafka_server_brokermetadatametrics_$1", Type: Gauge},
	}
}

// clientRules are for the clients that a worker of Connect has.
func clientRules() []JMXRule {
	client := func(labels map[string]string) map[string]string {
		labels["clientId"] = "$1"
		return labels
	}
	topic := client(map[string]string{"topic": "$2"})
	partition := client(map[string]string{"topic": "$2", "partition": "$3"})
	const fetched = `kafka\.consumer<type=consumer-fetch-manager-metrics, client-id=(.+), topic=(.+), partition=(.+)><>`
	const produced = `kafka\.producer<type=producer-topic-metrics, client-id=(.+), topic=(.+)><>`
	node := map[string]string{"clientId": "$3", "nodeId": "$4"}
	of := map[string]string{"clientId": "$3"}
	return []JMXRule{
		{Pattern: `kafka\.(.+)<type=app-info, client-id=(.+)><>start-time-ms`, Name: "kafka_$1_start_time_seconds", Type: Gauge, Factor: 0.001, Labels: map[string]string{"clientId": "$2"}},
		{Pattern: `kafka\.(.+)<type=app-info, client-id=(.+)><>(commit-id|version): (.+)`, Name: "kafka_$1_$3_info", Type: Untyped, Value: "1", Labels: map[string]string{"clientId": "$2", "$3": "$4"}},
		{Pattern: fetched + `(.+-total)`, Name: "kafka_consumer_fetch_manager_$4", Type: Counter, Labels: partition},
		{Pattern: fetched + `(compression-rate|.+-avg|.+-replica|.+-lag|.+-lead)`, Name: "kafka_consumer_fetch_manager_$4", Type: Gauge, Labels: partition},
		{Pattern: produced + `(.+-total)`, Name: "kafka_producer_topic_$3", Type: Counter, Labels: topic},
		{Pattern: produced + `(compression-rate|.+-avg|.+rate)`, Name: "kafka_producer_topic_$3", Type: Gauge, Labels: topic},
		{Pattern: `kafka\.(.+)<type=(.+)-metrics, client-id=(.+), node-id=(.+)><>(.+-total)`, Name: "kafka_$2_$5", Type: Counter, Labels: node},
		{Pattern: `kafka\.(.+)<type=(.+)-metrics, client-id=(.+), node-id=(.+)><>(.+-avg|.+-rate)`, Name: "kafka_$2_$5", Type: Gauge, Labels: node},
		{Pattern: `kafka\.(.+)<type=(.+)-metrics, client-id=([^,]*)><>(.+-total)`, Name: "kafka_$2_$4", Type: Counter, Labels: of},
		{Pattern: `kafka\.(.+)<type=(.+)-metrics, client-id=([^,]*)><>(.+-(?:avg|bytes|count|ratio|rate|age|flight|threads|connectors|tasks|ago))`, Name: "kafka_$2_$4", Type: Gauge, Labels: of},
	}
}

// workerRules are for the workers of Connect, their connectors and tasks.
func workerRules() []JMXRule {
	task := map[string]string{"connector": "$2", "task": "$3"}
	const tasks = `kafka\.connect<type=(.+)-metrics, connector=(.+), task=(.+)><>`
	const worker, rebalance = `kafka\.connect<type=connect-worker-metrics><>`, `kafka\.connect<type=connect-worker-rebalance-metrics><>`
	return []JMXRule{
		{Pattern: `kafka\.connect<type=connector-metrics, connector=(.+)><>(connector-class|connector-type|connector-version|status): (.+)`, Name: "kafka_connect_connector_$2", Type: Gauge, Value: "1",
			Labels: map[string]string{"connector": "$1", "$2": "$3"}},
		{Pattern: `kafka\.connect<type=connector-task-metrics, connector=(.+), task=(.+)><>status: ([a-z-]+)`, Name: "kafka_connect_connector_task_status", Type: Gauge, Value: "1",
			Labels: map[string]string{"connector": "$1", "task": "$2", "status": "$3"}},
		{Pattern: tasks + `(.+-total)`, Name: "kafka_connect_$1_$4", Type: Counter, Labels: task},
		{Pattern: tasks + `(.+-(?:count|ms|ratio|seq-no|rate|max|avg|failures|requests|timestamp|logged|errors|retries|skipped))`, Name: "kafka_connect_$1_$4", Type: Gauge, Labels: task},
		{Pattern: `kafka\.connect<type=connect-worker-metrics, connector=(.+)><>([a-z-]+)`, Name: "kafka_connect_worker_$2", Type: Gauge, Labels: map[string]string{"connector": "$1"}},
		{Pattern: worker + `([a-z-]+-total)`, Name: "kafka_connect_worker_$1", Type: Counter},
		{Pattern: worker + `([a-z-]+)`, Name: "kafka_connect_worker_$1", Type: Gauge},
		{Pattern: rebalance + `(leader-name|connect-protocol): (.+)`, Name: "kafka_connect_worker_rebalance_$1", Type: Untyped, Value: "1", Labels: map[string]string{"$1": "$2"}},
		{Pattern: rebalance + `([a-z-]+-total)`, Name: "kafka_connect_worker_rebalance_$1", Type: Counter},
		{Pattern: rebalance + `([a-z-]+)`, Name: "kafka_connect_worker_rebalance_$1", Type: Gauge},
		{Pattern: `kafka\.connect<type=connect-coordinator-metrics><>(assigned-connectors|assigned-tasks)`, Name: "kafka_connect_coordinator_$1", Type: Gauge},
	}
}

// bridgeJMXRules are for the clients that the bridge has; what it says of HTTP
// comes without rules.
func bridgeJMXRules() []JMXRule {
	return []JMXRule{
		{Pattern: `kafka\.(producer|consumer)<type=(.+), client-id=(.+), topic=(.+)><>([a-z-]+)`, Name: "strimzi_bridge_kafka_$1_$5", Type: Gauge,
			Labels: map[string]string{"type": "$2", "clientId": "$3", "topic": "$4"}},
		{Pattern: `kafka\.(\w+)<type=(.+), client-id=(.+)><>([a-z-]+)`, Name: "strimzi_bridge_kafka_$1_$4", Type: Gauge,
			Labels: map[string]string{"type": "$2", "clientId": "$3"}},
	}
}
