package spark

import (
	"fmt"
	"math"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
)

const (
	// agentCPU and agentMemory are what the agents of a cluster take on each
	// node: those of the network, the logs, the metrics and the disks. It is a
	// guess that holds for GKE and EKS as they come.
	agentCPU    = 300 // thousandths of a core
	agentMemory = 600 * millrace.MiB
	// muchUnused is the share of a node that is worth another look.
	muchUnused = 0.2
	// nearlyAsLarge is how much of a request must remain for another one to do
	// in its place.
	nearlyAsLarge = 0.85
)

// NodeFit is how the executors of a job fit on the nodes of a pool.
type NodeFit struct {
	// Pool is the pool's name.
	Pool string
	// Nodes is the most nodes that the pool may have; zero is unknown.
	Nodes int
	// Refusal is what keeps the executors off the pool. Where it isn't empty,
	// nothing else is said.
	Refusal millrace.Refusal
	// Allocatable is what a node has for pods. Where it lacks CPU or memory,
	// nothing below is said.
	Allocatable corev1.ResourceList
	// ByCPU and ByMemory are how many executors one node has room for beside
	// the cluster's agents; ByDisk as well, and -1 where either side doesn't
	// tell of its ephemeral storage. PerNode is the least of them.
	ByCPU, ByMemory, ByDisk, PerNode int
	// CPUUnused and MemoryUnused are the shares, 0 to 1, that remain unused on
	// a node that is full of executors.
	CPUUnused, MemoryUnused float64
	// NodesMin and NodesMax are how many nodes the fewest and the most
	// executors take, with the driver where it may run there too. Zero where
	// none fits, and NodesMax also where nothing bounds the executors.
	NodesMin, NodesMax int
	// Better is a request that leaves less unused; nil where the request is
	// good, or where none is known.
	Better *BetterFit
}

// BetterFit is another size of the executors, near their own.
type BetterFit struct {
	// Fields are the fields to set, with their values: "CoreRequest 3800m".
	Fields []string
	// PerNode is how many executors then fit on a node.
	PerNode int
	// CPUUnused and MemoryUnused are the shares that then remain unused.
	CPUUnused, MemoryUnused float64
}

// String says what to do and what comes of it.
func (b BetterFit) String() string {
	return fmt.Sprintf("%s: %d on a node, %s of the CPU and %s of the memory unused",
		strings.Join(b.Fields, " and "), b.PerNode, percentage(b.CPUUnused), percentage(b.MemoryUnused))
}

// percentage writes a share as people say it.
func percentage(of float64) string { return fmt.Sprintf("%.0f%%", 100*of) }

// room is what a node has for executors, beside the agents.
type room struct{ cpu, memory, disk int64 } // disk is -1 where it isn't known

// roomOn returns what a node has, and false where that isn't known.
func roomOn(allocatable corev1.ResourceList) (room, bool) {
	cpu, hasCPU := allocatable[corev1.ResourceCPU]
	memory, hasMemory := allocatable[corev1.ResourceMemory]
	r := room{max(cpu.MilliValue()-agentCPU, 0), max(memory.Value()-int64(agentMemory), 0), -1}
	if disk, ok := allocatable[corev1.ResourceEphemeralStorage]; ok {
		r.disk = disk.Value()
	}
	return r, hasCPU && hasMemory
}

// needs is what one pod takes of a node.
func needs(requests corev1.ResourceList) room {
	return room{requests.Cpu().MilliValue(), requests.Memory().Value(), requests.StorageEphemeral().Value()}
}

// times returns how often pods fit, by each resource. What asks for nothing
// fits as often as one likes.
func (r room) times(pod room) (cpu, memory, disk int) {
	often := func(have, need int64) int {
		if need <= 0 {
			return math.MaxInt32
		}
		return int(min(have/need, math.MaxInt32))
	}
	disk = -1
	if r.disk >= 0 && pod.disk > 0 {
		disk = often(r.disk, pod.disk)
	}
	return often(r.cpu, pod.cpu), often(r.memory, pod.memory), disk
}

// holds returns how many pods fit.
func (r room) holds(pod room) int {
	cpu, memory, disk := r.times(pod)
	if disk < 0 {
		disk = math.MaxInt32
	}
	return min(cpu, memory, disk)
}

// unused returns the shares that n pods leave.
func (r room) unused(pod room, n int) (cpu, memory float64) {
	rest := func(have, need int64) float64 {
		if have == 0 {
			return 0
		}
		return 1 - float64(need*int64(n))/float64(have)
	}
	return rest(r.cpu, pod.cpu), rest(r.memory, pod.memory)
}

// without is what remains beside n pods.
func (r room) without(pod room, n int) room {
	r.cpu -= pod.cpu * int64(n)
	r.memory -= pod.memory * int64(n)
	if r.disk >= 0 {
		r.disk -= pod.disk * int64(n)
	}
	return r
}

// sized is a job whose pods are known.
type sized struct {
	application
	PodResources
	driver, executor millrace.Placement
}

// fit returns how the job's executors fit on the nodes of a pool.
func (s sized) fit(shape millrace.NodeShape) NodeFit {
	shape = shape.Clone()
	f := NodeFit{Pool: shape.Pool, Nodes: shape.Max, Refusal: shape.Refuses(s.executor), ByDisk: -1}
	have, known := roomOn(shape.Allocatable)
	if !f.Refusal.Empty() {
		return f
	}
	f.Allocatable = shape.Allocatable
	if !known {
		return f
	}
	pod := needs(s.Executor.Requests)
	f.ByCPU, f.ByMemory, f.ByDisk = have.times(pod)
	if f.PerNode = have.holds(pod); f.PerNode == 0 {
		return f
	}
	f.CPUUnused, f.MemoryUnused = have.unused(pod, f.PerNode)
	shares := shape.Refuses(s.driver).Empty()
	f.NodesMin = s.nodes(have, s.MinExecutors, shares)
	if s.MaxExecutors > 0 {
		f.NodesMax = s.nodes(have, s.MaxExecutors, shares)
	}
	if f.CPUUnused > muchUnused || f.MemoryUnused > muchUnused {
		f.Better = s.better(have, f)
	}
	return f
}

// nodes returns how many nodes n executors take, and the driver where it
// shares the pool and doesn't fit beside them.
func (s sized) nodes(have room, n int, driver bool) int {
	pod := needs(s.Executor.Requests)
	perNode := have.holds(pod)
	nodes := (n + perNode - 1) / perNode
	if !driver {
		return nodes
	}
	last := n - (nodes-1)*perNode // on the node that is filled last
	if nodes > 0 && (have.without(pod, last).holds(needs(s.Driver.Requests)) > 0 ||
		nodes > 1 && have.without(pod, perNode).holds(needs(s.Driver.Requests)) > 0) {
		return nodes
	}
	return nodes + 1
}

// better looks for requests that leave less of a node unused: slightly smaller
// ones, of which one more fits, or larger ones that use what is left.
func (s sized) better(have room, f NodeFit) *BetterFit {
	pod := needs(s.Executor.Requests)
	var best *BetterFit
	try := func(n int, cpu, memory int64) {
		fields, size := s.resize(pod, cpu, memory)
		if len(fields) == 0 || have.holds(size) < n {
			return
		}
		b := &BetterFit{Fields: fields, PerNode: n}
		if b.CPUUnused, b.MemoryUnused = have.unused(size, n); best == nil || b.CPUUnused+b.MemoryUnused < best.CPUUnused+best.MemoryUnused {
			best = b
		}
	}
	// fill gives n executors what they would leave unused.
	fill := func(n int, cpu, memory int64) {
		cpuUnused, memoryUnused := have.unused(room{cpu: cpu, memory: memory}, n)
		if cpuUnused > muchUnused {
			cpu = have.cpu / int64(n)
		}
		if memoryUnused > muchUnused {
			memory = have.memory / int64(n)
		}
		try(n, cpu, memory)
	}
	more := int64(f.PerNode) + 1
	cpu, memory := min(pod.cpu, have.cpu/more), min(pod.memory, have.memory/more)
	if float64(cpu) >= nearlyAsLarge*float64(pod.cpu) && float64(memory) >= nearlyAsLarge*float64(pod.memory) {
		fill(int(more), cpu, memory)
	}
	fill(f.PerNode, pod.cpu, pod.memory)
	if best != nil && best.CPUUnused+best.MemoryUnused >= f.CPUUnused+f.MemoryUnused {
		return nil
	}
	return best
}

// resize returns the fields that bring the executors' pod to at most a size,
// in round numbers, and the size that comes of it.
func (s sized) resize(pod room, cpu, memory int64) (fields []string, size room) {
	size = pod
	cores := s.Executor.CPU.MilliValue()
	switch to := cores + cpu - pod.cpu; {
	case to < cores:
		to = to / 100 * 100
		fields = append(fields, fmt.Sprintf("CoreRequest %s", resource.NewMilliQuantity(to, resource.DecimalSI)))
		size.cpu += to - cores
	case to/1000*1000 > cores:
		to = to / 1000 * 1000
		fields = append(fields, fmt.Sprintf("Cores %d", to/1000))
		if s.Executor.CPUField != s.path("executor.cores") {
			fields[0] += fmt.Sprintf(" with CoreRequest %d", to/1000)
		}
		size.cpu += to - cores
	}
	if memory == pod.memory {
		return fields, size
	}
	heap, total := s.heap(s.Executor.Memory + millrace.Bytes(memory-pod.memory))
	if heap > 0 && heap != s.Executor.Heap.Size {
		fields = append(fields, "Memory "+heap.JVM())
		size.memory += int64(total - s.Executor.Memory)
	}
	return fields, size
}

// heap returns the largest heap, in whole GiB or, below four, in quarters of
// one, with which an executor has at most that memory, and what it then has.
func (s sized) heap(most millrace.Bytes) (heap, total millrace.Bytes) {
	spec := *s.SparkApplicationSpec
	for heap = most; heap >= leastHeap; heap -= millrace.GiB / 4 {
		if step := millrace.GiB; heap >= 4*millrace.GiB {
			heap = heap / step * step
		} else {
			heap = heap / (step / 4) * (step / 4)
		}
		spec.Executor.Memory = new(heap.JVM())
		if m, err := (application{&spec, s.at}).memory(executorRole); err == nil && m.total() <= most {
			return heap, m.total()
		}
	}
	return 0, 0
}
