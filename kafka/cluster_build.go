package kafka

import (
	"fmt"
	"math"
	"slices"
	"strings"

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
	var pools []*strimziv1.KafkaNodePool
	own := make([]millrace.Problems, len(c.Pools))
	from := make([]origins, len(c.Pools))
	for i := range c.Pools {
		own[i].Object = p.Object
		c.Pools[i].checkSpread(&own[i])
		made, of := c.pool(&own[i], i).build(&own[i], &c.Base.Kafka)
		pools, from[i] = append(pools, made), of
	}
	m, cluster := c.build(p)
	parts := millrace.Parts{Objects: []millrace.Object{cluster}, PlacedOn: placedOn(c)}
	whole := assemble(cluster, pools)
	whole.ofKafka.report(p, m.origins)
	for i, pool := range pools {
		whole.ofPools[i].report(&own[i], from[i])
		p.Nested(fmt.Sprintf("Pools[%d]", i), own[i].Err())
		parts.Objects = append(parts.Objects, pool)
	}
	if err := finish(p, c); err != nil {
		return millrace.Parts{}, err
	}
	parts.Objects = append(parts.Objects, m.beside...)
	return parts, nil
}

// Kafka makes the cluster's own object, without the pools and what else it
// needs beside. The error is a
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
	for _, o := range parts.Objects {
		if pool, ok := o.(*strimziv1.KafkaNodePool); ok {
			pools = append(pools, pool)
		}
	}
	return pools, nil
}

func (c *Cluster) problems() *millrace.Problems {
	return &millrace.Problems{Object: millrace.Ref{Kind: "kafka.Cluster", Namespace: c.Namespace, Name: c.Name}}
}

// pool returns a pool as it is inside of the cluster.
func (c *Cluster) pool(p *millrace.Problems, i int) *BrokerPool {
	pool := c.Pools[i]
	if pool.Namespace != "" && pool.Namespace != c.Namespace {
		p.Conflict("Namespace", "a pool lives in the namespace of its cluster", "leave it out")
	}
	if pool.Cluster != "" && pool.Cluster != c.Name {
		p.Conflict("Cluster", "the pool lies in another cluster than it names", "leave it out")
	}
	pool.Namespace, pool.Cluster = c.Namespace, c.Name
	if pool.Spread == (Spread{}) {
		pool.Spread = c.Spread
	}
	return &pool
}

// build makes the Kafka object, and what it needs beside, and reports what is
// wrong with it.
func (c *Cluster) build(p *millrace.Problems) (*making, *strimziv1.Kafka) {
	checkComponentName(p, c.Name, bootstrapSuffix)
	c.checkPools(p)
	p.Namespace("Namespace", c.Namespace)
	meta := objectMeta(p, c.Name, c.Namespace, c.Labels, c.Annotations)

	m := &making{Problems: p, cluster: c, config: newSettings(p, false), origins: newOrigins[strimziv1.KafkaSpec]()}
	c.nodes(m)
	for _, part := range c.parts() {
		part.make(m)
	}
	c.metrics(m)
	m.fields.Kafka.Logging = logging(p, "Loggers", c.Loggers)
	m.config.config("Config", c.Config)
	m.fields.Kafka.Config = m.config.values

	spec := *c.Base.DeepCopy()
	m.config.base("Base.Kafka.Config", spec.Kafka.Config)
	lay(p, "Base", &spec, &m.fields)
	c.defaultConfig(&spec.Kafka, m.config)
	overlay.Fill(&spec, &m.filled)
	for key, field := range m.config.from {
		m.origins.add(at(configPath, key), field)
	}
	c.Log.check(p, spec.Kafka.Config, m.config)
	made := &strimziv1.Kafka{TypeMeta: typeMeta("Kafka"), ObjectMeta: meta, Spec: spec}
	faultsOf(made).report(p, m.origins)
	return m, made
}

// nodes says what holds for the nodes of all pools.
func (c *Cluster) nodes(m *making) {
	k := &m.fields.Kafka
	for path, field := range map[string]string{"version": c.Version, "metadataVersion": c.MetadataVersion, "image": c.Image} {
		if field != "" {
			m.origins.add("spec.kafka."+path, strings.ToUpper(path[:1])+path[1:])
		}
	}
	// The pools name the cluster, and not the cluster its pools.
	m.origins.add("metadata.name", "Pools")
	k.Version, k.MetadataVersion, k.Image = text(c.Version), text(c.MetadataVersion), text(c.Image)
	k.LivenessProbe, k.ReadinessProbe = c.Probes.make(m.Problems, "Probes")
	if n := countFromZero(m.Problems, "MaxUnavailable", c.MaxUnavailable); n != nil {
		k.Template = &strimziv1.KafkaClusterTemplate{PodDisruptionBudget: &strimziv1.PodDisruptionBudgetTemplate{MaxUnavailable: n}}
	}
}

func (r Replication) make(m *making) {
	if n := count(m.Problems, "Replication.Factor", r.Factor, math.MaxInt16); n != nil {
		m.config.set("Replication.Factor", keyReplication, *n)
	}
	if n := count(m.Problems, "Replication.MinInSync", r.MinInSync, math.MaxInt16); n != nil {
		m.config.set("Replication.MinInSync", keyMinInSync, *n)
	}
	if n := count(m.Problems, "Replication.Partitions", r.Partitions, math.MaxInt32); n != nil {
		m.config.set("Replication.Partitions", "num.partitions", *n)
	}
}

func (s Spread) make(m *making) {
	s.check(m.Problems, "Spread")
	zone, zones := s.zone()
	switch base := m.cluster.Base.Kafka.Rack; {
	case s.Variable != "" && base != nil:
		setTwice(m.Problems, "Base.Kafka.Rack", "Spread.Variable")
	case s.Variable != "":
		m.fields.Kafka.Rack = &strimziv1.Rack{Type: strimziv1.RackTypeEnvironmentVariable, EnvVarName: new(s.Variable)}
	case s.Zone != "" && base != nil:
		setTwice(m.Problems, "Base.Kafka.Rack", "Spread.Zone")
	case zones && base == nil:
		m.fields.Kafka.Rack = &strimziv1.Rack{TopologyKey: new(zone)}
	}
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
	if k.TieredStorage != nil {
		fallback("Replication.Factor", keyRemoteReplication, factor)
		fallback("Replication.MinInSync", keyRemoteMinISR, inSync)
	}
	fallback("", keyAutoCreate, false)
}

// checkPools checks that pools can be told apart.
func (c *Cluster) checkPools(p *millrace.Problems) {
	names := map[string]int{}
	for i := range c.Pools {
		pool := &c.Pools[i]
		if pool.Name == "" && slices.ContainsFunc(pool.Roles, func(r Role) bool { return r != Broker && r != Controller }) {
			continue // Who knows which role was meant, by which it is named.
		}
		name := pool.name()
		if other, ok := names[name]; ok {
			p.Add(millrace.RuleDuplicate, fmt.Sprintf("Pools[%d].Name", i), fmt.Sprintf("Pools[%d] is named %q too", other, name), "rename one of the two")
		}
		names[name] = i
	}
}
