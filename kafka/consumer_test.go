package kafka_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// TestConsumerMistakes holds bad consumers to what Build says of them: every
// mistake, and no other.
func TestConsumerMistakes(t *testing.T) {
	metadata := func(key, value string) func(*kafka.Consumer) {
		return func(c *kafka.Consumer) { c.Scaler.Metadata = map[string]string{key: value} }
	}
	for name, tc := range map[string]struct {
		change func(*kafka.Consumer)
		want   []string
	}{
		"nothing at all":  {func(c *kafka.Consumer) { *c = kafka.Consumer{} }, []string{required + " Name", required + " Topics", required + " Kafka.Cluster", required + " Image"}},
		"name no label":   {func(c *kafka.Consumer) { c.Name = "Projector.v1" }, []string{invalid + " Name"}},
		"name too long":   {func(c *kafka.Consumer) { c.Name = strings.Repeat("a", 55) }, []string{invalid + " Name"}},
		"namespace":       {func(c *kafka.Consumer) { c.Namespace = "a/b" }, []string{invalid + " Namespace"}},
		"no namespace":    {func(c *kafka.Consumer) { c.Namespace = "" }, []string{invalid + " Kafka"}},
		"group with ends": {func(c *kafka.Consumer) { c.Group = " a" }, []string{invalid + " Group"}},
		"service account": {func(c *kafka.Consumer) { c.ServiceAccount = "A" }, []string{invalid + " ServiceAccount"}},
		"evictions":       {func(c *kafka.Consumer) { c.MaxUnavailable = -1 }, []string{invalid + " MaxUnavailable"}},
		"label":           {func(c *kafka.Consumer) { c.Labels = map[string]string{"a b": "c"} }, []string{invalid + " Labels[a b]"}},
		"no image":        {func(c *kafka.Consumer) { c.Image = "" }, []string{required + " Image"}},
		"image of Base": {func(c *kafka.Consumer) {
			c.Image, c.Base.Template.Spec.Containers = "", []corev1.Container{{Name: "consumer", Image: "registry/a:1"}}
		}, nil},
		"image twice": {func(c *kafka.Consumer) {
			c.Base.Template.Spec.Containers = []corev1.Container{{Name: "consumer", Image: "registry/a:1"}}
		}, []string{conflict + " Base.Template.Spec.Containers[0].Image"}},

		"topic of nil":         {func(c *kafka.Consumer) { c.Topics = append(c.Topics, nil) }, []string{required + " Topics[1]"}},
		"topic without a name": {func(c *kafka.Consumer) { c.Topics[0].Name = "" }, []string{required + " Topics[0].Name"}},
		"topic twice":          {func(c *kafka.Consumer) { c.Topics = append(c.Topics, smallTopic()) }, []string{duplicate + " Topics[1]"}},
		"topic of no size":     {func(c *kafka.Consumer) { c.Topics[0].Partitions = 0 }, []string{required + " Topics[0].Partitions"}},
		"topic with a comma":   {func(c *kafka.Consumer) { c.Topics[0].Name = "a,b" }, []string{invalid + " Topics[0].Name"}},
		"topics of two clusters": {func(c *kafka.Consumer) {
			c.Topics = append(c.Topics, &kafka.Topic{Name: "b", Cluster: "other", Partitions: 1})
		}, []string{conflict + " Topics[1].Cluster"}},
		"topic of another cluster": {func(c *kafka.Consumer) { c.Kafka.Cluster = "other" }, []string{conflict + " Topics[0].Cluster"}},
		"cluster elsewhere":        {func(c *kafka.Consumer) { c.Topics[0].Namespace = "streaming" }, []string{conflict + " Kafka.Namespace"}},
		"cluster elsewhere, copied": {func(c *kafka.Consumer) {
			c.Topics[0].Namespace, c.Kafka.Trusted = "streaming", []kafka.Trusted{{Secret: "copy"}}
		}, nil},
		"two certificates":        {func(c *kafka.Consumer) { c.Kafka.Trusted = []kafka.Trusted{{Secret: "a"}, {Secret: "b"}} }, []string{unsupported + " Kafka.Trusted[1]"}},
		"certificates by pattern": {func(c *kafka.Consumer) { c.Kafka.Trusted = []kafka.Trusted{{Secret: "a", Pattern: "*.pem"}} }, []string{unsupported + " Kafka.Trusted[0].Pattern"}},
		"a login of its own": {func(c *kafka.Consumer) {
			c.Kafka.Login = kafka.CustomLogin{Config: map[string]string{"sasl.mechanism": "OAUTHBEARER"}}
		}, []string{unsupported + " Kafka.Login"}},
		"certificates in the open": {func(c *kafka.Consumer) { c.Kafka.Plaintext, c.Kafka.User = true, "a" }, []string{conflict + " Kafka.User"}},

		"variable twice":      {func(c *kafka.Consumer) { c.Env = []corev1.EnvVar{{Name: "KAFKA_TOPICS"}} }, []string{conflict + " Env[0].Name"}},
		"variable of no name": {func(c *kafka.Consumer) { c.Env = []corev1.EnvVar{{Value: "a"}} }, []string{required + " Env[0].Name"}},
		"variables alike":     {func(c *kafka.Consumer) { c.Variables.Topics = "KAFKA_GROUP_ID" }, []string{conflict + " Variables.Topics"}},

		"batch of a moment":  {func(c *kafka.Consumer) { c.Batch = time.Millisecond }, []string{invalid + " Batch"}},
		"batch and grace":    {func(c *kafka.Consumer) { c.Batch, c.Pod.GracePeriod = time.Minute, new(time.Minute) }, []string{conflict + " Pod.GracePeriod"}},
		"settles backwards":  {func(c *kafka.Consumer) { c.Settle = new(-time.Second) }, []string{invalid + " Settle"}},
		"too many cores":     {func(c *kafka.Consumer) { c.Resources.CPU = -1 }, []string{invalid + " Resources.CPU"}},
		"less than it wants": {func(c *kafka.Consumer) { c.Resources.CPU, c.Resources.CPULimit = 2, 1 }, []string{invalid + " Resources.CPULimit"}},
		"toleration": {func(c *kafka.Consumer) { c.Placement.Tolerations = []corev1.Toleration{{Operator: "Is"}} },
			[]string{invalid + " Placement.Tolerations[0].Operator"}},
		"selects others": {func(c *kafka.Consumer) {
			c.Base.Selector = &metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: "a", Operator: metav1.LabelSelectorOpExists}}}
		}, []string{conflict + " Base.Selector"}},
		"spread twice": {func(c *kafka.Consumer) {
			c.Spread.Zone, c.Base.Template.Spec.TopologySpreadConstraints = "rack", []corev1.TopologySpreadConstraint{{TopologyKey: "room"}}
		}, []string{conflict + " Base.Template.Spec.TopologySpreadConstraints"}},

		"replicas negative":      {func(c *kafka.Consumer) { c.Replicas = new(-1) }, []string{invalid + " Replicas"}},
		"replicas idle":          {func(c *kafka.Consumer) { c.Replicas = new(7) }, []string{invalid + " Replicas"}},
		"replicas and a scaler":  {func(c *kafka.Consumer) { c.Replicas, c.Scaler.Lag = new(3), 5 }, []string{conflict + " Replicas"}},
		"replicas of Base":       {func(c *kafka.Consumer) { c.Base.Replicas = new(int32(3)) }, []string{conflict + " Base.Replicas"}},
		"replicas of both":       {func(c *kafka.Consumer) { c.Replicas, c.Base.Replicas = new(3), new(int32(3)) }, []string{conflict + " Base.Replicas"}},
		"more than partitions":   {func(c *kafka.Consumer) { c.Scaler.Max = 7 }, []string{invalid + " Scaler.Max"}},
		"most negative":          {func(c *kafka.Consumer) { c.Scaler.Max = -1 }, []string{invalid + " Scaler.Max"}},
		"least negative":         {func(c *kafka.Consumer) { c.Scaler.Min = new(-1) }, []string{invalid + " Scaler.Min"}},
		"least above most":       {func(c *kafka.Consumer) { c.Scaler.Min, c.Scaler.Max = new(5), 4 }, []string{invalid + " Scaler.Min"}},
		"idle and none":          {func(c *kafka.Consumer) { c.Scaler.Min, c.Scaler.Idle = new(0), true }, []string{conflict + " Scaler.Idle"}},
		"idle of Base":           {func(c *kafka.Consumer) { c.Scaler.Base.IdleReplicaCount = new(int32(2)) }, []string{invalid + " Scaler.Base.IdleReplicaCount"}},
		"cools down from what":   {func(c *kafka.Consumer) { c.Scaler.Cooldown = time.Minute }, []string{conflict + " Scaler.Cooldown"}},
		"wakes what":             {func(c *kafka.Consumer) { c.Scaler.Activation = 5 }, []string{conflict + " Scaler.Activation"}},
		"falls back too far":     {func(c *kafka.Consumer) { c.Scaler.Fallback = 7 }, []string{invalid + " Scaler.Fallback"}},
		"lag negative":           {func(c *kafka.Consumer) { c.Scaler.Lag = -5 }, []string{invalid + " Scaler.Lag"}},
		"reset to where":         {func(c *kafka.Consumer) { c.Scaler.Reset = "none" }, []string{invalid + " Scaler.Reset"}},
		"interval of a moment":   {func(c *kafka.Consumer) { c.Scaler.Interval = time.Millisecond }, []string{invalid + " Scaler.Interval"}},
		"lag twice":              {func(c *kafka.Consumer) { c.Scaler.Lag, c.Scaler.Metadata = 5, map[string]string{"lagThreshold": "5"} }, []string{conflict + " Scaler.Metadata[lagThreshold]"}},
		"lag in the metadata":    {metadata("lagThreshold", "5"), nil},
		"no lag in the metadata": {metadata("lagThreshold", "many"), []string{invalid + " Scaler.Metadata[lagThreshold]"}},
		"group in the metadata":  {metadata("consumerGroup", "other"), []string{conflict + " Scaler.Metadata[consumerGroup]"}},
		"password of nobody":     {metadata("sasl", "scram_sha512"), []string{required + " Kafka.Login", required + " Kafka.Login"}},
		"unknown metadata":       {metadata("excludePersistantLag", "true"), []string{unknown + " Scaler.Metadata[excludePersistantLag]"}},
		"password in the open":   {metadata("password", "x"), []string{unsupported + " Scaler.Metadata[password]"}},
		"no truth":               {metadata("excludePersistentLag", "yes"), []string{invalid + " Scaler.Metadata[excludePersistentLag]"}},
		"scaler twice over": {func(c *kafka.Consumer) { c.Scaler.Max, c.Scaler.Base.MaxReplicaCount = 4, new(int32(5)) },
			[]string{conflict + " Scaler.Base.MaxReplicaCount"}},
		"scales another": {func(c *kafka.Consumer) { c.Scaler.Base.ScaleTargetRef.Name = "other" }, []string{conflict + " Scaler.Base.ScaleTargetRef.Name"}},
		"bad trigger of Base": {func(c *kafka.Consumer) {
			c.Scaler.Base.Triggers = []kedav1alpha1.ScaleTriggers{{Type: "kafka", Metadata: map[string]string{"bootstrapServers": "b.kafka.svc:9092", "topic": "orders"}}}
		}, []string{required + " Scaler.Base.Triggers[0].Metadata[consumerGroup]"}},
		"authentication": {func(c *kafka.Consumer) { c.Scaler.Authentication = "A b" }, []string{invalid + " Scaler.Authentication"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, mistakes(t, with(smallConsumer(), tc.change))); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

// deployment builds a consumer and returns its Deployment's spec.
func deployment(t *testing.T, c *kafka.Consumer) appsv1.DeploymentSpec {
	t.Helper()
	made, err := c.Deployment()
	if err != nil {
		t.Fatal(err)
	}
	return made.Spec
}

// scaled builds a consumer and returns its ScaledObject's spec.
func scaled(t *testing.T, c *kafka.Consumer) kedav1alpha1.ScaledObjectSpec {
	t.Helper()
	for _, o := range build(t, c).Objects() {
		if o, ok := o.(*kedav1alpha1.ScaledObject); ok {
			return o.Spec
		}
	}
	t.Fatal("no ScaledObject")
	return kedav1alpha1.ScaledObjectSpec{}
}

// TestConsumerBounds goes through how many pods there are.
func TestConsumerBounds(t *testing.T) {
	for name, tc := range map[string]struct {
		change               func(*kafka.Consumer)
		least, most          int32
		idle, hasIdle, fixed bool
	}{
		"by default":    {func(*kafka.Consumer) {}, 2, 6, false, false, false},
		"one partition": {func(c *kafka.Consumer) { c.Topics[0].Partitions = 1 }, 1, 1, false, false, false},
		"two topics":    {func(c *kafka.Consumer) { c.Topics = append(c.Topics, &kafka.Topic{Name: "b", Partitions: 4}) }, 2, 10, false, false, false},
		"by the fields": {func(c *kafka.Consumer) { c.Scaler.Min, c.Scaler.Max = new(3), 4 }, 3, 4, false, false, false},
		"at most one":   {func(c *kafka.Consumer) { c.Scaler.Max = 1 }, 1, 1, false, false, false},
		"none":          {func(c *kafka.Consumer) { c.Scaler.Min = new(0) }, 0, 6, false, false, false},
		"idle":          {func(c *kafka.Consumer) { c.Scaler.Idle = true }, 2, 6, true, true, false},
		"by Base": {func(c *kafka.Consumer) {
			c.Scaler.Base.MinReplicaCount, c.Scaler.Base.MaxReplicaCount = new(int32(0)), new(int32(5))
		}, 0, 5, false, false, false},
		"size from Base": {func(c *kafka.Consumer) {
			c.Topics[0].Partitions, c.Topics[0].Base = 0, strimziv1.KafkaTopicSpec{Partitions: new(int64(9))}
		}, 2, 9, false, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			c := with(smallConsumer(), tc.change)
			got := scaled(t, c)
			if *got.MinReplicaCount != tc.least || *got.MaxReplicaCount != tc.most || (got.IdleReplicaCount != nil) != tc.hasIdle {
				t.Errorf("%d to %d, idle %v; want %d to %d, %v", *got.MinReplicaCount, *got.MaxReplicaCount, got.IdleReplicaCount, tc.least, tc.most, tc.hasIdle)
			}
			// What is applied again must not undo what KEDA did.
			if n := deployment(t, c).Replicas; n != nil {
				t.Errorf("the Deployment says %d replicas", *n)
			}
		})
	}
}

// TestConsumerDefaultsGiveWay sets in Base what there is a default for.
func TestConsumerDefaultsGiveWay(t *testing.T) {
	spread := []corev1.TopologySpreadConstraint{{MaxSkew: 2, TopologyKey: "rack", WhenUnsatisfiable: corev1.DoNotSchedule}}
	user := &corev1.PodSecurityContext{RunAsUser: new(int64(7)), RunAsNonRoot: new(false)}
	got := deployment(t, with(smallConsumer(), func(c *kafka.Consumer) {
		c.Pod.Security = &corev1.PodSecurityContext{RunAsUser: new(int64(7))}
		c.Base = appsv1.DeploymentSpec{
			Selector:        &metav1.LabelSelector{MatchLabels: map[string]string{"app": "projector"}},
			MinReadySeconds: 5,
			Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
				TerminationGracePeriodSeconds: new(int64(5)), AutomountServiceAccountToken: new(true), EnableServiceLinks: new(true),
				TopologySpreadConstraints: spread, SecurityContext: &corev1.PodSecurityContext{RunAsNonRoot: new(false)},
				Volumes: []corev1.Volume{{Name: "state"}},
				Containers: []corev1.Container{
					{Name: "proxy", Image: "registry/proxy:1"},
					{
						Name: "consumer", SecurityContext: &corev1.SecurityContext{AllowPrivilegeEscalation: new(true)},
						VolumeMounts: []corev1.VolumeMount{{Name: "state", MountPath: "/tmp"}},
						Resources:    corev1.ResourceRequirements{Limits: corev1.ResourceList{"memory": resource.MustParse("3Gi")}},
					},
				},
			}},
		}
	}))
	pod, c := got.Template.Spec, got.Template.Spec.Containers[1]
	if got.MinReadySeconds != 5 || *pod.TerminationGracePeriodSeconds != 5 || !*pod.AutomountServiceAccountToken || !*pod.EnableServiceLinks {
		t.Errorf("a default won: %+v", pod)
	}
	if diff := cmp.Diff(map[string]string{"app": "projector"}, got.Template.Labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(spread, pod.TopologySpreadConstraints); diff != "" {
		t.Errorf("spread (-want +got):\n%s", diff)
	}
	user.SeccompProfile = &corev1.SeccompProfile{Type: corev1.SeccompProfileTypeRuntimeDefault}
	if diff := cmp.Diff(user, pod.SecurityContext); diff != "" {
		t.Errorf("security context (-want +got):\n%s", diff)
	}
	if !*c.SecurityContext.AllowPrivilegeEscalation || !*c.SecurityContext.ReadOnlyRootFilesystem {
		t.Errorf("security context of the container: %+v", c.SecurityContext)
	}
	for _, v := range append(pod.Volumes, corev1.Volume{}) {
		if v.Name == "tmp" {
			t.Error("there are two volumes at /tmp")
		}
	}
	if request := c.Resources.Requests["memory"]; request.String() != "3Gi" {
		t.Errorf("memory of %s is requested, and the limit is 3Gi", &request)
	}
	if _, limited := c.Resources.Limits["cpu"]; limited {
		t.Error("there is a CPU limit")
	}
}

// TestConsumerZeros: zeros that mean something are rendered.
func TestConsumerZeros(t *testing.T) {
	got := deployment(t, fixedConsumer())
	if got.Replicas == nil || *got.Replicas != 0 || got.MinReadySeconds != 0 || *got.Template.Spec.TerminationGracePeriodSeconds != 0 || got.Strategy.RollingUpdate != nil {
		t.Errorf("%+v", got)
	}
	yaml := string(render(t, with(smallConsumer(), func(c *kafka.Consumer) { c.Scaler.Min = new(0) })))
	if !strings.Contains(yaml, "minReplicaCount: 0\n") {
		t.Errorf("no replicas at the least are lost:\n%s", yaml)
	}
}

// TestConsumerLogins goes through what KEDA and the program log in with.
func TestConsumerLogins(t *testing.T) {
	for name, tc := range map[string]struct {
		connection kafka.Connection
		scaler     kafka.Scaler
		protocol   string
		metadata   string
		parameters string
	}{
		"trust alone":      {kafka.Connection{}, kafka.Scaler{}, "SSL", "enable ", "ca"},
		"in the open":      {kafka.Connection{Plaintext: true}, kafka.Scaler{}, "PLAINTEXT", " ", ""},
		"a certificate":    {kafka.Connection{User: "u"}, kafka.Scaler{}, "SSL", "enable ", "ca cert key"},
		"a password":       {kafka.Connection{Login: kafka.ClientPassword{Username: "u"}}, kafka.Scaler{}, "SASL_SSL", "enable scram_sha512", "ca password username"},
		"a plain password": {kafka.Connection{Login: kafka.ClientPassword{Username: "u", Mechanism: kafka.PlainPassword}}, kafka.Scaler{}, "SASL_SSL", "enable plaintext", "ca password username"},
		"SCRAM, unencrypted": {kafka.Connection{Plaintext: true, Login: kafka.ClientPassword{Username: "u", Mechanism: kafka.SCRAM256}}, kafka.Scaler{}, "SASL_PLAINTEXT", " scram_sha256",
			"password username"},
		"what the system trusts": {kafka.Connection{Servers: []string{"broker.company.com:9094"}}, kafka.Scaler{}, "SSL", "enable ", ""},
		"made elsewhere":         {kafka.Connection{}, kafka.Scaler{Authentication: "shared", Metadata: map[string]string{"sasl": "oauthbearer"}}, "SSL", "enable oauthbearer", "shared"},
	} {
		t.Run(name, func(t *testing.T) {
			c := with(smallConsumer(), func(c *kafka.Consumer) { c.Kafka, c.Scaler = tc.connection, tc.scaler })
			var got []string
			for _, o := range build(t, c).Objects() {
				auth, ok := o.(*kedav1alpha1.TriggerAuthentication)
				if !ok {
					continue
				}
				for _, p := range auth.Spec.SecretTargetRef {
					got = append(got, p.Parameter)
				}
				for _, p := range auth.Spec.Env {
					got = append(got, p.Parameter)
				}
			}
			trigger := scaled(t, c).Triggers[0]
			if ref := trigger.AuthenticationRef; ref != nil && ref.Name == "shared" {
				got = append(got, ref.Name)
			} else if (ref != nil) != (tc.parameters != "") {
				t.Errorf("the trigger refers to %v", ref)
			}
			if s := strings.Join(got, " "); s != tc.parameters {
				t.Errorf("parameters %q, want %q", s, tc.parameters)
			}
			if s := trigger.Metadata["tls"] + " " + trigger.Metadata["sasl"]; s != tc.metadata {
				t.Errorf("tls and sasl are %q, want %q", s, tc.metadata)
			}
			for _, e := range deployment(t, c).Template.Spec.Containers[0].Env {
				if e.Name == "KAFKA_SECURITY_PROTOCOL" && e.Value != tc.protocol {
					t.Errorf("protocol %q, want %q", e.Value, tc.protocol)
				}
			}
		})
	}
}
