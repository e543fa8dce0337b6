package nodepool_test

import (
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/nodepool"
)

// eks is what the smallest valid pool on EKS needs.
var eks = nodepool.EKS{Cluster: "main", Role: "arn:aws:iam::111122223333:role/nodes", Subnets: []string{"subnet-0123456789abcdef0"}}

// eksPool is the smallest valid pool on EKS.
func eksPool() *nodepool.Pool {
	return &nodepool.Pool{Name: "etl", Machine: "r6i.4xlarge", Max: 10, Provider: eks}
}

// eksctlPool is the smallest valid pool for eksctl.
func eksctlPool() *nodepool.Pool {
	return &nodepool.Pool{Name: "etl", Machine: "r6i.4xlarge", Max: 10,
		Provider: nodepool.EKS{Format: nodepool.Eksctl, Cluster: "main", Region: "eu-west-1"}}
}

// spotEKS is a pool of spot machines of one size.
func spotEKS() *nodepool.Pool {
	p := eksPool()
	p.Name, p.Workload, p.Capacity = "spark-executor-spot", "spark-executor", nodepool.Spot
	p.OtherMachines = []string{"r6a.4xlarge", "r7i.4xlarge", "r7a.4xlarge"}
	return p
}

// nvmeEKS has local disks, and pulls images in parts.
func nvmeEKS() *nodepool.Pool {
	p := eksPool()
	p.Machine, p.ImageStreaming, p.Disk.LocalNVMe = "r6id.4xlarge", true, true
	return p
}

// fullEKS and fullEksctl set every field that their format has.
func fullEKS() *nodepool.Pool {
	p := fullOnAWS()
	p.Provider = nodepool.EKS{
		Cluster: "aws_eks_cluster.main", Version: "aws_eks_cluster.main", ReleaseVersion: "1.34.1-20251112", Role: "aws_iam_role.nodes",
		Subnets: []string{"aws_subnet.private[*]", "module.vpc.subnets"}, DependsOn: []string{"aws_iam_role_policy_attachment.worker", "module.cni"},
		AMIType: "AL2023_ARM_64_STANDARD", MaxPods: 58, HopLimit: 2, KMSKey: "aws_kms_key.disks", IOPS: 4000, Throughput: 1000,
		MaxUnavailable: "10%", ForceUpdates: true, NoRepair: true,
		Tags: map[string]string{"team": "data-platform", "cost center": "4711"},
	}
	return p
}

func fullEksctl() *nodepool.Pool {
	p := fullOnAWS()
	p.Provider = nodepool.EKS{Format: nodepool.Eksctl,
		Cluster: "main", Region: "eu-west-1", ReleaseVersion: "1.34.1-20251112", Role: "arn:aws:iam::111122223333:role/nodes",
		AMIType: "AL2023_ARM_64_STANDARD", MaxPods: 58, HopLimit: 2, KMSKey: "0a1b2c3d-0000-1111-2222-333344445555", IOPS: 4000, Throughput: 1000,
		MaxUnavailable: "10%", NoRepair: true, Public: true,
		Tags: map[string]string{"team": "data-platform", "cost center": "4711"},
	}
	return p
}

func fullOnAWS() *nodepool.Pool {
	return &nodepool.Pool{
		Name: "spark-executor-arm", Workload: "spark-executor", Machine: "r6g.4xlarge", OtherMachines: []string{"r7g.4xlarge", "r8g.4xlarge"}, Arch: nodepool.ARM64,
		Capacity: nodepool.Spot, Zones: []string{"eu-west-1a", "eu-west-1b"}, Min: 2, Max: 20, ImageStreaming: true,
		Disk:   nodepool.Disk{Size: 300 * millrace.GiB, Type: "gp3"},
		Labels: map[string]string{"team": "data-platform", "company.com/cost-center": "4711"},
		Taints: []corev1.Taint{{Key: "company.com/nightly", Effect: corev1.TaintEffectPreferNoSchedule},
			{Key: "drain", Value: "slow", Effect: corev1.TaintEffectNoExecute}},
		StartupTaints: []corev1.Taint{{Key: "node.cilium.io/agent-not-ready", Value: "true", Effect: corev1.TaintEffectNoExecute}},
	}
}
