package tenancy

import networkingv1 "k8s.io/api/networking/v1"

// Network says whom the pods of a tenant may talk to. What no field names is
// closed, in both directions, the other tenants and the cloud's metadata
// server among it.
//
// Network policies are kept by the cluster's network plugin; without one that
// knows them, nothing is. They can't tell one Spark application of a namespace
// from another: set spark.authenticate where that matters.
//
// Argo needs nothing here: its controller and its server read pods by way of
// the API server, and never talk to them.
type Network struct {
	// Open leaves all policies out.
	//
	// False means that they are rendered, and that the other fields count.
	Open bool
	// DNSAddresses are the addresses of name servers that aren't pods of
	// kube-system, as ranges: the service address of kube-dns where NodeLocal
	// DNSCache or an older plugin sees that one ("10.96.0.10/32"), or
	// "169.254.169.254/32" for Cloud DNS on GKE.
	//
	// Always open are kube-dns and node-local-dns by their labels, and
	// 169.254.20.10, the address of NodeLocal DNSCache.
	// Rendered in the policy "dns", port 53.
	// Source: kubernetes/kubernetes, cluster/addons/dns/nodelocaldns; GKE, how-to/cloud-dns.
	DNSAddresses []string
	// APIServer are the addresses of the API server, as ranges. Policies can't
	// call it by name.
	//
	// Empty means any address, at the ports 443 and 6443. Only Spark's drivers
	// and the pods of workflows get there.
	// Rendered in the policies "spark-api-server" and "workflow-api-server".
	APIServer []string
	// Stores are object stores, catalogues and other services that every pod may
	// use. Their Ports are 443 where they are empty.
	//
	// Empty means any address at port 443, as stores have too many to list.
	// Rendered in the policy "stores".
	Stores []Peer
	// NoStores closes what an empty Stores opens: the policy "stores" isn't
	// rendered.
	NoStores bool
	// PodCIDRs are the ranges of the cluster's pods. What is open to any address
	// isn't open to these.
	//
	// Empty means that only link-local addresses and the metadata servers are
	// left out; then a pod elsewhere that listens at 443 can be reached, as far
	// as its own policies let it.
	// Rendered as except in "stores" and in both policies for the API server.
	PodCIDRs []string
	// Brokers are Kafka clusters; KafkaCluster makes one of Strimzi's. Their
	// Ports are 9093 where they are empty, the listener with TLS.
	//
	// Empty means none. Rendered in the policy "brokers".
	Brokers []Peer
	// Shuffle are remote shuffle services, such as Celeborn's masters and workers,
	// for the pods of Spark. Without Ports, every port is open, as workers choose
	// theirs.
	//
	// Empty means none. Rendered in the policy "shuffle".
	Shuffle []Peer
	// Identity is how pods get the credentials of the cloud.
	//
	// Empty means without a server of its own: by keys, by web identity (IRSA on
	// AWS, Azure), at port 443.
	// Rendered in the policy "identity".
	Identity Identity
	// Prometheus are those who scrape metrics. Their Ports are those of the
	// tenant's pods, 4040 and 8090 where they are empty: Spark's UI and the
	// exporter that the Spark operator sets up.
	//
	// Empty means nobody. Rendered in the policy "prometheus".
	Prometheus []Peer
	// Clients are those who use Spark Connect servers, or the UI of drivers: a
	// gateway, Kyuubi, notebooks elsewhere. Their Ports are those of the pods
	// with a driver, 15002 where they are empty.
	//
	// Empty means nobody. Rendered in the policy "clients".
	Clients []Peer
	// BlockManagerPort is the port of the executors' block managers, where the
	// jobs fix it with spark.blockManager.port. Drivers have 7079.
	//
	// Zero means every TCP port between the pods of Spark, as executors choose
	// one at random. From 1024 to 65535.
	// Rendered in the policies "spark-driver" and "spark-executor".
	// Source: Spark, BasicExecutorFeatureStep.scala, which declares port 7079 and
	// sets none.
	BlockManagerPort int32
	// Policies are further ones, by their names: what is open in any policy is
	// open.
	//
	// Empty means none. Rendered as they are.
	Policies map[string]networkingv1.NetworkPolicySpec
}

// Identity is a server that gives pods the credentials of the cloud.
type Identity string

// The servers.
const (
	// GKEWorkloadIdentity is GKE's metadata server. 169.254.169.254 stays closed.
	// Source: GKE, how-to/workload-identity, network policy: 169.254.169.252,
	// ports 987 and 988 (from GKE 1.21 on).
	GKEWorkloadIdentity Identity = "gke"
	// GKEDataplaneV2 is GKE's metadata server on clusters with Dataplane V2, whose
	// policies see it at 169.254.169.254, the address of the machine's own.
	// Source: GKE, how-to/workload-identity, network policy: ports 80 and 8080.
	GKEDataplaneV2 Identity = "gke-dataplane-v2"
	// EKSPodIdentity is the agent of EKS Pod Identity.
	// Source: EKS, pod-id-how-it-works and pod-id-agent-setup: 169.254.170.23 and
	// fd00:ec2::23, port 80; so do AWS' SDKs.
	EKSPodIdentity Identity = "eks-pod-identity"
)

// Peer is somebody whom the tenant's pods talk to, or who talks to them: pods
// by their namespace and labels, or addresses.
type Peer struct {
	// Namespace is where the pods are. Empty with Pods means the tenant's own.
	// Rendered as namespaceSelector.
	Namespace string
	// Pods are labels that the pods have. Empty means all of the namespace.
	// Rendered as podSelector.
	Pods map[string]string
	// CIDRs are ranges of addresses outside of the cluster, "10.20.0.0/16".
	// They exclude Namespace and Pods. Rendered as ipBlock.
	CIDRs []string
	// Ports are TCP ports. What an empty list means, the field says that has the
	// peer. Rendered as ports.
	Ports []int32
}

// KafkaCluster returns the brokers of a cluster of Strimzi as a peer, at these
// ports: those of its internal listeners. None means 9093.
//
// The clients' other half is on the brokers' side: Strimzi makes policies of
// its own, which let in whom a listener names.
func KafkaCluster(namespace, name string, ports ...int32) Peer {
	return Peer{Namespace: namespace, Pods: map[string]string{"strimzi.io/cluster": name, "strimzi.io/kind": "Kafka"}, Ports: ports}
}
