package tenancy_test

import (
	"fmt"

	networkingv1 "k8s.io/api/networking/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/tenancy"
)

// Whom the pods may talk to: the API server and stores by their addresses, what
// is in the cluster by namespaces and labels.
func ExampleNetwork() {
	show(&tenancy.Tenant{
		Name:  "sales",
		Quota: tenancy.Quota{Cores: 200, Memory: 1600 * millrace.GiB},
		Network: tenancy.Network{
			APIServer:  []string{"172.16.0.2/32"},
			Stores:     []tenancy.Peer{{CIDRs: []string{"199.36.153.8/30"}}},
			Brokers:    []tenancy.Peer{tenancy.KafkaCluster("kafka", "events")},
			Identity:   tenancy.GKEWorkloadIdentity,
			Prometheus: []tenancy.Peer{{Namespace: "monitoring"}},
		},
	}, "NetworkPolicy")
	// Output:
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   name: default-deny
	//   namespace: sales
	// spec:
	//   podSelector: {}
	//   policyTypes:
	//   - Ingress
	//   - Egress
	// ---
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   name: dns
	//   namespace: sales
	// spec:
	//   podSelector: {}
	//   egress:
	//   - ports:
	//     - protocol: UDP
	//       port: 53
	//     - protocol: TCP
	//       port: 53
	//     to:
	//     - podSelector:
	//         matchExpressions:
	//         - key: k8s-app
	//           operator: In
	//           values:
	//           - kube-dns
	//           - node-local-dns
	//       namespaceSelector:
	//         matchLabels:
	//           kubernetes.io/metadata.name: kube-system
	//     - ipBlock:
	//         cidr: 169.254.20.10/32
	//   policyTypes:
	//   - Egress
	// ---
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   name: spark-driver
	//   namespace: sales
	// spec:
	//   podSelector:
	//     matchExpressions:
	//     - key: spark-role
	//       operator: In
	//       values:
	//       - driver
	//       - connect-server
	//   ingress:
	//   - ports:
	//     - protocol: TCP
	//       port: 7078
	//     - protocol: TCP
	//       port: 7079
	//     from:
	//     - podSelector:
	//         matchLabels:
	//           spark-role: executor
	//   egress:
	//   - ports:
	//     - protocol: TCP
	//     to:
	//     - podSelector:
	//         matchLabels:
	//           spark-role: executor
	//   policyTypes:
	//   - Ingress
	//   - Egress
	// ---
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   name: spark-executor
	//   namespace: sales
	// spec:
	//   podSelector:
	//     matchLabels:
	//       spark-role: executor
	//   ingress:
	//   - ports:
	//     - protocol: TCP
	//     from:
	//     - podSelector:
	//         matchExpressions:
	//         - key: spark-role
	//           operator: In
	//           values:
	//           - driver
	//           - connect-server
	//     - podSelector:
	//         matchLabels:
	//           spark-role: executor
	//   egress:
	//   - ports:
	//     - protocol: TCP
	//       port: 7078
	//     - protocol: TCP
	//       port: 7079
	//     to:
	//     - podSelector:
	//         matchExpressions:
	//         - key: spark-role
	//           operator: In
	//           values:
	//           - driver
	//           - connect-server
	//   - ports:
	//     - protocol: TCP
	//     to:
	//     - podSelector:
	//         matchLabels:
	//           spark-role: executor
	//   policyTypes:
	//   - Ingress
	//   - Egress
	// ---
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   name: spark-api-server
	//   namespace: sales
	// spec:
	//   podSelector:
	//     matchExpressions:
	//     - key: spark-role
	//       operator: In
	//       values:
	//       - driver
	//       - connect-server
	//   egress:
	//   - ports:
	//     - protocol: TCP
	//       port: 443
	//     - protocol: TCP
	//       port: 6443
	//     to:
	//     - ipBlock:
	//         cidr: 172.16.0.2/32
	//   policyTypes:
	//   - Egress
	// ---
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   name: workflow-api-server
	//   namespace: sales
	// spec:
	//   podSelector:
	//     matchExpressions:
	//     - key: workflows.argoproj.io/workflow
	//       operator: Exists
	//   egress:
	//   - ports:
	//     - protocol: TCP
	//       port: 443
	//     - protocol: TCP
	//       port: 6443
	//     to:
	//     - ipBlock:
	//         cidr: 172.16.0.2/32
	//   policyTypes:
	//   - Egress
	// ---
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   name: stores
	//   namespace: sales
	// spec:
	//   podSelector: {}
	//   egress:
	//   - ports:
	//     - protocol: TCP
	//       port: 443
	//     to:
	//     - ipBlock:
	//         cidr: 199.36.153.8/30
	//   policyTypes:
	//   - Egress
	// ---
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   name: brokers
	//   namespace: sales
	// spec:
	//   podSelector: {}
	//   egress:
	//   - ports:
	//     - protocol: TCP
	//       port: 9093
	//     to:
	//     - podSelector:
	//         matchLabels:
	//           strimzi.io/cluster: events
	//           strimzi.io/kind: Kafka
	//       namespaceSelector:
	//         matchLabels:
	//           kubernetes.io/metadata.name: kafka
	//   policyTypes:
	//   - Egress
	// ---
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   name: identity
	//   namespace: sales
	// spec:
	//   podSelector: {}
	//   egress:
	//   - ports:
	//     - protocol: TCP
	//       port: 987
	//     - protocol: TCP
	//       port: 988
	//     to:
	//     - ipBlock:
	//         cidr: 169.254.169.252/32
	//   policyTypes:
	//   - Egress
	// ---
	// apiVersion: networking.k8s.io/v1
	// kind: NetworkPolicy
	// metadata:
	//   name: prometheus
	//   namespace: sales
	// spec:
	//   podSelector: {}
	//   ingress:
	//   - ports:
	//     - protocol: TCP
	//       port: 4040
	//     - protocol: TCP
	//       port: 8090
	//     from:
	//     - namespaceSelector:
	//         matchLabels:
	//           kubernetes.io/metadata.name: monitoring
	//   policyTypes:
	//   - Ingress
}

// KafkaCluster names brokers by the labels that Strimzi gives them.
func ExampleKafkaCluster() {
	events := tenancy.KafkaCluster("kafka", "events", 9093, 9094)
	fmt.Println(events.Namespace, events.Pods, events.Ports)
	// Output:
	// kafka map[strimzi.io/cluster:events strimzi.io/kind:Kafka] [9093 9094]
}

// The servers of identities by which clouds know pods.
func ExampleIdentity() {
	for _, server := range []tenancy.Identity{tenancy.GKEWorkloadIdentity, tenancy.GKEDataplaneV2, tenancy.EKSPodIdentity} {
		parts, err := (&tenancy.Tenant{Name: "sales", Quota: tenancy.Quota{Unlimited: true}, Network: tenancy.Network{Identity: server}}).Build()
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, o := range parts.Objects {
			if p, ok := o.(*networkingv1.NetworkPolicy); ok && p.Name == "identity" {
				fmt.Println(server, p.Spec.Egress[0].To[0].IPBlock.CIDR)
			}
		}
	}
	// Output:
	// gke 169.254.169.252/32
	// gke-dataplane-v2 169.254.169.254/32
	// eks-pod-identity 169.254.170.23/32
}
