package builtin

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

// What resolv.conf can hold.
// Source: the constants MaxDNS… of Kubernetes 1.37, pkg/apis/core/validation.
const (
	maxNameservers = 3
	maxSearches    = 32
	maxSearchText  = 2048
)

// dns checks how the pod looks names up.
func (p *podCheck) dns() {
	d := p.spec.DNSConfig
	if p.spec.DNSPolicy == corev1.DNSNone {
		switch {
		case d == nil:
			p.required("dnsConfig", "name a nameserver, or use another dnsPolicy than None")
			return
		case len(d.Nameservers) == 0:
			p.required("dnsConfig.nameservers", "name one, or use another dnsPolicy than None")
			return
		}
	}
	if d == nil {
		return
	}
	p.enter("dnsConfig")
	p.atMost("nameservers", len(d.Nameservers), maxNameservers, "nameservers")
	each(p.checker, "nameservers", d.Nameservers, func(ip *string) { p.ip("", *ip) })
	p.atMost("searches", len(d.Searches), maxSearches, "domains")
	length := len(d.Searches) - 1
	p.enter("searches")
	for i, domain := range d.Searches {
		length += len(domain)
		if domain == "." {
			continue
		}
		p.item(i)
		p.held("", domain, validation.IsDNS1123SubdomainWithUnderscore(strings.TrimSuffix(domain, ".")), "be a domain: letters in lower case, digits, '-', '_' and '.', at most 253")
		p.leave()
	}
	p.leave()
	p.atMost("searches", length, maxSearchText, "characters")
	p.enter("options")
	for i := range d.Options {
		if d.Options[i].Name == "" {
			p.item(i)
			p.required("", "name the option")
			p.leave()
		}
	}
	p.leave()
	p.leave()
}

// hosts checks the lines of /etc/hosts.
func (p *podCheck) hosts() {
	each(p.checker, "hostAliases", p.spec.HostAliases, func(a *corev1.HostAlias) {
		p.ip("ip", a.IP)
		each(p.checker, "hostnames", a.Hostnames, func(name *string) { p.dnsName("", *name) })
	})
}

// hostPort is what a node can give to one container only.
type hostPort struct {
	protocol corev1.Protocol
	ip       string
	port     int32
}

// hostPorts reports ports of the node that are taken already.
func (p *podCheck) hostPorts(taken *set[hostPort], ports []corev1.ContainerPort) {
	for i := range ports {
		port := p.hostPort(&ports[i])
		if port == 0 {
			continue
		}
		protocol := ports[i].Protocol
		if protocol == "" {
			protocol = corev1.ProtocolTCP
		}
		if !taken.addNew(hostPort{protocol, ports[i].HostIP, port}) {
			p.enter("ports")
			p.item(i)
			p.duplicate("hostPort", fmt.Sprintf("%s %s %d", protocol, ports[i].HostIP, port))
			p.leave()
			p.leave()
		}
	}
}

// nodePorts checks that with the host's network, ports are the same inside and
// outside.
func (p *podCheck) nodePorts() {
	if !p.spec.HostNetwork {
		return
	}
	p.enter("containers")
	for i := range p.spec.Containers {
		p.item(i)
		p.enter("ports")
		ports := p.spec.Containers[i].Ports
		for j := range ports {
			if ports[j].HostPort != 0 && ports[j].HostPort != ports[j].ContainerPort {
				p.item(j)
				p.problem("hostPort", schema.RuleInvalid, "is "+show(ports[j].HostPort)+", and the containerPort "+show(ports[j].ContainerPort)+"; with hostNetwork they are the same", "take hostPort out")
				p.leave()
			}
		}
		p.leave()
		p.leave()
	}
	p.leave()
}

// hostPort is the port of the node: in a Pod with the node's network, the
// server sets it.
func (p *podCheck) hostPort(port *corev1.ContainerPort) int32 {
	if port.HostPort == 0 && p.filled() && p.spec.HostNetwork {
		return port.ContainerPort
	}
	return port.HostPort
}
