package tenancy_test

import (
	"net/netip"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"

	"github.com/millrace/millrace/internal/netpolicy"
	"github.com/millrace/millrace/tenancy"
)

// ends are the ends of connections: pods of the tenant and of others, and
// addresses.
func ends() map[string]netpolicy.Endpoint {
	pod := func(namespace string, labels ...string) netpolicy.Endpoint {
		out := netpolicy.Endpoint{Namespace: namespace, NamespaceLabels: map[string]string{}, Labels: map[string]string{}}
		for i := 0; i < len(labels); i += 2 {
			out.Labels[labels[i]] = labels[i+1]
		}
		return out
	}
	at := func(address string) netpolicy.Endpoint {
		return netpolicy.Endpoint{Address: netip.MustParseAddr(address)}
	}
	return map[string]netpolicy.Endpoint{
		"driver":         pod("sales", "spark-role", "driver", "spark-app-selector", "spark-1"),
		"connect server": pod("sales", "spark-role", "connect-server"),
		"executor":       pod("sales", "spark-role", "executor", "spark-app-selector", "spark-1"),
		"step":           pod("sales", "workflows.argoproj.io/workflow", "nightly"),
		"consumer":       pod("sales", "app", "consumer"),
		"neighbour":      pod("marketing", "spark-role", "driver"),
		"kube-dns":       pod("kube-system", "k8s-app", "kube-dns"),
		"kubelet proxy":  pod("kube-system", "k8s-app", "kube-proxy"),
		"broker":         pod("kafka", "strimzi.io/cluster", "events", "strimzi.io/kind", "Kafka"),
		"other broker":   pod("kafka", "strimzi.io/cluster", "logs", "strimzi.io/kind", "Kafka"),
		"celeborn":       pod("celeborn", "app", "worker"),
		"minio":          pod("minio", "app", "minio"),
		"prometheus":     pod("monitoring", "app.kubernetes.io/name", "prometheus"),
		"grafana":        pod("monitoring", "app.kubernetes.io/name", "grafana"),
		"notebook":       pod("notebooks", "app", "jupyter"),
		"argo":           pod("argo", "app", "workflow-controller"),
		"node's DNS":     at("169.254.20.10"), "service of DNS": at("10.96.0.10"),
		"API server": at("172.16.0.2"), "internet": at("142.250.1.1"), "internet 6": at("2600::1"), "store": at("199.36.153.9"),
		"metadata": at("169.254.169.254"), "metadata 6": at("fd00:ec2::254"), "GKE metadata": at("169.254.169.252"), "EKS agent": at("169.254.170.23"),
		"some pod's address": at("10.4.0.9"),
	}
}

// link is a connection and the port.
type link struct {
	from, to string
	port     int32
}

// reached returns those of the links that are let through.
func reached(t *testing.T, tenant *tenancy.Tenant, links []link) map[link]netpolicy.Verdict {
	t.Helper()
	var policies []*networkingv1.NetworkPolicy
	for _, o := range objects(t, tenant) {
		if p, ok := o.(*networkingv1.NetworkPolicy); ok {
			policies = append(policies, p)
		}
	}
	set, all := netpolicy.NewSet(policies), ends()
	out := map[link]netpolicy.Verdict{}
	for _, l := range links {
		from, ok := all[l.from]
		to, ok2 := all[l.to]
		if !ok || !ok2 {
			t.Fatalf("no such end: %v", l)
		}
		port := netpolicy.Port{Number: l.port}
		if l.port == 53 {
			port.Protocol = corev1.ProtocolUDP
		}
		out[l] = set.Allows(from, to, port)
		if out[l] == netpolicy.Unsure { // some block may hold the pod's address
			address := netpolicy.Endpoint{Address: netip.MustParseAddr("10.4.0.77")}
			out[l] = min(set.Egress(from, address, port).Verdict, set.Ingress(from, to, port).Verdict)
		}
	}
	return out
}

const (
	yes   = netpolicy.Allowed
	no    = netpolicy.Denied
	maybe = netpolicy.Unsure
)

// TestReach asks for each connection that jobs need, and for some of those
// that nobody does.
func TestReach(t *testing.T) {
	always := map[link]netpolicy.Verdict{
		{"executor", "driver", 7078}: yes, {"executor", "driver", 7079}: yes, {"driver", "executor", 41234}: yes, {"executor", "executor", 41234}: yes,
		{"executor", "connect server", 7078}: yes, {"connect server", "executor", 7079}: yes,
		{"executor", "driver", 4040}: no, {"executor", "driver", 22}: no, {"driver", "driver", 7078}: no,
		{"step", "driver", 4040}: no, {"consumer", "executor", 7079}: no, {"driver", "step", 8080}: no,
		{"executor", "kube-dns", 53}: yes, {"consumer", "kube-dns", 53}: yes, {"step", "node's DNS", 53}: yes, {"consumer", "kubelet proxy", 53}: no, {"consumer", "kube-dns", 9153}: no,
		{"driver", "neighbour", 7078}: no, {"neighbour", "driver", 7078}: no, {"neighbour", "executor", 7079}: no,
		{"argo", "step", 8080}: no, {"grafana", "driver", 4040}: no,
		{"executor", "metadata", 80}: no, {"driver", "metadata", 443}: no, {"step", "metadata 6", 80}: no, {"step", "metadata 6", 443}: no,
		{"executor", "internet", 80}: no, {"executor", "internet", 9093}: no, {"executor", "internet", 6443}: no,
	}
	type tenant = tenancy.Tenant
	for name, tc := range map[string]struct {
		change func(*tenant)
		want   map[link]netpolicy.Verdict
	}{
		"zero": {nil, map[link]netpolicy.Verdict{
			{"driver", "API server", 6443}: yes, {"driver", "API server", 443}: yes, {"step", "API server", 6443}: yes, {"connect server", "API server", 443}: yes,
			{"executor", "API server", 6443}: no, {"consumer", "API server", 6443}: no,
			{"executor", "internet", 443}: yes, {"consumer", "internet", 443}: yes, {"step", "internet 6", 443}: yes,
			{"executor", "broker", 9093}: no, {"prometheus", "driver", 4040}: no, {"notebook", "connect server", 15002}: no,
			{"executor", "GKE metadata", 988}: no, {"executor", "EKS agent", 80}: no, {"executor", "celeborn", 9097}: no,
			{"executor", "some pod's address", 443}: yes, {"driver", "service of DNS", 53}: no,
		}},
		"API server named": {func(c *tenant) { c.Network.APIServer, c.Network.NoStores = []string{"172.16.0.2/32"}, true }, map[link]netpolicy.Verdict{
			{"driver", "API server", 6443}: yes, {"step", "API server", 443}: yes, {"executor", "API server", 443}: no, {"driver", "internet", 443}: no, {"executor", "internet", 443}: no,
		}},
		"stores named": {func(c *tenant) {
			c.Network.Stores = []tenancy.Peer{{CIDRs: []string{"199.36.153.8/30"}}, {Namespace: "minio", Ports: []int32{9000}}}
		}, map[link]netpolicy.Verdict{
			{"executor", "store", 443}: yes, {"executor", "store", 80}: no, {"executor", "internet", 443}: no, {"driver", "internet", 443}: yes,
			{"executor", "minio", 9000}: yes, {"executor", "minio", 443}: no,
		}},
		"pods' addresses": {func(c *tenant) { c.Network.PodCIDRs = []string{"10.0.0.0/8", "fd00::/8"} }, map[link]netpolicy.Verdict{
			{"executor", "some pod's address", 443}: no, {"driver", "some pod's address", 443}: no, {"executor", "internet", 443}: yes,
		}},
		"a fixed port": {func(c *tenant) { c.Network.BlockManagerPort = 7079 }, map[link]netpolicy.Verdict{
			{"executor", "executor", 7079}: yes, {"driver", "executor", 7079}: yes, {"executor", "driver", 7079}: yes,
			{"executor", "executor", 41234}: no, {"driver", "executor", 41234}: no,
		}},
		"brokers": {func(c *tenant) {
			c.Network.Brokers = []tenancy.Peer{tenancy.KafkaCluster("kafka", "events"), tenancy.KafkaCluster("kafka", "logs", 9092)}
		}, map[link]netpolicy.Verdict{
			{"executor", "broker", 9093}: yes, {"consumer", "broker", 9093}: yes, {"consumer", "broker", 9092}: no, {"consumer", "other broker", 9092}: yes, {"consumer", "other broker", 9093}: no,
			{"broker", "consumer", 9093}: no,
		}},
		"everything else": {func(c *tenant) { c.Network = full().Network; c.Network.Stores = nil; c.Network.BlockManagerPort = 0 }, map[link]netpolicy.Verdict{
			{"executor", "GKE metadata", 988}: yes, {"executor", "GKE metadata", 987}: yes, {"executor", "GKE metadata", 80}: no,
			{"prometheus", "driver", 4040}: yes, {"prometheus", "executor", 8090}: yes, {"prometheus", "driver", 7078}: no,
			{"notebook", "connect server", 15002}: yes, {"notebook", "driver", 15002}: yes, {"notebook", "executor", 15002}: no, {"notebook", "connect server", 4040}: no,
			{"executor", "celeborn", 9097}: yes, {"driver", "celeborn", 31000}: yes, {"consumer", "celeborn", 9097}: no,
			{"consumer", "service of DNS", 53}: yes,
		}},
		"EKS": {func(c *tenant) { c.Network.Identity = tenancy.EKSPodIdentity }, map[link]netpolicy.Verdict{
			{"executor", "EKS agent", 80}: yes, {"executor", "EKS agent", 443}: no, {"executor", "GKE metadata", 988}: no,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			c := minimal()
			if tc.change != nil {
				tc.change(c)
			}
			want := map[link]netpolicy.Verdict{}
			var links []link
			add := func(more map[link]netpolicy.Verdict) {
				for l, v := range more {
					if _, ok := want[l]; !ok {
						links = append(links, l)
					}
					want[l] = v
				}
			}
			add(always)
			add(tc.want)
			if diff := cmp.Diff(want, reached(t, c, links)); diff != "" {
				t.Errorf("connections (-want +got):\n%s", diff)
			}
		})
	}
}

// On clusters with Dataplane V2, GKE's server of identities is where the
// machine's own would be.
func TestDataplaneV2(t *testing.T) {
	c := minimal()
	c.Network.Identity = tenancy.GKEDataplaneV2
	links := []link{{"executor", "metadata", 80}, {"executor", "metadata", 8080}, {"executor", "metadata", 443}}
	want := map[link]netpolicy.Verdict{links[0]: yes, links[1]: yes, links[2]: no}
	if diff := cmp.Diff(want, reached(t, c, links)); diff != "" {
		t.Errorf("connections (-want +got):\n%s", diff)
	}
}

// An open network has no policy at all; policies of one's own are added to the
// others.
func TestOpenNetwork(t *testing.T) {
	count := func(c *tenancy.Tenant) (n int) {
		for _, o := range objects(t, c) {
			if _, ok := o.(*networkingv1.NetworkPolicy); ok {
				n++
			}
		}
		return n
	}
	open, more := minimal(), minimal()
	open.Network.Open = true
	more.Network.Policies = map[string]networkingv1.NetworkPolicySpec{"proxy": {}}
	if a, b, c := count(open), count(minimal()), count(more); a != 0 || b != 7 || c != 8 {
		t.Errorf("%d, %d and %d policies", a, b, c)
	}
}
