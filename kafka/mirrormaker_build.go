package kafka

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/overlay"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Build checks the MirrorMaker and makes its KafkaMirrorMaker2, and what that
// needs beside.
func (m *MirrorMaker) Build() (millrace.Parts, error) {
	if m == nil {
		return millrace.Parts{}, nilBuilder("kafka.MirrorMaker")
	}
	p := &millrace.Problems{Object: millrace.Ref{Kind: "kafka.MirrorMaker", Namespace: m.Namespace, Name: m.Name}}
	made, beside := m.build(p)
	if err := finish(p, m); err != nil {
		return millrace.Parts{}, err
	}
	return millrace.Parts{Objects: append([]millrace.Object{made}, beside...), PlacedOn: placedOn(m)}, nil
}

// KafkaMirrorMaker2 makes the MirrorMaker's own object. The error is a
// *millrace.BuildError with every mistake. The MirrorMaker is not changed, and
// shares no memory with the object.
func (m *MirrorMaker) KafkaMirrorMaker2() (*strimziv1.KafkaMirrorMaker2, error) {
	parts, err := m.Build()
	if err != nil {
		return nil, err
	}
	return parts.Objects[0].(*strimziv1.KafkaMirrorMaker2), nil
}

func (m *MirrorMaker) build(p *millrace.Problems) (*strimziv1.KafkaMirrorMaker2, []millrace.Object) {
	const kind = "KafkaMirrorMaker2"
	checkComponentName(p, m.Name, "-mirrormaker2-api")
	p.Namespace("Namespace", m.Namespace)
	meta := objectMeta(p, m.Name, m.Namespace, m.Labels, m.Annotations)

	o := newOrigins[strimziv1.KafkaMirrorMaker2Spec]()
	var fields strimziv1.KafkaMirrorMaker2Spec
	workers, beside := m.Workers.make(p, o, owner{kind, m.Name, m.Namespace})
	sameFields(&fields, &workers)

	spec := *m.Base.DeepCopy()
	config := newSettings(p, false)
	fields.Target = m.Target.make(config, o, m.Namespace)
	config.base("Base.Target.Config", spec.Target.Config)
	for i := range m.Mirrors {
		fields.Mirrors = append(fields.Mirrors, m.Mirrors[i].make(p, o, i, m.Namespace))
	}
	layReplicas(p, "Workers.Replicas", m.Workers.Replicas, &spec.Replicas, defaultWorkers)
	withoutMetrics(p, "Workers.Metrics", m.Workers.Metrics, spec.MetricsConfig)
	lay(p, "Base", &spec, &fields)
	if len(spec.Mirrors) == 0 {
		o.add("spec.mirrors", "Mirrors")
	}
	o.add("metadata.annotations", "Annotations")
	m.fill(&spec, config)
	for key, field := range config.from {
		o.add(at("spec.target.config", key), field)
	}
	made := &strimziv1.KafkaMirrorMaker2{TypeMeta: typeMeta(kind), ObjectMeta: meta, Spec: spec}
	faultsOf(made).report(p, o)
	return made, beside
}

// fill fills in what neither the fields nor Base say.
func (m *MirrorMaker) fill(spec *strimziv1.KafkaMirrorMaker2Spec, config *settings) {
	fillStorageReplication(&spec.Target.Config, config, "Target.Topics.Replication")
	fillWorkerResources(&spec.Resources)
	var filled strimziv1.KafkaMirrorMaker2Spec
	workers := m.Workers.filled(m.Name, m.Name+"-mirrormaker2")
	sameFields(&filled, &workers)
	name := cmp.Or(m.Name, unnamed)
	filled.Target = strimziv1.KafkaMirrorMaker2TargetClusterSpec{GroupID: name, ConfigStorageTopic: name + "-configs",
		OffsetStorageTopic: name + "-offsets", StatusStorageTopic: name + "-status", Alias: m.Target.Kafka.Cluster}
	if spec.Target.BootstrapServers == "" {
		filled.Target.Alias = unnamed
	}
	overlay.Fill(spec, &filled)
}

// make writes the cluster that is copied into.
func (t MirrorTarget) make(config *settings, o origins, namespace string) strimziv1.KafkaMirrorMaker2TargetClusterSpec {
	p := config.problems
	if n := count(p, "Target.Topics.Replication", t.Topics.Replication, math.MaxInt16); n != nil {
		setStorageReplication(config, "Target.Topics.Replication", *n)
	}
	config.config("Target.Config", t.Config)
	for path, field := range map[string]string{"alias": "Alias", "groupId": "GroupID", "configStorageTopic": "Topics.Configs",
		"offsetStorageTopic": "Topics.Offsets", "statusStorageTopic": "Topics.Status"} {
		o.add("spec.target."+path, "Target."+field)
	}
	to := t.Kafka.make(p, o, "spec.target", "Target.Kafka", namespace)
	return strimziv1.KafkaMirrorMaker2TargetClusterSpec{Alias: t.Alias, BootstrapServers: to.servers, TLS: to.tls, Authentication: to.auth,
		GroupID: t.GroupID, ConfigStorageTopic: t.Topics.Configs, OffsetStorageTopic: t.Topics.Offsets, StatusStorageTopic: t.Topics.Status,
		Config: config.made()}
}

// make writes the i-th mirror.
func (r Mirror) make(p *millrace.Problems, o origins, i int, namespace string) strimziv1.KafkaMirrorMaker2MirrorSpec {
	field, path := fmt.Sprintf("Mirrors[%d]", i), fmt.Sprintf("spec.mirrors[%d]", i)
	spec := *r.Base.DeepCopy()
	o.add(path, field+".Base")
	fields := strimziv1.KafkaMirrorMaker2MirrorSpec{
		Source:        r.Source.make(p, o, path, field, namespace),
		TopicsPattern: patterns(p, field+".Topics", r.Topics), TopicsExcludePattern: patterns(p, field+".ExcludeTopics", r.ExcludeTopics),
		GroupsPattern: patterns(p, field+".Groups", r.Groups), GroupsExcludePattern: patterns(p, field+".ExcludeGroups", r.ExcludeGroups),
	}
	base := deref(spec.SourceConnector).Config
	fields.SourceConnector = r.records(p, o, connectorAt{path + ".sourceConnector", field, field + ".Records", field + ".Base.SourceConnector", base})
	switch {
	case !r.Offsets.Off:
		base = deref(spec.CheckpointConnector).Config
		fields.CheckpointConnector = r.offsets(p, o, connectorAt{path + ".checkpointConnector", field, field + ".Offsets", field + ".Base.CheckpointConnector", base})
	case spec.CheckpointConnector != nil:
		p.Conflict(field+".Base.CheckpointConnector", "the field Offsets.Off leaves it out", "use one of the two")
	}
	lay(p, field+".Base", &spec, &fields)
	if of := &spec.Source; of.BootstrapServers == "" {
		of.Alias = cmp.Or(of.Alias, unnamed+strconv.Itoa(i))
	}
	overlay.Fill(&spec, r.restarting())
	return spec
}

// restarting is that connectors that fail are started again.
func (r Mirror) restarting() *strimziv1.KafkaMirrorMaker2MirrorSpec {
	again := func() *strimziv1.KafkaMirrorMaker2ConnectorSpec {
		return &strimziv1.KafkaMirrorMaker2ConnectorSpec{AutoRestart: &strimziv1.AutoRestart{Enabled: new(true)}}
	}
	out := &strimziv1.KafkaMirrorMaker2MirrorSpec{SourceConnector: again()}
	if !r.Offsets.Off {
		out.CheckpointConnector = again()
	}
	return out
}

func (s MirrorSource) make(p *millrace.Problems, o origins, path, field, namespace string) strimziv1.KafkaMirrorMaker2ClusterSpec {
	path, field = path+".source", field+".Source"
	config := newSettings(p, false)
	config.config(field+".Config", s.Config)
	o.add(path+".alias", field+".Alias")
	o.add(path+".config", field+".Config")
	to := s.Kafka.make(p, o, path, field+".Kafka", namespace)
	return strimziv1.KafkaMirrorMaker2ClusterSpec{Alias: cmp.Or(s.Alias, s.Kafka.Cluster), BootstrapServers: to.servers, TLS: to.tls,
		Authentication: to.auth, Config: config.made()}
}

// patterns joins names and regular expressions as MirrorMaker reads them.
func patterns(p *millrace.Problems, field string, of []string) *string {
	for i, one := range of {
		switch at := fmt.Sprintf("%s[%d]", field, i); {
		case strings.TrimSpace(one) == "":
			p.Required(at, "give a name or a regular expression, or leave it out")
		case strings.Contains(one, ","):
			p.Invalid(at, one, "a comma separates two of them", "make two of it")
		}
	}
	if len(of) == 0 {
		return nil
	}
	return new(strings.Join(of, ","))
}
