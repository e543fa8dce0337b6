package kafka_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// Passwords in the settings of every kind; the same ones from a config
// provider are fine, as the good twin of each shows.
func TestPlaintextSecret(t *testing.T) {
	settings := func(value string) strimziv1.JSONMap {
		return strimziv1.JSONMap{
			"ssl.keystore.password": value,
			"sasl.jaas.config":      `org.apache.kafka.common.security.plain.PlainLoginModule required username="u" password="` + value + `";`,
			"linger.ms":             int64(5),
		}
	}
	auth := func(value string) *strimziv1.ClientAuthentication {
		return &strimziv1.ClientAuthentication{Type: "custom", Config: settings(value)}
	}
	for name, tc := range map[string]struct {
		object func(value string) millrace.Object
		at     []string
	}{
		"cluster": {func(v string) millrace.Object {
			return loadedKafka(func(k *strimziv1.Kafka) {
				k.Spec.Kafka.Config["ssl.keystore.password"] = v
				k.Spec.Kafka.Config["sasl.jaas.config"] = settings(v)["sasl.jaas.config"]
				k.Spec.Kafka.Listeners[0].Authentication = &strimziv1.ListenerAuthentication{Type: "custom", ListenerConfig: settings(v)}
				k.Spec.CruiseControl = &strimziv1.CruiseControlSpec{Config: settings(v)}
			})
		}, []string{"spec.cruiseControl.config", "spec.kafka.config", "spec.kafka.listeners[0].authentication.listenerConfig"}},
		"tiers": {func(v string) millrace.Object {
			return loadedKafka(func(k *strimziv1.Kafka) {
				config := map[string]string{}
				for key, value := range settings(v) {
					config[key] = fmt.Sprint(value)
				}
				k.Spec.Kafka.TieredStorage = &strimziv1.TieredStorage{Type: "custom", RemoteStorageManager: &strimziv1.RemoteStorageManager{
					ClassName: new("a.B"), ClassPath: new("/opt/*"), Config: config}}
			})
		}, []string{"spec.kafka.tieredStorage.remoteStorageManager.config"}},
		"topic": {func(v string) millrace.Object {
			return loadedTopic(func(topic *strimziv1.KafkaTopic) { topic.Spec.Config = settings(v) })
		}, []string{"spec.config"}},
		"connect": {func(v string) millrace.Object {
			return &strimziv1.KafkaConnect{TypeMeta: kind("KafkaConnect"), ObjectMeta: meta("c"),
				Spec: strimziv1.KafkaConnectSpec{Config: settings(v), Authentication: auth(v)}}
		}, []string{"spec.authentication.config", "spec.config"}},
		"connector": {func(v string) millrace.Object {
			return &strimziv1.KafkaConnector{TypeMeta: kind("KafkaConnector"), ObjectMeta: meta("c"), Spec: strimziv1.KafkaConnectorSpec{Config: settings(v)}}
		}, []string{"spec.config"}},
		"mirror": {func(v string) millrace.Object {
			connector := &strimziv1.KafkaMirrorMaker2ConnectorSpec{Config: settings(v)}
			return &strimziv1.KafkaMirrorMaker2{TypeMeta: kind("KafkaMirrorMaker2"), ObjectMeta: meta("m"), Spec: strimziv1.KafkaMirrorMaker2Spec{
				Target: strimziv1.KafkaMirrorMaker2TargetClusterSpec{Config: settings(v), Authentication: auth(v)},
				Mirrors: []strimziv1.KafkaMirrorMaker2MirrorSpec{{
					Source:          strimziv1.KafkaMirrorMaker2ClusterSpec{Config: settings(v), Authentication: auth(v)},
					SourceConnector: connector, CheckpointConnector: connector,
				}},
			}}
		}, []string{"spec.mirrors[0].checkpointConnector.config", "spec.mirrors[0].source.authentication.config", "spec.mirrors[0].source.config",
			"spec.mirrors[0].sourceConnector.config", "spec.target.authentication.config", "spec.target.config"}},
		"bridge": {func(v string) millrace.Object {
			return &strimziv1.KafkaBridge{TypeMeta: kind("KafkaBridge"), ObjectMeta: metav1.ObjectMeta{Name: "b"}, Spec: strimziv1.KafkaBridgeSpec{
				AdminClient:    &strimziv1.KafkaBridgeAdminClientSpec{Config: settings(v)},
				Consumer:       &strimziv1.KafkaBridgeConsumerSpec{Config: settings(v)},
				Producer:       &strimziv1.KafkaBridgeProducerSpec{Config: settings(v)},
				HTTP:           &strimziv1.KafkaBridgeHTTPConfig{TLS: &strimziv1.KafkaBridgeHTTPTLS{Config: settings(v)}},
				Config:         settings(v),
				Authentication: auth(v),
			}}
		}, []string{"spec.adminClient.config", "spec.authentication.config", "spec.config", "spec.consumer.config", "spec.http.tls.config", "spec.producer.config"}},
	} {
		t.Run(name, func(t *testing.T) {
			found := func(o millrace.Object) []string {
				var out []string
				for _, rule := range kafka.Rules() {
					if rule.ID == "kafka/plaintext-secret" {
						rule.Check(&millrace.Pass{Object: o, Bundle: new(millrace.Bundle), Report: func(field, detail string) {
							if strings.Contains(detail, "hunter2") {
								t.Errorf("the finding shows the secret: %s", detail)
							}
							out = append(out, field+" "+detail)
						}})
					}
				}
				slices.Sort(out)
				return out
			}
			var want []string
			for _, at := range tc.at {
				want = append(want, at+"[sasl.jaas.config] sasl.jaas.config holds the password of a login module",
					at+"[ssl.keystore.password] ssl.keystore.password is written out")
			}
			if diff := cmp.Diff(want, found(tc.object("hunter2"))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
			if got := found(tc.object("${secrets:kafka/store:password}")); got != nil {
				t.Errorf("findings where a config provider fills in: %q", got)
			}
		})
	}
}
