package machine

import "github.com/millrace/millrace"

const (
	// aksPods is how many pods a node takes by default with Azure CNI Overlay,
	// the network that has the most.
	// Source: https://learn.microsoft.com/azure/aks/quotas-skus-regions, maximum pods.
	aksPods = 250
	// aksRoot is what the partitions and the file system take of the operating
	// system's disk, in thousandths: a node with 128 GiB has 129886128Ki, and one
	// with 30 GiB 30428648Ki.
	aksRoot = 33
	// aksOldEviction, in MiB, is where the kubelet began to evict before
	// Kubernetes 1.29.
	aksOldEviction = 750
)

// aksCPUShare is the share of the cores, in thousandths of one, that AKS keeps:
// 60m of one core, 100m of two, 140m of four, 180m of eight and so on.
var aksCPUShare = []bracket{{1000, 60}, {2000, 40}, {4000, 20}, {unbounded, 10}}

// AKS estimates what a node of an AKS node pool with Linux leaves to pods, from
// Kubernetes 1.29 on.
// Source: https://learn.microsoft.com/azure/aks/node-resource-reservations.
func AKS(n Node) Estimate {
	out := estimate{}
	pods := int64(aksPods)
	if n.MaxPods > 0 {
		pods = int64(n.MaxPods)
		out.pods(pods)
	}
	if n.Type.CPUs > 0 {
		cpus, size := n.Type.CPUs*1000, int64(n.Type.Memory/millrace.MiB)
		kept := min(20*pods+50, size/4)
		out.cpu(cpus - share(cpus, aksCPUShare))
		out.memory((size-kept-eviction)*mib - kernel(size*mib))
	}
	if !n.LocalNVMe && n.Disk > 0 {
		capacity := int64(n.Disk) - int64(n.Disk)*aksRoot/1000
		out.storage(capacity - capacity/10)
	}
	return out.by("AKS 1.29 and later")
}

// KarpenterAKS estimates what Karpenter expects a node on AKS to leave to pods:
// what it buys nodes by. It reckons as AKS did before Kubernetes 1.29, so that
// nodes have more in the end; pods that need more than the estimate get no node
// at all.
// Source: Azure/karpenter-provider-azure, pkg/providers/instancetype/instancetype.go
// (2026), with the default of VM_MEMORY_OVERHEAD_PERCENT.
func KarpenterAKS(n Node) Estimate {
	out := estimate{}
	if n.MaxPods > 0 {
		out.pods(int64(n.MaxPods))
	}
	if n.Type.CPUs > 0 {
		cpus, gibs := n.Type.CPUs*1000, int64(n.Type.Memory/millrace.GiB)
		size := gibs * gib
		out.cpu(cpus - share(cpus, aksCPUShare))
		out.memory(size - (size*75+999)/1000 - (share(gibs<<10, kubeMemoryShare)+aksOldEviction)*mib)
	}
	if !n.LocalNVMe && n.Disk > 0 {
		// It takes the GiB for gigabytes, and keeps nothing of them.
		out.storage(int64(n.Disk/millrace.GiB) * 1_000_000_000)
	}
	return out.by("Karpenter on AKS (2026)")
}
