package kafka

import (
	"fmt"
	"slices"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Metrics says how the metrics of a component are exported: Reporter, JMX or
// NoMetrics.
type Metrics interface {
	// export returns what stands in the spec of the owner, and the objects
	// that this needs beside.
	export(p *millrace.Problems, field string, of owner) (*strimziv1.MetricsConfig, []millrace.Object)
}

// Reporter is Strimzi's own metrics reporter, which runs inside of Kafka: no
// agent, no rules, and a list that changes without restarting the brokers.
// Brokers, Connect, MirrorMaker and the bridge have it; Cruise Control doesn't.
//
// Rendered as metricsConfig of type strimziMetricsReporter.
type Reporter struct {
	// AllowList are regular expressions of Java for the names of the metrics
	// that are exported, such as "kafka_server_brokertopicmetrics.*".
	//
	// None means Strimzi's own choice, which its dashboards need. No commas:
	// Strimzi joins the list with them.
	//
	// Rendered as values.allowList.
	AllowList []string
}

// NoMetrics exports no metrics.
//
// Rendered as the absence of metricsConfig.
type NoMetrics struct{}

//nolint:unparam // it needs nothing beside, others do
func (r Reporter) export(p *millrace.Problems, field string, of owner) (*strimziv1.MetricsConfig, []millrace.Object) {
	if of.kind == cruiseControlOwner {
		p.Unsupported(field, "Cruise Control doesn't have Strimzi's reporter", "use kafka.JMX{}")
	}
	made := defaultMetrics()
	if len(r.AllowList) > 0 {
		made.Values = &strimziv1.StrimziMetricsReporterValues{AllowList: slices.Clone(r.AllowList)}
	}
	return made, nil
}

func (NoMetrics) export(*millrace.Problems, string, owner) (*strimziv1.MetricsConfig, []millrace.Object) {
	return nil, nil
}

// defaultMetrics is what a component exports that says nothing itself. The
// reporter needs no rules, and its port is open to no other cost than that of
// the scrapes.
// Source: Strimzi, examples/metrics/strimzi-metrics-reporter.
func defaultMetrics() *strimziv1.MetricsConfig {
	return &strimziv1.MetricsConfig{Type: strimziv1.MetricsConfigTypeStrimziMetricsReporter}
}

// exportMetrics makes what a field says, nil for nothing. A field that is not
// nil and makes nothing turns metrics off; Base may then not have any, which
// hasBase tells of base.
func exportMetrics(p *millrace.Problems, field string, metrics Metrics, base string, hasBase bool, of owner) (*strimziv1.MetricsConfig, []millrace.Object) {
	metrics, ok := held(p, field, metrics)
	if !ok {
		return nil, nil
	}
	made, beside := metrics.export(p, field, of)
	if made == nil && hasBase {
		turnedOff(p, base, field)
	}
	return made, beside
}

// metrics says how the brokers' metrics are exported.
func (c *Cluster) metrics(m *making) {
	made, beside := exportMetrics(m.Problems, "Metrics", c.Metrics, "Base.Kafka.MetricsConfig", c.Base.Kafka.MetricsConfig != nil,
		owner{"Kafka", c.Name, c.Namespace})
	m.fields.Kafka.MetricsConfig = made
	m.beside = append(m.beside, beside...)
	metricsOrigins(m.origins, "spec.kafka.metricsConfig", "Metrics", c.Metrics)
	if c.Metrics == nil {
		m.filled.Kafka.MetricsConfig = defaultMetrics()
	}
}

// withoutMetrics reports metrics of Base that a field turns off.
func withoutMetrics(p *millrace.Problems, field string, metrics Metrics, base *strimziv1.MetricsConfig) {
	plain, _ := held(new(millrace.Problems), field, metrics)
	if _, off := plain.(NoMetrics); off && base != nil {
		p.Conflict("Base.MetricsConfig", "the field "+field+" turns it off", "leave one of the two out")
	}
}

// metricsOrigins records where the metrics of a component are from.
func metricsOrigins(of origins, path, field string, metrics Metrics) {
	if metrics != nil {
		of.add(path+".values.allowList", field+".AllowList")
	}
}

// metricsFaults are what the operator refuses in a component's metrics.
// Source: Strimzi 1.2.0, StrimziMetricsReporterModel and JmxPrometheusExporterModel.
func metricsFaults(path string, metrics *strimziv1.MetricsConfig) (f faults) {
	const rule = "kafka/metrics-config"
	if metrics == nil {
		return nil
	}
	if metrics.Type == strimziv1.MetricsConfigTypeJMXPrometheusExporter {
		if metrics.Values != nil {
			f.add(rule, millrace.RuleConflict, path+".values", "the JMX exporter doesn't look at it", "leave it out, or use the type strimziMetricsReporter")
		}
		if from := metrics.ValueFrom; from != nil && (from.ConfigMapKeyRef == nil || from.ConfigMapKeyRef.Name == "" || from.ConfigMapKeyRef.Key == "") {
			f.add(rule, millrace.RuleRequired, path+".valueFrom.configMapKeyRef", "it names no entry of a ConfigMap", "give name and key")
		}
		return f
	}
	if metrics.ValueFrom != nil {
		f.add(rule, millrace.RuleConflict, path+".valueFrom", "Strimzi's reporter doesn't look at it", "leave it out, or use the type jmxPrometheusExporter")
	}
	if metrics.Values == nil || metrics.Values.AllowList == nil {
		return f
	}
	at := path + ".values.allowList"
	if len(metrics.Values.AllowList) == 0 {
		f.add(rule, millrace.RuleInvalid, at, "the operator refuses an empty list", "leave it out for all that Strimzi chooses, or name a metric")
	}
	for i, pattern := range metrics.Values.AllowList {
		at := fmt.Sprintf("%s[%d]", at, i)
		if why := javaPatternFault(pattern); why != "" {
			f.add(rule, millrace.RuleInvalid, at, fmt.Sprintf("%q: %s", pattern, why), "correct it")
		} else if strings.Contains(pattern, ",") {
			f.add(rule, millrace.RuleInvalid, at, fmt.Sprintf("%q: Strimzi joins the list with commas, and this one would be cut in two", pattern), "write it without a comma")
		}
	}
	return f
}
