package tenancy

import (
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/millrace/millrace"
)

// checkDenies looks for policies that select every pod: any such policy closes
// its direction but for what it opens. Cilium's and Calico's own kinds may say
// the same, which isn't for here to judge.
func checkDenies(pass *millrace.Pass, ns *corev1.Namespace) {
	if ownPolicies(pass, ns.Name) {
		return
	}
	var into, out bool
	for _, p := range in[*networkingv1.NetworkPolicy](pass, schema.GroupKind{Group: networkingv1.GroupName, Kind: "NetworkPolicy"}, ns.Name) {
		s := p.Spec
		if len(s.PodSelector.MatchLabels)+len(s.PodSelector.MatchExpressions) > 0 {
			continue
		}
		// Without types, a policy is for what comes in, and for what goes out
		// where it has rules for that.
		into = into || len(s.PolicyTypes) == 0 || slices.Contains(s.PolicyTypes, networkingv1.PolicyTypeIngress)
		out = out || slices.Contains(s.PolicyTypes, networkingv1.PolicyTypeEgress) || len(s.PolicyTypes) == 0 && len(s.Egress) > 0
	}
	var open []string
	if !into {
		open = append(open, "what comes in")
	}
	if !out {
		open = append(open, "what goes out")
	}
	if len(open) > 0 {
		pass.Report("metadata.name", "no policy for all of its pods denies "+strings.Join(open, " or "))
	}
}

// ownPolicies reports whether the bundle has policies of a network plugin for
// the namespace.
func ownPolicies(pass *millrace.Pass, namespace string) bool {
	for _, kind := range []schema.GroupKind{
		{Group: "cilium.io", Kind: "CiliumNetworkPolicy"}, {Group: "cilium.io", Kind: "CiliumClusterwideNetworkPolicy"},
		{Group: "crd.projectcalico.org", Kind: "GlobalNetworkPolicy"}, {Group: "projectcalico.org", Kind: "GlobalNetworkPolicy"},
		{Group: "projectcalico.org", Kind: "NetworkPolicy"}, {Group: "policy.networking.k8s.io", Kind: "AdminNetworkPolicy"},
		{Group: "policy.networking.k8s.io", Kind: "BaselineAdminNetworkPolicy"},
	} {
		if len(in[millrace.Object](pass, kind, ""))+len(in[millrace.Object](pass, kind, namespace)) > 0 {
			return true
		}
	}
	return false
}
