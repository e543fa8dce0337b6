package nodepool_test

import (
	"fmt"
	"os"

	"github.com/millrace/millrace/nodepool"
)

// A managed node group of spot machines of one size, as Terraform. Cluster
// Autoscaler makes its first node by what the tags say.
func ExampleEKS() {
	pool := &nodepool.Pool{
		Name:          "spark-spot",
		Workload:      "spark",
		Machine:       "r6i.4xlarge",
		OtherMachines: []string{"r6a.4xlarge", "r7i.4xlarge"},
		Capacity:      nodepool.Spot,
		Max:           50,
		Provider: nodepool.EKS{
			Cluster: "aws_eks_cluster.main",
			Role:    "aws_iam_role.nodes",
			Subnets: []string{"aws_subnet.private[*]"},
		},
	}
	terraform, err := pool.Terraform()
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(terraform)
	// Output:
	// resource "aws_launch_template" "spark_spot" {
	//   name_prefix            = "spark-spot-"
	//   update_default_version = true
	//
	//   block_device_mappings {
	//     device_name = "/dev/xvda"
	//
	//     ebs {
	//       volume_size           = 100
	//       volume_type           = "gp3"
	//       encrypted             = true
	//       delete_on_termination = true
	//     }
	//   }
	//
	//   metadata_options {
	//     http_endpoint               = "enabled"
	//     http_tokens                 = "required"
	//     http_put_response_hop_limit = 1
	//   }
	// }
	//
	// resource "aws_eks_node_group" "spark_spot" {
	//   cluster_name    = aws_eks_cluster.main.name
	//   node_group_name = "spark-spot"
	//   node_role_arn   = aws_iam_role.nodes.arn
	//   subnet_ids      = aws_subnet.private[*].id
	//   ami_type        = "AL2023_x86_64_STANDARD"
	//   capacity_type   = "SPOT"
	//   instance_types  = ["r6i.4xlarge", "r6a.4xlarge", "r7i.4xlarge"]
	//
	//   labels = {
	//     workload = "spark"
	//   }
	//
	//   scaling_config {
	//     min_size     = 0
	//     max_size     = 50
	//     desired_size = 0
	//   }
	//
	//   launch_template {
	//     id      = aws_launch_template.spark_spot.id
	//     version = aws_launch_template.spark_spot.latest_version
	//   }
	//
	//   taint {
	//     key    = "workload"
	//     value  = "spark"
	//     effect = "NO_SCHEDULE"
	//   }
	//
	//   taint {
	//     key    = "karpenter.sh/capacity-type"
	//     value  = "spot"
	//     effect = "NO_SCHEDULE"
	//   }
	//
	//   update_config {
	//     max_unavailable = 1
	//   }
	//
	//   node_repair_config {
	//     enabled = true
	//   }
	//
	//   lifecycle {
	//     ignore_changes = [scaling_config[0].desired_size]
	//   }
	// }
	//
	// resource "aws_autoscaling_group_tag" "spark_spot" {
	//   for_each = {
	//     "k8s.io/cluster-autoscaler/node-template/label/eks.amazonaws.com/capacityType" = "SPOT"
	//     "k8s.io/cluster-autoscaler/node-template/label/eks.amazonaws.com/nodegroup"    = "spark-spot"
	//     "k8s.io/cluster-autoscaler/node-template/label/workload"                       = "spark"
	//     "k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage"          = "88Gi"
	//     "k8s.io/cluster-autoscaler/node-template/taint/karpenter.sh/capacity-type"     = "spot:NoSchedule"
	//     "k8s.io/cluster-autoscaler/node-template/taint/workload"                       = "spark:NoSchedule"
	//   }
	//
	//   autoscaling_group_name = aws_eks_node_group.spark_spot.resources[0].autoscaling_groups[0].name
	//
	//   tag {
	//     key                 = each.key
	//     value               = each.value
	//     propagate_at_launch = false
	//   }
	// }
}

// The same group for eksctl, which adds it to the cluster that the file names:
// eksctl create nodegroup -f eksctl/spark-spot.yaml.
func ExampleEKS_eksctl() {
	pool := &nodepool.Pool{
		Name:     "spark-spot",
		Workload: "spark",
		Machine:  "r6id.4xlarge",
		Capacity: nodepool.Spot,
		Max:      50,
		Disk:     nodepool.Disk{LocalNVMe: true},
		Provider: nodepool.EKS{Format: nodepool.Eksctl, Cluster: "main", Region: "eu-west-1"},
	}
	parts, err := pool.Build()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(parts.Files[0].Path)
	os.Stdout.Write(parts.Files[0].Data)
	// Output:
	// eksctl/spark-spot.yaml
	// apiVersion: eksctl.io/v1alpha5
	// kind: ClusterConfig
	// metadata:
	//   name: main
	//   region: eu-west-1
	// managedNodeGroups:
	// - name: spark-spot
	//   amiFamily: AmazonLinux2023
	//   instanceTypes:
	//   - r6id.4xlarge
	//   spot: true
	//   minSize: 0
	//   maxSize: 50
	//   privateNetworking: true
	//   labels:
	//     workload: spark
	//   taints:
	//   - key: workload
	//     value: spark
	//     effect: NoSchedule
	//   - key: karpenter.sh/capacity-type
	//     value: spot
	//     effect: NoSchedule
	//   volumeSize: 100
	//   volumeType: gp3
	//   volumeEncrypted: true
	//   disablePodIMDS: true
	//   overrideBootstrapCommand: |
	//     apiVersion: node.eks.aws/v1alpha1
	//     kind: NodeConfig
	//     spec:
	//       instance:
	//         localStorage:
	//           strategy: RAID0
	//   updateConfig:
	//     maxUnavailable: 1
	//   nodeRepairConfig:
	//     enabled: true
	//   propagateASGTags: true
	//   tags:
	//     k8s.io/cluster-autoscaler/node-template/label/eks.amazonaws.com/capacityType: SPOT
	//     k8s.io/cluster-autoscaler/node-template/label/eks.amazonaws.com/nodegroup: spark-spot
	//     k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage: 794Gi
	//     k8s.io/cluster-autoscaler/node-template/taint/karpenter.sh/capacity-type: spot:NoSchedule
	//     k8s.io/cluster-autoscaler/node-template/taint/workload: spark:NoSchedule
}
