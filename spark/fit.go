package spark

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/millrace/millrace"
	"github.com/millrace/millrace/internal/nodefit"
)

// NodeFit is how the executors of a job fit on the nodes of a pool.
type NodeFit struct {
	// Pool is the pool's name.
	Pool string
	// Nodes is the most nodes that the pool may have, and NodesPerZone the most
	// in each zone; zero is unknown, or no such bound.
	Nodes, NodesPerZone int
	// Refusal is what keeps the executors off the pool. Where it isn't empty,
	// nothing else is said.
	Refusal millrace.Refusal
	// Allocatable is what a node has for pods. Where CPU or memory isn't in it,
	// nothing below is said.
	Allocatable corev1.ResourceList
	// Formula names what Allocatable is estimated by; empty where somebody has
	// said it.
	Formula string
	// Agents is what the cluster's agents take of it on each node.
	Agents corev1.ResourceList
	// ByCPU and ByMemory are how many executors one node has room for beside
	// the cluster's agents; ByDisk and ByPods as well, and -1 where either side
	// doesn't tell of its ephemeral storage, or of how many pods there may be.
	// PerNode is the least of them.
	ByCPU, ByMemory, ByDisk, ByPods, PerNode int
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

// muchUnused reports whether a full node leaves much to nobody.
func (f NodeFit) muchUnused() bool {
	return nodefit.Filled{CPUUnused: f.CPUUnused, MemoryUnused: f.MemoryUnused}.Much()
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
		strings.Join(b.Fields, " and "), b.PerNode, nodefit.Percent(b.CPUUnused), nodefit.Percent(b.MemoryUnused))
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
	f := NodeFit{Pool: shape.Pool, Nodes: shape.Max, Refusal: shape.Refuses(s.executor), ByDisk: -1, ByPods: -1}
	have, known := nodefit.Of(shape)
	if !f.Refusal.Empty() {
		return f
	}
	f.Allocatable, f.Formula = shape.Allocatable, shape.Formula
	f.Agents, f.NodesPerZone = nodefit.Agents(shape), shape.MaxPerZone
	if !known {
		return f
	}
	pod := nodefit.Needs(s.Executor.Requests)
	times := have.Times(pod)
	f.ByCPU, f.ByMemory = times[corev1.ResourceCPU], times[corev1.ResourceMemory]
	for name, by := range map[corev1.ResourceName]*int{corev1.ResourceEphemeralStorage: &f.ByDisk, corev1.ResourcePods: &f.ByPods} {
		if n, ok := times[name]; ok {
			*by = n
		}
	}
	filled := have.Fill(pod)
	if f.PerNode = filled.PerNode; f.PerNode == 0 {
		return f
	}
	f.CPUUnused, f.MemoryUnused = filled.CPUUnused, filled.MemoryUnused
	f.NodesMin = s.nodes(shape, have, s.MinExecutors)
	if s.MaxExecutors > 0 {
		f.NodesMax = s.nodes(shape, have, s.MaxExecutors)
	}
	if filled.Much() {
		f.Better = s.better(have, pod)
	}
	return f
}

// nodes returns how many nodes n executors take, and the driver where it
// shares the pool and doesn't fit beside them.
func (s sized) nodes(shape millrace.NodeShape, have nodefit.Room, n int) int {
	all := []nodefit.Batch{{Pod: nodefit.Needs(s.Executor.Requests), Count: n}}
	if shape.Refuses(s.driver).Empty() {
		all = append(all, nodefit.Batch{Pod: nodefit.Needs(s.Driver.Requests), Count: 1})
	}
	nodes, _ := nodefit.Nodes(have, all...)
	return nodes
}

// better looks for requests that leave less of a node unused.
func (s sized) better(have, pod nodefit.Room) *BetterFit {
	fields, filled, ok := nodefit.Better(have, pod, func(cpu, memory int64) ([]string, nodefit.Room, bool) {
		return s.resize(pod, cpu, memory)
	})
	if !ok {
		return nil
	}
	return &BetterFit{Fields: fields, PerNode: filled.PerNode, CPUUnused: filled.CPUUnused, MemoryUnused: filled.MemoryUnused}
}

// resize returns the fields that bring the executors' pod to at most a size,
// in round numbers, and the size that comes of it.
func (s sized) resize(pod nodefit.Room, cpu, memory int64) (fields []string, size nodefit.Room, changed bool) {
	size = pod
	cores := s.Executor.CPU.MilliValue()
	switch to := cores + cpu - pod.CPU; {
	case to < cores:
		to = to / 100 * 100
		fields = append(fields, fmt.Sprintf("CoreRequest %s", resource.NewMilliQuantity(to, resource.DecimalSI)))
		size.CPU += to - cores
	case to/1000*1000 > cores:
		to = to / 1000 * 1000
		fields = append(fields, fmt.Sprintf("Cores %d", to/1000))
		if s.Executor.CPUField != s.path("executor.cores") {
			fields[0] += fmt.Sprintf(" with CoreRequest %d", to/1000)
		}
		size.CPU += to - cores
	}
	if memory == pod.Memory {
		return fields, size, len(fields) > 0
	}
	heap, total := s.heap(s.Executor.Memory + millrace.Bytes(memory-pod.Memory))
	if heap > 0 && heap != s.Executor.Heap.Size {
		fields = append(fields, "Memory "+heap.JVM())
		size.Memory += int64(total - s.Executor.Memory)
	}
	return fields, size, len(fields) > 0
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
