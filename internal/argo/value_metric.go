package argo

import (
	"regexp"
	"strconv"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// metricName is what Argo calls a metric and its labels.
// Source: Argo Workflows v3.7.14, workflow/metrics/util.go.
var metricName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// metricNameOf puts a word in the place of the workflow's parameters. For all
// else validation puts a word that is no name of a metric.
func metricNameOf(name string) string {
	return putForTags(name, func(tag string) string {
		if strings.HasPrefix(strings.TrimLeft(tag, "{ "), "workflow.parameters.") {
			return "x"
		}
		return tag
	})
}

const aMetricName = "use letters, digits and '_', and begin with no digit"

// metrics checks what a template or the workflow measures. What Argo can't
// emit it only notes in the workflow's conditions.
func (f *fields) metrics(path string, m *wfv1.Metrics) {
	for i, p := range m.Prometheus {
		field := at(path+".prometheus", i)
		if p == nil {
			f.report(RuleValue, field, "take it out", "it is null, on which the controller panics")
			continue
		}
		f.metricHead(field, p)
		f.metricKind(field, p)
	}
}

func (f *fields) metricHead(path string, p *wfv1.Prometheus) {
	if !metricName.MatchString(metricNameOf(p.Name)) {
		f.report(RuleValue, path+".name", aMetricName, "%s is no name of a metric", shown(p.Name))
	}
	if p.Help == "" {
		f.report(RuleValue, path+".help", "say what is measured", "it is not set, and Argo wants it")
	}
	for i, l := range p.Labels {
		if l == nil {
			f.report(RuleValue, at(path+".labels", i), "take it out", "it is null, on which the controller panics")
		} else if !metricName.MatchString(metricNameOf(l.Key)) {
			f.report(RuleValue, at(path+".labels", i)+".key", aMetricName, "%s is no name of a label", shown(l.Key))
		}
	}
}

func (f *fields) metricKind(path string, p *wfv1.Prometheus) {
	kinds := 0
	if p.Gauge != nil {
		kinds++
		f.gauge(path+".gauge", p.Gauge)
	}
	if p.Counter != nil {
		kinds++
		f.measured(path+".counter.value", p.Counter.Value)
	}
	if h := p.Histogram; h != nil {
		kinds++
		f.measured(path+".histogram.value", h.Value)
		f.buckets(path+".histogram.buckets", h.Buckets)
	}
	const fix = "keep one of gauge, counter and histogram"
	switch {
	case kinds == 0:
		f.report(RuleValue, path, "add gauge, counter or histogram", "it says of no kind of metric what its value is")
	case kinds > 1:
		f.report(RuleValue, path, fix, "it is of %d kinds, and Argo takes one of them", kinds)
	}
}

// measured checks a value, which is a number when all is filled in.
func (f *fields) measured(path, value string) {
	if value == "" {
		f.report(RuleValue, path, "say what is measured", "it is not set")
		return
	}
	if _, err := strconv.ParseFloat(value, 64); err != nil && !hasTag(value) {
		f.report(RuleValue, path, "write a number, or a {{reference}} to one", "%s is no number", shown(value))
	}
}

func (f *fields) gauge(path string, g *wfv1.Gauge) {
	oneOf(f, RuleValue, path, ".operation", g.Operation, wfv1.GaugeOperationSet, wfv1.GaugeOperationAdd, wfv1.GaugeOperationSub)
	realtime := g.Realtime != nil && *g.Realtime
	const fix = "take realtime out, or measure {{duration}} or {{workflow.duration}}"
	switch {
	case realtime && g.Value != "" && (!strings.HasPrefix(g.Value, "{{") || !strings.HasSuffix(g.Value, "}}")):
		f.report(RuleValue, path+".value", fix, "a real-time gauge is one reference, and this is %s", shown(g.Value))
	case realtime && strings.Contains(g.Value, "resourcesDuration."):
		f.report(RuleValue, path+".value", fix, "%s is known at the end only, and not in real time", shown(g.Value))
	default:
		f.measured(path+".value", g.Value)
	}
}

// buckets checks the upper bounds of a histogram.
func (f *fields) buckets(path string, buckets []wfv1.Amount) {
	last := 0.0
	for i := range buckets {
		v, err := buckets[i].Float64()
		switch {
		case err != nil:
			f.report(RuleValue, at(path, i), "write a number", "%s is no number", shown(string(buckets[i].Value)))
		case i > 0 && v <= last:
			f.report(RuleValue, at(path, i), "sort them, each once", "it is %s, after %s", buckets[i].Value, buckets[i-1].Value)
		}
		last = v
	}
}
