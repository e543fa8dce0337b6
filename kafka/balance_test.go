package kafka_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// busyCluster sets most of what there is to set of what stands beside the
// brokers.
func busyCluster() *kafka.Cluster {
	on := func(pool string) millrace.Placement {
		return millrace.Placement{
			NodeSelector: map[string]string{"pool": pool},
			Tolerations:  []corev1.Toleration{{Key: "pool", Operator: corev1.TolerationOpEqual, Value: pool, Effect: corev1.TaintEffectNoSchedule}},
		}
	}
	return with(smallCluster(), func(c *kafka.Cluster) {
		c.Namespace = "kafka"
		c.Metrics = kafka.JMX{}
		c.CruiseControl = kafka.CruiseControl{
			Goals:          []kafka.Goal{kafka.RackAwareGoal, kafka.ReplicaCapacityGoal, kafka.DiskCapacityGoal, kafka.NetworkInboundCapacityGoal, kafka.ReplicaDistributionGoal, "com.company.goals.TenantGoal"},
			DefaultGoals:   []kafka.Goal{kafka.RackAwareGoal, kafka.ReplicaCapacityGoal, kafka.DiskCapacityGoal, kafka.NetworkInboundCapacityGoal, "com.company.goals.TenantGoal"},
			HardGoals:      []kafka.Goal{kafka.RackAwareGoal, kafka.DiskCapacityGoal},
			DetectionGoals: []kafka.Goal{kafka.DiskCapacityGoal},
			Capacity: kafka.Capacity{CPU: 1.5, Inbound: 125 * millrace.MiB, Outbound: 125_000_000,
				Overrides: []kafka.CapacityOverride{{Brokers: []int{0, 1}, CPU: 4, Inbound: millrace.GiB, Outbound: 1536}, {Brokers: []int{2}, Outbound: 12345}}},
			AutoRebalance: kafka.AutoRebalance{NotOnAdd: true, RemoveTemplate: "gently"},
			MetricsTopic:  kafka.MetricsTopic{Partitions: 4, Replicas: 3, MinInSync: 2, Retention: time.Hour},
			APIUsers:      kafka.SecretKey{Name: "cruise-users", Key: "users.txt"},
			Config:        map[string]string{"max.replicas.per.broker": "4000", "webserver.http.cors.enabled": "true"},
			Resources:     kafka.Resources{Memory: 4 * millrace.GiB, CPU: 1, CPULimit: 4}, Heap: 2 * millrace.GiB,
			Loggers: map[string]string{"rootLogger.level": "WARN"}, Metrics: kafka.JMX{},
			Pod: kafka.PodTemplate{PriorityClass: "platform"}, Placement: on("balance"),
		}
		c.EntityOperator = kafka.EntityOperator{
			Topics: kafka.TopicOperator{Namespace: "topics", Interval: time.Minute, Resources: kafka.Resources{Memory: 512 * millrace.MiB}, Heap: 256 * millrace.MiB,
				Loggers: map[string]string{"rootLogger.level": "DEBUG"}},
			Users: kafka.UserOperator{Namespace: "users", SecretPrefix: "kafka-", Interval: 90 * time.Second, Resources: kafka.Resources{CPU: 0.25, CPULimit: 0.5}, Heap: 128 * millrace.MiB,
				Loggers: map[string]string{"rootLogger.level": "INFO"}},
			Pod: kafka.PodTemplate{Labels: map[string]string{"team": "data-platform"}}, Placement: on("operators"),
		}
		c.Exporter = kafka.Exporter{
			Groups: "^etl-.*", Topics: "^orders", ExcludeGroups: "^console-", ExcludeTopics: "^__", ConnectedOnly: true, LogLevel: "debug", ClientLogging: true,
			Resources: kafka.Resources{Memory: 256 * millrace.MiB, CPU: 0.1}, Pod: kafka.PodTemplate{GracePeriod: new(time.Duration(0))}, Placement: on("metrics"),
		}
	})
}

// fullRebalance sets most of what there is to set.
func fullRebalance() *kafka.Rebalance {
	return &kafka.Rebalance{
		Name: "spread", Namespace: "kafka", Cluster: "events", Labels: map[string]string{"team": "data-platform"}, Annotations: map[string]string{"company.com/ticket": "4711"},
		Mode: kafka.AddBrokers, Brokers: []int{0, 3},
		Goals:         []kafka.Goal{kafka.RackAwareGoal, kafka.ReplicaCapacityGoal, kafka.DiskCapacityGoal, kafka.CPUCapacityGoal},
		SkipHardGoals: true, ExcludedTopics: `^(?!orders-).*$`, AutoApprove: true, Action: kafka.Refresh,
		Pace:       kafka.Pace{Partitions: 2, Leaders: 100, Throttle: 100 * millrace.MiB},
		Strategies: []kafka.MovementStrategy{kafka.PostponeUnderReplicated, kafka.SmallReplicasFirst},
		Base:       strimziv1.KafkaRebalanceSpec{},
	}
}

// TestBesideTheBrokers wants mistakes in the fields of Cruise Control, the
// operators and the exporter to be found, each in its field.
func TestBesideTheBrokers(t *testing.T) {
	const invalid, conflict, required, duplicate, unsupported = millrace.RuleInvalid, millrace.RuleConflict, millrace.RuleRequired, millrace.RuleDuplicate, millrace.RuleUnsupported
	one := []kafka.Goal{kafka.RackAwareGoal}
	for name, tc := range map[string]struct {
		change func(*kafka.Cluster)
		want   []string
	}{
		"nothing":   {func(*kafka.Cluster) {}, nil},
		"all of it": {func(c *kafka.Cluster) { *c = *busyCluster() }, nil},

		"hard goal that is no default": {func(c *kafka.Cluster) {
			c.CruiseControl.DefaultGoals, c.CruiseControl.HardGoals = one, []kafka.Goal{kafka.DiskCapacityGoal}
		}, []string{invalid + " CruiseControl.HardGoals"}},
		"default goals without Strimzi's hard ones": {func(c *kafka.Cluster) { c.CruiseControl.DefaultGoals = one }, []string{invalid + " CruiseControl.DefaultGoals"}},
		"default goals with hard ones":              {func(c *kafka.Cluster) { c.CruiseControl.DefaultGoals, c.CruiseControl.HardGoals = one, one }, nil},
		"default goal that is no goal": {func(c *kafka.Cluster) {
			c.CruiseControl.DefaultGoals, c.CruiseControl.HardGoals, c.CruiseControl.Goals = one, one, []kafka.Goal{kafka.DiskCapacityGoal}
		}, []string{invalid + " CruiseControl.DefaultGoals"}},
		"goals without Strimzi's default ones": {func(c *kafka.Cluster) { c.CruiseControl.Goals = one }, []string{invalid + " CruiseControl.Goals"}},
		"detection of what is no default": {func(c *kafka.Cluster) {
			c.CruiseControl.DefaultGoals, c.CruiseControl.HardGoals, c.CruiseControl.DetectionGoals = one, one, []kafka.Goal{kafka.DiskCapacityGoal}
		}, []string{invalid + " CruiseControl.DetectionGoals"}},
		"misspelt goal": {func(c *kafka.Cluster) { c.CruiseControl.HardGoals = []kafka.Goal{"RackAwarGoal"} }, []string{invalid + " CruiseControl.HardGoals"}},
		"unknown goal":  {func(c *kafka.Cluster) { c.CruiseControl.HardGoals = []kafka.Goal{"Happiness"} }, []string{invalid + " CruiseControl.HardGoals"}},
		"goal twice": {func(c *kafka.Cluster) {
			c.CruiseControl.Goals = []kafka.Goal{kafka.RackAwareGoal, kafka.RackAwareGoal}
		}, []string{duplicate + " CruiseControl.Goals"}},
		"goals without commas": {func(c *kafka.Cluster) {
			c.CruiseControl.Config = map[string]string{"hard.goals": "com.company.A com.company.B"}
		}, []string{invalid + " CruiseControl.Config[hard.goals]"}},
		"goals by simple names": {func(c *kafka.Cluster) { c.CruiseControl.Config = map[string]string{"hard.goals": "RackAwareGoal"} }, []string{invalid + " CruiseControl.Config[hard.goals]"}},
		"goals in Config as well": {func(c *kafka.Cluster) {
			c.CruiseControl.HardGoals, c.CruiseControl.Config = one, map[string]string{"hard.goals": "x"}
		}, []string{conflict + " CruiseControl.Config[hard.goals]"}},
		"no goals": {func(c *kafka.Cluster) { c.CruiseControl.Config = map[string]string{"default.goals": ","} }, []string{invalid + " CruiseControl.Config[default.goals]"}},
		"network in the dark": {func(c *kafka.Cluster) {
			c.CruiseControl.HardGoals = []kafka.Goal{kafka.NetworkInboundCapacityGoal}
			c.CruiseControl.DefaultGoals = c.CruiseControl.HardGoals
		}, []string{conflict + " CruiseControl.DefaultGoals", conflict + " CruiseControl.HardGoals"}},
		"network of one direction": {func(c *kafka.Cluster) {
			c.CruiseControl.HardGoals = []kafka.Goal{kafka.NetworkInboundCapacityGoal}
			c.CruiseControl.DefaultGoals = c.CruiseControl.HardGoals
			c.CruiseControl.Capacity.Inbound = millrace.GiB
		}, nil},
		"network, the other": {func(c *kafka.Cluster) {
			c.CruiseControl.HardGoals = []kafka.Goal{kafka.PotentialNwOutGoal}
			c.CruiseControl.DefaultGoals, c.CruiseControl.Capacity.Inbound = c.CruiseControl.HardGoals, millrace.GiB
		}, []string{conflict + " CruiseControl.DefaultGoals", conflict + " CruiseControl.HardGoals"}},
		"network of each broker": {func(c *kafka.Cluster) {
			c.CruiseControl.HardGoals = []kafka.Goal{kafka.PotentialNwOutGoal}
			c.CruiseControl.DefaultGoals, c.CruiseControl.Capacity.Overrides = c.CruiseControl.HardGoals, []kafka.CapacityOverride{{Brokers: []int{0, 1, 2}, Outbound: millrace.GiB}}
		}, nil},

		"settings of Strimzi": {func(c *kafka.Cluster) { c.CruiseControl.Config = map[string]string{"self.healing.enabled": "true"} }, []string{unsupported + " CruiseControl.Config[self.healing.enabled]"}},
		"settings of Base": {func(c *kafka.Cluster) {
			c.Base.CruiseControl = &strimziv1.CruiseControlSpec{Config: strimziv1.JSONMap{"ssl.x": "1", "a": map[string]any{}}}
		}, []string{invalid + " Base.CruiseControl.Config[a]", unsupported + " Base.CruiseControl.Config[ssl.x]"}},
		"override of nothing": {func(c *kafka.Cluster) {
			c.CruiseControl.Capacity.Overrides = []kafka.CapacityOverride{{Brokers: []int{1}}}
		}, []string{invalid + " CruiseControl.Capacity.Overrides[0]"}},
		"override for nobody": {func(c *kafka.Cluster) { c.CruiseControl.Capacity.Overrides = []kafka.CapacityOverride{{CPU: 1}} }, []string{required + " CruiseControl.Capacity.Overrides[0].Brokers"}},
		"override twice": {func(c *kafka.Cluster) {
			c.CruiseControl.Capacity.Overrides = []kafka.CapacityOverride{{Brokers: []int{1}, CPU: 1}, {Brokers: []int{1}, CPU: 2}}
		}, []string{duplicate + " CruiseControl.Capacity.Overrides[1].Brokers"}},
		"override for -1": {func(c *kafka.Cluster) {
			c.CruiseControl.Capacity.Overrides = []kafka.CapacityOverride{{Brokers: []int{-1}, CPU: 1}}
		}, []string{invalid + " CruiseControl.Capacity.Overrides[0].Brokers"}},
		"rate without a unit": {func(c *kafka.Cluster) { c.CruiseControl.Capacity.Inbound = 100 }, []string{invalid + " CruiseControl.Capacity.Inbound"}},
		"negative cores":      {func(c *kafka.Cluster) { c.CruiseControl.Capacity.CPU = -1 }, []string{invalid + " CruiseControl.Capacity.CPU"}},
		"template of nothing": {func(c *kafka.Cluster) {
			c.CruiseControl.AutoRebalance = kafka.AutoRebalance{NotOnAdd: true, AddTemplate: "x"}
		}, []string{conflict + " CruiseControl.AutoRebalance.AddTemplate"}},
		"template of no name": {func(c *kafka.Cluster) { c.CruiseControl.AutoRebalance.AddTemplate = "A b" }, []string{invalid + " CruiseControl.AutoRebalance.AddTemplate"}},
		"no auto-rebalance": {func(c *kafka.Cluster) {
			c.CruiseControl.AutoRebalance = kafka.AutoRebalance{NotOnAdd: true, NotOnRemove: true}
		}, nil},
		"and Base has it": {func(c *kafka.Cluster) {
			c.CruiseControl.AutoRebalance = kafka.AutoRebalance{NotOnAdd: true, NotOnRemove: true}
			c.Base.CruiseControl = &strimziv1.CruiseControlSpec{AutoRebalance: []strimziv1.AutoRebalance{{Mode: "add-brokers"}}}
		}, []string{conflict + " Base.CruiseControl.AutoRebalance"}},
		"mode twice": {func(c *kafka.Cluster) {
			c.Base.CruiseControl = &strimziv1.CruiseControlSpec{AutoRebalance: []strimziv1.AutoRebalance{{Mode: "add-brokers"}, {Mode: "add-brokers"}}}
		}, []string{duplicate + " Base.CruiseControl.AutoRebalance[1].Mode"}},
		"metrics topic, in sync": {func(c *kafka.Cluster) {
			c.CruiseControl.MetricsTopic.Replicas, c.CruiseControl.MetricsTopic.MinInSync = 2, 3
		}, []string{invalid + " CruiseControl.MetricsTopic.MinInSync"}},
		"metrics topic, replicas": {func(c *kafka.Cluster) { c.CruiseControl.MetricsTopic.Replicas = 4 }, []string{invalid + " CruiseControl.MetricsTopic.Replicas"}},
		"metrics topic, of Config": {func(c *kafka.Cluster) {
			c.Config = map[string]string{"cruise.control.metrics.topic.min.insync.replicas": "4"}
		}, []string{invalid + " Config[cruise.control.metrics.topic.min.insync.replicas]"}},
		"metrics topic, retention": {func(c *kafka.Cluster) { c.CruiseControl.MetricsTopic.Retention = -1 }, []string{invalid + " CruiseControl.MetricsTopic.Retention"}},
		"users of no key": {func(c *kafka.Cluster) {
			c.CruiseControl.APIUsers = kafka.SecretKey{Name: "x"}
		}, []string{required + " CruiseControl.APIUsers.Key"}},
		"heap of all":               {func(c *kafka.Cluster) { c.CruiseControl.Heap = 2 * millrace.GiB }, []string{invalid + " CruiseControl.Heap"}},
		"limit below the request":   {func(c *kafka.Cluster) { c.CruiseControl.Resources = kafka.Resources{CPU: 2, CPULimit: 1} }, []string{invalid + " CruiseControl.Resources.CPULimit"}},
		"Cruise Control's reporter": {func(c *kafka.Cluster) { c.CruiseControl.Metrics = kafka.Reporter{} }, []string{unsupported + " CruiseControl.Metrics"}},
		"off, and said how":         {func(c *kafka.Cluster) { c.CruiseControl.Off, c.CruiseControl.Heap = true, millrace.GiB }, []string{conflict + " CruiseControl.Off"}},

		"no topics, and said how": {func(c *kafka.Cluster) { c.EntityOperator.NoTopics, c.EntityOperator.Topics.Namespace = true, "x" }, []string{conflict + " EntityOperator.NoTopics"}},
		"no users, and said how":  {func(c *kafka.Cluster) { c.EntityOperator.NoUsers, c.EntityOperator.Users.Namespace = true, "x" }, []string{conflict + " EntityOperator.NoUsers"}},
		"no operators, but a pod": {func(c *kafka.Cluster) {
			c.EntityOperator.NoUsers, c.EntityOperator.NoTopics, c.EntityOperator.Pod.PriorityClass = true, true, "x"
		}, []string{conflict + " EntityOperator.Pod"}},
		"namespaces that are none": {func(c *kafka.Cluster) { c.EntityOperator.Topics.Namespace, c.EntityOperator.Users.Namespace = "A", "B" }, []string{invalid + " EntityOperator.Topics.Namespace", invalid + " EntityOperator.Users.Namespace"}},
		"a prefix that is none":    {func(c *kafka.Cluster) { c.EntityOperator.Users.SecretPrefix = "Kafka_" }, []string{invalid + " EntityOperator.Users.SecretPrefix"}},
		"intervals": {func(c *kafka.Cluster) {
			c.EntityOperator.Topics.Interval, c.EntityOperator.Users.Interval = -time.Second, time.Microsecond
		}, []string{invalid + " EntityOperator.Topics.Interval", invalid + " EntityOperator.Users.Interval"}},
		"heaps": {func(c *kafka.Cluster) {
			c.EntityOperator.Topics.Heap, c.EntityOperator.Users.Heap = millrace.GiB, millrace.GiB
		}, []string{invalid + " EntityOperator.Topics.Heap", invalid + " EntityOperator.Users.Heap"}},
		"an operator's limit": {func(c *kafka.Cluster) { c.EntityOperator.Topics.Resources = kafka.Resources{CPU: 2, CPULimit: 1} }, []string{invalid + " EntityOperator.Topics.Resources.CPULimit"}},
		"another operator's":  {func(c *kafka.Cluster) { c.EntityOperator.Users.Resources = kafka.Resources{CPU: 2, CPULimit: 1} }, []string{invalid + " EntityOperator.Users.Resources.CPULimit"}},

		"expressions of Java": {func(c *kafka.Cluster) {
			c.Exporter = kafka.Exporter{Groups: "(?!a)", Topics: "(", ExcludeGroups: "*", ExcludeTopics: `a\1`}
		}, []string{invalid + " Exporter.Groups", invalid + " Exporter.Topics", invalid + " Exporter.ExcludeGroups", invalid + " Exporter.ExcludeTopics"}},
		"a level that is none":    {func(c *kafka.Cluster) { c.Exporter.LogLevel = "WARN" }, []string{invalid + " Exporter.LogLevel"}},
		"an exporter's limit":     {func(c *kafka.Cluster) { c.Exporter.Resources = kafka.Resources{CPU: 2, CPULimit: 1} }, []string{invalid + " Exporter.Resources.CPULimit"}},
		"an exporter that is off": {func(c *kafka.Cluster) { c.Exporter.Off, c.Exporter.Topics = true, "x" }, []string{conflict + " Exporter.Off"}},
		"an exporter of Base":     {func(c *kafka.Cluster) { c.Exporter.Off, c.Base.KafkaExporter = true, &strimziv1.KafkaExporterSpec{} }, []string{conflict + " Base.KafkaExporter"}},
		"an expression of Base":   {func(c *kafka.Cluster) { c.Base.KafkaExporter = &strimziv1.KafkaExporterSpec{TopicRegex: new("[")} }, []string{invalid + " Base.KafkaExporter.TopicRegex"}},
		"both say the same": {func(c *kafka.Cluster) {
			c.Exporter.Topics, c.Base.KafkaExporter = "a", &strimziv1.KafkaExporterSpec{TopicRegex: new("b")}
		}, []string{conflict + " Base.KafkaExporter.TopicRegex"}},
		"a heap of Cruise Control's": {func(c *kafka.Cluster) { c.CruiseControl.Heap = 1000 }, []string{invalid + " CruiseControl.Heap"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := mistakes(t, with(smallCluster(), tc.change))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestBesideDefaults wants what is filled in beside what Base says.
func TestBesideDefaults(t *testing.T) {
	memory := func(text string) corev1.ResourceList {
		return corev1.ResourceList{corev1.ResourceMemory: resource.MustParse(text)}
	}
	requirements := func(requests, limits corev1.ResourceList) *corev1.ResourceRequirements {
		return &corev1.ResourceRequirements{Requests: requests, Limits: limits}
	}
	add, remove := strimziv1.AutoRebalance{Mode: "add-brokers"}, strimziv1.AutoRebalance{Mode: "remove-brokers"}
	for name, tc := range map[string]struct {
		fields kafka.CruiseControl
		base   *strimziv1.CruiseControlSpec
		want   strimziv1.CruiseControlSpec
	}{
		"nothing": {want: strimziv1.CruiseControlSpec{AutoRebalance: []strimziv1.AutoRebalance{add, remove}, Resources: requirements(
			corev1.ResourceList{"memory": resource.MustParse("2Gi"), "cpu": resource.MustParse("500m")}, memory("2Gi"))}},
		"memory of Base": {base: &strimziv1.CruiseControlSpec{Resources: requirements(nil, memory("1Gi"))},
			want: strimziv1.CruiseControlSpec{AutoRebalance: []strimziv1.AutoRebalance{add, remove}, Resources: requirements(
				corev1.ResourceList{"memory": resource.MustParse("1Gi"), "cpu": resource.MustParse("500m")}, memory("1Gi"))}},
		"limit of CPU": {fields: kafka.CruiseControl{Resources: kafka.Resources{CPULimit: 0.25}},
			base: &strimziv1.CruiseControlSpec{Resources: requirements(memory("3Gi"), nil)},
			want: strimziv1.CruiseControlSpec{AutoRebalance: []strimziv1.AutoRebalance{add, remove}, Resources: requirements(
				corev1.ResourceList{"memory": resource.MustParse("3Gi"), "cpu": resource.MustParse("250m")},
				corev1.ResourceList{"memory": resource.MustParse("3Gi"), "cpu": resource.MustParse("250m")})}},
		"auto-rebalance of Base": {base: &strimziv1.CruiseControlSpec{AutoRebalance: []strimziv1.AutoRebalance{add}, Resources: requirements(nil, nil)},
			want: strimziv1.CruiseControlSpec{AutoRebalance: []strimziv1.AutoRebalance{add}, Resources: requirements(
				corev1.ResourceList{"memory": resource.MustParse("2Gi"), "cpu": resource.MustParse("500m")}, memory("2Gi"))}},
		"no auto-rebalance": {fields: kafka.CruiseControl{AutoRebalance: kafka.AutoRebalance{NotOnAdd: true, NotOnRemove: true}},
			want: strimziv1.CruiseControlSpec{Resources: requirements(
				corev1.ResourceList{"memory": resource.MustParse("2Gi"), "cpu": resource.MustParse("500m")}, memory("2Gi"))}},
		"one of them": {fields: kafka.CruiseControl{AutoRebalance: kafka.AutoRebalance{NotOnRemove: true}},
			want: strimziv1.CruiseControlSpec{AutoRebalance: []strimziv1.AutoRebalance{add}, Resources: requirements(
				corev1.ResourceList{"memory": resource.MustParse("2Gi"), "cpu": resource.MustParse("500m")}, memory("2Gi"))}},
		"a delay of none": {base: &strimziv1.CruiseControlSpec{LivenessProbe: &strimziv1.Probe{InitialDelaySeconds: new(int64(0))}},
			want: strimziv1.CruiseControlSpec{LivenessProbe: &strimziv1.Probe{InitialDelaySeconds: new(int64(0))}, AutoRebalance: []strimziv1.AutoRebalance{add, remove}, Resources: requirements(
				corev1.ResourceList{"memory": resource.MustParse("2Gi"), "cpu": resource.MustParse("500m")}, memory("2Gi"))}},
	} {
		t.Run(name, func(t *testing.T) {
			k, err := with(smallCluster(), func(c *kafka.Cluster) { c.CruiseControl, c.Base.CruiseControl = tc.fields, tc.base }).Kafka()
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(&tc.want, k.Spec.CruiseControl); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestBusySharesNothing spoils what was made, and the cluster stays as it was.
func TestBusySharesNothing(t *testing.T) {
	c := with(busyCluster(), func(c *kafka.Cluster) {
		c.Metrics = kafka.JMX{Rules: []kafka.JMXRule{{Pattern: "a", Name: "b", Labels: map[string]string{"c": "d"}}}}
		c.CruiseControl.Metrics = nil
		c.Base.CruiseControl = &strimziv1.CruiseControlSpec{LivenessProbe: &strimziv1.Probe{InitialDelaySeconds: new(int64(0))}, Config: strimziv1.JSONMap{"a": "b"}}
	})
	before := render(t, c)
	parts, err := c.Build()
	if err != nil {
		t.Fatal(err)
	}
	spoil(parts.Objects)
	if diff := cmp.Diff(string(before), string(render(t, c))); diff != "" {
		t.Errorf("the cluster changed (-before +after):\n%s", diff)
	}
}

// TestPodsBesideTheBrokers follows placements and resources into the pods.
func TestPodsBesideTheBrokers(t *testing.T) {
	b := build(t, busyCluster())
	got := map[string][]string{}
	for _, o := range b.Objects() {
		k, ok := o.(*strimziv1.Kafka)
		if !ok {
			continue
		}
		for _, pod := range kafka.Pods(b, k) {
			spec := pod.Template.Spec
			said := []string{spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms[0].MatchExpressions[0].Values[0], spec.Tolerations[0].Value}
			for _, c := range spec.Containers {
				said = append(said, c.Resources.Limits.Memory().String(), c.Resources.Requests.Cpu().String())
			}
			got[pod.Role] = said
		}
	}
	want := map[string][]string{
		"entity-operator": {"operators", "operators", "512Mi", "100m", "256Mi", "250m"},
		"cruise-control":  {"balance", "balance", "4Gi", "1"},
		"kafka-exporter":  {"metrics", "metrics", "256Mi", "100m"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
