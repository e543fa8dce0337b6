package kafka_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// TestUnknownCluster names clusters that the composition has, nearly has, has
// elsewhere, and doesn't have.
func TestUnknownCluster(t *testing.T) {
	cluster := with(smallCluster(), func(c *kafka.Cluster) { c.Namespace = "kafka" })
	connect := with(smallConnect(), func(c *kafka.Connect) { c.Name, c.Namespace = "sinks", "kafka" })
	named := func(namespace, name string) map[string]millrace.Builder {
		return map[string]millrace.Builder{
			"topic":     with(smallTopic(), func(o *kafka.Topic) { o.Namespace, o.Cluster = namespace, name }),
			"user":      with(smallUser(), func(o *kafka.User) { o.Namespace, o.Cluster = namespace, name }),
			"pool":      with(smallPool(), func(o *kafka.BrokerPool) { o.Name, o.Namespace, o.Cluster = "more", namespace, name }),
			"rebalance": with(smallRebalance(), func(o *kafka.Rebalance) { o.Namespace, o.Cluster = namespace, name }),
		}
	}
	connector := func(namespace, name string) millrace.Builder {
		return &kafka.Connector{Name: "orders", Namespace: namespace, Cluster: name, Class: "a.B"}
	}
	const label = "metadata.labels[strimzi.io/cluster]: "
	for name, tc := range map[string]struct {
		of      millrace.Builder
		objects map[string]millrace.Builder
		want    string
		not     string
	}{
		"there":               {cluster, named("kafka", "events"), "", ""},
		"misspelt":            {cluster, named("kafka", "evnts"), label + "there is no Kafka evnts beside it; did you mean events?", ""},
		"another":             {cluster, named("kafka", "billing"), label + "there is no Kafka billing beside it, only events", ""},
		"in a namespace":      {cluster, named("other", "events"), "metadata.namespace: the Kafka events is in the namespace kafka", "topic"},
		"elsewhere":           {cluster, named("other", "billing"), "", ""},
		"connector":           {connect, map[string]millrace.Builder{"one": connector("kafka", "sinks")}, "", ""},
		"misspelt connect":    {connect, map[string]millrace.Builder{"one": connector("kafka", "sink")}, label + "there is no KafkaConnect sink beside it; did you mean sinks?", ""},
		"connect elsewhere":   {connect, map[string]millrace.Builder{"one": connector("other", "sinks")}, "metadata.namespace: the KafkaConnect sinks is in the namespace kafka", ""},
		"connector of itself": {cluster, map[string]millrace.Builder{"one": connector("kafka", "sinks")}, "", ""},
		"topic that is yours": {cluster, map[string]millrace.Builder{"one": with(smallTopic(), func(o *kafka.Topic) {
			o.Namespace, o.Cluster, o.Annotations = "kafka", "evnts", map[string]string{"strimzi.io/managed": "false"}
		})}, "", ""},
	} {
		for kind, object := range tc.objects {
			want := tc.want
			if kind == tc.not {
				want = ""
			}
			if diff := cmp.Diff(want, strings.Join(unknownClusters(t, build(t, tc.of, object)), "\n")); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", name, kind, diff)
			}
		}
	}
}

func unknownClusters(t *testing.T, b *millrace.Bundle) []string {
	t.Helper()
	rules := kafka.Rules()
	rule := rules[slices.IndexFunc(rules, func(r millrace.Rule) bool { return r.ID == "kafka/unknown-cluster" })]
	var out []string
	for _, o := range b.Objects() {
		rule.Check(&millrace.Pass{Object: o, Bundle: b, Report: func(field, detail string) { out = append(out, field+": "+detail) }})
	}
	return out
}
