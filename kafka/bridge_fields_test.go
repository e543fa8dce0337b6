package kafka_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// smallBridge is the smallest valid Bridge.
func smallBridge() *kafka.Bridge {
	return &kafka.Bridge{Name: "web", Namespace: "kafka", Kafka: kafka.Connection{Cluster: "events"}}
}

// bridgeValues are valid values for fields of Bridge.
var bridgeValues = map[string]any{
	"Bridge.Kafka.Port":            9094,
	"Bridge.Kafka.Trusted":         []kafka.Trusted{{Secret: "copy"}},
	"Bridge.Kafka.Servers":         []string{"broker.company.com:9093"},
	"Bridge.Kafka.Login":           kafka.ClientPassword{Username: "web"},
	"Bridge.HTTP.Port":             8088,
	"Bridge.HTTP.TLS.Config":       map[string]string{"ssl.enabled.protocols": "TLSv1.3"},
	"Bridge.Consumer.Config":       map[string]string{"auto.offset.reset": "earliest"},
	"Bridge.Producer.Config":       map[string]string{"acks": "all"},
	"Bridge.Admin":                 map[string]string{"retries": "5"},
	"Bridge.Config":                map[string]string{"company.setting": "x"},
	"Bridge.Replicas":              new(3),
	"Bridge.Resources.Memory":      2 * millrace.GiB,
	"Bridge.Heap":                  512 * millrace.MiB,
	"Bridge.Rack":                  "topology.kubernetes.io/zone",
	"Bridge.Placement.Tolerations": []corev1.Toleration{{Operator: corev1.TolerationOpExists}},
	"Bridge.Placement.Affinity":    &corev1.Affinity{PodAffinity: &corev1.PodAffinity{}},
	"Bridge.Base":                  strimziv1.KafkaBridgeSpec{ClientRackInitImage: new("registry/init:1")},
}

// webTLS gives a Bridge a certificate.
func webTLS(b millrace.Builder) { b.(*kafka.Bridge).HTTP.TLS.Secret = "web-tls" }

func TestEveryFieldOfBridgeCounts(t *testing.T) {
	everyFieldCounts(t, map[string]func() millrace.Builder{"Bridge": func() millrace.Builder { return smallBridge() }})
}
