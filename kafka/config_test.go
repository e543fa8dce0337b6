package kafka_test

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// topicSettings are the settings of Kafka 4.3, with values that it takes and
// values that it doesn't.
var topicSettings = map[string]struct{ good, bad []string }{
	"cleanup.policy":                          {[]string{"compact", "delete", "compact,delete", "delete, compact", "", "delete,delete"}, []string{"purge", "delete,"}},
	"compression.gzip.level":                  {[]string{"-1", "1", "9"}, []string{"10", "-2"}},
	"compression.lz4.level":                   {[]string{"1", "17"}, []string{"0", "18"}},
	"compression.type":                        {[]string{"uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"}, []string{"LZ4", "none", ""}},
	"compression.zstd.level":                  {[]string{"-131072", "22"}, []string{"-131073", "23"}},
	"delete.retention.ms":                     {[]string{"0", "86400000"}, []string{"-1"}},
	"file.delete.delay.ms":                    {[]string{"0"}, []string{"-1"}},
	"flush.messages":                          {[]string{"1", "9223372036854775807"}, []string{"0", "9223372036854775808"}},
	"flush.ms":                                {[]string{"0"}, []string{"-1"}},
	"follower.replication.throttled.replicas": {[]string{"*", "0:1,1:2"}, nil},
	"index.interval.bytes":                    {[]string{"0", "4096"}, []string{"-1"}},
	"leader.replication.throttled.replicas":   {[]string{"*"}, nil},
	"local.retention.bytes":                   {[]string{"-2", "-1"}, []string{"-3"}},
	"local.retention.ms":                      {[]string{"-2", "100"}, []string{"-3"}},
	"max.compaction.lag.ms":                   {[]string{"1"}, []string{"0"}},
	"max.message.bytes":                       {[]string{"0", "2147483647"}, []string{"2147483648", "-1", "1Mi"}},
	"message.timestamp.after.max.ms":          {[]string{"0"}, []string{"-1"}},
	"message.timestamp.before.max.ms":         {[]string{"0"}, []string{"-1"}},
	"message.timestamp.type":                  {[]string{"CreateTime", "LogAppendTime"}, []string{"logappendtime"}},
	"min.cleanable.dirty.ratio":               {[]string{"0", "0.5", "1"}, []string{"1.1", "-0.1", "half", "NaN"}},
	"min.compaction.lag.ms":                   {[]string{"0"}, []string{"-1"}},
	"min.insync.replicas":                     {[]string{"1", "2"}, []string{"0", "two"}},
	"preallocate":                             {[]string{"true", "False"}, []string{"1"}},
	"remote.log.copy.disable":                 {[]string{"true"}, []string{"on"}},
	"remote.log.delete.on.disable":            {[]string{"false"}, []string{"off"}},
	"remote.storage.enable":                   {[]string{"true"}, []string{"yes"}},
	"retention.bytes":                         {[]string{"-1", "0", "107374182400"}, []string{"100Gi", "1e9"}},
	"retention.ms":                            {[]string{"-1", "604800000", " 5 "}, []string{"-2", "7d"}},
	"segment.bytes":                           {[]string{"1048576", "2147483647"}, []string{"1048575", "14"}},
	"segment.index.bytes":                     {[]string{"4"}, []string{"3"}},
	"segment.jitter.ms":                       {[]string{"0"}, []string{"-1"}},
	"segment.ms":                              {[]string{"1"}, []string{"0"}},
	"unclean.leader.election.enable":          {[]string{"false"}, []string{"never"}},
}

func TestTopicSettings(t *testing.T) {
	if n := len(topicSettings); n != 33 {
		t.Errorf("the table has %d settings, Kafka 4.3 has 33", n)
	}
	for key, values := range topicSettings {
		for _, good := range values.good {
			if got := mistakes(t, with(smallTopic(), func(t *kafka.Topic) { t.Config = map[string]string{key: good} })); got != nil {
				t.Errorf("%s = %q: %q", key, good, got)
			}
		}
		for _, bad := range values.bad {
			if got := mistakes(t, with(smallTopic(), func(t *kafka.Topic) { t.Config = map[string]string{key: bad} })); len(got) != 1 || got[0] != invalid+" Config["+key+"]" {
				t.Errorf("%s = %q: %q", key, bad, got)
			}
		}
	}
}

// TestSuggestions holds misspelled settings to what Build says of them.
func TestSuggestions(t *testing.T) {
	for key, want := range map[string]string{
		"retention.mss":                       "did you mean retention.ms?",
		"retentoin.ms":                        "did you mean retention.ms?",
		"cleanup-policy":                      "did you mean cleanup.policy?",
		"compression":                         "remove it",
		"log.retention.ms":                    "use retention.ms",
		"log.cleanup.policy":                  "use cleanup.policy",
		"message.format.version":              "Kafka 4 has one format",
		"message.timestamp.difference.max.ms": "use message.timestamp.before.max.ms",
		"message.downconversion.enable":       "converts nothing",
		"":                                    "remove it",
		strings.Repeat("x", 10000):            "remove it",
	} {
		_, err := with(smallTopic(), func(t *kafka.Topic) { t.Config = map[string]string{key: "1"} }).Build()
		if got := findings(t, err); len(got) != 1 || !strings.Contains(got[0].Fix, want) {
			t.Errorf("%.40q: %.200v, want the fix %q", key, got, want)
		}
	}
}

// TestBaseTakesNewerSettings lets Base say what Kafka 4.3 doesn't know.
func TestBaseTakesNewerSettings(t *testing.T) {
	topic := with(smallTopic(), func(t *kafka.Topic) { t.Base.Config = strimziv1.JSONMap{"remote.copy.lag.ms": int64(5)} })
	made, err := topic.KafkaTopic()
	if err != nil || made.Spec.Config["remote.copy.lag.ms"] != int64(5) {
		t.Errorf("%v, %v", made, err)
	}
	if got := check(t, build(t, topic)); len(got) != 1 || !strings.HasPrefix(got[0], "kafka/unknown-topic-config ") {
		t.Errorf("rules: %q", got)
	}
}

// TestBrokerSettings goes through what Strimzi drops, and what it doesn't.
func TestBrokerSettings(t *testing.T) {
	dropped := []string{
		"advertised.listeners", "authorizer.class.name", "broker.id", "broker.id.generation.enable",
		"client.quota.callback.static.excluded.principal.name.list", "client.quota.callback.static.fetch", "client.quota.callback.static.kafka.admin.bootstrap.servers",
		"client.quota.callback.static.produce", "client.quota.callback.static.storage.per.volume.limit.min.available.bytes",
		"controller.quorum.voters", "controller.quota.window.num", "cordoned.log.dirs", "cruise.control.metrics.reporter.bootstrap.servers", "cruise.control.metrics.topic",
		"host.name", "inter.broker.listener.name", "listener.security.protocol.map", "listener.name.tls-9093.ssl.keystore.location", "listener.name.tls-9094.max.connections",
		"listeners", "log.dir", "log.dirs", "log.dir.failure.timeout.ms", "metadata.log.dir", "node.id", "password.encoder.secret", "port", "process.roles",
		"prometheus.metrics.reporter.listener", "sasl.enabled.mechanisms", "security.inter.broker.protocol", "ssl.keystore.location", "super.users",
		"zookeeper.connect", "zookeeper.metadata.migration.enable", "zookeeper.set.acl", "zookeeper.ssl.client.enable",
		"inter.broker.protocol.version", "log.message.format.version",
	}
	kept := []string{
		"broker.heartbeat.interval.ms", "broker.session.timeout.ms", "controller.quorum.election.backoff.max.ms", "controller.quorum.election.timeout.ms",
		"controller.quorum.fetch.timeout.ms", "controller.socket.timeout.ms", "cruise.control.metrics.topic.auto.create.retries",
		"cruise.control.metrics.topic.auto.create.timeout.ms", "cruise.control.metrics.topic.min.insync.replicas", "cruise.control.metrics.topic.num.partitions",
		"cruise.control.metrics.topic.replication.factor", "cruise.control.metrics.topic.retention.ms", "sasl.server.max.receive.size", "ssl.cipher.suites",
		"ssl.enabled.protocols", "ssl.protocol", "ssl.secure.random.implementation",
		"listener.name.tls-9093.max.connections", "listener.name.tls-9093.connections.max.reauth.ms", "listener.name.tls-9093.max.connection.creation.rate",
		"num.partitions", "log.retention.hours", "metric.reporters", "company.plugin.setting",
	}
	try := func(key string) []string {
		return mistakes(t, with(smallCluster(), func(c *kafka.Cluster) { c.Config = map[string]string{key: "1"} }))
	}
	for _, key := range dropped {
		for _, spelled := range []string{key, strings.ToUpper(key)} {
			if got := try(spelled); len(got) != 1 || got[0] != unsupported+" Config["+spelled+"]" {
				t.Errorf("%s: %q", spelled, got)
			}
		}
	}
	for _, key := range kept {
		if got := try(key); got != nil {
			t.Errorf("%s: %q", key, got)
		}
	}
}

// TestResourceNames holds names of topics to those of their objects.
func TestResourceNames(t *testing.T) {
	for name, want := range map[string]string{
		"orders-events-v2":       "orders-events-v2",
		"orders.events":          "orders.events",
		"orders_events":          "orders-events-8a1b",
		"Orders":                 "orders-",
		"_schemas":               "schemas-",
		"-":                      "",
		"a..b":                   "a--b-",
		strings.Repeat("A", 249): strings.Repeat("a", 244) + "-",
	} {
		topic, err := with(smallTopic(), func(t *kafka.Topic) { t.Name = name }).KafkaTopic()
		if err != nil {
			t.Errorf("%.40q: %v", name, err)
			continue
		}
		if name == want {
			if topic.Name != name || topic.Spec.TopicName != nil {
				t.Errorf("%q: the object is %q, topicName %v", name, topic.Name, topic.Spec.TopicName)
			}
			continue
		}
		prefix := strings.TrimRight(want, "0123456789abcdef")
		if !strings.HasPrefix(topic.Name, prefix) || topic.Spec.TopicName == nil || *topic.Spec.TopicName != name {
			t.Errorf("%.40q: the object is %q, topicName %v", name, topic.Name, topic.Spec.TopicName)
		}
	}
	topic, err := with(smallTopic(), func(t *kafka.Topic) { t.Resource = "other" }).KafkaTopic()
	if err != nil || topic.Name != "other" || *topic.Spec.TopicName != "orders" {
		t.Errorf("named: %v, %v", topic, err)
	}
}

// FuzzTopic wants every topic that Build accepts to have an object whose name
// Kubernetes takes, whose name and settings are those that were given, and
// which rules can look at.
func FuzzTopic(f *testing.F) {
	f.Add("orders-events-v2", "retention.ms", "604800000")
	f.Add("Orders_Events", "cleanup.policy", "compact,delete")
	f.Add("__internal", "log.retention.ms", "-1")
	f.Add("a\x00b", "compression.type", "\xff")
	f.Fuzz(func(t *testing.T, name, key, value string) {
		topic := &kafka.Topic{Name: name, Cluster: "events", Partitions: 1, Config: map[string]string{key: value}}
		made, err := topic.KafkaTopic()
		if err != nil {
			for _, f := range findings(t, err) {
				if f.Rule == "" || f.Field == "" || f.Detail == "" || f.Fix == "" {
					t.Errorf("a finding is not complete: %+v", f)
				}
			}
			return
		}
		if why := validation.IsDNS1123Subdomain(made.Name); why != nil {
			t.Errorf("the object is named %q: %v", made.Name, why)
		}
		in := made.Name
		if made.Spec.TopicName != nil {
			in = *made.Spec.TopicName
		}
		if in != name || made.Spec.Config[key] != value {
			t.Errorf("the topic is %q with %v", in, made.Spec.Config)
		}
		for _, finding := range check(t, build(t, millrace.Parts{Objects: []millrace.Object{made}})) {
			if strings.HasPrefix(finding, "kafka/unknown-topic-config") || strings.HasPrefix(finding, "kafka/topic-config") {
				t.Errorf("Build lets through what a rule finds: %s", finding)
			}
		}
	})
}
