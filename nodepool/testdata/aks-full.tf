resource "azurerm_kubernetes_cluster_node_pool" "spark_executor_arm" {
  name                        = "sparkarm"
  temporary_name_for_rotation = "sparktmp"
  kubernetes_cluster_id       = "/subscriptions/12345678-1234-9876-4563-123456789012/resourceGroups/data.platform_(eu)/providers/Microsoft.ContainerService/managedClusters/main"
  mode                        = "User"
  orchestrator_version        = "1.33"
  vm_size                     = "Standard_E16pds_v5"
  os_sku                      = "AzureLinux3"
  fips_enabled                = true
  host_encryption_enabled     = true
  zones                       = ["1", "3"]
  max_pods                    = 60
  vnet_subnet_id              = azurerm_subnet.nodes.id
  pod_subnet_id               = data.azurerm_subnet.pods.id

  auto_scaling_enabled = true
  min_count            = 2
  max_count            = 20

  os_disk_size_gb   = 300
  os_disk_type      = "Ephemeral"
  kubelet_disk_type = "Temporary"

  node_labels = {
    "company.com/cost-center" = "4711"
    team                      = "data-platform"
    workload                  = "spark-executor"
  }
  node_taints = ["workload=spark-executor:NoSchedule", "company.com/nightly=true:PreferNoSchedule", "drain=slow:NoExecute"]

  tags = {
    "cost center" = "4711 $${not a template}"
  }

  upgrade_settings {
    max_surge                     = "33%"
    drain_timeout_in_minutes      = 720
    node_soak_duration_in_minutes = 5
  }
}
