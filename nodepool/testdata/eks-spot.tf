resource "aws_launch_template" "spark_executor_spot" {
  name_prefix            = "spark-executor-spot-"
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

resource "aws_eks_node_group" "spark_executor_spot" {
  cluster_name    = "main"
  node_group_name = "spark-executor-spot"
  node_role_arn   = "arn:aws:iam::111122223333:role/nodes"
  subnet_ids      = ["subnet-0123456789abcdef0"]
  ami_type        = "AL2023_x86_64_STANDARD"
  capacity_type   = "SPOT"
  instance_types  = ["r6i.4xlarge", "r6a.4xlarge", "r7i.4xlarge", "r7a.4xlarge"]

  labels = {
    workload = "spark-executor"
  }

  scaling_config {
    min_size     = 0
    max_size     = 10
    desired_size = 0
  }

  launch_template {
    id      = aws_launch_template.spark_executor_spot.id
    version = aws_launch_template.spark_executor_spot.latest_version
  }

  taint {
    key    = "workload"
    value  = "spark-executor"
    effect = "NO_SCHEDULE"
  }

  taint {
    key    = "karpenter.sh/capacity-type"
    value  = "spot"
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

resource "aws_autoscaling_group_tag" "spark_executor_spot" {
  for_each = {
    "k8s.io/cluster-autoscaler/node-template/label/eks.amazonaws.com/capacityType" = "SPOT"
    "k8s.io/cluster-autoscaler/node-template/label/eks.amazonaws.com/nodegroup"    = "spark-executor-spot"
    "k8s.io/cluster-autoscaler/node-template/label/workload"                       = "spark-executor"
    "k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage"          = "88Gi"
    "k8s.io/cluster-autoscaler/node-template/taint/karpenter.sh/capacity-type"     = "spot:NoSchedule"
    "k8s.io/cluster-autoscaler/node-template/taint/workload"                       = "spark-executor:NoSchedule"
  }

  autoscaling_group_name = aws_eks_node_group.spark_executor_spot.resources[0].autoscaling_groups[0].name

  tag {
    key                 = each.key
    value               = each.value
    propagate_at_launch = false
  }
}
