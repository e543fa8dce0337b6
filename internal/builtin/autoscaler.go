package builtin

import (
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	"k8s.io/apimachinery/pkg/api/resource"
	apischema "k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

func (c *checker) autoscaler(o *autoscalingv2.HorizontalPodAutoscaler) {
	c.enter("spec")
	defer c.leave()
	s := &o.Spec
	least := int32(1)
	if s.MinReplicas != nil {
		least = *s.MinReplicas
	}
	if least < 0 {
		c.bounds("minReplicas", least, "at least 0")
	}
	switch {
	case s.MaxReplicas == 0:
		c.required("maxReplicas", "say how many pods there may be")
	case s.MaxReplicas < 0:
		c.bounds("maxReplicas", s.MaxReplicas, "at least 1")
	case s.MaxReplicas < least:
		c.bounds("maxReplicas", s.MaxReplicas, "at least minReplicas, "+show(least))
	}
	c.enter("scaleTargetRef")
	c.scaled(s.ScaleTargetRef, s.ScaleTargetRef.Kind == "ReplicationController")
	c.leave()
	asks := false // something that is there without pods
	c.enter("metrics")
	for i := range s.Metrics {
		m := &s.Metrics[i]
		asks = asks || m.Type == autoscalingv2.ObjectMetricSourceType || m.Type == autoscalingv2.ExternalMetricSourceType
		c.item(i)
		c.metric(m)
		c.leave()
	}
	c.leave()
	if least == 0 && !asks {
		c.forbidden("metrics", "has no Object and no External metric, and minReplicas is 0: pods that aren't there measure nothing", "add one, or set minReplicas to 1")
	}
	if b := s.Behavior; b != nil {
		c.enter("behavior")
		c.scalingRules("scaleUp", b.ScaleUp)
		c.scalingRules("scaleDown", b.ScaleDown)
		c.leave()
	}
}

// scaled checks a reference to an object. Only of those in the oldest group,
// without a name, an apiVersion may have none.
func (c *checker) scaled(r autoscalingv2.CrossVersionObjectReference, groupless bool) {
	c.segment("kind", r.Kind, "say of which kind it is")
	c.segment("name", r.Name, "name the object")
	if gv, err := apischema.ParseGroupVersion(r.APIVersion); err != nil || gv.Group == "" && !groupless {
		c.invalid("apiVersion", r.APIVersion, "be a group and a version, such as apps/v1", "write it so")
	}
}

// metric checks one metric. It has one source, that of its type. Of more than
// one, the server looks into the first of this order.
func (c *checker) metric(m *autoscalingv2.MetricSpec) {
	found := 0
	own := false
	for _, s := range []struct {
		kind  autoscalingv2.MetricSourceType
		field string
		there bool
		check func()
	}{
		{autoscalingv2.ObjectMetricSourceType, "object", m.Object != nil, func() { c.objectMetric(m.Object) }},
		{autoscalingv2.ExternalMetricSourceType, "external", m.External != nil, func() { c.externalMetric(m.External) }},
		{autoscalingv2.PodsMetricSourceType, "pods", m.Pods != nil, func() { c.podsMetric(m.Pods) }},
		{autoscalingv2.ResourceMetricSourceType, "resource", m.Resource != nil, func() {
			c.present("name", string(m.Resource.Name), "name the resource")
			c.utilization(&m.Resource.Target)
		}},
		{autoscalingv2.ContainerResourceMetricSourceType, "containerResource", m.ContainerResource != nil, func() { c.containerMetric(m.ContainerResource) }},
	} {
		if s.kind == m.Type {
			own = true
			if !s.there {
				c.required(s.field, "describe the metric, as the type is "+string(m.Type))
			}
		}
		if !s.there {
			continue
		}
		if found++; found == 1 {
			c.enter(s.field)
			s.check()
			c.leave()
		}
	}
	if !own {
		among(c, "type", m.Type, autoscalingv2.ObjectMetricSourceType, autoscalingv2.PodsMetricSourceType, autoscalingv2.ResourceMetricSourceType,
			autoscalingv2.ContainerResourceMetricSourceType, autoscalingv2.ExternalMetricSourceType)
	}
	if found < 2 {
		return
	}
	for _, s := range []struct {
		kind  autoscalingv2.MetricSourceType
		field string
		there bool
	}{
		{autoscalingv2.ObjectMetricSourceType, "object", m.Object != nil},
		{autoscalingv2.ExternalMetricSourceType, "external", m.External != nil},
		{autoscalingv2.PodsMetricSourceType, "pods", m.Pods != nil},
		{autoscalingv2.ResourceMetricSourceType, "resource", m.Resource != nil},
		{autoscalingv2.ContainerResourceMetricSourceType, "containerResource", m.ContainerResource != nil},
	} {
		c.unset(s.field, s.there && s.kind != m.Type, "and the type is "+string(m.Type))
	}
}

func (c *checker) objectMetric(m *autoscalingv2.ObjectMetricSource) {
	c.enter("describedObject")
	c.scaled(m.DescribedObject, true)
	c.leave()
	c.segment("metric.name", m.Metric.Name, "name the metric")
	c.target(&m.Target)
	if m.Target.Value == nil && m.Target.AverageValue == nil {
		c.required("target.averageValue", "set it, or value")
	}
}

func (c *checker) externalMetric(m *autoscalingv2.ExternalMetricSource) {
	c.segment("metric.name", m.Metric.Name, "name the metric")
	c.target(&m.Target)
	switch t := m.Target; {
	case t.Value == nil && t.AverageValue == nil:
		c.required("target.averageValue", "set it, or value")
	case t.Value != nil && t.AverageValue != nil:
		c.unset("target.value", true, "and averageValue as well")
	}
}

func (c *checker) podsMetric(m *autoscalingv2.PodsMetricSource) {
	c.segment("metric.name", m.Metric.Name, "name the metric")
	c.target(&m.Target)
	if m.Target.AverageValue == nil {
		c.required("target.averageValue", "say how much per pod")
	}
}

func (c *checker) containerMetric(m *autoscalingv2.ContainerResourceMetricSource) {
	if name := string(m.Name); c.present("name", name, "name the resource") {
		if must := ofContainer(name); must != "" {
			c.invalid("name", name, must, "name such a resource")
		}
	}
	if c.present("container", m.Container, "name the container") {
		c.held("container", m.Container, validation.IsDNS1123Label(m.Container), aLabel)
	}
	c.utilization(&m.Target)
}

// utilization checks the target of a resource: a part of what is requested, or
// an amount.
func (c *checker) utilization(t *autoscalingv2.MetricTarget) {
	c.target(t)
	switch {
	case t.AverageUtilization == nil && t.AverageValue == nil:
		c.required("target.averageUtilization", "set it, or averageValue")
	case t.AverageUtilization != nil && t.AverageValue != nil:
		c.unset("target.averageValue", true, "and averageUtilization as well")
	}
}

func (c *checker) target(t *autoscalingv2.MetricTarget) {
	c.enter("target")
	defer c.leave()
	among(c, "type", t.Type, autoscalingv2.UtilizationMetricType, autoscalingv2.ValueMetricType, autoscalingv2.AverageValueMetricType)
	for field, q := range map[string]*resource.Quantity{"value": t.Value, "averageValue": t.AverageValue} {
		if q != nil && q.Sign() <= 0 {
			c.bounds(field, q.String(), "above 0")
		}
	}
	if u := t.AverageUtilization; u != nil && *u < 1 {
		c.bounds("averageUtilization", *u, "at least 1")
	}
}

// scalingRules checks how fast an autoscaler goes in one direction. Policies
// that aren't there are the server's.
func (c *checker) scalingRules(field string, r *autoscalingv2.HPAScalingRules) {
	if r == nil {
		return
	}
	const (
		longestWindow = 3600
		longestPeriod = 1800
	)
	c.enter(field)
	defer c.leave()
	if w := r.StabilizationWindowSeconds; w != nil && (*w < 0 || *w > longestWindow) {
		c.bounds("stabilizationWindowSeconds", *w, "between 0 and "+show(longestWindow))
	}
	if p := r.SelectPolicy; p != nil {
		among(c, "selectPolicy", *p, autoscalingv2.MaxChangePolicySelect, autoscalingv2.MinChangePolicySelect, autoscalingv2.DisabledPolicySelect)
	}
	if q := r.Tolerance; q != nil && q.Sign() < 0 {
		c.bounds("tolerance", q.String(), "at least 0")
	}
	if r.Policies != nil && len(r.Policies) == 0 {
		c.problem("policies", schema.RuleRequired, "is empty", "add one, or take the list out")
	}
	c.enter("policies")
	defer c.leave()
	for i, p := range r.Policies {
		c.item(i)
		among(c, "type", p.Type, autoscalingv2.PodsScalingPolicy, autoscalingv2.PercentScalingPolicy)
		if p.Value <= 0 {
			c.bounds("value", p.Value, "above 0")
		}
		if p.PeriodSeconds <= 0 || p.PeriodSeconds > longestPeriod {
			c.bounds("periodSeconds", p.PeriodSeconds, "between 1 and "+show(longestPeriod))
		}
		c.leave()
	}
}
