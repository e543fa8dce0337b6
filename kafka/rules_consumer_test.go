package kafka_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// consumption is a consumer without a fault, as it comes out of manifests, with
// its topic, for tests to add one.
type consumption struct {
	deployment *appsv1.Deployment
	container  *corev1.Container
	scaled     *kedav1alpha1.ScaledObject
	auth       *kedav1alpha1.TriggerAuthentication
	topic      *strimziv1.KafkaTopic
	others     []millrace.Object
}

func goodConsumption(t *testing.T) *consumption {
	t.Helper()
	parts, err := with(smallConsumer(), func(c *kafka.Consumer) { c.Kafka.User = "projector" }).Build()
	if err != nil {
		t.Fatal(err)
	}
	c := &consumption{topic: loadedTopic(func(*strimziv1.KafkaTopic) {})}
	c.deployment = parts.Objects[0].(*appsv1.Deployment)
	c.container = &c.deployment.Spec.Template.Spec.Containers[0]
	c.scaled, c.auth = parts.Objects[2].(*kedav1alpha1.ScaledObject), parts.Objects[3].(*kedav1alpha1.TriggerAuthentication)
	return c
}

func (c *consumption) metadata() map[string]string { return c.scaled.Spec.Triggers[0].Metadata }

func (c *consumption) bundle(t *testing.T) *millrace.Bundle {
	t.Helper()
	objects := append([]millrace.Object{c.deployment, c.scaled, c.topic}, c.others...)
	if c.auth != nil {
		objects = append(objects, c.auth)
	}
	return build(t, millrace.Parts{Objects: objects})
}

func autoscaler(kind string, change func(*autoscalingv2.HorizontalPodAutoscaler)) *autoscalingv2.HorizontalPodAutoscaler {
	return with(&autoscalingv2.HorizontalPodAutoscaler{ObjectMeta: metav1.ObjectMeta{Name: "old", Namespace: "kafka"}, Spec: autoscalingv2.HorizontalPodAutoscalerSpec{
		ScaleTargetRef: autoscalingv2.CrossVersionObjectReference{APIVersion: "apps/v1", Kind: kind, Name: "projector"}}}, change)
}

func TestConsumerRules(t *testing.T) {
	const (
		metadata = " projector: spec.triggers[0].metadata"
		trigger  = "kafka/consumer-trigger" + metadata
		auth     = "kafka/consumer-auth projector: spec.triggers[0].authenticationRef"
	)
	unchanged := func(*autoscalingv2.HorizontalPodAutoscaler) {}
	set := func(key, value string) func(*consumption) {
		return func(c *consumption) { c.metadata()[key] = value }
	}
	sets := func(values map[string]string) func(*consumption) {
		return func(c *consumption) {
			for key, value := range values {
				c.metadata()[key] = value
			}
		}
	}
	for name, tc := range map[string]struct {
		change func(*consumption)
		want   []string
	}{
		"nothing wrong": {func(*consumption) {}, nil},

		"throttled": {func(c *consumption) { c.container.Resources.Limits["cpu"] = resource.MustParse("1") },
			[]string{"kafka/consumer-cpu-limit projector: spec.template.spec.containers[0].resources.limits.cpu"}},
		"throttled by no consumer": {func(c *consumption) {
			c.container.Resources.Limits["cpu"] = resource.MustParse("1")
			c.scaled.Spec.Triggers = []kedav1alpha1.ScaleTriggers{{Type: "prometheus", Metadata: map[string]string{"lagThreshold": "0"}}}
		}, nil},
		"throttled elsewhere": {func(c *consumption) {
			c.container.Resources.Limits["cpu"] = resource.MustParse("1")
			c.scaled.Spec.ScaleTargetRef.Name = "other"
		}, nil},
		"throttled StatefulSet": {func(c *consumption) {
			c.container.Resources.Limits["cpu"] = resource.MustParse("1")
			c.scaled.Spec.ScaleTargetRef.Kind = new("StatefulSet")
			c.others = append(c.others, &appsv1.StatefulSet{ObjectMeta: metav1.ObjectMeta{Name: "projector", Namespace: "kafka"}, Spec: appsv1.StatefulSetSpec{Template: c.deployment.Spec.Template}})
		}, []string{"kafka/consumer-cpu-limit projector: spec.template.spec.containers[0].resources.limits.cpu"}},
		"throttled, by the other scaler": {func(c *consumption) {
			c.scaled.Spec.Triggers[0].Type, c.container.Resources.Limits["cpu"] = "apache-kafka", resource.MustParse("1")
		}, []string{"kafka/consumer-cpu-limit projector: spec.template.spec.containers[0].resources.limits.cpu"}},
		"of a kind by default": {func(c *consumption) {
			c.scaled.Spec.ScaleTargetRef.Kind, c.scaled.Spec.ScaleTargetRef.APIVersion = nil, nil
			c.deployment.Spec.Replicas = new(int32(3))
		}, []string{"kafka/consumer-replicas projector: spec.replicas"}},
		"any memory": {func(c *consumption) { delete(c.container.Resources.Limits, "memory") },
			[]string{"kafka/consumer-memory-limit projector: spec.template.spec.containers[0].resources.limits.memory"}},
		"killed soon": {func(c *consumption) { c.deployment.Spec.Template.Spec.TerminationGracePeriodSeconds = new(int64(29)) },
			[]string{"kafka/consumer-grace-period projector: spec.template.spec.terminationGracePeriodSeconds"}},
		"killed by default": {func(c *consumption) { c.deployment.Spec.Template.Spec.TerminationGracePeriodSeconds = nil }, nil},
		"replicas beside":   {func(c *consumption) { c.deployment.Spec.Replicas = new(int32(0)) }, []string{"kafka/consumer-replicas projector: spec.replicas"}},

		"two autoscalers":          {func(c *consumption) { c.others = append(c.others, autoscaler("Deployment", unchanged)) }, []string{"kafka/consumer-autoscalers projector: spec.scaleTargetRef.name"}},
		"an autoscaler of another": {func(c *consumption) { c.others = append(c.others, autoscaler("StatefulSet", unchanged)) }, nil},
		"an autoscaler that is taken": {func(c *consumption) {
			c.scaled.Annotations = map[string]string{"scaledobject.keda.sh/transfer-hpa-ownership": "true"}
			c.others = append(c.others, autoscaler("Deployment", unchanged))
		}, nil},
		"an autoscaler left alone": {func(c *consumption) {
			c.others = append(c.others, autoscaler("Deployment", func(h *autoscalingv2.HorizontalPodAutoscaler) {
				h.Annotations = map[string]string{"validations.keda.sh/hpa-ownership": "false"}
			}))
		}, nil},
		"two ScaledObjects": {func(c *consumption) {
			other := c.scaled.DeepCopy()
			other.Name = "again"
			c.others = append(c.others, other)
		}, []string{"kafka/consumer-autoscalers again: spec.scaleTargetRef.name"}},

		"as many as partitions": {func(c *consumption) { c.scaled.Spec.MaxReplicaCount = new(int32(6)) }, nil},
		"more than partitions":  {func(c *consumption) { c.scaled.Spec.MaxReplicaCount = new(int32(7)) }, []string{"kafka/consumer-maximum projector: spec.maxReplicaCount"}},
		"a hundred by default":  {func(c *consumption) { c.scaled.Spec.MaxReplicaCount = nil }, []string{"kafka/consumer-maximum projector: spec.maxReplicaCount"}},
		"of a topic by any name": {func(c *consumption) {
			c.topic.Name, c.topic.Spec.TopicName, c.scaled.Spec.MaxReplicaCount = "kt", new("orders"), new(int32(7))
		}, []string{"kafka/consumer-maximum projector: spec.maxReplicaCount"}},
		"of an unknown topic": {func(c *consumption) {
			c.topic.Name, c.scaled.Spec.MaxReplicaCount = "entirely-different", new(int32(7))
		}, nil},
		"of an unknown size": {func(c *consumption) { c.topic.Spec.Partitions, c.scaled.Spec.MaxReplicaCount = nil, new(int32(7)) }, nil},
		"of another cluster": {func(c *consumption) {
			c.topic.Labels["strimzi.io/cluster"], c.scaled.Spec.MaxReplicaCount = "other", new(int32(7))
		}, nil},
		"of another namespace": {func(c *consumption) { c.topic.Namespace, c.scaled.Spec.MaxReplicaCount = "other", new(int32(7)) }, nil},
		"of any cluster": {func(c *consumption) {
			c.metadata()["bootstrapServers"], c.scaled.Spec.MaxReplicaCount = "broker.company.com:9093", new(int32(7))
		},
			[]string{"kafka/consumer-maximum projector: spec.maxReplicaCount"}},
		"of some partitions": {func(c *consumption) {
			c.metadata()["partitionLimitation"], c.scaled.Spec.MaxReplicaCount = "0-2, 5", new(int32(7))
		}, nil},
		"of two topics": {func(c *consumption) {
			c.scaled.Spec.MaxReplicaCount = new(int32(9))
			c.scaled.Spec.Triggers = append(c.scaled.Spec.Triggers, *c.scaled.Spec.Triggers[0].DeepCopy())
			c.scaled.Spec.Triggers[1].Metadata["topic"] = "payments"
			c.others = append(c.others, loadedTopic(func(t *strimziv1.KafkaTopic) { t.Name, t.Spec.Partitions = "payments", new(int64(3)) }))
		}, nil},
		"of one topic twice": {func(c *consumption) {
			c.scaled.Spec.MaxReplicaCount = new(int32(9))
			c.scaled.Spec.Triggers = append(c.scaled.Spec.Triggers, *c.scaled.Spec.Triggers[0].DeepCopy())
		}, []string{"kafka/consumer-maximum projector: spec.maxReplicaCount"}},

		"no address": {func(c *consumption) { delete(c.metadata(), "bootstrapServers") }, []string{trigger + "[bootstrapServers]"}},
		"no group":   {set("consumerGroup", " "), []string{trigger + "[consumerGroup]"}},
		"from variables": {func(c *consumption) {
			delete(c.metadata(), "consumerGroup")
			c.metadata()["consumerGroupFromEnv"] = "GROUP"
		}, nil},
		"no such variable":  {set("lagThresholdFromEnv", "LAG"), []string{trigger + "[lagThresholdFromEnv]"}},
		"misspelt":          {set("lagTreshold", "5"), []string{trigger + "[lagTreshold]"}},
		"of a cloud":        {set("awsRegion", "eu-central-1"), nil},
		"no lag":            {set("lagThreshold", "0"), []string{trigger + "[lagThreshold]"}},
		"lag of a half":     {set("lagThreshold", "0.5"), []string{trigger + "[lagThreshold]"}},
		"lag of seven":      {set("lagThreshold", "007"), []string{trigger + "[lagThreshold]"}},
		"filled in":         {set("lagThreshold", "{{ .Values.lag }}"), nil},
		"lag to wake at":    {set("activationLagThreshold", "-1"), []string{trigger + "[activationLagThreshold]"}},
		"wakes at once":     {set("activationLagThreshold", "0"), nil},
		"reset":             {set("offsetResetPolicy", "smallest"), []string{trigger + "[offsetResetPolicy]"}},
		"no truth":          {set("allowIdleConsumers", "on"), []string{trigger + "[allowIdleConsumers]"}},
		"partitions":        {set("partitionLimitation", "5-2"), []string{trigger + "[partitionLimitation]"}},
		"version":           {set("version", "latest"), []string{trigger + "[version]"}},
		"TLS":               {set("tls", "true"), []string{"kafka/consumer-auth" + metadata + "[tls]", trigger + "[tls]"}},
		"SASL":              {set("sasl", "SCRAM-SHA-512"), []string{trigger + "[sasl]"}},
		"utilization":       {func(c *consumption) { c.scaled.Spec.Triggers[0].MetricType = new("Utilization") }, []string{"kafka/consumer-trigger projector: spec.triggers[0].metricType"}},
		"idle and limited":  {sets(map[string]string{"allowIdleConsumers": "true", "limitToPartitionsWithLag": "true"}), []string{trigger + "[limitToPartitionsWithLag]"}},
		"idle, not limited": {sets(map[string]string{"allowIdleConsumers": "true", "limitToPartitionsWithLag": "false"}), nil},
		"limited and even":  {sets(map[string]string{"ensureEvenDistributionOfPartitions": "true", "limitToPartitionsWithLag": "true"}), []string{trigger + "[ensureEvenDistributionOfPartitions]"}},
		"limited to what":   {sets(map[string]string{"topic": "", "limitToPartitionsWithLag": "true"}), []string{trigger + "[topic]"}},
		"even over what":    {sets(map[string]string{"topic": "", "ensureEvenDistributionOfPartitions": "true"}), []string{trigger + "[topic]"}},
		"no whole metadata": {sets(map[string]string{"topic": "", "fullMetadata": "false"}), []string{trigger + "[topic]"}},

		"any topic":             {set("topic", ""), nil},
		"any topic, from none":  {func(c *consumption) { c.metadata()["topic"], c.scaled.Spec.MinReplicaCount = "", new(int32(0)) }, []string{"kafka/consumer-topic" + metadata + "[topic]"}},
		"any topic, by default": {func(c *consumption) { c.metadata()["topic"], c.scaled.Spec.MinReplicaCount = "", nil }, []string{"kafka/consumer-topic" + metadata + "[topic]"}},
		"any topic, idle":       {func(c *consumption) { c.metadata()["topic"], c.scaled.Spec.IdleReplicaCount = "", new(int32(0)) }, []string{"kafka/consumer-topic" + metadata + "[topic]"}},
		"a topic from none":     {func(c *consumption) { c.scaled.Spec.MinReplicaCount = new(int32(0)) }, nil},
		"a topic misspelt":      {set("topic", "order"), []string{"kafka/consumer-topic" + metadata + "[topic]"}},

		"an address of KEDA's own": {set("bootstrapServers", "a.kafka.svc:9093, events-kafka-bootstrap:9093"), []string{"kafka/consumer-bootstrap" + metadata + "[bootstrapServers]"}},
		"an address by number":     {set("bootstrapServers", "10.0.0.1:9093,[::1]:9093"), nil},

		"no certificate":      {func(c *consumption) { c.auth.Spec.SecretTargetRef = c.auth.Spec.SecretTargetRef[:2] }, []string{auth}},
		"certificates unread": {set("tls", "disable"), []string{"kafka/consumer-auth" + metadata + "[tls]"}},
		"half a certificate, unread": {func(c *consumption) {
			c.metadata()["tls"], c.auth.Spec.SecretTargetRef = "disable", c.auth.Spec.SecretTargetRef[:2]
		}, []string{"kafka/consumer-auth" + metadata + "[tls]"}},
		"OAuth without a server": {func(c *consumption) {
			c.metadata()["sasl"] = "oauthbearer"
			c.auth.Spec.Env = []kedav1alpha1.AuthEnvironment{{Parameter: "username"}, {Parameter: "password"}}
		}, []string{auth}},
		"Kerberos without anything": {set("sasl", "gssapi"), []string{auth, auth, auth}},
		"MSK":                       {sets(map[string]string{"sasl": "oauthbearer", "saslTokenProvider": "aws_msk_iam", "awsRegion": "eu-central-1"}), nil},
		"MSK in the open, anywhere": {func(c *consumption) {
			c.metadata()["sasl"], c.metadata()["saslTokenProvider"], c.auth.Spec.SecretTargetRef = "oauthbearer", "aws_msk_iam", nil
			delete(c.metadata(), "tls")
		}, []string{"kafka/consumer-auth" + metadata + "[awsRegion]", "kafka/consumer-auth" + metadata + "[tls]"}},
		"TLS by the secret": {func(c *consumption) { delete(c.metadata(), "tls"); c.auth.Spec.SecretTargetRef[0].Parameter = "tls" }, nil},
		"no password":       {set("sasl", "plaintext"), []string{auth, auth}},
		"no password, and no object": {func(c *consumption) {
			c.metadata()["sasl"], c.scaled.Spec.Triggers[0].AuthenticationRef = "scram_sha512", nil
		}, []string{auth, auth}},
		"a password, who knows": {func(c *consumption) { c.metadata()["sasl"], c.auth = "scram_sha512", nil }, nil},
		"a password of the cluster's": {func(c *consumption) {
			c.metadata()["sasl"], c.scaled.Spec.Triggers[0].AuthenticationRef.Kind = "scram_sha512", kedav1alpha1.AuthenticationRefKindClusterTriggerAuthentication
		}, nil},
		"a password in a vault": {func(c *consumption) {
			c.metadata()["sasl"], c.auth.Spec.HashiCorpVault = "scram_sha512", &kedav1alpha1.HashiCorpVault{}
		}, nil},
		"a password, and a name": {func(c *consumption) {
			c.metadata()["sasl"] = "scram_sha512"
			c.auth.Spec.ConfigMapTargetRef = []kedav1alpha1.AuthTargetRef{{Parameter: "username"}}
			c.auth.Spec.BoundServiceAccountToken = []kedav1alpha1.BoundServiceAccountToken{{Parameter: "password"}}
		}, nil},

		"idle above the least": {func(c *consumption) { c.scaled.Spec.IdleReplicaCount = new(int32(2)) }, []string{"kafka/consumer-scaling projector: spec.idleReplicaCount"}},
		"idle without a least": {func(c *consumption) {
			c.scaled.Spec.IdleReplicaCount, c.scaled.Spec.MinReplicaCount = new(int32(0)), nil
		}, []string{"kafka/consumer-scaling projector: spec.idleReplicaCount"}},
		"idle": {func(c *consumption) { c.scaled.Spec.IdleReplicaCount = new(int32(0)) }, nil},
		"fallback": {func(c *consumption) {
			c.scaled.Spec.Fallback = &kedav1alpha1.Fallback{FailureThreshold: 3, Replicas: 7}
		}, []string{"kafka/consumer-scaling projector: spec.fallback.replicas"}},
		"a long name": {func(c *consumption) { c.scaled.Name = "a-name-of-fifty-five-characters-has-no-room-for-a-prefix" },
			[]string{"kafka/consumer-scaling a-name-of-fifty-five-characters-has-no-room-for-a-prefix: metadata.name"}},
		"a long name, and another": {func(c *consumption) {
			c.scaled.Name = "a-name-of-fifty-five-characters-has-no-room-for-a-prefix"
			c.scaled.Spec.Advanced = &kedav1alpha1.AdvancedConfig{HorizontalPodAutoscalerConfig: &kedav1alpha1.HorizontalPodAutoscalerConfig{Name: new("short")}}
		}, nil},
		"triggers alike": {func(c *consumption) {
			c.scaled.Spec.Triggers[0].Name = new("lag")
			c.scaled.Spec.Triggers = append(c.scaled.Spec.Triggers, kedav1alpha1.ScaleTriggers{Type: "cron", Name: new("lag")})
		}, []string{"kafka/consumer-scaling projector: spec.triggers[1].name"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := goodConsumption(t)
			tc.change(c)
			if diff := cmp.Diff(tc.want, check(t, c.bundle(t))); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
