resource "google_container_node_pool" "etl" {
  name     = "etl"
  cluster  = "projects/p/locations/l/clusters/c"
  location = "europe-west1"

  autoscaling {
    total_min_node_count = 3
    total_max_node_count = 10
    location_policy      = "BALANCED"
  }

  management {
    auto_repair  = true
    auto_upgrade = true
  }

  node_config {
    machine_type = "n2-highmem-16"
    disk_size_gb = 100
    disk_type    = "pd-balanced"
    oauth_scopes = ["https://www.googleapis.com/auth/cloud-platform"]

    labels = {
      workload = "etl"
    }

    taint {
      key    = "workload"
      value  = "etl"
      effect = "NO_SCHEDULE"
    }
  }
}
