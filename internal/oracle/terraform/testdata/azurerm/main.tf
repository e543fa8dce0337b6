variable "cluster_id" {
  default = "a cluster's"
}
module "aks" {
  source = "./module"
}
resource "azurerm_kubernetes_cluster" "main" {
  id = "a cluster's"
}
resource "azurerm_subnet" "nodes" {
  id = "a subnet's"
}
data "azurerm_kubernetes_cluster" "main" {
  id = "a cluster's"
}
data "azurerm_subnet" "pods" {
  id = "a subnet's"
}
