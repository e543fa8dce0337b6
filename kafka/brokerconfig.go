package kafka

import (
	"fmt"
	"slices"
	"strings"

	"github.com/millrace/millrace/kafka/strimziv1"
)

// managedPrefixes begin the settings of a broker that Strimzi manages itself.
// It drops them from spec.kafka.config, and says so in its own log only.
// Source: Strimzi 1.2.0, KafkaClusterSpec.FORBIDDEN_PREFIXES.
var managedPrefixes = []string{
	"advertised.",
	"authorizer.",
	"broker.",
	"client.quota.callback.static.excluded.principal.name.list",
	"client.quota.callback.static.fetch",
	"client.quota.callback.static.kafka.admin.",
	"client.quota.callback.static.produce",
	"client.quota.callback.static.storage.per.volume.limit.min.available.",
	"controller.",
	"cordoned.log.dirs",
	"cruise.control.metrics.reporter.bootstrap.servers",
	"cruise.control.metrics.topic",
	"host.name",
	"inter.broker.listener.name",
	"listener.",
	"listeners",
	"log.dir",
	"metadata.log.dir",
	"node.id",
	"password.",
	"port",
	"process.roles",
	"prometheus.metrics.reporter.",
	"sasl.",
	"security.",
	"ssl.",
	"super.user",
	"zookeeper.clientcnxnsocket",
	"zookeeper.connect",
	"zookeeper.metadata.migration.enable",
	"zookeeper.set.acl",
	"zookeeper.ssl",
}

// settable are the exceptions.
// Source: Strimzi 1.2.0, KafkaClusterSpec.FORBIDDEN_PREFIX_EXCEPTIONS.
var settable = []string{
	"broker.heartbeat.interval.ms",
	"broker.session.timeout.ms",
	"controller.quorum.election.backoff.max.ms",
	"controller.quorum.election.timeout.ms",
	"controller.quorum.fetch.timeout.ms",
	"controller.socket.timeout.ms",
	"cruise.control.metrics.topic.auto.create.retries",
	"cruise.control.metrics.topic.auto.create.timeout.ms",
	"cruise.control.metrics.topic.min.insync.replicas",
	"cruise.control.metrics.topic.num.partitions",
	"cruise.control.metrics.topic.replication.factor",
	"cruise.control.metrics.topic.retention.ms",
	"sasl.server.max.receive.size",
	"ssl.cipher.suites",
	"ssl.enabled.protocols",
	"ssl.protocol",
	"ssl.secure.random.implementation",
	"zookeeper.connection.timeout.ms",
}

// settablePerListener are settings of one listener that may be set, as
// listener.name.<name>-<port>.<setting>.
var settablePerListener = []string{
	"connections.max.reauth.ms",
	"max.connection.creation.rate",
	"max.connections",
}

// goneBrokerKeys have no meaning in KRaft; what to do instead.
// Source: Strimzi, KafkaSpecChecker.java.
var goneBrokerKeys = map[string]string{
	"inter.broker.protocol.version": "use spec.kafka.metadataVersion (the field MetadataVersion)",
	"log.message.format.version":    "leave it out: Kafka 4 has one format",
}

// brokerKeyFault says what is wrong with the name of a broker's setting, and
// what to do; empty if nothing is.
func brokerKeyFault(key string, listeners []strimziv1.Listener) (why, fix string) {
	lower := strings.ToLower(key)
	if instead, ok := goneBrokerKeys[lower]; ok {
		return "it has no meaning without ZooKeeper", instead
	}
	i := slices.IndexFunc(managedPrefixes, func(prefix string) bool { return strings.HasPrefix(lower, prefix) })
	if i < 0 || slices.Contains(settable, lower) {
		return "", ""
	}
	for _, l := range listeners {
		own := fmt.Sprintf("listener.name.%s-%d.", l.Name, l.Port)
		if rest, ok := strings.CutPrefix(lower, own); ok && slices.Contains(settablePerListener, rest) {
			return "", ""
		}
	}
	return fmt.Sprintf("Strimzi manages the settings %s* itself, and drops this one without a word", managedPrefixes[i]),
		"use the field of the cluster that is for it, or leave it out"
}
