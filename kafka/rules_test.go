package kafka_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// meta is the metadata of a loaded object in the cluster "events".
func meta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: "kafka", Labels: map[string]string{"strimzi.io/cluster": "events"}}
}

func kind(name string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: "kafka.strimzi.io/v1", Kind: name}
}

// loadedKafka, loadedPool and loadedTopic are objects without a fault, as
// they come out of a manifest, for tests to add one.
func loadedKafka(change func(*strimziv1.Kafka)) *strimziv1.Kafka {
	return with(&strimziv1.Kafka{TypeMeta: kind("Kafka"), ObjectMeta: meta("events"), Spec: strimziv1.KafkaSpec{Kafka: strimziv1.KafkaClusterSpec{
		Listeners: []strimziv1.Listener{{Name: "tls", Port: 9093, Type: strimziv1.ListenerTypeInternal, TLS: true,
			Authentication: &strimziv1.ListenerAuthentication{Type: strimziv1.ListenerAuthenticationTypeTLS}}},
		Authorization: &strimziv1.KafkaAuthorization{Type: strimziv1.KafkaAuthorizationTypeSimple},
		Config: strimziv1.JSONMap{"default.replication.factor": int64(3), "min.insync.replicas": "2", "offsets.topic.replication.factor": 3.0,
			"transaction.state.log.replication.factor": 3, "transaction.state.log.min.isr": int32(2), "auto.create.topics.enable": "false"},
		Rack:          &strimziv1.Rack{TopologyKey: new("topology.kubernetes.io/zone")},
		MetricsConfig: &strimziv1.MetricsConfig{Type: strimziv1.MetricsConfigTypeStrimziMetricsReporter},
	},
		CruiseControl:  &strimziv1.CruiseControlSpec{AutoRebalance: []strimziv1.AutoRebalance{{Mode: strimziv1.AutoRebalanceModeAddBrokers}, {Mode: strimziv1.AutoRebalanceModeRemoveBrokers}}},
		EntityOperator: &strimziv1.EntityOperatorSpec{TopicOperator: &strimziv1.EntityTopicOperatorSpec{}},
		KafkaExporter:  &strimziv1.KafkaExporterSpec{},
	}}, change)
}

func loadedPool(name string, role strimziv1.ProcessRole, change func(*strimziv1.KafkaNodePool)) *strimziv1.KafkaNodePool {
	return with(&strimziv1.KafkaNodePool{TypeMeta: kind("KafkaNodePool"), ObjectMeta: meta(name), Spec: strimziv1.KafkaNodePoolSpec{
		Replicas: 3, Roles: []strimziv1.ProcessRole{role},
		Resources: &corev1.ResourceRequirements{Requests: quantities("8Gi", "2"), Limits: quantities("8Gi", "")},
		Storage: strimziv1.Storage{Type: strimziv1.StorageTypeJBOD, Volumes: []strimziv1.StorageVolume{
			{ID: new(int64(0)), Type: strimziv1.StorageVolumeTypePersistentClaim, Size: new("1Ti"), Class: new("fast")}}},
		Template: &strimziv1.KafkaNodePoolTemplate{Pod: &strimziv1.StatefulPodTemplate{
			TopologySpreadConstraints: []corev1.TopologySpreadConstraint{{MaxSkew: 1, TopologyKey: "topology.kubernetes.io/zone"}}}},
	}}, change)
}

func loadedTopic(change func(*strimziv1.KafkaTopic)) *strimziv1.KafkaTopic {
	return with(&strimziv1.KafkaTopic{TypeMeta: kind("KafkaTopic"), ObjectMeta: meta("orders"), Spec: strimziv1.KafkaTopicSpec{
		Partitions: new(int64(6)), Replicas: new(int64(3)), Config: strimziv1.JSONMap{"min.insync.replicas": int64(2)}}}, change)
}

func storageClass(mode *storagev1.VolumeBindingMode) *storagev1.StorageClass {
	return &storagev1.StorageClass{ObjectMeta: metav1.ObjectMeta{Name: "fast"}, Provisioner: "pd.csi.storage.gke.io", VolumeBindingMode: mode, AllowVolumeExpansion: new(true)}
}

// composition is a whole cluster with a topic, of loaded objects.
type composition struct {
	kafka       *strimziv1.Kafka
	brokers     *strimziv1.KafkaNodePool
	controllers *strimziv1.KafkaNodePool
	topic       *strimziv1.KafkaTopic
	class       *storagev1.StorageClass
}

func goodComposition() *composition {
	return &composition{
		kafka:       loadedKafka(func(*strimziv1.Kafka) {}),
		brokers:     loadedPool("brokers", strimziv1.ProcessRoleBroker, func(*strimziv1.KafkaNodePool) {}),
		controllers: loadedPool("controllers", strimziv1.ProcessRoleController, func(*strimziv1.KafkaNodePool) {}),
		topic:       loadedTopic(func(*strimziv1.KafkaTopic) {}),
		class:       storageClass(new(storagev1.VolumeBindingWaitForFirstConsumer)),
	}
}

func (c *composition) bundle(t *testing.T) *millrace.Bundle {
	t.Helper()
	var parts millrace.Parts
	for _, o := range []millrace.Object{c.kafka, c.brokers, c.controllers, c.topic, c.class} {
		if o != millrace.Object((*strimziv1.Kafka)(nil)) && o != millrace.Object((*strimziv1.KafkaNodePool)(nil)) {
			parts.Objects = append(parts.Objects, o)
		}
	}
	return build(t, parts)
}

// finds changes a good composition and compares what the rules find in it. The
// bundle knows of the nodes, if there are any.
func finds(t *testing.T, change func(*composition), want []string, nodes ...millrace.NodeShape) {
	t.Helper()
	c := goodComposition()
	change(c)
	if diff := cmp.Diff(want, check(t, c.bundle(t).WithNodes(nodes...))); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

func TestRules(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*composition)
		want   []string
	}{
		"nothing wrong": {func(*composition) {}, nil},

		"few replicas by default": {func(c *composition) { c.kafka.Spec.Kafka.Config["default.replication.factor"] = "2" },
			[]string{"kafka/min-insync events: spec.kafka.config[min.insync.replicas]", "kafka/replication-factor events: spec.kafka.config[default.replication.factor]"}},
		"replicas by Kafka's default": {func(c *composition) { delete(c.kafka.Spec.Kafka.Config, "default.replication.factor") },
			[]string{"kafka/min-insync events: spec.kafka.config[min.insync.replicas]", "kafka/replication-factor events: spec.kafka.config[default.replication.factor]"}},
		"few replicas of offsets": {func(c *composition) { c.kafka.Spec.Kafka.Config["offsets.topic.replication.factor"] = int64(1) },
			[]string{"kafka/replication-factor events: spec.kafka.config[offsets.topic.replication.factor]"}},
		"few replicas of transactions": {func(c *composition) { c.kafka.Spec.Kafka.Config["transaction.state.log.replication.factor"] = int64(2) },
			[]string{"kafka/min-insync events: spec.kafka.config[transaction.state.log.min.isr]", "kafka/replication-factor events: spec.kafka.config[transaction.state.log.replication.factor]"}},
		"few replicas of share groups": {func(c *composition) {
			c.kafka.Spec.Kafka.Config["share.coordinator.state.topic.replication.factor"] = int64(1)
		},
			[]string{"kafka/replication-factor events: spec.kafka.config[share.coordinator.state.topic.replication.factor]"}},
		"more replicas than brokers": {func(c *composition) { c.kafka.Spec.Kafka.Config["default.replication.factor"] = int64(5) },
			[]string{"kafka/replication-brokers events: spec.kafka.config[default.replication.factor]"}},
		"internal topics by default": {func(c *composition) { delete(c.kafka.Spec.Kafka.Config, "offsets.topic.replication.factor") }, nil},

		"one in sync":    {func(c *composition) { c.kafka.Spec.Kafka.Config["min.insync.replicas"] = int64(1) }, []string{"kafka/min-insync events: spec.kafka.config[min.insync.replicas]"}},
		"none in sync":   {func(c *composition) { delete(c.kafka.Spec.Kafka.Config, "min.insync.replicas") }, []string{"kafka/min-insync events: spec.kafka.config[min.insync.replicas]"}},
		"all in sync":    {func(c *composition) { c.kafka.Spec.Kafka.Config["min.insync.replicas"] = int64(3) }, []string{"kafka/min-insync events: spec.kafka.config[min.insync.replicas]"}},
		"topic, one":     {func(c *composition) { c.topic.Spec.Config["min.insync.replicas"] = "1" }, []string{"kafka/min-insync orders: spec.config[min.insync.replicas]"}},
		"topic, all":     {func(c *composition) { c.topic.Spec.Config["min.insync.replicas"] = "3" }, []string{"kafka/min-insync orders: spec.config[min.insync.replicas]"}},
		"topic, cluster": {func(c *composition) { delete(c.topic.Spec.Config, "min.insync.replicas") }, nil},

		"old API": {func(c *composition) {
			c.kafka.APIVersion, c.topic.APIVersion, c.brokers.APIVersion = "kafka.strimzi.io/v1beta2", "kafka.strimzi.io/v1beta2", "kafka.strimzi.io/v1beta2"
		}, []string{"kafka/version brokers: apiVersion", "kafka/version events: apiVersion", "kafka/version orders: apiVersion"}},
		"old Kafka":     {func(c *composition) { c.kafka.Spec.Kafka.Version = new("3.7.0") }, []string{"kafka/version events: spec.kafka.version"}},
		"a later Kafka": {func(c *composition) { c.kafka.Spec.Kafka.Version = new("4.3.1") }, nil},

		"no rack":   {func(c *composition) { c.kafka.Spec.Kafka.Rack = nil }, []string{"kafka/rack-awareness events: spec.kafka.rack"}},
		"no spread": {func(c *composition) { c.brokers.Spec.Template = nil }, []string{"kafka/rack-awareness brokers: spec.template.pod.topologySpreadConstraints"}},
		"spread over something else": {func(c *composition) {
			c.brokers.Spec.Template.Pod.TopologySpreadConstraints[0].TopologyKey = "kubernetes.io/hostname"
		}, []string{"kafka/rack-awareness brokers: spec.template.pod.topologySpreadConstraints"}},
		"spread by the cluster's template": {func(c *composition) {
			c.kafka.Spec.Kafka.Template = &strimziv1.KafkaClusterTemplate{Pod: c.brokers.Spec.Template.Pod}
			c.brokers.Spec.Template = nil
		}, nil},
		"pool of one zone": {func(c *composition) {
			c.brokers.Spec.Template.Pod = &strimziv1.StatefulPodTemplate{Affinity: &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{
				RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{NodeSelectorTerms: []corev1.NodeSelectorTerm{{
					MatchExpressions: []corev1.NodeSelectorRequirement{{Key: "topology.kubernetes.io/zone", Operator: corev1.NodeSelectorOpIn, Values: []string{"a"}}}}}}}}}
		}, nil},
		"pool that would like one zone": {func(c *composition) {
			c.brokers.Spec.Template.Pod = &strimziv1.StatefulPodTemplate{Affinity: &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{}}}
		}, []string{"kafka/rack-awareness brokers: spec.template.pod.topologySpreadConstraints"}},
		"apart by zone": {func(c *composition) {
			c.brokers.Spec.Template.Pod = &strimziv1.StatefulPodTemplate{Affinity: &corev1.Affinity{PodAntiAffinity: &corev1.PodAntiAffinity{
				RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{{TopologyKey: "topology.kubernetes.io/zone"}}}}}
		}, nil},
		"rack of the environment": {func(c *composition) {
			c.kafka.Spec.Kafka.Rack = &strimziv1.Rack{Type: strimziv1.RackTypeEnvironmentVariable, EnvVarName: new("ZONE")}
		}, []string{"kafka/rack-variable brokers: spec.template.kafkaContainer.env"}},
		"pool of an unknown cluster": {func(c *composition) { c.kafka, c.brokers.Spec.Template = nil, nil }, nil},

		"plain listener": {func(c *composition) {
			c.kafka.Spec.Kafka.Listeners = append(c.kafka.Spec.Kafka.Listeners, strimziv1.Listener{Name: "plain", Port: 9092, Type: strimziv1.ListenerTypeInternal,
				Authentication: &strimziv1.ListenerAuthentication{Type: strimziv1.ListenerAuthenticationTypeSCRAMSHA512}})
		}, []string{"kafka/plain-listener events: spec.kafka.listeners[1].tls"}},
		"topics by accident":      {func(c *composition) { c.kafka.Spec.Kafka.Config["auto.create.topics.enable"] = true }, []string{"kafka/auto-create-topics events: spec.kafka.config[auto.create.topics.enable]"}},
		"topics by default":       {func(c *composition) { delete(c.kafka.Spec.Kafka.Config, "auto.create.topics.enable") }, []string{"kafka/auto-create-topics events: spec.kafka.config[auto.create.topics.enable]"}},
		"unclean election":        {func(c *composition) { c.kafka.Spec.Kafka.Config["unclean.leader.election.enable"] = "true" }, []string{"kafka/unclean-election events: spec.kafka.config[unclean.leader.election.enable]"}},
		"unclean election, topic": {func(c *composition) { c.topic.Spec.Config["unclean.leader.election.enable"] = true }, []string{"kafka/unclean-election orders: spec.config[unclean.leader.election.enable]"}},
		"clean election":          {func(c *composition) { c.kafka.Spec.Kafka.Config["unclean.leader.election.enable"] = false }, nil},
		"setting of Strimzi":      {func(c *composition) { c.kafka.Spec.Kafka.Config["listeners"] = "x" }, []string{"kafka/broker-config events: spec.kafka.config[listeners]"}},
		"setting of ZooKeeper":    {func(c *composition) { c.kafka.Spec.Kafka.Config["log.message.format.version"] = "3.7" }, []string{"kafka/broker-config events: spec.kafka.config[log.message.format.version]"}},
		"setting of no Kafka":     {func(c *composition) { c.kafka.Spec.Kafka.Config["log.retention.houres"] = "3" }, []string{"kafka/unknown-broker-config events: spec.kafka.config[log.retention.houres]"}},
		"setting of a plugin":     {func(c *composition) { c.kafka.Spec.Kafka.Config["company.audit.level"] = "3" }, nil},
		"setting of topics":       {func(c *composition) { c.kafka.Spec.Kafka.Config["retention.ms"] = 3 }, []string{"kafka/unknown-broker-config events: spec.kafka.config[retention.ms]"}},
		"setting of newer brokers": {func(c *composition) {
			c.kafka.Spec.Kafka.Version = new("4.2.0")
			c.kafka.Spec.Kafka.Config["group.consumer.assignment.interval.ms"] = 3000
		}, []string{"kafka/unknown-broker-config events: spec.kafka.config[group.consumer.assignment.interval.ms]"}},
		"value of no setting":   {func(c *composition) { c.kafka.Spec.Kafka.Config["num.partitions"] = "1.8e+06" }, []string{"kafka/broker-config events: spec.kafka.config[num.partitions]"}},
		"value for Kafka alone": {func(c *composition) { c.kafka.Spec.Kafka.Config["num.partitions"] = " 3" }, []string{"kafka/broker-config events: spec.kafka.config[num.partitions]"}},
		"values at odds":        {func(c *composition) { c.kafka.Spec.Kafka.Config["replica.lag.time.max.ms"] = 100 }, []string{"kafka/broker-config events: spec.kafka.config[replica.lag.time.max.ms]"}},
		"topic in storage": {func(c *composition) {
			c.kafka.Spec.Kafka.TieredStorage = &strimziv1.TieredStorage{Type: "custom", RemoteStorageManager: &strimziv1.RemoteStorageManager{ClassName: new("com.company.Remote"), ClassPath: new("/opt/remote/*")}}
			c.topic.Spec.Config["remote.storage.enable"] = true
		}, nil},
		"topic longer than its brokers keep": {func(c *composition) {
			c.kafka.Spec.Kafka.TieredStorage = &strimziv1.TieredStorage{Type: "custom", RemoteStorageManager: &strimziv1.RemoteStorageManager{ClassName: new("com.company.Remote"), ClassPath: new("/opt/remote/*")}}
			c.kafka.Spec.Kafka.Config["log.retention.hours"] = int64(1)
			delete(c.topic.Spec.Config, "retention.ms")
			c.topic.Spec.Config["remote.storage.enable"], c.topic.Spec.Config["local.retention.ms"] = true, int64(3600001)
		}, []string{"kafka/topic-config orders: spec.config[local.retention.ms]"}},
		"setting of one listener":  {func(c *composition) { c.kafka.Spec.Kafka.Config["listener.name.tls-9093.max.connections"] = 5 }, nil},
		"setting of no listener":   {func(c *composition) { c.kafka.Spec.Kafka.Config["listener.name.tls-9094.max.connections"] = 5 }, []string{"kafka/broker-config events: spec.kafka.config[listener.name.tls-9094.max.connections]"}},
		"pool of no cluster":       {func(c *composition) { c.brokers.Labels = nil }, []string{"kafka/pool events: metadata.name", "kafka/pool-cluster-label brokers: metadata.labels[strimzi.io/cluster]"}},
		"empty pool of no brokers": {func(c *composition) { c.brokers.Spec.Replicas = 0 }, []string{"kafka/empty-pool brokers: spec.replicas", "kafka/pool events: metadata.name", "kafka/topic-replicas orders: spec.replicas"}},

		"one controller":   {func(c *composition) { c.controllers.Spec.Replicas = 1 }, []string{"kafka/controllers controllers: spec.replicas"}},
		"four controllers": {func(c *composition) { c.controllers.Spec.Replicas = 4 }, []string{"kafka/controllers controllers: spec.replicas"}},
		"five controllers": {func(c *composition) { c.controllers.Spec.Replicas = 5 }, nil},
		"six controllers in two pools": {func(c *composition) {
			c.brokers.Spec.Roles = append(c.brokers.Spec.Roles, strimziv1.ProcessRoleController)
		},
			[]string{"kafka/controllers brokers: spec.replicas", "kafka/controllers controllers: spec.replicas", "kafka/separate-roles brokers: spec.roles"}},

		"disk deleted":     {func(c *composition) { c.brokers.Spec.Storage.Volumes[0].DeleteClaim = new(true) }, []string{"kafka/delete-claim brokers: spec.storage.volumes[0].deleteClaim"}},
		"disk kept":        {func(c *composition) { c.brokers.Spec.Storage.Volumes[0].DeleteClaim = new(false) }, nil},
		"disk of no class": {func(c *composition) { c.brokers.Spec.Storage.Volumes[0].Class = nil }, []string{"kafka/storage-class brokers: spec.storage.volumes[0].class"}},
		"class binds":      {func(c *composition) { c.class = storageClass(new(storagev1.VolumeBindingImmediate)) }, []string{"kafka/storage-class brokers: spec.storage.volumes[0].class", "kafka/storage-class controllers: spec.storage.volumes[0].class"}},
		"class by default": {func(c *composition) { c.class = storageClass(nil) }, []string{"kafka/storage-class brokers: spec.storage.volumes[0].class", "kafka/storage-class controllers: spec.storage.volumes[0].class"}},
		"class elsewhere":  {func(c *composition) { c.class.Name = "other" }, nil},
		"disk of pods":     {func(c *composition) { c.brokers.Spec.Storage.Volumes[0].Type = strimziv1.StorageVolumeTypeEphemeral }, []string{"kafka/ephemeral-storage brokers: spec.storage.volumes[0].type", "kafka/storage brokers: spec.storage.volumes[0].size"}},
		"storage of pods": {func(c *composition) {
			c.brokers.Spec.Storage = strimziv1.Storage{Type: strimziv1.StorageTypeEphemeral, DeleteClaim: new(true)}
		}, []string{"kafka/ephemeral-storage brokers: spec.storage.type"}},
		"single disk, wild": {func(c *composition) {
			c.brokers.Spec.Storage = strimziv1.Storage{Type: strimziv1.StorageTypePersistentClaim, DeleteClaim: new(true)}
		}, []string{"kafka/delete-claim brokers: spec.storage.deleteClaim", "kafka/storage brokers: spec.storage.size", "kafka/storage-class brokers: spec.storage.class", "kafka/storage-jbod brokers: spec.storage.type"}},

		"topic of no cluster":     {func(c *composition) { c.topic.Labels = nil }, []string{"kafka/topic-cluster-label orders: metadata.labels[strimzi.io/cluster]"}},
		"topic of two replicas":   {func(c *composition) { c.topic.Spec.Replicas = new(int64(2)) }, []string{"kafka/min-insync orders: spec.config[min.insync.replicas]", "kafka/topic-replicas orders: spec.replicas"}},
		"topic of one replica":    {func(c *composition) { c.topic.Spec.Replicas = new(int64(1)) }, []string{"kafka/topic-replicas orders: spec.replicas", "kafka/topic-replicas orders: spec.replicas"}},
		"topic of too many":       {func(c *composition) { c.topic.Spec.Replicas = new(int64(4)) }, []string{"kafka/topic-replicas orders: spec.replicas"}},
		"topic of a good cluster": {func(c *composition) { c.topic.Spec.Replicas = nil }, nil},
		"topic of a small cluster": {func(c *composition) {
			c.topic.Spec.Replicas, c.kafka.Spec.Kafka.Config["default.replication.factor"] = nil, int64(2)
		}, []string{"kafka/min-insync events: spec.kafka.config[min.insync.replicas]", "kafka/min-insync orders: spec.config[min.insync.replicas]", "kafka/replication-factor events: spec.kafka.config[default.replication.factor]", "kafka/topic-replicas orders: spec.replicas"}},
		"topic under the cluster's in-sync": {func(c *composition) {
			c.topic.Spec.Replicas, c.kafka.Spec.Kafka.Config["default.replication.factor"] = new(int64(3)), int64(3)
			c.kafka.Spec.Kafka.Config["min.insync.replicas"], c.topic.Spec.Config = int64(4), nil
		}, []string{"kafka/min-insync events: spec.kafka.config[min.insync.replicas]", "kafka/topic-replicas orders: spec.replicas"}},
		"topic in a watched namespace": {func(c *composition) {
			c.topic.Namespace, c.topic.Spec.Replicas = "team", new(int64(4))
			c.kafka.Spec.EntityOperator = &strimziv1.EntityOperatorSpec{TopicOperator: &strimziv1.EntityTopicOperatorSpec{WatchedNamespace: new("team")}}
		}, []string{"kafka/topic-replicas orders: spec.replicas"}},
		"topic in another namespace": {func(c *composition) { c.topic.Namespace, c.topic.Spec.Replicas = "team", new(int64(4)) }, []string{"kafka/topic-unwatched orders: metadata.namespace"}},
		"topic, cluster elsewhere":   {func(c *composition) { c.kafka, c.topic.Spec.Replicas = nil, nil }, nil},
		"brokers elsewhere":          {func(c *composition) { c.brokers, c.topic.Spec.Replicas = nil, new(int64(9)) }, []string{"kafka/pool events: metadata.name"}},
		"topic of a bad value":       {func(c *composition) { c.topic.Spec.Config["retention.ms"] = 1.5 }, []string{"kafka/topic-config orders: spec.config[retention.ms]"}},
		"topic of a good float":      {func(c *composition) { c.topic.Spec.Config["retention.ms"] = 6.048e+08 }, nil},
		"topic of a list":            {func(c *composition) { c.topic.Spec.Config["cleanup.policy"] = []any{"compact", "delete"} }, nil},
		"topic of an unknown setting": {func(c *composition) {
			c.topic.Spec.Config["retention"], c.topic.Spec.Config["message.downconversion.enable"] = "1", "false"
		}, []string{"kafka/unknown-topic-config orders: spec.config[message.downconversion.enable]", "kafka/unknown-topic-config orders: spec.config[retention]"}},
	} {
		t.Run(name, func(t *testing.T) { finds(t, tc.change, tc.want) })
	}
}

// TestRulesAreComplete holds every rule to what a rule has to say, and wants
// each of them to be found by TestRules.
func TestRulesAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, rule := range kafka.Rules() {
		if !regexp.MustCompile(`^kafka/[a-z]+(-[a-z]+)*$`).MatchString(rule.ID) || seen[rule.ID] {
			t.Errorf("id %q is malformed or there twice", rule.ID)
		}
		seen[rule.ID] = true
		for what, text := range map[string]string{"summary": rule.Summary, "reason": rule.Reason, "fix": rule.Fix, "source": rule.Source} {
			if text == "" {
				t.Errorf("%s has no %s", rule.ID, what)
			}
		}
	}
	for _, id := range []string{
		"replication-factor", "min-insync", "topic-replicas", "rack-awareness", "delete-claim", "storage-class", "ephemeral-storage", "plain-listener",
		"controllers", "topic-cluster-label", "unknown-topic-config", "auto-create-topics",
	} {
		if !seen["kafka/"+id] {
			t.Errorf("there is no rule kafka/%s", id)
		}
	}
}

// TestRulesPassOver gives every rule objects that have nothing in them, and
// one of another kind.
func TestRulesPassOver(t *testing.T) {
	b := build(t)
	for _, o := range []millrace.Object{&corev1.Pod{}, &strimziv1.Kafka{}, &strimziv1.KafkaNodePool{}, &strimziv1.KafkaTopic{}, &strimziv1.KafkaUser{}, &strimziv1.KafkaRebalance{}, &strimziv1.StrimziPodSet{}} {
		for _, rule := range kafka.Rules() {
			rule.Check(&millrace.Pass{Object: o, Bundle: b, Report: func(string, string) {
				switch o.(type) {
				case *corev1.Pod, *strimziv1.StrimziPodSet:
					t.Errorf("%s reports a %T", rule.ID, o)
				}
			}})
		}
	}
}

// TestDefaultsPassTheRules builds what says nothing of its own and wants no
// finding, and of the article's cluster only how open it is.
func TestDefaultsPassTheRules(t *testing.T) {
	if got := check(t, build(t, smallCluster(), smallTopic(), &kafka.BrokerPool{Name: "more", Cluster: "events", Volumes: disk()})); got != nil {
		t.Errorf("defaults: %q", got)
	}
	want := []string{
		"kafka/authorization data-platform-kafka: spec.kafka.authorization",
		"kafka/cpu-limit broker: spec.resources.limits[cpu]",
		"kafka/listener-auth data-platform-kafka: spec.kafka.listeners[0].authentication",
		"kafka/open-listener data-platform-kafka: spec.kafka.listeners[2].authentication",
		"kafka/plain-listener data-platform-kafka: spec.kafka.listeners[0].tls",
	}
	if got := check(t, build(t, articleCluster(), articleTopic())); !slices.Equal(got, want) {
		t.Errorf("the article's: %q, want %q", got, want)
	}
	if got := check(t, build(t, fullCluster())); !slices.ContainsFunc(got, func(f string) bool { return strings.HasPrefix(f, "kafka/empty-pool empty") }) {
		t.Errorf("a pool without nodes passes: %q", got)
	}
}

// many is a cluster with n objects of each kind that rules look up others for:
// topics, users, Connects with their connectors, mirrors, and consumers.
func many(t testing.TB, n int) *millrace.Bundle {
	t.Helper()
	cluster := with(smallCluster(), func(c *kafka.Cluster) {
		c.Namespace, c.EntityOperator.Topics.Namespace = "kafka", "shop"
		c.Listeners = []kafka.Listener{{Name: "tls", Port: 9093, Auth: kafka.MutualTLS}}
	})
	builders := []millrace.Builder{cluster}
	for i := range n {
		name := fmt.Sprintf("x-%d", i)
		to := kafka.Connection{Cluster: "events", Login: kafka.ClientCertificate{Secret: name}}
		connect := &kafka.Connect{Name: name, Namespace: "kafka", Kafka: to}
		topic := func(namespace string) *kafka.Topic {
			return &kafka.Topic{Name: name, Namespace: namespace, Cluster: "events", Partitions: 6}
		}
		builders = append(builders, topic("shop"),
			&kafka.User{Name: name, Namespace: "kafka", Cluster: "events", Access: []kafka.Access{kafka.Consume{Topics: []string{name}, Group: name}}},
			connect, &kafka.Connector{Name: name, Connect: connect, Class: "com.company.OrdersSource"},
			with(smallMirror(), func(m *kafka.MirrorMaker) { m.Name, m.Namespace = name, "kafka" }),
			with(smallConsumer(), func(c *kafka.Consumer) { c.Name, c.Topics = name, []*kafka.Topic{topic("kafka")} }))
	}
	return build(t, builders...)
}

// BenchmarkRules shows that the rules look at an object in the same time however
// many others there are.
func BenchmarkRules(b *testing.B) {
	topics := func(t testing.TB, n int) *millrace.Bundle {
		builders := []millrace.Builder{smallCluster()}
		for i := range n {
			builders = append(builders, with(smallTopic(), func(t *kafka.Topic) { t.Name = fmt.Sprintf("orders-%d", i) }))
		}
		return build(t, builders...)
	}
	for kinds, of := range map[string]func(testing.TB, int) *millrace.Bundle{"topics": topics, "all": many} {
		for _, n := range []int{100, 1000, 10000} {
			b.Run(fmt.Sprint(kinds, n), func(b *testing.B) {
				bundle, rules := of(b, n), kafka.Rules()
				for b.Loop() {
					shared := map[any]any{}
					for _, o := range bundle.Objects() {
						for _, rule := range rules {
							rule.Check(&millrace.Pass{Object: o, Bundle: bundle, Shared: shared, Report: func(string, string) {}})
						}
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(bundle.Objects())), "ns/object")
			})
		}
	}
}
