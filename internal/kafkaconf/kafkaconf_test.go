package kafkaconf_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/millrace/millrace/internal/kafkaconf"
)

func TestSettings(t *testing.T) {
	for _, tc := range []struct {
		version string
		want    kafkaconf.Setting
		dynamic bool
	}{
		{"", kafkaconf.Setting{Scope: kafkaconf.Broker, Key: "log.retention.ms", Type: kafkaconf.Long, Mode: kafkaconf.ClusterWide}, true},
		{"", kafkaconf.Setting{Scope: kafkaconf.Broker, Key: "log.retention.hours", Type: kafkaconf.Int, Default: "168", HasDefault: true, Mode: kafkaconf.ReadOnly}, false},
		{"4.2.1", kafkaconf.Setting{Scope: kafkaconf.Broker, Key: "ssl.keystore.location", Type: kafkaconf.String, Mode: kafkaconf.PerBroker}, true},
		{"4.0.0", kafkaconf.Setting{Scope: kafkaconf.Topic, Key: "retention.ms", Type: kafkaconf.Long, Default: "604800000", HasDefault: true, BrokerKey: "log.retention.ms"}, false},
		{"9.1", kafkaconf.Setting{Scope: kafkaconf.Topic, Key: "remote.storage.enable", Type: kafkaconf.Bool, Default: "false", HasDefault: true}, false},
		{"", kafkaconf.Setting{Scope: kafkaconf.ConnectWorker, Key: "group.id", Type: kafkaconf.String, Required: true}, false},
		{"", kafkaconf.Setting{Scope: kafkaconf.ConnectWorker, Key: "offset.storage.replication.factor", Type: kafkaconf.Short, Default: "3", HasDefault: true}, false},
		{"", kafkaconf.Setting{Scope: kafkaconf.SourceConnector, Key: "tasks.max", Type: kafkaconf.Int, Default: "1", HasDefault: true}, false},
		{"", kafkaconf.Setting{Scope: kafkaconf.SinkConnector, Key: "topics", Type: kafkaconf.List, HasDefault: true}, false},
		{"", kafkaconf.Setting{Scope: kafkaconf.MirrorSource, Key: "replication.factor", Type: kafkaconf.Int, Default: "2", HasDefault: true}, false},
		{"", kafkaconf.Setting{Scope: kafkaconf.Producer, Key: "acks", Type: kafkaconf.String, Default: "all", HasDefault: true}, false},
		{"", kafkaconf.Setting{Scope: kafkaconf.Consumer, Key: "max.poll.records", Type: kafkaconf.Int, Default: "500", HasDefault: true}, false},
		{"", kafkaconf.Setting{Scope: kafkaconf.Admin, Key: "retries", Type: kafkaconf.Int, Default: "2147483647", HasDefault: true}, false},
	} {
		got, ok := kafkaconf.LookupIn(tc.version, tc.want.Scope, tc.want.Key)
		if diff := cmp.Diff(tc.want, got, cmpopts.IgnoreUnexported(kafkaconf.Setting{})); diff != "" || !ok {
			t.Errorf("in %s, %v (-want +got):\n%s", tc.version, ok, diff)
		}
		if got.Dynamic() != tc.dynamic {
			t.Errorf("%s: dynamic is %v", got.Key, got.Dynamic())
		}
	}
}

// What only some versions have is known as theirs.
func TestVersions(t *testing.T) {
	for _, tc := range []struct {
		key, version string
		in           bool
	}{
		{"cordoned.log.dirs", "4.2.1", false}, {"cordoned.log.dirs", "4.3.0", true}, {"cordoned.log.dirs", "", true},
		{"group.share.enable", "4.1.1", true}, {"group.share.enable", "4.0.0", true}, {"group.share.enable", "4.2.9", true}, {"group.share.enable", "4.3.0", false},
		{"group.share.enable", "4.10.0", false}, {"group.share.enable", "3.9.1", true},
	} {
		if _, in := kafkaconf.LookupIn(tc.version, kafkaconf.Broker, tc.key); in != tc.in {
			t.Errorf("%s in %s: %v", tc.key, tc.version, in)
		}
	}
	if s, ok := kafkaconf.Lookup(kafkaconf.Broker, "group.share.enable"); !ok || s.Type != kafkaconf.Bool {
		t.Errorf("group.share.enable: %+v, %v", s, ok)
	}
	if diff := cmp.Diff([]string{"4.0", "4.1", "4.2", "4.3"}, kafkaconf.Versions()); diff != "" {
		t.Error(diff)
	}
	kafkaconf.Versions()[0] = "spoilt"
	if kafkaconf.Versions()[0] != "4.0" {
		t.Error("Versions shares its memory")
	}
}

func TestFaults(t *testing.T) {
	for _, tc := range []struct {
		scope   kafkaconf.Scope
		key     string
		values  []string
		refused bool
	}{
		{kafkaconf.Broker, "auto.create.topics.enable", []string{"true", "FALSE", " true\t", "\x01true"}, false},
		{kafkaconf.Broker, "auto.create.topics.enable", []string{"yes", "1", "", "\u00a0true"}, true},
		{kafkaconf.Broker, "log.segment.bytes", []string{"1048576", " 2147483647 ", "+1048576", "001048576"}, false},
		{kafkaconf.Broker, "log.segment.bytes", []string{"1048575", "2147483648", "1.8e+06", "1Gi", "", "1_048_576", "0x100000"}, true},
		{kafkaconf.Broker, "log.retention.ms", []string{"-9223372036854775808", "9223372036854775807"}, false},
		{kafkaconf.Broker, "log.retention.ms", []string{"9223372036854775808", "7d"}, true},
		{kafkaconf.Broker, "default.replication.factor", []string{"1", "3"}, false},
		{kafkaconf.Broker, "log.cleaner.min.cleanable.ratio", []string{"0", "1", "5e-1", ".5", "0x1p-1", "0.5d"}, false},
		{kafkaconf.Broker, "log.cleaner.min.cleanable.ratio", []string{"1.01", "-0.1", "50%", "NaN", "half", "Infinity"}, true},
		{kafkaconf.Broker, "log.cleaner.io.max.bytes.per.second", []string{"Infinity", "+Infinity", "1.7976931348623157E308", "1e999"}, false},
		{kafkaconf.Broker, "log.cleaner.io.max.bytes.per.second", []string{"++Infinity", "inf", "infinity"}, true},
		{kafkaconf.Broker, "compression.type", []string{"zstd", " lz4 ", "producer"}, false},
		{kafkaconf.Broker, "compression.type", []string{"ZSTD", "brotli", ""}, true},
		{kafkaconf.Broker, "group.consumer.migration.policy", []string{"bidirectional", "Upgrade"}, false},
		{kafkaconf.Broker, "group.consumer.migration.policy", []string{"up"}, true},
		{kafkaconf.Topic, "compression.gzip.level", []string{"-1", "1", "9"}, false},
		{kafkaconf.Topic, "compression.gzip.level", []string{"0", "-2", "10"}, true},
		{kafkaconf.Topic, "compression.zstd.level", []string{"-131072", "0", "22"}, false},
		{kafkaconf.Topic, "compression.zstd.level", []string{"-131073", "23"}, true},
		{kafkaconf.Topic, "cleanup.policy", []string{"", "compact , delete", "delete,delete"}, false},
		{kafkaconf.Topic, "cleanup.policy", []string{"delete,", "compact;delete", "Delete"}, true},
		{kafkaconf.Topic, "leader.replication.throttled.replicas", []string{"", "*", "0:1, 1:2", "0:1,"}, false},
		{kafkaconf.Topic, "leader.replication.throttled.replicas", []string{"0", "*,0:1", "a:b"}, true},
		{kafkaconf.Consumer, "auto.offset.reset", []string{"earliest", "none", "by_duration:PT1H", "by_duration:p1dt0.5s", "by_duration:-PT-1H", "by_duration:PT1H-30M"}, false},
		{kafkaconf.Consumer, "auto.offset.reset", []string{"Earliest", "by_duration", "by_duration:", "by_duration:1h", "by_duration:P", "by_duration:PT", "by_duration:-PT1H", "by_duration:PT-0.5S", "by_duration:P1M"}, true},
		{kafkaconf.Consumer, "bootstrap.servers", []string{"a:9092,b:9092"}, false},
		{kafkaconf.Consumer, "bootstrap.servers", []string{"", "a:9092,,b:9092"}, true},
		{kafkaconf.Consumer, "group.instance.id", []string{"a"}, false},
		{kafkaconf.Consumer, "group.instance.id", []string{"", "  "}, true},
		{kafkaconf.Producer, "acks", []string{"all", "-1", "0"}, false},
		{kafkaconf.Producer, "acks", []string{"2", "ALL"}, true},
		{kafkaconf.Producer, "security.protocol", []string{"ssl", "SASL_SSL"}, false},
		{kafkaconf.Producer, "security.protocol", []string{"TLS"}, true},
		{kafkaconf.ConnectWorker, "status.storage.replication.factor", []string{"-1", "3"}, false},
		{kafkaconf.ConnectWorker, "status.storage.replication.factor", []string{"0", "-2", "32768"}, true},
		{kafkaconf.ConnectWorker, "connect.protocol", []string{"Eager", "sessioned"}, false},
		{kafkaconf.ConnectWorker, "connect.protocol", []string{"lazy"}, true},
		{kafkaconf.ConnectWorker, "listeners", []string{"http://:8083"}, false},
		{kafkaconf.ConnectWorker, "listeners", []string{"", "http://:8083,"}, true},
		{kafkaconf.ConnectWorker, "key.converter", []string{"company.Converter"}, false},
		{kafkaconf.SourceConnector, "transforms", []string{"", "a,b"}, false},
		{kafkaconf.SourceConnector, "transforms", []string{"a,a"}, true},
		{kafkaconf.SourceConnector, "transaction.boundary.interval.ms", []string{"0"}, false},
		{kafkaconf.SourceConnector, "transaction.boundary.interval.ms", []string{"-1"}, true},
		{kafkaconf.SourceConnector, "name", []string{"orders"}, false},
		{kafkaconf.SourceConnector, "name", []string{"", "a\u0007b"}, true},
		{kafkaconf.SinkConnector, "errors.tolerance", []string{"all"}, false},
		{kafkaconf.SinkConnector, "errors.tolerance", []string{"ALL"}, true},
		{kafkaconf.MirrorSource, "topics", []string{".*", "a,b"}, false},
		{kafkaconf.MirrorSource, "topics", []string{"a,a"}, true},
	} {
		s, ok := kafkaconf.Lookup(tc.scope, tc.key)
		if !ok {
			t.Errorf("%s %s is not there", tc.scope, tc.key)
			continue
		}
		for _, value := range tc.values {
			why, fix := s.Fault(value)
			if (why != "") != tc.refused || (why == "") != (fix == "") {
				t.Errorf("%s %s=%q: %q, %q", tc.scope, tc.key, value, why, fix)
			}
		}
	}
}

func TestCheck(t *testing.T) {
	for _, tc := range []struct {
		scope kafkaconf.Scope
		key   string
		value any
		want  kafkaconf.Fault
	}{
		{kafkaconf.Topic, "segment.bytes", 1000, kafkaconf.Fault{Kind: kafkaconf.Value, Detail: `"1000": it is out of range`, Fix: "use 1048576 to 2147483647"}},
		{kafkaconf.Topic, "segment.ms", "0", kafkaconf.Fault{Kind: kafkaconf.Value, Detail: `"0": it is out of range`, Fix: "use 1 or more"}},
		{kafkaconf.Topic, "retention.ms", map[string]any{}, kafkaconf.Fault{Kind: kafkaconf.Value, Detail: "map[]: it is neither a string, a number, a boolean nor a list", Fix: "write the value as one string"}},
		{kafkaconf.Topic, "compression.gzip.level", int64(0), kafkaconf.Fault{Kind: kafkaconf.Value, Detail: `"0": it is out of range`, Fix: "use -1, or 1 to 9"}},
		{kafkaconf.Topic, "retentoin.ms", "1", kafkaconf.Fault{Kind: kafkaconf.Unknown, Detail: "Kafka 4.3 has no such setting for topics", Fix: "did you mean retention.ms?"}},
		{kafkaconf.Topic, "company.owner", "1", kafkaconf.Fault{Kind: kafkaconf.Unknown, Detail: "Kafka 4.3 has no such setting for topics", Fix: "remove it"}},
		{kafkaconf.Topic, "message.max.bytes", "1", kafkaconf.Fault{Kind: kafkaconf.Misplaced, Detail: "Kafka 4.3 has no such setting for topics", Fix: "that is the name for brokers; use max.message.bytes"}},
		{kafkaconf.Topic, "message.format.version", "3.0", kafkaconf.Fault{Kind: kafkaconf.Removed, Detail: "it is gone since Kafka 4.0", Fix: "leave it out: Kafka 4 has one format"}},
		{kafkaconf.Broker, "retention.ms", "1", kafkaconf.Fault{Kind: kafkaconf.Misplaced, Detail: "Kafka 4.3 has no such setting for brokers", Fix: "that is the name for topics; use log.retention.ms"}},
		{kafkaconf.Broker, "zookeeper.connect", "1", kafkaconf.Fault{Kind: kafkaconf.Removed, Detail: "it is gone since Kafka 4.0", Fix: "leave it out: there is no ZooKeeper since Kafka 4.0"}},
		{kafkaconf.Broker, "internal.metadata.max.fetch.size.in.bytes", "1", kafkaconf.Fault{Kind: kafkaconf.Removed, Detail: "it is gone since Kafka 4.3", Fix: "leave it out"}},
		{kafkaconf.Producer, "ssl.key.password", " ", kafkaconf.Fault{}},
		{kafkaconf.Producer, "linger.ms", "${env:LINGER}", kafkaconf.Fault{}},
		{kafkaconf.SinkConnector, "tasks.max", "1${secrets:kafka/sink:tasks}", kafkaconf.Fault{}},
		{kafkaconf.Producer, "linger.ms", "$LINGER", kafkaconf.Fault{Kind: kafkaconf.Value, Detail: `"$LINGER": it is no whole number of 64 bits`, Fix: "write all digits, without a unit or an exponent"}},
		{kafkaconf.Topic, "retention.ms", "${env:X}", kafkaconf.Fault{Kind: kafkaconf.Value, Detail: `"${env:X}": it is no whole number of 64 bits`, Fix: "write all digits, without a unit or an exponent"}},
		{kafkaconf.Topic, "retention.ms", 1.8e9, kafkaconf.Fault{}},
		{kafkaconf.Topic, "cleanup.policy", []any{"compact", "delete"}, kafkaconf.Fault{}},
		{kafkaconf.Topic, "min.cleanable.dirty.ratio", 0.5, kafkaconf.Fault{}},
	} {
		got, bad := kafkaconf.Check(tc.scope, tc.key, tc.value)
		if diff := cmp.Diff(tc.want, got); diff != "" || bad != (tc.want.Detail != "") {
			t.Errorf("%s=%v (-want +got):\n%s", tc.key, tc.value, diff)
		}
	}
}

// Every default is a value that its own setting takes.
func TestDefaults(t *testing.T) {
	defaults := 0
	for _, scope := range scopes {
		for key := range kafkaconf.Keys(scope) {
			for _, version := range kafkaconf.Versions() {
				s, ok := kafkaconf.LookupIn(version, scope, key)
				if !ok || !s.HasDefault {
					continue
				}
				defaults++
				if why, _ := s.Fault(s.Default); why != "" && key != "bootstrap.controllers" {
					t.Errorf("%s %s in %s: the default %q: %s", scope, key, version, s.Default, why)
				}
			}
		}
	}
	if defaults < 2500 {
		t.Errorf("%d defaults only", defaults)
	}
}

var scopes = []kafkaconf.Scope{kafkaconf.Broker, kafkaconf.Topic, kafkaconf.ConnectWorker, kafkaconf.SourceConnector, kafkaconf.SinkConnector,
	kafkaconf.MirrorSource, kafkaconf.MirrorCheckpoint, kafkaconf.MirrorHeartbeat, kafkaconf.Producer, kafkaconf.Consumer, kafkaconf.Admin}

// No key is there and removed at once, and each scope has its settings.
func TestTable(t *testing.T) {
	least := map[kafkaconf.Scope]int{kafkaconf.Broker: 340, kafkaconf.Topic: 33, kafkaconf.ConnectWorker: 130, kafkaconf.MirrorSource: 100, kafkaconf.Consumer: 110}
	for _, scope := range scopes {
		n := 0
		for key := range kafkaconf.Keys(scope) {
			n++
			_, now := kafkaconf.LookupIn("", scope, key)
			fault, bad := kafkaconf.CheckKey(scope, key)
			if now == bad || bad && (fault.Kind != kafkaconf.Removed || fault.Detail != "it is gone since Kafka "+gone(scope, key)) {
				t.Errorf("%s %s: there is %v, but %+v", scope, key, now, fault)
			}
		}
		if n < max(least[scope], 20) {
			t.Errorf("%s has %d settings only", scope, n)
		}
	}
}

// gone is the first version of the table that lacks a key which was there.
func gone(scope kafkaconf.Scope, key string) (version string) {
	for _, v := range slices.Backward(kafkaconf.Versions()) {
		if _, ok := kafkaconf.LookupIn(v, scope, key); ok {
			return version
		}
		version = v
	}
	return version
}

// FuzzFault wants every value judged, and what is taken to be taken with
// blanks around it too.
func FuzzFault(f *testing.F) {
	f.Add("broker", "log.segment.bytes", "1048576")
	f.Add("consumer", "auto.offset.reset", "by_duration:PT1H")
	f.Add("topic", "leader.replication.throttled.replicas", "0:1,1:2")
	f.Add("broker", "log.cleaner.min.cleanable.ratio", "0x1p-1")
	f.Fuzz(func(t *testing.T, scope, key, value string) {
		fault, bad := kafkaconf.Check(kafkaconf.Scope(scope), key, value)
		if bad == (fault.Detail == "") || bad == (fault.Fix == "") {
			t.Errorf("%+v, %v", fault, bad)
		}
		for key := range kafkaconf.Keys(kafkaconf.Consumer) {
			s, _ := kafkaconf.Lookup(kafkaconf.Consumer, key)
			why, _ := s.Fault(value)
			if again, _ := s.Fault(" \t" + value + "\n"); again != why {
				t.Errorf("%s=%q: %q, and with blanks %q", key, value, why, again)
			}
		}
	})
}

func BenchmarkCheck(b *testing.B) {
	for b.Loop() {
		kafkaconf.Check(kafkaconf.Broker, "log.segment.bytes", 1<<20)
	}
}
