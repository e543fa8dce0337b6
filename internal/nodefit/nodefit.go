// Package nodefit is the arithmetic of how pods fit on nodes: the room that a
// node has beside the agents of the cluster, how often a pod goes into it, what
// remains, and how many nodes many pods take.
//
// It counts CPU, memory, ephemeral storage and the number of pods. Spark says
// of a job's executors what it works out, nodepool of any pods, and policy
// checks bundles with it.
package nodefit

import (
	"math"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	helpers "k8s.io/component-helpers/resource"

	"github.com/millrace/millrace"
)

const (
	// agentCPU and agentMemory are what the agents of a cluster take on each
	// node: those of the network, the logs, the metrics and the disks. It is a
	// guess that holds for GKE and EKS as they come.
	agentCPU    = 300 // thousandths of a core
	agentMemory = 600 * millrace.MiB

	// Much is the share of a node that is worth another look when it is unused.
	Much = 0.2
	// nearly is how much of a request must remain for another one to do in its
	// place.
	nearly = 0.85

	// Any is how often pods fit that ask for nothing.
	Any = math.MaxInt32
)

// Agents returns what the agents of the cluster take on each of the nodes.
func Agents(shape millrace.NodeShape) corev1.ResourceList {
	if shape.Agents != nil {
		return shape.Agents
	}
	return corev1.ResourceList{
		corev1.ResourceCPU:    *resource.NewMilliQuantity(agentCPU, resource.DecimalSI),
		corev1.ResourceMemory: agentMemory.Quantity(),
	}
}

// Room is what a node has left, or what a pod takes of it.
type Room struct {
	// CPU is in thousandths of a core, Memory and Disk in bytes.
	CPU, Memory, Disk int64
	// Pods is a number of pods.
	Pods int64
	// AnyDisk and AnyPods say that the node's disk, or how many pods it takes,
	// isn't known, so that they bound nothing.
	AnyDisk, AnyPods bool
}

// Of returns what a node of the pool has beside the agents, and false where its
// CPU or its memory isn't known.
func Of(shape millrace.NodeShape) (Room, bool) {
	cpu, hasCPU := shape.Allocatable[corev1.ResourceCPU]
	memory, hasMemory := shape.Allocatable[corev1.ResourceMemory]
	disk, hasDisk := shape.Allocatable[corev1.ResourceEphemeralStorage]
	pods, hasPods := shape.Allocatable[corev1.ResourcePods]
	r := Room{CPU: cpu.MilliValue(), Memory: memory.Value(), Disk: disk.Value(), Pods: pods.Value(), AnyDisk: !hasDisk, AnyPods: !hasPods}
	agents := Agents(shape)
	r.CPU = max(r.CPU-agents.Cpu().MilliValue(), 0)
	r.Memory = max(r.Memory-agents.Memory().Value(), 0)
	r.Disk = max(r.Disk-agents.StorageEphemeral().Value(), 0)
	r.Pods = max(r.Pods-agents.Pods().Value(), 0)
	return r, hasCPU && hasMemory
}

// Needs returns what a pod with these requests takes of a node.
func Needs(requests corev1.ResourceList) Room {
	return Room{CPU: requests.Cpu().MilliValue(), Memory: requests.Memory().Value(), Disk: requests.StorageEphemeral().Value(), Pods: 1}
}

// Requests returns what a pod of the template requests, with its init
// containers, sidecars and overhead. A limit without a request is one, as the
// API server has it.
func Requests(template *corev1.PodTemplateSpec) corev1.ResourceList {
	spec := template.Spec.DeepCopy()
	for _, containers := range [][]corev1.Container{spec.InitContainers, spec.Containers} {
		for i := range containers {
			r := &containers[i].Resources
			for name, limit := range r.Limits {
				if _, ok := r.Requests[name]; ok {
					continue
				}
				if r.Requests == nil {
					r.Requests = corev1.ResourceList{}
				}
				r.Requests[name] = limit
			}
		}
	}
	return helpers.PodRequests(&corev1.Pod{Spec: *spec}, helpers.PodResourcesOptions{})
}

// bounds are the resources that bound how often pods fit, in the order in which
// they are named.
var bounds = [...]corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage, corev1.ResourcePods}

// Times returns how often the pod fits by each resource that bounds it.
func (r Room) Times(pod Room) map[corev1.ResourceName]int {
	out := make(map[corev1.ResourceName]int, len(bounds))
	often := func(name corev1.ResourceName, have, need int64) {
		if need > 0 {
			out[name] = int(min(max(have, 0)/need, Any))
		}
	}
	often(corev1.ResourceCPU, r.CPU, pod.CPU)
	often(corev1.ResourceMemory, r.Memory, pod.Memory)
	if !r.AnyDisk {
		often(corev1.ResourceEphemeralStorage, r.Disk, pod.Disk)
	}
	if !r.AnyPods {
		often(corev1.ResourcePods, r.Pods, pod.Pods)
	}
	return out
}

// Holds returns how often the pod fits, and which resource says so; Any and
// nothing where none does.
func (r Room) Holds(pod Room) (int, corev1.ResourceName) {
	n, by := Any, corev1.ResourceName("")
	times := r.Times(pod)
	for _, name := range bounds {
		if t, ok := times[name]; ok && t < n {
			n, by = t, name
		}
	}
	return n, by
}

// Without is what remains beside n pods.
func (r Room) Without(pod Room, n int) Room {
	r.CPU -= pod.CPU * int64(n)
	r.Memory -= pod.Memory * int64(n)
	r.Disk -= pod.Disk * int64(n)
	r.Pods -= pod.Pods * int64(n)
	return r
}

// Unused returns the shares, 0 to 1, of CPU and memory that n pods leave.
func (r Room) Unused(pod Room, n int) (cpu, memory float64) {
	rest := func(have, need int64) float64 {
		if have == 0 {
			return 0
		}
		return 1 - float64(need)*float64(n)/float64(have)
	}
	return rest(r.CPU, pod.CPU), rest(r.Memory, pod.Memory)
}

// Filled is a node that is full of one sort of pod.
type Filled struct {
	// PerNode is how many pods it has.
	PerNode int
	// CPUUnused and MemoryUnused are the shares, 0 to 1, that remain unused of
	// what a node has beside the agents.
	CPUUnused, MemoryUnused float64
}

// Fill returns how full of the pod a node can be.
func (r Room) Fill(pod Room) Filled {
	n, _ := r.Holds(pod)
	if n == Any {
		n = 0
	}
	f := Filled{PerNode: n}
	f.CPUUnused, f.MemoryUnused = r.Unused(pod, n)
	return f
}

// Much reports whether much is unused.
func (f Filled) Much() bool { return f.CPUUnused > Much || f.MemoryUnused > Much }

// Better looks for requests near those of the pod that leave less of a node
// unused: slightly smaller ones, of which one more fits, or larger ones that
// use what is left where that doesn't do. resize brings the pod to at most an amount of CPU and
// memory, in round numbers, and says how; it returns false where it can't.
func Better[How any](have, pod Room, resize func(cpu, memory int64) (How, Room, bool)) (how How, filled Filled, found bool) {
	is := have.Fill(pod)
	if is.PerNode == 0 {
		return how, filled, false
	}
	waste := func(f Filled) float64 { return f.CPUUnused + f.MemoryUnused }
	try := func(n int, cpu, memory int64) {
		h, size, ok := resize(cpu, memory)
		if !ok {
			return
		}
		if holds, _ := have.Holds(size); holds < n {
			return
		}
		f := Filled{PerNode: n}
		f.CPUUnused, f.MemoryUnused = have.Unused(size, n)
		if waste(f) < waste(is) && (!found || waste(f) < waste(filled)) {
			how, filled, found = h, f, true
		}
	}
	// fill gives n pods what they would leave unused.
	fill := func(n int, cpu, memory int64) {
		cpuUnused, memoryUnused := have.Unused(Room{CPU: cpu, Memory: memory}, n)
		if cpuUnused > Much && cpu > 0 {
			cpu = have.CPU / int64(n)
		}
		if memoryUnused > Much && memory > 0 {
			memory = have.Memory / int64(n)
		}
		try(n, cpu, memory)
	}
	more := int64(is.PerNode) + 1
	cpu, memory := min(pod.CPU, have.CPU/more), min(pod.Memory, have.Memory/more)
	if float64(cpu) >= nearly*float64(pod.CPU) && float64(memory) >= nearly*float64(pod.Memory) {
		// What bounds the pods is itself left over: one more of them is wanted,
		// not larger ones.
		_, by := have.Holds(pod)
		left := by == corev1.ResourceCPU && is.CPUUnused > Much || by == corev1.ResourceMemory && is.MemoryUnused > Much
		if fill(int(more), cpu, memory); found && left && !filled.Much() {
			return how, filled, true
		}
	}
	fill(is.PerNode, pod.CPU, pod.Memory)
	return how, filled, found
}

// Excess is by how much the pod is too large for the room, as a share of it:
// the worst of its resources, zero where it fits.
func (r Room) Excess(pod Room) float64 {
	if n, _ := r.Holds(pod); n > 0 {
		return 0
	}
	return r.share(pod)
}
