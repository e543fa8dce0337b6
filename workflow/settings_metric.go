package workflow

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// MetricType is what a metric is, with its value. The types of this package
// implement it, and no others can: Counter, Gauge and Histogram.
type MetricType interface {
	// metric fills in the type, and reports what is wrong.
	metric(c *check, field string, m *wfv1.Prometheus)
}

// Counter is a number that only grows.
//
// Rendered as counter.
type Counter struct {
	// Value is what is added each time: a number, or a reference to one.
	// Required.
	//
	// Rendered as counter.value.
	Value string
}

// Gauge is a number that goes up and down.
//
// Rendered as gauge.
type Gauge struct {
	// Value is a number, or a reference to one. Required; at most 256
	// characters.
	//
	// Rendered as gauge.value.
	Value string
	// Realtime tells the value while the step or the run is under way. It is
	// then "{{duration}}", or "{{workflow.duration}}" for a run. False means
	// at the end.
	//
	// Rendered as gauge.realtime.
	Realtime bool
	// Operation is what happens with the value. Empty means GaugeSet.
	//
	// Rendered as gauge.operation.
	Operation GaugeOperation
}

// Histogram counts in which range values lie.
//
// Rendered as histogram.
type Histogram struct {
	// Value is a number, or a reference to one. Required.
	//
	// Rendered as histogram.value.
	Value string
	// Buckets are the upper ends of the ranges, each above the one before. At
	// least one.
	//
	// Rendered as histogram.buckets.
	Buckets []float64
}

// GaugeOperation is what happens with the value of a Gauge.
type GaugeOperation = wfv1.GaugeOperation

// GaugeSet makes it the metric's value; GaugeAdd adds it to that, and GaugeSub
// takes it off.
const (
	GaugeSet = wfv1.GaugeOperationSet
	GaugeAdd = wfv1.GaugeOperationAdd
	GaugeSub = wfv1.GaugeOperationSub
)

// maxGauge is how long the value of a gauge may be under the CRDs of Argo 4.
// Source: Argo Workflows v4.0.5 workflow_types.go, kubebuilder markers.
const maxGauge = 256

func (m Counter) metric(c *check, field string, to *wfv1.Prometheus) {
	c.number(field+".Value", m.Value)
	if strings.HasPrefix(m.Value, "-") {
		c.Invalid(field+".Value", m.Value, "a counter only grows", "use a Gauge")
	}
	to.Counter = &wfv1.Counter{Value: m.Value}
}

func (m Gauge) metric(c *check, field string, to *wfv1.Prometheus) {
	switch {
	case !m.Realtime:
		c.number(field+".Value", m.Value)
	case m.Operation != "":
		c.Conflict(field+".Operation", "a value that is told in real time is the metric's own", "leave one of them out")
	case !slices.Contains([]string{"duration", "workflow.duration"}, tag(m.Value)):
		c.Invalid(field+".Value", m.Value, "Argo doesn't know it in real time", "use {{duration}}, or {{workflow.duration}} for a run")
	}
	if len(m.Value) > maxGauge {
		c.Invalid(field+".Value", m.Value, "it has more than 256 characters", "compute it in the step, and refer to its output")
	}
	if !slices.Contains([]GaugeOperation{"", GaugeSet, GaugeAdd, GaugeSub}, m.Operation) {
		c.Invalid(field+".Operation", string(m.Operation), "Argo doesn't know it", "use GaugeSet, GaugeAdd or GaugeSub")
	}
	// The CRDs require realtime.
	to.Gauge = &wfv1.Gauge{Value: m.Value, Operation: m.Operation, Realtime: new(m.Realtime)}
}

func (m Histogram) metric(c *check, field string, to *wfv1.Prometheus) {
	c.number(field+".Value", m.Value)
	to.Histogram = &wfv1.Histogram{Value: m.Value}
	if len(m.Buckets) == 0 {
		c.Required(field+".Buckets", "give the upper ends of the ranges")
	}
	for i, b := range m.Buckets {
		text, err := json.Marshal(b)
		if err != nil { // not a number, or infinite
			c.Invalid(at(field+".Buckets", i), b, "it is no number", "leave it out: Argo adds the range without an end")
			continue
		}
		if i > 0 && b <= m.Buckets[i-1] {
			c.Invalid(at(field+".Buckets", i), b, "it is not above the one before", "sort them")
		}
		to.Histogram.Buckets = append(to.Histogram.Buckets, wfv1.Amount{Value: json.Number(text)})
	}
}

// number checks the value of a metric.
func (c *check) number(field, value string) {
	if value == "" {
		c.Required(field, "give a number, or a reference to one")
		return
	}
	if refers(value) {
		return
	}
	if n, err := strconv.ParseFloat(value, 64); err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		c.Invalid(field, value, "it is no number", "give a number, or a reference to one")
	}
}

// tag returns what lies in a text that is one simple reference.
func tag(s string) string {
	inner, ok := strings.CutPrefix(s, "{{")
	if !ok {
		return ""
	}
	inner, ok = strings.CutSuffix(inner, "}}")
	if !ok {
		return ""
	}
	return strings.TrimSpace(inner)
}
