package kafka

import (
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Metrics says how the metrics of a component are exported: Reporter.
type Metrics interface {
	// export returns what stands in the spec of the owner, and the objects
	// that this needs beside.
	export(p *millrace.Problems, field string, of owner) (*strimziv1.MetricsConfig, []millrace.Object)
}

// Reporter is Strimzi's own metrics reporter, which runs inside of Kafka.
type Reporter struct {
	// AllowList are regular expressions of the metrics that are exported.
	//
	// None means Strimzi's own choice.
	//
	// Rendered as values.allowList.
	AllowList []string
}

func (r Reporter) export(_ *millrace.Problems, _ string, _ owner) (*strimziv1.MetricsConfig, []millrace.Object) {
	out := &strimziv1.MetricsConfig{Type: strimziv1.MetricsConfigTypeStrimziMetricsReporter}
	if len(r.AllowList) > 0 {
		out.Values = &strimziv1.StrimziMetricsReporterValues{AllowList: slices.Clone(r.AllowList)}
	}
	return out, nil
}

// export writes the metrics of the cluster itself, nil for none.
func (m *making) export(field string, metrics Metrics) *strimziv1.MetricsConfig {
	if metrics == nil {
		return nil
	}
	made, beside := metrics.export(m.Problems, field, owner{"Kafka", m.cluster.Name, m.cluster.Namespace})
	m.beside = append(m.beside, beside...)
	return made
}
