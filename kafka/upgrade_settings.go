package kafka

import (
	"math"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	sourceKafka4 = "Apache Kafka, KafkaConfig of 3.7.1 and 3.9.1 against 4.3.1"
	sourceLog4j2 = "Apache Kafka 4.0, KIP-653"
)

// goneSettings are the settings of brokers that Kafka 3.7 or 3.9 had and 4.3
// hasn't, but for ZooKeeper's, which are goneZooKeeper*.
// Source: Apache Kafka, KafkaConfig.configNames of 3.7.1, 3.9.1 and 4.3.1.
var goneSettings = []string{
	"auto.include.jmx.reporter",
	"broker.id.generation.enable",
	"control.plane.listener.name",
	"controlled.shutdown.max.retries",
	"controlled.shutdown.retry.backoff.ms",
	"delegation.token.master.key",
	"eligible.leader.replicas.enable",
	"group.coordinator.new.enable",
	"group.share.enable",
	"group.share.max.groups",
	"inter.broker.protocol.version",
	"leader.imbalance.per.broker.percentage",
	"log.message.downconversion.enable",
	"log.message.format.version",
	"log.message.timestamp.difference.max.ms",
	"metadata.log.segment.min.bytes",
	"offsets.commit.required.acks",
	"password.encoder.cipher.algorithm",
	"password.encoder.iterations",
	"password.encoder.key.length",
	"password.encoder.keyfactory.algorithm",
	"password.encoder.old.secret",
	"password.encoder.secret",
	"reserved.broker.max.id",
	"unstable.metadata.versions.enable",
}

const goneZooKeeperPrefix = "zookeeper."

// brokerConfig removes the settings that have no effect any more, or never had
// one.
func (p part) brokerConfig() {
	config := p.sub("config")
	var listeners []strimziv1.Listener
	for _, l := range p.items("listeners") {
		port, _ := wholeNumber(l.m["port"])
		listeners = append(listeners, strimziv1.Listener{Name: l.text("name"), Port: port})
	}
	config.wholeNumbers()
	for _, key := range config.keys() {
		switch lower := strings.ToLower(key); {
		case lower == "inter.broker.protocol.version":
			config.drop(key, "spec.kafka.metadataVersion takes its place, and without one the cluster gets that of its Kafka once all brokers run it", "Strimzi, KafkaSpecChecker.java; proc-upgrade-kafka-kraft")
		case lower == "log.message.timestamp.difference.max.ms":
			for _, as := range []string{"log.message.timestamp.before.max.ms", "log.message.timestamp.after.max.ms"} {
				if !config.has(as) {
					config.add(as, config.m[key], key+" said it for both", "Apache Kafka 4.0, KIP-937")
				}
			}
			config.drop(key, "Kafka 4 has a setting for each direction", sourceKafka4)
		case slices.Contains(goneSettings, lower):
			config.drop(key, "Kafka 4 has no such setting", sourceKafka4)
		case strings.HasPrefix(lower, goneZooKeeperPrefix):
			config.drop(key, "there is no ZooKeeper", sourceKafka4)
		default:
			if why, _ := brokerKeyFault(key, listeners); why != "" {
				config.drop(key, "it had no effect: "+why, "Strimzi, KafkaClusterSpec.java")
			}
		}
	}
}

// wholeNumbers writes numbers that Helm or a spreadsheet made powers of ten of
// (6.048e+08) as what they are. Kafka refuses the others.
func (p part) wholeNumbers() {
	const why, source = "Kafka takes whole numbers without a power of ten", "strimzi-kafka-operator#11714"
	for _, key := range p.keys() {
		switch v := p.m[key].(type) {
		case float64:
			if n, ok := wholeNumber(v); ok {
				p.rewrite(key, n, why, source)
			}
		case string:
			if !strings.ContainsAny(v, "eE") {
				continue
			}
			f, err := strconv.ParseFloat(v, 64)
			if n, ok := wholeNumber(f); ok && err == nil && !math.IsInf(f, 0) {
				p.rewrite(key, strconv.FormatInt(n, 10), why, source)
			}
		}
	}
}

// log4j2 writes inline loggers of Log4j 1 as Log4j 2, which Kafka 4 has. A
// ConfigMap is somebody else's.
func (p part) log4j2() {
	logging := p.sub("logging")
	if logging.text("type") == "external" {
		p.c.decide(logging.path, UpgradeDecision{Question: "Kafka 4 reads the ConfigMap as Log4j 2", Taken: "it is named as before",
			Options: []string{"write it in the syntax of Log4j 2, if it isn't"}, Source: sourceLog4j2})
		return
	}
	loggers := logging.sub("loggers")
	for _, key := range loggers.keys() {
		level, isText := loggers.m[key].(string)
		level, _, _ = strings.Cut(level, ",")
		level = strings.TrimSpace(level)
		name, named := strings.CutPrefix(key, "log4j.logger.")
		const why = "Kafka 4 has Log4j 2"
		switch {
		case strings.HasPrefix(key, "rootLogger.") || strings.HasPrefix(key, "logger."):
		case isText && (key == "log4j.rootLogger" || strings.HasSuffix(key, ".root.logger.level")):
			loggers.become(key, loggers, "rootLogger.level", level, why, sourceLog4j2)
		case isText && named && name != "":
			id := strings.NewReplacer(".", "_", "$", "_").Replace(name)
			loggers.m["logger."+id+".name"] = name
			loggers.become(key, loggers, "logger."+id+".level", level, why, sourceLog4j2)
		default:
			loggers.drop(key, why, sourceLog4j2)
			p.c.decide(loggers.at(key), UpgradeDecision{Question: "it is of Log4j 1", Taken: "it is left out", Options: []string{"say it in the syntax of Log4j 2"}, Source: sourceLog4j2})
		}
	}
}

// yamlText writes a value as ConfigMaps hold it.
func yamlText(v any) (string, error) {
	out, err := yaml.Append(nil, v)
	return string(out), err
}

func configMap(namespace, name, key, text string) *corev1.ConfigMap {
	return &corev1.ConfigMap{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
		Data:       map[string]string{key: text},
	}
}
