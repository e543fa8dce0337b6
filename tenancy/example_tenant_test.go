package tenancy_test

import (
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"

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
	amount := (10 * millrace.GiB).Quantity()
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
