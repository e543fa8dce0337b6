package nodepool_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// A pool of spot machines for Spark executors on AKS, as Terraform. Azure has a
// name of its own for it, and puts a label and a taint on spot machines, which
// the pool's Placement tolerates.
func ExampleAKS() {
	pool := &nodepool.Pool{
		Name:     "spark-executor-spot",
		Workload: "spark-executor",
		Machine:  "Standard_E16ds_v5",
		Capacity: nodepool.Spot,
		Zones:    []string{"westeurope-1"},
		Max:      50,
		Disk:     nodepool.Disk{Size: 300 * millrace.GiB, LocalNVMe: true},
		Provider: nodepool.AKS{Cluster: "azurerm_kubernetes_cluster.main", PoolName: "sparkspot", Subnet: "var.subnet_id", MaxPods: 30},
	}
	terraform, err := pool.Terraform()
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(terraform)
	for _, t := range pool.Placement().Tolerations {
		fmt.Println("tolerates", t.Key, t.Value, t.Effect)
	}
	// Output:
	// resource "azurerm_kubernetes_cluster_node_pool" "spark_executor_spot" {
	//   name                  = "sparkspot"
	//   kubernetes_cluster_id = azurerm_kubernetes_cluster.main.id
	//   mode                  = "User"
	//   vm_size               = "Standard_E16ds_v5"
	//   zones                 = ["1"]
	//   max_pods              = 30
	//   vnet_subnet_id        = var.subnet_id
	//
	//   auto_scaling_enabled = true
	//   min_count            = 0
	//   max_count            = 50
	//
	//   priority        = "Spot"
	//   eviction_policy = "Delete"
	//   spot_max_price  = -1
	//
	//   os_disk_size_gb = 300
	//   os_disk_type    = "Ephemeral"
	//
	//   node_labels = {
	//     "kubernetes.azure.com/scalesetpriority" = "spot"
	//     workload                                = "spark-executor"
	//   }
	//   node_taints = ["workload=spark-executor:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]
	// }
	// tolerates workload spark-executor NoSchedule
	// tolerates kubernetes.azure.com/scalesetpriority spot NoSchedule
}
