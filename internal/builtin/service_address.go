package builtin

import (
	"fmt"
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/millrace/millrace/internal/schema"
)

// addresses checks the addresses of a Service, and which families they are of.
// Which addresses and families the cluster has isn't known.
func (c *checker) addresses(s *corev1.ServiceSpec, kind corev1.ServiceType) {
	if headless(s) && (kind == corev1.ServiceTypeLoadBalancer || kind == corev1.ServiceTypeNodePort) {
		field := "clusterIP"
		if len(s.ClusterIPs) > 0 {
			field = "clusterIPs[0]"
		}
		c.invalid(field, corev1.ClusterIPNone, "be an address, as the type is "+string(kind), "use ClusterIP, or take it out")
	}
	c.enter("externalIPs")
	for i, ip := range s.ExternalIPs {
		c.item(i)
		c.externalIP(ip)
		c.leave()
	}
	c.leave()
	if kind != corev1.ServiceTypeExternalName {
		c.families(s)
		c.clusterIPs(s)
		c.bothFamilies(s)
	}
}

// address reads an IP address as the server does, without the spellings that
// some read differently.
func address(text string) (netip.Addr, bool) {
	if len(validation.IsValidIPForLegacyField(nil, text, true, nil)) > 0 {
		return netip.Addr{}, false
	}
	ip, err := netip.ParseAddr(text)
	return ip, err == nil
}

func (c *checker) externalIP(text string) {
	ip, ok := address(text)
	if !ok {
		c.invalid("", text, "be an IP address, without zeros before numbers", "write it so")
	}
	for what, is := range map[string]bool{
		"unspecified":                         ip.IsValid() && ip.IsUnspecified(),
		"a loopback address":                  ip.IsLoopback(),
		"an address of the local link":        ip.IsLinkLocalUnicast(),
		"a multicast group of the local link": ip.IsLinkLocalMulticast(),
	} {
		if is {
			c.invalid("", text, "be one that others can reach: it is "+what, "use another")
		}
	}
}

func (c *checker) families(s *corev1.ServiceSpec) {
	c.enter("ipFamilies")
	for i, f := range s.IPFamilies {
		c.item(i)
		among(c, "", f, corev1.IPv4Protocol, corev1.IPv6Protocol)
		for _, before := range s.IPFamilies[:i] {
			if before == f {
				c.duplicate("", string(f))
				break
			}
		}
		c.leave()
	}
	c.leave()
	if p := s.IPFamilyPolicy; p != nil {
		among(c, "ipFamilyPolicy", *p, corev1.IPFamilyPolicySingleStack, corev1.IPFamilyPolicyPreferDualStack, corev1.IPFamilyPolicyRequireDualStack)
	}
}

// clusterIPs checks the addresses in the cluster. One alone may stand in
// clusterIP only.
func (c *checker) clusterIPs(s *corev1.ServiceSpec) {
	texts, field := s.ClusterIPs, func(i int) string { return fmt.Sprintf("clusterIPs[%d]", i) }
	switch {
	case len(texts) == 0 && s.ClusterIP != "":
		texts, field = []string{s.ClusterIP}, func(int) string { return "clusterIP" }
	case len(texts) > 0 && s.ClusterIP == "":
		c.problem("clusterIPs", schema.RuleInvalid, "is set, and clusterIP is not", "set clusterIP to the first of them")
	case len(texts) > 0 && texts[0] != s.ClusterIP:
		c.invalid("clusterIPs", texts[0], "begin with clusterIP, "+s.ClusterIP, "make them equal")
	}
	c.atMost("clusterIPs", len(texts), 2, "addresses")
	ips := make([]netip.Addr, len(texts))
	for i, text := range texts {
		ip, ok := address(text)
		if text == corev1.ClusterIPNone && i == 0 {
			if len(texts) == 1 {
				return
			}
			c.problem("clusterIPs", schema.RuleInvalid, "has None and an address", "keep one of them")
		} else if !ok {
			c.invalid(field(i), text, "be an IP address, without zeros before numbers, or None", "write it so, or leave it to the server")
		}
		ips[i] = ip
	}
	if slices.ContainsFunc(ips, func(ip netip.Addr) bool { return !ip.IsValid() }) {
		return
	}
	if len(ips) > 1 && !(slices.ContainsFunc(ips, netip.Addr.Is4) && slices.ContainsFunc(ips, netip.Addr.Is6)) {
		c.problem("clusterIPs", schema.RuleInvalid, "has addresses of one family only", "use one of IPv4 and one of IPv6")
	}
	for i, ip := range ips[:min(len(ips), len(s.IPFamilies))] {
		if f := s.IPFamilies[i]; f == corev1.IPv4Protocol && ip.Is6() || f == corev1.IPv6Protocol && ip.Is4() {
			c.invalid(field(i), texts[i], "be of "+string(f)+", as ipFamilies says", "change one of them")
		}
	}
}

// bothFamilies holds a Service with addresses of two families to a policy that
// allows that.
func (c *checker) bothFamilies(s *corev1.ServiceSpec) {
	policy := corev1.IPFamilyPolicySingleStack
	switch {
	case s.IPFamilyPolicy != nil:
		policy = *s.IPFamilyPolicy
	case s.ClusterIP == corev1.ClusterIPNone && len(s.Selector) == 0:
		policy = corev1.IPFamilyPolicyRequireDualStack
	}
	if policy == corev1.IPFamilyPolicySingleStack && (len(s.ClusterIPs) == 2 || len(s.IPFamilies) == 2) {
		c.invalid("ipFamilyPolicy", string(policy), "be PreferDualStack or RequireDualStack for two families of addresses", "set it so")
	}
}
