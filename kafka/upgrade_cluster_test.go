package kafka_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// TestUpgradeZooKeeper has clusters without node pools, and what of them is
// where.
func TestUpgradeZooKeeper(t *testing.T) {
	const (
		listeners = "  listeners: [{name: tls, port: 9093, type: internal, tls: true}]\n"
		disk      = "{type: persistent-claim, size: 5Gi, class: fast, deleteClaim: false}"
		jbod      = "{type: jbod, volumes: [{id: 0, type: persistent-claim, size: 5Gi, class: fast, deleteClaim: false, kraftMetadata: shared}]}"
		resources = "{requests: {memory: 1Gi, cpu: '1'}, limits: {memory: 1Gi}}"
		running   = "spec.zookeeper"
	)
	const brokers = "replicas: 3\nroles: [broker]\nstorage: {type: ephemeral}"
	controllers := "replicas: 3\nroles: [controller]\nstorage: " + jbod + "\nresources: " + resources
	for name, tc := range map[string]struct {
		kafka, zookeeper string
		// want are the specs of the Kafka and of its pools.
		want    []string
		decides []string
	}{
		"small": {
			kafka:     "  replicas: 3\n  storage: {type: ephemeral}",
			zookeeper: "{replicas: 3, storage: " + disk + ", resources: " + resources + "}",
			want:      []string{"kafka:\n" + listeners, brokers, controllers},
			decides:   []string{"spec.kafka.storage", running},
		},
		"what the Kafka says of its nodes": {
			kafka: "  replicas: 3\n  storage: {type: jbod, volumes: [{id: 0, type: ephemeral}]}\n  resources: " + resources + "\n  jvmOptions: {-Xmx: 12g}\n" +
				"  template: {pod: {priorityClassName: high}, kafkaContainer: {env: [{name: A, value: a}]}, bootstrapService: {metadata: {labels: {a: b}}}, perPodService: {metadata: {labels: {a: b}}}}",
			zookeeper: "{replicas: 3, storage: " + disk + ", resources: " + resources + "}",
			want: []string{
				"kafka:\n" + listeners + "  template: {bootstrapService: {metadata: {labels: {a: b}}}, perPodService: {metadata: {labels: {a: b}}}}",
				"replicas: 3\nroles: [broker]\nstorage: {type: jbod, volumes: [{id: 0, type: ephemeral}]}\nresources: " + resources + "\njvmOptions: {-Xmx: 12g}\ntemplate: {pod: {priorityClassName: high}, kafkaContainer: {env: [{name: A, value: a}]}}",
				controllers,
			},
			decides: []string{running},
		},
		"what ZooKeeper says of its nodes": {
			kafka: "  replicas: 3\n  storage: {type: ephemeral}",
			zookeeper: "{replicas: 3, storage: {type: ephemeral, sizeLimit: 1Gi}, jvmOptions: {-Xmx: 1g}, image: x, config: {a: b}, livenessProbe: {timeoutSeconds: 5}, logging: {type: inline, loggers: {a: b}}," +
				" template: {zookeeperContainer: {env: [{name: A, value: a}]}, nodesService: {metadata: {labels: {a: b}}}," +
				" pod: {affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 5, podAffinityTerm: {topologyKey: h, labelSelector: {matchLabels: {strimzi.io/name: old-zookeeper, a: b}}}}]}}}}}",
			want: []string{"kafka:\n" + listeners, brokers,
				"replicas: 3\nroles: [controller]\nstorage: {type: ephemeral, sizeLimit: 1Gi}\nresources: {requests: {memory: 4Gi, cpu: '1'}, limits: {memory: 4Gi}}\njvmOptions: {-Xmx: 1g}\ntemplate: {kafkaContainer: {env: [{name: A, value: a}]}," +
					" pod: {affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 5, podAffinityTerm: {topologyKey: h, labelSelector: {matchLabels: {strimzi.io/cluster: old, strimzi.io/controller-role: 'true', a: b}}}}]}}}}"},
			decides: []string{"spec.kafka.storage", "spec.zookeeper", running},
		},
		"classes for single nodes": {
			kafka:     "  replicas: 3\n  storage: {type: jbod, volumes: [{id: 0, type: persistent-claim, size: 5Gi, overrides: [{broker: 0, class: a}]}]}",
			zookeeper: "{replicas: 3, storage: {type: persistent-claim, size: 5Gi, class: fast, deleteClaim: false, overrides: [{broker: 0, class: a}]}, resources: " + resources + "}",
			want:      []string{"kafka:\n" + listeners, "replicas: 3\nroles: [broker]\nstorage: {type: jbod, volumes: [{id: 0, type: persistent-claim, size: 5Gi}]}", controllers},
			decides:   []string{"spec.kafka.storage.volumes[0].overrides", "spec.zookeeper.storage.overrides", running},
		},
		"racks that are spread": {
			kafka:     "  replicas: 3\n  storage: {type: jbod, volumes: [{id: 0, type: ephemeral}]}\n  rack: {topologyKey: z}\n  template: {pod: {topologySpreadConstraints: [{maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {a: b}}}]}}",
			zookeeper: "{replicas: 3, storage: " + disk + ", resources: " + resources + "}",
			want: []string{"kafka:\n" + listeners + "  rack: {topologyKey: z}",
				"replicas: 3\nroles: [broker]\nstorage: {type: jbod, volumes: [{id: 0, type: ephemeral}]}\ntemplate: {pod: {topologySpreadConstraints: [{maxSkew: 1, topologyKey: z, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {a: b}}}]}}",
				controllers + "\ntemplate: {pod: {topologySpreadConstraints: [{maxSkew: 1, topologyKey: z, whenUnsatisfiable: ScheduleAnyway, labelSelector: {matchLabels: {strimzi.io/cluster: old, strimzi.io/controller-role: 'true'}}}]}}"},
			decides: []string{running},
		},
		"no controllers anywhere": {
			kafka:   "  replicas: 3\n  storage: {type: jbod, volumes: [{id: 0, type: ephemeral}]}",
			want:    []string{"kafka:\n" + listeners, "replicas: 3\nroles: [broker]\nstorage: {type: jbod, volumes: [{id: 0, type: ephemeral}]}"},
			decides: []string{"spec.kafka"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			old := "kafka:\n" + listeners + tc.kafka
			if tc.zookeeper != "" {
				old += "\nzookeeper: " + tc.zookeeper
			}
			u := upgradeText(t, manifest("v1beta2", "Kafka", old))
			kinds, names := []string{"Kafka", "KafkaNodePool", "KafkaNodePool"}, []string{"old", "kafka", "controller"}
			if len(u.Objects) != len(tc.want) {
				t.Fatalf("%d objects, want %d", len(u.Objects), len(tc.want))
			}
			for i, o := range u.Objects {
				want := treeOf(t, loadText(t, manifest("v1", kinds[i], tc.want[i]))[0])
				if diff := cmp.Diff(want["spec"], treeOf(t, o)["spec"]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", names[i], diff)
				}
				if o.GetName() != names[i] || o.GetNamespace() != "kafka" || i > 0 && o.GetLabels()["strimzi.io/cluster"] != "old" {
					t.Errorf("object %d is %s with the labels %v", i, millrace.RefOf(o), o.GetLabels())
				}
			}
			if diff := cmp.Diff(tc.decides, decisions(u)); diff != "" {
				t.Errorf("decisions (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUpgradeSwitches has Kafkas that say themselves that they have node pools,
// which are elsewhere.
func TestUpgradeSwitches(t *testing.T) {
	const spec = `
spec:
  kafka: {replicas: 3, storage: {type: ephemeral}, resources: {limits: {memory: 1Gi}}, listeners: [{name: tls, port: 9093, type: internal, tls: true}]}
`
	for name, tc := range map[string]struct {
		annotations string
		decides     []string
		left        map[string]string
	}{
		"pools":       {"{strimzi.io/node-pools: enabled, strimzi.io/kraft: enabled}", []string{"spec.kafka.resources"}, nil},
		"pools alone": {"{strimzi.io/node-pools: enabled}", []string{"spec.kafka.resources"}, nil},
		"migrating":   {"{strimzi.io/node-pools: enabled, strimzi.io/kraft: migration, a: b}", []string{"metadata.annotations[strimzi.io/kraft]", "spec.kafka.resources"}, map[string]string{"a": "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			u := upgradeText(t, "apiVersion: kafka.strimzi.io/v1beta2\nkind: Kafka\nmetadata: {name: old, annotations: "+tc.annotations+"}"+spec)
			if len(u.Objects) != 1 {
				t.Errorf("%d objects, want the Kafka alone", len(u.Objects))
			}
			if diff := cmp.Diff(tc.left, u.Objects[0].GetAnnotations()); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tc.decides, decisions(u)); diff != "" {
				t.Errorf("decisions (-want +got):\n%s", diff)
			}
		})
	}
}

// TestUpgradePooledZooKeeper makes controllers for a cluster that has pools of
// brokers, and ZooKeeper.
func TestUpgradePooledZooKeeper(t *testing.T) {
	u := upgradeText(t, `
apiVersion: kafka.strimzi.io/v1beta2
kind: KafkaNodePool
metadata: {name: big, labels: {strimzi.io/cluster: old}}
spec: {replicas: 3, roles: [broker], storage: {type: ephemeral}}
---
apiVersion: kafka.strimzi.io/v1beta2
kind: Kafka
metadata: {name: old}
spec:
  kafka: {replicas: 3, storage: {type: ephemeral}, listeners: [{name: tls, port: 9093, type: internal, tls: true}]}
  zookeeper: {replicas: 5, storage: {type: ephemeral}, resources: {limits: {memory: 1Gi}}}
`)
	var got []string
	for _, o := range u.Objects {
		got = append(got, millrace.RefOf(o).String())
	}
	if diff := cmp.Diff([]string{"KafkaNodePool big", "Kafka old", "KafkaNodePool controller"}, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"spec.zookeeper"}, decisions(u)); diff != "" {
		t.Errorf("decisions (-want +got):\n%s", diff)
	}
}

// TestUpgradeTwiceZooKeeper finds nothing more to do in what it made.
func TestUpgradeTwiceZooKeeper(t *testing.T) {
	first := upgradeText(t, manifest("v1beta2", "Kafka", "kafka: {replicas: 3, storage: {type: ephemeral}, listeners: [{name: tls, port: 9093, type: internal, tls: true}]}\nzookeeper: {replicas: 3, storage: {type: ephemeral}}"))
	again, err := kafka.Upgrade(first.Objects...)
	if err != nil || len(again.Changes)+len(again.Decisions) > 0 {
		t.Errorf("a second time changes %v, decides %v: %v", again.Changes, again.Decisions, err)
	}
}
