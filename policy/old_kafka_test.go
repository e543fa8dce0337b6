package policy_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/policy"
)

// TestOldKafka lints manifests of an API version that nobody serves, also one
// that can't be read as today's object, and finds nothing of the kind once
// they are upgraded.
func TestOldKafka(t *testing.T) {
	const old = `apiVersion: kafka.strimzi.io/v1beta1
kind: Kafka
metadata: {name: old}
spec:
  kafka:
    version: 2.8.0
    replicas: 3
    listeners:
      tls: {}
    storage: {type: ephemeral}
  zookeeper: {replicas: 3, storage: {type: ephemeral}}
---
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaConnect
metadata: {name: old}
spec: {version: 3.7.0, bootstrapServers: b, externalConfiguration: {env: []}}
---
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaRebalance
metadata: {name: old}
`
	loaded, err := millrace.LoadReader("old.yaml", strings.NewReader(old))
	if err != nil {
		t.Fatal(err)
	}
	found := func(b *millrace.Bundle) []string {
		var out []string
		for _, f := range policy.Production().Check(b).Findings {
			if f.Rule == "kafka/version" || f.Rule == policy.RuleUnchecked || strings.HasPrefix(f.Rule, "schema/") {
				at := millrace.Position{File: f.File, Line: f.Line}
				out = append(out, at.String()+" "+f.Rule+" "+f.Object.Kind+" "+f.Field)
			}
		}
		return out
	}
	want := []string{
		"old.yaml:1 kafka/version Kafka apiVersion",
		"old.yaml:7 kafka/version Kafka spec.kafka.replicas",
		"old.yaml:10 kafka/version Kafka spec.kafka.storage",
		"old.yaml:11 kafka/version Kafka spec.zookeeper",
		"old.yaml:13 kafka/version KafkaConnect apiVersion",
		"old.yaml:16 kafka/version KafkaConnect spec.externalConfiguration",
		"old.yaml:16 kafka/version KafkaConnect spec.version",
		"old.yaml:18 kafka/version KafkaRebalance apiVersion",
	}
	if diff := cmp.Diff(want, found(loaded)); diff != "" {
		t.Errorf("old (-want +got):\n%s", diff)
	}
	upgraded, err := kafka.Upgrade(loaded.Objects()...)
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := millrace.Build(upgraded)
	if err != nil {
		t.Fatal(err)
	}
	if got := found(bundle); got != nil {
		t.Errorf("upgraded: %v", got)
	}
}
