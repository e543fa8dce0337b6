resource "azurerm_kubernetes_cluster_node_pool" "etl" {
  name                  = "etl"
  kubernetes_cluster_id = azurerm_kubernetes_cluster.main.id
  mode                  = "User"
  vm_size               = "Standard_E16ds_v5"

  auto_scaling_enabled = true
  min_count            = 0
  max_count            = 10

  node_labels = {
    workload = "etl"
  }
  node_taints = ["workload=etl:NoSchedule"]

  upgrade_settings {
    max_surge = "10%"
  }
}
