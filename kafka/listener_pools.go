package kafka

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/kafka/strimziv1"
)

// listeners checks the listeners against the brokers that there are. Which
// numbers the brokers have is known to the operator alone.
// Source: Strimzi 1.2.0, ListenersValidator.validateIngress, validateTlsRoute.
func (a *assembly) listeners(brokers int64) {
	longest := 0
	for _, pool := range a.pools {
		if slices.Contains(pool.Spec.Roles, strimziv1.ProcessRoleBroker) {
			longest = max(longest, len(pool.Name))
		}
	}
	for i := range a.kafka.Spec.Kafka.Listeners {
		l := &a.kafka.Spec.Kafka.Listeners[i]
		if oneOf(l.Type, Internal) {
			continue
		}
		at := a.ofKafka.below(listenerRule, fmt.Sprintf("spec.kafka.listeners[%d]", i))
		if bootstrapLength(a.kafka, l) <= validation.DNS1123LabelMaxLength {
			at.serviceName(l, len(a.kafka.Name)+longest+len(l.Name)+len("---")+nodeIDDigits)
		}
		if oneOf(l.Type, Route, TLSRoute, Ingress) {
			at.hostOfEach(l, brokers)
		}
	}
}

// bootstrapLength is the length of the name of the service by which clients
// outside of Kubernetes find a listener.
func bootstrapLength(k *strimziv1.Kafka, l *strimziv1.Listener) int {
	return len(k.Name) + len("-kafka-") + len(l.Name) + len("-bootstrap")
}

// serviceName reports a listener one of whose services would have too long a
// name.
func (f faultsBelow) serviceName(l *strimziv1.Listener, length int) {
	if length > validation.DNS1123LabelMaxLength {
		f.invalid(".name", l.Name, fmt.Sprintf("its services would have names of %d characters, of the 63 that are allowed", length),
			"shorten the name of the listener, of the pool or of the cluster")
	}
}

// hostOfEach asks for a host for each broker, and for different ones.
func (f faultsBelow) hostOfEach(l *strimziv1.Listener, brokers int64) {
	c := configurationOf(l)
	own := int64(len(brokerHosts(c)))
	switch template := deref(c.HostTemplate); {
	case template != "":
		if brokers-own > 1 && !strings.Contains(template, "{") {
			f.invalid(confPath+".hostTemplate", template, fmt.Sprintf("the %d brokers would have one host", brokers), "put "+nodeID+" into it")
		}
	case own > 0 && own < brokers && oneOf(l.Type, TLSRoute, Ingress):
		f.required(confPath+".hostTemplate", fmt.Sprintf("%d of the %d brokers have a host; give each of them one, or use a template", own, brokers))
	}
}
