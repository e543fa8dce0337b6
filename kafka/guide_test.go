package kafka_test

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/documented"
	"github.com/millrace/millrace/kafka"
	"github.com/millrace/millrace/kafka/kedav1alpha1"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func guide(t *testing.T) string { return documented.Guide(t, "kafka.md") }

// TestGuideHasEveryField compares the tables of the guide with the operators'
// types: an update of those that adds or drops a field fails it.
func TestGuideHasEveryField(t *testing.T) {
	documented.HoldTables(t, guide(t), strimziv1.KafkaSpec{}, strimziv1.KafkaClusterSpec{}, strimziv1.Listener{}, strimziv1.ListenerConfiguration{},
		strimziv1.ListenerBootstrap{}, strimziv1.ListenerBroker{}, strimziv1.CertificateAuthority{}, strimziv1.EntityOperatorSpec{},
		strimziv1.EntityTopicOperatorSpec{}, strimziv1.EntityUserOperatorSpec{}, strimziv1.CruiseControlSpec{}, strimziv1.KafkaExporterSpec{},
		strimziv1.KafkaNodePoolSpec{}, strimziv1.StorageVolume{}, strimziv1.PodTemplate{}, strimziv1.KafkaTopicSpec{}, strimziv1.KafkaUserSpec{},
		strimziv1.KafkaConnectSpec{}, strimziv1.KafkaConnectorSpec{}, strimziv1.KafkaMirrorMaker2Spec{},
		strimziv1.KafkaMirrorMaker2TargetClusterSpec{}, strimziv1.KafkaMirrorMaker2MirrorSpec{}, strimziv1.KafkaMirrorMaker2ClusterSpec{},
		strimziv1.KafkaMirrorMaker2ConnectorSpec{}, strimziv1.KafkaBridgeSpec{}, strimziv1.KafkaRebalanceSpec{}, kedav1alpha1.ScaledObjectSpec{})
}

// TestGuideNamesWhatThereIs holds the guide's own names to the package.
func TestGuideNamesWhatThereIs(t *testing.T) {
	found := documented.HoldNames(t, guide(t), map[string]reflect.Type{
		"Cluster": reflect.TypeFor[strimziv1.KafkaSpec](), "BrokerPool": reflect.TypeFor[strimziv1.KafkaNodePoolSpec](),
		"Connect": reflect.TypeFor[strimziv1.KafkaConnectSpec](), "MirrorMaker": reflect.TypeFor[strimziv1.KafkaMirrorMaker2Spec](),
		"Mirror": reflect.TypeFor[strimziv1.KafkaMirrorMaker2MirrorSpec](), "Bridge": reflect.TypeFor[strimziv1.KafkaBridgeSpec](),
		"Scaler": reflect.TypeFor[kedav1alpha1.ScaledObjectSpec](),
	})
	if found < 200 {
		t.Errorf("only %d names found", found)
	}
}

// TestGuideNamesRules holds the rules that the guide names to those there are.
func TestGuideNamesRules(t *testing.T) {
	rules := make(map[string]bool)
	for _, r := range kafka.Rules() {
		rules[r.ID] = true
	}
	id := regexp.MustCompile("`(kafka/[a-z-]+)`")
	found := 0
	for line := range strings.SplitSeq(guide(t), "\n") {
		for _, m := range id.FindAllStringSubmatch(line, -1) {
			found++
			if !rules[m[1]] {
				t.Errorf("the guide names %s, which is no rule", m[1])
			}
		}
	}
	if found < 10 {
		t.Errorf("only %d rules found", found)
	}
}

// TestSmallestClusterIsForProduction holds the guide to what it says of its
// first cluster: no rule has anything to say about it.
func TestSmallestClusterIsForProduction(t *testing.T) {
	bundle, err := millrace.Build(events())
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range check(t, bundle) {
		t.Error(finding)
	}
}
