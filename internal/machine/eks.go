package machine

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// eksEviction, in MiB, is where the kubelet begins to evict.
const eksEviction = 100

// EKS estimates what a node of an EKS managed node group leaves to pods.
func EKS(n Node) Estimate {
	mib := int64(n.Type.Memory / millrace.MiB)
	return Estimate{Allocatable: eksAllocatable(n, mib), Formula: "EKS, nodeadm (2026)"}
}

// eksAllocatable is what the kubelet leaves of a node with that much memory,
// in MiB.
func eksAllocatable(n Node, mib int64) corev1.ResourceList {
	cpus := n.Type.CPUs * 1000
	out := corev1.ResourceList{
		corev1.ResourceCPU: *resource.NewMilliQuantity(cpus-share(cpus, gkeCPUShare)-max(cpus-4000, 0)*25/10000, resource.DecimalSI),
	}
	pods := int64(n.MaxPods)
	if pods == 0 {
		pods = int64(n.Type.MaxPods)
	}
	if pods > 0 {
		out[corev1.ResourcePods] = *resource.NewQuantity(pods, resource.DecimalSI)
		out[corev1.ResourceMemory] = (millrace.Bytes(mib-11*pods-255-eksEviction) * millrace.MiB).Quantity()
	}
	if !n.LocalNVMe {
		disk := int64(n.Disk)
		out[corev1.ResourceEphemeralStorage] = millrace.Bytes(max(disk-disk/10-1<<30, 0)).Quantity()
	}
	return out
}

// Karpenter estimates what Karpenter expects a node on AWS to leave to pods,
// which is what it buys nodes by.
func Karpenter(n Node) Estimate {
	mib := int64(n.Type.Memory / millrace.MiB)
	if n.Type.Arch == "arm64" {
		mib -= 64
	}
	// 7.5% for the hypervisor, rounded up.
	mib -= (mib*75 + 999) / 1000
	return Estimate{Allocatable: eksAllocatable(n, mib), Formula: "Karpenter 1.14, AWS"}
}
