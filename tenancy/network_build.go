package tenancy

import (
	"cmp"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"

	"github.com/millrace/millrace"
)

// The labels by which policies know pods. Spark itself sets spark-role,
// whoever submits; the Spark operator does so on the server of a SparkConnect.
// Source: Spark, deploy/k8s/Constants.scala; Spark operator v2.5.1,
// pkg/common/spark.go; Argo Workflows, workflow/common/common.go.
const (
	sparkRole     = "spark-role"
	executorRole  = "executor"
	workflowLabel = "workflows.argoproj.io/workflow"
	appLabel      = "k8s-app"
)

var driverRoles = []string{"driver", "connect-server"}

func labelIn(key string, values ...string) metav1.LabelSelector {
	return metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: key, Operator: metav1.LabelSelectorOpIn, Values: slices.Clone(values)}}}
}

func drivers() metav1.LabelSelector { return labelIn(sparkRole, driverRoles...) }

func executors() metav1.LabelSelector {
	return metav1.LabelSelector{MatchLabels: map[string]string{sparkRole: executorRole}}
}

func sparks() metav1.LabelSelector {
	return labelIn(sparkRole, append([]string{executorRole}, driverRoles...)...)
}

func workflows() metav1.LabelSelector {
	return metav1.LabelSelector{MatchExpressions: []metav1.LabelSelectorRequirement{{Key: workflowLabel, Operator: metav1.LabelSelectorOpExists}}}
}

// everyone selects all pods.
func everyone() metav1.LabelSelector { return metav1.LabelSelector{} }

type (
	policyPeers = []networkingv1.NetworkPolicyPeer
	policyPorts = []networkingv1.NetworkPolicyPort
)

// policyBuild collects the policies of one tenant.
type policyBuild struct {
	tenant *Tenant
	out    []millrace.Object
}

// policies returns the network policies. Each opens something, but the first.
func (t *Tenant) policies() []millrace.Object {
	n := t.Network
	if n.Open {
		return nil
	}
	b := &policyBuild{tenant: t}
	b.policy("default-deny", networkingv1.NetworkPolicySpec{
		PodSelector: everyone(), PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress},
	})
	b.dns(n.DNSAddresses)
	b.spark(n.BlockManagerPort)
	api, apiPorts := n.anywhere(), tcp(httpsPort, kubeAPIPort)
	if len(n.APIServer) > 0 {
		api = blocks(n.APIServer)
	}
	b.egress("spark-api-server", drivers(), networkingv1.NetworkPolicyEgressRule{To: api, Ports: apiPorts})
	b.egress("workflow-api-server", workflows(), networkingv1.NetworkPolicyEgressRule{To: api, Ports: apiPorts})
	switch {
	case len(n.Stores) > 0:
		b.to("stores", everyone(), n.Stores, httpsPort)
	case !n.NoStores:
		b.egress("stores", everyone(), networkingv1.NetworkPolicyEgressRule{To: n.anywhere(), Ports: tcp(httpsPort)})
	}
	b.to("brokers", everyone(), n.Brokers, tlsPort)
	b.to("shuffle", sparks(), n.Shuffle)
	if to, ports := n.Identity.server(); to != nil {
		b.egress("identity", everyone(), networkingv1.NetworkPolicyEgressRule{To: to, Ports: ports})
	}
	b.from("prometheus", everyone(), n.Prometheus, uiPort, exporterPort)
	b.from("clients", drivers(), n.Clients, connectPort)
	for _, name := range slices.Sorted(maps.Keys(n.Policies)) {
		spec := n.Policies[name]
		b.policy(name, *spec.DeepCopy())
	}
	return b.out
}

func (b *policyBuild) policy(name string, spec networkingv1.NetworkPolicySpec) {
	b.out = append(b.out, &networkingv1.NetworkPolicy{
		TypeMeta:   metav1.TypeMeta{APIVersion: networkingv1.SchemeGroupVersion.String(), Kind: "NetworkPolicy"},
		ObjectMeta: b.tenant.meta(name),
		Spec:       spec,
	})
}

func (b *policyBuild) egress(name string, of metav1.LabelSelector, rules ...networkingv1.NetworkPolicyEgressRule) {
	b.policy(name, networkingv1.NetworkPolicySpec{PodSelector: of, Egress: rules, PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeEgress}})
}

func (b *policyBuild) ingress(name string, of metav1.LabelSelector, rules ...networkingv1.NetworkPolicyIngressRule) {
	b.policy(name, networkingv1.NetworkPolicySpec{PodSelector: of, Ingress: rules, PolicyTypes: []networkingv1.PolicyType{networkingv1.PolicyTypeIngress}})
}

// to lets pods out to peers; no default means every TCP port.
func (b *policyBuild) to(name string, of metav1.LabelSelector, peers []Peer, ports ...int32) {
	var rules []networkingv1.NetworkPolicyEgressRule
	for _, p := range peers {
		rules = append(rules, networkingv1.NetworkPolicyEgressRule{To: p.policyPeers(), Ports: p.policyPorts(ports)})
	}
	if rules != nil {
		b.egress(name, of, rules...)
	}
}

// from lets peers in.
func (b *policyBuild) from(name string, of metav1.LabelSelector, peers []Peer, ports ...int32) {
	var rules []networkingv1.NetworkPolicyIngressRule
	for _, p := range peers {
		rules = append(rules, networkingv1.NetworkPolicyIngressRule{From: p.policyPeers(), Ports: p.policyPorts(ports)})
	}
	if rules != nil {
		b.ingress(name, of, rules...)
	}
}

// dns opens the name servers to all.
func (b *policyBuild) dns(addresses []string) {
	system := metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: metav1.NamespaceSystem}}
	servers := labelIn(appLabel, "kube-dns", "node-local-dns")
	to := append(policyPeers{{NamespaceSelector: &system, PodSelector: &servers}}, blocks(append([]string{"169.254.20.10/32"}, addresses...))...)
	b.egress("dns", everyone(), networkingv1.NetworkPolicyEgressRule{To: to, Ports: policyPorts{port(corev1.ProtocolUDP, 53), port(corev1.ProtocolTCP, 53)}})
}

// spark opens drivers and executors to each other. Drivers listen at two ports,
// executors wherever their block manager does.
func (b *policyBuild) spark(blockManager int32) {
	toDriver, toExecutor := tcp(driverPort, blockManagerPort), policyPorts{{Protocol: new(corev1.ProtocolTCP)}}
	if blockManager != 0 {
		toExecutor = tcp(blockManager)
	}
	peers := func(selectors ...metav1.LabelSelector) policyPeers {
		var out policyPeers
		for i := range selectors {
			out = append(out, networkingv1.NetworkPolicyPeer{PodSelector: &selectors[i]})
		}
		return out
	}
	both := []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
	b.policy("spark-driver", networkingv1.NetworkPolicySpec{
		PodSelector: drivers(), PolicyTypes: both,
		Ingress: []networkingv1.NetworkPolicyIngressRule{{From: peers(executors()), Ports: toDriver}},
		Egress:  []networkingv1.NetworkPolicyEgressRule{{To: peers(executors()), Ports: toExecutor}},
	})
	b.policy("spark-executor", networkingv1.NetworkPolicySpec{
		PodSelector: executors(), PolicyTypes: both,
		Ingress: []networkingv1.NetworkPolicyIngressRule{{From: peers(drivers(), executors()), Ports: toExecutor}},
		Egress: []networkingv1.NetworkPolicyEgressRule{
			{To: peers(drivers()), Ports: toDriver},
			{To: peers(executors()), Ports: toExecutor},
		},
	})
}

// server is where the credentials come from.
func (i Identity) server() (policyPeers, policyPorts) {
	switch i {
	case GKEWorkloadIdentity:
		return blocks([]string{"169.254.169.252/32"}), tcp(987, 988)
	case GKEDataplaneV2:
		return blocks([]string{"169.254.169.254/32"}), tcp(80, 8080)
	case EKSPodIdentity:
		return blocks([]string{"169.254.170.23/32", "fd00:ec2::23/128"}), tcp(80)
	}
	return nil, nil
}

// Link-local addresses, where the clouds' metadata servers are, and their
// addresses of version 6.
// Source: AWS EC2, instance metadata (fd00:ec2::254); Google Compute Engine,
// metadata server (fd20:ce::254).
var (
	closed4 = []string{"169.254.0.0/16"}
	closed6 = []string{"fd00:ec2::/32", "fd20:ce::254/128", "fe80::/10"}
)

// anywhere is any address but the pods' and the metadata servers'.
func (n Network) anywhere() policyPeers {
	four, six := slices.Clone(closed4), slices.Clone(closed6)
	for _, cidr := range n.PodCIDRs {
		if is6(cidr) {
			six = append(six, cidr)
		} else {
			four = append(four, cidr)
		}
	}
	return policyPeers{
		{IPBlock: &networkingv1.IPBlock{CIDR: "0.0.0.0/0", Except: four}},
		{IPBlock: &networkingv1.IPBlock{CIDR: "::/0", Except: six}},
	}
}

func (p Peer) policyPeers() policyPeers {
	if len(p.CIDRs) > 0 {
		return blocks(p.CIDRs)
	}
	var out networkingv1.NetworkPolicyPeer
	if p.Namespace != "" {
		out.NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{corev1.LabelMetadataName: p.Namespace}}
	}
	if len(p.Pods) > 0 {
		out.PodSelector = &metav1.LabelSelector{MatchLabels: maps.Clone(p.Pods)}
	}
	return policyPeers{out}
}

func (p Peer) policyPorts(def []int32) policyPorts {
	ports := p.Ports
	if len(ports) == 0 {
		ports = def
	}
	if len(ports) == 0 {
		return policyPorts{{Protocol: new(corev1.ProtocolTCP)}}
	}
	return tcp(ports...)
}

func blocks(cidrs []string) policyPeers {
	var out policyPeers
	for _, cidr := range cidrs {
		out = append(out, networkingv1.NetworkPolicyPeer{IPBlock: &networkingv1.IPBlock{CIDR: cidr}})
	}
	return out
}

func port(protocol corev1.Protocol, number int32) networkingv1.NetworkPolicyPort {
	return networkingv1.NetworkPolicyPort{Protocol: new(protocol), Port: new(intstr.FromInt32(number))}
}

func tcp(ports ...int32) policyPorts {
	out := make(policyPorts, 0, len(ports))
	for _, p := range slices.SortedFunc(slices.Values(ports), cmp.Compare[int32]) {
		out = append(out, port(corev1.ProtocolTCP, p))
	}
	return out
}
