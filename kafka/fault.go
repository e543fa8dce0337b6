package kafka

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// fault is what an operator refuses, drops or ignores in an object, or what
// Kafka itself does. Builders report all of them; for loaded objects each is
// reported by the rule that it names.
type fault struct {
	// rule is the id of the policy's rule, such as "kafka/listener".
	rule string
	// kind is what Build calls it: one of millrace's Rule constants.
	kind string
	// path is the manifest's: "spec.kafka.listeners[0].tls".
	path, detail, fix string
}

// faults are what is wrong with one object.
type faults []fault

func (f *faults) add(rule, kind, path, detail, fix string) {
	*f = append(*f, fault{rule, kind, path, detail, fix})
}

// below returns where to add faults of one rule below one path.
func (f *faults) below(rule, path string) faultsBelow { return faultsBelow{f, rule, path} }

// faultsBelow adds faults of one rule below one path.
type faultsBelow struct {
	faults     *faults
	rule, path string
}

func (f faultsBelow) below(path string) faultsBelow {
	return faultsBelow{f.faults, f.rule, f.path + path}
}

func (f faultsBelow) add(kind, path, detail, fix string) {
	f.faults.add(f.rule, kind, f.path+path, detail, fix)
}

func (f faultsBelow) required(path, fix string) {
	f.add(millrace.RuleRequired, path, "is required", fix)
}

func (f faultsBelow) invalid(path string, value any, why, fix string) {
	if text, ok := value.(string); ok {
		value = strconv.Quote(text)
	}
	f.add(millrace.RuleInvalid, path, fmt.Sprintf("%v: %s", value, why), fix)
}

func (f faultsBelow) conflict(path, detail, fix string) {
	f.add(millrace.RuleConflict, path, detail, fix)
}

// report tells a builder's user, in the words of the builder. One field may
// make several entries of the manifest; what is wrong with it is said once.
// Settings that nobody knows are let through in Base, for those who run a newer
// Kafka.
func (f faults) report(p *millrace.Problems, of origins) {
	type said struct{ rule, kind, field string }
	seen := map[said]bool{}
	for _, one := range f {
		field := of.field(one.path)
		if (one.rule == unknownBrokerConfigRule || one.rule == unknownTopicConfigRule) && strings.HasPrefix(field, "Base.") {
			continue
		}
		if this := (said{one.rule, one.kind, field}); !seen[this] {
			seen[this] = true
			p.Add(one.kind, field, one.detail, one.fix)
		}
	}
}

// faultsOf returns what can be told of one object alone.
func faultsOf(o millrace.Object) faults {
	var f faults
	switch o := o.(type) {
	case *strimziv1.Kafka:
		f = brokerConfigFaults(&o.Spec.Kafka)
		f.cluster(o)
		f.listeners(o)
		f.authorization(&o.Spec.Kafka)
		f.authorities(&o.Spec)
		f.windows(o.Spec.MaintenanceTimeWindows)
		f.quotas(&o.Spec.Kafka)
		f = append(f, metricsFaults("spec.kafka.metricsConfig", o.Spec.Kafka.MetricsConfig)...)
		f = append(f, entityOperatorFaults(o.Spec.EntityOperator)...)
		f = append(f, cruiseControlFaults(&o.Spec)...)
		f = append(f, exporterFaults(o.Spec.KafkaExporter)...)
	case *strimziv1.KafkaNodePool:
		f.pool(o)
	case *kedav1alpha1.ScaledObject:
		return scaledFaults(o)
	case *strimziv1.KafkaConnect:
		return append(connectFaults(o), metricsFaults("spec.metricsConfig", o.Spec.MetricsConfig)...)
	case *strimziv1.KafkaConnector:
		return connectorFaults(o)
	case *strimziv1.KafkaMirrorMaker2:
		return append(mirrorFaults(o), metricsFaults("spec.metricsConfig", o.Spec.MetricsConfig)...)
	case *strimziv1.KafkaBridge:
		return append(bridgeFaults(o), metricsFaults("spec.metricsConfig", o.Spec.MetricsConfig)...)
	case *strimziv1.KafkaUser:
		return userFaults(o)
	case *strimziv1.KafkaRebalance:
		return rebalanceFaults(o)
	}
	return f
}

// faultRule is the check of a rule that reports faults; they are looked for
// once, for all rules.
func faultRule(id string) func(*millrace.Pass) {
	type key struct{ millrace.Object }
	return func(pass *millrace.Pass) {
		found, _ := pass.Once(key{pass.Object}, func() any { return faultsOf(pass.Object) }).(faults)
		found.suggest(pass, id)
	}
}

// suggest reports the faults of one rule.
func (f faults) suggest(pass *millrace.Pass, id string) {
	for _, one := range f {
		if one.rule == id {
			pass.Suggest(one.path, one.detail, one.fix)
		}
	}
}
