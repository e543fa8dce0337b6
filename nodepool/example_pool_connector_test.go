package nodepool_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// A pool on GKE that Config Connector makes, beside the cluster it made.
func ExamplePool_ContainerNodePool() {
	pool := &nodepool.Pool{
		Name:    "spark-executor",
		Machine: "n2-highmem-16",
		Max:     50,
		Provider: nodepool.GKE{
			Format: nodepool.ConfigConnector, Namespace: "infrastructure",
			Cluster: "main", Location: "europe-west1",
		},
	}
	object, err := pool.ContainerNodePool()
	if err != nil {
		fmt.Println(err)
		return
	}
	bundle, err := millrace.Build(millrace.Parts{Objects: []millrace.Object{object}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := millrace.Render(os.Stdout, bundle); err != nil {
		fmt.Println(err)
	}
	// Output:
	// apiVersion: container.cnrm.cloud.google.com/v1beta1
	// kind: ContainerNodePool
	// metadata:
	//   name: spark-executor
	//   namespace: infrastructure
	//   annotations:
	//     cnrm.cloud.google.com/state-into-spec: absent
	// spec:
	//   clusterRef:
	//     name: main
	//   location: europe-west1
	//   autoscaling:
	//     minNodeCount: 0
	//     maxNodeCount: 50
	//     locationPolicy: BALANCED
	//   management:
	//     autoRepair: true
	//     autoUpgrade: true
	//   nodeConfig:
	//     machineType: n2-highmem-16
	//     diskSizeGb: 100
	//     diskType: pd-balanced
	//     oauthScopes:
	//     - https://www.googleapis.com/auth/cloud-platform
	//     labels:
	//       workload: spark-executor
	//     taint:
	//     - key: workload
	//       value: spark-executor
	//       effect: NO_SCHEDULE
}

// Local disks for shuffles, an upgrade that takes no machine away before there
// is another, and machines of a reservation.
func ExampleGKE() {
	pool := &nodepool.Pool{
		Name:           "shuffle",
		Machine:        "n2-highmem-32",
		Max:            20,
		ImageStreaming: true,
		Disk:           nodepool.Disk{LocalNVMe: true},
		Provider: nodepool.GKE{
			Cluster: "google_container_cluster.main", Location: "var.region",
			LocalSSDs:    4,
			Upgrade:      nodepool.GKEUpgrade{Surge: new(2), KeepBudgets: true},
			Provisioning: nodepool.GKEProvisioning{Reservation: "spark"},
		},
	}
	terraform, err := pool.Terraform()
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(terraform)
	// Output:
	// resource "google_container_node_pool" "shuffle" {
	//   name     = "shuffle"
	//   cluster  = google_container_cluster.main.name
	//   location = var.region
	//
	//   autoscaling {
	//     min_node_count  = 0
	//     max_node_count  = 20
	//     location_policy = "BALANCED"
	//   }
	//
	//   management {
	//     auto_repair  = true
	//     auto_upgrade = true
	//   }
	//
	//   upgrade_settings {
	//     strategy        = "SURGE"
	//     max_surge       = 2
	//     max_unavailable = 0
	//   }
	//
	//   node_drain_config {
	//     respect_pdb_during_node_pool_deletion = true
	//   }
	//
	//   node_config {
	//     machine_type = "n2-highmem-32"
	//     disk_size_gb = 100
	//     disk_type    = "pd-balanced"
	//     oauth_scopes = ["https://www.googleapis.com/auth/cloud-platform"]
	//
	//     labels = {
	//       workload = "shuffle"
	//     }
	//
	//     taint {
	//       key    = "workload"
	//       value  = "shuffle"
	//       effect = "NO_SCHEDULE"
	//     }
	//
	//     ephemeral_storage_local_ssd_config {
	//       local_ssd_count = 4
	//     }
	//
	//     reservation_affinity {
	//       consume_reservation_type = "SPECIFIC_RESERVATION"
	//       key                      = "compute.googleapis.com/reservation-name"
	//       values                   = ["spark"]
	//     }
	//
	//     gcfs_config {
	//       enabled = true
	//     }
	//   }
	// }
}

// What machines can't have is said before the cloud says it.
func ExampleGKE_localSSDs() {
	pool := &nodepool.Pool{Name: "shuffle", Machine: "c3-highmem-22", Max: 20, Disk: nodepool.Disk{LocalNVMe: true},
		Provider: nodepool.GKE{Cluster: "main", Location: "europe-west1"}}
	_, err := pool.Build()
	fmt.Println(err)
	pool.Machine = "c3-highmem-22-lssd"
	_, err = pool.Build()
	fmt.Println(err)
	// Output:
	// build: nodepool.Pool shuffle: Disk.LocalNVMe: a machine of type c3-highmem-22 has no local SSDs; use one whose name ends in -lssd [build/unsupported]
	// <nil>
}
