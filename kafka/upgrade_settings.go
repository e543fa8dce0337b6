package kafka

import (
	"math"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/internal/kafkaconf"
	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	sourceKafka4 = "Apache Kafka, upgrade notes of 4.0 to 4.3"
	sourceLog4j2 = "Apache Kafka 4.0, KIP-653"
)

// renamedSettings have another name in Kafka 4, and the same meaning.
// Source: Apache Kafka, KIP-681 and upgrade notes of 4.0.
var renamedSettings = map[string]string{
	"config.properties.blacklist": "config.properties.exclude",
	"delegation.token.master.key": "delegation.token.secret.key",
	"groups.blacklist":            "groups.exclude",
	"topics.blacklist":            "topics.exclude",
}

// settings converts a configuration to Kafka 4: that of version, or of the
// newest without one.
func (p section) settings(scope kafkaconf.Scope, version string) {
	p.wholeNumbers()
	for _, key := range p.keys() {
		fault, wrong := kafkaconf.CheckKey(scope, key)
		if _, known := kafkaconf.LookupIn(version, scope, key); known || !wrong || fault.Kind != kafkaconf.Removed {
			continue
		}
		if as, renamed := renamedSettings[key]; renamed {
			p.move(key, p, as, "that is its name since Kafka 4.0", sourceKafka4)
			continue
		}
		if before, ok := strings.CutSuffix(key, "message.timestamp.difference.max.ms"); ok {
			for _, way := range []string{"before", "after"} {
				if as := before + "message.timestamp." + way + ".max.ms"; !p.has(as) {
					p.add(as, p.m[key], key+" said it for both", "Apache Kafka 4.0, KIP-937")
				}
			}
		}
		p.drop(key, fault.Detail+"; "+fault.Fix, sourceKafka4)
	}
}

// brokerConfig removes the settings that have no effect any more, or never had
// one.
func (p section) brokerConfig() {
	config := p.sub("config")
	config.settings(kafkaconf.Broker, p.text("version"))
	var listeners []strimziv1.Listener
	for _, l := range p.items("listeners") {
		port, _ := wholeNumber(l.m["port"])
		listeners = append(listeners, strimziv1.Listener{Name: l.text("name"), Port: port})
	}
	for _, key := range config.keys() {
		if why, _ := brokerKeyFault(key, listeners); why != "" {
			config.drop(key, "it had no effect: "+why, "Strimzi, KafkaClusterSpec.java")
		}
	}
}

// wholeNumbers writes numbers that Helm or a spreadsheet made powers of ten of
// (6.048e+08) as what they are. Kafka refuses the others.
func (p section) wholeNumbers() {
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
func (p section) log4j2() {
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
