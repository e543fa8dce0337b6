resource "azurerm_kubernetes_cluster_node_pool" "etl_spot" {
  name                  = "etlspot"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.main.id
  mode                  = "User"
  vm_size               = "Standard_E16ds_v5"

  auto_scaling_enabled = true
  min_count            = 0
  max_count            = 10

  priority        = "Spot"
  eviction_policy = "Delete"
  spot_max_price  = -1

  node_labels = {
    "kubernetes.azure.com/scalesetpriority" = "spot"
    workload                                = "etl"
  }
  node_taints = ["workload=etl:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]
}
