package builtin

import (
	"net/netip"
	"regexp"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

func (c *checker) networkPolicy(o *networkingv1.NetworkPolicy) {
	s := &o.Spec
	c.enter("spec")
	defer c.leave()
	c.labelSelector("podSelector", &s.PodSelector)
	c.enter("ingress")
	for i := range s.Ingress {
		c.item(i)
		c.policyPorts(s.Ingress[i].Ports)
		c.policyPeers("from", s.Ingress[i].From)
		c.leave()
	}
	c.leave()
	c.enter("egress")
	for i := range s.Egress {
		c.item(i)
		c.policyPorts(s.Egress[i].Ports)
		c.policyPeers("to", s.Egress[i].To)
		c.leave()
	}
	c.leave()
	if c.atMost("policyTypes", len(s.PolicyTypes), 2, "types"); len(s.PolicyTypes) > 2 {
		return
	}
	c.enter("policyTypes")
	for i, t := range s.PolicyTypes {
		c.item(i)
		among(c, "", t, networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress)
		c.leave()
	}
	c.leave()
}

func (c *checker) policyPorts(ports []networkingv1.NetworkPolicyPort) {
	c.enter("ports")
	for i := range ports {
		c.item(i)
		c.policyPort(&ports[i])
		c.leave()
	}
	c.leave()
}

func (c *checker) policyPort(p *networkingv1.NetworkPolicyPort) {
	if p.Protocol != nil {
		among(c, "protocol", *p.Protocol, corev1.ProtocolTCP, corev1.ProtocolUDP, corev1.ProtocolSCTP)
	}
	switch {
	case p.Port == nil:
		c.unset("endPort", p.EndPort != nil, "and port is not")
	case p.Port.Type == intstr.String:
		c.held("port", p.Port.StrVal, validation.IsValidPortName(p.Port.StrVal), aPortName)
		c.unset("endPort", p.EndPort != nil, "and port is a name")
	default:
		c.portNumbered("port", p.Port.IntVal)
		if p.EndPort == nil {
			return
		}
		c.portNumbered("endPort", *p.EndPort)
		if *p.EndPort < p.Port.IntVal {
			c.bounds("endPort", *p.EndPort, "at least port, "+show(p.Port.IntVal))
		}
	}
}

func (c *checker) policyPeers(field string, peers []networkingv1.NetworkPolicyPeer) {
	c.enter(field)
	for i := range peers {
		c.item(i)
		c.policyPeer(&peers[i])
		c.leave()
	}
	c.leave()
}

func (c *checker) policyPeer(p *networkingv1.NetworkPolicyPeer) {
	c.labelSelector("podSelector", p.PodSelector)
	c.labelSelector("namespaceSelector", p.NamespaceSelector)
	selects := p.PodSelector != nil || p.NamespaceSelector != nil
	switch {
	case p.IPBlock == nil && !selects:
		c.problem("", schema.RuleRequired, "names nobody", "set podSelector, namespaceSelector or ipBlock")
	case p.IPBlock != nil && selects:
		c.forbidden("", "has ipBlock beside a selector", "make two peers of it")
	}
	if p.IPBlock == nil {
		return
	}
	c.enter("ipBlock")
	defer c.leave()
	if !c.present("cidr", p.IPBlock.CIDR, "say which addresses") {
		return
	}
	c.cidr("cidr", p.IPBlock.CIDR)
	whole, readable := sloppyPrefix(p.IPBlock.CIDR)
	if !readable {
		return
	}
	c.enter("except")
	defer c.leave()
	for i, text := range p.IPBlock.Except {
		c.item(i)
		c.cidr("", text)
		if part, ok := sloppyPrefix(text); ok && (!whole.Contains(part.Masked().Addr()) || whole.Bits() >= part.Bits()) {
			c.invalid("", text, "be inside of cidr, "+p.IPBlock.CIDR, "write a smaller range of it")
		}
		c.leave()
	}
}

var leadingZeros = regexp.MustCompile(`\b0+([0-9])`)

// sloppyPrefix reads a range of addresses that may have zeros before numbers.
func sloppyPrefix(text string) (netip.Prefix, bool) {
	p, err := netip.ParsePrefix(leadingZeros.ReplaceAllString(text, "$1"))
	return p, err == nil
}
