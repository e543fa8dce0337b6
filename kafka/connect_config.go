package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// ruleWorkerConfig is for settings of workers that don't arrive.
const ruleWorkerConfig = "kafka/connect-config"

// managedWorkerPrefixes begin the settings of a worker that Strimzi manages
// itself; the last of them only those of a KafkaConnect.
// Source: Strimzi 1.2.0, KafkaConnectSpec.FORBIDDEN_PREFIXES and
// KafkaMirrorMaker2ClusterSpec.FORBIDDEN_PREFIXES.
var managedWorkerPrefixes = []string{
	"bootstrap.servers",
	"config.storage.topic",
	"consumer.interceptor.classes",
	"group.id",
	"listeners",
	"offset.storage.topic",
	"plugin.path",
	"producer.interceptor.classes",
	"rest.",
	"sasl.",
	"security.",
	"ssl.",
	"status.storage.topic",
	"prometheus.metrics.reporter.",
}

// settableWorkerKeys are the exceptions.
// Source: Strimzi 1.2.0, KafkaConnectSpec.FORBIDDEN_PREFIX_EXCEPTIONS.
var settableWorkerKeys = []string{
	"ssl.cipher.suites",
	"ssl.enabled.protocols",
	"ssl.endpoint.identification.algorithm",
	"ssl.protocol",
}

// workerFields are what to use in the place of a setting.
var workerFields = map[string]string{
	"bootstrap.servers":    "spec.bootstrapServers",
	"config.storage.topic": "configStorageTopic",
	"group.id":             "groupId",
	"offset.storage.topic": "offsetStorageTopic",
	"plugin.path":          "spec.build or spec.plugins",
	"sasl.":                "authentication",
	"security.":            "tls and authentication",
	"ssl.":                 "tls and authentication",
	"status.storage.topic": "statusStorageTopic",
}

// workerConfigFaults reports settings of workers that the operator drops, or
// that it can't write.
func workerConfigFaults(f *faults, path string, config strimziv1.JSONMap, prefixes []string) {
	for _, key := range slices.Sorted(maps.Keys(config)) {
		lower := strings.ToLower(key)
		managed := slices.IndexFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(lower, prefix) })
		if managed >= 0 && !slices.Contains(settableWorkerKeys, lower) {
			fix := "leave it out"
			if instead, ok := workerFields[prefixes[managed]]; ok {
				fix = "use " + instead
			}
			f.add(ruleWorkerConfig, millrace.RuleUnsupported, at(path, key),
				fmt.Sprintf("Strimzi manages the settings %s* itself, and drops this one without a word", prefixes[managed]), fix)
		}
		textFault(f, ruleWorkerConfig, at(path, key), config[key])
	}
	providerFaults(f, path, config)
}

// textFault reports a value that operators can't write as a setting.
func textFault(f *faults, rule, path string, value any) {
	if _, ok := configText(value); !ok {
		f.add(rule, millrace.RuleInvalid, path, fmt.Sprintf("%v: it is neither a string, a number, a boolean nor a list", value), "write the value as one string")
	}
}

// providerFaults reports providers of values that Connect can't start.
// Source: Apache Kafka, WorkerConfigTransformer; AbstractConfig.
func providerFaults(f *faults, path string, config strimziv1.JSONMap) {
	for _, name := range providersOf(config) {
		class := keyProviders + "." + name + ".class"
		if text, _ := configText(config[class]); text == "" {
			f.add(ruleWorkerConfig, millrace.RuleRequired, at(path, keyProviders), fmt.Sprintf("the provider %s has no class, and workers don't start", name), "set "+class)
		}
	}
}

// providersOf returns the names of the config providers that workers have.
func providersOf(config strimziv1.JSONMap) []string {
	list, _ := configText(config[keyProviders])
	var out []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			out = append(out, name)
		}
	}
	return out
}
