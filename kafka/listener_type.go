package kafka

import (
	"fmt"
	"strings"

	"github.com/millrace/millrace/kafka/strimziv1"
)

// external are the types of listeners that have services of their own.
var external = []ListenerType{LoadBalancer, NodePort, Route, TLSRoute, Ingress, ClusterIP}

// types reports what a listener of this type can't have.
func (c *listenerCheck) types() {
	if !oneOf(c.of.Type, Internal) && !oneOf(c.of.Type, external...) {
		c.invalid(".type", string(c.of.Type), "there is no such type of listener", "use internal, loadbalancer, nodeport, route, tlsroute, ingress or cluster-ip")
		return
	}
	conf := c.conf
	only := c.below(confPath).only(c.of.Type)
	only(conf.Class != nil, ".class", LoadBalancer, Ingress)
	only(conf.ExternalTrafficPolicy != "", ".externalTrafficPolicy", LoadBalancer, NodePort)
	only(len(conf.LoadBalancerSourceRanges) > 0, ".loadBalancerSourceRanges", LoadBalancer)
	only(len(conf.Finalizers) > 0, ".finalizers", LoadBalancer)
	only(conf.CreateBootstrapService != nil && !*conf.CreateBootstrapService, ".createBootstrapService", LoadBalancer)
	only(conf.AllocateLoadBalancerNodePorts != nil, ".allocateLoadBalancerNodePorts", LoadBalancer)
	only(conf.PreferredNodePortAddressType != "", ".preferredNodePortAddressType", NodePort)
	only(conf.UseServiceDNSDomain != nil, ".useServiceDnsDomain", Internal, ClusterIP)
	only(conf.IPFamilyPolicy != "", ".ipFamilyPolicy", external...)
	only(conf.IPFamilies != nil, ".ipFamilies", external...)
	only(conf.PublishNotReadyAddresses != nil, ".publishNotReadyAddresses", external...)
	only(conf.ParentRefs != nil, ".parentRefs", TLSRoute)
	only(conf.HostTemplate != nil, ".hostTemplate", Route, TLSRoute, Ingress)
	// Strimzi ignores them on internal listeners, which have no services of
	// their own for a broker.
	only(len(conf.PerBrokerLabelsTemplate) > 0, ".perBrokerLabelsTemplate", external...)
	only(len(conf.PerBrokerAnnotationsTemplate) > 0, ".perBrokerAnnotationsTemplate", external...)
	if b := conf.Bootstrap; b != nil {
		if oneOf(c.of.Type, LoadBalancer) && conf.CreateBootstrapService != nil && !*conf.CreateBootstrapService {
			c.noBootstrap(b)
		}
		c.below(confPath+".bootstrap").access(c.of.Type, b.Host, b.NodePort, b.LoadBalancerIP, b.ExternalIPs, b.Labels, b.Annotations)
	}
	for i := range conf.Brokers {
		b := &conf.Brokers[i]
		c.below(fmt.Sprintf("%s.brokers[%d]", confPath, i)).access(c.of.Type, b.Host, b.NodePort, b.LoadBalancerIP, b.ExternalIPs, b.Labels, b.Annotations)
	}
}

// noBootstrap reports what is said of a service that isn't made.
func (c *listenerCheck) noBootstrap(b *strimziv1.ListenerBootstrap) {
	for _, f := range [...]struct {
		set  bool
		path string
	}{{b.NodePort != nil, ".nodePort"}, {b.LoadBalancerIP != nil, ".loadBalancerIP"}, {len(b.Labels) > 0, ".labels"}, {len(b.Annotations) > 0, ".annotations"}} {
		if f.set {
			c.conflict(confPath+".bootstrap"+f.path, "createBootstrapService is false, so there is no such service", "leave one of the two out")
		}
	}
}

// access reports what the bootstrap service or a broker of a listener can't
// have.
func (f faultsBelow) access(t strimziv1.ListenerType, host *string, nodePort *int64, ip *string, ips []string, labels, annotations map[string]string) {
	only := f.only(t)
	only(host != nil, ".host", Route, TLSRoute, Ingress)
	only(nodePort != nil, ".nodePort", NodePort, LoadBalancer)
	only(ip != nil, ".loadBalancerIP", LoadBalancer)
	only(ips != nil, ".externalIPs", NodePort)
	only(len(labels) > 0, ".labels", external...)
	only(len(annotations) > 0, ".annotations", external...)
}

// only reports a field that is for other types of listeners.
func (f faultsBelow) only(t strimziv1.ListenerType) func(set bool, path string, types ...ListenerType) {
	return func(set bool, path string, types ...ListenerType) {
		if !set || oneOf(t, types...) {
			return
		}
		names := make([]string, len(types))
		for i, t := range types {
			names[i] = string(t)
		}
		f.conflict(path, fmt.Sprintf("a listener of type %s has no such thing", t), "it is for type "+strings.Join(names, " or "))
	}
}
