package kafka_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func TestConnectorMistakes(t *testing.T) {
	const required, invalid, conflict, unsupported, unknown = millrace.RuleRequired, millrace.RuleInvalid, millrace.RuleConflict,
		millrace.RuleUnsupported, millrace.RuleUnknown
	annotated := func(action string) func(*kafka.Connector) {
		return func(c *kafka.Connector) { c.Annotations = map[string]string{"strimzi.io/connector-offsets": action} }
	}
	for name, tc := range map[string]struct {
		change func(*kafka.Connector)
		want   []string
	}{
		"nothing at all":       {func(c *kafka.Connector) { *c = kafka.Connector{} }, []string{required + " Name", required + " Cluster", required + " Class"}},
		"a Connect of no name": {func(c *kafka.Connector) { c.Connect = &kafka.Connect{} }, []string{required + " Connect.Name"}},
		"two Connects":         {func(c *kafka.Connector) { c.Cluster = "etl" }, []string{conflict + " Cluster"}},
		"elsewhere":            {func(c *kafka.Connector) { c.Namespace = "other" }, []string{conflict + " Namespace"}},
		"nobody looks":         {func(c *kafka.Connector) { c.Connect.NoConnectors = true }, []string{conflict + " Connect"}},
		"another label":        {func(c *kafka.Connector) { c.Labels = map[string]string{"strimzi.io/cluster": "x"} }, []string{conflict + " Labels[strimzi.io/cluster]"}},
		"tasks":                {func(c *kafka.Connector) { c.TasksMax = -1 }, []string{invalid + " TasksMax"}},
		"no state":             {func(c *kafka.Connector) { c.State = "asleep" }, []string{invalid + " State"}},
		"settings with fields": {func(c *kafka.Connector) {
			c.Config = map[string]string{"tasks.max": "1", "Name": "x", "connector.plugin.version": "1", "connector.class": "x", "database.name": "x"}
		}, []string{unsupported + " Config[Name]", unsupported + " Config[connector.class]", unsupported + " Config[connector.plugin.version]", unsupported + " Config[tasks.max]"}},
		"wrong value": {func(c *kafka.Connector) { c.Config = map[string]string{"errors.tolerance": "some"} }, []string{invalid + " Config[errors.tolerance]"}},
		"a reference": {func(c *kafka.Connector) { c.Config = map[string]string{"errors.tolerance": "${env:TOLERANCE}"} }, nil},
		"secret twice": {func(c *kafka.Connector) {
			c.Config, c.Secrets = map[string]string{"a": "b"}, map[string]kafka.SecretValue{"a": {Secret: "database", Key: "c"}}
		}, []string{conflict + " Config[a]"}},
		"secret of nothing": {func(c *kafka.Connector) { c.Secrets = map[string]kafka.SecretValue{"a": {Namespace: "B"}} },
			[]string{required + " Secrets[a].Secret", invalid + " Secrets[a].Namespace", required + " Secrets[a].Key"}},
		"secret that is hidden": {func(c *kafka.Connector) { c.Secrets = map[string]kafka.SecretValue{"a": {Secret: "other", Key: "b"}} }, []string{unknown + " Secrets[a]"}},
		"secret of elsewhere": {func(c *kafka.Connector) {
			c.Secrets = map[string]kafka.SecretValue{"a": {Namespace: "x", Secret: "other", Key: "b"}}
		}, nil},
		"restarts":                 {func(c *kafka.Connector) { c.Restart = kafka.Restart{Off: true, Max: new(-1)} }, []string{invalid + " Restart.Max", conflict + " Restart.Max"}},
		"offsets, action":          {annotated("rewind"), []string{invalid + " Annotations[strimzi.io/connector-offsets]"}},
		"offsets, list":            {annotated("list"), []string{required + " ListOffsets"}},
		"offsets, alter":           {annotated("alter"), []string{required + " AlterOffsets", conflict + " State"}},
		"offsets, reset":           {annotated("reset"), []string{conflict + " State"}},
		"offsets, reset a stopped": {func(c *kafka.Connector) { annotated("reset")(c); c.State = kafka.ConnectorStopped }, nil},
		"offsets, listed":          {func(c *kafka.Connector) { annotated("list")(c); c.ListOffsets = "x" }, nil},
		"config maps":              {func(c *kafka.Connector) { c.ListOffsets, c.AlterOffsets = "A", "B" }, []string{invalid + " ListOffsets", invalid + " AlterOffsets"}},
		"class in Base":            {func(c *kafka.Connector) { c.Class, c.Base.Class = "", new("x") }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, mistakes(t, with(smallConnector(), tc.change))); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
	var none *kafka.Connector
	if got := mistakes(t, none); len(got) != 1 {
		t.Errorf("nil: %q", got)
	}
}

func TestMirrorMistakes(t *testing.T) {
	const required, invalid, conflict, duplicate, unsupported, unknown = millrace.RuleRequired, millrace.RuleInvalid, millrace.RuleConflict,
		millrace.RuleDuplicate, millrace.RuleUnsupported, millrace.RuleUnknown
	first := func(change func(*kafka.Mirror)) func(*kafka.MirrorMaker) {
		return func(m *kafka.MirrorMaker) { change(&m.Mirrors[0]) }
	}
	annotated := func(of map[string]string) func(*kafka.MirrorMaker) {
		return func(m *kafka.MirrorMaker) { m.Annotations = of }
	}
	const connector, offsets = "strimzi.io/mirrormaker-connector", "strimzi.io/connector-offsets"
	for name, tc := range map[string]struct {
		change func(*kafka.MirrorMaker)
		want   []string
	}{
		"nothing at all":      {func(m *kafka.MirrorMaker) { *m = kafka.MirrorMaker{} }, []string{required + " Name", required + " Target.Kafka.Cluster", required + " Mirrors"}},
		"a mirror of nothing": {first(func(m *kafka.Mirror) { *m = kafka.Mirror{} }), []string{required + " Mirrors[0].Source.Kafka.Cluster"}},
		"alias of none":       {func(m *kafka.MirrorMaker) { m.Target.Alias, m.Mirrors[0].Source.Alias = "a b", "ä" }, []string{invalid + " Target.Alias", invalid + " Mirrors[0].Source.Alias"}},
		"one alias": {func(m *kafka.MirrorMaker) { m.Mirrors = append(m.Mirrors, m.Mirrors[0]); m.Target.Alias = "old-events" },
			[]string{duplicate + " Mirrors[0].Source.Alias", duplicate + " Mirrors[1].Source.Alias"}},
		"separator in the alias":    {first(func(m *kafka.Mirror) { m.Source.Alias = "eu.west" }), []string{invalid + " Mirrors[0].Source.Alias"}},
		"separator, another one":    {first(func(m *kafka.Mirror) { m.Source.Alias, m.Separator = "eu.west", "_" }), nil},
		"separator, without names":  {first(func(m *kafka.Mirror) { m.Source.Alias, m.KeepNames = "eu.west", true }), nil},
		"patterns":                  {first(func(m *kafka.Mirror) { m.Topics, m.Groups = []string{"a,b"}, []string{" "} }), []string{invalid + " Mirrors[0].Topics[0]", required + " Mirrors[0].Groups[0]"}},
		"times":                     {first(func(m *kafka.Mirror) { m.Records.RefreshTopics, m.Offsets.Interval = time.Millisecond, -time.Second }), []string{invalid + " Mirrors[0].Records.RefreshTopics", invalid + " Mirrors[0].Offsets.Interval"}},
		"synchronized with nothing": {first(func(m *kafka.Mirror) { m.Offsets.SyncInterval = time.Minute }), []string{conflict + " Mirrors[0].Offsets.SyncInterval"}},
		"tasks":                     {first(func(m *kafka.Mirror) { m.Records.TasksMax, m.Offsets.TasksMax, m.Records.Replication = -1, -1, -1 }), []string{invalid + " Mirrors[0].Records.Replication", invalid + " Mirrors[0].Records.TasksMax", invalid + " Mirrors[0].Offsets.TasksMax"}},
		"managed, a worker's":       {func(m *kafka.MirrorMaker) { m.Target.Config = map[string]string{"rest.port": "1"} }, []string{unsupported + " Target.Config[rest.port]"}},
		"managed, a connector's":    {first(func(m *kafka.Mirror) { m.Records.Config = map[string]string{"tasks.max": "1"} }), []string{unsupported + " Mirrors[0].Records.Config[tasks.max]"}},
		"misspelt":                  {first(func(m *kafka.Mirror) { m.Offsets.Config = map[string]string{"sync.group.offset.enabled": "true"} }), []string{unknown + " Mirrors[0].Offsets.Config[sync.group.offset.enabled]"}},
		"wrong":                     {first(func(m *kafka.Mirror) { m.Records.Config = map[string]string{"offset.lag.max": "much"} }), []string{invalid + " Mirrors[0].Records.Config[offset.lag.max]"}},
		"of a client": {first(func(m *kafka.Mirror) {
			m.Records.Config = map[string]string{"producer.override.compresion.type": "zstd", "source.anything": "1"}
		}), []string{unknown + " Mirrors[0].Records.Config[producer.override.compresion.type]"}},
		"setting of a field": {first(func(m *kafka.Mirror) {
			m.KeepNames, m.Offsets.Config = true, map[string]string{"replication.policy.class": "x"}
		}), []string{conflict + " Mirrors[0].Offsets.Config[replication.policy.class]"}},
		"policies apart": {first(func(m *kafka.Mirror) {
			m.Records.Config = map[string]string{"replication.policy.class": "com.company.Policy"}
		}), []string{conflict + " Mirrors[0].Base.CheckpointConnector.Config[replication.policy.class]"}},
		"policies alike, one written": {first(func(m *kafka.Mirror) { m.Records.Config = map[string]string{"offset-syncs.topic.location": "source"} }), nil},
		"off in two ways": {first(func(m *kafka.Mirror) {
			m.Offsets.Off, m.Base.CheckpointConnector = true, &strimziv1.KafkaMirrorMaker2ConnectorSpec{}
		}), []string{conflict + " Mirrors[0].Base.CheckpointConnector"}},
		"in Base twice": {first(func(m *kafka.Mirror) { m.Topics, m.Base.TopicsPattern = []string{"a"}, new("b") }), []string{conflict + " Mirrors[0].Base.TopicsPattern"}},
		"without records, in Base": {func(m *kafka.MirrorMaker) {
			m.Base.Mirrors, m.Mirrors = []strimziv1.KafkaMirrorMaker2MirrorSpec{{Source: strimziv1.KafkaMirrorMaker2ClusterSpec{Alias: "a", BootstrapServers: "a:1"}}}, nil
		}, []string{required + " Base.Mirrors[0].SourceConnector"}},

		"offsets of no connector": {annotated(map[string]string{offsets: "list"}), []string{required + " Annotations[" + connector + "]"}},
		"connector of no action":  {annotated(map[string]string{connector: "x"}), []string{required + " Annotations[" + offsets + "]"}},
		"no such connector":       {annotated(map[string]string{connector: "old-events->events.MirrorHeartbeatConnector", offsets: "list"}), []string{unknown + " Annotations[" + connector + "]"}},
		"nowhere to list":         {annotated(map[string]string{connector: "old-events->events.MirrorSourceConnector", offsets: "list"}), []string{required + " Mirrors[0].Base.SourceConnector.ListOffsets"}},
		"runs on":                 {annotated(map[string]string{connector: "old-events->events.MirrorCheckpointConnector", offsets: "reset"}), []string{conflict + " Mirrors[0].Offsets.State"}},
		"workers":                 {func(m *kafka.MirrorMaker) { m.Workers.Heap = 8 * millrace.GiB }, []string{invalid + " Workers.Heap"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, mistakes(t, with(smallMirror(), tc.change))); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
	var none *kafka.MirrorMaker
	if got := mistakes(t, none); len(got) != 1 {
		t.Errorf("nil: %q", got)
	}
}
