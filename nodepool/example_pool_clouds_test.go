package nodepool_test

import (
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// One pool, on one cloud after the other: what differs is the machine's name and
// the provider. Jobs are sent there by the same selector, except on a
// GKEComputeClass, which has a label of its own.
func ExamplePool() {
	on := func(machine string, provider nodepool.Provider) *nodepool.Pool {
		return &nodepool.Pool{
			Name: "spark-executor", Machine: machine, Max: 50,
			Labels:   map[string]string{"team": "data-platform"},
			Provider: provider,
		}
	}
	for _, pool := range []*nodepool.Pool{
		on("n2-highmem-16", nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region"}),
		on("r7i.4xlarge", nodepool.EKS{Cluster: "aws_eks_cluster.main", Role: "aws_iam_role.nodes", Subnets: []string{"aws_subnet.private[*]"}}),
		on("Standard_E16s_v5", nodepool.AKS{Cluster: "azurerm_kubernetes_cluster.main", PoolName: "executors"}),
		on("r7i.4xlarge", nodepool.Karpenter{EC2: &nodepool.EC2NodeClass{AMI: "al2023@v20260723", Role: "data-nodes", Discovery: "data"}}),
	} {
		bundle, err := millrace.Build(pool)
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, f := range bundle.Files() {
			fmt.Println(f.Path)
		}
		for _, o := range bundle.Objects() {
			fmt.Println(millrace.RefOf(o))
		}
		fmt.Println(" ", pool.Placement().NodeSelector, bundle.Nodes()[0].Allocatable.Cpu())
	}
	// Output:
	// terraform/spark-executor.tf
	//   map[workload:spark-executor] 15890m
	// terraform/spark-executor.tf
	//   map[workload:spark-executor] 15890m
	// terraform/spark-executor.tf
	//   map[workload:spark-executor] 15740m
	// EC2NodeClass spark-executor
	// NodePool spark-executor
	//   map[workload:spark-executor] 15890m
}

// Two pools of one workload: executors go to spot machines, and to the others
// where there are none. Drivers have a pool of their own.
func ExampleCapacity() {
	gke := nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region"}
	spot := &nodepool.Pool{
		Name: "spark-executor-spot", Workload: "spark-executor",
		Machine: "n2-highmem-16", Max: 50, Capacity: nodepool.Spot, Provider: gke,
	}
	steady := &nodepool.Pool{
		Name: "spark-executor", Workload: "spark-executor",
		Machine: "n2-highmem-16", Max: 10, Provider: gke,
	}
	drivers := &nodepool.Pool{Name: "spark-driver", Machine: "n2-standard-8", Max: 10, Provider: gke}

	bundle, err := millrace.Build(spot, steady, drivers)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, nodes := range bundle.Nodes() {
		fmt.Println(nodes.Pool, nodes.Notice)
		fmt.Println("  takes who is sent to spot:", nodes.Refuses(spot.Placement()).Empty())
		fmt.Println("  takes who is sent to the steady ones:", nodes.Refuses(steady.Placement()).Empty())
	}
	// Output:
	// spark-executor-spot 15s
	//   takes who is sent to spot: true
	//   takes who is sent to the steady ones: false
	// spark-executor 0s
	//   takes who is sent to spot: true
	//   takes who is sent to the steady ones: true
	// spark-driver 0s
	//   takes who is sent to spot: false
	//   takes who is sent to the steady ones: false
}

// Karpenter counts cores and memory as well as nodes.
func ExampleLimits() {
	pool := &nodepool.Pool{
		Name: "spark-executor", Machine: "r7i.4xlarge",
		Limits:   nodepool.Limits{CPU: 640, Memory: 5 * millrace.TiB},
		Provider: nodepool.Karpenter{NodeClass: nodepool.NodeClass{Name: "data"}},
	}
	np, err := pool.NodePool()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(np.Spec.Limits.Cpu(), np.Spec.Limits.Memory())
	// Output:
	// 640 5Ti
}

// Upgrades that leave a night's jobs time to end.
func ExampleAKSUpgrade() {
	pool := &nodepool.Pool{
		Name: "executors", Machine: "Standard_E16s_v5", Max: 50,
		Provider: nodepool.AKS{
			Cluster: "azurerm_kubernetes_cluster.main",
			Upgrade: nodepool.AKSUpgrade{MaxSurge: "2", DrainTimeout: 8 * time.Hour, Soak: 5 * time.Minute},
		},
	}
	terraform, err := pool.Terraform()
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(terraform)
	// Output:
	// resource "azurerm_kubernetes_cluster_node_pool" "executors" {
	//   name                  = "executors"
	//   kubernetes_cluster_id = azurerm_kubernetes_cluster.main.id
	//   mode                  = "User"
	//   vm_size               = "Standard_E16s_v5"
	//
	//   auto_scaling_enabled = true
	//   min_count            = 0
	//   max_count            = 50
	//
	//   node_labels = {
	//     workload = "executors"
	//   }
	//   node_taints = ["workload=executors:NoSchedule"]
	//
	//   upgrade_settings {
	//     max_surge                     = "2"
	//     drain_timeout_in_minutes      = 480
	//     node_soak_duration_in_minutes = 5
	//   }
	// }
}

// What isn't known of a machine isn't guessed.
func ExampleUnknownSizeError() {
	pool := &nodepool.Pool{
		Name: "spark", Machine: "z9-highmem-16", Max: 10,
		Provider: nodepool.GKE{Cluster: "main", Location: "europe-west1"},
	}
	_, err := pool.Fit()
	if unknown, ok := errors.AsType[*nodepool.UnknownSizeError](err); ok {
		fmt.Println(unknown.Machine)
		fmt.Println(unknown.Error())
	}
	pool.Shape = nodepool.Shape{CPUs: 16, Memory: 128 * millrace.GiB}
	fit, err := pool.Fit()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(fit.String())
	// Output:
	// z9-highmem-16
	// fit on pool spark: unknown machine "z9-highmem-16": set Shape to what one has, or Allocatable to what a node shows
	// pool spark
	//   node      15890m CPU, 116.3Gi of memory, 43.19Gi of disk for pods, an estimate by the formula of GKE, plan node sizes (2026)
	//   agents    take about 300m CPU, 600Mi of memory
}
