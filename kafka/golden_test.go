package kafka_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// articleCluster is the article's cluster, as it is written for KRaft: what it
// doesn't say is a production default.
func articleCluster() *kafka.Cluster {
	return &kafka.Cluster{
		Name: "data-platform-kafka", Namespace: "kafka",
		Version: "4.3.1", MetadataVersion: "4.3-IV0",
		Listeners: []kafka.Listener{
			{Name: "plain", Port: 9092, Plaintext: true},
			{Name: "tls", Port: 9093, Auth: kafka.MutualTLS},
			{Name: "external", Port: 9094, Type: kafka.LoadBalancer},
		},
		Replication: kafka.Replication{Factor: 3, MinInSync: 2},
		Log:         kafka.Log{Retention: 168 * time.Hour, SegmentBytes: millrace.GiB, RetentionCheck: 5 * time.Minute},
		Pools: []kafka.BrokerPool{
			{
				Name: "broker", Replicas: new(3),
				Volumes:   []kafka.Volume{{Size: 500 * millrace.GiB, Class: "premium-ssd"}},
				Resources: kafka.Resources{Memory: 16 * millrace.GiB, CPU: 4, CPULimit: 8},
			},
			{
				Name: "controller", Replicas: new(3), Roles: []kafka.Role{kafka.Controller},
				Volumes: []kafka.Volume{{Size: 50 * millrace.GiB, Class: "premium-ssd"}},
			},
		},
	}
}

// articleTopic is the topic as a team would write it.
func articleTopic() *kafka.Topic {
	return &kafka.Topic{Name: "orders-events-v2", Namespace: "kafka", Cluster: "data-platform-kafka",
		Partitions: 24, Retention: 7 * 24 * time.Hour, Compression: kafka.LZ4,
		Cleanup: kafka.Delete, TimestampType: kafka.LogAppendTime}
}

// fullCluster sets most of what there is to set.
func fullCluster() *kafka.Cluster {
	return &kafka.Cluster{
		Name: "events", Namespace: "streaming",
		Labels: map[string]string{"team": "data-platform"}, Annotations: map[string]string{"strimzi.io/pause-reconciliation": "false"},
		Version: "4.3.1", MetadataVersion: "4.3",
		Listeners: []kafka.Listener{
			{Name: "scram", Port: 9092, Auth: kafka.SCRAM},
			{Name: "public", Port: 9094, Type: kafka.Ingress, Auth: kafka.MutualTLS, Base: strimziv1.Listener{Configuration: &strimziv1.ListenerConfiguration{
				Class:        new("nginx"),
				Bootstrap:    &strimziv1.ListenerBootstrap{Host: new("kafka.company.com")},
				HostTemplate: new("kafka-{nodeId}.company.com"),
			}}},
		},
		Authorization: kafka.Authorization{ACLs: true, SuperUsers: []string{"CN=admin"}},
		Replication:   kafka.Replication{Factor: 5, MinInSync: 3},
		Log:           kafka.Log{Retention: kafka.Forever, RetentionBytes: 100 * millrace.GiB},
		Config:        map[string]string{"num.partitions": "12", "message.max.bytes": "2097152", "auto.create.topics.enable": "true"},
		Spread:        kafka.Spread{Zone: "company.com/rack"},
		Pools: []kafka.BrokerPool{
			{
				Name: "blue", Replicas: new(3), Pod: kafka.PodTemplate{PriorityClass: "kafka"}, Heap: 6 * millrace.GiB,
				Volumes: []kafka.Volume{
					{Size: 2 * millrace.TiB, Class: "fast", Metadata: true},
					{ID: 1, Size: 2 * millrace.TiB, Class: "fast"},
				},
				Resources: kafka.Resources{Memory: 32 * millrace.GiB, CPU: 7.5},
				Placement: millrace.Placement{
					NodeSelector: map[string]string{"workload": "kafka", "disk": "nvme"},
					Tolerations:  []corev1.Toleration{{Key: "workload", Operator: corev1.TolerationOpEqual, Value: "kafka", Effect: corev1.TaintEffectNoSchedule}},
					Annotations:  millrace.EvictionGuards(),
				},
			},
			{Name: "green", Replicas: new(2), Volumes: disk(), Heap: 1536 * millrace.MiB, Labels: map[string]string{"generation": "2"}},
			{Name: "empty", Replicas: new(0), Volumes: disk(), Spread: kafka.Spread{OneZone: true, SharedHosts: true}},
			{Roles: []kafka.Role{kafka.Controller}, Replicas: new(5), Volumes: disk()},
		},
		EntityOperator: kafka.EntityOperator{NoUsers: true}, CruiseControl: kafka.CruiseControl{Off: true},
		Base: strimziv1.KafkaSpec{
			Kafka: strimziv1.KafkaClusterSpec{
				Config:   strimziv1.JSONMap{"group.initial.rebalance.delay.ms": int64(3000)},
				Template: &strimziv1.KafkaClusterTemplate{Pod: &strimziv1.StatefulPodTemplate{TerminationGracePeriodSeconds: new(int64(120))}},
			},
			KafkaExporter: &strimziv1.KafkaExporterSpec{GroupRegex: new(".*"), TopicRegex: new(".*")},
		},
	}
}

// goldens are the builders whose manifests are held to a file.
func goldens() map[string]millrace.Builder {
	return map[string]millrace.Builder{
		"article-cluster.yaml": articleCluster(),
		"busy-cluster.yaml":    busyCluster(),
		"small-rebalance.yaml": smallRebalance(),
		"full-rebalance.yaml":  fullRebalance(),
		"disks-rebalance.yaml": &kafka.Rebalance{Name: "empty", Cluster: "events", Mode: kafka.RemoveDisks,
			Disks: []kafka.BrokerDisks{{Broker: 0, Disks: []int{0, 2}}, {Broker: 1, Disks: []int{2}}}},
		"template-rebalance.yaml": &kafka.Rebalance{Name: "gently", Template: true, Pace: kafka.Pace{Throttle: 50 * millrace.MiB}},
		"article-topic.yaml":      articleTopic(),
		"small-cluster.yaml":      smallCluster(),
		"small-pool.yaml":         smallPool(),
		"small-topic.yaml":        smallTopic(),
		"full-cluster.yaml":       fullCluster(),
		"test-cluster.yaml": &kafka.Cluster{
			Name: "test", Replication: kafka.Replication{Factor: 1}, CruiseControl: kafka.CruiseControl{Off: true}, EntityOperator: kafka.EntityOperator{NoTopics: true, NoUsers: true},
			Spread:   kafka.Spread{OneZone: true, SharedHosts: true},
			Exporter: kafka.Exporter{Off: true}, Metrics: kafka.NoMetrics{},
			Pools: []kafka.BrokerPool{{Roles: []kafka.Role{kafka.Controller, kafka.Broker}, Replicas: new(1),
				Volumes: []kafka.Volume{{Ephemeral: true, Size: 5 * millrace.GiB}}, Resources: kafka.Resources{Memory: 1536 * millrace.MiB, CPU: 0.25}}},
		},
		"full-topic.yaml": &kafka.Topic{
			Name: "Orders_Compacted.v2", Namespace: "kafka", Cluster: "events", Labels: map[string]string{"team": "data-platform"},
			Annotations: map[string]string{"strimzi.io/managed": "true"},
			Partitions:  12, Replicas: 5, MinInSync: 3, Retention: kafka.Forever, RetentionBytes: 10 * millrace.GiB,
			Cleanup: kafka.CompactDelete, Compression: kafka.ZSTD, TimestampType: kafka.CreateTime, MaxMessage: 2 * millrace.MiB,
			Segment: kafka.Segment{Bytes: 256 * millrace.MiB, Age: 24 * time.Hour},
			Compaction: kafka.Compaction{DeleteRetention: 48 * time.Hour, MinLag: time.Minute, MaxLag: time.Hour,
				DirtyRatio: 0.2},
			Config: map[string]string{"compression.zstd.level": "-5", "unclean.leader.election.enable": "false"},
			Base:   strimziv1.KafkaTopicSpec{Config: strimziv1.JSONMap{"remote.copy.lag.ms": int64(1000), "flush.ms": int64(60000)}},
		},
	}
}

func TestGolden(t *testing.T) {
	for name, b := range goldens() {
		t.Run(name, func(t *testing.T) { golden(t, name, render(t, b)) })
	}
}

// TestArticleTopic compares with the article's own topic, but for the version
// of the API, which is gone.
func TestArticleTopic(t *testing.T) {
	const article = `
apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata:
  name: orders-events-v2
  namespace: kafka
  labels:
    strimzi.io/cluster: data-platform-kafka
spec:
  partitions: 24
  replicas: 3
  config:
    retention.ms: "604800000"
    cleanup.policy: delete
    compression.type: lz4
    min.insync.replicas: "2"
    message.timestamp.type: LogAppendTime
`
	want, err := yaml.YAMLToJSON([]byte(article))
	if err != nil {
		t.Fatal(err)
	}
	got, err := yaml.YAMLToJSON(render(t, articleTopic()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the article's topic (-want +got):\n%s", diff)
	}
}

// TestDecodes reads every golden manifest back into its type, without fields
// that the type doesn't have, and finds the same object in it.
func TestDecodes(t *testing.T) {
	for name, b := range goldens() {
		t.Run(name, func(t *testing.T) {
			parts, err := b.Build()
			if err != nil {
				t.Fatal(err)
			}
			for i, doc := range bytes.Split(render(t, b), []byte("---\n")) {
				data, err := yaml.YAMLToJSON(doc)
				if err != nil {
					t.Fatal(err)
				}
				var into millrace.Object
				switch parts.Objects[i].(type) {
				case *strimziv1.Kafka:
					into = new(strimziv1.Kafka)
				case *strimziv1.KafkaNodePool:
					into = new(strimziv1.KafkaNodePool)
				case *strimziv1.KafkaTopic:
					into = new(strimziv1.KafkaTopic)
				case *strimziv1.KafkaRebalance:
					into = new(strimziv1.KafkaRebalance)
				case *corev1.ConfigMap:
					into = new(corev1.ConfigMap)
				}
				strict := json.NewDecoder(bytes.NewReader(data))
				strict.DisallowUnknownFields()
				if err := strict.Decode(into); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(parts.Objects[i], into); diff != "" {
					t.Errorf("read back (-made +read):\n%s", diff)
				}
			}
		})
	}
}
