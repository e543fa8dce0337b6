package kafkaconf

// gone is a key that Kafka had once.
type gone struct{ since, instead string }

// What to do about settings that are gone.
const (
	zookeeper = "leave it out: there is no ZooKeeper since Kafka 4.0"
	oneFormat = "leave it out: Kafka 4 has one format"
	passwords = "leave it out: it was for passwords in ZooKeeper"
	shutdown  = "leave it out: controllers shut brokers down in an orderly way"
	nodeIDs   = "leave it out: a node's id is its node.id"
)

// removed are the settings of Kafka 3 that Kafka 4 has no more, in so far as
// 3.7 had them (3.9 for topics).
//
// Source: Apache Kafka, getting-started/upgrade.md (4.0.0) and zk2kraft.md;
// KIP-724 for the formats of records, KIP-848 and KIP-932 for the features of
// groups, KIP-966 for eligible leaders.
var removed = map[Scope]map[string]gone{
	Topic: {
		"message.downconversion.enable":       {"4.0", "leave it out: Kafka 4 converts nothing for old clients"},
		"message.format.version":              {"4.0", oneFormat},
		"message.timestamp.difference.max.ms": {"4.0", "use message.timestamp.before.max.ms and message.timestamp.after.max.ms"},
	},
	Broker: {
		"auto.include.jmx.reporter":                       {"4.0", "leave it out: the JMX reporter is in metric.reporters by default"},
		"broker.id.generation.enable":                     {"4.0", nodeIDs},
		"control.plane.listener.name":                     {"4.0", "leave it out: controllers have listeners of their own"},
		"controlled.shutdown.max.retries":                 {"4.0", shutdown},
		"controlled.shutdown.retry.backoff.ms":            {"4.0", shutdown},
		"delegation.token.master.key":                     {"4.0", "use delegation.token.secret.key"},
		"eligible.leader.replicas.enable":                 {"4.0", "leave it out: it is the feature eligible.leader.replicas.version"},
		"group.coordinator.new.enable":                    {"4.1", "leave it out: it is the feature group.version, and on"},
		"group.share.enable":                              {"4.3", "leave it out: it is the feature share.version"},
		"inter.broker.protocol.version":                   {"4.0", "use spec.kafka.metadataVersion (the field MetadataVersion)"},
		"leader.imbalance.per.broker.percentage":          {"4.0", "leave it out: auto.leader.rebalance.enable alone decides"},
		"log.message.downconversion.enable":               {"4.0", "leave it out: Kafka 4 converts nothing for old clients"},
		"log.message.format.version":                      {"4.0", oneFormat},
		"log.message.timestamp.difference.max.ms":         {"4.0", "use log.message.timestamp.before.max.ms and log.message.timestamp.after.max.ms"},
		"metadata.log.segment.min.bytes":                  {"4.1", "leave it out: it was for Kafka's own tests"},
		"offsets.commit.required.acks":                    {"4.0", "leave it out: commits wait for all replicas in sync"},
		"password.encoder.cipher.algorithm":               {"4.0", passwords},
		"password.encoder.iterations":                     {"4.0", passwords},
		"password.encoder.key.length":                     {"4.0", passwords},
		"password.encoder.keyfactory.algorithm":           {"4.0", passwords},
		"password.encoder.old.secret":                     {"4.0", passwords},
		"password.encoder.secret":                         {"4.0", passwords},
		"reserved.broker.max.id":                          {"4.0", nodeIDs},
		"unstable.metadata.versions.enable":               {"4.0", "leave it out: it was for Kafka's own tests"},
		"zookeeper.clientCnxnSocket":                      {"4.0", zookeeper},
		"zookeeper.connect":                               {"4.0", zookeeper},
		"zookeeper.connection.timeout.ms":                 {"4.0", zookeeper},
		"zookeeper.max.in.flight.requests":                {"4.0", zookeeper},
		"zookeeper.metadata.migration.enable":             {"4.0", zookeeper},
		"zookeeper.metadata.migration.min.batch.size":     {"4.0", zookeeper},
		"zookeeper.session.timeout.ms":                    {"4.0", zookeeper},
		"zookeeper.set.acl":                               {"4.0", zookeeper},
		"zookeeper.ssl.cipher.suites":                     {"4.0", zookeeper},
		"zookeeper.ssl.client.enable":                     {"4.0", zookeeper},
		"zookeeper.ssl.crl.enable":                        {"4.0", zookeeper},
		"zookeeper.ssl.enabled.protocols":                 {"4.0", zookeeper},
		"zookeeper.ssl.endpoint.identification.algorithm": {"4.0", zookeeper},
		"zookeeper.ssl.keystore.location":                 {"4.0", zookeeper},
		"zookeeper.ssl.keystore.password":                 {"4.0", zookeeper},
		"zookeeper.ssl.keystore.type":                     {"4.0", zookeeper},
		"zookeeper.ssl.ocsp.enable":                       {"4.0", zookeeper},
		"zookeeper.ssl.protocol":                          {"4.0", zookeeper},
		"zookeeper.ssl.truststore.location":               {"4.0", zookeeper},
		"zookeeper.ssl.truststore.password":               {"4.0", zookeeper},
		"zookeeper.ssl.truststore.type":                   {"4.0", zookeeper},
	},
	MirrorSource: {
		"add.source.alias.to.metrics":   {"4.0", "leave it out: the alias is always there"},
		"config.properties.blacklist":   {"4.0", "use config.properties.exclude"},
		"topics.blacklist":              {"4.0", "use topics.exclude"},
		"use.incremental.alter.configs": {"4.0", "leave it out: it is always so"},
	},
	MirrorCheckpoint: {
		"groups.blacklist": {"4.0", "use groups.exclude"},
	},
}
