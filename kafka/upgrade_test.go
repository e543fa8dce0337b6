package kafka_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// manifest writes an object of an old version around a spec.
func manifest(version, kind, spec string) string {
	lines := strings.Split(strings.Trim(spec, "\n"), "\n")
	return fmt.Sprintf("apiVersion: kafka.strimzi.io/%s\nkind: %s\nmetadata: {name: old, namespace: kafka}\nspec:\n  %s\n", version, kind, strings.Join(lines, "\n  "))
}

// loadText reads manifests.
func loadText(t *testing.T, text string) []millrace.Object {
	t.Helper()
	b, err := millrace.LoadReader("old.yaml", strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return b.Objects()
}

// upgradeText upgrades manifests; nothing of them may be lost, and the API
// server must take what comes out.
func upgradeText(t *testing.T, text string) *kafka.Upgraded {
	t.Helper()
	old := loadText(t, text)
	u, err := kafka.Upgrade(old...)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range old {
		if kind := o.GetObjectKind().GroupVersionKind().Kind; kind == "KafkaConnectS2I" || kind == "KafkaMirrorMaker" {
			continue // they become another kind
		}
		for _, lost := range unaccounted(t, o, u) {
			t.Errorf("lost: %s", lost)
		}
	}
	for _, problem := range refusals(t, u) {
		t.Error(problem)
	}
	again, err := kafka.Upgrade(old...)
	if diff := cmp.Diff(u, again); diff != "" || err != nil {
		t.Errorf("once more (-first +second), %v:\n%s", err, diff)
	}
	for _, finding := range check(t, build(t, u)) {
		if strings.HasPrefix(finding, "kafka/version ") {
			t.Errorf("a new object is an old one: %s", finding)
		}
	}
	return u
}

// decisions returns the paths of what has to be decided.
func decisions(u *kafka.Upgraded) []string {
	var out []string
	for _, d := range u.Decisions {
		if d.Question == "" || d.Taken == "" || d.Object.Kind == "" {
			out = append(out, fmt.Sprintf("incomplete: %+v", d))
		}
		out = append(out, d.Path)
	}
	return out
}

// upgradeCase is a spec, and what becomes of it.
type upgradeCase struct {
	kind, version string
	old, want     string
	decides       []string
}

func (tc upgradeCase) run(t *testing.T) {
	version := tc.version
	if version == "" {
		version = "v1beta2"
	}
	u := upgradeText(t, manifest(version, tc.kind, tc.old))
	want := treeOf(t, loadText(t, manifest("v1", tc.kind, tc.want))[0])
	got := treeOf(t, u.Objects[0])
	if got["apiVersion"] != "kafka.strimzi.io/v1" {
		t.Errorf("apiVersion is %v", got["apiVersion"])
	}
	if diff := cmp.Diff(want["spec"], got["spec"]); diff != "" {
		t.Errorf("spec (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(tc.decides, decisions(u)); diff != "" {
		t.Errorf("decisions (-want +got):\n%s", diff)
	}
	for _, c := range u.Changes {
		if c.Detail == "" || c.Kind == "" || c.Object.Kind == "" || (c.Path == "" && c.To == "") {
			t.Errorf("an incomplete change: %+v", c)
		}
	}
}

// TestUpgradeUpstream has the conversions of Strimzi's own converter to v1, by
// the cases that it is tested with.
// Source: Strimzi, v1-api-conversion, ConvertFileCommandTest.
func TestUpgradeUpstream(t *testing.T) {
	for name, tc := range map[string]upgradeCase{
		"topic-v1alpha1": {kind: "KafkaTopic", version: "v1alpha1", old: "partitions: 1\nreplicas: 1\nconfig: {retention.ms: 7200000}", want: "partitions: 1\nreplicas: 1\nconfig: {retention.ms: 7200000}"},
		"topic-v1beta1":  {kind: "KafkaTopic", version: "v1beta1", old: "partitions: 1\nreplicas: 1", want: "partitions: 1\nreplicas: 1"},
		"topic-v1beta2":  {kind: "KafkaTopic", old: "partitions: 1\nreplicas: 1", want: "partitions: 1\nreplicas: 1"},
		"user-v1alpha1": {kind: "KafkaUser", version: "v1alpha1",
			old:  "authentication: {type: tls}\nauthorization: {type: simple, acls: [{resource: {type: topic, name: t, patternType: literal}, operation: Read, host: '*'}]}",
			want: "authentication: {type: tls}\nauthorization: {type: simple, acls: [{resource: {type: topic, name: t, patternType: literal}, operations: [Read], host: '*'}]}"},
		"user-up-to-date": {kind: "KafkaUser",
			old:  "authorization: {type: simple, acls: [{resource: {type: group, name: g}, operations: [Read, Write]}]}",
			want: "authorization: {type: simple, acls: [{resource: {type: group, name: g}, operations: [Read, Write]}]}"},
		"user-empty-acls": {kind: "KafkaUser", old: "authorization: {type: simple, acls: []}", want: "authorization: {type: simple, acls: []}"},
		"user-op-conflict": {kind: "KafkaUser",
			old:  "authorization: {type: simple, acls: [{resource: {type: topic, name: t}, operation: Write, operations: [Read, Describe]}]}",
			want: "authorization: {type: simple, acls: [{resource: {type: topic, name: t}, operations: [Read, Describe]}]}"},
		"rebalance-v1beta2":  {kind: "KafkaRebalance", old: "goals: [RackAwareGoal]\nskipHardGoalCheck: true", want: "goals: [RackAwareGoal]\nskipHardGoalCheck: true"},
		"connector-v1beta2":  {kind: "KafkaConnector", old: "class: c\ntasksMax: 1\npause: true\nconfig: {level: INFO}", want: "class: c\ntasksMax: 1\nstate: paused\nconfig: {level: INFO}"},
		"connector-conflict": {kind: "KafkaConnector", old: "class: c\npause: true\nstate: stopped", want: "class: c\nstate: stopped"},
		"connector-unpaused": {kind: "KafkaConnector", old: "class: c\npause: false", want: "class: c"},
		"nodepool-v1beta2": {kind: "KafkaNodePool",
			old:     "replicas: 3\nroles: [broker]\nstorage: {type: jbod, volumes: [{id: 0, type: persistent-claim, size: 1Gi, overrides: [{broker: 0, class: fast}]}, {id: 1, type: ephemeral}]}",
			want:    "replicas: 3\nroles: [broker]\nstorage: {type: jbod, volumes: [{id: 0, type: persistent-claim, size: 1Gi}, {id: 1, type: ephemeral}]}",
			decides: []string{"spec.storage.volumes[0].overrides"}},
		"nodepool-no-jbod": {kind: "KafkaNodePool",
			old:     "replicas: 3\nroles: [broker]\nstorage: {type: persistent-claim, size: 1Gi, overrides: [{broker: 0, class: fast}]}",
			want:    "replicas: 3\nroles: [broker]\nstorage: {type: persistent-claim, size: 1Gi}",
			decides: []string{"spec.storage.overrides"}},
		"nodepool-ephemeral": {kind: "KafkaNodePool", old: "replicas: 0\nroles: [controller]\nstorage: {type: ephemeral}", want: "replicas: 0\nroles: [controller]\nstorage: {type: ephemeral}"},
		"connect-v1beta2": {kind: "KafkaConnect",
			old: `
version: 4.1.0
bootstrapServers: my-cluster-kafka-bootstrap:9093
tls: {trustedCertificates: [{secretName: ca, certificate: ca.crt}]}
config: {group.id: my-connect-cluster, offset.storage.topic: o, config.storage.topic: c, status.storage.topic: s}
template: {deployment: {deploymentStrategy: Recreate}}
build: {output: {type: docker, image: "quay.io/account/image:latest", additionalKanikoOptions: [--log-format=json]}, plugins: [{name: echo, artifacts: [{type: jar, url: "https://x/y.jar"}]}]}
tracing: {type: jaeger}`,
			want: `
version: 4.1.0
replicas: 3
bootstrapServers: my-cluster-kafka-bootstrap:9093
groupId: my-connect-cluster
offsetStorageTopic: o
configStorageTopic: c
statusStorageTopic: s
tls: {trustedCertificates: [{secretName: ca, certificate: ca.crt}]}
config: {}
build: {output: {type: docker, image: "quay.io/account/image:latest", additionalBuildOptions: [--log-format=json]}, plugins: [{name: echo, artifacts: [{type: jar, url: "https://x/y.jar"}]}]}`,
			decides: []string{"spec.tracing"}},
		"connect-up-to-date": {kind: "KafkaConnect",
			old:  "replicas: 2\nbootstrapServers: b:9093\ngroupId: g\nconfigStorageTopic: c\nstatusStorageTopic: s\noffsetStorageTopic: o\nconfig: {key.converter.schemas.enable: false}\ntracing: {type: opentelemetry}",
			want: "replicas: 2\nbootstrapServers: b:9093\ngroupId: g\nconfigStorageTopic: c\nstatusStorageTopic: s\noffsetStorageTopic: o\nconfig: {key.converter.schemas.enable: false}\ntracing: {type: opentelemetry}"},
		"bridge-no-replicas":    {kind: "KafkaBridge", old: "bootstrapServers: b:9092\nhttp: {port: 8080}", want: "replicas: 1\nbootstrapServers: b:9092\nhttp: {port: 8080}"},
		"bridge-jaeger-tracing": {kind: "KafkaBridge", old: "replicas: 1\nbootstrapServers: b:9092\ntracing: {type: jaeger}", want: "replicas: 1\nbootstrapServers: b:9092", decides: []string{"spec.tracing"}},
		"bridge-opentelemetry-tracing": {kind: "KafkaBridge", old: "replicas: 1\nbootstrapServers: b:9092\ntracing: {type: opentelemetry}",
			want: "replicas: 1\nbootstrapServers: b:9092\ntracing: {type: opentelemetry}"},
		"bridge-metrics": {kind: "KafkaBridge", old: "replicas: 1\nbootstrapServers: b:9092\nenableMetrics: true",
			want: "replicas: 1\nbootstrapServers: b:9092\nmetricsConfig: {type: jmxPrometheusExporter, valueFrom: {configMapKeyRef: {name: old-bridge-jmx-exporter-configuration, key: old-bridge-jmx-exporter-configuration.yaml}}}"},
		"mm2-connect-config": {kind: "KafkaMirrorMaker2",
			old: `
connectCluster: t
clusters:
- {alias: s, bootstrapServers: "s:9093", tls: {trustedCertificates: [{secretName: s-ca, certificate: ca.crt}]}}
- alias: t
  bootstrapServers: t:9093
  config: {group.id: my-mm2, offset.storage.topic: o, config.storage.topic: c, status.storage.topic: st, config.storage.replication.factor: 1}
mirrors:
- {sourceCluster: s, targetCluster: t, sourceConnector: {config: {replication.factor: 1, sync.topic.acls.enabled: "false"}}, checkpointConnector: {config: {checkpoints.topic.replication.factor: 1}}}`,
			want: `
replicas: 3
target: {alias: t, bootstrapServers: "t:9093", groupId: my-mm2, offsetStorageTopic: o, configStorageTopic: c, statusStorageTopic: st, config: {config.storage.replication.factor: 1}}
mirrors:
- source: {alias: s, bootstrapServers: "s:9093", tls: {trustedCertificates: [{secretName: s-ca, certificate: ca.crt}]}}
  sourceConnector: {config: {replication.factor: 1, sync.topic.acls.enabled: "false"}}
  checkpointConnector: {config: {checkpoints.topic.replication.factor: 1}}`},
		"mm2-many-mirrors": {kind: "KafkaMirrorMaker2",
			old: `
version: 4.1.0
connectCluster: t
clusters: [{alias: s1, bootstrapServers: "s1:9093"}, {alias: s2, bootstrapServers: "s2:9093"}, {alias: s3, bootstrapServers: "s3:9093"}, {alias: t, bootstrapServers: "t:9093"}]
mirrors:
- {sourceCluster: s1, targetCluster: t, heartbeatConnector: {config: {heartbeats.topic.replication.factor: 1}}, topicsBlacklistPattern: "a.*", groupsBlacklistPattern: "b.*"}
- {sourceCluster: s2, targetCluster: t, topicsBlacklistPattern: "c.*", topicsExcludePattern: "d.*"}
template: {deployment: {deploymentStrategy: Recreate}}
tracing: {type: jaeger}`,
			want: `
version: 4.1.0
replicas: 3
target: {alias: t, bootstrapServers: "t:9093", groupId: mirrormaker2-cluster, offsetStorageTopic: mirrormaker2-cluster-offsets, configStorageTopic: mirrormaker2-cluster-configs, statusStorageTopic: mirrormaker2-cluster-status}
mirrors:
- {source: {alias: s1, bootstrapServers: "s1:9093"}, topicsExcludePattern: "a.*", groupsExcludePattern: "b.*"}
- {source: {alias: s2, bootstrapServers: "s2:9093"}, topicsExcludePattern: "d.*"}`,
			decides: []string{"spec.tracing"}},
		"mm2-pause": {kind: "KafkaMirrorMaker2",
			old: `
replicas: 1
connectCluster: t
clusters: [{alias: s, bootstrapServers: "s:9093"}, {alias: t, bootstrapServers: "t:9093"}]
mirrors: [{sourceCluster: s, sourceConnector: {pause: true}, checkpointConnector: {pause: true, state: running}}]`,
			want: `
replicas: 1
target: {alias: t, bootstrapServers: "t:9093", groupId: mirrormaker2-cluster, offsetStorageTopic: mirrormaker2-cluster-offsets, configStorageTopic: mirrormaker2-cluster-configs, statusStorageTopic: mirrormaker2-cluster-status}
mirrors: [{source: {alias: s, bootstrapServers: "s:9093"}, sourceConnector: {state: paused}, checkpointConnector: {state: running}}]`},
		"mm2-up-to-date": {kind: "KafkaMirrorMaker2",
			old:  "replicas: 1\ntarget: {alias: t, bootstrapServers: \"t:9093\", groupId: g, offsetStorageTopic: o, configStorageTopic: c, statusStorageTopic: s}\nmirrors: [{source: {alias: s, bootstrapServers: \"s:9093\"}}]",
			want: "replicas: 1\ntarget: {alias: t, bootstrapServers: \"t:9093\", groupId: g, offsetStorageTopic: o, configStorageTopic: c, statusStorageTopic: s}\nmirrors: [{source: {alias: s, bootstrapServers: \"s:9093\"}}]"},
		"kafka-up-to-date": {kind: "Kafka",
			old:  "kafka: {version: 4.1.0, metadataVersion: 4.1-IV1, listeners: [{name: tls, port: 9093, type: internal, tls: true}], config: {min.insync.replicas: 2}}\nentityOperator: {topicOperator: {}, userOperator: {}}",
			want: "kafka: {version: 4.1.0, metadataVersion: 4.1-IV1, listeners: [{name: tls, port: 9093, type: internal, tls: true}], config: {min.insync.replicas: 2}}\nentityOperator: {topicOperator: {}, userOperator: {}}"},
	} {
		t.Run(name, tc.run)
	}
}

// TestUpgradeUpstreamPooled is upstream's case with everything that v1 hasn't,
// in a Kafka whose nodes are in pools.
func TestUpgradeUpstreamPooled(t *testing.T) {
	const label = "labels: {key1: label1}"
	old := manifest("v1beta2", "Kafka", `
kafka:
  replicas: 3
  listeners: [{name: tls, port: 9093, type: internal, tls: true, authentication: {type: tls}}]
  config: {auto.create.topics.enable: "false"}
  storage: {type: jbod, volumes: [{id: 0, type: persistent-claim, size: 100Gi}]}
  authorization: {type: simple, superUsers: [CN=my-connect]}
  template: {statefulset: {metadata: {`+label+`}}, pod: {metadata: {`+label+`}}}
zookeeper: {replicas: 3, storage: {type: ephemeral}, resources: {limits: {cpu: 500m}}}
entityOperator:
  tlsSidecar: {logLevel: notice}
  topicOperator: {reconciliationIntervalSeconds: 60, zookeeperSessionTimeoutSeconds: 10, topicMetadataMaxAttempts: 5}
  userOperator: {reconciliationIntervalSeconds: 30, zookeeperSessionTimeoutSeconds: 15}
  template: {tlsSidecarContainer: {env: [{name: A, value: a}]}}
kafkaExporter: {template: {service: {metadata: {`+label+`}}}}
cruiseControl:
  tlsSidecar: {logLevel: alert}
  brokerCapacity: {disk: 1Ti, cpuUtilization: 90, inboundNetwork: 1GiB/s}
  template: {tlsSidecarContainer: {env: [{name: A, value: a}]}}
jmxTrans: {outputDefinitions: [{outputType: X, name: n}], kafkaQueries: []}
`) + `status: {clusterId: x, kafkaMetadataState: KRaft, registeredNodeIds: [0]}
---
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaNodePool
metadata: {name: dual, namespace: kafka, labels: {strimzi.io/cluster: old}}
spec: {replicas: 3, roles: [broker, controller], storage: {type: ephemeral}}
`
	want := treeOf(t, loadText(t, manifest("v1", "Kafka", `
kafka:
  listeners: [{name: tls, port: 9093, type: internal, tls: true, authentication: {type: tls}}]
  config: {auto.create.topics.enable: "false"}
  authorization: {type: simple, superUsers: [CN=my-connect]}
  template: {pod: {metadata: {`+label+`}}}
entityOperator: {topicOperator: {reconciliationIntervalMs: 60000}, userOperator: {reconciliationIntervalMs: 30000}}
kafkaExporter: {}
cruiseControl: {brokerCapacity: {inboundNetwork: 1GiB/s}}
`))[0])
	u := upgradeText(t, old)
	if len(u.Objects) != 2 {
		t.Fatalf("%d objects, want the Kafka and its pool", len(u.Objects))
	}
	if diff := cmp.Diff(want, treeOf(t, u.Objects[0])); diff != "" {
		t.Errorf("Kafka (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"spec.jmxTrans"}, decisions(u)); diff != "" {
		t.Errorf("decisions (-want +got):\n%s", diff)
	}
}

// TestUpgradeBroken has what upstream's converter refuses, and more: those
// objects are reported, and the others upgraded.
func TestUpgradeBroken(t *testing.T) {
	const clusters = "clusters: [{alias: s, bootstrapServers: \"s:9093\"}, {alias: t, bootstrapServers: \"t:9093\"}]\n"
	for name, tc := range map[string]struct{ kind, spec, want string }{
		"kafka-no-spec":                  {"Kafka", "", "build/required spec"},
		"kafka-empty-spec":               {"Kafka", "{}", "build/required spec.kafka"},
		"nodepool-no-spec":               {"KafkaNodePool", "", "build/required spec"},
		"connect-no-spec":                {"KafkaConnect", "", "build/required spec"},
		"connector-no-spec":              {"KafkaConnector", "", "build/required spec"},
		"bridge-no-spec":                 {"KafkaBridge", "", "build/required spec"},
		"mm2-no-spec":                    {"KafkaMirrorMaker2", "", "build/required spec"},
		"mm2-no-clusters":                {"KafkaMirrorMaker2", "connectCluster: t\nmirrors: []", "build/unknown spec.connectCluster"},
		"mm2-no-connect-cluster":         {"KafkaMirrorMaker2", clusters + "connectCluster: x\nmirrors: []", "build/unknown spec.connectCluster"},
		"mm2-no-source-cluster":          {"KafkaMirrorMaker2", clusters + "connectCluster: t\nmirrors: [{sourceCluster: x}]", "build/unknown spec.mirrors[0].sourceCluster"},
		"mm2-target-not-connect-cluster": {"KafkaMirrorMaker2", clusters + "connectCluster: t\nmirrors: [{sourceCluster: t, targetCluster: s}]", "build/unsupported spec.mirrors[0].targetCluster"},
		"mm2-no-mirrors":                 {"KafkaMirrorMaker2", clusters + "connectCluster: t", "build/required spec.mirrors"},
		"spec is text":                   {"KafkaTopic", "nothing", "build/invalid spec"},
		"a number that is text":          {"KafkaTopic", "{partitions: many}", "build/invalid spec.partitions"},
		"brokers without a disk":         {"Kafka", "kafka: {replicas: 3, listeners: []}\nzookeeper: {replicas: 3, storage: {type: ephemeral}}", "build/required spec.kafka.storage"},
		"ZooKeeper without a disk":       {"Kafka", "kafka: {replicas: 3, storage: {type: ephemeral}, listeners: []}\nzookeeper: {replicas: 3}", "build/required spec.zookeeper.storage"},
	} {
		t.Run(name, func(t *testing.T) {
			old := append(loadText(t, manifest("v1beta2", tc.kind, tc.spec)), loadText(t, manifest("v1beta2", "KafkaTopic", "partitions: 1"))...)
			u, err := kafka.Upgrade(old...)
			var got []string
			for _, f := range findings(t, err) {
				if f.Object.Kind != tc.kind || f.Detail == "" || f.Fix == "" {
					t.Errorf("an incomplete finding: %+v", f)
				}
				got = append(got, f.Rule+" "+f.Field)
			}
			if diff := cmp.Diff([]string{tc.want}, got); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
			if len(u.Objects) != 1 || len(u.Decisions) > 0 {
				t.Errorf("beside it are %d objects, want the topic, and the decisions %v", len(u.Objects), u.Decisions)
			}
		})
	}
	if _, err := kafka.Upgrade(nil); err == nil {
		t.Error("a nil object is no mistake")
	}
}

// TestUpgradeBareSpec gives kinds that need none a spec.
func TestUpgradeBareSpec(t *testing.T) {
	for _, kind := range []string{"KafkaTopic", "KafkaUser", "KafkaRebalance"} {
		u := upgradeText(t, "apiVersion: kafka.strimzi.io/v1beta2\nkind: "+kind+"\nmetadata: {name: old}\n")
		i := slices.IndexFunc(u.Changes, func(c kafka.UpgradeChange) bool { return c.Kind == kafka.UpgradeAdded && c.To == "spec" })
		if spec, ok := treeOf(t, u.Objects[0])["spec"].(map[string]any); !ok || len(spec) > 0 || i < 0 {
			t.Errorf("%s has the spec %v, changes %v", kind, spec, u.Changes)
		}
	}
}
