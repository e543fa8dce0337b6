package netpolicy

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"testing"

	"github.com/mattfenwick/cyclonus/pkg/matcher"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace/internal/netpolicy"
)

// world makes policies and connections of few names, so that they often meet.
type world struct{ *rand.Rand }

func (w world) coin() bool { return w.IntN(2) == 0 }

func pick[T any](w world, list ...T) T { return list[w.IntN(len(list))] }

func (w world) labels() map[string]string {
	out := map[string]string{}
	for range w.IntN(3) {
		out[pick(w, "app", "role", "run")] = pick(w, "a", "b", "c")
	}
	return out
}

func (w world) selector() metav1.LabelSelector {
	var s metav1.LabelSelector
	if w.coin() {
		s.MatchLabels = w.labels()
	}
	if w.IntN(3) == 0 {
		// Not NotIn, which Cyclonus takes to need the label; the API server's
		// own selectors, which millrace uses, don't.
		r := metav1.LabelSelectorRequirement{Key: pick(w, "app", "role", "run"), Operator: pick(w,
			metav1.LabelSelectorOpIn, metav1.LabelSelectorOpExists, metav1.LabelSelectorOpDoesNotExist)}
		if r.Operator == metav1.LabelSelectorOpIn {
			r.Values = []string{pick(w, "a", "b"), "c"}
		}
		s.MatchExpressions = append(s.MatchExpressions, r)
	}
	return s
}

func (w world) namespaceSelector() metav1.LabelSelector {
	if w.coin() {
		return metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: pick(w, "x", "y")}}
	}
	return w.selector()
}

func (w world) peers() []networkingv1.NetworkPolicyPeer {
	var out []networkingv1.NetworkPolicyPeer
	for range w.IntN(3) {
		var p networkingv1.NetworkPolicyPeer
		switch w.IntN(4) {
		case 0:
			p.IPBlock = &networkingv1.IPBlock{CIDR: pick(w, "0.0.0.0/0", "10.0.0.0/8", "192.0.2.0/24")}
			if p.IPBlock.CIDR == "0.0.0.0/0" && w.coin() {
				p.IPBlock.Except = []string{pick(w, "10.0.0.0/8", "169.254.169.254/32")}
			}
		case 1:
			p.PodSelector = new(w.selector())
		case 2:
			p.NamespaceSelector = new(w.namespaceSelector())
		case 3:
			p.PodSelector, p.NamespaceSelector = new(w.selector()), new(w.namespaceSelector())
		}
		out = append(out, p)
	}
	return out
}

func (w world) ports() []networkingv1.NetworkPolicyPort {
	var out []networkingv1.NetworkPolicyPort
	for range w.IntN(3) {
		var p networkingv1.NetworkPolicyPort
		if w.coin() {
			p.Protocol = new(pick(w, corev1.ProtocolTCP, corev1.ProtocolUDP))
		}
		switch w.IntN(4) {
		case 0:
			p.Port = new(intstr.FromInt32(pick[int32](w, 53, 443, 7078)))
		case 1:
			p.Port, p.EndPort = new(intstr.FromInt32(pick[int32](w, 53, 443))), new(pick[int32](w, 443, 8000))
		case 2:
			p.Port = new(intstr.FromString(pick(w, "dns", "rpc")))
		}
		if p.Protocol == nil {
			p.Protocol = new(corev1.ProtocolTCP) // Cyclonus wants what the API server has filled in.
		}
		out = append(out, p)
	}
	return out
}

func (w world) policies() []*networkingv1.NetworkPolicy {
	var out []*networkingv1.NetworkPolicy
	for i := range w.IntN(4) {
		p := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("p%d", i), Namespace: pick(w, "x", "y")}}
		p.Spec.PodSelector = w.selector()
		for range w.IntN(3) {
			p.Spec.Ingress = append(p.Spec.Ingress, networkingv1.NetworkPolicyIngressRule{From: w.peers(), Ports: w.ports()})
		}
		for range w.IntN(3) {
			p.Spec.Egress = append(p.Spec.Egress, networkingv1.NetworkPolicyEgressRule{To: w.peers(), Ports: w.ports()})
		}
		if w.coin() {
			p.Spec.PolicyTypes = pick(w, []networkingv1.PolicyType{"Ingress"}, []networkingv1.PolicyType{"Egress"}, []networkingv1.PolicyType{"Ingress", "Egress"})
		}
		out = append(out, p)
	}
	return out
}

// end is one end of a connection, as both see it.
type end struct {
	ours netpolicy.Endpoint
	its  matcher.TrafficPeer
}

var named = map[string]int32{"dns": 53, "rpc": 7078}

func (w world) end(namespaces map[string]map[string]string) end {
	address := pick(w, "10.1.2.3", "192.0.2.7", "169.254.169.254")
	if w.IntN(4) == 0 {
		return end{netpolicy.Endpoint{Address: netip.MustParseAddr(address)}, matcher.TrafficPeer{IP: address}}
	}
	namespace := pick(w, "x", "y", "z")
	pod := w.labels()
	e := end{
		netpolicy.Endpoint{Namespace: namespace, NamespaceLabels: namespaces[namespace], Labels: pod},
		matcher.TrafficPeer{IP: address, Internal: &matcher.InternalPeer{Namespace: namespace, NamespaceLabels: map[string]string{corev1.LabelMetadataName: namespace}, PodLabels: pod}},
	}
	for key, value := range namespaces[namespace] {
		e.its.Internal.NamespaceLabels[key] = value
	}
	for name, number := range named {
		e.ours.Ports = append(e.ours.Ports, corev1.ContainerPort{Name: name, ContainerPort: number, Protocol: pick(w, "", corev1.ProtocolTCP)})
	}
	return e
}

// hide takes from an end some of what isn't known before anything runs.
func (w world) hide(e netpolicy.Endpoint) netpolicy.Endpoint {
	if w.coin() {
		e.NamespaceLabels = nil
	}
	if w.coin() {
		e.Address = netip.Addr{}
	}
	if w.coin() {
		known := map[string]string{}
		for key, value := range e.Labels {
			if w.coin() {
				known[key] = value
			} else {
				e.Open = append(e.Open, key)
			}
		}
		e.Labels = known
	}
	return e
}

// TestVerdicts: what is said for sure is what Cyclonus says, whatever is
// hidden; and where nothing is hidden and no block of addresses may hold a pod,
// everything is said for sure.
func TestVerdicts(t *testing.T) {
	const rounds = 200_000
	said := map[netpolicy.Verdict]int{}
	for seed := range uint64(rounds) {
		w := world{rand.New(rand.NewPCG(seed, 8))}
		policies := w.policies()
		namespaces := map[string]map[string]string{"x": w.labels(), "y": w.labels(), "z": w.labels()}
		from, to := w.end(namespaces), w.end(namespaces)
		port := pick[int32](w, 53, 443, 7078, 9000)
		protocol := pick(w, corev1.ProtocolTCP, corev1.ProtocolUDP)
		want := theirs(policies, from, to, port, protocol)

		set := netpolicy.NewSet(policies)
		whole := set.Allows(from.ours, to.ours, netpolicy.Port{Number: port, Protocol: protocol})
		check(t, seed, "all is known", whole, want)
		if whole == netpolicy.Unsure && !blocks(policies) {
			t.Errorf("seed %d: all is known, and the verdict is unsure", seed)
		}
		hidden := netpolicy.Port{Number: port, Protocol: protocol}
		if w.IntN(4) == 0 {
			hidden.Number = 0
		}
		partly := set.Allows(w.hide(from.ours), w.hide(to.ours), hidden)
		check(t, seed, "something is hidden", partly, want)
		said[whole]++
		said[partly]++
		if t.Failed() {
			return
		}
	}
	for _, v := range []netpolicy.Verdict{netpolicy.Denied, netpolicy.Unsure, netpolicy.Allowed} {
		if said[v] < rounds/20 {
			t.Errorf("%s was said only %d times", v, said[v])
		}
	}
	t.Logf("%d connections: %v", rounds, said)
}

func check(t *testing.T, seed uint64, what string, got netpolicy.Verdict, want bool) {
	t.Helper()
	if got == netpolicy.Allowed && !want || got == netpolicy.Denied && want {
		t.Errorf("seed %d: %s: %s, and Cyclonus says %t", seed, what, got, want)
	}
}

// theirs asks Cyclonus, which takes policies as the API server keeps them.
func theirs(policies []*networkingv1.NetworkPolicy, from, to end, port int32, protocol corev1.Protocol) bool {
	kept := make([]*networkingv1.NetworkPolicy, len(policies))
	for i, p := range policies {
		kept[i] = p.DeepCopy()
		kept[i].Spec.PolicyTypes = netpolicy.Types(p)
	}
	name := ""
	for _, c := range to.ours.Ports {
		if c.ContainerPort == port && protocol == corev1.ProtocolTCP {
			name = c.Name
		}
	}
	return matcher.BuildNetworkPolicies(false, kept).IsTrafficAllowed(&matcher.Traffic{
		Source: &from.its, Destination: &to.its, ResolvedPort: int(port), ResolvedPortName: name, Protocol: protocol,
	}).IsAllowed()
}

func blocks(policies []*networkingv1.NetworkPolicy) bool {
	for _, p := range policies {
		for _, r := range p.Spec.Ingress {
			for _, peer := range r.From {
				if peer.IPBlock != nil {
					return true
				}
			}
		}
		for _, r := range p.Spec.Egress {
			for _, peer := range r.To {
				if peer.IPBlock != nil {
					return true
				}
			}
		}
	}
	return false
}
