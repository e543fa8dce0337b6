package kafka_test

import (
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
)

// consumerValues are valid values for fields of Consumer.
var consumerValues = map[string]any{
	"Consumer.Kafka.Trusted":         []kafka.Trusted{{Secret: "copy"}},
	"Consumer.Kafka.Servers":         []string{"broker.company.com:9093"},
	"Consumer.Topics":                []*kafka.Topic{{Name: "payments", Partitions: 3}},
	"Consumer.Env":                   []corev1.EnvVar{{Name: "MODE", Value: "fast"}},
	"Consumer.EnvFrom":               []corev1.EnvFromSource{{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: corev1.LocalObjectReference{Name: "keys"}}}},
	"Consumer.Liveness":              &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"true"}}}},
	"Consumer.Readiness":             &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"true"}}}},
	"Consumer.Startup":               &corev1.Probe{ProbeHandler: corev1.ProbeHandler{Exec: &corev1.ExecAction{Command: []string{"true"}}}},
	"Consumer.Replicas":              new(4),
	"Consumer.Settle":                new(time.Minute),
	"Consumer.Resources.Memory":      2 * millrace.GiB,
	"Consumer.Kafka.Port":            9094,
	"Consumer.Kafka.Login":           kafka.ClientPassword{Username: "projector"},
	"Consumer.Pod.GracePeriod":       new(time.Hour),
	"Consumer.Pod.Security":          &corev1.PodSecurityContext{RunAsUser: new(int64(1000))},
	"Consumer.Placement.Tolerations": []corev1.Toleration{{Operator: corev1.TolerationOpExists}},
	"Consumer.Placement.Affinity":    &corev1.Affinity{PodAffinity: &corev1.PodAffinity{}},
	"Consumer.Scaler.Min":            new(3),
	"Consumer.Scaler.Reset":          kafka.Earliest,
	"Consumer.Scaler.Metadata":       map[string]string{"excludePersistentLag": "true"},
	"Consumer.Scaler.Base":           kedav1alpha1.ScaledObjectSpec{InitialCooldownPeriod: new(int32(0))},
	"Consumer.Base":                  appsv1.DeploymentSpec{Paused: true},
}

// beside is what must be set for a field to mean something.
var beside = map[string]func(millrace.Builder){
	"Consumer.Kafka.Namespace": trusting,
	"Consumer.Kafka.Servers": func(b millrace.Builder) {
		b.(*kafka.Consumer).Kafka = kafka.Connection{Servers: []string{"other.company.com:9093"}}
	},
	"Consumer.Variables.Certificate": certified,
	"Consumer.Variables.Key":         certified,
	"Consumer.Variables.Mechanism":   passworded,
	"Consumer.Variables.Username":    passworded,
	"Consumer.Variables.Password":    passworded,
	"Consumer.Scaler.Activation":     func(b millrace.Builder) { b.(*kafka.Consumer).Scaler.Idle = true },
	"Consumer.Scaler.Cooldown":       func(b millrace.Builder) { b.(*kafka.Consumer).Scaler.Idle = true },

	"Bridge.Kafka.Namespace": func(b millrace.Builder) { b.(*kafka.Bridge).Kafka.Trusted = []kafka.Trusted{{Secret: "copy"}} },
	"Bridge.Kafka.Servers": func(b millrace.Builder) {
		b.(*kafka.Bridge).Kafka = kafka.Connection{Servers: []string{"other.company.com:9093"}}
	},
	"Bridge.HTTP.TLS.Certificate": webTLS,
	"Bridge.HTTP.TLS.Key":         webTLS,
	"Bridge.HTTP.TLS.Config":      webTLS,
	"Bridge.HTTP.CORS.Methods":    func(b millrace.Builder) { b.(*kafka.Bridge).HTTP.CORS.Origins = []string{"https://company.com"} },
}

func trusting(b millrace.Builder) {
	b.(*kafka.Consumer).Kafka.Trusted = []kafka.Trusted{{Secret: "copy"}}
}
func certified(b millrace.Builder) { b.(*kafka.Consumer).Kafka.User = "projector" }
func passworded(b millrace.Builder) {
	b.(*kafka.Consumer).Kafka.Login = kafka.ClientPassword{Username: "projector"}
}

func TestEveryFieldOfConsumerCounts(t *testing.T) {
	everyFieldCounts(t, map[string]func() millrace.Builder{
		"Consumer": func() millrace.Builder {
			return with(smallConsumer(), func(c *kafka.Consumer) {
				c.Kafka.Cluster, c.Topics[0].Cluster = "events", ""
			})
		},
	})
}
