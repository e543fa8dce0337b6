data "aws_subnets" "spark_executor_arm" {
  filter {
    name   = "subnet-id"
    values = flatten([aws_subnet.private[*].id, module.vpc.subnets])
  }

  filter {
    name   = "availability-zone"
    values = ["eu-west-1a", "eu-west-1b"]
  }
}

resource "aws_launch_template" "spark_executor_arm" {
  name_prefix            = "spark-executor-arm-"
  update_default_version = true
  user_data = base64encode(<<-EOT
    MIME-Version: 1.0
    Content-Type: multipart/mixed; boundary="//"

    --//
    Content-Type: application/node.eks.aws

    apiVersion: node.eks.aws/v1alpha1
    kind: NodeConfig
    spec:
      featureGates:
        FastImagePull: true
      kubelet:
        config:
          maxPods: 58

    --//--
  EOT
  )

  tags = {
    "cost center" = "4711"
    team          = "data-platform"
  }

  block_device_mappings {
    device_name = "/dev/xvda"

    ebs {
      volume_size           = 300
      volume_type           = "gp3"
      iops                  = 4000
      throughput            = 1000
      encrypted             = true
      kms_key_id            = aws_kms_key.disks.arn
      delete_on_termination = true
    }
  }

  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }

  tag_specifications {
    resource_type = "instance"
    tags = {
      "cost center" = "4711"
      team          = "data-platform"
    }
  }

  tag_specifications {
    resource_type = "volume"
    tags = {
      "cost center" = "4711"
      team          = "data-platform"
    }
  }
}

resource "aws_eks_node_group" "spark_executor_arm" {
  cluster_name         = aws_eks_cluster.main.name
  node_group_name      = "spark-executor-arm"
  node_role_arn        = aws_iam_role.nodes.arn
  subnet_ids           = data.aws_subnets.spark_executor_arm.ids
  version              = aws_eks_cluster.main.version
  release_version      = "1.34.1-20251112"
  force_update_version = true
  ami_type             = "AL2023_ARM_64_STANDARD"
  capacity_type        = "SPOT"
  instance_types       = ["r6g.4xlarge", "r7g.4xlarge", "r8g.4xlarge"]

  labels = {
    "company.com/cost-center" = "4711"
    team                      = "data-platform"
    workload                  = "spark-executor"
  }

  tags = {
    "cost center" = "4711"
    team          = "data-platform"
  }

  depends_on = [aws_iam_role_policy_attachment.worker, module.cni]

  scaling_config {
    min_size     = 2
    max_size     = 20
    desired_size = 2
  }

  launch_template {
    id      = aws_launch_template.spark_executor_arm.id
    version = aws_launch_template.spark_executor_arm.latest_version
  }

  taint {
    key    = "workload"
    value  = "spark-executor"
    effect = "NO_SCHEDULE"
  }

  taint {
    key    = "company.com/nightly"
    effect = "PREFER_NO_SCHEDULE"
  }

  taint {
    key    = "drain"
    value  = "slow"
    effect = "NO_EXECUTE"
  }

  taint {
    key    = "karpenter.sh/capacity-type"
    value  = "spot"
    effect = "NO_SCHEDULE"
  }

  taint {
    key    = "node.cilium.io/agent-not-ready"
    value  = "true"
    effect = "NO_EXECUTE"
  }

  update_config {
    max_unavailable_percentage = 10
  }

  node_repair_config {
    enabled = false
  }

  lifecycle {
    ignore_changes = [scaling_config[0].desired_size]
  }
}

resource "aws_autoscaling_group_tag" "spark_executor_arm" {
  for_each = {
    "k8s.io/cluster-autoscaler/node-template/label/company.com/cost-center"        = "4711"
    "k8s.io/cluster-autoscaler/node-template/label/eks.amazonaws.com/capacityType" = "SPOT"
    "k8s.io/cluster-autoscaler/node-template/label/eks.amazonaws.com/nodegroup"    = "spark-executor-arm"
    "k8s.io/cluster-autoscaler/node-template/label/team"                           = "data-platform"
    "k8s.io/cluster-autoscaler/node-template/label/workload"                       = "spark-executor"
    "k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage"          = "268Gi"
    "k8s.io/cluster-autoscaler/node-template/taint/company.com/nightly"            = ":PreferNoSchedule"
    "k8s.io/cluster-autoscaler/node-template/taint/drain"                          = "slow:NoExecute"
    "k8s.io/cluster-autoscaler/node-template/taint/karpenter.sh/capacity-type"     = "spot:NoSchedule"
    "k8s.io/cluster-autoscaler/node-template/taint/workload"                       = "spark-executor:NoSchedule"
  }

  autoscaling_group_name = aws_eks_node_group.spark_executor_arm.resources[0].autoscaling_groups[0].name

  tag {
    key                 = each.key
    value               = each.value
    propagate_at_launch = false
  }
}
