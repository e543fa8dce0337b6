package kafka

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/kafka/strimziv1"
)

const (
	lowestPort  = 9092
	highestPort = 65535
)

// takenPorts are what the brokers' pods listen on already.
// Source: Strimzi, ListenersValidator.FORBIDDEN_PORTS.
var takenPorts = map[int64]string{9404: "metrics", 9999: "JMX"}

// listenerName is what Strimzi takes as the name of a listener.
// Source: Strimzi, CRD kafkas.kafka.strimzi.io; its documentation says 25
// characters, the schema 11.
var listenerName = regexp.MustCompile(`^[a-z0-9]{1,11}$`)

// listener lays the fields over Base.
func (l Listener) listener(p *millrace.Problems, at string) strimziv1.Listener {
	out := *l.Base.DeepCopy()
	fields := strimziv1.Listener{Name: l.Name, Port: int64(l.Port), Type: strimziv1.ListenerType(l.Type)}
	if l.Auth != "" {
		fields.Authentication = &strimziv1.ListenerAuthentication{Type: strimziv1.ListenerAuthenticationType(l.Auth)}
		if l.Auth != MutualTLS && l.Auth != SCRAM {
			p.Invalid(at+".Auth", string(l.Auth), "no listener has it", "use kafka.MutualTLS, kafka.SCRAM, or Base.Authentication")
		}
	}
	for i := range l.Peers {
		fields.NetworkPolicyPeers = append(fields.NetworkPolicyPeers, *l.Peers[i].DeepCopy())
	}
	lay(p, at+".Base", &out, &fields)
	if l.Plaintext && out.TLS {
		p.Conflict(at+".Base.TLS", "the field Plaintext says the opposite", "leave one of the two out")
	}
	out.TLS = !l.Plaintext
	if out.Type == "" {
		out.Type = strimziv1.ListenerTypeInternal
	}
	return out
}

// checkListeners reports what the operator refuses. at names the field that
// holds the list.
// Source: Strimzi, ListenersValidator.java.
func checkListeners(p *millrace.Problems, at string, listeners []strimziv1.Listener) {
	names, ports := map[string]int{}, map[int64]int{}
	for i := range listeners {
		l := &listeners[i]
		at := fmt.Sprintf("%s[%d]", at, i)
		switch {
		case l.Name == "":
			p.Required(at+".Name", "give it a name")
		case !listenerName.MatchString(l.Name):
			p.Invalid(at+".Name", l.Name, "it is no name of a listener", "use 1 to 11 lower-case letters and digits")
		}
		if other, ok := names[l.Name]; ok && l.Name != "" {
			p.Add(millrace.RuleDuplicate, at+".Name", fmt.Sprintf("listener %d of the list has this name too", other), "rename one of the two")
		}
		names[l.Name] = i
		checkPort(p, at+".Port", l.Port)
		if other, ok := ports[l.Port]; ok && l.Port != 0 {
			p.Add(millrace.RuleDuplicate, at+".Port", fmt.Sprintf("listener %d of the list has this port too", other), "give one of the two another port")
		}
		ports[l.Port] = i
		checkSecurity(p, at, l)
		checkReach(p, at, l)
		checkConfiguration(p, at+".Base.Configuration", l)
	}
}

func checkPort(p *millrace.Problems, at string, port int64) {
	use, taken := takenPorts[port]
	switch {
	case port == 0:
		p.Required(at, "give it a port, 9092 or above")
	case port > highestPort:
		p.Invalid(at, port, "there is no such port", "use 9092 to 65535")
	case port < lowestPort:
		p.Invalid(at, port, "Strimzi keeps the ports below 9092", "use 9092 or above")
	case taken:
		p.Invalid(at, port, "it is taken, for "+use, "use another one")
	}
}

func checkSecurity(p *millrace.Problems, at string, l *strimziv1.Listener) {
	if l.TLS {
		return
	}
	if l.Authentication != nil && l.Authentication.Type == strimziv1.ListenerAuthenticationTypeTLS {
		p.Conflict(at+".Auth", "client certificates need TLS", "leave Plaintext out, or use kafka.SCRAM")
	}
	if l.Configuration != nil && l.Configuration.BrokerCertChainAndKey != nil {
		p.Conflict(at+".Base.Configuration.BrokerCertChainAndKey", "a certificate needs TLS", "leave Plaintext out")
	}
	if oneOf(l.Type, Route, TLSRoute, Ingress) {
		p.Conflict(at+".Plaintext", fmt.Sprintf("a listener of type %s needs TLS, by which it tells brokers apart", l.Type), "leave Plaintext out")
	}
}

// checkReach checks the type, and that it has the hosts that it needs.
func checkReach(p *millrace.Problems, at string, l *strimziv1.Listener) {
	if !oneOf(l.Type, Internal, LoadBalancer, NodePort, Route, TLSRoute, Ingress, ClusterIP) {
		p.Invalid(at+".Type", string(l.Type), "there is no such type of listener", "use kafka.Internal, kafka.LoadBalancer or another one of the constants")
	}
	if !oneOf(l.Type, TLSRoute, Ingress) {
		return
	}
	c := l.Configuration
	if c == nil {
		c = &strimziv1.ListenerConfiguration{}
	}
	if c.Bootstrap == nil || c.Bootstrap.Host == nil || *c.Bootstrap.Host == "" {
		p.Required(at+".Base.Configuration.Bootstrap.Host", fmt.Sprintf("a listener of type %s needs the host that clients connect to first", l.Type))
	}
	hosts := slices.ContainsFunc(c.Brokers, func(b strimziv1.ListenerBroker) bool { return b.Host != nil && *b.Host != "" })
	if !hosts && (c.HostTemplate == nil || *c.HostTemplate == "") {
		p.Required(at+".Base.Configuration.HostTemplate", `each broker needs a host: "broker-{nodeId}.example.com"`)
	}
	if oneOf(l.Type, TLSRoute) && len(c.ParentRefs) == 0 {
		p.Required(at+".Base.Configuration.ParentRefs", "name the Gateway that the routes belong to")
	}
}

// checkConfiguration reports what a listener of this type can't have.
func checkConfiguration(p *millrace.Problems, at string, l *strimziv1.Listener) {
	c := l.Configuration
	if c == nil {
		return
	}
	only := func(set bool, field string, types ...ListenerType) {
		if set && !oneOf(l.Type, types...) {
			names := make([]string, len(types))
			for i, t := range types {
				names[i] = string(t)
			}
			p.Conflict(at+"."+field, fmt.Sprintf("a listener of type %s has no such thing", l.Type), "it is for type "+strings.Join(names, " or "))
		}
	}
	external := []ListenerType{LoadBalancer, NodePort, Route, TLSRoute, Ingress, ClusterIP}
	only(c.Class != nil, "Class", LoadBalancer, Ingress)
	only(c.ExternalTrafficPolicy != "", "ExternalTrafficPolicy", LoadBalancer, NodePort)
	only(len(c.LoadBalancerSourceRanges) > 0, "LoadBalancerSourceRanges", LoadBalancer)
	only(len(c.Finalizers) > 0, "Finalizers", LoadBalancer)
	only(c.CreateBootstrapService != nil && !*c.CreateBootstrapService, "CreateBootstrapService", LoadBalancer)
	only(c.AllocateLoadBalancerNodePorts != nil, "AllocateLoadBalancerNodePorts", LoadBalancer)
	only(c.PreferredNodePortAddressType != "", "PreferredNodePortAddressType", NodePort)
	only(c.UseServiceDNSDomain != nil, "UseServiceDNSDomain", Internal, ClusterIP)
	only(c.IPFamilyPolicy != "", "IPFamilyPolicy", external...)
	only(len(c.IPFamilies) > 0, "IPFamilies", external...)
	only(c.PublishNotReadyAddresses != nil, "PublishNotReadyAddresses", external...)
	only(len(c.ParentRefs) > 0, "ParentRefs", TLSRoute)
	only(c.HostTemplate != nil, "HostTemplate", Route, TLSRoute, Ingress)
	if b := c.Bootstrap; b != nil {
		only(b.Host != nil, "Bootstrap.Host", Route, TLSRoute, Ingress)
		only(b.NodePort != nil, "Bootstrap.NodePort", NodePort, LoadBalancer)
		only(b.LoadBalancerIP != nil, "Bootstrap.LoadBalancerIP", LoadBalancer)
		only(len(b.ExternalIPs) > 0, "Bootstrap.ExternalIPs", NodePort)
		only(len(b.Annotations) > 0, "Bootstrap.Annotations", external...)
		only(len(b.Labels) > 0, "Bootstrap.Labels", external...)
	}
	for i, b := range c.Brokers {
		broker := fmt.Sprintf("Brokers[%d].", i)
		only(b.Host != nil, broker+"Host", Route, TLSRoute, Ingress)
		only(b.NodePort != nil, broker+"NodePort", NodePort, LoadBalancer)
		only(b.LoadBalancerIP != nil, broker+"LoadBalancerIP", LoadBalancer)
		only(len(b.ExternalIPs) > 0, broker+"ExternalIPs", NodePort)
		only(len(b.Annotations) > 0, broker+"Annotations", external...)
		only(len(b.Labels) > 0, broker+"Labels", external...)
	}
	if k := c.BrokerCertChainAndKey; k != nil {
		for _, part := range [...]struct{ field, value string }{{"SecretName", k.SecretName}, {"Certificate", k.Certificate}, {"Key", k.Key}} {
			if part.value == "" {
				p.Required(at+".BrokerCertChainAndKey."+part.field, "a certificate of one's own needs all three: secret, certificate and key")
			}
		}
	}
}

// checkServiceNames checks the services that Strimzi makes for listeners which
// reach outside: a name of a service has at most 63 characters.
func checkServiceNames(p *millrace.Problems, at, cluster string, listeners []strimziv1.Listener, pools []BrokerPool) {
	longest := 0
	for i := range pools {
		if pools[i].has(strimziv1.ProcessRoleBroker) {
			longest = max(longest, len(pools[i].name()))
		}
	}
	for i, l := range listeners {
		if oneOf(l.Type, Internal) {
			continue
		}
		length := max(len(cluster)+len("-kafka-")+len(l.Name)+len("-bootstrap"), len(cluster)+longest+len(l.Name)+len("---")+nodeIDDigits)
		if length > validation.DNS1123LabelMaxLength {
			p.Invalid(fmt.Sprintf("%s[%d].Name", at, i), l.Name, fmt.Sprintf("its services would have names of %d characters, of the 63 that are allowed", length),
				"shorten the name of the listener, of the pool or of the cluster")
		}
	}
}

func oneOf(t strimziv1.ListenerType, types ...ListenerType) bool {
	return slices.Contains(types, ListenerType(t))
}
