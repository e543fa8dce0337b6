resource "google_container_node_pool" "training" {
  name     = "training"
  cluster  = "main"
  location = "europe-west4"

  autoscaling {
    total_min_node_count = 0
    total_max_node_count = 8
    location_policy      = "ANY"
  }

  management {
    auto_repair  = false
    auto_upgrade = true
  }

  queued_provisioning {
    enabled = true
  }

  node_config {
    machine_type     = "h4d-highmem-192-lssd"
    flex_start       = true
    max_run_duration = "129600s"
    disk_size_gb     = 100
    disk_type        = "hyperdisk-balanced"
    oauth_scopes     = ["https://www.googleapis.com/auth/cloud-platform"]

    labels = {
      workload = "training"
    }

    taint {
      key    = "workload"
      value  = "training"
      effect = "NO_SCHEDULE"
    }

    ephemeral_storage_local_ssd_config {
      local_ssd_count = 10
    }

    reservation_affinity {
      consume_reservation_type = "NO_RESERVATION"
    }
  }
}
