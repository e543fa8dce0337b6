package tenancy_test

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/tenancy"
)

// A team gets a namespace with what it may use, and gives its jobs the accounts
// that the tenant makes.
func ExampleTenant() {
	platform := &tenancy.Platform{}
	sales := &tenancy.Tenant{
		Name:     "sales",
		Quota:    tenancy.Quota{Cores: 200, Memory: 1600 * millrace.GiB},
		Access:   tenancy.Access{Submitter: tenancy.Team{Groups: []string{"sales-data"}}},
		Network:  tenancy.Network{Brokers: []tenancy.Peer{tenancy.KafkaCluster("kafka", "events")}},
		Platform: platform,
	}
	bundle, err := millrace.Build(platform, sales)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, o := range bundle.Objects() {
		fmt.Println(millrace.RefOf(o))
	}
	fmt.Println("driver:", sales.DriverAccount(), sales.DriverPriority())
	fmt.Println("executor:", sales.ExecutorAccount(), sales.ExecutorPriority())
	fmt.Println("workflow:", sales.WorkflowAccount())
	// Output:
	// PriorityClass data-driver
	// PriorityClass data-executor
	// Namespace sales
	// ResourceQuota sales/tenant
	// LimitRange sales/tenant
	// ServiceAccount sales/default
	// ServiceAccount sales/spark-driver
	// ServiceAccount sales/spark-executor
	// ServiceAccount sales/workflow
	// Role sales/tenant-driver
	// RoleBinding sales/tenant-driver
	// Role sales/tenant-workflow
	// RoleBinding sales/tenant-workflow
	// Role sales/tenant-submitter
	// RoleBinding sales/tenant-submitter
	// NetworkPolicy sales/default-deny
	// NetworkPolicy sales/dns
	// NetworkPolicy sales/spark-driver
	// NetworkPolicy sales/spark-executor
	// NetworkPolicy sales/spark-api-server
	// NetworkPolicy sales/workflow-api-server
	// NetworkPolicy sales/stores
	// NetworkPolicy sales/brokers
	// driver: spark-driver data-driver
	// executor: spark-executor data-executor
	// workflow: workflow
}

// Build reports every mistake at once.
func ExampleTenant_Build() {
	_, err := (&tenancy.Tenant{
		Name:   "sales",
		Quota:  tenancy.Quota{Cores: 200, Memory: 1600 * millrace.GiB, LimitCores: 400},
		Limits: tenancy.Limits{Max: tenancy.Amount{Memory: 2 * millrace.TiB}},
		Access: tenancy.Access{Reader: tenancy.Team{Groups: []string{"system:authenticated"}}},
	}).Build()
	fmt.Println(err)
	// Output:
	// build: 3 mistakes:
	//   tenancy.Tenant sales: Access.Reader.Groups[0]: "system:authenticated": that is everybody; name the team's group [build/invalid]
	//   tenancy.Tenant sales: Quota.LimitCores: every container without a limit of CPU is refused, as the limits give it none; set Limits.Limit.MilliCPU, or leave it out [build/conflict]
	//   tenancy.Tenant sales: Limits.Max.Memory: 2Ti for one container is more than the quota's requests, 1600Gi: it never starts; lower it, or raise the quota [build/conflict]
}

// The zero tenant restricts its pods; others must be said.
func ExamplePodSecurity() {
	show(&tenancy.Tenant{
		Name:        "legacy",
		Quota:       tenancy.Quota{Cores: 10, Memory: 40 * millrace.GiB},
		PodSecurity: tenancy.PodSecurity{Enforce: tenancy.Baseline, Version: "v1.34"},
	}, "Namespace")
	// Output:
	// apiVersion: v1
	// kind: Namespace
	// metadata:
	//   name: legacy
	//   labels:
	//     pod-security.kubernetes.io/audit: restricted
	//     pod-security.kubernetes.io/audit-version: v1.34
	//     pod-security.kubernetes.io/enforce: baseline
	//     pod-security.kubernetes.io/enforce-version: v1.34
	//     pod-security.kubernetes.io/warn: restricted
	//     pod-security.kubernetes.io/warn-version: v1.34
}

// The levels go from Privileged, which forbids nothing, to Restricted.
func ExampleLevel() {
	fmt.Println(tenancy.Privileged, tenancy.Baseline, tenancy.Restricted)
	// Output:
	// privileged baseline restricted
}

// A quota, and the limits that fill in what it demands of each container.
func ExampleQuota() {
	show(&tenancy.Tenant{
		Name:  "sales",
		Quota: tenancy.Quota{Cores: 200, LimitCores: 400, Memory: 1600 * millrace.GiB, Storage: 10 * millrace.TiB, Claims: 100},
		Limits: tenancy.Limits{
			Request:  tenancy.Amount{MilliCPU: 250, Memory: millrace.GiB},
			Limit:    tenancy.Amount{MilliCPU: 1000},
			Max:      tenancy.Amount{MilliCPU: 16000, Memory: 120 * millrace.GiB},
			MaxClaim: 500 * millrace.GiB,
		},
	}, "ResourceQuota", "LimitRange")
	// Output:
	// apiVersion: v1
	// kind: ResourceQuota
	// metadata:
	//   name: tenant
	//   namespace: sales
	// spec:
	//   hard:
	//     limits.cpu: "400"
	//     limits.memory: 1600Gi
	//     persistentvolumeclaims: "100"
	//     requests.cpu: "200"
	//     requests.memory: 1600Gi
	//     requests.storage: 10Ti
	//     services.loadbalancers: "0"
	//     services.nodeports: "0"
	// ---
	// apiVersion: v1
	// kind: LimitRange
	// metadata:
	//   name: tenant
	//   namespace: sales
	// spec:
	//   limits:
	//   - type: Container
	//     max:
	//       cpu: "16"
	//       memory: 120Gi
	//     default:
	//       cpu: "1"
	//       memory: 1Gi
	//     defaultRequest:
	//       cpu: 250m
	//       memory: 1Gi
	//   - type: PersistentVolumeClaim
	//     max:
	//       storage: 500Gi
}

// What jobs need at their most is a quota of its own. Here the pods are written
// down; spark.Pods and workflow.Pods tell those of a manifest.
func ExampleQuotaFor() {
	amount := millrace.Bytes(10 * millrace.GiB).Quantity()
	executor := millrace.Pod{Owner: millrace.Ref{Kind: "SparkApplication", Name: "etl"}, Role: "executor", Min: 2, Max: 8}
	executor.Template.Spec.Containers = []corev1.Container{{Name: "executor", Resources: corev1.ResourceRequirements{
		Requests: corev1.ResourceList{"cpu": *quantity("3800m"), "memory": amount}, Limits: corev1.ResourceList{"memory": amount},
	}}}
	var quota tenancy.Quota
	quota, err := tenancy.QuotaFor(executor)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(quota.Cores, quota.Memory)
	quota = quota.Plus(20)
	fmt.Println(quota.Cores, quota.Memory)
	// Output:
	// 31 80Gi
	// 38 96Gi
}

// Accounts know the cloud's identities by their annotations. Who submits are
// people of a group, and a program of another namespace.
func ExampleAccess() {
	identity := map[string]string{"eks.amazonaws.com/role-arn": "arn:aws:iam::1:role/etl"}
	show(&tenancy.Tenant{
		Name:  "sales",
		Quota: tenancy.Quota{Cores: 200, Memory: 1600 * millrace.GiB},
		Access: tenancy.Access{
			Driver:   tenancy.Account{Annotations: identity},
			Executor: tenancy.Account{Annotations: identity},
			Workflow: tenancy.Account{Without: true},
			Submitter: tenancy.Team{Groups: []string{"sales-data"}, Accounts: []string{"ci/deployer"},
				Rules: []rbacv1.PolicyRule{{APIGroups: []string{"kafka.strimzi.io"}, Resources: []string{"kafkatopics"}, Verbs: []string{"get", "list", "watch"}}}},
		},
	}, "ServiceAccount", "RoleBinding")
	// Output:
	// apiVersion: v1
	// kind: ServiceAccount
	// metadata:
	//   name: default
	//   namespace: sales
	// automountServiceAccountToken: false
	// ---
	// apiVersion: v1
	// kind: ServiceAccount
	// metadata:
	//   name: spark-driver
	//   namespace: sales
	//   annotations:
	//     eks.amazonaws.com/role-arn: arn:aws:iam::1:role/etl
	// ---
	// apiVersion: v1
	// kind: ServiceAccount
	// metadata:
	//   name: spark-executor
	//   namespace: sales
	//   annotations:
	//     eks.amazonaws.com/role-arn: arn:aws:iam::1:role/etl
	// automountServiceAccountToken: false
	// ---
	// apiVersion: rbac.authorization.k8s.io/v1
	// kind: RoleBinding
	// metadata:
	//   name: tenant-driver
	//   namespace: sales
	// subjects:
	// - kind: ServiceAccount
	//   name: spark-driver
	//   namespace: sales
	// roleRef:
	//   apiGroup: rbac.authorization.k8s.io
	//   kind: Role
	//   name: tenant-driver
	// ---
	// apiVersion: rbac.authorization.k8s.io/v1
	// kind: RoleBinding
	// metadata:
	//   name: tenant-submitter
	//   namespace: sales
	// subjects:
	// - kind: ServiceAccount
	//   name: deployer
	//   namespace: ci
	// - kind: Group
	//   apiGroup: rbac.authorization.k8s.io
	//   name: sales-data
	// roleRef:
	//   apiGroup: rbac.authorization.k8s.io
	//   kind: Role
	//   name: tenant-submitter
}

// An account of one's own submits: what a pipeline's server runs under.
func ExampleTenant_SubmitterAccount() {
	sales := &tenancy.Tenant{Name: "sales", Access: tenancy.Access{Submitter: tenancy.Team{Account: "scheduler"}}}
	fmt.Println(sales.SubmitterAccount())
	// Output:
	// scheduler
}

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
	var events tenancy.Peer = tenancy.KafkaCluster("kafka", "events", 9093, 9094)
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

// show renders the objects of some kinds that a builder makes.
func show(b millrace.Builder, kinds ...string) {
	bundle, err := millrace.Build(b)
	if err != nil {
		fmt.Println(err)
		return
	}
	var parts millrace.Parts
	for _, o := range bundle.Objects() {
		for _, kind := range kinds {
			if o.GetObjectKind().GroupVersionKind().Kind == kind {
				parts.Objects = append(parts.Objects, o)
			}
		}
	}
	bundle, err = millrace.Build(parts)
	if err == nil {
		err = millrace.Render(os.Stdout, bundle)
	}
	if err != nil {
		fmt.Println(err)
	}
}
