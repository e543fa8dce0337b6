package kafkabroker_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// fullTopic has a value in every field that sets something.
func fullTopic() *kafka.Topic {
	return &kafka.Topic{
		Name: "Full_Topic.v2", Cluster: "events", Partitions: 3, Replicas: 1, MinInSync: 1,
		Retention: 36 * time.Hour, RetentionBytes: 10 * millrace.GiB, Cleanup: kafka.CompactDelete, Compression: kafka.ZSTD,
		TimestampType: kafka.LogAppendTime, MaxMessage: 2 * millrace.MiB,
		Segment:    kafka.Segment{Bytes: 256 * millrace.MiB, Age: 24 * time.Hour},
		Compaction: kafka.Compaction{DeleteRetention: 48 * time.Hour, MinLag: time.Minute, MaxLag: time.Hour, DirtyRatio: 0.2},
		Config:     map[string]string{"compression.zstd.level": "-5", "unclean.leader.election.enable": "false", "preallocate": "true"},
		Base:       strimziv1.KafkaTopicSpec{Config: strimziv1.JSONMap{"flush.ms": int64(60000), "segment.jitter.ms": 5}},
	}
}

// described is a topic as the broker has it.
type described struct {
	Partitions int64             `json:"partitions"`
	Replicas   int64             `json:"replicas"`
	Config     map[string]string `json:"config"`
}

// topicCases make topics and read them back, and set values of which broker and
// builder must think alike.
func topicCases(t *testing.T) []labCase {
	var out []labCase
	for id, topic := range map[string]*kafka.Topic{
		"a topic with everything": fullTopic(),
		"a topic with nothing":    {Name: "plain-topic", Cluster: "events", Partitions: 2, Replicas: 1},
		"a topic that keeps all":  {Name: "kept-topic", Cluster: "events", Partitions: 1, Replicas: 1, Retention: kafka.Forever},
	} {
		made, err := topic.KafkaTopic()
		if err != nil {
			t.Fatal(err)
		}
		want := described{Partitions: *made.Spec.Partitions, Replicas: *made.Spec.Replicas, Config: map[string]string{}}
		for key, value := range made.Spec.Config {
			text, err := json.Marshal(value)
			if err != nil {
				t.Fatal(err)
			}
			want.Config[key] = strings.Trim(string(text), `"`)
		}
		out = append(out, labCase{ID: id, Do: "topic", Manifest: made, check: func(t *testing.T, r result) {
			works(t, r)
			var got described
			if r.OK {
				if err := json.Unmarshal(r.Got, &got); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("rendered against made (-want +got):\n%s", diff)
			}
		}})
	}
	for i, config := range [...]map[string]string{
		{"segment.bytes": "1048575"}, {"segment.bytes": "1048576"}, {"segment.bytes": "2147483648"}, {"retention.ms": "-2"}, {"retention.ms": "-1"},
		{"retention.ms": "1e9"}, {"cleanup.policy": "compacted"}, {"cleanup.policy": "delete,compact"}, {"cleanup.policy": ""},
		{"compression.type": "lz5"}, {"compression.type": "LZ4"}, {"compression.gzip.level": "-1"}, {"compression.lz4.level": "18"},
		{"compression.zstd.level": "23"}, {"min.insync.replicas": "0"}, {"max.compaction.lag.ms": "0"}, {"min.compaction.lag.ms": "5", "max.compaction.lag.ms": "4"},
		{"min.cleanable.dirty.ratio": "1.1"}, {"min.cleanable.dirty.ratio": "1"}, {"preallocate": "yes"}, {"preallocate": "TRUE"}, {"retention": "1"},
		{"message.format.version": "3.0"}, {"message.timestamp.type": "createtime"}, {"local.retention.ms": "5", "retention.ms": "4", "remote.storage.enable": "false"},
		{"segment.index.bytes": "3"}, {"segment.ms": "0"}, {"delete.retention.ms": "-1"}, {"max.message.bytes": "-1"}, {"flush.messages": "0"},
	} {
		topic := &kafka.Topic{Name: fmt.Sprintf("value-%d", i), Cluster: "events", Partitions: 1, Replicas: 1, Config: config}
		_, refusal := topic.KafkaTopic()
		manifest, err := (&kafka.Topic{Name: topic.Name, Cluster: "events", Partitions: 1, Replicas: 1}).KafkaTopic()
		if err != nil {
			t.Fatal(err)
		}
		for key, value := range config {
			manifest.Spec.Config[key] = value
		}
		text, _ := json.Marshal(config)
		out = append(out, labCase{ID: "topic of " + string(text), Do: "topic", Manifest: manifest, check: func(t *testing.T, r result) {
			if r.OK != (refusal == nil) {
				t.Errorf("the broker takes it: %v; Build: %v", r.OK, refusal)
			}
		}})
	}
	return out
}

// quotaCases set quotas and read them back, and those that both refuse.
func quotaCases(t *testing.T) []labCase {
	full := &kafka.User{Name: "quotas", Cluster: "events", Auth: kafka.SCRAM, Quotas: kafka.ClientQuotas{
		Produce: 10 * millrace.MiB, Consume: 20 * millrace.MiB, RequestPercent: 55, Mutations: 0.5}}
	made, err := full.KafkaUser()
	if err != nil {
		t.Fatal(err)
	}
	out := []labCase{{ID: "quotas", Do: "quotas", Manifest: made, check: func(t *testing.T, r result) {
		works(t, r)
		var got map[string]float64
		if r.OK {
			if err := json.Unmarshal(r.Got, &got); err != nil {
				t.Fatal(err)
			}
		}
		want := map[string]float64{"producer_byte_rate": 10 << 20, "consumer_byte_rate": 20 << 20, "request_percentage": 55, "controller_mutation_rate": 0.5}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	}}}
	for id, zero := range map[string]strimziv1.KafkaUserQuotas{
		"bytes-written": {ProducerByteRate: new(int64(0))}, "bytes-read": {ConsumerByteRate: new(int64(0))},
		"percentage": {RequestPercentage: new(int64(0))}, "mutations": {ControllerMutationRate: new(0.0)},
	} {
		raw := &kafka.User{Name: "no-" + id, Cluster: "events", Auth: kafka.SCRAM, Base: strimziv1.KafkaUserSpec{Quotas: &zero}}
		_, refusal := raw.KafkaUser()
		manifest := made.DeepCopy()
		manifest.Name, manifest.Spec.Quotas = raw.Name, &zero
		out = append(out, labCase{ID: "a quota of no " + id, Do: "quotas", Manifest: manifest, check: func(t *testing.T, r result) {
			if r.OK || refusal == nil {
				t.Errorf("the broker takes it: %v; Build: %v", r.OK, refusal)
			}
		}})
	}
	return out
}

// addressCases compare the addresses of rules with how Java writes those of
// clients.
func addressCases(t *testing.T) []labCase {
	var out []labCase
	for _, host := range [...]string{"10.0.0.1", "::1", "2001:db8::a:0:1", "fe80::1", "::ffff:10.1.2.3", "2001:DB8:0:0:1::1"} {
		want := user(t, "address", kafka.Produce{Topics: []string{"t"}, Hosts: []string{host}}).Spec.Authorization.ACLs[0].Host
		out = append(out, labCase{ID: "address " + host, Do: "address", With: map[string]string{"host": host}, check: func(t *testing.T, r result) {
			var got string
			if err := json.Unmarshal(r.Got, &got); err != nil {
				t.Fatal(err)
			}
			if got != *want {
				t.Errorf("the rule is for %s, the client's address is %s", *want, got)
			}
		}})
	}
	return out
}
