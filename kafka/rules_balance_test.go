package kafka_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// balanced is a loaded cluster with a rebalance of it, and another one.
type balanced struct {
	kafka     *strimziv1.Kafka
	brokers   *strimziv1.KafkaNodePool
	rebalance *strimziv1.KafkaRebalance
	template  *strimziv1.KafkaRebalance
	more      []millrace.Object
}

func loadedRebalance(name string) *strimziv1.KafkaRebalance {
	return &strimziv1.KafkaRebalance{TypeMeta: kind("KafkaRebalance"), ObjectMeta: meta(name)}
}

// TestBalanceRules adds one fault to objects that have none.
func TestBalanceRules(t *testing.T) {
	pkg := "com.linkedin.kafka.cruisecontrol.analyzer.goals."
	hard := []string{"RackAwareGoal", "ReplicaCapacityGoal", "DiskCapacityGoal", "CpuCapacityGoal"}
	brokersOnly := func(b *balanced, n int64) { b.brokers.Spec.Replicas = n }
	for name, tc := range map[string]struct {
		change func(*balanced)
		want   []string
	}{
		"nothing": {func(*balanced) {}, nil},

		"no Cruise Control": {func(b *balanced) { b.kafka.Spec.CruiseControl = nil }, []string{
			"kafka/cruise-control events: spec.cruiseControl", "kafka/rebalance-cluster balance: metadata.labels[strimzi.io/cluster]"}},
		"no Cruise Control, one broker": {func(b *balanced) {
			b.kafka.Spec.CruiseControl, b.rebalance = nil, nil
			brokersOnly(b, 1)
		}, nil},
		"no Cruise Control, brokers elsewhere": {func(b *balanced) {
			b.kafka.Spec.CruiseControl, b.rebalance, b.brokers = nil, nil, nil
		}, []string{"kafka/cruise-control events: spec.cruiseControl"}},
		"Cruise Control of one broker": {func(b *balanced) { brokersOnly(b, 1) }, []string{"kafka/cruise-control-brokers events: spec.cruiseControl"}},
		"metrics topic of many replicas": {func(b *balanced) {
			b.kafka.Spec.Kafka.Config["cruise.control.metrics.topic.replication.factor"] = 4
		}, []string{"kafka/cruise-control-brokers events: spec.kafka.config[cruise.control.metrics.topic.replication.factor]"}},
		"metrics topic, brokers elsewhere": {func(b *balanced) {
			b.kafka.Spec.Kafka.Config["cruise.control.metrics.topic.replication.factor"], b.brokers = 4, nil
		}, nil},
		"metrics topic never in sync": {func(b *balanced) {
			b.kafka.Spec.Kafka.Config["cruise.control.metrics.topic.min.insync.replicas"] = "4"
		}, []string{"kafka/cruise-control-config events: spec.kafka.config[cruise.control.metrics.topic.min.insync.replicas]"}},
		"settings of Strimzi": {func(b *balanced) { b.kafka.Spec.CruiseControl.Config = strimziv1.JSONMap{"webserver.http.port": 1} }, []string{
			"kafka/cruise-control-config events: spec.cruiseControl.config[webserver.http.port]"}},
		"settings with exceptions": {func(b *balanced) {
			b.kafka.Spec.CruiseControl.Config = strimziv1.JSONMap{"webserver.http.cors.enabled": true}
		}, nil},
		"users of no entry": {func(b *balanced) {
			b.kafka.Spec.CruiseControl.APIUsers = &strimziv1.APIUsers{Type: "hashLoginService"}
		}, []string{"kafka/cruise-control-config events: spec.cruiseControl.apiUsers.valueFrom.secretKeyRef"}},
		"hard goals that are no defaults": {func(b *balanced) {
			b.kafka.Spec.CruiseControl.Config = strimziv1.JSONMap{"default.goals": pkg + "RackAwareGoal"}
		}, []string{"kafka/cruise-control-goals events: spec.cruiseControl.config[default.goals]"}},
		"goals in lines": {func(b *balanced) {
			b.kafka.Spec.CruiseControl.Config = strimziv1.JSONMap{"hard.goals": pkg + "RackAwareGoal, " + pkg + "DiskCapacityGoal,\n"}
		}, nil},
		"goals as a list": {func(b *balanced) {
			b.kafka.Spec.CruiseControl.Config = strimziv1.JSONMap{"hard.goals": []any{pkg + "RackAwareGoal", pkg + "DiskCapacityGoal"}}
		}, nil},
		"goals without commas": {func(b *balanced) {
			b.kafka.Spec.CruiseControl.Config = strimziv1.JSONMap{"hard.goals": pkg + "RackAwareGoal " + pkg + "DiskCapacityGoal"}
		}, []string{"kafka/cruise-control-goals events: spec.cruiseControl.config[hard.goals]"}},

		"nothing by itself": {func(b *balanced) { b.kafka.Spec.CruiseControl.AutoRebalance = nil }, []string{
			"kafka/auto-rebalance events: spec.cruiseControl.autoRebalance", "kafka/auto-rebalance events: spec.cruiseControl.autoRebalance"}},
		"one by itself": {func(b *balanced) {
			b.kafka.Spec.CruiseControl.AutoRebalance = b.kafka.Spec.CruiseControl.AutoRebalance[:1]
		}, []string{"kafka/auto-rebalance events: spec.cruiseControl.autoRebalance"}},
		"template": {func(b *balanced) {
			b.kafka.Spec.CruiseControl.AutoRebalance[0].Template = &corev1.LocalObjectReference{Name: "gently"}
		}, nil},
		"template that is missing": {func(b *balanced) {
			b.kafka.Spec.CruiseControl.AutoRebalance[1].Template = &corev1.LocalObjectReference{Name: "softly"}
		}, []string{"kafka/auto-rebalance-template events: spec.cruiseControl.autoRebalance[1].template.name"}},
		"template that is none": {func(b *balanced) {
			b.kafka.Spec.CruiseControl.AutoRebalance[1].Template = &corev1.LocalObjectReference{Name: "balance"}
		}, []string{"kafka/auto-rebalance-template events: spec.cruiseControl.autoRebalance[1].template.name"}},

		"rebalance of nobody": {func(b *balanced) { b.rebalance.Spec.Mode = "add-brokers" }, []string{"kafka/rebalance balance: spec.brokers"}},
		"rebalance of no cluster": {func(b *balanced) { b.rebalance.Labels = nil }, []string{
			"kafka/rebalance-cluster balance: metadata.labels[strimzi.io/cluster]"}},
		"rebalance of another cluster": {func(b *balanced) { b.rebalance.Labels["strimzi.io/cluster"] = "other" }, []string{"kafka/unknown-cluster balance: metadata.labels[strimzi.io/cluster]"}},
		"template of no cluster":       {func(b *balanced) { b.template.Labels = nil }, nil},
		"rebalance of the old API":     {func(b *balanced) { b.rebalance.APIVersion = "kafka.strimzi.io/v1beta2" }, []string{"kafka/version balance: apiVersion"}},

		"goals with hard ones":    {func(b *balanced) { b.rebalance.Spec.Goals = append([]string{"ReplicaDistributionGoal"}, hard...) }, nil},
		"goals without hard ones": {func(b *balanced) { b.rebalance.Spec.Goals = []string{"ReplicaDistributionGoal"} }, []string{"kafka/rebalance-goals balance: spec.goals"}},
		"goals, and no check": {func(b *balanced) {
			b.rebalance.Spec.Goals, b.rebalance.Spec.SkipHardGoalCheck = []string{"ReplicaDistributionGoal"}, new(true)
		}, nil},
		"leaders only": {func(b *balanced) { b.rebalance.Spec.Goals = []string{"PreferredLeaderElectionGoal"} }, nil},
		"network is hard where its capacity is known": {func(b *balanced) {
			b.rebalance.Spec.Goals = hard
			b.kafka.Spec.CruiseControl.BrokerCapacity = &strimziv1.BrokerCapacity{InboundNetwork: new("1GiB/s")}
		}, []string{"kafka/rebalance-goals balance: spec.goals"}},
		"goals that the cluster hasn't": {func(b *balanced) {
			b.rebalance.Spec.Goals = []string{"RackAwareGoal", "ReplicaDistributionGoal"}
			b.kafka.Spec.CruiseControl.Config = strimziv1.JSONMap{"goals": pkg + "RackAwareGoal", "default.goals": pkg + "RackAwareGoal", "hard.goals": pkg + "RackAwareGoal"}
		}, []string{"kafka/rebalance-goals balance: spec.goals"}},
		"all brokers out, of topics with one replica": {func(b *balanced) {
			delete(b.kafka.Spec.Kafka.Config, "default.replication.factor")
			b.rebalance.Spec.Mode, b.rebalance.Spec.Brokers = "remove-brokers", []int64{0, 1, 2}
		}, []string{"kafka/min-insync events: spec.kafka.config[min.insync.replicas]", "kafka/rebalance-brokers balance: spec.brokers", "kafka/replication-factor events: spec.kafka.config[default.replication.factor]"}},
		"goals, no Cruise Control": {func(b *balanced) {
			b.rebalance.Spec.Goals, b.kafka.Spec.CruiseControl = []string{"ReplicaDistributionGoal"}, nil
		}, []string{"kafka/cruise-control events: spec.cruiseControl", "kafka/rebalance-cluster balance: metadata.labels[strimzi.io/cluster]"}},
		"goals, cluster elsewhere": {func(b *balanced) { b.rebalance.Spec.Goals, b.kafka = []string{"ReplicaDistributionGoal"}, nil }, nil},

		"more brokers than there are": {func(b *balanced) {
			b.rebalance.Spec.Mode, b.rebalance.Spec.Brokers = "add-brokers", []int64{1, 2, 3, 4}
		}, []string{"kafka/rebalance-brokers balance: spec.brokers"}},
		"one of the three": {func(b *balanced) { b.rebalance.Spec.Mode, b.rebalance.Spec.Brokers = "remove-brokers", []int64{2} }, []string{"kafka/rebalance-brokers balance: spec.brokers"}},
		"one of four": {func(b *balanced) {
			brokersOnly(b, 4)
			b.rebalance.Spec.Mode, b.rebalance.Spec.Brokers = "remove-brokers", []int64{2}
		}, nil},
		"brokers elsewhere": {func(b *balanced) {
			b.rebalance.Spec.Mode, b.rebalance.Spec.Brokers, b.brokers = "remove-brokers", []int64{2}, nil
		}, nil},
		"a disk that there is": {func(b *balanced) {
			b.rebalance.Spec.Mode, b.rebalance.Spec.MoveReplicasOffVolumes = "remove-disks", []strimziv1.BrokerAndVolumeIDs{{BrokerID: new(int64(0)), VolumeIDs: []int64{0}}}
		}, nil},
		"a disk that there isn't": {func(b *balanced) {
			b.rebalance.Spec.Mode, b.rebalance.Spec.MoveReplicasOffVolumes = "remove-disks", []strimziv1.BrokerAndVolumeIDs{{BrokerID: new(int64(0)), VolumeIDs: []int64{0, 1}}}
		}, []string{"kafka/rebalance-brokers balance: spec.moveReplicasOffVolumes[0].volumeIds[1]"}},
		"one disk to balance": {func(b *balanced) { b.rebalance.Spec.RebalanceDisk = new(true) }, []string{"kafka/rebalance-brokers balance: spec.rebalanceDisk"}},
		"disks to balance": {func(b *balanced) {
			b.rebalance.Spec.RebalanceDisk = new(true)
			b.brokers.Spec.Storage.Volumes = append(b.brokers.Spec.Storage.Volumes, b.brokers.Spec.Storage.Volumes[0])
			b.brokers.Spec.Storage.Volumes[1].ID = new(int64(1))
		}, nil},

		"approved in the manifest": {func(b *balanced) { b.rebalance.Annotations = map[string]string{"strimzi.io/rebalance": "approve"} }, []string{
			"kafka/rebalance-action balance: metadata.annotations[strimzi.io/rebalance]"}},
		"approved by itself": {func(b *balanced) {
			b.rebalance.Annotations = map[string]string{"strimzi.io/rebalance-auto-approval": "true"}
		}, nil},

		"no metrics": {func(b *balanced) {
			b.kafka.Spec.Kafka.MetricsConfig = nil
			b.more = []millrace.Object{
				&strimziv1.KafkaConnect{TypeMeta: kind("KafkaConnect"), ObjectMeta: meta("connect")},
				&strimziv1.KafkaMirrorMaker2{TypeMeta: kind("KafkaMirrorMaker2"), ObjectMeta: meta("mirror")}}
		}, []string{"kafka/metrics connect: spec.metricsConfig", "kafka/metrics events: spec.kafka.metricsConfig", "kafka/metrics mirror: spec.metricsConfig"}},
		"metrics that are refused": {func(b *balanced) {
			broken := &strimziv1.MetricsConfig{Type: "strimziMetricsReporter", Values: &strimziv1.StrimziMetricsReporterValues{AllowList: []string{"("}}}
			b.kafka.Spec.Kafka.MetricsConfig, b.kafka.Spec.CruiseControl.MetricsConfig = broken, &strimziv1.MetricsConfig{Type: "jmxPrometheusExporter", ValueFrom: &strimziv1.ExternalConfigurationReference{}}
			b.more = []millrace.Object{
				&strimziv1.KafkaConnect{TypeMeta: kind("KafkaConnect"), ObjectMeta: meta("connect"), Spec: strimziv1.KafkaConnectSpec{MetricsConfig: broken}},
				&strimziv1.KafkaMirrorMaker2{TypeMeta: kind("KafkaMirrorMaker2"), ObjectMeta: meta("mirror"), Spec: strimziv1.KafkaMirrorMaker2Spec{MetricsConfig: broken}},
				&strimziv1.KafkaBridge{TypeMeta: kind("KafkaBridge"), ObjectMeta: meta("bridge"), Spec: strimziv1.KafkaBridgeSpec{MetricsConfig: broken}}}
		}, []string{"kafka/metrics-config bridge: spec.metricsConfig.values.allowList[0]", "kafka/metrics-config connect: spec.metricsConfig.values.allowList[0]",
			"kafka/metrics-config events: spec.cruiseControl.metricsConfig.valueFrom.configMapKeyRef",
			"kafka/metrics-config events: spec.kafka.metricsConfig.values.allowList[0]", "kafka/metrics-config mirror: spec.metricsConfig.values.allowList[0]"}},
		"no exporter":          {func(b *balanced) { b.kafka.Spec.KafkaExporter = nil }, []string{"kafka/exporter events: spec.kafkaExporter"}},
		"exporter that starts": {func(b *balanced) { b.kafka.Spec.KafkaExporter.GroupRegex = new("^(etl|load)-.*") }, nil},
		"exporter that doesn't": {func(b *balanced) {
			b.kafka.Spec.KafkaExporter.GroupRegex, b.kafka.Spec.KafkaExporter.Logging = new("(?!x)"), new("warn")
		}, []string{"kafka/exporter-config events: spec.kafkaExporter.groupRegex", "kafka/exporter-config events: spec.kafkaExporter.logging"}},
		"resources": {func(b *balanced) {
			bad := &corev1.ResourceRequirements{Requests: corev1.ResourceList{"cpu": resource.MustParse("2")}, Limits: corev1.ResourceList{"cpu": resource.MustParse("1"), "memory": resource.MustParse("0")}}
			b.kafka.Spec.CruiseControl.Resources, b.kafka.Spec.KafkaExporter.Resources = bad, bad
			b.kafka.Spec.EntityOperator = &strimziv1.EntityOperatorSpec{TopicOperator: &strimziv1.EntityTopicOperatorSpec{Resources: bad}, UserOperator: &strimziv1.EntityUserOperatorSpec{Resources: bad}}
		}, []string{
			"kafka/resources events: spec.cruiseControl.resources.limits[cpu]", "kafka/resources events: spec.cruiseControl.resources.limits[memory]",
			"kafka/resources events: spec.entityOperator.topicOperator.resources.limits[cpu]", "kafka/resources events: spec.entityOperator.topicOperator.resources.limits[memory]",
			"kafka/resources events: spec.entityOperator.userOperator.resources.limits[cpu]", "kafka/resources events: spec.entityOperator.userOperator.resources.limits[memory]",
			"kafka/resources events: spec.kafkaExporter.resources.limits[cpu]", "kafka/resources events: spec.kafkaExporter.resources.limits[memory]"}},
	} {
		t.Run(name, func(t *testing.T) {
			good := goodComposition()
			b := &balanced{kafka: good.kafka, brokers: good.brokers, rebalance: loadedRebalance("balance"), template: loadedRebalance("gently")}
			b.template.Annotations = map[string]string{"strimzi.io/rebalance-template": "true"}
			tc.change(b)
			objects := append([]millrace.Object{b.template}, b.more...)
			if b.kafka != nil {
				objects = append(objects, b.kafka)
			}
			if b.brokers != nil {
				objects = append(objects, b.brokers, good.controllers)
			}
			if b.rebalance != nil {
				objects = append(objects, b.rebalance)
			}
			found := check(t, build(t, millrace.Parts{Objects: objects}))
			// Other rules' concern where there is one broker.
			if b.brokers != nil && b.brokers.Spec.Replicas == 1 {
				found = slices.DeleteFunc(found, func(f string) bool { return strings.HasPrefix(f, "kafka/replication-brokers ") })
			}
			if b.more != nil {
				found = slices.DeleteFunc(found, func(f string) bool { return !strings.HasPrefix(f, "kafka/metrics") })
			}
			if diff := cmp.Diff(tc.want, found, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBusyPassesTheRules builds a cluster with a rebalance and a template, and
// wants only what they ask for.
func TestBusyPassesTheRules(t *testing.T) {
	b := build(t, busyCluster(),
		&kafka.Rebalance{Name: "gently", Namespace: "kafka", Template: true},
		&kafka.Rebalance{Name: "balance", Namespace: "kafka", Cluster: "events", AutoApprove: true})
	if diff := cmp.Diff([]string{"kafka/auto-rebalance events: spec.cruiseControl.autoRebalance"}, check(t, b)); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}
