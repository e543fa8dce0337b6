package machine

import (
	"strings"

	"github.com/millrace/millrace"
)

// GKE estimates what a node of a GKE node pool leaves to pods.
func GKE(n Node) Estimate {
	out := estimate{}
	if n.Type.CPUs > 0 {
		out.cpu(n.Type.gkeCPU())
		out.memory(n.Type.gkeMemory())
	}
	if n.MaxPods > 0 {
		out.pods(int64(n.MaxPods))
	}
	if n.LocalDisks > 0 && n.Type.LocalDisk == 0 {
		// Those that the user adds are of one size.
		n.Type.LocalDisk = gkeSSD
	}
	// The machines that come with local SSDs use them, unless told otherwise.
	// Source: https://cloud.google.com/kubernetes-engine/docs/concepts/local-ssd,
	// the default of the third generation and later.
	n.LocalNVMe = n.LocalNVMe || n.Type.LocalDisks > 0
	if disks, size, ok := n.localDisks(); ok {
		out.storage(gkeLocalDisks(disks, int64(size)))
	} else if !n.LocalNVMe && n.Disk > 0 && !strings.Contains(n.Type.Name, "lssd") {
		out.storage(gkeBootDisk(int64(n.Disk), n.Type.Arch))
	}
	return out.by("GKE, plan node sizes (2026)")
}

const (
	// gkeSharedCPU is what GKE keeps of a machine that shares its core.
	gkeSharedCPU = 1060
	// gkeSmallMemory is what it keeps, in MiB, of 1 GiB and less.
	gkeSmallMemory = 255
	// eviction, in MiB, is where the kubelet begins to evict, on every cloud.
	eviction = 100
)

// gkeCPU is what pods can have of the cores.
// Source: as of kubeMemoryShare.
func (t Type) gkeCPU() int64 {
	if t.Shared {
		return t.CPUs*1000 - gkeSharedCPU
	}
	return kubeCPU(t.CPUs * 1000)
}

// gkeMemory is what pods can have of the memory, in bytes.
func (t Type) gkeMemory() int64 {
	size := int64(t.Memory / millrace.MiB)
	kept := share(size, kubeMemoryShare)
	if size <= 1<<10 {
		kept = gkeSmallMemory
	}
	kernel := kernel(size * mib)
	if t.Arch == "arm64" {
		kernel = kernel * 9971 / 10000
	}
	return (size-kept-eviction)*mib - kernel
}

// gkeBootDisk is what pods can write to a boot disk: without the partitions of
// the system, what GKE keeps, and the tenth at which the kubelet evicts.
// Source: as of kubeMemoryShare and kernel (CalculateOSReservedEphemeralStorage).
func gkeBootDisk(disk int64, arch string) int64 {
	system := disk*15635/1000000 + 4148*gib/1000 + min(disk/1000, 100*mib)
	if arch == "arm64" {
		system += 64 * mib
	}
	kept := min(disk/2, disk*35/100+6*gib, 100*gib)
	return disk - system - kept - disk/10
}

// gkeSSD is the size of most local SSDs.
const gkeSSD = 375 * gib

// gkeSSDOverhead is what the file system takes of that many of them, in KiB,
// measured by the authors of the source.
// Source: kubernetes/autoscaler, cloudprovider/gce/gce_reserved.go,
// for Container-Optimized OS.
var gkeSSDOverhead = []struct{ disks, kib int64 }{
	{1, 7289472}, {2, 13725224}, {3, 20031312}, {4, 26332924}, {5, 32634536},
	{6, 38946604}, {7, 45254008}, {8, 51556096}, {16, 52837800}, {24, 78686620},
}

// gkeLocalDisks is what pods can write to local SSDs, which are one file system.
func gkeLocalDisks(disks, size int64) int64 {
	total := disks * size
	// The largest share that was measured, for sizes and numbers that weren't.
	overhead := total * 19 / 1000
	for _, o := range gkeSSDOverhead {
		if size == gkeSSD && disks <= o.disks {
			overhead = o.kib << 10
			break
		}
	}
	kept := int64(100 * gib)
	switch disks {
	case 1:
		kept = 50 * gib
	case 2:
		kept = 75 * gib
	}
	capacity := total - overhead
	return capacity - capacity/10 - kept
}
