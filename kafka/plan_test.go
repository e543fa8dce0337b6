package kafka_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka"
)

// planBundle reads documents, of which each line sets one path of an object:
// "KafkaTopic orders spec.partitions=6".
func planBundle(t *testing.T, docs ...string) *millrace.Bundle {
	t.Helper()
	var parts millrace.Parts
	for _, doc := range docs {
		u := new(unstructured.Unstructured)
		if err := yaml.Unmarshal([]byte(doc), &u.Object); err != nil {
			t.Fatalf("%s: %v", doc, err)
		}
		u.SetAPIVersion("kafka.strimzi.io/v1")
		u.SetNamespace("kafka")
		parts.Objects = append(parts.Objects, u)
	}
	b, err := millrace.Build(parts)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// planned writes an object of the cluster "events" with a spec and annotations.
func planned(kind, name, spec string, annotations ...string) string {
	return fmt.Sprintf("{kind: %s, metadata: {name: %s, labels: {strimzi.io/cluster: events}, annotations: {%s}}, spec: %s}", kind, name, strings.Join(annotations, ", "), spec)
}

func topicOf(spec string, annotations ...string) string {
	return planned("KafkaTopic", "orders", spec, annotations...)
}

func poolOf(spec string) string { return planned("KafkaNodePool", "blue", spec) }

func kafkaOf(spec string, annotations ...string) string {
	return planned("Kafka", "events", spec, annotations...)
}

const (
	withCruise = "{kafka: {}, cruiseControl: {}}"
	withAuto   = "{kafka: {}, cruiseControl: {autoRebalance: [{mode: add-brokers}, {mode: remove-brokers}]}}"
	onDisk     = "roles: [broker], storage: {type: jbod, volumes: [{id: 0, type: persistent-claim, size: 100Gi, class: fast}"
)

// TestPlan has one change a case, and what is told of it: "effect field".
func TestPlan(t *testing.T) {
	list := func(items ...string) []string { return items }
	for name, tc := range map[string]struct {
		before, after []string
		want          []string
	}{
		"nothing":                     {list(topicOf("{partitions: 6}")), list(topicOf("{partitions: 6}")), nil},
		"the same in other words":     {list(topicOf(`{config: {flush.ms: 5}}`)), list(topicOf(`{config: {flush.ms: "5"}}`)), nil},
		"new":                         {nil, list(topicOf("{partitions: 6}")), nil},
		"partitions up":               {list(topicOf("{partitions: 6}")), list(topicOf("{partitions: 12}")), list("applied spec.partitions")},
		"partitions down":             {list(topicOf("{partitions: 12}")), list(topicOf("{partitions: 6}")), list("refused spec.partitions")},
		"partitions left out":         {list(topicOf("{partitions: 12}")), list(topicOf("{}")), list("applied spec.partitions")},
		"replicas, cluster unknown":   {list(topicOf("{replicas: 2}")), list(topicOf("{replicas: 3}")), list("applied spec.replicas")},
		"replicas, Cruise Control":    {list(topicOf("{replicas: 2}"), kafkaOf(withCruise)), list(topicOf("{replicas: 3}"), kafkaOf(withCruise)), list("applied spec.replicas")},
		"replicas without it":         {list(topicOf("{replicas: 2}")), list(topicOf("{replicas: 3}"), kafkaOf("{kafka: {}}")), list("refused spec.replicas")},
		"renamed":                     {list(topicOf("{topicName: Orders}")), list(topicOf("{topicName: Sales}")), list("refused spec.topicName")},
		"named as before":             {list(topicOf("{topicName: orders}")), list(topicOf("{}")), list("applied spec.topicName")},
		"retention down":              {list(topicOf(`{config: {retention.ms: 1000000}}`)), list(topicOf(`{config: {retention.ms: 1000}}`)), list("destroys spec.config[retention.ms]")},
		"retention up":                {list(topicOf(`{config: {retention.ms: 1000}}`)), list(topicOf(`{config: {retention.ms: -1}}`)), list("applied spec.config[retention.ms]")},
		"retention no longer forever": {list(topicOf(`{config: {retention.ms: -1}}`)), list(topicOf(`{config: {}}`)), list("destroys spec.config[retention.ms]")},
		"retention to the brokers'": {list(topicOf(`{config: {retention.ms: 1000}}`), kafkaOf(`{kafka: {config: {log.retention.hours: 1}}}`)),
			list(topicOf(`{config: {}}`), kafkaOf(`{kafka: {config: {log.retention.hours: 1}}}`)), list("applied spec.config[retention.ms]")},
		"bytes":             {list(topicOf("{}")), list(topicOf(`{config: {retention.bytes: 5}}`)), list("destroys spec.config[retention.bytes]")},
		"compacted":         {list(topicOf("{}")), list(topicOf(`{config: {cleanup.policy: compact}}`)), list("destroys spec.config[cleanup.policy]")},
		"also deleted":      {list(topicOf(`{config: {cleanup.policy: compact}}`)), list(topicOf(`{config: {cleanup.policy: "compact, delete"}}`)), list("destroys spec.config[cleanup.policy]")},
		"deleted, in words": {list(topicOf("{}")), list(topicOf(`{config: {cleanup.policy: delete}}`)), list("applied spec.config[cleanup.policy]")},
		"other settings":    {list(topicOf("{}")), list(topicOf(`{config: {preallocate: true}}`)), list("applied spec.config.preallocate")},
		"remote off":        {list(topicOf(`{config: {remote.storage.enable: true}}`)), list(topicOf(`{config: {remote.storage.enable: false}}`)), list("refused spec.config[remote.storage.enable]")},
		"remote gone":       {list(topicOf(`{config: {remote.storage.enable: true}}`)), list(topicOf(`{config: {remote.log.delete.on.disable: true}}`)), list("applied spec.config[remote.log.delete.on.disable]", "destroys spec.config[remote.storage.enable]")},
		"unmanaged":         {list(topicOf("{partitions: 6}")), list(topicOf("{partitions: 3}", `strimzi.io/managed: "false"`)), list("applied metadata.annotations[strimzi.io/managed]", "ignored spec.partitions")},
		"paused":            {list(topicOf("{partitions: 6}")), list(topicOf("{partitions: 7}", `strimzi.io/pause-reconciliation: "true"`)), list("ignored spec.partitions")},
		"topic gone":        {list(topicOf("{partitions: 6}")), nil, list("destroys ")},
		"unmanaged gone":    {list(topicOf("{}", `strimzi.io/managed: "false"`)), nil, list("applied ")},
		"topic's new owner": {list(topicOf("{}")), list(planned("KafkaTopic", "sales", "{topicName: orders}")), list("destroys ")},
		"another cluster": {list(topicOf("{}")), list("{kind: KafkaTopic, metadata: {name: orders, labels: {strimzi.io/cluster: other}}, spec: {}}"),
			list("ignored metadata.labels[strimzi.io/cluster]")},
		"no cluster": {list(topicOf("{}")), list("{kind: KafkaTopic, metadata: {name: orders}, spec: {}}"), list("ignored metadata.labels[strimzi.io/cluster]")},

		"a cluster at last":         {list("{kind: KafkaTopic, metadata: {name: orders}, spec: {}}"), list(topicOf("{}")), list("applied metadata.labels[strimzi.io/cluster]")},
		"a pool of another cluster": {list(poolOf("{}")), list("{kind: KafkaNodePool, metadata: {name: blue, labels: {strimzi.io/cluster: other}}, spec: {}}"), list("destroys metadata.labels[strimzi.io/cluster]")},
		"a user of another cluster": {list(planned("KafkaUser", "u", "{}")), list("{kind: KafkaUser, metadata: {name: u, labels: {strimzi.io/cluster: other}}, spec: {}}"), list("applied metadata.labels[strimzi.io/cluster]")},
		"replicas left out":         {list(topicOf("{replicas: 3}")), list(topicOf("{}")), list("applied spec.replicas")},
		"remote in other letters":   {list(topicOf(`{config: {remote.storage.enable: "TRUE"}}`)), list(topicOf(`{config: {remote.storage.enable: "true"}}`)), list("applied spec.config[remote.storage.enable]")},
		"disk of no size":           {list(poolOf("{" + onDisk + "]}}")), list(poolOf("{" + strings.Replace(onDisk, "100Gi", "much", 1) + "]}}")), list("ignored spec.storage.volumes[0].size")},
		"mirror added": {list(planned("KafkaMirrorMaker2", "m", "{mirrors: [{source: {alias: b}}]}")), list(planned("KafkaMirrorMaker2", "m", "{mirrors: [{source: {alias: a}}, {source: {alias: b}}]}")),
			list("applied spec.mirrors[a]")},

		"nodes up":             {list(poolOf("{replicas: 3, roles: [broker]}")), list(poolOf("{replicas: 4, roles: [broker]}")), list("applied spec.replicas")},
		"nodes down":           {list(poolOf("{replicas: 4, roles: [broker]}")), list(poolOf("{replicas: 3, roles: [broker]}")), list("ignored spec.replicas")},
		"nodes down, balanced": {list(poolOf("{replicas: 4, roles: [broker]}"), kafkaOf(withAuto)), list(poolOf("{replicas: 3, roles: [broker]}"), kafkaOf(withAuto)), list("applied spec.replicas")},
		"nodes down, by force": {list(poolOf("{replicas: 4, roles: [broker]}")), list(poolOf("{replicas: 3, roles: [broker]}"), kafkaOf(withAuto, `strimzi.io/skip-broker-scaledown-check: "true"`)), list("destroys spec.replicas")},
		"controllers up":       {list(poolOf("{replicas: 3, roles: [controller]}")), list(poolOf("{replicas: 5, roles: [controller]}")), list("destroys spec.replicas")},
		"role dropped":         {list(poolOf("{roles: [controller, broker]}")), list(poolOf("{roles: [controller]}")), list("ignored spec.roles")},
		"role dropped, balanced": {list(poolOf("{roles: [controller, broker]}"), kafkaOf(withAuto)), list(poolOf("{roles: [controller]}"), kafkaOf(withAuto)),
			list("ignored spec.roles")},
		"role added":          {list(poolOf("{roles: [broker]}")), list(poolOf("{roles: [broker, controller]}")), list("destroys spec.roles")},
		"broker added":        {list(poolOf("{roles: [controller]}")), list(poolOf("{roles: [controller, broker]}")), list("rolls spec.roles")},
		"roles in order":      {list(poolOf("{roles: [controller, broker]}")), list(poolOf("{roles: [broker, controller]}")), list("applied spec.roles")},
		"pool gone":           {list(poolOf("{replicas: 3, roles: [broker]}")), list(kafkaOf("{}")), list("destroys ")},
		"empty pool gone":     {list(poolOf("{replicas: 0, roles: [broker]}")), list(kafkaOf("{}")), list("applied ")},
		"memory":              {list(poolOf("{resources: {limits: {memory: 1Gi}}}")), list(poolOf("{resources: {limits: {memory: 2Gi}}}")), list("rolls spec.resources.limits.memory")},
		"disk grows":          {list(poolOf("{" + onDisk + "]}}")), list(poolOf("{" + strings.Replace(onDisk, "100Gi", "1Ti", 1) + "]}}")), list("applied spec.storage.volumes[0].size")},
		"disk in other words": {list(poolOf("{" + onDisk + "]}}")), list(poolOf("{" + strings.Replace(onDisk, "100Gi", "102400Mi", 1) + "]}}")), nil},
		"disk shrinks":        {list(poolOf("{" + onDisk + "]}}")), list(poolOf("{" + strings.Replace(onDisk, "100Gi", "10Gi", 1) + "]}}")), list("ignored spec.storage.volumes[0].size")},
		"disk of another class": {list(poolOf("{" + onDisk + "]}}")), list(poolOf("{" + strings.Replace(onDisk, "fast", "slow", 1) + "]}}")),
			list("ignored spec.storage.volumes[0].class")},
		"disk added": {list(poolOf("{" + onDisk + "]}}")), list(poolOf("{" + onDisk + ", {id: 1, type: persistent-claim, size: 1Gi}]}}")), list("rolls spec.storage.volumes[1]")},
		"disk gone":  {list(poolOf("{" + onDisk + ", {id: 1, type: persistent-claim, size: 1Gi}]}}")), list(poolOf("{" + onDisk + "]}}")), list("destroys spec.storage.volumes[1]")},
		"one change spoils the rest": {list(poolOf("{" + onDisk + ", {id: 1, type: persistent-claim, size: 1Gi}]}}")), list(poolOf("{" + strings.Replace(onDisk, "100Gi", "10Gi", 1) + ", {id: 1, type: persistent-claim, size: 2Gi}]}}")),
			list("ignored spec.storage.volumes[0].size", "ignored spec.storage.volumes[1].size")},
		"storage retyped":     {list(poolOf("{storage: {type: persistent-claim, size: 1Gi}}")), list(poolOf("{" + onDisk + "]}}")), list("ignored spec.storage.type", "rolls spec.roles")},
		"single disk shrinks": {list(poolOf("{storage: {type: persistent-claim, size: 2Gi}}")), list(poolOf("{storage: {type: persistent-claim, size: 1Gi}}")), list("ignored spec.storage.size")},
		"claims deleted":      {list(poolOf("{storage: {type: persistent-claim, size: 2Gi}}")), list(poolOf("{storage: {type: persistent-claim, size: 2Gi, deleteClaim: true}}")), list("applied spec.storage.deleteClaim")},
		"claims kept anyhow":  {list(poolOf("{storage: {type: persistent-claim, size: 2Gi}}")), list(poolOf("{storage: {type: persistent-claim, size: 2Gi, deleteClaim: false}}")), nil},

		"upgrade":       {list(kafkaOf("{kafka: {version: 4.2.0}}")), list(kafkaOf("{kafka: {version: 4.10.0}}")), list("rolls spec.kafka.version")},
		"downgrade":     {list(kafkaOf("{kafka: {version: 4.3.0}}")), list(kafkaOf("{kafka: {version: 4.2.0}}")), list("refused spec.kafka.version")},
		"metadata down": {list(kafkaOf("{kafka: {metadataVersion: 4.3-IV0}}")), list(kafkaOf("{kafka: {metadataVersion: 4.2-IV1}}")), list("ignored spec.kafka.metadataVersion")},
		"metadata up":   {list(kafkaOf("{kafka: {metadataVersion: 4.2-IV1}}")), list(kafkaOf("{kafka: {metadataVersion: 4.3-IV0}}")), list("applied spec.kafka.metadataVersion")},
		"brokers' retention": {list(kafkaOf("{kafka: {config: {log.retention.hours: 24}}}")), list(kafkaOf("{kafka: {config: {log.retention.ms: 60000}}}")),
			list("destroys spec.kafka.config[log.retention.hours]", "destroys spec.kafka.config[log.retention.ms]")},
		"static setting":  {list(kafkaOf("{kafka: {config: {}}}")), list(kafkaOf("{kafka: {config: {broker.session.timeout.ms: 9000}}}")), list("rolls spec.kafka.config[broker.session.timeout.ms]")},
		"dynamic setting": {list(kafkaOf("{kafka: {config: {}}}")), list(kafkaOf("{kafka: {config: {log.cleaner.threads: 2}}}")), list("applied spec.kafka.config[log.cleaner.threads]")},
		"listener's place": {list(kafkaOf("{kafka: {listeners: [{name: a, port: 9092}, {name: b, port: 9093}]}}")),
			list(kafkaOf("{kafka: {listeners: [{name: b, port: 9093}, {name: a, port: 9092}]}}")), nil},
		"listener gone": {list(kafkaOf("{kafka: {listeners: [{name: a, port: 9092}]}}")), list(kafkaOf("{kafka: {listeners: []}}")), list("rolls spec.kafka.listeners[a]")},
		"listener's peers": {list(kafkaOf("{kafka: {listeners: [{name: a, port: 9092}]}}")), list(kafkaOf("{kafka: {listeners: [{name: a, port: 9092, networkPolicyPeers: [{}]}]}}")),
			list("applied spec.kafka.listeners[a].networkPolicyPeers")},
		"authorization":       {list(kafkaOf("{kafka: {}}")), list(kafkaOf("{kafka: {authorization: {type: simple}}}")), list("rolls spec.kafka.authorization.type")},
		"log level":           {list(kafkaOf("{kafka: {logging: {type: inline, loggers: {a: INFO}}}}")), list(kafkaOf("{kafka: {logging: {type: inline, loggers: {a: WARN}}}}")), list("applied spec.kafka.logging.loggers.a")},
		"Cruise Control":      {list(kafkaOf("{kafka: {}}")), list(kafkaOf(withCruise)), list("rolls spec.cruiseControl")},
		"Cruise Control more": {list(kafkaOf(withCruise)), list(kafkaOf("{kafka: {}, cruiseControl: {config: {goals: a}}}")), list("applied spec.cruiseControl.config.goals")},
		"topic operator gone": {list(kafkaOf("{kafka: {}, entityOperator: {topicOperator: {}, userOperator: {}}}")), list(kafkaOf("{kafka: {}, entityOperator: {userOperator: {}}}")), list("applied spec.entityOperator.topicOperator")},
		"cluster gone":        {list(kafkaOf("{kafka: {}}")), nil, list("destroys ")},

		"user's ACLs":   {list(planned("KafkaUser", "u", "{}")), list(planned("KafkaUser", "u", "{authorization: {type: simple, acls: []}}")), list("applied spec.authorization.acls", "applied spec.authorization.type")},
		"Connect's id":  {list(planned("KafkaConnect", "c", "{groupId: a}")), list(planned("KafkaConnect", "c", "{groupId: b}")), list("destroys spec.groupId")},
		"Connect image": {list(planned("KafkaConnect", "c", "{image: a}")), list(planned("KafkaConnect", "c", "{image: b}")), list("rolls spec.image")},
		"Connect wide":  {list(planned("KafkaConnect", "c", "{replicas: 1}")), list(planned("KafkaConnect", "c", "{replicas: 0}")), list("applied spec.replicas")},
		"mirror gone": {list(planned("KafkaMirrorMaker2", "m", "{mirrors: [{source: {alias: a}}, {source: {alias: b}}]}")), list(planned("KafkaMirrorMaker2", "m", "{mirrors: [{source: {alias: b}}]}")),
			list("applied spec.mirrors[a]")},
		"target renamed":       {list(planned("KafkaMirrorMaker2", "m", "{target: {alias: a}}")), list(planned("KafkaMirrorMaker2", "m", "{target: {alias: b}}")), list("destroys spec.target.alias")},
		"rebalance":            {list(planned("KafkaRebalance", "r", "{}")), list(planned("KafkaRebalance", "r", "{mode: add-brokers}")), list("ignored spec.mode")},
		"rebalance's template": {list(planned("KafkaRebalance", "r", "{}", `strimzi.io/rebalance-template: "true"`)), list(planned("KafkaRebalance", "r", "{mode: add-brokers}", `strimzi.io/rebalance-template: "true"`)), list("applied spec.mode")},
		"rebalance refreshed":  {list(planned("KafkaRebalance", "r", "{}")), list(planned("KafkaRebalance", "r", "{mode: add-brokers}", "strimzi.io/rebalance: refresh")), list("applied spec.mode")},
		"connector paused":     {list(planned("KafkaConnector", "c", "{}")), list(planned("KafkaConnector", "c", "{state: paused}")), list("applied spec.state")},
		"connector gone":       {list(planned("KafkaConnector", "c", "{}")), nil, list("applied ")},
	} {
		t.Run(name, func(t *testing.T) {
			changes, err := kafka.Plan(planBundle(t, tc.before...), planBundle(t, tc.after...))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range changes {
				if c.Detail == "" {
					t.Errorf("nothing is said of %v", c)
				}
				if c.Effect >= kafka.Ignored && c.Fix == "" {
					t.Errorf("nothing is advised for %v", c)
				}
				got = append(got, c.Effect.String()+" "+c.Field)
			}
			slices.Sort(got)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("changes (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPlanSays has changes that differ in what is said of them, and how it is
// written.
func TestPlanSays(t *testing.T) {
	list := func(items ...string) []string { return items }
	operators := func(which string) []string { return list(kafkaOf("{kafka: {}, entityOperator: {" + which + "}}")) }
	long := strings.Repeat("x", 100)
	for name, tc := range map[string]struct {
		before, after []string
		want          []string
	}{
		"gone":                            {list(topicOf("{}")), nil, list("KafkaTopic kafka/orders: destroys: the topic is deleted with all its records; keep the object, or set the annotation strimzi.io/managed to false first")},
		"gone, beside a user of its name": {list(topicOf("{}")), list(planned("KafkaUser", "orders", "{}")), list("KafkaTopic kafka/orders: destroys: the topic is deleted with all its records; ")},
		"gone, beside another topic":      {list(topicOf("{}")), list(planned("KafkaTopic", "sales", "{}")), list("KafkaTopic kafka/orders: destroys: the topic is deleted with all its records; ")},
		"taken over":                      {list(topicOf("{}")), list(planned("KafkaTopic", "sales", "{topicName: orders}")), list("KafkaTopic kafka/orders: destroys: KafkaTopic sales takes the topic orders over, ")},
		"topic operator gone":             {operators("topicOperator: {}, userOperator: {}"), operators("userOperator: {}"), list("Kafka kafka/events: spec.entityOperator.topicOperator: {} -> unset: applied: changes of topics do nothing from now on")},
		"user operator gone":              {operators("topicOperator: {}, userOperator: {}"), operators("topicOperator: {}"), list("Kafka kafka/events: spec.entityOperator.userOperator: {} -> unset: applied: changes of users do nothing from now on")},
		"user operator added":             {operators("topicOperator: {}"), operators("topicOperator: {}, userOperator: {}"), list("Kafka kafka/events: spec.entityOperator.userOperator: unset -> {}: applied: the entity operator restarts; ")},
		"topic operator changed": {operators("topicOperator: {reconciliationIntervalMs: 5}"), operators("topicOperator: {reconciliationIntervalMs: 6}"),
			list("Kafka kafka/events: spec.entityOperator.topicOperator.reconciliationIntervalMs: 5 -> 6: applied: the entity operator restarts; ")},
		"disks": {list(poolOf("{" + onDisk + ", {id: 1, type: persistent-claim, size: 1Gi}]}}")), list(poolOf("{" + strings.Replace(onDisk, "100Gi", "10Gi", 1) + ", {id: 1, type: persistent-claim, size: 2Gi}]}}")), list(
			"KafkaNodePool kafka/blue: spec.storage.volumes[0].size: 100Gi -> 10Gi: ignored: a disk can't shrink; ",
			"KafkaNodePool kafka/blue: spec.storage.volumes[1].size: 1Gi -> 2Gi: ignored: with a change that can't be, ")},
		"a long value": {list(kafkaOf("{kafka: {}}")), list(kafkaOf("{kafka: {listeners: [{name: a, x: " + long + "}]}}")),
			list("Kafka kafka/events: spec.kafka.listeners[a]: unset -> {\"name\":\"a\",\"x\":\"" + long[:63] + "…: rolls: ")},
		"a label": {list("{kind: KafkaTopic, metadata: {name: orders}, spec: {}}"), list(topicOf("{}")), list("KafkaTopic kafka/orders: metadata.labels[strimzi.io/cluster]: unset -> events: applied: ")},
	} {
		t.Run(name, func(t *testing.T) {
			changes, err := kafka.Plan(planBundle(t, tc.before...), planBundle(t, tc.after...))
			if err != nil || len(changes) != len(tc.want) {
				t.Fatalf("%v, %v", changes, err)
			}
			for i, c := range changes {
				if !strings.HasPrefix(c.String(), tc.want[i]) {
					t.Errorf("%s\nwant %s", c, tc.want[i])
				}
			}
		})
	}
}
