package kafka_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func pool(t *testing.T, b *kafka.BrokerPool) strimziv1.KafkaNodePoolSpec {
	t.Helper()
	made, err := b.KafkaNodePool()
	if err != nil {
		t.Fatal(err)
	}
	return made.Spec
}

func quantities(memory, cpu string) corev1.ResourceList {
	out := corev1.ResourceList{}
	for name, value := range map[corev1.ResourceName]string{corev1.ResourceMemory: memory, corev1.ResourceCPU: cpu} {
		if value != "" {
			out[name] = resource.MustParse(value)
		}
	}
	return out
}

// TestResources holds what is requested to what the fields and Base say.
func TestResources(t *testing.T) {
	for name, tc := range map[string]struct {
		fields kafka.Resources
		base   *corev1.ResourceRequirements
		roles  []kafka.Role
		want   corev1.ResourceRequirements
	}{
		"broker":             {want: corev1.ResourceRequirements{Requests: quantities("8Gi", "2"), Limits: quantities("8Gi", "")}},
		"controller":         {roles: []kafka.Role{kafka.Controller}, want: corev1.ResourceRequirements{Requests: quantities("4Gi", "1"), Limits: quantities("4Gi", "")}},
		"both":               {roles: []kafka.Role{kafka.Controller, kafka.Broker}, want: corev1.ResourceRequirements{Requests: quantities("8Gi", "2"), Limits: quantities("8Gi", "")}},
		"fields":             {fields: kafka.Resources{Memory: 16 * millrace.GiB, CPU: 0.5, CPULimit: 1.25}, want: corev1.ResourceRequirements{Requests: quantities("16Gi", "500m"), Limits: quantities("16Gi", "1250m")}},
		"limit of memory":    {base: &corev1.ResourceRequirements{Limits: quantities("2Gi", "")}, want: corev1.ResourceRequirements{Requests: quantities("2Gi", "2"), Limits: quantities("2Gi", "")}},
		"request of memory":  {base: &corev1.ResourceRequirements{Requests: quantities("64Gi", "")}, want: corev1.ResourceRequirements{Requests: quantities("64Gi", "2"), Limits: quantities("64Gi", "")}},
		"low limit of CPU":   {fields: kafka.Resources{CPULimit: 1}, want: corev1.ResourceRequirements{Requests: quantities("8Gi", "1"), Limits: quantities("8Gi", "1")}},
		"both of Base":       {base: &corev1.ResourceRequirements{Requests: quantities("1Gi", "3"), Limits: quantities("2Gi", "4")}, want: corev1.ResourceRequirements{Requests: quantities("1Gi", "3"), Limits: quantities("2Gi", "4")}},
		"Base beside fields": {fields: kafka.Resources{Memory: millrace.GiB}, base: &corev1.ResourceRequirements{Requests: quantities("", "3")}, want: corev1.ResourceRequirements{Requests: quantities("1Gi", "3"), Limits: quantities("1Gi", "")}},
	} {
		t.Run(name, func(t *testing.T) {
			got := pool(t, with(smallPool(), func(b *kafka.BrokerPool) { b.Resources, b.Roles, b.Base.Resources = tc.fields, tc.roles, tc.base }))
			if diff := cmp.Diff(&tc.want, got.Resources); diff != "" {
				t.Errorf("resources (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPlacement holds node selectors to the affinity that they become.
func TestPlacement(t *testing.T) {
	in := func(key string, values ...string) corev1.NodeSelectorRequirement {
		return corev1.NodeSelectorRequirement{Key: key, Operator: corev1.NodeSelectorOpIn, Values: values}
	}
	selector := map[string]string{"workload": "kafka", "disk": "nvme"}
	want := []corev1.NodeSelectorRequirement{in("disk", "nvme"), in("workload", "kafka")}
	for name, tc := range map[string]struct {
		before, after []corev1.NodeSelectorTerm
	}{
		"no affinity": {nil, []corev1.NodeSelectorTerm{{MatchExpressions: want}}},
		"alternatives": {
			[]corev1.NodeSelectorTerm{{MatchExpressions: []corev1.NodeSelectorRequirement{in("zone", "a")}}, {}, {MatchFields: []corev1.NodeSelectorRequirement{in("metadata.name", "n1")}}},
			[]corev1.NodeSelectorTerm{{MatchExpressions: append([]corev1.NodeSelectorRequirement{in("zone", "a")}, want...)}, {}, {MatchFields: []corev1.NodeSelectorRequirement{in("metadata.name", "n1")}, MatchExpressions: want}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := millrace.Placement{NodeSelector: selector}
			if tc.before != nil {
				p.Affinity = &corev1.Affinity{NodeAffinity: &corev1.NodeAffinity{RequiredDuringSchedulingIgnoredDuringExecution: &corev1.NodeSelector{NodeSelectorTerms: tc.before}}}
			}
			got := pool(t, with(smallPool(), func(b *kafka.BrokerPool) { b.Placement = p })).Template.Pod.Affinity
			if diff := cmp.Diff(tc.after, got.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms); diff != "" {
				t.Errorf("node affinity (-want +got):\n%s", diff)
			}
			if got.PodAntiAffinity == nil {
				t.Error("the brokers are no longer kept apart")
			}
		})
	}
}

// TestBaseWinsOverDefaults sets in Base what there is a default for.
func TestBaseWinsOverDefaults(t *testing.T) {
	apart := &corev1.PodAntiAffinity{RequiredDuringSchedulingIgnoredDuringExecution: []corev1.PodAffinityTerm{{TopologyKey: "rack"}}}
	spread := []corev1.TopologySpreadConstraint{{MaxSkew: 2, TopologyKey: "rack", WhenUnsatisfiable: corev1.ScheduleAnyway}}
	template := &strimziv1.StatefulPodTemplate{Affinity: &corev1.Affinity{PodAntiAffinity: apart}, TopologySpreadConstraints: spread}

	own := pool(t, with(smallPool(), func(b *kafka.BrokerPool) {
		b.Volumes = nil
		b.Base = strimziv1.KafkaNodePoolSpec{Replicas: 6, Roles: []strimziv1.ProcessRole{"controller"},
			Storage:  strimziv1.Storage{Type: strimziv1.StorageTypeEphemeral},
			Template: &strimziv1.KafkaNodePoolTemplate{Pod: template}}
	}))
	if own.Replicas != 6 || own.Roles[0] != "controller" || own.Storage.Type != strimziv1.StorageTypeEphemeral {
		t.Errorf("a default won: %+v", own)
	}
	if diff := cmp.Diff(template, own.Template.Pod); diff != "" {
		t.Errorf("template of the pool (-want +got):\n%s", diff)
	}

	cluster := with(smallCluster(), func(c *kafka.Cluster) {
		c.Base.Kafka.Template = &strimziv1.KafkaClusterTemplate{Pod: template}
		c.Base.Kafka.Rack = &strimziv1.Rack{Type: strimziv1.RackTypeEnvironmentVariable, EnvVarName: new("RACK")}
		c.Base.Kafka.Template.KafkaContainer = &strimziv1.ContainerTemplate{Env: []strimziv1.ContainerEnvVar{{Name: new("RACK"), Value: new("a")}}}
		c.Base.Kafka.Config = strimziv1.JSONMap{"default.replication.factor": "2", "auto.create.topics.enable": true}
		c.Base.Kafka.Listeners = []strimziv1.Listener{{Name: "plain", Port: 9092, Type: strimziv1.ListenerTypeInternal}}
		c.Base.EntityOperator = &strimziv1.EntityOperatorSpec{TopicOperator: &strimziv1.EntityTopicOperatorSpec{ReconciliationIntervalMs: new(int64(5))}}
	})
	pools, err := cluster.NodePools()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(template, pools[0].Spec.Template.Pod); diff != "" {
		t.Errorf("template of the cluster, in the pool (-want +got):\n%s", diff)
	}
	k, err := cluster.Kafka()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&strimziv1.Rack{Type: strimziv1.RackTypeEnvironmentVariable, EnvVarName: new("RACK")}, k.Spec.Kafka.Rack); diff != "" {
		t.Errorf("rack (-want +got):\n%s", diff)
	}
	want := strimziv1.JSONMap{"default.replication.factor": "2", "min.insync.replicas": int64(1), "auto.create.topics.enable": true,
		"offsets.topic.replication.factor": int64(2), "transaction.state.log.replication.factor": int64(2), "transaction.state.log.min.isr": int64(1)}
	if diff := cmp.Diff(want, k.Spec.Kafka.Config); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
	if k.Spec.Kafka.Listeners[0].TLS || len(k.Spec.Kafka.Listeners) != 1 {
		t.Errorf("listeners: %+v", k.Spec.Kafka.Listeners)
	}
	if e := k.Spec.EntityOperator; *e.TopicOperator.ReconciliationIntervalMs != 5 || e.UserOperator == nil {
		t.Errorf("entity operator: %+v", e)
	}

	topic, err := with(smallTopic(), func(t *kafka.Topic) {
		t.Partitions, t.Base = 0, strimziv1.KafkaTopicSpec{Partitions: new(int64(3)), Replicas: new(int64(4))}
	}).KafkaTopic()
	if err != nil || *topic.Spec.Partitions != 3 || *topic.Spec.Replicas != 4 || topic.Spec.Config["min.insync.replicas"] != "3" {
		t.Errorf("topic: %+v, %v", topic, err)
	}
}

// TestSpreadOfBothRoles: the API server refuses two constraints of one kind on
// one label.
func TestSpreadOfBothRoles(t *testing.T) {
	for name, roles := range map[string][]kafka.Role{"brokers first": {kafka.Broker, kafka.Controller}, "controllers first": {kafka.Controller, kafka.Broker}} {
		t.Run(name, func(t *testing.T) {
			pools, err := (&kafka.Cluster{Name: "events", Namespace: "kafka", Pools: []kafka.BrokerPool{{Roles: roles, Replicas: new(3), Volumes: []kafka.Volume{{Size: millrace.GiB, Class: "c"}}}}}).NodePools()
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]corev1.UnsatisfiableConstraintAction{}
			for _, c := range pools[0].Spec.Template.Pod.TopologySpreadConstraints {
				for label := range c.LabelSelector.MatchLabels {
					got[label] = c.WhenUnsatisfiable
				}
			}
			delete(got, "strimzi.io/cluster")
			want := map[string]corev1.UnsatisfiableConstraintAction{"strimzi.io/broker-role": corev1.DoNotSchedule, "strimzi.io/controller-role": corev1.ScheduleAnyway}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// TestSpread goes through what is kept apart.
func TestSpread(t *testing.T) {
	for name, tc := range map[string]struct {
		cluster, own kafka.Spread
		zone         string
		apart        bool
	}{
		"by default":           {zone: "topology.kubernetes.io/zone", apart: true},
		"by the cluster":       {cluster: kafka.Spread{Zone: "rack", SharedHosts: true}, zone: "rack"},
		"by the pool":          {cluster: kafka.Spread{Zone: "rack"}, own: kafka.Spread{Zone: "room"}, zone: "room", apart: true},
		"one zone":             {cluster: kafka.Spread{OneZone: true}, apart: true},
		"nothing":              {cluster: kafka.Spread{OneZone: true, SharedHosts: true}},
		"one zone in the pool": {own: kafka.Spread{OneZone: true}, apart: true},
	} {
		t.Run(name, func(t *testing.T) {
			pools, err := with(smallCluster(), func(c *kafka.Cluster) { c.Spread, c.Pools[0].Spread = tc.cluster, tc.own }).NodePools()
			if err != nil {
				t.Fatal(err)
			}
			var zone string
			var apart bool
			if template := pools[0].Spec.Template; template != nil {
				for _, c := range template.Pod.TopologySpreadConstraints {
					zone = c.TopologyKey
				}
				apart = template.Pod.Affinity != nil
			}
			if zone != tc.zone || apart != tc.apart {
				t.Errorf("spread over %q, hosts apart %v; want %q, %v", zone, apart, tc.zone, tc.apart)
			}
		})
	}
}
