// Package netpolicy decides whether NetworkPolicies let a connection through,
// as far as that can be told from manifests.
//
// Which labels a pod has, which address a server, and which labels a namespace
// is not always known before anything runs, and networks differ in whether a
// block of addresses holds pods. A verdict is therefore one of three: Denied
// and Allowed hold whatever turns out to be the case, Unsure depends on it.
//
// netpolicy.go has the question and its answer, match.go what policies select.
// Source: Kubernetes, concepts/services-networking/network-policies, and the
// API's documentation, networking/v1.
package netpolicy

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
)

// Verdict is whether something is so.
type Verdict uint8

// The verdicts, in their order.
const (
	Denied Verdict = iota
	Unsure
	Allowed
)

// String says it.
func (v Verdict) String() string { return [...]string{"denied", "unsure", "allowed"}[v] }

// of is the verdict on what is known.
func of(yes bool) Verdict {
	if yes {
		return Allowed
	}
	return Denied
}

// Endpoint is one end of a connection: a pod, or an address outside of the
// cluster where Namespace is empty.
type Endpoint struct {
	// Namespace is the pod's.
	Namespace string
	// NamespaceLabels are the labels of its namespace, beside
	// kubernetes.io/metadata.name, which it always has. Nil means that they are
	// not known.
	NamespaceLabels map[string]string
	// Labels are the pod's.
	Labels map[string]string
	// Open are keys of labels that the pod has, with values that only the run
	// knows.
	Open []string
	// Ports are what the pod's containers name.
	Ports []corev1.ContainerPort
	// Address is the one outside; the zero Addr is one that isn't known.
	Address netip.Addr
}

// Port is what is connected to.
type Port struct {
	// Number is zero for one that only the run knows.
	Number int32
	// Protocol is TCP where it is empty.
	Protocol corev1.Protocol
}

// Side is what the policies of one end say.
type Side struct {
	Verdict
	// By are the policies that select the pod, of which one must let the
	// connection through. Where there are none, everything is let through.
	By []*networkingv1.NetworkPolicy
}

// Names says which policies isolate the pod.
func (s Side) Names() string {
	const most = 3
	var names []string
	for _, p := range s.By {
		names = append(names, p.Name)
	}
	slices.Sort(names)
	if len(names) > most {
		names = append(names[:most], fmt.Sprintf("%d more", len(s.By)-most))
	}
	return "NetworkPolicy " + strings.Join(names, ", ")
}

// Set is the policies of a cluster.
type Set struct {
	byNamespace map[string]*policies
}

// policies are those of one namespace.
type policies struct {
	all []*networkingv1.NetworkPolicy
	// byLabel are the places of those that select pods by a label, byKey the same
	// whatever its value, and others the rest: a pod is held only against those
	// that may select it.
	byLabel map[[2]string][]int
	byKey   map[string][]int
	others  []int
}

// NewSet takes policies, each with its namespace. It keeps them.
func NewSet(all []*networkingv1.NetworkPolicy) *Set {
	s := &Set{make(map[string]*policies)}
	for _, p := range all {
		if s.byNamespace[p.Namespace] == nil {
			s.byNamespace[p.Namespace] = &policies{byLabel: make(map[[2]string][]int), byKey: make(map[string][]int)}
		}
		s.byNamespace[p.Namespace].add(p)
	}
	return s
}

func (s *policies) add(p *networkingv1.NetworkPolicy) {
	at, selector := len(s.all), p.Spec.PodSelector.MatchLabels
	s.all = append(s.all, p)
	if len(selector) == 0 {
		s.others = append(s.others, at)
		return
	}
	key := slices.Min(slices.Collect(maps.Keys(selector)))
	s.byLabel[[2]string{key, selector[key]}] = append(s.byLabel[[2]string{key, selector[key]}], at)
	s.byKey[key] = append(s.byKey[key], at)
}

// selecting returns the policies that may select a pod, in their order.
func (s *policies) selecting(pod Endpoint) []*networkingv1.NetworkPolicy {
	if s == nil {
		return nil
	}
	at := slices.Clone(s.others)
	for key, value := range pod.Labels {
		at = append(at, s.byLabel[[2]string{key, value}]...)
	}
	for _, key := range pod.Open {
		at = append(at, s.byKey[key]...)
	}
	slices.Sort(at)
	var out []*networkingv1.NetworkPolicy
	for _, i := range slices.Compact(at) {
		out = append(out, s.all[i])
	}
	return out
}

// Egress returns whether from may reach a port of to, by the policies of from.
func (s *Set) Egress(from, to Endpoint, port Port) Side {
	return s.side(from, networkingv1.PolicyTypeEgress, func(p *networkingv1.NetworkPolicy) Verdict {
		out := Denied
		for i := range p.Spec.Egress {
			r := &p.Spec.Egress[i]
			out = max(out, rule(p.Namespace, r.To, r.Ports, to, to, port))
		}
		return out
	})
}

// Ingress returns whether a port of to may be reached by from, by the policies
// of to.
func (s *Set) Ingress(from, to Endpoint, port Port) Side {
	return s.side(to, networkingv1.PolicyTypeIngress, func(p *networkingv1.NetworkPolicy) Verdict {
		out := Denied
		for i := range p.Spec.Ingress {
			r := &p.Spec.Ingress[i]
			out = max(out, rule(p.Namespace, r.From, r.Ports, from, to, port))
		}
		return out
	})
}

// Allows returns whether the connection is let through by both ends.
func (s *Set) Allows(from, to Endpoint, port Port) Verdict {
	return min(s.Egress(from, to, port).Verdict, s.Ingress(from, to, port).Verdict)
}

// side asks each policy that selects the pod.
func (s *Set) side(pod Endpoint, direction networkingv1.PolicyType, ask func(*networkingv1.NetworkPolicy) Verdict) Side {
	if pod.Namespace == "" {
		return Side{Verdict: Allowed}
	}
	out, surely := Side{Verdict: Denied}, false
	for _, p := range s.byNamespace[pod.Namespace].selecting(pod) {
		if !slices.Contains(Types(p), direction) {
			continue
		}
		selects := selected(&p.Spec.PodSelector, pod.Labels, pod.Open)
		if selects == Denied {
			continue
		}
		surely = surely || selects == Allowed
		out.By = append(out.By, p)
		out.Verdict = max(out.Verdict, min(selects, ask(p)))
	}
	switch {
	case len(out.By) == 0:
		out.Verdict = Allowed
	case !surely:
		out.Verdict = max(out.Verdict, Unsure) // Perhaps none selects it.
	}
	return out
}

// Types returns the directions that a policy is about, with the API server's
// defaults.
func Types(p *networkingv1.NetworkPolicy) []networkingv1.PolicyType {
	if len(p.Spec.PolicyTypes) > 0 {
		return p.Spec.PolicyTypes
	}
	types := []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}
	if len(p.Spec.Egress) > 0 {
		types = append(types, networkingv1.PolicyTypeEgress)
	}
	return types
}
