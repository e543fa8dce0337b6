package builtin

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"
)

func (c *checker) service(o *corev1.Service) {
	s := &o.Spec
	kind := s.Type
	if kind == "" {
		kind = corev1.ServiceTypeClusterIP
	}
	c.topologyAnnotations(o)
	c.sourceRanges(o, kind)
	c.enter("spec")
	defer c.leave()
	among(c, "type", kind, corev1.ServiceTypeClusterIP, corev1.ServiceTypeNodePort, corev1.ServiceTypeLoadBalancer, corev1.ServiceTypeExternalName)
	c.servicePorts(s, kind)
	c.labelled("selector", s.Selector)
	c.sessionAffinity(s)
	c.externalName(s, kind)
	c.addresses(s, kind)
	c.traffic(s, kind)

	balanced := kind == corev1.ServiceTypeLoadBalancer
	why := "and the type is " + string(kind) + ", not LoadBalancer"
	c.unset("allocateLoadBalancerNodePorts", s.AllocateLoadBalancerNodePorts != nil && !balanced, why)
	c.unset("loadBalancerClass", s.LoadBalancerClass != nil && !balanced, why)
	if s.LoadBalancerClass != nil && balanced {
		c.held("loadBalancerClass", *s.LoadBalancerClass, validation.IsQualifiedName(*s.LoadBalancerClass), aQualified)
	}
}

// headless tells whether a Service has no address of its own.
func headless(s *corev1.ServiceSpec) bool {
	if len(s.ClusterIPs) == 0 {
		return s.ClusterIP == corev1.ClusterIPNone
	}
	return len(s.ClusterIPs) == 1 && s.ClusterIPs[0] == corev1.ClusterIPNone
}

// topologyAnnotations compares the old and the new word for one thing.
func (c *checker) topologyAnnotations(o *corev1.Service) {
	old, both := o.Annotations[corev1.DeprecatedAnnotationTopologyAwareHints]
	if mode, ok := o.Annotations[corev1.AnnotationTopologyMode]; ok && both && mode != old {
		c.invalid("metadata.annotations["+corev1.AnnotationTopologyMode+"]", mode, "be what "+corev1.DeprecatedAnnotationTopologyAwareHints+" is", "keep one of them")
	}
}

// sourceRanges checks who may come through a load balancer, which may stand in
// an annotation.
func (c *checker) sourceRanges(o *corev1.Service, kind corev1.ServiceType) {
	why := "and the type is " + string(kind) + ", not LoadBalancer"
	balanced := kind == corev1.ServiceTypeLoadBalancer
	if len(o.Spec.LoadBalancerSourceRanges) > 0 {
		c.unset("spec.loadBalancerSourceRanges", !balanced, why)
		c.enter("spec")
		c.enter("loadBalancerSourceRanges")
		for i, r := range o.Spec.LoadBalancerSourceRanges {
			c.item(i)
			c.cidr("", strings.TrimSpace(r))
			c.leave()
		}
		c.leave()
		c.leave()
		return
	}
	value, ok := o.Annotations[corev1.AnnotationLoadBalancerSourceRangesKey]
	if !ok {
		return
	}
	field := "metadata.annotations[" + corev1.AnnotationLoadBalancerSourceRangesKey + "]"
	c.unset(field, !balanced, why)
	if value = strings.TrimSpace(value); value == "" {
		return
	}
	for r := range strings.SplitSeq(value, ",") {
		c.cidr(field, strings.TrimSpace(r))
	}
}

func (c *checker) servicePorts(s *corev1.ServiceSpec, kind corev1.ServiceType) {
	if len(s.Ports) == 0 && !headless(s) && kind != corev1.ServiceTypeExternalName {
		c.required("ports", "name a port, or set clusterIP to None")
	}
	type place struct {
		protocol corev1.Protocol
		port     int32
	}
	names, places := map[string]bool{}, map[place]bool{}
	c.enter("ports")
	defer c.leave()
	for i := range s.Ports {
		c.item(i)
		p := &s.Ports[i]
		at := place{p.Protocol, p.Port}
		if at.protocol == "" {
			at.protocol = corev1.ProtocolTCP
		}
		if places[at] {
			c.duplicate("", string(at.protocol)+" "+show(at.port))
		}
		places[at] = true
		c.servicePort(p, at.protocol, len(s.Ports) > 1)
		if names[p.Name] && p.Name != "" {
			c.duplicate("name", p.Name)
		}
		names[p.Name] = true
		c.unset("nodePort", p.NodePort != 0 && kind == corev1.ServiceTypeClusterIP, "and the type is ClusterIP, not NodePort")
		c.leave()
	}
	c.openedOnNodes(s.Ports, kind)
}

func (c *checker) servicePort(p *corev1.ServicePort, protocol corev1.Protocol, named bool) {
	switch {
	case p.Name != "":
		c.held("name", p.Name, validation.IsDNS1123Label(p.Name), aLabel)
	case named:
		c.required("name", "a Service with more ports than one has names for them")
	}
	c.portNumbered("port", p.Port)
	among(c, "protocol", protocol, corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP)
	switch target := p.TargetPort; {
	case target.Type == intstr.String && target.StrVal != "":
		c.held("targetPort", target.StrVal, validation.IsValidPortName(target.StrVal), aPortName)
	case target.Type == intstr.Int && target.IntVal != 0:
		c.portNumbered("targetPort", target.IntVal)
	default:
		c.portNumbered("targetPort", p.Port) // which it is then
	}
	if p.AppProtocol != nil {
		c.held("appProtocol", *p.AppProtocol, validation.IsQualifiedName(*p.AppProtocol), aQualified)
	}
}

// openedOnNodes checks the ports that a Service asks of the nodes. The server
// gives a number once; two ports may have it together where they are the same
// port of two protocols.
func (c *checker) openedOnNodes(ports []corev1.ServicePort, kind corev1.ServiceType) {
	type opened struct {
		protocol corev1.Protocol
		port     int32
	}
	seen, taken, first := map[opened]bool{}, map[int32]bool{}, map[int32]int32{}
	for i := range ports {
		p := &ports[i]
		n := p.NodePort
		if n == 0 {
			continue
		}
		o := opened{p.Protocol, n}
		if o.protocol == "" {
			o.protocol = corev1.ProtocolTCP
		}
		again := seen[o]
		seen[o] = true
		if kind == corev1.ServiceTypeNodePort || kind == corev1.ServiceTypeLoadBalancer {
			c.item(i)
			c.portNumbered("nodePort", n)
			c.leave()
			if first[p.Port] != n {
				again = again || taken[n]
			}
			if first[p.Port] == 0 {
				first[p.Port] = n
			}
			taken[n] = true
		}
		if again {
			c.item(i)
			c.duplicate("nodePort", n)
			c.leave()
		}
	}
}

func (c *checker) sessionAffinity(s *corev1.ServiceSpec) {
	if s.SessionAffinity == "" {
		return
	}
	among(c, "sessionAffinity", s.SessionAffinity, corev1.ServiceAffinityClientIP, corev1.ServiceAffinityNone)
	if s.SessionAffinity != corev1.ServiceAffinityClientIP || s.SessionAffinityConfig == nil || s.SessionAffinityConfig.ClientIP == nil {
		return
	}
	const day = 24 * 60 * 60
	if t := s.SessionAffinityConfig.ClientIP.TimeoutSeconds; t != nil && (*t <= 0 || *t > day) {
		c.bounds("sessionAffinityConfig.clientIP.timeoutSeconds", *t, "between 1 and 86400")
	}
}

// externalName checks a Service that stands for a name elsewhere.
func (c *checker) externalName(s *corev1.ServiceSpec, kind corev1.ServiceType) {
	if kind != corev1.ServiceTypeExternalName {
		return
	}
	const why = "and the type is ExternalName, which has no address"
	c.unset("clusterIPs", len(s.ClusterIPs) > 0, why)
	c.unset("clusterIP", len(s.ClusterIPs) == 0 && s.ClusterIP != "", why)
	c.unset("ipFamilies", len(s.IPFamilies) > 0, why)
	c.unset("ipFamilyPolicy", s.IPFamilyPolicy != nil, why)
	if name := strings.TrimSuffix(s.ExternalName, "."); c.present("externalName", name, "name the host") {
		c.held("externalName", name, validation.IsDNS1123Subdomain(name), aName)
	}
}

// traffic checks who gets what comes from outside, and from inside.
func (c *checker) traffic(s *corev1.ServiceSpec, kind corev1.ServiceType) {
	balanced := kind == corev1.ServiceTypeLoadBalancer
	if balanced || kind == corev1.ServiceTypeNodePort || kind == corev1.ServiceTypeClusterIP && len(s.ExternalIPs) > 0 {
		if s.ExternalTrafficPolicy != "" {
			among(c, "externalTrafficPolicy", s.ExternalTrafficPolicy, corev1.ServiceExternalTrafficPolicyCluster, corev1.ServiceExternalTrafficPolicyLocal)
		}
	} else if s.ExternalTrafficPolicy != "" {
		c.unset("externalTrafficPolicy", true, "and nothing comes from outside")
	}
	switch checked := balanced && s.ExternalTrafficPolicy == corev1.ServiceExternalTrafficPolicyLocal; {
	case s.HealthCheckNodePort == 0:
	case checked:
		c.portNumbered("healthCheckNodePort", s.HealthCheckNodePort)
	default:
		c.unset("healthCheckNodePort", true, "and is for a LoadBalancer whose externalTrafficPolicy is Local")
	}
	if p := s.InternalTrafficPolicy; p != nil {
		among(c, "internalTrafficPolicy", *p, corev1.ServiceInternalTrafficPolicyCluster, corev1.ServiceInternalTrafficPolicyLocal)
	}
	if d := s.TrafficDistribution; d != nil {
		among(c, "trafficDistribution", *d, corev1.ServiceTrafficDistributionPreferClose,
			corev1.ServiceTrafficDistributionPreferSameZone, corev1.ServiceTrafficDistributionPreferSameNode)
	}
}
