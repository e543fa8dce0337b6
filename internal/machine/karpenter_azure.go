package machine

import "github.com/millrace/millrace"

// karpenterAzureEviction, in MiB, is where the kubelet of AKS began to evict.
const karpenterAzureEviction = 750

// KarpenterAzure estimates what Karpenter expects a node on Azure to leave to
// pods: what it buys nodes by, which is less than AKS has left since 1.29.
// Source: Azure/karpenter-provider-azure, pkg/providers/instancetype/instancetype.go
// (2026), with the default of VM_MEMORY_OVERHEAD_PERCENT.
func KarpenterAzure(n Node) Estimate {
	out := estimate{}
	if n.MaxPods > 0 {
		out.pods(int64(n.MaxPods))
	}
	if n.Type.CPUs > 0 {
		cpus, size := n.Type.CPUs*1000, int64(n.Type.Memory/millrace.GiB)
		out.cpu(cpus - share(cpus, aksCPUShare))
		// 7.5% for the hypervisor and the kernel.
		memory := size*gib - (size*gib*75+999)/1000
		out.memory(memory - (share(size<<10, kubeMemoryShare)+karpenterAzureEviction)*mib)
	}
	if !n.LocalNVMe && n.Disk > 0 {
		// It takes the GiB for gigabytes, and keeps nothing of them.
		out.storage(int64(n.Disk/millrace.GiB) * 1_000_000_000)
	}
	return out.by("Karpenter on Azure (2026)")
}
