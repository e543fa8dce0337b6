resource "google_container_node_pool" "spark_executor_pool" {
  name     = "spark-executor-pool"
  cluster  = google_container_cluster.main.name
  location = var.region

  autoscaling {
    min_node_count  = 0
    max_node_count  = 50
    location_policy = "BALANCED"
  }

  management {
    auto_repair  = true
    auto_upgrade = true
  }

  node_config {
    machine_type = "n2-highmem-16"
    disk_size_gb = 200
    disk_type    = "pd-ssd"
    oauth_scopes = ["https://www.googleapis.com/auth/cloud-platform"]

    labels = {
      team     = "data-platform"
      workload = "spark-executor"
    }

    taint {
      key    = "workload"
      value  = "spark-executor"
      effect = "NO_SCHEDULE"
    }
  }
}
