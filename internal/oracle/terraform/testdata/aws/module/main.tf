output "subnets" {
  value = ["subnet-6"]
}
