package kafka_test

import (
	"strings"
	"testing"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// TestZeroSurvives sets what means something although it is zero, by fields
// and in Base, and wants it in the manifest.
func TestZeroSurvives(t *testing.T) {
	zero := new(int64(0))
	cluster := func(change func(*kafka.Cluster)) millrace.Builder { return with(smallCluster(), change) }
	pool := func(change func(*kafka.BrokerPool)) millrace.Builder { return with(smallPool(), change) }
	for name, tc := range map[string]struct {
		builder millrace.Builder
		want    string
	}{
		"pool of none":        {pool(func(b *kafka.BrokerPool) { b.Replicas = new(0) }), "\n  replicas: 0\n"},
		"first disk":          {pool(func(*kafka.BrokerPool) {}), "\n    - id: 0\n"},
		"disks that are kept": {pool(func(*kafka.BrokerPool) {}), "\n      deleteClaim: false\n"},
		"grace":               {pool(func(b *kafka.BrokerPool) { b.Pod.GracePeriod = new(time.Duration(0)) }), "\n      terminationGracePeriodSeconds: 0\n"},
		"grace in Base": {pool(func(b *kafka.BrokerPool) {
			b.Base.Template = &strimziv1.KafkaNodePoolTemplate{Pod: &strimziv1.StatefulPodTemplate{TerminationGracePeriodSeconds: zero}}
		}), "\n      terminationGracePeriodSeconds: 0\n"},
		"first node":             {pool(func(b *kafka.BrokerPool) { b.NextIDs = []kafka.NodeIDs{{}} }), "\n    strimzi.io/next-node-ids: \"[0]\"\n"},
		"logging of collections": {pool(func(b *kafka.BrokerPool) { b.Base.JVMOptions = &strimziv1.JVMOptions{GCLoggingEnabled: new(false)} }), "\n    gcLoggingEnabled: false\n"},
		"service links": {pool(func(b *kafka.BrokerPool) {
			b.Base.Template = &strimziv1.KafkaNodePoolTemplate{Pod: &strimziv1.StatefulPodTemplate{EnableServiceLinks: new(false)}}
		}), "\n      enableServiceLinks: false\n"},
		"budget": {cluster(func(c *kafka.Cluster) { c.MaxUnavailable = new(0) }), "\n        maxUnavailable: 0\n"},
		"budget in Base": {cluster(func(c *kafka.Cluster) {
			c.Base.Kafka.Template = &strimziv1.KafkaClusterTemplate{PodDisruptionBudget: &strimziv1.PodDisruptionBudgetTemplate{MaxUnavailable: zero}}
		}), "\n        maxUnavailable: 0\n"},
		"delay":         {cluster(func(c *kafka.Cluster) { c.Probes.Readiness.Delay = new(time.Duration(0)) }), "\n    readinessProbe:\n      initialDelaySeconds: 0\n"},
		"delay in Base": {cluster(func(c *kafka.Cluster) { c.Base.Kafka.LivenessProbe = &strimziv1.Probe{InitialDelaySeconds: zero} }), "\n    livenessProbe:\n      initialDelaySeconds: 0\n"},
		"authority of one's own": {cluster(func(c *kafka.Cluster) {
			c.Base.ClusterCA = &strimziv1.CertificateAuthority{GenerateCertificateAuthority: new(false)}
		}), "\n    generateCertificateAuthority: false\n"},
		"budget of labels alone": {cluster(func(c *kafka.Cluster) {
			c.Base.Kafka.Template = &strimziv1.KafkaClusterTemplate{PodDisruptionBudget: &strimziv1.PodDisruptionBudgetTemplate{Metadata: &strimziv1.MetadataTemplate{Labels: map[string]string{"a": "b"}}}}
		}), "\n      podDisruptionBudget:\n        metadata:\n          labels:\n            a: b\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := string(render(t, tc.builder))
			if !strings.Contains(got, tc.want) {
				t.Errorf("no %q in\n%s", tc.want, got)
			}
			if name == "budget of labels alone" && strings.Contains(got, "maxUnavailable") {
				t.Errorf("a zero that nobody said:\n%s", got)
			}
		})
	}
}
