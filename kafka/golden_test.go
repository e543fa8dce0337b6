package kafka_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
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
		Authorization: kafka.Authorization{Open: true},
		Replication:   kafka.Replication{Factor: 3, MinInSync: 2},
		Log:           kafka.Log{Retention: 168 * time.Hour, SegmentBytes: millrace.GiB, RetentionCheck: 5 * time.Minute},
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
		Version: "4.3.1", MetadataVersion: "4.3", Image: "registry/kafka:4.3.1",
		Listeners: []kafka.Listener{
			{Name: "scram", Port: 9092, Auth: kafka.SCRAM},
			{Name: "public", Port: 9094, Type: kafka.Ingress, Auth: kafka.MutualTLS,
				Hosts:       kafka.Hosts{Bootstrap: "kafka.company.com", Broker: "kafka-{nodeId}.company.com", AlternativeNames: []string{"kafka.internal", "10.1.2.3"}},
				Service:     kafka.Service{Class: "nginx", Annotations: map[string]string{"external-dns.alpha.kubernetes.io/ttl": "60"}},
				Certificate: kafka.ServerCertificate{Secret: "kafka-tls"}, Connections: kafka.Connections{Max: 5000, Rate: 100}},
			{Name: "balanced", Port: 9095, Type: kafka.LoadBalancer, Auth: kafka.MutualTLS,
				Peers: []networkingv1.NetworkPolicyPeer{{IPBlock: &networkingv1.IPBlock{CIDR: "10.0.0.0/8"}}},
				Service: kafka.Service{Class: "internal", TrafficPolicy: corev1.ServiceExternalTrafficPolicyLocal,
					BrokerLabels:      map[string]string{"broker": "b-{nodeId}"},
					BrokerAnnotations: map[string]string{"external-dns.alpha.kubernetes.io/hostname": "{nodePodName}.company.com"},
					IPFamilyPolicy:    corev1.IPFamilyPolicyPreferDualStack, IPFamilies: []corev1.IPFamily{corev1.IPv4Protocol, corev1.IPv6Protocol}, PublishNotReady: true,
					Balancer: kafka.Balancer{SourceRanges: []string{"10.0.0.0/8"}, Finalizers: []string{"service.kubernetes.io/load-balancer-cleanup"},
						NoBootstrap: true, NoNodePorts: true}}},
			{Name: "nodes", Port: 9096, Type: kafka.NodePort, Auth: kafka.MutualTLS,
				Service: kafka.Service{AddressType: corev1.NodeInternalIP, NodePort: 31000, Labels: map[string]string{"team": "data-platform"}, ExternalIPs: []string{"10.0.0.7"}},
				Brokers: []kafka.BrokerAccess{{ID: 3, NodePort: 31003, AdvertisedHost: "kafka-3.company.com", AdvertisedPort: 9443, ExternalIPs: []string{"10.0.0.8"}}}},
			{Name: "gateway", Port: 9097, Type: kafka.TLSRoute,
				Custom: &kafka.CustomAuth{SASL: true, Config: map[string]string{"sasl.enabled.mechanisms": "OAUTHBEARER", "connections.max.reauth.ms": "3600000"}},
				Hosts:  kafka.Hosts{Bootstrap: "stream.company.com", Broker: "stream-{nodeId}.company.com"}, Advertise: kafka.Advertise{Port: "9000 + ({nodeId} * 2)"},
				Gateways: []kafka.Gateway{{Name: "edge", Namespace: "gateways", Section: "kafka", Port: 9443}}},
			{Name: "proxied", Port: 9098, Type: kafka.ClusterIP, Auth: kafka.SCRAM, Advertise: kafka.Advertise{Host: "proxy-{nodeId}.company.com"},
				Service: kafka.Service{DNSDomain: true}},
		},
		Authorization: kafka.Authorization{SuperUsers: []string{"CN=admin", "admin"}},
		Replication:   kafka.Replication{Factor: 5, MinInSync: 3},
		Log:           kafka.Log{Retention: kafka.Forever, RetentionBytes: 100 * millrace.GiB},
		Config:        map[string]string{"num.partitions": "12", "message.max.bytes": "2097152", "auto.create.topics.enable": "true"},
		Spread:        kafka.Spread{Zone: "company.com/rack"},
		Pools: []kafka.BrokerPool{
			{
				Name: "blue", Replicas: new(3), Heap: 6 * millrace.GiB,
				NextIDs: []kafka.NodeIDs{{First: 0}, {First: 10, Last: 19}}, RemoveIDs: []kafka.NodeIDs{{First: 19, Last: 10}},
				JVM: kafka.JVM{Options: map[string]string{"UseZGC": "true"}, Properties: map[string]string{"b": "2", "a": "1"}, GCLogging: true},
				Pod: kafka.PodTemplate{
					PriorityClass: "kafka", Scheduler: "bin-packing", TmpSize: 10 * millrace.MiB, GracePeriod: new(time.Duration(0)),
					ContainerSecurity: &corev1.SecurityContext{ReadOnlyRootFilesystem: new(true)},
					Env: []corev1.EnvVar{{Name: "EMPTY"}, {Name: "BUCKET", ValueFrom: &corev1.EnvVarSource{
						ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: corev1.LocalObjectReference{Name: "tiers"}, Key: "bucket"}}}},
					Mounts: []kafka.Mount{{Name: "tiers", Path: "/mnt/tiers", ReadOnly: true, Source: corev1.VolumeSource{Secret: &corev1.SecretVolumeSource{SecretName: "tiers"}}}},
				},
				Volumes: []kafka.Volume{
					{Size: 2 * millrace.TiB, Class: "fast", Metadata: true, AttributesClass: "gold"},
					{ID: 1, Size: 2 * millrace.TiB, Class: "fast", Selector: map[string]string{"disk": "kept"}},
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
		MaxUnavailable: new(0),
		Probes: kafka.Probes{
			Liveness:  kafka.Probe{Delay: new(time.Duration(0)), Timeout: 10 * time.Second, Failures: 5},
			Readiness: kafka.Probe{Period: 20 * time.Second},
		},
		TieredStorage: kafka.TieredStorage{Class: "com.company.kafka.S3Storage", ClassPath: "/opt/kafka/plugins/tiered/*",
			Config: map[string]string{"bucket": "events"}},
		Quotas: kafka.BrokerQuotas{Produce: 50 * millrace.MiB, Consume: 100 * millrace.MiB, MinFreeRatio: 0.05, Excluded: []string{"User:CN=admin"}},
		Certificates: kafka.Certificates{
			Cluster: kafka.Authority{Own: true, KeepSecrets: true, ValidityDays: 730, RenewalDays: 60},
			Clients: kafka.Authority{Expiration: kafka.ReplaceKey},
		},
		MaintenanceWindows: []string{"* * 0-1 ? * SAT,SUN"},
		EntityOperator:     kafka.EntityOperator{NoUsers: true}, CruiseControl: kafka.CruiseControl{Off: true},
		Base: strimziv1.KafkaSpec{
			Kafka: strimziv1.KafkaClusterSpec{
				Config: strimziv1.JSONMap{"group.initial.rebalance.delay.ms": int64(3000)},
				Template: &strimziv1.KafkaClusterTemplate{Pod: &strimziv1.StatefulPodTemplate{TerminationGracePeriodSeconds: new(int64(120))},
					KafkaContainer: &strimziv1.ContainerTemplate{Env: []strimziv1.ContainerEnvVar{{Name: new("TEAM"), Value: new("data")}}}},
				JVMOptions: &strimziv1.JVMOptions{GCLoggingEnabled: new(false)},
			},
			KafkaExporter: &strimziv1.KafkaExporterSpec{GroupRegex: new(".*"), TopicRegex: new(".*")},
		},
	}
}

// articleConsumer is the article's third fix: consumers on nodes of their own,
// where nothing throttles them.
func articleConsumer() *kafka.Consumer {
	return &kafka.Consumer{
		Name: "orders-projector", Namespace: "kafka", Image: "company-registry/orders-projector:2.3.0",
		Topics:    []*kafka.Topic{articleTopic()},
		Kafka:     kafka.Connection{User: "orders-projector"},
		Resources: kafka.Resources{Memory: 2 * millrace.GiB, CPU: 1},
		Placement: millrace.Placement{
			NodeSelector: map[string]string{"workload": "kafka-consumer"},
			Tolerations:  []corev1.Toleration{{Key: "workload", Operator: corev1.TolerationOpEqual, Value: "kafka-consumer", Effect: corev1.TaintEffectNoSchedule}},
		},
	}
}

// fullConsumer sets most of what there is to set.
func fullConsumer() *kafka.Consumer {
	return &kafka.Consumer{
		Name: "enricher", Namespace: "shop", Labels: map[string]string{"team": "shop"}, Annotations: map[string]string{"company.com/owner": "shop"},
		Topics: []*kafka.Topic{{Name: "orders", Partitions: 12}, {Name: "payments", Base: strimziv1.KafkaTopicSpec{Partitions: new(int64(6))}}},
		Group:  "enricher-v2",
		Kafka: kafka.Connection{Servers: []string{"broker-0.company.com:9094", "broker-1.company.com:9094"},
			Trusted: []kafka.Trusted{{Secret: "company-ca", Certificate: "root.pem"}},
			Login:   kafka.ClientPassword{Username: "enricher", Secret: "enricher-kafka"}},
		Variables: kafka.Variables{Servers: "SPRING_KAFKA_BOOTSTRAP_SERVERS", Group: "SPRING_KAFKA_CONSUMER_GROUP_ID", Username: "KAFKA_USER"},
		Image:     "company-registry/enricher:1", Command: []string{"java"}, Args: []string{"-jar", "enricher.jar"},
		Env:      []corev1.EnvVar{{Name: "JAVA_TOOL_OPTIONS", Value: "-XX:MaxRAMPercentage=60"}},
		EnvFrom:  []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "enricher-db"}}}},
		Liveness: &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: &corev1.HTTPGetAction{Path: "/healthz", Port: intstr.FromInt32(8080)}}},
		Scaler: kafka.Scaler{Min: new(4), Max: 12, Idle: true, Lag: 5000, Activation: 10, Reset: kafka.Earliest, Interval: 10 * time.Second, Cooldown: 10 * time.Minute,
			Fallback: 6, Metadata: map[string]string{"excludePersistentLag": "true"},
			Base: kedav1alpha1.ScaledObjectSpec{
				Advanced: &kedav1alpha1.AdvancedConfig{HorizontalPodAutoscalerConfig: &kedav1alpha1.HorizontalPodAutoscalerConfig{
					Behavior: &autoscalingv2.HorizontalPodAutoscalerBehavior{ScaleDown: &autoscalingv2.HPAScalingRules{StabilizationWindowSeconds: new(int32(600))}}}},
				Triggers: []kedav1alpha1.ScaleTriggers{{Type: "cron", Metadata: map[string]string{"timezone": "Europe/Berlin", "start": "0 8 * * *", "end": "0 18 * * *", "desiredReplicas": "6"}}},
			}},
		Batch: 2 * time.Minute, Settle: new(time.Minute), MaxUnavailable: 2, WritableRoot: true, ServiceAccount: "enricher",
		Pod:    kafka.PodTemplate{Labels: map[string]string{"team": "shop"}, Annotations: map[string]string{"company.com/scrape": "true"}, PriorityClass: "streaming", PullSecrets: []string{"registry"}},
		Spread: kafka.Spread{Zone: "company.com/rack", SharedHosts: true},
		Base: appsv1.DeploymentSpec{RevisionHistoryLimit: new(int32(3)), Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Name: "consumer", Ports: []corev1.ContainerPort{{Name: "metrics", ContainerPort: 9404}}}}}}},
	}
}

// fixedConsumer has a number of pods that nothing changes, which is none.
func fixedConsumer() *kafka.Consumer {
	return with(smallConsumer(), func(c *kafka.Consumer) {
		c.Replicas, c.Settle, c.Pod.GracePeriod = new(0), new(time.Duration(0)), new(time.Duration(0))
		c.Kafka = kafka.Connection{Cluster: "events", Plaintext: true}
		c.Spread = kafka.Spread{OneZone: true, SharedHosts: true}
		c.Base.Strategy.Type = appsv1.RecreateDeploymentStrategyType
	})
}

// fullBridge sets most of what there is to set.
func fullBridge() *kafka.Bridge {
	return &kafka.Bridge{
		Name: "web", Namespace: "kafka", Labels: map[string]string{"team": "web"}, Annotations: map[string]string{"company.com/owner": "web"},
		Kafka: kafka.Connection{Cluster: "events", User: "web"},
		HTTP: kafka.BridgeHTTP{Port: 8445, CORS: kafka.BridgeCORS{Origins: []string{"https://company.com"}, Methods: []string{"GET", "POST"}},
			TLS: kafka.BridgeTLS{Secret: "web-tls", Config: map[string]string{"ssl.enabled.protocols": "TLSv1.3"}}},
		Consumer: kafka.BridgeConsumer{Timeout: kafka.Forever, Config: map[string]string{"auto.offset.reset": "earliest"}},
		Producer: kafka.BridgeProducer{Config: map[string]string{"acks": "all", "delivery.timeout.ms": "300000"}},
		Admin:    map[string]string{"retries": "5"}, Config: map[string]string{"company.setting": "x"},
		Replicas: new(1), Image: "registry/bridge:1", Resources: kafka.Resources{Memory: 2 * millrace.GiB, CPU: 1, CPULimit: 2}, Heap: millrace.GiB,
		Rack: "topology.kubernetes.io/zone", Loggers: map[string]string{"rootLogger.level": "WARN"}, Metrics: kafka.Reporter{AllowList: []string{"kafka_.*"}}, Tracing: true,
		Pod:       kafka.PodTemplate{PriorityClass: "web", GracePeriod: new(time.Duration(0))},
		Placement: millrace.Placement{NodeSelector: map[string]string{"workload": "web"}},
		Base: strimziv1.KafkaBridgeSpec{ReadinessProbe: &strimziv1.Probe{InitialDelaySeconds: new(int64(0))},
			Template: &strimziv1.KafkaBridgeTemplate{Deployment: &strimziv1.DeploymentTemplate{DeploymentStrategy: strimziv1.DeploymentStrategyRollingUpdate}}},
	}
}

// closedBridge is off in every way.
func closedBridge() *kafka.Bridge {
	return with(smallBridge(), func(b *kafka.Bridge) {
		b.Replicas, b.Consumer.Disabled, b.Producer.Disabled = new(0), true, true
	})
}

// goldens are the builders whose manifests are held to a file.
func goldens() map[string]millrace.Builder {
	out := map[string]millrace.Builder{
		"article-cluster.yaml":  articleCluster(),
		"article-topic.yaml":    articleTopic(),
		"small-cluster.yaml":    smallCluster(),
		"small-pool.yaml":       smallPool(),
		"small-topic.yaml":      smallTopic(),
		"small-user.yaml":       smallUser(),
		"full-user.yaml":        fullUser(),
		"full-cluster.yaml":     fullCluster(),
		"small-bridge.yaml":     smallBridge(),
		"full-bridge.yaml":      fullBridge(),
		"closed-bridge.yaml":    closedBridge(),
		"small-consumer.yaml":   smallConsumer(),
		"article-consumer.yaml": articleConsumer(),
		"full-consumer.yaml":    fullConsumer(),
		"fixed-consumer.yaml":   fixedConsumer(),
		"busy-cluster.yaml":     busyCluster(),
		"small-rebalance.yaml":  smallRebalance(),
		"full-rebalance.yaml":   fullRebalance(),
		"disks-rebalance.yaml": &kafka.Rebalance{Name: "empty", Cluster: "events", Mode: kafka.RemoveDisks,
			Disks: []kafka.BrokerDisks{{Broker: 0, Disks: []int{0, 2}}, {Broker: 1, Disks: []int{2}}}},
		"template-rebalance.yaml": &kafka.Rebalance{Name: "gently", Template: true, Pace: kafka.Pace{Throttle: 50 * millrace.MiB}},
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
	maps.Copy(out, connectGoldens())
	return out
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
				into := reflect.New(reflect.TypeOf(parts.Objects[i]).Elem()).Interface()
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
