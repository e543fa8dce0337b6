package nodepool_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// A dedicated pool for Spark executors on GKE, as Terraform.
func ExamplePool_Terraform() {
	pool := &nodepool.Pool{
		Name:     "spark-executor-pool",
		Workload: "spark-executor",
		Machine:  "n2-highmem-16",
		Max:      50,
		Disk:     nodepool.Disk{Size: 200 * millrace.GiB, Type: "pd-ssd"},
		Labels:   map[string]string{"team": "data-platform"},
		Provider: nodepool.GKE{Cluster: "google_container_cluster.main", Location: "var.region"},
	}
	terraform, err := pool.Terraform()
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(terraform)
	// Output:
	// resource "google_container_node_pool" "spark_executor_pool" {
	//   name     = "spark-executor-pool"
	//   cluster  = google_container_cluster.main.name
	//   location = var.region
	//
	//   autoscaling {
	//     min_node_count  = 0
	//     max_node_count  = 50
	//     location_policy = "BALANCED"
	//   }
	//
	//   management {
	//     auto_repair  = true
	//     auto_upgrade = true
	//   }
	//
	//   node_config {
	//     machine_type = "n2-highmem-16"
	//     disk_size_gb = 200
	//     disk_type    = "pd-ssd"
	//     oauth_scopes = ["https://www.googleapis.com/auth/cloud-platform"]
	//
	//     labels = {
	//       team     = "data-platform"
	//       workload = "spark-executor"
	//     }
	//
	//     taint {
	//       key    = "workload"
	//       value  = "spark-executor"
	//       effect = "NO_SCHEDULE"
	//     }
	//   }
	// }
}
