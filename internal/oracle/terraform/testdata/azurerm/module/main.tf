output "aks_id" {
  value = "x"
}
