package kafka

import (
	"fmt"
	"math"
	"slices"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Build checks the cluster and makes its Kafka object and the KafkaNodePools
// of its pools.
func (c *Cluster) Build() (millrace.Parts, error) {
	if c == nil {
		return millrace.Parts{}, nilBuilder("kafka.Cluster")
	}
	p := c.problems()
	cluster := c.build(p)
	parts := millrace.Parts{Objects: []millrace.Object{cluster}}
	var shared *strimziv1.StatefulPodTemplate
	if c.Base.Kafka.Template != nil {
		shared = c.Base.Kafka.Template.Pod
	}
	for i := range c.Pools {
		own := millrace.Problems{Object: p.Object}
		c.Pools[i].Spread.check(&own, "Spread")
		parts.Objects = append(parts.Objects, c.pool(p, i).build(&own, shared))
		p.Nested(fmt.Sprintf("Pools[%d]", i), own.Err())
	}
	if err := p.Err(); err != nil {
		return millrace.Parts{}, err
	}
	return parts, nil
}

// Kafka makes the cluster's own object, without the pools. The error is a
// *millrace.BuildError with every mistake. The cluster is not changed, and
// shares no memory with the object.
func (c *Cluster) Kafka() (*strimziv1.Kafka, error) {
	parts, err := c.Build()
	if err != nil {
		return nil, err
	}
	return parts.Objects[0].(*strimziv1.Kafka), nil
}

// NodePools makes the objects of the cluster's pools, in their order. The
// error is a *millrace.BuildError with every mistake of the cluster.
func (c *Cluster) NodePools() ([]*strimziv1.KafkaNodePool, error) {
	parts, err := c.Build()
	if err != nil {
		return nil, err
	}
	var pools []*strimziv1.KafkaNodePool
	for _, o := range parts.Objects[1:] {
		pools = append(pools, o.(*strimziv1.KafkaNodePool))
	}
	return pools, nil
}

func (c *Cluster) problems() *millrace.Problems {
	return &millrace.Problems{Object: millrace.Ref{Kind: "kafka.Cluster", Namespace: c.Namespace, Name: c.Name}}
}

// pool returns a pool as it is inside of the cluster.
func (c *Cluster) pool(p *millrace.Problems, i int) *BrokerPool {
	pool := c.Pools[i]
	at := fmt.Sprintf("Pools[%d].", i)
	if pool.Namespace != "" && pool.Namespace != c.Namespace {
		p.Conflict(at+"Namespace", "a pool lives in the namespace of its cluster", "leave it out")
	}
	if pool.Cluster != "" && pool.Cluster != c.Name {
		p.Conflict(at+"Cluster", "the pool lies in another cluster than it names", "leave it out")
	}
	pool.Namespace, pool.Cluster = c.Namespace, c.Name
	if pool.Spread == (Spread{}) {
		pool.Spread = c.Spread
	}
	return &pool
}

// build makes the Kafka object and reports what is wrong with it.
func (c *Cluster) build(p *millrace.Problems) *strimziv1.Kafka {
	c.checkName(p)
	p.Namespace("Namespace", c.Namespace)
	meta := objectMeta(p, c.Name, c.Namespace, c.Labels, c.Annotations)
	c.Spread.check(p, "Spread")

	spec := *c.Base.DeepCopy()
	config := c.settings(p)
	fields := strimziv1.KafkaSpec{Kafka: strimziv1.KafkaClusterSpec{
		Version:         text(c.Version),
		MetadataVersion: text(c.MetadataVersion),
		Config:          config.values,
	}}
	for i, l := range c.Listeners {
		fields.Kafka.Listeners = append(fields.Kafka.Listeners, l.listener(p, fmt.Sprintf("Listeners[%d]", i)))
	}
	if c.ACLs {
		fields.Kafka.Authorization = &strimziv1.KafkaAuthorization{
			Type: strimziv1.KafkaAuthorizationTypeSimple, SuperUsers: slices.Clone(c.SuperUsers)}
	} else if len(c.SuperUsers) > 0 {
		p.Conflict("SuperUsers", "without ACLs everybody may do everything", "set ACLs, or leave it out")
	}
	if c.Spread.Zone != "" && c.Base.Kafka.Rack != nil {
		p.Conflict("Base.Kafka.Rack", "the field Spread.Zone sets it too", "use one of the two, the builder's field for choice")
	} else if c.Spread.Zone != "" {
		fields.Kafka.Rack = &strimziv1.Rack{TopologyKey: new(c.Spread.Zone)}
	}
	config.base("Base.Kafka.Config", spec.Kafka.Config)
	lay(p, "Base", &spec, &fields)
	c.defaults(p, &spec, config)
	c.check(p, &spec, config)
	return &strimziv1.Kafka{TypeMeta: typeMeta("Kafka"), ObjectMeta: meta, Spec: spec}
}

// settings puts together what the fields say of the brokers' configuration.
func (c *Cluster) settings(p *millrace.Problems) *settings {
	s := newSettings(p, false)
	if n := count(p, "Replication.Factor", c.Replication.Factor, math.MaxInt16); n != nil {
		s.set("Replication.Factor", keyReplication, *n)
	}
	if n := count(p, "Replication.MinInSync", c.Replication.MinInSync, math.MaxInt16); n != nil {
		s.set("Replication.MinInSync", keyMinInSync, *n)
	}
	s.retention("Log.Retention", "log.retention.ms", c.Log.Retention)
	s.bytes("Log.RetentionBytes", "log.retention.bytes", c.Log.RetentionBytes)
	s.bytes("Log.SegmentBytes", "log.segment.bytes", c.Log.SegmentBytes)
	s.duration("Log.RetentionCheck", "log.retention.check.interval.ms", c.Log.RetentionCheck)
	s.config("Config", c.Config)
	return s
}

// defaults fills in what neither the fields nor Base say.
func (c *Cluster) defaults(p *millrace.Problems, spec *strimziv1.KafkaSpec, config *settings) {
	k := &spec.Kafka
	if len(k.Listeners) == 0 {
		k.Listeners = []strimziv1.Listener{{Name: defaultListenerName, Port: defaultListenerPort, Type: strimziv1.ListenerTypeInternal, TLS: true,
			Authentication: &strimziv1.ListenerAuthentication{Type: strimziv1.ListenerAuthenticationTypeTLS}}}
	}
	c.defaultConfig(k, config)
	if zone, ok := c.Spread.zone(); ok && k.Rack == nil {
		k.Rack = &strimziv1.Rack{TopologyKey: new(zone)}
	}

	filled := strimziv1.KafkaSpec{EntityOperator: &strimziv1.EntityOperatorSpec{}}
	base := c.Base.EntityOperator
	switch {
	case !c.UnmanagedTopics:
		filled.EntityOperator.TopicOperator = &strimziv1.EntityTopicOperatorSpec{}
	case base != nil && base.TopicOperator != nil:
		p.Conflict("Base.EntityOperator.TopicOperator", "the field UnmanagedTopics leaves it out", "leave one of the two out")
	}
	switch {
	case !c.UnmanagedUsers:
		filled.EntityOperator.UserOperator = &strimziv1.EntityUserOperatorSpec{}
	case base != nil && base.UserOperator != nil:
		p.Conflict("Base.EntityOperator.UserOperator", "the field UnmanagedUsers leaves it out", "leave one of the two out")
	}
	if c.UnmanagedTopics && c.UnmanagedUsers {
		filled.EntityOperator = nil
	}
	switch {
	case !c.NoCruiseControl:
		filled.CruiseControl = &strimziv1.CruiseControlSpec{}
	case c.Base.CruiseControl != nil:
		p.Conflict("Base.CruiseControl", "the field NoCruiseControl leaves it out", "leave one of the two out")
	}
	overlay.Fill(spec, &filled)
}

// defaultConfig fills in the brokers' configuration. What internal topics get
// follows from what topics get, so that one number changes all of them.
func (c *Cluster) defaultConfig(k *strimziv1.KafkaClusterSpec, config *settings) {
	if k.Config == nil {
		k.Config = strimziv1.JSONMap{}
	}
	fallback := func(field, key string, value any) {
		if _, ok := k.Config[key]; !ok {
			config.fallback(field, key, value)
			k.Config[key] = config.values[key]
		}
	}
	fallback("Replication.Factor", keyReplication, int64(defaultReplication))
	factor, ok := configInt(k.Config, keyReplication)
	if !ok {
		factor = defaultReplication
	}
	fallback("Replication.MinInSync", keyMinInSync, minInSync(factor))
	inSync, ok := configInt(k.Config, keyMinInSync)
	if !ok {
		inSync = minInSync(factor)
	}
	fallback("Replication.Factor", keyOffsetsReplication, factor)
	fallback("Replication.Factor", keyTxnReplication, factor)
	fallback("Replication.MinInSync", keyTxnMinISR, inSync)
	fallback("", keyAutoCreate, false)
}

// text is a field of a spec; empty is unset.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return new(s)
}
