package kafka_test

import (
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// connectValues are valid values for fields of Connect, Connector and
// MirrorMaker.
var connectValues = map[string]any{
	"Connect.Kafka.Namespace":                       "other",
	"Connect.Kafka.Port":                            9192,
	"Connect.Kafka.Trusted":                         []kafka.Trusted{{Secret: "own"}},
	"Connect.Kafka.Login":                           kafka.ClientPassword{Username: "connect"},
	"Connect.Topics.Replication":                    5,
	"Connect.KeyConverter.Class":                    kafka.StringConverter,
	"Connect.ValueConverter.Class":                  kafka.StringConverter,
	"Connect.Config":                                map[string]string{"offset.flush.interval.ms": "5000"},
	"Connect.Secrets":                               []string{"database"},
	"Connect.Workers.Version":                       "4.2.1",
	"MirrorMaker.Workers.Version":                   "4.2.1",
	"Connect.Workers.Replicas":                      new(5),
	"Connect.Workers.Heap":                          millrace.GiB,
	"Connect.Workers.Rack":                          "topology.kubernetes.io/zone",
	"Connect.Image.Plugins":                         []kafka.ConnectPlugin{{Name: "other", Artifacts: []kafka.Artifact{kafka.Download{URL: "https://company.com/a.zip"}}}},
	"Connect.Image.Options":                         []string{"--retry=3"},
	"Connect.Image.PushOptions":                     []string{"--quiet"},
	"Connect.Image.ImageStream":                     true,
	"Connect.Image.Plugins[0].Artifacts":            []kafka.Artifact{kafka.Download{URL: "https://company.com/a.zip"}},
	"Connect.Plugins":                               []kafka.MountedPlugin{{Name: "mounted", Images: []string{"registry/plugin:1"}}},
	"Connect.Base":                                  strimziv1.KafkaConnectSpec{ClientRackInitImage: new("registry/init:1")},
	"Connect.Workers.Placement.Affinity":            &corev1.Affinity{PodAffinity: &corev1.PodAffinity{}},
	"Connector.Connect":                             &kafka.Connect{Name: "other"},
	"Connector.State":                               kafka.ConnectorPaused,
	"Connector.Restart.Max":                         new(0),
	"Connector.Secrets":                             map[string]kafka.SecretValue{"database.password": {Secret: "database", Key: "password"}},
	"Connector.Base":                                strimziv1.KafkaConnectorSpec{Config: strimziv1.JSONMap{"topics": "a"}},
	"MirrorMaker.Target.Alias":                      "there",
	"MirrorMaker.Target.Config":                     map[string]string{"offset.flush.interval.ms": "5000"},
	"MirrorMaker.Target.Kafka.Namespace":            "other",
	"MirrorMaker.Target.Kafka.Port":                 9192,
	"MirrorMaker.Target.Kafka.Trusted":              []kafka.Trusted{{Secret: "own"}},
	"MirrorMaker.Target.Kafka.Login":                kafka.ClientPassword{Username: "connect"},
	"MirrorMaker.Mirrors[0].Source.Alias":           "here",
	"MirrorMaker.Mirrors[0].Source.Config":          map[string]string{"client.id": "mirror"},
	"MirrorMaker.Mirrors[0].Source.Kafka.Namespace": "other",
	"MirrorMaker.Mirrors[0].Source.Kafka.Port":      9192,
	"MirrorMaker.Mirrors[0].Source.Kafka.Trusted":   []kafka.Trusted{{Secret: "own"}},
	"MirrorMaker.Mirrors[0].Source.Kafka.Login":     kafka.ClientPassword{Username: "connect"},
	"MirrorMaker.Mirrors[0].Separator":              "_",
	"MirrorMaker.Mirrors[0].Records.State":          kafka.ConnectorStopped,
	"MirrorMaker.Mirrors[0].Records.Replication":    5,
	"MirrorMaker.Mirrors[0].Records.Config":         map[string]string{"offset.lag.max": "10"},
	"MirrorMaker.Mirrors[0].Offsets.State":          kafka.ConnectorStopped,
	"MirrorMaker.Mirrors[0].Offsets.SyncInterval":   time.Hour,
	"MirrorMaker.Mirrors[0].Offsets.Config":         map[string]string{"emit.checkpoints.enabled": "false"},
	"MirrorMaker.Mirrors[0].Restart.Max":            new(0),
	"MirrorMaker.Mirrors[0].Base":                   strimziv1.KafkaMirrorMaker2MirrorSpec{CheckpointConnector: &strimziv1.KafkaMirrorMaker2ConnectorSpec{Version: new("[4.3,5)")}},
	"MirrorMaker.Workers.Replicas":                  new(5),
	"MirrorMaker.Workers.Heap":                      millrace.GiB,
	"MirrorMaker.Workers.Rack":                      "topology.kubernetes.io/zone",
	"MirrorMaker.Workers.Placement.Affinity":        &corev1.Affinity{PodAffinity: &corev1.PodAffinity{}},
	"MirrorMaker.Base":                              strimziv1.KafkaMirrorMaker2Spec{ClientRackInitImage: new("registry/init:1")},
	"MirrorMaker.Target.Topics.Replication":         5,
	"Connect.Workers.Placement.Tolerations":         []corev1.Toleration{{Operator: corev1.TolerationOpExists}},
	"MirrorMaker.Workers.Placement.Tolerations":     []corev1.Toleration{{Operator: corev1.TolerationOpExists}},
}

// connectRefused are the fields that don't go with others that a small builder has.
var connectRefused = []string{
	"Connect.Kafka.Servers", "MirrorMaker.Target.Kafka.Servers", "MirrorMaker.Mirrors[0].Source.Kafka.Servers",
	"Connector.Cluster", "Connector.Namespace", "MirrorMaker.Mirrors[0].Offsets.SyncInterval",
}

// connectBeside is what must be set for a field to mean something: a cluster
// elsewhere needs a copy of its certificates.
var connectBeside = map[string]func(millrace.Builder){
	"Connect.Kafka.Namespace":                       func(b millrace.Builder) { trust(&b.(*kafka.Connect).Kafka) },
	"MirrorMaker.Target.Kafka.Namespace":            func(b millrace.Builder) { trust(&b.(*kafka.MirrorMaker).Target.Kafka) },
	"MirrorMaker.Mirrors[0].Source.Kafka.Namespace": func(b millrace.Builder) { trust(&b.(*kafka.MirrorMaker).Mirrors[0].Source.Kafka) },
}

func trust(c *kafka.Connection) { c.Trusted = []kafka.Trusted{{Secret: "copy"}} }

// smallConnect, smallConnector and smallMirror are the smallest valid ones of
// their kind.
func smallConnect() *kafka.Connect {
	return &kafka.Connect{Name: "etl", Namespace: "kafka", Kafka: kafka.Connection{Cluster: "events"}}
}

func smallConnector() *kafka.Connector {
	connect := with(smallConnect(), func(c *kafka.Connect) { c.Secrets = []string{"database"} })
	return &kafka.Connector{Name: "orders", Connect: connect, Class: "com.company.OrdersSource"}
}

func smallMirror() *kafka.MirrorMaker {
	return &kafka.MirrorMaker{Name: "mirror", Namespace: "kafka",
		Target:  kafka.MirrorTarget{Kafka: kafka.Connection{Cluster: "events"}},
		Mirrors: []kafka.Mirror{{Source: kafka.MirrorSource{Kafka: kafka.Connection{Cluster: "old-events"}}}}}
}

// buildImage is an image with one plugin.
func buildImage() kafka.ConnectImage {
	return kafka.ConnectImage{Name: "registry/connect:1", PushSecret: "push", Plugins: []kafka.ConnectPlugin{
		{Name: "debezium", Artifacts: []kafka.Artifact{kafka.Maven{Group: "io.debezium", Artifact: "debezium-connector-postgres", Version: "3.2.0.Final"}}}}}
}

func TestEveryFieldOfConnectCounts(t *testing.T) {
	everyFieldCounts(t, map[string]func() millrace.Builder{
		"Connect": func() millrace.Builder {
			return with(smallConnect(), func(c *kafka.Connect) { c.Image = buildImage(); c.Image.PushSecret = "" })
		},
		"Connector":   func() millrace.Builder { return smallConnector() },
		"MirrorMaker": func() millrace.Builder { return smallMirror() },
	})
}
