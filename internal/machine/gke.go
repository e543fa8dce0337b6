package machine

import (
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// GKE estimates what a node of a GKE node pool leaves to pods.
func GKE(n Node) Estimate {
	out := corev1.ResourceList{
		corev1.ResourceCPU:    *resource.NewMilliQuantity(n.Type.gkeCPU(), resource.DecimalSI),
		corev1.ResourceMemory: millrace.Bytes(n.Type.gkeMemory()).Quantity(),
	}
	// Where local SSDs hold the pods' files, their number and their file
	// system decide.
	if !n.LocalNVMe && !strings.Contains(n.Type.Name, "lssd") {
		out[corev1.ResourceEphemeralStorage] = millrace.Bytes(gkeBootDisk(n.Disk)).Quantity()
	}
	return Estimate{Allocatable: out, Formula: "GKE, plan node sizes (2026)"}
}

// The shares that GKE keeps of a node for the kubelet, the runtime and the
// system: of the cores in thousandths of one, of the memory in MiB.
// Source: https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes,
// which says that later versions may have another formula.
var (
	gkeCPUShare    = []bracket{{1000, 60}, {2000, 10}, {4000, 5}}
	gkeMemoryShare = []bracket{{4 << 10, 250}, {8 << 10, 200}, {16 << 10, 100}, {128 << 10, 60}, {unbounded, 20}}
)

const (
	// gkeSharedCPU is what GKE keeps of a machine that shares its core.
	gkeSharedCPU = 1060
	// gkeSmallMemory is what it keeps, in MiB, of 1 GiB and less.
	gkeSmallMemory = 255
	// gkeEviction, in MiB, is where the kubelet begins to evict.
	gkeEviction = 100
)

// gkeCPU is what pods can have of the cores: above four, a quarter of a
// percent is kept.
func (t Type) gkeCPU() int64 {
	cpus := t.CPUs * 1000
	if t.Shared {
		return cpus - gkeSharedCPU
	}
	// In ten-thousandths, so that a quarter of a percent is a whole number.
	return cpus - share(cpus, gkeCPUShare) - max(cpus-4000, 0)*25/10000
}

// gkeMemory is what pods can have of the memory, in bytes.
func (t Type) gkeMemory() int64 {
	mib := int64(t.Memory / millrace.MiB)
	kept := share(mib, gkeMemoryShare)
	if mib <= 1<<10 {
		kept = gkeSmallMemory
	}
	return (mib-kept-gkeEviction)<<20 - gkeKernel(mib<<20)
}

// gkeKernel is the memory that the kernel keeps to itself, so that a node has
// less than its machine. Part of it is measured and has no known cause.
// Source: kubernetes/autoscaler, cloudprovider/gce/gce_reserved.go,
// CalculateKernelReserved, for Container-Optimized OS.
func gkeKernel(memory int64) int64 {
	const mib = 1 << 20
	kept := memory/64 + 16*mib + min(memory*175/100000, 248*mib)
	if memory > 3<<30 {
		kept += 64 * mib
	}
	if memory <= 8<<30 {
		kept += 8 * mib
	}
	return kept
}

// gkeBootDisk is what pods can write to a boot disk: without the partitions of
// the system, what GKE keeps, and the tenth at which the kubelet evicts.
// Source: as of gkeMemoryShare and gkeKernel (CalculateOSReservedEphemeralStorage).
func gkeBootDisk(size millrace.Bytes) int64 {
	const gib = 1 << 30
	disk := int64(size)
	system := disk*15635/1000000 + 4148*gib/1000 + min(disk/1000, 100<<20)
	kept := min(disk/2, disk*35/100+6*gib, 100*gib)
	return max(disk-system-kept-disk/10, 0)
}
