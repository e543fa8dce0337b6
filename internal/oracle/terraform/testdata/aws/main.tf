variable "cluster" {
  default = "main"
}
variable "subnet" {
  default = "subnet-1"
}
variable "subnets" {
  default = ["subnet-2", "subnet-3"]
}
module "vpc" {
  source = "./module"
}
module "cni" {
  source = "./module"
}
resource "aws_eks_cluster" "main" {
  name    = "main"
  version = "1.34"
}
resource "aws_iam_role" "nodes" {
  arn = "arn:aws:iam::111122223333:role/nodes"
}
resource "aws_kms_key" "disks" {
  arn = "arn:aws:kms:eu-west-1:111122223333:key/x"
}
resource "aws_subnet" "one" {
  id = "subnet-4"
}
resource "aws_subnet" "private" {
  count = 2
  id    = "subnet-5${count.index}"
}
resource "aws_iam_role_policy_attachment" "worker" {}
data "aws_ssm_parameter" "release" {
  value = "1.34.1-20251112"
}
data "aws_subnets" "private" {
  filter {
    name   = "tag:tier"
    values = ["private"]
  }
}
