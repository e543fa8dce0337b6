package kafka_test

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	required    = millrace.RuleRequired
	invalid     = millrace.RuleInvalid
	duplicate   = millrace.RuleDuplicate
	conflict    = millrace.RuleConflict
	unknown     = millrace.RuleUnknown
	unsupported = millrace.RuleUnsupported
)

// TestClusterMistakes holds bad compositions of a cluster to what Build says
// of them: every mistake, and no other.
func TestClusterMistakes(t *testing.T) {
	listener := func(l kafka.Listener) func(*kafka.Cluster) {
		return func(c *kafka.Cluster) { c.Listeners = []kafka.Listener{l} }
	}
	config := func(key, value string) func(*kafka.Cluster) {
		return func(c *kafka.Cluster) { c.Config = map[string]string{key: value} }
	}
	for name, tc := range map[string]struct {
		change func(*kafka.Cluster)
		want   []string
	}{
		"nothing at all":            {func(c *kafka.Cluster) { *c = kafka.Cluster{} }, []string{required + " Name", required + " Pools"}},
		"name no label":             {func(c *kafka.Cluster) { c.Name = "Events.v1" }, []string{invalid + " Name"}},
		"name starts with a digit":  {func(c *kafka.Cluster) { c.Name = "1events" }, []string{invalid + " Name"}},
		"name too long":             {func(c *kafka.Cluster) { c.Name = strings.Repeat("a", 48) }, []string{invalid + " Name"}},
		"name with NUL":             {func(c *kafka.Cluster) { c.Name = "a\x00b" }, []string{invalid + " Name"}},
		"namespace":                 {func(c *kafka.Cluster) { c.Namespace = "a/b" }, []string{invalid + " Namespace"}},
		"label":                     {func(c *kafka.Cluster) { c.Labels = map[string]string{"a b": "c"} }, []string{invalid + " Labels[a b]"}},
		"version no version":        {func(c *kafka.Cluster) { c.Version = "latest" }, []string{invalid + " Version"}},
		"version of ZooKeeper":      {func(c *kafka.Cluster) { c.Version = "3.7.0" }, []string{unsupported + " Version"}},
		"metadata no version":       {func(c *kafka.Cluster) { c.MetadataVersion = "IV0" }, []string{invalid + " MetadataVersion"}},
		"metadata too old":          {func(c *kafka.Cluster) { c.MetadataVersion = "3.3-IV2" }, []string{invalid + " MetadataVersion"}},
		"metadata newer than Kafka": {func(c *kafka.Cluster) { c.Version, c.MetadataVersion = "4.2.0", "4.3-IV0" }, []string{invalid + " MetadataVersion"}},
		"base version":              {func(c *kafka.Cluster) { c.Base.Kafka.Version = new("3.9.0") }, []string{unsupported + " Base.Kafka.Version"}},

		"version of no release":   {func(c *kafka.Cluster) { c.Version = "4.1.7" }, []string{unsupported + " Version"}},
		"metadata of no release":  {func(c *kafka.Cluster) { c.MetadataVersion = "4.2-IV2" }, []string{invalid + " MetadataVersion"}},
		"metadata of a lost line": {func(c *kafka.Cluster) { c.MetadataVersion = "3.11" }, []string{invalid + " MetadataVersion"}},
		"budget below none":       {func(c *kafka.Cluster) { c.MaxUnavailable = new(-1) }, []string{invalid + " MaxUnavailable"}},
		"budget twice": {func(c *kafka.Cluster) {
			c.MaxUnavailable = new(0)
			c.Base.Kafka.Template = &strimziv1.KafkaClusterTemplate{PodDisruptionBudget: &strimziv1.PodDisruptionBudgetTemplate{MaxUnavailable: new(int64(2))}}
		}, []string{conflict + " Base.Kafka.Template.PodDisruptionBudget.MaxUnavailable"}},
		"probes": {func(c *kafka.Cluster) {
			c.Probes.Liveness = kafka.Probe{Delay: new(-time.Second), Timeout: time.Millisecond, Failures: -1}
			c.Probes.Readiness = kafka.Probe{Period: math.MaxInt64}
		}, []string{invalid + " Probes.Liveness.Delay", invalid + " Probes.Liveness.Timeout", invalid + " Probes.Liveness.Failures", invalid + " Probes.Readiness.Period"}},
		"tiers of no class": {func(c *kafka.Cluster) {
			c.TieredStorage = kafka.TieredStorage{ClassPath: "/opt/*", Config: map[string]string{"a": "b"}}
		}, []string{conflict + " TieredStorage.ClassPath", conflict + " TieredStorage.Config"}},
		"tiers of no place": {func(c *kafka.Cluster) {
			c.TieredStorage = kafka.TieredStorage{Class: "a.B", Config: map[string]string{"a": "b\nc"}}
		}, []string{required + " TieredStorage.ClassPath", invalid + " TieredStorage.Config[a]"}},
		"tiers on few brokers": {func(c *kafka.Cluster) {
			c.TieredStorage = kafka.TieredStorage{Class: "a.B", ClassPath: "/opt/*"}
			c.Config = map[string]string{"rlmm.config.remote.log.metadata.topic.replication.factor": "4"}
		}, []string{invalid + " Config[rlmm.config.remote.log.metadata.topic.replication.factor]"}},
		"zone in no variable": {func(c *kafka.Cluster) { c.Spread = kafka.Spread{Variable: "a=b", OneZone: true} },
			[]string{invalid + " Spread.Variable", conflict + " Spread.Variable", required + " Pools[0].Pod.Env"}},
		"zone in no variable of Base": {func(c *kafka.Cluster) {
			c.Spread.Variable = "RACK"
			c.Pools[0].Base.Template = &strimziv1.KafkaNodePoolTemplate{KafkaContainer: &strimziv1.ContainerTemplate{SecurityContext: &corev1.SecurityContext{}}}
		}, []string{required + " Pools[0].Base.Template.KafkaContainer.Env"}},
		"metrics of no number": {func(c *kafka.Cluster) {
			c.Metrics = kafka.JMX{Rules: []kafka.JMXRule{{Pattern: "a", Name: "b", Factor: math.NaN()}}}
		}, []string{invalid + " Metrics.Rules"}},
		"zone in two places": {func(c *kafka.Cluster) {
			c.Pools[0].Pod.Env = []corev1.EnvVar{{Name: "RACK", Value: "a"}}
			c.Spread.Variable, c.Base.Kafka.Rack = "RACK", &strimziv1.Rack{TopologyKey: new("zone")}
		}, []string{conflict + " Base.Kafka.Rack"}},
		"disks of old metadata": {func(c *kafka.Cluster) {
			c.MetadataVersion = "3.6"
			c.Pools[0].Volumes = []kafka.Volume{{Size: millrace.GiB}, {ID: 1, Size: millrace.GiB}}
		}, []string{unsupported + " Pools[0].Volumes"}},
		"heap of Base": {func(c *kafka.Cluster) {
			c.Base.Kafka.JVMOptions = &strimziv1.JVMOptions{Xmx: new("4Gi")}
		}, []string{invalid + " Base.Kafka.JVMOptions.Xmx", invalid + " Pools[0].Base.JVMOptions.Xmx", invalid + " Pools[1].Base.JVMOptions.Xmx"}},

		"listener empty":             {listener(kafka.Listener{}), []string{required + " Listeners[0].Name", required + " Listeners[0].Port"}},
		"listener name":              {listener(kafka.Listener{Name: "External_1", Port: 9094}), []string{invalid + " Listeners[0].Name"}},
		"listener name too long":     {listener(kafka.Listener{Name: "externalplain", Port: 9094}), []string{invalid + " Listeners[0].Name"}},
		"listener port":              {listener(kafka.Listener{Name: "tls", Port: 9091}), []string{invalid + " Listeners[0].Port"}},
		"listener port negative":     {listener(kafka.Listener{Name: "tls", Port: -1}), []string{invalid + " Listeners[0].Port"}},
		"listener port of metrics":   {listener(kafka.Listener{Name: "tls", Port: 9404}), []string{invalid + " Listeners[0].Port"}},
		"listener port of JMX":       {listener(kafka.Listener{Name: "tls", Port: 9999}), []string{invalid + " Listeners[0].Port"}},
		"listener port too high":     {listener(kafka.Listener{Name: "tls", Port: 65536}), []string{invalid + " Listeners[0].Port"}},
		"listener type":              {listener(kafka.Listener{Name: "tls", Port: 9094, Type: "external"}), []string{invalid + " Listeners[0].Type"}},
		"listener auth":              {listener(kafka.Listener{Name: "tls", Port: 9094, Auth: "oauth"}), []string{unsupported + " Listeners[0].Auth"}},
		"listener auth nobody knows": {listener(kafka.Listener{Name: "tls", Port: 9094, Auth: "kerberos"}), []string{invalid + " Listeners[0].Auth"}},
		"listener auth twice":        {listener(kafka.Listener{Name: "tls", Port: 9094, Auth: kafka.SCRAM, Custom: &kafka.CustomAuth{SASL: true}}), []string{conflict + " Listeners[0].Custom"}},
		"certificates in the open":   {listener(kafka.Listener{Name: "tls", Port: 9094, Auth: kafka.MutualTLS, Plaintext: true}), []string{conflict + " Listeners[0].Auth"}},
		"route in the open":          {listener(kafka.Listener{Name: "tls", Port: 9094, Type: kafka.Route, Plaintext: true}), []string{conflict + " Listeners[0].Plaintext"}},
		"ingress without hosts": {listener(kafka.Listener{Name: "web", Port: 9094, Type: kafka.Ingress}),
			[]string{required + " Listeners[0].Hosts.Bootstrap", required + " Listeners[0].Hosts.Broker"}},
		"tlsroute without a gateway": {listener(kafka.Listener{Name: "web", Port: 9094, Type: kafka.TLSRoute, Base: strimziv1.Listener{Configuration: &strimziv1.ListenerConfiguration{
			Bootstrap: &strimziv1.ListenerBootstrap{Host: new("kafka.company.com")}, Brokers: []strimziv1.ListenerBroker{{Host: new("kafka-0.company.com")}}}}}),
			[]string{required + " Listeners[0].Gateways", required + " Listeners[0].Hosts.Broker"}},
		"listeners alike": {func(c *kafka.Cluster) {
			c.Listeners = []kafka.Listener{{Name: "tls", Port: 9093}, {Name: "tls", Port: 9093}}
		}, []string{duplicate + " Listeners[1].Name", duplicate + " Listeners[1].Port"}},
		"listener twice over": {listener(kafka.Listener{Name: "tls", Port: 9093, Plaintext: true, Base: strimziv1.Listener{Name: "tls", TLS: true}}),
			[]string{conflict + " Listeners[0].Base.Name", conflict + " Listeners[0].Base.TLS"}},
		"listener of another type": {listener(kafka.Listener{Name: "tls", Port: 9093, Base: strimziv1.Listener{Configuration: &strimziv1.ListenerConfiguration{
			Class: new("x"), LoadBalancerSourceRanges: []string{"10.0.0.0/8"}, IPFamilies: []corev1.IPFamily{corev1.IPv4Protocol},
			BrokerCertChainAndKey: &strimziv1.CertAndKeySecretSource{SecretName: "s", Key: "k"},
			Bootstrap:             &strimziv1.ListenerBootstrap{NodePort: new(int64(30000))},
			Brokers:               []strimziv1.ListenerBroker{{LoadBalancerIP: new("10.0.0.1")}},
		}}}), []string{
			conflict + " Listeners[0].Base.Configuration.Class",
			conflict + " Listeners[0].Base.Configuration.LoadBalancerSourceRanges",
			conflict + " Listeners[0].Base.Configuration.IPFamilies",
			conflict + " Listeners[0].Base.Configuration.Bootstrap.NodePort",
			conflict + " Listeners[0].Base.Configuration.Brokers[0].LoadBalancerIP",
			required + " Listeners[0].Base.Configuration.BrokerCertChainAndKey.Certificate",
		}},
		"services too long": {func(c *kafka.Cluster) {
			c.Name = strings.Repeat("a", 40)
			c.Listeners = []kafka.Listener{{Name: "external", Port: 9094, Type: kafka.LoadBalancer}}
		}, []string{invalid + " Listeners[0].Name"}},

		"setting of Strimzi":          {config("broker.id", "1"), []string{unsupported + " Config[broker.id]"}},
		"setting of Strimzi, capital": {config("SSL.Keystore.Location", "x"), []string{unsupported + " Config[SSL.Keystore.Location]"}},
		"setting in Base": {func(c *kafka.Cluster) { c.Base.Kafka.Config = strimziv1.JSONMap{"log.dirs": "/tmp"} },
			[]string{unsupported + " Base.Kafka.Config[log.dirs]"}},
		"setting of ZooKeeper": {config("inter.broker.protocol.version", "3.7"), []string{unsupported + " Config[inter.broker.protocol.version]"}},
		"setting no value": {func(c *kafka.Cluster) {
			c.Base.Kafka.Config = strimziv1.JSONMap{"num.partitions": map[string]any{"a": 1}}
		}, []string{invalid + " Base.Kafka.Config[num.partitions]"}},
		"setting twice": {func(c *kafka.Cluster) {
			c.Replication.Factor, c.Config = 3, map[string]string{"default.replication.factor": "2"}
		}, []string{conflict + " Config[default.replication.factor]"}},
		"setting twice, Base": {func(c *kafka.Cluster) {
			c.Log.SegmentBytes, c.Base.Kafka.Config = millrace.GiB, strimziv1.JSONMap{"log.segment.bytes": int64(1 << 20)}
		}, []string{conflict + " Base.Kafka.Config[log.segment.bytes]"}},
		"setting of two lines": {config("num.partitions", "3\nbroker.id=7"), []string{invalid + " Config[num.partitions]"}},
		"retention twice": {func(c *kafka.Cluster) {
			c.Log.Retention, c.Config = time.Hour, map[string]string{"log.retention.hours": "2"}
		}, []string{conflict + " Config[log.retention.hours]"}},
		"retention too fine": {func(c *kafka.Cluster) { c.Log.Retention = time.Microsecond }, []string{invalid + " Log.Retention"}},
		"retention negative": {func(c *kafka.Cluster) { c.Log.Retention = -1 }, []string{invalid + " Log.Retention"}},
		"segments too small": {func(c *kafka.Cluster) { c.Log.SegmentBytes = millrace.KiB }, []string{invalid + " Log.SegmentBytes"}},
		"sizes without a unit": {func(c *kafka.Cluster) {
			c.Log = kafka.Log{RetentionBytes: 100, SegmentBytes: 1}
			c.Pools[0].Volumes[0].Size, c.Pools[0].Resources.Memory = 500, 16
		}, []string{invalid + " Log.RetentionBytes", invalid + " Log.SegmentBytes", invalid + " Pools[0].Volumes[0].Size", invalid + " Pools[0].Resources.Memory"}},
		"role misspelt": {func(c *kafka.Cluster) { c.Pools[1].Roles = []kafka.Role{"controllers"} }, []string{invalid + " Pools[1].Roles[0]"}},

		"more replicas than brokers": {func(c *kafka.Cluster) { c.Replication.Factor = 5 }, []string{invalid + " Replication.Factor"}},
		"too few brokers for the default": {func(c *kafka.Cluster) { c.Pools[0].Replicas = new(2) },
			[]string{invalid + " Replication.Factor"}},
		"replicas negative":              {func(c *kafka.Cluster) { c.Replication.Factor = -1 }, []string{invalid + " Replication.Factor"}},
		"replicas absurd":                {func(c *kafka.Cluster) { c.Replication.Factor = math.MaxInt }, []string{invalid + " Replication.Factor"}},
		"replicas no number":             {config("offsets.topic.replication.factor", "three"), []string{invalid + " Config[offsets.topic.replication.factor]"}},
		"internal topics over brokers":   {config("transaction.state.log.replication.factor", "4"), []string{invalid + " Config[transaction.state.log.replication.factor]"}},
		"more in sync than replicas":     {func(c *kafka.Cluster) { c.Replication = kafka.Replication{Factor: 2, MinInSync: 3} }, []string{invalid + " Replication.MinInSync"}},
		"more in sync than txn replicas": {config("transaction.state.log.replication.factor", "1"), []string{invalid + " Replication.MinInSync"}},

		"no controllers": {func(c *kafka.Cluster) { c.Pools = c.Pools[:1] }, []string{required + " Pools"}},
		"no brokers":     {func(c *kafka.Cluster) { c.Pools[0].Replicas = new(0) }, []string{required + " Pools"}},
		"pools alike": {func(c *kafka.Cluster) { c.Pools = append(c.Pools, c.Pools[0]) },
			[]string{duplicate + " Pools[2].Name"}},
		"pool elsewhere": {func(c *kafka.Cluster) { c.Pools[0].Namespace, c.Pools[1].Cluster = "other", "other" },
			[]string{conflict + " Pools[0].Namespace", conflict + " Pools[1].Cluster"}},
		"pool without disks": {func(c *kafka.Cluster) { c.Pools[1].Volumes = nil }, []string{required + " Pools[1].Volumes"}},
		"pool spread":        {func(c *kafka.Cluster) { c.Pools[1].Spread = kafka.Spread{Zone: "a b"} }, []string{invalid + " Pools[1].Spread.Zone[a b]"}},

		"super users of no one": {func(c *kafka.Cluster) {
			c.Authorization.Open, c.Authorization.SuperUsers = true, []string{"CN=admin"}
		}, []string{conflict + " Authorization.Open"}},
		"super users as Kafka writes them": {func(c *kafka.Cluster) {
			c.Authorization.SuperUsers = []string{"User:CN=admin", ""}
		},
			[]string{invalid + " Authorization.SuperUsers[0]", required + " Authorization.SuperUsers[1]"}},
		"zone and none": {func(c *kafka.Cluster) { c.Spread = kafka.Spread{Zone: "zone", OneZone: true} }, []string{conflict + " Spread.Zone"}},
		"rack twice": {func(c *kafka.Cluster) {
			c.Spread.Zone, c.Base.Kafka.Rack = "zone", &strimziv1.Rack{Type: strimziv1.RackTypeEnvironmentVariable, EnvVarName: new("ZONE")}
			c.Pools[0].Pod.Env = []corev1.EnvVar{{Name: "ZONE", Value: "a"}}
		}, []string{conflict + " Base.Kafka.Rack"}},
		"Cruise Control of one": {func(c *kafka.Cluster) { c.Pools[0].Replicas, c.Replication.Factor = new(1), 1 }, []string{conflict + " CruiseControl.Off"}},
		"operators left out and in": {func(c *kafka.Cluster) {
			c.EntityOperator.NoTopics, c.EntityOperator.NoUsers, c.CruiseControl.Off = true, true, true
			c.Base.EntityOperator = &strimziv1.EntityOperatorSpec{TopicOperator: &strimziv1.EntityTopicOperatorSpec{}, UserOperator: &strimziv1.EntityUserOperatorSpec{}}
			c.Base.CruiseControl = &strimziv1.CruiseControlSpec{}
		}, []string{conflict + " Base.EntityOperator.TopicOperator", conflict + " Base.EntityOperator.UserOperator", conflict + " Base.CruiseControl"}},
		"many at once": {func(c *kafka.Cluster) {
			c.Name, c.Version, c.Pools[0].Volumes, c.Replication.Factor = "", "4", nil, 9
		}, []string{required + " Name", invalid + " Version", invalid + " Replication.Factor", required + " Pools[0].Volumes"}},
	} {
		t.Run(name, func(t *testing.T) {
			compare(t, tc.want, mistakes(t, with(smallCluster(), tc.change)))
		})
	}
}

func TestTopicMistakes(t *testing.T) {
	config := func(entries ...string) func(*kafka.Topic) {
		return func(topic *kafka.Topic) {
			topic.Config = map[string]string{}
			for i := 0; i < len(entries); i += 2 {
				topic.Config[entries[i]] = entries[i+1]
			}
		}
	}
	for name, tc := range map[string]struct {
		change func(*kafka.Topic)
		want   []string
	}{
		"nothing at all":      {func(t *kafka.Topic) { *t = kafka.Topic{} }, []string{required + " Name", required + " Cluster", required + " Partitions"}},
		"name of a directory": {func(t *kafka.Topic) { t.Name = ".." }, []string{invalid + " Name"}},
		"name with a space":   {func(t *kafka.Topic) { t.Name = "orders events" }, []string{invalid + " Name"}},
		"name with NUL":       {func(t *kafka.Topic) { t.Name = "orders\x00" }, []string{invalid + " Name"}},
		"name too long":       {func(t *kafka.Topic) { t.Name = strings.Repeat("a", 250) }, []string{invalid + " Name"}},
		"name of Kafka":       {func(t *kafka.Topic) { t.Name = "__consumer_offsets" }, []string{invalid + " Name"}},
		"resource":            {func(t *kafka.Topic) { t.Resource = "Orders" }, []string{invalid + " Resource"}},
		"cluster":             {func(t *kafka.Topic) { t.Cluster = "a/b" }, []string{invalid + " Cluster"}},
		"another cluster":     {func(t *kafka.Topic) { t.Labels = map[string]string{"strimzi.io/cluster": "other"} }, []string{conflict + " Labels[strimzi.io/cluster]"}},
		"partitions negative": {func(t *kafka.Topic) { t.Partitions = -1 }, []string{invalid + " Partitions"}},
		"partitions absurd":   {func(t *kafka.Topic) { t.Partitions = math.MaxInt }, []string{invalid + " Partitions"}},
		"partitions twice":    {func(t *kafka.Topic) { t.Base.Partitions = new(int64(3)) }, []string{conflict + " Base.Partitions"}},
		"replicas absurd":     {func(t *kafka.Topic) { t.Replicas = 1 << 15 }, []string{invalid + " Replicas"}},
		"in sync negative":    {func(t *kafka.Topic) { t.MinInSync = -1 }, []string{invalid + " MinInSync"}},
		"more in sync":        {func(t *kafka.Topic) { t.MinInSync = 4 }, []string{invalid + " MinInSync"}},
		"more in sync, Config": {func(t *kafka.Topic) { t.Replicas, t.Config = 1, map[string]string{"min.insync.replicas": "2"} },
			[]string{invalid + " Config[min.insync.replicas]"}},

		"retention negative": {func(t *kafka.Topic) { t.Retention = -time.Hour }, []string{invalid + " Retention"}},
		"retention too fine": {func(t *kafka.Topic) { t.Retention = time.Hour + 1 }, []string{invalid + " Retention"}},
		"bytes negative":     {func(t *kafka.Topic) { t.RetentionBytes, t.MaxMessage = -1, -1 }, []string{invalid + " RetentionBytes", invalid + " MaxMessage"}},
		"cleanup":            {func(t *kafka.Topic) { t.Cleanup = "compact,purge" }, []string{invalid + " Cleanup"}},
		"compression":        {func(t *kafka.Topic) { t.Compression = "lzma" }, []string{invalid + " Compression"}},
		"timestamps":         {func(t *kafka.Topic) { t.TimestampType = "createTime" }, []string{invalid + " TimestampType"}},
		"sizes without a unit": {func(t *kafka.Topic) { t.RetentionBytes, t.MaxMessage, t.Segment.Bytes = 100, 10, 1 },
			[]string{invalid + " RetentionBytes", invalid + " MaxMessage", invalid + " Segment.Bytes"}},
		"retention of a compacted topic": {func(t *kafka.Topic) {
			t.Cleanup, t.Retention, t.RetentionBytes, t.Compaction.MinLag = kafka.Compact, time.Hour, millrace.GiB, time.Hour
		}, []string{conflict + " RetentionBytes", conflict + " Retention"}},
		"compaction of a topic that deletes": {func(t *kafka.Topic) {
			t.Cleanup, t.Retention = kafka.Delete, time.Hour
			t.Compaction = kafka.Compaction{MinLag: time.Hour, MaxLag: 2 * time.Hour, DeleteRetention: time.Hour, DirtyRatio: 0.1}
		}, []string{conflict + " Compaction.DeleteRetention", conflict + " Compaction.MaxLag", conflict + " Compaction.DirtyRatio", conflict + " Compaction.MinLag"}},
		"both": {func(t *kafka.Topic) {
			t.Cleanup, t.Retention, t.Compaction.MinLag = kafka.CompactDelete, time.Hour, time.Hour
		}, nil},
		"whatever the brokers do": {func(t *kafka.Topic) { t.Retention, t.Compaction.MinLag = time.Hour, time.Hour }, nil},
		"message too large":       {func(t *kafka.Topic) { t.MaxMessage = 2 * millrace.GiB }, []string{invalid + " MaxMessage"}},
		"segments too small":      {func(t *kafka.Topic) { t.Segment.Bytes = 14 }, []string{invalid + " Segment.Bytes"}},
		"lags crossed":            {func(t *kafka.Topic) { t.Compaction.MinLag, t.Compaction.MaxLag = time.Hour, time.Minute }, []string{invalid + " Compaction.MaxLag"}},
		"ratio":                   {func(t *kafka.Topic) { t.Compaction.DirtyRatio = 1.5 }, []string{invalid + " Compaction.DirtyRatio"}},
		"ratio no number":         {func(t *kafka.Topic) { t.Compaction.DirtyRatio = math.NaN() }, []string{invalid + " Compaction.DirtyRatio"}},

		"unknown setting":    {config("retention.mss", "1"), []string{unknown + " Config[retention.mss]"}},
		"setting of brokers": {config("log.retention.ms", "1"), []string{unknown + " Config[log.retention.ms]"}},
		"removed setting":    {config("message.format.version", "2.8"), []string{unknown + " Config[message.format.version]"}},
		"no number":          {config("retention.ms", "7d"), []string{invalid + " Config[retention.ms]"}},
		"a float":            {config("retention.ms", "6.048e+08"), []string{invalid + " Config[retention.ms]"}},
		"no boolean":         {config("preallocate", "yes"), []string{invalid + " Config[preallocate]"}},
		"out of range":       {config("compression.lz4.level", "18", "compression.gzip.level", "-2"), []string{invalid + " Config[compression.gzip.level]", invalid + " Config[compression.lz4.level]"}},
		"not text":           {config("leader.replication.throttled.replicas", "\xff"), []string{invalid + " Config[leader.replication.throttled.replicas]"}},
		"a map":              {func(t *kafka.Topic) { t.Base.Config = strimziv1.JSONMap{"flush.ms": map[string]any{}} }, []string{invalid + " Base.Config[flush.ms]"}},
		"null":               {func(t *kafka.Topic) { t.Base.Config = strimziv1.JSONMap{"flush.ms": nil} }, []string{invalid + " Base.Config[flush.ms]"}},
		"twice":              {func(t *kafka.Topic) { t.Retention, t.Config = time.Hour, map[string]string{"retention.ms": "1"} }, []string{conflict + " Config[retention.ms]"}},
		"twice, Base": {func(t *kafka.Topic) {
			t.Compression, t.Base.Config = kafka.LZ4, strimziv1.JSONMap{"compression.type": "zstd"}
		}, []string{conflict + " Base.Config[compression.type]"}},
		"compacted, remote": {config("remote.storage.enable", "true", "cleanup.policy", "compact"), []string{invalid + " Config[remote.storage.enable]"}},
		"local over all":    {config("remote.storage.enable", "true", "retention.ms", "10", "local.retention.ms", "11"), []string{invalid + " Config[local.retention.ms]"}},
		"local for ever":    {config("remote.storage.enable", "true", "retention.bytes", "10", "local.retention.bytes", "-1"), []string{invalid + " Config[local.retention.bytes]"}},
		"nothing copied":    {config("remote.storage.enable", "true", "remote.log.copy.disable", "true", "retention.ms", "10", "local.retention.ms", "5"), []string{invalid + " Config[local.retention.ms]"}},
	} {
		t.Run(name, func(t *testing.T) {
			compare(t, tc.want, mistakes(t, with(smallTopic(), tc.change)))
		})
	}
}

func compare(t *testing.T, want, got []string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("mistakes (-want +got):\n%s", diff)
	}
}

// TestGood holds what is at the edge of what Build refuses.
func TestGood(t *testing.T) {
	for _, versions := range [][2]string{{"", "3.3-IV3"}, {"", "3.3"}, {"", "3.4-IV0"}, {"", "4.0"}, {"4.3.1", "4.3-IV0"}, {"4.3.1", "4.2-IV1"}, {"4.3.1", "3.9-IV0"}, {"5.0.0", "4.9"}} {
		if got := mistakes(t, with(smallCluster(), func(c *kafka.Cluster) { c.Version, c.MetadataVersion = versions[0], versions[1] })); got != nil {
			t.Errorf("%q: %q", versions, got)
		}
	}
	for _, settings := range []map[string]string{
		{"remote.storage.enable": "true", "retention.ms": "-1", "local.retention.ms": "100"},
		{"remote.storage.enable": "true", "retention.ms": "-1", "local.retention.ms": "-1"},
		{"remote.storage.enable": "true", "retention.ms": "10", "local.retention.ms": "10", "remote.log.copy.disable": "true"},
		{"remote.storage.enable": "true", "retention.ms": "10", "local.retention.ms": "-2", "cleanup.policy": "delete"},
		{"remote.storage.enable": "true", "local.retention.bytes": "10"},
		{"remote.storage.enable": "false", "cleanup.policy": "compact", "retention.ms": "1", "local.retention.ms": "9"},
		{"min.compaction.lag.ms": "5", "max.compaction.lag.ms": "5"},
	} {
		if got := mistakes(t, with(smallTopic(), func(t *kafka.Topic) { t.Config = settings })); got != nil {
			t.Errorf("%v: %q", settings, got)
		}
	}
	for _, name := range []string{strings.Repeat("a", 47), "a"} {
		if got := mistakes(t, with(smallCluster(), func(c *kafka.Cluster) { c.Name = name; c.Pools[1].Name = "c"; c.Pools[0].Name = "b" })); got != nil {
			t.Errorf("%s: %q", name, got)
		}
	}
	bare, err := with(smallPool(), func(b *kafka.BrokerPool) { b.Volumes = []kafka.Volume{{Ephemeral: true}} }).KafkaNodePool()
	if err != nil || bare.Spec.Storage.Volumes[0].SizeLimit != nil {
		t.Errorf("an ephemeral disk without a size: %+v, %v", bare, err)
	}
}

// TestNil gives nil builders and nil inside of builders.
func TestNil(t *testing.T) {
	for name, b := range map[string]millrace.Builder{
		"cluster": (*kafka.Cluster)(nil), "pool": (*kafka.BrokerPool)(nil), "topic": (*kafka.Topic)(nil), "rebalance": (*kafka.Rebalance)(nil), "user": (*kafka.User)(nil), "consumer": (*kafka.Consumer)(nil), "bridge": (*kafka.Bridge)(nil),
	} {
		if got := mistakes(t, b); !slices.Equal(got, []string{required + " "}) {
			t.Errorf("nil %s: %q", name, got)
		}
	}
}

// TestTyped goes through the methods that return Strimzi's types.
func TestTyped(t *testing.T) {
	k, err := smallCluster().Kafka()
	if err != nil || k.Kind != "Kafka" || k.APIVersion != "kafka.strimzi.io/v1" || k.Name != "events" {
		t.Errorf("Kafka: %v, %v", k, err)
	}
	pools, err := smallCluster().NodePools()
	if err != nil || len(pools) != 2 || pools[1].Name != "controller" || pools[1].Kind != "KafkaNodePool" {
		t.Errorf("NodePools: %v, %v", pools, err)
	}
	bad := &kafka.Cluster{}
	if k, err := bad.Kafka(); k != nil || err == nil {
		t.Errorf("Kafka of a bad cluster: %v, %v", k, err)
	}
	if pools, err := bad.NodePools(); pools != nil || err == nil {
		t.Errorf("NodePools of a bad cluster: %v, %v", pools, err)
	}
	if pool, err := new(kafka.BrokerPool).KafkaNodePool(); pool != nil || err == nil {
		t.Errorf("KafkaNodePool of a bad pool: %v, %v", pool, err)
	}
}

// TestBuildKeepsToItself builds twice, spoils what came out in between, and
// wants the builder and the second result unchanged.
func TestBuildKeepsToItself(t *testing.T) {
	for name, b := range goldens() {
		t.Run(name, func(t *testing.T) {
			before, err := json.Marshal(b)
			if err != nil {
				t.Fatal(err)
			}
			first := string(render(t, b))
			parts, err := b.Build()
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range parts.Objects {
				spoil(o)
			}
			after, err := json.Marshal(b)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(before), string(after)); diff != "" {
				t.Errorf("the builder changed (-before +after):\n%s", diff)
			}
			if diff := cmp.Diff(first, string(render(t, b))); diff != "" {
				t.Errorf("the second result differs (-first +second):\n%s", diff)
			}
		})
	}
}

// TestMistakesInOrder wants one list of mistakes, in one order.
func TestMistakesInOrder(t *testing.T) {
	c := smallCluster()
	c.Config = map[string]string{"a": "1", "b": "1", "c": "1", "d": "1"}
	c.Base.Kafka.Config = strimziv1.JSONMap{"a": "2", "b": "2", "c": "2", "d": "2"}
	_, want := c.Build()
	for range 20 {
		if _, err := c.Build(); err == nil || err.Error() != want.Error() {
			t.Fatalf("first\n%v\nand then\n%v", want, err)
		}
	}
}
