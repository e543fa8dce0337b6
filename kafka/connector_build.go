package kafka

import (
	"cmp"
	"maps"
	"math"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Build checks the connector and makes its KafkaConnector.
func (c *Connector) Build() (millrace.Parts, error) { return alone(c.KafkaConnector()) }

// KafkaConnector makes the connector's object. The error is a
// *millrace.BuildError with every mistake. Neither the connector nor its
// Connect is changed, and the object shares no memory with them.
func (c *Connector) KafkaConnector() (*strimziv1.KafkaConnector, error) {
	if c == nil {
		return nil, nilBuilder("kafka.Connector")
	}
	namespace, cluster := c.Namespace, c.Cluster
	if c.Connect != nil {
		cluster = c.Connect.Name
		if namespace == "" {
			namespace = c.Connect.Namespace
		}
	}
	p := &millrace.Problems{Object: millrace.Ref{Kind: "kafka.Connector", Namespace: namespace, Name: c.Name}}
	if namespace != c.Namespace {
		p.Namespace("Connect.Namespace", namespace)
	}
	c.checkConnect(p, namespace)
	p.Name("Name", c.Name)
	p.Namespace("Namespace", c.Namespace)
	meta := objectMeta(p, c.Name, namespace, c.Labels, c.Annotations)
	if c.Connect == nil || c.Connect.Name != "" {
		checkCluster(p, cluster, "point Connect at the Connect, or name the KafkaConnect: without it the connector is never looked at")
	}
	labelCluster(p, &meta, cluster)

	o := newOrigins[strimziv1.KafkaConnectorSpec]()
	spec := *c.Base.DeepCopy()
	config := newSettings(p, false)
	c.secrets(config, namespace)
	config.config("Config", c.Config)
	config.base("Base.Config", spec.Config)
	fields := strimziv1.KafkaConnectorSpec{
		Class: text(c.Class), Version: text(c.Version), TasksMax: count(p, "TasksMax", c.TasksMax, math.MaxInt32),
		State: c.State.spec(p, "State"), Config: config.made(),
	}
	if c.ListOffsets != "" {
		p.Name("ListOffsets", c.ListOffsets)
		fields.ListOffsets = &strimziv1.ListOffsets{ToConfigMap: corev1.LocalObjectReference{Name: c.ListOffsets}}
	}
	if c.AlterOffsets != "" {
		p.Name("AlterOffsets", c.AlterOffsets)
		fields.AlterOffsets = &strimziv1.AlterOffsets{FromConfigMap: corev1.LocalObjectReference{Name: c.AlterOffsets}}
	}
	fields.AutoRestart = c.Restart.fields(p, "Restart")
	lay(p, "Base", &spec, &fields)
	overlay.Fill(&spec, &strimziv1.KafkaConnectorSpec{AutoRestart: &strimziv1.AutoRestart{Enabled: new(true)}})
	o.add("spec.class", "Class")
	o.add("spec.listOffsets", "ListOffsets")
	o.add("spec.alterOffsets", "AlterOffsets")
	o.add("spec.state", "State")
	o.add("metadata.annotations", "Annotations")
	for key, field := range config.from {
		o.add(at("spec.config", key), field)
	}
	made := &strimziv1.KafkaConnector{TypeMeta: typeMeta("KafkaConnector"), ObjectMeta: meta, Spec: spec}
	faultsOf(made).report(p, o)
	if err := finish(p, c); err != nil {
		return nil, err
	}
	return made, nil
}

// checkConnect reports what the Connect that the connector points at doesn't
// fit.
func (c *Connector) checkConnect(p *millrace.Problems, namespace string) {
	of := c.Connect
	if of == nil {
		return
	}
	if c.Cluster != "" {
		p.Conflict("Cluster", "the field Connect says it too", "leave one of the two out")
	}
	if of.Name == "" {
		p.Required("Connect.Name", "give the Connect a name")
	}
	if c.Namespace != "" && c.Namespace != of.Namespace {
		p.Conflict("Namespace", "a connector lives in the namespace of its Connect", "leave it out")
	}
	if of.NoConnectors {
		p.Conflict("Connect", "its NoConnectors is set, and nobody looks at KafkaConnectors", "turn it off, or use Connect's API")
	}
	for _, key := range slices.Sorted(maps.Keys(c.Secrets)) {
		v := c.Secrets[key]
		if (v.Namespace == "" || v.Namespace == namespace) && v.Secret != "" && !slices.Contains(of.Secrets, v.Secret) {
			p.Add(millrace.RuleUnknown, at("Secrets", key), "the Connect may not read the secret "+v.Secret, "add it to the field Secrets of the Connect")
		}
	}
}

// secrets writes the settings whose values are in secrets.
func (c *Connector) secrets(s *settings, namespace string) {
	for _, key := range slices.Sorted(maps.Keys(c.Secrets)) {
		v, field := c.Secrets[key], at("Secrets", key)
		s.problems.Name(field+".Secret", v.Secret)
		s.problems.Namespace(field+".Namespace", v.Namespace)
		if v.Key == "" {
			s.problems.Required(field+".Key", "name the key in the secret")
		}
		v.Namespace = cmp.Or(v.Namespace, namespace)
		s.set(field, key, v.String())
	}
}

// spec checks the state and returns it as it is rendered.
func (s ConnectorState) spec(p *millrace.Problems, field string) strimziv1.ConnectorState {
	switch s {
	case "", ConnectorRunning, ConnectorPaused, ConnectorStopped:
	default:
		p.Invalid(field, string(s), "no connector is so", "use kafka.ConnectorRunning, kafka.ConnectorPaused or kafka.ConnectorStopped")
	}
	return strimziv1.ConnectorState(s)
}

// fields writes what the fields say, nil for nothing.
func (r Restart) fields(p *millrace.Problems, field string) *strimziv1.AutoRestart {
	if r == (Restart{}) {
		return nil
	}
	out := &strimziv1.AutoRestart{}
	if r.Off {
		out.Enabled = new(false)
	}
	out.MaxRestarts = countFromZero(p, field+".Max", r.Max)
	if r.Max != nil && r.Off {
		p.Conflict(field+".Max", "Off says that nothing is started again", "leave one of the two out")
	}
	return out
}
