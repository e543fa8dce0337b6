package kafkaconf_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace/internal/kafkaconf"
)

type settings = map[string]any

// told are the keys that are wrong, and what is to be done.
func told(entries []kafkaconf.Entry) []string {
	var out []string
	for _, e := range entries {
		out = append(out, e.Key+": "+e.Detail+"; "+e.Fix)
	}
	return out
}

func TestCheckTopic(t *testing.T) {
	remote := func(more settings) settings {
		more["remote.storage.enable"] = "true"
		return more
	}
	tiered := settings{"remote.log.storage.system.enable": true}
	for name, tc := range map[string]struct {
		version        string
		topic, brokers settings
		want           []string
	}{
		"nothing":              {"", settings{}, nil, nil},
		"lag":                  {"", settings{"min.compaction.lag.ms": "5", "max.compaction.lag.ms": 4}, nil, []string{"max.compaction.lag.ms: 4 is less than min.compaction.lag.ms, 5; raise it"}},
		"lag, one":             {"", settings{"min.compaction.lag.ms": "5"}, nil, nil},
		"lag, brokers":         {"", settings{"min.compaction.lag.ms": "5"}, settings{"log.cleaner.max.compaction.lag.ms": int64(4)}, []string{"min.compaction.lag.ms: 5 is more than max.compaction.lag.ms, 4; lower it"}},
		"lag, no number":       {"", settings{"min.compaction.lag.ms": "5", "max.compaction.lag.ms": "x"}, nil, []string{`max.compaction.lag.ms: "x": it is no whole number of 64 bits; write all digits, without a unit or an exponent`}},
		"compacted":            {"", remote(settings{"cleanup.policy": "compact"}), nil, []string{"remote.storage.enable: a topic in remote storage can't be compacted; use the cleanup policy delete"}},
		"compacted by brokers": {"", remote(settings{}), settings{"remote.log.storage.system.enable": true, "log.cleanup.policy": "compact"}, []string{"remote.storage.enable: a topic in remote storage can't be compacted; use the cleanup policy delete"}},
		"no policy":            {"4.3.1", remote(settings{"cleanup.policy": ""}), tiered, nil},
		"no policy, 4.1":       {"4.1.1", remote(settings{"cleanup.policy": ""}), tiered, []string{"remote.storage.enable: Kafka 4.1 takes no topic in remote storage without a cleanup policy; use the cleanup policy delete"}},
		"no storage":           {"", remote(settings{}), settings{}, []string{"remote.storage.enable: the brokers have no tiered storage; configure it for the cluster, or leave it out"}},
		"local":                {"", remote(settings{"retention.ms": "5", "local.retention.ms": "6"}), nil, []string{"local.retention.ms: local.retention.ms, 6, is more than retention.ms, 5; lower the local one"}},
		"local, derived":       {"", remote(settings{"retention.ms": "5", "local.retention.ms": "-2"}), nil, nil},
		"local, for ever":      {"", remote(settings{"retention.bytes": "5", "local.retention.bytes": "-1"}), nil, []string{"local.retention.bytes: local.retention.bytes, -1, is more than retention.bytes, 5; lower the local one"}},
		"local, hours":         {"", remote(settings{"local.retention.ms": "3600001"}), settings{"remote.log.storage.system.enable": true, "log.retention.hours": 1}, []string{"local.retention.ms: local.retention.ms, 3600001, is more than retention.ms, 3600000; lower the local one"}},
		"local, defaults":      {"", remote(settings{"local.retention.ms": "604800001"}), tiered, []string{"local.retention.ms: local.retention.ms, 604800001, is more than retention.ms, 604800000; lower the local one"}},
		"local, not remote":    {"", settings{"retention.ms": "5", "local.retention.ms": "6"}, nil, nil},
		"copies": {"", remote(settings{"retention.ms": "5", "local.retention.ms": "4", "remote.log.copy.disable": true}), nil,
			[]string{"local.retention.ms: local.retention.ms, 4, differs from retention.ms, 5, while remote.log.copy.disable is on; make them equal, or leave local.retention out"}},
	} {
		if diff := cmp.Diff(tc.want, told(kafkaconf.CheckTopic(tc.version, tc.topic, tc.brokers))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestCheckBroker(t *testing.T) {
	for name, tc := range map[string]struct {
		version string
		brokers settings
		want    []string
	}{
		"nothing":           {"", settings{}, nil},
		"low":               {"", settings{"replica.fetch.wait.max.ms": 40000}, []string{"replica.fetch.wait.max.ms: 40000 is more than replica.socket.timeout.ms, 30000; lower it, or raise replica.socket.timeout.ms", "replica.fetch.wait.max.ms: 40000 is more than replica.lag.time.max.ms, 30000; lower it, or raise replica.lag.time.max.ms"}},
		"high":              {"", settings{"group.consumer.max.session.timeout.ms": 44999}, []string{"group.consumer.max.session.timeout.ms: 44999 is less than group.consumer.session.timeout.ms, 45000; raise it, or lower group.consumer.session.timeout.ms"}},
		"equal":             {"", settings{"group.consumer.max.session.timeout.ms": 45000}, nil},
		"less, equal":       {"", settings{"connection.failed.authentication.delay.ms": 5000, "connections.max.idle.ms": 5000}, []string{"connection.failed.authentication.delay.ms: 5000 is not less than connections.max.idle.ms, 5000; lower it, or raise connections.max.idle.ms"}},
		"less, high":        {"", settings{"group.share.session.timeout.ms": 45000, "group.share.min.session.timeout.ms": 45000, "group.share.heartbeat.interval.ms": 5000}, nil},
		"never idle":        {"", settings{"connections.max.idle.ms": -1}, nil},
		"retention":         {"", settings{"log.retention.ms": 0}, []string{"log.retention.ms: nothing would be kept at all; use 1 or more, or -1 for no end"}},
		"retention, hours":  {"", settings{"log.retention.hours": 0, "log.retention.minutes": 5}, nil},
		"retention, never":  {"", settings{"log.retention.minutes": -7}, nil},
		"roll":              {"", settings{"log.roll.ms": 0, "log.roll.jitter.ms": -1}, []string{"log.roll.ms: 0 is out of range; use 1 or more", "log.roll.jitter.ms: -1 is out of range; use 0 or more"}},
		"flush":             {"", settings{"log.flush.scheduler.interval.ms": -1}, []string{"log.flush.scheduler.interval.ms: -1 is out of range; use 0 or more"}},
		"flush, overruled":  {"", settings{"log.flush.scheduler.interval.ms": -1, "log.flush.interval.ms": 1}, nil},
		"local":             {"", settings{"remote.log.storage.system.enable": true, "log.retention.ms": 5, "log.local.retention.ms": 6}, []string{"log.local.retention.ms: log.local.retention.ms, 6, is more than log.retention.ms, 5; lower the local one"}},
		"local, not remote": {"", settings{"log.retention.ms": 5, "log.local.retention.ms": 6}, nil},
		"cleaner":           {"", settings{"log.cleaner.dedupe.buffer.size": 1 << 20}, []string{"log.cleaner.dedupe.buffer.size: 1048576 bytes for 1 threads are no more than 1 MiB for each; raise log.cleaner.dedupe.buffer.size"}},
		"no cleaner":        {"", settings{"log.cleaner.threads": "0"}, []string{"log.cleaner.threads: nothing would be compacted; use 1 or more"}},
		"queue":             {"", settings{"queued.max.request.bytes": 5}, []string{"queued.max.request.bytes: 5 is less than socket.request.max.bytes, 104857600; raise it, or lower socket.request.max.bytes"}},
		"connections":       {"", settings{"max.connections.per.ip": 0}, []string{"max.connections.per.ip: nobody could connect; use 1 or more, or set max.connections.per.ip.overrides"}},
		"connections, some": {"", settings{"max.connections.per.ip": 0, "max.connections.per.ip.overrides": "10.0.0.1:5"}, nil},
		"codec":             {"", settings{"offsets.topic.compression.codec": 5}, []string{"offsets.topic.compression.codec: 5 is no codec; use 0 for none, 1 for gzip, 2 for snappy, 3 for lz4 or 4 for zstd"}},
		"protocols":         {"", settings{"group.coordinator.rebalance.protocols": "consumer"}, []string{"group.coordinator.rebalance.protocols: the protocol classic can't be turned off; add classic"}},
		"assignors":         {"", settings{"group.share.assignors": "simple,company.Assignor"}, []string{"group.share.assignors: there are 2; name one"}},
		"snapshots, 4.2":    {"4.2.0", settings{"share.coordinator.snapshot.update.records.per.snapshot": 501}, []string{"share.coordinator.snapshot.update.records.per.snapshot: 501 is out of range; use 0 to 500"}},
		"snapshots, 4.3":    {"4.3.0", settings{"share.coordinator.snapshot.update.records.per.snapshot": 501}, []string{`share.coordinator.snapshot.update.records.per.snapshot: "501": it is out of range; use 0 to 500`}},
		"newer":             {"4.2.0", settings{"cordoned.log.dirs": ""}, []string{"cordoned.log.dirs: Kafka 4.2.0 has no such setting for brokers yet; remove it, or use a newer Kafka"}},
		"older":             {"4.2.0", settings{"group.share.enable": true}, nil},
		"unknown":           {"", settings{"company.level": 1}, []string{"company.level: Kafka 4.3 has no such setting for brokers; remove it"}},
	} {
		if diff := cmp.Diff(tc.want, told(kafkaconf.CheckBroker(tc.version, tc.brokers))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestNearMiss(t *testing.T) {
	for key, want := range map[string]string{
		"log.retention.hour": "log.retention.hours", "Log-Retention_Hours": "log.retention.hours", "logRetentionHours": "log.retention.hours",
		"company.retention.hours": "", "log.retention": "", "": "",
	} {
		if got, ok := kafkaconf.NearMiss(kafkaconf.Broker, key); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %v; want %q", key, got, ok, want)
		}
	}
}

func TestStrimziFault(t *testing.T) {
	for key, values := range map[string]map[string]bool{
		"auto.create.topics.enable":              {"true": false, "TRUE": true, "\x20true": true},
		"num.partitions":                         {"3": false, "+3": false, "\x203": true},
		"compression.gzip.level":                 {"-1": false, "9": false, "+9": true, "09": true},
		"compression.type":                       {"zstd": false, "zstd\x20": true},
		"log.cleanup.policy":                     {"delete": false, "delete , compact": false, "\x20delete": false, "": true, "delete,\tcompact": true},
		"remote.log.storage.manager.impl.prefix": {"rsm.": false, "": true},
		"metric.reporters":                       {"": false, "a,b": false},
		"log.cleaner.min.cleanable.ratio":        {"\x200.5\x20": false},
	} {
		for value, refused := range values {
			s, ok := kafkaconf.Lookup(kafkaconf.Broker, key)
			if why, fix := s.StrimziFault(value); !ok || (why != "") != refused || (fix != "") != refused {
				t.Errorf("%s=%q: %q, %q", key, value, why, fix)
			}
		}
	}
}

// FuzzWhole wants what one entry is told alone to be told of the whole, and
// every finding to be complete.
func FuzzWhole(f *testing.F) {
	f.Add("retention.ms", "5", "local.retention.ms", "6")
	f.Add("log.retention.hours", "0", "log.cleaner.threads", "7")
	f.Fuzz(func(t *testing.T, key1, value1, key2, value2 string) {
		config := settings{key1: value1, key2: value2, "remote.storage.enable": "true"}
		for scope, entries := range map[kafkaconf.Scope][]kafkaconf.Entry{
			kafkaconf.Topic: kafkaconf.CheckTopic("", config, settings{key1: value2}), kafkaconf.Broker: kafkaconf.CheckBroker("4.1.0", config),
		} {
			told := map[string]bool{}
			for _, e := range entries {
				told[e.Key] = true
				if _, given := config[e.Key]; !given || e.Detail == "" || e.Fix == "" {
					t.Errorf("%s: %+v", scope, e)
				}
			}
			for key, value := range config {
				if _, bad := kafkaconf.Check(scope, key, value); bad && scope == kafkaconf.Topic && !told[key] {
					t.Errorf("%s %s=%q is told alone, and not of the whole", scope, key, value)
				}
			}
		}
	})
}
