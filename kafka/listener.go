package kafka

import (
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/millrace/millrace/kafka/strimziv1"
)

// Listener is one way to reach the brokers.
//
// Rendered as one of spec.kafka.listeners, in which the paths below are.
type Listener struct {
	// Name is what the listener is called: up to 11 lower-case letters and
	// digits, no two alike. Required.
	//
	// Rendered as name.
	Name string

	// Port is where brokers listen, inside of Kubernetes: 9092 or above, no
	// two alike, and neither 9404 nor 9999, which are for metrics and JMX.
	// Required.
	//
	// Rendered as port.
	Port int

	// Type says who can reach it. Empty means Internal.
	Type ListenerType

	// Plaintext turns TLS off, so that everybody on the way can read along.
	//
	// Rendered as tls: false.
	Plaintext bool

	// Auth says how clients prove who they are.
	//
	// Empty means not at all, unless Custom is set. MutualTLS needs TLS.
	//
	// Rendered as authentication.type.
	Auth Authentication

	// Custom is an authentication that Strimzi doesn't set up itself, in the
	// place of Auth. Nil means none.
	//
	// Rendered as authentication of type custom.
	Custom *CustomAuth

	// Peers are who may connect: pods, namespaces, address blocks.
	//
	// None means everybody.
	//
	// Rendered as networkPolicyPeers.
	Peers []networkingv1.NetworkPolicyPeer

	// Hosts are the names by which Routes, Ingresses and TLSRoutes are found.
	Hosts Hosts

	// Advertise is the address that brokers tell clients, where it isn't what
	// Strimzi finds out by itself: behind a proxy, say.
	Advertise Advertise

	// Service is about the services, routes and ingresses that Strimzi makes
	// for a listener that isn't Internal.
	Service Service

	// Brokers are settings of single brokers. Those of all brokers are the
	// templates in Hosts, Advertise and Service, which also hold for brokers
	// that come later.
	//
	// Rendered as configuration.brokers.
	Brokers []BrokerAccess

	// Gateways are what a TLSRoute belongs to; it needs at least one.
	//
	// Rendered as configuration.parentRefs.
	Gateways []Gateway

	// Certificate is a certificate of one's own. Needs TLS.
	//
	// Zero means one that Strimzi makes, signed by the cluster's authority.
	//
	// Rendered as configuration.brokerCertChainAndKey.
	Certificate ServerCertificate

	// Connections bounds how many clients each broker lets in here.
	Connections Connections

	// Base is Strimzi's own listener, under the fields above.
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
	// TLSRoute makes routes of the Gateway API. It needs TLS, hosts and a
	// Gateway, and Strimzi 1.1 or later.
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

// CustomAuth is an authentication that Kafka has and Strimzi doesn't set up
// itself, such as OAuth, which Strimzi had a type for until its API version
// v1.
type CustomAuth struct {
	// SASL says that clients log in by SASL. False leaves them to TLS, whose
	// settings are then in Config.
	//
	// Rendered as authentication.sasl.
	SASL bool

	// Config are settings of the listener, by Kafka's own names without the
	// "listener.name.<name>-<port>." before them. With SASL it must have
	// sasl.enabled.mechanisms: Strimzi's own value for all listeners is empty.
	// Strimzi drops ssl.keystore.*; the field for it is Certificate.
	//
	// Rendered as authentication.listenerConfig.
	// Source: Strimzi, KafkaListenerAuthenticationCustom.
	Config map[string]string
}

// ServerCertificate is a certificate in a secret, with its private key. Secret
// alone is enough for secrets of the type kubernetes.io/tls, such as
// cert-manager makes.
//
// Rendered as secretName, certificate and key of
// configuration.brokerCertChainAndKey.
type ServerCertificate struct {
	// Secret is the name of the secret, in the namespace of the cluster.
	// Empty means that there is none.
	Secret string

	// Certificate and Key are the keys of the secret.
	//
	// Empty means tls.crt and tls.key.
	// Source: Kubernetes, TLS secrets.
	Certificate, Key string
}

// Connections bounds how many clients a listener lets in, for each broker.
type Connections struct {
	// Max is how many connections there may be at a time. More are kept
	// waiting.
	//
	// Zero means as many as Kafka can hold.
	//
	// Rendered as configuration.maxConnections.
	Max int

	// Rate is how many new connections there may be in a second.
	//
	// Zero means any number.
	//
	// Rendered as configuration.maxConnectionCreationRate.
	Rate int
}

// listeners are those of a cluster.
type listeners []Listener
