package kafka_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// versionFindings applies kafka/version to manifests as they were loaded.
func versionFindings(t *testing.T, text string) []string {
	t.Helper()
	rules := kafka.Rules()
	rule := rules[slices.IndexFunc(rules, func(r millrace.Rule) bool { return r.ID == "kafka/version" })]
	var out []string
	for _, o := range loadText(t, text) {
		report := func(field, detail, _ string) {
			if detail == "" {
				t.Errorf("%s has no detail", field)
			}
			out = append(out, o.GetObjectKind().GroupVersionKind().Kind+" "+field)
		}
		rule.Check(&millrace.Pass{Object: o, Raw: o, Bundle: build(t), ReportFix: report, Report: func(field, detail string) { report(field, detail, "") }})
	}
	slices.Sort(out)
	return out
}

// TestVersionOfEveryKind names each field that v1 would drop, of all kinds.
func TestVersionOfEveryKind(t *testing.T) {
	for kind, tc := range map[string]struct {
		spec string
		want []string
	}{
		"Kafka": {"kafka: {replicas: 1, storage: {type: ephemeral}, listeners: [{name: a, port: 9095, type: internal, tls: true, authentication: {type: oauth, clientId: a}}]}\nzookeeper: {replicas: 1}",
			[]string{"spec.kafka.listeners[0].authentication.clientId", "spec.kafka.replicas", "spec.kafka.storage", "spec.zookeeper"}},
		"KafkaNodePool":     {"replicas: 1\nroles: [broker]\nstorage: {type: ephemeral, overrides: []}", []string{"spec.storage.overrides"}},
		"KafkaTopic":        {"partitions: 1", nil},
		"KafkaUser":         {"authorization: {type: simple, acls: [{resource: {type: topic, name: t}, operation: Read}]}", []string{"spec.authorization.acls[0].operation"}},
		"KafkaConnect":      {"externalConfiguration: {}\nconfig: {anything.goes: 1}", []string{"spec.externalConfiguration"}},
		"KafkaConnector":    {"pause: true", []string{"spec.pause"}},
		"KafkaMirrorMaker2": {"connectCluster: a\nclusters: []\nmirrors: [{sourceCluster: a}]", []string{"spec.clusters", "spec.connectCluster", "spec.mirrors[0].sourceCluster"}},
		"KafkaBridge":       {"enableMetrics: true", []string{"spec.enableMetrics"}},
		"KafkaRebalance":    {"mode: full", nil},
	} {
		t.Run(kind, func(t *testing.T) {
			want := []string{kind + " apiVersion"}
			for _, path := range tc.want {
				want = append(want, kind+" "+path)
			}
			if diff := cmp.Diff(want, versionFindings(t, manifest("v1beta2", kind, tc.spec))); diff != "" {
				t.Errorf("v1beta2 (-want +got):\n%s", diff)
			}
			if got := versionFindings(t, manifest("v1", kind, tc.spec)); got != nil {
				t.Errorf("v1: %v", got)
			}
		})
	}
	for _, kind := range []string{"KafkaMirrorMaker", "KafkaConnectS2I", "KafkaThing"} {
		if diff := cmp.Diff([]string{kind + " kind"}, versionFindings(t, manifest("v1beta2", kind, "a: b"))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", kind, diff)
		}
	}
	if got := versionFindings(t, strings.ReplaceAll(manifest("v1beta2", "KafkaTopic", "a: b"), "kafka.strimzi.io", "example.com")); got != nil {
		t.Errorf("of another group: %v", got)
	}
}
