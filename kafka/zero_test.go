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
	connect := func(change func(*kafka.Connect)) millrace.Builder { return with(smallConnect(), change) }
	connector := func(change func(*kafka.Connector)) millrace.Builder { return with(smallConnector(), change) }
	mirror := func(change func(*kafka.MirrorMaker)) millrace.Builder { return with(smallMirror(), change) }
	bridge := func(change func(*kafka.Bridge)) millrace.Builder { return with(smallBridge(), change) }
	consumer := func(change func(*kafka.Consumer)) millrace.Builder { return with(smallConsumer(), change) }
	topic := func(change func(*kafka.Topic)) millrace.Builder { return with(smallTopic(), change) }
	balancer := func(change func(*kafka.Balancer)) millrace.Builder {
		return cluster(func(c *kafka.Cluster) {
			c.Listeners = []kafka.Listener{{Name: "external", Port: 9094, Type: kafka.LoadBalancer}}
			change(&c.Listeners[0].Service.Balancer)
		})
	}
	budget := &strimziv1.PodDisruptionBudgetTemplate{MaxUnavailable: zero}
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

		"workers of none":              {connect(func(c *kafka.Connect) { c.Workers.Replicas = new(0) }), "\n  replicas: 0\n"},
		"mirror of none":               {mirror(func(m *kafka.MirrorMaker) { m.Workers.Replicas = new(0) }), "\n  replicas: 0\n"},
		"bridge of none":               {bridge(func(b *kafka.Bridge) { b.Replicas = new(0) }), "\n  replicas: 0\n"},
		"consumer of none":             {consumer(func(c *kafka.Consumer) { c.Replicas = new(0) }), "\n  replicas: 0\n"},
		"consumers that stop":          {consumer(func(c *kafka.Consumer) { c.Scaler.Min = new(0) }), "\n  minReplicaCount: 0\n"},
		"consumers that idle":          {consumer(func(c *kafka.Consumer) { c.Scaler.Idle = true }), "\n  idleReplicaCount: 0\n"},
		"consumers that idle, in Base": {consumer(func(c *kafka.Consumer) { c.Scaler.Base.IdleReplicaCount = new(int32(0)) }), "\n  idleReplicaCount: 0\n"},

		"authority by its field":  {cluster(func(c *kafka.Cluster) { c.Certificates.Cluster.Own = true }), "\n  clusterCa:\n    generateCertificateAuthority: false\n"},
		"authority of clients":    {cluster(func(c *kafka.Cluster) { c.Certificates.Clients.Own = true }), "\n  clientsCa:\n    generateCertificateAuthority: false\n"},
		"secrets of an authority": {cluster(func(c *kafka.Cluster) { c.Certificates.Cluster.KeepSecrets = true }), "\n  clusterCa:\n    generateSecretOwnerReference: false\n"},
		"secrets in Base": {cluster(func(c *kafka.Cluster) {
			c.Base.ClientsCA = &strimziv1.CertificateAuthority{GenerateSecretOwnerReference: new(false)}
		}), "\n  clientsCa:\n    generateSecretOwnerReference: false\n"},

		"liveness at once":  {cluster(func(c *kafka.Cluster) { c.Probes.Liveness.Delay = new(time.Duration(0)) }), "\n    livenessProbe:\n      initialDelaySeconds: 0\n"},
		"delay of workers":  {connect(func(c *kafka.Connect) { c.Base.LivenessProbe = &strimziv1.Probe{InitialDelaySeconds: zero} }), "\n  livenessProbe:\n    initialDelaySeconds: 0\n"},
		"delay of a mirror": {mirror(func(m *kafka.MirrorMaker) { m.Base.ReadinessProbe = &strimziv1.Probe{InitialDelaySeconds: zero} }), "\n  readinessProbe:\n    initialDelaySeconds: 0\n"},
		"delay of a bridge": {bridge(func(b *kafka.Bridge) { b.Base.LivenessProbe = &strimziv1.Probe{InitialDelaySeconds: zero} }), "\n  livenessProbe:\n    initialDelaySeconds: 0\n"},
		"delay of the exporter": {cluster(func(c *kafka.Cluster) {
			c.Base.KafkaExporter = &strimziv1.KafkaExporterSpec{LivenessProbe: &strimziv1.Probe{InitialDelaySeconds: zero}}
		}), "\n    livenessProbe:\n      initialDelaySeconds: 0\n"},
		"delay of Cruise Control": {cluster(func(c *kafka.Cluster) {
			c.Base.CruiseControl = &strimziv1.CruiseControlSpec{ReadinessProbe: &strimziv1.Probe{InitialDelaySeconds: zero}}
		}), "\n    readinessProbe:\n      initialDelaySeconds: 0\n"},
		"delay of the topic operator": {cluster(func(c *kafka.Cluster) {
			c.Base.EntityOperator = &strimziv1.EntityOperatorSpec{TopicOperator: &strimziv1.EntityTopicOperatorSpec{ReadinessProbe: &strimziv1.Probe{InitialDelaySeconds: zero}}}
		}), "\n      readinessProbe:\n        initialDelaySeconds: 0\n"},

		"budget of workers": {connect(func(c *kafka.Connect) { c.Base.Template = &strimziv1.KafkaConnectTemplate{PodDisruptionBudget: budget} }), "\n    podDisruptionBudget:\n      maxUnavailable: 0\n"},
		"budget of a mirror": {mirror(func(m *kafka.MirrorMaker) {
			m.Base.Template = &strimziv1.KafkaConnectTemplate{PodDisruptionBudget: budget}
		}), "\n    podDisruptionBudget:\n      maxUnavailable: 0\n"},
		"budget of a bridge": {bridge(func(b *kafka.Bridge) { b.Base.Template = &strimziv1.KafkaBridgeTemplate{PodDisruptionBudget: budget} }), "\n    podDisruptionBudget:\n      maxUnavailable: 0\n"},

		"no restarts":             {connector(func(c *kafka.Connector) { c.Restart.Off = true }), "\n  autoRestart:\n    enabled: false\n"},
		"restarts of none":        {connector(func(c *kafka.Connector) { c.Restart.Max = new(0) }), "\n    maxRestarts: 0\n"},
		"no restarts in Base":     {connector(func(c *kafka.Connector) { c.Base.AutoRestart = &strimziv1.AutoRestart{Enabled: new(false)} }), "\n  autoRestart:\n    enabled: false\n"},
		"no restarts of a mirror": {mirror(func(m *kafka.MirrorMaker) { m.Mirrors[0].Restart.Off = true }), "\n      autoRestart:\n        enabled: false\n"},
		"no restarts of a mirror in Base": {mirror(func(m *kafka.MirrorMaker) {
			m.Mirrors[0].Base.CheckpointConnector = &strimziv1.KafkaMirrorMaker2ConnectorSpec{AutoRestart: &strimziv1.AutoRestart{Enabled: new(false)}}
		}), "\n      autoRestart:\n        enabled: false\n"},
		"ACLs that aren't copied": {mirror(func(*kafka.MirrorMaker) {}), "\n        sync.topic.acls.enabled: false\n"},

		"bridge that doesn't read":  {bridge(func(b *kafka.Bridge) { b.Consumer = kafka.BridgeConsumer{Disabled: true} }), "\n  consumer:\n    enabled: false\n"},
		"bridge that doesn't write": {bridge(func(b *kafka.Bridge) { b.Producer.Disabled = true }), "\n  producer:\n    enabled: false\n"},
		"reading in Base":           {bridge(func(b *kafka.Bridge) { b.Base.Consumer = &strimziv1.KafkaBridgeConsumerSpec{Enabled: new(false)} }), "\n    enabled: false\n"},
		"writing in Base":           {bridge(func(b *kafka.Bridge) { b.Base.Producer = &strimziv1.KafkaBridgeProducerSpec{Enabled: new(false)} }), "\n  producer:\n    enabled: false\n"},

		"grace of workers":         {connect(func(c *kafka.Connect) { c.Workers.Pod.GracePeriod = new(time.Duration(0)) }), "\n      terminationGracePeriodSeconds: 0\n"},
		"grace of a mirror":        {mirror(func(m *kafka.MirrorMaker) { m.Workers.Pod.GracePeriod = new(time.Duration(0)) }), "\n      terminationGracePeriodSeconds: 0\n"},
		"grace of a bridge":        {bridge(func(b *kafka.Bridge) { b.Pod.GracePeriod = new(time.Duration(0)) }), "\n      terminationGracePeriodSeconds: 0\n"},
		"grace of a consumer":      {consumer(func(c *kafka.Consumer) { c.Pod.GracePeriod = new(time.Duration(0)) }), "\n      terminationGracePeriodSeconds: 0\n"},
		"grace of Cruise Control":  {cluster(func(c *kafka.Cluster) { c.CruiseControl.Pod.GracePeriod = new(time.Duration(0)) }), "\n        terminationGracePeriodSeconds: 0\n"},
		"grace of the exporter":    {cluster(func(c *kafka.Cluster) { c.Exporter.Pod.GracePeriod = new(time.Duration(0)) }), "\n        terminationGracePeriodSeconds: 0\n"},
		"grace of the operators":   {cluster(func(c *kafka.Cluster) { c.EntityOperator.Pod.GracePeriod = new(time.Duration(0)) }), "\n        terminationGracePeriodSeconds: 0\n"},
		"groups with consumers":    {cluster(func(c *kafka.Cluster) { c.Exporter.ConnectedOnly = true }), "\n    showAllOffsets: false\n"},
		"plain listener":           {cluster(func(c *kafka.Cluster) { c.Listeners = []kafka.Listener{{Name: "plain", Port: 9092, Plaintext: true}} }), "\n      tls: false\n"},
		"no service to begin with": {balancer(func(b *kafka.Balancer) { b.NoBootstrap = true }), "\n        createBootstrapService: false\n"},
		"no ports of nodes":        {balancer(func(b *kafka.Balancer) { b.NoNodePorts = true }), "\n        allocateLoadBalancerNodePorts: false\n"},
		"login without SASL": {connect(func(c *kafka.Connect) {
			c.Kafka.User, c.Kafka.Login = "", kafka.CustomLogin{NoSASL: true, Config: map[string]string{"ssl.keystore.type": "PEM"}}
		}), "\n    sasl: false\n"},
		"setting of zero": {topic(func(o *kafka.Topic) { o.Config = map[string]string{"file.delete.delay.ms": "0"} }), "\n    file.delete.delay.ms: \"0\"\n"},
		"setting in Base": {topic(func(o *kafka.Topic) { o.Base.Config = strimziv1.JSONMap{"preallocate": false} }), "\n    preallocate: false\n"},
		"disks of broker0": {with(smallRebalance(), func(r *kafka.Rebalance) {
			r.Mode, r.Disks = kafka.RemoveDisks, []kafka.BrokerDisks{{Broker: 0, Disks: []int{0}}}
		}), "\n  - brokerId: 0\n    volumeIds:\n    - 0\n"},
		"broker 0": {with(smallRebalance(), func(r *kafka.Rebalance) { r.Mode, r.Brokers = kafka.AddBrokers, []int{0} }), "\n  brokers:\n  - 0\n"},
		"one disk without a number": {pool(func(b *kafka.BrokerPool) {
			b.Volumes, b.Base.Storage = nil, strimziv1.Storage{Type: strimziv1.StorageTypePersistentClaim, Size: new("100Gi"), Class: new("fast"), DeleteClaim: new(false)}
		}), "\n  storage:\n    type: persistent-claim\n    class: fast\n    deleteClaim: false\n    size: 100Gi\n"},
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
