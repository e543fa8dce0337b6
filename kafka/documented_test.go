package kafka_test

import (
	"reflect"
	"regexp"
	"slices"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	policyv1 "k8s.io/api/policy/v1"

	"github.com/millrace/millrace/internal/documented"
	"github.com/millrace/millrace/internal/kafkaconf"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// scopes are what settings are of.
var scopes = []kafkaconf.Scope{kafkaconf.Broker, kafkaconf.Topic, kafkaconf.ConnectWorker, kafkaconf.SourceConnector, kafkaconf.SinkConnector,
	kafkaconf.MirrorSource, kafkaconf.MirrorCheckpoint, kafkaconf.MirrorHeartbeat, kafkaconf.Producer, kafkaconf.Consumer, kafkaconf.Admin}

func TestEveryFieldIsDocumented(t *testing.T) {
	documented.Comments{
		Types: []reflect.Type{reflect.TypeFor[strimziv1.Kafka](), reflect.TypeFor[strimziv1.KafkaNodePool](), reflect.TypeFor[strimziv1.KafkaTopic](),
			reflect.TypeFor[strimziv1.KafkaUser](), reflect.TypeFor[strimziv1.KafkaConnect](), reflect.TypeFor[strimziv1.KafkaConnector](),
			reflect.TypeFor[strimziv1.KafkaMirrorMaker2](), reflect.TypeFor[strimziv1.KafkaBridge](), reflect.TypeFor[strimziv1.KafkaRebalance](),
			reflect.TypeFor[kedav1alpha1.ScaledObject](), reflect.TypeFor[kedav1alpha1.TriggerAuthentication](),
			reflect.TypeFor[appsv1.Deployment](), reflect.TypeFor[policyv1.PodDisruptionBudget]()},
		Words:   []string{"memory", "cpu"}, // of resources
		Results: []string{"Change", "PlanError", "Upgraded", "UpgradeChange", "UpgradeDecision"},
		Whole:   []string{"Base"},
		Setting: regexp.MustCompile(`\b(?:[a-z0-9-]+\.){2,}[a-z-]+\b`),
		Known:   knownSetting,
		Paths:   100, Settings: 60,
	}.Hold(t)
}

// notKafkas are words of the same form: paths, groups of APIs, classes, and the
// settings of Log4j, of Cruise Control and of Strimzi's bridge.
var notKafkas = regexp.MustCompile(`^(spec|configuration|template|authentication|org|kafka\.root|cruise\.control\.metrics)\.` +
	`|\.io$|^anomaly\.detection\.goals$|^ssl\.enabled\.cipher\.suites$`)

func knownSetting(key string) bool {
	return notKafkas.MatchString(key) || slices.ContainsFunc(scopes, func(scope kafkaconf.Scope) bool {
		_, ok := kafkaconf.Lookup(scope, key)
		return ok
	})
}
