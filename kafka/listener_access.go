package kafka

import (
	corev1 "k8s.io/api/core/v1"
)

// Hosts are the names by which clients reach a listener of type Route, TLSRoute
// or Ingress, and further names in its certificates.
type Hosts struct {
	// Bootstrap is the host that clients connect to first. TLSRoute and
	// Ingress need it.
	//
	// Empty leaves it to OpenShift, for Route.
	//
	// Rendered as configuration.bootstrap.host.
	Bootstrap string

	// Broker is the host of each broker: "broker-{nodeId}.example.com", where
	// {nodeId} and {nodePodName} stand for the broker's number and the name of
	// its pod. TLSRoute and Ingress need it, or a Host for each of Brokers.
	//
	// Empty leaves it to OpenShift, for Route.
	//
	// Rendered as configuration.hostTemplate.
	Broker string

	// AlternativeNames are further names and addresses by which clients reach
	// the bootstrap service, for listeners of all types.
	//
	// Rendered as configuration.bootstrap.alternativeNames.
	AlternativeNames []string
}

// Advertise is the address that brokers tell clients to come back to.
type Advertise struct {
	// Host has the placeholders {nodeId} and {nodePodName}:
	// "broker-{nodeId}.example.com".
	//
	// Empty means the address that Strimzi finds out by itself.
	//
	// Rendered as configuration.advertisedHostTemplate.
	Host string

	// Port is a number, or a sum with the placeholder {nodeId}:
	// "9000 + {nodeId}". There are +, -, * and parentheses.
	//
	// Empty means the port that Strimzi finds out by itself.
	//
	// Rendered as configuration.advertisedPortTemplate, which Strimzi has
	// since 1.0.
	Port string
}

// Service is about the services, routes and ingresses that Strimzi makes for a
// listener that isn't Internal.
type Service struct {
	// Class is the class of the load balancers or of the ingresses.
	//
	// Empty means the default one.
	//
	// Rendered as configuration.class.
	Class string

	// Labels and Annotations go to what clients connect to first, such as those
	// by which external-dns learns its name.
	//
	// Rendered in configuration.bootstrap.
	Labels, Annotations map[string]string

	// BrokerLabels and BrokerAnnotations go to what each broker has. Their
	// values have the placeholders {nodeId} and {nodePodName}.
	//
	// Rendered as configuration.perBrokerLabelsTemplate and
	// configuration.perBrokerAnnotationsTemplate.
	BrokerLabels, BrokerAnnotations map[string]string

	// TrafficPolicy Local keeps the addresses of clients, and traffic on the
	// node that it comes to. For LoadBalancer and NodePort.
	//
	// Empty means Kubernetes' own, Cluster.
	//
	// Rendered as configuration.externalTrafficPolicy.
	TrafficPolicy corev1.ServiceExternalTrafficPolicy

	// IPFamilyPolicy and IPFamilies say which of IPv4 and IPv6 there are.
	//
	// Empty leaves them to Kubernetes.
	//
	// Rendered as configuration.ipFamilyPolicy and configuration.ipFamilies.
	IPFamilyPolicy corev1.IPFamilyPolicy

	// IPFamilies go with IPFamilyPolicy. None leaves them to Kubernetes.
	//
	// Rendered as configuration.ipFamilies.
	IPFamilies []corev1.IPFamily

	// PublishNotReady sends clients to brokers that aren't ready yet.
	//
	// Rendered as configuration.publishNotReadyAddresses.
	PublishNotReady bool

	// DNSDomain tells clients the whole name of a service, with
	// .cluster.local at its end. For Internal and ClusterIP.
	//
	// Rendered as configuration.useServiceDnsDomain.
	DNSDomain bool

	// NodePort is the port of every node that leads to the bootstrap service.
	// For NodePort and LoadBalancer.
	//
	// Zero leaves it to Kubernetes.
	//
	// Rendered as configuration.bootstrap.nodePort.
	NodePort int

	// ExternalIPs are further addresses of the bootstrap service. For NodePort.
	//
	// Rendered as configuration.bootstrap.externalIPs.
	ExternalIPs []string

	// AddressType says which address of a node brokers tell clients. For
	// NodePort.
	//
	// Empty means the first that a node has: ExternalDNS, ExternalIP,
	// InternalDNS, InternalIP, Hostname.
	//
	// Rendered as configuration.preferredNodePortAddressType.
	AddressType corev1.NodeAddressType

	// Balancer is about the load balancers of a listener of that type.
	Balancer Balancer
}

// Balancer is about the load balancers of a listener of type LoadBalancer.
type Balancer struct {
	// IP is the address of the bootstrap service's, if the cloud lets one
	// choose it. Empty leaves it to the cloud.
	//
	// Rendered as configuration.bootstrap.loadBalancerIP.
	IP string

	// SourceRanges are the address blocks that clients may come from, if the
	// cloud can tell them apart.
	//
	// None means all of the Internet.
	//
	// Rendered as configuration.loadBalancerSourceRanges.
	SourceRanges []string

	// Finalizers keep a service until the cloud has taken down its load
	// balancer.
	//
	// Rendered as configuration.finalizers.
	Finalizers []string

	// NoBootstrap leaves out the load balancer that clients connect to first;
	// they must know those of the brokers.
	//
	// Rendered as configuration.createBootstrapService: false.
	NoBootstrap bool

	// NoNodePorts takes no port of the nodes for a load balancer that finds
	// the pods by itself.
	//
	// Rendered as configuration.allocateLoadBalancerNodePorts: false.
	NoNodePorts bool
}

// BrokerAccess is how one broker is reached.
//
// Empty and zero fields are left to Strimzi. Rendered as one of
// configuration.brokers.
type BrokerAccess struct {
	// ID is the number of the node. Zero is the broker of that number.
	//
	// Rendered as broker.
	ID int

	// Host is its host. For Route, TLSRoute and Ingress. Empty means what
	// Hosts.Broker says.
	//
	// Rendered as host.
	Host string

	// AdvertisedHost and AdvertisedPort are the address that it tells
	// clients. Empty means what Advertise says.
	//
	// Rendered as advertisedHost.
	AdvertisedHost string

	// AdvertisedPort goes with AdvertisedHost. Zero means Strimzi's own.
	//
	// Rendered as advertisedPort.
	AdvertisedPort int

	// NodePort is the port of every node that leads to it. For NodePort and
	// LoadBalancer. Zero leaves it to Kubernetes.
	//
	// Rendered as nodePort.
	NodePort int

	// LoadBalancerIP is the address of its load balancer. Empty leaves it to
	// the cloud.
	//
	// Rendered as loadBalancerIP.
	LoadBalancerIP string

	// ExternalIPs are further addresses of its service. For NodePort.
	//
	// Rendered as externalIPs.
	ExternalIPs []string

	// Labels and Annotations go to its service, route or ingress.
	//
	// Rendered as labels and annotations.
	Labels, Annotations map[string]string
}

// Gateway names what a TLSRoute belongs to.
//
// Rendered as one of configuration.parentRefs.
type Gateway struct {
	// Name and Namespace are those of the Gateway. An empty namespace means
	// the cluster's.
	Name, Namespace string

	// Section is the name of one of its listeners. Empty means all that fit.
	//
	// Rendered as sectionName.
	Section string

	// Port is the port of its listeners. Zero means all that fit.
	Port int

	// Kind and Group are for what isn't a Gateway, such as a ListenerSet.
	//
	// Empty means Gateway of gateway.networking.k8s.io.
	Kind, Group string
}
