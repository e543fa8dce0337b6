package nodepool

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

// gkeMachine is the size of a machine type.
type gkeMachine struct {
	cpus int64
	mib  int64
	// shared says that a core is shared with other machines, so that GKE keeps
	// more of it.
	shared bool
}

var (
	// gkeDisks are endings that tell of disks and of bare metal, and not of
	// another size.
	gkeDisks = regexp.MustCompile(`-(high|standard|no)?(lssd|metal)$`)
	// gkeCustom are machine types that say how many CPUs and how many MiB.
	gkeCustom = regexp.MustCompile(`^(?:(?:n1|n2|n2d|n4|n4a|n4d|e2|g2)-)?custom-(\d{1,3})-(\d{3,7})(-ext)?$`)
)

// readGKEMachine returns the size that a machine type's name tells, and false
// where it tells none.
func readGKEMachine(name string) (gkeMachine, bool) {
	if m, ok := gkeIrregular[name]; ok {
		return m, true
	}
	if c := gkeCustom.FindStringSubmatch(name); c != nil {
		cpus, _ := strconv.ParseInt(c[1], 10, 64)
		mib, _ := strconv.ParseInt(c[2], 10, 64)
		return gkeMachine{cpus: cpus, mib: mib}, cpus > 0
	}
	base := name
	for gkeDisks.MatchString(base) {
		base = gkeDisks.ReplaceAllString(base, "")
	}
	at := strings.LastIndexByte(base, '-')
	family, ok := gkeFamilies[base[:max(at, 0)]]
	if !ok || !slices.Contains(strings.Fields(family.sizes), base[at+1:]) {
		return gkeMachine{}, false
	}
	cpus, _ := strconv.ParseInt(base[at+1:], 10, 64)
	mib := cpus * family.gib << 10 / family.cpus
	if !strings.HasPrefix(name, "n1-") {
		mib = mib >> 10 << 10
	}
	return gkeMachine{cpus: cpus, mib: mib}, true
}

// allocatable returns what the pool's nodes have for pods, as far as the name
// of the machine type tells it.
func (g GKE) allocatable(p *Pool) corev1.ResourceList {
	if p.Allocatable != nil {
		return p.Allocatable.DeepCopy()
	}
	m, ok := readGKEMachine(p.Machine)
	if !ok {
		return nil
	}
	out := corev1.ResourceList{
		corev1.ResourceCPU:    *resource.NewMilliQuantity(m.milliCPU(), resource.DecimalSI),
		corev1.ResourceMemory: millrace.Bytes(m.memory()).Quantity(),
	}
	// Where local SSDs hold the pods' files, their number and their file
	// system decide.
	if g.LocalSSDs == 0 && !strings.Contains(p.Machine, "lssd") {
		out[corev1.ResourceEphemeralStorage] = millrace.Bytes(gkeBootDisk(orDefault(p.Disk.Size, defaultDiskSize))).Quantity()
	}
	return out
}

// bracket is a share that holds up to a bound, from the end of the bracket
// before it.
type bracket struct{ upTo, perMille int64 }

// share adds up what the brackets take of n.
func share(n int64, brackets []bracket) int64 {
	var sum, from int64
	for _, b := range brackets {
		if n <= from {
			break
		}
		sum += (min(n, b.upTo) - from) * b.perMille
		from = b.upTo
	}
	return sum / 1000
}

const unbounded = 1 << 52

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

// milliCPU is what pods can have of the cores: above four, a quarter of a
// percent is kept.
func (m gkeMachine) milliCPU() int64 {
	cpus := m.cpus * 1000
	if m.shared {
		return cpus - gkeSharedCPU
	}
	// In ten-thousandths, so that a quarter of a percent is a whole number.
	return cpus - share(cpus, gkeCPUShare) - max(cpus-4000, 0)*25/10000
}

// memory is what pods can have of the memory, in bytes.
func (m gkeMachine) memory() int64 {
	kept := share(m.mib, gkeMemoryShare)
	if m.mib <= 1<<10 {
		kept = gkeSmallMemory
	}
	return (m.mib-kept-gkeEviction)<<20 - gkeKernel(m.mib<<20)
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
