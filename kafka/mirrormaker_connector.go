package kafka

import (
	"math"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// identityPolicy keeps the names of topics.
const identityPolicy = "org.apache.kafka.connect.mirror.IdentityReplicationPolicy"

// The settings that both connectors of a mirror must have alike.
const (
	keyPolicy    = "replication.policy.class"
	keySeparator = "replication.policy.separator"
	keySyncsAt   = "offset-syncs.topic.location"
)

// connectorAt is where one of a mirror's two connectors is: in the manifest, in
// the fields, and in Base, with what Base says of its settings.
type connectorAt struct {
	path, mirror, field, baseField string
	base                           strimziv1.JSONMap
}

// records writes the connector that copies topics.
func (r Mirror) records(p *millrace.Problems, o origins, where connectorAt) *strimziv1.KafkaMirrorMaker2ConnectorSpec {
	c, field := r.Records, where.field
	s := newSettings(p, false)
	if n := count(p, field+".Replication", c.Replication, math.MaxInt16); n != nil {
		s.set(field+".Replication", "replication.factor", *n)
	}
	if c.SyncACLs {
		s.set(field+".SyncACLs", "sync.topic.acls.enabled", true)
	}
	seconds(s, field+".RefreshTopics", "refresh.topics.interval.seconds", c.RefreshTopics)
	made := r.connector(o, s, where, oneConnector{c.TasksMax, c.State, c.Config}, map[string]any{
		"replication.factor":                    int64(brokersReplication),
		"offset-syncs.topic.replication.factor": int64(brokersReplication),
		"sync.topic.acls.enabled":               false,
	})
	made.AutoRestart = r.Restart.fields(p, where.mirror+".Restart")
	return made
}

// offsets writes the connector that copies how far groups have come.
func (r Mirror) offsets(p *millrace.Problems, o origins, where connectorAt) *strimziv1.KafkaMirrorMaker2ConnectorSpec {
	c, field := r.Offsets, where.field
	s := newSettings(p, false)
	if c.Sync {
		s.set(field+".Sync", "sync.group.offsets.enabled", true)
	} else if c.SyncInterval != 0 {
		p.Conflict(field+".SyncInterval", "nothing is synchronized without Sync", "set Sync, or leave it out")
	}
	seconds(s, field+".SyncInterval", "sync.group.offsets.interval.seconds", c.SyncInterval)
	seconds(s, field+".Interval", "emit.checkpoints.interval.seconds", c.Interval)
	seconds(s, field+".RefreshGroups", "refresh.groups.interval.seconds", c.RefreshGroups)
	made := r.connector(o, s, where, oneConnector{c.TasksMax, c.State, c.Config}, map[string]any{
		"checkpoints.topic.replication.factor": int64(brokersReplication),
	})
	// Its mistakes are those of the other connector, which has reported them.
	made.AutoRestart = r.Restart.fields(new(millrace.Problems), where.mirror+".Restart")
	return made
}

// oneConnector are the fields that both connectors have.
type oneConnector struct {
	tasks  int
	state  ConnectorState
	config map[string]string
}

// connector writes what both connectors have, and lays in what neither the
// fields nor Base say.
func (r Mirror) connector(o origins, s *settings, where connectorAt, c oneConnector, fallbacks map[string]any) *strimziv1.KafkaMirrorMaker2ConnectorSpec {
	if r.KeepNames {
		s.set(where.mirror+".KeepNames", keyPolicy, identityPolicy)
	}
	s.word(where.mirror+".Separator", keySeparator, r.Separator)
	if r.OffsetSyncsInTarget {
		s.set(where.mirror+".OffsetSyncsInTarget", keySyncsAt, "target")
	}
	s.config(where.field+".Config", c.config)
	s.base(where.baseField+".Config", where.base)
	for key, value := range fallbacks {
		s.fallback(where.field, key, value)
	}
	for key, field := range s.from {
		o.add(at(where.path+".config", key), field)
	}
	o.add(where.path+".state", where.field+".State")
	return &strimziv1.KafkaMirrorMaker2ConnectorSpec{
		TasksMax: count(s.problems, where.field+".TasksMax", c.tasks, math.MaxInt32), State: c.state.spec(s.problems, where.field+".State"),
		Config: s.made(),
	}
}

// seconds sets a time in whole seconds; zero is unset.
func seconds(s *settings, field, key string, d time.Duration) {
	switch {
	case d == 0:
	case d < time.Second || d%time.Second != 0:
		s.problems.Invalid(field, d, "MirrorMaker counts whole seconds", "round it")
	default:
		s.set(field, key, int64(d/time.Second))
	}
}
