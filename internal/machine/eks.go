package machine

import (
	"github.com/millrace/millrace"
)

const (
	// eksHypervisor is what the hypervisor keeps of a machine's memory, in
	// thousandths. No formula for it is published; it is what the nodes that
	// people have shown lack beside what the kernel keeps: 1.2% to 1.5%, and more
	// of the smallest. Karpenter reckons with 7.5% for both.
	eksHypervisor = 15
	// eksRoot is what the partitions and the journal of Amazon Linux 2023 take of
	// the boot disk: a node with 20 GiB has 20893676Ki.
	eksRoot = 77844 << 10
	// eksStorage is what the kubelet keeps of the disk, beside the tenth at
	// which it evicts.
	eksStorage = gib
	// eksManyCPUs is from where on a managed node group has its larger bound on
	// the number of pods.
	eksManyCPUs = 30
)

// EKS estimates what a node of an EKS managed node group leaves to pods, with
// Amazon Linux 2023. A managed node group takes 110 pods on machines with fewer
// than 30 CPUs, and 250 on others, even where the network has addresses for
// more; what is kept of the memory is for as many as have addresses.
// Source: awslabs/amazon-eks-ami, nodeadm/internal/kubelet/config.go;
// https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses.html.
func EKS(n Node) Estimate {
	out := estimate{}
	memory := int64(n.Type.Memory)
	memory -= kernel(memory) + memory*eksHypervisor/1000
	n.eksKubelet(out, memory)
	switch bound := n.Type.eksMostPods(); {
	case n.MaxPods > 0:
		out.pods(int64(n.MaxPods))
	case n.Type.MaxPods > 0:
		out.pods(min(int64(n.Type.MaxPods), bound))
	}
	if disks, size, ok := n.localDisks(); ok {
		out.storage(eksDisk(xfs(disks * int64(size))))
	} else if !n.LocalNVMe && n.Disk > 0 {
		out.storage(eksDisk(int64(n.Disk) - eksRoot))
	}
	return out.by("EKS managed node group, nodeadm (2026)")
}

// Karpenter estimates what Karpenter expects a node on AWS to leave to pods:
// what it buys nodes by, whatever the node has in the end. Pods that need more
// than this estimate get no node at all.
// Source: aws/karpenter-provider-aws 1.14.1, pkg/providers/instancetype/types.go,
// with the default of VM_MEMORY_OVERHEAD_PERCENT.
func Karpenter(n Node) Estimate {
	out := estimate{}
	size := int64(n.Type.Memory / millrace.MiB)
	if n.Type.Arch == "arm64" {
		// Memory that Graviton keeps for devices.
		size -= 64
	}
	// 7.5% for the hypervisor and the kernel, rounded up to whole MiB.
	size -= (size*75 + 999) / 1000
	n.eksKubelet(out, size*mib)
	switch {
	case n.MaxPods > 0:
		out.pods(int64(n.MaxPods))
	case n.Type.MaxPods > 0:
		out.pods(int64(n.Type.MaxPods))
	}
	if disks, size, ok := n.localDisks(); ok {
		out.storage(eksDisk(disks * int64(size)))
	} else if !n.LocalNVMe && n.Disk > 0 {
		out.storage(eksDisk(int64(n.Disk)))
	}
	return out.by("Karpenter 1.14 on AWS")
}

// eksKubelet writes what the kubelet leaves of the cores, and of the memory that
// the node has; nothing where there is no machine.
func (n Node) eksKubelet(out estimate, memory int64) {
	if n.Type.CPUs == 0 {
		return
	}
	out.cpu(kubeCPU(n.Type.CPUs * 1000))
	out.memory(memory - (11*n.Type.eksAddresses()+255+eviction)*mib)
}

// eksAddresses is for how many pods the kubelet keeps memory: for as many as
// the machine's network has addresses, bounded or not. Where it isn't known,
// the largest network of machines with as many CPUs counts.
func (t Type) eksAddresses() int64 {
	if t.MaxPods > 0 {
		return int64(t.MaxPods)
	}
	var most int64
	for _, network := range awsNetworks {
		most = max(most, networkOf(network, t.CPUs).maxPods())
	}
	return most
}

// eksMostPods is how many pods a managed node group takes at most.
func (t Type) eksMostPods() int64 {
	if t.CPUs < eksManyCPUs {
		return 110
	}
	return 250
}

// eksDisk is what pods can write to a disk with that capacity.
func eksDisk(capacity int64) int64 { return capacity - (capacity+9)/10 - eksStorage }

// xfs is the capacity of a new file system of that size, without its journal.
// Source: xfsprogs, mkfs/xfs_mkfs.c, calculate_log_size.
func xfs(size int64) int64 { return size - min(max(size/2048, 64*mib), 2*gib) }
