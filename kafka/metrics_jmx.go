package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/yaml"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// JMX is Prometheus' JMX exporter, an agent in the component's JVM that turns
// what JMX has into metrics by rules.
//
// Zero makes a ConfigMap with rules for the component, which give the metrics
// that Strimzi's Grafana dashboards for JMX show. It is named
// <name>-<component>-metrics, as in events-kafka-metrics, and lies beside.
//
// Rendered as metricsConfig of type jmxPrometheusExporter.
// Source: Strimzi, examples/metrics.
type JMX struct {
	// Rules are the rules instead; the first that fits a value counts.
	Rules []JMXRule

	// Text is the whole configuration of the exporter instead, as YAML. Empty
	// means that Rules say it.
	Text string

	// ConfigMap is the name of one that is there already, instead; this noun
	// then makes none. Empty means one that this noun makes.
	ConfigMap string

	// Key is the entry of the ConfigMap.
	//
	// Empty means "metrics-config.yml".
	Key string
}

// JMXRule makes metrics of values of JMX.
//
// Rendered as one of the rules in the ConfigMap.
type JMXRule struct {
	// Pattern is a regular expression of Java for values, which are written as
	//
	//	kafka.server<type=BrokerTopicMetrics, name=BytesInPerSec, topic=orders><>Count: 5
	//
	// Empty fits all.
	Pattern string

	// Name is the metric's, with $1 for the first group of Pattern.
	//
	// Empty leaves the name to the exporter.
	Name string

	// Type is what the metric is.
	//
	// Empty means Untyped.
	Type MetricType

	// Labels are those of the metric. $1 is the first group of Pattern, in
	// names and values. Needs Name.
	Labels map[string]string

	// Value is the metric's value, for values of JMX that are text.
	//
	// Empty means that of JMX.
	Value string

	// Factor multiplies the value, such as 0.001 for seconds of milliseconds.
	//
	// Zero means 1.
	Factor float64

	// Help describes the metric. Needs Name. Empty leaves it to the exporter.
	Help string
}

// MetricType is what a metric is to Prometheus.
type MetricType string

// The types that the JMX exporter has.
const (
	Gauge   MetricType = "GAUGE"
	Counter MetricType = "COUNTER"
	Untyped MetricType = "UNTYPED"
)

// defaultMetricsKey is the entry of the ConfigMap, as in Strimzi's examples.
const defaultMetricsKey = "metrics-config.yml"

// cruiseControlOwner is the kind of owner that Cruise Control is; the others
// are called as their objects.
const cruiseControlOwner = "CruiseControl"

// metricsSuffixes end the names of the config maps. They tell apart objects of
// one name and several kinds.
var metricsSuffixes = map[string]string{
	"Kafka":             "-kafka-metrics",
	cruiseControlOwner:  "-cruise-control-metrics",
	"KafkaConnect":      "-connect-metrics",
	"KafkaMirrorMaker2": "-mirrormaker2-metrics",
	"KafkaBridge":       "-bridge-metrics",
}

// exporterConfig is the configuration of the JMX exporter.
type exporterConfig struct {
	LowercaseOutputName       bool           `json:"lowercaseOutputName,omitempty"`
	LowercaseOutputLabelNames bool           `json:"lowercaseOutputLabelNames,omitempty"`
	Rules                     []exporterRule `json:"rules"`
}

type exporterRule struct {
	Pattern     string            `json:"pattern,omitempty"`
	Name        string            `json:"name,omitempty"`
	Type        MetricType        `json:"type,omitempty"`
	Value       string            `json:"value,omitempty"`
	ValueFactor float64           `json:"valueFactor,omitempty"`
	Labels      map[string]string `json:"labels,omitempty"`
	Help        string            `json:"help,omitempty"`
}

func (j JMX) export(p *millrace.Problems, field string, of owner) (*strimziv1.MetricsConfig, []millrace.Object) {
	key := j.Key
	if key == "" {
		key = defaultMetricsKey
	}
	name := j.ConfigMap
	if name == "" {
		name = of.name + metricsSuffixes[of.kind]
	} else {
		p.Name(field+".ConfigMap", name)
	}
	out := &strimziv1.MetricsConfig{Type: strimziv1.MetricsConfigTypeJMXPrometheusExporter, ValueFrom: &strimziv1.ExternalConfigurationReference{
		ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: name}, Key: key}}}
	if len(validation.IsConfigMapKey(key)) > 0 {
		p.Invalid(field+".Key", key, "no ConfigMap can have such an entry", "use letters, digits, '-', '_' and '.'")
	}
	text := j.text(p, field, of)
	if j.ConfigMap != "" {
		return out, nil
	}
	return out, []millrace.Object{&corev1.ConfigMap{
		TypeMeta:   metav1.TypeMeta{APIVersion: "v1", Kind: "ConfigMap"},
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: of.namespace},
		Data:       map[string]string{key: text},
	}}
}

// text returns the configuration, and reports what says it twice.
func (j JMX) text(p *millrace.Problems, field string, of owner) string {
	switch {
	case j.ConfigMap != "" && j.Text != "":
		p.Conflict(field+".Text", "the rules are in a ConfigMap that is there already", "leave one of the two out")
	case j.ConfigMap != "" && len(j.Rules) > 0:
		p.Conflict(field+".Rules", "the rules are in a ConfigMap that is there already", "leave one of the two out")
	case j.Text != "" && len(j.Rules) > 0:
		p.Conflict(field+".Rules", "the field Text is the whole configuration", "leave one of the two out")
	case j.ConfigMap != "":
	case j.Text != "":
		if strings.TrimSpace(j.Text) == "" {
			p.Invalid(field+".Text", j.Text, "there is nothing in it", "write the configuration of the JMX exporter, or leave it out")
		}
		return j.Text
	}
	config := exporterConfig{LowercaseOutputName: true, LowercaseOutputLabelNames: of.kind == "KafkaConnect" || of.kind == "KafkaMirrorMaker2"}
	rules := j.Rules
	if len(rules) == 0 {
		rules = defaultJMXRules(of.kind)
	}
	for i, rule := range rules {
		rule.check(p, fmt.Sprintf("%s.Rules[%d]", field, i))
		config.Rules = append(config.Rules, exporterRule{rule.Pattern, rule.Name, rule.Type, rule.Value, rule.Factor, maps.Clone(rule.Labels), rule.Help})
	}
	text, err := yaml.Append(nil, config)
	if err != nil {
		p.Invalid(field+".Rules", len(config.Rules), err.Error(), "correct the rules")
	}
	return string(text)
}

// check reports what the exporter refuses.
// Source: Prometheus, jmx_exporter, JmxCollector.
func (r JMXRule) check(p *millrace.Problems, at string) {
	if why := javaPatternFault(r.Pattern); why != "" {
		p.Invalid(at+".Pattern", r.Pattern, why, "correct it")
	}
	if !slices.Contains([]MetricType{"", Gauge, Counter, Untyped}, r.Type) {
		p.Invalid(at+".Type", string(r.Type), "the JMX exporter doesn't have it", "use kafka.Gauge, kafka.Counter or kafka.Untyped")
	}
	switch {
	case r.Name != "" && r.Pattern == "":
		p.Required(at+".Pattern", "say which values the name is for")
	case r.Name == "" && (len(r.Labels) > 0 || r.Help != ""):
		p.Required(at+".Name", "labels and help go to a metric that is named")
	}
}
