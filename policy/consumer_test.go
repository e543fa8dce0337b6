package policy_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/policy"
)

// What a consumer makes, and a Bridge, keeps to the schemas and to every rule
// when it is loaded again. What is left are things that stand elsewhere, such as secrets.
func TestConsumersAndBridges(t *testing.T) {
	var files []string
	for _, noun := range []string{"consumer", "bridge"} {
		found, err := filepath.Glob(filepath.Join("..", "kafka", "testdata", "*-"+noun+".yaml"))
		if err != nil || len(found) < 3 {
			t.Fatal(found, err)
		}
		files = append(files, found...)
	}
	elsewhere := map[string]int{}
	for _, file := range files {
		b, err := millrace.Load(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range policy.Production().Check(b).Findings {
			if f.Rule != "reference/undeclared" {
				t.Errorf("%s: %s", file, f)
			}
			elsewhere[f.Object.Kind]++
		}
	}
	for _, kind := range []string{"Deployment", "TriggerAuthentication", "KafkaBridge"} {
		if elsewhere[kind] == 0 {
			t.Errorf("no reference of a %s is looked at", kind)
		}
	}
}

// scaledConsumer is a Deployment with a ScaledObject to be filled in.
const scaledConsumer = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: projector, namespace: kafka}
spec:
  selector: {matchLabels: {app: projector}}
  template:
    metadata: {labels: {app: projector}}
    spec:
      containers:
      - {name: consumer, image: "registry.company.com/projector:1", resources: {limits: {cpu: "1", memory: 1Gi}}}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: projector, namespace: kafka}
spec:
`

func consumerManifest(t *testing.T, spec string) *millrace.Bundle {
	t.Helper()
	b, err := millrace.LoadReader("x.yaml", strings.NewReader(scaledConsumer+spec))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Loaded ScaledObjects are held to KEDA's schema, to its CEL rule, and to the
// rules of consumers; what they scale is known as a consumer by them.
func TestLoadedConsumer(t *testing.T) {
	for name, tc := range map[string]struct {
		spec string
		want []string
	}{
		"throttled": {"  scaleTargetRef: {name: projector}\n  minReplicaCount: 1\n  maxReplicaCount: 3\n" +
			"  triggers: [{type: kafka, metadata: {bootstrapServers: 'events-kafka-bootstrap.kafka.svc:9092', consumerGroup: a, topic: b}}]\n",
			[]string{"kafka/consumer-cpu-limit spec.template.spec.containers[0].resources.limits.cpu"}},
		"no consumer": {"  scaleTargetRef: {name: projector}\n  triggers: [{type: cron, metadata: {}}]\n", nil},
		"the schema": {"  scaleTargetRef: {name: projector}\n  minReplicaCount: 4\n  maxReplicaCount: 3\n  pollinginterval: 5\n  triggers: [{type: cron, metadata: {}}]\n",
			[]string{"scaledobject/min-max spec", "schema/unknown-field spec.pollinginterval"}},
		"a number for a string": {"  scaleTargetRef: {name: projector}\n  triggers: [{type: kafka, metadata: {lagThreshold: 10}}]\n",
			[]string{"schema/type spec.triggers[0].metadata[lagThreshold]"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range policy.Production().Check(consumerManifest(t, tc.spec)).Findings {
				if strings.HasPrefix(f.Rule, "kafka/") || strings.Contains(f.Rule, "sche") || strings.HasPrefix(f.Rule, "scaled") {
					got = append(got, f.Rule+" "+f.Field)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}

// Rules see as many pods as KEDA makes.
func TestPodsThatKEDAScales(t *testing.T) {
	for name, tc := range map[string]struct {
		spec        string
		least, most int
	}{
		"bounds":     {"  scaleTargetRef: {name: projector}\n  minReplicaCount: 2\n  maxReplicaCount: 24\n", 2, 24},
		"KEDA's own": {"  scaleTargetRef: {name: projector, kind: Deployment}\n", 0, 100},
		"idle":       {"  scaleTargetRef: {name: projector}\n  minReplicaCount: 2\n  idleReplicaCount: 0\n  maxReplicaCount: 3\n", 0, 3},
		"of another": {"  scaleTargetRef: {name: other}\n", 1, 1},
		"of a kind":  {"  scaleTargetRef: {name: projector, kind: StatefulSet}\n", 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			look(consumerManifest(t, tc.spec+"  triggers: [{type: cron, metadata: {}}]\n"), func(pass *millrace.Pass) {
				for _, p := range pass.Pods {
					if p.Min != tc.least || p.Max != tc.most {
						t.Errorf("%d to %d pods, want %d to %d", p.Min, p.Max, tc.least, tc.most)
					}
				}
			})
		})
	}
}

// Beside its cluster and its topic nothing at all is left of a consumer.
func TestConsumerOfACluster(t *testing.T) {
	volumes := []kafka.Volume{{Size: 100 * millrace.GiB, Class: "fast"}}
	topic := &kafka.Topic{Name: "orders", Namespace: "kafka", Cluster: "events", Partitions: 6}
	b, err := millrace.Build(
		&kafka.Cluster{Name: "events", Namespace: "kafka", Pools: []kafka.BrokerPool{{Volumes: volumes}, {Roles: []kafka.Role{kafka.Controller}, Volumes: volumes}}},
		topic,
		&kafka.Consumer{Name: "projector", Namespace: "kafka", Image: "registry.company.com/projector:1.4.2", Topics: []*kafka.Topic{topic}},
	)
	if err != nil {
		t.Fatal(err)
	}
	report := policy.Production().Existing(millrace.Ref{Kind: "StorageClass", Name: "fast"}).Check(b)
	for _, f := range report.Findings {
		t.Error(f)
	}
}
