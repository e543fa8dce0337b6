package policy

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/netpolicy"
)

// networkRules hold the NetworkPolicies of the bundle against its pods. They
// say nothing of pods that no policy of the bundle selects, and of connections
// that may be let through.
func networkRules() []millrace.Rule {
	const source = "Kubernetes, concepts/services-networking/network-policies"
	return []millrace.Rule{
		{
			ID: "network/dns", Severity: millrace.Error,
			Summary: "Pods that NetworkPolicies isolate can resolve names.",
			Reason:  "As soon as one policy is about what goes out of a pod, nothing goes out but what some policy lets through, and without DNS no service, broker or bucket is found: programs wait, and end with UnknownHostException.",
			Fix:     "let port 53, UDP and TCP, out to the pods k8s-app=kube-dns of namespace kube-system; the policies of tenancy.Tenant do",
			Source:  source,
			Check:   checkNetworkDNS,
		},
		{
			ID: "network/api-server", Severity: millrace.Error,
			Summary: "Pods that talk to the API server reach it: Spark's drivers, and all pods of a workflow.",
			Reason:  "A driver makes no executors, and a workflow's step reports no results: the run waits until its deadline. The API server is no pod, so that only a block of addresses lets it through.",
			Fix:     "let port 443 and the API server's own, mostly 6443, out to its addresses (ipBlock); the policies of tenancy.Tenant do",
			Source:  source + "; Argo Workflows, workflow-rbac; Spark, running on Kubernetes",
			Check:   checkNetworkAPIServer,
		},
		{
			ID: "network/metadata", Severity: millrace.Warning,
			Summary: "NetworkPolicies that let pods out to all addresses leave out the cloud's metadata server.",
			Reason:  "Whoever gets a program to fetch a URL has the credentials of the node from there.",
			Fix:     "write a block with except: [169.254.169.254/32], or name the addresses that are needed; pods get their identities from addresses that a rule of their own may name (GKE: 169.254.169.252/32, with Dataplane V2 169.254.169.254/32; EKS: 169.254.170.23/32)",
			Source:  "GKE, hardening your cluster and how-to/workload-identity; EKS best practices, identity and access management",
			Check:   checkNetworkMetadata,
		},
	}
}

func checkNetworkDNS(pass *millrace.Pass) {
	scene := netpolicy.In(pass)
	if scene == nil {
		return
	}
	var found complaints
	for _, pod := range pass.Pods {
		from := scene.Pod(pod)
		side := scene.Reaches(from, netpolicy.DNS(), netpolicy.Port{Number: 53, Protocol: corev1.ProtocolUDP})
		// A server of one's own, or the node's, is elsewhere.
		if side.Verdict == netpolicy.Denied && !slices.ContainsFunc(side.By, namesDNS) {
			found.add(pod, pass.Pods[0].Field("spec"), "", " may not ask for names: port 53 (UDP) isn't let out by "+side.Names())
		}
	}
	found.report(pass)
}

// namesDNS reports whether a policy lets a server of names through that isn't
// where it is as a cluster comes.
func namesDNS(p *networkingv1.NetworkPolicy) bool {
	return slices.ContainsFunc(p.Spec.Egress, func(r networkingv1.NetworkPolicyEgressRule) bool {
		return slices.ContainsFunc(r.Ports, func(port networkingv1.NetworkPolicyPort) bool {
			return port.Port != nil && (port.Port.IntValue() == 53 || port.Port.IntValue() == 5353 || strings.HasPrefix(port.Port.StrVal, "dns"))
		})
	})
}

func checkNetworkAPIServer(pass *millrace.Pass) {
	scene := netpolicy.In(pass)
	if scene == nil {
		return
	}
	var found complaints
	for _, pod := range pass.Pods {
		if !callsAPIServer(pod) {
			continue
		}
		side := scene.Reaches(scene.Pod(pod), netpolicy.Endpoint{}, netpolicy.Port{Number: 443}, netpolicy.Port{Number: 6443})
		if side.Verdict == netpolicy.Denied {
			found.add(pod, pass.Pods[0].Field("spec"), "", " may not reach the API server: neither port 443 nor 6443 is let out to any address by "+side.Names())
		}
	}
	found.report(pass)
}

// callsAPIServer tells the pods that need the API server for their work.
func callsAPIServer(pod millrace.Pod) bool {
	switch pod.Owner.Kind {
	case "SparkApplication", "ScheduledSparkApplication", "SparkConnect":
		return pod.Role != "executor"
	case "Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow":
		return pod.Role != "executor" // of a Spark job that a task makes
	}
	return false
}

var (
	metadataServer = netip.MustParseAddr("169.254.169.254")
	metadataPort   = netpolicy.Port{Number: 80}
)

// checkNetworkMetadata looks at a policy for itself: whether one of its rules
// lets the metadata server through without naming it. Who names it alone wants
// it: on GKE with Dataplane V2 it is where pods get their own identity.
func checkNetworkMetadata(pass *millrace.Pass) {
	policy, ok := pass.Object.(*networkingv1.NetworkPolicy)
	if !ok || policy == nil || !slices.Contains(netpolicy.Types(policy), networkingv1.PolicyTypeEgress) {
		return
	}
	for i, r := range policy.Spec.Egress {
		at := fmt.Sprintf("spec.egress[%d]", i)
		if len(r.To) == 0 && letsMetadata(r) {
			pass.Report(at, fmt.Sprintf("a rule without \"to\" is for every address, and holds the metadata server, %s", metadataServer))
		}
		for j, peer := range r.To {
			if peer.IPBlock == nil || netip.PrefixFrom(metadataServer, metadataServer.BitLen()).String() == peer.IPBlock.CIDR {
				continue
			}
			if letsMetadata(networkingv1.NetworkPolicyEgressRule{Ports: r.Ports, To: []networkingv1.NetworkPolicyPeer{peer}}) {
				pass.Report(fmt.Sprintf("%s.to[%d].ipBlock", at, j), fmt.Sprintf("%s holds the metadata server, %s", peer.IPBlock.CIDR, metadataServer))
			}
		}
	}
}

// letsMetadata reports whether a rule, alone, opens the metadata server.
func letsMetadata(rule networkingv1.NetworkPolicyEgressRule) bool {
	// A namespace of any name: manifests may leave it to whoever applies them.
	alone := &networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "any"}, Spec: networkingv1.NetworkPolicySpec{
		PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeEgress}, Egress: []networkingv1.NetworkPolicyEgressRule{rule},
	}}
	side := netpolicy.NewSet([]*networkingv1.NetworkPolicy{alone}).Egress(netpolicy.Endpoint{Namespace: "any"}, netpolicy.Endpoint{Address: metadataServer}, metadataPort)
	return side.Verdict == netpolicy.Allowed
}
