package kafka

import (
	"fmt"
	"math"
	"strconv"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const cruiseControlPath = "spec.cruiseControl"

func (c CruiseControl) make(m *making) {
	const at = "CruiseControl"
	base := m.cluster.Base.CruiseControl
	if c.Off {
		c.Off = false
		m.left(at, isZero(c))
		if base != nil {
			turnedOff(m.Problems, "Base.CruiseControl", at+".Off")
		}
		return
	}
	m.origins.addExact(cruiseControlPath, at+".Off")
	if base == nil {
		base = &strimziv1.CruiseControlSpec{}
	}
	metrics, beside := exportMetrics(m.Problems, at+".Metrics", c.Metrics, "Base.CruiseControl.MetricsConfig", base.MetricsConfig != nil,
		owner{cruiseControlOwner, m.cluster.Name, m.cluster.Namespace})
	m.beside = append(m.beside, beside...)
	metricsOrigins(m.origins, cruiseControlPath+".metricsConfig", at+".Metrics", c.Metrics)

	given, more, jvm := m.run(at, cruiseControlPath, base.Resources, c.Resources, c.Heap, cruiseControlMemory, cruiseControlCPU)
	fields := &strimziv1.CruiseControlSpec{
		Resources:      given,
		JVMOptions:     jvm,
		Logging:        logging(m.Problems, at+".Loggers", c.Loggers),
		BrokerCapacity: c.Capacity.fields(m),
		MetricsConfig:  metrics,
		Config:         c.settings(m, base.Config),
		APIUsers:       c.users(m),
		AutoRebalance:  c.AutoRebalance.fields(m, base.AutoRebalance),
	}
	template := strimziv1.CruiseControlTemplate{
		Pod:                    plain(c.Pod.make(m.Problems, at+".Pod", c.Placement, at+".Placement")),
		CruiseControlContainer: c.Pod.container(m.Problems, at+".Pod"),
	}
	c.Pod.origins(m.origins, cruiseControlPath+".template.pod", cruiseControlPath+".template.cruiseControlContainer", at+".Pod")
	if !isZero(template) {
		fields.Template = &template
	}
	c.MetricsTopic.make(m)
	filled := &strimziv1.CruiseControlSpec{Resources: more}
	if c.AutoRebalance == (AutoRebalance{}) {
		filled.AutoRebalance = []strimziv1.AutoRebalance{{Mode: strimziv1.AutoRebalanceModeAddBrokers}, {Mode: strimziv1.AutoRebalanceModeRemoveBrokers}}
	}
	if !isZero(*fields) {
		m.fields.CruiseControl = fields
	}
	m.filled.CruiseControl = filled
}

// settings puts together Cruise Control's own configuration.
func (c CruiseControl) settings(m *making, base strimziv1.JSONMap) strimziv1.JSONMap {
	s := newSettings(m.Problems, false)
	for _, list := range [...]struct {
		field, key string
		goals      []Goal
	}{
		{"CruiseControl.Goals", keyGoals, c.Goals}, {"CruiseControl.DefaultGoals", keyDefaultGoals, c.DefaultGoals},
		{"CruiseControl.HardGoals", keyHardGoals, c.HardGoals}, {"CruiseControl.DetectionGoals", keyDetectionGoals, c.DetectionGoals},
	} {
		if len(list.goals) > 0 {
			s.set(list.field, list.key, goalText(list.goals))
		}
	}
	s.config("CruiseControl.Config", c.Config)
	s.base("Base.CruiseControl.Config", base)
	for key, field := range s.from {
		m.origins.add(at(cruiseControlPath+".config", key), field)
	}
	if len(s.values) == 0 {
		return nil
	}
	return s.values
}

// users names the entry of a secret.
func (c CruiseControl) users(m *making) *strimziv1.APIUsers {
	key := c.APIUsers.selector(m.Problems, "CruiseControl.APIUsers")
	if key == nil || key.Name == "" || key.Key == "" {
		return nil // What is missing has been reported.
	}
	return &strimziv1.APIUsers{Type: strimziv1.APIUsersTypeHashLoginService, ValueFrom: strimziv1.PasswordSource{SecretKeyRef: key}}
}

// fields writes what the user says of it, nil for nothing.
func (a AutoRebalance) fields(m *making, base []strimziv1.AutoRebalance) []strimziv1.AutoRebalance {
	const at = "CruiseControl.AutoRebalance"
	if a == (AutoRebalance{}) {
		return nil
	}
	var out []strimziv1.AutoRebalance
	for _, mode := range [...]struct {
		mode               strimziv1.AutoRebalanceMode
		off                bool
		offField, template string
		field              string
	}{
		{strimziv1.AutoRebalanceModeAddBrokers, a.NotOnAdd, ".NotOnAdd", a.AddTemplate, ".AddTemplate"},
		{strimziv1.AutoRebalanceModeRemoveBrokers, a.NotOnRemove, ".NotOnRemove", a.RemoveTemplate, ".RemoveTemplate"},
	} {
		if mode.off {
			if mode.template != "" {
				turnedOff(m.Problems, at+mode.field, at+mode.offField)
			}
			continue
		}
		one := strimziv1.AutoRebalance{Mode: mode.mode}
		if mode.template != "" {
			m.Name(at+mode.field, mode.template)
			one.Template = &corev1.LocalObjectReference{Name: mode.template}
		}
		out = append(out, one)
	}
	if out == nil && base != nil {
		turnedOff(m.Problems, "Base.CruiseControl.AutoRebalance", at)
	}
	return out
}

// fields writes what the user says of it, nil for nothing.
func (c Capacity) fields(m *making) *strimziv1.BrokerCapacity {
	const field, path = "CruiseControl.Capacity", cruiseControlPath + ".brokerCapacity"
	out := &strimziv1.BrokerCapacity{
		CPU:             coreText(m.Problems, field+".CPU", c.CPU),
		InboundNetwork:  throughput(m.Problems, field+".Inbound", c.Inbound),
		OutboundNetwork: throughput(m.Problems, field+".Outbound", c.Outbound),
	}
	for i, o := range c.Overrides {
		field, path := fmt.Sprintf("%s.Overrides[%d]", field, i), fmt.Sprintf("%s.overrides[%d]", path, i)
		one := strimziv1.BrokerCapacityOverride{
			Brokers:         numbers(o.Brokers),
			CPU:             coreText(m.Problems, field+".CPU", o.CPU),
			InboundNetwork:  throughput(m.Problems, field+".Inbound", o.Inbound),
			OutboundNetwork: throughput(m.Problems, field+".Outbound", o.Outbound),
		}
		m.origins.add(path, field)
		m.origins.add(path+".brokers", field+".Brokers")
		out.Overrides = append(out.Overrides, one)
	}
	if isZero(*out) {
		return nil
	}
	return out
}

// make sets what the brokers are told of the topic.
func (t MetricsTopic) make(m *making) {
	const field = "CruiseControl.MetricsTopic"
	for _, one := range [...]struct {
		field, key string
		value      int
		most       int
	}{
		{".Partitions", keyMetricsTopic + "num.partitions", t.Partitions, math.MaxInt32},
		{".Replicas", keyMetricsReplication, t.Replicas, math.MaxInt16},
		{".MinInSync", keyMetricsMinISR, t.MinInSync, math.MaxInt16},
	} {
		if n := count(m.Problems, field+one.field, one.value, one.most); n != nil {
			m.config.set(field+one.field, one.key, *n)
		}
	}
	m.config.duration(field+".Retention", keyMetricsTopic+"retention.ms", t.Retention)
}

// The settings of brokers for the topic that they report in.
const (
	keyMetricsTopic       = "cruise.control.metrics.topic."
	keyMetricsReplication = keyMetricsTopic + "replication.factor"
	keyMetricsMinISR      = keyMetricsTopic + "min.insync.replicas"
)

// coreText writes a number of cores as Strimzi takes it; zero is unset.
func coreText(p *millrace.Problems, field string, n float64) *string {
	q, ok := cores(p, field, n)
	if !ok {
		return nil
	}
	const milli = 1000
	if m := q.MilliValue(); m%milli != 0 {
		return new(strconv.FormatInt(m, 10) + "m")
	}
	return new(strconv.FormatInt(q.Value(), 10))
}

// throughput writes bytes in a second as Strimzi takes them: a whole number with the
// largest unit that leaves none over; zero is unset.
func throughput(p *millrace.Problems, field string, size millrace.Bytes) *string {
	if !checkBytes(p, field, size) || size == 0 {
		return nil
	}
	for _, unit := range [...]struct {
		size millrace.Bytes
		name string
	}{{millrace.GiB, "Gi"}, {1_000_000_000, "G"}, {millrace.MiB, "Mi"}, {1_000_000, "M"}, {millrace.KiB, "Ki"}, {1000, "K"}} {
		if size%unit.size == 0 {
			return new(strconv.FormatInt(int64(size/unit.size), 10) + unit.name + "B/s")
		}
	}
	return new(strconv.FormatInt(int64(size), 10) + "B/s")
}

// numbers are the ids of brokers or disks as a spec has them.
func numbers(ids []int) []int64 {
	var out []int64
	for _, id := range ids {
		out = append(out, int64(id))
	}
	return out
}
