package kafka

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/millrace/millrace/kafka/strimziv1"
)

// Listener is one way to reach the brokers.
type Listener struct {
	// Name is what the listener is called: up to 11 lower-case letters and
	// digits, no two alike.
	Name string

	// Port is where brokers listen, inside of Kubernetes: 9092 or above, no
	// two alike, and neither 9404 nor 9999, which are for metrics and JMX.
	Port int

	// Type says who can reach it. Empty means Internal.
	Type ListenerType

	// Plaintext turns TLS off, so that everybody on the way can read along.
	//
	// Rendered as tls: false.
	Plaintext bool

	// Auth says how clients prove who they are.
	//
	// Empty means not at all. MutualTLS needs TLS.
	//
	// Rendered as authentication.type.
	Auth Authentication

	// Peers are who may connect: pods, namespaces, address blocks.
	//
	// None means everybody.
	//
	// Rendered as networkPolicyPeers.
	Peers []networkingv1.NetworkPolicyPeer

	// Base is Strimzi's own listener, under the fields above; its
	// Configuration holds what depends on the type: hosts, node ports,
	// annotations, a certificate of one's own.
	Base strimziv1.Listener
}

// ListenerType says who can reach a listener.
type ListenerType string

const (
	// Internal is for clients inside of Kubernetes.
	Internal ListenerType = "internal"
	// LoadBalancer makes a load balancer for each broker.
	LoadBalancer ListenerType = "loadbalancer"
	// NodePort opens a port on every node.
	NodePort ListenerType = "nodeport"
	// Route makes OpenShift routes. It needs TLS.
	Route ListenerType = "route"
	// TLSRoute makes routes of the Gateway API. It needs TLS and hosts, and
	// Strimzi 1.1 or later.
	TLSRoute ListenerType = "tlsroute"
	// Ingress makes ingresses. It needs TLS and hosts; Strimzi deprecates it.
	Ingress ListenerType = "ingress"
	// ClusterIP makes a service for each broker, for proxies of one's own.
	ClusterIP ListenerType = "cluster-ip"
)

// Authentication says how clients prove who they are.
type Authentication string

const (
	// MutualTLS is by client certificates.
	MutualTLS Authentication = "tls"
	// SCRAM is by user name and password, SCRAM-SHA-512.
	SCRAM Authentication = "scram-sha-512"
)

// listeners are those of a cluster.
type listeners []Listener

func (l listeners) make(m *making) {
	for i, one := range l {
		m.fields.Kafka.Listeners = append(m.fields.Kafka.Listeners, one.listener(m.Problems, fmt.Sprintf("Listeners[%d]", i)))
	}
	if len(l)+len(m.cluster.Base.Kafka.Listeners) == 0 {
		m.filled.Kafka.Listeners = []strimziv1.Listener{{Name: defaultListenerName, Port: defaultListenerPort, Type: strimziv1.ListenerTypeInternal, TLS: true,
			Authentication: &strimziv1.ListenerAuthentication{Type: strimziv1.ListenerAuthenticationTypeTLS}}}
	}
}
