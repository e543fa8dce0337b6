package kafka_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// TestMistakesInOneWord holds what a user is told: each mistake once, by the
// field that it is in, in the words of the field, and nothing that follows from
// another mistake.
func TestMistakesInOneWord(t *testing.T) {
	cluster := func(change func(*kafka.Cluster)) millrace.Builder { return with(smallCluster(), change) }
	listener := func(l kafka.Listener) millrace.Builder {
		return cluster(func(c *kafka.Cluster) { c.Listeners = []kafka.Listener{l} })
	}
	consumer := func(change func(*kafka.Consumer)) millrace.Builder { return with(smallConsumer(), change) }
	user := func(change func(*kafka.User)) millrace.Builder { return with(smallUser(), change) }
	mirror := func(change func(*kafka.MirrorMaker)) millrace.Builder { return with(smallMirror(), change) }
	for name, tc := range map[string]struct {
		builder millrace.Builder
		want    []string // "field: what is wrong; what to do"
	}{
		"negative disk": {cluster(func(c *kafka.Cluster) { c.Pools[0].Volumes[0].Size = -1 }), []string{
			"Pools[0].Volumes[0].Size: -1: it is negative; leave it out, or give a size"}},
		"Connect without anything": {&kafka.Connect{}, []string{
			"Name: is required; give it a name", "Kafka.Cluster: is required; name the Kafka cluster, or give addresses, host:port"}},
		"MirrorMaker without anything": {&kafka.MirrorMaker{}, []string{
			"Name: is required; give it a name", "Target.Kafka.Cluster: is required; name the Kafka cluster, or give addresses, host:port",
			"Mirrors: nothing is copied; add a mirror"}},
		"authentication in other words": {listener(kafka.Listener{Name: "a", Port: 9093, Auth: "SCRAM"}), []string{
			`Listeners[0].Auth: "SCRAM": Strimzi doesn't know it; use kafka.MutualTLS or kafka.SCRAM, or the field Custom`}},
		"authentication of users": {listener(kafka.Listener{Name: "a", Port: 9093, Auth: kafka.ExternalTLS}), []string{
			`Listeners[0].Auth: "tls-external": it is for users only; use kafka.MutualTLS or kafka.SCRAM, or leave it out`}},
		"addresses": {with(smallConnect(), func(c *kafka.Connect) { c.Kafka = kafka.Connection{Servers: []string{"a", "b:9092", "c:x"}} }), []string{
			`Kafka.Servers: "a", "c:x": it is no address of a broker; write each as host:port`}},
		"version of workers": {with(smallConnect(), func(c *kafka.Connect) { c.Workers.Version = "3.7.0" }), []string{
			`Workers.Version: 3.7.0: the operators with kafka.strimzi.io/v1 run Kafka 4 and later; use one such as "4.3.1", or leave it to the operator`}},
		"version of a MirrorMaker": {mirror(func(m *kafka.MirrorMaker) { m.Workers.Version = "latest" }), []string{
			`Workers.Version: "latest": it is no version of Kafka; use one such as "4.3.1", or leave it to the operator`}},
		"restarts of both connectors": {mirror(func(m *kafka.MirrorMaker) { m.Mirrors[0].Restart.Max = new(-1) }), []string{
			"Mirrors[0].Restart.Max: -1: it is out of range; use 0 or more, or leave it out"}},
		"pull secrets": {with(smallPool(), func(b *kafka.BrokerPool) { b.Pod.PullSecrets = []string{"a", "A"} }), []string{
			`Pod.PullSecrets[1]: "A": not a DNS name; use at most 253 lower-case letters, digits, '-' and '.', with a letter or digit at both ends`}},
		"key of a config map": {cluster(func(c *kafka.Cluster) { c.Metrics = kafka.JMX{Key: "a/b"} }), []string{
			`Metrics.Key: "a/b": no ConfigMap can have such an entry; use letters, digits, '-', '_' and '.'`}},
		"namespace of a Connect": {with(smallConnector(), func(c *kafka.Connector) { c.Connect = &kafka.Connect{Name: "etl", Namespace: "A"}; c.Cluster = "" }), []string{
			`Connect.Namespace: "A": not a DNS label; use at most 63 lower-case letters, digits and '-', with a letter or digit at both ends`}},
		"renewal without certificates": {user(func(u *kafka.User) { u.Auth, u.ValidityDays = kafka.NoCredentials, 30 }), []string{
			"ValidityDays: it is about certificates that the operator makes, and there is none; leave it out, or use kafka.MutualTLS"}},
		"password without SCRAM": {user(func(u *kafka.User) { u.Auth, u.Password = kafka.NoCredentials, kafka.SecretKey{Name: "a", Key: "b"} }), []string{
			"Password: only users with SCRAM have a password; leave it out, or use kafka.SCRAM"}},
		"evictions": {consumer(func(c *kafka.Consumer) { c.MaxUnavailable = 1 << 32 }), []string{
			"MaxUnavailable: 4294967296: it is out of range; use 1 to 2147483647, or leave it out"}},
		"name of a variable": {consumer(func(c *kafka.Consumer) { c.Variables.Topics = "A B" }), []string{
			`Variables.Topics: "A B": it is no name of an environment variable; use letters, digits, '_', '-' and '.'`}},
		"empty probe": {consumer(func(c *kafka.Consumer) { c.Liveness = &corev1.Probe{} }), []string{
			"Liveness: is required; say what it asks: Exec, HTTPGet, TCPSocket or GRPC"}},
		"patterns of certificates": {consumer(func(c *kafka.Consumer) {
			c.Kafka = kafka.Connection{Cluster: "events", Trusted: []kafka.Trusted{{Secret: "a"}, {Secret: "b", Pattern: "*.pem"}}}
		}), []string{
			"Kafka.Trusted[1]: a program and KEDA are given one file of certificates; put all certificates into one",
			"Kafka.Trusted[1].Pattern: a program and KEDA are given one file of certificates; name it in Certificate"}},
		"login by pointer": {consumer(func(c *kafka.Consumer) {
			c.Kafka = kafka.Connection{Cluster: "events", Login: &kafka.CustomLogin{Config: map[string]string{"sasl.mechanism": "PLAIN"}}}
		}), []string{
			"Kafka.Login: how a program does that is its own matter; leave it out, give the program what it needs by Env, and name a TriggerAuthentication in Scaler.Authentication"}},
		"no metrics and some": {with(smallConnect(), func(c *kafka.Connect) {
			c.Workers.Metrics, c.Base.MetricsConfig = kafka.NoMetrics{}, &strimziv1.MetricsConfig{Type: "strimziMetricsReporter"}
		}), []string{"Base.MetricsConfig: the field Workers.Metrics turns it off; leave one of the two out"}},
		"no metrics and some, of a mirror": {mirror(func(m *kafka.MirrorMaker) {
			m.Workers.Metrics, m.Base.MetricsConfig = kafka.NoMetrics{}, &strimziv1.MetricsConfig{Type: "strimziMetricsReporter"}
		}), []string{"Base.MetricsConfig: the field Workers.Metrics turns it off; leave one of the two out"}},
		"no metrics and some, of a bridge": {with(smallBridge(), func(b *kafka.Bridge) {
			b.Metrics, b.Base.MetricsConfig = &kafka.NoMetrics{}, &strimziv1.MetricsConfig{Type: "strimziMetricsReporter"}
		}), []string{"Base.MetricsConfig: the field Metrics turns it off; leave one of the two out"}},
		"users of Cruise Control": {cluster(func(c *kafka.Cluster) { c.CruiseControl.APIUsers.Key = "users.txt" }), []string{
			"CruiseControl.APIUsers.Name: is required; name the Secret"}},
		"nil access": {user(func(u *kafka.User) { u.Access = []kafka.Access{(*kafka.Consume)(nil)} }), []string{"Access[0]: is required; it is a nil *kafka.Consume: leave the field out, or give the value itself"}},
		"nil quotas": {cluster(func(c *kafka.Cluster) { c.Quotas = (*kafka.BrokerQuotas)(nil) }), []string{"Quotas: is required; it is a nil *kafka.BrokerQuotas: leave the field out, or give the value itself"}},
		"nil login":  {with(smallConnect(), func(c *kafka.Connect) { c.Kafka.User, c.Kafka.Login = "", (*kafka.CustomLogin)(nil) }), []string{"Kafka.Login: is required; it is a nil *kafka.CustomLogin: leave the field out, or give the value itself"}},
		"nil artifact": {with(smallConnect(), func(c *kafka.Connect) {
			c.Image = kafka.ConnectImage{Name: "registry/a:1", Plugins: []kafka.ConnectPlugin{{Name: "ab", Artifacts: []kafka.Artifact{kafka.Download{URL: "https://a.com/b.jar"}, (*kafka.Maven)(nil)}}}}
		}), []string{"Image.Plugins[0].Artifacts[1]: is required; it is a nil *kafka.Maven: leave the field out, or give the value itself"}},
		"text that isn't": {consumer(func(c *kafka.Consumer) { c.Args = []string{"a", "\xff"} }), []string{
			`Args[1]: "\xff": it is not UTF-8, which is all that a manifest can hold; write it in UTF-8, or bring it in a Secret`}},
		"annotation that isn't": {with(smallTopic(), func(t *kafka.Topic) { t.Annotations = map[string]string{"a": "\xff"} }), []string{
			`Annotations[a]: "\xff": it is not UTF-8, which is all that a manifest can hold; write it in UTF-8, or bring it in a Secret`}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tc.builder.Build()
			var got []string
			for _, f := range findings(t, err) {
				got = append(got, f.Field+": "+f.Detail+"; "+f.Fix)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestPointersForValues takes a pointer for what it points at, as Go's method
// sets let users write it.
func TestPointersForValues(t *testing.T) {
	for name, pair := range map[string][2]millrace.Builder{
		"access": {with(smallUser(), func(u *kafka.User) { u.Access = []kafka.Access{kafka.Produce{Topics: []string{"a"}}} }),
			with(smallUser(), func(u *kafka.User) { u.Access = []kafka.Access{&kafka.Produce{Topics: []string{"a"}}} })},
		"metrics": {with(smallCluster(), func(c *kafka.Cluster) { c.Metrics = kafka.NoMetrics{} }),
			with(smallCluster(), func(c *kafka.Cluster) { c.Metrics = &kafka.NoMetrics{} })},
		"login": {with(smallConsumer(), func(c *kafka.Consumer) {
			c.Kafka = kafka.Connection{Cluster: "events", Login: kafka.ClientPassword{Username: "a"}}
		}),
			with(smallConsumer(), func(c *kafka.Consumer) {
				c.Kafka = kafka.Connection{Cluster: "events", Login: &kafka.ClientPassword{Username: "a"}}
			})},
	} {
		if diff := cmp.Diff(string(render(t, pair[0])), string(render(t, pair[1]))); diff != "" {
			t.Errorf("%s (-value +pointer):\n%s", name, diff)
		}
	}
}

// TestLongSettle gives a Deployment time for progress that it can meet.
func TestLongSettle(t *testing.T) {
	for settle, want := range map[time.Duration]string{5 * time.Minute: "", 10 * time.Minute: "\n  progressDeadlineSeconds: 1200\n", 24 * time.Hour: "\n  progressDeadlineSeconds: 87000\n"} {
		got := string(render(t, with(smallConsumer(), func(c *kafka.Consumer) { c.Settle = &settle })))
		if want == "" && strings.Contains(got, "progressDeadline") || !strings.Contains(got, want) {
			t.Errorf("%v: no %q in\n%s", settle, want, got)
		}
	}
}
