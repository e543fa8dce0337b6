resource "google_container_node_pool" "spark_executor_arm" {
  name               = "spark-executor-arm"
  project            = data.google_project.this.project_id
  cluster            = google_container_cluster.named["blue"].name
  location           = google_container_cluster.main.location
  node_locations     = ["europe-west1-b", "europe-west1-c"]
  initial_node_count = 2
  max_pods_per_node  = 32

  autoscaling {
    min_node_count  = 2
    max_node_count  = 20
    location_policy = "BALANCED"
  }

  management {
    auto_repair  = true
    auto_upgrade = false
  }

  upgrade_settings {
    strategy        = "SURGE"
    max_surge       = 0
    max_unavailable = 2
  }

  node_drain_config {
    grace_termination_duration            = "1800s"
    pdb_timeout_duration                  = "7200s"
    respect_pdb_during_node_pool_deletion = true
  }

  placement_policy {
    type = "COMPACT"
  }

  node_config {
    machine_type     = "c4a-highmem-16-lssd"
    spot             = true
    max_run_duration = "518400s"
    disk_size_gb     = 300
    disk_type        = "hyperdisk-balanced"
    service_account  = google_service_account.nodes.email
    oauth_scopes     = ["https://www.googleapis.com/auth/devstorage.read_only", "https://www.googleapis.com/auth/logging.write"]
    tags             = ["spark"]

    labels = {
      "company.com/cost-center" = "4711"
      team                      = "data-platform"
      workload                  = "spark-executor"
    }

    resource_labels = {
      cost-center = "4711"
    }

    taint {
      key    = "workload"
      value  = "spark-executor"
      effect = "NO_SCHEDULE"
    }

    taint {
      key    = "company.com/nightly"
      value  = "true"
      effect = "PREFER_NO_SCHEDULE"
    }

    taint {
      key    = "drain"
      value  = "slow"
      effect = "NO_EXECUTE"
    }

    taint {
      key    = "cloud.google.com/gke-spot"
      value  = "true"
      effect = "NO_SCHEDULE"
    }

    taint {
      key    = "startup-taint.cluster-autoscaler.kubernetes.io/scratch"
      value  = "unformatted"
      effect = "NO_SCHEDULE"
    }

    ephemeral_storage_local_ssd_config {
      local_ssd_count = 4
    }

    secondary_boot_disks {
      disk_image = "projects/data-platform/global/images/spark-4-1"
      mode       = "CONTAINER_IMAGE_CACHE"
    }

    secondary_boot_disks {
      disk_image = google_compute_image.spark.id
      mode       = "CONTAINER_IMAGE_CACHE"
    }

    reservation_affinity {
      consume_reservation_type = "NO_RESERVATION"
    }

    workload_metadata_config {
      mode = "GKE_METADATA"
    }

    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = true
    }

    gvnic {
      enabled = true
    }

    gcfs_config {
      enabled = true
    }
  }

  lifecycle {
    ignore_changes = [initial_node_count]
  }
}
