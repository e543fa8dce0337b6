package kafka

import (
	"fmt"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

func bridgeRules() []millrace.Rule {
	return []millrace.Rule{
		{
			ID: ruleBridgeHTTP, Severity: millrace.Error,
			Summary: "A Bridge says where it listens, and how.",
			Reason:  "The schema lets a KafkaBridge without http pass, and the operator refuses it. On port 8081 it can't listen, since it is asked for its health there.",
			Fix:     "set spec.http.port to 8080",
			Source:  "Strimzi, KafkaBridgeCluster.java; con-config-kafka-bridge",
			Check:   faultRule(ruleBridgeHTTP),
		},
		{
			ID: ruleBridgeConfig, Severity: millrace.Error,
			Summary: "The settings of a Bridge and its clients are ones that arrive, and that Kafka takes.",
			Reason:  "Settings that the operator manages are dropped without a word; with a wrong value the clients fail when the first request comes.",
			Fix:     "remove the setting, or use the field that is for it",
			Source:  "Strimzi, KafkaBridgeSpec.java, KafkaBridgeConsumerSpec.java, KafkaBridgeProducerSpec.java, KafkaBridgeAdminClientSpec.java, KafkaBridgeHttpTls.java",
			Check:   faultRule(ruleBridgeConfig),
		},
		{
			ID: "kafka/bridge-consumers", Severity: millrace.Warning,
			Summary: "A Bridge by which programs consume has one pod.",
			Reason:  "A consumer lives in the memory of the pod that made it. The service sends the next request to any of them, and the others answer 404.",
			Fix:     "use one Bridge with one replica for each set of consumers, and another one with consumer.enabled: false for producers; waive the rule where a proxy keeps each client to its pod",
			Source:  "Strimzi, HTTP Bridge, running the bridge; strimzi-kafka-bridge#125, #498",
			Check:   on(checkBridgeConsumers),
		},
	}
}

func checkBridgeConsumers(pass *millrace.Pass, b *strimziv1.KafkaBridge) {
	if b.Spec.Replicas > 1 && bridgeConsumes(&b.Spec) {
		pass.Report("spec.replicas", fmt.Sprintf("there are %d pods, each with consumers of its own", b.Spec.Replicas))
	}
}
