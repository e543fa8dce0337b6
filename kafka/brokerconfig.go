package kafka

import (
	"fmt"
	"slices"
	"strings"

	"github.com/millrace/millrace/kafka/strimziv1"
)

// goneBrokerKeys have no meaning in KRaft; what to do instead.
// Source: Strimzi, KafkaSpecChecker.java.
var goneBrokerKeys = map[string]string{
	"inter.broker.protocol.version": "use spec.kafka.metadataVersion (the field MetadataVersion)",
	"log.message.format.version":    "leave it out: Kafka 4 has one format",
	"zookeeper.clientcnxnsocket":    "leave it out: there is no ZooKeeper since Kafka 4.0",
}

// brokerKeyFault says what is wrong with the name of a broker's setting, and
// what to do; empty if nothing is.
func brokerKeyFault(key string, listeners []strimziv1.Listener) (why, fix string) {
	if instead, ok := goneBrokerKeys[strings.ToLower(key)]; ok {
		return "it has no meaning without ZooKeeper", instead
	}
	for _, l := range listeners {
		own := fmt.Sprintf("listener.name.%s-%d.", l.Name, l.Port)
		if rest, ok := strings.CutPrefix(key, own); ok && slices.Contains(settablePerListener, rest) {
			return "", ""
		}
	}
	return managedKey(brokerComponent, key)
}
