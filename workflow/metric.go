package workflow

import (
	"fmt"
	"maps"
	"regexp"
	"slices"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// maxMetrics is how many metrics the CRDs of Argo 4 let a template have.
// Source: Argo Workflows v4.0.5 workflow_types.go, kubebuilder markers.
const maxMetrics = 100

// Metric is a number that Argo's controller tells Prometheus when a step or a
// run has ended.
//
// Its texts may hold references: to "status" and "duration" of the step, its
// inputs and outputs, and what every run has. Every value of a label is a
// series of its own, so labels are not for names of runs.
//
// Source: Argo Workflows, metrics ("custom metrics").
type Metric struct {
	// Name is the metric's name: letters, digits and '_'. All that have it, in
	// every workflow of the controller, have the same Help and Type. Required.
	//
	// Rendered as name.
	Name string
	// Help says what it counts. Required.
	//
	// Rendered as help.
	Help string
	// Labels are its labels, by name: letters, digits and '_'.
	//
	// Rendered as labels, sorted by name.
	Labels map[string]string
	// When is the condition on which it is told. The zero Expression means
	// always.
	//
	// Rendered as when.
	When Expression
	// Type is what the metric is, with its value: a Counter, Gauge or
	// Histogram. Required.
	Type MetricType
}

// metricName is what Argo takes for the name of a metric or of its label.
// Source: Argo Workflows v3.7.14 workflow/metrics/util.go.
var metricName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

const metricNameFix = "use letters, digits and '_', with no digit at the start"

func (m Metric) render(c *check, field string) *wfv1.Prometheus {
	switch {
	case m.Name == "":
		c.Required(field+".Name", "name the metric")
	case !metricName.MatchString(m.Name):
		c.Invalid(field+".Name", m.Name, "Prometheus takes no such name", metricNameFix)
	}
	if m.Help == "" {
		c.Required(field+".Help", "say what the metric counts")
	}
	out := &wfv1.Prometheus{Name: m.Name, Help: m.Help}
	for _, name := range slices.Sorted(maps.Keys(m.Labels)) {
		if !metricName.MatchString(name) {
			c.Invalid(field+".Labels["+name+"]", name, "Prometheus takes no such name", metricNameFix)
		}
		out.Labels = append(out.Labels, &wfv1.MetricLabel{Key: name, Value: m.Labels[name]})
	}
	if !m.When.mistakes(c, field+".When") {
		out.When = m.When.when()
	}
	if isNil(m.Type) {
		c.Required(field+".Type", "give a Counter, a Gauge or a Histogram")
		return out
	}
	m.Type.metric(c, field+".Type", out)
	return out
}

// metrics renders the metrics of a step or a run.
func (c *check) metrics(field string, metrics []Metric) *wfv1.Metrics {
	if len(metrics) > maxMetrics {
		c.Invalid(field, len(metrics), fmt.Sprintf("Argo 4 accepts at most %d metrics", maxMetrics), "leave some of them out")
	}
	out := &wfv1.Metrics{}
	first := make(map[string]*wfv1.Prometheus)
	for i, m := range metrics {
		rendered := m.render(c, at(field, i))
		out.Prometheus = append(out.Prometheus, rendered)
		// Argo keeps one metric of a name, and drops what differs from it.
		// Source: Argo Workflows v3.7.14 workflow/metrics/metrics_custom.go,
		// matchExistingMetric.
		before, ok := first[m.Name]
		switch {
		case !ok:
			first[m.Name] = rendered
		case before.Help != rendered.Help:
			c.Conflict(at(field, i)+".Help", fmt.Sprintf("the metric %q has another one already", m.Name), "use one text for both, or rename one of them")
		case before.GetMetricType() != rendered.GetMetricType():
			c.Conflict(at(field, i)+".Type", fmt.Sprintf("the metric %q has another one already", m.Name), "rename one of them")
		}
	}
	return out
}
