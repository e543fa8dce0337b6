package kafka

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

// brokerNodes are the brokers of one pool.
type brokerNodes struct {
	pool  string
	count int64
}

// listenersOf adds what is wrong with the listeners for the brokers that there
// are. Which numbers the brokers have is known to the operator alone.
// Source: Strimzi 1.2.0, ListenersValidator.validateIngress, validateTlsRoute.
func (f *faults) listenersOf(k *strimziv1.Kafka, pools []brokerNodes) {
	var brokers int64
	longest := 0
	for _, pool := range pools {
		brokers += pool.count
		longest = max(longest, len(pool.pool))
	}
	for i := range k.Spec.Kafka.Listeners {
		l := &k.Spec.Kafka.Listeners[i]
		if oneOf(l.Type, Internal) {
			continue
		}
		at := f.below(listenerRule, fmt.Sprintf("spec.kafka.listeners[%d]", i))
		// A name of a service has at most 63 characters.
		length := max(len(k.Name)+len("-kafka-")+len(l.Name)+len("-bootstrap"), len(k.Name)+longest+len(l.Name)+len("---")+nodeIDDigits)
		if length > validation.DNS1123LabelMaxLength {
			at.invalid(".name", l.Name, fmt.Sprintf("its services would have names of %d characters, of the 63 that are allowed", length),
				"shorten the name of the listener, of the pool or of the cluster")
		}
		if oneOf(l.Type, Route, TLSRoute, Ingress) {
			at.hostOfEach(l, brokers)
		}
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

// brokerNodesOf returns the brokers of a cluster's pools in the bundle.
func brokerNodesOf(b *millrace.Bundle, k *strimziv1.Kafka) (out []brokerNodes) {
	for _, o := range b.OfKind(poolKind) {
		pool, ok := o.(*strimziv1.KafkaNodePool)
		if ok && pool.Namespace == k.Namespace && pool.Labels[clusterLabel] == k.Name && slices.Contains(pool.Spec.Roles, strimziv1.ProcessRoleBroker) {
			out = append(out, brokerNodes{pool.Name, pool.Spec.Replicas})
		}
	}
	return out
}

// brokerNodes returns the brokers of the cluster's own pools.
func (c *Cluster) brokerNodes() (out []brokerNodes) {
	for i := range c.Pools {
		if c.Pools[i].has(strimziv1.ProcessRoleBroker) {
			out = append(out, brokerNodes{c.Pools[i].name(), c.Pools[i].nodes()})
		}
	}
	return out
}
