resource "aws_launch_template" "etl" {
  name_prefix            = "etl-"
  update_default_version = true

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size           = 100
      volume_type           = "gp3"
      encrypted             = true
      delete_on_termination = true
    }
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
}

resource "aws_eks_node_group" "etl" {
  cluster_name    = "main"
  node_group_name = "etl"
  node_role_arn   = "arn:aws:iam::111122223333:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]
  ami_type        = "AL2023_x86_64_STANDARD"
  capacity_type   = "ON_DEMAND"
  instance_types  = ["r6i.4xlarge"]

  labels = {
    workload = "etl"
  }

  scaling_config {
    min_size     = 0
    max_size     = 10
    desired_size = 0
  }

  launch_template {
    id      = aws_launch_template.etl.id
    version = aws_launch_template.etl.latest_version
  }

  taint {
    key    = "workload"
    value  = "etl"
    effect = "NO_SCHEDULE"
  }

  update_config {
    max_unavailable = 1
  }

  node_repair_config {
    enabled = true
  }

  lifecycle {
    ignore_changes = [scaling_config[0].desired_size]
  }
}

resource "aws_autoscaling_group_tag" "etl" {
  for_each = {
    "k8s.io/cluster-autoscaler/node-template/label/eks.amazonaws.com/capacityType" = "ON_DEMAND"
    "k8s.io/cluster-autoscaler/node-template/label/eks.amazonaws.com/nodegroup"    = "etl"
    "k8s.io/cluster-autoscaler/node-template/label/workload"                       = "etl"
    "k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage"          = "88Gi"
    "k8s.io/cluster-autoscaler/node-template/taint/workload"                       = "etl:NoSchedule"
  }

  autoscaling_group_name = aws_eks_node_group.etl.resources[0].autoscaling_groups[0].name

  tag {
    key                 = each.key
    value               = each.value
    propagate_at_launch = false
  }
}
