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
