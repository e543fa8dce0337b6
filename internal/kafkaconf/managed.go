package kafkaconf

import (
	"slices"
	"strings"
)

// Component is what a configuration of Strimzi's is for, by the class of the
// api module that says which of its settings are managed.
type Component string

// The components.
const (
	BrokerConfig        Component = "kafka.KafkaClusterSpec"
	ConnectConfig       Component = "connect.KafkaConnectSpec"
	ConnectorConfig     Component = "connector.AbstractConnectorSpec"
	MirrorConfig        Component = "mirrormaker2.KafkaMirrorMaker2ClusterSpec"
	BridgeConfig        Component = "bridge.KafkaBridgeSpec"
	BridgeAdmin         Component = "bridge.KafkaBridgeAdminClientSpec"
	BridgeConsumer      Component = "bridge.KafkaBridgeConsumerSpec"
	BridgeProducer      Component = "bridge.KafkaBridgeProducerSpec"
	BridgeTLS           Component = "bridge.KafkaBridgeHttpTls"
	CruiseControlConfig Component = "kafka.cruisecontrol.CruiseControlSpec"
	ListenerAuth        Component = "kafka.listener.KafkaListenerAuthenticationCustom"
)

// Managed says which settings of a component Strimzi sets itself: those that
// begin so or have that very name, but for the exceptions.
type Managed struct {
	Prefixes, Names, Except []string
}

// clientTLS are the settings of TLS that clients of Kafka may have.
var clientTLS = []string{"ssl.cipher.suites", "ssl.enabled.protocols", "ssl.endpoint.identification.algorithm", "ssl.protocol"}

// workerPrefixes begin the settings of Connect workers that are managed, those
// of MirrorMaker among them.
var workerPrefixes = []string{
	"bootstrap.servers", "config.storage.topic", "consumer.interceptor.classes", "group.id", "listeners", "offset.storage.topic",
	"plugin.path", "producer.interceptor.classes", "rest.", "sasl.", "security.", "ssl.", "status.storage.topic",
}

// clientPrefixes begin the settings of the Bridge's clients that are managed.
var clientPrefixes = []string{"bootstrap.servers", "sasl.", "security.", "ssl."}

// managed are the settings that Strimzi manages.
// Source: Strimzi 1.2.0, the api module's FORBIDDEN_PREFIXES,
// FORBIDDEN_PREFIX_EXCEPTIONS, FORBIDDEN_OPTIONS and FORBIDDEN_PARAMETERS of
// KafkaClusterSpec, KafkaConnectSpec, AbstractConnectorSpec,
// KafkaMirrorMaker2ClusterSpec, KafkaBridgeSpec, KafkaBridgeAdminClientSpec,
// KafkaBridgeConsumerSpec, KafkaBridgeProducerSpec, KafkaBridgeHttpTls,
// CruiseControlSpec and KafkaListenerAuthenticationCustom, which the oracle
// holds against it.
var managed = map[Component]Managed{
	BrokerConfig: {
		Prefixes: []string{
			"advertised.", "authorizer.", "broker.",
			"client.quota.callback.static.excluded.principal.name.list", "client.quota.callback.static.fetch",
			"client.quota.callback.static.kafka.admin.", "client.quota.callback.static.produce",
			"client.quota.callback.static.storage.per.volume.limit.min.available.",
			"controller.", "cordoned.log.dirs", "cruise.control.metrics.reporter.bootstrap.servers", "cruise.control.metrics.topic",
			"host.name", "inter.broker.listener.name", "listener.", "listeners", "log.dir", "metadata.log.dir", "node.id", "password.",
			"port", "process.roles", "prometheus.metrics.reporter.", "sasl.", "security.", "ssl.", "super.user",
			// The capitals are Strimzi's: as it compares with small letters,
			// nothing ever begins so.
			"zookeeper.clientCnxnSocket",
			"zookeeper.connect", "zookeeper.metadata.migration.enable", "zookeeper.set.acl", "zookeeper.ssl",
		},
		Except: []string{
			"broker.heartbeat.interval.ms", "broker.session.timeout.ms", "controller.quorum.election.backoff.max.ms",
			"controller.quorum.election.timeout.ms", "controller.quorum.fetch.timeout.ms", "controller.socket.timeout.ms",
			"cruise.control.metrics.topic.auto.create.retries", "cruise.control.metrics.topic.auto.create.timeout.ms",
			"cruise.control.metrics.topic.min.insync.replicas", "cruise.control.metrics.topic.num.partitions",
			"cruise.control.metrics.topic.replication.factor", "cruise.control.metrics.topic.retention.ms",
			"sasl.server.max.receive.size", "ssl.cipher.suites", "ssl.enabled.protocols", "ssl.protocol",
			"ssl.secure.random.implementation", "zookeeper.connection.timeout.ms",
		},
	},
	ConnectConfig:   {Prefixes: append([]string{"prometheus.metrics.reporter."}, workerPrefixes...), Except: clientTLS},
	ConnectorConfig: {Names: []string{"connector.class", "connector.plugin.version", "name", "tasks.max"}},
	MirrorConfig:    {Prefixes: workerPrefixes, Except: clientTLS},
	BridgeConfig:    {Prefixes: []string{"bridge.metrics.", "http.", "kafka."}, Names: []string{"bridge.id", "bridge.metrics", "bridge.tracing"}},
	BridgeAdmin:     {Prefixes: clientPrefixes, Except: clientTLS},
	BridgeConsumer:  {Prefixes: append([]string{"group.id"}, clientPrefixes...), Except: clientTLS},
	BridgeProducer:  {Prefixes: clientPrefixes, Except: clientTLS},
	BridgeTLS:       {Prefixes: []string{"ssl."}, Except: []string{"ssl.enabled.cipher.suites", "ssl.enabled.protocols"}},
	CruiseControlConfig: {
		Prefixes: []string{
			"bootstrap.servers", "capacity.config.file", "client.id", "failed.brokers.zk.path", "kafka.broker.failure.detection.enable",
			"metric.reporter.sampler.bootstrap.servers", "network.", "request.reason.required", "security.", "self.healing.", "ssl.",
			"topic.config.provider.class", "two.step.", "webserver.accesslog.", "webserver.api.urlprefix", "webserver.http.",
			"webserver.session.path", "zookeeper.",
		},
		Except: []string{
			"ssl.cipher.suites", "ssl.enabled.protocols", "ssl.protocol", "webserver.http.cors.enabled", "webserver.http.cors.exposeheaders",
			"webserver.http.cors.origin", "webserver.security.enable", "webserver.ssl.enable",
		},
	},
	ListenerAuth: {Prefixes: []string{"ssl.keystore."}},
}

// perListener are settings of one listener of a broker that may be set, as
// listener.name.<name>-<port>.<setting>.
// Source: Strimzi 1.2.0, KafkaClusterSpec.ALLOWED_PER_LISTENER_CONFIGS.
var perListener = []string{"connections.max.reauth.ms", "max.connection.creation.rate", "max.connections"}

// PerListener returns the settings of one listener of a broker that may be
// set, as listener.name.<name>-<port>.<setting>.
func PerListener() []string { return slices.Clone(perListener) }

// Managed returns which settings of a component Strimzi sets itself.
func (c Component) Managed() Managed {
	m := managed[c]
	return Managed{slices.Clone(m.Prefixes), slices.Clone(m.Names), slices.Clone(m.Except)}
}

// Drops reports whether Strimzi drops a setting of a component, and the prefix
// for which it does, or the whole name. Capitals don't hide a setting, but an
// exception is one as it is written only.
// Source: Strimzi, AbstractConfiguration.filterForbidden.
func (c Component) Drops(key string) (prefix string, drops bool) {
	m, lower := managed[c], strings.ToLower(key)
	if slices.Contains(m.Names, lower) {
		return key, true
	}
	i := slices.IndexFunc(m.Prefixes, func(prefix string) bool { return strings.HasPrefix(lower, prefix) })
	if i < 0 || slices.Contains(m.Except, key) {
		return "", false
	}
	return m.Prefixes[i], true
}
