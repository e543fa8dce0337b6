package netpolicy

import (
	"net/netip"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// rule returns whether one rule of a policy lets a connection through: peer is
// the other end, server the one whose port is connected to. Rules without
// peers hold for all, and so do those without ports.
func rule(namespace string, peers []networkingv1.NetworkPolicyPeer, ports []networkingv1.NetworkPolicyPort, peer, server Endpoint, port Port) Verdict {
	return min(anyOf(peers, func(p *networkingv1.NetworkPolicyPeer) Verdict { return matchPeer(namespace, p, peer) }),
		anyOf(ports, func(p *networkingv1.NetworkPolicyPort) Verdict { return matchPort(p, server, port) }))
}

// anyOf returns the best of verdicts; that on an empty list is Allowed.
func anyOf[T any](list []T, ask func(*T) Verdict) Verdict {
	if len(list) == 0 {
		return Allowed
	}
	out := Denied
	for i := range list {
		out = max(out, ask(&list[i]))
	}
	return out
}

func matchPeer(namespace string, p *networkingv1.NetworkPolicyPeer, e Endpoint) Verdict {
	if p.IPBlock != nil {
		return matchBlock(p.IPBlock, e)
	}
	if e.Namespace == "" {
		return Denied
	}
	out := of(e.Namespace == namespace)
	if p.NamespaceSelector != nil {
		out = selectedNamespace(p.NamespaceSelector, e)
	}
	if p.PodSelector != nil {
		out = min(out, selected(p.PodSelector, e.Labels, e.Open))
	}
	return out
}

// matchBlock is unsure of pods in a block: their addresses aren't known, and
// of networks some look at them and others don't.
func matchBlock(b *networkingv1.IPBlock, e Endpoint) Verdict {
	block, err := netip.ParsePrefix(b.CIDR)
	if err != nil {
		return Denied // The API server refuses the policy.
	}
	switch {
	case e.Namespace != "":
		return Unsure
	case !e.Address.IsValid() && block.Bits() == 0 && len(b.Except) == 0:
		return Allowed
	case !e.Address.IsValid():
		return Unsure
	}
	return of(block.Contains(e.Address) && !slices.ContainsFunc(b.Except, func(except string) bool {
		hole, err := netip.ParsePrefix(except)
		return err == nil && hole.Contains(e.Address)
	}))
}

// matchPort finds a port by its name among those of the server.
func matchPort(p *networkingv1.NetworkPolicyPort, server Endpoint, port Port) Verdict {
	if protocol(p.Protocol) != protocol(&port.Protocol) {
		return Denied
	}
	switch {
	case p.Port == nil:
		return Allowed
	case p.Port.Type == intstr.String:
		return named(p.Port.StrVal, server, port)
	case port.Number == 0:
		return Unsure
	case p.EndPort != nil:
		return of(p.Port.IntVal <= port.Number && port.Number <= *p.EndPort)
	}
	return of(p.Port.IntVal == port.Number)
}

func named(name string, server Endpoint, port Port) Verdict {
	for _, c := range server.Ports {
		if c.Name != name || protocol(&c.Protocol) != protocol(&port.Protocol) {
			continue
		}
		if port.Number == 0 {
			return Unsure
		}
		return of(c.ContainerPort == port.Number)
	}
	return Denied
}

func protocol(p *corev1.Protocol) corev1.Protocol {
	if p == nil || *p == "" {
		return corev1.ProtocolTCP
	}
	return *p
}

// selectedNamespace adds the label that the API server gives every namespace.
func selectedNamespace(s *metav1.LabelSelector, e Endpoint) Verdict {
	all := labels.Merge(e.NamespaceLabels, labels.Set{corev1.LabelMetadataName: e.Namespace})
	if e.NamespaceLabels != nil {
		return selected(s, all, nil)
	}
	// Of a namespace that isn't known, only this label is.
	return match(s, func(r labels.Requirement) Verdict {
		if r.Key() == corev1.LabelMetadataName {
			return of(r.Matches(all))
		}
		return Unsure
	})
}

// selected returns whether a selector holds for labels, of which those of the
// open keys are there with some value.
func selected(s *metav1.LabelSelector, have labels.Set, open []string) Verdict {
	return match(s, func(r labels.Requirement) Verdict {
		if !slices.Contains(open, r.Key()) {
			return of(r.Matches(have))
		}
		switch r.Operator() {
		case selection.Exists:
			return Allowed
		case selection.DoesNotExist:
			return Denied
		}
		return Unsure
	})
}

// match asks for each requirement of a selector, all of which must hold.
func match(s *metav1.LabelSelector, ask func(labels.Requirement) Verdict) Verdict {
	selector, err := metav1.LabelSelectorAsSelector(s)
	if err != nil {
		return Denied // The API server refuses the policy.
	}
	requirements, _ := selector.Requirements()
	out := Allowed
	for _, r := range requirements {
		out = min(out, ask(r))
	}
	return out
}
