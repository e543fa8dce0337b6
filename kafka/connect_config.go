package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/kafkaconf"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// ruleWorkerConfig is for settings of workers that don't arrive, or that Kafka
// refuses.
const ruleWorkerConfig = "kafka/connect-config"

// confScope is where settings that begin so belong to. An empty scope is one
// that anything may be of.
type confScope struct {
	prefix string
	scope  kafkaconf.Scope
}

// workerScopes are those of a worker's settings.
// Source: Apache Kafka, WorkerConfig and DistributedConfig.
var workerScopes = []confScope{
	{"producer.", kafkaconf.Producer}, {"consumer.", kafkaconf.Consumer}, {"admin.", kafkaconf.Admin},
	{"config.storage.", kafkaconf.Topic}, {"offset.storage.", kafkaconf.Topic}, {"status.storage.", kafkaconf.Topic},
	{"key.converter.", ""}, {"value.converter.", ""}, {"header.converter.", ""}, {"config.providers.", ""}, {"metrics.context.", ""},
}

// configFaults reports settings of a component that the operator drops, and
// those that Kafka refuses. A name that Kafka doesn't know is one of a plugin,
// unless it is close to one that it knows.
type configFaults struct {
	*faults
	rule   string
	of     component
	scopes []kafkaconf.Scope
	inside []confScope
	// open says that names may be anything.
	open bool
}

// checkKnown is check for settings of which only some are Kafka's: what it
// doesn't know is right.
func (f configFaults) checkKnown(path string, config strimziv1.JSONMap) {
	f.open = true
	f.check(path, config)
}

func (f configFaults) check(path string, config strimziv1.JSONMap) {
	for _, key := range slices.Sorted(maps.Keys(config)) {
		where := at(path, key)
		if why, fix := managedKey(f.of, key); why != "" {
			f.add(f.rule, millrace.RuleUnsupported, where, why, fix)
			continue
		}
		text, ok := configText(config[key])
		if !ok {
			f.add(f.rule, millrace.RuleInvalid, where, fmt.Sprintf("%v: it is neither a string, a number, a boolean nor a list", config[key]), "write the value as one string")
			continue
		}
		if !strings.Contains(text, "${") && !isFilledIn(text) {
			f.checkValue(where, key, config[key])
		}
	}
}

func (f configFaults) checkValue(where, key string, value any) {
	scopes := f.scopes
	for _, scope := range scopes {
		if s, ok := kafkaconf.LookupIn("", scope, key); ok {
			f.report(where, s, value)
			return
		}
	}
	for _, in := range f.inside {
		rest, ok := strings.CutPrefix(key, in.prefix)
		if !ok {
			continue
		}
		if in.scope == "" {
			return
		}
		key, scopes = rest, []kafkaconf.Scope{in.scope}
		if s, ok := kafkaconf.LookupIn("", in.scope, rest); ok {
			f.report(where, s, value)
			return
		}
		break
	}
	if f.open {
		return
	}
	for _, scope := range scopes {
		if name, ok := kafkaconf.Suggest(scope, key); ok {
			f.add(f.rule, millrace.RuleUnknown, where, "Kafka has no such setting here", "did you mean "+strings.TrimSuffix(where[strings.Index(where, "[")+1:], key+"]")+name+"?")
			return
		}
	}
}

func (f configFaults) report(where string, s kafkaconf.Setting, value any) {
	if fault, bad := s.Check(value); bad {
		f.add(f.rule, millrace.RuleInvalid, where, fault.Detail, fault.Fix)
	}
}

// workerConfigFaults reports what is wrong with the settings of workers.
func workerConfigFaults(f *faults, path string, config strimziv1.JSONMap, of component) {
	configFaults{f, ruleWorkerConfig, of, []kafkaconf.Scope{kafkaconf.ConnectWorker}, workerScopes, false}.check(path, config)
	providerFaults(f, path, config)
}

// providerFaults reports providers of values that Connect can't start.
// Source: Apache Kafka, AbstractConfig.instantiateConfigProviders.
func providerFaults(f *faults, path string, config strimziv1.JSONMap) {
	var missing []string
	for _, name := range providersOf(config) {
		class := keyProviders + "." + name + ".class"
		if text, _ := configText(config[class]); text == "" {
			missing = append(missing, class)
		}
	}
	if len(missing) > 0 {
		f.add(ruleWorkerConfig, millrace.RuleRequired, at(path, keyProviders), "a provider has no class, and workers don't start", "set "+strings.Join(missing, ", "))
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
