package kafka

import (
	"slices"
	"strings"
)

// component is what a configuration of Strimzi's is for.
type component int

const (
	brokerComponent component = iota
	connectComponent
	connectorComponent
	mirrorComponent
	bridgeComponent
	bridgeAdminComponent
	bridgeConsumerComponent
	bridgeProducerComponent
	bridgeTLSComponent
	cruiseControlComponent
	listenerAuthComponent
)

// managed says which settings of a component Strimzi sets itself: those that
// begin so or have that very name, but for the exceptions. It drops them from
// the configuration, and says so in its own log only.
type managed struct {
	prefixes, names, except []string
	// instead is what to do about one.
	instead string
}

const (
	useFields     = "use the field that is for it, or leave it out"
	useConnection = "use the fields for the bootstrap servers, TLS and authentication, or leave it out"
)

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

// managedKeys are the settings that Strimzi manages.
// Source: Strimzi 1.2.0, the api module's FORBIDDEN_PREFIXES,
// FORBIDDEN_PREFIX_EXCEPTIONS, FORBIDDEN_OPTIONS and FORBIDDEN_PARAMETERS of
// KafkaClusterSpec, KafkaConnectSpec, AbstractConnectorSpec,
// KafkaMirrorMaker2ClusterSpec, KafkaBridgeSpec, KafkaBridgeAdminClientSpec,
// KafkaBridgeConsumerSpec, KafkaBridgeProducerSpec, KafkaBridgeHttpTls,
// CruiseControlSpec and KafkaListenerAuthenticationCustom, which the oracle
// holds against it.
var managedKeys = map[component]managed{
	brokerComponent: {
		prefixes: []string{
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
		except: []string{
			"broker.heartbeat.interval.ms", "broker.session.timeout.ms", "controller.quorum.election.backoff.max.ms",
			"controller.quorum.election.timeout.ms", "controller.quorum.fetch.timeout.ms", "controller.socket.timeout.ms",
			"cruise.control.metrics.topic.auto.create.retries", "cruise.control.metrics.topic.auto.create.timeout.ms",
			"cruise.control.metrics.topic.min.insync.replicas", "cruise.control.metrics.topic.num.partitions",
			"cruise.control.metrics.topic.replication.factor", "cruise.control.metrics.topic.retention.ms",
			"sasl.server.max.receive.size", "ssl.cipher.suites", "ssl.enabled.protocols", "ssl.protocol",
			"ssl.secure.random.implementation", "zookeeper.connection.timeout.ms",
		},
		instead: "use the field of the cluster that is for it, or leave it out",
	},
	connectComponent:        {prefixes: append([]string{"prometheus.metrics.reporter."}, workerPrefixes...), except: clientTLS, instead: useFields},
	connectorComponent:      {names: []string{"connector.class", "connector.plugin.version", "name", "tasks.max"}, instead: useFields},
	mirrorComponent:         {prefixes: workerPrefixes, except: clientTLS, instead: useFields},
	bridgeComponent:         {prefixes: []string{"bridge.metrics.", "http.", "kafka."}, names: []string{"bridge.id", "bridge.metrics", "bridge.tracing"}, instead: useFields},
	bridgeAdminComponent:    {prefixes: clientPrefixes, except: clientTLS, instead: useConnection},
	bridgeConsumerComponent: {prefixes: append([]string{"group.id"}, clientPrefixes...), except: clientTLS, instead: useConnection},
	bridgeProducerComponent: {prefixes: clientPrefixes, except: clientTLS, instead: useConnection},
	bridgeTLSComponent:      {prefixes: []string{"ssl."}, except: []string{"ssl.enabled.cipher.suites", "ssl.enabled.protocols"}, instead: useFields},
	cruiseControlComponent: {
		prefixes: []string{
			"bootstrap.servers", "capacity.config.file", "client.id", "failed.brokers.zk.path", "kafka.broker.failure.detection.enable",
			"metric.reporter.sampler.bootstrap.servers", "network.", "request.reason.required", "security.", "self.healing.", "ssl.",
			"topic.config.provider.class", "two.step.", "webserver.accesslog.", "webserver.api.urlprefix", "webserver.http.",
			"webserver.session.path", "zookeeper.",
		},
		except: []string{
			"ssl.cipher.suites", "ssl.enabled.protocols", "ssl.protocol", "webserver.http.cors.enabled", "webserver.http.cors.exposeheaders",
			"webserver.http.cors.origin", "webserver.security.enable", "webserver.ssl.enable",
		},
		instead: useFields,
	},
	listenerAuthComponent: {prefixes: []string{"ssl.keystore."}, instead: "use brokerCertChainAndKey (the field Certificate), or leave it out"},
}

// settablePerListener are settings of one listener of a broker that may be
// set, as listener.name.<name>-<port>.<setting>.
// Source: Strimzi 1.2.0, KafkaClusterSpec.ALLOWED_PER_LISTENER_CONFIGS.
var settablePerListener = []string{"connections.max.reauth.ms", "max.connection.creation.rate", "max.connections"}

// managedKey says why a setting of a component has no effect, and what to do
// instead; empty where Strimzi lets it through. Capitals don't hide a setting,
// but an exception is one as it is written only.
// Source: Strimzi, AbstractConfiguration.filterForbidden.
func managedKey(of component, key string) (why, fix string) {
	m, lower := managedKeys[of], strings.ToLower(key)
	if slices.Contains(m.names, lower) {
		return "Strimzi sets it itself, and drops this one without a word", m.instead
	}
	i := slices.IndexFunc(m.prefixes, func(prefix string) bool { return strings.HasPrefix(lower, prefix) })
	if i < 0 || slices.Contains(m.except, key) {
		return "", ""
	}
	return "Strimzi manages the settings " + m.prefixes[i] + "* itself, and drops this one without a word", m.instead
}
