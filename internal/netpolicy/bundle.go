package netpolicy

import (
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
)

// Scene is the policies of a bundle, and what it tells of namespaces.
type Scene struct {
	*Set
	namespaces map[string]map[string]string
}

type sceneKey struct{}

// In returns the scene of a check, which is made once; nil where the bundle has
// no policies.
func In(pass *millrace.Pass) *Scene {
	if pass.Bundle == nil {
		return nil
	}
	s, _ := pass.Once(sceneKey{}, func() any { return newScene(pass.Bundle) }).(*Scene)
	return s
}

func newScene(b *millrace.Bundle) *Scene {
	if b == nil {
		return nil
	}
	var policies []*networkingv1.NetworkPolicy
	for _, o := range b.OfKind(schema.GroupKind{Group: networkingv1.GroupName, Kind: "NetworkPolicy"}) {
		if p, ok := o.(*networkingv1.NetworkPolicy); ok {
			policies = append(policies, p)
		}
	}
	if len(policies) == 0 {
		return nil
	}
	s := &Scene{NewSet(policies), make(map[string]map[string]string)}
	for _, o := range b.OfKind(schema.GroupKind{Kind: "Namespace"}) {
		known := maps.Clone(o.GetLabels())
		if known == nil {
			known = make(map[string]string)
		}
		s.namespaces[o.GetName()] = known
	}
	return s
}

// Pod returns a pod as one end of a connection.
func (s *Scene) Pod(p millrace.Pod) Endpoint {
	out := Endpoint{Namespace: p.Namespace, NamespaceLabels: s.namespaces[p.Namespace], Labels: p.Template.Labels, Open: slices.Clone(p.RunLabels)}
	for i := range p.Template.Spec.Containers {
		out.Ports = append(out.Ports, p.Template.Spec.Containers[i].Ports...)
	}
	return out
}

// Reaches returns whether from may reach one of the ports of to; the first port
// that it surely or perhaps reaches counts.
func (s *Scene) Reaches(from, to Endpoint, ports ...Port) Side {
	var out Side
	for i, port := range ports {
		if side := s.Egress(from, to, port); i == 0 || side.Verdict > out.Verdict {
			out = side
		}
	}
	return out
}

// DNS is the server of names in a cluster as it comes, by the labels that all
// of them have.
// Source: Kubernetes, tasks/administer-cluster/dns-custom-nameservers.
func DNS() Endpoint {
	return Endpoint{Namespace: "kube-system", Labels: map[string]string{"k8s-app": "kube-dns"},
		Ports: []corev1.ContainerPort{{Name: "dns", ContainerPort: 53, Protocol: corev1.ProtocolUDP}, {Name: "dns-tcp", ContainerPort: 53, Protocol: corev1.ProtocolTCP}}}
}
